"""Files that are written whole or not at all, also while another process writes the same ones."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

_ENDING = ".tmp"


def write(target: Path, content: bytes) -> None:
    """Write beside, and then put in place. The file beside has the number of this process in its name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.{os.getpid()}{_ENDING}")
    beside.write_bytes(content)
    beside.replace(target)


def clear(folder: Path) -> None:
    """Remove what processes that were killed have left half written in a folder."""
    for path in folder.rglob(f"*{_ENDING}"):
        writer = path.suffixes[-2][1:] if len(path.suffixes) > 1 else ""
        if not (writer.isdigit() and psutil.pid_exists(int(writer))):
            path.unlink(missing_ok=True)
