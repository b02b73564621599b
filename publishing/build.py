"""The whole way from data to reports, in order; nothing published is touched before everything has passed."""

from __future__ import annotations

import contextlib
import json
import shutil
import traceback
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout  # a build that is killed leaves no lock, on every system

from publishing import (
    book_tool,
    checking,
    digests,
    disk,
    editions,
    execution,
    garbage,
    last_build,
    project,
    publication,
    single_file,
    versions,
)
from publishing.errors import BuildError
from publishing.last_build import Result
from publishing.pdf.compiling import ARCHIVE

BOOK = Path("_build") / "bok"
LOG = Path("_build") / "bok.log"
LOCK = Path("_build") / "bygging.lock"

#: Seconds to wait for another build in the same folder.
PATIENCE = 600

#: What Sphinx leaves beside the pages for builds to come, and for other books.
_NOT_PUBLISHED = (".buildinfo", "objects.inv")

Tell = Callable[[str], None]


def build(root: Path = project.ROOT, tell: Tell = print, workers: int | None = None, scheduler: str = "") -> Result:
    """Build site, PDFs and key figures, and publish them in ``reports/`` when all of it has passed.

    ``workers`` chapters run at a time, or as many as there are processors; with ``scheduler``
    they run on the Dask cluster at that address. A second build in the same folder waits for the first.

    Raises:
        BuildError: with every fault found, in bokmål; ``reports/`` is then exactly as it was.
    """
    try:
        (root / LOCK).parent.mkdir(exist_ok=True)
        with _alone(root, tell), garbage.looked_for_when_told():
            return _build(root, tell, workers, scheduler)
    except OSError as error:
        if told := disk.told(error):
            raise told from error
        raise


def _alone(root: Path, tell: Tell) -> FileLock:
    """The lock of the folder, taken."""
    lock = FileLock(root / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        tell("En annen bygging pågår i denne mappen. Venter til den er ferdig.")
        try:
            lock.acquire(timeout=PATIENCE)
        except Timeout:
            raise BuildError(
                f"En annen bygging i denne mappen er ikke ferdig etter {PATIENCE // 60} minutter. Stopp den, og prøv igjen."
            ) from None
    return lock


def _build(root: Path, tell: Tell, workers: int | None, scheduler: str) -> Result:
    publication.recover(root)
    if result := last_build.unchanged(root):
        return result
    made_from = last_build.sources(root)
    last_build.begin(root)
    with execution.started_for_many(root, workers) if not scheduler else contextlib.nullcontext() as executor:
        tell("1/4 Kontrollerer dataene og tekstene")
        checking.check(root)
        editions.frozen(root)
        names, papers = project.chapters(root), project.papers(root)
        tell("2/4 Kjører kapitlene")
        summary = execution.execute_all(
            root, lambda line: tell(f"    {line}"), workers, executor=executor, scheduler=scheduler
        )
    if not summary.executed:
        tell("    Ingen kapitler er endret; ingen måtte kjøres.")
    editions.demand_new_name(root)  # not before the chapters: they tell better than a traceback what stops the analysis
    tell("3/4 Bygger nettstedet og PDF-ene")
    _make_book(root)
    tell("4/4 Kontrollerer og publiserer")
    figures = _key_figures()
    _stage(root, names, papers, figures)
    if last_build.sources(root) != made_from:
        raise BuildError("Noen endret filer mens rapportene ble bygget. Bygg en gang til.")
    publication.publish(root)
    result = Result(
        chapters=summary.chapters,
        executed=summary.executed,
        pages=len(names),
        pdfs=tuple(f"{paper.slug}.pdf" for paper in papers),
        key_figures=len(figures),
    )
    last_build.done(root, made_from, result)
    return result


def _make_book(root: Path) -> None:
    """Make the pages, the PDFs and the single files, with every warning counted as a fault."""
    for name in ("html", "pdf", single_file.FOLDER):
        shutil.rmtree(root / BOOK / name, ignore_errors=True)
    pages = root / BOOK / "html"
    more = f"Hele loggen fra bokverktøyet (på engelsk) ligger i {LOG.as_posix()}."
    try:
        output = book_tool.pages_and_pdfs(
            root, pages, root / BOOK / "pdf", root / last_build.DOCTREES,
            meanwhile=lambda: single_file.write_all(root, pages, root / BOOK / single_file.FOLDER),
        )  # fmt: skip
    except BuildError:
        raise
    except Exception as error:  # Sphinx and what it calls raise many kinds
        (root / LOG).write_text(traceback.format_exc(), "utf-8")
        if told := disk.told(error):
            raise told from error
        raise BuildError(*book_tool.stopped(error, root), more) from error
    (root / LOG).write_text(output, "utf-8")
    if output.strip():
        raise BuildError(*book_tool.faults(output, root), more)


def _key_figures() -> list[dict[str, object]]:
    """Every published key figure, computed by the checkout's own analysis."""
    from analysis import keyfigures

    return [value.as_record() for value in keyfigures.published()]


def _stage(
    root: Path, names: tuple[str, ...], papers: tuple[project.Report, ...], figures: list[dict[str, object]]
) -> None:
    """Lay the new edition ready beside the old one, and make sure that it is whole."""
    stage, pages, pdfs = publication.stage(root), root / BOOK / "html", root / BOOK / "pdf"
    # An upgrade of the book tool once published an empty site with a green build: believe only what is there.
    missing = [f"{name}.html" for name in names if not (pages / f"{name}.html").is_file()] + [
        f"{paper.slug}.pdf" for paper in papers if not (pdfs / f"{paper.slug}.pdf").is_file()
    ]
    if missing:
        raise BuildError(*(f"Bokverktøyet laget ikke {name}." for name in missing))
    shutil.copytree(pages, stage / "html", ignore=shutil.ignore_patterns(*_NOT_PUBLISHED))
    (stage / "pdf" / ARCHIVE).mkdir(parents=True)
    for paper in papers:
        shutil.copy2(pdfs / f"{paper.slug}.pdf", stage / "pdf")
        if paper.slug != project.GUIDE:  # the archive keeps what councils decide on
            shutil.copy2(pdfs / ARCHIVE / f"{paper.slug}.pdf", stage / "pdf" / ARCHIVE)
    shutil.copytree(root / BOOK / single_file.FOLDER, stage / single_file.FOLDER)
    _write_json(stage / "nokkeltall.json", figures)
    for edition in editions.frozen(root):
        shutil.copytree(edition.folder, stage / editions.FOLDER / edition.slug)
    _write_json(stage / "utgave.json", _facts(root, stage))


def _facts(root: Path, stage: Path) -> dict[str, object]:
    """What the edition is, and the SHA-256 of all that it was made from and of each of its files."""
    edition = project.edition(root)
    return {
        "navn": edition.name,
        "dato": edition.date.isoformat(),
        "status": edition.state,
        "versjon": versions.version(root),
        "laget_av": digests.parts(root),
        "filer": {path.relative_to(stage).as_posix(): digests.of_file(path) for path in digests.files(stage, Path())},
    }


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8", newline="\n")
