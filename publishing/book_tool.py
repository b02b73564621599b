"""Sphinx in this process, set up as ``jupyter-book build`` sets it up: started once, it makes both the pages and the PDFs.

The stock commands do the same in a process each (a test runs them); here one reading serves both.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publishing import ahead, forks, garbage

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PDF_BUILDER = "rapportpdf"


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


def pages_and_pdfs(
    root: Path, pages: Path, pdfs: Path, doctrees: Path, meanwhile: Callable[[], None] = lambda: None
) -> str:
    """Read what has changed, write every page and every PDF, and return what Sphinx warned of.

    Everything is written anew, so nothing on a page can be older than what it was made from. Where a process can be
    forked, charts are drawn beside the reading, and the PDFs made beside the pages. ``meanwhile`` is called when all
    pages are there and Sphinx has warned of nothing.

    Raises:
        SphinxError: when it stopped; the message says why, and a note what was warned of before.
    """
    with opened(root, pages, doctrees) as app, forks.Forks() as beside:
        app.connect("env-get-updated", lambda app, env: list(env.found_docs), priority=999)
        document = garbage.Round()
        for event in ("doctree-read", "html-page-context"):
            app.connect(event, document)
        if forks.available():

            def reading(app: Sphinx, env: Any, docnames: list[str]) -> None:
                if len(docnames) > 1:
                    beside.start("charts", ahead.draw, root, sorted(docnames))

            def read(app: Sphinx, env: Any) -> None:
                beside.stop("charts")
                beside.start("PDFs", _pdfs_beside, app, pdfs)

            app.connect("env-before-read-docs", reading, priority=999)
            app.connect("env-check-consistency", read, priority=999)
        warnings = ""
        try:
            app.build()
            warnings = _taken(app)
            if not warnings:
                meanwhile()
            return warnings + (beside.result("PDFs") if forks.available() else _write_pdfs(app, pdfs))
        except Exception as error:
            error.add_note(warnings + _taken(app))
            raise


def _write_pdfs(app: Sphinx, folder: Path) -> str:
    """Make every PDF of the documents that have been read; return what Sphinx warned of."""
    folder.mkdir(parents=True, exist_ok=True)
    builder: Any = app.create_builder(PDF_BUILDER)
    builder.outdir = type(app.outdir)(folder)
    app.builder = builder  # the transforms ask it what it can show
    builder.init()
    builder.write(None, [], "all")
    return _taken(app)


def _pdfs_beside(app: Sphinx, folder: Path) -> str:
    _taken(app)  # what was warned of so far is told by the process that makes the pages
    return _write_pdfs(app, folder)


def _taken(app: Sphinx) -> str:
    stream: io.StringIO = app._warning  # type: ignore[assignment]
    text = stream.getvalue()
    stream.seek(0)
    stream.truncate()
    return text


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
