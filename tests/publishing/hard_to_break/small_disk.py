"""Builds on a disk that fills up, and on one that can only be read; run by test_disks_clocks_and_leftovers.py in a namespace of its own."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from publishing import build, digests
from publishing.errors import BuildError
from tests import small_book

#: How much more room the disk gets from one build to the next, in megabytes.
STEP = 3


def remount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(disk)], check=True)


def used(disk: Path) -> int:
    """Megabytes, rounded up."""
    return int(subprocess.run(["du", "-sm", str(disk)], check=True, capture_output=True, text=True).stdout.split()[0])


def fault(root: Path) -> str:
    """What a build is stopped by, or nothing; what is published is whole all the same."""
    before = digests.digest(root, [Path("reports")])
    try:
        build.build(root, tell=lambda line: None)
    except BuildError as error:
        assert digests.digest(root, [Path("reports")]) == before
        return str(error)
    return ""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        disk = Path(folder)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=500m", "tmpfs", str(disk)], check=True)
        try:
            fill(disk)
        finally:
            subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(disk: Path) -> None:
    """Build while the disk can only be read, and then with more room each time, until a build passes."""
    root = small_book.copied(disk / "bok")
    build.build(root, tell=lambda line: None)
    text = (root / "book" / "index.md").read_text("utf-8")
    (root / "book" / "index.md").write_text(f"{text}\nEn setning til.\n", "utf-8")
    remount(disk, "ro")
    found = fault(root)
    assert "Mappen ligger på en disk som bare kan leses." in found, found
    remount(disk, "rw")
    faults = []
    for left in range(0, 60, STEP):
        remount(disk, f"size={used(disk) + left}m")
        found = fault(root)
        if not found:
            break
        assert "Disken er full." in found, found
        faults.append(found)
        remount(disk, "size=500m")
    assert len(faults) > 1, faults
    assert "En setning til." in (root / "reports" / "html" / "book" / "index.html").read_text("utf-8")


if __name__ == "__main__":
    main()
