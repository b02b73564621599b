"""Sphinx in this process, set up as ``jupyter-book build`` sets it up: started once, it makes both the pages and the PDFs.

The stock commands do the same in a process each (a test runs them); here one reading serves both.
"""

from __future__ import annotations

import ctypes
import gc
import io
import multiprocessing
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publishing import garbage

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from sphinx.application import Sphinx

PDF_BUILDER = "rapportpdf"

#: Linux: the signal that a process gets when the one that started it is gone.
_PR_SET_PDEATHSIG = 1


@contextmanager
def opened(root: Path, pages: Path, doctrees: Path) -> Iterator[Sphinx]:
    """The book, open; the chapters are executed already. What Sphinx warns of is in ``app._warning``, a text stream."""
    from jupyter_book.config import get_final_config
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    settings, _ = get_final_config(
        user_yaml=root / "_config.yml", sourcedir=root,
        cli_config={"external_toc_path": (root / "_toc.yml").as_posix(), "latex_individualpages": False},
    )  # fmt: skip
    settings["rapport_execute"] = False
    with patch_docutils(None), docutils_namespace():
        yield Sphinx(
            srcdir=root, confdir=None, outdir=pages, doctreedir=doctrees, buildername="html",
            confoverrides=settings, status=None, warning=io.StringIO(), keep_going=True,
        )  # fmt: skip


def pages_and_pdfs(root: Path, pages: Path, pdfs: Path, doctrees: Path) -> str:
    """Read what has changed, write every page and every PDF, and return what Sphinx warned of.

    Everything is written anew, so nothing on a page can be older than what it was made from. The PDFs are made beside
    the pages where a process can be forked, and after them elsewhere.

    Raises:
        SphinxError: when it stopped; the message says why, and a note what was warned of before.
    """
    with opened(root, pages, doctrees) as app:
        beside = _Beside(app, pdfs) if sys.platform == "linux" else None
        app.connect("env-get-updated", lambda app, env: list(env.found_docs), priority=999)
        document = garbage.Round()
        for event in ("doctree-read", "html-page-context"):
            app.connect(event, document)
        if beside:
            app.connect("env-check-consistency", lambda app, env: beside.start(), priority=999)
        warnings = ""
        try:
            app.build()
            warnings = _taken(app)
            return warnings + (beside.finish() if beside else _write_pdfs(app, pdfs))
        except Exception as error:
            error.add_note(warnings + _taken(app))
            raise
        finally:
            if beside:
                beside.stop()


def _write_pdfs(app: Sphinx, folder: Path) -> str:
    """Make every PDF of the documents that have been read; return what Sphinx warned of."""
    folder.mkdir(parents=True, exist_ok=True)
    builder: Any = app.create_builder(PDF_BUILDER)
    builder.outdir = type(app.outdir)(folder)
    app.builder = builder  # the transforms ask it what it can show
    builder.init()
    builder.write(None, [], "all")
    return _taken(app)


def _taken(app: Sphinx) -> str:
    stream: io.StringIO = app._warning  # type: ignore[assignment]
    text = stream.getvalue()
    stream.seek(0)
    stream.truncate()
    return text


class _Beside:
    """The making of the PDFs in a fork of this process, which has read the book."""

    def __init__(self, app: Sphinx, folder: Path) -> None:
        self._app, self._folder = app, folder
        self._process: Any = None

    def start(self) -> None:
        # What was warned of so far is told by this process.
        fork = multiprocessing.get_context("fork")
        self._answer, theirs = fork.Pipe(duplex=False)
        self._process = fork.Process(target=_pdfs_in_fork, args=(self._app, self._folder, theirs, os.getpid()))
        self._process.start()
        theirs.close()

    def finish(self) -> str:
        """Wait for the PDFs; return what Sphinx warned of, or raise what stopped it."""
        try:
            found = self._answer.recv()
        except EOFError:
            raise RuntimeError("the process that makes the PDFs ended without an answer") from None
        if isinstance(found, BaseException):
            raise found
        return found

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()


def _pdfs_in_fork(app: Sphinx, folder: Path, answer: Connection, parent: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # a build that is killed leaves nobody who writes on
    if os.getppid() != parent:
        os._exit(1)
    _taken(app)
    gc.freeze()  # what is shared with the process it was forked from is not looked through, which would copy it
    try:
        found: Any = _write_pdfs(app, folder)
    except Exception as error:
        found = error
    try:
        answer.send(found)
    except Exception:  # an error that does not pickle
        answer.send(RuntimeError(str(found)))


def faults(output: str, root: Path) -> list[str]:
    """The lines of the book tool's output that tell what is wrong, with paths as a workgroup knows them."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output).replace(f"{root}{os.sep}", "")
    # The tool counts lines of a notebook in a way of its own (ten thousand for each cell), which helps nobody find the place.
    plain = re.sub(r"(\.ipynb):\d{5,}", r"\1", plain)
    # Warnings and errors are one line each.
    found = re.findall(r"^(.*\b(?:WARNING|ERROR|CRITICAL): .*)$", plain, re.MULTILINE)
    found = [re.sub(r"\b(WARNING|ERROR|CRITICAL): ", "", line).strip() for line in found] or plain.strip().splitlines()[
        -3:
    ]
    return [*dict.fromkeys(found)]


def stopped(error: BaseException, root: Path) -> list[str]:
    """What stopped the book tool, and what it warned of before.

    It is the lines of the message of one of its own errors, or the last words of another.
    """
    from sphinx.errors import SphinxError

    text = str(error).replace(f"{root}{os.sep}", "")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or not isinstance(error, SphinxError):
        lines = [f"{type(error).__name__}: {text}"]
    return [*dict.fromkeys([*lines, *faults("\n".join(getattr(error, "__notes__", ())), root)])]
