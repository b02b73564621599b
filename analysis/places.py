"""The municipalities and the areas, in the order in which the book always shows them."""

from __future__ import annotations

from dataclasses import dataclass

from analysis import data

#: What a total over all municipalities is called in an id.
SUM = "sum"


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality: Statistics Norway's number, its name and its ASCII slug."""

    number: int
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Area:
    """An area that is investigated: slug, name and phase (1 is a mapping, 2 an investigation for a decision)."""

    slug: str
    name: str
    phase: int


@data.kept("kommuner")
def municipalities() -> tuple[Municipality, ...]:
    """Every municipality of the investigation, in the order of ``data/kommuner.csv``."""
    rows = data.load("kommuner").sort_values("rekkefolge")
    return tuple(Municipality(int(row.kommunenr), row.kommune, row.slug) for row in rows.itertuples())


@data.kept("omrader")
def areas(phase: int | None = None) -> tuple[Area, ...]:
    """Every area with staffing figures or KOSTRA figures, or only those of one phase."""
    rows = data.load("omrader").sort_values("rekkefolge")
    found = [Area(row.omrade, row.navn, int(row.fase)) for row in rows.itertuples() if row.omrade != "felles"]
    return tuple(area for area in found if phase in (None, area.phase))


def area(slug: str) -> Area:
    """The area with this slug.

    Raises:
        KeyError: if there is none.
    """
    for found in areas():
        if found.slug == slug:
            return found
    raise KeyError(f"Området «{slug}» finnes ikke i data/omrader.csv.")


def administrative_areas() -> tuple[Area, ...]:
    """The areas investigated for a decision (phase 2): the ones with staffing figures in the case."""
    return areas(phase=2)
