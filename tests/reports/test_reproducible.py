"""Two builds of one commit give the same bytes, wherever, whenever and by whomever they are made."""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from publishing import digests

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another checkout of what is here, built with another clock, locale, hash seed and number of workers."""
    folder = tmp_path_factory.mktemp("en annen mappe") / "utsjekking"
    _git(ROOT, "clone", "--quiet", "--no-local", str(ROOT), str(folder))
    for name in _git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        source, target = ROOT / name, folder / name
        if name and source.is_file() and not (target.exists() and filecmp.cmp(source, target, shallow=False)):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    environment = {
        **os.environ, "PYTHONPATH": str(folder), "PYTHONUTF8": "1", "PYTHONHASHSEED": "4711",
        "TZ": "Pacific/Auckland", "LC_ALL": "C", "LANG": "C", "HOME": str(folder.parent), "COLUMNS": "40",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    program = "import time; from publishing import build; build.build(workers=1); print(time.time())"
    run = subprocess.run(
        [*_another_time(), sys.executable, "-c", program], cwd=folder, env=environment, capture_output=True, text=True,
        encoding="utf-8",
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    if _another_time():
        assert float(run.stdout.split()[-1]) > time.time() + 1000 * 24 * 3600, "the clock was not another"
    return folder


def _git(folder: Path, *arguments: str) -> str:
    run = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=True)
    return run.stdout


def _another_time() -> list[str]:
    if shutil.which("faketime"):
        return ["faketime", "-f", "+1234d"]
    if os.environ.get("CI"):
        raise pytest.UsageError("Debian's package faketime is missing; .ci/run installs it")
    return []


@pytest.mark.long(60)
def test_another_checkout_gives_the_same_bytes(other: Path, reports_dir: Path):
    found = {name: _digests(folder) for name, folder in (("her", reports_dir), ("der", other / "reports"))}
    differing = {name for name in found["her"].keys() | found["der"].keys() if found["her"].get(name) != found["der"].get(name)}
    assert differing == set()
    assert len(found["her"]) > 300


def test_the_edition_carries_the_digests_of_what_it_was_made_from_and_of_its_files(reports_dir: Path):
    facts = json.loads((reports_dir / "utgave.json").read_text("utf-8"))
    assert facts["laget_av"] == digests.parts(ROOT)
    assert facts["filer"] == {name: sum_ for name, sum_ in _digests(reports_dir).items() if name != "utgave.json"}


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): digests.of_file(path) for path in sorted(folder.rglob("*")) if path.is_file()
    }
