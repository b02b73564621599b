"""Chapters are executed when something that decides their numbers changed, and only then."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import nbformat
import pytest

from publishing import execution, warm_pool
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


BOTH = [
    pytest.param(True, marks=pytest.mark.skipif(not warm_pool.available(), reason="bare på Linux"), id="warm"),
    pytest.param(False, id="kernel"),
]


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


def chapter(root: Path, *cells: str) -> None:
    """Make a chapter of code cells, the only one of the book."""
    made = [nbformat.v4.new_code_cell(text) for text in cells]
    (root / "book/en/to.ipynb").write_text(notebook(nbformat.v4.new_markdown_cell("# To"), *made), "utf-8")
    (root / "_toc.yml").write_text("format: jb-book\nroot: book/en/to\n", "utf-8")


@pytest.mark.skipif(not warm_pool.available(), reason="bare på Linux")
def test_what_is_shown_does_not_depend_on_the_engine(project: Path):
    chapter(
        project,
        "import analysis, os, sys\nprint('ut'); print('feil', file=sys.stderr);",
        "from IPython.display import HTML, display\nhandle = display(1, display_id='en')\ndisplay(HTML('<b>to</b>'), metadata={'a': 1})\n{'b': (1, 2)}",
        "handle.update(3)",
        "_",
        "%precision 2\n3.14159",
        "import pandas as pd\npd.DataFrame({'æ': [1.5, None]})",
        "6;",
        "",
        "class Bundle:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n        return {'application/json': {'a': (1, 2)}, 'image/png': b'\\x89', 'text/plain': 'ut'}\nBundle()",
        "list({'a', 'b', 'c', 'd', 'e'}), __name__, analysis.__file__, os.getcwd()",
        "import subprocess\nsubprocess.run(['true']).returncode, 'publishing' in dir(), [name for name in dir() if name[0] != '_']",
    )
    copies = {}
    for warm in (True, False):
        assert execution.execute_all(project, warm=warm).executed == 1
        copies[warm] = nbformat.read(execution.executed_path("book/en/to", project), as_version=4).cells
        edit(project / "data" / "tall.csv", "1", "2") if warm else None
    for by_warm, by_kernel in zip(copies[True], copies[False], strict=True):
        by_warm.source = by_kernel.source  # the digest of the data, changed to have it run again
        assert _in_order(by_warm) == _in_order(by_kernel)


def _in_order(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """With standard output before standard error: a kernel sends them on two ways, and either may come first."""
    if "outputs" in cell:
        streams = sorted(
            (output for output in cell.outputs if output.output_type == "stream"), key=lambda one: one.name
        )
        text = {name: "".join(one.text for one in streams if one.name == name) for name in ("stdout", "stderr")}
        cell.outputs = [text, *(output for output in cell.outputs if output.output_type != "stream")]
    return cell


@pytest.mark.parametrize("warm", BOTH)
@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1 / 0", "Cellen som begynner med «1 / 0», stoppet med ZeroDivisionError: division by zero."),
        ("1 +", "Cellen som begynner med «1 +», stoppet med SyntaxError"),
        ("raise SystemExit('ferdig')", "stoppet med SystemExit: ferdig."),
        ("import os; os._exit(3)", "Kjøringen stoppet fordi Python avsluttet uventet."),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "Kjøringen stoppet fordi Python avsluttet uventet."),
    ],
)  # fmt: skip
def test_a_chapter_that_stops_is_told_in_the_same_words_whatever_runs_it(
    project: Path, warm: bool, cell: str, told: str
):
    chapter(project, cell)
    with pytest.raises(BuildError) as caught:
        execution.execute_all(project, warm=warm)
    (problem,) = caught.value.problems
    assert problem.startswith("book/en/to.ipynb: ")
    assert told in problem


@pytest.mark.parametrize("warm", BOTH)
def test_a_chapter_that_never_ends_is_stopped(project: Path, warm: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(execution, "LIMIT", 5)
    chapter(project, "while True:\n    pass")
    with pytest.raises(BuildError, match=r"book/en/to.ipynb: .* brukte mer enn 5 sekunder"):
        execution.execute_all(project, warm=warm)


@pytest.mark.skipif(not warm_pool.available(), reason="bare på Linux")
def test_a_chapter_that_dies_takes_no_other_with_it(project: Path):
    edit(project / "book/en/index.ipynb", '"navn"', '"import os; os._exit(1)"')
    with pytest.raises(BuildError) as caught:
        execution.execute_all(project)
    assert len(caught.value.problems) == 1
    assert shown(project, "book/en/to") == "42"


@pytest.mark.skipif(not warm_pool.available(), reason="bare på Linux")
def test_a_fault_in_the_analysis_is_told_of_the_chapters_that_meet_it(project: Path):
    (project / "analysis" / "keyfigures.py").write_text("import sys\nsys.exit('stopp')\n", "utf-8")
    assert execution.execute_all(project).executed == 2
    (project / "analysis" / "__init__.py").write_text("raise OSError('borte')\n", "utf-8")
    with pytest.raises(BuildError, match=r"^book/en/to.ipynb: .*OSError: borte\. [^\n]*$"):
        execution.execute_all(project)


@pytest.mark.skipif(not warm_pool.available(), reason="bare på Linux")
def test_a_build_that_is_interrupted_leaves_no_process(project: Path, monkeypatch: pytest.MonkeyPatch):
    chapter(project, "import os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(60)")
    monkeypatch.setattr(execution, "as_completed", interrupted_when(project / "pid"))
    with pytest.raises(KeyboardInterrupt):
        execution.execute_all(project)
    pid = int((project / "pid").read_text("utf-8"))
    for _ in range(100):
        try:
            os.kill(pid, signal.SIG_DFL)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("the chapter still runs")


def interrupted_when(path: Path):
    def wait(futures: object):
        while not path.exists() or not path.read_text("utf-8"):
            time.sleep(0.05)
        raise KeyboardInterrupt

    return wait
