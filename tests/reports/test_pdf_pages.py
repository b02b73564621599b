"""The pages of the PDFs as a reader turns them: none half empty without a reason, no heading left at a foot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pypdf

#: Points. Below this stand only the page number and footnotes' last line.
FOOT = 62

#: A page that goes on to the next must be filled this far down, as a share of its height.
FILLED = 0.55


@dataclass(frozen=True)
class Line:
    """A piece of text: its height above the foot of the page and its size (points), and its words."""

    height: float
    size: float
    heading: bool
    words: str


@dataclass(frozen=True)
class Page:
    """What stands on a page, top to bottom, without page number and running header."""

    tall: float
    wide: float
    lines: tuple[Line, ...]

    @property
    def filled(self) -> float:
        """How far down the text reaches: 0 at the top, 1 at the bottom."""
        return 1 - min((line.height for line in self.lines), default=self.tall) / self.tall

    @property
    def begins_chapter(self) -> bool:
        return bool(self.lines) and max(self.lines, key=lambda line: line.height).size >= 20


@cache
def pages(pdf: Path) -> tuple[Page, ...]:
    return tuple(_page(page) for page in pypdf.PdfReader(pdf).pages)


def _page(page: pypdf.PageObject) -> Page:
    found: list[Line] = []

    def visit(text: str, cm: list[float], tm: list[float], font: dict | None, size: float) -> None:
        if not text.strip() or font is None:
            return
        height = cm[3] * tm[5] + cm[5] if cm[3] > 0 else cm[5] + cm[3] * tm[5]
        real = abs(size * tm[3] * cm[3])
        bold = "SemiBold" in str(font.get("/BaseFont", ""))
        found.append(Line(height, real, bold and round(real, 1) in (11.5, 14, 21), text.strip()))

    page.extract_text(visitor_text=visit)
    tall, wide = float(page.mediabox.height), float(page.mediabox.width)
    return Page(tall, wide, tuple(line for line in found if FOOT < line.height < tall - 60))


def test_no_page_is_left_half_empty(pdf: Path) -> None:
    turned = list(zip(pages(pdf)[2:], pages(pdf)[3:], strict=False))
    empty = [
        f"side {number}: {page.filled:.0%}"
        for number, (page, following) in enumerate(turned, start=3)
        if page.filled < FILLED and not following.begins_chapter and page.tall > page.wide and following.tall > following.wide
    ]
    assert not empty


def rows_by_page(pdf: Path) -> list[list[int]]:
    """For every table, how many rows of its body begin on each page it stands on."""
    reader = pypdf.PdfReader(pdf)
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages, start=1)}

    def children(node: pypdf.generic.DictionaryObject) -> list[pypdf.generic.PdfObject]:
        inside = node.get("/K", [])
        inside = inside.get_object() if hasattr(inside, "get_object") else inside
        return [child.get_object() for child in (inside if isinstance(inside, list) else [inside])]

    def below(node: pypdf.generic.PdfObject) -> Iterator[pypdf.generic.DictionaryObject]:
        if isinstance(node, pypdf.generic.DictionaryObject):
            yield node
            for child in children(node):
                yield from below(child)

    def page_of(row: pypdf.generic.DictionaryObject) -> int:
        return next(numbers[part.raw_get("/Pg").idnum] for part in below(row) if "/Pg" in part)

    tables = [node for node in below(reader.root_object["/StructTreeRoot"]) if node.get("/S") == "/Table"]
    bodies = [[body for body in below(table) if body.get("/S") == "/TBody"] for table in tables]
    rows = [[page_of(row) for body in found for row in below(body) if row.get("/S") == "/TR"] for found in bodies]
    return [[pages.count(page) for page in sorted(set(pages))] for pages in rows]


def test_no_row_of_a_table_stands_alone_on_a_page(pdf: Path) -> None:
    tables = rows_by_page(pdf)
    assert sum(map(sum, tables)) > len(tables) > 0
    assert [f"tabell {number}: {rows}" for number, rows in enumerate(tables, start=1) if len(rows) > 1 and 1 in rows] == []


def test_no_heading_ends_a_page(pdf: Path) -> None:
    alone = [
        f"side {number}: {last.words}"
        for number, page in enumerate(pages(pdf)[2:], start=3)
        if page.lines and (last := min(page.lines, key=lambda line: line.height)).heading
    ]
    assert not alone


def test_the_measure_sees_headings_and_how_far_a_page_is_filled(pdf: Path) -> None:
    first = pages(pdf)[2]
    assert first.begins_chapter
    assert [line for line in first.lines if line.heading]
    assert 0.2 < first.filled <= 1
