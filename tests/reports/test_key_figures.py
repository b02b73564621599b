"""``reports/nokkeltall.json``, the interface that README describes."""

from __future__ import annotations

import json
from pathlib import Path

from analysis import keyfigures
from analysis.model import Status
from analysis.places import municipalities

FIELDS = ["id", "omrade", "kommune", "navn", "verdi", "enhet", "status", "kilde"]


def read(reports_dir: Path) -> list[dict]:
    return json.loads((reports_dir / "nokkeltall.json").read_text("utf-8"))


def test_every_row_has_the_documented_fields_in_order(reports_dir: Path) -> None:
    names = {place.name for place in municipalities()} | {None}
    for row in read(reports_dir):
        assert list(row) == FIELDS
        assert row["kommune"] in names
        assert row["status"] in set(Status)
        assert (row["verdi"] is None) == (row["status"] in {"mangler", "tilbakeholdt"})
        assert row["kilde"]


def test_the_published_figures_are_those_of_the_analysis(reports_dir: Path) -> None:
    assert read(reports_dir) == [value.as_record() for value in keyfigures.published()]


def test_the_ids_named_in_the_interface_are_there(reports_dir: Path) -> None:
    rows = {row["id"]: row for row in read(reports_dir)}
    assert rows["sentralbord.arsverk.skaun"]["verdi"] == 0.8
    assert rows["lonn-regnskap-fakturering.kostnad.sum"]["verdi"] == 14_800_000
    assert rows["felles.arsverk.sum"]["verdi"] == 28.1
    assert rows["felles.arsverk.sum"]["kommune"] is None
