"""The rule of five persons."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import ages, keyfigures
from analysis.model import Status

VALUES = keyfigures.by_id()


@given(st.floats(min_value=0.01, max_value=500))
def test_no_fewer_persons_than_full_time_equivalents(fte: float) -> None:
    persons = ages.fewest_persons(fte)
    assert persons >= fte - 0.001
    assert persons <= math.ceil(fte)


def test_five_full_time_equivalents_are_at_least_five_persons_and_a_little_less_are_not() -> None:
    assert ages.fewest_persons(5.0) == 5
    assert ages.fewest_persons(5.0000001) == 5
    assert ages.fewest_persons(4.1) == 5
    assert ages.fewest_persons(4.0) == 4


def test_ranges_with_five_persons_or_more_are_shown() -> None:
    assert VALUES["lonn-regnskap-fakturering.alder-fra.skaun"].number == 59
    assert VALUES["lonn-regnskap-fakturering.alder-til.melhus"].number == 66


@pytest.mark.parametrize("place", ["skaun", "melhus", "midtre-gauldal"])
@pytest.mark.parametrize("area", ["sentralbord", "postmottak-arkiv"])
def test_ranges_with_fewer_are_withheld(area: str, place: str) -> None:
    for end in ("alder-fra", "alder-til"):
        value = VALUES[f"{area}.{end}.{place}"]
        assert value.status is Status.TILBAKEHOLDT
        assert "fem personer" in value.source


def test_the_joint_range_is_shown_when_it_tells_nothing_of_one_municipality() -> None:
    assert (VALUES["postmottak-arkiv.alder-fra.sum"].number, VALUES["postmottak-arkiv.alder-til.sum"].number) == (
        25,
        65,
    )
    assert VALUES["sentralbord.alder-fra.sum"].status is Status.TILBAKEHOLDT


def test_the_joint_range_is_withheld_when_exactly_one_municipality_is(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ages.staffing()
    one_small = rows.assign(
        arsverk=[2.0 if (r.omrade, r.kommunenr) == ("lonn-regnskap-fakturering", 5029) else r.arsverk for r in rows.itertuples()]
    )  # fmt: skip
    monkeypatch.setattr(ages, "staffing", lambda: one_small)
    found = {value.id: value for value in ages.values()}
    assert found["lonn-regnskap-fakturering.alder-fra.skaun"].status is Status.TILBAKEHOLDT
    assert found["lonn-regnskap-fakturering.alder-fra.sum"].status is Status.TILBAKEHOLDT
    assert found["lonn-regnskap-fakturering.alder-fra.melhus"].number == 47


def test_no_single_age_of_a_switchboard_is_in_the_data() -> None:
    rows = ages.staffing()
    switchboard = rows[rows["omrade"] == "sentralbord"]
    assert switchboard[["alder_fra", "alder_til"]].isna().all(axis=None)
    assert isinstance(rows, pd.DataFrame)
