"""Today's staffing and salary cost (the nullalternativ): by area and municipality, and in all."""

from __future__ import annotations

import pandas as pd

from analysis import corrections, data
from analysis.model import Status, Value
from analysis.places import SUM, Area, administrative_areas, municipalities

#: Measure → (column of the staffing table, unit, name of the measure).
MEASURES = {
    "arsverk": ("arsverk", "årsverk", "Årsverk"),
    "kostnad": ("budsjett_2025_kr", "kr", "Budsjettert lønnskostnad 2025"),
}


def staffing() -> pd.DataFrame:
    """Staffing as the case prints it, with corrections applied: one row per area and municipality.

    Columns ``omrade``, ``kommunenr``, ``arsverk`` (årsverk), ``budsjett_2025_kr`` (kr, salary with social
    costs), ``alder_fra``, ``alder_til``, ``alder_status``, ``status`` and ``kilde``.
    """
    return _corrected("bemanning")[0]


def values() -> list[Value]:
    """``<area>.arsverk.<municipality|sum>`` and ``<area>.kostnad.<…>`` for every administrative area and for ``felles``.

    A cell that is not delivered is missing, and so is every sum it belongs to.
    ``<area>.<measure>.oppgitt-sum`` is the total as the case prints it.
    """
    found = [value for area in administrative_areas() for measure in MEASURES for value in _area_values(area, measure)]
    return found + _together({value.id: value for value in found})


def _corrected(table: str) -> tuple[pd.DataFrame, list[corrections.Correction]]:
    return corrections.apply(table, data.load(table), data.load("rettelser"))


def _area_values(area: Area, measure: str) -> list[Value]:
    """One measure of one area: each municipality, the sum the book counts with, and the total that is printed."""
    column, unit, label = MEASURES[measure]
    rows, made = _corrected("bemanning")
    rows = rows[rows["omrade"] == area.slug].set_index("kommunenr")
    found: list[Value] = []
    for place in municipalities():
        row = rows.loc[place.number]
        number = None if pd.isna(row[column]) else float(row[column])
        corrected = any(one.concerns(column, omrade=area.slug, kommunenr=place.number) for one in made)
        status = Status.MANGLER if number is None else Status.RETTET if corrected else Status(row["status"])
        found.append(
            Value(
                f"{area.slug}.{measure}.{place.slug}",
                area.slug,
                place.name,
                f"{label}, {area.name.lower()}, {place.name}",
                number,
                unit,
                status,
                row["kilde"],
            )
        )
    return [*found, *_area_totals(area, measure, [value.number for value in found])]


def _area_totals(area: Area, measure: str, cells: list[float | None]) -> list[Value]:
    column, unit, label = MEASURES[measure]
    printed, made = _corrected("oppgitte_summer")
    delivered = data.load("oppgitte_summer").set_index("omrade").loc[area.slug]
    row = printed.set_index("omrade").loc[area.slug]
    total = added(cells)
    corrected = any(one.concerns(column, omrade=area.slug) for one in made)
    # The book counts with the sum of the cells. Where the printed total agrees, the sum is as stated as the cells are.
    agrees = total is not None and abs(total - float(row[column])) < 0.005
    status = (
        Status.MANGLER
        if total is None
        else Status.RETTET
        if corrected and agrees
        else Status(row["status"])
        if agrees
        else Status.BEREGNET
    )
    name = f"{label}, {area.name.lower()}"
    return [
        Value(f"{area.slug}.{measure}.{SUM}", area.slug, None, f"{name}, samlet", total, unit, status, row["kilde"]),
        Value(
            f"{area.slug}.{measure}.oppgitt-sum",
            area.slug,
            None,
            f"{name}, sum slik saken oppgir den",
            float(delivered[column]),
            unit,
            Status.OPPGITT,
            delivered["kilde"],
        ),
    ]


def _together(parts: dict[str, Value]) -> list[Value]:
    """All administrative areas together, by municipality and in all."""
    found = []
    for measure, (_, unit, label) in MEASURES.items():
        for slug, name in [(place.slug, place.name) for place in municipalities()] + [(SUM, None)]:
            total = added([parts[f"{area.slug}.{measure}.{slug}"].number for area in administrative_areas()])
            found.append(
                Value(
                    f"felles.{measure}.{slug}",
                    "felles",
                    name,
                    f"{label}, alle administrative områder, {name or 'samlet'}",
                    total,
                    unit,
                    Status.MANGLER if total is None else Status.BEREGNET,
                    "Beregnet: summen av områdene i saksframleggets bemanningstabeller (data/raw/sak/bemanning.csv)",
                )
            )
    return found


def added(numbers: list[float | None]) -> float | None:
    """The sum, without the dust of binary fractions (figures have at most two decimals); None when a number is missing."""
    known = [number for number in numbers if number is not None]
    return round(sum(known), 2) if len(known) == len(numbers) else None
