"""Chapters are executed when something that decides their numbers changed, and only then."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from publishing import execution
from publishing.errors import BuildError

PARAMETERS = "tittel: En\nundertittel: Prøve\nfase: Fase 1\nparametre:\n  navn: {name}\n"


def notebook(*cells: nbformat.NotebookNode) -> str:
    made = nbformat.v4.new_notebook()
    made.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    made.cells = list(cells)
    return nbformat.writes(made)


def parameters() -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell('navn = "ingen"')
    cell.metadata = {"tags": ["parameters"]}
    return cell


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one report with two chapters; the first shows its parameter, the second a number from analysis/."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tall.csv").write_text("tall\n1\n", "utf-8")
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "__init__.py").write_text("TALL = 42\n", "utf-8")
    report = tmp_path / "book" / "en"
    report.mkdir(parents=True)
    (report / "parameters.yml").write_text(PARAMETERS.format(name="Skaun"), "utf-8")
    prose, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    (report / "index.ipynb").write_text(notebook(prose("# En"), parameters(), code("navn")), "utf-8")
    (report / "to.ipynb").write_text(notebook(prose("# To"), code("import analysis; analysis.TALL")), "utf-8")
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: book/en/index\nchapters:\n  - file: book/en/to\n", "utf-8"
    )
    return tmp_path


def shown(root: Path, docname: str) -> str:
    executed = nbformat.read(execution.executed_path(docname, root), as_version=4)
    return executed.cells[-1].outputs[0].data["text/plain"]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_second_run_with_nothing_changed_executes_nothing(project: Path) -> None:
    assert execution.execute_all(project) == execution.Summary(chapters=2, executed=2)
    assert execution.execute_all(project) == execution.Summary(chapters=2, executed=0)
    assert shown(project, "book/en/index") == "'Skaun'"
    assert shown(project, "book/en/to") == "42"


def test_an_edit_of_prose_executes_nothing_and_still_reaches_the_reader(project: Path) -> None:
    execution.execute_all(project)
    edit(project / "book/en/to.ipynb", "# To", "# Ny tittel")
    assert execution.execute_all(project).executed == 0
    assert "# Ny tittel" in execution.executed_path("book/en/to", project).read_text("utf-8")


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [("data/tall.csv", "1", "2"), ("analysis/__init__.py", "42", "43")],
)
def test_an_edit_of_data_or_analysis_executes_every_chapter(project: Path, path: str, old: str, new: str) -> None:
    execution.execute_all(project)
    edit(project / path, old, new)
    assert execution.execute_all(project).executed == 2


def test_an_edit_of_code_executes_that_chapter_alone(project: Path) -> None:
    execution.execute_all(project)
    edit(project / "book/en/to.ipynb", "analysis.TALL", "analysis.TALL + 1")
    assert execution.execute_all(project).executed == 1
    assert shown(project, "book/en/to") == "43"


def test_an_edit_of_the_parameters_shows_in_the_report(project: Path) -> None:
    execution.execute_all(project)
    (project / "book/en/parameters.yml").write_text(PARAMETERS.format(name="Melhus"), "utf-8")
    execution.execute_all(project)
    assert shown(project, "book/en/index") == "'Melhus'"


def test_a_chapter_taken_out_of_the_book_leaves_no_executed_copy(project: Path) -> None:
    execution.execute_all(project)
    (project / "_toc.yml").write_text("format: jb-book\nroot: book/en/index\n", "utf-8")
    execution.execute_all(project)
    assert not execution.executed_path("book/en/to", project).exists()


def test_an_executed_copy_holds_neither_times_nor_paths(project: Path) -> None:
    execution.execute_all(project)
    text = execution.executed_path("book/en/index", project).read_text("utf-8")
    assert str(project) not in text
    assert "papermill" not in text
    assert "iopub" not in text


def test_every_faulty_chapter_is_told_at_once_and_leaves_the_last_good_copy(project: Path) -> None:
    execution.execute_all(project)
    good = execution.executed_path("book/en/to", project).read_bytes()
    edit(project / "book/en/index.ipynb", '"navn"', '"raise ValueError(navn)"')
    edit(project / "book/en/to.ipynb", "analysis.TALL", "analysis.finnes_ikke")
    with pytest.raises(BuildError) as caught:
        execution.execute_all(project)
    first, second = caught.value.problems
    assert (
        "book/en/index.ipynb: Cellen som begynner med «raise ValueError(navn)», stoppet med ValueError: Skaun." in first
    )
    assert "AttributeError" in second
    assert execution.executed_path("book/en/to", project).read_bytes() == good
