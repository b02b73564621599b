"""HTML, pictures and code as a writer put them in: nothing may run or be fetched where a report is read, and code must be Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from publishing.writing import prose

#: Elements that run something, fetch something or change the page around them.
_RUNS = re.compile(r"<(script|iframe|object|embed|applet|form|base|meta|link|style)\b", re.IGNORECASE)
_HANDLER = re.compile(r"<[^>]*\s(on\w+)\s*=", re.IGNORECASE)
_FETCHED = re.compile(
    r"<(?:img|source|video|audio|input)\b[^>]*?\ssrc(?:set)?\s*=\s*[\"']?((?:https?:)?//[^\s\"'>]+)", re.IGNORECASE
)


def problems(text: prose.Text) -> Iterator[prose.Fault]:
    """HTML that runs, pictures from other hosts, and code that Python cannot read."""
    for html in text.html:
        if found := _RUNS.search(html.text) or _HANDLER.search(html.text):
            shown = f"<{found[1]}>" if found.re is _RUNS else found[1]
            told = f"HTML-en har «{shown}», som kjører eller henter noe der rapporten leses. Det er ikke tillatt. Fjern det."
            yield prose.Fault(html.position, f"{html.place}: {told}")
        if found := _FETCHED.search(html.text):
            told = (
                f"Bildet hentes fra et annet nettsted («{found[1][:80]}»). Last det ned, legg det i mappen til kapitlet, "
                "og vis til filen der."
            )
            yield prose.Fault(html.position, f"{html.place}: {told}")
    for number, source in text.code:
        if fault := _no_python(source):
            yield prose.Fault((number, 0), f"{text.file}, celle {number}: {fault}")


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
