"""The book is a Jupyter Book project: the stock commands work in its root, without our command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from publishing import project

pytestmark = pytest.mark.long(25)


@pytest.mark.parametrize(
    ("options", "made"),
    [
        ([], [f"html/{name}.html" for name in project.chapters()]),
        (
            ["--builder", "custom", "--custom-builder", "rapportpdf"],
            [f"rapportpdf/{paper.slug}.pdf" for paper in project.papers()],
        ),
    ],
    ids=["site", "pdf"],
)
def test_jupyter_book_build_makes_every_page_and_every_pdf(
    project_copy: Path, options: list[str], made: list[str]
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    script = Path(sys.executable).with_name("jupyter-book")
    run = subprocess.run(
        [script, "build", ".", *options],
        cwd=project_copy, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=600,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert [name for name in made if not (project_copy / "_build" / name).is_file()] == []
