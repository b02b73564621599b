"""What the book consists of is read from its files, and a fault in them is told in bokmål."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from publishing import project
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
    assert on_disk == set(project.chapters())


def test_the_edition_is_dated_by_its_file_and_not_by_the_clock() -> None:
    edition = project.edition()
    assert isinstance(edition.date, dt.date)
    assert edition.state in {"utkast", "til høring", "vedtatt"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("navn: Utkast 1\ndato: i dag\nstatus: utkast\n", "«dato» må være en dato"),
        ("navn: Utkast 1\nstatus: utkast\n", "«dato» må være en dato"),
        ("", "tom eller har feil form"),
        ("navn: [\n", "ikke gyldig YAML"),
        ("navn: Utkast 1\ndato: 2026-11-24\nstatus: nesten ferdig\n", "«status» må være"),
        ("dato: 2026-11-24\nstatus: utkast\n", "Mangler navn"),
    ],
)
def test_a_faulty_edition_file_is_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "utgave.yml").write_text(content, "utf-8")
    with pytest.raises(BuildError, match=message):
        project.edition(tmp_path)


def test_every_missing_chapter_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: a\nchapters:\n  - file: b\n  - file: c\n", "utf-8")
    (tmp_path / "a.md").write_text("# A\n", "utf-8")
    with pytest.raises(BuildError) as caught:
        project.chapters(tmp_path)
    assert len(caught.value.problems) == 2
    assert "«b»" in caught.value.problems[0]
