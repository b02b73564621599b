"""A build that is killed leaves a whole edition in ``reports/``, and the next build gives the bytes of a clean one.

These build a small book of real chapters (tests/small_book.py), many times.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from publishing import publication
from tests import small_book
from tests.publishing.hard_to_break.states import edition, write

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="forks a warm builder, and kills it"),
    pytest.mark.long(150),
]

KILLS = 50
GROUPS = 5


def kill_after(builder: small_book.Builder, root: Path, seconds: float, after: Path | None = None) -> bool:
    """Start a build and kill it some seconds later, or so long after a file is there; whether it was killed in time."""
    pid = builder.start(root)
    while after and not after.exists() and not builder.ended(0.002):
        pass
    builder.ended(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return builder.finish() == -signal.SIGKILL


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_build_killed_at_any_moment_leaves_a_whole_edition_and_the_next_is_as_a_clean_one(
    builder, book, clean, group
):
    dice = random.Random(group)
    started = time.monotonic()
    write(book, 1)
    builder.build(book)
    usual = time.monotonic() - started
    killed, state = 0, 1
    for number in range(KILLS // GROUPS):
        state = 1 - state
        write(book, state)
        if number % 10 == 9:  # now and then with chapters to execute
            shutil.rmtree(book / "_build" / "executed")
        # Every third one in the short while in which the new edition is laid ready and put in place.
        after = book / publication.STAGE / "nokkeltall.json" if number % 3 == 2 else None
        killed += kill_after(builder, book, dice.uniform(0, 0.15 if after else usual), after)
        assert edition(book) in clean, f"reports/ is not a whole edition after kill {number} of group {group}"
        builder.build(book)
        assert edition(book) == clean[state], f"other bytes after kill {number} of group {group}"
        assert list((book / "_build").rglob("*.tmp")) == [], f"half files are left after kill {number} of group {group}"
    assert killed >= KILLS // GROUPS // 2, "most builds were done before they were killed: nothing was tested"
