"""Age ranges, under the rule of five persons.

The case states the lowest and highest age of those who work in an area. A statistic
about persons is shown only when at least five persons must stand behind it. The number
of persons is not delivered, but nobody works more than one full-time equivalent, so
the FTEs rounded up are the fewest persons there can be.
"""

from __future__ import annotations

import math

import pandas as pd

from analysis.baseline import staffing
from analysis.model import Status, Value
from analysis.places import SUM, administrative_areas, municipalities

#: Fewest persons behind a published statistic about persons.
FEWEST = 5

MEASURES = {"alder-fra": ("alder_fra", "Laveste alder", min), "alder-til": ("alder_til", "Høyeste alder", max)}

NOT_DELIVERED = "Alder er ikke levert (data/raw/sak/bemanning.csv)"
WITHHELD = "Vises ikke: det kan være færre enn fem personer bak tallet"


def fewest_persons(fte: float) -> int:
    """The fewest persons that can fill ``fte`` årsverk; none when the årsverk are not delivered."""
    if math.isnan(fte):
        return 0
    # 5,0 årsverk may be stored as 5.000000001; a thousandth of an årsverk is no person.
    return math.ceil(round(fte, 3))


def values() -> list[Value]:
    """``<area>.alder-fra.<municipality|sum>`` and ``<area>.alder-til.<…>`` in år; withheld below five persons.

    The range of all three together is withheld when exactly one municipality is, since
    it would then tell that one's range (complementary suppression).
    """
    rows = staffing().set_index(["omrade", "kommunenr"])
    found: list[Value] = []
    for area in administrative_areas():
        cells = rows.loc[area.slug]
        known = cells[["alder_fra", "alder_til"]].notna().all(axis=1)
        open_cells = known & (cells["arsverk"].map(fewest_persons) >= FEWEST)
        together = (
            bool(known.all())
            and fewest_persons(float(cells["arsverk"].sum())) >= FEWEST
            and int((~open_cells).sum()) != 1
        )
        for measure, (column, label, extreme) in MEASURES.items():
            for place in municipalities():
                row = cells.loc[place.number]
                number = float(row[column]) if open_cells[place.number] else None
                found.append(_value(area.slug, area.name, measure, label, place.slug, place.name, number, row))
            number = float(extreme(cells[column])) if together else None
            # Where one range is withheld and another missing, the joint one is told as withheld.
            states = [Status.TILBAKEHOLDT, Status.MANGLER, Status.OPPGITT]
            row = cells.iloc[cells["alder_status"].map(states.index).argmin()]
            found.append(_value(area.slug, area.name, measure, label, SUM, None, number, row))
    return found


def _value(
    area: str,
    area_name: str,
    measure: str,
    label: str,
    slug: str,
    place: str | None,
    number: float | None,
    row: pd.Series,
) -> Value:
    if number is None and row["alder_status"] == Status.MANGLER:
        status, source = Status.MANGLER, NOT_DELIVERED
    elif number is None:
        status, source = Status.TILBAKEHOLDT, WITHHELD
    elif slug == SUM:
        status, source = (
            Status.BEREGNET,
            "Beregnet av aldersspennene i saksframleggets tabell (data/raw/sak/bemanning.csv)",
        )
    else:
        status, source = Status(row["alder_status"]), row["kilde"]
    name = f"{label}, {area_name.lower()}, {place or 'samlet'}"
    return Value(f"{area}.{measure}.{slug}", area, place, name, number, "år", status, source)
