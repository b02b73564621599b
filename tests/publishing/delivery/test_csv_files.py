"""Delivered CSV files, byte for byte as Norwegian Excel and others write them; one fault at a time stands in ``faults/deliveries.yml``."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from publishing.delivery import layout

DELIVERED = "raw/levert/leverte_opplysninger.csv"
CALLS, OPEN = "sentralbord.volum-anrop", "sentralbord.apningstid"
WHO = "økonomisjefen i Melhus"
HEADER = "opplysning;kommunenr;verdi;hentet_fra"


def stored(desk, quantity: str, place: int) -> dict[str, str]:
    """The row of the table for a quantity in a municipality."""
    text = (desk.root / "data" / DELIVERED).read_text("utf-8")
    return next(
        row
        for row in csv.DictReader(io.StringIO(text))
        if (row["opplysning"], row["kommunenr"]) == (quantity, str(place))
    )


def lines(*rows: str, header: str = HEADER) -> str:
    """A file as Excel on Windows ends its lines."""
    return "\r\n".join([header, *rows, ""])


def refused(desk, *rows: str, header: str = HEADER) -> list[str]:
    return desk.refused(desk.put(lines(*rows, header=header).encode("utf-8-sig"), "tall.csv"), WHO)


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t"), ("utf-8", "\t"), ("utf-16-be-bom", "\t")],
)
def test_what_excel_saves_is_read_whatever_the_kind_of_csv(desk, encoding, delimiter):
    text = lines(f"{OPEN};5028;37,5;Åpningstidene på kommunens nettsted").replace(";", delimiter)
    content = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-bom" else text.encode(encoding)
    assert desk.hand_in(desk.put(content, "tall.csv"), who=WHO).written
    assert stored(desk, OPEN, 5028) == {
        "omrade": "sentralbord",
        "opplysning": OPEN,
        "kommunenr": "5028",
        "verdi": "37.5",
        "status": "oppgitt",
        "kilde": "Levert av økonomisjefen i Melhus, 1. mars 2027, i filen tall.csv. Hentet fra: Åpningstidene på kommunens nettsted",
    }  # fmt: skip


def test_a_table_as_it_stands_in_data_may_be_filled_and_handed_in(desk):
    """Comma, decimal point, every column of the table, some of them not read."""
    text = (desk.root / "data" / DELIVERED).read_text("utf-8")
    text = text.replace(f"sentralbord,{OPEN},5028,,mangler", f"sentralbord,{OPEN},5028,37.5,oppgitt")
    answer = desk.hand_in(desk.put(text.encode(), "leverte_opplysninger.csv"), who=WHO)
    assert [(change.row.id, change.after) for change in answer.changes] == [
        (f"opplysning={OPEN};kommunenr=5028", "37.5")
    ]
    assert "Merk: Kolonnene omrade, status, kilde i leverte_opplysninger.csv blir ikke lest." in desk.told


def test_a_first_line_that_names_the_separator_is_passed_over(desk):
    desk.hand_in(desk.put(("sep=;\r\n" + lines(f"{OPEN};5028;37,5;")).encode(), "tall.csv"), who=WHO)
    assert stored(desk, OPEN, 5028)["verdi"] == "37.5"


def test_quoted_cells_may_hold_semicolons_quotes_and_line_breaks(desk):
    text = lines(f'{CALLS};5029;12000;"Telefonloggen;\nuttrekk ""2026"""', f"{CALLS};5028;15000 ca;")
    # Rows are counted as Excel shows them, so the one after the line break is the third.
    assert desk.refused(desk.put(text.encode("utf-8-sig"), "tall.csv"), WHO) == [
        "tall.csv, rad 3, kolonnen verdi: «15000 ca» er ikke et tall. Skriv 15000."
    ]
    desk.hand_in(desk.put(text.replace(" ca", "").encode("utf-8-sig"), "tall.csv"), who=WHO)
    assert stored(desk, CALLS, 5029)["kilde"].endswith('Hentet fra: Telefonloggen; uttrekk "2026"')
    assert stored(desk, CALLS, 5028)["verdi"] == "15000"


def test_a_cell_with_a_whole_document_in_it_is_told_of(desk):
    [problem] = refused(desk, f'{CALLS};5029;12000;"{"x" * 140_000}"')
    assert problem == "tall.csv, rad 2, kolonnen hentet_fra: Teksten har 140000 tegn. Skriv høyst 500."


SPACES = [" ", "\u00a0", "\u202f", "\u2009"]


@pytest.mark.parametrize("space", SPACES, ids=[f"U+{ord(space):04X}" for space in SPACES])
def test_thousands_with_any_space_are_one_number(desk, space):
    header, row = (
        "omrade;kommunenr;budsjett_2025_kr;begrunnelse",
        "lonn-regnskap-fakturering;5028;{};Regnskapet er endret.",
    )
    text = lines(row.format(f"5{space}500{space}000{space}kr"), header=header)
    [change] = desk.hand_in(desk.put(text.encode("utf-8-sig"), "tall.csv"), agreed=False, who=WHO).changes
    assert (change.before, change.after) == ("5200000", "5500000")


@pytest.mark.parametrize(
    ("written", "after"),
    [("6,2 årsverk", "6.2"), ("6,20", "6.2"), ("6.2", "6.2"), ('" 6,2 åv "', "6.2"), ("7", "7")],
)
def test_a_number_with_its_unit(desk, written, after):
    header = "omrade;kommunenr;arsverk;begrunnelse"
    text = lines(f"lonn-regnskap-fakturering;5028;{written};En stilling er lagt ned.", header=header)
    [change] = desk.hand_in(desk.put(text.encode("cp1252"), "tall.csv"), agreed=False, who=WHO).changes
    assert (change.before, change.after) == ("6.4", after)


def test_what_stands_already_is_no_change_however_it_is_written(desk):
    text = lines(
        "lonn-regnskap-fakturering;5028;6,40 årsverk;5 200 000 kr",
        "lonn-regnskap-fakturering;5029;5;4100000,00",
        header="omrade;kommunenr;arsverk;budsjett_2025_kr",
    )
    before = desk.files()
    assert desk.hand_in(desk.put(text.encode("cp1252"), "tall.csv"), who=WHO).changes == ()
    assert desk.files() == before
    assert desk.told[-1] == "tall.csv har ingen tall som ikke allerede står i datagrunnlaget. Ingenting er endret."


def test_a_sheet_of_a_form_saved_as_csv(desk, forms):
    """As Excel saves the sheet «Opplysninger»: the title above the headings, empty cells at the end of each row."""
    sheet = openpyxl.load_workbook(forms / "sentralbord.xlsx")["Opplysninger"]
    rows = [["" if cell is None else str(cell) for cell in row] + [""] for row in sheet.iter_rows(values_only=True)]
    headings = rows[layout.HEADER_ROW - 1]
    row = next(row for row in rows if row[-2] == f"opplysning={CALLS};kommunenr=5029")
    row[headings.index("Fyll ut: tall")] = "12 000 anrop"
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows)
    path = desk.put(text.getvalue().encode("cp1252", "replace"), "sentralbord.csv")
    [change] = desk.hand_in(path, agreed=False, who=WHO).changes
    assert (change.row.id, change.after) == (f"opplysning={CALLS};kommunenr=5029", "12000")

    row[0] = "Sykefravær"
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows)
    [problem] = desk.refused(desk.put(text.getvalue().encode("utf-8-sig"), "sentralbord.csv"), WHO)
    assert problem == (
        f"sentralbord.csv, rad {rows.index(row) + 1}: Raden heter «Sykefravær, Skaun», men rad-id-en gjelder "
        "«Antall anrop per år, Skaun». Rett den ene."
    )


def test_every_fault_at_once_with_file_row_and_column(desk):
    rows = [
        f"{CALLS};5029;ca. 12 000;",
        f"{CALLS};5028;1.234;",
        f"{CALLS};9999;12000;",
        ";;;",
        f"{OPEN};5029;200;",
        f"{OPEN};5029;37,5;",
        f"{OPEN};5027;37,5",
        f"{OPEN};5028;37,5;nettstedet;enda en",
        "sentralbord.sykefravaer;5029;7,5;lønnssystemet",
        f"{CALLS};5027;12000;=HYPERLINK(A1)",
    ]
    problems = desk.refused(desk.put(lines(*rows).encode("utf-8-sig"), "tall.csv"))
    key = f"opplysning={CALLS};kommunenr"
    ragged = "Skiller komma kolonnene, må tall med komma stå i anførselstegn."
    assert sorted(problems) == sorted(
        [
            "tall.csv, rad 2, kolonnen verdi: «ca. 12 000» er ikke et tall. Skriv bare tallet, for eksempel 12 000. Finnes det ikke, skal cellen være tom.",
            "tall.csv, rad 3, kolonnen verdi: «1.234» kan bety både 1234 og 1,234. Skriv 1234 hvis det er hele tusen, eller 1,234 hvis det er desimaler.",
            f"tall.csv, rad 4: Ingen rad i data/{DELIVERED} heter «{key}=9999». Rett nøkkelen; {key}=5029 er et eksempel.",
            "tall.csv, rad 6, kolonnen verdi: «200» er for høyt. Den største verdien er 168 timer per uke. Er tallet riktig, må grensen endres i data/opplysninger.csv først.",
            "tall.csv, rad 7: Raden gjelder det samme som rad 6. Slett den ene.",
            f"tall.csv, rad 8: Raden har 3 celler, men overskriften har 4. {ragged}",
            f"tall.csv, rad 9: Raden har 5 celler, men overskriften har 4. {ragged}",
            "tall.csv, rad 10, kolonnen verdi: Skriv hvor mange personer tallet bygger på. Er de færre enn fem, blir tallet ikke lagret. Legg til en kolonne antall_personer.",
            "tall.csv, rad 11, kolonnen hentet_fra: «=HYPERLINK(A1)» begynner med et tegn som Excel tar for en formel. Begynn teksten med en bokstav.",
            'tall.csv: Skriv hvem som leverer (rolle og kommune), eller legg til AV="økonomisjefen i Melhus".',
        ]
    )  # fmt: skip


def test_ages_cannot_be_delivered(desk):
    """Beside a number that may be delivered, ages are passed over, and not repeated."""
    text = lines(
        "lonn-regnskap-fakturering;5028;6,4;88", "sentralbord;5028;1;88", header="omrade;kommunenr;arsverk;alder_fra"
    )
    assert desk.hand_in(desk.put(text.encode(), "tall.csv"), who=WHO).changes == ()
    assert "Merk: Kolonnene alder_fra i tall.csv blir ikke lest." in desk.told
    assert not any("88" in line for line in desk.told)


THOSE = (
    "Første rad må ha kolonnene til en av disse: opplysning;kommunenr;verdi (data/raw/levert/leverte_opplysninger.csv),"
)


@pytest.mark.parametrize("table", ["data/kommuner.csv", "data/raw/ssb/befolkning.csv", "data/rettelser.csv", "data/opplysninger.csv"])  # fmt: skip
def test_a_table_that_must_not_be_delivered_so(desk, table):
    content = (desk.root / table).read_bytes()
    [problem] = desk.refused(desk.put(content, "tabell.csv"), WHO)
    assert problem.startswith(
        f"tabell.csv, rad 1: Overskriftene er de i {table}, og den tabellen kan ikke leveres slik. {THOSE}"
    )


def test_a_file_far_larger_than_any_table_is_not_read(desk):
    assert desk.refused(desk.put(b"a" * 5_000_001, "tall.csv"), WHO) == [
        "tall.csv: Filen er over 5 MB. En tabell herfra er langt mindre. Lever bare tabellen det gjelder."
    ]
