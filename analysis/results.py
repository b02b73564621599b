"""Tables and figures as results: what is shown, in words and numbers, not how it is drawn.

A notebook cell that ends with a :class:`Table` or :class:`Figure` shows it: JupyterLab
gets HTML or a chart, the publishing step gets the structured form under a media type
of our own and makes real tables and figures of it.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from analysis import formatting
from analysis.model import WITHOUT_NUMBER, Status, Value, aligned

VALUES_MIME = "application/vnd.rapport.verdier+json"
TABLE_MIME = "application/vnd.rapport.tabell+json"
FIGURE_MIME = "application/vnd.rapport.figur+json"
KEY_NUMBERS_MIME = "application/vnd.rapport.hovedtall+json"
LISTING_MIME = "application/vnd.rapport.liste+json"
EXPLORER_MIME = "application/vnd.rapport.utforsker+json"
NOTE_MIME = "application/vnd.rapport.merknad+json"
TRACE_MIME = "application/vnd.rapport.sporbarhet+json"
#: Under this name JupyterLab draws a chart (it knows none for Vega-Lite 6, whose charts it draws as well).
JUPYTERLAB_CHART_MIME = "application/vnd.vegalite.v5+json"

#: Statuses said in words beside the number wherever it stands in a table.
SAID = frozenset({Status.RETTET, Status.ANTATT})

Cell = Value | str


def _column_texts(columns: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """What columns show: the numbers of one unit written alike, side by side too, and their status where a reader needs it."""
    units = [
        frozenset(cell.unit for cell in column if isinstance(cell, Value) and cell.number is not None)
        for column in columns
    ]
    values: dict[frozenset[str], list[Value]] = {}
    for unit, column in zip(units, columns, strict=True):
        values.setdefault(unit, []).extend(cell for cell in column if isinstance(cell, Value))
    digits = {unit: iter(aligned(found)) for unit, found in values.items()}
    return [[_text(cell, digits[unit]) for cell in column] for unit, column in zip(units, columns, strict=True)]


def _text(cell: Cell, digits: Iterator[str]) -> str:
    """What a cell shows; a number takes its digits, which are written in the order of the cells."""
    if isinstance(cell, str):
        return formatting.typeset(cell)
    text = next(digits)
    return f"{text} ({cell.status})" if cell.status in SAID else text


@dataclass(frozen=True)
class Table:
    """A table with one header row; the first column heads the rows.

    ``name`` is its ASCII anchor, ``title`` states what it shows, ``columns`` are the
    header texts (unit in the header, not in the cells), ``numeric`` the indexes of the
    columns that are aligned as numbers, ``source`` the source line. A last row that is
    a sum is marked by ``total``. ``note`` is an optional line of explanation below.
    ``status`` tells how numbers came to be that stand in the cells as texts.

    Raises:
        ValueError: if a row is not as long as the header, or title, name or source is empty.
    """

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    source: str
    numeric: frozenset[int] = frozenset()
    total: bool = False
    note: str = ""
    status: Status | None = None

    def __post_init__(self) -> None:
        for attribute in ("name", "title", "source"):
            if not getattr(self, attribute):
                raise ValueError(f"table {self.name!r}: {attribute} is empty")
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"table {self.name!r}: a row has {len(row)} cells, the header {len(self.columns)}")

    def statuses(self) -> list[str]:
        """How the numbers of the table came to be: the statuses found in it, in the order they are defined."""
        cells = [cell for row in self.rows for cell in row]
        found = {cell.status for cell in cells if isinstance(cell, Value)} | ({self.status} if self.status else set())
        found |= {status for status in WITHOUT_NUMBER if str(status) in cells}
        return [str(status) for status in Status if status in found]

    def as_json(self) -> dict[str, Any]:
        """The table as plain JSON: the structured form the publishing step reads.

        ``values`` are the ids behind ``rows``, cell by cell; "" for a cell that is a text.
        """
        return {
            "name": self.name,
            "title": self.title,
            "columns": list(self.columns),
            "rows": [list(row) for row in zip(*_column_texts([*zip(*self.rows, strict=True)]), strict=True)],
            "values": [[cell.id if isinstance(cell, Value) else "" for cell in row] for row in self.rows],
            "numeric": sorted(self.numeric),
            "total": self.total,
            "statuses": self.statuses(),
            "source": self.source,
            "note": self.note,
        }

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {TABLE_MIME: self.as_json(), "text/html": _html(self), "text/plain": _plain(self)}


@dataclass(frozen=True)
class Figure:
    """A chart with the words that stand for it.

    ``title`` states the finding, ``alt`` describes the chart and its numbers for those
    who do not see it, ``data`` is the table of the numbers drawn, ``chart`` a
    Vega-Lite specification (from ``altair.Chart.to_dict``).

    Raises:
        ValueError: if name, title, alt or source is empty.
    """

    name: str
    title: str
    alt: str
    chart: Mapping[str, Any]
    data: Table
    source: str
    note: str = field(default="")

    def __post_init__(self) -> None:
        for attribute, word in (("name", "navn"), ("title", "tittel"), ("alt", "tekstalternativ"), ("source", "kilde")):
            if not getattr(self, attribute).strip():
                raise ValueError(f"Figuren «{self.name or self.title}» mangler {word} ({attribute}).")

    def as_json(self) -> dict[str, Any]:
        """The figure as plain JSON: the structured form the publishing step reads."""
        return {
            "name": self.name,
            "title": self.title,
            "alt": self.alt,
            "chart": dict(self.chart),
            "data": self.data.as_json(),
            "source": self.source,
            "note": self.note,
        }

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {
            FIGURE_MIME: self.as_json(),
            JUPYTERLAB_CHART_MIME: dict(self.chart),
            "text/plain": f"{self.title}\n{self.alt}",
        }


@dataclass(frozen=True)
class KeyNumbers:
    """The few numbers a reader must see first, each with a label and where it comes from.

    ``items`` are pairs of value and label. The status word is always shown.
    """

    items: Sequence[tuple[Value, str]]

    def as_json(self) -> dict[str, Any]:
        """The key numbers as plain JSON: text, label and status of each, and the whole value with its source."""
        return {
            "items": [
                {
                    "text": value.text,
                    "label": formatting.typeset(label),
                    "status": str(value.status),
                    "value": value.as_shown(),
                }
                for value, label in self.items
            ]
        }

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        items = self.as_json()["items"]
        lines = [f"{item['label']}: {item['text']} ({item['status']})" for item in items]
        shown = "".join(
            f"<li><strong>{html.escape(item['text'])}</strong> {html.escape(item['label'])} ({item['status']})</li>"
            for item in items
        )
        return {KEY_NUMBERS_MIME: self.as_json(), "text/html": f"<ul>{shown}</ul>", "text/plain": "\n".join(lines)}


@dataclass(frozen=True)
class Listing:
    """A list whose entries come from data: optional bold lead, then text. ``ordered`` numbers the entries.

    An empty line in the text starts a new paragraph of the same entry.
    """

    items: Sequence[tuple[str, str]]
    ordered: bool = False

    def as_json(self) -> dict[str, Any]:
        """The list as plain JSON: lead and text of each entry."""
        return {
            "ordered": self.ordered,
            "items": [
                {"lead": formatting.typeset(lead), "text": formatting.typeset(text)} for lead, text in self.items
            ],
        }

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        lines = [f"{lead}: {text}" if lead else text for lead, text in self.items]
        kind = "ol" if self.ordered else "ul"
        shown = "".join(
            f"<li>{f'<strong>{html.escape(lead)}</strong> ' if lead else ''}{_paragraphs(text)}</li>"
            for lead, text in ((item["lead"], item["text"]) for item in self.as_json()["items"])
        )
        return {
            LISTING_MIME: self.as_json(),
            "text/html": f"<{kind}>{shown}</{kind}>",
            "text/plain": "\n".join(lines),
        }


@dataclass(frozen=True)
class Note:
    """A paragraph whose words come from data: what a reader must know of what is, or is not, shown.

    Raises:
        ValueError: if the text is empty.
    """

    text: str

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("the text of a note is empty")

    def as_json(self) -> dict[str, Any]:
        """The note as plain JSON."""
        return {"text": formatting.typeset(self.text)}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {NOTE_MIME: self.as_json(), "text/plain": self.text}


@dataclass(frozen=True)
class Explorer:
    """A page's tool for trying other savings and keys than the tables show; left out on paper.

    ``model`` holds the costs (øre) and the keys (exact fractions) of each variant, so that the page
    computes the same øre as the tables do.
    """

    name: str
    title: str
    model: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The explorer as plain JSON."""
        return {"name": self.name, "title": self.title, "model": dict(self.model)}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {EXPLORER_MIME: self.as_json(), "text/plain": f"{self.title} (kan prøves på nettsiden)"}


@dataclass(frozen=True)
class Trace:
    """What was asked for, point by point, with the place that answers it.

    ``groups`` are pairs of a list's name and its points; a point is (id, text, how far it is answered).
    """

    groups: Sequence[tuple[str, Sequence[tuple[str, str, str]]]]
    source: str

    def as_json(self) -> dict[str, Any]:
        """The trace as plain JSON: the lists with their points."""
        return {
            "source": self.source,
            "groups": [
                {
                    "name": name,
                    "points": [
                        {"id": point, "text": formatting.typeset(text), "state": state} for point, text, state in points
                    ],
                }
                for name, points in self.groups
            ],
        }

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        lines = [f"{point}: {text} ({state})" for _, points in self.groups for point, text, state in points]
        return {TRACE_MIME: self.as_json(), "text/plain": "\n".join(lines)}


#: Values that a chapter lists for its writer. Three municipalities have fewer; with more, each chapter would list all of theirs.
MOST_LISTED = 200


class Values(Mapping[str, Value]):
    """The values a chapter may use in its sentences, by every name that it may write: the id, and the area's own without
    the area."""

    def __init__(self, values: Sequence[Value], area: str) -> None:
        by_id = {value.id: value for value in values}
        prefix = f"{area}."
        self._area = area
        self._own = {key.removeprefix(prefix): value for key, value in by_id.items() if key.startswith(prefix)}
        self._listed = list(
            islice(((name, value) for name, value in self._own.items() if is_plain(value.id)), MOST_LISTED)
        )
        self._values = {**self._own, **by_id}
        self._count = len(by_id)

    def __getitem__(self, key: str) -> Value:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def as_json(self) -> dict[str, Any]:
        """The area alone, and not the values: a chapter may use a thousand of them, and every chapter would hold them."""
        return {"omrade": self._area}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        told = f"{formatting.number(self._count)} verdier kan brukes i dette kapitlet"
        where = f"make verdier OMRADE={self._area}"
        return {
            VALUES_MIME: self.as_json(),
            "text/html": self._html(told, where),
            "text/plain": f"{told}. «{where}» viser dem.",
        }

    def _html(self, told: str, where: str) -> str:
        """What a writer sees in JupyterLab: the names of the area's own plain values, and what they become."""
        rows = "".join(
            f"<tr><td><code>{html.escape(name)}</code><td>{html.escape(value.text)}" for name, value in self._listed
        )
        example = html.escape(self._listed[0][0] if self._listed else next(iter(self._values)))
        return (
            f"<details><summary>{told}. Skriv for eksempel <code>{{verdi}}`{example}`</code>. Vis de enkleste</summary>"
            f"<p>Alle står på siden «Verdier å skrive inn i teksten». Kommandoen <code>{html.escape(where)}</code> viser dem også.</p>"
            f"<table><thead><tr><th>Skriv<th>Viser nå</thead><tbody>{rows}</tbody></table></details>"
        )


def is_plain(value_id: str) -> bool:
    """Whether a value is a plain figure (``sentralbord.arsverk.sum``), and not one of many by key, saving and the like."""
    return value_id.count(".") <= 2


def _paragraphs(text: str) -> str:
    """The text with a break where an empty line stands in it."""
    return "<br><br>".join(html.escape(part) for part in text.split("\n\n"))


def _html(table: Table) -> str:
    head = "".join(f"<th scope='col'>{html.escape(text)}</th>" for text in table.columns)
    body = ""
    for row in table.as_json()["rows"]:
        first, *rest = (html.escape(text) for text in row)
        body += f"<tr><th scope='row'>{first}</th>" + "".join(f"<td>{text}</td>" for text in rest) + "</tr>"
    caption = f"<caption>{html.escape(table.title)}</caption>"
    source = f"<p>Kilde: {html.escape(table.source)}</p>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{source}"


def _plain(table: Table) -> str:
    rows = [list(table.columns), *table.as_json()["rows"]]
    return table.title + "\n" + "\n".join(" | ".join(row) for row in rows)
