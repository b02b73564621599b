"""A delivery from the form to the tables: what is told, what is written, and that it is all or nothing."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from publishing import validation
from publishing.delivery import layout
from publishing.errors import BuildError

ROOT = Path(__file__).resolve().parents[3]

DELIVERED, EVENTS = "data/raw/levert/leverte_opplysninger.csv", "data/raw/levert/leveranser.csv"
CORRECTIONS, STAFFING = "data/rettelser.csv", "data/raw/sak/bemanning.csv"

CALLS = ("Opplysninger", "Antall anrop per år, Skaun")
SICK = ("Opplysninger", "Sykefravær, Melhus")
FTE = ("Bemanning", "Skaun", "årsverk (årsverk)")
REASON = ("Bemanning", "Skaun", "hvorfor tallet er feil")
PERSONS, ORIGIN = "antall personer bak tallet", "hvor tallet er hentet"


def rows(desk, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((desk.root / path).read_text("utf-8"))))


def stored(desk, quantity: str, place: str) -> dict[str, str]:
    return next(row for row in rows(desk, DELIVERED) if (row["opplysning"], row["kommunenr"]) == (quantity, place))


def changed(desk, before: dict[str, bytes]) -> set[str]:
    """The files that are not as they were."""
    after = desk.files()
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def filled(desk):
    """A form with a missing number, one about too few persons, and a correction of the case: three files change."""
    book = desk.form()
    desk.fill(book, *CALLS, "tall", "12 000")
    desk.fill(book, *CALLS, ORIGIN, "telefonloggen for 2026")
    desk.fill(book, *SICK, "tall", "7,5 %")
    desk.fill(book, *SICK, PERSONS, 4)
    desk.fill(book, *FTE, 0.7)
    desk.fill(book, *REASON, "Stillingen er redusert.")
    return book


# What is told


def test_the_changes_are_told_as_a_table(desk):
    desk.hand_in(filled(desk), agreed=False)
    assert "\n".join(desk.told).replace("\u00a0", " ").replace("\u202f", " ") == (
        "sentralbord.xlsx, levert av økonomisjefen i Melhus, 01.03.2027\n"
        "\n"
        "Ark           Rad                         Kolonne  I dag        Nytt\n"
        "---------------------------------------------------------------------------------------------------\n"
        "Opplysninger  Antall anrop per år, Skaun  Tall     mangler      12 000 anrop\n"
        "Opplysninger  Sykefravær, Melhus          Tall     mangler      tilbakeholdt (færre enn 5 personer)\n"
        "Bemanning     Skaun                       Årsverk  0,8 årsverk  0,7 årsverk (rettelse)\n"
        "\n"
        "3 verdier i data/raw/levert/leveranser.csv, data/raw/levert/leverte_opplysninger.csv, data/rettelser.csv."
    )  # fmt: skip


def test_nothing_is_written_without_consent(desk):
    before = desk.files()
    answer = desk.hand_in(filled(desk), agreed=False)
    assert (len(answer.changes), answer.written) == (3, False)
    assert desk.files() == before


def test_an_empty_form_changes_nothing(desk):
    before = desk.files()
    answer = desk.hand_in(desk.form())
    assert (answer.changes, answer.written) == ((), False)
    assert desk.files() == before


# What is written


def test_a_missing_number_is_stated_with_who_when_and_which_file(desk):
    before = desk.files()
    book = desk.form()
    desk.fill(book, *CALLS, "tall", "12 000")
    desk.fill(book, *CALLS, ORIGIN, "telefonloggen for 2026")
    path = desk.save(book)
    assert desk.hand_in(path).written
    assert changed(desk, before) == {DELIVERED, EVENTS}
    assert stored(desk, "sentralbord.volum-anrop", "5029") == {
        "omrade": "sentralbord",
        "opplysning": "sentralbord.volum-anrop",
        "kommunenr": "5029",
        "verdi": "12000",
        "status": "oppgitt",
        "kilde": "Levert av økonomisjefen i Melhus, 1. mars 2027, i filen sentralbord.xlsx. Hentet fra: telefonloggen for 2026",
    }
    old, new = before[DELIVERED].splitlines(), desk.files()[DELIVERED].splitlines()
    assert [number for number, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]] == [1]
    assert rows(desk, EVENTS) == [
        {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "dato": "2027-03-01",
            "levert_av": "økonomisjefen i Melhus",
            "fil": "sentralbord.xlsx",
            "omrade": "sentralbord",
            "antall_verdier": "1",
        }
    ]
    validation.validate(desk.root)


def test_the_day_of_the_form_is_the_day_of_the_delivery(desk):
    book = desk.form()
    desk.fill(book, *CALLS, "tall", 12_000)
    when = desk.cell(book, layout.FRONT, layout.WHEN)
    when.value = "28.02.27"
    desk.hand_in(book)
    assert [row["dato"] for row in rows(desk, EVENTS)] == ["2027-02-28"]
    when.value = dt.datetime(2027, 3, 2)  # noqa: DTZ001 (Excel knows no time zones)
    desk.fill(book, *CALLS, "tall", None)
    assert desk.refused(book) == [
        f"sentralbord.xlsx, ark «Les meg», celle {when.coordinate}: Datoen 02.03.2027 er ikke kommet ennå. Skriv dagen skjemaet ble fylt ut."
    ]


def test_the_same_file_read_twice_changes_nothing(desk):
    path = desk.save(filled(desk))
    desk.hand_in(path)
    once = desk.files()
    answer = desk.hand_in(path)
    assert (answer.changes, answer.written) == ((), False)
    assert desk.files() == once
    assert (
        desk.told[-1] == "sentralbord.xlsx har ingen tall som ikke allerede står i datagrunnlaget. Ingenting er endret."
    )


def test_a_number_of_the_case_is_corrected_and_not_overwritten(desk):
    before = desk.files()
    book = desk.form()
    desk.fill(book, *FTE, 0.7)
    reason = desk.fill(book, *REASON, None)
    [problem] = desk.refused(book)
    assert problem.endswith(
        "Saken oppgir 0,8\u00a0årsverk. Skal tallet rettes, må dere skrive hvorfor det er feil, i "
        f"ark «Bemanning», celle {reason.coordinate}."
    )
    reason.value = "Stillingen er redusert."
    desk.hand_in(book)
    assert changed(desk, before) == {CORRECTIONS, EVENTS}  # not data/raw/sak/bemanning.csv
    assert rows(desk, CORRECTIONS)[-1] == {
        "id": "bemanning-sentralbord-5029-arsverk",
        "tabell": "bemanning",
        "nokkel": "omrade=sentralbord;kommunenr=5029",
        "kolonne": "arsverk",
        "forventet": "0.8",
        "ny": "0.7",
        "begrunnelse": "Stillingen er redusert.",
        "bekreftet_av": "økonomisjefen i Melhus (i filen sentralbord.xlsx)",
        "dato": "2027-03-01",
    }
    validation.validate(desk.root)


def test_a_correction_guards_the_number_that_it_corrects(desk):
    desk.hand_in(filled(desk))
    path = desk.root / STAFFING
    path.write_bytes(path.read_bytes().replace(b"sentralbord,5029,0.8,", b"sentralbord,5029,0.9,"))
    with pytest.raises(BuildError, match="kolonnen forventet: Tabellen «bemanning» har nå «0.9» i kolonnen arsverk"):
        validation.validate(desk.root)


# Few persons


def test_a_number_about_too_few_persons_is_stored_nowhere(desk):
    """Numbers that occur nowhere else in the data, so that they can be searched for."""
    book = desk.form()
    desk.fill(book, *SICK, "tall", "63,7 %")
    desk.fill(book, *SICK, PERSONS, 4)
    pay = ("Opplysninger", "Faktiske lønnsutgifter, Skaun")
    desk.fill(book, *pay, "tall", "1 234 567 kr")
    desk.fill(book, *pay, PERSONS, 1)
    heads = ("Opplysninger", "Antall ansatte som arbeider med oppgavene, Skaun")
    desk.fill(book, *heads, "tall", 4)
    desk.hand_in(book)
    for quantity, place in (("sykefravaer", "5028"), ("lonnsutgifter", "5029"), ("ansatte", "5029")):
        row = stored(desk, f"sentralbord.{quantity}", place)
        assert (row["verdi"], row["status"]) == ("", "tilbakeholdt")
        assert row["kilde"] == (
            "Levert av økonomisjefen i Melhus, 1. mars 2027, i filen sentralbord.xlsx. Færre enn fem personer står bak tallet."
        )  # fmt: skip
    everything = b"\n".join(desk.files().values()) + "\n".join(desk.told).encode()
    for secret in (b"63,7", b"63.7", b"1234567", b"1 234 567", "1\u202f234\u202f567".encode()):
        assert secret not in everything
    validation.validate(desk.root)


def test_five_persons_are_enough(desk):
    book = desk.form()
    desk.fill(book, *SICK, "tall", "7,5 %")
    desk.fill(book, *SICK, PERSONS, 5)
    desk.hand_in(book)
    row = stored(desk, "sentralbord.sykefravaer", "5028")
    assert (row["verdi"], row["status"]) == ("7.5", "oppgitt")


def test_a_number_about_persons_without_how_many_is_refused_and_not_repeated(desk):
    book = desk.form()
    desk.fill(book, *SICK, "tall", "63,7 %")
    persons = desk.cell(book, *SICK, f"{layout.FILL}{PERSONS}")
    assert desk.refused(book) == [
        f"sentralbord.xlsx, ark «Opplysninger», celle {persons.coordinate}: Skriv hvor mange personer tallet bygger på. "
        "Er de færre enn fem, blir tallet ikke lagret."
    ]


# All or nothing


def failing(monkeypatch, owner, name: str, fails) -> None:
    """Let the calls of a function that ``fails`` says (counted from 1) fail, as when a file is open in Excel."""
    calls, real = [], getattr(owner, name)

    def call(*arguments):
        calls.append(arguments)
        if fails(len(calls)):
            raise PermissionError(13, "Permission denied")
        return real(*arguments)

    monkeypatch.setattr(owner, name, call)


#: Three files change: each is written and kept beside, then the manifest, all to the disk; then four renames.
STEPS = [(os, "fsync", n) for n in range(1, 8)] + [(Path, "replace", n) for n in range(1, 5)] + [(Path, "unlink", 1)]


@pytest.mark.parametrize(("owner", "name", "n"), STEPS, ids=[f"{name}-{n}" for _, name, n in STEPS])
def test_a_fault_in_the_middle_leaves_every_byte_as_it_was(desk, monkeypatch, owner, name, n):
    path, before = desk.save(filled(desk)), desk.files()
    with monkeypatch.context() as patch:
        failing(patch, owner, name, lambda call: call == n)
        with pytest.raises(BuildError) as error:
            desk.hand_in(path)
    assert error.value.problems == [
        "Filene kunne ikke skrives (Permission denied). Alt er slik det var. Lukk tabellene i Excel, og prøv igjen."
    ]
    assert desk.files() == before
    assert desk.hand_in(path).written


def test_those_are_all_the_steps(desk, monkeypatch):
    calls = []
    with monkeypatch.context() as patch:
        for owner, name in ((os, "fsync"), (Path, "replace"), (Path, "unlink")):
            failing(patch, owner, name, lambda call, name=name: calls.append((name, call)))
        desk.hand_in(desk.save(filled(desk)))
    assert sorted(calls) == sorted((name, n) for _, name, n in STEPS)


def test_a_folder_that_must_not_be_written_in(desk, monkeypatch):
    path, before = desk.save(filled(desk)), desk.files()
    failing(monkeypatch, Path, "mkdir", lambda call: True)
    with pytest.raises(BuildError, match="Alt er slik det var. Kontroller at du har lov til å skrive i data/"):
        desk.hand_in(path)
    assert desk.files() == before


def test_what_cannot_be_put_back_is_put_back_at_the_next_run_and_nothing_is_built_before(desk, monkeypatch):
    path, before = desk.save(filled(desk)), desk.files()
    with monkeypatch.context() as patch:
        failing(patch, Path, "replace", lambda call: call >= 3)
        with pytest.raises(BuildError, match="verken skrives eller settes tilbake"):
            desk.hand_in(path)
    assert desk.files() != before
    with pytest.raises(BuildError, match="En levering ble avbrutt mens den ble skrevet"):
        validation.validate(desk.root)
    desk.told.clear()
    desk.hand_in(path, agreed=False)
    assert desk.told[0] == "En tidligere levering ble avbrutt. Filene er satt tilbake slik de var."
    assert desk.files() == before


DIES = """
import datetime, os, sys
from pathlib import Path
from publishing.delivery import commands
real, calls = Path.replace, []
def replace(self, target):
    calls.append(target)
    if len(calls) == 3:
        os._exit(9)
    return real(self, target)
Path.replace = replace
commands.fetch(Path(sys.argv[1]), Path(sys.argv[2]), "", datetime.date(2027, 3, 1), lambda: True, lambda line: None)
"""


def test_a_delivery_whose_machine_stops_is_undone_at_the_next_run(desk):
    path, before = desk.save(filled(desk)), desk.files()
    run = subprocess.run([sys.executable, "-c", DIES, desk.root, path], cwd=ROOT, env=environment(ROOT), check=False)
    assert run.returncode == 9
    assert changed(desk, before) & set(before)  # a table is already new
    desk.told.clear()
    desk.hand_in(path, agreed=False)
    assert desk.told[0] == "En tidligere levering ble avbrutt. Filene er satt tilbake slik de var."
    assert desk.files() == before
    assert desk.hand_in(path).written


def test_a_table_that_is_changed_while_a_delivery_is_read_is_not_overwritten(desk):
    table = desk.root / DELIVERED

    def agree_late() -> bool:
        table.write_bytes(table.read_bytes().replace(b"Ingen har levert", b"Ingen hadde levert", 1))
        return True

    from publishing.delivery import commands

    before = desk.files()
    with pytest.raises(BuildError, match="Filen er endret mens leveringen ble lest. Ingenting er skrevet."):
        commands.fetch(desk.root, desk.save(filled(desk)), "", dt.date(2027, 3, 1), agree_late, desk.told.append)
    assert changed(desk, before) == {DELIVERED}


def test_a_delivery_that_does_not_fit_the_project_is_refused_with_its_cell(desk):
    book = desk.form()
    name = "Harmonisering av systemer"
    for column, amount in (("lav (kr)", 300_000), ("sannsynlig (kr)", 200_000), ("høy (kr)", 400_000)):
        desk.fill(book, "Etablering", name, column, amount)
    likely = desk.cell(book, "Etablering", name, f"{layout.FILL}sannsynlig (kr)")
    assert desk.refused(book) == [
        f"sentralbord.xlsx, ark «Etablering», celle {likely.coordinate}: Verdien er lavere enn den i lav_kr. Bytt om de to, eller rett dem."
    ]


# A project of its own, with its programs: the command line and the analysis


def environment(root: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(root), "PYTHONUTF8": "1"}


@pytest.fixture
def project(desk):
    """The desk's project with what computes and delivers in it."""
    for name in ("analysis", "publishing"):
        shutil.copytree(ROOT / name, desk.root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return desk


def run(desk, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=desk.root,
        env=environment(desk.root),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def missing(desk) -> set[str]:
    found = run(desk, "-c", "from analysis import gaps; print('\\n'.join(gaps.missing()['id']))")
    assert found.stderr == ""
    return set(found.stdout.split())


def test_a_gap_that_is_wholly_filled_is_no_longer_missing(project):
    before = missing(project)
    book = project.form("samfunnsutvikling")
    answers = {
        "Årsverk, landbruk": {"tall": "2,5"},
        "Antall ansatte, landbruk": {"tall": "3"},
        "Lønnsutgifter, landbruk": {"tall": "2 000 000 kr", PERSONS: "3"},
    }
    fill = [(f"{name}, {place}", answer) for name, answer in answers.items() for place in ("Skaun", "Melhus", "Midtre Gauldal")]  # fmt: skip
    for name, answer in fill[:-1]:
        for heading, value in answer.items():
            project.fill(book, "Opplysninger", name, heading, value)
    project.hand_in(project.save(book, "samfunnsutvikling.xlsx"))
    assert missing(project) == before  # one number of nine is still missing

    book = project.form("samfunnsutvikling")
    for heading, value in fill[-1][1].items():
        project.fill(book, "Opplysninger", fill[-1][0], heading, value)
    project.hand_in(project.save(book, "resten.xlsx"))
    assert before - missing(project) == {"samfunnsutvikling.landbruk.bemanning"}
    validation.validate(project.root)
    assert [(row["fil"], row["antall_verdier"]) for row in rows(project, EVENTS)] == [
        ("samfunnsutvikling.xlsx", "8"),
        ("resten.xlsx", "1"),
    ]


def fetch(desk, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run(desk, "-m", "publishing", "fetch", *arguments)


def test_the_command_without_a_terminal_writes_nothing_until_told_to(project):
    path, before = project.save(filled(project)), project.files()
    asked = fetch(project, "--fil", path)
    assert (asked.returncode, asked.stderr) == (0, "")
    assert (
        "Bemanning     Skaun                       Årsverk  0,8\u00a0årsverk  0,7\u00a0årsverk (rettelse)"
        in asked.stdout
    )
    assert asked.stdout.endswith("Ingenting er skrevet. Skriv det inn med SKRIV=ja etter den samme kommandoen.\n")
    assert project.files() == before
    refused = fetch(project, "--fil", path, "--skriv", "nei")
    assert refused.returncode == 0
    assert project.files() == before


def test_the_command_writes_when_told_to_and_says_what_comes_next(project):
    path, before = project.save(filled(project)), project.files()
    written = fetch(project, "--fil", path, "--skriv", "ja")
    # The day of the delivery is today, as the form says none.
    assert (written.returncode, written.stderr) == (0, "")
    assert "Tallene er skrevet. Neste steg:" in written.stdout
    assert changed(project, before) == {DELIVERED, EVENTS, CORRECTIONS}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Skriv hvilken fil som skal hentes: make hent FIL=data/skjema/sentralbord.xlsx"),
        (("--fil", "borte.xlsx"), "borte.xlsx: Filen finnes ikke. Kontroller navnet og mappen; har navnet mellomrom, må det stå i anførselstegn."),
        (("--fil", "data"), "data: Dette er en mappe. Skriv navnet på filen."),
        (("--fil", "data/kommuner.csv/x.xlsx"), "data/kommuner.csv/x.xlsx: Filen finnes ikke. Kontroller navnet og mappen; har navnet mellomrom, må det stå i anførselstegn."),
    ],
    ids=["no file", "missing", "folder", "under a file"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_of_without_a_traceback(project, arguments, told):
    found = fetch(project, *arguments)
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == f"\nFilen er ikke hentet. Ingenting er skrevet.\n\n  • {told}\n"
