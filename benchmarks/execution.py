"""Seconds to execute every chapter: the stock way, ours, and the floor, which is the same cells in one warm interpreter."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import measuring, workplace
from benchmarks.measuring import Run

OURS = "from pathlib import Path; from publishing import execution; execution.execute_all(Path.cwd())"

#: The same, with the clock started where that of the floor starts: when the libraries are imported. An open preview is there.
OURS_READY = """
import os, time
from pathlib import Path
from publishing import execution
with execution.pool(os.cpu_count() or 1) as pool:
    pool.submit(os.getpid).result()
    started = time.perf_counter()
    execution.execute_all(Path.cwd(), executor=pool)
    print(time.perf_counter() - started)
"""


def stock(folder: Path) -> Run:
    """One Papermill, and one kernel, for each chapter, one after another."""
    workplace.lay_out_stock_book(folder)
    return measuring.all_of(workplace.stock_execution(folder), folder)


def ours(folder: Path) -> Run:
    """What a build does before Sphinx, with nothing executed before; the start of Python counts too."""
    workplace.copied(folder)
    return measuring.run(measuring.python("-c", OURS), folder)


def ours_ready(folder: Path) -> float:
    """Seconds that ours takes when the libraries are imported already, with nothing executed before."""
    workplace.copied(folder)
    return float(measuring.said(measuring.python("-c", OURS_READY), folder).split()[-1])


def floor(folder: Path) -> float:
    """Seconds that the cells take in one process, one after another, when the libraries are imported already.

    From a fresh copy, as ours: the analysis is compiled in both.
    """
    workplace.copied(folder)
    said = measuring.said(measuring.python("-m", "benchmarks.execution", folder), Path(__file__).parent.parent)
    return float(said.split()[-1])


def _cells(folder: Path) -> Iterator[list[str]]:
    """The code cells of every chapter with its parameters filled in."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    from publishing import project

    for chapter in project.notebooks(folder):
        notebook = parameterize_notebook(load_notebook_node(str(chapter.notebook)), chapter.parameters)
        yield [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def _run_cells(folder: Path) -> float:
    """Run all cells in this process, with IPython forming what they show; returns the seconds."""
    import altair  # noqa: F401
    import numpy  # noqa: F401
    import pandas  # noqa: F401
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    chapters = list(_cells(folder))
    sys.path.insert(0, str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "analysis"]:
        del sys.modules[name]
    shell = InteractiveShell.instance()
    clean = set(shell.user_ns)
    started = time.perf_counter()
    for cells in chapters:
        for name in (
            shell.user_ns.keys() - clean
        ):  # IPython's own reset collects garbage, which costs as much as a chapter
            del shell.user_ns[name]
        for source in cells:
            with capture_output():
                shell.run_cell(source, store_history=False).raise_error()
    return time.perf_counter() - started


if __name__ == "__main__":
    print(_run_cells(Path(sys.argv[1])))
