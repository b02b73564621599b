"""What a page says in the place of what it cannot show."""

from __future__ import annotations

from collections.abc import Iterable

from analysis import baseline, formatting
from analysis.model import Status, Value, computed
from analysis.places import Area
from analysis.results import Note


def no_figure(what: str, values: Iterable[Value]) -> Note | None:
    """Stands where a chart of these values would, when none of them has a number: that would be an axis with nothing on it.

    ``what`` begins the sentence («Årsverkene»). None when a value has a number.
    """
    values = list(values)
    if any(value.number is not None for value in values):
        return None
    why = "er tilbakeholdt" if computed(None, values) is Status.TILBAKEHOLDT else "mangler"
    return Note(f"{what} {why}, så figuren kan ikke tegnes.")


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
