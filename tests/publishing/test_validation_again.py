"""A table that was sound is not checked again, unless something that decides it has changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from frictionless import Resource

from publishing import validation
from publishing.errors import BuildError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a copy of the data, found sound."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    validation.validate(tmp_path)
    return tmp_path


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables that are checked, as it happens."""
    found: list[str] = []
    real = Resource.validate

    def validate(resource: Resource, *given: object, **named: object) -> object:
        found.append(resource.name)
        return real(resource, *given, **named)

    monkeypatch.setattr(Resource, "validate", validate)
    return found


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_nothing_is_checked_again_when_nothing_has_changed(project: Path, checked: list[str]):
    validation.validate(project)
    assert checked == []


def test_a_changed_table_is_checked_alone(project: Path, checked: list[str]):
    edit(project / "data/avvik.csv", "årsverk", "årsverkene")
    validation.validate(project)
    assert checked == ["avvik"]


def test_a_table_is_checked_again_when_what_it_refers_to_has_changed(project: Path):
    edit(project / "data/kommuner.csv", "5027", "5061")
    with pytest.raises(BuildError) as error:
        validation.validate(project)
    assert any("data/raw/sak/bemanning.csv, rad 2, kolonnen kommunenr" in line for line in error.value.problems)


def test_a_table_is_checked_again_when_its_description_has_changed(project: Path):
    path = project / "data/datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    staffing = next(one for one in package["resources"] if one["path"] == "raw/sak/bemanning.csv")
    next(one for one in staffing["schema"]["fields"] if one["name"] == "arsverk")["constraints"] = {"minimum": 1}
    path.write_text(json.dumps(package), "utf-8")
    with pytest.raises(BuildError) as error:
        validation.validate(project)
    assert any("data/raw/sak/bemanning.csv, rad 2, kolonnen arsverk" in line for line in error.value.problems)


def test_a_fault_is_told_of_every_time(project: Path):
    edit(project / "data/raw/sak/bemanning.csv", ",0.8,", ",nesten én,")
    for _ in range(2):
        with pytest.raises(BuildError, match="nesten én"):
            validation.validate(project)
