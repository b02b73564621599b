"""A value cannot exist without status, unit and source, and never shows a number it does not have."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.model import Status, Value, aligned, computed


def value(number: float | None = 2.6, status: Status = Status.OPPGITT, **changes: Any) -> Value:
    fields = {"id": "a.b.c", "area": "a", "municipality": None, "name": "Navn", "unit": "årsverk", "source": "Saken"}
    return Value(number=number, status=status, **(fields | changes))


@pytest.mark.parametrize("status", [Status.MANGLER, Status.TILBAKEHOLDT])
def test_what_is_missing_or_withheld_carries_no_number(status: Status) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        value(1.0, status)
    assert value(None, status).text == str(status)
    assert value(None, status).as_record()["verdi"] is None


@pytest.mark.parametrize("status", [s for s in Status if s not in {Status.MANGLER, Status.TILBAKEHOLDT}])
def test_every_other_status_demands_a_number(status: Status) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        value(None, status)


@pytest.mark.parametrize("field", ["id", "area", "name", "unit", "source"])
def test_no_field_may_be_empty(field: str) -> None:
    with pytest.raises(ValueError, match="is empty"):
        value(**{field: ""})


def test_a_record_has_exactly_the_fields_of_the_published_interface() -> None:
    assert list(value(5.0).as_record().items()) == [
        ("id", "a.b.c"), ("omrade", "a"), ("kommune", None), ("navn", "Navn"),
        ("verdi", 5), ("enhet", "årsverk"), ("status", "oppgitt"), ("kilde", "Saken"),
    ]  # fmt: skip


def test_numbers_side_by_side_are_written_with_the_same_decimals() -> None:
    column = [value(0.8), value(1.0), value(None, Status.MANGLER)]
    assert aligned(column) == ["0,8", "1,0", "mangler"]
    mixed = [value(0.8), value(640000, unit="kr")]
    assert aligned(mixed) == [v.digits for v in mixed]


@pytest.mark.parametrize(
    ("number", "parts", "status"),
    [
        (3.0, [Status.OPPGITT, Status.RETTET], Status.BEREGNET),
        (None, [Status.OPPGITT, Status.MANGLER], Status.MANGLER),
        (None, [Status.OPPGITT, Status.TILBAKEHOLDT], Status.TILBAKEHOLDT),
        (None, [Status.TILBAKEHOLDT, Status.MANGLER], Status.MANGLER),
        (None, [], Status.MANGLER),
    ],
)
def test_what_is_computed_of_something_withheld_is_withheld(
    number: float | None, parts: list[Status], status: Status
) -> None:
    values = [value(None if one in {Status.MANGLER, Status.TILBAKEHOLDT} else 1.0, one) for one in parts]
    assert computed(number, values) is status
