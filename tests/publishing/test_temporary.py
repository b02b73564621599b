"""Files are written whole or not at all, and what a killed process left half is removed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from publishing import temporary


def test_a_file_is_written_with_its_folders_and_nothing_beside_it(tmp_path: Path):
    target = tmp_path / "en" / "to.svg"
    for content in (b"gammel", b"ny"):
        temporary.write(target, content)
        assert target.read_bytes() == content
    assert list(target.parent.iterdir()) == [target]


def test_what_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / "to.svg"
    temporary.write(target, b"gammel")

    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        temporary.write(target, b"ny")
    assert target.read_bytes() == b"gammel"


def test_what_a_process_that_has_ended_left_is_removed_and_that_of_one_that_runs_is_not(tmp_path: Path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / "under").mkdir()
    left = [tmp_path / f"a.svg.{ended.pid}.tmp", tmp_path / "under" / "b.tmp", tmp_path / "c.svg.tmp"]
    kept = [tmp_path / f"a.svg.{os.getpid()}.tmp", tmp_path / "a.svg", tmp_path / "tmp"]
    for path in (*left, *kept):
        path.write_text("halv", "utf-8")
    temporary.clear(tmp_path)
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in kept)
    temporary.clear(tmp_path / "ikke-der")
