"""What all tests share: the built reports, one test for each page and PDF, and what the run says in the end."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from publishing import project

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "reports" / "html"
PDF = ROOT / "reports" / "pdf"

#: The kernels that nbval starts find `analysis` here, also when pytest is called without make.
os.environ["PYTHONPATH"] = str(ROOT)

_checked: dict[str, set[str]] = {"page": set(), "pdf": set()}


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


def pytest_runtest_call(item: pytest.Item) -> None:
    """Count what has been looked at."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    for name in _checked:
        if name in parameters:
            _checked[name].add(str(parameters[name]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many notebooks were executed once more, and how many pages and PDFs were checked."""
    ran = [
        report.nodeid
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if ".ipynb::" in report.nodeid and report.when == "call"
    ]
    notebooks = {name.split("::")[0] for name in ran}
    terminalreporter.write_sep("-", "kontrollert")
    terminalreporter.write_line(
        f"{len(notebooks)} notatbøker kjørt om igjen ({len(ran)} celler sammenlignet), "
        f"{len(_checked['page'])} nettsider og {len(_checked['pdf'])} PDF-er kontrollert."
    )


@pytest.fixture
def project_copy(tmp_path: Path) -> Path:
    """A copy of the project to spoil, with a published edition of which not a byte may change when a build fails.

    What has been executed before is copied too, so that a faulty chapter costs one execution and not all.
    """
    return copied(tmp_path / "prosjekt")


def copied(copy: Path) -> Path:
    """Make such a copy in a folder that is not there yet."""
    copy.mkdir()
    for name in ("analysis", "book", "data", "publishing"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy2(ROOT / name, copy)
    if (ROOT / "_build" / "executed").is_dir():
        shutil.copytree(ROOT / "_build" / "executed", copy / "_build" / "executed")
    for name in ("html/index.html", "pdf/felles.pdf", "nokkeltall.json"):
        path = copy / "reports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"forrige utgave av {name}", "utf-8")
    return copy
