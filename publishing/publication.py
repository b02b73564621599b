"""Puts a new edition in the place of the old one, so that ``reports/`` is a whole edition at every moment."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

REPORTS = Path("reports")
STAGE = Path("_build") / "ny-utgave"
_OLD = Path("_build") / "forrige-utgave"

#: Linux: where a relative path begins, and «exchange the two».
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2

#: What a system or a disk answers that cannot exchange two folders.
_CANNOT = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EXDEV, errno.ENOENT)


def stage(root: Path) -> Path:
    """An empty folder to lay the new edition in, with what people keep in ``reports/`` themselves."""
    folder = root / STAGE
    for earlier in (folder, root / _OLD):
        shutil.rmtree(earlier, ignore_errors=True)
    folder.mkdir(parents=True)
    if (root / REPORTS / "README.md").exists():
        shutil.copy2(root / REPORTS / "README.md", folder)
    return folder


def publish(root: Path) -> None:
    """Exchange the staged edition for the one in ``reports/``.

    On Linux it is one step of the file system. Elsewhere it is two: if the build is killed between them,
    :func:`recover` puts the old edition back. The old one stays in ``_build/`` until the next build, for those who
    have it open.
    """
    reports, new, old = root / REPORTS, root / STAGE, root / _OLD
    shutil.rmtree(old, ignore_errors=True)
    if _exchanged(new, reports):
        new.rename(old)
        return
    if reports.exists():
        reports.rename(old)
    try:
        new.rename(reports)
    except OSError:
        recover(root)
        raise


def recover(root: Path) -> None:
    """Put the old edition back where a build was killed after taking it away."""
    if not (root / REPORTS).exists() and (root / _OLD).exists():
        (root / _OLD).rename(root / REPORTS)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where that cannot be done."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), str(other))
