"""A delivery from the form to the tables: shown first, written whole or not at all, and found again where it came from."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import gaps
from publishing import validation
from publishing.delivery import commands, writing
from publishing.delivery.tables import Tables
from publishing.errors import BuildError

ROOT = Path(__file__).resolve().parents[3]
DELIVERED = "raw/levert/leverte_opplysninger.csv"
SOURCE = "Levert av økonomisjefen i Melhus, 1. mars 2027, i filen sentralbord.xlsx. Hentet fra: telefonsystemet"


def calls(desk, place: str = "Skaun", number: object = 9000):
    """A form with the calls of one municipality."""
    book = desk.form()
    desk.fill(book, "Opplysninger", f"Antall anrop per år, {place}", "tall", number)
    desk.fill(book, "Opplysninger", f"Antall anrop per år, {place}", "hvor tallet er hentet", "telefonsystemet")
    return book


def rows(desk, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader((desk.root / "data" / path).read_text("utf-8").splitlines()))


def test_what_changes_is_shown_before_it_is_written(desk):
    before = desk.files()
    answer = desk.hand_in(calls(desk), agreed=False)
    assert not answer.written and desk.files() == before
    told = "\n".join(line.rstrip() for line in desk.told).replace("\u202f", " ").replace("\u00a0", " ")
    assert told.splitlines() == [
        "sentralbord.xlsx, levert av økonomisjefen i Melhus, 01.03.2027",
        "Ark           Rad                         Kolonne  I dag    Nytt",
        "-----------------------------------------------------------------------",
        "Opplysninger  Antall anrop per år, Skaun  Tall     mangler  9 000 anrop",
        "",
        "1 verdi i data/raw/levert/leveranser.csv, data/raw/levert/leverte_opplysninger.csv.",
    ]


def test_a_missing_number_is_filled_in_with_who_when_and_which_file(desk):
    path = desk.save(calls(desk))
    assert desk.hand_in(path).written
    row = next(
        row
        for row in rows(desk, DELIVERED)
        if row["opplysning"] == "sentralbord.volum-anrop" and row["kommunenr"] == "5029"
    )
    assert (row["verdi"], row["status"], row["kilde"]) == ("9000", "oppgitt", SOURCE)
    [event] = rows(desk, "raw/levert/leveranser.csv")
    assert event == {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "dato": "2027-03-01",
        "levert_av": "økonomisjefen i Melhus",
        "fil": "sentralbord.xlsx",
        "omrade": "sentralbord",
        "antall_verdier": "1",
    }
    validation.validate(desk.root)


def test_the_same_file_read_again_changes_nothing(desk):
    path = desk.save(calls(desk))
    desk.hand_in(path)
    before = desk.files()
    assert desk.hand_in(path) == commands.Answer((), False)
    assert desk.files() == before
    assert "Ingenting er endret." in desk.told[-1]


def test_a_number_of_the_case_stays_and_gets_a_correction_beside_it(desk):
    staffing = (desk.root / "data/raw/sak/bemanning.csv").read_bytes()
    book = desk.form()
    desk.fill(book, "Bemanning", "Skaun", "årsverk (årsverk)", 0.7)
    [problem] = desk.refused(book)
    assert "hvorfor" in problem.lower()
    desk.fill(book, "Bemanning", "Skaun", "hvorfor tallet er feil", "Åpningstiden er kortet ned.")
    desk.fill(book, "Bemanning", "Skaun", "hvor tallet er hentet", "bemanningsplanen")
    assert desk.hand_in(book).written
    assert (desk.root / "data/raw/sak/bemanning.csv").read_bytes() == staffing
    made = rows(desk, "rettelser.csv")[-1]
    assert made["nokkel"] in ("omrade=sentralbord;kommunenr=5029", "kommunenr=5029;omrade=sentralbord")
    assert [made[name] for name in ("tabell", "kolonne", "forventet", "ny", "dato")] == [
        "bemanning", "arsverk", "0.8", "0.7", "2027-03-01",
    ]  # fmt: skip
    assert made["begrunnelse"].startswith("Åpningstiden er kortet ned.")
    validation.validate(desk.root)


def test_a_number_about_too_few_persons_is_withheld_and_kept_nowhere(desk):
    book = desk.form()
    name = "Sykefravær, Skaun"
    desk.fill(book, "Opplysninger", name, "tall", 73.9)
    desk.fill(book, "Opplysninger", name, "antall personer bak tallet", 4)
    desk.fill(book, "Opplysninger", name, "hvor tallet er hentet", "personalsystemet")
    assert desk.hand_in(book).written
    row = next(
        row
        for row in rows(desk, DELIVERED)
        if row["opplysning"] == "sentralbord.sykefravaer" and row["kommunenr"] == "5029"
    )
    assert (row["verdi"], row["status"]) == ("", "tilbakeholdt")
    assert not any(b"73.9" in content or b"73,9" in content for content in desk.files().values())
    assert not any("73,9" in line for line in desk.told)


def changes_of_three_files(desk):
    """A delivery that writes the numbers, a correction and the list of deliveries."""
    book = calls(desk)
    desk.fill(book, "Bemanning", "Skaun", "årsverk (årsverk)", 0.7)
    desk.fill(book, "Bemanning", "Skaun", "hvorfor tallet er feil", "Åpningstiden er kortet ned.")
    desk.fill(book, "Bemanning", "Skaun", "hvor tallet er hentet", "bemanningsplanen")
    return book


# Six files are written beside, then the manifest, then three are put in place.
@pytest.mark.parametrize("failing", range(1, 5))
def test_a_fault_in_the_middle_leaves_every_file_as_it_was(desk, monkeypatch, failing):
    before, put, count = desk.files(), Path.replace, iter(range(1, 100))

    def replace(path: Path, target: Path) -> Path:
        if next(count) == failing:
            raise PermissionError(13, "Permission denied")
        return put(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(BuildError, match="Alt er slik det var"):
        desk.hand_in(changes_of_three_files(desk))
    assert desk.files() == before


def test_what_a_stopped_machine_left_half_done_is_put_back_at_the_next_delivery(desk, monkeypatch):
    before, put, count = desk.files(), Path.replace, iter(range(1, 100))

    def replace(path: Path, target: Path) -> Path:
        if next(count) == 3:  # the manifest and one file are in place
            raise KeyboardInterrupt
        return put(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(writing, "_put_back", lambda root: None)  # the machine has no time for it
    with pytest.raises(KeyboardInterrupt):
        desk.hand_in(changes_of_three_files(desk))
    monkeypatch.undo()
    assert {path for path, content in desk.files().items() if before.get(path) != content}
    with pytest.raises(BuildError):
        validation.validate(desk.root)  # nothing is built of it
    assert desk.hand_in(desk.form(), agreed=False).changes == ()
    assert desk.files() == before
    assert any("satt tilbake" in line for line in desk.told)


def test_tables_that_others_change_meanwhile_are_left_alone(desk):
    tables = Tables(desk.root)
    path = tables.file("leverte_opplysninger")
    assert tables.rows("leverte_opplysninger")
    (desk.root / path).write_bytes((desk.root / path).read_bytes() + b"\n")
    with pytest.raises(BuildError, match="endret mens leveringen ble lest"):
        writing.put_in_place({path: b"x"}, tables)


def test_a_gap_that_all_have_filled_is_no_longer_missing(desk):
    book = desk.form()
    for place, number in (("Skaun", 9000), ("Melhus", 21_000), ("Midtre Gauldal", 8000)):
        desk.fill(book, "Opplysninger", f"Antall anrop per år, {place}", "tall", number)
        desk.fill(book, "Opplysninger", f"Antall anrop per år, {place}", "hvor tallet er hentet", "telefonsystemet")
    assert desk.hand_in(book).written
    program = (
        "from analysis import gaps, keyfigures\n"
        "print(*gaps.missing('sentralbord')['id'])\n"
        "value = keyfigures.by_id()['sentralbord.volum-anrop.sum']\n"
        "print(value.number, value.status)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", f"import analysis.data as d; from pathlib import Path; d.ROOT = Path({str(desk.root)!r})\n{program}"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    missing, total = ran.stdout.strip().splitlines()
    assert "sentralbord.volum-anrop" not in missing.split()
    assert "sentralbord.ansatte" in missing.split()
    assert total == "38000.0 beregnet"
    assert "sentralbord.volum-anrop" in set(gaps.missing("sentralbord")["id"])  # in the project itself it is


def fetch(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "publishing", "fetch", *arguments],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.mark.parametrize("given", [[], ["--fil", "finnes-ikke.xlsx"], ["--fil", "data"]])
def test_without_a_file_it_is_told_in_bokmaal(given):
    ran = fetch(*given)
    assert ran.returncode == 1
    assert "Filen er ikke hentet. Ingenting er skrevet." in ran.stderr
    assert "Traceback" not in ran.stderr


def test_without_a_keyboard_nothing_is_written_and_how_to_is_told(desk):
    path = desk.save(calls(desk))
    before = (ROOT / "data" / DELIVERED).read_bytes()
    # The form's date is the day of the test's delivery; the command's own day comes before it.
    ran = fetch("--fil", str(path), "--av", "økonomisjefen i Melhus")
    assert ran.returncode == 0, ran.stderr
    assert "Ingenting er skrevet. Skriv det inn med SKRIV=ja" in ran.stdout
    assert (ROOT / "data" / DELIVERED).read_bytes() == before
