"""What the reader is told of the difference between two editions."""

from __future__ import annotations

import pytest

from analysis.changes import NOT_THERE, Change, Kind, compare


def record(
    name: str = "sentralbord.arsverk.skaun", number: float | None = 0.8, unit: str = "årsverk", status: str = "oppgitt"
):
    return {
        "id": name,
        "omrade": "sentralbord",
        "kommune": "Skaun",
        "navn": f"Navnet på {name}",
        "verdi": number,
        "enhet": unit,
        "status": status,
        "kilde": "Saksframlegget",
    }


def only(before: dict, after: dict) -> Change:
    (found,) = compare([before], [after])
    return found


def test_the_same_figures_give_no_changes():
    assert compare([record(), record("b")], [record(), record("b")]) == []


def test_another_number_is_told_before_and_after_with_its_unit():
    found = only(record(number=0.8), record(number=1))
    assert (found.before, found.after, found.kind) == ("0,8\u00a0årsverk", "1\u00a0årsverk", Kind.ENDRET)
    assert (found.name, found.area, found.municipality, found.unit) == (
        "Navnet på sentralbord.arsverk.skaun", "sentralbord", "Skaun", "årsverk",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "before", "after"),
    [
        ("kr", 640_000, 640_000.3),
        ("årsverk", 0.8, 0.8000001),
        ("prosent", 29.94, 29.9),
        ("kr per årsverk", 800_100, 799_900),
    ],
)
def test_a_difference_that_rounding_hides_is_no_change(unit: str, before: float, after: float):
    assert compare([record(number=before, unit=unit)], [record(number=after, unit=unit)]) == []


def test_a_difference_that_the_reader_sees_is_a_change():
    assert only(record(number=29.94, unit="prosent"), record(number=29.96, unit="prosent")).after == "30\u00a0prosent"


def test_another_status_of_the_same_number_is_a_change_of_its_own():
    found = only(record(status="antatt"), record(status="oppgitt"))
    assert (found.before, found.after) == ("0,8\u00a0årsverk (antatt)", "0,8\u00a0årsverk (oppgitt)")
    assert (found.kind, found.status_before) == (Kind.STATUS, "antatt")


def test_a_corrected_number_tells_both_statuses():
    found = only(record(number=6_420_000, unit="kr"), record(number=6_320_000, unit="kr", status="rettet"))
    assert found.kind == Kind.ENDRET
    assert found.before == "6\u202f420\u202f000\u00a0kr (oppgitt)"
    assert found.after == "6\u202f320\u202f000\u00a0kr (rettet)"


def test_a_gap_that_is_filled_tells_that_the_number_was_missing():
    found = only(record(number=None, status="mangler"), record(number=2, unit="årsverk"))
    assert (found.before, found.after, found.kind) == ("mangler", "2\u00a0årsverk (oppgitt)", Kind.ENDRET)


def test_new_and_gone_figures_are_told_as_such():
    new, gone = compare([record("a")], [record("b")])
    assert (new.id, new.before, new.after, new.kind) == ("b", NOT_THERE, "0,8\u00a0årsverk", Kind.NY)
    assert (gone.id, gone.before, gone.after, gone.kind) == ("a", "0,8\u00a0årsverk", NOT_THERE, Kind.BORTE)


def test_the_order_is_that_of_the_present_figures_and_then_the_gone():
    before = [record(name, 1) for name in ("gone 1", "c", "a", "gone 2")]
    after = [record(name, 2) for name in ("a", "b", "c")]
    assert [change.id for change in compare(before, after)] == ["a", "b", "c", "gone 1", "gone 2"]


def test_a_unit_that_no_value_has_any_longer_is_still_written_as_bokmaal_writes_it():
    found = only(record(number=1234.5, unit="timer per uke"), record(number=0.8))
    assert found.before == "1\u202f234,5\u00a0timer per uke"
