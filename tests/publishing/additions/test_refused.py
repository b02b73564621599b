"""A new area or municipality that cannot be made is refused with the reason, and not a byte is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from publishing.additions.new_municipality import new_municipality
from publishing.additions.new_report import new_report
from publishing.errors import BuildError
from tests.publishing.additions.copies import content, run

AREAS = [
    ("", "", 'make ny-rapport NAVN="Innkjøp"'),
    ("123 – 45", "", "har ingen bokstaver"),
    ("Sentralbord", "", "Området «Sentralbord» finnes fra før (data/omrader.csv, rad 2)"),
    ("SENTRALBORD", "", "finnes fra før"),
    ("Byggesak", "", "er navnet på noe annet"),
    ("Skaun", "", "er navnet på noe annet"),
    ("Maler", "", "brukes til noe annet"),
    ("Innkjøp {verdi}`x`", "", "har tegn som ikke kan stå i et navn"),
    ("Innkjøp", "3", "er ikke en fase"),
]
MUNICIPALITIES = [
    ("", "5059", "Skriv navnet og kommunenummeret"),
    ("Orkland", "", "Skriv navnet og kommunenummeret"),
    ("Orkland", "59", "fire sifre"),
    ("Orkland", "5029", "Skaun med nummer 5029 finnes fra før (data/kommuner.csv, rad 2)"),
    ("Skaun", "5059", "finnes fra før"),
    ("Metode", "5059", "Kapitlet book/felles/metode finnes fra før"),
]


def refused(root: Path, make: object, *given: object) -> str:
    """What a refusal says; all is as it was."""
    before = content(root)
    with pytest.raises(BuildError) as error:
        make(*given)
    assert content(root) == before
    return "\n".join(error.value.problems)


@pytest.mark.parametrize(("name", "phase", "message"), AREAS)
def test_an_area_that_cannot_be_made(written_copy: Path, name: str, phase: str, message: str) -> None:
    assert message in refused(written_copy, new_report, name, phase, "", written_copy)


@pytest.mark.parametrize(("name", "number", "message"), MUNICIPALITIES)
def test_a_municipality_that_cannot_be_added(written_copy: Path, name: str, number: str, message: str) -> None:
    assert message in refused(written_copy, new_municipality, name, number, written_copy)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("new-report", "--navn", "Sentralbord", "--fase", ""), AREAS[2][2]),
        (("new-municipality", "--navn", "Orkland", "--nummer", "5029"), MUNICIPALITIES[3][2]),
    ],
    ids=["area", "municipality"],
)
def test_the_command_tells_why_and_that_nothing_is_changed(
    project_copy: Path, arguments: tuple[str, ...], message: str
) -> None:
    before = content(project_copy)
    ran = run(project_copy, *arguments)
    assert ran.returncode == 1
    assert message in ran.stderr and "ingenting er endret" in ran.stderr and "Traceback" not in ran.stderr
    assert content(project_copy) == before


def test_an_area_made_twice(written_copy: Path) -> None:
    new_report("Innkjøp", root=written_copy)
    assert "Området «Innkjøp» finnes fra før" in refused(written_copy, new_report, "innkjøp", "", "", written_copy)


def test_a_sixth_municipality_since_two_would_look_the_same(written_copy: Path) -> None:
    new_municipality("Orkland", "5059", written_copy)
    new_municipality("Trondheim", "5001", written_copy)
    told = refused(written_copy, new_municipality, "Malvik", "5031", written_copy)
    assert "Figurene har farger til 5 kommuner" in told


def test_data_that_are_not_in_order_are_told_of_first(written_copy: Path) -> None:
    path = written_copy / "data/kommuner.csv"
    path.write_text(path.read_text("utf-8").replace("5029", "x"), "utf-8")
    assert "data/kommuner.csv, rad 2, kolonnen kommunenr" in refused(
        written_copy, new_report, "Innkjøp", "", "", written_copy
    )
