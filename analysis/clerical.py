"""Merkantile tjenester: clerical staff out in the units, who do part of the payroll work.

The case states them for Melhus alone. They are kept out of every sum, and shown apart,
until all municipalities have counted the same work.
"""

from __future__ import annotations

import pandas as pd

from analysis import data
from analysis.model import Status, Value
from analysis.places import SUM, municipalities

AREA = "lonn-regnskap-fakturering"

MEASURES = {
    "merkantile-arsverk": ("arsverk", "årsverk", "Merkantile årsverk i enhetene"),
    "merkantile-kostnad": ("lonnskostnad_kr", "kr", "Lønnskostnad for merkantile tjenester i enhetene"),
}


def values() -> list[Value]:
    """``lonn-regnskap-fakturering.merkantile-<arsverk|kostnad>.<municipality|sum>``; the sum is missing while one is."""
    rows = data.load("merkantile").set_index("kommunenr")
    found: list[Value] = []
    for measure, (column, unit, label) in MEASURES.items():
        numbers: list[float | None] = []
        for place in municipalities():
            row = rows.loc[place.number]
            number = None if pd.isna(row[column]) else float(row[column])
            numbers.append(number)
            found.append(
                Value(f"{AREA}.{measure}.{place.slug}", AREA, place.name, f"{label}, {place.name}", number, unit, Status(row["status"]), row["kilde"])
            )  # fmt: skip
        total = None if None in numbers else sum(numbers)
        status = Status.MANGLER if total is None else Status.BEREGNET
        source = "Mangler så lenge én kommune mangler (data/raw/sak/merkantile.csv)" if total is None else "Beregnet av data/raw/sak/merkantile.csv"
        found.append(Value(f"{AREA}.{measure}.{SUM}", AREA, None, f"{label}, samlet", total, unit, status, source))
    return found
