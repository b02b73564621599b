"""Who hosts what: the most even ways of placing the areas on the municipalities.

A way is found in two steps, since the number of placements, municipalities raised to the number of areas, soon is too
large to go through. First the areas are grouped, one group for each host: only the groupings that can be the most even
are made. Then it is said which municipality hosts which group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from math import perm


@dataclass(frozen=True, slots=True)
class Grouping:
    """Areas that are hosted together, whoever hosts them.

    ``groups`` has the areas of each host, ``fte`` their årsverk in the same order, and ``without`` is the number of
    municipalities that host nothing.
    """

    groups: tuple[tuple[str, ...], ...]
    fte: tuple[float, ...]
    without: int

    @property
    def spread(self) -> float:
        """Årsverk hosted by the one with most less the one with least."""
        return round(max(self.fte) - (0.0 if self.without else min(self.fte)), 2)

    @property
    def everyone_hosts(self) -> bool:
        """Whether every municipality hosts at least one area."""
        return not self.without

    @property
    def ways(self) -> int:
        """In how many ways the groups can be given to different municipalities."""
        return perm(len(self.groups) + self.without, len(self.groups))


def most_even(fte_by_area: Mapping[str, float], municipalities: int) -> list[Grouping]:
    """The groupings of at least one area (årsverk by area) that are as even as any, in the order of the areas.

    Even means: as many as possible of the ``municipalities`` (their number, at least one) host something, the number of
    areas differs as little as possible, then the årsverk do.
    """
    areas = list(fte_by_area)
    hosts = min(len(areas), municipalities)
    smallest, larger = divmod(len(areas), hosts)
    sizes = [smallest + 1] * larger + [smallest] * (hosts - larger)
    found = [
        Grouping(groups, tuple(round(sum(fte_by_area[area] for area in group), 2) for group in groups), municipalities - hosts)
        for groups in _groups(areas, sizes)
    ]  # fmt: skip
    least = min(grouping.spread for grouping in found)
    return [grouping for grouping in found if grouping.spread == least]


def placements(grouping: Grouping, places: Sequence[str]) -> list[dict[str, str]]:
    """Every way of giving the groups to different ``places``: area → municipality."""
    return [
        {area: place for group, place in zip(grouping.groups, hosts, strict=True) for area in group}
        for hosts in permutations(places, len(grouping.groups))
    ]


def _groups(areas: Sequence[str], sizes: list[int]) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Every grouping of ``areas`` in groups of these sizes, once: the first area left leads a group of each size."""
    if not areas:
        yield ()
        return
    first, *others = areas
    for size in sorted(set(sizes), reverse=True):
        left = sizes.copy()
        left.remove(size)
        for chosen in combinations(others, size - 1):
            rest = [area for area in others if area not in chosen]
            for groups in _groups(rest, left):
                yield ((first, *chosen), *groups)
