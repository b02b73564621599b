"""What it costs to establish a cooperation, by kind of cost, and how long it then takes to pay back.

The case names four kinds of cost and gives no amounts. As long as one kind is missing for an
area, so is its sum; the reports then show the largest cost that would pay back instead
(:mod:`analysis.economy`).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis import data, formatting, payback
from analysis.baseline import added
from analysis.model import Status, Value
from analysis.places import SUM, administrative_areas

TABLE = "etableringskostnader"

#: End in the id → (column, word).
ENDS = {"lav": ("lav_kr", "lavt"), "sannsynlig": ("sannsynlig_kr", "sannsynlig"), "hoy": ("hoy_kr", "høyt")}


def delivered(area: str) -> pd.DataFrame:
    """The kinds of cost of one area: ``kategori``, ``lav_kr``, ``sannsynlig_kr``, ``hoy_kr``, ``status``, ``kilde``."""
    rows = data.load(TABLE)
    return rows[rows["omrade"] == area].sort_values("kategori").reset_index(drop=True)


def values(known: Mapping[str, Value], savings: tuple[float, ...]) -> list[Value]:
    """``<area>.etableringskostnad.<lav|sannsynlig|hoy>.sum`` (kr) and ``<area>.tilbakebetaling.<saving>.sum`` (år)."""
    found: list[Value] = []
    for area in administrative_areas():
        rows = delivered(area.slug)
        for end, (column, word) in ENDS.items():
            total = (
                added([None if pd.isna(number) else float(number) for number in rows[column]]) if len(rows) else None
            )
            found.append(
                _value(
                    f"{area.slug}.etableringskostnad.{end}.{SUM}",
                    area.slug,
                    f"Etableringskostnad, {word} anslag, {formatting.lowered(area.name)}",
                    total,
                    "kr",
                )
            )
        likely = found[-2].number
        for saving in savings:
            gain = known[f"{area.slug}.gevinst.dagens-kostnad.{saving:g}.{SUM}"].number
            years = None if likely is None or gain is None else payback.years_to_pay_back(likely, gain)
            found.append(
                _value(
                    f"{area.slug}.tilbakebetaling.{saving:g}.{SUM}",
                    area.slug,
                    f"År til etableringen er tjent inn, {formatting.lowered(area.name)}, {saving:g} prosent innsparing",
                    years,
                    "år",
                )
            )
    return found


def _value(name: str, area: str, label: str, number: float | None, unit: str) -> Value:
    if number is None:
        return Value(name, area, None, label, None, unit, Status.MANGLER, f"Beløp mangler i data/{TABLE}.csv")
    return Value(
        name,
        area,
        None,
        label,
        number,
        unit,
        Status.BEREGNET,
        f"Beregnet av data/{TABLE}.csv og forutsetningene (data/forutsetninger.csv)",
    )
