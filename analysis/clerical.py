"""Merkantile tjenester: clerical staff out in the units, who do part of the payroll work.

The case states them for Melhus alone; the others can deliver theirs (:mod:`analysis.delivered`). They are kept out of
every sum, and shown apart, until all municipalities have counted the same work.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis import baseline, corrections, delivered, population
from analysis.model import Status, Value, computed
from analysis.places import SUM, municipalities

AREA = "lonn-regnskap-fakturering"

MEASURES = {
    "merkantile-arsverk": ("arsverk", "årsverk", "Merkantile årsverk i enhetene"),
    "merkantile-kostnad": ("lonnskostnad_kr", "kr", "Lønnskostnad for merkantile tjenester i enhetene"),
}


def values() -> list[Value]:
    """What is stated, and what it does to the comparison between the municipalities.

    ``lonn-regnskap-fakturering.merkantile-<arsverk|kostnad>.<municipality|sum>`` (årsverk, kr), and for that area and
    ``felles`` ``<area>.arsverk-per-1000-med-merkantile.<municipality|sum>``. A sum is missing while one municipality is.
    """
    found = _stated()
    return found + _with_central_staff({value.id: value for value in found})


def _stated() -> list[Value]:
    rows = corrections.corrected("merkantile").set_index("kommunenr")
    told = {value.id: value for value in delivered.values()}
    found: list[Value] = []
    for measure, (column, unit, label) in MEASURES.items():
        parts: list[Value] = []
        for place in municipalities():
            row = rows.loc[place.number]
            status, source = corrections.status(row, column), row["kilde"]
            number = None if pd.isna(row[column]) else float(row[column])
            answer = told.get(f"{AREA}.{measure}.{place.slug}")
            if number is None and answer is not None and answer.status is not Status.MANGLER:
                number, status, source = answer.number, answer.status, answer.source
            parts.append(
                Value(f"{AREA}.{measure}.{place.slug}", AREA, place.name, f"{label}, {place.name}", number, unit, status, source)
            )  # fmt: skip
        total = baseline.added([part.number for part in parts])
        status = computed(total, parts)
        source = {
            Status.MANGLER: "Mangler så lenge én kommune mangler (data/raw/sak/merkantile.csv)",
            Status.TILBAKEHOLDT: "Tilbakeholdt, ellers kunne kommunens tilbakeholdte tall regnes ut av summen (data/raw/sak/merkantile.csv)",
            Status.BEREGNET: "Beregnet av data/raw/sak/merkantile.csv",
        }[status]
        found += parts
        found.append(Value(f"{AREA}.{measure}.{SUM}", AREA, None, f"{label}, samlet", total, unit, status, source))
    return found


def _with_central_staff(stated: Mapping[str, Value]) -> list[Value]:
    """Årsverk per 1 000 inhabitants when clerical staff are counted with the central; missing where they are not stated."""
    people, central = population.inhabitants(), {value.id: value for value in baseline.values()}
    found = []
    for area, whose in ((AREA, "lønn, regnskap og fakturering"), ("felles", baseline.joint_name().lower())):
        for slug, name in [(place.slug, place.name) for place in municipalities()] + [(SUM, None)]:
            own, extra = central[f"{area}.arsverk.{slug}"], stated[f"{AREA}.merkantile-arsverk.{slug}"]
            total = baseline.added([own.number, extra.number])
            number = None if total is None else baseline.ratio(total, people[slug], 1000)
            source = (
                f"Beregnet av «{own.name}», «{extra.name}» og SSB tabell 07459"
                if number is not None
                else _missing_source(own, extra)
            )
            found.append(
                Value(
                    f"{area}.arsverk-per-1000-med-merkantile.{slug}", area, name,
                    f"Årsverk per 1 000 innbyggere med merkantile årsverk, {whose}, {name or 'samlet'}", number,
                    "årsverk per 1 000 innbyggere", computed(number, [own, extra]), source,
                )
            )  # fmt: skip
    return found


def _missing_source(own: Value, extra: Value) -> str:
    """Why the number cannot be computed: the staffing or the inhabitants."""
    if extra.number is None:
        return extra.source
    if own.number is None:
        return own.source if own.status is Status.TILBAKEHOLDT else "Årsverk mangler (data/datahull.csv)"
    return population.MISSING
