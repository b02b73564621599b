"""A small git repository with the project in it, to change and review."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.publishing.review.repository import git_in

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The project as it stands, committed on main."""
    if shutil.which("git") is None:
        pytest.skip("needs git")
    folder = tmp_path / "prosjekt"
    folder.mkdir()
    for name in ("analysis", "book", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    for name in ("_toc.yml", ".gitattributes"):
        shutil.copy2(ROOT / name, folder)
    git = git_in(folder)
    git("init", "--quiet", "--initial-branch=main")
    git("add", "--all")
    git("commit", "--quiet", "--message=Rapportene")
    return folder
