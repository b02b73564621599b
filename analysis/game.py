"""Fairness seen from cooperative game theory: the Shapley value and the core, as a reference for the keys.

Both need to know what two municipalities could save without the third. Nobody has measured
that. The assumption made, and said aloud wherever the figures stand: a cooperation of k of n
municipalities reaches the part (k − 1) / (n − 1) of the saving that all of them reach, of its
own cost. One alone saves nothing; all together save the whole.

Sources: L. S. Shapley, «A value for n-person games» (1953); D. B. Gillies, «Solutions to general
non-zero-sum games» (1959).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations
from math import factorial

#: A group of municipalities → what it saves a year (øre, exact).
Game = Mapping[frozenset[str], Fraction]


def savings_game(today: Mapping[str, int], saving: Fraction) -> dict[frozenset[str], Fraction]:
    """What each group of municipalities saves of today's cost (øre), when all together save ``saving`` percent."""
    places = list(today)
    whole = max(len(places) - 1, 1)
    return {
        frozenset(group): sum(today[place] for place in group) * saving / 100 * Fraction(size - 1, whole)
        for size in range(1, len(places) + 1)
        for group in combinations(places, size)
    }


def shapley(game: Game) -> dict[str, Fraction]:
    """Each municipality's mean contribution over every order in which they could join; sums to the whole saving."""
    everyone = max(game, key=len)
    size = len(everyone)
    value = {frozenset(): Fraction(0), **game}
    found = {}
    for place in sorted(everyone):
        others = everyone - {place}
        found[place] = sum(
            (
                Fraction(factorial(len(group)) * factorial(size - len(group) - 1), factorial(size))
                * (value[group | {place}] - value[group])
                for group in _subsets(others)
            ),
            Fraction(0),
        )
    return found


def in_core(gains: Mapping[str, int | Fraction], game: Game, slack: int = 0) -> bool:
    """Whether no group could do better for itself than ``gains`` give it; ``slack`` øre are let pass as rounding."""
    return all(sum(gains[place] for place in group) + slack >= worth for group, worth in game.items())


def _subsets(places: frozenset[str]) -> list[frozenset[str]]:
    return [frozenset(group) for size in range(len(places) + 1) for group in combinations(sorted(places), size)]
