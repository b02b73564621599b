"""What may it cost at most."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import payback

money = st.floats(min_value=0, max_value=1e9)
rates = st.floats(min_value=0, max_value=20)
years = st.integers(min_value=1, max_value=40)


def test_the_annuity_factor_is_the_one_in_the_tables() -> None:
    assert payback.annuity(4, 10) == pytest.approx(8.1109, abs=1e-4)
    assert payback.annuity(0, 10) == 10


@given(money, years, rates)
def test_the_largest_cost_is_the_one_with_a_net_present_value_of_zero(gain, span, rate) -> None:
    cost = payback.largest_cost_in_present_value(gain, span, rate)
    assert payback.net_present_value(cost, gain, span, rate) == pytest.approx(0, abs=1e-3)


@given(money, years)
def test_the_largest_cost_paid_back_takes_exactly_those_years(gain, span) -> None:
    cost = payback.largest_cost_paid_back(gain, span)
    if cost > 0:
        assert payback.years_to_pay_back(cost, gain) == pytest.approx(span)


def test_without_a_gain_nothing_is_ever_paid_back() -> None:
    assert payback.years_to_pay_back(1, 0) is None
    assert payback.largest_cost_paid_back(-5, 10) == 0
    assert payback.years_to_pay_back(0, 0) == 0
