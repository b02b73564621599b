"""Reads a delivered CSV file, as Norwegian Excel writes it or as the tables are: a sheet of a form, or a table by its columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from publishing.delivery.filled import Filled, FilledCell, FilledRow
from publishing.delivery.layout import ROW_ID, headings
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
    headers: list[_Header] = []
    for delimiter in _delimiters(text):
        records, whole = _records(text, delimiter)
        for table in tables_of_all:
            for number, record in enumerate(records[:FURTHEST_HEADER], start=1):
                header = _trimmed(record)
                roles = _roles(header, table, tables)
                if roles:
                    _rows(records, number, roles, table, filled)
                    if not whole:
                        filled.fault(f"rad {len(records) + 1}", _UNCLOSED)
                    return filled
                headers.append(_Header(header, number, table))
    _unrecognised(headers, tables_of_all, tables, filled)
    return filled


_UNCLOSED = (
    "Et anførselstegn i raden er ikke avsluttet, eller står midt i en celle, så resten av filen kan ikke leses. "
    "Lagre filen på nytt fra Excel."
)


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
    if first.lower() in ("sep=;", "sep=,", "sep=|"):
        yield first[4]
    yield from (";", "\t", ",")


def _records(text: str, delimiter: str) -> tuple[list[list[str]], bool]:
    """The records, and whether they are all: after a stray quote a lenient reader would take the rest for one cell."""
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            records.append(record)
    except csv.Error:
        return records, False
    return records, True


def _trimmed(record: list[str]) -> list[str]:
    """The headings in a record, without the empty cells that Excel leaves at the end."""
    header = [cell.strip() for cell in record]
    while header and not header[-1]:
        header.pop()
    return header


def _roles(header: list[str], table: FormTable, tables: Tables) -> list[tuple[str, str]] | None:
    """What each column is: (role, column of the table or heading), or None where the header is not this table's.

    Roles are those of :class:`publishing.delivery.layout.Heading`, and ``key`` for a column of the table's key.
    """
    wanted = {heading.text: (heading.role, heading.column or heading.text) for heading in headings(table)}
    if header and set(header) <= set(wanted) and len(set(header)) == len(header) and ROW_ID in header:
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


@dataclass(frozen=True, slots=True)
class _Header:
    """A record that may hold headings, its row, and a table that it may be of."""

    names: list[str]
    number: int
    table: FormTable

    def known(self, tables: Tables) -> set[str]:
        """The names that the table or its sheet has."""
        sheet = {heading.text for heading in headings(self.table)}
        return set(self.names) & (sheet | _fields(tables, self.table.name) | set(BESIDE))

    def of_sheet(self) -> bool:
        return any(name in {heading.text for heading in headings(self.table) if heading.to_fill} for name in self.names)


def _fields(tables: Tables, table: str) -> set[str]:
    return {field["name"] for field in tables.described[table]["schema"]["fields"]}


def _unrecognised(headers: list[_Header], known: list[FormTable], tables: Tables, filled: Filled) -> None:
    """Tell what is wrong with the headings that come nearest to a table, or which tables there are."""
    deliverable = {table.name for table in known}
    for header in headers:
        for name, resource in tables.described.items():
            keys = set(resource["schema"].get("primaryKey", ()))
            if name not in deliverable and keys and keys < set(header.names) <= _fields(tables, name):
                filled.fault(
                    f"rad {header.number}",
                    f"Overskriftene er de i {tables.file(name)}, og den tabellen kan ikke leveres slik. {_those(known, tables)}",
                )
                return
    near = max(headers, key=lambda header: len(header.known(tables)), default=None)
    if near is None or len(near.known(tables)) < 2:
        filled.fault("", f"Overskriftene er ikke fra et skjema eller en tabell her. {_those(known, tables)}")
        return
    place, found = f"rad {near.number}", near.known(tables)
    for name in dict.fromkeys(near.names):
        if name not in found:
            shown = f"Kolonnen «{name}» finnes ikke" if name else "En kolonne uten overskrift hører ikke til"
            filled.fault(place, f"{shown} i {near.table.file}. Rett overskriften, eller slett kolonnen.")
        elif near.names.count(name) > 1:
            filled.fault(place, f"Kolonnen «{name}» står {near.names.count(name)} ganger. Slett alle unntatt den ene.")
    columns = {column.name for column in near.table.columns}
    wanted = [ROW_ID] if near.of_sheet() else tables.described[near.table.name]["schema"]["primaryKey"]
    for name in wanted:
        if name not in found:
            filled.fault(place, f"Kolonnen «{name}» mangler. Uten den kan det ikke ses hvilken rad et tall hører til.")
    if not near.of_sheet() and not columns & found:
        filled.fault(place, f"Ingen kolonne har tall å lese inn. Legg til en av disse: {', '.join(sorted(columns))}.")


def _those(known: list[FormTable], tables: Tables) -> str:
    told = []
    for table in known:
        keys = tables.described[table.name]["schema"]["primaryKey"]
        told.append(f"{';'.join([*keys, *(column.name for column in table.columns)])} ({table.file})")
    return f"Første rad må ha kolonnene til en av disse: {', '.join(told)}."
