"""What the law rules out, and how models stand under every weighting."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from itertools import permutations
from math import isclose

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import data, model_choice, places
from analysis.model import Status
from analysis.model_choice import Scores, Standing, TaskGroup
from analysis.views import models as view
from analysis.views import people_and_plan

NAMES = ("a", "b", "c")
OWN_BODY, WITHOUT_BOARD, BOARD = "oppgavefellesskap", "vertskommune-administrativt", "vertskommune-nemnd"


def scores(*rows: tuple[int, ...]) -> Scores:
    return Scores(NAMES[: len(rows)], tuple(f"k{number}" for number in range(len(rows[0]))), rows)


matrices = st.integers(1, 5).flatmap(
    lambda criteria: st.lists(
        st.lists(st.integers(1, 5), min_size=criteria, max_size=criteria).map(tuple), min_size=1, max_size=3
    ).map(lambda rows: scores(*rows))
)


def group(decisions: str, political: str = "nei", council_alone: str = "") -> TaskGroup:
    return TaskGroup("gruppe", "felles", "Gruppe", decisions, political, council_alone, "begrunnelse", "kilde")


# What the law rules out


def test_nothing_is_ruled_out_where_nothing_is_decided():
    assert model_choice.knock_outs(group("nei")) == []
    assert model_choice.remaining(group("nei")) == [BOARD, WITHOUT_BOARD, OWN_BODY]


def test_individual_decisions_rule_out_a_body_of_its_own():
    [found] = model_choice.knock_outs(group("ja"))
    assert (found.model, found.paragraph, found.whole, found.certain) == (OWN_BODY, "kommuneloven § 19-1", True, True)
    assert model_choice.remaining(group("ja")) == [BOARD, WITHOUT_BOARD]


@pytest.mark.parametrize(("answer", "whole", "certain"), [("delvis", False, True), ("ikke avklart", True, False)])
def test_a_model_is_not_ruled_out_by_some_decisions_or_by_an_open_question(answer, whole, certain):
    [found] = model_choice.knock_outs(group(answer))
    assert (found.whole, found.certain) == (whole, certain)
    assert OWN_BODY in model_choice.remaining(group(answer))


def test_decisions_of_politicians_limit_the_host_without_a_board():
    [found] = model_choice.knock_outs(group("nei", political="ja"))
    assert (found.model, found.paragraph, found.whole) == (WITHOUT_BOARD, "kommuneloven § 20-2", False)


def test_what_a_council_must_decide_itself_limits_every_model_alike():
    found = model_choice.knock_outs(group("nei", council_alone="plan- og bygningsloven"))
    assert [one.model for one in found] == list(model_choice.models())
    assert model_choice.remaining(group("nei", council_alone="plan- og bygningsloven")) == list(model_choice.models())


def test_the_groups_of_the_investigation():
    groups = {one.slug: one for one in model_choice.task_groups()}
    assert list(groups) == [
        "sentralbord",
        "postmottak-arkiv",
        "lonn-regnskap-fakturering",
        "plan",
        "byggesak",
        "kart-geodata",
        "landbruk",
    ]
    out = {
        slug: {one.model for one in model_choice.knock_outs(one) if one.whole and one.certain}
        for slug, one in groups.items()
    }
    assert out["byggesak"] == {OWN_BODY}
    assert not any(found for slug, found in out.items() if slug != "byggesak")
    # Grants may be managed by a body of its own (§ 19-1, second paragraph), so not all of landbruk is ruled out.
    assert [one.whole for one in model_choice.knock_outs(groups["landbruk"]) if one.model == OWN_BODY] == [False]
    assert all(
        one.council_alone == ("plan- og bygningsloven" if slug == "plan" else "") for slug, one in groups.items()
    )


def test_unknown_group():
    with pytest.raises(KeyError, match="finnes ikke"):
        model_choice.task_group("arkiv")


# Scores worked out by hand


def test_two_models_with_mirrored_scores_share_the_weightings():
    found = model_choice.ranked(scores((5, 1), (1, 5)))
    assert [one.possible for one in found] == [True, True]
    assert found[0].share == pytest.approx(0.5, abs=0.01)
    assert found[0].share + found[1].share == pytest.approx(1)


def test_the_share_of_a_model_is_a_length_one_can_measure():
    # A leads when 2·w < 1·(1 - w), that is w < 1/3 of the line from the second criterion to the first.
    found = model_choice.shares(scores((1, 3), (3, 2)))
    assert found["a"] == pytest.approx(1 / 3, abs=0.01)
    # With three criteria, of which A has the best on one by as much as B on another: half of the triangle.
    assert model_choice.shares(scores((5, 1, 3), (1, 5, 3)))["a"] == pytest.approx(0.5, abs=0.01)


def test_the_middling_model_is_never_first():
    # C is beaten on no criterion by both, but half of A and half of B is as good as C on each.
    found = {one.model: one for one in model_choice.ranked(scores((5, 1), (1, 5), (3, 3)))}
    assert found["c"] == Standing("c", 0.0, False)
    assert found["c"].dominated_by == ()


def test_the_middling_model_is_first_where_it_is_better_than_the_mean():
    found = {one.model: one for one in model_choice.ranked(scores((5, 1), (1, 5), (4, 4)))}
    assert found["c"].possible
    # A leads C when w > 3·(1 - w), that is w > 3/4; B likewise; C has the half between.
    assert found["c"].share == pytest.approx(0.5, abs=0.01)


def test_a_dominated_model_names_the_better_ones():
    found = model_choice.ranked(scores((2, 3), (2, 4), (3, 5)))
    assert [one.dominated_by for one in found] == [("b", "c"), ("c",), ()]
    assert [one.share for one in found] == [0, 0, 1]


def test_the_same_scores_everywhere_are_a_tie():
    found = model_choice.ranked(scores((3, 3), (3, 3), (3, 3)))
    assert [(one.share, one.possible, one.dominated_by) for one in found] == [(1.0, True, ())] * 3
    assert found[0].tied_with == ("b", "c")


def test_the_value_of_small_games():
    assert model_choice.game_value([[3]]) == pytest.approx(3)
    assert model_choice.game_value([[1, -1], [-1, 1]]) == pytest.approx(0)  # matching pennies
    assert model_choice.game_value([[4, 1], [2, 3]]) == pytest.approx(2.5)
    assert model_choice.game_value([[-1, -2], [-3, -4]]) == pytest.approx(-2)


@pytest.mark.parametrize("points", [((1, 2), (3,)), ((0, 3), (3, 3)), ((6, 3), (3, 3))])
def test_scores_that_are_not_scores(points):
    with pytest.raises(ValueError, match="score"):
        Scores(("a", "b"), ("k0", "k1"), points)


# Properties


@settings(max_examples=60, deadline=None)
@given(matrices)
def test_a_dominated_model_is_never_first(matrix):
    for one in model_choice.ranked(matrix, draws=2000):
        if one.dominated_by:
            assert one.share == 0
            assert not one.possible


@settings(max_examples=60, deadline=None)
@given(matrices)
def test_a_model_that_was_first_once_can_be_first(matrix):
    for one in model_choice.ranked(matrix, draws=2000):
        assert one.possible or one.share == 0


@settings(max_examples=60, deadline=None)
@given(matrices)
def test_the_different_rows_divide_the_weightings_between_them(matrix):
    share = model_choice.shares(matrix, draws=2000)
    different = dict(zip(matrix.points, matrix.models, strict=True)).values()
    # Of distinct models two are first together only on a line, which a draw does not hit but rounding may.
    assert isclose(sum(share[model] for model in different), 1, abs_tol=0.005)


@settings(max_examples=40, deadline=None)
@given(matrices, st.randoms(use_true_random=False))
def test_the_order_of_the_criteria_changes_nothing(matrix, random):
    order = list(range(len(matrix.criteria)))
    random.shuffle(order)
    shuffled = Scores(
        matrix.models,
        tuple(matrix.criteria[i] for i in order),
        tuple(tuple(row[i] for i in order) for row in matrix.points),
    )
    assert model_choice.ranked(shuffled, draws=2000) == model_choice.ranked(matrix, draws=2000)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=6).map(tuple))
def test_a_criterion_on_which_all_are_alike_settles_nothing(row):
    matrix = scores((*row, 3), (*row[::-1], 3))
    assert model_choice.can_be_first(matrix, "a") == model_choice.can_be_first(scores(row, row[::-1]), "a")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=1, max_size=6))
def test_the_value_of_a_game_against_two_rivals_is_what_a_search_finds(leads):
    """Of all weightings, one that rests on one or two criteria is best: try these, exactly."""
    best = max(Fraction(min(lead)) for lead in leads)
    for one, other in permutations(leads, 2):
        slope = (one[0] - one[1]) - (other[0] - other[1])
        weight = Fraction(other[1] - other[0], slope) if slope else Fraction(0)
        if 0 <= weight <= 1:
            best = max(best, min(weight * a + (1 - weight) * b for a, b in zip(one, other, strict=True)))
    assert model_choice.game_value(leads) == pytest.approx(float(best), abs=1e-9)


# The table that ships, and one with scores


def delivered(points: dict[str, int | None]) -> pd.DataFrame:
    """The shipped table with the same score on every criterion, by model."""
    table = data.load("vurdering")
    table["poeng"] = pd.array([points[model] for model in table["modell"]], dtype="Int64")
    return table


def test_no_score_is_delivered_and_no_model_is_ranked():
    assert data.load("vurdering")["poeng"].isna().all()
    for standing in model_choice.standings(model_choice.ADMINISTRATIVE):
        assert standing == Standing(standing.model)
        assert not standing.assessed
    for slug in ("sentralbord", "byggesak"):
        assert not any(standing.assessed for standing in model_choice.standings(slug))


def test_one_missing_score_leaves_all_unranked():
    table = delivered({BOARD: 3, WITHOUT_BOARD: 4, OWN_BODY: 2})
    table.loc[5, "poeng"] = pd.NA
    assert model_choice.scores(model_choice.assessments(model_choice.ADMINISTRATIVE, table)) is None
    assert not any(one.assessed for one in model_choice.standings(model_choice.ADMINISTRATIVE, table))


def test_delivered_scores_are_ranked_also_for_an_area_without_its_own():
    table = delivered({BOARD: 3, WITHOUT_BOARD: 4, OWN_BODY: 2})
    for slug in (model_choice.ADMINISTRATIVE, "sentralbord"):
        found = {one.model: one for one in model_choice.standings(slug, table)}
        assert found[WITHOUT_BOARD].share == 1
        assert found[OWN_BODY].dominated_by == (BOARD, WITHOUT_BOARD)


def test_a_model_that_the_law_rules_out_is_not_ranked():
    table = delivered({BOARD: 3, WITHOUT_BOARD: 2, OWN_BODY: 5})
    table["oppgavegruppe"] = "byggesak"
    found = {one.model: one.share for one in model_choice.standings("byggesak", table)}
    assert found == {BOARD: 1, WITHOUT_BOARD: 0}


def test_every_model_is_assessed_on_every_criterion_with_a_reason():
    found = model_choice.assessments(model_choice.ADMINISTRATIVE)
    assert [(one.model, one.criterion) for one in found] == [
        (model, criterion) for model in model_choice.models() for criterion in model_choice.criteria()
    ]
    assert all(one.reason.endswith(".") and not one.decided for one in found)


def test_where_nothing_sets_the_models_apart_the_reason_says_so_for_all_of_them():
    found = model_choice.assessments(model_choice.ADMINISTRATIVE)
    silent = {one.criterion for one in found if one.reason.startswith("Verken loven eller saken")}
    assert all(one.reason.startswith("Verken loven") for one in found if one.criterion in silent)
    assert all("§" in one.reason for one in found if one.criterion not in silent)


def test_what_is_published():
    values = {value.id: value for value in model_choice.values()}
    assert {value.status for key, value in values.items() if key.startswith("felles.modell-forst.")} == {Status.MANGLER}
    # Postmottak og arkiv: 7.9 årsverk, of which Melhus has 3.7.
    assert values["postmottak-arkiv.arsverk-fra-andre.melhus"].number == 4.2
    assert len(values) == len(model_choice.models()) + 9


# What chapters show


def test_the_views_say_that_nothing_is_ranked():
    assert {row[2] for row in view.scores_status().rows} == {"ikke vurdert"}
    assert "Ingen poeng er satt." in view.assessment().note


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing("a"), ("ikke vurdert", "Modellen kan ikke vurderes før alle poengene er levert.")),
        (Standing("a", 0.25, True), ("25\u00a0prosent", "Kan bli først, avhengig av hvordan kriteriene vektes.")),
        (Standing("a", 0.0, False), ("0\u00a0prosent", "Kan ikke bli først alene, uansett hvordan kriteriene vektes.")),
        (Standing("a", 0.0, False, ("b",)), ("0\u00a0prosent", "Kan ikke bli først: modell B er minst like god på alle kriteriene.")),
        (Standing("a", 1.0, True, (), ("b",)), ("100\u00a0prosent", "Har de samme poengene som modell B.")),
    ],
)  # fmt: skip
def test_words_for_a_standing(standing, words):
    assert view.standing_words(standing, {"a": "Modell A", "b": "Modell B"}) == words


def test_the_even_placements_are_all_shown():
    table = view.hosting()
    assert len(table.rows) == 6
    assert len({tuple(row[1:]) for row in table.rows}) == 6
    assert all("Ingen" not in row for row in table.rows)
    assert "15\u00a0årsverk" in table.note


def test_more_ways_than_can_be_read_are_shown_by_host(monkeypatch):
    seven = [dataclasses.replace(places.municipalities()[0], slug=f"k{n}", name=f"Kommune {n}") for n in range(7)]
    monkeypatch.setattr(view, "municipalities", lambda: seven)
    table = view.hosting()
    assert table.columns == ["Fordeling", "Vert 1", "Vert 2", "Vert 3"]
    assert len(table.rows) == 1
    assert "kan plasseres på 343 måter. Av dem er 210 like jevne" in table.note


def test_where_arsverk_are_missing_only_areas_are_evened_out(monkeypatch):
    known = view.by_id()
    absent = dataclasses.replace(known["sentralbord.arsverk.sum"], number=None, status=Status.MANGLER)
    monkeypatch.setattr(view, "by_id", lambda: {**known, absent.id: absent})
    table = view.hosting()
    assert len(table.rows) == 6
    assert any("Sentralbord: mangler" in row for row in table.rows)
    assert "bare antall områder" in table.note


def test_limits_in_words():
    rows = {row[0]: row[1:] for row in view.knock_outs().rows}
    assert rows["Sentralbord"] == ["Ingen grense"] * 3
    assert rows["Byggesak"] == ["Ingen grense", "Ikke avklart (§ 20-2)", "Kan ikke treffe vedtakene (§ 19-1)"]
    assert len(view.knock_outs("samfunnsutvikling").rows) == 4
    assert len(view.tasks("byggesak").rows) == 1


@pytest.mark.parametrize("area", places.areas(), ids=lambda area: area.slug)
def test_every_area_has_an_overview_and_risks(area):
    assert len(view.overview(area.slug).rows) == 10
    assert people_and_plan.risks(area.slug).rows
    if area.phase == 2:
        assert len(people_and_plan.benefits(area.slug).rows) == 5


@pytest.mark.parametrize("part", data.load("underomrader")["underomrade"])
def test_every_part_of_phase_1_is_held_against_the_five_criteria(part):
    assert len(people_and_plan.phase1(part).rows) == 5
    assert len(people_and_plan.next_steps(part).items) == 5


def test_drafts_are_called_drafts():
    for table in (people_and_plan.risks("felles"), people_and_plan.participation(), people_and_plan.phase1("plan")):
        assert people_and_plan.DRAFT in table.note


def test_the_trial_has_no_other_parts():
    assert all(people_and_plan.pilot(part).items for part in people_and_plan.TRIAL)
    with pytest.raises(KeyError, match="kostnad"):
        people_and_plan.pilot("kostnad")
