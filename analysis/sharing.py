"""How the municipalities share a joint cost: the keys, what each pays, and what each gains.

Money is whole øre and weights are exact fractions, so that the shares add up to the total to
the øre whatever the key. The nullalternativ is what each pays today; a gain is what it pays
today less what it would pay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

#: Municipality slug → amount in whole øre.
Amounts = Mapping[str, int]

#: Municipality slug → exact share of the whole; the shares sum to 1.
Weights = Mapping[str, Fraction]


def ore(kroner: float) -> int:
    """Kroner as whole øre."""
    return round(Fraction(str(kroner)) * 100)


def shares(amounts: Mapping[str, float]) -> dict[str, Fraction]:
    """Each municipality's part of the sum of ``amounts`` (kr, inhabitants, cases …), exactly.

    Raises:
        ValueError: if an amount is negative, or all are zero.
    """
    exact = {place: Fraction(str(amount)) for place, amount in amounts.items()}
    total = sum(exact.values())
    if any(amount < 0 for amount in exact.values()) or total == 0:
        raise ValueError(f"cannot share by {dict(amounts)}: amounts must not be negative, nor all zero")
    return {place: amount / total for place, amount in exact.items()}


def equal(places: list[str]) -> dict[str, Fraction]:
    """The same part for each municipality."""
    return {place: Fraction(1, len(places)) for place in places}


def mixed(parts: Mapping[str, tuple[Fraction, Weights]]) -> dict[str, Fraction]:
    """A hybrid key: the weighted mean of other keys; ``parts`` holds (weight, key) by name.

    Raises:
        ValueError: if a weight is negative or the weights do not sum to 1.
    """
    weights = [weight for weight, _ in parts.values()]
    if any(weight < 0 for weight in weights) or sum(weights) != 1:
        raise ValueError(
            f"the weights of a hybrid key must not be negative and must sum to 1, not {float(sum(weights))}"
        )
    places = next(iter(parts.values()))[1]
    return {place: sum((weight * key[place] for weight, key in parts.values()), Fraction(0)) for place in places}


def apportion(total: int, weights: Weights) -> dict[str, int]:
    """``total`` øre shared by ``weights`` in whole øre: largest remainder, so that nothing is lost or made.

    Equal remainders go to the municipality that comes first in ``weights``.
    """
    exact = {place: total * weight for place, weight in weights.items()}
    found = {place: int(amount // 1) for place, amount in exact.items()}
    rest = total - sum(found.values())
    order = sorted(exact, key=lambda place: -(exact[place] - found[place]))
    for place in order[:rest]:
        found[place] += 1
    return found


@dataclass(frozen=True, slots=True)
class Sharing:
    """What each municipality pays and gains a year, in øre, under one key and one saving (percent)."""

    saving: Fraction
    payments: dict[str, int]
    gains: dict[str, int]

    @property
    def nobody_loses(self) -> bool:
        """Whether no municipality pays more than today."""
        return all(gain >= 0 for gain in self.gains.values())


def share(today: Amounts, weights: Weights, saving: float | Fraction) -> Sharing:
    """Share today's cost (øre) less ``saving`` percent by ``weights``."""
    exact = Fraction(str(saving)) if isinstance(saving, float) else Fraction(saving)
    joint = round(sum(today.values()) * (100 - exact) / 100)
    payments = apportion(joint, weights)
    return Sharing(exact, payments, {place: today[place] - payments[place] for place in today})


def break_even(today: Amounts, weights: Weights) -> dict[str, Fraction | None]:
    """The saving in percent at which each municipality pays exactly what it pays today.

    Zero or below means that it gains from the first krone saved. None means that the key lets it
    pay nothing, so that no saving is needed.
    """
    total = sum(today.values())
    return {
        place: None if weights[place] == 0 else 100 * (1 - Fraction(today[place]) / (weights[place] * total))
        for place in today
    }


def nobody_loses_from(today: Amounts, weights: Weights) -> Fraction:
    """The least saving in percent (never below 0) at which no municipality pays more than today."""
    return max([Fraction(0), *(point for point in break_even(today, weights).values() if point is not None)])
