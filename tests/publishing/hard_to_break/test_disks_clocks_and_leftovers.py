"""Other builds, disks, clocks and spoilt leftovers: ``reports/`` is a whole edition, and the next build gives the bytes of a clean one.

These build a small book of real chapters (tests/small_book.py), many times.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from publishing import build, last_build, publication
from publishing.errors import BuildError
from tests import small_book
from tests.publishing.hard_to_break.states import edition, write

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="forks a warm builder, and kills it"),
    pytest.mark.long(70),
]


def test_two_builds_at_once_wait_for_each_other(builder, book, clean):
    other = small_book.Builder()
    try:
        write(book, 1)
        for each in (builder, other):
            each.start(book)
        assert (builder.finish(), other.finish()) == (0, 0)
    finally:
        other.close()
    assert edition(book) == clean[1]


def test_a_build_that_waits_says_so_and_does_not_wait_for_ever(book, monkeypatch):
    monkeypatch.setattr(build, "PATIENCE", 0.1)
    told: list[str] = []
    with build.FileLock(book / build.LOCK), pytest.raises(BuildError, match="En annen bygging i denne mappen"):
        build.build(book, tell=told.append)
    assert told == ["En annen bygging pågår i denne mappen. Venter til den er ferdig."]


def test_readers_meet_whole_editions_while_a_new_one_is_published(builder, book, clean):
    met: set[str] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            folder = os.open(book / "reports", os.O_RDONLY)  # stays the same folder, whatever takes its place
            try:
                names = set(os.listdir(folder))  # noqa: PTH208 - pathlib knows no open folders
            finally:
                os.close(folder)
            met.add(" ".join(sorted(names)))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        write(book, 1)
        builder.build(book)
    finally:
        stop.set()
        reader.join()
    assert met == {"enkeltfil html nokkeltall.json pdf utgave.json"}
    assert edition(book) == clean[1]


@pytest.mark.parametrize("year", [1990, 2090])
def test_a_clock_that_jumps_hides_no_change(builder, book, clean, year):
    write(book, 1)
    jumped = time.mktime((year, 1, 1, 0, 0, 0, 0, 0, 0))
    os.utime(book / "book" / "index.md", (jumped, jumped))
    builder.build(book)
    assert edition(book) == clean[1]
    write(book, 0)
    os.utime(book / "book" / "index.md", (jumped, jumped))
    builder.build(book)
    assert edition(book) == clean[0]


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def removed(path: Path) -> None:
    path.unlink()


def test_what_a_build_keeps_for_the_next_is_believed_only_while_it_is_whole(builder, book, clean):
    documents, drawings, numbers = (
        last_build.DOCTREES,
        *(book / "_build" / name for name in ("figurer", "tallgrunnlag")),
    )
    spoilt = [
        (flipped, book / documents / "environment.pickle"),
        (truncated, book / documents / "environment.pickle"),
        (flipped, book / documents / "book" / "sentralbord" / "index.doctree"),
        (emptied, book / documents / "book" / "sentralbord" / "index.doctree"),
        (truncated, book / last_build.RECORD),
        (emptied, book / last_build.RECORD),
        (removed, next(drawings.glob("*.svg"))),
        (flipped, next(drawings.glob("*-smal.svg"))),
        (truncated, next(drawings.glob("*.png"))),
        (emptied, next(drawings.glob("*.txt"))),
        (flipped, next(numbers.glob("*.csv"))),
    ]
    for number, (spoil, kept) in enumerate(spoilt, start=1):
        write(book, number % 2)
        spoil(kept)
        builder.build(book)
        assert edition(book) == clean[number % 2], f"{spoil.__name__} {kept.name}"


@pytest.mark.parametrize("spoil", [flipped, removed])
def test_an_edition_that_someone_has_changed_is_made_anew(builder, book, clean, spoil):
    spoil(book / "reports" / "html" / "book" / "index.html")
    builder.build(book)
    assert edition(book) == clean[0]


def alone_with_its_disks() -> list[str]:
    """How to run a command where it may lay a small disk over a folder, and no other process sees it."""
    if os.geteuid() == 0:
        return ["unshare", "--mount"]
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n", "unshare", "--mount"]
    return ["unshare", "--user", "--map-root-user", "--mount"]


def test_a_full_disk_and_one_that_can_only_be_read_are_told_and_touch_nothing():
    prefix = [*alone_with_its_disks(), "env", f"PYTHONPATH={small_book.ROOT}", "PYTHONUTF8=1"]
    run = subprocess.run(
        [*prefix, sys.executable, "-m", "tests.publishing.hard_to_break.small_disk"],
        cwd=small_book.ROOT, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    if "unshare" in run.stderr and not os.environ.get("CI"):
        pytest.skip(f"this system lets nobody lay a small disk over a folder: {run.stderr.strip()}")
    assert run.returncode == 0, run.stderr


def test_where_folders_cannot_be_exchanged_the_old_edition_comes_back_after_a_kill_in_the_middle(tmp_path, monkeypatch):
    monkeypatch.setattr(publication, "_exchanged", lambda one, other: False)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "utgave.json").write_text("gammel", "utf-8")
    (publication.stage(tmp_path) / "utgave.json").write_text("ny", "utf-8")
    rename = Path.rename

    def killed(self: Path, target: Path) -> Path:
        if self.name == publication.STAGE.name:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(KeyboardInterrupt):
        publication.publish(tmp_path)
    monkeypatch.setattr(Path, "rename", rename)
    publication.recover(tmp_path)
    assert (tmp_path / "reports" / "utgave.json").read_text("utf-8") == "gammel"

    publication.publish(tmp_path)
    assert (tmp_path / "reports" / "utgave.json").read_text("utf-8") == "ny"
    assert not (tmp_path / publication.STAGE).exists()
