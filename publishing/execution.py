"""Runs the chapters: every notebook through Papermill, with its report's parameters, and only when something changed.

An executed copy of each chapter lies in ``_build/executed/``; the sources stay free of outputs. Beside the copies lies
a record of what each was made from and of its own digest. A copy whose chapter has the same code cells and parameters
now is not executed again: an edit of prose takes its outputs over. The parameters hold a digest of the data and of the
analysis code, so the match is complete: an edit of a data row executes everything that may depend on it. A copy or a
record that is not whole, to the last digit, is not believed.

On Linux each chapter runs in a fork of one warm Python (:mod:`publishing.warm_pool`), elsewhere on
a kernel of its own. What is shown is the same. :mod:`publishing.cluster` runs the same calls on other machines.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import sys
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
import papermill
import psutil
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import load_notebook_node, papermill_io
from papermill.parameterize import parameterize_notebook

from publishing import digests, forks, project, temporary, warm_engine, warm_pool
from publishing.errors import BuildError

EXECUTED = Path("_build") / "executed"
RECORD = EXECUTED / "utfort.jsonl"

#: What besides the notebook decides its outputs.
_INPUTS = ("data", "analysis")

#: Seconds that a chapter may take (on a kernel: each of its cells). They take tenths of one.
LIMIT = 300

#: Chapters that somebody edits between two builds, at most.
_FEW = 5

#: Chapters that are noted in the record together, and seconds that one waits for others: before, the inputs are looked at once
#: more, which takes as long as a small chapter.
_NOTED_TOGETHER, _NOTED_WITHIN = 10, 0.5

#: What every chapter's process is started with, so that the order of sets, for one, is the same everywhere.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",  # chapters run side by side, and a process with threads is not safe to fork
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # glibc asks for memory in pages of 2 MB, which a fork need not copy the table of: it takes three quarters of the time.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}

# Papermill makes the text of a notebook before and after it runs, also when there is no file to write it to, as here: each
# takes as long as a small chapter.
papermill.execute.write_ipynb = lambda notebook, path: None
logging.getLogger("papermill").setLevel(logging.ERROR)  # it tells in English what it does


class _Given:
    """Where Papermill finds a notebook that is not in a file: its text when it reads it, itself when it executes it.

    Handed over as an object, it would be written and read once more.
    """

    NAME = "gitt.ipynb"
    text = ""
    notebook = NotebookNode()

    @classmethod
    def read(cls, path: str) -> str:
        return cls.text

    @staticmethod
    def pretty_path(path: str) -> str:
        return path


papermill_io.register(_Given.NAME, _Given)
papermill.execute.load_notebook_node = lambda path: _Given.notebook

#: What chapters are written in, also those that do not say so.
_PYTHON = {"kernel_name": "python3", "language": "python"}

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """How many chapters there are, and how many of them had to be executed."""

    chapters: int
    executed: int


@dataclass(frozen=True, slots=True)
class Made:
    """What the record holds of an executed copy, all of it SHA-256.

    ``order`` is of the notebook's bytes and all that decides the outputs besides, ``code`` the same with the code cells
    in place of the notebook, ``copy`` of the executed copy itself.
    """

    order: str
    code: str
    copy: str


@dataclass(frozen=True, slots=True)
class _Task:
    """A chapter as it stands when the run begins: what is changed meanwhile is for the next run."""

    docname: str
    notebook: bytes
    target: Path
    parameters: dict[str, Any]

    @property
    def shown(self) -> str:
        """The chapter as messages name it."""
        return f"{self.docname}.ipynb"

    def stopped(self, why: str) -> str:
        """What to tell when the chapter itself could not: it ended, or would not end."""
        return f"{self.shown}: Kjøringen stoppet fordi {why}"


@dataclass(frozen=True, slots=True)
class _Read:
    """A chapter that has been read.

    Papermill has filled in its parameters, here and not where it is executed: that process is a fork, which would copy
    the memory of all that reading and filling in touch. ``code`` is as in :class:`Made`.
    """

    task: _Task
    notebook: NotebookNode
    code: str


def execute_all(
    root: Path = project.ROOT,
    tell: Report = lambda line: None,
    workers: int | None = None,
    warm: bool = forks.available(),
    only: Collection[str] | None = None,
    executor: Executor | None = None,
    scheduler: str = "",
) -> Summary:
    """Bring every executed copy up to date; ``tell`` is called with a line in bokmål for each notebook executed.

    ``warm`` chooses between forks of a warm Python and kernels, ``only`` names the chapters to look at. ``executor``
    (from :func:`pool`) serves several calls as long as :func:`inputs_digest` is the same. ``scheduler`` is the address of
    a Dask cluster to execute on instead.

    Raises:
        BuildError: if a notebook cannot be read, one of its cells raises or the cluster does not answer. All faults of
            chapters are told at once.
    """
    record = _record(root)
    problems: dict[str, str] = {}
    chapters: list[_Read] = []
    waiting = [task for task in _waiting(root, record) if only is None or task.docname in only]
    with contextlib.ExitStack() as stack:

        @cache
        def started() -> tuple[Executor, Future[None]]:
            """One core prepares what the chapters share, and another reads them meanwhile."""
            own = executor or stack.enter_context(_own(root, scheduler, min(len(waiting), workers or _cores()), warm))
            return own, _prepare(own, root)

        for task in waiting:
            if task.docname not in record:  # it has no outputs that new prose could take over
                started()
            try:
                chapter = _read(task)
            except BuildError as error:
                problems[task.shown] = str(error)
                continue
            if made := _renewed(chapter, record.get(task.docname)):
                record[task.docname] = made
                continue
            chapters.append(chapter)
            started()
        _remove_stale(root, record)
        _write_record(record, root)
        if chapters:
            own, prepared = started()
            with contextlib.suppress(EOFError, TimeoutError):  # told of the chapters, which cannot run either
                prepared.result()
            problems |= _run(chapters, root, tell, own)
    if problems:
        raise BuildError(*sorted(problems.values()))
    return Summary(chapters=len(project.notebooks(root)), executed=len(chapters))


@contextlib.contextmanager
def started_for_many(root: Path, workers: int | None = None) -> Iterator[Executor | None]:
    """An executor for :func:`execute_all` that imports its libraries while other things are done; None where it would not pay.

    A few chapters that wait may have new prose alone, and need none.
    """
    count = 0
    if forks.available():
        with contextlib.suppress(Exception):  # whatever it is, the checks tell of it, or the execution itself
            count = len(waiting(root))
    if count <= _FEW:
        yield None
    else:
        with _own(root, "", min(count, workers or _cores()), warm=True) as executor:
            yield executor


def waiting(root: Path = project.ROOT) -> list[str]:
    """The chapters whose executed copy is not up to date, in reading order."""
    return [task.docname for task in _waiting(root, _record(root))]


def executed_path(docname: str, root: Path = project.ROOT) -> Path:
    """Where the executed copy of a chapter lies."""
    return root / EXECUTED / f"{docname}.ipynb"


def inputs_digest(root: Path = project.ROOT) -> str:
    """A digest of the data, the analysis code and the versions of the libraries the numbers pass through."""
    libraries = [f"{library}={_version(library)}" for library in ("pandas", "numpy", "altair")]
    files = digests.digest(root, map(Path, _INPUTS))
    return hashlib.sha256(f"{files} {libraries}".encode()).hexdigest()[:16]


#: Reading it from disk takes milliseconds, and each chapter asks several times.
_version = cache(metadata.version)


def pool(workers: int, warm: bool = forks.available()) -> Executor:
    """What chapters are executed by on this machine."""
    if warm:
        return warm_pool.WarmPool(workers, warm_engine.MODULES, {**os.environ, **ENVIRONMENT}, LIMIT, project.ROOT)
    return ProcessPoolExecutor(max_workers=workers)


@contextlib.contextmanager
def _own(root: Path, scheduler: str, workers: int, warm: bool) -> Iterator[Executor]:
    """An executor for one run, whose chapters still waiting are not run after Ctrl+C."""
    if scheduler:
        from publishing import cluster  # what it needs besides is installed for those who use it

        own: Executor = cluster.connect(scheduler, root, ENVIRONMENT, LIMIT)
    else:
        own = pool(workers, warm)
    with own:
        try:
            yield own
        except BaseException:
            own.shutdown(wait=False, cancel_futures=True)
            raise


def _cores() -> int:
    return os.cpu_count() or 1


def _tasks(root: Path) -> Iterator[_Task]:
    digest = inputs_digest(root)
    for chapter in project.notebooks(root):
        yield _Task(
            docname=chapter.docname,
            notebook=chapter.notebook.read_bytes(),
            target=executed_path(chapter.docname, root),
            parameters={**chapter.parameters, "datagrunnlag": digest},
        )


def _waiting(root: Path, record: dict[str, Made]) -> list[_Task]:
    """The chapters whose executed copy does not stand as it was written, from what is there now."""
    return [
        task
        for task in _tasks(root)
        if not (made := record.get(task.docname)) or made.order != _order(task) or not _whole(task, made)
    ]


def _whole(task: _Task, made: Made) -> bool:
    return task.target.is_file() and made.copy == hashlib.sha256(task.target.read_bytes()).hexdigest()


def _order(task: _Task) -> str:
    return _with_surroundings(task, task.notebook)


def _code(task: _Task, notebook: NotebookNode) -> str:
    cells = [(cell.source, cell.metadata.get("tags", [])) for cell in notebook.cells if cell.cell_type == "code"]
    return _with_surroundings(task, json.dumps(cells).encode())


def _with_surroundings(task: _Task, content: bytes) -> str:
    """A digest of something and of all that decides outputs besides: parameters (data and analysis among them), and us."""
    digest = hashlib.sha256(json.dumps(task.parameters, sort_keys=True, default=str).encode())
    digest.update(f"{sys.version_info[:2]} {_version('ipython')}".encode())
    for path in (Path(__file__), Path(warm_engine.__file__)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _read(task: _Task) -> _Read:
    """The notebook as Papermill reads it, with its parameters."""
    try:
        _Given.text = task.notebook.decode("utf-8")
        notebook = load_notebook_node(_Given.NAME)
        return _Read(task, parameterize_notebook(notebook, task.parameters, **_PYTHON), _code(task, notebook))
    except Exception as error:  # nbformat raises many kinds for a file that is no notebook
        raise BuildError(
            f"{task.shown}: Filen kan ikke leses som en notatbok. Hent fram en tidligere utgave av filen."
        ) from error


def _renewed(chapter: _Read, made: Made | None) -> Made | None:
    """Write the chapter's new prose with the outputs of its executed copy, if that was made by the same code."""
    task, code = chapter.task, chapter.code
    if not made or made.code != code or not _whole(task, made):
        return None
    copy = [cell for cell in nbformat.read(task.target, as_version=4).cells if cell.cell_type == "code"]
    notebook = _scrubbed(chapter.notebook)
    for cell, executed in zip((cell for cell in notebook.cells if cell.cell_type == "code"), copy, strict=True):
        cell.outputs, cell.execution_count = executed.outputs, executed.execution_count
    return _written(task, code, _text(notebook))


def _prepare(executor: Executor, root: Path) -> Future[None]:
    """Begin with what the chapters share, where they can share something."""
    if isinstance(executor, warm_pool.WarmPool):
        return executor.prepare(warm_engine.prepare, str(root))
    nothing: Future[None] = Future()
    nothing.set_result(None)
    return nothing


def _run(chapters: list[_Read], root: Path, tell: Report, executor: Executor) -> dict[str, str]:
    """Execute the chapters and note each in the record; return what went wrong with whom, in bokmål."""
    # On another machine a call starts in the folder of the inputs.
    here = str(root) if isinstance(executor, (warm_pool.WarmPool, ProcessPoolExecutor)) else "."
    problems: dict[str, str] = {}
    finished: dict[str, Made] = {}
    futures = {executor.submit(run, chapter.notebook, here): chapter for chapter in chapters}
    left: set[Future[tuple[str, str]]] = set(futures)
    while left:
        done, left = wait(left, _NOTED_WITHIN if finished else None, FIRST_COMPLETED)
        for future in done:
            chapter = futures.pop(future)  # a future keeps the whole copy
            task = chapter.task
            text, problem = _outcome(task, future)
            if problem:
                problems[task.shown] = problem
                continue
            finished[task.docname] = _written(task, chapter.code, text)
            tell(f"Kjørt {len(chapters) - len(futures)} av {len(chapters)}: {task.shown}")
        if not done or not left or len(finished) >= _NOTED_TOGETHER:
            _note(finished, chapters[0].task, root)
            finished = {}
    return problems


def _outcome(task: _Task, future: Future[tuple[str, str]]) -> tuple[str, str]:
    """The executed copy of a chapter, and what went wrong with it, in bokmål; one of them is empty."""
    try:
        text, problem = future.result()
    except (EOFError, DeadKernelError, BrokenExecutor):
        why = "Python avsluttet uventet. Se etter celler som bruker svært mye minne, eller som selv avslutter Python."
    except (TimeoutError, CellTimeoutError):
        why = f"kapitlet brukte mer enn {LIMIT} sekunder. Se etter celler som aldri blir ferdige."
    except warm_pool.Stopped as stopped:
        why = _GIVEN_UP[stopped.args[0]]
    except CancelledError:
        why = "klyngen mistet arbeiderne sine, eller forbindelsen ble brutt. Se etter at den har arbeidere, og bygg på nytt."
    except BuildError as error:
        return "", str(error)
    else:
        return text, problem and f"{task.shown}: {problem}"
    return "", task.stopped(why)


#: What is told of a chapter that the engine gave up.
_GIVEN_UP = {
    warm_engine.MEMORY: (
        f"kapitlet brukte mer enn {warm_pool.MEMORY // 2**30} GB minne. "
        "Se etter celler som lager svært store tabeller eller lister."
    ),
    warm_engine.SHOWN: (
        f"kapitlet viste mer enn {warm_engine.MOST_SHOWN // 2**20} MB. "
        "Se etter celler som skriver ut eller viser noe uten å stanse."
    ),
}


def run(notebook: NotebookNode, root: str) -> tuple[str, str]:
    """Execute one chapter, whose parameters are filled in, in the folder ``root``; return the executed copy, or "" and what went wrong in bokmål.

    Nothing is written: exceptions of kernels do not pickle well, and the process may be stopped at any time.
    """
    os.environ.update(ENVIRONMENT, PYTHONPATH=str(Path(root).resolve()))  # kernels inherit it
    counted = _Counted()
    if warm_pool.is_call():
        settings: dict[str, Any] = {"engine_name": warm_engine.NAME}
    else:
        settings = {
            "extra_arguments": ["--IPKernelApp.log_level=50"],  # kernels warn in English of things no reader can mend
            "execution_timeout": LIMIT, "stdout_file": counted, "stderr_file": counted,
        }  # fmt: skip
    _Given.notebook = notebook
    try:
        executed = papermill.execute_notebook(
            _Given.NAME, None, **_PYTHON, cwd=root, progress_bar=False, log_output=False,
            request_save_on_cell_execute=False, **settings,
        )  # fmt: skip
        nbformat.validate(executed)
    except nbformat.ValidationError as error:
        what = str(error).splitlines()[0]
        return "", f"En celle viser noe som ikke kan stå i en notatbok ({what}). Rett cellen, og bygg på nytt."
    except DeadKernelError:
        if counted.too_much:
            raise warm_pool.Stopped(warm_engine.SHOWN) from None
        raise
    except PapermillExecutionError as error:
        why = f"stoppet med {error.ename}: {error.evalue}. Rett cellen, eller dataene den leser, og bygg på nytt."
        return "", f"{_named(error.source)}, {why}"
    for cell in executed.cells:
        # Papermill lets a cell end a chapter (`sys.exit()`), and what comes after it would be missing.
        ended = any(output.output_type == "error" for output in cell.get("outputs", []))
        if cell.cell_type == "code" and cell.source.strip() and (ended or cell.execution_count is None):
            return "", f"{_named(cell.source)}, ble ikke kjørt ferdig. Fjern det som avslutter Python, og bygg på nytt."
    return _text(_scrubbed(executed)), ""


def _named(source: str) -> str:
    line = next((line.strip() for line in source.splitlines() if line.strip()), "")
    return f"Cellen som begynner med «{line}»"


class _Counted:
    """Where Papermill sends a copy of what a kernel writes: ends the kernel of a chapter that writes without end.

    An error raised here would not reach Papermill, which waits for the cell meanwhile.
    """

    def __init__(self) -> None:
        self._size = 0

    @property
    def too_much(self) -> bool:
        return self._size > warm_engine.MOST_SHOWN

    def write(self, text: str) -> None:
        self._size += len(text)
        if self.too_much:
            for kernel in psutil.Process().children():  # it is the only one of a process that executes chapters
                with contextlib.suppress(psutil.Error):
                    kernel.kill()

    def flush(self) -> None:
        """Nothing is kept."""


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


def _text(notebook: NotebookNode) -> str:
    """The executed copy as it lies on disk, for programs to read.

    Without line breaks, which nbformat's own writer makes and Python's fast one cannot. Without a check of the format: it
    was read as a notebook, and what came to it was made by nbformat.
    """
    return json.dumps(notebook, ensure_ascii=False, sort_keys=True) + "\n"


def _record(root: Path) -> dict[str, Made]:
    """The record, or as much of it as can be read: a chapter without is executed."""
    found: dict[str, Made] = {}
    try:
        lines = (root / RECORD).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return found
    for line in lines:
        with contextlib.suppress(ValueError, TypeError, RecursionError):  # half a line, where a build was killed
            docname, *made = json.loads(line)
            found[str(docname)] = Made(*map(str, made))
    return found


def _write_record(record: dict[str, Made], root: Path) -> None:
    text = "".join(_line(docname, made) for docname, made in sorted(record.items()))
    path = root / RECORD
    if not path.is_file() or path.read_bytes() != text.encode():
        temporary.write(path, text.encode())


def _note(finished: dict[str, Made], of: _Task, root: Path) -> None:
    """Add chapters to the record: what stands last of one counts. None, if they may have been made of old inputs and new."""
    if finished and inputs_digest(root) == of.parameters["datagrunnlag"]:
        with (root / RECORD).open("a", encoding="utf-8", newline="\n") as record:
            record.writelines(_line(docname, made) for docname, made in finished.items())


def _line(docname: str, made: Made) -> str:
    return json.dumps([docname, made.order, made.code, made.copy]) + "\n"


def _written(task: _Task, code: str, text: str) -> Made:
    """Write the executed copy, and leave the file alone when nothing changed; return what to note of it."""
    content = text.encode()
    if not task.target.is_file() or task.target.read_bytes() != content:
        temporary.write(task.target, content)
    return Made(_order(task), code, hashlib.sha256(content).hexdigest())


def _remove_stale(root: Path, record: dict[str, Made]) -> None:
    """Remove executed copies of chapters that are no longer in the book, and what builds that were killed left half."""
    chapters = {chapter.docname for chapter in project.notebooks(root)}
    for docname in record.keys() - chapters:
        del record[docname]
    wanted = {executed_path(docname, root) for docname in chapters}
    for path in (root / EXECUTED).rglob("*.ipynb"):
        if path not in wanted:
            path.unlink()
    temporary.clear(root / EXECUTED)
