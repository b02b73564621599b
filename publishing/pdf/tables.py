"""The shape of a table on paper: how wide its columns are, and whether it needs a page on its side.

Widths are estimated from the number and kind of letters. That is good to a few per cent,
which is enough to share out a page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from docutils import nodes

#: Room for a table in points, upright and on its side, as ``template.typ`` sets the margins.
UPRIGHT = 436.0
SIDEWAYS = 680.0

#: Size of the letters in a table, in points (a little more than it is, for bold headings and sums are wider),
#: and the room kept clear around the text of a cell.
SIZE = 9.0 * 1.06
PADDING = 11.0

#: A column of running text is hard to read when it is narrower than this, in points.
READABLE = 66.0

#: A column is kept on one line if its longest text is not longer than this, in points, and there is room.
SHORT = 88.0

#: A table with at most this many lines of text is kept on one page.
LINES_TOGETHER = 17

#: A table with at most this many rows is set narrower before it gets a page on its side.
FEW_ROWS = 8

#: In how many steps what is left of the width is handed out.
_STEPS = 60

_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[] \u00a0\u202f/-"), frozenset("mwMW%@—")


@dataclass(frozen=True)
class Shape:
    """A table taken apart: rows of the header and the body, and for each column its share of the width.

    ``numeric`` tells which columns are numbers, ``total`` that the last row is a sum, ``landscape`` that it
    needs a page on its side, ``together`` that it is short enough to stand on one page.
    """

    widths: tuple[float, ...]
    numeric: tuple[bool, ...]
    header: tuple[nodes.Element, ...]
    body: tuple[nodes.Element, ...]
    total: bool
    landscape: bool
    together: bool


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column asks for, in points: room for its longest word, and for its longest text on one line."""

    least: float
    whole: float
    numeric: bool


def shape(table: nodes.Element) -> Shape:
    """Decide the shape of a docutils table."""
    group = next(child for child in table.children if isinstance(child, nodes.tgroup))
    header = [row for part in group.children if isinstance(part, nodes.thead) for row in part.children]
    body = [row for part in group.children if isinstance(part, nodes.tbody) for row in part.children]
    count = sum(isinstance(child, nodes.colspec) for child in group.children)
    columns = [_column(header, body, number) for number in range(count)]
    crowded = sum(_wanted(column) for column in columns) > UPRIGHT
    # A few rows are no reason to turn the page, as long as every word has room.
    few = len(body) <= FEW_ROWS and sum(column.least for column in columns) <= UPRIGHT
    landscape = crowded and not few
    room = SIDEWAYS if landscape else UPRIGHT
    widths = _share(columns, [_asked(row, columns) for row in [*header, *body]], room)
    lines = sum(_lines(row, widths) for row in [*header, *body])
    return Shape(
        widths=tuple(round(100 * width / sum(widths), 1) for width in widths),
        numeric=tuple(column.numeric for column in columns),
        header=tuple(header),
        body=tuple(body),
        total=bool(body) and "sum" in body[-1]["classes"],
        landscape=landscape,
        together=lines <= LINES_TOGETHER,
    )


def text_width(text: str) -> float:
    """The width of ``text`` on one line, in points."""
    return SIZE * sum(0.29 if letter in _NARROW else 0.8 if letter in _WIDE else 0.6 if letter.isupper() else 0.51 for letter in text)  # fmt: skip


def _column(header: list[nodes.Element], body: list[nodes.Element], number: int) -> _Column:
    head = [text for row in header if (text := _text(row, number))]
    cells = [text for row in body if (text := _text(row, number))]
    numeric = any("tall" in entry["classes"] for row in body for entry in row.children[number : number + 1])
    least = max((text_width(word) for text in head + cells for word in text.split(" ")), default=0.0)
    if not numeric:
        return _Column(least + PADDING, max(map(text_width, head + cells), default=0.0) + PADDING, numeric)
    # A number is never broken over two lines, though a status word after it may be. Its heading may take two lines.
    least = max([least, *(text_width(text) for text in cells if len(text) <= 22)])
    whole = max([least, *(text_width(text) for text in cells), *(0.62 * text_width(text) for text in head)])
    return _Column(least + PADDING, whole + PADDING, numeric)


def _text(row: nodes.Element, number: int) -> str:
    """The text in a column of a row; a cell that spans several columns asks for room in none of them."""
    entries = row.children
    if number >= len(entries) or any(entry.get("morecols") for entry in entries):
        return ""
    return entries[number].astext().replace("\n", " ")


def _asked(row: nodes.Element, columns: list[_Column]) -> list[float]:
    """Room for each text of a row on one line; the heading of a column of numbers may take two."""
    texts = [_text(row, number) for number in range(len(columns))]
    return [
        min(text_width(text) + PADDING, column.whole) if text else 0.0
        for text, column in zip(texts, columns, strict=True)
    ]


def _wanted(column: _Column) -> float:
    """What a column needs to be readable."""
    return column.least if column.numeric else max(column.least, min(column.whole, READABLE))


def _share(columns: list[_Column], rows: list[list[float]], room: float) -> list[float]:
    """Widths in points that add up to ``room``: first what each column needs, then the rest where it helps most."""
    widths = [_wanted(column) for column in columns]
    if sum(widths) >= room:
        least = [column.least for column in columns]
        if sum(least) > room:
            return [width * room / sum(widths) for width in widths]
        give = (room - sum(least)) / (sum(widths) - sum(least) or 1.0)
        return [low + give * (width - low) for low, width in zip(least, widths, strict=True)]
    # A few words are best on one line, where that does not cost the longer texts much.
    one_line = [
        max(width, column.whole) if column.whole <= SHORT else width
        for width, column in zip(widths, columns, strict=True)
    ]
    if sum(one_line) <= 0.8 * room:
        widths = one_line
    widths = _relieved(widths, rows, room - sum(widths))
    # Columns of numbers are compared with each other, and are calmer to look at when alike.
    widest = max((width for width, column in zip(widths, columns, strict=True) if column.numeric), default=0.0)
    alike = [max(widest, width) if column.numeric else width for width, column in zip(widths, columns, strict=True)]
    if sum(alike) <= room:
        widths = alike
    spare = room - sum(widths)
    return [width + spare * width / sum(widths) for width in widths]


def _relieved(widths: list[float], rows: list[list[float]], spare: float) -> list[float]:
    """Columns widened step by step, each step where it makes the table lower, until every text fits or all is used.

    ``rows`` are the widths of the texts, on one line, row by row.
    """
    widths = list(widths)
    step = spare / _STEPS
    for _ in range(_STEPS):
        gain = [0.0] * len(widths)
        for row in rows:
            tallest = max(range(len(row)), key=lambda number: row[number] / widths[number])
            if row[tallest] > widths[tallest]:
                gain[tallest] += row[tallest] / widths[tallest] ** 2
        if not any(gain):
            break
        widths[gain.index(max(gain))] += step
    return widths


def _lines(row: nodes.Element, widths: list[float]) -> int:
    """How many lines the tallest cell of a row takes, roughly."""
    return max(
        (math.ceil(text_width(_text(row, number)) / max(width - PADDING, 1) * 1.1) for number, width in enumerate(widths)),
        default=1,
    ) or 1  # fmt: skip
