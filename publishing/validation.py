"""The gate before every build: are the tables of ``data/`` what ``data/datapackage.json`` says they are?

Frictionless checks cells, keys and references; :mod:`publishing.sheets` what keeps a file from being read at all;
:mod:`publishing.crosschecks` what the tables must agree on. All faults are told at once, in bokmål.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis import worked_examples
from publishing import advice, crosschecks, described, sheets, yaml_files
from publishing.errors import BuildError
from publishing.sheets import Problem, Sheet

DESCRIPTION = "data/datapackage.json"

#: Files that a workgroup may lay in ``data/`` believing that they are used.
TABLE_FILES = frozenset({".csv", ".tsv", ".txt", ".xls", ".xlsx", ".xlsm", ".ods"})

#: Forms to fill (`make skjema`), which `make hent` reads; not tables.
FORMS = "data/skjema/"

#: A delivery that was cut off while its files were put in place (`publishing.delivery.writing`).
INTERRUPTED = "data/.levering"

#: How many known values a message lists.
FEW = 8


def validate(root: Path) -> None:
    """Check every table of the project in ``root``.

    Raises:
        BuildError: a line of bokmål for each fault: file, row as Excel shows it, column, what is wrong, what to do.
    """
    if (root / INTERRUPTED / "manifest.json").exists():
        raise BuildError(
            "data/: En levering ble avbrutt mens den ble skrevet. Kjør «make hent» med den samme filen en gang til; da blir "
            "filene først satt tilbake slik de var."
        )
    package = _description(root)
    resources: dict[str, dict[str, Any]] = {resource["name"]: resource for resource in package["resources"]}
    readable, problems = _read_all(root, resources)
    problems += _undescribed(root, resources.values())
    fields = {name: resource["schema"]["fields"] for name, resource in resources.items()}
    # Before the schema: where both find fault with a cell, the more telling message is the one kept.
    problems += crosschecks.problems(readable, fields)
    problems += _by_schema(root, package, readable)
    at_fault = {problem.file for problem in problems}
    sound = [name for name, sheet in readable.items() if sheet.file not in at_fault]
    problems += crosschecks.broken_corrections(root, readable, sound)
    problems += _thawed(root, [readable[name] for name in sound], readable.get("frosset"))
    problems += _faulty_examples(root)
    if problems:
        order = {f"data/{resource['path']}": position for position, resource in enumerate(resources.values())}
        raise BuildError(*(str(problem) for problem in _one_a_cell(problems, order)))


def description(root: Path) -> dict[str, dict[str, Any]]:
    """Every table's entry in ``data/datapackage.json``, by its name.

    Raises:
        BuildError: if the description cannot be read.
    """
    return {resource["name"]: resource for resource in _description(root)["resources"]}


def readable(root: Path) -> dict[str, Sheet]:
    """Every table that can be read, by its name, whatever else is wrong with it."""
    return _read_all(root, description(root))[0]


def _thawed(root: Path, sound: Iterable[Sheet], frozen: Sheet | None) -> Iterator[Problem]:
    """Statistics that are not what they were when they were frozen, and answers of SSB that nothing tells of."""
    told = {f"data/{row.cells['fil']}": row.cells["sha256"] for row in frozen.rows} if frozen else {}
    for sheet in sound:
        if sheet.file in told and _sum(root / sheet.file) != told[sheet.file]:
            text = (
                "Tabellen er ikke slik den ble frosset (kontrollsummen i data/frosset.csv stemmer ikke). Hent fram den "
                "tidligere utgaven, eller hent tabellen på nytt (make statistikk)."
            )
            yield Problem(sheet.file, 0, "", text)
    answers = {f"data/{row.cells['svar']}": row.cells["svar_sha256"] for row in frozen.rows} if frozen else {}
    for path in sorted((root / "data" / "raw").rglob("*.json")):
        file = path.relative_to(root).as_posix()
        if answers.get(file) != _sum(path):
            text = "Svaret fra SSB er ikke det som står i data/frosset.csv. Hent fram den tidligere utgaven, eller fjern filen."
            yield Problem(file, 0, "", text)


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _faulty_examples(root: Path) -> Iterator[Problem]:
    """Worked examples that cannot be read or worked out, or whose answer is another."""
    folder = root / "data" / "regneeksempler"
    try:
        for path in sorted(folder.glob("*.yml")):
            yaml_files.read(path, path.relative_to(root).as_posix())
        examples = worked_examples.read(folder)
    except BuildError as error:
        file, _, text = str(error).partition(": ")
        file, _, line = file.partition(", linje ")
        yield Problem(file, int(line or 0), "", text)
        return
    except ValueError as error:
        file, _, text = str(error).partition(": ")
        yield Problem(file, 0, "", text)
        return
    for example in examples:
        try:
            computed = example.computed()
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
            text = f"Eksemplet «{example.name}» har ikke under «inn» det regnestykket «{example.sum}» trenger. Se på de andre eksemplene."
            yield Problem("data/regneeksempler/", 0, "", text)
            continue
        if computed != example.answer:
            text = (
                f"Eksemplet «{example.name}» har svaret {example.answer}, men regnestykket gir {computed}. "
                "Rett tallene, og teksten som sier det samme."
            )
            yield Problem("data/regneeksempler/", 0, "", text)


def _one_a_cell(problems: Iterable[Problem], order: Mapping[str, int]) -> list[Problem]:
    """The problems in the order of the tables and rows, with the first found kept where several concern one cell."""
    kept: dict[tuple[str, int, str, str], Problem] = {}
    for problem in problems:
        kept.setdefault(
            (problem.file, problem.row, problem.column, "" if problem.row and problem.column else problem.text), problem
        )
    return sorted(kept.values(), key=lambda problem: (order.get(problem.file, -1), problem))


def _description(root: Path) -> dict[str, Any]:
    """The content of ``data/datapackage.json``, sure to have what this module reads from it."""
    try:
        content = (root / DESCRIPTION).read_text("utf-8-sig")
        if not content.strip():
            raise BuildError(f"{DESCRIPTION}: Filen er tom. Hent fram en tidligere utgave av filen.")
        package = json.loads(content)
    except FileNotFoundError:
        raise BuildError(f"{DESCRIPTION}: Filen finnes ikke. Hent fram en tidligere utgave av filen.") from None
    except UnicodeDecodeError:
        raise BuildError(f"{DESCRIPTION}: Filen er ikke lagret som UTF-8. Lagre den som UTF-8.") from None
    except json.JSONDecodeError as error:
        raise BuildError(
            f"{DESCRIPTION}, linje {error.lineno}: Filen er ikke gyldig JSON fra tegn {error.colno}. Se etter et "
            "komma, et anførselstegn eller en klamme som mangler eller er for mye, på denne linjen eller den før."
        ) from None
    except RecursionError:
        raise BuildError(
            f"{DESCRIPTION}: Filen har lister i lister uten ende. Hent fram en tidligere utgave av filen."
        ) from None
    problems = [f"{DESCRIPTION}: {text}" for text in described.problems(package)]
    if problems:
        raise BuildError(*problems)
    return package


def _read_all(root: Path, resources: Mapping[str, dict[str, Any]]) -> tuple[dict[str, Sheet], list[Problem]]:
    readable: dict[str, Sheet] = {}
    problems: list[Problem] = []
    for name, resource in resources.items():
        file = f"data/{resource['path']}"
        try:
            content = (root / file).read_bytes()
        except OSError:
            text = (
                f"Filen finnes ikke, men er beskrevet i {DESCRIPTION}. Hent den fram igjen, eller fjern beskrivelsen."
            )
            problems.append(Problem(file, 0, "", text))
            continue
        columns = [field["name"] for field in resource["schema"]["fields"]]
        match sheets.read(content, file, columns):
            case Sheet() as sheet:
                readable[name] = sheet
                problems += _ragged(sheet)
            case faults:
                problems += faults
    return readable, problems


def _ragged(sheet: Sheet) -> Iterator[Problem]:
    for row, excess in sheet.ragged.items():
        amount = f"{abs(excess)} {'celle' if abs(excess) == 1 else 'celler'} for {'mye' if excess > 0 else 'lite'}"
        if excess > 0:
            text = (
                f"Raden har {amount}. Skriv tall med punktum (6.2), og sett anførselstegn om tekst som har komma i seg."
            )
        else:
            text = f"Raden har {amount}. La det stå et komma også for celler som er tomme."
        yield sheet.problem(row, "", text)


def _undescribed(root: Path, resources: Iterable[dict[str, Any]]) -> Iterator[Problem]:
    """Files that look like tables and that nothing reads."""
    described = {f"data/{resource['path']}" for resource in resources}
    for path in sorted((root / "data").rglob("*")):
        file = path.relative_to(root).as_posix()
        # Excel and LibreOffice keep such files beside an open one.
        if path.name.startswith(("~$", ".")) or path.suffix.lower() not in TABLE_FILES or file in described:
            continue
        if file.startswith((FORMS, f"{INTERRUPTED}/")):
            continue
        if path.suffix.lower() == ".csv":
            text = f"Tabellen er ikke beskrevet i {DESCRIPTION} og blir ikke brukt. Beskriv den der, eller fjern filen."
        else:
            text = f"Filen kan ikke leses som tabell og blir ikke brukt. Lagre den som CSV. {sheets.HOW_TO_SAVE}"
        yield Problem(file, 0, "", text)


def _by_schema(root: Path, package: dict[str, Any], readable: Mapping[str, Sheet]) -> list[Problem]:
    """What Frictionless finds in the readable tables, and the references between them."""
    _valid(json.dumps(package))
    problems: list[Problem] = []
    for resource in package["resources"]:
        sheet = readable.get(resource["name"])
        if sheet is None:
            continue
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        for error in _errors(json.dumps(resource), (root / sheet.file).read_bytes()):
            row = getattr(error, "row_number", 0) or 0
            problems += _translated(error, _Place(row, sheet, fields))
        for key in resource["schema"].get("foreignKeys", []):
            if key["reference"]["resource"] in readable:
                problems += _unknown_references(key, _Place(0, sheet, fields), readable[key["reference"]["resource"]])
    return problems


@lru_cache(maxsize=4)
def _valid(package: str) -> None:
    """Make sure that Frictionless understands the description.

    Raises:
        BuildError: if it does not.
    """
    # Imported here: it costs a quarter of a second, which `--help` need not wait for.
    from frictionless import FrictionlessException, Package

    try:
        Package.from_descriptor(json.loads(package))
    except FrictionlessException as error:
        raise BuildError(*_invalid_description(error)) from None
    except Exception:  # where a value is of a kind that Frictionless does not expect, it stumbles
        text = "Beskrivelsen av tabellene er ikke gyldig. Hent fram en tidligere utgave av filen."
        raise BuildError(f"{DESCRIPTION}: {text}") from None


@lru_cache(maxsize=128)  # a preview checks every table at each save, and one has changed
def _errors(resource: str, content: bytes) -> tuple[Any, ...]:
    """What Frictionless finds in a table with this entry in the description, and this content."""
    from frictionless import Resource

    described = json.loads(resource)
    del described["path"]
    described["schema"].pop("foreignKeys", None)  # they need the other tables
    table = Resource.from_descriptor({**described, "data": [], "format": "csv"})
    table.data, table.scheme = content, "buffer"  # not the file, which may be written again meanwhile
    return tuple(error for task in table.validate().tasks for error in task.errors)


def _invalid_description(error: Any) -> Iterator[str]:
    notes = [getattr(reason, "error", reason).note for reason in error.reasons] or [error.error.note]
    for note in notes:
        yield (
            f"{DESCRIPTION}: Beskrivelsen av tabellene er ikke gyldig. Rett den, eller hent fram en tidligere utgave "
            f"av filen. Verktøyet sier (på engelsk): {note}"
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an error is: the row in its sheet, and the fields of the table by name."""

    row: int
    sheet: Sheet
    fields: Mapping[str, dict[str, Any]]

    def problem(self, column: str, text: str) -> Problem:
        return self.sheet.problem(self.row, column, text)


def _translated(error: Any, place: _Place) -> Iterator[Problem]:
    """One error of Frictionless in bokmål; nothing for errors that follow from a wrong number of cells."""
    if place.row in place.sheet.ragged:
        return
    translate = TRANSLATIONS.get(error.type)
    if translate is None:
        text = f"Tabellen kan ikke leses (feiltype «{error.type}»). Hent fram en tidligere utgave av filen."
        yield place.problem(getattr(error, "field_name", "") or "", text)
        return
    yield from translate(error, place)


def _shown(cell: object, column: str, place: _Place) -> str:
    return crosschecks.shown(cell, column, place.sheet)


def _type_error(error: Any, place: _Place) -> Iterator[Problem]:
    field = place.fields[error.field_name]
    cell = str(error.cell)
    shown = _shown(cell, field["name"], place)
    if field["name"] in crosschecks.AGES:
        text = f"{shown} er ikke en alder. Skriv alderen i hele år, eller la cellen stå tom."
    elif field["type"] in ("integer", "number"):
        text = f"{shown} er ikke et tall. {advice.for_number(cell, field)}"
    elif field["type"] in ("date", "yearmonth"):
        word = "dato" if field["type"] == "date" else "måned"
        text = f"{shown} er ikke en {word} slik tabellene skriver den. {advice.for_date(cell, field['type'])}"
    else:
        text = f"{shown} passer ikke i kolonnen. {field['description']}"
    yield place.problem(field["name"], text)


def _constraint_error(error: Any, place: _Place) -> Iterator[Problem]:
    field = place.fields[error.field_name]
    limits, shown = field["constraints"], _shown(error.cell, field["name"], place)
    rule = re.match(r'constraint "(\w+)"', error.note)
    match rule.group(1) if rule else "":
        case "required":
            text = f"Cellen er tom, men må fylles ut. {field['description']}"
        case "minimum":
            text = f"{shown} er for lavt. Den minste verdien kolonnen kan ha, er {limits['minimum']}. Rett tallet."
        case "maximum":
            text = f"{shown} er for høyt. Den største verdien kolonnen kan ha, er {limits['maximum']}. Rett tallet."
        case "enum":
            choices = ", ".join(str(choice) for choice in limits["enum"])
            advised = "Skriv én av disse:" if len(limits["enum"]) > 1 else "Det må stå"
            text = f"{shown} er ikke et gyldig valg. {advised} {choices}."
        case _:
            advised = advice.for_pattern(limits.get("pattern", ""))
            text = f"{shown} er ikke skrevet slik kolonnen krever. {field['description']} {advised}".rstrip()
    yield place.problem(field["name"], text)


def _unique_error(error: Any, place: _Place) -> Iterator[Problem]:
    earlier = _earlier(error.note)
    if not _same_rows(place.sheet, place.row, earlier):
        text = f"{_shown(error.cell, error.field_name, place)} står også i rad {earlier}, men skal stå én gang. Rett den ene."
        yield place.problem(error.field_name, text)


def _primary_key(error: Any, place: _Place) -> Iterator[Problem]:
    earlier = _earlier(error.note)
    if not earlier:  # an empty key: the cells are told of as empty, or the row as blank
        return
    if _same_rows(place.sheet, place.row, earlier):
        yield place.problem("", f"Raden er en gjentakelse av rad {earlier}. Slett den ene.")
    else:
        text = f"Raden gjelder det samme som rad {earlier}, men har et annet innhold. Slett den som er feil."
        yield place.problem("", text)


def _unknown_references(key: Mapping[str, Any], place: _Place, reference: Sheet) -> Iterator[Problem]:
    """Cells that name a row of another table which is not there."""
    columns, wanted = _listed(key["fields"]), _listed(key["reference"]["fields"])
    known = dict.fromkeys(tuple(row.cells[column] for column in wanted) for row in reference.rows)
    listed = ", ".join(" og ".join(cells) for cells in known)
    choices = f" Der står {listed}." if len(known) <= FEW else ""
    together = " sammen" if len(columns) > 1 else ""
    for row in place.sheet.rows:
        cells = tuple(row.cells[column] for column in columns)
        if cells in known or not any(cells):
            continue
        values = " og ".join(_shown(cell, column, place) for cell, column in zip(cells, columns, strict=True))
        text = f"{values} står ikke{together} i {reference.file}.{choices} Rett verdien, eller legg den inn der først."
        yield place.sheet.problem(row.number, columns[0], text)


def _listed(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def _blank_row(error: Any, place: _Place) -> Iterator[Problem]:
    yield place.problem("", "Raden er tom. Slett den.")


def _told_elsewhere(error: Any, place: _Place) -> Iterator[Problem]:
    yield from ()


Translation = Callable[[Any, _Place], Iterator[Problem]]

#: Error types of Frictionless that a readable table can give. Rows with too many or too few cells are told of once
#: a row, not once a cell.
TRANSLATIONS: dict[str, Translation] = {
    "type-error": _type_error,
    "constraint-error": _constraint_error,
    "unique-error": _unique_error,
    "primary-key": _primary_key,
    "blank-row": _blank_row,
    "extra-cell": _told_elsewhere,
    "missing-cell": _told_elsewhere,
}


def _earlier(note: str) -> int:
    """The row that a note of Frictionless names («the same as in the row at position 9»), or 0."""
    match = re.search(r"position (\d+)", note)
    return int(match.group(1)) if match else 0


def _same_rows(sheet: Sheet, one: int, other: int) -> bool:
    cells = {row.number: row.cells for row in sheet.rows}
    return one in cells and cells.get(one) == cells.get(other)
