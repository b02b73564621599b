"""What the tests of the review do with a repository and its files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

Git = Callable[..., str]


def git_in(folder: Path) -> Git:
    def git(*arguments: str) -> str:
        # Nothing of the person's own settings, and the same date for the same commit everywhere.
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_DATE": "2026-11-24T12:00:00Z",
            "GIT_COMMITTER_DATE": "2026-11-24T12:00:00Z",
        }
        names = ("-c", "user.name=Prosjektet", "-c", "user.email=prosjektet@example.invalid")
        run = subprocess.run(
            ["git", "-C", str(folder), *names, *arguments],
            env=environment, capture_output=True, text=True, encoding="utf-8", check=True,
        )  # fmt: skip
        return run.stdout.strip()

    return git


def replace(root: Path, file: str, old: str, new: str) -> None:
    """Replace what stands once in a file."""
    path = root / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{file}: {old!r} stands {text.count(old)} times"
    path.write_text(text.replace(old, new), "utf-8", newline="\n")
