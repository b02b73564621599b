"""One side of a review, old or new: its key figures, its chapters and what they show, its edition."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
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
    running = [_started(Side(root)) for root in roots]
    return [_finished(*run) for run in running]


def _started(side: Side) -> tuple[Side, subprocess.Popen[str], str]:
    chapters = [[chapter.docname, str(chapter.notebook), chapter.parameters] for chapter in side.notebooks]
    environment = {
        **os.environ,
        "PYTHONPATH": str(side.root),
        "PYTHONUTF8": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    run = subprocess.Popen(
        # -P: without the script's own folder among those that modules are found in.
        [sys.executable, "-P", str(SCRIPT)],
        cwd=side.root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    return side, run, json.dumps(chapters, default=str)


def _finished(side: Side, run: subprocess.Popen[str], chapters: str) -> Side:
    try:
        output, complaint = run.communicate(chapters, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        run.kill()
        run.communicate()
        return Side(side.root, fault=f"Beregningene var ikke ferdige etter {PATIENCE // 60} minutter.")
    if run.returncode:
        last = [line for line in complaint.splitlines() if line.strip()]
        return Side(side.root, fault=last[-1].strip() if last else f"Python avsluttet med kode {run.returncode}.")
    found = json.loads(output)
    return Side(side.root, found["figures"], found["chapters"])
