"""What all tests share: the built reports, one test for each page and PDF, the order of the run, and what it says in the end.

`make test` runs the tests in several processes (pytest-xdist). What shares something expensive runs in the same one, and
what takes long starts first.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psutil
import pytest

from publishing import project

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "reports" / "html"
PDF = ROOT / "reports" / "pdf"

#: The kernels that nbval starts find `analysis` here, also when pytest is called without make.
os.environ["PYTHONPATH"] = str(ROOT)

#: Processes at most: each has a browser and builds of its own, which take memory.
MOST_PROCESSES = 6

#: Parameters that are a built file. Its tests run in one process, which reads it once.
FILES = ("page", "pdf", "report_pdf")

#: Those whose files the run tells that it has checked.
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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes ``page``, ``pdf`` or ``report_pdf`` runs once for every page, PDF, or PDF of a report built."""
    kinds = (("page", built_pages, HTML), ("pdf", built_pdfs, PDF), ("report_pdf", built_report_pdfs, PDF))
    for name, find, folder in kinds:
        if name in metafunc.fixturenames:
            _demand_built()
            paths = find()
            metafunc.parametrize(name, paths, ids=[path.relative_to(folder).as_posix() for path in paths])


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """As many processes as there are cores to use, within reason."""
    try:
        cores = len(psutil.Process().cpu_affinity())
    except AttributeError:  # macOS does not tell
        cores = os.cpu_count() or 1
    return min(cores, MOST_PROCESSES)


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares something, and let what takes long start first, so that no process ends long after the others."""
    for item in items:
        group = _group(item)
        if group and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(group))
        for name in CHECKED:
            if name in _parameters(item):
                item.user_properties.append((name, str(_parameters(item)[name])))
    items.sort(key=_seconds, reverse=True)


def _group(item: pytest.Item) -> str:
    """What the test shares with others: the cells of a notebook, a file that is read, or a fixture of its module."""
    if item.path.suffix == ".ipynb":
        return item.path.relative_to(ROOT).as_posix()
    for name in FILES:
        if name in _parameters(item):
            return _parameters(item)[name].relative_to(ROOT).as_posix()
    fixtures = getattr(item, "_fixtureinfo", None)
    if fixtures and any(found[-1].scope == "module" for found in fixtures.name2fixturedefs.values()):
        return item.path.relative_to(ROOT).as_posix()
    return ""


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
    cells = [report.nodeid for report in ran if ".ipynb::" in report.nodeid]
    notebooks = {name.split("::")[0] for name in cells}
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

    What has been executed before is copied too, so that a faulty chapter costs one execution and not all.
    """
    return copied(tmp_path / "prosjekt")


@pytest.fixture
def written_copy(tmp_path: Path) -> Path:
    """A copy of what people write alone, for tests that run no command and build nothing."""
    return _sources(tmp_path / "prosjekt", WRITTEN)


def copied(copy: Path) -> Path:
    """Make a copy of the project in a folder that is not there yet."""
    _sources(copy, (*WRITTEN, "analysis", "publishing"))
    if (ROOT / "_build" / "executed").is_dir():
        shutil.copytree(ROOT / "_build" / "executed", copy / "_build" / "executed")
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
