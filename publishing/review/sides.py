"""One side of a review, old or new: its key figures, its chapters and what they show, its edition."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from publishing import project
from publishing.errors import BuildError

SCRIPT = Path(__file__).with_name("run_analysis.py")

#: Seconds that the analysis of one side may take.
PATIENCE = 600


@dataclass(frozen=True)
class Side:
    """A state of the project. ``fault`` says why it has no key figures ("" when it has them)."""

    root: Path
    figures: Sequence[Mapping[str, Any]] = ()
    chapters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fault: str = ""

    @cached_property
    def by_id(self) -> dict[str, Mapping[str, Any]]:
        return {record["id"]: record for record in self.figures}

    @cached_property
    def notebooks(self) -> tuple[project.Chapter, ...]:
        """The chapters of the book; none where the book cannot be read."""
        try:
            return project.notebooks(self.root)
        except BuildError:
            return ()

    @cached_property
    def reports(self) -> tuple[project.Report, ...]:
        try:
            return project.reports(self.root)
        except BuildError:
            return ()


def read(*roots: Path) -> list[Side]:
    """The sides, each computed by its own analysis; all at the same time."""
    with ThreadPoolExecutor() as waiting:  # a thread only waits for its interpreter
        return list(waiting.map(_computed, roots))


def _computed(root: Path) -> Side:
    chapters = [[chapter.docname, str(chapter.notebook), chapter.parameters] for chapter in Side(root).notebooks]
    environment = {
        **os.environ,
        "PYTHONPATH": str(root),
        "PYTHONUTF8": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    try:
        run = subprocess.run(
            # -P: without the script's own folder among those that modules are found in.
            [sys.executable, "-P", str(SCRIPT)],
            cwd=root, env=environment, input=json.dumps(chapters, default=str), capture_output=True,
            text=True, encoding="utf-8", errors="replace", timeout=PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Side(root, fault=f"Beregningene var ikke ferdige etter {PATIENCE // 60} minutter.")
    if run.returncode:
        last = [line for line in run.stderr.splitlines() if line.strip()]
        return Side(root, fault=last[-1].strip() if last else f"Python avsluttet med kode {run.returncode}.")
    found = json.loads(run.stdout)
    return Side(root, found["figures"], found["chapters"])
