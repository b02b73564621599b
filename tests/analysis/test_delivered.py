"""What workgroups deliver: statuses, sums and gaps, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis import clerical, data, delivered, gaps, keyfigures
from analysis.model import Status, Value
from analysis.views import delivered as views

CALLS, STAFF = "sentralbord.volum-anrop", "sentralbord.ansatte"
SKAUN, MELHUS, MIDTRE_GAULDAL = 5029, 5028, 5027
SOURCE = "Levert av økonomisjefen i Melhus, 1. mars 2027, i filen sentralbord.xlsx."

Answers = dict[tuple[str, int], float | None]


def deliver(monkeypatch: pytest.MonkeyPatch, answers: Answers) -> dict[str, Value]:
    """The values when these numbers are delivered; None is withheld."""
    real = data.load

    def load(name: str, root: Path | None = None) -> pd.DataFrame:
        frame = real(name, root)
        if name == delivered.TABLE:
            for (quantity, place), number in answers.items():
                row = (frame["opplysning"] == quantity) & (frame["kommunenr"] == place)
                assert row.sum() == 1
                frame.loc[row, ["verdi", "status", "kilde"]] = [
                    number, "tilbakeholdt" if number is None else "oppgitt", SOURCE,
                ]  # fmt: skip
        return frame

    monkeypatch.setattr(data, "load", load)
    return {value.id: value for value in delivered.values()}


def test_today_nothing_is_delivered_and_nothing_is_shown() -> None:
    assert {value.status for value in delivered.values()} == {Status.MANGLER}
    assert gaps.filled() == set()
    for area in ("sentralbord", "postmottak-arkiv", "lonn-regnskap-fakturering", "samfunnsutvikling"):
        assert views.table(area) is None
    assert keyfigures.by_id()[f"{CALLS}.sum"].status is Status.MANGLER


def test_every_number_that_a_gap_names_has_a_quantity_or_is_no_number() -> None:
    named = {gap for quantity in delivered.quantities() for gap in quantity.gaps}
    listed = set(data.load("datahull")["id"])
    assert named <= listed
    rows = {
        f"{area}.etableringskostnader"
        for area in ("sentralbord", "postmottak-arkiv", "lonn-regnskap-fakturering", "samfunnsutvikling")
    }
    # An outcome in words, statistics that are fetched, a confirmation, a base.
    words = {
        "sentralbord.utproving",
        "samfunnsutvikling.kostra-skaun",
        "felles.kostra-skaun",
        "felles.postmottak-sum",
        "felles.akst-grunnlag",
    }
    assert listed - named == rows | words


def test_a_delivered_number_is_stated_with_who_delivered_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = deliver(monkeypatch, {(CALLS, SKAUN): 12_000})
    value = found[f"{CALLS}.skaun"]
    assert (value.text, value.status, value.source) == ("12\u202f000\u00a0anrop", Status.OPPGITT, SOURCE)
    assert found[f"{CALLS}.melhus"].status is found[f"{CALLS}.sum"].status is Status.MANGLER
    assert gaps.filled() == set()


def test_a_sum_is_there_when_all_are_and_the_gap_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(gaps.missing("sentralbord"))
    found = deliver(monkeypatch, {(CALLS, SKAUN): 12_000, (CALLS, MELHUS): 20_500, (CALLS, MIDTRE_GAULDAL): 9_000})
    # 12 000 + 20 500 + 9 000.
    assert (found[f"{CALLS}.sum"].number, found[f"{CALLS}.sum"].status) == (41_500, Status.BEREGNET)
    assert gaps.filled() == {CALLS}
    assert len(gaps.missing("sentralbord")) == before - 1
    assert CALLS not in set(gaps.missing()["id"])
    counts = {value.id: value.number for value in gaps.values()}
    assert counts["sentralbord.datahull"] == before - 1
    assert counts["felles.datahull"] == len(data.load("datahull")) - 1


def test_a_withheld_part_withholds_the_sum_and_fills_the_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    found = deliver(monkeypatch, {(STAFF, SKAUN): None, (STAFF, MELHUS): 6, (STAFF, MIDTRE_GAULDAL): 5})
    assert found[f"{STAFF}.sum"].status is Status.TILBAKEHOLDT
    assert found[f"{STAFF}.sum"].number is None
    assert gaps.filled() == {STAFF}


def test_percent_and_opening_hours_are_not_added_up() -> None:
    ids = {value.id for value in delivered.values()}
    assert "sentralbord.sykefravaer.skaun" in ids and "sentralbord.apningstid.skaun" in ids
    assert not {"sentralbord.sykefravaer.sum", "sentralbord.apningstid.sum"} & ids


def test_a_gap_of_several_quantities_needs_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    part = "samfunnsutvikling.plan"
    places = (SKAUN, MELHUS, MIDTRE_GAULDAL)
    two = {(f"{part}.{name}", place): 5.0 for name in ("arsverk", "ansatte") for place in places}
    deliver(monkeypatch, two)
    assert gaps.filled() == set()
    deliver(monkeypatch, two | {(f"{part}.lonnsutgifter", place): 4e6 for place in places})
    assert gaps.filled() == {f"{part}.bemanning"}


def test_what_the_case_states_for_melhus_is_completed_by_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    area = "lonn-regnskap-fakturering"
    name = f"{area}.merkantile-arsverk"
    deliver(
        monkeypatch, {(name, SKAUN): 3.5, (f"{area}.merkantile-kostnad", SKAUN): 2_000_000, (name, MIDTRE_GAULDAL): 2}
    )
    found = {value.id: value for value in clerical.values()}
    # 3,5 + 6,44 + 2.
    assert found[f"{name}.sum"].number == pytest.approx(11.94)
    assert found[f"{name}.melhus"].source.startswith("Saksframlegget")
    assert found[f"{name}.skaun"].source == SOURCE
    assert found[f"{area}.merkantile-kostnad.sum"].status is Status.MANGLER
    # Of the two gaps, one for each municipality, Skaun's is filled.
    assert gaps.filled() == {f"{area}.merkantile-skaun"}
    # Each id once, though both modules know the quantity.
    ids = [value.id for value in keyfigures.published()]
    assert ids.count(f"{name}.skaun") == 1


def test_establishment_costs_fill_their_gap_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    real = data.load

    def load(name: str, root: Path | None = None) -> pd.DataFrame:
        frame = real(name, root)
        if name == "etableringskostnader":
            frame.loc[frame["omrade"] == "sentralbord", "status"] = "oppgitt"
            frame.loc[frame.index[frame["omrade"] == "postmottak-arkiv"][0], "status"] = "oppgitt"
        return frame

    monkeypatch.setattr(data, "load", load)
    assert gaps.filled() == {"sentralbord.etableringskostnader"}


def test_the_table_of_a_chapter_shows_what_is_delivered_and_says_what_is_withheld(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = deliver(
        monkeypatch,
        {(CALLS, SKAUN): 12_000, (STAFF, SKAUN): None, (STAFF, MELHUS): 6, (STAFF, MIDTRE_GAULDAL): 5},
    )
    monkeypatch.setattr(views, "by_id", lambda: found)
    table = views.table("sentralbord")
    assert table is not None
    shown = table.as_json()
    assert shown["columns"] == ["Hva tallet gjelder", "Skaun", "Melhus", "Midtre Gauldal", "Samlet"]
    assert shown["rows"] == [
        ["Antall anrop per år (anrop)", "12\u202f000", "mangler", "mangler", "mangler"],
        ["Antall ansatte som arbeider med oppgavene (ansatte)", "tilbakeholdt", "6", "5", "tilbakeholdt"],
    ]
    assert shown["values"][0][1] == f"{CALLS}.skaun"
    assert "av hensyn til personvernet" in shown["note"]
    assert views.table("postmottak-arkiv") is None


def test_a_part_of_samfunnsutvikling_shows_its_own_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    found = deliver(
        monkeypatch, {("samfunnsutvikling.plan.saker", SKAUN): 40, ("samfunnsutvikling.styring", SKAUN): 9e5}
    )
    monkeypatch.setattr(views, "by_id", lambda: found)

    def heads(part: str | None = None, shared: bool = False) -> list[str]:
        table = views.table("samfunnsutvikling", part, shared)
        return [] if table is None else [str(row[0]) for row in table.rows]

    assert heads("plan") == ["Antall saker per år, overordnet plan og plansak (saker)"]
    assert heads("byggesak") == []
    assert heads(shared=True) == ["Kostnader til styring (kr)"]
