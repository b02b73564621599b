"""What the tests of new areas and municipalities share: a command run on a copy of the project, and what it built."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[3]


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The project's own command line, with the copy's own code."""
    return _run(root, "-m", "publishing", *arguments)


def python(root: Path, code: str) -> str:
    """What some code prints, with the copy's own analysis."""
    ran = _run(root, "-c", code)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True,
        encoding="utf-8", timeout=900, check=False,
    )  # fmt: skip


def done(root: Path, *arguments: str) -> str:
    """The same, which must succeed; what it says."""
    ran = run(root, *arguments)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def content(root: Path) -> dict[str, bytes]:
    """Every file that people write, by its path."""
    paths = [path for name in ("data", "book") for path in (root / name).rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in [*paths, root / "_toc.yml"]}


def folders(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in (root / "book").rglob("*") if path.is_dir()}


def text_of(root: Path, page: str) -> str:
    """What a page says, on one line, without examples of what one writes."""
    soup = BeautifulSoup((root / "reports" / "html" / page).read_text("utf-8"), "html.parser")
    for example in soup.select("pre, code"):
        example.decompose()
    return " ".join(soup.select_one("article").get_text(" ").split()).replace(" ,", ",").replace(" .", ".")


def figures(root: Path) -> dict[str, dict]:
    """The published key figures by id."""
    return {row["id"]: row for row in json.loads((root / "reports" / "nokkeltall.json").read_text("utf-8"))}
