"""Runs the chapters: every notebook through Papermill, with its report's parameters, and only when something changed.

An executed copy of each chapter lies in ``_build/executed/``; the sources stay free of
outputs. What has been executed before is found again in ``_build/cache`` by its code
cells and parameters (jupyter-cache, which Jupyter Book brings along). The parameters
hold a digest of the data and of the analysis code, so the match is complete: an edit of
prose executes nothing, an edit of a data row executes everything that may depend on it.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from publishing import project
from publishing.errors import BuildError

EXECUTED = Path("_build") / "executed"
CACHE = Path("_build") / "cache"

#: What besides the notebook decides its outputs.
_INPUTS = ("data", "analysis")

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


def execute_all(root: Path = project.ROOT, tell: Report = lambda line: None, workers: int | None = None) -> Summary:
    """Bring every executed copy up to date; ``tell`` is called with a line in bokmål for each notebook executed.

    Raises:
        BuildError: if a notebook cannot be read or one of its cells raises. All faults are told at once.
    """
    digest = inputs_digest(root)
    store = get_cache(str(root / CACHE))
    tasks = [task for task in _tasks(root, digest) if not _restored(task, store)]
    if tasks:
        _run(tasks, root, store, tell, workers)
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


def _run(tasks: list[_Task], root: Path, store: JupyterCacheAbstract, tell: Report, workers: int | None) -> None:
    problems: list[str] = []
    with _pool(min(len(tasks), workers or os.cpu_count() or 1)) as pool:
        futures = {pool.submit(_execute, task, str(root)): task for task in tasks}
        for done, future in enumerate(as_completed(futures), start=1):
            task = futures[future]
            problem = future.result()
            if problem:
                problems.append(problem)
                continue
            tell(f"Kjørt {done} av {len(tasks)}: {task.shown}")
            bundle = CacheBundleIn(nbformat.read(task.target, as_version=4), task.shown)
            store.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    if problems:
        raise BuildError(*sorted(problems))


def _pool(workers: int) -> Executor:
    return ProcessPoolExecutor(max_workers=workers)


def _execute(task: _Task, root: str) -> str | None:
    """Execute one chapter; return None, or what went wrong in bokmål (exceptions of kernels do not pickle well)."""
    logging.getLogger("papermill").setLevel(logging.ERROR)
    os.environ["PYTHONPATH"] = root
    os.environ["PYTHONHASHSEED"] = "0"
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    task.target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = task.target.with_suffix(".unfinished.ipynb")
    try:
        executed = papermill.execute_notebook(
            str(task.source), str(unfinished), parameters=task.parameters,
            kernel_name="python3", cwd=root, progress_bar=False, log_output=False,
            extra_arguments=["--IPKernelApp.log_level=50"],  # kernels warn in English of things no reader can mend
        )  # fmt: skip
        _write(_scrubbed(executed), task.target)
    except PapermillExecutionError as error:
        line = next((line.strip() for line in error.source.splitlines() if line.strip()), "")
        return (
            f"{task.shown}: Cellen som begynner med «{line}», stoppet med {error.ename}: {error.evalue}. "
            "Rett cellen, eller dataene den leser, og bygg på nytt."
        )
    except DeadKernelError:
        return f"{task.shown}: Kjøringen stoppet fordi Python avsluttet uventet. Se etter celler som bruker svært mye minne."
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
