"""What a workgroup is told when a table is at fault.

One fault at a time, with what is told word for word, stands in the tables of ``faults/``. Here is what takes more than that.
"""

from __future__ import annotations

import csv
import io
import math
import shutil
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import data
from publishing import advice, sheets, validation
from publishing.errors import BuildError
from tests.hostile import PRIVATE, RUN_BY_EXCEL, SHOWN, UNSEEN
from tests.publishing.faults import edits

ROOT = Path(__file__).resolve().parents[2]
STAFFING = "raw/sak/bemanning.csv"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a copy of the data, to be spoilt."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path


def told(project: Path) -> list[str]:
    """The lines that validation tells, none when all is well."""
    try:
        validation.validate(project)
    except BuildError as error:
        return error.problems
    return []


def spoil(project: Path, *changes: tuple[str, str, object]) -> None:
    """Make edits: the file in ``data/``, the name of the edit in ``faults/edits.py``, its arguments."""
    edits.apply(edits.Case("", tuple((f"data/{file}", edit, given) for file, edit, given in changes), ()), project)


def cell(file: str, row: int, column: str, value: str) -> tuple[str, str, object]:
    return file, "cell", {"row": row, "column": column, "value": value}


def rows_with(file: str, column: str, value: str) -> list[int]:
    """The rows, as Excel counts them, where a column of the real table has a value: gaps come and go."""
    records = csv.DictReader(io.StringIO((ROOT / "data" / file).read_text("utf-8"), newline=""))
    return [number for number, record in enumerate(records, start=2) if record[column] == value]


def test_the_data_of_the_project_are_in_order():
    validation.validate(ROOT)


def test_a_copy_is_in_order(project):
    assert told(project) == []


def test_garbled_letters_are_told_wherever_they_are_repeated(project):
    spoil(project, cell("kommuner.csv", 2, "kommune", "SkÃ¥un"))
    assert told(project) == [
        "data/kommuner.csv, rad 2, kolonnen kommune: «SkÃ¥un» har ødelagte tegn (æ, ø, å eller anførselstegn). "
        "Skriv teksten på nytt.",
        *(
            f"data/raw/{file}, rad {row}, kolonnen kommunenr: «5029» og «Skaun» står ikke sammen i data/kommuner.csv. "
            "Der står 5029 og SkÃ¥un, 5028 og Melhus, 5027 og Midtre Gauldal. Rett verdien, eller legg den inn der først."
            for file, rows in (
                ("ssb/befolkning.csv", range(4, 20, 3)),
                ("ssb/befolkning_alder_2026.csv", range(16, 23)),
            )
            for row in rows
        ),
    ]


def test_a_slug_with_capitals_is_told_and_every_row_that_names_it(project):
    spoil(project, cell("kommuner.csv", 2, "slug", "Skaun"))
    assert told(project) == [
        "data/kommuner.csv, rad 2, kolonnen slug: «Skaun» er ikke skrevet slik kolonnen krever. Kommunens navn med små "
        "bokstaver og bindestrek, slik det står i nøkkeltallenes id. Skriv med små bokstaver fra a til z, sifre og "
        "bindestrek, for eksempel midtre-gauldal.",
        *(
            f"data/datahull.csv, rad {row}, kolonnen kommune: «skaun» er ikke en kommune her. Skriv én av disse: Skaun, melhus, "
            "midtre-gauldal, alle."
            for row in rows_with("datahull.csv", "kommune", "skaun")
        ),
        *(
            f"data/opplysninger.csv, rad {row}, kolonnen kommuner: «skaun» er ikke en kommune her. Skriv én av disse: Skaun, "
            "melhus, midtre-gauldal, alle."
            for row in rows_with("opplysninger.csv", "kommuner", "skaun;midtre-gauldal")
        ),
    ]


def laid_in(project: Path, texts: Iterable[str]) -> list[str]:
    """What is told of each text, when each is laid in a row of its own."""
    spoil(project, *(cell("datahull.csv", row, "hvorfor", text) for row, text in enumerate(texts, start=2)))
    return told(project)


def test_a_sign_that_no_eye_sees_is_refused(project):
    signs = {sign: text for sign, text in UNSEEN.items() if sign != "U+0000"}  # with that one no file is a text
    found = laid_in(project, signs.values())
    assert [line.partition(" i «")[0] for line in found] == [
        f"data/datahull.csv, rad {row}, kolonnen hvorfor: Cellen har et usynlig tegn ({sign})"
        for row, sign in enumerate(signs, start=2)
    ]
    assert all(line.isprintable() for line in found)


def test_a_text_that_excel_would_run_is_refused(project):
    texts = [text for text in RUN_BY_EXCEL.values() if text.isprintable()]  # the others are told of as unseen
    found = laid_in(project, texts)
    assert found == [
        f"data/datahull.csv, rad {row}, kolonnen hvorfor: «{text}» begynner med et tegn som Excel tar for en formel. Begynn teksten med en bokstav."
        for row, text in enumerate(texts, start=2)
    ]


def test_what_tells_of_a_person_or_a_machine_is_refused_and_not_repeated(project):
    found = laid_in(project, PRIVATE.values())
    assert len(found) == len(PRIVATE)
    assert all("ville blitt publisert" in line and "kari" not in line for line in found)


def test_a_text_that_only_looks_like_mark_up_is_let_in(project):
    assert laid_in(project, SHOWN.values()) == []


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "http://evil.example", "data:text/html,x", "//evil.example"]
)
def test_a_source_leads_to_a_secure_address_and_nowhere_else(project, address):
    spoil(project, cell("kilder.csv", 3, "url", address))
    [line] = told(project)
    assert line.startswith("data/kilder.csv, rad 3, kolonnen url: ")


#: A number about few persons that nobody has delivered yet.
FEW = "opplysning=sentralbord.ansatte;kommunenr=5029"


def withheld(project: Path) -> None:
    """The number, as a delivery leaves it."""
    file = "raw/levert/leverte_opplysninger.csv"
    records = csv.DictReader(io.StringIO((project / "data" / file).read_text("utf-8"), newline=""))
    wanted = dict(part.split("=") for part in FEW.split(";"))
    [row] = [number for number, record in enumerate(records, start=2) if wanted.items() <= record.items()]
    spoil(project, cell(file, row, "status", "tilbakeholdt"))


@pytest.mark.parametrize("hidden", [True, False], ids=["withheld", "few"])
def test_a_correction_does_not_publish_what_is_withheld(project, hidden):
    if hidden:
        withheld(project)
    new = "12" if hidden else "3"
    row = f"x,leverte_opplysninger,{FEW},verdi,,{new},Talt på nytt.,økonomisjefen i Skaun,2027-01-01\n"
    spoil(project, ("rettelser.csv", "append", row))
    column = "nokkel" if hidden else "ny"
    assert told(project) == [
        f"data/rettelser.csv, rad 3, kolonnen {column}: Rettelsen gjelder et tall som er holdt tilbake, eller færre enn fem personer "
        "(verdien gjentas ikke her). Slett raden, og lever tallet på nytt i skjemaet."
    ]


def test_all_faults_are_told_at_once_in_the_order_of_the_tables(project):
    known = {case.name: case for kind in ("files", "tables") for case in edits.cases(kind)}
    for name in ("doubled row", "decimal comma", "missing file", "workbook"):
        edits.apply(known[name], project)
    assert told(project) == [
        message for name in ("workbook", "missing file", "decimal comma", "doubled row") for message in known[name].told
    ]


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param((STAFFING, "encoding", "utf-8-sig"), id="BOM"),
        pytest.param((STAFFING, "replace_all", {"old": "\n", "new": "\r\n"}), id="Windows line endings"),
        pytest.param(("raw/sak/~$bemanning.xlsx", "write", "open in Excel"), id="lock file of Excel"),
        pytest.param(("raw/sak/.~lock.bemanning.csv#", "write", "open in LibreOffice"), id="lock file of LibreOffice"),
        pytest.param(cell(STAFFING, 2, "kilde", "Skaun kommune, «svar»,\nper e-post"), id="line break in a cell"),
        pytest.param(("datahull.csv", "first_lines", "1"), id="nothing missing any more"),
        pytest.param(("rettelser.csv", "first_lines", "1"), id="nothing corrected"),
    ],
)
def test_what_is_accepted(project, edit):
    spoil(project, edit)
    assert told(project) == []


def test_rows_are_counted_as_excel_counts_them(project):
    """A cell with a line break is one row in Excel, though two lines in the file."""
    spoil(project, cell(STAFFING, 2, "kilde", "Saken,\nside 12"), cell(STAFFING, 8, "arsverk", "6,2"))
    [message] = told(project)
    assert message.startswith(f"data/{STAFFING}, rad 8, ")


def test_encoding_is_told_by_row_also_after_a_line_break(project):
    spoil(project, cell(STAFFING, 3, "omrade", "a\nb"), (STAFFING, "encoding", "cp1252"))
    assert f"data/{STAFFING}, rad 2: " in told(project)[0]


@pytest.mark.parametrize("column", [field["name"] for field in data.description()["bemanning"]["schema"]["fields"]])
@pytest.mark.parametrize("age", ["44", "44 år"])
def test_no_message_repeats_an_age(project, age, column):
    """Not in its own column, nor in any that it may slip into."""
    spoil(project, cell(STAFFING, 2, column, age))
    messages = told(project)
    assert messages or column in ("arsverk", "budsjett_2025_kr", "kilde")
    if age == "44" or column in ("alder_fra", "alder_til"):
        assert not any("44" in message for message in messages)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.one_of(
        st.text(max_size=12),
        st.text("0123456789.,-+e_ \u00a0", max_size=12),
        st.floats(-10, 10).map(str),
        st.sampled_from(["nan", "inf", "1e5", "1_0", "١٢", "6.2", "0", "007"]),
    ),
    column=st.sampled_from(["arsverk", "budsjett_2025_kr", "alder_fra"]),
)
def test_what_passes_can_be_computed_with(project, value, column):
    """Whatever a workgroup writes in a cell: it is refused in words, or it is a number that the analysis can use."""
    edits.put(
        project / "data" / STAFFING,
        edits.cell((ROOT / "data" / STAFFING).read_bytes(), {"row": 8, "column": column, "value": value}),
    )
    if not told(project):
        number = data.load("bemanning", project).loc[6, column]
        assert not pd.isna(number)
        assert math.isfinite(number)
        assert number >= 0


# The parts


@given(st.decimals(-(10**9), 10**9, places=2))
def test_advice_understands_numbers_as_norwegians_write_them(number):
    digits = f"{number:,.2f}"
    for space in (" ", "\u00a0", "\u202f", "."):
        norwegian = digits.replace(",", space).replace(".", ",") if space != "." else digits.translate({44: 46, 46: 44})
        for unit in ("", " kr", " årsverk", "%"):
            meant = advice.plain_number(norwegian + unit)
            assert meant is not None
            assert float(meant) == float(number)
            assert advice.is_plain_number(meant, whole=False)


@given(st.text())
def test_advice_is_given_for_any_text(content):
    for field in ({"name": "a", "type": "integer"}, {"name": "a", "type": "number", "statusColumn": "status"}):
        assert advice.for_number(content, field).endswith(".")
    assert advice.for_date(content, "date").endswith(".")
    assert advice.for_date(content, "yearmonth").endswith(".")


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=20)


@given(st.lists(st.lists(cells, min_size=3, max_size=3)))
def test_what_is_written_as_csv_is_read_back(records):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["a", "b", "c"], *records])
    sheet = sheets.read(stream.getvalue().encode("utf-8"), "data/prove.csv", ["a", "b", "c"])
    assert isinstance(sheet, sheets.Sheet)
    expected = {
        number: record for number, record in enumerate(records, start=2) if any(field.strip() for field in record)
    }
    assert {row.number: list(row.cells.values()) for row in sheet.rows} == expected


@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused(content):
    found = sheets.read(content, "data/prove.csv", ["a", "b"])
    assert isinstance(found, sheets.Sheet) or found
