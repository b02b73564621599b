"""The whole way from data to reports, in order; nothing published is touched before everything has passed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from publishing import checking, editions, execution, project, single_file
from publishing.errors import BuildError
from publishing.pdf.compiling import ARCHIVE

PDF_BUILDER = "rapportpdf"
LOG = Path("_build") / "bok.log"
STAGE = Path("_build") / "ny-utgave"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What was built: chapters in the book, notebooks executed now, pages of the site, PDFs and key figures."""

    chapters: int
    executed: int
    pages: int
    pdfs: tuple[str, ...]
    key_figures: int


def build(root: Path = project.ROOT, tell: Tell = print, scheduler: str = "") -> Result:
    """Build site, PDFs and key figures, and publish them in ``reports/`` when all of it has passed.

    Raises:
        BuildError: with every fault found, in bokmål; ``reports/`` is then exactly as it was.
    """
    tell("1/5 Kontrollerer dataene og tekstene")
    checking.check(root)
    editions.frozen(root)
    project.chapters(root)
    papers = project.papers(root)
    tell("2/5 Kjører kapitlene")
    summary = execution.execute_all(root, tell=lambda line: tell(f"    {line}"), scheduler=scheduler)
    if not summary.executed:
        tell("    Ingen kapitler er endret; ingen måtte kjøres.")
    editions.demand_new_name(root)  # not before the chapters: they tell better than a traceback what stops the analysis
    tell("3/5 Bygger nettstedet")
    _jupyter_book(root, [])
    tell("4/5 Lager PDF-ene")
    _jupyter_book(root, ["--builder", "custom", "--custom-builder", PDF_BUILDER])
    tell("5/5 Kontrollerer og publiserer")
    figures = _key_figures(root)
    _stage(root, papers, figures)
    _publish(root)
    return Result(
        chapters=summary.chapters,
        executed=summary.executed,
        pages=len(project.chapters(root)),
        pdfs=tuple(f"{paper.slug}.pdf" for paper in papers),
        key_figures=len(figures),
    )


def _jupyter_book(root: Path, options: list[str]) -> None:
    """Run the stock command, with every warning counted as a fault, and tell its faults without its chatter."""
    # What the `jupyter-book` script does, without having to find the script.
    stock = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", stock, "build", ".", "--warningiserror", "--keep-going", *options]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1", "NO_COLOR": "1"}
    run = subprocess.run(
        command, cwd=root, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    (root / LOG).parent.mkdir(exist_ok=True)
    (root / LOG).write_text(run.stdout, "utf-8")
    if run.returncode == 0:
        return
    raise BuildError(*faults(run.stdout, root), f"Hele loggen fra bokverktøyet (på engelsk) ligger i {LOG.as_posix()}.")


def faults(output: str, root: Path) -> list[str]:
    """The lines of the book tool's output that tell what is wrong, with paths as a workgroup knows them."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output).replace(f"{root}{os.sep}", "")
    # The tool counts lines of a notebook in a way of its own (ten thousand for each cell), which helps nobody find the place.
    plain = re.sub(r"(\.ipynb):\d{5,}", r"\1", plain)
    # Warnings and errors are one line each; what stopped the tool is the message of the exception, up to a blank line.
    found = [*re.findall(r"^(.*\b(?:WARNING|ERROR|CRITICAL): .*)$", plain, re.MULTILINE)]
    for message in re.findall(r"^sphinx\.errors\.\w+: ((?:.+\n)+)", plain, re.MULTILINE):
        found += message.splitlines()
    found = [re.sub(r"\b(WARNING|ERROR|CRITICAL): ", "", line).strip() for line in found] or plain.strip().splitlines()[
        -3:
    ]
    return [*dict.fromkeys(found)]


def _key_figures(root: Path) -> list[dict[str, object]]:
    """Every published key figure, computed by the checkout's own analysis."""
    from analysis import keyfigures

    return [value.as_record() for value in keyfigures.published()]


def _stage(root: Path, papers: tuple[project.Report, ...], figures: list[dict[str, object]]) -> None:
    """Lay the new edition ready beside the old one, and make sure that it is whole."""
    stage = root / STAGE
    shutil.rmtree(stage, ignore_errors=True)
    built_html, built_pdf = root / "_build" / "html", root / "_build" / PDF_BUILDER
    # An upgrade of the book tool once published an empty site with a green build: believe only what is there.
    missing = [f"{name}.html" for name in project.chapters(root) if not (built_html / f"{name}.html").is_file()] + [
        f"{paper.slug}.pdf" for paper in papers if not (built_pdf / f"{paper.slug}.pdf").is_file()
    ]
    if missing:
        raise BuildError(*(f"Bokverktøyet laget ikke {name}." for name in missing))
    shutil.copytree(built_html, stage / "html", ignore=shutil.ignore_patterns(".buildinfo", "objects.inv", ".doctrees"))
    (stage / "pdf").mkdir()
    (stage / "pdf" / ARCHIVE).mkdir()
    for paper in papers:
        shutil.copy2(built_pdf / f"{paper.slug}.pdf", stage / "pdf")
        if paper.slug != project.GUIDE:  # the archive keeps what councils decide on
            shutil.copy2(built_pdf / ARCHIVE / f"{paper.slug}.pdf", stage / "pdf" / ARCHIVE)
    single_file.write_all(root, built_html, stage / single_file.FOLDER)
    (stage / "nokkeltall.json").write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", "utf-8")
    for edition in editions.frozen(root):
        shutil.copytree(edition.folder, stage / editions.FOLDER / edition.slug)


def _publish(root: Path) -> None:
    """Put the new edition in the place of the old one, by renaming, so that no reader meets half of it."""
    target, old = root / "reports", root / "_build" / "forrige-utgave"
    shutil.rmtree(old, ignore_errors=True)
    old.mkdir(parents=True)
    target.mkdir(exist_ok=True)
    for name in ("html", "pdf", single_file.FOLDER, "nokkeltall.json", editions.FOLDER):
        if (target / name).exists():
            (target / name).rename(old / name)
        if (root / STAGE / name).exists():  # there may be no earlier editions
            (root / STAGE / name).rename(target / name)
    shutil.rmtree(old)
    shutil.rmtree(root / STAGE)
