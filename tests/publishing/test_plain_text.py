"""What is let in as a text, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing import plain_text
from publishing.directives import csv_of
from tests.hostile import PRIVATE, RUN_BY_EXCEL, SHOWN, SURROGATE, UNSEEN


@pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)
def test_what_is_only_text_is_let_in(text: str) -> None:
    assert not plain_text.unseen(text)
    assert not plain_text.is_formula(text)
    assert not plain_text.private(text)


@pytest.mark.parametrize(("sign", "text"), UNSEEN.items(), ids=UNSEEN)
def test_a_sign_that_no_eye_sees_is_named(sign: str, text: str) -> None:
    assert plain_text.unseen(text) == sign


def test_half_a_character_is_named_and_what_bokmal_needs_is_let_in() -> None:
    assert plain_text.unseen(SURROGATE) == "U+D800"
    assert plain_text.unseen("Åse, «ærlig»: 1\u202f000\u00a0kr – ’\n— é Š č") == ""
    assert plain_text.unseen("a\tb", "\t") == ""


@pytest.mark.parametrize("text", [*RUN_BY_EXCEL.values(), " =1+1", "-x", "+47 73 00 00 00"])
def test_a_spreadsheet_would_run_it(text: str) -> None:
    assert plain_text.is_formula(text)


@pytest.mark.parametrize(
    "text", ["-1,5", "-492", "+640\u202f000", "-1.5", "+9,9", "-12 %", "−1", "–", "6,2", "", "a=b", "- 1".strip("- ")]
)
def test_a_number_with_a_sign_is_a_number(text: str) -> None:
    assert not plain_text.is_formula(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_every_number_is_a_number(number) -> None:
    assert not plain_text.is_formula(f"{number:f}")
    assert not plain_text.is_formula(f"{number:f}".replace(".", ","))


@pytest.mark.parametrize("text", PRIVATE.values(), ids=PRIVATE)
def test_what_tells_of_a_person_or_a_machine_is_found(text: str) -> None:
    assert plain_text.private(text)


@pytest.mark.parametrize(
    "text",
    ["data/raw/sak/bemanning.csv", "https://www.ssb.no/statbank/table/07459", "og/eller", "kl. 08:30", "a@b", "pris @ 5", "i filen sentralbord.xlsx", "Kilde: /tmpl"],
)  # fmt: skip
def test_what_tells_of_nobody_is_let_in(text: str) -> None:
    assert not plain_text.private(text)


def test_a_file_to_download_opens_in_excel_with_no_formula_and_with_numbers_as_numbers() -> None:
    rows = [[text, "-1,5", "+640\u202f000"] for text in RUN_BY_EXCEL.values()]
    content = csv_of({"columns": ["=A1", "b", "c"], "rows": rows}).decode("utf-8-sig")
    assert content.startswith("'=A1;b;c\r\n'=cmd|' /C calc'!A0;-1,5;+640\u202f000\r\n'+1+1;")
    assert all(f"'{text}" in content for text in RUN_BY_EXCEL.values())
