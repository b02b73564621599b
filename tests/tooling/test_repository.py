"""What is kept in the repository: sources only, nothing of the machine it was written on."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: What reads from other hosts, if anything did. Data, words and licences may point a reader anywhere.
MACHINERY = (
    "analysis/",
    "publishing/",
    ".ci/",
    ".github/",
    "Makefile",
    "_config.yml",
    "_toc.yml",
    "pyproject.toml",
    "requirements",
)
#: Names that identify a format, and where its documentation is; nothing is fetched from them.
IDENTIFIERS = {
    "www.w3.org",
    "vega.github.io",
    "ns.adobe.com",
    "www.aiim.org",
    "purl.org",
    "github.com",
    "jupyterbook.org",
}
FOREIGN_PATH = re.compile(r"(?<![\w.)\]}/-])/(?:work|tmp|root|home|Users|opt|mnt)/\w")
BINARY = {".png", ".ttf", ".woff2", ".pdf"}


def tracked() -> list[Path]:
    """The files of the repository, with those not yet added."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    return [
        (path.relative_to(ROOT).as_posix(), path.read_text("utf-8", errors="replace"))
        for path in tracked()
        if path.suffix not in BINARY
    ]


def notebooks() -> list[Path]:
    return sorted((ROOT / "book").rglob("*.ipynb"))


def test_there_are_notebooks():
    assert notebooks()


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_notebook_is_source_only(path: Path):
    cells = [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert [cell["source"] for cell in cells if cell["outputs"] or cell["execution_count"] is not None] == []


def test_nothing_built_is_kept():
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    assert [name for name in names if name.startswith(("_build/", ".venv/"))] == []
    assert [name for name in names if name.startswith("reports/")] == ["reports/README.md"]


def test_no_file_names_a_path_of_the_machine_it_was_written_on():
    found = {name: match[0] for name, text in texts() if (match := FOREIGN_PATH.search(text))}
    found.pop(Path(__file__).relative_to(ROOT).as_posix(), None)
    assert found == {}


def test_the_machinery_names_no_other_host():
    found = {
        (name, host)
        for name, text in texts()
        if name.startswith(MACHINERY) and not name.endswith("OFL.txt")
        for host in re.findall(r"https?://([\w.-]+\w)", text)
    }
    assert {(name, host) for name, host in found if host not in IDENTIFIERS} == set()


def test_data_keep_their_bytes_and_text_its_line_endings():
    listed = subprocess.run(
        ["git", "check-attr", "text", "eol", "--", "data/kommuner.csv", "Makefile", "publishing/fonts/RapportSans-Bold.ttf"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "data/kommuner.csv: text: unset" in listed
    assert "Makefile: eol: lf" in listed
    assert "RapportSans-Bold.ttf: text: unset" in listed
