"""Chapters are executed when something that decides their numbers changed, and only then."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import nbformat
import psutil
import pytest

from publishing import execution, forks, warm_engine
from publishing.errors import BuildError

pytestmark = pytest.mark.long(45)

ROOT = Path(__file__).resolve().parents[2]

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


@pytest.fixture(scope="module")
def pool():
    """One executor for all tests that need none of their own: the libraries are imported once."""
    with execution.pool(2) as shared:
        yield shared


BOTH = [
    pytest.param(True, marks=pytest.mark.skipif(not forks.available(), reason="bare på Linux"), id="warm"),
    pytest.param(False, id="kernel"),
]


def shown(root: Path, docname: str) -> str:
    executed = nbformat.read(execution.executed_path(docname, root), as_version=4)
    return executed.cells[-1].outputs[0].data["text/plain"]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_second_run_with_nothing_changed_executes_nothing(project: Path, pool: Executor) -> None:
    assert execution.execute_all(project, executor=pool) == execution.Summary(chapters=2, executed=2)
    assert execution.execute_all(project, executor=pool) == execution.Summary(chapters=2, executed=0)
    assert shown(project, "book/en/index") == "'Skaun'"
    assert shown(project, "book/en/to") == "42"


def test_an_edit_of_prose_executes_nothing_and_still_reaches_the_reader(project: Path, pool: Executor) -> None:
    execution.execute_all(project, executor=pool)
    edit(project / "book/en/to.ipynb", "# To", "# Ny tittel")
    assert execution.execute_all(project, executor=pool).executed == 0
    assert "# Ny tittel" in execution.executed_path("book/en/to", project).read_text("utf-8")


def test_an_edit_of_prose_takes_the_outputs_over_and_gives_what_an_execution_gives(
    project: Path, pool: Executor
) -> None:
    execution.execute_all(project, executor=pool)
    path = project / "book/en/index.ipynb"
    edited = nbformat.read(path, as_version=4)
    edited.cells.insert(1, nbformat.v4.new_markdown_cell("Et avsnitt foran parametrene."))
    nbformat.write(edited, path)
    assert execution.execute_all(project, executor=pool).executed == 0
    taken_over = execution.executed_path("book/en/index", project).read_bytes()
    (project / execution.RECORD).unlink()
    assert execution.execute_all(project, executor=pool).executed == 2
    assert execution.executed_path("book/en/index", project).read_bytes() == taken_over


def test_an_edit_taken_back_executes_nothing_that_was_not_executed_meanwhile(project: Path, pool: Executor) -> None:
    execution.execute_all(project, executor=pool)
    edit(project / "book/en/to.ipynb", "# To", "# Ny tittel")
    edit(project / "book/en/to.ipynb", "# Ny tittel", "# To")
    assert execution.execute_all(project, executor=pool).executed == 0


def test_data_that_change_while_the_chapters_run_have_them_run_again(project: Path, pool: Executor) -> None:
    chapter(project, "import pathlib; pathlib.Path('data/tall.csv').write_text('tall\\n7\\n')")
    execution.execute_all(project, executor=pool)
    edit(project / "data/tall.csv", "7", "1")  # as it was when the run began
    assert execution.execute_all(project, executor=pool).executed == 1


SPOILT = {
    "a digit of an output": lambda copy: copy.replace(b'"42"', b'"43"'),
    "cut short": lambda copy: copy[: len(copy) // 2],
    "empty": lambda copy: b"",
    "not text": lambda copy: b"\xff\xfe\x00" * 100,
    "another notebook": lambda copy: notebook(nbformat.v4.new_markdown_cell("# To")).encode(),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("prose", ["# To", "# Ny tittel"], ids=["untouched", "prose edited"])
def test_a_spoilt_executed_copy_is_not_believed(project: Path, pool: Executor, spoil, prose: str) -> None:
    execution.execute_all(project, executor=pool)
    copy = execution.executed_path("book/en/to", project)
    good = copy.read_bytes()
    assert spoil(good) != good
    copy.write_bytes(spoil(good))
    edit(project / "book/en/to.ipynb", "# To", prose)
    assert execution.waiting(project) == ["book/en/to"]
    assert execution.execute_all(project, executor=pool).executed == 1
    assert copy.read_bytes() == good.replace(b"# To", prose.encode())


def lines_of(text: str, make: Callable[[list[str]], object]) -> str:
    return "".join(f"{json.dumps(make(json.loads(line)))}\n" for line in text.splitlines())


SPOILT_RECORDS = {
    "cut short": lambda text: text[:-20],
    "empty": lambda text: "",
    "garbage": lambda text: "\x00}{",
    "lists": lambda text: "[1, 2]\n" * 2,
    "null": lambda text: "null\nnull\n",
    "wrong types": lambda text: lines_of(text, lambda line: [line[0], 1, None, {}]),
    "too few": lambda text: lines_of(text, lambda line: line[:2]),
    "numbers": lambda text: lines_of(text, lambda line: 3),
    "deep": lambda text: "[" * 100_000,
    "of each other": lambda text: "".join(
        f"{json.dumps([json.loads(name)[0], *json.loads(made)[1:]])}\n"
        for name, made in zip(text.splitlines(), reversed(text.splitlines()), strict=True)
    ),
}


@pytest.mark.parametrize("spoil", SPOILT_RECORDS.values(), ids=SPOILT_RECORDS)
def test_a_spoilt_record_is_not_believed(project: Path, pool: Executor, spoil) -> None:
    execution.execute_all(project, executor=pool)
    record = project / execution.RECORD
    good = record.read_text("utf-8").splitlines()
    spoilt = spoil(record.read_text("utf-8"))
    record.write_text(spoilt, "utf-8")
    believed = set(good) & set(spoilt.splitlines())
    assert execution.execute_all(project, executor=pool).executed == 2 - len(believed)
    assert shown(project, "book/en/to") == "42"
    told = {json.loads(line)[0]: line for line in record.read_text("utf-8").splitlines()}  # what stands last counts
    assert sorted(told.values()) == sorted(good)


def test_a_record_that_is_no_text_is_not_believed(project: Path, pool: Executor) -> None:
    execution.execute_all(project, executor=pool)
    (project / execution.RECORD).write_bytes(b"\xff\xfe\x00")
    assert execution.execute_all(project, executor=pool).executed == 2


def test_a_copy_without_its_record_is_not_believed_and_what_a_killed_build_left_is_removed(
    project: Path, pool: Executor
) -> None:
    execution.execute_all(project, executor=pool)
    folder = project / execution.EXECUTED / "book/en"
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = [folder / "to.unfinished.ipynb", folder / f"to.{ended.pid}.tmp"]
    for path in left:
        path.write_text("{", "utf-8")
    others = folder / f"to.{os.getpid()}.tmp"  # that of a build that runs
    others.write_text("{", "utf-8")
    record = (project / execution.RECORD).read_text("utf-8").splitlines(keepends=True)
    (project / execution.RECORD).write_text("".join(line for line in record if '"book/en/to"' not in line), "utf-8")
    assert execution.execute_all(project, executor=pool).executed == 1
    assert [path.name for path in left if path.exists()] == []
    assert others.exists()


def test_a_killed_build_has_done_what_it_noted_and_no_more(project: Path) -> None:
    edit(project / "book/en/to.ipynb", "import analysis", "import time; time.sleep(60); import analysis")
    program = f"import pathlib; from publishing import execution; execution.execute_all(pathlib.Path({str(project)!r}))"
    build = subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(execution.project.ROOT)}
    )
    record = project / execution.RECORD
    until(lambda: record.exists() and "book/en/index" in record.read_text("utf-8"))
    started = psutil.Process(build.pid).children(recursive=True)
    build.kill()
    build.wait()
    assert execution.waiting(project) == ["book/en/to"]
    psutil.wait_procs(started, timeout=20)
    assert [process for process in started if process.is_running()] == []


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [("data/tall.csv", "1", "2"), ("analysis/__init__.py", "42", "43")],
)
def test_an_edit_of_data_or_analysis_executes_every_chapter(
    project: Path, pool: Executor, path: str, old: str, new: str
) -> None:
    execution.execute_all(project, executor=pool)
    edit(project / path, old, new)
    assert execution.execute_all(project, executor=pool).executed == 2


def test_an_edit_of_code_executes_that_chapter_alone(project: Path, pool: Executor) -> None:
    execution.execute_all(project, executor=pool)
    edit(project / "book/en/to.ipynb", "analysis.TALL", "analysis.TALL + 1")
    assert execution.execute_all(project, executor=pool).executed == 1
    assert shown(project, "book/en/to") == "43"


def test_an_edit_of_the_parameters_shows_in_the_report(project: Path, pool: Executor) -> None:
    execution.execute_all(project, executor=pool)
    (project / "book/en/parameters.yml").write_text(PARAMETERS.format(name="Melhus"), "utf-8")
    execution.execute_all(project, executor=pool)
    assert shown(project, "book/en/index") == "'Melhus'"


def test_a_chapter_taken_out_of_the_book_leaves_no_executed_copy(project: Path, pool: Executor) -> None:
    execution.execute_all(project, executor=pool)
    (project / "_toc.yml").write_text("format: jb-book\nroot: book/en/index\n", "utf-8")
    execution.execute_all(project, executor=pool)
    assert not execution.executed_path("book/en/to", project).exists()


def test_an_executed_copy_holds_neither_times_nor_paths(project: Path, pool: Executor) -> None:
    execution.execute_all(project, executor=pool)
    text = execution.executed_path("book/en/index", project).read_text("utf-8")
    assert str(project) not in text
    assert "papermill" not in text
    assert "iopub" not in text


def test_every_faulty_chapter_is_told_at_once_and_leaves_the_last_good_copy(project: Path, pool: Executor) -> None:
    execution.execute_all(project, executor=pool)
    good = execution.executed_path("book/en/to", project).read_bytes()
    edit(project / "book/en/index.ipynb", '"navn"', '"raise ValueError(navn)"')
    edit(project / "book/en/to.ipynb", "analysis.TALL", "analysis.finnes_ikke")
    with pytest.raises(BuildError) as caught:
        execution.execute_all(project, executor=pool)
    first, second = caught.value.problems
    assert (
        "book/en/index.ipynb: Cellen som begynner med «raise ValueError(navn)», stoppet med ValueError: Skaun." in first
    )
    assert "AttributeError" in second
    assert execution.executed_path("book/en/to", project).read_bytes() == good


def test_what_the_chapters_of_this_book_share_is_computed_before_they_are_forked():
    """Where it fails, every chapter computes it for itself: the same pages, in several times the time."""
    program = (
        "import sys; from pathlib import Path; from publishing import warm_engine; warm_engine.prepare(str(Path.cwd())); "
        "print(sys.modules['analysis.keyfigures'].published.cache_info().currsize)"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["1"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: text[: len(text) // 2], id="half of it"),
        pytest.param(lambda text: text.replace('"cells"', '"celler"'), id="no cells"),
        pytest.param(lambda text: text.replace('"metadata": {}', '"metadata": {"tags": 5}'), id="tags that are none"),
    ],
)
def test_a_file_that_is_no_notebook_is_told_and_the_other_chapters_are_executed(
    project: Path, pool: Executor, spoil: Callable[[str], str]
):
    path = project / "book/en/to.ipynb"
    whole = path.read_text("utf-8")
    path.write_text(spoil(whole), "utf-8")
    assert path.read_text("utf-8") != whole
    with pytest.raises(BuildError) as caught:
        execution.execute_all(project, executor=pool)
    assert caught.value.problems == [
        "book/en/to.ipynb: Filen kan ikke leses som en notatbok. Hent fram en tidligere utgave av filen."
    ]
    assert shown(project, "book/en/index") == "'Skaun'"


def chapter(root: Path, *cells: str) -> None:
    """Make a chapter of code cells, the only one of the book."""
    made = [nbformat.v4.new_code_cell(text) for text in cells]
    (root / "book/en/to.ipynb").write_text(notebook(nbformat.v4.new_markdown_cell("# To"), *made), "utf-8")
    (root / "_toc.yml").write_text("format: jb-book\nroot: book/en/to\n", "utf-8")


@pytest.mark.skipif(not forks.available(), reason="bare på Linux")
def test_what_is_shown_does_not_depend_on_the_engine(project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # or the kernel shows less than it does outside a test
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
        # A kernel hears of what is written past Python from a thread of its own, which a busy machine lets wait.
        "import os, subprocess, time\nsubprocess.run(['echo', 'æ fra et program'])\nwritten = os.write(2, b'feil')\ntime.sleep(1)\nwritten",
        "!echo skallet",
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
        ("import sys; sys.exit()", "Cellen som begynner med «import sys; sys.exit()», ble ikke kjørt ferdig."),
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
def test_what_cannot_stand_in_a_notebook_is_told_in_one_line(project: Path, warm: bool):
    chapter(project, "from IPython.display import display\ndisplay({'text/plain': 5}, raw=True)", "1")
    with pytest.raises(BuildError) as caught:
        execution.execute_all(project, warm=warm)
    (problem,) = caught.value.problems
    assert problem == (
        "book/en/to.ipynb: En celle viser noe som ikke kan stå i en notatbok (5 is not valid under any of the given schemas). "
        "Rett cellen, og bygg på nytt."
    )


@pytest.mark.parametrize("warm", BOTH)
def test_a_chapter_that_never_ends_is_stopped(project: Path, warm: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(execution, "LIMIT", 5)
    chapter(project, "while True:\n    pass")
    with pytest.raises(BuildError, match=r"book/en/to.ipynb: .* brukte mer enn 5 sekunder"):
        execution.execute_all(project, warm=warm)


@pytest.mark.parametrize("warm", BOTH)
def test_a_chapter_that_writes_without_end_is_stopped(project: Path, warm: bool):
    chapter(project, "while True:\n    print('æ' * 1000)")
    with pytest.raises(BuildError, match=r"^book/en/to.ipynb: .* viste mer enn 10 MB\."):
        execution.execute_all(project, warm=warm)


HOSTILE = {
    "shows without end": ("while True:\n    display('a' * 1000)", "viste mer enn 10 MB"),
    "updates without end": (
        "handle = display(1, display_id='a')\nwhile True:\n    handle.update('a' * 1000)",
        "viste mer enn 10 MB",
    ),
    "shows one thing too large": ("'a' * 11_000_000", "viste mer enn 10 MB"),
    "writes without end and catches all": (
        "while True:\n    try:\n        print('a' * 1000)\n    except BaseException:\n        pass",
        "viste mer enn 10 MB",
    ),
    "writes to the terminal without end": (
        "import os\nwhile True:\n    os.write(1, b'a' * 100000)",
        "viste mer enn 10 MB",
    ),
    "starts a program that writes without end": ("import subprocess\nsubprocess.run(['yes'])", "viste mer enn 10 MB"),
    "starts a program that complains without end": (
        "import subprocess\nsubprocess.run('yes >&2', shell=True)",
        "viste mer enn 10 MB",
    ),
    "fills the disk": (
        "with open('stor', 'wb') as file:\n    while True:\n        file.write(b'a' * 1000000)",
        "stoppet med OSError: [Errno 27] File too large",
    ),
    "takes all memory at once": ("b = bytearray(10**12)", "brukte mer enn 4 GB minne"),
    "takes all memory bit by bit": (
        "found = []\nwhile True:\n    found.append(bytearray(10**7))",
        "brukte mer enn 4 GB minne",
    ),
    "takes all memory in a table": ("import numpy\nnumpy.ones(10**11)", "brukte mer enn 4 GB minne"),
    "exits": ("exit()", "Cellen som begynner med «exit()», stoppet med SystemExit"),
    "kills its group": ("import os, signal\nos.killpg(0, signal.SIGKILL)", "Python avsluttet uventet"),
    "forks and dies": ("import os, time\nif os.fork():\n    os._exit(1)\ntime.sleep(1000)", "Python avsluttet uventet"),
}


@pytest.mark.skipif(not forks.available(), reason="bare på Linux")
@pytest.mark.parametrize(("cell", "told"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_chapter_is_told_in_one_line_and_stops_no_other(project: Path, pool: Executor, cell: str, told: str):
    edit(project / "book/en/index.ipynb", '"navn"', json.dumps(cell))
    before = set(psutil.pids())
    started = time.monotonic()
    with pytest.raises(BuildError) as caught:
        execution.execute_all(project, executor=pool)
    assert time.monotonic() - started < 60
    (problem,) = caught.value.problems
    assert problem.startswith("book/en/index.ipynb: ")
    assert told in problem
    assert "\n" not in problem
    assert shown(project, "book/en/to") == "42"
    assert offspring(before) == []


LEAVES_BEHIND = {
    "a program": "import subprocess\nfor _ in range(3):\n    subprocess.Popen(['sleep', '1000'])",
    "a program in a session of its own": "import subprocess\nsubprocess.Popen(['sleep', '1000'], start_new_session=True)",
    "a program that hears no signal": "import subprocess\nsubprocess.Popen(['sh', '-c', 'trap \"\" TERM HUP INT; sleep 1000 & wait'])",
    "an orphan": "import subprocess\nsubprocess.run('(setsid sleep 1000 >/dev/null 2>&1 &) ; exit 0', shell=True)",
    "a process of multiprocessing": "import multiprocessing, time\nmultiprocessing.get_context('fork').Process(target=time.sleep, args=(1000,)).start()",
    "a fork": "import os, time\nif os.fork() == 0:\n    time.sleep(1000)",
    "a fork of a fork": "import os, time\nif os.fork() == 0:\n    if os.fork() == 0:\n        os.setsid()\n        time.sleep(1000)\n    os._exit(0)",
}


@pytest.mark.skipif(not forks.available(), reason="bare på Linux")
@pytest.mark.parametrize("cell", LEAVES_BEHIND.values(), ids=LEAVES_BEHIND)
def test_no_process_is_left_of_a_chapter_that_has_ended(project: Path, cell: str):
    chapter(project, cell, "'ferdig'")
    before = set(psutil.pids())
    with execution.pool(1) as pool:
        assert execution.execute_all(project, executor=pool).executed == 1
        assert offspring(before) == []
        (guard,) = [one for one in guards() if one.pid not in before]
    assert shown(project, "book/en/to") == "'ferdig'"
    until(lambda: not guard.is_running(), seconds=5)
    assert offspring(before) == []


@pytest.mark.skipif(not forks.available(), reason="bare på Linux")
def test_as_many_guards_wait_as_there_are_workers_and_end_with_their_pool(project: Path):
    before = set(psutil.pids())
    with execution.pool(2) as pool:
        for _ in range(3):  # each run prepares anew, and needs guards that know of it
            (project / execution.RECORD).unlink(missing_ok=True)
            assert execution.execute_all(project, executor=pool).executed == 2
            waiting = [one for one in guards() if one.pid not in before]
            assert waiting
            until(lambda: len([one for one in guards() if one.pid not in before]) <= 2, seconds=5)
    until(lambda: not any(one.is_running() for one in waiting), seconds=5)


@pytest.mark.skipif(not forks.available(), reason="bare på Linux")
def test_a_guard_that_was_killed_is_replaced(project: Path):
    chapter(project, "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nimport time\ntime.sleep(1000)")
    before = set(psutil.pids())
    with execution.pool(1) as pool:
        with pytest.raises(BuildError, match=r"^book/en/to.ipynb: .*Python avsluttet uventet"):
            execution.execute_all(project, executor=pool)
        chapter(project, "'ferdig'")
        execution.execute_all(project, executor=pool)
        assert offspring(before) == []
    assert shown(project, "book/en/to") == "'ferdig'"


@pytest.mark.skipif(not forks.available(), reason="bare på Linux")
@pytest.mark.parametrize("cell", LEAVES_BEHIND.values(), ids=LEAVES_BEHIND)
def test_no_process_is_left_of_a_chapter_that_was_stopped(project: Path, cell: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(execution, "LIMIT", 2)
    chapter(project, cell, "while True:\n    pass")
    before = set(psutil.pids())
    with pytest.raises(BuildError, match=r"book/en/to.ipynb: .* brukte mer enn 2 sekunder"):
        execution.execute_all(project)
    assert offspring(before) == []


def offspring(before: set[int]) -> list[str]:
    """Processes that have come since, and are ours or what a chapter leaves: other tests may run beside this one.

    Not the warm process and its guards, which wait for the next chapter. The browser of this process's other tests starts
    helpers when it likes: they are not a chapter's.
    """
    end = time.monotonic() + 10
    while (found := _offspring(before)) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def warm_processes() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):  # other children, a browser's, may end meanwhile
            if "publishing.warm_pool" in child.cmdline():
                found.append(child)
    return found


def guards() -> list[psutil.Process]:
    """What stands between the warm processes and the chapters."""
    return [guard for warm in warm_processes() for guard in warm.children()]


def _offspring(before: set[int]) -> list[str]:
    ours = {process.pid for process in psutil.Process().children(recursive=True)}
    ours -= {process.pid for process in (*warm_processes(), *guards())}
    found = []
    for process in psutil.process_iter(["pid", "name", "cmdline", "status"]):
        command = " ".join(process.info["cmdline"] or [])
        other = process.info["status"] == psutil.STATUS_ZOMBIE or process.info["name"].startswith("chrom")
        if process.pid not in before and not other and (process.pid in ours or "sleep 1000" in command):
            found.append(command)
    return found


@pytest.mark.skipif(not forks.available(), reason="bare på Linux")
def test_a_fork_in_a_cell_neither_answers_for_its_parent_nor_goes_on_with_the_chapter(project: Path, pool: Executor):
    chapter(
        project,
        "import os, pathlib, time\nchild = os.fork()\nif child:\n    os.waitpid(child, 0)\nelse:\n    print('barnet')",
        "with pathlib.Path('gikk').open('a') as file:\n    file.write('x')\n'forelderen' if child else 'barnet'",
    )
    assert execution.execute_all(project, executor=pool).executed == 1
    assert shown(project, "book/en/to") == "'forelderen'"
    assert (project / "gikk").read_text("utf-8") == "x"
    executed = nbformat.read(execution.executed_path("book/en/to", project), as_version=4)
    assert executed.cells[-2].outputs == []


@pytest.mark.skipif(not forks.available(), reason="bare på Linux")
def test_the_limits_leave_room_for_what_chapters_need(project: Path, pool: Executor):
    chapter(project, "import numpy\nnumpy.ones(2 * 10**8).sum()", "print('a' * 5_000_000)\n1")
    assert execution.execute_all(project, executor=pool).executed == 1
    assert warm_engine.MOST_SHOWN == 10 * 2**20


@pytest.mark.skipif(not forks.available(), reason="bare på Linux")
def test_a_chapter_that_dies_takes_no_other_with_it(project: Path):
    edit(project / "book/en/index.ipynb", '"navn"', '"import os; os._exit(1)"')
    with pytest.raises(BuildError) as caught:
        execution.execute_all(project)
    assert len(caught.value.problems) == 1
    assert shown(project, "book/en/to") == "42"


@pytest.mark.skipif(not forks.available(), reason="bare på Linux")
def test_a_fault_in_the_analysis_is_told_of_the_chapters_that_meet_it(project: Path):
    (project / "analysis" / "keyfigures.py").write_text("import sys\nsys.exit('stopp')\n", "utf-8")
    assert execution.execute_all(project).executed == 2
    (project / "analysis" / "__init__.py").write_text("raise OSError('borte')\n", "utf-8")
    with pytest.raises(BuildError, match=r"^book/en/to.ipynb: .*OSError: borte\. [^\n]*$"):
        execution.execute_all(project)


@pytest.mark.skipif(not forks.available(), reason="bare på Linux")
def test_a_build_that_is_interrupted_leaves_no_process(project: Path, monkeypatch: pytest.MonkeyPatch):
    chapter(project, "import os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(60)")
    monkeypatch.setattr(execution, "wait", interrupted_when(project / "pid"))
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


@pytest.mark.skipif(not forks.available(), reason="bare på Linux")
def test_an_executor_is_started_early_where_many_chapters_wait_and_ends_with_what_fails_meanwhile(
    project: Path, monkeypatch: pytest.MonkeyPatch
):
    with execution.started_for_many(project) as executor:
        assert executor is None, "two may have new prose alone"
    monkeypatch.setattr(execution, "_FEW", 1)
    before = set(psutil.Process().children(recursive=True))

    def fails() -> None:
        with execution.started_for_many(project) as executor:
            assert execution.execute_all(project, executor=executor).executed == 2
            raise BuildError("En feil.")

    with pytest.raises(BuildError, match="En feil"):
        fails()
    assert set(psutil.Process().children(recursive=True)) == before
    assert shown(project, "book/en/to") == "42"
    with execution.started_for_many(project) as executor:
        assert executor is None, "none waits"
    edit(project / "data" / "tall.csv", "1", "2")
    (project / "book/en/to.ipynb").unlink()
    with execution.started_for_many(project) as executor:
        assert executor is None, "a fault is told by others"


def until(true, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def interrupted_when(path: Path):
    def wait(*given: object):
        while not path.exists() or not path.read_text("utf-8"):
            time.sleep(0.05)
        raise KeyboardInterrupt

    return wait
