"""Reads a filled form (``.xlsx``): every cell that is filled, and everything that is not as the form was made."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from publishing.delivery import containers
from publishing.delivery.cells import is_empty
from publishing.delivery.filled import Filled, FilledCell, FilledRow
from publishing.delivery.layout import (
    AREA,
    FILL,
    FORM_VERSION,
    FRONT,
    HEADER_ROW,
    VERSION,
    WHEN,
    WHO,
    Heading,
    headings,
)
from publishing.delivery.tables import FormRow, FormTable, Tables, areas, form

#: A form never goes further; a sheet that does has been filled with something else.
LAST_ROW, LAST_COLUMN = 2000, 100

NEW_FORM = "Kjør «make skjema», og skriv tallene inn i det nye skjemaet."


def read(content: bytes, file: str, tables: Tables) -> Filled:
    """The form in ``content``; its ``faults`` say what keeps it from being delivered."""
    filled = Filled(file)
    for text in containers.problems(content):
        filled.fault("", text)
    if filled.faults:
        return filled
    try:
        book, cached = _opened(content, formulas=True), _opened(content, formulas=False)
    except Exception:  # what openpyxl raises on a spoiled file is anything from KeyError to ParseError
        filled.fault("", f"Filen er ødelagt og kan ikke leses som arbeidsbok. {containers.SAVE_AS}")
        return filled
    for sheet in book.worksheets:
        _untouched(sheet, cached[sheet.title], filled)
    if not _front(book, filled, tables):
        return filled
    sheets = form(tables, filled.area)
    _names(book, sheets, filled)
    for table in sheets:
        if table.sheet in book.sheetnames and isinstance(book[table.sheet], Worksheet):
            _rows(book[table.sheet], table, filled, tables)
    return filled


def _opened(content: bytes, formulas: bool) -> Workbook:
    with warnings.catch_warnings():
        # Of parts that it does not know, and that hold no cells.
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(content), data_only=not formulas)


def _untouched(sheet: Worksheet, cached: Worksheet, filled: Filled) -> None:
    """What may hide or twist a value: hidden parts, merged cells, formulas, errors. Comments are only told of."""
    where = f"ark «{sheet.title}»"
    if sheet.sheet_state != "visible":
        filled.fault(
            where,
            "Arket er skjult. Høyreklikk på arkfanene, velg «Vis», og kontroller hva som står der. Slett det hvis det ikke hører til skjemaet.",
        )
    if sheet.max_row > LAST_ROW or sheet.max_column > LAST_COLUMN:
        filled.fault(
            where,
            f"Arket går til rad {sheet.max_row} og kolonne {get_column_letter(sheet.max_column)}, langt utenfor skjemaet. {NEW_FORM}",
        )
        return
    for letter, column in sheet.column_dimensions.items():
        first = column.min or 0
        if (column.hidden or column.width == 0) and first <= sheet.max_column:
            last = min(column.max or first, sheet.max_column)
            letters = letter if last <= first else f"{get_column_letter(first)}–{get_column_letter(last)}"
            filled.fault(
                f"{where}, kolonne {letters}",
                "Kolonnen er skjult. Merk kolonnene rundt, høyreklikk, velg «Vis», og kontroller hva som står der.",
            )
    for number, row in sheet.row_dimensions.items():
        if (row.hidden or row.height == 0) and number <= sheet.max_row:
            filled.fault(
                f"{where}, rad {number}",
                "Raden er skjult, kanskje av et filter. Fjern filteret, eller merk radene rundt, høyreklikk og velg «Vis».",
            )
    for merged in sheet.merged_cells.ranges:
        filled.fault(
            f"{where}, celle {merged.coord}",
            "Cellene er slått sammen. Velg «Del opp celler», og skriv tallet i den cellen det gjelder.",
        )
    comments = 0
    for row in sheet.iter_rows():
        for cell in row:
            comments += cell.comment is not None
            _no_formula(cell, cached, where, filled)
    if comments:
        filled.notes.append(
            f"Arket «{sheet.title}» har {comments} {'kommentar' if comments == 1 else 'kommentarer'}. De blir ikke lest."
        )


def _no_formula(cell: Any, cached: Worksheet, where: str, filled: Filled) -> None:
    place = f"{where}, celle {cell.coordinate}"
    if cell.data_type == "f":
        known = cached[cell.coordinate].value
        shown = "" if is_empty(known) else f", som viser «{_shown(known)}»"
        filled.fault(
            place, f"Cellen har en formel{shown}. Skriv verdien, ikke formelen, så det kan ses hvor tallet kommer fra."
        )
    elif cell.data_type == "e":
        filled.fault(place, f"Cellen viser feilen {cell.value}. Skriv verdien, eller la cellen stå tom.")


def _shown(value: object) -> str:
    return f"{value:.15g}".replace(".", ",") if isinstance(value, float) else str(value)


def _front(book: Workbook, filled: Filled, tables: Tables) -> bool:
    """Read the first sheet; whether the rest can be read."""
    if FRONT not in book.sheetnames or not isinstance(book[FRONT], Worksheet):
        filled.fault(
            "",
            f"Arket «{FRONT}» mangler, så filen er ikke et skjema herfra, eller arket har fått et nytt navn. {NEW_FORM}",
        )
        return False
    cells: dict[str, Cell] = {}
    for row in book[FRONT].iter_rows(max_row=min(book[FRONT].max_row, LAST_ROW), max_col=2):
        if isinstance(row[0].value, str) and len(row) > 1:
            cells.setdefault(row[0].value.strip(), row[1])
    version, area = (str(cells[name].value or "").strip() if name in cells else "" for name in (FORM_VERSION, AREA))
    where = f"ark «{FRONT}»"
    if version != VERSION:
        text = (
            f"Skjemaet er av utgave {version}, men bare utgave {VERSION} kan leses."
            if version
            else "Skjemaets utgave er borte."
        )
        filled.fault(where, f"{text} {NEW_FORM}")
        return False
    known = areas(tables)
    if area not in known:
        filled.fault(where, f"Området «{area}» er ukjent. Det skal være et av disse: {', '.join(known)}. {NEW_FORM}")
        return False
    filled.area = area
    filled.who, filled.when = (
        FilledCell(cells[name].value, f"{where}, celle {cells[name].coordinate}") if name in cells else None
        for name in (WHO, WHEN)
    )
    return True


def _names(book: Workbook, sheets: list[FormTable], filled: Filled) -> None:
    """Sheets that are missing, renamed or added."""
    wanted = [FRONT, *(table.sheet for table in sheets)]
    unknown = [name for name in book.sheetnames if name not in wanted]
    for name in wanted:
        if name not in book.sheetnames:
            near = get_close_matches(name, unknown, n=1, cutoff=0.5)
            advice = f"Gi arket «{near[0]}» navnet «{name}» igjen." if near else NEW_FORM
            filled.fault("", f"Arket «{name}» mangler. {advice}")
            unknown = [other for other in unknown if other not in near]
    for name in unknown:
        filled.fault(
            f"ark «{name}»",
            "Arket hører ikke til skjemaet og blir ikke lest. Flytt tallene til arkene i skjemaet, og slett arket.",
        )


def _rows(sheet: Worksheet, table: FormTable, filled: Filled, tables: Tables) -> None:
    wanted, where = headings(table), f"ark «{sheet.title}»"
    if sheet.max_row > LAST_ROW or sheet.max_column > LAST_COLUMN:
        return
    faults = list(_heading_faults(sheet, wanted))
    for place, text in faults:
        filled.fault(f"{where}{place}", text)
    if faults:
        return
    seen: dict[str, int] = {}
    for number in range(HEADER_ROW + 1, sheet.max_row + 1):
        cells = [sheet.cell(number, position) for position in range(1, len(wanted) + 1)]
        beyond = [sheet.cell(number, position) for position in range(len(wanted) + 1, sheet.max_column + 1)]
        for cell in beyond:
            if not is_empty(cell.value):
                filled.fault(
                    f"{where}, celle {cell.coordinate}",
                    "Her skal det ikke stå noe. Flytt det til en gul celle, eller slett det.",
                )
        if all(is_empty(cell.value) for cell in cells):
            continue
        found = _row(table, cells, wanted, number, seen, filled, tables)
        if found:
            filled.rows.append(found)


def _heading_faults(sheet: Worksheet, wanted: list[Heading]) -> Iterator[tuple[str, str]]:
    for position, heading in enumerate(wanted, start=1):
        cell = sheet.cell(HEADER_ROW, position)
        if cell.value != heading.text:
            standing = "er tom" if is_empty(cell.value) else f"har overskriften «{cell.value}»"
            yield (
                f", celle {cell.coordinate}",
                f"Cellen {standing}, men skal ha «{heading.text}». Rett overskriften, eller lag et nytt skjema med «make skjema».",
            )
    for position in range(len(wanted) + 1, sheet.max_column + 1):
        cell = sheet.cell(HEADER_ROW, position)
        if not is_empty(cell.value):
            yield f", celle {cell.coordinate}", f"Kolonnen «{cell.value}» hører ikke til skjemaet. Slett den."


def _row(
    table: FormTable, cells: list[Cell], wanted: list[Heading], number: int, seen: dict[str, int], filled: Filled, tables: Tables
) -> FilledRow | None:  # fmt: skip
    where = f"ark «{table.sheet}»"
    identity = cells[-1]
    row_id = str(identity.value or "").strip()
    row = table.row(row_id)
    if not row_id:
        filled.fault(
            f"{where}, rad {number}",
            "Raden hører ikke til skjemaet: den har ingen rad-id. Skriv tallene i radene som står der fra før, og slett raden.",
        )
        return None
    if row is None:
        filled.fault(f"{where}, celle {identity.coordinate}", f"{_unknown(row_id, table, tables)} {NEW_FORM}")
        return None
    if row_id in seen:
        filled.fault(f"{where}, rad {number}", f"Raden er den samme som rad {seen[row_id]}. Slett den ene.")
        return None
    seen[row_id] = number
    if not _labels_fit(row, cells, wanted, where, filled):
        return None
    values, beside, today = {}, {}, {}
    for cell, heading in zip(cells, wanted, strict=True):
        taken = FilledCell(cell.value, f"{where}, celle {cell.coordinate}", "%" in (cell.number_format or ""))
        if heading.role == "value":
            values[heading.column] = taken
        elif heading.role == "today":
            today[heading.column] = cell.value
        elif heading.text.startswith(FILL):
            beside[heading.role] = taken
    return FilledRow(table.name, row_id, values, beside, today)


def _unknown(row_id: str, table: FormTable, tables: Tables) -> str:
    for area, name in areas(tables).items():
        if any(other.name == table.name and other.row(row_id) for other in form(tables, area)):
            return f"Raden «{row_id}» hører til skjemaet for {name.lower()}."
    return f"Rad-id-en «{row_id}» finnes ikke lenger, eller er endret."


def _labels_fit(row: FormRow, cells: list[Cell], wanted: list[Heading], where: str, filled: Filled) -> bool:
    """Whether the words that name the row are still those of its id: sorting a few columns alone moves them apart."""
    fits = True
    for cell, heading, label in zip(cells, wanted, row.labels, strict=False):
        if heading.role == "label" and " ".join(str(cell.value or "").split()) != " ".join(label.split()):
            filled.fault(
                f"{where}, celle {cell.coordinate}",
                f"Her står «{cell.value or ''}», men rad-id-en i samme rad gjelder «{label}». Er en kolonne sortert for seg? Angre, eller lag et nytt skjema.",
            )
            fits = False
    return fits
