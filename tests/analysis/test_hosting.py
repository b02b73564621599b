"""Every placement of the host roles, the most even first."""

from __future__ import annotations

from analysis import hosting

FTE = {"sentralbord": 2.6, "postmottak-arkiv": 7.9, "lonn": 17.6}
PLACES = ["skaun", "melhus", "midtre-gauldal"]


def test_every_placement_is_there_once_and_none_loses_an_area() -> None:
    found = hosting.placements(FTE, PLACES)
    assert len(found) == 3**3
    assert len({tuple(sorted(p.host.items())) for p in found}) == 27
    assert all(round(sum(p.fte.values()), 2) == 28.1 for p in found)


def test_the_most_even_ones_let_everyone_host_one_area() -> None:
    best = [p for p in hosting.placements(FTE, PLACES) if p.everyone_hosts]
    assert len(best) == 6
    assert hosting.placements(FTE, PLACES)[:6] == best
    assert {p.spread for p in best} == {15.0}


def test_the_worst_puts_everything_in_one_place() -> None:
    assert sorted(hosting.placements(FTE, PLACES)[-1].areas.values()) == [0, 0, 3]
