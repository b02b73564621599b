"""The book is a Jupyter Book project: the stock commands work in its root, without our command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from publishing import project

pytestmark = pytest.mark.long(40)


def test_jupyter_book_makes_every_page_and_every_pdf(project_copy: Path) -> None:
    assert _missing(project_copy, [], [f"html/{name}.html" for name in project.chapters()]) == []
    pdf = ["--builder", "custom", "--custom-builder", "rapportpdf"]
    assert _missing(project_copy, pdf, [f"rapportpdf/{paper.slug}.pdf" for paper in project.papers()]) == []


def _missing(root: Path, options: list[str], files: list[str]) -> list[str]:
    """Run ``jupyter-book build`` in a folder; return those of the files that it has not made in ``_build/``."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    script = Path(sys.executable).with_name("jupyter-book")
    run = subprocess.run(
        [script, "build", ".", *options],
        cwd=root, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=600,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    return [name for name in files if not (root / "_build" / name).is_file()]
