"""Runs the chapters: every notebook through Papermill, with its report's parameters, and only when something changed.

An executed copy of each chapter lies in ``_build/executed/``; the sources stay free of
outputs. What has been executed before is found again in ``_build/cache`` by its code
cells and parameters (jupyter-cache, which Jupyter Book brings along). The parameters
hold a digest of the data and of the analysis code, so the match is complete: an edit of
prose executes nothing, an edit of a data row executes everything that may depend on it.

On Linux each chapter runs in a fork of one warm Python (:mod:`publishing.warm_pool`), elsewhere on
a kernel of its own. What is shown is the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from publishing import project, warm_engine, warm_pool
from publishing.errors import BuildError

EXECUTED = Path("_build") / "executed"
CACHE = Path("_build") / "cache"

#: What besides the notebook decides its outputs.
_INPUTS = ("data", "analysis")

#: Seconds that a chapter may take (on a kernel: each of its cells). They take tenths of one.
LIMIT = 300

#: What every chapter's process is started with, so that the order of sets, for one, is the same everywhere.
_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",  # chapters run side by side, and a process with threads is not safe to fork
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """How many chapters there are, and how many of them had to be executed."""

    chapters: int
    executed: int


@dataclass(frozen=True, slots=True)
class _Task:
    source: Path
    target: Path
    parameters: dict[str, Any]
    shown: str

    def stopped(self, why: str) -> str:
        """What to tell when the chapter itself could not: it ended, or would not end."""
        return f"{self.shown}: Kjøringen stoppet fordi {why}"


def execute_all(
    root: Path = project.ROOT,
    tell: Report = lambda line: None,
    workers: int | None = None,
    warm: bool = warm_pool.available(),
) -> Summary:
    """Bring every executed copy up to date; ``tell`` is called with a line in bokmål for each notebook executed.

    ``warm`` chooses between forks of a warm Python and kernels.

    Raises:
        BuildError: if a notebook cannot be read or one of its cells raises. All faults are told at once.
    """
    digest = inputs_digest(root)
    store = get_cache(str(root / CACHE))
    tasks = [task for task in _tasks(root, digest) if not _restored(task, store)]
    if tasks:
        with pool(min(len(tasks), workers or os.cpu_count() or 1), warm) as executor:
            _run(tasks, root, store, tell, executor)
    _remove_stale(root)
    return Summary(chapters=len(project.notebooks(root)), executed=len(tasks))


def executed_path(docname: str, root: Path = project.ROOT) -> Path:
    """Where the executed copy of a chapter lies."""
    return root / EXECUTED / f"{docname}.ipynb"


def inputs_digest(root: Path = project.ROOT) -> str:
    """A digest of the data, the analysis code and the versions of the libraries the numbers pass through."""
    digest = hashlib.sha256()
    for folder in _INPUTS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    for library in ("pandas", "numpy", "altair"):
        digest.update(f"{library}={metadata.version(library)}".encode())
    return digest.hexdigest()[:16]


def _tasks(root: Path, digest: str) -> Iterator[_Task]:
    for chapter in project.notebooks(root):
        yield _Task(
            source=chapter.notebook,
            target=executed_path(chapter.docname, root),
            parameters={**chapter.parameters, "datagrunnlag": digest},
            shown=f"{chapter.docname}.ipynb",
        )


def _restored(task: _Task, store: JupyterCacheAbstract) -> bool:
    """Write the executed copy from the cache, if the same code ran before with the same parameters."""
    notebook = _parameterised(task)
    try:
        _, merged = store.merge_match_into_notebook(notebook)
    except KeyError:
        return False
    _write(merged, task.target)
    return True


def _parameterised(task: _Task) -> NotebookNode:
    """The notebook with its parameters filled in, as Papermill fills them, and without anything that varies by run."""
    try:
        notebook = load_notebook_node(str(task.source))
    except Exception as error:  # nbformat raises many kinds for a file that is no notebook
        raise BuildError(
            f"{task.shown}: Filen kan ikke leses som en notatbok. Hent fram en tidligere utgave av filen."
        ) from error
    return _scrubbed(parameterize_notebook(notebook, task.parameters, report_mode=False))


def pool(workers: int, warm: bool = warm_pool.available()) -> Executor:
    """What chapters are executed by."""
    if warm:
        return warm_pool.WarmPool(workers, warm_engine.MODULES, {**os.environ, **_ENVIRONMENT}, LIMIT)
    return ProcessPoolExecutor(max_workers=workers)


def _run(tasks: list[_Task], root: Path, store: JupyterCacheAbstract, tell: Report, executor: Executor) -> None:
    engine = None
    if isinstance(executor, warm_pool.WarmPool):
        engine = warm_engine.NAME
        with contextlib.suppress(EOFError, TimeoutError):  # told of the chapters, which cannot run either
            executor.prepare(warm_engine.prepare, str(root))
    problems: list[str] = []
    futures = {executor.submit(_execute, task, str(root), engine): task for task in tasks}
    try:
        for done, future in enumerate(as_completed(futures), start=1):
            task = futures[future]
            problem = _problem(task, future)
            if problem:
                problems.append(problem)
                continue
            tell(f"Kjørt {done} av {len(tasks)}: {task.shown}")
            bundle = CacheBundleIn(nbformat.read(task.target, as_version=4), task.shown)
            store.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    except BaseException:  # Ctrl+C above all: the chapters still waiting are not to be run
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    if problems:
        raise BuildError(*sorted(problems))


def _problem(task: _Task, future: Future[str | None]) -> str | None:
    """What went wrong with a chapter, in bokmål, or None."""
    try:
        return future.result()
    except (EOFError, DeadKernelError, BrokenExecutor):
        return task.stopped("Python avsluttet uventet. Se etter celler som bruker svært mye minne.")
    except (TimeoutError, CellTimeoutError):
        return task.stopped(f"kapitlet brukte mer enn {LIMIT} sekunder. Se etter celler som aldri blir ferdige.")


def _execute(task: _Task, root: str, engine: str | None) -> str | None:
    """Execute one chapter; return None, or what went wrong in bokmål (exceptions of kernels do not pickle well)."""
    logging.getLogger("papermill").setLevel(logging.ERROR)
    os.environ.update(_ENVIRONMENT, PYTHONPATH=root)  # kernels inherit it
    task.target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = task.target.with_suffix(".unfinished.ipynb")
    # Kernels warn in English of things no reader can mend.
    settings = {} if engine else {"extra_arguments": ["--IPKernelApp.log_level=50"], "execution_timeout": LIMIT}
    try:
        executed = papermill.execute_notebook(
            str(task.source), str(unfinished), parameters=task.parameters, engine_name=engine,
            kernel_name="python3", cwd=root, progress_bar=False, log_output=False,
            request_save_on_cell_execute=False, **settings,
        )  # fmt: skip
        _write(_scrubbed(executed), task.target)
    except PapermillExecutionError as error:
        line = next((line.strip() for line in error.source.splitlines() if line.strip()), "")
        return (
            f"{task.shown}: Cellen som begynner med «{line}», stoppet med {error.ename}: {error.evalue}. "
            "Rett cellen, eller dataene den leser, og bygg på nytt."
        )
    finally:
        unfinished.unlink(missing_ok=True)
    return None


def _scrubbed(notebook: NotebookNode) -> NotebookNode:
    """Without times, paths and random ids, so that the same chapter gives the same bytes on every machine."""
    notebook.metadata = NotebookNode(
        {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    )
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        cell.metadata = NotebookNode({"tags": tags} if tags else {})
        cell["id"] = f"celle-{number}"
    return notebook


def _write(notebook: NotebookNode, target: Path) -> None:
    """Write the executed copy whole or not at all, and leave the file alone when nothing changed."""
    text = nbformat.writes(notebook) + "\n"
    if target.exists() and target.read_text("utf-8") == text:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    temporary.write_text(text, "utf-8")
    temporary.replace(target)


def _remove_stale(root: Path) -> None:
    """Remove executed copies of chapters that are no longer in the book."""
    wanted = {executed_path(chapter.docname, root) for chapter in project.notebooks(root)}
    for path in (root / EXECUTED).rglob("*.ipynb"):
        if path not in wanted:
            path.unlink()
