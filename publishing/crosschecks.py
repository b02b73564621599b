"""What the delivered tables must agree on, and a schema cannot say.

Each check is a function from the readable sheets, by table name, to the problems it finds. A check passes over
tables and cells that are absent or of the wrong type: other checks tell of those.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis import corrections, data
from publishing import advice
from publishing.sheets import Problem, Row, Sheet, garbled

Sheets = Mapping[str, Sheet]
Schemas = Mapping[str, list[dict[str, Any]]]

#: Statuses under which the number cells of a row are empty.
WITHOUT_NUMBER = ("mangler", "tilbakeholdt")

#: Areas where one person does the work in each municipality, so that an age is that person's.
SINGLE_PERSON_AREAS = ("sentralbord",)
AGES = ("alder_fra", "alder_til")
ALL = "alle"


def problems(sheets: Sheets, schemas: Schemas) -> list[Problem]:
    """Every problem that the checks of this module find; ``schemas`` has the fields of each table."""
    found: list[Problem] = []
    for name, sheet in sheets.items():
        found += [
            *untidy_cells(sheet),
            *loose_numbers(sheet, schemas[name]),
            *status_contradictions(sheet, schemas[name]),
        ]
    for check in CHECKS:
        found += check(sheets)
    return found


def untidy_cells(sheet: Sheet) -> Iterator[Problem]:
    """Cells with spaces before or after the text, or with garbled letters."""
    for row in sheet.rows:
        for column, cell in row.cells.items():
            if garbled(cell):
                text = f"«{_excerpt(cell)}» har tegn som er blitt ødelagt (æ, ø, å eller anførselstegn). Skriv teksten på nytt."
                yield sheet.problem(row.number, column, text)
            elif cell != cell.strip() and column not in AGES:
                text = f"«{_excerpt(cell)}» har mellomrom først eller sist. Fjern mellomrommet."
                yield sheet.problem(row.number, column, text)


def loose_numbers(sheet: Sheet, fields: Iterable[dict[str, Any]]) -> Iterator[Problem]:
    """Numbers that a lenient reader takes and the tables do not: «nan», «1e5», «5_000», «+3»."""
    for field in fields:
        if field["type"] not in ("integer", "number") or field["name"] in AGES:
            continue
        whole = field["type"] == "integer"
        for row in sheet.rows:
            cell = row.cells.get(field["name"], "").strip()
            if cell and not advice.is_plain_number(cell, whole):
                yield sheet.problem(
                    row.number, field["name"], f"«{cell}» er ikke et tall. {advice.for_number(cell, field)}"
                )


def status_contradictions(sheet: Sheet, fields: Iterable[dict[str, Any]]) -> Iterator[Problem]:
    """A status that says there is no number beside a number, or that there is one beside an empty cell."""
    for field in fields:
        status_column, column = field.get("statusColumn"), field["name"]
        if not status_column:
            continue
        for row in sheet.rows:
            status, cell = row.cells.get(status_column, ""), row.cells.get(column, "")
            shown = "en verdi" if column in AGES else f"«{cell}»"
            if status in WITHOUT_NUMBER and cell:
                text = (
                    f"Cellen har {shown}, men {status_column} er «{status}». Slett verdien, "
                    f"eller skriv «oppgitt» i {status_column} hvis den er levert og kan vises."
                )
                yield sheet.problem(row.number, column, text)
            if status and status not in WITHOUT_NUMBER and not cell:
                text = f"Cellen er tom, men {status_column} er «{status}». Skriv tallet, eller skriv «mangler» i {status_column}."
                yield sheet.problem(row.number, column, text)


def single_person_ages(sheets: Sheets) -> Iterator[Problem]:
    """Ages that belong to one person. The message never repeats the age."""
    sheet = sheets.get("bemanning")
    for row in sheet.rows if sheet else ():
        if not _one_person(row):
            continue
        for column in AGES:
            if row.cells.get(column, ""):
                yield sheet.problem(row.number, column, _PRIVACY)
        if row.cells.get("alder_status") != "tilbakeholdt":
            text = "Alderen gjelder én person og kan ikke oppgis. Skriv «tilbakeholdt», og la alder_fra og alder_til stå tomme."
            yield sheet.problem(row.number, "alder_status", text)


_PRIVACY = (
    "Her står alderen til én person. Det er en personopplysning, og den skal ikke stå i datagrunnlaget (verdien "
    "gjentas ikke her). Slett den, la alder_status stå som «tilbakeholdt», og si fra til prosjektlederen: er filen "
    "allerede delt eller lagret i historikken, må den fjernes også der."
)


def _one_person(row: Row) -> bool:
    fte = _number(row.cells.get("arsverk", ""))
    low, high = (row.cells.get(column, "") for column in AGES)
    return (
        row.cells.get("omrade") in SINGLE_PERSON_AREAS
        or (fte is not None and fte <= 1)
        or (low != "" and low == high)
    )  # fmt: skip


def backward_ranges(sheets: Sheets) -> Iterator[Problem]:
    """Ranges whose first value is greater than the last: ages, experience figures, milestones."""
    pairs = (("bemanning", *AGES), ("erfaringstall", "verdi_fra", "verdi_til"), ("milepaeler", "fra", "til"))
    for table, first, last in pairs:
        sheet = sheets.get(table)
        for row in sheet.rows if sheet else ():
            low, high = row.cells.get(first, ""), row.cells.get(last, "")
            numbers = _number(low), _number(high)
            backward = low > high if table == "milepaeler" else None not in numbers and numbers[0] > numbers[1]
            if low and high and backward:
                yield sheet.problem(
                    row.number, last, f"Verdien er lavere enn den i {first}. Bytt om de to, eller rett dem."
                )


def incomplete_lists(sheets: Sheets) -> Iterator[Problem]:
    """Lists of the mandate with more or fewer entries than ``lister.csv`` says, or with gaps in the numbering."""
    lists, entries = sheets.get("lister"), sheets.get("krav")
    for row in lists.rows if lists and entries else ():
        name, wanted = row.cells["liste"], row.cells["antall"]
        numbers = [entry.cells["nr"] for entry in entries.rows if entry.cells["liste"] == name]
        if wanted.isdigit() and len(numbers) != int(wanted):
            text = (
                f"Listen «{name}» har {len(numbers)} punkter i {entries.file}, men skal ha {wanted}. "
                "Legg inn punktene som mangler, fjern dem som er for mange, eller rett antallet."
            )
            yield lists.problem(row.number, "antall", text)
        elif sorted(numbers, key=_sortable) != [str(number) for number in range(1, len(numbers) + 1)]:
            text = (
                f"Punktene i listen «{name}» er ikke nummerert 1–{len(numbers)} i {entries.file}. Rett kolonnen nr der."
            )
            yield lists.problem(row.number, "liste", text)
    for row in entries.rows if entries else ():
        wanted = f"{row.cells['liste']}.{row.cells['nr'].zfill(2)}"
        if row.cells["id"] != wanted:
            text = f"«{row.cells['id']}» passer ikke til listen og nummeret i raden. Skriv {wanted}."
            yield entries.problem(row.number, "id", text)


def missing_rows(sheets: Sheets) -> Iterator[Problem]:
    """Area and municipality for which a table that must be complete has no row."""
    places = _column(sheets, "kommuner", "kommunenr")
    areas = [row.cells["omrade"] for row in _rows(sheets, "omrader") if row.cells["fase"] == "2"]
    dates = list(dict.fromkeys(_column(sheets, "befolkning", "dato")))
    wanted: dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]] = {
        "bemanning": (("omrade", "kommunenr"), [(area, place) for area in areas for place in places]),
        "oppgitte_summer": (("omrade",), [(area,) for area in areas]),
        "merkantile": (("kommunenr",), [(place,) for place in places]),
        "befolkning": (("dato", "kommunenr"), [(date, place) for date in dates for place in places]),
    }
    for table, (columns, keys) in wanted.items():
        sheet = sheets.get(table)
        # A row with the wrong number of cells is told of by itself, and may be the one sought.
        if sheet is None or sheet.ragged:
            continue
        present = {tuple(row.cells[column] for column in columns) for row in sheet.rows}
        for key in keys:
            if key not in present:
                named = ", ".join(f"{column} «{value}»" for column, value in zip(columns, key, strict=True))
                text = f"Raden for {named} mangler. Legg den inn; er tallet ikke levert, skriv «mangler» under status."
                text = text if table != "befolkning" else f"Raden for {named} mangler. Legg den inn."
                yield Problem(sheet.file, 0, "", text)
    if "befolkning" in sheets and not dates and not sheets["befolkning"].ragged:
        yield Problem(
            sheets["befolkning"].file, 0, "", "Tabellen har ingen rader. Legg inn folketallet for hver kommune."
        )


def unknown_places(sheets: Sheets) -> Iterator[Problem]:
    """Data gaps that name a municipality which is not one, by its slug."""
    known = [*_column(sheets, "kommuner", "slug"), ALL]
    sheet = sheets.get("datahull")
    for row in sheet.rows if sheet and "kommuner" in sheets else ():
        cell = row.cells["kommune"]
        if cell and cell not in known:
            yield sheet.problem(
                row.number, "kommune", f"«{cell}» er ikke en kommune her. Skriv en av: {', '.join(known)}."
            )


def broken_corrections(root: Path, sheets: Sheets, sound: Iterable[str]) -> Iterator[Problem]:
    """Corrections that no longer fit the delivered tables. Only ``sound`` tables, which can be read as typed, are tried."""
    sheet = sheets.get("rettelser")
    readable = set(sound)
    if sheet is None or "rettelser" not in readable:
        return
    rows = {row.cells["id"]: row for row in sheet.rows}
    known = data.description(root)
    every = data.load("rettelser", root)
    for position, row in enumerate(sheet.rows):
        table = row.cells["tabell"]
        if table not in known:
            text = f"«{table}» er ikke en tabell. Skriv navnet på tabellen uten .csv, for eksempel bemanning."
            yield sheet.problem(row.number, "tabell", text)
        elif table in readable:
            try:
                # One at a time, so that every broken one is told of.
                _, applied = corrections.apply(table, data.load(table, root), every.iloc[[position]])
            except corrections.CorrectionError as error:
                yield sheet.problem(rows[error.correction].number, error.column, error.problem)
            else:
                yield from _unfit(sheet, row, applied[0], known[table])
    for table in sorted(set(every["tabell"]) & readable):
        try:
            corrections.apply(table, data.load(table, root), every)
        except corrections.CorrectionError as error:
            yield sheet.problem(rows[error.correction].number, error.column, error.problem)


def _unfit(sheet: Sheet, row: Row, change: corrections.Correction, description: dict[str, Any]) -> Iterator[Problem]:
    """New values that their column would not take: ages, text outside the choices, numbers below the least."""
    field = next(field for field in description["schema"]["fields"] if field["name"] == change.column)
    limits = field.get("constraints", {})
    if change.column in AGES:
        text = "Alder kan ikke rettes her, av hensyn til personvernet. Lever en ny utgave av bemanningstabellen."
        yield sheet.problem(row.number, "kolonne", text)
    if "enum" in limits and change.new not in limits["enum"]:
        choices = ", ".join(str(choice) for choice in limits["enum"])
        yield sheet.problem(row.number, "ny", f"«{change.new}» er ikke et gyldig valg. Skriv en av: {choices}.")
    if isinstance(change.new, (int, float)) and change.new < limits.get("minimum", change.new):
        text = f"«{change.new}» er for lavt. Den minste verdien kolonnen {change.column} tar, er {limits['minimum']}."
        yield sheet.problem(row.number, "ny", text)
    if isinstance(change.new, (int, float)) and change.new > limits.get("maximum", change.new):
        text = f"«{change.new}» er for høyt. Den største verdien kolonnen {change.column} tar, er {limits['maximum']}."
        yield sheet.problem(row.number, "ny", text)


CHECKS: tuple[Callable[[Sheets], Iterable[Problem]], ...] = (
    single_person_ages,
    backward_ranges,
    incomplete_lists,
    missing_rows,
    unknown_places,
)


def _rows(sheets: Sheets, table: str) -> tuple[Row, ...]:
    return sheets[table].rows if table in sheets else ()


def _column(sheets: Sheets, table: str, column: str) -> list[str]:
    return [row.cells[column] for row in _rows(sheets, table)]


def _number(text: str) -> float | None:
    return float(text) if advice.is_plain_number(text.strip(), whole=False) else None


def _sortable(text: str) -> tuple[int, str]:
    return (int(text), "") if re.fullmatch(r"\d+", text) else (0, text)


def _excerpt(text: str, length: int = 40) -> str:
    return text if len(text) <= length else text[:length].rstrip() + " …"
