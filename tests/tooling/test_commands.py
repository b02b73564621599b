"""The commands: what a newcomer, a developer and CI run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TARGETS = {"help", "book", "check", "utgave", "test", "bench", "lint", "lock", "clean"}


def make(*arguments: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    # Without the variables of a surrounding make, which calls these tests.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=root, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with no more than make and its lock files."""
    for name in ("Makefile", "requirements.txt", "requirements-test.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def workflow() -> dict:
    return yaml.safe_load((ROOT / ".github" / "workflows" / "book.yml").read_text("utf-8"))


def test_make_alone_lists_every_target():
    listed = make()
    assert listed.returncode == 0
    assert {line.split()[0] for line in listed.stdout.splitlines()[1:]} == TARGETS


def test_every_target_is_told_and_is_phony():
    text = (ROOT / "Makefile").read_text("utf-8")
    assert set(re.search(r"^\.PHONY: (.+)$", text, re.M)[1].split()) == TARGETS
    assert set(re.findall(r"^([a-z]+):.*## ", text, re.M)) == TARGETS


def old_python(folder: Path) -> Path:
    """A stand-in for a Python that is too old: it says its version and fails the question."""
    path = folder / "python-old"
    path.write_text('#!/bin/sh\nif [ "$1" = --version ]; then echo "Python 3.9.6"; else exit 1; fi\n', "utf-8")
    path.chmod(0o755)
    return path


def test_a_python_too_old_is_told_in_bokmaal(project: Path):
    run = make("book", f"PYTHON={old_python(project)}", root=project)
    assert run.returncode != 0
    assert "Trenger Python 3.11 eller nyere." in run.stderr
    assert "er Python 3.9.6." in run.stderr
    assert "make book PYTHON=python3.12" in run.stderr
    assert not (project / ".venv").exists()


def test_a_python_that_is_not_there_is_told_in_bokmaal(project: Path):
    run = make("check", "PYTHON=no-such-python", root=project)
    assert run.returncode != 0
    assert "«no-such-python» er ikke på denne maskinen." in run.stderr


def ready(project: Path, goal: str) -> list[str]:
    """What make would say of a goal whose environment may be set up."""
    return make("--dry-run", goal, root=project).stdout.splitlines()


def test_what_is_installed_is_not_installed_again(project: Path):
    first = ready(project, "book")
    stamp = re.search(r"touch (\S+)", "\n".join(first))[1]
    (project / stamp).parent.mkdir()
    (project / stamp).touch()
    # Newer than its stamp by its date, as after a checkout, but the same.
    os.utime(project / "requirements.txt", (0, 0))
    assert [line for line in ready(project, "book") if "pip" in line] == []

    with (project / "requirements.txt").open("a") as lock:
        lock.write("# changed\n")
    assert [line for line in ready(project, "book") if "pip install" in line]


def test_installing_demands_hashes_and_compiles_nothing(project: Path):
    commands = [line for line in ready(project, "test") if "pip install" in line]
    assert len(commands) == 2
    for command in commands:
        assert "--require-hashes" in command
        assert "--only-binary :all:" in command


def test_book_installs_nothing_that_only_tests_need(project: Path):
    assert not [line for line in ready(project, "book") if "requirements-test" in line]


def test_ci_runs_what_the_readme_tells():
    script = ROOT / ".ci" / "run"
    text = script.read_text("utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in text
    assert text.rstrip().endswith("\nmake test")
    assert "make test" in (ROOT / "README.md").read_text("utf-8")
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


def test_workflow_builds_tests_and_publishes_with_no_more_rights_than_it_needs():
    found = workflow()
    triggers = found[True]  # YAML 1.1 reads the word "on" as true
    assert set(triggers) == {"push", "pull_request"}
    assert found["permissions"] == {"contents": "read"}
    assert set(found["jobs"]) == {"test", "macos", "publish"}
    assert any(step.get("run") == "bash .ci/run" for step in found["jobs"]["test"]["steps"])
    publish = found["jobs"]["publish"]
    assert publish["needs"] == "test"
    assert "refs/heads/main" in publish["if"]
    assert publish["permissions"] == {"pages": "write", "id-token": "write"}
    assert [name for name, job in found["jobs"].items() if "permissions" in job] == ["publish"]


def test_workflow_uses_only_pinned_actions_of_github_itself():
    used = [step["uses"] for job in workflow()["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"actions/[\w-]+@(v\d+|[0-9a-f]{40})", name)] == []


def test_workflow_tests_the_oldest_python_supported():
    versions = workflow()["jobs"]["test"]["strategy"]["matrix"]["python"]
    oldest = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text("utf-8"))[1]
    assert oldest in versions


def test_commit_hooks_use_the_formatter_that_ci_uses():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]
    pinned = re.search(r"^ruff==(\S+)", (ROOT / "requirements-test.txt").read_text("utf-8"), re.M)[1]
    ruff = [hook["additional_dependencies"] for hook in hooks if hook["id"].startswith("ruff")]
    assert ruff == [[f"ruff=={pinned}"]] * 2
