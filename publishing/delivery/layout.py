"""Where everything stands in a form: what writes a form and what reads one agree here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from publishing.delivery.tables import FormTable

#: Another number for each change after which an older form can no longer be read.
VERSION = "1"

#: The first sheet, and its cells that are read: label in column A, value in column B.
FRONT = "Les meg"
WHO, WHEN, FORM_VERSION, AREA = "Levert av", "Dato", "Skjemaversjon", "Område"

#: The row of the headings in a sheet to fill; title and advice stand above it.
HEADER_ROW = 4

#: How the heading of a column to fill begins.
FILL = "Fyll ut: "

#: The heading of the last column: which row of the table a row is.
ROW_ID = "Rad-id (ikke endre)"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a sheet: its heading, and what it is (``label``, ``status``, ``unit``, ``today``, ``value``, ``persons``, ``origin``, ``reason``, ``explanation`` or ``id``).

    ``column`` is the column of the table under ``today`` and ``value``.
    """

    text: str
    role: str
    column: str = ""

    @property
    def to_fill(self) -> bool:
        return self.text.startswith(FILL)


def headings(table: FormTable) -> list[Heading]:
    """The columns of a table's sheet, from the left. What a row is stands first, its id last."""
    return list(_headings(table))


def _headings(table: FormTable) -> Iterator[Heading]:
    for title in table.label_titles:
        yield Heading(title, "label")
    yield Heading("Status", "status")
    for column in table.columns:
        unit = f" ({column.unit})" if column.unit else ""
        yield Heading(f"{column.title} i dag{unit}", "today", column.name)
        yield Heading(f"{FILL}{column.title.lower()}{unit}", "value", column.name)
    if table.units_by_row:
        yield Heading("Enhet", "unit")
    if table.asks_persons:
        yield Heading(f"{FILL}antall personer bak tallet", "persons")
    yield Heading(
        f"{FILL}hvor tallet er hentet" if not table.missing_choice else f"{FILL}hvem som har avklart det", "origin"
    )
    if table.asks_reasons:
        yield Heading(f"{FILL}hvorfor tallet er feil", "reason")
    if table.explained_by_row:
        yield Heading("Slik teller dere", "explanation")
    yield Heading(ROW_ID, "id")
