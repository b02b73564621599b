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
        ("tests/site/test_axe.py::test_page[dark-book/sentralbord/dagens-situasjon.html]", "book/sentralbord/dagens-situasjon.html"),
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
        for makes in (path, path.with_name("conftest.py"))
        if makes.is_file() and re.search(r'^@pytest.fixture\(scope="module"', makes.read_text("utf-8"), re.M)
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


@pytest.mark.parametrize("of", [1, 2, 4, 7])
def test_every_test_is_in_one_part_and_with_those_it_shares_something_with(request: pytest.FixtureRequest, of: int):
    groups = side_by_side.seconds((item.nodeid, 0) for item in request.session.items)
    parts = [side_by_side.part(groups, number, of) for number in range(1, of + 1)]
    assert sorted(name for part in parts for name in part) == sorted(groups)


def test_a_mark_holds_for_all_tests_of_its_file_together_and_what_takes_long_is_dealt_first():
    file = "tests/publishing/test_preview.py"
    groups = side_by_side.seconds([(f"{file}::a", 80), (f"{file}::b", 80), *((f"t.py::{n}", 10) for n in range(8))])
    assert groups == {file: 80 + 2 * side_by_side.USUAL, **{f"t.py::{n}": 10 + side_by_side.USUAL for n in range(8)}}
    parts = [side_by_side.part(groups, number, 2) for number in (1, 2)]
    assert parts == [{file}, groups.keys() - {file}]


@pytest.mark.parametrize("given", ["5/4", "0/4", "2", "2/", "to/fire", "-1/4"])
def test_a_part_that_is_none_is_told_in_bokmaal(given: str):
    ran = collected(given)
    assert ran.returncode == 4
    assert f"DEL={given} er ikke en del. Skriv for eksempel DEL=2/4, den andre av fire." in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_run_of_a_part_leaves_the_others_out():
    names = [set(re.findall(r"^tests/.+::.+$", collected(part).stdout, re.M)) for part in ("1/2", "2/2", "1/1")]
    assert names[0] and names[1] and not names[0] & names[1]
    assert names[0] | names[1] == names[2]


def collected(part: str) -> subprocess.CompletedProcess[str]:
    """A run that only tells which tests it would run."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--collect-only", f"--del={part}", "tests/tooling"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


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
