"""What a delivered file would change: the cells that are new, checked one by one, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from analysis import formatting
from publishing import crosschecks
from publishing.delivery import cells
from publishing.delivery.faults import CellError
from publishing.delivery.filled import Filled, FilledCell, FilledRow
from publishing.delivery.tables import MISSING, WITHHELD, Column, FormRow, FormTable, Limits, Tables, form

#: A number about so few persons is never stored; the form asks only to know that.
FEWEST = crosschecks.FEWEST_PERSONS


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that would change: ``before`` and ``after`` as the tables write them, and where in the file it came from.

    ``withheld`` says that the number is about too few persons: ``after`` is then empty. ``reason`` is there when the
    change is a correction of what the case states.
    """

    table: FormTable
    row: FormRow
    column: Column
    before: str
    after: str
    place: str
    origin: str = ""
    reason: str = ""
    withheld: bool = False

    @property
    def corrects(self) -> bool:
        return self.row.guarded

    @property
    def limits(self) -> Limits:
        return self.row.limits[self.column.name]

    def words(self) -> tuple[str, str]:
        """Before and after as a reader sees them, with units."""
        before = WITHHELD if not self.before and self.row.status == WITHHELD else _shown(self.before, self.limits)
        if self.withheld:
            return before, f"tilbakeholdt (færre enn {FEWEST} personer)"
        return before, _shown(self.after, self.limits) + (" (rettelse)" if self.corrects else "")


def _shown(value: str, limits: Limits) -> str:
    if not value:
        return MISSING
    if limits.kind != "number":
        return f"«{value}»" if limits.kind == "text" else value
    unit = limits.unit if limits.unit in formatting.DECIMALS else ""
    return formatting.quantity(float(value), unit) if unit else cells.norwegian(value)


def changes(filled: Filled, tables: Tables) -> list[Change]:
    """Every cell that the file would change; faults that are found on the way are noted in ``filled``."""
    known = {table.name: table for table in form(tables, filled.area)}
    found: list[Change] = []
    for row in filled.rows:
        table = known[row.table]
        matched = table.row(row.id)
        if matched is not None:
            found += _Row(filled, table, matched, row).changes(tables)
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    """A delivered row beside the row of the table that it is about."""

    filled: Filled
    table: FormTable
    row: FormRow
    given: FilledRow

    def changes(self, tables: Tables) -> list[Change]:
        values = dict(self._values())
        beside = dict(self._beside())
        if not any(not cell.empty for cell in self.given.values.values()):
            self._nothing_but_words(beside)
            return []
        withheld = self._withheld(values)
        changed = {name: value for name, value in values.items() if withheld or not self._same(value, name)}
        if withheld and self.row.status == WITHHELD:
            return []
        if not changed or not self._fresh(changed, withheld):
            return []
        if self.row.guarded:
            self._corrections(changed, beside, tables)
        else:
            self._whole(changed, withheld)
        return [
            Change(
                self.table,
                self.row,
                self.table.column(name),
                self.row.today[name],
                "" if withheld else value,
                self.given.values[name].place,
                beside.get("origin", ""),
                beside.get("reason", "") if self.row.guarded else "",
                withheld,
            )
            for name, value in changed.items()
        ]

    def _fault(self, cell: FilledCell, text: str) -> None:
        self.filled.fault(cell.place, text)

    def _values(self) -> Iterator[tuple[str, str]]:
        """The cells that are filled, as the table writes them."""
        for name, cell in self.given.values.items():
            if cell.empty or (isinstance(cell.raw, str) and cell.raw.strip().casefold() == MISSING):
                continue
            try:
                yield name, cells.value(cell.raw, self.row.limits[name], cell.percent)
            except CellError as fault:
                self._fault(cell, str(fault))

    def _beside(self) -> Iterator[tuple[str, str]]:
        """Where a number was found, and why the old one is wrong."""
        for role in ("origin", "reason"):
            cell = self.given.beside.get(role)
            if cell is None or cell.empty or cell.raw == "gjelder ikke":
                continue
            try:
                yield role, cells.text(cell.raw)
            except CellError as fault:
                self._fault(cell, str(fault))

    def _nothing_but_words(self, beside: dict[str, str]) -> None:
        """Words or persons beside a number that is not there: probably written in the wrong row."""
        persons = self.given.beside.get("persons")
        written = [self.given.beside[role] for role in beside]
        if persons is not None and not persons.empty and persons.raw != "gjelder ikke":
            written.append(persons)
        for cell in written:
            self._fault(
                cell,
                "Her er det skrevet noe, men raden har ikke noe nytt tall. Skriv tallet i samme rad, eller tøm cellen.",
            )

    def _withheld(self, values: dict[str, str]) -> bool:
        """Whether the numbers are about too few persons. Neither they nor how many are kept or repeated."""
        few = False
        for name, value in values.items():
            limits = self.row.limits[name]
            if limits.heads:
                few |= Decimal(value) < FEWEST
            elif limits.asks_persons:
                few |= self._few_behind(self.given.values[name])
        return few

    def _few_behind(self, number: FilledCell) -> bool:
        cell = self.given.beside.get("persons")
        if cell is None or cell.empty:
            place = cell or number
            self._fault(
                place,
                "Skriv hvor mange personer tallet bygger på. Er de færre enn fem, blir tallet ikke lagret."
                + ("" if cell else " Legg til en kolonne antall_personer."),
            )
            return True
        try:
            return (
                Decimal(cells.number(cell.raw, Limits("number", "personer", Decimal(0), Decimal(10000)), cell.percent))
                < FEWEST
            )
        except CellError as fault:
            self._fault(cell, str(fault))
            return True

    def _same(self, value: str, name: str) -> bool:
        return _equal(value, self.row.today[name], self.row.limits[name])

    def _fresh(self, changed: dict[str, str], withheld: bool) -> bool:
        """Whether what the form says stands in the table still does; else somebody may have delivered better since."""
        fresh = True
        for name in changed:
            if name not in self.given.today:
                continue
            then = _as_stated(self.given.today[name], self.row.limits[name])
            if not _equal(then, self.row.today[name], self.row.limits[name]):
                shown = [_shown(text, self.row.limits[name]) for text in (then, self.row.today[name])]
                self._fault(
                    self.given.values[name],
                    f"Tallet er endret siden skjemaet ble laget: der sto «{shown[0]}», og nå står det «{shown[1]}». "
                    "Kjør «make skjema», se på det nye tallet, og lever igjen hvis det fortsatt skal endres.",
                )
                fresh = False
        return fresh

    def _corrections(self, changed: dict[str, str], beside: dict[str, str], tables: Tables) -> None:
        """What the case states is never overwritten: a correction needs a reason, and must correct something."""
        reason = self.given.beside.get("reason")
        for name, value in changed.items():
            cell, limits = self.given.values[name], self.row.limits[name]
            if "reason" not in beside and (reason is None or reason.empty):
                column = reason.place if reason else "en kolonne «begrunnelse»"
                self._fault(
                    cell,
                    f"Saken oppgir {_shown(self.row.stated[name], limits)}. Skal tallet rettes, må dere skrive hvorfor det er feil, i {column}.",
                )
            made = tables.correction(self.table.name, self.row.id, name)
            if made and _equal(value, self.row.stated[name], limits):
                self._fault(
                    cell,
                    f"Dette er tallet saken oppgir, og rettelsen «{made['id']}» har rettet det. Slett rettelsen i data/rettelser.csv hvis saken likevel har rett.",
                )

    def _whole(self, changed: dict[str, str], withheld: bool) -> None:
        """A row is delivered whole: all its numbers, and the words that go with a choice."""
        after = dict(self.row.today) | changed
        absent = [name for name, value in after.items() if not value and self.table.column(name).status_column]
        first = self.given.values[next(iter(changed))]
        if absent and not withheld:
            titles = formatting.listing([f"«{self.table.column(name).title}»" for name in absent])
            self._fault(
                first, f"Raden «{self.row.name}» må fylles ut helt. Skriv også {titles}, eller la hele raden stå tom."
            )
        kinds = {name: self.row.limits[name].kind for name in self.row.today}
        texts = [name for name, kind in kinds.items() if kind == "text"]
        if any(kinds[name] == "choice" for name in changed) and texts and not any(name in changed for name in texts):
            title = self.table.column(texts[0]).title.lower()
            self._fault(first, f"Valget er endret. Skriv også ny {title} i samme rad.")


def _as_stated(raw: cells.Raw, limits: Limits) -> str:
    """What the form said stood in a table, as the table writes it; the word for nothing is an empty cell."""
    if raw is None or raw in (MISSING, WITHHELD, ""):
        return ""
    if limits.kind != "number":
        return " ".join(str(raw).split())
    try:
        return cells.number(raw, Limits("number", limits.unit, decimals=6))
    except CellError:
        return str(raw)


def _equal(one: str, other: str, limits: Limits) -> bool:
    if limits.kind == "number" and one and other:
        try:
            return Decimal(one) == Decimal(other)
        except ArithmeticError:
            return False
    return " ".join(one.split()) == " ".join(other.split())


def overview(found: list[Change]) -> list[str]:
    """The changes as lines of text: sheet, row, column, what stands today, and what will."""
    heading = ("Ark", "Rad", "Kolonne", "I dag", "Nytt")
    lines = [heading, *((c.table.sheet, c.row.name, c.column.title, *c.words()) for c in found)]
    widths = [max(len(line[position]) for line in lines) for position in range(len(heading) - 1)]
    told = [
        "  ".join([*(text.ljust(width) for text, width in zip(line, widths, strict=False)), line[-1]]) for line in lines
    ]
    rule = "-" * min(max(len(line) for line in told), 100)
    return [told[0], rule, *told[1:]]
