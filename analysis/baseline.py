"""Today's staffing and salary cost (the nullalternativ): by area and municipality, and in all."""

from __future__ import annotations

import pandas as pd

from analysis import corrections, data, formatting
from analysis.model import Status, Value, computed
from analysis.places import SUM, Area, administrative_areas, municipalities

#: Measure → (column of the staffing table, unit, name of the measure).
MEASURES = {
    "arsverk": ("arsverk", "årsverk", "Årsverk"),
    "kostnad": ("budsjett_2025_kr", "kr", "Budsjettert lønnskostnad 2025"),
}


def staffing() -> pd.DataFrame:
    """Staffing as the case prints it, with corrections applied: one row per area and municipality.

    Columns ``omrade``, ``kommunenr``, ``arsverk`` (årsverk), ``budsjett_2025_kr`` (kr, salary with social
    costs), ``alder_fra``, ``alder_til``, ``alder_status``, ``status``, ``kilde`` and ``rettet`` (the corrected columns).
    """
    return corrections.corrected("bemanning")


def covered() -> list[Area]:
    """The administrative areas that the joint sums are made of: those where somebody has delivered staffing or cost.

    A new area starts with nothing delivered. Counted in, it would empty every joint figure, and councillors would lose
    what is known of the other areas; counted as zero, it would be invented. So it stands outside, and pages and
    sources name it (:func:`left_out`). From the first number delivered it is in, and a cell that then is missing makes
    the joint sums missing: half an area must not pass for a whole.
    """
    return list(_covered())


@data.kept("bemanning", corrections.TABLE, "omrader")
def _covered() -> tuple[Area, ...]:
    numbers = staffing().set_index("omrade")[[column for column, *_ in MEASURES.values()]]
    return tuple(area for area in administrative_areas() if bool(numbers.loc[[area.slug]].notna().any(axis=None)))


def left_out() -> list[Area]:
    """The administrative areas that the joint sums are made without, since nothing is delivered for them."""
    inside = {area.slug for area in covered()}
    return [area for area in administrative_areas() if area.slug not in inside]


def joint_name() -> str:
    """What the areas of the joint sums are called together."""
    return "De administrative områdene vi har tall for" if left_out() else "Alle administrative områder"


def without() -> str:
    """What a source adds where areas are left out: «; uten innkjøp, som ikke har levert tall»; or nothing."""
    absent = [area.name.lower() for area in left_out()]
    return f"; uten {formatting.listing(absent)}, som ikke har levert tall" if absent else ""


@data.kept()
def values() -> tuple[Value, ...]:
    """``<area>.arsverk.<municipality|sum>`` and ``<area>.kostnad.<…>`` for every administrative area and for ``felles``.

    A cell that is not delivered is missing, and so is every sum it belongs to.
    ``<area>.<measure>.oppgitt-sum`` is the total as the case prints it.
    """
    found = [value for area in administrative_areas() for measure in MEASURES for value in _area_values(area, measure)]
    return (*found, *_together({value.id: value for value in found}))


def _area_values(area: Area, measure: str) -> list[Value]:
    """One measure of one area: each municipality, the sum the book counts with, and the total that is printed."""
    column, unit, label = MEASURES[measure]
    rows = staffing()
    rows = rows[rows["omrade"] == area.slug].set_index("kommunenr")
    found: list[Value] = []
    for place in municipalities():
        row = rows.loc[place.number]
        number = None if pd.isna(row[column]) else float(row[column])
        status = _without_number(row) if number is None else corrections.status(row, column)
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
    return [*found, *_area_totals(area, measure, found)]


def _area_totals(area: Area, measure: str, cells: list[Value]) -> list[Value]:
    column, unit, label = MEASURES[measure]
    delivered = data.load("oppgitte_summer").set_index("omrade").loc[area.slug]
    row = corrections.corrected("oppgitte_summer").set_index("omrade").loc[area.slug]
    total = added([cell.number for cell in cells])
    # The book counts with the sum of the cells. Where the printed total agrees, the sum is as stated as the cells are.
    agrees = total is not None and not pd.isna(row[column]) and abs(total - float(row[column])) < 0.005
    status = corrections.status(row, column) if agrees else computed(total, cells)
    name = f"{label}, {area.name.lower()}"
    return [
        Value(f"{area.slug}.{measure}.{SUM}", area.slug, None, f"{name}, samlet", total, unit, status, row["kilde"]),
        Value(
            f"{area.slug}.{measure}.oppgitt-sum",
            area.slug,
            None,
            f"{name}, sum slik saken oppgir den",
            None if pd.isna(delivered[column]) else float(delivered[column]),
            unit,
            _without_number(delivered) if pd.isna(delivered[column]) else Status.OPPGITT,
            delivered["kilde"],
        ),
    ]


def _without_number(row: pd.Series) -> Status:
    """Why a cell is empty. A row that is stated may have one number and lack the other."""
    return Status.TILBAKEHOLDT if row["status"] == Status.TILBAKEHOLDT else Status.MANGLER


def _together(parts: dict[str, Value]) -> list[Value]:
    """All administrative areas together, by municipality and in all."""
    found, inside, joint, outside = [], covered(), joint_name().lower(), without()
    for measure, (_, unit, label) in MEASURES.items():
        for slug, name in [(place.slug, place.name) for place in municipalities()] + [(SUM, None)]:
            of = [parts[f"{area.slug}.{measure}.{slug}"] for area in inside]
            total = added([part.number for part in of]) if of else None
            found.append(
                Value(
                    f"felles.{measure}.{slug}",
                    "felles",
                    name,
                    f"{label}, {joint}, {name or 'samlet'}",
                    total,
                    unit,
                    computed(total, of),
                    f"Beregnet: summen av områdene i saksframleggets bemanningstabeller (data/raw/sak/bemanning.csv){outside}",
                )
            )
    return found


def ratio(over: float | None, under: float | None, factor: float = 1) -> float | None:
    """``factor`` times the ratio; None when a number is missing or there is nothing to divide by."""
    return None if over is None or not under else factor * over / under


def added(numbers: list[float | None]) -> float | None:
    """The sum, without the dust of binary fractions (figures have at most two decimals); None when a number is missing."""
    known = [number for number in numbers if number is not None]
    return round(sum(known), 2) if len(known) == len(numbers) else None
