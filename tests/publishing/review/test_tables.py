"""What is told of two states of a table. The tables are made up: each shows one thing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from publishing.review import tables

FIELDS = [
    {"name": "sted", "type": "string", "title": "Sted"},
    {"name": "antall", "type": "number", "title": "Antall", "unit": "årsverk", "statusColumn": "status"},
    {"name": "status", "type": "string", "title": "Status"},
]


def project(folder: Path, text: str, columns: str = "sted,antall,status", **resource: object) -> Path:
    (folder / "data" / "raw").mkdir(parents=True)
    names = columns.split(",")
    known = {entry["name"]: entry for entry in FIELDS}
    fields = [known.get(name, {"name": name, "type": "string", "title": name.title()}) for name in names]
    described = {
        "name": "prove",
        "path": "raw/prove.csv",
        "title": "Prøve",
        "schema": {"fields": fields, "primaryKey": ["sted"]},
    }
    (folder / "data/datapackage.json").write_text(json.dumps({"resources": [described | resource]}), "utf-8")
    (folder / "data/raw/prove.csv").write_text(f"{columns}\n{text}", "utf-8")
    return folder


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return project(tmp_path / "old", "A,1.5,oppgitt\nB,,mangler\nC,3,oppgitt\n")


def only(before: Path, after: Path) -> tables.TableChange:
    (found,) = tables.compare(before, after)
    return found


def test_the_order_of_rows_is_no_change(old: Path, tmp_path: Path):
    assert tables.compare(old, project(tmp_path / "new", "C,3,oppgitt\nB,,mangler\nA,1.5,oppgitt\n")) == []


def test_a_value_is_told_with_unit_and_status_and_a_gap_by_its_status(old: Path, tmp_path: Path):
    found = only(old, project(tmp_path / "new", "A,1.5,oppgitt\nB,1200,oppgitt\nC,3,oppgitt\n"))
    value, status = found.cells
    assert (value.row, value.column) == ("B", "Antall")
    assert (value.before, value.after) == ("mangler", "1\u202f200\u00a0årsverk (oppgitt)")
    assert (status.before, status.after) == ("mangler", "oppgitt")
    assert (found.count, found.notes, found.is_delivered) == (1, 1, True)


def test_rows_that_came_and_went(old: Path, tmp_path: Path):
    found = only(old, project(tmp_path / "new", "A,1.5,oppgitt\nB,,mangler\nD,3,oppgitt\n"))
    assert (found.added, found.removed, found.cells) == (["D"], ["C"], [])


def test_a_column_with_another_name_is_not_every_cell_changed(old: Path, tmp_path: Path):
    found = only(old, project(tmp_path / "new", "A,1.5,oppgitt\nB,,mangler\nC,3,oppgitt\n", "sted,mengde,status"))
    assert (found.cells, found.remarks) == ([], ["Kolonnen «antall» heter nå «mengde»."])


def test_a_new_column_tells_what_it_holds(old: Path, tmp_path: Path):
    found = only(
        old, project(tmp_path / "new", "A,1.5,oppgitt,ja\nB,,mangler,\nC,3,oppgitt,\n", "sted,antall,status,svar")
    )
    assert found.remarks == ["Kolonnen «svar» er ny."]
    assert [(cell.row, cell.before, cell.after) for cell in found.cells] == [("A", "tom", "ja")]


def test_a_table_that_moved_is_still_the_same(old: Path, tmp_path: Path):
    new = project(tmp_path / "new", "A,1.5,oppgitt\nB,,mangler\nC,3,oppgitt\n", name="annet")
    assert only(old, new).remarks == ["Tabellen het «prove»."]


def test_a_table_that_nothing_describes_is_told_of_too(old: Path, tmp_path: Path):
    new = project(tmp_path / "new", "A,1.5,oppgitt\nB,,mangler\nC,3,oppgitt\n")
    (new / "data/raw/ny.csv").write_text("sted\nA\n", "utf-8")
    found = only(old, new)
    assert (found.path, found.added, found.remarks) == ("raw/ny.csv", ["A"], ["Tabellen er ny."])


def test_files_that_are_no_tables_are_named(old: Path, tmp_path: Path):
    new = project(tmp_path / "new", "A,1.5,oppgitt\nB,,mangler\nC,3,oppgitt\n")
    (new / "data/statistikk.yml").write_text("tabeller: []\n", "utf-8")
    assert tables.other_files(old, new) == ["data/statistikk.yml"]
