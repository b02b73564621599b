"""The Shapley value and the core."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from analysis import game, sharing

PLACES = ["a", "b", "c"]
costs = st.lists(st.integers(min_value=0, max_value=10**11), min_size=3, max_size=3).map(
    lambda numbers: dict(zip(PLACES, numbers, strict=True))
)
savings = st.fractions(min_value=0, max_value=100, max_denominator=100)


@given(costs, savings)
def test_shapley_shares_out_exactly_the_whole_saving(today, saving) -> None:
    found = game.shapley(game.savings_game(today, saving))
    assert sum(found.values()) == sum(today.values()) * saving / 100


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=10**9), savings)
def test_shapley_gives_the_same_to_those_who_bring_the_same(one, other, saving) -> None:
    found = game.shapley(game.savings_game({"a": one, "b": one, "c": other}, saving))
    assert found["a"] == found["b"]


@given(costs, savings)
def test_shapley_of_this_game_is_in_its_core(today, saving) -> None:
    # The game is convex: a municipality brings more to a larger group, so the core is not empty and holds the value.
    played = game.savings_game(today, saving)
    assert game.in_core(game.shapley(played), played)


def test_the_shapley_value_of_a_small_game_is_what_one_works_out_by_hand() -> None:
    # Costs 300, 200, 100, and 20 percent saved by all, 10 percent by two. A joins first, second or third:
    # alone 0; with B 50, with C 40; with both 120 - v(BC) = 120 - 30 = 90. Mean: (2·0 + 50 + 40 + 2·90) / 6 = 45.
    found = game.shapley(game.savings_game({"a": 300, "b": 200, "c": 100}, Fraction(20)))
    assert found == {"a": 45, "b": 40, "c": 35}


def test_a_key_that_makes_one_pay_more_than_today_is_not_in_the_core() -> None:
    today = {"a": 300, "b": 200, "c": 100}
    played = game.savings_game(today, Fraction(10))
    by_cost = sharing.share(today, sharing.shares(today), 10)
    alike = sharing.share(today, sharing.equal(PLACES), 10)
    assert game.in_core(by_cost.gains, played)
    assert not game.in_core(alike.gains, played)
