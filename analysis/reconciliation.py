"""Printed totals held against the cells they should be the sums of, and what else does not add up."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis import data
from analysis.baseline import MEASURES, staffing
from analysis.model import Status, Value
from analysis.places import administrative_areas

#: How the source of a figure in the case begins.
THE_CASE = "Saksframlegget"


@dataclass(frozen=True, slots=True)
class Check:
    """One printed total (``printed``) beside the sum of its cells (``summed``), in the measure's ``unit``."""

    area: str
    area_name: str
    measure: str
    unit: str
    printed: float
    summed: float

    @property
    def difference(self) -> float:
        """Printed less summed; zero when the total holds."""
        return round(self.printed - self.summed, 2)

    @property
    def holds(self) -> bool:
        """Whether the printed total is the sum of its cells."""
        return self.difference == 0


def checks() -> list[Check]:
    """Every total that the case prints, as it prints it, before any correction: one per area and measure.

    The totals are those of the case, and so are the cells they are held against: what a municipality has delivered
    itself since is no part of them. A total that is not printed, or has a cell missing, cannot be checked and is left out.
    """
    everything, printed = staffing(), data.load("oppgitte_summer").set_index("omrade")
    cells = everything[everything["kilde"].str.startswith(THE_CASE)]
    return [
        Check(
            area.slug,
            area.name,
            label,
            unit,
            float(printed.loc[area.slug, column]),
            round(float(cells.loc[cells["omrade"] == area.slug, column].sum()), 2),
        )
        for area in administrative_areas()
        for column, unit, label in MEASURES.values()
        if not pd.isna(printed.loc[area.slug, column]) and cells.loc[cells["omrade"] == area.slug, column].notna().all()
    ]


def values() -> list[Value]:
    """``felles.avvik`` (inconsistencies set out in the method chapter) and ``felles.summer-som-ikke-stemmer``."""
    wrong = sum(not check.holds for check in checks())
    return [
        Value(
            "felles.avvik",
            "felles",
            None,
            "Forhold i saken som ikke stemmer",
            len(data.load("avvik")),
            "forhold",
            Status.BEREGNET,
            "data/avvik.csv",
        ),
        Value(
            "felles.summer-som-ikke-stemmer",
            "felles",
            None,
            "Oppgitte summer som ikke stemmer",
            wrong,
            "summer",
            Status.BEREGNET,
            "Beregnet av data/raw/sak/oppgitte_summer.csv og bemanning.csv",
        ),
    ]
