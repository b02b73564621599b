"""Adds rows to the tables of ``data/``: those named, and those that the checks say a table lacks.

What is not known about a new row is never invented. A number is an empty cell with the status «mangler», a choice is the
one that says that nobody has chosen, and a text says that nothing is delivered.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from publishing import crosschecks, validation
from publishing.errors import BuildError

#: The choices that say that nothing is known or decided, the most telling first.
UNDECIDED = ("mangler", "ikke avklart", "utkast")

#: What a text says of which nothing else is known.
NOT_DELIVERED = "Ikke levert."

#: Texts for columns of new rows: table → column → text.
Texts = Mapping[str, Mapping[str, str]]


def add(root: Path, table: str, cells: Mapping[str, str], texts: Texts | None = None) -> None:
    """Add a row with these cells to the end of a table; the others are filled as this module's text says.

    Raises:
        BuildError: if a column must have something that nobody has said.
    """
    resource = validation.description(root)[table]
    path = root / "data" / resource["path"]
    row = {
        field["name"]: _cell(table, field, cells, (texts or {}).get(table, {}))
        for field in resource["schema"]["fields"]
    }
    content = path.read_bytes()
    ending = "\r\n" if b"\r\n" in content else "\n"
    line = io.StringIO(newline="")
    csv.DictWriter(line, list(row), lineterminator=ending).writerow(row)
    between = b"" if content.endswith(b"\n") else ending.encode()
    path.write_bytes(content + between + line.getvalue().encode("utf-8"))


def complete(root: Path, texts: Texts) -> int:
    """Add every row that the checks say a table lacks; returns how many.

    The rules are those of :mod:`publishing.crosschecks` and no list of tables is kept here: a new rule there is
    followed here too.
    """
    added: list[tuple[str, dict[str, str]]] = []
    while absent := _absent(root):  # a row may call for others
        if absent[0] in added:
            raise ValueError(f"a row was added and is still demanded: {absent[0]}")
        for table, cells in absent:
            add(root, table, cells, texts)
        added += absent
    return len(added)


def _absent(root: Path) -> list[tuple[str, dict[str, str]]]:
    sheets = validation.readable(root)
    tables = {sheet.file: name for name, sheet in sheets.items()}
    found = [problem for check in crosschecks.CHECKS for problem in check(sheets) if problem.absent]
    return [(tables[problem.file], dict(problem.absent)) for problem in found]


def _cell(table: str, field: dict[str, Any], cells: Mapping[str, str], texts: Mapping[str, str]) -> str:
    name, limits = field["name"], field.get("constraints", {})
    if name in cells:
        return cells[name]
    if name in texts:
        return texts[name]
    if choice := next((one for one in UNDECIDED if one in limits.get("enum", ())), None):
        return choice
    if not limits.get("required"):
        return ""
    if field["type"] == "string" and "enum" not in limits and "pattern" not in limits:
        return NOT_DELIVERED
    raise BuildError(f"Tabellen {table} må ha noe i kolonnen {name}, og det kan ikke fylles ut av seg selv.")
