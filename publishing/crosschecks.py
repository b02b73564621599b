"""What the delivered tables must agree on, and a schema cannot say.

Each check is a function from the readable sheets, by table name, to the problems it finds. A check passes over
tables and cells that are absent or of the wrong type: other checks tell of those.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import assumptions, corrections, data, formatting, model, palette
from publishing import advice, plain_text
from publishing.sheets import Problem, Row, Sheet, garbled, odd_character

Sheets = Mapping[str, Sheet]
Schemas = Mapping[str, list[dict[str, Any]]]

#: Statuses under which the number cells of a row are empty, and those under which they are not.
WITHOUT_NUMBER = frozenset(str(status) for status in model.WITHOUT_NUMBER)
WITH_NUMBER = frozenset(str(status) for status in model.Status) - WITHOUT_NUMBER

#: Areas where one person does the work in each municipality, so that an age is that person's.
SINGLE_PERSON_AREAS = ("sentralbord",)
AGES = ("alder_fra", "alder_til")
ALL = "alle"

#: Fewer persons than this behind a number about persons, and it is withheld.
FEWEST_PERSONS = 5
#: Units in which a number is itself a count of persons.
HEADS = ("ansatte", "personer")


def problems(sheets: Sheets, schemas: Schemas) -> list[Problem]:
    """Every problem that the checks of this module find; ``schemas`` has the fields of each table."""
    # Privacy first: where several checks find fault with a cell, the first message is the one told.
    found = [problem for check in CHECKS for problem in check(sheets)]
    for name, sheet in sheets.items():
        found += untidy_cells(sheet)
        found += formulas(sheet, schemas[name])
        found += loose_numbers(sheet, schemas[name])
        found += status_contradictions(sheet, schemas[name])
    return found


def untidy_cells(sheet: Sheet) -> Iterator[Problem]:
    """Cells with garbled letters, with what no text may hold (:mod:`publishing.plain_text`), or with spaces around the text."""
    for row in sheet.rows:
        for column, cell in row.cells.items():
            if garbled(cell):
                text = f"{shown(cell, column, sheet)} har ødelagte tegn (æ, ø, å eller anførselstegn). Skriv teksten på nytt."
                yield sheet.problem(row.number, column, text)
            elif odd := odd_character(cell):
                kind = "et tegn fra et annet alfabet" if odd.isalnum() else "et usynlig tegn"
                where = "" if column in AGES else f" (U+{ord(odd):04X}) i «{_around(cell, odd)}»"
                text = f"Cellen har {kind}{where}. Slett innholdet, og skriv det på nytt for hånd."
                yield sheet.problem(row.number, column, text)
            elif what := plain_text.private(cell):
                text = f"Cellen har {what} (gjentas ikke her), som ville blitt publisert. Skriv rollen til den det gjelder, eller navnet på filen."
                yield sheet.problem(row.number, column, text)
            elif cell != cell.strip() and column not in AGES:
                text = f"{shown(cell, column, sheet)} har mellomrom først eller sist. Fjern mellomrommet."
                yield sheet.problem(row.number, column, text)


def _around(cell: str, odd: str) -> str:
    """The text about an odd character, which is itself shown only if it can be seen."""
    before, _, after = cell.partition(odd)
    return f"{before[-20:]}{odd if odd.isprintable() else '?'}{after[:20]}"


#: An age as it may have slipped into another column of the table.
_AGE = re.compile(r"\s*\d\d\s*([-–]\s*\d\d\s*)?(år)?\s*")


def shown(cell: object, column: str, sheet: Sheet) -> str:
    """The cell as a message may repeat it. Where a table has ages, one may have slipped into any column."""
    if column in AGES or (not set(AGES).isdisjoint(sheet.columns) and _AGE.fullmatch(str(cell))):
        return "Verdien (vises ikke her)"
    return f"«{_excerpt(str(cell))}»"


def formulas(sheet: Sheet, fields: Iterable[dict[str, Any]]) -> Iterator[Problem]:
    """Texts that Excel would run when it opens the table, or a file made of it."""
    for field in (field["name"] for field in fields if field["type"] == "string"):
        for row in sheet.rows:
            if plain_text.is_formula(cell := row.cells.get(field, "")):
                text = f"{shown(cell, field, sheet)} begynner med et tegn som Excel tar for en formel. Begynn teksten med en bokstav."
                yield sheet.problem(row.number, field, text)


def loose_numbers(sheet: Sheet, fields: Iterable[dict[str, Any]]) -> Iterator[Problem]:
    """Numbers that a lenient reader takes and the tables do not: «nan», «1e5», «5_000», «+3», or with digits without end."""
    for field in fields:
        if field["type"] not in ("integer", "number") or field["name"] in AGES:
            continue
        whole = field["type"] == "integer"
        for row in sheet.rows:
            cell = row.cells.get(field["name"], "").strip()
            if cell and not advice.is_plain_number(cell, whole):
                text = f"{shown(cell, field['name'], sheet)} er ikke et tall. {advice.for_number(cell, field)}"
                yield sheet.problem(row.number, field["name"], text)
            elif advice.too_many_digits(cell):
                text = f"«{_excerpt(cell)}» har for mange sifre. Skriv høyst {advice.MOST_DIGITS} sifre."
                yield sheet.problem(row.number, field["name"], text)


def status_contradictions(sheet: Sheet, fields: Iterable[dict[str, Any]]) -> Iterator[Problem]:
    """A status that says there is no number beside a number, or that there is one beside an empty cell."""
    for field in fields:
        status_column, column = field.get("statusColumn"), field["name"]
        if not status_column:
            continue
        for row in sheet.rows:
            status, cell = row.cells.get(status_column, ""), row.cells.get(column, "")
            if cell and (status == model.Status.TILBAKEHOLDT or (status in WITHOUT_NUMBER and column in AGES)):
                text = f"Cellen har en verdi (vises ikke her), men {status_column} er «{status}». Slett verdien"
                text += "." if column in AGES else f", eller skriv «oppgitt» i {status_column} hvis den kan vises."
                yield sheet.problem(row.number, column, text)
            elif status in WITHOUT_NUMBER and cell:
                text = (
                    f"Cellen har «{cell}», men {status_column} er «{status}». Slett verdien, eller skriv «oppgitt» "
                    f"i {status_column} hvis den er levert og kan vises."
                )
                yield sheet.problem(row.number, column, text)
            elif status in WITH_NUMBER and not cell:
                text = (
                    f"Cellen er tom, men {status_column} er «{status}». Skriv tallet, "
                    f"eller skriv «mangler» i {status_column}."
                )
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
        not_delivered = row.cells.get("alder_status") == row.cells.get("status") == "mangler"
        if row.cells.get("alder_status") != "tilbakeholdt" and not not_delivered:
            text = "Alderen gjelder én person. Skriv «tilbakeholdt», og la alder_fra og alder_til stå tomme."
            yield sheet.problem(row.number, "alder_status", text)


def revealing_totals(sheets: Sheets) -> Iterator[Problem]:
    """Totals as printed, of areas where a municipality's numbers are withheld: they could be worked out."""
    withheld = {
        row.cells["omrade"] for row in _rows(sheets, "bemanning") if row.cells["status"] == model.Status.TILBAKEHOLDT
    }
    for row in _rows(sheets, "oppgitte_summer"):
        for column in corrections.NUMBERS["oppgitte_summer"] if row.cells["omrade"] in withheld else ():
            if row.cells[column]:
                text = (
                    "En kommunes tall for området er tilbakeholdt, og med summen kan det regnes ut (verdien gjentas ikke her). "
                    "Slett summen, og skriv «tilbakeholdt» under status."
                )
                yield sheets["oppgitte_summer"].problem(row.number, column, text)


_PRIVACY = (
    "Her står alderen til én person. Det er en personopplysning, og den skal ikke stå i datagrunnlaget (verdien "
    "gjentas ikke her). Slett den, la alder_status stå som «tilbakeholdt», og si fra til prosjektlederen. Er filen "
    "allerede delt eller lagret i historikken, må alderen fjernes også der."
)


def _one_person(row: Row) -> bool:
    fte = _number(row.cells.get("arsverk", ""))
    low, high = (row.cells.get(column, "") for column in AGES)
    return (
        row.cells.get("omrade") in SINGLE_PERSON_AREAS
        or (fte is not None and 0 <= fte <= 1)
        or (low != "" and low == high)
    )  # fmt: skip


def backward_ranges(sheets: Sheets) -> Iterator[Problem]:
    """Ranges whose first value is greater than the last: ages, experience figures, milestones, assumptions."""
    pairs = (
        ("bemanning", *AGES),
        ("erfaringstall", "verdi_fra", "verdi_til"),
        ("milepaeler", "fra", "til"),
        ("forutsetninger", "lav", "hoy"),
        ("forutsetninger", "lav", "sannsynlig"),
        ("forutsetninger", "sannsynlig", "hoy"),
        ("etableringskostnader", "lav_kr", "sannsynlig_kr"),
        ("etableringskostnader", "sannsynlig_kr", "hoy_kr"),
        ("opplysninger", "minimum", "maksimum"),
    )
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


def unfit_assumptions(sheets: Sheets) -> Iterator[Problem]:
    """Assumptions that a computation needs and the table lacks, or that are in another unit, or above 100 percent."""
    sheet = sheets.get("forutsetninger")
    if sheet is None:
        return
    for row in sheet.rows:
        name, unit = row.cells["id"], row.cells["enhet"]
        wanted = assumptions.NEEDED.get(name, unit)
        if unit != wanted:
            text = f"«{name}» skal oppgis i {wanted}, ikke i «{unit}». Rett enheten, og kontroller verdiene i raden."
            yield sheet.problem(row.number, "enhet", text)
        for column in ("lav", "sannsynlig", "hoy") if unit == "prosent" else ():
            number = _number(row.cells.get(column, ""))
            if number is not None and number > 100:
                text = f"«{row.cells[column]}» prosent er for mye. Skriv en verdi fra 0 til 100."
                yield sheet.problem(row.number, column, text)
    for name in assumptions.NEEDED:
        if name not in _column(sheets, "forutsetninger", "id") and not sheet.ragged:
            text = f"Raden for «{name}» mangler, og beregningene trenger den. Hent den fram fra en tidligere utgave av filen."
            yield Problem(sheet.file, 0, "", text)


def uneven_keys(sheets: Sheets) -> Iterator[Problem]:
    """Cost keys whose parts do not make one whole."""
    parts = ("folketall", "lik_andel", "dagens_kostnad", "volum")
    sheet = sheets.get("fordelingsnokler")
    for row in sheet.rows if sheet else ():
        texts = [row.cells.get(part, "").strip() for part in parts]
        if all(advice.is_plain_number(text, whole=False) for text in texts) and sum(map(Fraction, texts)) != 1:
            shown = " + ".join(texts)
            yield sheet.problem(
                row.number,
                "",
                f"Delene i nøkkelen «{row.cells['nokkel']}» skal bli 1 til sammen, men {shown} blir noe annet. Rett delene.",
            )


def incomplete_lists(sheets: Sheets) -> Iterator[Problem]:
    """Lists of the mandate with more or fewer entries than ``lister.csv`` says, or with gaps in the numbering."""
    lists, entries = sheets.get("lister"), sheets.get("krav")
    for row in lists.rows if lists and entries and not entries.ragged else ():
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


#: What to do about a row whose number is not delivered.
_NOT_DELIVERED = " Er tallet ikke levert, skriver du «mangler» under status."


def missing_rows(sheets: Sheets) -> Iterator[Problem]:
    """Area and municipality for which a table that must be complete has no row."""
    places = _column(sheets, "kommuner", "kommunenr")
    areas = [row.cells["omrade"] for row in _rows(sheets, "omrader") if row.cells["fase"] == "2"]
    costs = _points(sheets, "okonomi-etablering")
    known = {*places, *_column(sheets, "omrader", "omrade"), *costs}
    # One that stands under another area is told of by itself.
    delivered = {(row.cells["opplysning"], row.cells["kommunenr"]) for row in _rows(sheets, "leverte_opplysninger")}
    quantities = [key for key in _quantities(sheets) if key[1:] not in delivered]
    wanted: dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]] = {
        "bemanning": (("omrade", "kommunenr"), [(area, place) for area in areas for place in places]),
        "oppgitte_summer": (("omrade",), [(area,) for area in areas]),
        "merkantile": (("kommunenr",), [(place,) for place in places]),
        "etableringskostnader": (("omrade", "kategori"), [(area, cost) for area in areas for cost in costs]),
        "leverte_opplysninger": (("omrade", "opplysning", "kommunenr"), quantities),
    }
    known |= set(_column(sheets, "opplysninger", "opplysning"))
    for table, (columns, keys) in wanted.items():
        yield from _absent_rows(sheets, table, columns, keys, known, _NOT_DELIVERED)


def missing_inhabitants(sheets: Sheets) -> Iterator[Problem]:
    """Dates on which a municipality has no inhabitants in the table; one without any must be told of as a gap."""
    sheet = sheets.get("befolkning")
    if sheet is None or sheet.ragged:
        return
    dates = list(dict.fromkeys(row.cells["dato"] for row in sheet.rows))
    if not dates:
        yield Problem(sheet.file, 0, "", "Tabellen har ingen rader. Legg inn folketallet for hver kommune.")
        return
    gaps = _column(sheets, "datahull", "id")
    slugs = {row.cells["kommunenr"]: row.cells["slug"] for row in _rows(sheets, "kommuner")}
    counted = set(_column(sheets, "befolkning", "kommunenr"))
    known = {*dates, *slugs}
    keys = [(date, place) for date in dates for place in slugs if place in counted]
    yield from _absent_rows(sheets, "befolkning", ("dato", "kommunenr"), keys, known, "")
    for place, slug in slugs.items():
        gap = f"felles.folketall-{slug}"
        if place not in counted and counted <= set(slugs) and gap not in gaps and "datahull" in sheets:
            text = (
                f"Folketallet for kommunenr «{place}» mangler. Legg det inn, eller skriv i data/datahull.csv "
                f"at det mangler, med id «{gap}»."
            )
            yield Problem(sheet.file, 0, "", text)


def colourless_municipalities(sheets: Sheets) -> Iterator[Problem]:
    """More municipalities than the charts have colours for: two would look the same."""
    sheet, most = sheets.get("kommuner"), len(palette.PLACES)
    for row in sheet.rows[most:] if sheet else ():
        text = f"Figurene har farger til {most} kommuner. Be den som vedlikeholder programmet, om å legge til en farge i analysis/palette.py."
        yield sheet.problem(row.number, "", text)


def _absent_rows(
    sheets: Sheets, table: str, columns: tuple[str, ...], keys: Iterable[tuple[str, ...]], known: set[str], hint: str
) -> Iterator[Problem]:
    """The keys (cells of ``columns``) that the table has no row for.

    Rows with names that are not ``known`` are told of by themselves, and may be the ones sought: nothing is said then.
    """
    sheet = sheets.get(table)
    if sheet is None or sheet.ragged:
        return
    present = {tuple(row.cells[column] for column in columns) for row in sheet.rows}
    if any(not set(key) <= known for key in present):
        return
    for key in keys:
        if key not in present:
            cells = tuple(zip(columns, key, strict=True))
            named = ", ".join(f"{column} «{value}»" for column, value in cells)
            yield Problem(sheet.file, 0, "", f"Raden for {named} mangler. Legg den inn.{hint}", absent=cells)


def _quantities(sheets: Sheets) -> Iterator[tuple[str, str, str]]:
    """Area, quantity and municipality for each number that can be delivered."""
    for row in _rows(sheets, "opplysninger"):
        named = row.cells["kommuner"].split(";")
        for place in _rows(sheets, "kommuner"):
            if {place.cells["slug"], ALL} & set(named):
                yield row.cells["omrade"], row.cells["opplysning"], place.cells["kommunenr"]


def unfit_deliveries(sheets: Sheets) -> Iterator[Problem]:
    """Delivered numbers of another area or municipality than their quantity has, outside its limits, or of too few persons."""
    definitions = {row.cells["opplysning"]: row.cells for row in _rows(sheets, "opplysninger")}
    wanted = {(quantity, place) for _, quantity, place in _quantities(sheets)}
    slugs = {*_column(sheets, "kommuner", "slug"), ALL}
    for row in _rows(sheets, "leverte_opplysninger"):
        sheet, definition = sheets["leverte_opplysninger"], definitions.get(row.cells["opplysning"])
        if definition is None:  # told of by itself
            continue
        if row.cells["omrade"] != definition["omrade"]:
            text = f"Opplysningen hører til {definition['omrade']}, ikke «{row.cells['omrade']}». Rett området."
            yield sheet.problem(row.number, "omrade", text)
        place = row.cells["kommunenr"]
        if not set(definition["kommuner"].split(";")) <= slugs:  # told of by itself
            continue
        if place in _column(sheets, "kommuner", "kommunenr") and (definition["opplysning"], place) not in wanted:
            text = f"Kommunen «{place}» skal ikke levere denne opplysningen ({definition['kommuner']} i {sheets['opplysninger'].file}). Slett raden."
            yield sheet.problem(row.number, "kommunenr", text)
        for text in beyond_limits(row.cells["verdi"], definition):
            yield sheet.problem(row.number, "verdi", text)


def beyond_limits(text: str, definition: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a delivered number under its row of ``opplysninger.csv``. A count of few persons is not repeated."""
    number = _number(text)
    low, high, unit = _number(definition["minimum"]), _number(definition["maksimum"]), definition["enhet"]
    if number is None or low is None or high is None or unit not in formatting.DECIMALS:
        return
    decimals = formatting.DECIMALS[unit]
    if definition["om_personer"] == "ja" and unit in HEADS and number < FEWEST_PERSONS:
        yield (
            "Tallet gjelder færre enn fem personer (verdien gjentas ikke her). Slett det, og skriv «tilbakeholdt» under status."
        )
    elif number < low:
        yield f"«{text}» er for lavt. Den minste verdien er {definition['minimum']} {unit}. Rett tallet."
    elif number > high:
        yield f"«{text}» er for høyt. Den største verdien er {definition['maksimum']} {unit}. Rett tallet."
    elif round(number, decimals) != number:
        wanted = "hele tall" if decimals == 0 else f"høyst {decimals} desimal{'er' if decimals > 1 else ''}"
        yield f"«{text}» har for mange desimaler. Skriv {wanted}."


def unknown_places(sheets: Sheets) -> Iterator[Problem]:
    """Data gaps and quantities that name a municipality which is not one, by its slug."""
    known = [*_column(sheets, "kommuner", "slug"), ALL]
    for row in _rows(sheets, "opplysninger") if "kommuner" in sheets else ():
        for name in row.cells["kommuner"].split(";"):
            if name and name not in known:
                text = f"«{name}» er ikke en kommune her. Skriv én av disse: {', '.join(known)}."
                yield sheets["opplysninger"].problem(row.number, "kommuner", text)
    sheet = sheets.get("datahull")
    for row in sheet.rows if sheet and "kommuner" in sheets else ():
        cell = row.cells["kommune"]
        if cell and cell not in known:
            yield sheet.problem(
                row.number, "kommune", f"«{cell}» er ikke en kommune her. Skriv én av disse: {', '.join(known)}."
            )


def corrections_of_deliveries(sheets: Sheets) -> Iterator[Problem]:
    """Corrections of what is not delivered, to what could not have been, or that would publish, as delivered or as new, a
    number that is withheld or about too few persons."""
    definitions = {row.cells["opplysning"]: row.cells for row in _rows(sheets, "opplysninger")}
    for row in _rows(sheets, "rettelser"):
        sheet, table, key = sheets["rettelser"], row.cells["tabell"], dict(corrections.pairs(row.cells["nokkel"]))
        if table not in corrections.NUMBERS:  # told of by itself
            continue
        stands = next((one.cells for one in _rows(sheets, table) if key.items() <= one.cells.items()), {})
        asked = table == "leverte_opplysninger"
        definition = definitions.get(stands.get("opplysning") or key.get("opplysning", ""), {}) if asked else {}
        heads = definition.get("om_personer") == "ja" and definition.get("enhet") in HEADS
        few = [
            column
            for column in ("forventet", "ny")
            if heads and (number := _number(row.cells[column])) is not None and number < FEWEST_PERSONS
        ]
        if stands.get("status") == str(model.Status.TILBAKEHOLDT) or few:
            text = (
                "Rettelsen gjelder et tall som er holdt tilbake, eller færre enn fem personer (verdien gjentas ikke her). "
                "Slett raden, og lever tallet på nytt i skjemaet."
            )
            yield sheet.problem(row.number, few[0] if few else "nokkel", text)
        elif asked and stands.get("status") == str(model.Status.MANGLER):
            # Nobody has been asked how many persons are behind it.
            text = "Tallet er ikke levert, så det er ingenting å rette. Slett raden, og lever tallet i skjemaet (make skjema)."
            yield sheet.problem(row.number, "nokkel", text)
        elif definition:
            for text in beyond_limits(row.cells["ny"], definition):
                yield sheet.problem(row.number, "ny", text)


def broken_corrections(root: Path, sheets: Sheets, sound: Iterable[str]) -> Iterator[Problem]:
    """Corrections that no longer fit the delivered tables; only ``sound`` tables, readable as typed, are tried."""
    sheet = sheets.get("rettelser")
    readable = set(sound)
    if sheet is None or "rettelser" not in readable:
        return
    known = data.description(root)
    every = data.load("rettelser", root)
    possible: list[int] = []
    for position, row in enumerate(sheet.rows):
        table = row.cells["tabell"]
        if table not in known:
            text = f"«{table}» er ikke en tabell. Skriv navnet på tabellen uten .csv, for eksempel bemanning."
            yield sheet.problem(row.number, "tabell", text)
        elif row.cells["kolonne"] in AGES:
            # Before the value is looked at, so that no message repeats it.
            text = "Alder kan ikke rettes her, av hensyn til personvernet. Lever en ny utgave av bemanningstabellen."
            yield sheet.problem(row.number, "kolonne", text)
        elif table not in corrections.NUMBERS:
            text = (
                f"Tabellen «{table}» tar ikke imot rettelser. Er den vår egen, retter dere den direkte; er den hentet fra SSB, "
                f"henter dere den på nytt (make statistikk). Tall kan rettes i {formatting.listing([*corrections.NUMBERS])}."
            )
            yield sheet.problem(row.number, "tabell", text)
        elif (column := row.cells["kolonne"]) in _columns(known[table]) and column not in corrections.NUMBERS[table]:
            numbers = formatting.listing([*corrections.NUMBERS[table]])
            text = f"Kolonnen {column} tar ikke imot rettelser. Rettelser i «{table}» gjelder tall i {numbers}."
            yield sheet.problem(row.number, "kolonne", text)
        elif advice.is_plain_number(row.cells["ny"], whole=False) and advice.too_many_digits(row.cells["ny"]):
            text = f"«{_excerpt(row.cells['ny'])}» har for mange sifre. Skriv høyst {advice.MOST_DIGITS} sifre."
            yield sheet.problem(row.number, "ny", text)
        elif table in readable:
            possible.append(position)
    # One at a time first, so that every broken one is told of; then together, since two may meet in one cell.
    for chosen in [*([position] for position in possible), possible]:
        yield from _tried(root, sheet, every.iloc[chosen], known)
    if "erfaringstall" in readable:
        yield from _turned(root, sheet, every.iloc[possible])


def _turned(root: Path, sheet: Sheet, chosen: pd.DataFrame) -> Iterator[Problem]:
    """Corrections after which the first value of an experience figure is greater than its last."""
    try:
        frame, applied = corrections.apply("erfaringstall", data.load("erfaringstall", root), chosen)
    except corrections.CorrectionError:  # told by itself
        return
    numbers = {row.cells["id"]: row.number for row in sheet.rows}
    for row in frame[frame["verdi_fra"] > frame["verdi_til"]].to_dict("records"):
        for change in applied:
            if all(str(row[name]) == value for name, value in corrections.pairs(change.key)):
                text = f"Med rettelsen er verdi_fra høyere enn verdi_til for «{row['id']}». Rett dem begge, hver i sin rad."
                yield sheet.problem(numbers[change.id], "ny", text)


def _columns(resource: Mapping[str, Any]) -> list[str]:
    return [field["name"] for field in resource["schema"]["fields"]]


def _tried(root: Path, sheet: Sheet, chosen: pd.DataFrame, known: Mapping[str, dict[str, Any]]) -> Iterator[Problem]:
    numbers = {row.cells["id"]: row.number for row in sheet.rows}
    for table in sorted(set(chosen["tabell"])):
        try:
            _, applied = corrections.apply(table, data.load(table, root), chosen)
        except corrections.CorrectionError as error:
            yield sheet.problem(numbers[error.correction], error.column, error.problem)
        else:
            fields = {field["name"]: field for field in known[table]["schema"]["fields"]}
            for change in applied:
                for text in _outside_limits(change.new, fields[change.column]):
                    yield sheet.problem(numbers[change.id], "ny", text)


def _outside_limits(value: object, field: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a new value that its column would not take: too low or high."""
    limits = field.get("constraints", {})
    if isinstance(value, (int, float)) and value < limits.get("minimum", value):
        yield f"«{value}» er for lavt. Den minste verdien kolonnen {field['name']} kan ha, er {limits['minimum']}."
    if isinstance(value, (int, float)) and value > limits.get("maximum", value):
        yield f"«{value}» er for høyt. Den største verdien kolonnen {field['name']} kan ha, er {limits['maximum']}."


#: Columns that name a point of the mandate, and the list it must be in.
POINTS = (
    ("vurdering", "kriterium", "modellkriterier"),
    ("oversikt", "punkt", "oversikt-modellvalg"),
    ("gevinstplan", "gevinst", "gevinstkriterier"),
    ("fase1", "kriterium", "gevinstkriterier"),
)

#: The assessment of the administrative areas as one.
ADMINISTRATIVE = "administrative"


def unknown_points(sheets: Sheets) -> Iterator[Problem]:
    """Assessments that name a point which is not in its list of the mandate."""
    for table, column, name in POINTS:
        known = _points(sheets, name)
        for row in _rows(sheets, table) if known else ():
            cell = row.cells[column]
            if cell and cell not in known:
                text = f"«{cell}» er ikke et punkt i listen {name}. Skriv id-en til et av punktene der, fra {known[0]} til {known[-1]}."
                yield sheets[table].problem(row.number, column, text)


def _shortlisted(sheets: Sheets) -> list[str]:
    """The forms that the case points out; none where it is not clear which, which is told of by itself."""
    forms = _rows(sheets, "samarbeidsformer")
    clear = all(row.cells["aktuell"] in ("ja", "nei") for row in forms)
    return [row.cells["id"] for row in forms if clear and row.cells["aktuell"] == "ja"]


def unknown_assessments(sheets: Sheets) -> Iterator[Problem]:
    """Assessments of a model that is not shortlisted, or of tasks that are not there, and decided rows without a score."""
    models = _shortlisted(sheets)
    groups = [ADMINISTRATIVE, *_column(sheets, "oppgavegrupper", "oppgavegruppe")]
    for row in _rows(sheets, "vurdering"):
        sheet = sheets["vurdering"]
        model, group = row.cells["modell"], row.cells["oppgavegruppe"]
        if models and model and model not in models:
            text = f"«{model}» er ikke en av modellene saken peker ut. Skriv én av disse: {', '.join(models)}."
            yield sheet.problem(row.number, "modell", text)
        if "oppgavegrupper" in sheets and group and group not in groups:
            text = f"«{group}» er ikke en oppgavegruppe. Skriv én av disse: {', '.join(groups)}."
            yield sheet.problem(row.number, "oppgavegruppe", text)
        if row.cells["behandling"] == "vedtatt" and not row.cells["poeng"]:
            text = "Raden er «vedtatt», men mangler poeng. Skriv poenget, eller skriv «utkast» i behandling."
            yield sheet.problem(row.number, "behandling", text)


def missing_assessments(sheets: Sheets) -> Iterator[Problem]:
    """Points of the mandate that a table of assessments must have a row for, and has not."""
    models = _shortlisted(sheets)
    known = {ADMINISTRATIVE, *_column(sheets, "oppgavegrupper", "oppgavegruppe")}
    groups = [group for group in dict.fromkeys(_column(sheets, "vurdering", "oppgavegruppe")) if group in known]
    areas = [row.cells["omrade"] for row in _rows(sheets, "omrader") if row.cells["fase"]]
    parts = _column(sheets, "underomrader", "underomrade")
    wanted: dict[str, tuple[tuple[str, ...], list[tuple[str, ...]], str]] = {
        "vurdering": (
            ("oppgavegruppe", "modell", "kriterium"),
            [(g, m, p) for g in groups for m in models for p in _points(sheets, "modellkriterier")],
            " Er poenget ikke satt, skriver du «mangler» under status.",
        ),
        "oversikt": (("omrade", "punkt"), [(a, p) for a in areas for p in _points(sheets, "oversikt-modellvalg")], ""),
        "fase1": (
            ("underomrade", "kriterium"),
            [(u, p) for u in parts for p in _points(sheets, "gevinstkriterier")],
            "",
        ),
    }
    for table, (columns, keys, hint) in wanted.items():
        yield from _absent_rows(sheets, table, columns, keys, {cell for key in keys for cell in key}, hint)


def missing_plans(sheets: Sheets) -> Iterator[Problem]:
    """Areas without a group of tasks or a risk, and areas investigated for a decision without a plan for a gain."""
    areas = {row.cells["omrade"]: row.cells for row in _rows(sheets, "omrader") if row.cells["fase"]}
    for table, suggested in (
        ("oppgavegrupper", lambda area: (("oppgavegruppe", area["omrade"]), ("navn", area["navn"]))),
        ("risiko", lambda area: (("id", f"{area['omrade']}.01"),)),
    ):
        sheet = sheets.get(table)
        present = set(_column(sheets, table, "omrade"))
        if sheet is None or sheet.ragged or not present <= {*areas, *_column(sheets, "omrader", "omrade")}:
            continue
        for slug, area in areas.items():
            if slug not in present:
                text = f"Ingen rad gjelder området «{slug}». Legg inn minst én."
                yield Problem(sheet.file, 0, "", text, absent=(("omrade", slug), *suggested(area)))
    gains = _points(sheets, "gevinstkriterier")
    keys = [(slug, gain) for slug, area in areas.items() if area["fase"] == "2" for gain in gains]
    known = {*_column(sheets, "omrader", "omrade"), *gains}
    for problem in _absent_rows(sheets, "gevinstplan", ("omrade", "gevinst"), keys, known, ""):
        slug, gain = (cell for _, cell in problem.absent)
        yield dataclasses.replace(problem, absent=(*problem.absent, ("id", f"{slug}.{gain[-2:]}")))


def _points(sheets: Sheets, name: str) -> list[str]:
    """The ids of a list of the mandate; none where the list is not as long as it must be, which is told of by itself."""
    ids = [row.cells["id"] for row in _rows(sheets, "krav") if row.cells["liste"] == name]
    wanted = [row.cells["antall"] for row in _rows(sheets, "lister") if row.cells["liste"] == name]
    return ids if wanted == [str(len(ids))] else []


CHECKS: tuple[Callable[[Sheets], Iterable[Problem]], ...] = (
    single_person_ages,
    revealing_totals,
    backward_ranges,
    unfit_assumptions,
    uneven_keys,
    incomplete_lists,
    missing_rows,
    missing_inhabitants,
    colourless_municipalities,
    unfit_deliveries,
    corrections_of_deliveries,
    unknown_places,
    unknown_points,
    unknown_assessments,
    missing_assessments,
    missing_plans,
)


def _rows(sheets: Sheets, table: str) -> tuple[Row, ...]:
    return sheets[table].rows if table in sheets else ()


def _column(sheets: Sheets, table: str, column: str) -> list[str]:
    return [row.cells[column] for row in _rows(sheets, table)]


def _number(text: str) -> float | None:
    return float(text) if advice.is_plain_number(text.strip(), whole=False) else None


def _sortable(text: str) -> tuple[int, str]:
    return (int(text), "") if re.fullmatch(r"\d+", text) else (0, text)


def _excerpt(text: str, length: int = 60) -> str:
    return text if len(text) <= length else text[:length].rstrip() + " …"
