"""Unit costs: per årsverk, per inhabitant, and årsverk per 1 000 inhabitants; each municipality's share."""

from __future__ import annotations

from collections.abc import Mapping

from analysis import population
from analysis.baseline import joint_name, ratio
from analysis.model import Value, computed
from analysis.places import SUM, administrative_areas, municipalities


def values(baseline: Mapping[str, Value]) -> list[Value]:
    """Unit costs for every administrative area and for ``felles``, computed from the baseline's values by id; missing where they are."""
    people = population.inhabitants()
    found: list[Value] = []
    for slug, name in [(area.slug, area.name) for area in administrative_areas()] + [("felles", joint_name())]:
        for place, shown in [(place.slug, place.name) for place in municipalities()] + [(SUM, None)]:
            fte, cost = baseline[f"{slug}.arsverk.{place}"], baseline[f"{slug}.kostnad.{place}"]
            all_fte, all_cost = baseline[f"{slug}.arsverk.{SUM}"], baseline[f"{slug}.kostnad.{SUM}"]
            measures = {
                "kostnad-per-arsverk": (
                    "Lønnskostnad per årsverk",
                    ratio(cost.number, fte.number),
                    "kr per årsverk",
                    "",
                ),
                "kostnad-per-innbygger": (
                    "Lønnskostnad per innbygger",
                    ratio(cost.number, people[place]),
                    "kr per innbygger",
                    " og SSB tabell 07459",
                ),
                "arsverk-per-1000": (
                    "Årsverk per 1 000 innbyggere",
                    ratio(fte.number, people[place], 1000),
                    "årsverk per 1 000 innbyggere",
                    " og SSB tabell 07459",
                ),
            }
            if place != SUM:
                measures |= {
                    "andel-arsverk": ("Andel av årsverkene", ratio(fte.number, all_fte.number, 100), "prosent", ""),
                    "andel-kostnad": (
                        "Andel av lønnskostnaden",
                        ratio(cost.number, all_cost.number, 100),
                        "prosent",
                        "",
                    ),
                }
            for measure, (label, number, unit, more) in measures.items():
                found.append(
                    Value(
                        f"{slug}.{measure}.{place}",
                        slug,
                        shown,
                        f"{label}, {name.lower()}, {shown or 'samlet'}",
                        number,
                        unit,
                        computed(
                            number, (fte, cost, all_fte, all_cost) if measure.startswith("andel-") else (fte, cost)
                        ),
                        f"Beregnet av «{fte.name}» og «{cost.name}»{more}",
                    )
                )
    return found
