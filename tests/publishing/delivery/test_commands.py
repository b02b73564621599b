"""The commands as they are typed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def project(desk) -> Path:
    for name in ("analysis", "publishing"):
        shutil.copytree(ROOT / name, desk.root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return desk.root


def ran(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "publishing", *arguments],
        cwd=root, capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip


def test_without_a_terminal_nothing_is_written_before_it_is_asked_for(desk, project):
    book = desk.form()
    desk.fill(book, "Opplysninger", "Antall anrop per år, Skaun", "tall", 12_000)
    path, before = desk.save(book), desk.files()

    run = ran(project, "fetch", "--fil", str(path))
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.rstrip().endswith("Ingenting er skrevet. Skriv det inn med SKRIV=ja etter den samme kommandoen.")
    assert desk.files() == before

    run = ran(project, "fetch", "--fil", str(path), "--skriv", "ja")
    assert run.returncode == 0
    assert "Tallene er skrevet. Neste steg:" in run.stdout
    assert ",12000,oppgitt," in desk.line(
        "raw/levert/leverte_opplysninger.csv", "sentralbord,sentralbord.volum-anrop,5029"
    )

    run = ran(project, "fetch", "--fil", str(path), "--skriv", "ja")
    assert "har ingen tall som ikke allerede står i datagrunnlaget" in run.stdout


def test_faults_are_told_without_a_traceback(desk, project):
    book = desk.form()
    cell = desk.fill(book, "Opplysninger", "Antall anrop per år, Skaun", "tall", "mange")
    run = ran(project, "fetch", "--fil", str(desk.save(book)), "--skriv", "ja")
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        "",
        "Filen er ikke hentet. Ingenting er skrevet.",
        "",
        f"  • sentralbord.xlsx, ark «Opplysninger», celle {cell.coordinate}: «mange» er ikke et tall. Skriv bare tallet, for eksempel "
        "12 000. Finnes det ikke, skal cellen være tom.",
    ]


def test_a_file_must_be_named(project):
    run = ran(project, "fetch")
    assert run.returncode == 1
    assert "Skriv hvilken fil som skal hentes: make hent FIL=data/skjema/sentralbord.xlsx" in run.stderr
