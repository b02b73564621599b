"""The cells of a notebook as its file has them, and what keeps the file from being a notebook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

KINDS = ("markdown", "code", "raw")

_EARLIER = "Hent fram en tidligere utgave av filen."


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its kind (markdown, code, raw), what is written in it, and its tags."""

    kind: str
    source: str
    tags: tuple[str, ...] = ()


def read(content: str) -> tuple[list[Cell], list[tuple[int, str]]]:
    """The cells of a notebook with this content, and its faults: the number of the cell (0 for the file), and what is wrong.

    A notebook that has faults has no cells here, unless all that is wrong is an output that was left in it.
    """
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError):
        return [], [(0, f"Filen kan ikke leses som en notatbok. {_EARLIER}")]
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        return [], [(0, f"Filen er ingen notatbok: den har ingen celler. {_EARLIER}")]
    if notebook.get("nbformat") != 4 or type(notebook.get("nbformat_minor")) is not int:
        version = notebook.get("nbformat")
        shown = (
            f"i utgave {version} av notatbokformatet" if isinstance(version, int) else "uten utgave av notatbokformatet"
        )
        return [], [(0, f"Notatboken er lagret {shown}. Åpne den med «make edit», og lagre den på nytt.")]
    if not isinstance(notebook.get("metadata"), dict):
        return [], [(0, f"Notatboken mangler «metadata». {_EARLIER}")]
    cells = notebook["cells"]
    faults = [(number, fault) for number, cell in enumerate(cells, start=1) for fault in _unfit(cell)]
    if faults:
        return [], faults
    left = [
        (number, _OUTPUT)
        for number, cell in enumerate(cells, start=1)
        if cell["cell_type"] == "code" and (cell["outputs"] or cell["execution_count"] is not None)
    ]
    return [_cell(cell) for cell in cells], left


_OUTPUT = (
    "Cellen har med seg resultatet fra en kjøring. Resultater skal ikke ligge i filen. Åpne notatboken med «make edit», "
    "endre noe i den, og lagre; da blir de borte."
)


def _cell(cell: dict[str, Any]) -> Cell:
    return Cell(cell["cell_type"], "".join(cell["source"]), tuple(cell["metadata"].get("tags", ())))


def _unfit(cell: Any) -> Iterator[str]:
    """What is wrong with the form of one cell."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in KINDS:
        yield f"Cellen har ingen type. Den må være en av disse: {', '.join(KINDS)}. {_EARLIER}"
        return
    source = cell.get("source")
    if not isinstance(source, str) and not (isinstance(source, list) and all(isinstance(line, str) for line in source)):
        yield f"Cellen mangler teksten sin («source»). {_EARLIER}"
    metadata = cell.get("metadata")
    tags = metadata.get("tags", []) if isinstance(metadata, dict) else None
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        yield f"Cellen mangler «metadata», eller merkelappene i dem er ingen liste. {_EARLIER}"
    if cell["cell_type"] == "code" and (not isinstance(cell.get("outputs"), list) or "execution_count" not in cell):
        yield f"Kodecellen mangler «outputs» eller «execution_count». {_EARLIER}"
