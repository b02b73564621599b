"""What is different between two editions' key figures, as their reader meets them.

Both lists hold records as :meth:`analysis.model.Value.as_record` makes them and ``reports/nokkeltall.json``
keeps them. A difference that rounding hides from the reader is no change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analysis import formatting

#: Stands in the place of a number that the edition does not have.
NOT_THERE = "ikke med"


class Kind(StrEnum):
    """What happened to a key figure. The words are shown to the reader as they stand."""

    ENDRET = "endret"
    NY = "ny"
    BORTE = "borte"
    STATUS = "status endret"


@dataclass(frozen=True, slots=True)
class Change:
    """One key figure that is not what it was.

    ``before`` and ``after`` are texts with unit («2,6 årsverk»), the status word where there is no number,
    with the status after it where that changed too, or :data:`NOT_THERE`. ``area`` and ``municipality`` are as
    in the record; ``municipality`` is None for all together. ``status_before`` is "" for a new figure.
    """

    id: str
    name: str
    area: str
    municipality: str | None
    unit: str
    before: str
    after: str
    kind: Kind
    status_before: str = ""


def compare(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[Change]:
    """Every change from the one list to the other: in the order of ``after``, then those that are gone."""
    old = {record["id"]: record for record in before}
    new = {record["id"] for record in after}
    found = [_change(old.get(record["id"]), record) for record in after]
    found += [_change(record, None) for record in before if record["id"] not in new]
    return [change for change in found if change is not None]


def _change(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Change | None:
    record = after or before
    assert record is not None
    texts = [NOT_THERE if one is None else _text(one) for one in (before, after)]
    if before is None:
        kind = Kind.NY
    elif after is None:
        kind = Kind.BORTE
    else:
        same, same_status = texts[0] == texts[1], before["status"] == after["status"]
        if same and same_status:
            return None
        kind = Kind.STATUS if same else Kind.ENDRET
        if not same_status:
            texts = [_with_status(text, one["status"]) for text, one in zip(texts, (before, after), strict=True)]
    return Change(
        id=record["id"],
        name=record["navn"],
        area=record["omrade"],
        municipality=record["kommune"],
        unit=record["enhet"],
        before=texts[0],
        after=texts[1],
        kind=kind,
        status_before=before["status"] if before else "",
    )


def _text(record: Mapping[str, Any]) -> str:
    """The number with its unit, or the status word when there is none."""
    number, unit = record["verdi"], record["enhet"]
    if number is None:
        return str(record["status"])
    if unit in formatting.DECIMALS:
        return formatting.quantity(number, unit)
    # A unit that an older edition used, and no value has any longer.
    return f"{formatting.number(number, 2)}{formatting.NBSP}{unit}"


def _with_status(text: str, status: str) -> str:
    return text if text == status else f"{text} ({status})"
