"""Chapters are Markdown and our own roles and directives: HTML as it stands, other languages and files from elsewhere stay out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publishing.writing import prose

#: Of headings :mod:`publishing.writing.headings` tells; a comment is shown nowhere.
_LEFT_ALONE = re.compile(r"</?h[1-6]\b|<!--", re.IGNORECASE)


def problems(text: prose.Text) -> Iterator[prose.Fault]:
    """The HTML and the directives of a file that are no Markdown."""
    for found in text.html:
        if found.directive:
            told = f"«{{{found.directive}}}» kan ikke brukes her. Skriv innholdet som Markdown."
            yield prose.Fault(found.position, f"{found.place}: {told}")
        elif not _LEFT_ALONE.match(found.text.lstrip()):
            shown = found.text.strip().split("\n")[0][:40]
            told = f"«{shown}» er HTML, som ikke kan brukes i kapitlene. Skriv det som Markdown, eller sett «\\» foran «<»."
            yield prose.Fault(found.position, f"{found.place}: {told}")
