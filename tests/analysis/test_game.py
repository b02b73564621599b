"""The Shapley value and the core, held against their definitions: every group, and every order in which it could form."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from analysis import game, sharing

amounts = st.integers(min_value=0, max_value=10**11)
savings = st.fractions(min_value=0, max_value=100, max_denominator=100)


def of(numbers: list[int]) -> dict[str, int]:
    return dict(zip("abcdef", numbers, strict=False))


costs = st.lists(amounts, min_size=1, max_size=5).map(of)


def groups(today: Mapping[str, int], saving: Fraction) -> dict[frozenset[str], Fraction]:
    """What each group saves: k of n reach (k - 1) / (n - 1) of the saving, of their own cost."""
    whole = max(len(today) - 1, 1)
    return {
        frozenset(group): sum(today[place] for place in group) * saving / 100 * Fraction(size - 1, whole)
        for size in range(1, len(today) + 1)
        for group in combinations(today, size)
    }


@given(costs, savings)
def test_shapley_is_the_mean_contribution_over_every_order(today, saving) -> None:
    worth = {frozenset(): Fraction(0), **groups(today, saving)}
    orders = list(permutations(today))
    for place, found in game.shapley(today, saving).items():
        brought = [
            worth[frozenset(order[: order.index(place) + 1])] - worth[frozenset(order[: order.index(place)])]
            for order in orders
        ]
        assert found == sum(brought) / len(orders)


@given(costs, savings)
def test_shapley_shares_out_exactly_the_whole_saving(today, saving) -> None:
    assert sum(game.shapley(today, saving).values()) == groups(today, saving)[frozenset(today)]


@given(amounts, amounts, savings)
def test_shapley_gives_the_same_to_those_who_bring_the_same(one, other, saving) -> None:
    found = game.shapley({"a": one, "b": one, "c": other}, saving)
    assert found["a"] == found["b"]


@given(costs, savings, st.lists(st.integers(min_value=-(10**10), max_value=10**11), min_size=5), st.integers(0, 100))
def test_the_core_is_where_no_group_could_do_better(today, saving, given_to, slack) -> None:
    gains = dict(zip(today, given_to, strict=False))
    content = all(
        sum(gains[place] for place in group) + slack >= worth for group, worth in groups(today, saving).items()
    )
    assert game.in_core(gains, today, saving, slack) is content


@given(costs, savings)
def test_shapley_of_this_game_is_in_its_core(today, saving) -> None:
    # The game is convex: a municipality brings more to a larger group, so the core is not empty and holds the value.
    assert game.in_core(game.shapley(today, saving), today, saving)


def test_hundreds_of_municipalities_are_no_matter() -> None:
    today = {f"kommune-{number}": 1000 + number for number in range(300)}
    found = game.shapley(today, Fraction(10))
    assert sum(found.values()) == sum(today.values()) * Fraction(10) / 100
    assert game.in_core(found, today, Fraction(10))


def test_the_shapley_value_of_a_small_game_is_what_one_works_out_by_hand() -> None:
    # Costs 300, 200, 100, and 20 percent saved by all, 10 percent by two. A joins first, second or third:
    # alone 0; with B 50, with C 40; with both 120 - v(BC) = 120 - 30 = 90. Mean: (2·0 + 50 + 40 + 2·90) / 6 = 45.
    found = game.shapley({"a": 300, "b": 200, "c": 100}, Fraction(20))
    assert found == {"a": 45, "b": 40, "c": 35}


def test_a_key_that_makes_one_pay_more_than_today_is_not_in_the_core() -> None:
    today = {"a": 300, "b": 200, "c": 100}
    by_cost = sharing.share(today, sharing.shares(today), 10)
    alike = sharing.share(today, sharing.equal(list(today)), 10)
    assert game.in_core(by_cost.gains, today, Fraction(10))
    assert not game.in_core(alike.gains, today, Fraction(10))
