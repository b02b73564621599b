"""What a form of one area holds: the tables, rows and cells that a workgroup fills, and what stands in them today.

A table of ``datapackage.json`` is in the forms when it has ``skjema``: ``ark`` (the sheet's name), ``plass`` (its place),
``hva`` (what it is), ``rad`` (what names a row: a column, the column with its name in the table it refers to, and a
title), ``fyll`` (the columns to fill), and where needed ``grenser`` (the table with each row's unit, limits and
explanation), ``mangler`` (the choice that says that nothing is decided) and ``datahull`` (the gap that a row fills).
Ages are never among them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis import formatting
from publishing import crosschecks

#: How the source of a row begins that a delivery has written, and a later delivery may write anew.
DELIVERED_BY = "Levert av "

STATED, MISSING, WITHHELD = "oppgitt", "mangler", "tilbakeholdt"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a cell may hold. ``minimum`` and ``maximum`` in ``unit``; ``heads`` when the number counts persons itself."""

    kind: str  # number, choice, text, date or month
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int = 0
    choices: tuple[str, ...] = ()
    about_persons: bool = False

    @property
    def heads(self) -> bool:
        return self.about_persons and self.unit in crosschecks.HEADS

    @property
    def asks_persons(self) -> bool:
        """Whether the form must ask how many persons are behind the number."""
        return self.about_persons and not self.heads


@dataclass(frozen=True, slots=True)
class Column:
    """A column to fill: its name in the table, its title, description and unit (empty where each row has its own)."""

    name: str
    title: str
    description: str
    unit: str
    status_column: str


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a form: its id (``omrade=sentralbord;kommunenr=5029``), the words that name it, and its cells.

    ``today`` holds each cell as it is used today, corrections applied; ``stated`` as the table has it. ``guarded`` says
    that the case states the row, so that a change is a correction.
    """

    id: str
    labels: tuple[str, ...]
    unit: str
    explanation: str
    status: str
    guarded: bool
    today: Mapping[str, str]
    stated: Mapping[str, str]
    limits: Mapping[str, Limits]

    @property
    def name(self) -> str:
        """The row in words: «Antall anrop per år, Skaun»."""
        return ", ".join(self.labels)


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table of the forms with the rows of one area. ``label_titles`` head the words that name a row."""

    name: str
    file: str
    sheet: str
    about: str
    label_titles: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[FormRow, ...]
    missing_choice: str = ""

    @property
    def units_by_row(self) -> bool:
        return any(row.unit for row in self.rows)

    @property
    def explained_by_row(self) -> bool:
        return any(row.explanation for row in self.rows)

    @property
    def asks_persons(self) -> bool:
        return any(limits.asks_persons for row in self.rows for limits in row.limits.values())

    @property
    def asks_reasons(self) -> bool:
        return any(row.guarded for row in self.rows)

    def row(self, row_id: str) -> FormRow | None:
        """The row with this id, if there is one."""
        return next((row for row in self.rows if row.id == row_id), None)

    def column(self, name: str) -> Column:
        """The column to fill with this name."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Tables:
    """The tables of a project as they stand, read once: bytes, rows of text, and the description of each."""

    root: Path
    contents: dict[str, bytes] = field(default_factory=dict)

    @cached_property
    def described(self) -> dict[str, dict[str, Any]]:
        """Each table's entry in ``datapackage.json``, by name."""
        package = json.loads((self.root / "data" / "datapackage.json").read_text("utf-8"))
        return {resource["name"]: resource for resource in package["resources"]}

    def file(self, table: str) -> str:
        """The table's file from the root of the project."""
        return f"data/{self.described[table]['path']}"

    def content(self, table: str) -> bytes:
        """The table's file, as it was when first asked for."""
        if table not in self.contents:
            self.contents[table] = (self.root / self.file(table)).read_bytes()
        return self.contents[table]

    def rows(self, table: str) -> list[dict[str, str]]:
        """The table's rows as text."""
        return list(csv.DictReader(io.StringIO(self.content(table).decode("utf-8-sig"), newline="")))

    def key_of(self, table: str, row: Mapping[str, str]) -> str:
        """A row as ``data/rettelser.csv`` names it."""
        return ";".join(f"{name}={row[name]}" for name in self.described[table]["schema"]["primaryKey"])

    def correction(self, table: str, key: str, column: str) -> dict[str, str] | None:
        """The row of ``data/rettelser.csv`` that corrects this cell, if one does."""
        wanted = set(key.split(";"))
        for row in self.rows("rettelser"):
            named = {part.strip() for part in row["nokkel"].split(";")}
            if (row["tabell"], row["kolonne"]) == (table, column) and named <= wanted:
                return row
        return None


def areas(tables: Tables) -> dict[str, str]:
    """Name by slug of every area that has something to fill, in the order of the book."""
    found = sorted(tables.rows("omrader"), key=lambda row: int(row["rekkefolge"]))
    return {row["omrade"]: row["navn"] for row in found if form(tables, row["omrade"])}


def form(tables: Tables, area: str | None) -> list[FormTable]:
    """The tables of an area's form, in the order of its sheets; with the rows of every area when ``area`` is None."""
    named = [resource for resource in tables.described.values() if "skjema" in resource]
    named.sort(key=lambda resource: resource["skjema"]["plass"])
    found = [_table(tables, resource, area) for resource in named]
    return [table for table in found if table.rows]


def _table(tables: Tables, resource: dict[str, Any], area: str | None) -> FormTable:
    settings, fields = resource["skjema"], {item["name"]: item for item in resource["schema"]["fields"]}
    references = {
        key["fields"][0]: key["reference"]["resource"]
        for key in resource["schema"].get("foreignKeys", [])
        if len(key["fields"]) == 1
    }  # fmt: skip
    columns = tuple(
        Column(
            name,
            fields[name]["title"],
            fields[name]["description"],
            "" if settings.get("grenser") else fields[name].get("unit", ""),
            fields[name].get("statusColumn", ""),
        )
        for name in settings["fyll"]
        if name not in crosschecks.AGES
    )
    naming = [(part["kolonne"], references.get(part["kolonne"], ""), part["navn"]) for part in settings["rad"]]
    rows = []
    for row in tables.rows(resource["name"]):
        if area in (None, row["omrade"]):
            rows.append(_row(tables, resource, row, columns, naming))
    order = [
        place["kommunenr"] for place in sorted(tables.rows("kommuner"), key=lambda place: int(place["rekkefolge"]))
    ]
    if [part["kolonne"] for part in settings["rad"]] == ["kommunenr"]:
        rows.sort(key=lambda found: order.index(dict(_pairs(found.id))["kommunenr"]))
    return FormTable(
        resource["name"],
        tables.file(resource["name"]),
        settings["ark"],
        settings["hva"],
        tuple(part["tittel"] for part in settings["rad"]),
        columns,
        tuple(rows),
        settings.get("mangler", ""),
    )


def _row(
    tables: Tables,
    resource: dict[str, Any],
    row: dict[str, str],
    columns: tuple[Column, ...],
    naming: list[tuple[str, str, str]],
) -> FormRow:
    settings, table = resource["skjema"], resource["name"]
    fields = {item["name"]: item for item in resource["schema"]["fields"]}
    definition = _definition(tables, resource, row)
    limits = {column.name: _limits(fields[column.name], definition) for column in columns}
    key = tables.key_of(table, row)
    stated = {column.name: row[column.name] for column in columns}
    corrections = {name: tables.correction(table, key, name) for name in stated}
    today = {name: found["ny"] if (found := corrections[name]) else stated[name] for name in stated}
    missing = settings.get("mangler")
    status = MISSING if missing and missing in stated.values() else row.get("status", STATED)
    return FormRow(
        id=key,
        labels=tuple(_label(tables, row, name, target, shown) for name, target, shown in naming),
        unit=definition.get("enhet", ""),
        explanation=definition.get("forklaring", ""),
        status="rettet" if any(corrections.values()) else status,
        guarded=resource["path"].startswith("raw/")
        and row.get("status") == STATED
        and not row["kilde"].startswith(DELIVERED_BY),
        today=today,
        stated=stated,
        limits=limits,
    )


def _definition(tables: Tables, resource: dict[str, Any], row: dict[str, str]) -> dict[str, str]:
    """The row of the table with limits that this row refers to; empty where the columns have limits of their own."""
    table = resource["skjema"].get("grenser")
    if not table:
        return {}
    key = next(key for key in resource["schema"]["foreignKeys"] if key["reference"]["resource"] == table)
    ours, theirs = key["fields"][0], key["reference"]["fields"][0]
    return next(found for found in tables.rows(table) if found[theirs] == row[ours])


def _label(tables: Tables, row: dict[str, str], name: str, target: str, shown: str) -> str:
    if not target:
        return row[shown]
    resource = tables.described[target]
    [key] = resource["schema"]["primaryKey"]
    return next(found[shown] for found in tables.rows(target) if found[key] == row[name])


def _limits(column: dict[str, Any], definition: Mapping[str, str]) -> Limits:
    """What a cell may hold: as its row's definition says, or else as the schema says."""
    constraints = column.get("constraints", {})
    if definition:
        unit = definition["enhet"]
        return Limits(
            "number", unit, Decimal(definition["minimum"]), Decimal(definition["maksimum"]),
            formatting.DECIMALS[unit], about_persons=definition["om_personer"] == "ja",
        )  # fmt: skip
    if constraints.get("enum"):
        return Limits("choice", choices=tuple(constraints["enum"]))
    if column["type"] in ("integer", "number"):
        unit = column.get("unit", "")
        decimals = 0 if column["type"] == "integer" else max(formatting.DECIMALS.get(unit, 2), 0)
        low, high = (constraints.get(end) for end in ("minimum", "maximum"))
        return Limits(
            "number", unit, None if low is None else Decimal(str(low)), None if high is None else Decimal(str(high)), decimals
        )  # fmt: skip
    return Limits({"date": "date", "yearmonth": "month"}.get(column["type"], "text"))


def _pairs(key: str) -> Iterator[tuple[str, str]]:
    for part in key.split(";"):
        name, _, value = part.partition("=")
        yield name, value
