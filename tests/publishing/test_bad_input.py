"""A faulty delivery stops the build with one clear message in bokmål, and leaves what is published alone.

These tests run the real command on a copy of the project. Faults in tables, one by one,
are in test_validation.py; here a few of each kind go the whole way.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

Spoil = Callable[[Path], None]


def replace(path: str, old: str, new: str) -> Spoil:
    def spoil(root: Path) -> None:
        text = (root / path).read_text("utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new, 1), "utf-8")

    return spoil


def both(one: Spoil, other: Spoil) -> Spoil:
    def spoil(root: Path) -> None:
        one(root)
        other(root)

    return spoil


def write(path: str, content: bytes) -> Spoil:
    return lambda root: (root / path).write_bytes(content) and None


def double_last_row(path: str) -> Spoil:
    def spoil(root: Path) -> None:
        lines = (root / path).read_text("utf-8").splitlines()
        (root / path).write_text("\n".join([*lines, lines[-1]]) + "\n", "utf-8")

    return spoil


def as_windows_1252(path: str) -> Spoil:
    return lambda root: (root / path).write_bytes((root / path).read_text("utf-8").encode("cp1252", "replace")) and None


def add_cell(path: str, cell: nbformat.NotebookNode) -> Spoil:
    def spoil(root: Path) -> None:
        notebook = nbformat.read(root / path, as_version=4)
        notebook.cells.append(cell)
        nbformat.write(notebook, root / path)

    return spoil


def picture_without_text(root: Path) -> None:
    (root / "book" / "bilde.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "utf-8")
    add_cell("book/felles/framdrift.ipynb", nbformat.v4.new_markdown_cell("![](../bilde.svg)"))(root)


STAFFING = "data/raw/sak/bemanning.csv"

FAULTS: dict[str, tuple[Spoil, list[str]]] = {
    "unknown municipality": (replace(STAFFING, "sentralbord,5027", "sentralbord,5001"), [STAFFING, "rad 2", "kommunenr", "5001"]),
    "missing column": (replace(STAFFING, "arsverk,", ""), [STAFFING, "arsverk"]),
    "text in a number": (replace(STAFFING, ",0.8,", ",nesten én,"), [STAFFING, "rad 2", "arsverk", "nesten én"]),
    "negative årsverk": (replace(STAFFING, ",0.8,", ",-0.8,"), [STAFFING, "rad 2", "arsverk", "-0.8"]),
    "doubled row": (double_last_row(STAFFING), [STAFFING, "rad 11"]),
    "wrong encoding": (as_windows_1252(STAFFING), [STAFFING, "UTF-8"]),
    "empty file": (write(STAFFING, b""), [STAFFING, "tom"]),
    "a correction that no longer holds": (
        replace("data/raw/sak/oppgitte_summer.csv", "6420000", "6410000"),
        ["data/rettelser.csv", "6420000", "6410000"],
    ),
    "a notebook that raises": (
        add_cell("book/felles/framdrift.ipynb", nbformat.v4.new_code_cell("1 / 0")),
        ["book/felles/framdrift.ipynb", "1 / 0", "ZeroDivisionError"],
    ),
    "a figure typed into prose": (
        add_cell("book/felles/framdrift.ipynb", nbformat.v4.new_markdown_cell("De har 28,1 årsverk.")),
        ["book/felles/framdrift.ipynb, celle", "28,1 årsverk", "{verdi}`arsverk.sum` (28,1 årsverk)"],
    ),
    "a heading that code makes": (
        add_cell("book/felles/framdrift.ipynb", nbformat.v4.new_code_cell('display(Markdown("# Plan"))')),
        ["book/felles/framdrift.ipynb, celle", "Koden lager en overskrift"],
    ),
    "faults in both data and prose": (
        both(
            replace(STAFFING, ",0.8,", ",-0.8,"),
            add_cell("book/felles/framdrift.ipynb", nbformat.v4.new_markdown_cell("De har 28,1 årsverk.")),
        ),
        [STAFFING, "-0.8", "28,1 årsverk", "vises når dataene er i orden"],
    ),
    "a notebook that is no notebook": (write("book/felles/framdrift.ipynb", b"{"), ["book/felles/framdrift.ipynb", "notatbok"]),
    "output that is no result of ours": (
        add_cell("book/felles/framdrift.ipynb", nbformat.v4.new_code_cell("'bare tekst'")),
        ["book/felles/framdrift.ipynb", "celle"],
    ),
    "a chapter that does not exist": (
        replace("_toc.yml", "book/felles/mandat", "book/felles/mandatet"),
        ["_toc.yml", "book/felles/mandatet"],
    ),
    "a missing text alternative": (picture_without_text, ["framdrift", "tekstalternativ"]),
    "a value that does not exist": (
        add_cell("book/felles/framdrift.ipynb", nbformat.v4.new_markdown_cell("Vi har {verdi}`arsverk.summ`.")),
        ["framdrift", "arsverk.summ", "Mente du «arsverk.sum»?"],
    ),
    "a point of the mandate that nobody answers": (
        replace("book/sentralbord/utproving.ipynb", "{svar}`vedtakspunkt.3` ", ""),
        ["Ingen kapitler svarer på punktet «vedtakspunkt.3»"],
    ),
    "an answer to a point that does not exist": (
        replace("book/sentralbord/utproving.ipynb", "{svar}`vedtakspunkt.3` ", "{svar}`vedtakspunkt.3 vedtakspunkt.33` "),
        ["utproving", "Mandatet har ikke noe punkt «vedtakspunkt.33»"],
    ),
    "a parameter that does not exist": (
        replace("book/maler/kommune.ipynb", "{parameter}`kommunenavn`", "{parameter}`kommunenavnet`"),
        ["Kapitlet har ingen parameter «kommunenavnet»"],
    ),
    "an assumption with low above high": (replace("data/forutsetninger.csv", ",10,21,30,", ",40,21,30,"), ["data/forutsetninger.csv", "rad 2"]),
    "weights that do not sum to one": (replace("data/fordelingsnokler.csv", "0.5,0,0.5", "0.5,0,0.6"), ["data/fordelingsnokler.csv", "rad 6", "skal bli 1"]),
    "a score outside its scale": (replace("data/modell/vurdering.csv", "modellkriterier.01,,mangler", "modellkriterier.01,6,oppgitt"), ["data/modell/vurdering.csv", "rad 2", "poeng", "6"]),
    "a key with a missing municipality": (
        replace("data/raw/ssb/befolkning.csv", '5029,Skaun,2026-01-01,8574,"SSB tabell 07459, via kopi"\n', ""),
        ["data/raw/ssb/befolkning.csv", "kommunenr «5029»"],
    ),
    "parameters that are no YAML": (write("book/felles/parameters.yml", b"tittel: [\n"), ["parameters.yml", "YAML"]),
}  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_build_stops_and_nothing_published_changes(fault: str, project_copy: Path) -> None:
    spoil, expected = FAULTS[fault]
    spoil(project_copy)
    before = contents(project_copy / "reports")
    run = subprocess.run(
        [sys.executable, "-m", "publishing", "build"],
        cwd=project_copy, env=None, capture_output=True, text=True, encoding="utf-8", timeout=600,
    )  # fmt: skip
    assert run.returncode == 1, run.stdout + run.stderr
    assert "Byggingen stoppet" in run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    for word in expected:
        assert word in run.stderr, run.stderr
    assert contents(project_copy / "reports") == before
