"""What the computations suppose: every assumption with its low, likely and high value, from ``data/forutsetninger.csv``."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from analysis import data
from analysis.model import Status, Value

AREA = "felles"

FILE = "data/forutsetninger.csv"

#: The assumptions that the computations need, with the unit they must have. The check before every build demands them.
NEEDED = {
    "sparing": "prosent",
    "realisering": "prosent",
    "realrente": "prosent",
    "horisont": "år",
    "fravaer": "prosent",
    "pensjon-tidlig": "år",
    "pensjon-vanlig": "år",
}

ENDS = {"lav": "lav", "sannsynlig": "sannsynlig", "hoy": "høy"}


@dataclass(frozen=True, slots=True)
class Assumption:
    """One assumption, in its own ``unit``. ``likely`` is None when nobody has said which value is likely.

    ``quality`` tells how well founded it is (god, middels, svak), ``impact`` how much results hang on it
    (stor, middels, liten), ``owner`` who may change it.

    Raises:
        ValueError: unless low ≤ likely ≤ high.
    """

    id: str
    name: str
    low: float
    likely: float | None
    high: float
    unit: str
    status: Status
    quality: str
    impact: str
    owner: str
    date: dt.date
    source: str
    note: str

    def __post_init__(self) -> None:
        if not self.low <= self.middle <= self.high:
            raise ValueError(f"{self.id}: low {self.low}, likely {self.likely} and high {self.high} are not in order")

    @property
    def middle(self) -> float:
        """The likely value, or halfway between low and high when none is stated."""
        return (self.low + self.high) / 2 if self.likely is None else self.likely


@data.kept("forutsetninger")
def all() -> tuple[Assumption, ...]:  # noqa: A001
    """Every assumption, in the order of the table."""
    return tuple(
        Assumption(
            row.id, row.navn, row.lav, None if math.isnan(row.sannsynlig) else row.sannsynlig, row.hoy, row.enhet, Status(row.status),
            row.kvalitet, row.betydning, row.eier, row.dato, row.kilde, row.merknad,
        )
        for row in data.load("forutsetninger").itertuples()
    )  # fmt: skip


def by_id(name: str) -> Assumption:
    """The assumption with this id.

    Raises:
        KeyError: if there is none.
    """
    return {one.id: one for one in all()}[name]


def values() -> list[Value]:
    """``felles.forutsetning.<id>.<lav|sannsynlig|hoy>``; a likely value that nobody has stated is missing."""
    return [
        Value(
            f"{AREA}.forutsetning.{one.id}.{end}", AREA, None, f"Forutsetning: {one.name[0].lower()}{one.name[1:]}, {word}",
            number, one.unit, Status.MANGLER if number is None else one.status, f"{one.source} ({FILE})",
        )
        for one in all()
        for (end, word), number in zip(ENDS.items(), (one.low, one.likely, one.high), strict=True)
    ]  # fmt: skip
