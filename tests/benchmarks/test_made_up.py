"""The made-up projects are made of the real chapters, and pass what every build is checked for."""

from __future__ import annotations

from pathlib import Path

from benchmarks.made_up import CHAPTERS, letters, with_chapters, with_own_charts, within_report
from publishing import checking, project


def test_a_project_has_as_many_chapters_as_asked_for_and_nothing_to_complain_of(tmp_path: Path) -> None:
    folder = with_chapters(20, tmp_path / "oppdiktet")
    assert len(project.notebooks(folder)) == 20
    assert [len(report.docnames) for report in project.reports(folder)] == [10, 10]
    checking.check(folder)


def test_every_chapter_has_parameters_that_no_other_has(tmp_path: Path) -> None:
    chapters = project.notebooks(with_chapters(20, tmp_path / "oppdiktet"))
    seen = {(chapter.docname.rpartition("/")[2], str(chapter.parameters)) for chapter in chapters}
    assert len(seen) == len(chapters)


def test_links_stay_within_the_report() -> None:
    text = "Se [Gevinster](gevinster.md) og [Mandat](../felles/mandat.ipynb)."
    assert within_report(text, CHAPTERS) == "Se [Gevinster](gevinster.ipynb) og Mandat."


def test_a_cell_marks_its_chart_with_the_copy() -> None:
    assert with_own_charts("economy.gains(omrade)") == "own(economy.gains(omrade), kopi)"


def test_reports_are_told_apart_by_letters_since_a_figure_needs_a_source() -> None:
    assert [letters(number) for number in (0, 1, 26, 27)] == ["aa", "ab", "ba", "bb"]
