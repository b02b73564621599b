"""Printed totals against their cells."""

from __future__ import annotations

from analysis import reconciliation


def test_every_printed_total_but_one_is_the_sum_of_its_cells() -> None:
    wrong = [check for check in reconciliation.checks() if not check.holds]
    assert [(c.area, c.printed, c.summed, c.difference) for c in wrong] == [
        ("postmottak-arkiv", 6_420_000, 6_320_000, 100_000)
    ]


def test_every_area_is_checked_for_both_full_time_equivalents_and_cost() -> None:
    assert len(reconciliation.checks()) == 6
