"""What workgroups have delivered of the quantities that the case does not state.

``data/opplysninger.csv`` defines the quantities, ``data/raw/levert/leverte_opplysninger.csv`` holds the numbers. A
number about fewer than five persons never gets so far: the row then says that it is withheld.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import corrections, data
from analysis.model import Status, Value, computed
from analysis.places import SUM, Municipality, area, municipalities

DEFINITIONS = "opplysninger"
TABLE = "leverte_opplysninger"
FILE = "data/raw/levert/leverte_opplysninger.csv"

ALL = "alle"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity that can be delivered: its id, area, name, unit, who delivers it, and the gaps that it helps to fill."""

    id: str
    area: str
    name: str
    unit: str
    places: tuple[Municipality, ...]
    about_persons: bool
    adds_up: bool
    gaps: tuple[str, ...]


def quantities() -> list[Quantity]:
    """Every quantity of ``data/opplysninger.csv``, in its order."""
    return [
        Quantity(
            row["opplysning"],
            row["omrade"],
            row["navn"],
            row["enhet"],
            tuple(place for place in municipalities() if {place.slug, ALL} & set(row["kommuner"].split(";"))),
            row["om_personer"] == "ja",
            row["summeres"] == "ja",
            tuple(row["datahull"].split(";")),
        )
        for row in data.load(DEFINITIONS).to_dict("records")
    ]


def values() -> list[Value]:
    """``<quantity>.<municipality>``, and ``<quantity>.sum`` where the municipalities' numbers add up.

    A sum is missing while a part is, and withheld where a part is: or the part could be worked out from it.
    """
    rows = {(row["opplysning"], row["kommunenr"]): row for row in corrections.corrected(TABLE).to_dict("records")}
    found: list[Value] = []
    for quantity in quantities():
        name = f"{quantity.name}, {area(quantity.area).name.lower()}"
        parts = [_value(quantity, name, place, rows[quantity.id, place.number]) for place in quantity.places]
        found += parts
        if quantity.adds_up:
            found.append(_sum(quantity, name, parts))
    return found


def _value(quantity: Quantity, name: str, place: Municipality, row: Mapping[Hashable, Any]) -> Value:
    number = None if pd.isna(row["verdi"]) else float(row["verdi"])
    return Value(
        f"{quantity.id}.{place.slug}",
        quantity.area,
        place.name,
        f"{name}, {place.name}",
        number,
        quantity.unit,
        corrections.status(row, "verdi"),
        row["kilde"],
    )


def _sum(quantity: Quantity, name: str, parts: list[Value]) -> Value:
    numbers = [part.number for part in parts if part.number is not None]
    number = round(sum(numbers), 2) if len(numbers) == len(parts) else None
    status = computed(number, parts)
    source = {
        Status.MANGLER: f"Mangler så lenge én kommune mangler ({FILE})",
        Status.TILBAKEHOLDT: f"Tilbakeholdt, ellers kunne kommunens tilbakeholdte tall regnes ut av summen ({FILE})",
        Status.BEREGNET: f"Beregnet av {FILE}",
    }[status]
    return Value(f"{quantity.id}.{SUM}", quantity.area, None, f"{name}, samlet", number, quantity.unit, status, source)
