"""A delivery as CSV, the way Norwegian Excel writes it: read to the same numbers, or refused with the place."""

from __future__ import annotations

import csv

import pytest

WHO = "økonomisjefen i Melhus"
HEADER = "omrade;opplysning;kommunenr;verdi;hentet_fra"
ROW = "sentralbord;sentralbord.volum-anrop;5029;{};telefonsystemet på rådhuset"


def delivered(desk, opplysning: str = "sentralbord.volum-anrop") -> dict[str, str]:
    path = desk.root / "data/raw/levert/leverte_opplysninger.csv"
    rows = csv.DictReader(path.read_text("utf-8").splitlines())
    return next(row for row in rows if row["opplysning"] == opplysning and row["kommunenr"] == "5029")


def file_of(desk, *lines: str, encoding: str = "utf-8-sig", ending: str = "\r\n"):
    return desk.put((ending.join(lines) + ending).encode(encoding), "anrop.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_encoding_of_excel_is_read(desk, encoding):
    assert desk.hand_in(file_of(desk, HEADER, ROW.format("9000"), encoding=encoding), who=WHO).written
    assert delivered(desk)["verdi"] == "9000"
    assert delivered(desk)["kilde"].endswith("i filen anrop.csv. Hentet fra: telefonsystemet på rådhuset")


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_any_delimiter_is_read(desk, delimiter):
    lines = [line.replace(";", delimiter) for line in (HEADER, ROW.format("9000"))]
    assert desk.hand_in(file_of(desk, *lines), who=WHO).written
    assert delivered(desk)["verdi"] == "9000"


@pytest.mark.parametrize("number", ["9000", "9 000", "9\u00a0000", "9\u202f000", "9 000 anrop", "9000,0"])
def test_a_number_as_norwegians_write_it_is_the_same_number(desk, number):
    assert desk.hand_in(file_of(desk, HEADER, ROW.format(number)), who=WHO).written
    assert delivered(desk)["verdi"] == "9000"


def test_a_line_break_in_a_cell_breaks_no_row(desk):
    row = ROW.format("9000").replace("telefonsystemet på rådhuset", '"telefonsystemet\r\npå rådhuset"')
    assert desk.hand_in(file_of(desk, HEADER, row, ROW.format("21000").replace("5029", "5028")), who=WHO).written
    assert delivered(desk)["verdi"] == "9000"
    assert delivered(desk)["kilde"].endswith("Hentet fra: telefonsystemet på rådhuset")


def test_every_fault_is_told_at_once_with_row_and_column(desk):
    faults = desk.refused(
        file_of(
            desk,
            HEADER,
            ROW.format("ni tusen"),
            ROW.format("1.234").replace("5029", "5028"),
            ROW.format("9000").replace("volum-anrop", "volum-epost"),
        ),
        who=WHO,
    )
    assert len(faults) == 3
    told = {fault.partition(": ")[0].partition("rad ")[2].split(",")[0]: fault for fault in faults}
    assert set(told) == {"2", "3", "4"} and all(fault.startswith("anrop.csv, ") for fault in faults)
    assert "«ni tusen»" in told["2"] and "«1.234»" in told["3"] and "volum-epost" in told["4"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "tom"),
        (b"navn;telefon\r\nKari;12345678\r\n", "tabell"),
        (bytes(range(256)) * 4, ""),
    ],
)
def test_what_is_no_table_of_ours_is_refused(desk, content, told):
    problems = desk.refused(desk.put(content, "noe.csv"), who=WHO)
    assert any(told in problem for problem in problems)
    assert not any("Kari" in problem or "12345678" in problem for problem in problems)


def test_who_delivers_must_be_said(desk):
    [problem] = desk.refused(file_of(desk, HEADER, ROW.format("9000")))
    assert "AV=" in problem


def test_the_same_row_twice_is_refused(desk):
    problems = desk.refused(file_of(desk, HEADER, ROW.format("9000"), ROW.format("9100")), who=WHO)
    assert any("rad 3" in problem for problem in problems)


def test_a_formula_in_a_text_is_refused(desk):
    row = ROW.format("9000").replace("telefonsystemet på rådhuset", "=cmd|' /C calc'!A0")
    [problem] = desk.refused(file_of(desk, HEADER, row), who=WHO)
    assert "rad 2" in problem
