"""Which state of the repository, and of the data, a build was made from."""

from __future__ import annotations

import subprocess
from pathlib import Path

from publishing import digests


def version(root: Path) -> str:
    """The short commit hash of the checkout, with «+» behind it when tracked files differ from it.

    Empty when ``root`` is not the top of a Git checkout, or Git is not there: then nothing can be said.
    """
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != root.resolve():
        return ""
    commit = _git(root, "rev-parse", "--short=10", "HEAD")
    if commit is None:
        return ""
    return commit + ("+" if _git(root, "status", "--porcelain", "--untracked-files=no") else "")


def shown(root: Path) -> str:
    """What an edition says of what it was made from: the version, where it is known, and the digest of ``data/``.

    The whole digests are in ``reports/utgave.json``.
    """
    data = digests.digest(root, [Path("data")])[:10]
    return f"{version(root) or 'ikke kjent'}, datagrunnlag {data}"


def _git(root: Path, *arguments: str) -> str | None:
    try:
        run = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, encoding="utf-8", check=False
        )
    except OSError:
        return None
    return run.stdout.strip() if run.returncode == 0 else None
