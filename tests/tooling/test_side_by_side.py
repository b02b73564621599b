"""Tests that share something are run by the same process, and what the processes did is told as one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import side_by_side

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("_build/executed/book/index.ipynb::Cell 3", "_build/executed/book/index.ipynb"),
        ("tests/site/test_pages.py::test_ids_are_unique[book/felles/skaun.html]", "book/felles/skaun.html"),
        ("tests/reports/test_pdfs.py::test_it_is_accessible[profile0-felles.pdf]", "felles.pdf"),
        ("tests/publishing/test_preview.py::test_wait", "tests/publishing/test_preview.py"),
        ("tests/reports/test_few_persons.py::test_nothing[a]", "reports/"),
        ("tests/analysis/test_sharing.py::test_a[1-2]", "tests/analysis/test_sharing.py::test_a[1-2]"),
        ("tests/site/test_keyboard.py::test_stop[search.html-360]", "tests/site/test_keyboard.py::test_stop[search.html-360]"),
    ],
)  # fmt: skip
def test_what_is_shared_is_seen_from_the_name(name: str, group: str):
    assert side_by_side.group(name) == group


def test_what_a_file_makes_for_all_its_tests_is_made_once():
    made = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
        if re.search(r'^@pytest.fixture\(scope="module"', path.read_text("utf-8"), re.M)
    }
    assert made == side_by_side.TOGETHER


def test_what_waits_is_there_and_kept_apart():
    assert all((ROOT / path).is_file() for path in side_by_side.WAITING)
    assert side_by_side.waits("tests/publishing/test_preview.py")
    assert side_by_side.waits("tests/publishing/test_cluster.py::test_nobody_at_the_address_is_told_soon")
    assert not side_by_side.waits("book/felles/skaun.html")


def test_what_reads_all_that_is_published_is_known():
    reading = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"\b(?:all_of|pieces)\(reports_dir\)", path.read_text("utf-8"))
    }
    assert reading == side_by_side.READ_ALL


def test_there_is_a_process_for_each_core_within_reason():
    assert 1 <= side_by_side.processes() <= side_by_side.MOST


@pytest.mark.long(15)
def test_two_processes_tell_what_one_would(reports_dir: Path):
    """A run of its own. The cells of a notebook need those before them, so they fail when they are torn apart."""
    ran = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-n", "2", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env",
            "tests/site/test_editions.py", "_build/executed/book/index.ipynb", "_build/executed/book/sentralbord/index.ipynb",
        ],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout
    assert "2 notatbøker kjørt om igjen" in ran.stdout
    assert f"{len(list((reports_dir / 'html' / 'book').rglob('*.html')))} nettsider" in ran.stdout
