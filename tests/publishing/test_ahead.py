"""Charts that are drawn before Sphinx comes to them are the ones that it would have drawn itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from publishing import charts, execution
from tests.conftest import ROOT

CHAPTERS = ["book/sentralbord/gevinster", "book/sentralbord/kostnadsfordeling"]


@pytest.fixture
def executed(tmp_path: Path, reports_dir: Path) -> Path:
    """A folder with the executed copies of two chapters, and nothing drawn."""
    for docname in CHAPTERS:
        copy = execution.executed_path(docname, tmp_path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(execution.executed_path(docname, ROOT), copy)
    return tmp_path


def drawing(root: Path, *docnames: str) -> subprocess.Popen[str]:
    """A process of its own that draws: the drawing library has threads, which no test may leave behind."""
    program = (
        f"import pathlib; from publishing import ahead; ahead.draw(pathlib.Path({str(root)!r}), {list(docnames)!r})"
    )
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)


def files(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / charts.FIGURES).iterdir()}


def test_they_are_the_bytes_that_reading_draws_also_when_two_processes_draw_them_at_once(executed: Path):
    both = [drawing(executed, *order) for order in (CHAPTERS, CHAPTERS[::-1])]
    assert [process.wait() for process in both] == [0, 0]
    drawn, published = files(executed), files(ROOT)
    assert len(drawn) > 4 * len(CHAPTERS)
    assert drawn == {name: published[name] for name in drawn}


def test_a_chapter_that_is_not_executed_and_one_without_charts_are_passed_over(executed: Path):
    assert drawing(executed, "book/ordliste", "book/felles/skaun").wait() == 0
    assert not (executed / charts.FIGURES).exists()
