"""Tables come typed as their schema says, and no caller can spoil them for the next."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import data


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one table of every type; its last row has every cell empty that may be."""
    fields = [
        {"name": "nr", "type": "integer", "constraints": {"required": True}},
        {"name": "antall", "type": "integer"},
        {"name": "arsverk", "type": "number"},
        {"name": "dato", "type": "date"},
        {"name": "periode", "type": "yearmonth"},
        {"name": "gruppe", "type": "string"},
    ]
    resource = {"name": "prove", "path": "raw/prove.csv", "encoding": "utf-8", "schema": {"fields": fields}}
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "datapackage.json").write_text(json.dumps({"resources": [resource]}), "utf-8")
    text = "nr,antall,arsverk,dato,periode,gruppe\n1,640000,6.2,2026-06-30,2026-06,0-17\n2,,,,,\n"
    (tmp_path / "data" / "raw" / "prove.csv").write_text(text, "utf-8")
    return tmp_path


def test_types(project):
    frame = data.load("prove", project)
    assert frame.dtypes.astype(str).to_dict() == {
        "nr": "int64", "antall": "Int64", "arsverk": "float64", "dato": "object", "periode": "str", "gruppe": "str",
    }  # fmt: skip
    assert frame.iloc[0].tolist() == [1, 640000, 6.2, dt.date(2026, 6, 30), "2026-06", "0-17"]


def test_empty_cells(project):
    row = data.load("prove", project).iloc[1]
    assert row["antall"] is pd.NA
    assert pd.isna(row["arsverk"])
    assert row["dato"] is None
    assert (row["periode"], row["gruppe"]) == ("", "")


def test_what_is_kept_of_a_table_is_computed_again_when_its_file_changes(project, monkeypatch):
    monkeypatch.setattr(data, "ROOT", project)
    computed = []

    @data.kept("prove")
    def longer(than: int) -> tuple[int, ...]:
        computed.append(than)
        return tuple(number for number in data.load("prove")["nr"] if number > than)

    assert longer(0) == longer(0) == (1, 2)
    assert longer(1) == (2,)
    assert computed == [0, 1]
    with (project / "data" / "raw" / "prove.csv").open("a", encoding="utf-8") as file:
        file.write("3,,,,,\n")
    assert longer(1) == (2, 3)
    assert computed == [0, 1, 1]


def test_a_caller_cannot_spoil_the_table_for_the_next(project):
    frame = data.load("prove", project)
    frame.loc[0, "gruppe"] = "ødelagt"
    assert data.load("prove", project).loc[0, "gruppe"] == "0-17"


def test_a_table_delivered_anew_is_read_anew(project):
    assert data.load("prove", project).loc[0, "arsverk"] == 6.2
    path = project / "data" / "raw" / "prove.csv"
    path.write_text(path.read_text("utf-8").replace("6.2", "7.25"), "utf-8")
    assert data.load("prove", project).loc[0, "arsverk"] == 7.25


def test_bom_and_windows_line_endings(project):
    path = project / "data" / "raw" / "prove.csv"
    path.write_bytes(path.read_text("utf-8").replace("\n", "\r\n").encode("utf-8-sig"))
    assert data.load("prove", project).columns[0] == "nr"
    assert data.load("prove", project).loc[0, "gruppe"] == "0-17"


def test_unknown_table(project):
    with pytest.raises(KeyError, match="Tabellen «finnes-ikke» står ikke i data/datapackage.json"):
        data.load("finnes-ikke", project)


@pytest.mark.parametrize("table", data.description())
def test_every_table_of_the_project_loads(table):
    frame = data.load(table)
    assert list(frame.columns) == [field["name"] for field in data.description()[table]["schema"]["fields"]]
    assert len(frame) > 0 or table == "leveranser"  # nobody has delivered a form yet


def test_the_project_is_found_from_any_folder(tmp_path):
    code = "from analysis import data; print(len(data.load('kommuner')))"
    environment = {**os.environ, "PYTHONPATH": str(data.ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "3"


def test_reading_needs_no_frictionless():
    code = "import sys; from analysis import data; data.load('bemanning'); print('frictionless' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=data.ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


@given(st.lists(st.one_of(st.none(), st.integers(-(2**62), 2**62))))
def test_whole_numbers_come_back(numbers):
    text = pd.Series(["" if number is None else str(number) for number in numbers], dtype="str")
    column = data.typed(text, {"name": "antall", "type": "integer"})
    assert [None if pd.isna(cell) else int(cell) for cell in column] == numbers


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))))
def test_numbers_come_back(numbers):
    text = pd.Series(["" if number is None else repr(number) for number in numbers], dtype="str")
    column = data.typed(text, {"name": "arsverk", "type": "number"})
    assert [None if pd.isna(cell) else float(cell) for cell in column] == numbers


@given(st.lists(st.one_of(st.none(), st.dates())))
def test_dates_come_back(dates):
    text = pd.Series(["" if date is None else date.isoformat() for date in dates], dtype="str")
    column = data.typed(text, {"name": "dato", "type": "date"})
    assert list(column) == dates
