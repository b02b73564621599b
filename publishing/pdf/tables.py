"""The shape of a table on paper: how wide its columns are, and whether it needs a page on its side.

Widths are those of the letters, without kerning: enough to share out a page.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache

from docutils import nodes

from publishing.pdf.letters import width as width_of

#: Room for a table in points, upright and on its side, as ``template.typ`` sets the margins.
UPRIGHT = 436.0
SIDEWAYS = 680.0

#: The room kept clear on each side of the text of a cell, in points; the outer sides of a table have none.
PADDING = 5.5

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

#: Where a line may be broken. Typst breaks after a slash as well, but not within «2026/27».
_BREAKS = re.compile(r" |(?<=[^\W\d]/)(?=[^\W\d])")

#: How much width is moved at a time between two columns to make a table lower, in points.
_MOVES = (24.0, 12.0, 6.0)


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
    """What a column asks for, in points: room for its longest word, and for its longest text on one line.

    The heading of a column of numbers may take two lines; ``head`` is room for it on one. ``padding`` is the part that stays clear.
    """

    least: float
    whole: float
    head: float
    numeric: bool
    padding: float


def shape(table: nodes.Element) -> Shape:
    """Decide the shape of a docutils table."""
    group = next(child for child in table.children if isinstance(child, nodes.tgroup))
    header = [row for part in group.children if isinstance(part, nodes.thead) for row in part.children]
    body = [row for part in group.children if isinstance(part, nodes.tbody) for row in part.children]
    count = sum(isinstance(child, nodes.colspec) for child in group.children)
    columns = [_column(header, body, number, _padding(number, count)) for number in range(count)]
    crowded = sum(_wanted(column) for column in columns) > UPRIGHT
    # A few rows are no reason to turn the page, as long as every word has room.
    few = len(body) <= FEW_ROWS and sum(column.least for column in columns) <= UPRIGHT
    landscape = crowded and not few
    room = SIDEWAYS if landscape else UPRIGHT
    widths = _share(columns, [_asked(row, columns) for row in [*header, *body]], room)
    texts = [[_text(row, number) for number in range(count)] for row in [*header, *body]]
    widths = _lower(widths, columns, texts)
    lines = _height(texts, columns, widths)
    return Shape(
        widths=tuple(round(100 * width / sum(widths), 1) for width in widths),
        numeric=tuple(column.numeric for column in columns),
        header=tuple(header),
        body=tuple(body),
        total=bool(body) and "sum" in body[-1]["classes"],
        landscape=landscape,
        together=lines <= LINES_TOGETHER,
    )


def _padding(number: int, count: int) -> float:
    """What stays clear in a column: nothing on the outer sides of the table."""
    return PADDING * ((number > 0) + (number < count - 1))


def _column(header: list[nodes.Element], body: list[nodes.Element], number: int, padding: float) -> _Column:
    head = [text for row in header if (text := _text(row, number))]
    cells = [text for row in body if (text := _text(row, number))]
    numeric = any("tall" in entry["classes"] for row in body for entry in row.children[number : number + 1])
    least = max((width_of(word) for text in head + cells for word in _words(text)), default=0.0)
    one_line = max(map(width_of, head), default=0.0)
    if not numeric:
        whole = max([one_line, *map(width_of, cells)])
        return _Column(least + padding, whole + padding, one_line + padding, numeric, padding)
    # A number is never broken over two lines, though a status word after it may be. Its heading may take two lines.
    least = max([least, *(width_of(text) for text in cells if len(text) <= 22)])
    whole = max([least, *(width_of(text) for text in cells), 0.62 * one_line])
    return _Column(least + padding, whole + padding, one_line + padding, numeric, padding)


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
        min(width_of(text) + column.padding, column.whole) if text else 0.0
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
    widths = _alike(widths, columns, room)
    spare = room - sum(widths)
    return [width + spare * width / sum(widths) for width in widths]


def _alike(widths: list[float], columns: list[_Column], room: float) -> list[float]:
    """Columns of numbers as wide as the widest of them, with headings on one line, or else as they are, where there is room.

    They are compared with each other, and are calmer to look at when alike.
    """
    for also in ([column.head for column in columns], widths):
        asked = [max(width, more) for width, more in zip(widths, also, strict=True)]
        widest = max((width for width, column in zip(asked, columns, strict=True) if column.numeric), default=0.0)
        alike = [widest if column.numeric else width for width, column in zip(widths, columns, strict=True)]
        if sum(alike) <= room:
            return alike
    return widths


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


def _lower(widths: list[float], columns: list[_Column], texts: list[list[str]]) -> list[float]:
    """Widths moved from one column of words to another as long as that makes the table lower."""
    words = [number for number, column in enumerate(columns) if not column.numeric]
    best, height = widths, _height(texts, columns, widths)
    for move in _MOVES:
        found = True
        while found:
            found = False
            for giver, taker in itertools.permutations(words, 2):
                tried = list(best)
                tried[giver] -= move
                tried[taker] += move
                if tried[giver] >= _wanted(columns[giver]) and (lower := _height(texts, columns, tried)) < height:
                    best, height, found = tried, lower, True
    return best


def _height(texts: list[list[str]], columns: list[_Column], widths: list[float]) -> int:
    """How many lines the rows take together, each as many as its tallest cell."""
    room = [width - column.padding for width, column in zip(widths, columns, strict=True)]
    return sum(max(map(_lines, row, room)) for row in texts)


@cache
def _lines(text: str, room: float) -> int:
    """How many lines a text takes in that much room."""
    lines, used = 1, 0.0
    for word in map(width_of, _words(text)):
        if used and used + word > room:
            lines, used = lines + 1, 0.0
        used += word + width_of(" ")
    return lines


def _words(text: str) -> list[str]:
    """What a line may be broken between: at a space, and after a slash between words."""
    return _BREAKS.split(text)
