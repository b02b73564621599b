"""What KOSTRA says of the areas of samfunnsutvikling, and of administration as a whole.

KOSTRA function 120 holds far more than the three administrative areas, so it bounds
the figures of the case and cannot confirm them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis import data, population
from analysis.baseline import ratio
from analysis.model import Status, Value, computed
from analysis.places import SUM, municipalities

AREA = "samfunnsutvikling"
TABLE = "kostra_2025"
ADMINISTRATION = 120


@dataclass(frozen=True, slots=True)
class SubArea:
    """A part of samfunnsutvikling with the KOSTRA function that covers it."""

    slug: str
    name: str
    function: int


def sub_areas() -> list[SubArea]:
    """The parts of samfunnsutvikling, in the order of ``data/underomrader.csv``."""
    return [
        SubArea(row.underomrade, row.navn, int(row.kostra_funksjon)) for row in data.load("underomrader").itertuples()
    ]


def origin() -> str:
    """How the figures came here, as the rows themselves say: from a copy, or from Statistics Norway."""
    copied = any("kopi" in source for source in data.load(TABLE)["kilde"])
    return "hentet fra en kopi og ikke kontrollert mot SSB" if copied else "hentet fra SSB"


def values() -> list[Value]:
    """``samfunnsutvikling.<part>.<brutto|netto>[-per-innbygger].<municipality|sum>`` and ``felles.administrasjon.*``.

    kr and kr per inhabitant, accounts of 2025. A sum is missing as long as one municipality is.
    """
    frame = data.load(TABLE).set_index(["kommunenr", "funksjon"])
    found: list[Value] = []
    for part in sub_areas():
        found += _function(frame, part.function, AREA, part.slug, part.name)
    found += _together({value.id: value for value in found})
    return found + _function(frame, ADMINISTRATION, "felles", "administrasjon", "Administrasjon i alt")


def _function(frame: pd.DataFrame, function: int, area: str, slug: str, name: str) -> list[Value]:
    people = population.inhabitants()
    found: list[Value] = []
    for measure, label in (("brutto", "brutto driftsutgifter"), ("netto", "netto driftsutgifter")):
        amounts: dict[str, float | None] = {}
        for place in municipalities():
            key = (place.number, function)
            amounts[place.slug] = 1000 * float(frame.loc[key, f"{measure}_1000kr"]) if key in frame.index else None
        amounts[SUM] = None if None in amounts.values() else sum(amounts.values())
        names = {place.slug: place.name for place in municipalities()} | {SUM: None}
        for place, amount in amounts.items():
            source = f"KOSTRA 2025, funksjon {function} (SSB tabell 12362, {origin()})"
            if amount is None:
                source = f"Ikke med i datagrunnlaget. Hører hjemme i {source}"
            given = Status.BEREGNET if place == SUM else Status.OPPGITT
            who = names[place]
            found += [
                Value(
                    f"{area}.{slug}.{measure}.{place}",
                    area,
                    who,
                    f"{name}, {label}, {who or 'samlet'}",
                    amount,
                    "kr",
                    Status.MANGLER if amount is None else given,
                    source,
                ),
                Value(
                    f"{area}.{slug}.{measure}-per-innbygger.{place}",
                    area,
                    who,
                    f"{name}, {label} per innbygger, {who or 'samlet'}",
                    (each := ratio(amount, people[place])),
                    "kr per innbygger",
                    Status.MANGLER if each is None else Status.BEREGNET,
                    f"{source}, delt på innbyggere i SSB tabell 07459",
                ),
            ]
    return found


def _together(parts: Mapping[str, Value]) -> list[Value]:
    """``samfunnsutvikling.<brutto|netto>.<municipality|sum>``: all parts together, missing while one part is."""
    found = []
    for measure, label in (("brutto", "Brutto driftsutgifter"), ("netto", "Netto driftsutgifter")):
        for slug, name in [(place.slug, place.name) for place in municipalities()] + [(SUM, None)]:
            values = [parts[f"{AREA}.{part.slug}.{measure}.{slug}"] for part in sub_areas()]
            numbers = [value.number for value in values if value.number is not None]
            total = sum(numbers) if len(numbers) == len(values) else None
            source = (
                values[0].source
                if total is None
                else "Beregnet: summen av KOSTRA-funksjonene for plan, byggesak, kart og landbruk"
            )
            found.append(
                Value(
                    f"{AREA}.{measure}.{slug}",
                    AREA,
                    name,
                    f"{label}, samfunnsutvikling, {name or 'samlet'}",
                    total,
                    "kr",
                    Status.MANGLER if total is None else Status.BEREGNET,
                    source,
                )
            )
    return found


def shares(known: Mapping[str, Value]) -> list[Value]:
    """``felles.andel-administrasjon.<municipality|sum>``: the administrative areas' cost in percent of KOSTRA 120, gross.

    Budgeted salaries over accounted expenditure: an order of magnitude, not a share in the strict sense.
    """
    found = []
    for slug, name in [(place.slug, place.name) for place in municipalities()] + [(SUM, None)]:
        cost, whole = known[f"felles.kostnad.{slug}"], known[f"felles.administrasjon.brutto.{slug}"]
        share = None if cost.number is None or whole.number is None else 100 * cost.number / whole.number
        source = (
            (whole if whole.number is None else cost).source
            if share is None
            else f"Beregnet av «{cost.name}» og «{whole.name}»"
        )
        found.append(
            Value(
                f"felles.andel-administrasjon.{slug}",
                "felles",
                name,
                f"De administrative områdenes andel av all administrasjon, {name or 'samlet'}",
                share,
                "prosent",
                computed(share, [cost, whole]),
                source,
            )
        )
    return found
