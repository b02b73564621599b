"""Money never leaks, and a key does what it says."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis import sharing

PLACES = ["skaun", "melhus", "midtre-gauldal"]
amounts = st.lists(st.integers(min_value=0, max_value=10**11), min_size=3, max_size=3).map(
    lambda numbers: dict(zip(PLACES, numbers, strict=True))
)
keys = (
    st.lists(st.integers(min_value=0, max_value=10**6), min_size=3, max_size=3)
    .filter(any)
    .map(lambda numbers: sharing.shares(dict(zip(PLACES, numbers, strict=True))))
)
savings = st.fractions(min_value=0, max_value=100, max_denominator=1000)


@given(amounts, keys, savings)
def test_payments_sum_to_the_joint_cost_and_gains_to_the_saving_to_the_ore(today, key, saving) -> None:
    result = sharing.share(today, key, saving)
    total = sum(today.values())
    assert sum(result.payments.values()) == round(total * (100 - saving) / 100)
    assert sum(result.gains.values()) == total - sum(result.payments.values())


@given(amounts, keys, savings, savings)
def test_nobody_gains_less_when_more_is_saved(today, key, one, other) -> None:
    low, high = sorted((one, other))
    little, much = sharing.share(today, key, low), sharing.share(today, key, high)
    # An øre may fall the other way when the remainders change places.
    assert all(much.gains[place] >= little.gains[place] - 1 for place in PLACES)


@given(amounts, keys)
def test_the_gain_is_zero_at_the_break_even_saving(today, key) -> None:
    assume(sum(today.values()) > 0)
    for place, point in sharing.break_even(today, key).items():
        if point is not None and point <= 100:
            exact = today[place] - key[place] * sum(today.values()) * (100 - point) / 100
            assert exact == 0


@given(amounts, keys)
def test_from_the_saving_where_nobody_loses_nobody_loses(today, key) -> None:
    assume(sum(today.values()) > 0)
    point = sharing.nobody_loses_from(today, key)
    assume(point <= 100)
    assert all(gain >= -1 for gain in sharing.share(today, key, point).gains.values())
    below = point - 1
    if below > 0:
        assert min(today[p] - key[p] * sum(today.values()) * (100 - below) / 100 for p in PLACES) < 0


@given(st.integers(min_value=0, max_value=10**12), keys)
def test_no_share_is_more_than_an_ore_from_the_exact_one(total, key) -> None:
    shared = sharing.apportion(total, key)
    assert all(abs(shared[place] - total * key[place]) < 1 for place in PLACES)
    assert all(shared[place] == 0 for place in PLACES if key[place] == 0)


@given(amounts)
def test_sharing_by_todays_cost_gives_everyone_the_same_saving_in_percent(today) -> None:
    assume(all(today.values()))
    points = sharing.break_even(today, sharing.shares(today))
    assert set(points.values()) == {0}


def test_a_municipality_with_no_cost_and_no_key_pays_nothing() -> None:
    today = {"a": 100, "b": 50, "c": 0}
    result = sharing.share(today, sharing.shares({"a": 2, "b": 1, "c": 0}), 10)
    assert result.payments["c"] == 0
    assert result.gains["c"] == 0


def test_a_hybrid_lies_between_the_keys_it_is_made_of() -> None:
    people, same = sharing.shares({"a": 3, "b": 1}), sharing.equal(["a", "b"])
    key = sharing.mixed({"folketall": (Fraction(1, 2), people), "lik": (Fraction(1, 2), same)})
    assert key == {"a": Fraction(5, 8), "b": Fraction(3, 8)}


@pytest.mark.parametrize("weights", [(Fraction(1, 2), Fraction(1, 3)), (Fraction(3, 2), Fraction(-1, 2))])
def test_hybrid_weights_that_do_not_sum_to_one_are_refused(weights) -> None:
    same = sharing.equal(["a", "b"])
    with pytest.raises(ValueError, match="must sum to 1"):
        sharing.mixed({"x": (weights[0], same), "y": (weights[1], same)})


@pytest.mark.parametrize("wrong", [{"a": -1, "b": 2}, {"a": 0, "b": 0}])
def test_one_cannot_share_by_negative_or_empty_amounts(wrong) -> None:
    with pytest.raises(ValueError, match="cannot share"):
        sharing.shares(wrong)


def test_kroner_become_whole_ore() -> None:
    assert sharing.ore(800_000) == 80_000_000
    assert sharing.ore(0.1) == 10
