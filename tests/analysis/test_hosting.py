"""The most even ways of placing the host roles."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import hosting

FTE = {"sentralbord": 2.6, "postmottak-arkiv": 7.9, "lonn": 17.6}
PLACES = ["skaun", "melhus", "midtre-gauldal"]

#: Eighths are exact in binary, so that nothing depends on rounding; a tenth is not.
ARSVERK = st.dictionaries(
    st.sampled_from("abcdef"), st.integers(0, 40).map(lambda eighths: eighths / 8), min_size=1, max_size=6
)


def by_trying_all(fte: dict[str, float], places: list[str]) -> set[frozenset[tuple[str, str]]]:
    """The most even placements by their definition: all are made, and the best kept."""

    def unevenness(host: dict[str, str]) -> tuple[float, ...]:
        counts = [list(host.values()).count(place) for place in places]
        hosted = [round(sum(fte[area] for area in host if host[area] == place), 2) for place in places]
        return (counts.count(0), max(counts) - min(counts), round(max(hosted) - min(hosted), 2))

    every = [dict(zip(fte, hosts, strict=True)) for hosts in product(places, repeat=len(fte))]
    least = min(map(unevenness, every))
    return {frozenset(host.items()) for host in every if unevenness(host) == least}


def test_three_areas_and_three_municipalities_are_one_each() -> None:
    [grouping] = hosting.most_even(FTE, 3)
    assert grouping.groups == (("sentralbord",), ("postmottak-arkiv",), ("lonn",))
    assert grouping.everyone_hosts
    assert grouping.spread == 15.0
    assert grouping.ways == 6


def test_whoever_hosts_nothing_counts_as_none() -> None:
    [grouping] = hosting.most_even(FTE, 4)
    assert not grouping.everyone_hosts
    assert (grouping.spread, grouping.without, grouping.ways) == (17.6, 1, 24)


def test_the_arsverk_decide_which_areas_go_together() -> None:
    [grouping] = hosting.most_even(FTE, 2)
    assert grouping.groups == (("sentralbord", "postmottak-arkiv"), ("lonn",))
    assert grouping.spread == 7.1


@given(ARSVERK, st.integers(1, 4))
def test_they_are_the_ones_found_by_trying_all(fte: dict[str, float], municipalities: int) -> None:
    places = [str(number) for number in range(municipalities)]
    groupings = hosting.most_even(fte, municipalities)
    found = [frozenset(host.items()) for grouping in groupings for host in hosting.placements(grouping, places)]
    assert len(found) == len(set(found)) == sum(grouping.ways for grouping in groupings)
    assert set(found) == by_trying_all(fte, places)


@pytest.mark.parametrize("municipalities", [30, 300])
def test_many_municipalities_do_not_make_it_many_groupings(municipalities: int) -> None:
    [grouping] = hosting.most_even(FTE, municipalities)
    assert grouping.ways == municipalities * (municipalities - 1) * (municipalities - 2)
