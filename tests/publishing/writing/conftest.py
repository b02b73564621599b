"""A book to write faults in: the texts of the real one, with cells added at the end of a chapter."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from publishing import writing

ROOT = Path(__file__).resolve().parents[3]

Write = Callable[..., list[str]]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A copy of everything that is written, in which every text may be spoiled."""
    shutil.copytree(ROOT / "book", tmp_path / "book", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    (tmp_path / "data").mkdir()
    for name in ("_config.yml", "_toc.yml", "data/datapackage.json", "data/kommuner.csv"):
        shutil.copy2(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def written(book: Path) -> Write:
    """Add a cell to a chapter; return what is said of it."""

    def write(source: str, file: str = "book/sentralbord/index.ipynb", code: bool = False) -> list[str]:
        notebook = nbformat.read(book / file, as_version=4)
        cell = nbformat.v4.new_code_cell(source) if code else nbformat.v4.new_markdown_cell(source)
        notebook.cells.append(cell)
        nbformat.write(notebook, book / file)
        where = f"{file}, celle {len(notebook.cells)}: "
        found = writing.problems(book)
        assert all(problem.startswith(where) for problem in found), found
        return [problem.removeprefix(where) for problem in found]

    return write
