"""Draws charts before Sphinx comes to them, in a process beside it: from the last chapter on, until the two meet.

Drawing is half of the time that reading the whole book takes, and holds Python's lock: a thread would gain nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from analysis.results import FIGURE_MIME
from publishing import charts, execution


def draw(root: Path, docnames: Sequence[str]) -> None:
    """Draw what the executed copies of these chapters show, and what is not drawn already, the last first."""
    for docname in reversed(docnames):
        path = execution.executed_path(docname, root)
        if path.is_file():
            for figure in reversed([*_figures(json.loads(path.read_text("utf-8")))]):
                charts.draw(figure["chart"], figure["name"], root)


def _figures(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            if FIGURE_MIME in output.get("data", {}):
                yield output["data"][FIGURE_MIME]
