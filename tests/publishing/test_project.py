"""What the book consists of is read from its files, and a fault in them is told in bokmål."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from analysis.places import municipalities
from publishing import project
from publishing.additions import texts
from publishing.additions.new_report import OWN
from publishing.errors import BuildError

SLUGS = ["felles", "sentralbord", "postmottak-arkiv", "lonn-regnskap-fakturering", "samfunnsutvikling"]


def test_there_are_five_reports_and_each_begins_with_its_index() -> None:
    reports = project.reports()
    assert [report.slug for report in reports] == SLUGS
    for report in reports:
        assert report.docnames[0] == f"book/{report.slug}/index"
        assert report.parameters["omrade"] == report.slug


def test_the_phase_belongs_to_the_report() -> None:
    phases = {report.slug: report.phase for report in project.reports()}
    assert "fase 1" in phases["samfunnsutvikling"]
    assert all("fase 2" in phases[slug] for slug in SLUGS[1:4])


def test_every_chapter_on_disk_is_in_the_table_of_contents() -> None:
    on_disk = {
        path.relative_to(project.ROOT).with_suffix("").as_posix() for path in (project.ROOT / "book").rglob("*.ipynb")
    }
    stubs = {
        path.relative_to(project.ROOT).with_suffix("").as_posix() for path in (project.ROOT / "book").rglob("*.md")
    }
    shared = {chapter.notebook.relative_to(project.ROOT).with_suffix("").as_posix() for chapter in project.notebooks()}
    templates = {(texts.FOLDER / f"fase-{phase}-{chapter}").as_posix() for phase, own in OWN.items() for chapter in own}
    assert on_disk | stubs == set(project.chapters()) | shared | templates


def test_one_notebook_makes_the_pages_of_all_three_municipalities() -> None:
    pages = [chapter for chapter in project.notebooks() if "kommune" in chapter.parameters]
    assert {chapter.notebook.name for chapter in pages} == {"kommune.ipynb"}
    assert [chapter.parameters["kommune"] for chapter in pages] == [place.slug for place in municipalities()]


def test_a_shared_notebook_that_does_not_exist_is_told(tmp_path: Path) -> None:
    (tmp_path / "book" / "a").mkdir(parents=True)
    (tmp_path / "book" / "a" / "index.md").write_text("# A\n", "utf-8")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/a/index\n", "utf-8")
    (tmp_path / "book" / "a" / "parameters.yml").write_text(
        "tittel: A\nundertittel: B\nfase: C\nparametre: {}\nkapitler:\n  index: {notatbok: maler/x}\n", "utf-8"
    )
    with pytest.raises(BuildError, match=r"«index» viser til notatboken book/maler/x\.ipynb, som ikke finnes"):
        project.notebooks(tmp_path)


def test_the_edition_is_dated_by_its_file_and_not_by_the_clock() -> None:
    edition = project.edition()
    assert isinstance(edition.date, dt.date)
    assert edition.state in {"utkast", "til høring", "vedtatt"}


def test_every_missing_chapter_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: a\nchapters:\n  - file: b\n  - file: c\n", "utf-8")
    (tmp_path / "a.md").write_text("# A\n", "utf-8")
    with pytest.raises(BuildError) as caught:
        project.chapters(tmp_path)
    assert len(caught.value.problems) == 2
    assert "«b»" in caught.value.problems[0]
