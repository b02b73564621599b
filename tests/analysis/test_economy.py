"""Gains and keys, on the data of the case."""

from __future__ import annotations

from fractions import Fraction

import pytest

from analysis import economy, game, keyfigures
from analysis.model import Status
from analysis.places import municipalities

KNOWN = keyfigures.by_id()
PLACES = [place.slug for place in municipalities()]


def test_with_inhabitants_as_the_key_melhus_breaks_even_at_thirty_percent_less_a_little() -> None:
    # Melhus has 17 828 of 32 490 inhabitants and 8 960 000 of 23 200 000 kr: 1 - (8,96 / 23,2) / (17 828 / 32 490) = 29,6 %.
    assert KNOWN["felles.nullpunkt.folketall.melhus"].number == pytest.approx(29.6175, abs=1e-3)
    assert KNOWN["felles.nullpunkt.folketall.sum"].number == KNOWN["felles.nullpunkt.folketall.melhus"].number


def test_a_key_that_needs_volumes_is_missing_and_not_guessed() -> None:
    for place in [*PLACES, "sum"]:
        assert KNOWN[f"felles.nullpunkt.volum.{place}"].status is Status.MANGLER
    assert not any(".volum." in name and "gevinst" in name for name in KNOWN)
    volume = next(key for key in economy.cost_keys() if not key.computable)
    with pytest.raises(ValueError, match="volumes"):
        economy.weights(volume, dict.fromkeys(PLACES, 1))


def test_sharing_as_today_gives_everyone_the_same_percentage() -> None:
    for saving in ("10", "21", "30"):
        for place in PLACES:
            gain, cost = KNOWN[f"felles.gevinst.dagens-kostnad.{saving}.{place}"], KNOWN[f"felles.kostnad.{place}"]
            assert gain.number == pytest.approx(cost.number * float(saving) / 100, abs=0.01)


def test_every_gain_names_the_assumption_it_rests_on() -> None:
    gains = [value for name, value in KNOWN.items() if ".gevinst." in name and ".shapley." not in name]
    assert gains
    assert all("antatt, data/forutsetninger.csv" in value.source for value in gains)


def test_merkantile_services_change_who_gains() -> None:
    plain, more = (KNOWN[f"felles.gevinst{v}.folketall.21.melhus"].number for v in ("", "-med-merkantile"))
    assert plain < 0 < more


def test_the_shapley_value_is_in_the_core_and_inhabitants_as_the_key_is_not() -> None:
    scope = next(s for s in economy.scopes() if s.area == "felles" and not s.variant)
    today = economy.costs(scope, keyfigures.by_id())
    assert today is not None
    for key, inside in (("shapley", True), ("folketall", False), ("dagens-kostnad", True)):
        gains = {place: round(100 * KNOWN[f"felles.gevinst.{key}.21.{place}"].number) for place in PLACES}
        assert game.in_core(gains, today, Fraction(21), slack=3) is inside


def test_the_parts_of_every_key_sum_to_one() -> None:
    assert all(sum(key.parts.values()) == 1 for key in economy.cost_keys())
