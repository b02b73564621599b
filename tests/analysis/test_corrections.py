"""A correction replaces one cell, keeps what was delivered, and fails when that has changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import baseline, clerical, corrections, data, delivered, experience, population
from analysis.corrections import Correction, CorrectionError
from analysis.model import Status
from analysis.views import method


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "omrade": ["sentralbord", "sentralbord", "postmottak-arkiv"],
            "kommunenr": [5027, 5028, 5027],
            "arsverk": [0.8, 1.0, float("nan")],
            "budsjett_2025_kr": pd.array([640000, pd.NA, 1360000], dtype="Int64"),
            "dato": [dt.date(2026, 1, 1), None, None],
            "kilde": ["saken", "", "saken"],
        }
    )


def correction(**changes: object) -> dict[str, object]:
    return {
        "id": "r1", "tabell": "bemanning", "nokkel": "omrade=sentralbord;kommunenr=5027", "kolonne": "arsverk",
        "forventet": "0.8", "ny": "0.9", "begrunnelse": "feil i saken", "bekreftet_av": "Midtre Gauldal kommune",
        "dato": dt.date(2027, 1, 12),
    } | changes  # fmt: skip


def applied(*rows: dict[str, object]) -> tuple[pd.DataFrame, list[Correction]]:
    return corrections.apply("bemanning", table(), pd.DataFrame(list(rows)))


def test_the_cell_is_replaced_and_both_values_are_told():
    frame, [change] = applied(correction())
    assert frame["arsverk"].tolist()[:2] == [0.9, 1.0]
    assert (change.expected, change.new) == (0.8, 0.9)
    assert (change.id, change.table, change.column) == ("r1", "bemanning", "arsverk")
    assert (change.reason, change.confirmed_by, change.date) == (
        "feil i saken", "Midtre Gauldal kommune", dt.date(2027, 1, 12),
    )  # fmt: skip


def test_the_delivered_table_is_left_alone():
    delivered = table()
    corrections.apply("bemanning", delivered, pd.DataFrame([correction()]))
    pd.testing.assert_frame_equal(delivered, table())


def test_types_stay():
    frame, _ = applied(
        correction(),
        correction(id="r2", kolonne="budsjett_2025_kr", forventet="640000", ny="650000"),
        correction(id="r3", kolonne="dato", forventet="2026-01-01", ny="2026-02-01"),
        correction(id="r4", kolonne="kilde", forventet="saken", ny="tillegget"),
    )
    assert frame.dtypes.to_dict() == table().dtypes.to_dict()
    assert frame.iloc[0].tolist() == ["sentralbord", 5027, 0.9, 650000, dt.date(2026, 2, 1), "tillegget"]


@pytest.mark.parametrize(("column", "new"), [("budsjett_2025_kr", "800000"), ("kilde", "Melhus kommune")])
def test_an_empty_cell_can_be_expected(column, new):
    frame, [change] = applied(
        correction(nokkel="omrade=sentralbord;kommunenr=5028", kolonne=column, forventet="", ny=new)
    )
    assert str(frame.loc[1, column]) == new
    assert change.expected is None


def test_corrections_of_other_tables_are_passed_over():
    frame, changes = applied(correction(tabell="merkantile"))
    assert changes == []
    pd.testing.assert_frame_equal(frame, table())


FAULTS = [
    (
        "the delivered value has changed",
        {"forventet": "0.7"},
        "forventet",
        "Tabellen «bemanning» har nå «0.8» i kolonnen arsverk (omrade=sentralbord;kommunenr=5027), men rettelsen venter "
        "«0.7». Kontroller den nye verdien. Fjern rettelsen hvis den nye verdien er riktig; skriv den nye verdien under "
        "forventet hvis den fortsatt skal rettes.",
    ),
    (
        "a value where none was expected",
        {"forventet": ""},
        "forventet",
        "Tabellen «bemanning» har nå «0.8» i kolonnen arsverk (omrade=sentralbord;kommunenr=5027), men rettelsen venter "
        "en tom celle. Kontroller den nye verdien. Fjern rettelsen hvis den nye verdien er riktig; skriv den nye verdien "
        "under forventet hvis den fortsatt skal rettes.",
    ),
    (
        "no such row",
        {"nokkel": "omrade=sentralbord;kommunenr=5030"},
        "nokkel",
        "Ingen rad i tabellen «bemanning» passer til «omrade=sentralbord;kommunenr=5030». Rett nøkkelen.",
    ),
    (
        "several rows",
        {"nokkel": "omrade=sentralbord"},
        "nokkel",
        "2 rader i tabellen «bemanning» passer til «omrade=sentralbord». Skriv flere kolonner i nøkkelen, skilt med "
        "semikolon, slik at bare én rad passer.",
    ),
    (
        "unknown column in the key",
        {"nokkel": "kommune=Skaun"},
        "nokkel",
        "Tabellen «bemanning» har ingen kolonne «kommune». Kolonnene der heter omrade, kommunenr, arsverk, "
        "budsjett_2025_kr, dato, kilde.",
    ),
    (
        "unknown column to correct",
        {"kolonne": "aarsverk"},
        "kolonne",
        "Tabellen «bemanning» har ingen kolonne «aarsverk». Kolonnene der heter omrade, kommunenr, arsverk, "
        "budsjett_2025_kr, dato, kilde.",
    ),
    (
        "text for a number",
        {"ny": "0,9"},
        "ny",
        "«0,9» passer ikke i kolonnen arsverk, som har tall. Skriv tallet med punktum som desimaltegn, for eksempel 6.2.",
    ),
    (
        "not a number",
        {"ny": "nan"},
        "ny",
        "«nan» passer ikke i kolonnen arsverk, som har tall. Skriv tallet med punktum som desimaltegn, for eksempel 6.2.",
    ),
    (
        "a fraction for a whole number",
        {"kolonne": "budsjett_2025_kr", "forventet": "640000", "ny": "640000.5"},
        "ny",
        "«640000.5» passer ikke i kolonnen budsjett_2025_kr, som har hele tall. Skriv tallet uten mellomrom, for "
        "eksempel 5500000.",
    ),
    (
        "a date as Norwegians write it",
        {"kolonne": "dato", "forventet": "2026-01-01", "ny": "12.01.2027"},
        "ny",
        "«12.01.2027» passer ikke i kolonnen dato, som har datoer. Skriv datoen som år-måned-dag, for eksempel "
        "2026-06-30.",
    ),
    (
        "no new value",
        {"ny": ""},
        "ny",
        "Cellen er tom. Skriv verdien som skal brukes, eller fjern rettelsen.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "column", "problem"), [fault[1:] for fault in FAULTS], ids=[f[0] for f in FAULTS])
def test_faults(fault, column, problem):
    with pytest.raises(CorrectionError) as caught:
        applied(correction(**fault))
    assert (caught.value.correction, caught.value.column, caught.value.problem) == ("r1", column, problem)
    assert str(caught.value) == f"data/rettelser.csv, rettelsen «r1», kolonnen {column}: {problem}"


def test_two_corrections_of_one_cell():
    with pytest.raises(CorrectionError, match="«r1» retter den samme cellen"):
        applied(correction(), correction(id="r2", nokkel="kommunenr=5027;omrade=sentralbord", ny="1.0"))


def test_an_error_is_a_value_error():
    assert issubclass(CorrectionError, ValueError)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_only_the_expected_value_is_replaced(delivered, expected, new):
    frame = pd.DataFrame({"id": ["a", "b"], "verdi": [delivered, 1.0]})
    text = {value: f"{value:.20f}".rstrip("0") + "0" for value in (expected, new)}
    row = correction(
        tabell="t", nokkel="id=a", kolonne="verdi", forventet=text[expected], ny=text[new],
    )  # fmt: skip
    if float(text[expected]) == delivered:
        corrected, [change] = corrections.apply("t", frame, pd.DataFrame([row]))
        assert corrected["verdi"].tolist() == [change.new, 1.0]
        assert change.expected == delivered
    else:
        with pytest.raises(CorrectionError):
            corrections.apply("t", frame, pd.DataFrame([row]))


@given(st.integers(0, 2), st.integers(0, 10**9))
def test_every_other_cell_stays(position, new):
    frame = table().assign(budsjett_2025_kr=pd.array([1, 2, 3], dtype="Int64"))
    key = f"omrade={frame.loc[position, 'omrade']};kommunenr={frame.loc[position, 'kommunenr']}"
    row = correction(nokkel=key, kolonne="budsjett_2025_kr", forventet=str(position + 1), ny=str(new))
    corrected, _ = corrections.apply("bemanning", frame, pd.DataFrame([row]))
    assert corrected.loc[position, "budsjett_2025_kr"] == new
    back = corrected.copy()
    back.loc[position, "budsjett_2025_kr"] = position + 1
    pd.testing.assert_frame_equal(back, frame)


def test_the_total_of_postmottak_og_arkiv():
    frame, [change] = corrections.apply("oppgitte_summer", data.load("oppgitte_summer"), data.load("rettelser"))
    assert frame.set_index("omrade").loc["postmottak-arkiv", "budsjett_2025_kr"] == 6_320_000
    assert (change.expected, change.new) == (6_420_000, 6_320_000)
    assert data.load("oppgitte_summer").set_index("omrade").loc["postmottak-arkiv", "budsjett_2025_kr"] == 6_420_000


def with_correction(monkeypatch: pytest.MonkeyPatch, **cells: object) -> None:
    """One more row at the end of ``data/rettelser.csv``."""
    real = data.load

    def load(name: str, root: Path | None = None) -> pd.DataFrame:
        frame = real(name, root)
        return pd.concat([frame, pd.DataFrame([correction(**cells)])]) if name == "rettelser" else frame

    monkeypatch.setattr(data, "load", load)


def stated(table: str, column: str) -> tuple[str, str]:
    """The key of the first row of a delivered table, and the number in it: an empty text where there is none."""
    row = data.load(table).iloc[0]
    key = {"bemanning": ("omrade", "kommunenr"), "leverte_opplysninger": ("opplysning", "kommunenr")}.get(
        table, (row.index[0],)
    )
    cell = row[column]
    return ";".join(f"{name}={row[name]}" for name in key), "" if pd.isna(cell) else f"{float(cell):.10g}"


def figures() -> dict[str, object]:
    modules = (baseline, delivered, clerical, experience, population)  # clerical completes what is delivered
    return {value.id: value for module in modules for value in module.values()}


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table, columns in corrections.NUMBERS.items() for column in columns]
)
def test_a_correction_of_every_number_that_takes_one_changes_what_the_book_says(monkeypatch, table, column):
    before = figures()
    key, expected = stated(table, column)
    with_correction(monkeypatch, tabell=table, nokkel=key, kolonne=column, forventet=expected, ny="123456")
    changed = [value for name, value in figures().items() if value != before.get(name)]
    # A printed total is not counted with: corrected so that it disagrees with its cells, the sum is no longer as printed.
    as_corrected = (
        {(123456.0, Status.RETTET)}
        if table != "oppgitte_summer"
        else {(2.6, Status.BEREGNET), (2.08e6, Status.BEREGNET)}
    )
    assert as_corrected & {(value.number, value.status) for value in changed}


def test_only_the_corrected_number_of_a_row_says_so(monkeypatch):
    with_correction(
        monkeypatch, tabell="merkantile", nokkel="kommunenr=5028", kolonne="arsverk", forventet="6.44", ny="6.4"
    )
    rows = corrections.corrected("merkantile").set_index("kommunenr")
    assert corrections.status(rows.loc[5028], "arsverk") is Status.RETTET
    assert corrections.status(rows.loc[5028], "lonnskostnad_kr") is Status.OPPGITT
    assert corrections.status(rows.loc[5027], "arsverk") is Status.MANGLER


def test_the_list_of_corrections_shows_what_is_put_where_nothing_stood(monkeypatch):
    with_correction(monkeypatch, id="ny", tabell="merkantile", nokkel="kommunenr=5029", forventet="", ny="1.25")
    assert [change.id for change in corrections.listed()] == ["postmottak-arkiv-sum", "ny"]
    table = method.corrections()
    assert [row[:3] for row in table.rows] == [
        ["Oppgitte summer: Postmottak og arkiv, budsjett 2025 (kr)", "6\u202f420\u202f000", "6\u202f320\u202f000"],
        ["Merkantile tjenester i enhetene: Skaun, årsverk", "mangler", "1,25"],
    ]


def test_the_list_names_rows_by_what_they_are_called(monkeypatch):
    with_correction(
        monkeypatch,
        id="ny",
        tabell="erfaringstall",
        nokkel="id=akst-ansatte",
        kolonne="verdi_fra",
        forventet="37",
        ny="38",
    )
    assert method.corrections().rows[1][0] == (
        "Erfaringstall: Agder kommunale støttetjenester (AKST): fagmiljøets størrelse, verdi, fra"
    )
