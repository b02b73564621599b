"""The rule of numbers: a figure typed into prose is found wherever it stands, and what is no figure is let through."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import keyfigures
from publishing import writing
from publishing.writing import figures, prose

ROOT = Path(__file__).resolve().parents[3]
QUOTE = "Er det et sitat, skriv det som «…» (kilde: …)."
NO_VALUE = (
    "Ingen verdi har dette tallet. Legg tallet med kilde i en tabell i data/ (se data/README.md), så kan det bli en verdi. "
    + QUOTE
)


def found(text: str, file: str = "book/x.md") -> list[str]:
    passages, _ = prose._markdown(text, prose.parser(ROOT), file, None, 0)
    return [figure.text for passage in passages for figure in figures.typed(passage)]


def test_todays_book_keeps_the_rules():
    assert writing.problems(ROOT) == []


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Det er 6,2 der.", ["6,2"]),
        ("De har 17,6 årsverk til sammen.", ["17,6 årsverk"]),
        ("De sparte 21 prosent, eller 21%.", ["21 prosent", "21%"]),
        ("Det koster 14 800 000 i året.", ["14 800 000"]),
        ("Det koster kr 14.800.000 i året.", ["kr 14.800.000"]),
        ("Det koster 14,8 mill. kr, ikke 14,8 millioner kroner.", ["14,8 mill. kr", "14,8 millioner kroner"]),
        ("Alderen er 30–60.", ["30–60"]),
        ("Innsparingen er 10 til 30 prosent.", ["10 til 30 prosent"]),
        ("Vi regner med 10, 21 og 30 prosent.", ["10, 21 og 30 prosent"]),
        ("Det er 0,29 årsverk per 1 000 innbyggere.", ["0,29 årsverk per 1 000 innbyggere"]),
        ("Melhus har **6**,4 årsverk.", ["6,4 årsverk"]),
        ("Beløpet er −492 000 kr.", ["−492 000 kr"]),
        ("Stillingen er ½ årsverk.", ["½ årsverk"]),
        ("Det er to årsverk og tjueen prosent.", ["to årsverk", "tjueen prosent"]),
        ("Det er seks komma to årsverk.", ["seks komma to årsverk"]),
        ("I fase 2 og 6,2 årsverk.", ["6,2 årsverk"]),
        ("Se punkt 2, 14 800 000 kroner.", ["14 800 000 kroner"]),
        ("Kommunen har 2000 telefoner.", ["2000"]),
        ("De har bodd her siden 2015 innbyggere.", ["2015 innbyggere"]),
        ("Det er «21 prosent».", ["21 prosent"]),
        ("Det er «21 prosent» (kilde: 2024).", ["21 prosent", "2024"]),
        ("## De 3 kommunene", ["3"]),
        ("- punkt\n\n  - har 4 ansatte", ["4 ansatte"]),
        ("| Kommune | Tall |\n|---|---|\n| Skaun | 5,0 |", ["5,0"]),
        (":::{note}\nDet er 7 saker.\n:::", ["7 saker"]),
        ("```{admonition} Har 8 biler\nTekst.\n```", ["8"]),
        ("![Viser 9 prosent](bilde.png)", ["9 prosent"]),
        ("[5 ansatte](index.ipynb)", ["5 ansatte"]),
        ("<div>\n<b>6,2</b> årsverk\n</div>", ["6,2  årsverk"]),
        ("Ordet[^1].\n\n[^1]: Noten har 12 ord.", ["12"]),
    ],
)
def test_a_figure_is_found(text: str, typed: list[str]):
    assert found(text) == typed


@pytest.mark.parametrize(
    "text",
    [
        "Fra 1. januar 2026, den 29. oktober 2024, i januar/februar 2026 og 12.01.2027.",
        "Siden 2015, våren 2026, i 2025 og 2026, ved årsskiftet 2026/27 (2021–2026), KOSTRA 2025.",
        "Kommuneloven § 20-2, §§ 20-1 og 20-3 og arbeidsmiljøloven kapittel 16.",
        "Strategien (sak 74/24) har kriterier (punkt 2.2). NIVI-rapport 2024:2.",
        "Punkt 5 og punkt 6, vedtakspunkt 3, fase 1 og fase 2, punkt 4, 5 og 6, figur 3 og SSB tabell 07459.",
        "P10, P50 og P90, PDF/A-2a, PDF/UA-1 og WCAG 2.0, 2.1 og 2.2.",
        "Tallene vises per 1 000 innbyggere.",
        "De tre kommunene har mer enn ett årsverk. To andre har tre hver, og færre enn fem personer.",
        "De sparte «21 prosent av heltidsstillingene» (kilde: NIVI-rapport 2024:2, side 14).",
        "1. tar rapporten til orientering.\n2. ber om mer.",
        "Skriv `6,2 årsverk`, {verdi}`gevinst.folketall.21.sum` og {svar}`okonomi-dagens.01`.",
        "Se [tabellen](https://data.ssb.no/table/12362) og <https://data.ssb.no/table/12362>.",
        "```python\nsparing = 21\n```",
        "% En merknad til oss selv: 6,2\n\nTekst.",
        "# Bærekraftige og innovative kommuner 2030",
    ],
)
def test_what_is_no_figure_is_let_through(text: str):
    assert found(text) == []


def test_every_exception_has_a_reason_and_an_example_that_it_lets_through():
    for kind in figures.ALLOWED:
        assert kind.name and kind.reason
        examples = kind.reason.partition(": ")[2]
        assert found(examples) == [], kind.name


def test_the_value_that_is_meant_is_named(written):
    assert written("De tre kommunene har 2,6 årsverk til sammen.") == [
        "«De tre kommunene har 2,6 årsverk til sammen.» har tallet 2,6 årsverk skrevet inn i teksten. "
        "Skriv {verdi}`arsverk.sum` (2,6 årsverk) eller {verdi}`arsverk.oppgitt-sum` (2,6 årsverk) i stedet."
    ]


@pytest.mark.parametrize(("name", "place"), [("Skaun", "skaun"), ("Midtre Gauldal", "midtre-gauldal")])
def test_the_municipality_that_the_sentence_names_comes_first(written, name: str, place: str):
    (problem,) = written(f"{name} har 0,8 årsverk.")
    assert f"Skriv {{verdi}}`arsverk.{place}` (0,8 årsverk)" in problem


def test_a_rounded_number_leads_to_the_value(written):
    (problem,) = written("Lønnen koster 14,8 millioner kroner.", "book/lonn-regnskap-fakturering/index.ipynb")
    assert "Skriv {verdi}`kostnad.sum` (14 800 000 kr)" in problem


def test_a_value_of_another_area_is_named_with_its_area(written):
    (problem,) = written("I lønn er det 17,6 årsverk.")
    assert "Skriv {verdi}`lonn-regnskap-fakturering.arsverk.sum` (17,6 årsverk)" in problem


def test_the_ends_of_a_range_are_named_each(written):
    (problem,) = written("Andre sparer 10–30 prosent.")
    assert problem.startswith("«Andre sparer 10–30 prosent.» har tallet 10–30 prosent skrevet inn i teksten.")
    assert "{tall}`felles.andre-innsparing.fra` (10) og {verdi}`felles.andre-innsparing.til` (30 prosent)" in problem


def test_without_a_value_one_is_told_where_to_make_it(written):
    assert written("Sentralbordet tar 99 anrop i timen.") == [
        f"«Sentralbordet tar 99 anrop i timen.» har tallet 99 anrop skrevet inn i teksten. {NO_VALUE}"
    ]


def test_what_may_be_a_year_is_told_how_to_write_one(written):
    assert written("Kommunen har 2000 telefoner.") == [
        "«Kommunen har 2000 telefoner.» har tallet 2000 skrevet inn i teksten. Er det et årstall, skriv det etter et ord som "
        f"sier det, for eksempel «i 2000». {QUOTE}"
    ]


def test_all_faults_of_a_cell_are_told_at_once(written):
    assert len(written("Det er 2,6 årsverk. Det er 99 anrop.\n\n- og 7 saker")) == 3


def test_a_shared_notebook_is_told_of_once_with_the_parameter(written):
    (problem,) = written("Skaun har 8,3 årsverk.", "book/maler/kommune.ipynb")
    assert "{verdi}`arsverk.{kommune}` (8,3 årsverk)" in problem


def test_a_page_in_markdown_is_told_by_line(book: Path):
    path = book / "book" / "endringer.md"
    lines = path.read_text("utf-8").count("\n")
    path.write_text(path.read_text("utf-8") + "\nDet er 99 anrop.\n", "utf-8")
    assert writing.problems(book) == [
        f"book/endringer.md, linje {lines + 2}: «Det er 99 anrop.» har tallet 99 anrop skrevet inn i teksten. {NO_VALUE}"
    ]


def test_the_list_of_words_is_prose_too(book: Path):
    path = book / "book" / "ordliste.yml"
    path.write_text(path.read_text("utf-8") + "- ord: anrop\n  forklaring: Det er 99 i timen.\n", "utf-8")
    (problem,) = writing.problems(book)
    assert re.match(
        r"book/ordliste\.yml, linje \d+: «Det er 99 i timen\.» har tallet 99 skrevet inn i teksten\.", problem
    )


def test_while_the_data_have_faults_figures_are_found_all_the_same(book: Path):
    (book / "book" / "endringer.md").write_text("# Endringer\n\nDet er 99 anrop.\n", "utf-8")
    (problem,) = writing.problems(book, values_in_order=False)
    assert "har tallet 99 anrop" in problem and "vises når dataene er i orden" in problem


def test_a_notebook_that_is_none_is_told_of(book: Path):
    (book / "book" / "felles" / "framdrift.ipynb").write_text("{", "utf-8")
    assert writing.problems(book) == [
        "book/felles/framdrift.ipynb: Filen kan ikke leses som en notatbok. Hent fram en tidligere utgave av filen."
    ]


SENTENCES = tuple(
    (file, number, match.end())
    for file in prose.files(ROOT)
    if file.endswith(".ipynb")
    for number, cell in enumerate(nbformat.read(ROOT / file, as_version=4).cells)
    if cell.cell_type == "markdown"
    for match in re.finditer(r"[a-zæøå]{3,}(?= [a-zæøå]{3,})", cell.source)
    # Not within a name, a link or the line that opens a directive.
    if not re.search(r"[`{\[(<«][^`}\])>»\n]*$", cell.source[: match.start()])
    and ":::" not in cell.source[: match.start()].rpartition("\n")[2]
)
CELLS = {
    (file, number): cell.source
    for file in {file for file, _, _ in SENTENCES}
    for number, cell in enumerate(nbformat.read(ROOT / file, as_version=4).cells)
}
#: Values as the book writes them; those with a number.
TEXTS = tuple(value.text for value in keyfigures.published() if value.number is not None)


@settings(max_examples=300, deadline=None)
@given(place=st.sampled_from(SENTENCES), figure=st.sampled_from(TEXTS))
def test_a_value_written_out_is_found_wherever_it_is_put(place: tuple[str, int, int], figure: str):
    file, number, end = place
    source = CELLS[file, number]
    spoiled = f"{source[:end]} {figure}{source[end:]}"
    assert found(source, file) == []
    assert len(found(spoiled, file)) == 1


def test_there_are_places_to_put_it():
    assert len(SENTENCES) > 1000 and len(TEXTS) > 1000
