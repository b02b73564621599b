"""A faulty delivery stops the build with one clear message in bokmål, and leaves what is published alone.

These tests run the real command on a copy of the project: one fault for each step of a build. What the first step tells,
fault by fault, stands in the tables of ``faults/``.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

Spoil = Callable[[Path], None]


def replace(path: str, old: str, new: str) -> Spoil:
    def spoil(root: Path) -> None:
        text = (root / path).read_text("utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new, 1), "utf-8")

    return spoil


def both(one: Spoil, other: Spoil) -> Spoil:
    def spoil(root: Path) -> None:
        one(root)
        other(root)

    return spoil


def write(path: str, content: bytes) -> Spoil:
    return lambda root: (root / path).write_bytes(content) and None


def add_cell(path: str, cell: nbformat.NotebookNode) -> Spoil:
    def spoil(root: Path) -> None:
        notebook = nbformat.read(root / path, as_version=4)
        notebook.cells.append(cell)
        nbformat.write(notebook, root / path)

    return spoil


def picture_without_text(root: Path) -> None:
    (root / "book" / "bilde.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "utf-8")
    add_cell("book/felles/framdrift.ipynb", nbformat.v4.new_markdown_cell("![](../bilde.svg)"))(root)


STAFFING = "data/raw/sak/bemanning.csv"

FAULTS: dict[str, tuple[Spoil, list[str]]] = {
    "empty file": (write(STAFFING, b""), [STAFFING, "tom"]),
    "a notebook that raises": (
        add_cell("book/felles/framdrift.ipynb", nbformat.v4.new_code_cell("1 / 0")),
        ["book/felles/framdrift.ipynb", "1 / 0", "ZeroDivisionError"],
    ),
    "faults in both data and prose": (
        both(
            replace(STAFFING, ",0.8,", ",-0.8,"),
            add_cell("book/felles/framdrift.ipynb", nbformat.v4.new_markdown_cell("De har 28,1 årsverk.")),
        ),
        [STAFFING, "-0.8", "28,1 årsverk", "vises når dataene er i orden"],
    ),
    "output that is no result of ours": (
        add_cell("book/felles/framdrift.ipynb", nbformat.v4.new_code_cell("'bare tekst'")),
        ["book/felles/framdrift.ipynb", "celle"],
    ),
    "a missing text alternative, and answers that do not fit the mandate": (
        both(
            picture_without_text,
            replace("book/sentralbord/utproving.ipynb", "{svar}`vedtakspunkt.3` ", "{svar}`vedtakspunkt.33` "),
        ),
        [
            "framdrift", "tekstalternativ", "utproving", "Mandatet har ikke noe punkt «vedtakspunkt.33»",
            "Ingen kapitler svarer på punktet «vedtakspunkt.3»",
        ],
    ),
}  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_build_stops_and_nothing_published_changes(fault: str, project_copy: Path) -> None:
    spoil, expected = FAULTS[fault]
    spoil(project_copy)
    before = contents(project_copy / "reports")
    run = subprocess.run(
        [sys.executable, "-m", "publishing", "build"],
        cwd=project_copy, env=None, capture_output=True, text=True, encoding="utf-8", timeout=600,
    )  # fmt: skip
    assert run.returncode == 1, run.stdout + run.stderr
    assert "Byggingen stoppet" in run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    for word in expected:
        assert word in run.stderr, run.stderr
    assert contents(project_copy / "reports") == before
