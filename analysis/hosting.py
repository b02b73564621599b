"""Who hosts what: every way of placing the areas on the municipalities, and how even each way is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True, slots=True)
class Placement:
    """One way of placing the host roles.

    ``host`` is area → municipality, ``fte`` is municipality → årsverk it would host,
    ``areas`` is municipality → number of areas, ``spread`` is årsverk between most and least.
    """

    host: dict[str, str]
    fte: dict[str, float]
    areas: dict[str, int]

    @property
    def spread(self) -> float:
        """Årsverk hosted by the one with most less the one with least."""
        return round(max(self.fte.values()) - min(self.fte.values()), 2)

    @property
    def everyone_hosts(self) -> bool:
        """Whether every municipality hosts at least one area."""
        return all(self.areas.values())


def placements(fte_by_area: Mapping[str, float], places: list[str]) -> list[Placement]:
    """Every placement of the areas (årsverk by area) on the municipalities, the most even first.

    Even means: as many as possible host something, the number of areas differs as little as
    possible, then the årsverk do.
    """
    found = []
    for hosts in product(places, repeat=len(fte_by_area)):
        host = dict(zip(fte_by_area, hosts, strict=True))
        fte = {place: round(sum(fte_by_area[area] for area in host if host[area] == place), 2) for place in places}
        areas = {place: sum(one == place for one in hosts) for place in places}
        found.append(Placement(host, fte, areas))
    return sorted(found, key=_unevenness)


def _unevenness(placement: Placement) -> tuple[float, ...]:
    counts = placement.areas.values()
    without = sum(count == 0 for count in counts)
    return (without, max(counts) - min(counts), placement.spread)
