"""``make ny-rapport``: a new area builds at once, with everything marked as missing and nothing else changed."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
import yaml

from publishing.additions import names, rows
from publishing.additions.draft import draft
from publishing.additions.new_report import new_report
from tests.conftest import ROOT, copied
from tests.publishing.additions.copies import content, done, figures, folders, python, text_of

pytestmark = pytest.mark.long(60)

CHAPTERS = ("index", "dagens-situasjon", "gevinster", "kostnadsfordeling", "organisering", "gjennomforing")


@pytest.fixture(scope="module")
def with_area(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with the area Innkjøp, made by the command, checked and built."""
    root = copied(tmp_path_factory.mktemp("omrade") / "prosjekt")
    told = done(root, "new-report", "--navn", "Innkjøp")
    assert "book/innkjop/" in told and "Neste steg" in told
    assert "Dataene og tekstene er i orden." in done(root, "check")
    done(root, "build")
    return root


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_is_there_and_says_what_is_missing(with_area: Path, chapter: str) -> None:
    page = text_of(with_area, f"book/innkjop/{chapter}.html").lower()
    assert "mangler" in page or "ikke levert" in page or "ikke besvart" in page
    for residue in ("{navn}", "{i_setning}", "{slug}", "none", " nan", ":::"):
        assert residue not in page
    # A sentence with the word where a number should be says nothing.
    assert "minst mangler" not in page and "til mangler" not in page and "koster mangler" not in page


def test_there_is_a_pdf_and_a_single_file(with_area: Path) -> None:
    assert (with_area / "reports/pdf/innkjop.pdf").stat().st_size > 20_000
    assert "Innkjøp" in (with_area / "reports/enkeltfil/innkjop.html").read_text("utf-8")


def test_the_report_says_that_nobody_has_asked_for_it(with_area: Path) -> None:
    assert "Datagrunnlaget viser heller ikke noe vedtak om å utrede innkjøp" in text_of(
        with_area, "book/innkjop/index.html"
    )
    assert "Et vedtak om å utrede innkjøp" in text_of(with_area, "book/felles/datahull.html")


def test_every_number_of_the_area_is_missing(with_area: Path) -> None:
    own = {name: row for name, row in figures(with_area).items() if row["omrade"] == "innkjop"}
    assert {row["status"] for name, row in own.items() if name != "innkjop.datahull"} == {"mangler"}
    assert own["innkjop.datahull"]["verdi"] == 13
    # As much is published of it as of every other area, so that whoever reads the figures finds the gap. What only one
    # of them counts (calls, for one) is not asked of it.
    known = [
        {name.removeprefix(f"{area}.") for name in figures(with_area) if name.startswith(f"{area}.")}
        for area in ("sentralbord", "postmottak-arkiv")
    ]
    assert {name.removeprefix("innkjop.") for name in own} == known[0] & known[1]
    assert "ansatte.skaun" in known[0] & known[1]


def test_no_old_figure_is_changed(with_area: Path, reports_dir: Path) -> None:
    before, after = figures(ROOT), figures(with_area)
    # What counts the gaps of all areas has more to count.
    assert {
        name
        for name, row in before.items()
        if any(row[part] != after[name][part] for part in ("verdi", "enhet", "status"))
    } == {"felles.datahull"}
    assert after["felles.datahull"]["verdi"] == before["felles.datahull"]["verdi"] + 13


def test_the_joint_report_says_which_area_it_is_without(with_area: Path) -> None:
    said = "«Innkjøp» er ikke med i summene, fordi området ikke har levert tall for årsverk og kostnader."
    for chapter in ("index", "okonomi", "kostnadsnokler", "modellvalg", "skaun", "metode"):
        assert said in text_of(with_area, f"book/felles/{chapter}.html"), chapter
    assert "uten innkjøp, som ikke har levert tall" in figures(with_area)["felles.arsverk.sum"]["kilde"]


def test_the_reports_as_they_are_do_not_speak_of_areas_left_out(reports_dir: Path) -> None:
    assert "er ikke med i summene" not in text_of(ROOT, "book/felles/index.html")


def test_the_front_page_leads_to_it(with_area: Path) -> None:
    assert "Årsverk i kommunene i dag: mangler" in text_of(with_area, "book/index.html")


def test_the_table_of_contents_keeps_its_comments_and_order(written_copy: Path) -> None:
    before = (written_copy / "_toc.yml").read_text("utf-8")
    new_report("Innkjøp", root=written_copy)
    lines = (written_copy / "_toc.yml").read_text("utf-8").splitlines()
    new = [line for line in lines if "innkjop" in line or line == "        title: Innkjøp"]
    assert len(new) == 7
    first = lines.index("      - file: book/innkjop/index")
    assert "\n".join([*lines[:first], *lines[first + 8 :]]) + "\n" == before
    part = next(
        p for p in yaml.safe_load("\n".join(lines))["parts"] if p["caption"] == "Administrative områder (fase 2)"
    )
    assert part["chapters"][-1]["title"] == "Innkjøp"


def test_a_mapping_has_its_own_chapters_and_part(project_copy: Path) -> None:
    made = new_report("Eiendom og utleie", "1", "Kommunale bygg.", project_copy)
    assert made.slug == "eiendom-utleie"
    assert "Dataene og tekstene er i orden." in done(project_copy, "check")
    parts = yaml.safe_load((project_copy / "_toc.yml").read_text("utf-8"))["parts"]
    part = next(part for part in parts if part["caption"] == "Samfunnsutvikling (fase 1)")
    assert part["chapters"][-1]["file"] == "book/eiendom-utleie/index"
    assert "eiendom-utleie" not in (project_copy / "data/raw/sak/bemanning.csv").read_text("utf-8")
    assert "eiendom-utleie,Eiendom og utleie,1,6,Kommunale bygg.\n" in (project_copy / "data/omrader.csv").read_text(
        "utf-8"
    )


def test_the_gaps_are_those_that_every_area_has_today() -> None:
    with (ROOT / "data/datahull.csv").open(encoding="utf-8", newline="") as file:
        gaps = [row["id"].split(".") for row in csv.DictReader(file)]
    common = Counter(part for area, *parts in gaps for part in parts[:1] if area not in ("felles", "samfunnsutvikling"))
    told = yaml.safe_load((ROOT / "book/maler/ny-rapport/rader.yml").read_text("utf-8"))["mangler"]["fase-2"]
    assert {part for part, number in common.items() if number == 3} <= {part for part, *_ in told}


JOINT = """
from analysis import baseline, keyfigures
known = keyfigures.by_id()
print([area.slug for area in baseline.left_out()], known["felles.arsverk.sum"].number, known["felles.arsverk.skaun"].number,
      known["felles.gevinst.folketall.21.sum"].status, known["innkjop.arsverk.skaun"].number)
"""


def test_from_the_first_number_the_area_is_in_the_joint_sums(project_copy: Path) -> None:
    """Half an area must not pass for a whole: what is still missing makes the joint sum missing, as within an area."""
    new_report("Innkjøp", root=project_copy)
    assert python(project_copy, JOINT).strip() == "['innkjop'] 28.1 8.3 beregnet None"
    path = project_copy / "data/raw/sak/bemanning.csv"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("innkjop,5029,,,,,mangler,mangler,", "innkjop,5029,2,1500000,,,mangler,oppgitt,"), "utf-8"
    )
    assert python(project_copy, JOINT).strip() == "[] None 10.3 mangler 2.0"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Lønn, regnskap og fakturering", "lonn-regnskap-fakturering"),
        ("Postmottak og arkiv", "postmottak-arkiv"),
        ("Sentralbord", "sentralbord"),
        ("Færøysk én-til-én", "faeroysk-en-til-en"),
        ("  Åpne data ", "apne-data"),
        ("IT 2030", "it-2030"),
    ],
)
def test_slugs_are_made_as_those_that_are_there(name: str, slug: str) -> None:
    assert names.slug_of(name) == slug


@pytest.mark.parametrize("renamed", [0, 1, 9])
def test_a_fault_in_the_middle_leaves_every_byte_as_it_was(written_copy: Path, renamed: int) -> None:
    before, before_folders = content(written_copy), folders(written_copy)
    done_before_fault = []

    def failing(source: Path, target: Path) -> None:
        if len(done_before_fault) == renamed:
            raise OSError("no space left")
        done_before_fault.append(target)
        source.replace(target)

    with draft(written_copy) as made:
        for number in range(5):
            (made.folder / "book" / "ny" / "dyp").mkdir(parents=True, exist_ok=True)
            (made.folder / "book" / "ny" / "dyp" / f"{number}.md").write_text("# Ny\n", "utf-8")
            path = made.folder / "data" / ["kommuner", "omrader", "datahull", "avvik", "kilder"][number]
            path.with_suffix(".csv").write_bytes(path.with_suffix(".csv").read_bytes() + b"\n")
        with pytest.raises(OSError, match="no space"):
            made.put_in_place(failing)
    assert len(done_before_fault) == renamed
    assert content(written_copy) == before
    assert folders(written_copy) == before_folders


def test_a_row_that_a_rule_demands_is_added_whatever_table_it_is_in(written_copy: Path) -> None:
    """The rules are asked, and no list of tables is kept: a row taken away comes back, marked as missing."""
    path = written_copy / "data/raw/sak/merkantile.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("5027")), "utf-8")
    assert rows.complete(written_copy, {}) == 1
    assert path.read_text("utf-8").splitlines()[-1] == "5027,,,mangler,Ikke levert."


def test_a_table_keeps_the_line_endings_of_excel(written_copy: Path) -> None:
    path = written_copy / "data/raw/sak/merkantile.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n").removesuffix(b"\r\n"))
    rows.add(written_copy, "merkantile", {"kommunenr": "5059"})
    assert path.read_bytes().endswith(b"\r\n5059,,,mangler,Ikke levert.\r\n")
