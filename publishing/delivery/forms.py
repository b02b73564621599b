"""Writes the forms: one workbook for each area, the same bytes whenever the data are the same."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from openpyxl import Workbook  # knows validation, protection and tables, which pandas and csv do not
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from analysis.formatting import listing
from publishing.delivery.cells import norwegian, plain
from publishing.delivery.layout import AREA, FORM_VERSION, FRONT, HEADER_ROW, VERSION, WHEN, WHO, Heading, headings
from publishing.delivery.tables import MISSING, WITHHELD, FormRow, FormTable, Limits, Tables, form

#: What a workbook says of when it was made: always the same, so that the bytes are.
MOMENT = dt.datetime(2026, 1, 1)  # noqa: DTZ001  Excel's times have no zone
ZIP_MOMENT = (2026, 1, 1, 0, 0, 0)

FONT = "Calibri"
INK, MUTED, ACCENT, LINE = "1B2430", "5B6673", "1F4E6B", "C4CBD3"
TO_FILL, ABSENT, QUIET = "FFF6D1", "FBE0CC", "F3F5F7"
WIDTHS = {"label": 24, "status": 12, "today": 14, "value": 17, "unit": 15, "persons": 17, "origin": 27, "reason": 27, "explanation": 58, "id": 58}  # fmt: skip
#: Wider, where the column holds sentences.
TEXT_WIDTH = 44
LINE_HEIGHT = 15.5
NOT_ASKED = "gjelder ikke"


@dataclass(frozen=True, slots=True)
class Words:
    """What the first sheet says beside the numbers: the area's name, the municipalities, whom to ask, and the deadline."""

    area: str
    municipalities: tuple[str, ...]
    contact: str
    deadline: str


def workbook(tables: Tables, area: str, words: Words) -> bytes:
    """The form of an area as the bytes of an ``.xlsx`` file."""
    book = Workbook()
    book.remove(book.active)
    sheets = form(tables, area)
    _front(book.create_sheet(FRONT), sheets, area, words)
    for table in sheets:
        _sheet(book.create_sheet(table.sheet), table, words)
    _no_formulas(book)
    properties = book.properties
    properties.title, properties.creator, properties.language = f"Skjema: {words.area}", _who(words), "nb-NO"
    properties.created = properties.modified = MOMENT
    written = io.BytesIO()
    book.save(written)
    return _with_fixed_times(written.getvalue())


def _no_formulas(book: Workbook) -> None:
    """The form has no formula of its own: a text that begins as one is a text."""
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            cell.data_type = "s"
            cell.quotePrefix = True  # still a text when somebody has edited the cell


def _who(words: Words) -> str:
    return f"{listing(list(words.municipalities))} kommuner"


def _with_fixed_times(content: bytes) -> bytes:
    """The same workbook without the time it was saved."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == "docProps/core.xml":
                part = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + f"{MOMENT:%Y-%m-%dT%H:%M:%SZ}".encode(), part
                )
            information = zipfile.ZipInfo(entry.filename, ZIP_MOMENT)
            information.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(information, part)
    return fixed.getvalue()


def _front(sheet: Worksheet, tables: list[FormTable], area: str, words: Words) -> None:
    """The first sheet: who and when, how to fill in, privacy, whom to ask, what each sheet holds, and what a machine reads."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 104
    number = 1
    for label, text, kind in _front_lines(tables, area, words):
        left, right = sheet.cell(number, 1, label or None), sheet.cell(number, 2, text or None)
        right.alignment = Alignment(wrap_text=True, vertical="top")
        left.alignment = Alignment(vertical="top")
        left.font, right.font = _font(bold=kind == "field", colour=ACCENT if kind == "field" else INK), _font()
        match kind:
            case "title":
                left.font = _font(20, bold=True, colour=ACCENT)
                sheet.row_dimensions[number].height = 30
            case "subtitle":
                left.font = _font(11, colour=MUTED)
            case "heading":
                left.font = _font(13, bold=True, colour=ACCENT)
                sheet.row_dimensions[number].height = 26
                left.alignment = Alignment(vertical="bottom")
            case "machine":
                left.font = right.font = _font(9, colour=MUTED)
            case "field":
                _open(right)
                sheet.row_dimensions[number].height = 20
        if kind == "text":
            sheet.row_dimensions[number].height = LINE_HEIGHT * _lines(text, 104)
        if label == WHEN:
            right.number_format = "dd/mm/yyyy"
            right.alignment = Alignment(horizontal="left")
            _validate(sheet, DataValidation(type="date", operator="between", formula1="45658", formula2="73050"), [right], WHEN, "Dagen dere fyller ut skjemaet, for eksempel 01.03.2027.", "Skriv dag, måned og år, for eksempel 01.03.2027.")  # fmt: skip
        if label == WHO:
            _validate(sheet, DataValidation(type="textLength", operator="between", formula1="3", formula2="100"), [right], WHO, "Rolle og kommune, for eksempel «økonomisjefen i Melhus». Det blir stående som kilde i rapportene. Navn trengs ikke.", "Skriv rolle og kommune, mellom 3 og 100 tegn.")  # fmt: skip
        number += 1
    sheet.sheet_view.showGridLines = False
    sheet.print_area = f"A1:B{number - 1}"
    sheet.sheet_view.selection[0].activeCell = sheet.sheet_view.selection[0].sqref = "B6"
    _finish(sheet, pages_high=1)


def _front_lines(tables: list[FormTable], area: str, words: Words) -> Iterator[tuple[str, str, str]]:
    yield f"Skjema for {words.area.lower()}", "", "title"
    yield f"Utredning av samarbeid mellom {listing(list(words.municipalities))}", "", "subtitle"
    yield "", "", ""
    yield "Fyll ut dette først", "", "heading"
    yield "", "Skriv rolle og kommune, for eksempel «økonomisjefen i Melhus». Det blir stående som kilde i rapportene. Navn trengs ikke.", "text"  # fmt: skip
    yield WHO, "", "field"
    yield WHEN, "", "field"
    yield "Slik gjør dere", "", "heading"
    yield "1", "Gå til arkene nederst, og fyll ut de gule cellene. Kolonnene å fylle ut begynner med «Fyll ut».", "text"
    yield "2", "Har dere ikke tallet, lar dere cellen stå tom. Skriv aldri et anslag for å fylle en celle.", "text"
    yield "3", "Skriv selve tallet, ikke en formel. Skriv uten enhet: 6,2 og 5500000.", "text"
    yield (
        "4",
        "Er et tall som står der i dag, feil, skriver dere det riktige tallet og hvorfor det gamle er feil.",
        "text",
    )
    yield "5", "Lagre som vanlig Excel-arbeidsbok (.xlsx), og send filen til den som setter sammen rapportene. Den leses inn med «make hent».", "text"  # fmt: skip
    yield "Dette mangler", "", "heading"
    for table in tables:
        absent = sum(row.status == MISSING for row in table.rows)
        told = f"{absent} av {len(table.rows)} rader mangler" if absent else "ingen rader mangler"
        yield table.sheet, f"{table.about} I dag: {told}.", "text"
    if words.deadline:
        yield "Frist", words.deadline, "text"
    yield "Spørsmål", f"Spør {words.contact}.", "text"
    yield "Personvern", "", "heading"
    yield "", "Skriv aldri navn, fødselsdato, alder, lønn eller fravær for enkeltpersoner.", "text"
    yield "", "Noen tall sier noe om personene bak dem: antall ansatte, fravær, lønn og arbeidstid. Da spør skjemaet hvor mange som står bak. Er de færre enn fem, blir tallet ikke lagret. Rapporten viser «tilbakeholdt».", "text"  # fmt: skip
    explained = [(table, column) for table in tables if not table.explained_by_row for column in table.columns]
    if explained:
        yield "Hva kolonnene betyr", "", "heading"
    for table, column in explained:
        yield f"{table.sheet}", f"{column.title}: {column.description}", "text"
    yield "For maskinen", "", "heading"
    yield FORM_VERSION, VERSION, "machine"
    yield AREA, area, "machine"


def _sheet(sheet: Worksheet, table: FormTable, words: Words) -> None:
    """The rows of a table: what names them, what stands today, and the cells to fill."""
    columns = headings(table)
    sheet["A1"].value, sheet["A1"].font = f"{table.sheet}: {words.area.lower()}", _font(16, bold=True, colour=ACCENT)
    sheet["A2"].value, sheet["A2"].font = table.about, _font(11)
    sheet["A3"].value = "Gul celle: fyll ut. Oransje celle med «mangler»: ingen har levert tallet ennå."
    sheet["A3"].font = _font(10, colour=MUTED)
    sheet.row_dimensions[1].height, sheet.row_dimensions[3].height = 24, 20
    for number, heading in enumerate(columns, start=1):
        width = _width(heading, table)
        sheet.column_dimensions[get_column_letter(number)].width = width
        cell = sheet.cell(HEADER_ROW, number, heading.text)
        cell.font, cell.fill = _font(bold=True, colour="FFFFFF"), _fill(ACCENT)
        cell.alignment, cell.border = Alignment(wrap_text=True, vertical="center"), _border()
    sheet.row_dimensions[HEADER_ROW].height = (
        LINE_HEIGHT * max(_lines(h.text, _width(h, table) - 2) for h in columns) + 6
    )
    for number, row in enumerate(table.rows, start=HEADER_ROW + 1):
        lines = 1
        for position, heading in enumerate(columns, start=1):
            cell = sheet.cell(number, position)
            _write(cell, heading, row)
            if heading.role != "id":
                lines = max(lines, _lines(str(cell.value or ""), _width(heading, table)))
            if number > HEADER_ROW + 1 and row.labels[0] != table.rows[number - HEADER_ROW - 2].labels[0]:
                cell.border = _border(top="medium")
        sheet.row_dimensions[number].height = LINE_HEIGHT * lines + 4
    last = HEADER_ROW + len(table.rows)
    _head_for_screen_readers(sheet, table, columns, last)
    _limit(sheet, table, columns)
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, len(table.label_titles) + 1)
    # On paper without the ids.
    sheet.print_area = f"A1:{get_column_letter(len(columns) - 1)}{last}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    first = next(number for number, heading in enumerate(columns, start=1) if heading.role == "value")
    for selection in sheet.sheet_view.selection:
        selection.activeCell = selection.sqref = f"{get_column_letter(first)}{HEADER_ROW + 1}"
    _finish(sheet)


def _write(cell: Cell, heading: Heading, row: FormRow) -> None:
    """One cell of a row, locked unless it is to be filled."""
    cell.font, cell.border = _font(), _border()
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    match heading.role:
        case "label":
            cell.value, cell.font = row.labels[cell.column - 1], _font(bold=True)
        case "status":
            cell.value = row.status
        case "unit":
            cell.value = row.unit
        case "explanation":
            cell.value = row.explanation
        case "id":
            cell.value, cell.font, cell.alignment = row.id, _font(8, colour=MUTED), Alignment(vertical="top")
        case "today":
            _today(cell, row, heading.column)
        case "value":
            _open(cell)
            limits = row.limits[heading.column]
            if limits.kind == "number":
                cell.number_format = "#,##0" if limits.decimals == 0 else "General"
                cell.alignment = Alignment(horizontal="right", vertical="top")
        case "persons" if not any(limits.asks_persons for limits in row.limits.values()):
            cell.value, cell.font, cell.fill = NOT_ASKED, _font(colour=MUTED), _fill(QUIET)
        case "reason" if not row.guarded:
            cell.value, cell.font, cell.fill = NOT_ASKED, _font(colour=MUTED), _fill(QUIET)
        case _:
            _open(cell)


def _today(cell: Cell, row: FormRow, column: str) -> None:
    """What stands in the table today: the number, or the word for there being none."""
    value, limits = row.today[column], row.limits[column]
    if not value:
        cell.value = WITHHELD if row.status == WITHHELD else MISSING
        cell.fill = _fill(ABSENT if cell.value == MISSING else QUIET)
    elif limits.kind == "number":
        cell.value = float(value) if "." in value else int(value)
        cell.number_format = "#,##0" if limits.decimals == 0 else "General"
    else:
        cell.value = value


def _limit(sheet: Worksheet, table: FormTable, columns: list[Heading]) -> None:
    """What Excel itself refuses, with what to write; the same limits hold when the form is read."""
    groups: dict[tuple[str, str, Limits], list[Cell]] = {}
    persons: list[Cell] = []
    for number, row in enumerate(table.rows, start=HEADER_ROW + 1):
        for position, heading in enumerate(columns, start=1):
            cell = sheet.cell(number, position)
            if heading.role == "value":
                title = table.column(heading.column).title
                prompt = row.explanation or table.column(heading.column).description
                groups.setdefault((title, prompt, row.limits[heading.column]), []).append(cell)
            elif heading.role == "persons" and cell.value != NOT_ASKED:
                persons.append(cell)
    for (title, prompt, limits), cells in groups.items():
        _validate(sheet, _rule(limits), cells, title, prompt, _refusal(limits))
    if persons:
        rule = DataValidation(type="whole", operator="between", formula1="0", formula2="10000")
        _validate(sheet, rule, persons, "Antall personer", "Hvor mange personer tallet bygger på. Er de færre enn fem, blir tallet ikke lagret.", "Skriv antallet som et helt tall.")  # fmt: skip


def _rule(limits: Limits) -> DataValidation:
    if limits.kind == "choice":
        return DataValidation(type="list", formula1=f'"{",".join(limits.choices)}"')
    if limits.kind != "number":
        return DataValidation(type="textLength", operator="lessThanOrEqual", formula1="500")
    kind = "whole" if limits.decimals == 0 else "decimal"
    low = plain(limits.minimum if limits.minimum is not None else Decimal(-(10**12)))
    if limits.maximum is None:
        return DataValidation(type=kind, operator="greaterThanOrEqual", formula1=low)
    return DataValidation(type=kind, operator="between", formula1=low, formula2=plain(limits.maximum))


def _refusal(limits: Limits) -> str:
    if limits.kind == "choice":
        return f"Velg ett av disse: {', '.join(limits.choices)}."
    if limits.kind != "number":
        return "Skriv høyst 500 tegn."
    what = "et helt tall" if limits.decimals == 0 else "et tall"
    span = f"fra {norwegian(plain(limits.minimum or Decimal(0)))}"
    span += f" til {norwegian(plain(limits.maximum))}" if limits.maximum is not None else " og oppover"
    return f"Skriv {what} {span}, uten enhet. Finnes ikke tallet, skal cellen være tom."


def _validate(
    sheet: Worksheet, rule: DataValidation, cells: Iterable[Cell], title: str, prompt: str, refusal: str
) -> None:
    rule.allow_blank, rule.showErrorMessage, rule.showInputMessage = True, True, True
    rule.errorTitle, rule.error = "Dette kan ikke stå her", refusal
    # Excel takes no more than this.
    rule.promptTitle, rule.prompt = title[:32], prompt if len(prompt) <= 255 else prompt[:250].rsplit(" ", 1)[0] + " …"
    for cell in cells:
        rule.add(cell)
    sheet.add_data_validation(rule)


def _head_for_screen_readers(sheet: Worksheet, table: FormTable, columns: list[Heading], last: int) -> None:
    """A table in Excel's sense: a screen reader then tells the heading of each cell."""
    reference = f"A{HEADER_ROW}:{get_column_letter(len(columns))}{last}"
    made = Table(displayName=f"Tabell_{table.name}", ref=reference)
    made.tableColumns = [TableColumn(id=number, name=heading.text) for number, heading in enumerate(columns, start=1)]
    made.autoFilter = AutoFilter(ref=reference)
    sheet.add_table(made)


def _finish(sheet: Worksheet, pages_high: int = 0) -> None:
    """Locked without a password, and fit for A4 lying."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False  # not forbidden
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, pages_high
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = 0.5
    margins.bottom, margins.footer = 0.7, 0.3
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "Side &P av &N"


def _open(cell: Cell) -> None:
    cell.protection, cell.fill, cell.border = Protection(locked=False), _fill(TO_FILL), _border()


def _width(heading: Heading, table: FormTable) -> float:
    if heading.role in ("today", "value") and any(row.limits[heading.column].kind == "text" for row in table.rows):
        return TEXT_WIDTH
    if heading.role == "label" and len(table.label_titles) == 1:
        return 34
    if heading.role == "label" and heading.text == table.label_titles[0]:
        return 40
    return WIDTHS[heading.role] - (8 if heading.role == "label" else 0)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width, wrapped at words."""
    # A column's width is counted in digits, and letters are narrower on the whole.
    width, lines, used = width * 1.12, 1, 0
    for word in text.split():
        if used and used + 1 + len(word) > width:
            lines, used = lines + 1, 0
        used += len(word) + (1 if used else 0)
        while used > width:
            lines, used = lines + 1, int(used - width)
    return lines


def _font(size: float = 11, bold: bool = False, colour: str = INK) -> Font:
    return Font(name=FONT, size=size, bold=bold, color=colour)


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


def _border(top: str = "thin") -> Border:
    side = Side(style="thin", color=LINE)
    return Border(left=side, right=side, top=Side(style=top, color=LINE if top == "thin" else MUTED), bottom=side)
