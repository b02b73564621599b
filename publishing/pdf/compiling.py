"""Runs Typst: source in, archivable and accessible PDF out, the same bytes every time."""

from __future__ import annotations

import datetime as dt
import shutil
from functools import cache
from pathlib import Path

import typst

from analysis import palette

FONTS = Path(__file__).parents[1] / "fonts"
TEMPLATES = tuple(sorted(Path(__file__).parent.glob("*.typ")))

#: PDF/UA-1 (accessible), and what archives take: PDF/A-3a may hold other files, PDF/A-2a may not.
#: Typst refuses what breaks them, such as a skipped heading level.
STANDARDS = ["ua-1", "a-3a"]
ARCHIVE_STANDARDS = ["ua-1", "a-2a"]

#: The folder of the archive's edition, beside the others.
ARCHIVE = "arkiv"

#: The colours of the template, so that paper, charts and site have the same.
_COLOURS = {"ink": palette.INK, "muted": palette.MUTED, "line": palette.LINE, "accent": palette.ACCENT}

#: How many compilations Typst's Python library remembers.
_REMEMBERED = 10


class TypesettingError(Exception):
    """Typst could not make the PDF; the message says why."""


@cache
def fonts() -> typst.Fonts:
    """The fonts of the reports, and no others."""
    # Typst's own fonts are shut out too: what our fonts lack shall stop the build, not change the look.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def report(source: str, slug: str, date: dt.date, root: Path, folder: Path) -> Path:
    """Write ``<folder>/<slug>.pdf`` with its attachments, and ``<folder>/arkiv/<slug>.pdf`` without them.

    The source and the templates are left under ``<folder>/typst/`` to look into. ``root`` is the folder that
    absolute paths of pictures and attachments start from; ``folder`` lies inside it.

    Raises:
        TypesettingError: if Typst fails, or warns.
    """
    sources = folder / "typst"
    sources.mkdir(parents=True, exist_ok=True)
    for template in TEMPLATES:
        shutil.copyfile(template, sources / template.name)
    main = sources / f"{slug}.typ"
    main.write_text(source, "utf-8", newline="\n")
    target, archived = folder / f"{slug}.pdf", folder / ARCHIVE / f"{slug}.pdf"
    archived.parent.mkdir(exist_ok=True)
    for path, archive in ((target, False), (archived, True)):
        path.unlink(missing_ok=True)
        path.write_bytes(pdf(main, date, root, archive))
    _forget()
    return target


def _forget() -> None:
    """Have Typst forget the report.

    Typst keeps what one of its last ten compilations used, which is hundreds of MB for a long report, and the next report
    has no use for it. Nothing but compilations makes it forget, so it gets empty ones.
    """
    for _ in range(_REMEMBERED + 1):
        typst.compile(b"", font_paths=fonts(), ignore_system_fonts=True)


def pdf(main: Path, date: dt.date, root: Path, archive: bool = False) -> bytes:
    """The PDF of a Typst file, dated noon of ``date`` so that the same source gives the same bytes.

    The one for the ``archive`` is without attachments.

    Raises:
        TypesettingError: if Typst fails, or warns.
    """
    # Where things stand depends on what stands before them, and Typst gives up after five attempts to find out. In a long
    # report that is too few; then the last row of a table may come alone on a page. And which page a figure belongs to can
    # depend on itself; then a figure stands where it is written: the first one that helps, or all of them.
    figures = main.read_text("utf-8").count("\nchart(")
    for stay in ("", "tables", *map(str, range(figures)), "all"):
        content, warnings = _compiled(main, date, root, archive, stay)
        if not any("converge" in warning for warning in warnings):
            break
    if warnings:
        raise TypesettingError("\n".join(warnings))
    return content


def _compiled(main: Path, date: dt.date, root: Path, archive: bool, stay: str = "") -> tuple[bytes, list[str]]:
    """The PDF and Typst's warnings.

    A figure without room moves to the top of the next page, unless ``stay`` is its number, from 0, or «all»; a table ends with
    two rows on a page, unless it is «tables» or «all».
    """
    noon = dt.datetime.combine(date, dt.time(12), dt.UTC)
    inputs = _COLOURS | {"archive": str(archive).lower(), "stay": stay}
    try:
        content, warnings = typst.compile_with_warnings(
            main, root=root, font_paths=fonts(), ignore_system_fonts=True, format="pdf", sys_inputs=inputs,
            pdf_standards=ARCHIVE_STANDARDS if archive else STANDARDS, timestamp=noon,
        )  # fmt: skip
    except typst.TypstError as error:
        raise TypesettingError("\n".join([error.message, *error.hints, error.diagnostic])) from error
    return content, [warning.message for warning in warnings]
