"""What all tests share: the built reports, one test for each page and PDF, the order of the run, and what it says in the end.

`make test` runs the tests in several processes (:mod:`tests.side_by_side`), and what takes long first.
"""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

from publishing import project
from tests import side_by_side

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "reports" / "html"
PDF = ROOT / "reports" / "pdf"

#: The kernels that nbval starts find `analysis` here, also when pytest is called without make.
os.environ["PYTHONPATH"] = str(ROOT)

# Whoever runs the tests in the background has them ignore Ctrl+C, and so would all that they start and then interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

#: Parameters whose files the run tells that it has checked.
CHECKED = ("page", "pdf")


def built_pages() -> list[Path]:
    """Every chapter's page on the built site, without Sphinx' own pages."""
    return sorted((HTML / "book").rglob("*.html"))


def built_pdfs() -> list[Path]:
    """Every PDF built."""
    return sorted(PDF.glob("*.pdf"))


def built_report_pdfs() -> list[Path]:
    """Every PDF that councils are given; the guide for workgroups is not among them."""
    return [path for path in built_pdfs() if path.stem != project.GUIDE]


def _demand_built() -> None:
    if not built_pages() or not built_pdfs():
        raise pytest.UsageError("reports/ er ikke bygget. Kjør «make book» først.")


@pytest.fixture(scope="session")
def reports_dir() -> Path:
    """The folder of the published edition."""
    _demand_built()
    return ROOT / "reports"


def pytest_addoption(parser: pytest.Parser) -> None:
    """``make test DEL=2/4``."""
    parser.addoption(
        "--del", dest="part", type=_part, help="run one part of several, as «2/4»: CI runs them side by side"
    )


def _part(given: str) -> tuple[int, int]:
    number, slash, of = given.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise pytest.UsageError(f"DEL={given} er ikke en del. Skriv for eksempel DEL=2/4, den andre av fire.")
    return int(number), int(of)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes ``page``, ``pdf`` or ``report_pdf`` runs once for every page, PDF, or PDF of a report built."""
    kinds = (("page", built_pages, HTML), ("pdf", built_pdfs, PDF), ("report_pdf", built_report_pdfs, PDF))
    for name, find, folder in kinds:
        if name in metafunc.fixturenames:
            _demand_built()
            paths = find()
            metafunc.parametrize(name, paths, ids=[path.relative_to(folder).as_posix() for path in paths])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """``-n auto``."""
    return side_by_side.processes()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> side_by_side.Sharing:
    """Several processes, with what shares something in the same one."""
    config.option.loadscopereorder = False  # the order is the one below
    return side_by_side.Sharing(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let what takes long start first, so that no process ends long after the others; leave out what is not of this part."""
    for item in items:
        for name in CHECKED:
            if name in _parameters(item):
                item.user_properties.append((name, str(_parameters(item)[name])))
    items.sort(key=_seconds, reverse=True)
    if wanted := config.getoption("part"):
        groups = side_by_side.part(side_by_side.seconds((item.nodeid, _seconds(item)) for item in items), *wanted)
        others = [item for item in items if side_by_side.group(item.nodeid) not in groups]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if side_by_side.group(item.nodeid) in groups]


def _parameters(item: pytest.Item) -> dict[str, Path]:
    return item.callspec.params if hasattr(item, "callspec") else {}


def _seconds(item: pytest.Item) -> float:
    """How long the test takes as its mark ``long`` says: it need only be about right."""
    mark = item.get_closest_marker("long")
    return mark.args[0] if mark else 0


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many notebooks were executed once more, and how many pages and PDFs were checked."""
    ran = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call"
    ]
    cells = [file for report in ran if (file := report.nodeid.partition("::")[0]).endswith(".ipynb")]
    notebooks = set(cells)
    # A process tells the one that sums up by way of the reports.
    files = {
        name: {path for report in ran for kind, path in report.user_properties if kind == name} for name in CHECKED
    }
    terminalreporter.write_sep("-", "kontrollert")
    terminalreporter.write_line(
        f"{len(notebooks)} notatbøker kjørt om igjen ({len(cells)} celler sammenlignet), "
        f"{len(files['page'])} nettsider og {len(files['pdf'])} PDF-er kontrollert."
    )


#: What people write.
WRITTEN = ("book", "data")


@pytest.fixture
def project_copy(tmp_path: Path) -> Path:
    """A copy of the project to spoil, with a published edition of which not a byte may change when a build fails.

    What has been executed and drawn before is copied too, so that a faulty chapter costs one execution and not all.
    """
    return copied(tmp_path / "prosjekt")


@pytest.fixture
def written_copy(tmp_path: Path) -> Path:
    """A copy of what people write alone, for tests that run no command and build nothing."""
    return _sources(tmp_path / "prosjekt", WRITTEN)


def copied(copy: Path) -> Path:
    """Make a copy of the project in a folder that is not there yet."""
    _sources(copy, (*WRITTEN, "analysis", "publishing"))
    for name in ("executed", "figurer"):
        if (ROOT / "_build" / name).is_dir():
            shutil.copytree(ROOT / "_build" / name, copy / "_build" / name)
    for name in ("html/index.html", "pdf/felles.pdf", "nokkeltall.json"):
        path = copy / "reports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"forrige utgave av {name}", "utf-8")
    return copy


def _sources(copy: Path, folders: tuple[str, ...]) -> Path:
    for name in folders:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy2(ROOT / name, copy)
    return copy
