"""Editions that were handed out are kept, whole and unchanged, and the next one tells what is different."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup

from publishing import editions, freezing, project, versions
from publishing.errors import BuildError

SKAUN = "sentralbord.arsverk.skaun"


def record(number: float | None = 0.8, status: str = "oppgitt") -> dict[str, Any]:
    return {
        "id": SKAUN, "omrade": "sentralbord", "kommune": "Skaun", "navn": "Årsverk, sentralbord, Skaun",
        "verdi": number, "enhet": "årsverk", "status": status, "kilde": "Saksframlegget",
    }  # fmt: skip


def name_present(root: Path, name: str, date: str) -> None:
    (root / "book").mkdir(exist_ok=True)
    (root / "book" / "utgave.yml").write_text(f"navn: {name}\ndato: {date}\nstatus: utkast\nkontakt: x\n", "utf-8")


def keep(root: Path, name: str, date: str, figures: list[dict[str, Any]] | None = None) -> Path:
    """A frozen edition, as freezing leaves it."""
    folder = root / "utgaver" / editions.slug(name, dt.date.fromisoformat(date))
    (folder / "pdf").mkdir(parents=True)
    (folder / "pdf" / "felles.pdf").write_bytes(b"%PDF-1.7\n")
    (folder / "nokkeltall.json").write_text(json.dumps([record()] if figures is None else figures), "utf-8")
    (folder / "utgave.yml").write_text(f"navn: {name}\ndato: {date}\nstatus: vedtatt\nversjon: abc1234\n", "utf-8")
    return folder


def git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=prøve", "-c", "user.email=", "-c", "init.defaultBranch=main"]
    # Without the variables that git sets for its own hooks, where this test may run.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    run = subprocess.run(
        ["git", *identity, *arguments], cwd=root, env=environment, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return run.stdout.strip()


def commit(root: Path) -> str:
    if not (root / ".git").exists():
        git(root, "init")
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "prøve")
    return git(root, "rev-parse", "--short=10", "HEAD")


def refused(root: Path) -> str:
    with pytest.raises(BuildError) as caught:
        freezing.freeze(root, tell=lambda line: None)
    return str(caught.value)


# What is frozen


def test_without_a_folder_nothing_is_frozen(tmp_path: Path) -> None:
    name_present(tmp_path, "Utgave 1", "2026-11-24")
    assert editions.frozen(tmp_path) == ()
    assert editions.previous(tmp_path) is None
    assert editions.since_previous(tmp_path) is None


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Utgave 1", "utgave-1-2026-11-24"),
        ("Til høring, påske & jul", "til-horing-paske-jul-2026-11-24"),
        ("Utgåve é", "utgave-e-2026-11-24"),
    ],
)
def test_the_folder_is_named_in_ascii_by_name_and_date(name: str, folder: str) -> None:
    assert editions.slug(name, dt.date(2026, 11, 24)) == folder


def test_editions_come_in_the_order_of_their_dates(tmp_path: Path) -> None:
    for name, date in (("Utgave 10", "2027-03-01"), ("Utgave 2", "2027-01-01"), ("Høring", "2026-12-01")):
        keep(tmp_path, name, date)
    found = editions.frozen(tmp_path)
    assert [edition.name for edition in found] == ["Høring", "Utgave 2", "Utgave 10"]
    assert found[0].described == "Høring (1.\u00a0desember 2026)"
    assert (found[0].state, found[0].version, found[0].pdfs) == ("vedtatt", "abc1234", ("felles.pdf",))


def test_the_previous_edition_is_the_latest_with_another_name(tmp_path: Path) -> None:
    keep(tmp_path, "Utgave 1", "2026-11-24")
    keep(tmp_path, "Utgave 2", "2026-12-24")
    for present, previous in (("Utgave 2", "Utgave 1"), ("Utgave 3", "Utgave 2")):
        name_present(tmp_path, present, "2026-12-24")
        assert editions.previous(tmp_path).name == previous


def without(name: str):
    return lambda folder: (folder / name).unlink()


def written(name: str, text: str):
    return lambda folder: (folder / name).write_text(text, "utf-8") and None


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (without("utgave.yml"), "utgave.yml: Filen finnes ikke"),
        (without("nokkeltall.json"), "nokkeltall.json: Filen finnes ikke"),
        (without("pdf/felles.pdf"), "pdf: Ingen PDF-er"),
        (written("utgave.yml", "navn: Utgave 1\ndato: 2026-11-24\nstatus: utkast\n"), "Mangler versjon"),
        (written("utgave.yml", "navn: Utgave 1\ndato: i går\nstatus: utkast\nversjon: a\n"), "«dato» eller «status»"),
        (
            written("utgave.yml", "navn: Utgave 9\ndato: 2026-11-24\nstatus: utkast\nversjon: a\n"),
            "utgave-9-2026-11-24",
        ),
        (written("nokkeltall.json", "[{]"), "ikke gyldig JSON"),
        (written("nokkeltall.json", '[{"id": "a"}]'), "mangler felter"),
    ],
)
def test_a_broken_edition_is_told_with_its_folder_and_what_to_do(tmp_path: Path, spoil, message: str) -> None:
    spoil(keep(tmp_path, "Utgave 1", "2026-11-24"))
    with pytest.raises(BuildError) as caught:
        editions.frozen(tmp_path)
    assert message in str(caught.value)
    assert "utgaver/utgave-1-2026-11-24" in str(caught.value)
    assert "Hent mappen fram igjen fra git" in str(caught.value)


def test_two_editions_of_the_same_name_are_refused(tmp_path: Path) -> None:
    keep(tmp_path, "Utgave 1", "2026-11-24")
    keep(tmp_path, "Utgave 1", "2026-12-24")
    with pytest.raises(BuildError, match="Flere frosne utgaver heter «Utgave 1»"):
        editions.frozen(tmp_path)


def test_pages_are_made_anew_when_an_edition_is_frozen_changed_or_becomes_the_previous(tmp_path: Path) -> None:
    name_present(tmp_path, "Utgave 1", "2026-11-24")
    digests = [editions.digest(tmp_path)]
    folder = keep(tmp_path, "Utgave 1", "2026-11-24")
    digests.append(editions.digest(tmp_path))
    name_present(tmp_path, "Utgave 2", "2026-12-24")
    digests.append(editions.digest(tmp_path))
    (folder / "nokkeltall.json").write_text(json.dumps([record(0.9)]), "utf-8")
    digests.append(editions.digest(tmp_path))
    assert len(set(digests)) == 4
    assert editions.digest(tmp_path) == digests[-1]


# Other numbers under an old name


def test_other_numbers_under_the_name_of_a_frozen_edition_are_refused(tmp_path: Path) -> None:
    name_present(tmp_path, "Utgave 1", "2026-11-24")
    keep(tmp_path, "Utgave 1", "2026-11-24")
    editions.demand_new_name(tmp_path, lambda: [record(0.8)])
    with pytest.raises(BuildError, match=r"ett nøkkeltall er endret.*før 0,8\sårsverk, nå 0,9\sårsverk.*eget navn"):
        editions.demand_new_name(tmp_path, lambda: [record(0.9)])
    name_present(tmp_path, "Utgave 2", "2026-12-24")
    editions.demand_new_name(tmp_path, lambda: [record(0.9)])


def test_another_date_under_the_name_of_a_frozen_edition_is_refused(tmp_path: Path) -> None:
    name_present(tmp_path, "Utgave 1", "2026-12-24")
    keep(tmp_path, "Utgave 1", "2026-11-24")
    with pytest.raises(BuildError, match=r"frosset med datoen 24\.\snovember 2026"):
        editions.demand_new_name(tmp_path, lambda: [record()])


# What stops freezing


def test_an_edition_that_is_frozen_already_is_refused(tmp_path: Path) -> None:
    name_present(tmp_path, "Utgave 1", "2026-11-24")
    keep(tmp_path, "Utgave 1", "2026-11-24")
    commit(tmp_path)
    assert "Utgave 1 (24.\u00a0november 2026) er frosset allerede" in refused(tmp_path)


@pytest.mark.parametrize("date", ["2026-11-23", "2026-11-24"])
def test_an_edition_that_is_not_newer_than_the_last_is_refused(tmp_path: Path, date: str) -> None:
    name_present(tmp_path, "Utgave 2", date)
    keep(tmp_path, "Utgave 1", "2026-11-24")
    commit(tmp_path)
    assert "ikke nyere enn den siste frosne utgaven, Utgave 1" in refused(tmp_path)


def test_what_is_not_committed_is_refused_by_name(tmp_path: Path) -> None:
    name_present(tmp_path, "Utgave 1", "2026-11-24")
    commit(tmp_path)
    name_present(tmp_path, "Utgave 2", "2026-12-24")
    (tmp_path / "ny.csv").write_text("a\n", "utf-8")
    message = refused(tmp_path)
    assert "«book/utgave.yml» og «ny.csv»" in message
    assert "ikke lagt inn i git" in message


def test_a_folder_that_is_no_checkout_is_refused(tmp_path: Path) -> None:
    name_present(tmp_path, "Utgave 1", "2026-11-24")
    assert "ikke en git-utsjekking" in refused(tmp_path)


def test_a_build_that_stops_freezes_nothing(tmp_path: Path) -> None:
    name_present(tmp_path, "Utgave 1", "2026-11-24")
    commit(tmp_path)
    assert "data" in refused(tmp_path)
    assert not (tmp_path / "utgaver").exists()


def test_the_version_is_the_commit_and_tells_of_changes(tmp_path: Path) -> None:
    assert versions.version(tmp_path) == ""
    name_present(tmp_path, "Utgave 1", "2026-11-24")
    head = commit(tmp_path)
    assert versions.version(tmp_path) == head
    assert versions.version(tmp_path / "book") == "", "mappen er ikke toppen av utsjekkingen"
    (tmp_path / "ny.csv").write_text("a\n", "utf-8")
    assert versions.version(tmp_path) == head
    name_present(tmp_path, "Utgave 2", "2026-12-24")
    assert versions.version(tmp_path) == f"{head}+"


# For real


@pytest.fixture
def next_edition(project_copy: Path, reports_dir: Path) -> Path:
    """The project with an earlier edition of the same figures, but that Skaun's switchboard had 0.7 årsverk."""
    shutil.copy2(project.ROOT / ".gitignore", project_copy)
    present = project.edition()
    shutil.rmtree(project_copy / "utgaver", ignore_errors=True)
    figures = json.loads((reports_dir / "nokkeltall.json").read_text("utf-8"))
    for figure in figures:
        if figure["id"] == SKAUN:
            assert figure["verdi"] == 0.8
            figure["verdi"] = 0.7
        if figure["id"] == "sentralbord.arsverk.sum":
            figure["verdi"] = 2.5
    keep(project_copy, "Forrige utgave", (present.date - dt.timedelta(days=30)).isoformat(), figures)
    return project_copy


def test_a_changed_row_of_data_is_a_change_of_what_it_leads_to_and_of_nothing_else(next_edition: Path) -> None:
    staffing = next_edition / "data" / "raw" / "sak" / "bemanning.csv"
    text = staffing.read_text("utf-8")
    assert "sentralbord,5027,0.8," in text
    staffing.write_text(text.replace("sentralbord,5027,0.8,", "sentralbord,5027,0.9,"), "utf-8")
    script = (
        "import json; from publishing import editions\n"
        "print(json.dumps({i: [c.before, c.after] for i, c in editions.since_previous().changes.items()}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=next_edition, env={**os.environ, "PYTHONPATH": str(next_edition), "PYTHONUTF8": "1"},
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    found = json.loads(run.stdout)
    assert found["sentralbord.arsverk.midtre-gauldal"] == ["0,8\u00a0årsverk", "0,9\u00a0årsverk"]
    assert found["sentralbord.arsverk.skaun"] == ["0,7\u00a0årsverk", "0,8\u00a0årsverk"]
    assert found["felles.arsverk.midtre-gauldal"] == ["8,7\u00a0årsverk", "8,8\u00a0årsverk"]
    assert {name.split(".")[0] for name in found} == {"sentralbord", "felles"}
    assert "sentralbord.arsverk.melhus" not in found


def test_a_broken_edition_stops_the_build_before_anything_is_published(next_edition: Path) -> None:
    figures = next(next_edition.glob("utgaver/*/nokkeltall.json"))
    figures.write_text("[]", "utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "publishing", "build"],
        cwd=next_edition, env={**os.environ, "PYTHONPATH": str(next_edition)},
        capture_output=True, text=True, encoding="utf-8", timeout=600,
    )  # fmt: skip
    assert run.returncode == 1, run.stdout + run.stderr
    assert "nokkeltall.json" in run.stderr and "Byggingen stoppet" in run.stderr
    assert "2/5" not in run.stdout
    assert "Traceback" not in run.stderr


@pytest.mark.long(50)
def test_freezing_keeps_the_edition_and_its_pages_tell_what_changed(next_edition: Path, reports_dir: Path) -> None:
    head = commit(next_edition)
    run = subprocess.run(
        [sys.executable, "-m", "publishing", "freeze"],
        cwd=next_edition, env={**os.environ, "PYTHONPATH": str(next_edition)},
        capture_output=True, text=True, encoding="utf-8", timeout=900,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    present = project.edition()
    folder = next_edition / "utgaver" / editions.slug(present.name, present.date)
    assert f"git add utgaver/{folder.name}/" in run.stdout
    assert "Endre navn, dato og status i book/utgave.yml" in run.stdout

    # The folder holds what was handed out.
    facts = yaml.safe_load((folder / "utgave.yml").read_text("utf-8"))
    assert facts == {"navn": present.name, "dato": present.date, "status": present.state, "versjon": head}
    reports = next_edition / "reports"
    assert (folder / "nokkeltall.json").read_bytes() == (reports / "nokkeltall.json").read_bytes()
    assert sorted(path.stem for path in (folder / "pdf").glob("*.pdf")) == sorted(one.slug for one in project.reports())
    assert all(path.read_bytes().startswith(b"%PDF") for path in (folder / "pdf").glob("*.pdf"))
    assert [path.name for path in (next_edition / "utgaver").iterdir() if path.name.startswith(".")] == []

    def page(name: str) -> BeautifulSoup:
        return BeautifulSoup((reports / "html" / f"{name}.html").read_text("utf-8"), "html.parser")

    # The page of changes: what the text rests on first, and the earlier edition with its files.
    changes = page("book/endringer")
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in changes.select("article table tbody tr")
    ]
    total = ["Årsverk, sentralbord, samlet", "2,5\u00a0årsverk", "2,6\u00a0årsverk"]
    assert rows[0][:3] == total
    assert rows[0][3].startswith("Forsiden · Sentralbord")
    assert [*total, "endret"] in rows
    assert changes.article.get_text().count("Forrige utgave") >= 3
    links = [str(link["href"]) for link in changes.select("article a") if "utgaver/" in str(link["href"])]
    assert len(links) == 2
    for link in links:
        assert (reports / "html" / "book" / link).resolve().is_file(), link

    # The pages that show a changed number, and those that do not.
    overview = page("book/sentralbord/index")
    assert [card.text for card in overview.select(".hovedtall .endring")] == ["Var 2,5\u00a0årsverk i Forrige utgave"]
    ending = overview.select_one("section.endringer").get_text(" ", strip=True)
    assert "Årsverk, sentralbord, samlet: før 2,5\u00a0årsverk, nå 2,6\u00a0årsverk" in ending
    untouched = page("book/samfunnsutvikling/landbruk").select_one("section.endringer").get_text(" ", strip=True)
    assert "Ingen av nøkkeltallene i teksten er endret siden Forrige utgave" in untouched
