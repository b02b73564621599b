"""Headings come from Markdown cells alone: a heading that code or HTML makes has no place in the outline of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publishing.writing import prose

_HTML = re.compile(r"<h[1-6]\b", re.IGNORECASE)
_MARKDOWN = re.compile(r"^\s{0,3}#{1,6}\s+\S", re.MULTILINE)


def problems(text: prose.Text) -> Iterator[prose.Fault]:
    """The headings of a file that code or HTML makes."""
    for number, source in text.code:
        if any(_HTML.search(string) or _MARKDOWN.search(string) for string in prose.strings(source)):
            yield prose.Fault(
                (number, 0),
                f"{text.file}, celle {number}: Koden lager en overskrift. Skriv overskriften i en Markdown-celle "
                "over kodecellen, for eksempel «## Bemanning», og fjern den fra koden.",
            )
    for html in text.html:
        if tag := _HTML.search(html.text):
            yield prose.Fault(
                html.position,
                f"{html.place}: Overskriften er skrevet som HTML («{tag[0]}>»). "
                "Skriv den med #-tegn i stedet, for eksempel «## Bemanning».",
            )
