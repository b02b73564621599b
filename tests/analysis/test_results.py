"""Tables, figures and lists refuse to be incomplete, and tell in words what the reader needs."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest

from analysis import keyfigures
from analysis.keyfigures import by_id
from analysis.results import (
    FIGURE_MIME,
    LISTING_MIME,
    MOST_LISTED,
    TABLE_MIME,
    VALUES_MIME,
    Figure,
    Listing,
    Table,
    Values,
)
from analysis.views import economy, method, order, today


def a_table() -> Table:
    return Table(name="t", title="Tittel", columns=["a", "b"], rows=[["x", "y"]], source="Saken")


@pytest.mark.parametrize(
    ("field", "word"), [("name", "navn"), ("title", "tittel"), ("alt", "tekstalternativ"), ("source", "kilde")]
)
def test_a_figure_without_title_text_alternative_or_source_is_refused_in_bokmal(field: str, word: str) -> None:
    fields = {"name": "f", "title": "Funn", "alt": "Beskrivelse", "source": "Saken"} | {field: " "}
    with pytest.raises(ValueError, match=f"mangler {word}"):
        Figure(chart={}, data=a_table(), **fields)


def test_a_table_with_a_short_row_is_refused() -> None:
    with pytest.raises(ValueError, match="a row has 1 cells"):
        Table(name="t", title="Tittel", columns=["a", "b"], rows=[["x"]], source="Saken")


def test_a_corrected_number_is_said_to_be_corrected_where_it_stands() -> None:
    rows = today.staffing("postmottak-arkiv").as_json()["rows"]
    assert rows[-1][3] == "6\u202f320\u202f000 (rettet)"


def test_a_table_names_the_values_in_its_cells() -> None:
    table = today.staffing("sentralbord").as_json()
    assert table["values"][0][:2] == ["", "sentralbord.arsverk.skaun"]
    assert [len(row) for row in table["values"]] == [len(row) for row in table["rows"]]


def test_numbers_of_one_unit_are_written_alike_side_by_side_and_those_of_another_as_they_need() -> None:
    shares = [text for _, *row in economy.break_even("felles").as_json()["rows"] for text in row if text != "mangler"]
    assert "3,0" in shares  # in a column of whole numbers, beside others
    assert all(re.fullmatch(r"\d+,\d", text) for text in shares)
    staffing = today.staffing("sentralbord").as_json()["rows"][0]
    assert "," in staffing[1] and "," not in staffing[3]  # årsverk and kroner


def test_numbers_written_as_texts_have_a_status_too() -> None:
    assert economy.by_key("sentralbord").as_json()["statuses"] == ["beregnet", "mangler"]  # «Bruk eller volum» mangler


def test_what_is_the_same_in_every_row_is_said_once() -> None:
    table = today.gaps("sentralbord").as_json()
    assert table["columns"] == ["Hva som mangler", "Hvorfor vi trenger det"]
    assert "Arbeidsgruppen for sentralbord, postmottak og arkiv skal levere alt i tabellen." in table["note"]
    assert today.gaps("felles").as_json()["columns"][-1] == "Hvem som skal levere"


def test_the_table_with_the_corrected_sum_shows_the_printed_one_too() -> None:
    assert "6\u202f420\u202f000\u00a0kr" in today.staffing("postmottak-arkiv").note
    assert today.staffing("sentralbord").note == ""


def test_every_inconsistency_is_set_out_with_meaning_and_handling() -> None:
    items = method.inconsistencies().items
    assert len(items) == 9
    assert all("Hva det betyr:" in text and "Hva vi gjør:" in text for _, text in items)


def test_all_six_decision_points_are_shown_in_the_words_of_the_case() -> None:
    items = order.decision_points().items
    assert [lead[:7] for lead, _ in items] == [f"Punkt {number}" for number in range(1, 7)]
    assert "formelt og forpliktende samarbeid" in items[1][1]


def test_each_kind_of_result_shows_itself_under_its_own_media_type_and_as_plain_text() -> None:
    shown = {
        TABLE_MIME: a_table(),
        FIGURE_MIME: today.staffing_chart("sentralbord"),
        LISTING_MIME: Listing([("Punkt 1.", "Tekst")]),
        VALUES_MIME: Values(list(by_id().values()), "sentralbord"),
    }
    for mime, result in shown.items():
        bundle = result._repr_mimebundle_()
        assert bundle[mime] == result.as_json()
        assert bundle["text/plain"]


def test_a_table_shown_in_a_notebook_cannot_carry_markup() -> None:
    table = Table(name="t", title="<b>", columns=["<i>", "b"], rows=[["<script>", "y"]], source="<u>")
    shown = table._repr_mimebundle_()["text/html"]
    assert not any(tag in shown for tag in ("<b>", "<i>", "<script>", "<u>"))


def test_key_numbers_and_lists_are_readable_in_a_notebook() -> None:
    shown = today.key_numbers("sentralbord")._repr_mimebundle_()["text/html"]
    assert shown.startswith("<ul><li><strong>2,6\u00a0årsverk</strong> ")
    listing = Listing([("Punkt 1.", "Først\n\nSå <b>"), ("", "Uten")], ordered=True)._repr_mimebundle_()
    assert listing["text/html"] == (
        "<ol><li><strong>Punkt 1.</strong> Først<br><br>Så &lt;b&gt;</li><li>Uten</li></ol>"
    )


def test_the_plain_values_of_the_area_are_listed_as_one_writes_them():
    html = keyfigures.for_area("sentralbord")._repr_mimebundle_()["text/html"]
    assert "<code>arsverk.sum</code><td>2,6\u00a0årsverk" in html
    assert "<code>sentralbord." not in html
    plain = [key for key in keyfigures.for_area("sentralbord") if re.fullmatch(r"sentralbord(\.[^.]+){1,2}", key)]
    assert len(plain) > 50
    assert html.count("<tr><td>") == len(plain)


def test_a_chapter_does_not_hold_the_values_that_it_may_use():
    values = keyfigures.for_area("sentralbord")
    assert len(values) > 1000
    assert len(json.dumps(values._repr_mimebundle_())) < 15_000


def test_with_many_municipalities_a_chapter_lists_the_first_values_only():
    one = by_id()["sentralbord.arsverk.skaun"]
    many = [dataclasses.replace(one, id=f"sentralbord.arsverk.kommune-{number}") for number in range(MOST_LISTED + 1)]
    html = Values(many, "sentralbord")._repr_mimebundle_()["text/html"]
    assert html.count("<tr><td>") == MOST_LISTED
    assert f"{MOST_LISTED + 1} verdier kan brukes" in html


def test_values_have_the_names_that_prose_may_write():
    values = keyfigures.for_area("sentralbord")
    assert {"arsverk.sum", "sentralbord.arsverk.sum", "felles.arsverk.sum", "postmottak-arkiv.arsverk.sum"} <= set(
        values
    )
