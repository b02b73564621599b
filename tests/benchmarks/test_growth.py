"""What one more chapter costs is told from projects of several sizes."""

from __future__ import annotations

import pytest

from benchmarks.growth import marginal, ratios
from benchmarks.measuring import Run


def test_what_is_the_same_for_every_size_is_no_part_of_what_one_more_chapter_costs() -> None:
    runs = {10: Run(99.0, 30.0, 300.0), 100: Run(99.0, 48.0, 390.0)}
    cost = marginal(10, 100, runs)
    assert cost.processor == pytest.approx(0.2)
    assert cost.megabytes == pytest.approx(1.0)


def test_a_build_in_proportion_to_its_chapters_has_the_ratio_one() -> None:
    runs = {size: Run(1.0, 5 + 0.5 * size, 200 + 2 * size) for size in (10, 100, 1000)}
    assert ratios(runs) == pytest.approx((1.0, 1.0))


def test_a_build_that_looks_at_every_chapter_for_every_chapter_shows_in_the_ratio() -> None:
    # From 10 to 100: 9 900 / 90 = 110 a chapter. From 100 to 1 000: 990 000 / 900 = 1 100.
    runs = {size: Run(1.0, float(size**2), 1.0 * size) for size in (10, 100, 1000)}
    assert ratios(runs)[0] == pytest.approx(10.0)
