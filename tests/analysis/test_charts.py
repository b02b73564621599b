"""Charts and the words that stand for them."""

from __future__ import annotations

import json
from functools import cache, partial

import altair as alt
import pandas as pd
import pytest

from analysis import charts, palette
from analysis.places import municipalities
from analysis.results import Figure
from analysis.views import economy, mapping, people, progress, today, together, uncertainty

AREAS = ("sentralbord", "postmottak-arkiv", "lonn-regnskap-fakturering")
MAKERS = {
    "/".join((make.__module__.rpartition(".")[2], make.__name__, *of)): partial(make, *of)
    for make, every in {
        today.staffing_chart: AREAS,
        today.staffing_per_inhabitant_chart: AREAS,
        mapping.chart: [part.slug for part in mapping.sub_areas()],
        economy.regions_chart: (*AREAS, "felles"),
        economy.by_key_chart: (*AREAS, "felles"),
        economy.for_municipality_chart: [place.slug for place in municipalities()],
        uncertainty.gains: (*AREAS, "felles"),
        uncertainty.tornado: (*AREAS, "felles"),
        together.areas_chart: (), people.growth_chart: (), people.age_chart: (), progress.plan: (),
    }.items()
    for of in ([(one,) for one in every] or [()])
}  # fmt: skip


@cache
def made(name: str) -> Figure:
    return MAKERS[name]()


@pytest.fixture(params=MAKERS)
def figure(request: pytest.FixtureRequest) -> Figure:
    """Each figure of the book."""
    return made(request.param)


def test_the_text_alternative_tells_every_number_of_the_chart(figure: Figure) -> None:
    rows = figure.data.as_json()["rows"]
    told = figure.data.numeric or {2}  # the progress plan tells times, in its last column
    numbers = {cell for row in rows for column, cell in enumerate(row) if column in told}
    if figure.name == "vekst-figur":  # a line is told by its end
        numbers = set(rows[-1][1:])
    assert numbers
    assert all(number in figure.alt for number in numbers)


def test_a_chart_is_the_same_bytes_every_time_and_names_no_other_host(figure: Figure) -> None:
    text = json.dumps(figure.as_json())
    assert text == json.dumps(figure.as_json())
    addresses = {word for word in text.split('"') if word.startswith("http")}
    assert addresses == {figure.chart["$schema"]}


@pytest.mark.parametrize("number", [None, float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_sent_as_nothing(number: float | None) -> None:
    table = pd.DataFrame({"navn": ["Skaun", "Melhus"], "tall": [1.5, number]})

    @charts.drawn_twice
    def form(*, width: int) -> charts.Specification:
        return charts.finished([alt.Chart(table).mark_bar(), alt.Chart(table).mark_text()], width, height=100)

    tables = list(form()["datasets"].values())
    assert tables == [[{"navn": "Skaun", "tall": 1.5}, {"navn": "Melhus", "tall": None}]]


def test_a_municipality_without_a_number_is_drawn_as_missing() -> None:
    figure = mapping.chart("plan")
    assert "tall for Skaun mangler" in figure.title
    assert "Skaun mangler" in figure.alt
    assert ["Skaun", "mangler"] in figure.data.as_json()["rows"]


@pytest.mark.parametrize("figure", sorted(MAKERS.keys() - {"progress/plan"}), indirect=True)
def test_a_chart_says_what_its_numbers_measure(figure: Figure) -> None:
    title = figure.chart["title"]
    assert title["text"]
    assert (title["anchor"], title["frame"], title["color"], title["fontSize"]) == (
        "start",
        "bounds",
        palette.MUTED,
        14,
    )


def test_no_ranking_is_stated_where_only_some_municipalities_state_their_clerical_staff() -> None:
    area = "lonn-regnskap-fakturering"
    figure = today.staffing_per_inhabitant_chart(area)
    assert not any(place.name in figure.title for place in municipalities())
    assert "Melhus 0,72" in figure.note
    assert "Skaun og Midtre Gauldal" in figure.note
    assert not today.staffing_per_inhabitant_chart("sentralbord").note


def test_a_rate_per_full_time_equivalent_is_shown_in_thousands_and_says_so_where_it_is_not_exact() -> None:
    table = today.unit_costs("lonn-regnskap-fakturering")
    assert [row[1] for row in table.as_json()["rows"]] == [
        "820\u202f000",
        "813\u202f000",
        "887\u202f000",
        "841\u202f000",
    ]
    assert "nærmeste tusen" in table.note
    assert not today.unit_costs("sentralbord").note


def test_withholding_is_explained_only_where_something_is_withheld() -> None:
    assert "Tilbakeholdt" in today.ages("postmottak-arkiv").note
    assert not today.ages("lonn-regnskap-fakturering").note


def test_each_municipality_has_one_colour_of_its_own_that_white_text_is_readable_on() -> None:
    colours = [palette.colour_of(place.slug) for place in municipalities()]
    assert len(set(colours)) == len(colours)
    assert all(charts._is_dark(colour) for colour in colours)


def test_months_are_points_on_a_line_of_years() -> None:
    assert charts.month("2026-01") == 2026
    assert charts.month("2026-12", end=True) == 2027
    assert charts.month("2026-07") == 2026.5


def test_half_a_row_of_numbers_is_never_shown() -> None:
    parts = [
        charts.Part("smal", "a", 1, "1,0", "#1f4e6b"),
        charts.Part("smal", "b", 30, "30,0", "#1f4e6b"),
        charts.Part("bred", "a", 50, "50,0", "#1f4e6b"),
        charts.Part("bred", "b", 50, "50,0", "#1f4e6b"),
    ]
    shown = {(row["rad"], row["tekst"]) for row in charts._stretches(parts, 100, charts.WIDTH)}
    assert shown == {("smal", ""), ("bred", "50,0")}
