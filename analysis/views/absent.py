"""What a page says in the place of what it cannot show."""

from __future__ import annotations

from collections.abc import Iterable

from analysis import baseline, formatting
from analysis.model import Value
from analysis.places import Area
from analysis.results import Note


def nothing(values: Iterable[Value]) -> bool:
    """Whether none of the values has a number: a chart of them would be an axis with nothing on it."""
    return all(value.number is None for value in values)


def no_figure(what: str) -> Note:
    """Stands where a figure would: ``what`` begins the sentence («Årsverkene»)."""
    return Note(f"{what} mangler, så figuren kan ikke tegnes.")


def left_out() -> str:
    """Which areas the joint sums are without, and why; empty when all are in."""
    return _sentence(baseline.left_out())


def left_out_note() -> Note | None:
    """The same as a paragraph of its own; nothing to show when all areas are in."""
    text = left_out()
    return Note(f"{text} Summene og beregningene for områdene samlet gjelder de andre områdene.") if text else None


def _sentence(absent: list[Area]) -> str:
    if not absent:
        return ""
    names = formatting.listing([f"«{area.name}»" for area in absent])
    if len(absent) == 1:
        return f"{names} er ikke med i summene, fordi området ikke har levert tall for årsverk og kostnader."
    return f"{names} er ikke med i summene, fordi områdene ikke har levert tall for årsverk og kostnader."
