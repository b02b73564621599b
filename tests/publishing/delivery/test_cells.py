"""One cell: what is taken, what is refused, and that nothing is guessed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.delivery import cells
from publishing.delivery.faults import CellError
from publishing.delivery.tables import Limits

FTE = Limits("number", "årsverk", Decimal(0), Decimal(200), 2)
MONEY = Limits("number", "kr", Decimal(0), None, 0)
PERCENT = Limits("number", "prosent", Decimal(0), Decimal(100), 1)
# Excel's times have no zone.
MARCH_1, MARCH_2, FEBRUARY_6 = (dt.datetime(*day) for day in ((2025, 3, 1), (2025, 3, 2), (2027, 2, 6)))  # noqa: DTZ001
CALLS = Limits("number", "anrop", Decimal(0), Decimal(1_000_000), 0)


@pytest.mark.parametrize(
    ("raw", "limits", "written"),
    [
        (6.2, FTE, "6.2"),
        (0.1 + 0.2, FTE, "0.3"),  # as Excel stores it
        (5, FTE, "5"),
        ("6,2", FTE, "6.2"),
        ("6.2", FTE, "6.2"),
        ("6,20 årsverk", FTE, "6.2"),
        (" 6,2\u00a0Årsverk ", FTE, "6.2"),
        ("5 500 000", MONEY, "5500000"),
        ("5\u00a0500\u202f000 kr", MONEY, "5500000"),
        ("5.500.000", MONEY, "5500000"),
        ("kr 5 500 000,-", MONEY, "5500000"),
        ("640 000,00", MONEY, "640000"),
        (640000.0, MONEY, "640000"),
        ("21 %", PERCENT, "21"),
        ("7,5 prosent", PERCENT, "7.5"),
        ("0,5 %", PERCENT, "0.5"),
        ("12 000 anrop", CALLS, "12000"),
        ("0", CALLS, "0"),
    ],
)
def test_a_number_as_norwegians_write_it_is_taken(raw, limits, written):
    assert cells.value(raw, limits) == written


def test_percent_as_excel_stores_it_is_taken_as_it_shows_it():
    assert cells.value(0.21, PERCENT, percent=True) == "21"
    assert cells.value(0.075, PERCENT, percent=True) == "7.5"


@pytest.mark.parametrize(
    ("raw", "limits", "told"),
    [
        ("6,2 årsverk ca", FTE, "«6,2 årsverk ca» er ikke et tall. Skriv 6,2."),
        ("1.234", CALLS, "«1.234» kan bety både 1234 og 1,234. Skriv 1234 hvis det er hele tusen, eller 1,234 hvis det er desimaler."),
        ("0,21", PERCENT, "«0,21» kan bety både 0,21 prosent og 21 prosent. Skriv 21 %, eller 0,21 % hvis det er riktig."),
        (0.21, PERCENT, "«0,21» kan bety både 0,21 prosent og 21 prosent. Skriv 21 %, eller 0,21 % hvis det er riktig."),
        ("6,2 %", FTE, "«6,2 %» er i prosent, men tallet skal være i årsverk. Skriv tallet i årsverk."),
        ("1,234", FTE, "«1,234» har for mange desimaler. Skriv høyst 2 desimaler."),
        (6.25, MONEY, "«6,25» har for mange desimaler. Skriv et helt tall."),
        ("1e5", CALLS, "«1e5» er ikke et tall. Skriv bare tallet, for eksempel 12 000. Finnes det ikke, skal cellen være tom."),
        ("6-7", FTE, "«6-7» er ikke et tall. Skriv bare tallet, for eksempel 6,2. Finnes det ikke, skal cellen være tom."),
        ("ukjent", FTE, "«ukjent» er ikke et tall. Skriv bare tallet, for eksempel 6,2. Finnes det ikke, skal cellen være tom."),
        ("12 34", CALLS, "«12 34» er ikke et tall. Skriv bare tallet, for eksempel 12 000. Finnes det ikke, skal cellen være tom."),
        ("1,234.5", MONEY, "«1,234.5» er ikke et tall. Skriv bare tallet, for eksempel 12 000. Finnes det ikke, skal cellen være tom."),
        ("=1+1", FTE, "«=1+1» er en formel. Skriv verdien, ikke formelen."),
        (-3, FTE, "«-3» er for lavt. Den minste verdien er 0 årsverk."),
        (201, FTE, "«201» er for høyt. Den største verdien er 200 årsverk. Er tallet riktig, må grensen endres i data/opplysninger.csv først."),
        (True, FTE, "Cellen har «SANN», ikke et tall. Skriv tallet."),
        (FEBRUARY_6, FTE, "Cellen har datoen 06.02.2027, ikke et tall. Excel har trolig gjort tallet om. Velg «Tall» som celleformat, og skriv tallet på nytt."),
        ("06.feb", FTE, "«06.feb» er en dato, ikke et tall. Excel har trolig gjort tallet om. Skriv tallet på nytt, med «Tall» som celleformat."),
        ("6\u200b,2", FTE, "Cellen har et usynlig tegn (U+200B). Slett innholdet, og skriv det på nytt for hånd."),
        ("6,2\u202e", FTE, "Cellen har et usynlig tegn (U+202E). Slett innholdet, og skriv det på nytt for hånd."),
    ],
)  # fmt: skip
def test_what_is_not_sure_is_refused_with_what_to_write(raw, limits, told):
    with pytest.raises(CellError) as error:
        cells.value(raw, limits)
    assert str(error.value) == told


def test_a_percent_cell_is_refused_where_another_unit_belongs():
    with pytest.raises(CellError, match="Cellen har 620 %, men tallet skal være i årsverk"):
        cells.value(6.2, FTE, percent=True)


@pytest.mark.parametrize("raw", ["01.03.25", "1.3.2025", "1. 3. 2025", "2025-03-01", MARCH_1])
def test_the_day_comes_first_in_norway(raw):
    assert cells.date(raw) == dt.date(2025, 3, 1)


@pytest.mark.parametrize("raw", ["6. feb", "03/01/25", "31.02.2025", "mars 2025", 45717, "01.03"])
def test_a_date_that_can_be_read_otherwise_is_refused(raw):
    with pytest.raises(CellError):
        cells.date(raw)


@pytest.mark.parametrize("raw", ["2025-03", "03.2025", "mars 2025", MARCH_1])
def test_months(raw):
    assert cells.month(raw) == "2025-03"


@pytest.mark.parametrize("raw", ["mar. 25", "13.2025", MARCH_2, 3])
def test_what_is_no_month_is_refused(raw):
    with pytest.raises(CellError):
        cells.month(raw)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", " ="])
def test_a_text_that_a_spreadsheet_would_run_is_refused(start):
    with pytest.raises(CellError, match="tar for en formel"):
        cells.text(f"{start}cmd|'/c calc'!A1")


def test_a_text_is_one_line_without_what_the_eye_does_not_see():
    assert cells.text("Visma\n Lønn,  2026") == "Visma Lønn, 2026"
    for bad in ("a\u202eb", "a\x07b", "LÃ¸nn", "x" * 501):
        with pytest.raises(CellError):
            cells.text(bad)


def test_a_choice_may_be_written_with_capitals_and_nothing_else():
    limits = Limits("choice", choices=("ja", "nei", "delvis"))
    assert cells.value(" Nei ", limits) == "nei"
    with pytest.raises(CellError, match="«kanskje» er ikke et av valgene. Velg ja, nei eller delvis."):
        cells.value("kanskje", limits)


def written_in_norwegian(number: Decimal, space: str, unit: str) -> str:
    whole, _, part = f"{number:f}".partition(".")
    return f"{int(whole):,}".replace(",", space) + (f",{part}" if part else "") + unit


@given(
    st.decimals(0, 999_999_999, places=2),
    st.sampled_from(["", " ", "\u00a0", "\u202f"]),
    st.sampled_from(["", " kr", "kr", " kroner", "\u00a0kr"]),
)
def test_what_is_written_in_norwegian_is_read_as_the_same_number(number, space, unit):
    limits = Limits("number", "kr", Decimal(0), None, 2)
    assert Decimal(cells.value(written_in_norwegian(number, space, unit), limits)) == number
    # And what was taken is taken again, as it stands.
    assert cells.value(cells.norwegian(cells.plain(number)), limits) == cells.plain(number)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.none()))
def test_any_cell_is_taken_or_refused(raw):
    for limits in (
        FTE,
        PERCENT,
        Limits("choice", choices=("ja", "nei")),
        Limits("text"),
        Limits("date"),
        Limits("month"),
    ):
        try:
            found = cells.value(raw, limits)
        except CellError as fault:
            found = str(fault)
        assert isinstance(found, str)
