"""Two copies of the project to measure in: one built our way, one the stock way, and the edits that are measured.

The stock way is what Papermill and Jupyter Book do without this project's code: a ``papermill`` command for each notebook, then
``jupyter-book build`` of the executed notebooks with a configuration of a few lines.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import yaml

from benchmarks.measuring import python
from publishing import project

Command = list[str | Path]

#: Where the executed notebooks lie that the stock book is made of.
STOCK_BOOK = "stock"

#: The chapter and the sentence of the prose edit, and the row and the value of the data edit.
CHAPTER = "book/sentralbord/dagens-situasjon"
MARK = "Målt endring"
DATA = Path("data") / "forutsetninger.csv"
ROW = re.compile(r"^(horisont,[^,]*,5,)\d+(,15,)", re.MULTILINE)

_COPIED = ("analysis", "book", "data", "publishing", "utgaver", "_config.yml", "_toc.yml")

_STOCK_CONFIG = {
    "title": "Stock",
    "only_build_toc_files": True,
    "execute": {"execute_notebooks": "off"},
    "parse": {"myst_enable_extensions": ["attrs_inline", "colon_fence", "deflist"]},
}


def copied(target: Path, root: Path = project.ROOT) -> Path:
    """A copy of the project without anything built, in a folder that is there no longer; returns the folder."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in _COPIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
        elif source.exists():
            shutil.copyfile(source, target / name)
    return target


def lay_out_stock_book(folder: Path) -> None:
    """Lay the stock book ready: its configuration, and every page that is not executed."""
    book = folder / STOCK_BOOK
    shutil.rmtree(book, ignore_errors=True)
    book.mkdir()
    shutil.copyfile(folder / "_toc.yml", book / "_toc.yml")
    (book / "_config.yml").write_text(yaml.safe_dump(_STOCK_CONFIG), "utf-8")
    executed = {chapter.docname for chapter in project.notebooks(folder)}
    for docname in project.chapters(folder):
        (book / docname).parent.mkdir(parents=True, exist_ok=True)
        if docname not in executed:
            shutil.copyfile(folder / f"{docname}.md", book / f"{docname}.md")


def stock_execution(folder: Path, only: str = "") -> Iterator[Command]:
    """The stock command for each chapter, or for one."""
    for chapter in project.notebooks(folder):
        if only in ("", chapter.docname):
            target = folder / STOCK_BOOK / f"{chapter.docname}.ipynb"
            parameters = yaml.safe_dump(chapter.parameters, allow_unicode=True)
            options = ["-k", "python3", "--no-progress-bar", "--cwd", folder, "-y", parameters]
            yield python("-m", "papermill", chapter.notebook, target, *options)


def stock_build() -> Command:
    """The stock command for the site."""
    return python("-c", "from jupyter_book.cli.main import main; main()", "build", STOCK_BOOK)


def our_build() -> Command:
    """Our command for everything: checks, chapters, site, PDFs, single files."""
    return python("-m", "publishing", "build")


def edit_prose(folder: Path, number: int) -> str:
    """Write a new sentence in a chapter; returns the sentence."""
    path = folder / f"{CHAPTER}.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    first = notebook["cells"][0]
    sentence = f"{MARK} {'abcdefghij'[number % 10] * 3}."  # no figure: it would need a source
    first["source"] = f"{''.join(first['source']).partition(f'{MARK} ')[0].rstrip()}\n\n{sentence}"
    beside = path.with_suffix(".ny")
    beside.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf-8")
    beside.replace(path)
    return sentence


def edit_data(folder: Path, number: int) -> None:
    """Change one value in one row: how many years a gain lasts, which every cost over time depends on."""
    path = folder / DATA
    text, found = ROW.subn(rf"\g<1>{9 - number % 4}\2", path.read_text("utf-8"))
    if found != 1:
        raise ValueError(f"{DATA} has no such row any more: {ROW.pattern}")
    path.write_text(text, "utf-8", newline="\n")
