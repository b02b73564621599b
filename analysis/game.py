"""Fairness seen from cooperative game theory: the Shapley value and the core, as a reference for the keys.

Both need to know what two municipalities could save without the third. Nobody has measured
that. The assumption made, and said aloud wherever the figures stand: a cooperation of k of n
municipalities reaches the part (k − 1) / (n − 1) of the saving that all of them reach, of its
own cost. One alone saves nothing; all together save the whole.

So every group's worth follows from its size and its own cost, and neither has to be sought among all groups, which
double with each municipality: both are exact here for any number of them. The tests hold them against their definitions.

Sources: L. S. Shapley, «A value for n-person games» (1953); D. B. Gillies, «Solutions to general
non-zero-sum games» (1959).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction


def shapley(today: Mapping[str, int], saving: Fraction) -> dict[str, Fraction]:
    """Each municipality's mean contribution (øre) over every order in which they could join; sums to the whole saving.

    ``today`` is the cost of each (øre), ``saving`` what all of them together save (percent).
    Whoever joins s others brings its own cost times s, and theirs once: (s - 1) parts of it become s. Over all orders
    s is (n - 1) / 2 in the mean, and the others' cost half of what they have in all.
    """
    size, total, part = len(today), sum(today.values()), _part(saving, len(today))
    return {place: part * ((size - 1) * own + (total - own)) / 2 for place, own in sorted(today.items())}


def in_core(gains: Mapping[str, int | Fraction], today: Mapping[str, int], saving: Fraction, slack: int = 0) -> bool:
    """Whether no group could do better for itself than ``gains`` (øre) give it; ``slack`` øre are let pass as rounding.

    Among groups of one size, the one with most reason to leave consists of those whose gain is least beyond what each
    brings in a group of that size.
    """
    part = _part(saving, len(today))
    return all(
        sum(sorted(gains[place] - part * (size - 1) * own for place, own in today.items())[:size]) + slack >= 0
        for size in range(1, len(today) + 1)
    )


def _part(saving: Fraction, of: int) -> Fraction:
    """What each municipality that joins adds to the part of its cost that a group saves."""
    return saving / 100 / max(of - 1, 1)
