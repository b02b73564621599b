"""A fourth municipality is data: the command writes rows, and the code copes with four where it coped with three.

Orkland is a neighbour, taken for its name and number alone. Every figure of it is missing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml

from publishing.additions.new_municipality import new_municipality
from tests.conftest import ROOT, copied
from tests.publishing.additions.copies import content, done, figures, python, run, text_of

pytestmark = pytest.mark.long(60)


@pytest.fixture(scope="module")
def of_four(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with Orkland as the fourth, made by the command, checked and built."""
    root = copied(tmp_path_factory.mktemp("kommune") / "prosjekt")
    done(root, "new-municipality", "--navn", "Orkland", "--nummer", "5059")
    assert "Dataene og tekstene er i orden." in done(root, "check")
    done(root, "build")
    return root


def test_only_data_and_places_for_its_page_are_written(of_four: Path) -> None:
    before, after = content(ROOT), content(of_four)
    assert {name for name in after if before.get(name) != after[name]} == {
        "_toc.yml",
        "book/felles/index.ipynb",
        "book/felles/orkland.md",
        "book/felles/parameters.yml",
        "book/index.ipynb",
        "book/tilgjengelighet.md",
        "data/datahull.csv",
        "data/kommuner.csv",
        "data/raw/levert/leverte_opplysninger.csv",
        "data/raw/sak/bemanning.csv",
        "data/raw/sak/merkantile.csv",
    }


def test_it_has_a_page_of_its_own_that_says_what_is_missing(of_four: Path) -> None:
    page = text_of(of_four, "book/felles/orkland.html")
    assert "Hva betyr det for Orkland?" in page
    assert "Orkland har ikke levert årsverk og kostnader for alle de administrative områdene" in page
    assert "kan ikke regnes ut ennå" in page
    assert "Kostnadene mangler, så figuren kan ikke tegnes" in page


def test_no_page_has_the_word_in_the_place_of_a_number_in_a_sentence(of_four: Path) -> None:
    for path in sorted((of_four / "reports/html/book").rglob("*.html")):
        page = text_of(of_four, path.relative_to(of_four / "reports/html").as_posix()).lower()
        for broken in (
            "minst mangler",
            "mangler til mangler",
            "har mangler",
            "oppgir mangler",
            "koster mangler",
            "på mangler",
            ":::",
        ):
            assert broken not in page, (path.name, broken)


def test_no_old_figure_gets_another_number(of_four: Path, reports_dir: Path) -> None:
    """Each municipality's own figures stand. What is of all of them together is missing: three are not four."""
    before, after = figures(ROOT), figures(of_four)
    assert set(before) <= set(after)
    changed = {name for name, row in before.items() if row["verdi"] != after[name]["verdi"]}
    assert changed
    counted = {name for name in changed if name.endswith(".datahull")}
    assert after["felles.summer-som-ikke-stemmer"]["verdi"] == 1  # the total of the case is checked against the case
    assert {after[name]["status"] for name in changed - counted} <= {"mangler", "tilbakeholdt"}
    for place in ("skaun", "melhus", "midtre-gauldal"):
        for name, row in before.items():
            measure = name.split(".")[1]
            if name.endswith(f".{place}") and measure in (
                "arsverk",
                "kostnad",
                "kostnad-per-arsverk",
                "innbyggere",
                "brutto",
            ):
                assert row["verdi"] == after[name]["verdi"], name


def test_everything_of_its_own_is_missing(of_four: Path) -> None:
    own = [row for row in figures(of_four).values() if row["kommune"] == "Orkland"]
    assert len(own) > 100
    assert {row["status"] for row in own} <= {"mangler", "tilbakeholdt"}
    assert figures(of_four)["felles.innbyggere.orkland"]["status"] == "mangler"
    assert figures(of_four)["felles.kostnad.sum"]["status"] == "mangler"


def test_the_names_of_the_municipalities_come_from_the_table(of_four: Path) -> None:
    names = "Skaun, Melhus, Midtre Gauldal og Orkland"
    assert f"{names} utreder om de skal" in text_of(of_four, "book/index.html")
    assert f"{names} kommuner" in (of_four / "reports/html/book/index.html").read_text("utf-8")
    assert f"samarbeid mellom {names}" in (of_four / "reports/enkeltfil/sentralbord.html").read_text("utf-8")


def test_tables_have_a_column_for_it(of_four: Path) -> None:
    page = text_of(of_four, "book/felles/kommunene.html")
    assert "saken sier det ikke" in page
    assert "tall for Orkland mangler" in page


ANALYSIS = """
from analysis import economy, keyfigures
from analysis.views import models
known = keyfigures.by_id()
for name in ("felles.arsverk.sum", "felles.gevinst.shapley.21.sum", "felles.gevinst.shapley.21.orkland", "felles.gevinst.folketall.21.sum",
             "felles.betaling.lik-andel.10.orkland", "felles.nullpunkt.folketall.orkland"):
    print(name, known[name].number)
print(models.hosting().note)
"""


def test_with_its_figures_delivered_four_share_the_gain(project_copy: Path) -> None:
    """The figures are made up for the test: 1 årsverk and 1 000 000 kr in each area, 10 000 inhabitants."""
    new_municipality("Orkland", "5059", project_copy)
    staffing = project_copy / "data/raw/sak/bemanning.csv"
    text = staffing.read_text("utf-8").replace(",5059,,,,,mangler,mangler,", ",5059,1,1000000,,,tilbakeholdt,oppgitt,")
    staffing.write_text(text, "utf-8")
    people = project_copy / "data/raw/ssb/befolkning.csv"
    rows = "".join(f"5059,Orkland,{year}-01-01,10000,prøve\n" for year in range(2021, 2027))
    before = hashlib.sha256(people.read_bytes()).hexdigest()
    people.write_text(people.read_text("utf-8") + rows, "utf-8")
    frozen = project_copy / "data/frosset.csv"  # as `make statistikk` leaves it
    after = hashlib.sha256(people.read_bytes()).hexdigest()
    frozen.write_text(frozen.read_text("utf-8").replace(before, after), "utf-8")
    assert "Dataene og tekstene er i orden." in done(project_copy, "check")
    *lines, note = python(project_copy, ANALYSIS).strip().splitlines()
    found = {name: float(number) for name, number in map(str.split, lines)}
    assert found["felles.arsverk.sum"] == pytest.approx(28.1 + 3)
    # 21 percent of 23 200 000 + 3 000 000 kr, whoever gets it.
    assert (
        found["felles.gevinst.shapley.21.sum"] == found["felles.gevinst.folketall.21.sum"] == pytest.approx(5_502_000)
    )
    # Everyone pays a fourth of 90 percent of 26 200 000 kr.
    assert found["felles.betaling.lik-andel.10.orkland"] == pytest.approx(5_895_000)
    # 10 000 of 42 490 inhabitants pay 6 166 156 kr of today's 26 200 000: it pays 3 000 000 first at 51,3 percent.
    assert found["felles.nullpunkt.folketall.orkland"] == pytest.approx(
        100 * (1 - 3_000_000 / (26_200_000 * 10_000 / 42_490))
    )
    assert found["felles.gevinst.shapley.21.orkland"] > 0
    assert "på 64 måter" in note  # three areas, each with four possible hosts


def test_its_page_stands_after_the_others(written_copy: Path) -> None:
    new_municipality("Orkland", "5059", written_copy)
    new_municipality("Trondheim", "5001", written_copy)
    joint = yaml.safe_load((written_copy / "_toc.yml").read_text("utf-8"))["parts"][0]["chapters"][0]["sections"]
    named = [chapter["title"] for chapter in joint if "title" in chapter]
    assert named == ["Skaun", "Melhus", "Midtre Gauldal", "Orkland", "Trondheim"]


def test_a_municipality_without_inhabitants_must_be_told_of_as_a_gap(project_copy: Path) -> None:
    new_municipality("Orkland", "5059", project_copy)
    path = project_copy / "data/datahull.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "folketall-orkland" not in line), "utf-8")
    ran = run(project_copy, "check")
    assert ran.returncode == 1
    assert "data/raw/ssb/befolkning.csv: Folketallet for kommunenr «5059» mangler." in ran.stderr
    assert "felles.folketall-orkland" in ran.stderr
