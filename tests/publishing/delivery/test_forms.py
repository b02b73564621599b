"""The forms: what a workgroup meets when it opens one in Excel."""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from publishing import validation
from publishing.delivery import commands, layout
from publishing.delivery.forms import Words, workbook
from publishing.delivery.tables import Tables, form
from publishing.errors import BuildError
from tests.conftest import ROOT
from tests.hostile import RUN_BY_EXCEL, SHOWN

AREAS = ("sentralbord", "postmottak-arkiv", "lonn-regnskap-fakturering", "samfunnsutvikling")


@pytest.fixture(params=AREAS)
def book(request: pytest.FixtureRequest, forms: Path) -> Workbook:
    return openpyxl.load_workbook(forms / f"{request.param}.xlsx")


def headings(sheet) -> list[str]:
    return [cell.value for cell in sheet[layout.HEADER_ROW]]


def test_each_area_has_a_form_and_nothing_else_is_written(forms):
    assert sorted(path.name for path in forms.iterdir()) == sorted(f"{area}.xlsx" for area in AREAS)


@pytest.mark.parametrize(
    ("area", "sheets"),
    [
        ("sentralbord", ["Les meg", "Opplysninger", "Bemanning", "Etablering", "Oppgaver"]),
        # Phase 1: the case has no staffing table.
        ("samfunnsutvikling", ["Les meg", "Opplysninger", "Etablering", "Oppgaver"]),
    ],
)
def test_a_form_has_the_tables_that_the_area_can_fill(forms, area, sheets):
    assert openpyxl.load_workbook(forms / f"{area}.xlsx").sheetnames == sheets


def test_only_the_cells_to_fill_are_open(book):
    for sheet in book.worksheets:
        assert sheet.protection.sheet and not sheet.protection.password
        for row in sheet.iter_rows():
            for cell in row:
                if sheet.title == layout.FRONT:
                    to_fill = row[0].value in (layout.WHO, layout.WHEN) and cell.column == 2
                else:
                    heading = headings(sheet)[cell.column - 1] if cell.row > layout.HEADER_ROW else ""
                    to_fill = heading.startswith(layout.FILL) and cell.value is None
                assert cell.protection.locked != to_fill, (sheet.title, cell.coordinate)


def test_what_is_missing_is_said_in_words_and_colour_and_only_there(book):
    sheet = book["Opplysninger"]
    today = headings(sheet).index("Tall i dag")
    rows = list(sheet.iter_rows(min_row=layout.HEADER_ROW + 1))
    assert rows
    for row in rows:
        assert row[today].value == "mangler"
        assert row[today].fill.start_color.rgb == "00FBE0CC"
        assert row[headings(sheet).index("Status")].value == "mangler"


def test_what_stands_today_is_a_number_with_its_unit_in_the_heading(forms):
    sheet = openpyxl.load_workbook(forms / "lonn-regnskap-fakturering.xlsx")["Bemanning"]
    assert headings(sheet)[:6] == [
        "Kommune", "Status", "Årsverk i dag (årsverk)", "Fyll ut: årsverk (årsverk)", "Budsjett 2025 i dag (kr)",
        "Fyll ut: budsjett 2025 (kr)",
    ]  # fmt: skip
    assert [[cell.value for cell in row[:5]] for row in sheet.iter_rows(min_row=layout.HEADER_ROW + 1)] == [
        ["Skaun", "oppgitt", 5, None, 4_100_000],
        ["Melhus", "oppgitt", 6.4, None, 5_200_000],
        ["Midtre Gauldal", "oppgitt", 6.2, None, 5_500_000],
    ]


def test_excel_itself_refuses_what_cannot_be_right_and_says_so_in_bokmaal(forms):
    book = openpyxl.load_workbook(forms / "sentralbord.xlsx")
    rules = {
        (rule.type, rule.formula1, rule.formula2): rule.error for rule in book["Opplysninger"].data_validations.dataValidation
    }  # fmt: skip
    assert (
        rules["whole", "0", "1000000"]
        == "Skriv et helt tall fra 0 til 1000000, uten enhet. Finnes ikke tallet, skal cellen være tom."
    )
    assert (
        rules["decimal", "0", "168"]
        == "Skriv et tall fra 0 til 168, uten enhet. Finnes ikke tallet, skal cellen være tom."
    )
    [choices] = [rule for rule in book["Oppgaver"].data_validations.dataValidation if rule.type == "list"][:1]
    assert choices.formula1 == '"ja,nei,delvis,ikke avklart"'
    for sheet in book.worksheets:
        for row in sheet.iter_rows(min_row=layout.HEADER_ROW + 1):
            for cell in row:
                named = headings(sheet)[cell.column - 1] if sheet.title != layout.FRONT else ""
                if not cell.protection.locked and "hvor" not in (named or "") and "hvem" not in (named or ""):
                    assert any(cell.coordinate in rule.cells for rule in sheet.data_validations.dataValidation), (
                        sheet.title,
                        cell.coordinate,
                    )


def test_limits_of_excel_are_kept(book):
    for sheet in book.worksheets:
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.promptTitle) <= 32 and len(rule.prompt) <= 255
            assert len(rule.errorTitle) <= 32 and len(rule.error) <= 255
        assert len(sheet.title) <= 31


def test_a_screen_reader_and_a_printer_find_their_way(book):
    assert book.properties.language == "nb-NO"
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToWidth == 1
        assert not sheet.merged_cells.ranges and sheet.sheet_state == "visible"
        if sheet.title == layout.FRONT:
            continue
        [table] = sheet.tables.values()
        assert table.ref.startswith(f"A{layout.HEADER_ROW}:") and table.headerRowCount == 1
        assert [column.name for column in table.tableColumns] == headings(sheet)
        assert sheet.print_title_rows == f"${layout.HEADER_ROW}:${layout.HEADER_ROW}"
        assert sheet.freeze_panes.endswith(str(layout.HEADER_ROW + 1))


def test_no_form_asks_for_an_age(book):
    for sheet in book.worksheets:
        if sheet.title != layout.FRONT:
            assert not any("alder" in heading.lower() for heading in headings(sheet))


def test_the_first_sheet_says_how_many_are_missing_and_whom_to_ask(forms):
    sheet = openpyxl.load_workbook(forms / "sentralbord.xlsx")[layout.FRONT]
    text = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2) if row[0].value}
    assert text["Opplysninger"] == "Tall som saken ikke oppgir, ett for hver kommune. I dag: 36 av 36 rader mangler."
    assert text["Frist"] == "Ikke avtalt"
    assert text["Spørsmål"] == "Spør kommunedirektøren i din kommune."
    assert (text[layout.FORM_VERSION], text[layout.AREA]) == (layout.VERSION, "sentralbord")


def test_the_same_data_give_the_same_bytes(desk):
    folder = desk.root / "data" / "skjema"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for path in folder.iterdir():
        path.unlink()
    commands.write_forms(desk.root, lambda line: None)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_forms_are_no_tables_and_the_data_are_still_in_order(desk):
    validation.validate(desk.root)


def test_a_form_that_somebody_has_filled_is_not_written_over(desk):
    book = desk.form()
    desk.fill(book, "Opplysninger", "Antall anrop per år, Skaun", "tall", 12_000)
    book.save(desk.root / "data" / "skjema" / "sentralbord.xlsx")
    filled = (desk.root / "data" / "skjema" / "sentralbord.xlsx").read_bytes()
    with pytest.raises(BuildError) as error:
        commands.write_forms(desk.root, desk.told.append)
    assert error.value.problems == [
        "data/skjema/sentralbord.xlsx: Skjemaet er fylt ut, eller det er endret. Hent det med «make hent "
        "FIL=data/skjema/sentralbord.xlsx», eller flytt det, og kjør «make skjema» på nytt."
    ]
    assert (desk.root / "data" / "skjema" / "sentralbord.xlsx").read_bytes() == filled


def test_a_table_gets_into_the_forms_by_its_description_alone(desk):
    description = desk.root / "data" / "datapackage.json"
    package = json.loads(description.read_text("utf-8"))
    for resource in package["resources"]:
        if resource["name"] == "bemanning":
            del resource["skjema"]
    description.write_text(json.dumps(package, ensure_ascii=False), "utf-8")
    for path in (desk.root / "data" / "skjema").iterdir():
        path.unlink()
    commands.write_forms(desk.root, desk.told.append)
    assert "Bemanning" not in openpyxl.load_workbook(desk.root / "data" / "skjema" / "sentralbord.xlsx").sheetnames


@pytest.mark.parametrize("text", [*SHOWN.values(), *RUN_BY_EXCEL.values()], ids=[*SHOWN, *RUN_BY_EXCEL])
def test_a_text_of_the_tables_is_a_text_in_excel(text):
    """The form itself is held to this too, though the tables let in no such text."""
    tables = Tables(ROOT)
    words = Words(text, (text,), text, text)
    rows = [
        dataclasses.replace(row, labels=(text, *row.labels[1:]), explanation=text)
        for row in form(tables, "sentralbord")[0].rows
    ]
    with pytest.MonkeyPatch.context() as patch:
        table = dataclasses.replace(form(tables, "sentralbord")[0], rows=tuple(rows))
        patch.setattr("publishing.delivery.forms.form", lambda *given: [table])
        book = openpyxl.load_workbook(io.BytesIO(workbook(tables, "sentralbord", words)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    # A carriage return alone is a line end in the XML of Excel.
    assert sum(cell.value in (text, text.replace("\r", "\n")) for cell in cells) > len(rows)
