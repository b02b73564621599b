"""``make bench``: all measurements in one run, or one of them with ``ONLY=…``; each writes what it found to ``benchmarks/results/``.

Options: ``--only execution|builds|preview|chapters|municipalities|pages``, ``--times`` (repetitions of ours), ``--stock``
(repetitions of the stock way, which takes minutes each), ``--sizes 10,100,1000`` (of the made-up projects).
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import psutil

from benchmarks import builds, execution, growth, made_up, measuring, page_weight, preview, workplace
from benchmarks.measuring import Run, spread

RESULTS = Path(__file__).parent / "results"

#: What the project has set itself; a measurement is told beside its target.
TARGETS = {
    "one more chapter, last against first": 1.2,
    "stock against ours, execution": 10.0,
    "stock against ours, cold build": 5.0,
    "ours against the floor, execution": 1.0,
    "ours with the start of Python against the floor": 1.0,
    "nothing changed, beyond the start of Python (s)": 0.5,
    "prose edit in the open preview (s)": 1.0,
}

Table = Iterator[str]


def of_execution(options: argparse.Namespace, folder: Path) -> Table:
    """Execution alone: the stock way, ours and the floor."""
    mine, stock, floor = folder / "ours", folder / "stock", folder / "floor"
    ours = [execution.ours(mine) for _ in range(options.times)]
    ready, floors = [], []
    for _ in range(options.times):  # in turns, so that a slow moment of the machine meets both
        ready.append(execution.ours_ready(mine))
        floors.append(execution.floor(floor))
    workplace.copied(stock)
    theirs = [execution.stock(stock) for _ in range(options.stock)]
    yield "| Way | Seconds | Peak MB |"
    yield "|---|---|---|"
    yield _row("stock: Papermill and a kernel for each chapter", theirs)
    yield _row(f"ours, on {os.cpu_count()} cores, the start of Python included", ours)
    yield f"| ours, on {os.cpu_count()} cores, from when the libraries are imported | {spread(ready)} | |"
    yield f"| the floor: the same cells in one warm interpreter, on one core, from when the libraries are imported | {spread(floors)} | |"
    yield ""
    yield _against("stock against ours, execution", _median(theirs) / _median(ours))
    yield _against("ours against the floor, execution", spread(ready).median / spread(floors).median)
    yield _against("ours with the start of Python against the floor", _median(ours) / spread(floors).median)


def of_builds(options: argparse.Namespace, folder: Path) -> Table:
    """Whole builds in each scenario, and the stock builders of PDFs."""
    ours = [builds.ours(folder / "ours", number) for number in range(options.times)]
    theirs = [builds.stock(folder / "stock", number) for number in range(options.stock)]
    yield "Stock makes the site; ours makes the site, the PDFs and the single files, and checks data and texts."
    yield ""
    yield "| Scenario | Stock, seconds | Ours, seconds | Stock ÷ ours | Stock, peak MB | Ours, peak MB |"
    yield "|---|---|---|---|---|---|"
    for scenario in builds.SCENARIOS:
        a, b = [one[scenario] for one in theirs], [one[scenario] for one in ours]
        yield f"| {scenario} | {_seconds(a)} | {_seconds(b)} | {_times(a, b)} | {_memory(a)} | {_memory(b)} |"
    nothing, cold = (_median([one[scenario] for one in ours]) for scenario in ("nothing changed", "cold"))
    start = _median([builds.start_of_python(folder / "ours") for _ in range(5)])
    yield ""
    yield _against("stock against ours, cold build", _median([one["cold"] for one in theirs]) / cold)
    yield _against("nothing changed, beyond the start of Python (s)", nothing - start)
    for builder, found in builds.stock_pdfs(folder / "stock").items():
        told = found if isinstance(found, str) else f"{found.seconds:.1f} seconds, peak {found.megabytes:.0f} MB"
        yield f"- stock PDFs, {builder}: {told}"


def of_preview(options: argparse.Namespace, folder: Path) -> Table:
    """A prose edit in the open preview."""
    ours = workplace.copied(folder / "ours")
    measuring.run(workplace.our_build(), ours)
    seconds = preview.edits(ours, max(options.times, 5))
    yield f"From a chapter is saved until its page is served: {spread(seconds)} seconds."
    yield _against("prose edit in the open preview (s)", spread(seconds).median)


def of_chapters(options: argparse.Namespace, folder: Path) -> Table:
    """How the stages grow with the number of chapters."""
    projects = {size: made_up.with_chapters(size, folder / f"{size}") for size in options.sizes}
    yield from _growth(_in_turns(projects, options.growth), "chapter")


def of_municipalities(options: argparse.Namespace, folder: Path) -> Table:
    """How the stages grow with the number of municipalities."""
    projects = {size: made_up.with_municipalities(size, folder / f"k{size}") for size in options.municipalities}
    yield "A municipality has a chapter, and rows in the tables of most others: those grow with it by nature."
    yield ""
    yield from _growth(_in_turns(projects, options.growth), "municipality")


def of_pages(options: argparse.Namespace, folder: Path) -> Table:
    """How much each page of ``reports/`` weighs in a browser."""
    yield "```"
    yield from page_weight.told(page_weight.measure())
    yield "```"


PARTS: Mapping[str, Callable[[argparse.Namespace, Path], Table]] = {
    "execution": of_execution,
    "builds": of_builds,
    "preview": of_preview,
    "chapters": of_chapters,
    "municipalities": of_municipalities,
    "pages": of_pages,
}


def _in_turns(projects: Mapping[int, Path], times: int) -> dict[int, dict[str, list[Run]]]:
    """Every stage of every project, by size; in turns, so that a slow moment of the machine does not meet one size alone."""
    runs: dict[int, dict[str, list[Run]]] = {size: {stage: [] for stage in growth.STAGES} for size in projects}
    for _ in range(times):
        for size, project in projects.items():
            for stage, run in growth.stages(project).items():
                runs[size][stage].append(run)
    for _ in range(growth.AGAIN):
        for size, project in projects.items():
            runs[size]["checking"].append(measuring.run(growth.STAGES["checking"], project))
    return runs


def _growth(runs: Mapping[int, Mapping[str, list[Run]]], unit: str) -> Table:
    sizes = sorted(runs)
    yield f"| Stage | {' | '.join(f'{size}: s (processor), MB' for size in sizes)} | One more {unit}: processor s, MB | Last against first |"
    yield f"|---|{'---|' * (len(sizes) + 2)}"
    for stage in growth.STAGES:
        medians = {size: _medians(runs[size][stage]) for size in sizes}
        cells = " | ".join(f"{one.seconds:.1f} ({one.processor:.1f}), {one.megabytes:.0f}" for one in medians.values())
        last = growth.marginal(sizes[-2], sizes[-1], medians)
        told = ""
        if len(sizes) > 2:
            told = " and ".join(f"{ratio:.2f}" for ratio in growth.ratios(medians))
        yield f"| {stage} | {cells} | {last.processor:.3f}, {last.megabytes:.2f} | {told} |"
    yield ""
    yield f"«Last against first»: what one more {unit} costs between the two largest sizes, divided by what it costs between the two"
    yield f"smallest, in time and in memory. Target: {TARGETS['one more chapter, last against first']}."


def _row(name: str, runs: Sequence[Run]) -> str:
    return f"| {name} | {_seconds(runs)} | {_memory(runs)} |"


def _median(runs: Sequence[Run]) -> float:
    return statistics.median(one.seconds for one in runs)


def _medians(runs: Sequence[Run]) -> Run:
    processor = statistics.median(one.processor for one in runs)
    return Run(_median(runs), processor, _median_memory(runs))


def _median_memory(runs: Sequence[Run]) -> float:
    return statistics.median(one.megabytes for one in runs)


def _seconds(runs: Sequence[Run]) -> str:
    return str(spread([one.seconds for one in runs]))


def _memory(runs: Sequence[Run]) -> str:
    return f"{_median_memory(runs):.0f}"


def _times(some: Sequence[Run], others: Sequence[Run]) -> str:
    return f"{_median(some) / _median(others):.1f} times"


def _against(target: str, measured: float) -> str:
    return f"- {target}: {measured:.2f}, target {TARGETS[target]}."


def _machine() -> str:
    load = " ".join(f"{one:.1f}" for one in psutil.getloadavg())
    versions = ", ".join(
        f"{name} {metadata.version(name)}" for name in ("papermill", "jupyter-book", "sphinx", "typst")
    )
    memory = psutil.virtual_memory().total / 1e9
    return (
        f"{platform.platform()}, {os.cpu_count()} cores, {memory:.0f} GB; Python {platform.python_version()}, {versions}; "
        f"load at the beginning {load} (1, 5 and 15 minutes)"
    )


def _sizes(given: str) -> list[int]:
    return [int(one) for one in given.split(",")]


def _options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--times", type=int, default=3, help="repetitions of ours")
    parser.add_argument("--stock", type=int, default=1, help="repetitions of the stock way")
    parser.add_argument("--growth", type=int, default=1, help="repetitions of the made-up projects")
    parser.add_argument("--sizes", type=_sizes, default=[10, 100, 1000], help="chapters of the made-up projects")
    parser.add_argument(
        "--municipalities", type=_sizes, default=[3, 30, 300], help="municipalities of the made-up projects"
    )
    return parser.parse_args(arguments)


def main() -> int:
    """Measure, print, and keep what was found."""
    options = _options()
    RESULTS.mkdir(exist_ok=True)
    for name, part in PARTS.items():
        if options.only not in (None, name):
            continue
        lines = [f"# {part.__doc__}", "", f"{dt.datetime.now().astimezone().date().isoformat()}. {_machine()}.", ""]
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            lines += part(options, Path(folder))
        text = "\n".join(lines) + "\n"
        print(text, flush=True)
        (RESULTS / f"{name}.md").write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
