"""What every result carries: a value, its unit, its status and its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis import formatting


class Status(StrEnum):
    """How a number came to be. The words are shown to the reader as they stand."""

    OPPGITT = "oppgitt"  # printed in the case paper or by the statistics
    RETTET = "rettet"  # a delivered value replaced by a guarded correction
    BEREGNET = "beregnet"  # computed from other values
    ANTATT = "antatt"  # an assumption
    MANGLER = "mangler"  # nobody has delivered it
    TILBAKEHOLDT = "tilbakeholdt"  # known, but withheld for privacy


#: Statuses under which there is no number to show.
WITHOUT_NUMBER = frozenset({Status.MANGLER, Status.TILBAKEHOLDT})


@dataclass(frozen=True, slots=True)
class Value:
    """One number with everything needed to trace it.

    ``id`` is stable and readable (``sentralbord.arsverk.skaun``), ``unit`` is one of
    the units in :data:`analysis.formatting.DECIMALS`, ``source`` a sentence that names
    the table and row. ``number`` is None exactly when the status says so.

    Raises:
        ValueError: if status and number contradict each other, or id, unit, name or source is empty.
    """

    id: str
    area: str
    municipality: str | None
    name: str
    number: float | None
    unit: str
    status: Status
    source: str

    def __post_init__(self) -> None:
        if (self.number is None) != (self.status in WITHOUT_NUMBER):
            raise ValueError(f"{self.id}: status {self.status} does not fit number {self.number!r}")
        for field in ("id", "area", "name", "unit", "source"):
            if not getattr(self, field):
                raise ValueError(f"{self.id or self.name}: {field} is empty")

    @property
    def text(self) -> str:
        """The number with its unit as bokmål writes it, or the status word when there is none."""
        if self.number is None:
            return str(self.status)
        return formatting.quantity(self.number, self.unit)

    @property
    def digits(self) -> str:
        """The number without its unit, or the status word when there is none."""
        if self.number is None:
            return str(self.status)
        return formatting.number(self.number, formatting.DECIMALS[self.unit])

    def as_record(self) -> dict[str, object]:
        """The value as a row of ``reports/nokkeltall.json``."""
        number = self.number
        if number is not None and float(number).is_integer():
            number = int(number)
        return {
            "id": self.id,
            "omrade": self.area,
            "kommune": self.municipality,
            "navn": self.name,
            "verdi": number,
            "enhet": self.unit,
            "status": str(self.status),
            "kilde": self.source,
        }

    def as_shown(self) -> dict[str, object]:
        """The record with the texts that a page may show: ``tekst`` with the unit, ``siffer`` without."""
        return {**self.as_record(), "tekst": self.text, "siffer": self.digits}


def computed(number: float | None, parts: Iterable[Value]) -> Status:
    """The status of a number that is computed of others: without a number, withheld if one of them is and none is missing.

    A number that is withheld could be worked out from what it is part of.
    """
    if number is not None:
        return Status.BEREGNET
    found = {part.status for part in parts}
    return Status.TILBAKEHOLDT if Status.TILBAKEHOLDT in found and Status.MANGLER not in found else Status.MANGLER


def aligned(values: Sequence[Value]) -> list[str]:
    """The numbers of a column or a chart, without units, written with the same number of decimals; or the status words."""
    units = {value.unit for value in values if value.number is not None}
    if len(units) != 1:
        return [value.digits for value in values]
    decimals = formatting.decimals_needed([value.number for value in values if value.number is not None], units.pop())
    return [
        str(value.status) if value.number is None else formatting.number(value.number, decimals, fixed=True)
        for value in values
    ]
