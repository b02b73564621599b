"""The book of the preview, held open: validates, executes, and lets Sphinx read and write what a change touches.

It runs in a process of its own. Sphinx writes to a folder that nobody sees; pages without faults are then copied to
the folder that is served, so a reader meets either the last good page or the new one.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.util.build_phase import BuildPhase

from publishing import book_tool, execution, forks, validation
from publishing.errors import BuildError
from publishing.preview import FOLDER

Send = Callable[[str, Any], None]


def work(root: str, orders: Connection) -> None:
    """Open the book, and renew it at every order, until nobody gives orders any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one who gives the orders
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # so that the warm processes are stopped on the way out
    os.chdir(root)
    if root not in sys.path:
        sys.path.insert(0, root)

    def send(kind: str, content: Any) -> None:
        orders.send((kind, content))

    chapters = Chapters(Path(root))
    try:
        _, viewed = orders.recv()
        send("told", "Åpner boken …")
        with book_tool.opened(Path(root), Path(root) / FOLDER / "ny", Path(root) / FOLDER / "doctrees") as app:
            book = Book(Path(root), app, chapters, send)
            data = True  # nobody has looked at them yet
            while True:
                book.renew(data, viewed)
                data, viewed = orders.recv()
                while orders.poll():  # several changes while one was dealt with
                    later, viewed = orders.recv()
                    data = data or later
    except BuildError as error:
        send("faults", error.problems)
    except (EOFError, OSError):
        pass
    except Exception as error:  # a fault in the configuration or the code, told by the library that met it
        send("faults", [line for line in str(error).splitlines() if line.strip()] or [repr(error)])
    finally:
        chapters.close()


class Chapters:
    """Executes chapters, with a warm process ready before it is needed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._digest = ""
        self._pool: Executor = execution.pool(os.cpu_count() or 1)
        self._spare: Executor | None = None

    def execute(self, only: list[str], tell: Callable[[str], None]) -> None:
        digest = execution.inputs_digest(self._root)
        if self._digest not in ("", digest) and forks.available():
            # A warm process has computed key figures from other data; a new one has imported the libraries meanwhile.
            self._pool.shutdown()
            self._pool, self._spare = self._spare or execution.pool(os.cpu_count() or 1), None
        self._digest = digest
        try:
            execution.execute_all(self._root, tell=tell, only=only, executor=self._pool)
        finally:
            if self._spare is None and forks.available():
                self._spare = execution.pool(os.cpu_count() or 1)

    def close(self) -> None:
        for pool in (self._pool, self._spare):
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)


class Book:
    """The open book: what has to be renewed, and what is wrong with it."""

    def __init__(self, root: Path, app: Any, chapters: Chapters, send: Send) -> None:
        self.root, self.app, self.chapters, self.send = root, app, chapters, send
        self._read: set[str] = set()
        self._again: set[str] = set()
        self._invalid: list[str] = []
        app.connect("source-read", lambda app, docname, source: self._read.add(docname))
        _keep_documents(app)
        ask_few_domains()

    def renew(self, data: bool, viewed: str) -> None:
        """Bring the pages up to date, the one that is looked at first; ``data`` tells that data may have changed."""
        started = time.monotonic()
        if data:
            _forget_computed()
            self._invalid = _problems(lambda: validation.validate(self.root))
        if self._invalid:
            self.send("faults", self._invalid)
            return
        faults: dict[str, None] = {}
        try:
            rounds = self._rounds(viewed)
        except BuildError as error:  # a list of chapters or parameters that cannot be read
            self.send("faults", error.problems)
            return
        for only in rounds:
            found = _problems(lambda only=only: self.chapters.execute(only, lambda line: self.send("told", line)))
            found += self._write()
            faults |= dict.fromkeys(found)
            self.send("faults", list(faults))
            self.send("pages", None)
            if viewed in only or not faults:
                self.send("told", f"Sidene er fornyet etter {time.monotonic() - started:.1f} s.".replace(".", ",", 1))

    def _rounds(self, viewed: str) -> list[list[str]]:
        waiting = execution.waiting(self.root)
        others = [name for name in waiting if name != viewed]
        return [[viewed], others] if viewed in waiting and others else [waiting]

    def _write(self) -> list[str]:
        """Let Sphinx read and write what is out of date, and copy the pages without faults to where they are served."""
        warnings: io.StringIO = self.app._warning
        warnings.seek(0)
        warnings.truncate()
        for docname in self._again & self.app.env.all_docs.keys():
            self.app.env.all_docs[docname] = -1  # older than its file, so it is read again and tells its faults again
        self._read = set()
        try:
            self.app.build(False)
            self.app.builder.copy_assets = lambda: None  # they are there, and the code that they belong to is as it was
        except Exception as error:  # Sphinx stopped in the middle: nothing of this is shown
            self._again |= self._read
            return [line for line in str(error).splitlines() if line.strip()] or [repr(error)]
        text = warnings.getvalue()
        faults = book_tool.faults(text, self.root) if text.strip() else []
        self._again = {docname for docname in self.app.env.found_docs if any(docname in fault for fault in faults)}
        if faults and not self._again:  # nobody knows whose fault it is
            self._again = self._read
        _copy_changed(
            self.root / FOLDER / "ny", self.root / FOLDER / "html", {f"{docname}.html" for docname in self._again}
        )
        return faults


def _keep_documents(app: Any) -> None:
    """Keep the documents in memory for those who only look at them, as for figures to count; Sphinx unpickles them each time.

    Those who write pages change the document, and still get one of their own.
    """
    kind = type(app.env)  # not the environment itself, which is pickled; this process has no other
    read: Callable[[Any, str], Any] = kind.get_doctree
    kept: dict[str, tuple[bytes, Any]] = {}

    def get_doctree(env: Any, docname: str) -> Any:
        if app.phase in (BuildPhase.RESOLVING, BuildPhase.WRITING):
            return read(env, docname)
        if docname not in kept or kept[docname][0] is not env._pickled_doctree_cache.get(docname):
            document = read(env, docname)
            kept[docname] = (env._pickled_doctree_cache[docname], document)
        return kept[docname][1]

    kind.get_doctree = get_doctree


def ask_few_domains() -> None:
    """Have Sphinx count figures by asking only the domains that know of any.

    It asks the domain of every programming language about every node of the book: a good part of what an edit costs.
    """
    count = TocTreeCollector.assign_figure_numbers

    def assign_figure_numbers(collector: TocTreeCollector, env: BuildEnvironment) -> list[str]:
        every = env.domains
        env.domains = {name: domain for name, domain in every.items() if _has_figures(domain)}
        try:
            return count(collector, env)
        finally:
            env.domains = every

    TocTreeCollector.assign_figure_numbers = assign_figure_numbers  # type: ignore[method-assign]


def _has_figures(domain: Domain) -> bool:
    asked = type(domain).get_enumerable_node_type is not Domain.get_enumerable_node_type
    return asked or bool(domain.enumerable_nodes)


def _problems(function: Callable[[], Any]) -> list[str]:
    try:
        function()
    except BuildError as error:
        return error.problems
    return []


def _forget_computed() -> None:
    """Forget what our own modules have computed from data that may have changed."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("analysis", "publishing"):
            for member in list(vars(module).values()):
                if hasattr(member, "cache_clear"):
                    member.cache_clear()


def _copy_changed(source: Path, target: Path, but: set[str]) -> None:
    """Make ``target`` hold what ``source`` holds, but for some files that stay as they are; each file is whole at any time."""
    wanted, there = _files(source), _files(target)
    for name, state in wanted.items():
        if name not in but and there.get(name) != state:
            new, old = source / name, target / name
            old.parent.mkdir(parents=True, exist_ok=True)
            beside = old.with_name(f"{old.name}.ny")
            shutil.copy2(new, beside)
            beside.replace(old)
    for name in there.keys() - wanted.keys() - but:
        (target / name).unlink()


def _files(folder: Path, within: str = "") -> dict[str, tuple[int, int]]:
    """When each file below a folder was changed, and its size, by its path; nothing, if the folder is not there."""
    found: dict[str, tuple[int, int]] = {}
    if folder.is_dir():
        with os.scandir(
            folder
        ) as entries:  # there are a thousand, and this is done after every edit: pathlib takes twice as long
            for entry in entries:
                name = f"{within}{entry.name}"
                if entry.is_dir():
                    found |= _files(Path(entry.path), f"{name}/")
                else:
                    state = entry.stat()
                    found[name] = (state.st_mtime_ns, state.st_size)
    return found
