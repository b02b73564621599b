"""What is different between two states of ``data/``, cell by cell: rows are told apart by their primary key."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis import formatting
from publishing import advice
from publishing.crosschecks import AGES
from publishing.validation import DESCRIPTION

#: Stands in the place of what a review never repeats.
UNSHOWN = "(vises ikke)"
EMPTY = "tom"

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that is not what it was: the row in words, the column's title, and both values in words with unit.

    ``is_note`` when it does not hold the value itself, but says where it is from or how it came to be.
    """

    row: str
    column: str
    before: str
    after: str
    is_note: bool = False


@dataclass(frozen=True)
class TableChange:
    """What is different in one table. ``path`` is below ``data/``; ``added`` and ``removed`` are rows in words."""

    name: str
    path: str
    title: str
    cells: Sequence[CellChange] = ()
    added: Sequence[str] = ()
    removed: Sequence[str] = ()
    remarks: Sequence[str] = ()

    @property
    def count(self) -> int:
        """How many values changed, notes not counted; a row that came or went counts once."""
        return sum(not cell.is_note for cell in self.cells) + len(self.added) + len(self.removed)

    @property
    def notes(self) -> int:
        return sum(cell.is_note for cell in self.cells)

    @property
    def is_delivered(self) -> bool:
        return self.path.startswith("raw/")


@dataclass(frozen=True)
class Sheet:
    """A table as text. ``fields`` are those of its description, by name, and ``others`` those of every table."""

    name: str
    path: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    key: Sequence[str] = ()
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    others: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)

    def entry(self, row: Row, column: str) -> Mapping[str, Any]:
        """The description of a cell's column; for a corrected value that of the column it belongs in."""
        if column in ("forventet", "ny") and "tabell" in row:
            return self.others.get(row["tabell"], {}).get(row.get("kolonne", ""), {})
        return self.fields.get(column, {})

    @property
    def has_ages(self) -> bool:
        return any(_is_age(column) for column in self.columns)


def compare(before: Path, after: Path) -> list[TableChange]:
    """Every table under ``data/`` that differs between two project folders, in the order of the newer description."""
    old, new = sheets(before), sheets(after)
    names = Names.read(after) | Names.read(before)
    renamed = {sheet.path: sheet.name for sheet in old.values() if sheet.name not in new}
    found = []
    for name, sheet in new.items():
        earlier = old.pop(name, None) or old.pop(renamed.get(sheet.path, ""), None)
        found.append(_new(sheet, names) if earlier is None else _changes(earlier, sheet, names))
    found += [_gone(sheet, names) for sheet in old.values()]
    return [change for change in found if change is not None]


def other_files(before: Path, after: Path) -> list[str]:
    """Files under ``data/`` that are no tables, and that came, went or changed."""
    paths = {
        path.relative_to(root).as_posix()
        for root in (before, after)
        for path in (root / "data").rglob("*")
        if path.is_file() and path.suffix.lower() != ".csv" and not path.name.startswith((".", "~$"))
    }
    return sorted(path for path in paths if _bytes(before / path) != _bytes(after / path))


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def sheets(root: Path) -> dict[str, Sheet]:
    """Every CSV under ``data/`` by its name, also those that nothing describes and those that are not in order."""
    described = {resource.get("path", ""): resource for resource in _resources(root)}
    folder = root / "data"
    paths = [path for path in described if path and (folder / path).is_file()]
    paths += sorted({path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")} - set(paths))
    others = {resource.get("name", ""): _fields(resource) for resource in described.values()}
    found = [_sheet(folder / path, path, described.get(path, {}), others) for path in paths]
    return {sheet.name: sheet for sheet in found}


def _resources(root: Path) -> list[dict[str, Any]]:
    """The tables that ``data/datapackage.json`` describes; none where it cannot be read (the check tells of that)."""
    try:
        package = json.loads((root / DESCRIPTION).read_text("utf-8"))
        return [resource for resource in package["resources"] if isinstance(resource, dict)]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _fields(resource: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {entry["name"]: entry for entry in resource.get("schema", {}).get("fields", []) if "name" in entry}


def _sheet(
    path: Path, shown: str, resource: Mapping[str, Any], others: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> Sheet:
    reader = csv.reader(io.StringIO(path.read_text("utf-8-sig", errors="replace"), newline=""))
    columns = next(reader, [])
    schema = resource.get("schema", {})
    key = schema.get("primaryKey", [])
    return Sheet(
        name=resource.get("name", shown),
        path=shown,
        title=resource.get("title", shown),
        columns=columns,
        rows=[dict(zip(columns, row + [""] * (len(columns) - len(row)), strict=False)) for row in reader if row],
        key=[key] if isinstance(key, str) else key,
        fields=_fields(resource),
        others=others,
    )


def _new(sheet: Sheet, names: Names) -> TableChange:
    rows = [_described(sheet, row, names) for row in sheet.rows]
    return TableChange(sheet.name, sheet.path, sheet.title, added=rows, remarks=["Tabellen er ny."])


def _gone(sheet: Sheet, names: Names) -> TableChange:
    rows = [_described(sheet, row, names) for row in sheet.rows]
    return TableChange(sheet.name, sheet.path, sheet.title, removed=rows, remarks=["Tabellen er fjernet."])


def _changes(old: Sheet, new: Sheet, names: Names) -> TableChange | None:
    old, remarks = _with_new_names(old, new)
    remarks += _moved(old, new)
    gone, come = [c for c in old.columns if c not in new.columns], [c for c in new.columns if c not in old.columns]
    remarks += [f"Kolonnen «{column}» er fjernet." for column in gone]
    remarks += [f"Kolonnen «{column}» er ny." for column in come]
    key = new.key if set(new.key) <= set(old.columns) and set(new.key) <= set(new.columns) else ()
    before, after = _by_key(old, key), _by_key(new, key)
    shared = [column for column in new.columns if column in old.columns]
    cells: list[CellChange] = []
    for which, row in after.items():
        earlier = before.get(which)
        if earlier is None:
            continue
        cells += [_cell(old, new, earlier, row, column, names) for column in shared if earlier[column] != row[column]]
        cells += [_cell(old, new, earlier, row, column, names) for column in come if row[column]]
    change = TableChange(
        new.name, new.path, new.title, cells,
        added=[_described(new, row, names) for which, row in after.items() if which not in before],
        removed=[_described(old, row, names) for which, row in before.items() if which not in after],
        remarks=remarks,
    )  # fmt: skip
    return change if change.count or change.notes or remarks else None


def _by_key(sheet: Sheet, key: Sequence[str]) -> dict[tuple[str, ...], Row]:
    """The rows by their key. Without a key by all that stands in them; rows with the same are numbered."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: dict[tuple[str, ...], Row] = {}
    for row in sheet.rows:
        which = tuple(row.get(column, "") for column in (key or sheet.columns))
        seen[which] += 1
        found[(*which, str(seen[which]))] = row
    return found


def _with_new_names(old: Sheet, new: Sheet) -> tuple[Sheet, list[str]]:
    """``old`` with the names that its columns have in ``new``: a column with the same content has another name only."""
    renamed: dict[str, str] = {}
    for column in (column for column in old.columns if column not in new.columns):
        content = [row[column] for row in old.rows]
        for other in (other for other in new.columns if other not in old.columns and other not in renamed.values()):
            if any(content) and content == [row[other] for row in new.rows]:
                renamed[column] = other
                break
    if not renamed:
        return old, []
    columns = [renamed.get(column, column) for column in old.columns]
    rows = [{renamed.get(column, column): cell for column, cell in row.items()} for row in old.rows]
    fields = {renamed.get(name, name): entry for name, entry in old.fields.items()}
    key = [renamed.get(column, column) for column in old.key]
    remarks = [f"Kolonnen «{column}» heter nå «{other}»." for column, other in renamed.items()]
    return Sheet(old.name, old.path, old.title, columns, rows, key, fields, old.others), remarks


def _moved(old: Sheet, new: Sheet) -> list[str]:
    if old.path != new.path:
        return [f"Tabellen er flyttet fra data/{old.path}."]
    return [] if old.name == new.name else [f"Tabellen het «{old.name}»."]


def _cell(old: Sheet, new: Sheet, before: Row, after: Row, column: str, names: Names) -> CellChange:
    title = new.fields.get(column, {}).get("title") or column
    return CellChange(
        _described(new, after, names), title,
        shown(old, before, column) if column in before else EMPTY, shown(new, after, column), _is_note(column),
    )  # fmt: skip


def _is_note(column: str) -> bool:
    return column in ("kilde", "merknad", "status") or column.endswith("_status")


def _described(sheet: Sheet, row: Row, names: Names) -> str:
    """The row in words: what its key holds, with names instead of numbers and slugs where the tables have them."""
    columns = sheet.key or [column for column in sheet.columns if not _is_age(column)][:3]
    cells = [(column, row.get(column, "")) for column in columns]
    return ", ".join(
        names.of(column, cell) if _may_be_shown(sheet, row, column) else UNSHOWN for column, cell in cells if cell
    )


def shown(sheet: Sheet, row: Row, column: str) -> str:
    """A cell in words: numbers as bokmål writes them, with unit and, where the table has one, their status."""
    cell = row.get(column, "")
    if not _may_be_shown(sheet, row, column):
        return UNSHOWN
    entry = sheet.entry(row, column)
    status = row.get(entry.get("statusColumn", ""), "")
    if not cell:
        return status or EMPTY
    text = _number(cell, entry, row)
    if sheet.has_ages:  # also in a text beside them
        text = re.sub(r"\b\d\d(?=\s*år\b)", UNSHOWN, text)
    return f"{text} ({status})" if status and entry.get("type") != "string" else text


def _number(cell: str, entry: Mapping[str, Any], row: Row) -> str:
    unit = row.get("enhet") or entry.get("unit", "")
    is_number = entry.get("type") in ("integer", "number") and advice.is_plain_number(cell, whole=False)
    if not is_number or not unit or unit == "årstall":
        return cell
    number = formatting.number(float(cell), len(cell.partition(".")[2]))
    if unit.startswith("se kolonnen"):  # the unit stands in another table
        return number
    if re.match(r"\d|andel$|poeng$", unit):
        return f"{number} ({unit})"
    return f"{number}{formatting.NBSP}{unit}"


def _may_be_shown(sheet: Sheet, row: Row, column: str) -> bool:
    """Ages are never repeated: not in their columns, not in a correction of one, nor where one may have slipped in."""
    if _is_age(column):
        return False
    if _is_age(row.get("kolonne", "")) and column in ("forventet", "ny", "begrunnelse"):
        return False
    return not (sheet.has_ages and re.fullmatch(r"\s*\d\d\s*", row.get(column, "")))


def _is_age(column: str) -> bool:
    return column in AGES or column.startswith("alder_")


#: Tables that say what a key stands for: the table, the key, and the column with the name.
_NAMED = (
    ("kommuner", "kommunenr", "kommune"),
    ("omrader", "omrade", "navn"),
    ("opplysninger", "opplysning", "navn"),
)


@dataclass(frozen=True)
class Names:
    """What numbers and slugs of keys stand for: 5029 is Skaun."""

    texts: Mapping[tuple[str, str], str]

    @classmethod
    def read(cls, root: Path) -> Names:
        found: dict[tuple[str, str], str] = {}
        for table, key, name in _NAMED:
            path = root / "data" / f"{table}.csv"
            if path.is_file():
                rows: Iterator[Row] = csv.DictReader(path.read_text("utf-8-sig", errors="replace").splitlines())
                found |= {(key, row.get(key) or ""): row.get(name) or "" for row in rows}
        return cls(found)

    def __or__(self, other: Names) -> Names:
        return Names({**other.texts, **self.texts})

    def of(self, column: str, cell: str) -> str:
        return self.texts.get((column, cell)) or cell
