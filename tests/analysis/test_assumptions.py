"""Every assumption in one table, in order, with a source and an owner."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis import assumptions, data
from analysis.model import Status
from analysis.views import assumptions as view

ALL = assumptions.all()
numbers = st.floats(min_value=0, max_value=100)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # The case: 10–30 percent elsewhere, 21 in AKST. Nobody has said how much of it becomes money.
        ("sparing", (10, 21, 30)),
        ("realisering", (0, None, 100)),
        ("realrente", (2, 4, 6)),
        ("horisont", (5, 10, 15)),
        ("fravaer", (5, 10, 20)),
        ("pensjon-tidlig", (62, 62, 62)),
        ("pensjon-vanlig", (67, 67, 67)),
    ],
)
def test_the_assumptions_are_these(name, expected) -> None:
    one = assumptions.by_id(name)
    assert (one.low, one.likely, one.high) == expected
    assert one.unit == assumptions.NEEDED[name]


def test_the_saving_is_what_the_case_tells_of_others() -> None:
    case = data.load("erfaringstall").set_index("id")
    saving = assumptions.by_id("sparing")
    assert (saving.low, saving.high) == tuple(case.loc["andre-innsparing", ["verdi_fra", "verdi_til"]])
    assert saving.likely == case.loc["akst-innsparing", "verdi_fra"]
    assert saving.quality == "svak"


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_every_assumption_tells_who_when_and_why(one) -> None:
    assert one.owner and one.note.endswith(".")
    assert one.date.isoformat() == "2026-11-24"
    assert len(one.source) > 10
    assert one.low <= one.middle <= one.high


@given(numbers, numbers, numbers)
def test_an_assumption_out_of_order_is_refused(low, likely, high) -> None:
    assume(not low <= likely <= high)
    with pytest.raises(ValueError, match="not in order"):
        dataclasses.replace(ALL[0], low=low, likely=likely, high=high)


@given(numbers, numbers)
def test_without_a_likely_value_the_middle_is_halfway(one, other) -> None:
    low, high = sorted((one, other))
    assert math.isclose(dataclasses.replace(ALL[0], low=low, likely=None, high=high).middle, (low + high) / 2)


def test_low_above_high_is_refused_without_a_likely_value_too() -> None:
    with pytest.raises(ValueError, match="not in order"):
        dataclasses.replace(ALL[0], low=30.0, likely=None, high=10.0)


def test_each_end_is_a_value_and_what_nobody_has_said_is_missing() -> None:
    found = {value.id: value for value in assumptions.values()}
    assert len(found) == 3 * len(ALL)
    assert found["felles.forutsetning.sparing.hoy"].text == "30\u00a0prosent"
    assert found["felles.forutsetning.sparing.hoy"].status is Status.ANTATT
    assert found["felles.forutsetning.realisering.sannsynlig"].status is Status.MANGLER
    assert all("data/forutsetninger.csv" in value.source for value in found.values())


def test_an_unknown_assumption_is_an_error() -> None:
    with pytest.raises(KeyError):
        assumptions.by_id("ukjent")


def test_the_table_shows_all_of_them() -> None:
    rows = view.table().as_json()["rows"]
    assert len(rows) == len(view.reasons().items) == len(ALL)
    assert rows[1][1:4] == ["0", "ikke oppgitt", "100"]
