"""Numbers, dates and lists as bokmål writes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import formatting

THIN, NBSP, MINUS = "\u202f", "\u00a0", "\u2212"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (17.6, "årsverk", f"17,6{NBSP}årsverk"),
        (6.44, "årsverk", f"6,44{NBSP}årsverk"),
        (5.0, "årsverk", f"5{NBSP}årsverk"),
        (14_800_000, "kr", f"14{THIN}800{THIN}000{NBSP}kr"),
        (-492_000, "kr", f"{MINUS}492{THIN}000{NBSP}kr"),
        (999.5, "kr", f"1{THIN}000{NBSP}kr"),
        (2.55, "prosent", f"2,6{NBSP}prosent"),
        (0.5, "årsverk per 1 000 innbyggere", f"0,50{NBSP}årsverk per 1{THIN}000 innbyggere"),
        (-0.001, "kr", f"0{NBSP}kr"),
    ],
)
def test_a_quantity_has_decimal_comma_grouped_thousands_and_its_unit(value: float, unit: str, text: str) -> None:
    assert formatting.quantity(value, unit) == text


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_a_written_number_reads_back_to_the_same_number(value: Decimal) -> None:
    text = formatting.number(float(value), 2)
    read = Decimal(text.replace(THIN, "").replace(",", ".").replace(MINUS, "-"))
    assert read == value


@given(st.integers(min_value=0, max_value=10**15))
def test_every_group_after_the_first_has_three_digits(value: int) -> None:
    first, *rest = formatting.number(value).split(THIN)
    assert 1 <= len(first) <= 3
    assert all(len(group) == 3 for group in rest)


def test_a_date_is_written_with_the_month_in_words() -> None:
    assert formatting.date(dt.date(2024, 11, 6)) == f"6.{NBSP}november 2024"


@pytest.mark.parametrize(
    ("words", "text"),
    [([], ""), (["Skaun"], "Skaun"), (["Skaun", "Melhus"], "Skaun og Melhus"), (["a", "b", "c"], "a, b og c")],
)
def test_a_list_ends_with_og(words: list[str], text: str) -> None:
    assert formatting.listing(words) == text


@pytest.mark.parametrize(
    ("raw", "set_"),
    [
        ("6 320 000 kroner", f"6{THIN}320{THIN}000 kroner"),
        ("i 2025 320 personer", "i 2025 320 personer"),
        ("etter § 19-1", f"etter §{NBSP}19-1"),
        ("etter §§ 20-2 og 20-3", f"etter §§{NBSP}20-2 og 20-3"),
        ("sak 74/24, 12 punkter", "sak 74/24, 12 punkter"),
    ],
)
def test_typesetting_keeps_thousands_and_paragraph_signs_together_and_leaves_the_rest(raw: str, set_: str) -> None:
    assert formatting.typeset(raw) == set_


def test_numbers_of_one_column_get_the_decimals_the_longest_needs() -> None:
    assert formatting.decimals_needed([0.8, 1.0, 6.44], "årsverk") == 2
    assert formatting.decimals_needed([5.0, 1.0], "årsverk") == 0
    assert formatting.decimals_needed([], "kr") == 0


def test_a_name_keeps_the_names_in_it_within_a_sentence():
    assert formatting.lowered("Lønn, regnskap og fakturering, med merkantile i Melhus").endswith("i Melhus")
    assert formatting.lowered("Hybrid") == "hybrid"


def test_a_name_that_ends_in_an_s_takes_an_apostrophe():
    assert [formatting.genitive(name) for name in ("Skaun", "Melhus", "Midtre Gauldal")] == [
        "Skauns",
        "Melhus’",
        "Midtre Gauldals",
    ]


def test_names_stand_right_in_a_sentence() -> None:
    names = [formatting.lowered(name) for name in ("Innkjøp", "IT-drift", "Åpne data", "")]
    assert names == ["innkjøp", "IT-drift", "åpne data", ""]
