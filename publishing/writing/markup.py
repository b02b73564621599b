"""Chapters are Markdown, our own roles and directives, and Python: HTML as it stands, other languages and what lies elsewhere stay out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from publishing.writing import prose

#: Of headings :mod:`publishing.writing.headings` tells; a comment is shown nowhere.
_LEFT_ALONE = re.compile(r"</?h[1-6]\b|<!--", re.IGNORECASE)

_ELSEWHERE = re.compile(r"([a-z]+:)?//", re.IGNORECASE)


def problems(text: prose.Text) -> Iterator[prose.Fault]:
    """The HTML and the directives of a file that are no Markdown, pictures from other hosts, and code that is not Python."""
    for found in text.html:
        if told := _unfit(found):
            yield prose.Fault(found.position, f"{found.place}: {told}")
    for number, source in text.code:
        if told := _no_python(source):
            yield prose.Fault((number, 0), f"{text.file}, celle {number}: {told}")


def _unfit(found: prose.Html) -> str:
    """Why it cannot stand in a chapter, or nothing."""
    if found.directive:
        return f"«{{{found.directive}}}» kan ikke brukes her. Skriv innholdet som Markdown."
    if _ELSEWHERE.match(found.picture):
        return (
            f"Bildet hentes fra et annet nettsted («{found.picture[:80]}»). Last det ned, legg det i mappen til kapitlet, "
            "og vis til filen der."
        )
    if found.picture or _LEFT_ALONE.match(found.text.lstrip()):
        return ""
    shown = found.text.strip().split("\n")[0][:40]
    return f"«{shown}» er HTML, som ikke kan brukes i kapitlene. Skriv det som Markdown, eller sett «\\» foran «<»."


def _no_python(source: str) -> str:
    """Why Python cannot read a cell, or nothing."""
    if source.lstrip().startswith("%%"):
        return ""
    try:
        ast.parse(prose.without_magics(source))
    except SyntaxError as error:
        where = f" i linje {error.lineno}" if error.lineno else ""
        return f"Koden{where} er ikke gyldig Python. Rett den, eller hent fram en tidligere utgave av cellen."
    except prose.NOT_PYTHON:
        return "Koden er ikke gyldig Python. Rett den, eller hent fram en tidligere utgave av cellen."
    return ""
