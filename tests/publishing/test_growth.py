"""One more chapter costs the same however many there are: counted in calls, which no machine is slow at, and not in seconds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.made_up import with_chapters

pytestmark = pytest.mark.long(25)

SIZES = (10, 20, 40)

#: Parts of a build that read every chapter, one after another.
WORK = {
    "checking": "from publishing import checking; work = lambda: checking.check(root)",
    "reading": "from publishing import execution; work = lambda: [execution._read(one) for one in execution._waiting(root, {})]",
}

COUNTED = """
import cProfile, pathlib
root = pathlib.Path.cwd()
{work}
profile = cProfile.Profile()
profile.runcall(work)
print(sum(entry.callcount for entry in profile.getstats()))
"""


@pytest.fixture
def books(tmp_path: Path) -> dict[int, Path]:
    """Made-up projects by their number of chapters."""
    return {size: with_chapters(size, tmp_path / f"{size}") for size in SIZES}


def calls(part: str, root: Path) -> int:
    """In a Python of its own: what one remembers from another project is no part of it."""
    program = COUNTED.format(work=WORK[part])
    run = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    return int(run.stdout.split()[-1])


@pytest.mark.parametrize("part", WORK)
def test_one_more_chapter_takes_as_many_calls_in_a_long_book_as_in_a_short_one(
    books: dict[int, Path], part: str
) -> None:
    short, middle, long = (calls(part, books[size]) for size in SIZES)
    first, last = (middle - short) / (SIZES[1] - SIZES[0]), (long - middle) / (SIZES[2] - SIZES[1])
    assert last == pytest.approx(first, rel=0.02)
    assert first > 100
