"""How a build grows with the book: time and peak memory for each chapter, in made-up projects of several sizes.

What is the same whatever the size (starting Python, the key figures, the fixed pages) is told by the smallest project, and taken
away from the larger ones: the figure that must stay the same is what one more chapter costs.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import measuring, workplace
from benchmarks.measuring import Run, python

_ROOT = "from pathlib import Path; root = Path.cwd(); "

#: What a build consists of, each as a command that does it alone.
STAGES: Mapping[str, list[str | Path]] = {
    "checking": python("-c", f"{_ROOT}from publishing import checking; checking.check(root)"),
    "execution": python("-c", f"{_ROOT}from publishing import execution; execution.execute_all(root)"),
    "site": python(*workplace.stock_build()[1:-1], "."),
    "PDFs": python(*workplace.stock_build()[1:-1], ".", "--builder", "custom", "--custom-builder", "rapportpdf"),
    "single files": python(
        "-c", f"{_ROOT}from publishing import single_file as s; s.write_all(root, root / '_build/html', root / '_build/e')"
    ),
}  # fmt: skip

#: How many times more checking is measured: one more chapter costs it a hundredth of a second, and its start varies by half a second.
AGAIN = 6


@dataclass(frozen=True, slots=True)
class Cost:
    """What one more chapter (or municipality) costs between two sizes: seconds of processors, and megabytes of the peak."""

    processor: float
    megabytes: float


def stages(folder: Path) -> dict[str, Run]:
    """Every stage, from nothing, on the project in a folder."""
    shutil.rmtree(folder / "_build", ignore_errors=True)
    return {name: measuring.run(command, folder) for name, command in STAGES.items()}


def marginal(small: int, large: int, runs: Mapping[int, Run]) -> Cost:
    """What each chapter between the two sizes costs."""
    more = large - small
    return Cost(
        (runs[large].processor - runs[small].processor) / more, (runs[large].megabytes - runs[small].megabytes) / more
    )


def ratios(runs: Mapping[int, Run]) -> tuple[float, float]:
    """How much dearer the last chapters are than the first: time and memory, as a ratio of what one more costs.

    ``runs`` is by size, three sizes or more: the step between the two largest is held against the one between the
    two smallest. Below 1 a chapter gets cheaper.
    """
    sizes = sorted(runs)
    first, last = marginal(*sizes[:2], runs), marginal(*sizes[-2:], runs)
    return _ratio(last.processor, first.processor), _ratio(last.megabytes, first.megabytes)


def _ratio(last: float, first: float) -> float:
    return last / first if first > 0 else float("nan")
