"""A Papermill engine that runs a chapter's cells in the process it is called in, one after another, without a kernel.

What comes out is what Jupyter's own kernel gives: IPython runs the cells and forms the results in both, and a test
compares the two for every chapter. The process must be a fresh one for each chapter (:mod:`publishing.warm_pool`).
Widgets and questions to the user, which a report cannot have, are not there.

A chapter that has shown too much, or has no memory left, is given up at once: what it would catch, it would go on with.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import pkgutil
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import altair
import nbformat
import pandas
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.jsonutil import json_default
from nbformat import NotebookNode
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.iorw import papermill_io

from publishing import warm_pool

NAME = "varm"

#: Bytes that a chapter may show. The largest shows a tenth of it.
MOST_SHOWN = 10 * 2**20

#: Why a chapter was given up.
MEMORY, SHOWN = "minne", "utdata"

#: The libraries that chapters import, used once. Not `analysis`, which may change while the process lives; see :func:`prepare`.
MODULES = ("numpy", "pandas", "altair", "yaml", "publishing.execution", "publishing.warm_engine:use_once")


class WarmEngine(Engine):
    """Runs the cells of one notebook in this process, in the current folder, which chapters import from."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: Any) -> None:
        """Run the cells until one of them raises; Papermill finds the error among its outputs."""
        _import_from(Path.cwd())
        shell = _Shell.instance()
        shell.outputs.listen()
        # When each cell began and ended is not kept, so Papermill is not told of them.
        for number, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type == "code" and cell.source.strip() and not shell.run(cell):
                nb_man.cell_exception(cell, number)
                return


def prepare(root: str) -> None:
    """Do once what all chapters of a run do, in the process that they are forked from.

    The analysis is imported, the tables are read and the key figures computed. Whatever is said or raised on the way belongs
    to the chapters, which then import and compute for themselves, as they would on a kernel.
    """
    _import_from(Path(root))
    importlib.invalidate_caches()  # of an earlier run
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said), warnings.catch_warnings(record=True) as warned:
        try:
            analysis = importlib.import_module("analysis")
            for module in pkgutil.walk_packages(analysis.__path__, "analysis."):
                importlib.import_module(module.name)
            for area in {value.area for value in analysis.keyfigures.by_id().values()}:
                analysis.keyfigures.for_area(area)
                analysis.views.sources.from_the_case(area)
            for table in analysis.data.description():
                analysis.data.load(table)
            silent = not warned and not said.getvalue()
        except BaseException:  # a fault in the data or the code; each chapter that meets it tells its cell
            silent = False
    if not silent:
        for name in [name for name in sys.modules if name.partition(".")[0] == "analysis"]:
            del sys.modules[name]


def use_once() -> None:
    """Have the libraries load what they load when they are first used, which every chapter would do."""
    shell = _Shell.instance()
    frame = pandas.DataFrame({"navn": ["a"], "tall": [1.5]})
    frame.to_dict("records")
    for data in (frame, {"name": "tabell-1"}):  # a table, and the name of one
        chart = altair.Chart(data).mark_bar(size=1, opacity=0.5, clip=True)
        chart.encode(x=altair.X("tall:Q", axis=None), y=altair.Y("navn:N")).to_dict()
    shell.run_cell("None", silent=True)  # neither shown nor counted
    shell.display_formatter.format(frame)
    shell.logger  # noqa: B018  (imported when it is first asked for)
    papermill_io.get_handler("notatbok.ipynb", [".ipynb"])
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell()])
    nbformat.validate(notebook)
    for value in (None, True, 1, 0.5):  # each kind is looked at when it is first put into one
        notebook["tall"] = value


def _import_from(root: Path) -> None:
    """Let chapters import from the project, and read its code as it stands."""
    if sys.path[0] != str(root):
        sys.path.insert(0, str(root))
        importlib.invalidate_caches()
    # A compiled copy tells the age of its source in whole seconds only, and chapters are faster than that.
    sys.dont_write_bytecode, sys.pycache_prefix = True, os.devnull


class _Outputs:
    """The outputs of the cell that runs, in the order in which they came."""

    def __init__(self) -> None:
        self.found: list[NotebookNode] = []
        self._by_display_id: dict[str, list[NotebookNode]] = {}
        self._size = 0

    def listen(self) -> None:
        """Be what this process writes to."""
        sys.stdout, sys.stderr = _Stream("stdout", self), _Stream("stderr", self)

    def add(self, kind: str, **content: Any) -> NotebookNode:
        # nbformat's own `new_output` checks each as it comes, which takes longer than to check all in the end.
        self.found.append(nbformat.from_dict({"output_type": kind, **self._as_sent(content)}))
        return self.found[-1]

    def _as_sent(self, content: dict[str, Any]) -> dict[str, Any]:
        """As it would look after the way from a kernel to its client."""
        sent = json.dumps(content, default=json_default)
        self._count(len(sent))
        return json.loads(sent)

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > MOST_SHOWN:
            warm_pool.give_up(SHOWN)

    def written(self, name: str, text: str) -> None:
        last = self.found[-1] if self.found else None
        if last and last.get("name") == name:
            self._count(len(text))
            last.text.append(text)  # put together in the end: a long text that grows is copied each time
        elif text:
            self.add("stream", name=name, text=[text])

    def display(self, data: Any, metadata: Any, display_id: str, update: bool) -> None:
        if not update:
            output = self.add("display_data", data=data, metadata=metadata)
            self._by_display_id.setdefault(display_id, []).append(output)
            return
        for output in self._by_display_id.get(display_id, []):
            output.update(NotebookNode(self._as_sent({"data": data, "metadata": metadata})))

    def written_past_python(self) -> None:
        """Add what was written to the files 1 and 2 themselves, by programs that the cell started, for one."""
        for name, file in (("stdout", 1), ("stderr", 2)):
            size = os.lseek(file, 0, os.SEEK_CUR)
            if size:
                self._count(size)
                self.written(name, os.pread(file, size, 0).decode("utf-8", "replace"))
                os.lseek(file, 0, os.SEEK_SET)
                os.ftruncate(file, 0)

    def taken(self) -> list[NotebookNode]:
        found, self.found = self.found, []
        for output in found:
            if output.output_type == "stream":
                output.text = "".join(output.text)
        return found


class _Stream(io.TextIOBase):
    """Standard output or standard error of a cell."""

    def __init__(self, name: str, outputs: _Outputs) -> None:
        self._name, self._outputs = name, outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._outputs.written(self._name, text)
        return len(text)


class _Results(DisplayHook):
    """What the last line of a cell gives."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        outputs: _Outputs = self.shell.outputs
        outputs.add("execute_result", data=format_dict, metadata=md_dict or {}, execution_count=self.prompt_count)

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Displays(DisplayPublisher):
    """What a cell shows along the way."""

    def publish(
        self, data: Any, metadata: Any = None, *, transient: Any = None, update: bool = False, **rest: Any
    ) -> None:
        self.shell.outputs.display(data, metadata or {}, (transient or {}).get("display_id", ""), update)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.taken()


class _Shell(InteractiveShell):
    """IPython, with its outputs collected for the notebook."""

    def __init__(self, **settings: Any) -> None:
        self.outputs = _Outputs()
        super().__init__(displayhook_class=_Results, display_pub_class=_Displays, **settings)

    def run(self, cell: NotebookNode) -> bool:
        """Run one cell, fill in its outputs and number, and tell whether it went well."""
        result = self.run_cell(cell.source, store_history=True)
        if not warm_pool.is_call():
            os._exit(0)  # the cell forked, and this is the child: the chapter goes on in the parent alone
        self.outputs.written_past_python()
        cell.outputs = self.outputs.taken()
        cell.execution_count = result.execution_count
        return result.success

    def init_history(self) -> None:
        """Without the history that IPython keeps in the user's home, and a thread to write it."""
        self.history_manager = HistoryManager(shell=self, parent=self, enabled=False)

    def ask_exit(self) -> None:
        """``exit`` in a cell is an error as any other: what comes after it would be missing."""
        raise SystemExit("exit")

    def showtraceback(self, exc_tuple: Any = None, *arguments: Any, **options: Any) -> None:
        kind = exc_tuple[0] if exc_tuple else sys.exc_info()[0]
        if kind is not None and issubclass(kind, MemoryError):
            warm_pool.give_up(MEMORY)
        super().showtraceback(exc_tuple, *arguments, **options)

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.outputs.add("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)


papermill_engines.register(NAME, WarmEngine)
