"""Faults in real Excel files, not a byte of the data changed; one fault at a time stands in ``faults/forms.yml``."""

from __future__ import annotations

import datetime as dt

from openpyxl.comments import Comment

from publishing.delivery import layout

CALLS = ("Opplysninger", "Antall anrop per år, Skaun")


def fill_calls(desk, value, name="Antall anrop per år, Skaun"):
    book = desk.form()
    return book, desk.fill(book, "Opplysninger", name, "tall", value)


def test_macros_and_links_to_other_workbooks(desk, edit_part):
    path = desk.save(fill_calls(desk, 12_000)[0], "makro.xlsm")
    edit_part(path, "xl/vbaProject.bin", lambda old: b"makro")
    edit_part(path, "xl/externalLinks/externalLink1.xml", lambda old: b"<externalLink/>")
    macro, link = desk.refused(path)
    assert macro.startswith("makro.xlsm: Filen har makroer (.xlsm), og de blir ikke lest.")
    assert link.startswith("makro.xlsm: Filen henter tall fra en annen arbeidsbok. Velg Data → Rediger koblinger")


def test_a_formula_is_refused_with_the_value_that_it_shows(desk, edit_part):
    book, cell = fill_calls(desk, "=6000+6000")
    path = desk.save(book)
    # As Excel saves it: with the value it last showed.
    sheet = f"xl/worksheets/sheet{book.sheetnames.index('Opplysninger') + 1}.xml"
    edit_part(
        path,
        sheet,
        lambda old: old.replace(b"<f>6000+6000</f><v></v>", b"<f>6000+6000</f><v>12000</v>").replace(
            b"<f>6000+6000</f><v />", b"<f>6000+6000</f><v>12000</v>"
        ),
    )
    assert desk.refused(path) == [
        f"sentralbord.xlsx, ark «Opplysninger», celle {cell.coordinate}: Cellen har en formel, som viser «12000». "
        "Skriv verdien, ikke formelen, så det kan ses hvor tallet kommer fra."
    ]  # fmt: skip


def test_hidden_parts_are_refused_since_nobody_has_looked_at_them(desk):
    book, _cell = fill_calls(desk, 12_000)
    book["Opplysninger"].row_dimensions[7].hidden = True
    book["Opplysninger"].column_dimensions["F"].hidden = True
    book["Oppgaver"].sheet_state = "hidden"
    assert [problem.partition(". ")[0] for problem in desk.refused(book)] == [
        "sentralbord.xlsx, ark «Opplysninger», kolonne F: Kolonnen er skjult",
        "sentralbord.xlsx, ark «Opplysninger», rad 7: Raden er skjult, kanskje av et filter",
        "sentralbord.xlsx, ark «Oppgaver»: Arket er skjult",
    ]


def test_comments_are_passed_over_and_that_is_told(desk):
    book, cell = fill_calls(desk, 12_000)
    cell.comment = Comment("Tallet er usikkert.", "Kari")
    desk.hand_in(book)
    assert "Merk: Arket «Opplysninger» har 1 kommentar. De blir ikke lest." in desk.told


def test_text_that_a_spreadsheet_would_run_is_refused(desk):
    book, _ = fill_calls(desk, 12_000)
    cell = desk.fill(book, *CALLS, "hvor tallet er hentet", "@SUM(1)")
    assert desk.refused(book) == [
        f"sentralbord.xlsx, ark «Opplysninger», celle {cell.coordinate}: «@SUM(1)» begynner med et tegn som Excel tar for en formel. Begynn teksten med en bokstav."
    ]
    # A text cell in Excel may begin with «=» and still be no formula.
    cell.value, cell.data_type = "=cmd|'/c calc'!A1", "s"
    [problem] = desk.refused(book)
    assert f"celle {cell.coordinate}: «=cmd|'/c calc'!A1» begynner med et tegn som Excel tar for en formel." in problem


def test_a_number_that_has_changed_since_the_form_was_made_is_not_overwritten(desk):
    late, _ = fill_calls(desk, 12_500)
    desk.hand_in(fill_calls(desk, 12_000)[0])
    [problem] = desk.refused(late)
    assert (
        "Tallet er endret siden skjemaet ble laget: der sto «mangler», og nå står det «12\u202f000\u00a0anrop»."
        in problem
    )


def test_rows_of_another_areas_form_are_refused(desk):
    book = desk.form()
    desk.cell(book, layout.FRONT, layout.AREA).value = "postmottak-arkiv"
    problems = desk.refused(book)
    assert (
        "sentralbord.xlsx, ark «Bemanning», celle I5: Raden «omrade=sentralbord;kommunenr=5029» hører til skjemaet for "
        "sentralbord. Kjør «make skjema», og skriv tallene inn i det nye skjemaet."
    ) in problems


def test_renamed_removed_and_added_sheets_are_refused(desk):
    book, _ = fill_calls(desk, 12_000)
    book["Bemanning"].title = "Bemanning 2027"
    book.remove(book["Oppgaver"])
    book.create_sheet("Notater")["A1"] = "Melhus: 6 000"
    assert [problem.partition(". ")[0] for problem in desk.refused(book)] == [
        "sentralbord.xlsx: Arket «Bemanning» mangler",
        "sentralbord.xlsx: Arket «Oppgaver» mangler",
        "sentralbord.xlsx, ark «Notater»: Arket hører ikke til skjemaet og blir ikke lest",
    ]
    assert "Gi arket «Bemanning 2027» navnet «Bemanning» igjen." in desk.refused(book)[0]


def test_changed_headings_are_refused(desk):
    book, cell = fill_calls(desk, 12_000)
    heading = book["Opplysninger"].cell(layout.HEADER_ROW, cell.column)
    heading.value = "Antall"
    [problem] = desk.refused(book)
    assert problem.startswith(
        f"sentralbord.xlsx, ark «Opplysninger», celle {heading.coordinate}: Cellen har overskriften «Antall», men skal ha «Fyll ut: tall»."
    )


def test_changed_added_and_doubled_rows_are_refused(desk):
    book, cell = fill_calls(desk, 12_000)
    sheet = book["Opplysninger"]
    last = sheet.max_row
    sheet.cell(5, sheet.max_column).value = "opplysning=sentralbord.noe-annet;kommunenr=5029"
    sheet.cell(7, sheet.max_column).value = sheet.cell(6, sheet.max_column).value
    sheet.cell(last + 1, 1).value = "Antall klager"
    sheet.cell(last + 1, cell.column).value = 12
    found = desk.refused(book)
    identity = sheet.cell(5, sheet.max_column).coordinate
    assert found[0].startswith(
        f"sentralbord.xlsx, ark «Opplysninger», celle {identity}: Rad-id-en «opplysning=sentralbord.noe-annet;kommunenr=5029» finnes ikke lenger, eller er endret."
    )
    assert found[1].startswith("sentralbord.xlsx, ark «Opplysninger», rad 7: Raden er den samme som rad 6.")
    assert found[2].startswith(
        f"sentralbord.xlsx, ark «Opplysninger», rad {last + 1}: Raden hører ikke til skjemaet: den har ingen rad-id."
    )
    assert len(found) == 3


def test_a_column_sorted_for_itself_is_refused(desk):
    book, _ = fill_calls(desk, 12_000)
    sheet = book["Opplysninger"]
    sheet["B5"].value, sheet["B6"].value = sheet["B6"].value, sheet["B5"].value
    problems = desk.refused(book)
    assert problems[0] == (
        "sentralbord.xlsx, ark «Opplysninger», celle B5: Her står «Melhus», men rad-id-en i samme rad gjelder «Skaun». "
        "Er en kolonne sortert for seg? Angre, eller lag et nytt skjema."
    )
    assert len(problems) == 2


def test_rows_sorted_as_a_whole_are_read_by_their_ids(desk):
    book, _cell = fill_calls(desk, 12_000)
    sheet = book["Opplysninger"]
    for column in range(1, sheet.max_column + 1):
        first, second = sheet.cell(5, column), sheet.cell(6, column)
        first.value, second.value = second.value, first.value
    desk.hand_in(book)
    assert desk.line("raw/levert/leverte_opplysninger.csv", "sentralbord,sentralbord.volum-anrop,5029").startswith(
        "sentralbord,sentralbord.volum-anrop,5029,12000,oppgitt,"
    )


def test_every_fault_is_told_at_once(desk):
    book = desk.form(who=None)
    sheets = [
        ("Opplysninger", "Antall anrop per år, Skaun", "tall", "12 000 ca"),
        ("Opplysninger", "Antall anrop per år, Melhus", "tall", dt.datetime(2027, 2, 6)),  # noqa: DTZ001
        ("Opplysninger", "Åpningstid på sentralbordet, Skaun", "tall", 200),
        ("Bemanning", "Skaun", "årsverk (årsverk)", 0.7),
        ("Oppgaver", "Sentralbord", "enkeltvedtak", "kanskje"),
    ]
    at = [desk.fill(book, *where).coordinate for where in sheets]
    reason = desk.cell(book, "Bemanning", "Skaun", "Fyll ut: hvorfor tallet er feil").coordinate
    assert desk.refused(book) == [
        f"sentralbord.xlsx, ark «Opplysninger», celle {at[0]}: «12 000 ca» er ikke et tall. Skriv 12000.",
        f"sentralbord.xlsx, ark «Opplysninger», celle {at[1]}: Cellen har datoen 06.02.2027, ikke et tall. Excel har trolig gjort tallet om. Velg «Tall» som celleformat, og skriv tallet på nytt.",
        f"sentralbord.xlsx, ark «Opplysninger», celle {at[2]}: «200» er for høyt. Den største verdien er 168 timer per uke. Er tallet riktig, må grensen endres i data/opplysninger.csv først.",
        f"sentralbord.xlsx, ark «Bemanning», celle {at[3]}: Saken oppgir 0,8\u00a0årsverk. Skal tallet rettes, må dere skrive hvorfor det er feil, i ark «Bemanning», celle {reason}.",
        f"sentralbord.xlsx, ark «Oppgaver», celle {at[4]}: «kanskje» er ikke et av valgene. Velg ja, nei, delvis eller ikke avklart.",
        'sentralbord.xlsx, ark «Les meg», celle B6: Skriv hvem som leverer (rolle og kommune), eller legg til AV="økonomisjefen i Melhus".',
    ]  # fmt: skip
