"""CSV files as Norwegian Excel writes them: read correctly, or refused with every fault."""

from __future__ import annotations

import csv
import io

import pytest

WHO = "arkivlederen i Skaun"
FILE = "raw/levert/leverte_opplysninger.csv"

#: Columns, and a row as it is written and as the table then has it.
HEADER = "opplysning;kommunenr;verdi"
ROW = "postmottak-arkiv.volum-journalposter;5029;{}"


def delivered(desk, text: str, encoding: str = "utf-8-sig", name: str = "tall.csv") -> str:
    """The line of the table after a file with this text is handed in."""
    answer = desk.hand_in(desk.put(text.encode(encoding), name), who=WHO)
    assert answer.written
    return desk.line(FILE, "postmottak-arkiv,postmottak-arkiv.volum-journalposter,5029,")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(("delimiter", "number"), [(";", "12 000"), ("\t", "12 000 journalposter"), (",", "12000")])
def test_encodings_and_delimiters_of_excel(desk, encoding, delimiter, number):
    text = f"{HEADER}\r\n{ROW}\r\n".replace(";", delimiter).format(number)
    assert delivered(desk, text, encoding) == (
        "postmottak-arkiv,postmottak-arkiv.volum-journalposter,5029,12000,oppgitt,"
        '"Levert av arkivlederen i Skaun, 1. mars 2027, i filen tall.csv."'
    )


@pytest.mark.parametrize("number", ["12\u00a0000", "12\u202f000", "12000,0", "12000"])
def test_numbers_as_excel_shows_them(desk, number):
    assert ",12000,oppgitt," in delivered(desk, f"sep=;\r\n{HEADER}\r\n{ROW.format(number)}\r\n;;\r\n")


def test_columns_in_another_order_and_where_the_number_was_found(desk):
    text = f"verdi;hentet_fra;kommunenr;opplysning\n12 000;Elements, årsrapport 2026;5029;{ROW.partition(';')[0]}\n"
    assert delivered(desk, text, "cp1252").endswith(
        '"Levert av arkivlederen i Skaun, 1. mars 2027, i filen tall.csv. Hentet fra: Elements, årsrapport 2026"'
    )


def test_a_sheet_of_the_form_saved_as_csv(desk):
    book = desk.form("postmottak-arkiv")
    desk.fill(book, "Opplysninger", "Antall journalposter (registrerte dokumenter) per år, Skaun", "tall", 12_000)
    written = io.StringIO()
    rows = [["" if cell is None else cell for cell in row] for row in book["Opplysninger"].iter_rows(values_only=True)]
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(rows)
    assert ",12000,oppgitt," in delivered(desk, written.getvalue(), "cp1252")


def test_the_table_itself_with_columns_that_are_not_read(desk):
    text = f"omrade;{HEADER};status;kilde\npostmottak-arkiv;{ROW.format('12000')};oppgitt;jeg\n"
    assert ",12000,oppgitt," in delivered(desk, text)
    assert "Merk: Kolonnene omrade, status, kilde i tall.csv blir ikke lest." in desk.told


def test_several_areas_in_one_file_are_a_delivery_for_all_of_them(desk):
    text = f"{HEADER}\n{ROW.format('12000')}\nsentralbord.volum-anrop;5029;9000\n"
    delivered(desk, text)
    assert (desk.root / "data/raw/levert/leveranser.csv").read_text("utf-8").splitlines()[1].endswith(",felles,2")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["tall.csv: Filen er tom. Lever den på nytt."]),
        (f"{HEADER}\n{ROW.format('1.234')}\n", ["tall.csv, rad 2, kolonnen verdi: «1.234» kan bety både 1234 og 1,234. Skriv 1234 hvis det er hele tusen, eller 1,234 hvis det er desimaler."]),
        (f"{HEADER}\n{ROW.format('06.feb')}\n", ["tall.csv, rad 2, kolonnen verdi: «06.feb» er en dato, ikke et tall. Excel har trolig gjort tallet om. Skriv tallet på nytt, med «Tall» som celleformat."]),
        (f"{HEADER}\n{ROW.format('=1+1')}\n", ["tall.csv, rad 2, kolonnen verdi: «=1+1» er en formel. Skriv verdien, ikke formelen."]),
        (f"{HEADER}\n{ROW.format('9')}\n{ROW.format('8')}\n", ["tall.csv, rad 3: Raden gjelder det samme som rad 2. Slett den ene."]),
        (f"{HEADER.replace(';', ',')}\n{ROW.replace(';', ',').format('12,5')}\n", ["tall.csv, rad 2: Raden har 4 celler, men overskriften har 3. Skiller komma kolonnene, må tall med komma stå i anførselstegn."]),
        (f"{HEADER}\npostmottak-arkiv.volum;5029;9\n", ["tall.csv, rad 2: Ingen rad i data/raw/levert/leverte_opplysninger.csv heter «opplysning=postmottak-arkiv.volum;kommunenr=5029». Rett nøkkelen; opplysning=sentralbord.volum-anrop;kommunenr=5029 er et eksempel."]),
    ],
    ids=["empty", "two ways", "date", "formula", "double", "comma", "unknown"],
)  # fmt: skip
def test_faults(desk, text, told):
    assert desk.refused(desk.put(text.encode(), "tall.csv"), who=WHO) == told


def test_headings_that_are_of_no_table_are_told_with_those_that_are(desk):
    [problem] = desk.refused(desk.put(b"kommune;anrop\nSkaun;12\n", "tall.csv"), who=WHO)
    assert problem.startswith("tall.csv: Overskriftene er ikke fra et skjema eller en tabell her.")
    assert "opplysning;kommunenr;verdi (data/raw/levert/leverte_opplysninger.csv)" in problem
    assert "alder" not in problem


@pytest.mark.parametrize("content", [b"\x00\x01\x02\x03", b"%PDF-1.7\x00\x00", bytes(range(256))])
def test_what_is_no_text_is_refused(desk, content):
    assert desk.refused(desk.put(content, "tall.csv"), who=WHO) == [
        "tall.csv: Filen er ikke tekst. Lagre den som «CSV UTF-8» i Excel."
    ]


def test_who_delivers_must_be_said(desk):
    path = desk.put(f"{HEADER}\n{ROW.format('12000')}\n".encode(), "tall.csv")
    assert desk.refused(path) == [
        'tall.csv: Skriv hvem som leverer (rolle og kommune), eller legg til AV="økonomisjefen i Melhus".'
    ]
    assert desk.refused(path, who="=cmd")[0].startswith("tall.csv, AV=…: «=cmd» begynner med et tegn")
    assert desk.refused(path, who="12")[0].startswith("tall.csv, AV=…: «12» sier ikke hvem som leverer.")


def test_how_many_persons_are_behind_is_asked_in_a_csv_file_too(desk):
    row = "postmottak-arkiv.sykefravaer;5029;7,5 %"
    assert desk.refused(desk.put(f"{HEADER}\n{row}\n".encode(), "tall.csv"), who=WHO) == [
        "tall.csv, rad 2, kolonnen verdi: Skriv hvor mange personer tallet bygger på. Er de færre enn fem, blir tallet ikke "
        "lagret. Legg til en kolonne antall_personer."
    ]
    desk.hand_in(desk.put(f"{HEADER};antall_personer\n{row};5\n".encode(), "tall.csv"), who=WHO)
    assert desk.line(FILE, "postmottak-arkiv,postmottak-arkiv.sykefravaer,5029").startswith(
        "postmottak-arkiv,postmottak-arkiv.sykefravaer,5029,7.5,oppgitt,"
    )
