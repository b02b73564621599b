"""Reads a delivered CSV file, as Norwegian Excel writes it or as the tables are: a sheet of a form, or a table by its columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from publishing.delivery.filled import Filled, FilledCell, FilledRow
from publishing.delivery.layout import headings
from publishing.delivery.tables import FormTable, Tables, form

LARGEST_FILE = 5_000_000

#: How far down the headings may stand: a sheet of a form saved as CSV has its title above them.
FURTHEST_HEADER = 10

#: Columns that a file may have beside those of its table, and what they are.
BESIDE = {"antall_personer": "persons", "hentet_fra": "origin", "begrunnelse": "reason"}


def read(content: bytes, file: str, tables: Tables) -> Filled:
    """The rows in ``content``; its ``faults`` say what keeps them from being delivered."""
    filled = Filled(file)
    if len(content) > LARGEST_FILE:
        filled.fault("", "Filen er over 5 MB. En tabell herfra er langt mindre. Lever bare tabellen det gjelder.")
        return filled
    text = _decoded(content, filled)
    if text is None:
        return filled
    tables_of_all = form(tables, None)
    for delimiter in _delimiters(text):
        records = _records(text, delimiter)
        for table in tables_of_all:
            for number, record in enumerate(records[:FURTHEST_HEADER], start=1):
                roles = _roles([cell.strip() for cell in record], table, tables)
                if roles:
                    _rows(records, number, roles, table, filled)
                    return filled
    filled.fault("", _unrecognised(tables_of_all, tables))
    return filled


def _decoded(content: bytes, filled: Filled) -> str | None:
    """The text: UTF-8, UTF-16 as Excel's «Unicode-tekst», or Windows-1252 as Excel's «CSV»."""
    if not content.strip(b"\x00\xff\xfe\xef\xbb\xbf \r\n\t"):
        filled.fault("", "Filen er tom. Lever den på nytt.")
        return None
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    filled.fault("", "Filen er ikke tekst. Lagre den som «CSV UTF-8» i Excel.")
    return None


def _delimiters(text: str) -> Iterator[str]:
    """Semicolon, tab, comma; first the one that a first line «sep=;» names."""
    first = text.splitlines()[0].strip() if text.strip() else ""
    if first.lower().startswith("sep=") and len(first) > 4:
        yield first[4]
    yield from (";", "\t", ",")


def _records(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _roles(header: list[str], table: FormTable, tables: Tables) -> list[tuple[str, str]] | None:
    """What each column is: (role, column of the table or heading), or None where the header is not this table's.

    Roles are those of :class:`publishing.delivery.layout.Heading`, and ``key`` for a column of the table's key.
    """
    while header and not header[-1]:
        header = header[:-1]
    wanted = {heading.text: (heading.role, heading.column or heading.text) for heading in headings(table)}
    if header and set(header) <= set(wanted) and len(set(header)) == len(header) and "Rad-id (ikke endre)" in header:
        return [wanted[name] for name in header]
    schema = tables.described[table.name]["schema"]
    keys, fields = schema["primaryKey"], {field["name"] for field in schema["fields"]}
    fill = {column.name for column in table.columns}
    beside = {name: role for name, role in BESIDE.items() if name not in fields}
    names = set(header)
    if not set(keys) <= names or not fill & names or not names <= fields | set(beside) or len(names) != len(header):
        return None
    return [
        ("key", name) if name in keys else ("value", name) if name in fill else (beside.get(name, "unread"), name)
        for name in header
    ]  # fmt: skip


def _rows(records: list[list[str]], start: int, roles: list[tuple[str, str]], table: FormTable, filled: Filled) -> None:
    header, seen = records[start - 1], dict[str, int]()
    unread = [name for role, name in roles if role == "unread"]
    if unread:
        filled.notes.append(f"Kolonnene {', '.join(unread)} i {filled.file} blir ikke lest.")
    for number, record in enumerate(records[start:], start=start + 1):
        if not any(cell.strip() for cell in record):
            continue
        excess = [cell for cell in record[len(roles) :] if cell.strip()]
        if excess or len(record) < len(roles):
            filled.fault(
                f"rad {number}",
                f"Raden har {len(record)} celler, men overskriften har {len(roles)}. Skiller komma kolonnene, må tall med komma stå i anførselstegn.",
            )
            continue
        cells = {
            (role, name): FilledCell(cell, f"rad {number}, kolonnen {title.strip()}")
            for (role, name), cell, title in zip(roles, record, header, strict=False)
        }
        found = _row(cells, number, table, seen, filled)
        if found:
            filled.rows.append(found)


def _row(
    cells: dict[tuple[str, str], FilledCell], number: int, table: FormTable, seen: dict[str, int], filled: Filled
) -> FilledRow | None:
    by_key = {name: str(cell.raw).strip() for (role, name), cell in cells.items() if role == "key"}
    own = next((cell for (role, _), cell in cells.items() if role == "id"), None)
    row_id = str(own.raw).strip() if own else _identity(by_key, table)
    row = table.row(row_id)
    if row is None:
        filled.fault(
            f"rad {number}",
            f"Ingen rad i {table.file} heter «{row_id}». Rett nøkkelen; {table.rows[0].id} er et eksempel.",
        )
        return None
    if row_id in seen:
        filled.fault(f"rad {number}", f"Raden gjelder det samme som rad {seen[row_id]}. Slett den ene.")
        return None
    seen[row_id] = number
    labels = [str(cell.raw).strip() for (role, _), cell in cells.items() if role == "label"]
    if own and labels and labels != list(row.labels)[: len(labels)]:
        filled.fault(
            f"rad {number}", f"Raden heter «{', '.join(labels)}», men rad-id-en gjelder «{row.name}». Rett den ene."
        )
        return None
    return FilledRow(
        table.name,
        row_id,
        {name: cell for (role, name), cell in cells.items() if role == "value"},
        {role: cell for (role, _), cell in cells.items() if role in ("persons", "origin", "reason")},
        {name: cell.raw for (role, name), cell in cells.items() if role == "today"},
    )


def _identity(by_key: dict[str, str], table: FormTable) -> str:
    """The id of the row with this key, its columns in the order of the table's own."""
    order = [part.partition("=")[0] for part in table.rows[0].id.split(";")]
    return ";".join(f"{name}={by_key[name]}" for name in order)


def _unrecognised(known: list[FormTable], tables: Tables) -> str:
    told = []
    for table in known:
        keys = tables.described[table.name]["schema"]["primaryKey"]
        told.append(f"{';'.join([*keys, *(column.name for column in table.columns)])} ({table.file})")
    return f"Overskriftene er ikke fra et skjema eller en tabell her. Første rad må ha kolonnene til en av disse: {', '.join(told)}."
