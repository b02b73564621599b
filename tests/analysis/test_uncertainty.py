"""Draws of the assumptions: the same every time, in order, and as today's figures are."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import assumptions, baseline, charts_ranges, payback, uncertainty
from analysis.model import Status
from analysis.places import SUM, administrative_areas, municipalities
from analysis.views import uncertainty as view

TODAY = {value.id: value for value in baseline.values()}
VALUES = {value.id: value for value in uncertainty.values(TODAY)}
SAVING, PART = assumptions.by_id("sparing"), assumptions.by_id("realisering")
AREAS = [*(area.slug for area in administrative_areas()), "felles"]
PLACES = [*(place.slug for place in municipalities()), SUM]

number = st.floats(min_value=0, max_value=100)
ordered = st.tuples(number, number, number).map(sorted)


def test_the_stream_is_the_one_that_pcg64_gives_everywhere() -> None:
    first = uncertainty.uniforms(2, 3)
    assert first.shape == (2, 3)
    # As computed once, and checked against NumPy's own doubles from the same bits.
    assert np.array_equal(first.ravel(), np.random.Generator(np.random.PCG64(uncertainty.SEED)).random(6))
    assert np.array_equal(first, uncertainty.uniforms(2, 3))


@given(ordered, st.floats(min_value=0, max_value=1, exclude_max=True))
def test_draws_stay_within_the_assumption(three, uniform) -> None:
    low, likely, high = three
    for middle in (likely, None):
        one = dataclasses.replace(SAVING, low=low, likely=middle, high=high)
        assert low - 1e-9 <= float(uncertainty.drawn(one, np.array([uniform]))[0]) <= high + 1e-9


def test_a_triangle_has_its_mean_and_its_median() -> None:
    found = uncertainty.drawn(SAVING, uncertainty.uniforms(1)[0])
    assert found.mean() == pytest.approx((10 + 21 + 30) / 3, abs=0.05)
    # Of the triangle 10–21–30, 11/20 lies below 21: the median is 10 + √(½ × 20 × 11).
    assert np.median(found) == pytest.approx(10 + math.sqrt(0.5 * 20 * 11), abs=0.05)


def test_a_uniform_is_flat() -> None:
    found = uncertainty.drawn(PART, uncertainty.uniforms(1)[0])
    assert np.percentile(found, [10, 50, 90]) == pytest.approx([10, 50, 90], abs=0.5)


def test_the_gain_is_as_an_integral_says() -> None:
    # P(saving × part ≤ g) = ∫ min(1, g / s) f(s) ds, worked out on a fine grid instead of by drawing.
    saving = np.linspace(10, 30, 200_001)
    density = np.where(saving < 21, 2 * (saving - 10) / (20 * 11), 2 * (30 - saving) / (20 * 9))
    for name, level in uncertainty.PERCENTILES.items():
        gain = 100 * uncertainty.percentiles("gevinst")[name]
        share = np.sum(np.minimum(1, gain / saving) * density) * (saving[1] - saving[0])
        assert share == pytest.approx(level / 100, abs=0.005)


@given(st.floats(min_value=0, max_value=20), st.integers(min_value=1, max_value=40))
def test_present_value_is_that_of_payback(rate, years) -> None:
    # Below a billionth of a percent the draws are computed as if at that rate.
    assert float(uncertainty._annuity(rate, float(years))) == pytest.approx(payback.annuity(rate, years), rel=1e-6)


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("measure", uncertainty.MEASURES)
def test_ranges_are_in_order(area, measure) -> None:
    for place in PLACES if measure != "etablering" else [SUM]:
        low, middle, high = (
            VALUES[f"{area}.usikkerhet.{measure}.{end}.{place}"].number for end in ("p10", "p50", "p90")
        )
        assert 0 <= low <= middle <= high


@pytest.mark.parametrize("end", ["p10", "p50", "p90"])
def test_the_areas_and_the_municipalities_add_up(end) -> None:
    of_areas = sum(VALUES[f"{area}.usikkerhet.gevinst.{end}.sum"].number for area in AREAS[:-1])
    of_places = sum(VALUES[f"felles.usikkerhet.gevinst.{end}.{place}"].number for place in PLACES[:-1])
    total = VALUES[f"felles.usikkerhet.gevinst.{end}.sum"].number
    assert (of_areas, of_places) == (pytest.approx(total, abs=3), pytest.approx(total, abs=3))


def test_results_are_whole_kroner_and_hundredths_of_an_arsverk() -> None:
    for value in VALUES.values():
        assert value.number == round(value.number, 2 if value.unit == "årsverk" else 0)
        assert value.status is Status.BEREGNET
        assert "antatt" in value.source


def test_the_same_every_time() -> None:
    uncertainty._percentiles.cache_clear()
    assert list(VALUES.values()) == uncertainty.values(TODAY)


def test_another_seed_changes_little(monkeypatch) -> None:
    before = uncertainty.percentiles("etablering")
    uncertainty._percentiles.cache_clear()
    monkeypatch.setattr(uncertainty.uniforms, "__defaults__", (uncertainty.DRAWS, 7))
    after = uncertainty.percentiles("etablering")
    uncertainty._percentiles.cache_clear()
    assert after != before
    assert list(after.values()) == pytest.approx(list(before.values()), rel=0.03)


@given(number, number)
def test_gains_rise_with_the_saving(one, other) -> None:
    rest = {"realisering": 50.0, "realrente": 4.0, "horisont": 10.0}
    less, more = ({**rest, "sparing": saving} for saving in sorted((one, other)))
    assert all(
        uncertainty.factor(measure, less) <= uncertainty.factor(measure, more) for measure in uncertainty.MEASURES
    )


@given(ordered, ordered)
def test_the_tornado_is_widest_on_top_and_around_the_middle(saving, part) -> None:
    chosen = {
        name: dataclasses.replace(one, low=low, likely=likely, high=high)
        for (name, one), (low, likely, high) in zip(
            {"sparing": SAVING, "realisering": PART}.items(), (saving, part), strict=True
        )
    }
    middle, swings = uncertainty.tornado("gevinst", 1_000_000, chosen)
    spreads = [swing.spread for swing in swings]
    assert spreads == sorted(spreads, reverse=True)
    assert all(swing.at_low <= middle <= swing.at_high for swing in swings)


def test_the_tornado_by_hand() -> None:
    # 23 200 000 kr × 21 % × half of it; with 10 %, 30 %, nothing and all of it.
    middle, [first, second] = uncertainty.swings("gevinst", 23_200_000)
    assert middle == 2_436_000
    assert (first.assumption.id, first.at_low, first.at_high) == ("realisering", 0, 4_872_000)
    assert (second.assumption.id, second.at_low, second.at_high) == ("sparing", 1_160_000, 3_480_000)
    assert VALUES["felles.folsomhet.gevinst.sparing.hoy.sum"].number == 3_480_000


def test_a_higher_rate_and_a_shorter_time_give_less() -> None:
    prefix = "felles.folsomhet.etablering"
    assert VALUES[f"{prefix}.realrente.hoy.sum"].number < VALUES[f"{prefix}.midt.sum"].number
    assert VALUES[f"{prefix}.horisont.lav.sum"].number < VALUES[f"{prefix}.midt.sum"].number


def test_without_figures_nothing_is_computed() -> None:
    known = {name: dataclasses.replace(value, number=None, status=Status.MANGLER) for name, value in TODAY.items()}
    assert {value.status for value in uncertainty.values(known)} == {Status.MANGLER}


def test_a_tornado_bar_runs_from_the_lower_result_whichever_end_gives_it() -> None:
    drawn = charts_ranges.tornado([charts_ranges.Sway("Realrente", 22, 18, "22 (2 %)", "18 (6 %)")], 20, "20", "kr")
    [row] = next(rows for rows in drawn["datasets"].values())
    assert (row["fra"], row["til"], row["venstre"], row["hoyre"]) == (18, 22, "18 (6 %)", "22 (2 %)")


@pytest.fixture
def shown(monkeypatch):
    """The views with today's values and these, whatever else the book publishes."""
    known = {**TODAY, **VALUES}
    monkeypatch.setattr(view, "by_id", lambda: known)
    return known


@pytest.mark.parametrize("area", AREAS)
def test_the_charts_tell_their_numbers_in_words(shown, area) -> None:
    for figure in (view.gains(area), view.tornado(area), view.tornado(area, "gevinst")):
        numeric = figure.data.numeric
        cells = [cell for row in figure.data.as_json()["rows"] for column, cell in enumerate(row) if column in numeric]
        assert cells and all(cell in figure.alt for cell in cells)


def test_the_findings(shown) -> None:
    thin = "\u202f"
    assert (
        view.gains("felles").title
        == f"Gevinsten er usikker: Åtte av ti utfall ligger mellom om lag 450{thin}000 og 4{thin}400{thin}000 kroner i året"
    )
    assert view.tornado("felles").title == f"Størst utslag gir forutsetningen «{PART.name}»"
    assert view.table("felles").as_json()["rows"][0][1:] == ["4,13", "5,76", "7,24"]


def test_a_chart_without_figures_says_so(shown) -> None:
    for value in list(shown.values()):
        shown[value.id] = dataclasses.replace(value, number=None, status=Status.MANGLER)
    assert view.gains("felles").text.startswith("Kostnadene mangler")
    assert view.tornado("felles").text.startswith("Kostnadene mangler")
    assert view.table("felles").as_json()["rows"][1][1] == "mangler"
