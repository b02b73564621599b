"""The preview: serves the site on this machine, and renews the pages when a file is saved.

:mod:`~publishing.preview.book` makes the pages, in a process of its own that keeps everything warm and is started
again when the code or the configuration changes. :mod:`~publishing.preview.server` shows them, with what is wrong on
top. This module watches the files and connects the two. Nothing here writes outside ``_build/forhandsvisning/``, but
for the executed chapters, which any build may use.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import shutil
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

from watchfiles import DefaultFilter, watch

from publishing import forks, project
from publishing.errors import BuildError
from publishing.preview.server import HOST, Site, serve

Tell = Callable[[str], None]

FOLDER = Path("_build") / "forhandsvisning"
FIRST_PORT = 8000

FOLDERS = ("book", "data", "analysis", "publishing")
FILES = ("_toc.yml", "_config.yml")

#: Milliseconds without a change after which a file counts as saved. What comes later is one more change.
_QUIET = 20

#: What is read once, when the book is opened: a change of it needs a new process.
_READ_ONCE = (*FILES, "analysis/", "publishing/", "data/kilder.csv", "book/ordliste.yml", "book/utgave.yml")


class Watched(DefaultFilter):
    """Every file that the site is made from; not what editors and Python keep beside them."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, ".ipynb_checkpoints")


class Preview:
    """One run of the preview: the pages, the process that makes them, and what happens when a file is saved."""

    def __init__(self, root: Path, tell: Tell) -> None:
        self.root, self.tell = root, tell
        self.site = Site(root / FOLDER / "html")
        self._changing = threading.Lock()
        self._process: multiprocessing.process.BaseProcess | None = None

    def start_book(self) -> None:
        """Start the process that makes the pages, in place of the one there may be."""
        self.stop_book()
        context = multiprocessing.get_context("spawn")  # a Python of its own, as it is on every system
        ours, theirs = context.Pipe()
        self._process = context.Process(target=_make_pages, args=(str(self.root), theirs), name="bok")
        self._process.start()
        theirs.close()
        self._orders = ours
        threading.Thread(target=self._listen, args=(ours,), daemon=True).start()
        self._order(True)

    def stop_book(self) -> None:
        """Stop the process that makes the pages."""
        if self._process is not None:
            self._orders.close()
            self._process.terminate()
            self._process.join()
            self._process = None

    def changed(self, paths: set[str]) -> None:
        """Have the pages renewed after a change of these files (relative to the root)."""
        with self._changing:
            self.tell(f"{time.strftime('%H.%M.%S')} Lagret: {', '.join(sorted(paths))}")
            again = any(path.startswith(_READ_ONCE) or path.endswith("parameters.yml") for path in paths)
            if again or self._process is None or not self._process.is_alive():
                self.tell("    Åpner boken på nytt. Sidene du har, blir stående imens.")
                self.start_book()
            else:
                self._order(any(path.startswith("data/") for path in paths))

    def _order(self, data: bool) -> None:
        try:
            self._orders.send((data, self.site.viewed))
        except OSError:  # it ended just now; the next change starts it again
            self.site.show_faults(["Forhåndsvisningen stoppet uventet. Den starter igjen neste gang du lagrer."])

    def _listen(self, connection: multiprocessing.connection.Connection) -> None:
        while True:
            try:
                kind, content = connection.recv()
            except (EOFError, OSError):
                return
            if kind == "told":
                self.tell(f"    {content}")
            elif kind == "pages":
                self.site.renewed()
            elif kind == "faults":
                for fault in content:
                    self.tell(f"  • {fault}")
                self.site.show_faults(content)

    def watch(self, stop: threading.Event) -> None:
        """Wait for changes until told to stop."""
        # A file alone cannot be watched: most editors write a new one in its place.
        top = threading.Thread(target=self._watch, args=([self.root], False, stop), daemon=True)
        top.start()
        self._watch([self.root / name for name in FOLDERS], True, stop)

    def _watch(self, paths: list[Path], recursive: bool, stop: threading.Event) -> None:
        for changes in watch(*paths, step=_QUIET, recursive=recursive, watch_filter=Watched(), stop_event=stop):
            found = {Path(path).relative_to(self.root).as_posix() for _, path in changes}
            wanted = {path for path in found if recursive or path in FILES}
            if wanted:
                self.changed(wanted)


def _make_pages(root: str, orders: multiprocessing.connection.Connection) -> None:
    from publishing.preview import book  # Sphinx and Papermill: they are not to keep the first page waiting

    book.work(root, orders)


def preview(root: Path = project.ROOT, port: int | None = None, tell: Tell = print) -> None:
    """Serve the site until Ctrl+C.

    Raises:
        BuildError: if no port is free.
    """
    root = root.resolve()
    run = Preview(root, tell)
    _take_over_last_build(root)
    server = serve(run.site, port or FIRST_PORT)
    address = f"http://{HOST}:{server.server_port}/"
    if port and server.server_port != port:
        tell(f"Port {port} er opptatt.")
    tell(f"Forhåndsvisning: {address} (stopp med Ctrl+C)")
    if not forks.available():
        tell("På denne maskinen tar en endring i dataene lengre tid enn på Linux, fordi kapitlene kjøres hver for seg.")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stop = threading.Event()
    try:
        run.start_book()
        if _has_screen():
            webbrowser.open(address)
        run.watch(stop)
    except KeyboardInterrupt:
        pass
    finally:
        stop.set()
        run.stop_book()
        server.shutdown()
    tell("\nForhåndsvisningen er stoppet.")


def _take_over_last_build(root: Path) -> None:
    """Begin with the pages of the last build, so that there is something to read at once."""
    folder, built = root / FOLDER, root / "_build" / "bok"
    if folder.exists() or not (built / "html").exists():
        return
    for name in ("html", "ny"):
        shutil.copytree(built / "html", folder / name)
    if (built / "doctrees").exists():
        shutil.copytree(built / "doctrees", folder / "doctrees")


def _has_screen() -> bool:
    if os.environ.get("CI"):
        return False
    return sys.platform != "linux" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def parsed_port(given: str) -> int | None:
    """The port asked for, or None.

    Raises:
        BuildError: if it is no port.
    """
    if not given:
        return None
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise BuildError(f"PORT={given} er ikke en port. Skriv et tall mellom 1 og 65535, for eksempel PORT=8080.")
    return int(given)
