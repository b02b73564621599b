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
    """Staffing as the case prints it: one row per area and municipality.

    Columns ``omrade``, ``kommunenr``, ``arsverk`` (årsverk), ``budsjett_2025_kr`` (kr, salary with social
    costs), ``status`` and ``kilde``.
    """
    frame, _ = corrections.apply("bemanning", data.load("bemanning"), data.load("rettelser"))
    return frame


def totals() -> pd.DataFrame:
    """The totals that the case prints, with corrections applied: one row per area, columns as in the staffing table."""
    frame, _ = corrections.apply("oppgitte_summer", data.load("oppgitte_summer"), data.load("rettelser"))
    return frame


def values() -> list[Value]:
    """``<area>.arsverk.<municipality|sum>`` and ``<area>.kostnad.<…>`` for every administrative area and for ``felles``."""
    rows = staffing().set_index(["omrade", "kommunenr"])
    printed = totals().set_index("omrade")
    raw = data.load("oppgitte_summer").set_index("omrade")
    areas = administrative_areas()
    found: list[Value] = []
    for area in areas:
        for measure, (column, unit, label) in MEASURES.items():
            found += _cells(rows, area, measure, column, unit, label)
            total = printed.loc[area.slug]
            # The sum of the cells is what the book counts with. It keeps the word of the printed total beside it.
            cells = float(rows.loc[area.slug][column].sum())
            changed = bool(raw.loc[area.slug, column] != total[column])
            status = Status.RETTET if changed else Status(total["status"]) if _same(cells, total[column]) else Status.BEREGNET
            found.append(
                Value(f"{area.slug}.{measure}.{SUM}", area.slug, None, f"{label}, {area.name.lower()}, samlet", _tidy(cells), unit, status, total["kilde"])
            )  # fmt: skip
            found.append(
                Value(f"{area.slug}.{measure}.oppgitt-sum", area.slug, None, f"{label}, {area.name.lower()}, sum slik saken oppgir den", float(raw.loc[area.slug, column]), unit, Status.OPPGITT, raw.loc[area.slug, "kilde"])
            )  # fmt: skip
    return found + _together(found, areas)


def _cells(rows: pd.DataFrame, area: Area, measure: str, column: str, unit: str, label: str) -> list[Value]:
    found = []
    for place in municipalities():
        row = rows.loc[(area.slug, place.number)]
        found.append(
            Value(
                f"{area.slug}.{measure}.{place.slug}", area.slug, place.name, f"{label}, {area.name.lower()}, {place.name}",
                float(row[column]), unit, Status(row["status"]), row["kilde"],
            )
        )  # fmt: skip
    return found


def _together(parts: list[Value], areas: list[Area]) -> list[Value]:
    """All administrative areas together, by municipality and in all."""
    by_id = {value.id: value for value in parts}
    found = []
    for measure, (_, unit, label) in MEASURES.items():
        for slug, name in [(place.slug, place.name) for place in municipalities()] + [(SUM, None)]:
            total = sum(by_id[f"{area.slug}.{measure}.{slug}"].number or 0 for area in areas)
            found.append(
                Value(
                    f"felles.{measure}.{slug}", "felles", name, f"{label}, alle administrative områder, {name or 'samlet'}",
                    _tidy(total), unit, Status.BEREGNET,
                    "Beregnet: summen av områdene i saksframleggets bemanningstabeller (data/raw/sak/bemanning.csv)",
                )
            )  # fmt: skip
    return found


def _tidy(number: float) -> float:
    """Without the dust of binary fractions: figures have at most two decimals."""
    return round(number, 2)


def _same(one: float, other: float) -> bool:
    return abs(one - other) < 0.005
