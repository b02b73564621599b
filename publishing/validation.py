"""The gate before every build: are the tables of ``data/`` what ``data/datapackage.json`` says they are?

Frictionless checks cells, keys and references; :mod:`publishing.sheets` what keeps a file from being read at all;
:mod:`publishing.crosschecks` what the tables must agree on. All faults are told at once, in bokmål.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analysis import worked_examples
from publishing import advice, crosschecks, sheets
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

#: Columns whose content is never repeated in a message.
UNSPEAKABLE = frozenset(crosschecks.AGES)

#: Digests of tables found sound. Each takes a hundredth of a second to check; a preview and a delivery ask again and again.
_SOUND: set[str] = set()


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
                "tidligere utgaven. Er et tall feil, skriver du en rad i data/rettelser.csv."
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
    """Worked examples that cannot be read."""
    folder = root / "data" / "regneeksempler"
    try:
        worked_examples.read(folder)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        name = Path(mark.name).name if mark else ""
        yield Problem(
            f"data/regneeksempler/{name}",
            mark.line + 1 if mark else 0,
            "",
            "Filen er ikke gyldig YAML. Se etter feil innrykk eller kolon.",
        )
    except ValueError as error:
        file, _, text = str(error).partition(": ")
        yield Problem(file, 0, "", text)


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
        package = json.loads((root / DESCRIPTION).read_text("utf-8"))
    except FileNotFoundError:
        raise BuildError(f"{DESCRIPTION}: Filen finnes ikke. Hent fram en tidligere utgave av filen.") from None
    except UnicodeDecodeError:
        raise BuildError(f"{DESCRIPTION}: Filen er ikke lagret som UTF-8. Lagre den som UTF-8.") from None
    except json.JSONDecodeError as error:
        raise BuildError(
            f"{DESCRIPTION}, linje {error.lineno}: Filen er ikke gyldig JSON fra tegn {error.colno}. Se etter et "
            "komma, et anførselstegn eller en klamme som mangler eller er for mye, på denne linjen eller den før."
        ) from None
    problems = list(_gaps(package))
    if problems:
        raise BuildError(*problems)
    return package


def _gaps(package: Any) -> Iterator[str]:
    resources = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(resources, list) or not resources:
        yield f"{DESCRIPTION}: Listen «resources» mangler eller er tom. Hent fram en tidligere utgave av filen."
        return
    names: set[str] = set()
    for position, resource in enumerate(resources, start=1):
        entry = resource if isinstance(resource, dict) else {}
        name = entry.get("name") or f"nummer {position}"
        for key in ("name", "path", "encoding", "sources"):
            if not entry.get(key):
                yield f"{DESCRIPTION}: Tabellen {name} mangler «{key}». Legg det inn."
        if name in names:
            yield f"{DESCRIPTION}: Tabellen {name} er beskrevet to ganger. Fjern den ene."
        names.add(name)
        schema = entry.get("schema")
        fields = schema.get("fields") if isinstance(schema, dict) else None
        if not isinstance(fields, list) or not all(
            isinstance(field, dict) and field.keys() >= {"name", "type", "description"} for field in fields
        ):
            yield f"{DESCRIPTION}: Tabellen {name} mangler kolonner («fields» med «name», «type», «description»)."


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
    """What Frictionless finds in the readable tables."""
    # Imported here: it costs a quarter of a second, which `--help` need not wait for.
    from frictionless import FrictionlessException, Package

    unknown = {
        resource["name"]: (resource, digest)
        for resource in _only(package, readable)["resources"]
        if (digest := _digest(root, package, resource)) not in _SOUND
    }
    if not unknown:
        return []
    wanted = {name for resource, _ in unknown.values() for name in (resource["name"], *_referred(resource))}
    descriptor = _only(package, {name: sheet for name, sheet in readable.items() if name in wanted})
    try:
        described = Package.from_descriptor(descriptor, basepath=str(root / "data"))
        found = {name: described.get_resource(name).validate() for name in unknown}
    except FrictionlessException as error:
        raise BuildError(*_invalid_description(error)) from None
    problems: list[Problem] = []
    for name, report in found.items():
        resource, digest = unknown[name]
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        errors = [*report.errors, *(error for task in report.tasks for error in task.errors)]
        for error in errors:
            row = getattr(error, "row_number", 0) or 0
            problems += _translated(error, _Place(row, readable[name], fields, readable))
        if not errors:
            _SOUND.add(digest)
    return problems


def _referred(resource: Mapping[str, Any]) -> list[str]:
    """The tables that a table refers to."""
    return [key["reference"]["resource"] for key in resource["schema"].get("foreignKeys", [])]


def _digest(root: Path, package: Mapping[str, Any], resource: Mapping[str, Any]) -> str:
    """A digest of all that decides whether a table is sound: its description, its bytes, and those of what it refers to."""
    paths = {other["name"]: other["path"] for other in package["resources"]}
    told = {key: value for key, value in package.items() if key != "resources"}
    found = hashlib.sha256(json.dumps([told, resource], sort_keys=True).encode())
    for name in (resource["name"], *_referred(resource)):
        found.update(f"{name} {_sum(root / 'data' / paths[name])}".encode())
    return found.hexdigest()


def _invalid_description(error: Any) -> Iterator[str]:
    notes = [getattr(reason, "error", reason).note for reason in error.reasons] or [error.error.note]
    for note in notes:
        yield (
            f"{DESCRIPTION}: Beskrivelsen av tabellene er ikke gyldig. Rett den, eller hent fram en tidligere utgave "
            f"av filen. Verktøyet sier (på engelsk): {note}"
        )


def _only(package: dict[str, Any], readable: Mapping[str, Sheet]) -> dict[str, Any]:
    """The description of the readable tables alone, without references to those that are not."""
    descriptor = copy.deepcopy(package)
    descriptor["resources"] = [resource for resource in descriptor["resources"] if resource["name"] in readable]
    for resource in descriptor["resources"]:
        keys = resource["schema"].pop("foreignKeys", [])
        kept = [key for key in keys if key["reference"]["resource"] in readable]
        if kept:
            resource["schema"]["foreignKeys"] = kept
    return descriptor


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an error is: the row in its sheet, the fields of the table by name, and the sheets it may refer to."""

    row: int
    sheet: Sheet
    fields: Mapping[str, dict[str, Any]]
    readable: Mapping[str, Sheet]

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
    """The cell as a message may repeat it. Where a table has ages, one may have slipped into any column."""
    has_ages = not UNSPEAKABLE.isdisjoint(place.fields)
    if column in UNSPEAKABLE or (has_ages and re.fullmatch(r"\s*\d\d\s*", str(cell))):
        return "Verdien (vises ikke her)"
    return f"«{cell}»"


def _type_error(error: Any, place: _Place) -> Iterator[Problem]:
    field = place.fields[error.field_name]
    cell = str(error.cell)
    shown = _shown(cell, field["name"], place)
    if field["name"] in UNSPEAKABLE:
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
            text = f"{shown} er ikke et gyldig valg. Skriv én av disse: {choices}."
        case _:
            text = f"{shown} er ikke skrevet slik kolonnen krever. {field['description']}"
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


def _foreign_key(error: Any, place: _Place) -> Iterator[Problem]:
    cells = zip(error.field_cells, error.field_names, strict=True)
    values = " og ".join(_shown(cell, column, place) for cell, column in cells)
    together = " sammen" if len(error.field_cells) > 1 else ""
    reference, columns = place.readable[error.reference_name], error.reference_field_names
    known = dict.fromkeys(" og ".join(row.cells[column] for column in columns) for row in reference.rows)
    choices = f" Der står {', '.join(known)}." if len(known) <= FEW else ""
    text = f"{values} står ikke{together} i {reference.file}.{choices} Rett verdien, eller legg den inn der først."
    yield place.problem(error.field_names[0], text)


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
    "foreign-key": _foreign_key,
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
