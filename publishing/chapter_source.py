"""From an executed notebook to the source that Sphinx reads: outputs become directives, code is left out.

Councillors do not read code. What a cell shows is one of the results of
``analysis.results``; its structured form is handed to the directive of the same kind
(:mod:`publishing.directives`) as JSON, so that tables and figures become ordinary
document nodes and look right in every output format.
"""

from __future__ import annotations

import json
from collections import ChainMap
from typing import Any

import nbformat
from nbformat import NotebookNode

from analysis import keyfigures
from analysis.formatting import typeset
from analysis.model import Value
from analysis.results import (
    EXPLORER_MIME,
    FIGURE_MIME,
    KEY_NUMBERS_MIME,
    LISTING_MIME,
    NOTE_MIME,
    TABLE_MIME,
    TRACE_MIME,
    VALUES_MIME,
)
from publishing.errors import BuildError

#: The directive that stands for each media type.
DIRECTIVES = {
    TABLE_MIME: "rapport-tabell",
    FIGURE_MIME: "rapport-figur",
    KEY_NUMBERS_MIME: "rapport-hovedtall",
    LISTING_MIME: "rapport-liste",
    EXPLORER_MIME: "rapport-utforsker",
    NOTE_MIME: "rapport-merknad",
    TRACE_MIME: "rapport-sporbarhet",
}

_FENCE = "`" * 12


def prepare(text: str, docname: str, as_notebook: bool = True) -> tuple[str, ChainMap[str, Value]]:
    """The notebook as Sphinx shall read it, and the values its sentences may use, by the names they may write.

    The notebook tells the area; the values are computed by this process. In each copy they would be half a megabyte.
    With ``as_notebook`` false it comes as Markdown, for a chapter whose place is held by a ``.md`` file.

    Raises:
        BuildError: if a cell shows something that is not one of our results, since it would
            be neither numbered, nor sourced, nor readable for everyone.
    """
    notebook = nbformat.reads(text, as_version=4)
    values: ChainMap[str, Value] = ChainMap()
    cells: list[NotebookNode] = []
    problems: list[str] = []
    for position, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            cell.source = typeset(cell.source)
            cells.append(cell)
            continue
        for output in cell.outputs:
            data = output.get("data", {})
            if VALUES_MIME in data:
                values = values.new_child(keyfigures.for_area(data[VALUES_MIME]["omrade"]))  # type: ignore[arg-type]
                continue
            kind = next((mime for mime in DIRECTIVES if mime in data), None)
            if kind is None:
                problems.append(
                    f"{docname}.ipynb, celle {position}: Cellen viser noe som ikke er en tabell, en figur, "
                    "hovedtall eller en liste fra «analysis». Bruk en funksjon derfra, eller avslutt linjen med «;»."
                )
                continue
            cells.append(_directive_cell(DIRECTIVES[kind], data[kind], f"{cell.get('id', position)}-vis"))
    if problems:
        raise BuildError(*problems)
    notebook.cells = cells
    return nbformat.writes(notebook) if as_notebook else "\n\n".join(cell.source for cell in cells), values


def _directive_cell(directive: str, content: Any, cell_id: str) -> NotebookNode:
    body = json.dumps(content, ensure_ascii=False, sort_keys=True)
    cell = nbformat.v4.new_markdown_cell(f"{_FENCE}{{{directive}}}\n{body}\n{_FENCE}")
    cell["id"] = cell_id
    return cell
