"""The commands: what a newcomer, a developer, a workgroup and CI run."""

from __future__ import annotations

import ast
import importlib.util
import itertools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


def kjor() -> ModuleType:
    """The script that runs every command, as a module."""
    spec = importlib.util.spec_from_file_location("kjor", ROOT / "kjor.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ran(*command: str, root: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    # Without the variables of a surrounding make, which calls these tests.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        command, cwd=root, env=environment | variables, capture_output=True, text=True, encoding="utf-8", timeout=60,
        check=False,
    )  # fmt: skip


def make(*arguments: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return ran("make", "--no-print-directory", *arguments, root=root)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with no more than the commands and their lock files."""
    for name in ("Makefile", "kjor.py", *(path.name for path in ROOT.glob("requirements*.txt"))):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def workflow(name: str = "book") -> dict:
    return yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text("utf-8"))


def steps(name: str) -> list[dict]:
    """The steps of all jobs of a workflow."""
    return [step for job in workflow(name)["jobs"].values() for step in job["steps"]]


WORKFLOWS = sorted(path.stem for path in (ROOT / ".github" / "workflows").glob("*.yml"))


def test_the_machines_of_ci_run_every_part_of_the_tests():
    test = workflow()["jobs"]["test"]
    parts = test["strategy"]["matrix"]["part"]
    assert parts == [f"{number}/{len(parts)}" for number in range(1, len(parts) + 1)]
    assert {"DEL": "${{ matrix.part }}"} in [step.get("env") for step in test["steps"]]


@pytest.mark.parametrize(
    "command", [["make", "--no-print-directory"], [sys.executable, "kjor.py"]], ids=["make", "python"]
)
def test_alone_it_lists_every_target(command: list[str]):
    listed = ran(*command)
    assert listed.returncode == 0
    assert {line.split()[0] for line in listed.stdout.splitlines()[1:]} == set(kjor().TARGETS)


def test_make_has_the_targets_that_the_script_has():
    text = (ROOT / "Makefile").read_text("utf-8")
    assert set(re.search(r"^TARGETS := (.+)$", text, re.M)[1].split()) == {"help", *kjor().TARGETS}


def test_a_python_too_old_is_told_in_bokmaal():
    told = kjor().too_old((3, 9), "book")
    assert told.startswith("Trenger Python 3.11 eller nyere. Denne er 3.9.")
    assert "make book PYTHON=python3.12" in told
    assert kjor().too_old((3, 11), "book") == kjor().too_old((4, 0), "book") == ""


def test_a_python_too_old_can_read_the_script():
    ast.parse((ROOT / "kjor.py").read_text("utf-8"), feature_version=(3, 7))


def test_a_python_that_is_not_there_is_told_in_bokmaal(project: Path):
    run = make("check", "PYTHON=no-such-python", root=project)
    assert run.returncode != 0
    assert "«no-such-python» er ikke på denne maskinen." in run.stderr


def test_a_target_or_an_option_that_is_not_there_is_told_in_bokmaal():
    run = ran(sys.executable, "kjor.py", "bok")
    assert run.returncode == 2 and "«bok» er ikke et mål." in run.stderr
    run = ran(sys.executable, "kjor.py", "check", "FARGE=rød")
    assert run.returncode == 2 and "«FARGE=rød» er ikke et valg for «check»." in run.stderr


def prepared(
    project: Path, monkeypatch: pytest.MonkeyPatch, locks: tuple[str, ...], fails: tuple[str, ...] = ()
) -> tuple[str, list[list[str]]]:
    """The answer, and what pip and uv would be told, in a folder whose environment may be set up; some of them may fail."""
    module, told = kjor(), []

    class Installer:
        stdout = ()

        def __init__(self, command: list[str], **options: object) -> None:
            told.append(command)

        def wait(self) -> int:
            return int(tool(told[-1]) in fails)

    monkeypatch.setattr(module, "ROOT", project)
    monkeypatch.setattr(module.venv, "create", lambda folder, **options: Path(folder).mkdir(exist_ok=True))
    monkeypatch.setattr(module.subprocess, "Popen", Installer)
    monkeypatch.chdir(project)
    return module.prepared(locks), told


def tool(command: list[str]) -> str:
    return "uv" if "uv" in command else "pip"


def test_what_is_installed_is_not_installed_again(project: Path, monkeypatch: pytest.MonkeyPatch):
    locks = kjor().BOOK
    assert len(prepared(project, monkeypatch, locks)[1]) == 2  # uv, and what it installs
    # Newer than its stamp by its date, as after a checkout, but the same.
    os.utime(project / "requirements.txt", (0, 0))
    assert prepared(project, monkeypatch, locks) == ("", [])

    for changed in ("requirements.txt", "requirements-install.txt"):
        with (project / changed).open("a") as lock:
            lock.write("# changed\n")
        assert len(prepared(project, monkeypatch, locks)[1]) == 2


@pytest.mark.parametrize(
    ("fails", "told"),
    [
        ((), "pip requirements-install, uv requirements, pip requirements-install, uv requirements-cluster"),
        (
            ("uv",),
            "pip requirements-install, uv requirements, pip requirements, "
            "pip requirements-install, uv requirements-cluster, pip requirements-cluster",
        ),
        (("pip",), "pip requirements-install"),
    ],
    ids=["all is well", "where uv cannot pip does", "nothing is tried twice without a network"],
)
def test_installing_demands_hashes_and_compiles_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch, fails: tuple[str, ...], told: str
):
    answer, commands = prepared(project, monkeypatch, kjor().TEST, fails)
    assert answer.startswith("Installeringen stoppet.") if "pip" in fails else answer == ""
    assert ", ".join(f"{tool(command)} {command[-1].removesuffix('.txt')}" for command in commands) == told
    for command in commands:
        assert "--require-hashes" in command
        assert command[command.index("--only-binary") + 1] == ":all:"
        assert tool(command) == "uv" or "--no-compile" in command


@pytest.mark.parametrize("target", ["book", "check", "utgave"])
def test_book_installs_nothing_that_only_tests_and_editing_need(target: str):
    assert kjor().TARGETS[target].locks == ("requirements.txt",)


def test_a_failed_part_stops_the_rest_and_is_the_answer(project: Path, monkeypatch: pytest.MonkeyPatch):
    module, ran_parts = kjor(), []
    monkeypatch.setattr(module, "waited_for", lambda command, environment: ran_parts.append(command) or 3)
    assert module.run("test", module.TARGETS["test"], {}) == 3
    assert len(ran_parts) == 1


def test_what_is_imported_is_compiled_once_since_installing_compiles_nothing(monkeypatch: pytest.MonkeyPatch):
    module, environments = kjor(), []
    monkeypatch.setattr(module, "waited_for", lambda command, environment: environments.append(environment) or 0)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    module.run("check", module.TARGETS["check"], {})
    assert "PYTHONDONTWRITEBYTECODE" not in environments[0]


def test_a_command_that_ctrl_c_stops_ends_in_its_own_time(monkeypatch: pytest.MonkeyPatch):
    module, answers = kjor(), [KeyboardInterrupt, KeyboardInterrupt, 0]

    class Process:
        def __init__(self, command: list[str], env: dict[str, str]) -> None:
            pass

        def wait(self) -> int:
            answer = answers.pop(0)
            if answer is KeyboardInterrupt:
                raise KeyboardInterrupt
            return answer

    monkeypatch.setattr(module.subprocess, "Popen", Process)
    assert module.waited_for(["python"], {}) == 0
    assert answers == []


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
    assert set(found["jobs"]) == {"test", "macos", "review", "comment", "publish"}
    assert any(step.get("run") == "bash .ci/run" for step in found["jobs"]["test"]["steps"])
    publish = found["jobs"]["publish"]
    assert publish["needs"] == "test"
    assert "refs/heads/main" in publish["if"]
    assert publish["permissions"] == {"pages": "write", "id-token": "write"}
    assert found["jobs"]["comment"]["permissions"] == {"pull-requests": "write"}
    assert [name for name, job in found["jobs"].items() if "permissions" in job] == ["comment", "publish"]


def test_workflow_tells_what_a_pull_request_changes_in_one_comment():
    jobs = workflow()["jobs"]
    review, comment = jobs["review"], jobs["comment"]
    assert review["if"] == "github.event_name == 'pull_request'"
    [checkout] = [step["with"] for step in review["steps"] if step.get("uses", "").startswith("actions/checkout@")]
    assert checkout == {"fetch-depth": 0, "persist-credentials": False}
    commands = " ".join(step.get("run", "") for step in review["steps"])
    assert "make endringer FRA=HEAD^1 FIL=endringer.md" in commands
    assert '>> "$GITHUB_STEP_SUMMARY"' in commands
    # The token of a fork's pull request cannot write; and what can write runs nothing of what is proposed.
    assert "head.repo.full_name == github.repository" in comment["if"]
    assert not any("checkout" in step.get("uses", "") for step in comment["steps"])
    script = comment["steps"][-1]["run"]
    assert script.index("--method PATCH") < script.index("--method POST")


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_script_of_a_workflow_holds_what_others_write(name: str):
    # A branch or a title may hold anything: it reaches a script through the environment only.
    scripts = [step["run"] for step in steps(name) if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_script_of_a_workflow_can_be_read_by_its_shell(name: str):
    for script in (step["run"] for step in steps(name) if "run" in step):
        read = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
        assert read.returncode == 0, read.stderr


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_uses_only_pinned_actions_of_github_itself(name: str):
    used = [step["uses"] for step in steps(name) if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"actions/[\w-]+@(v\d+|[0-9a-f]{40})", name)] == []


def test_workflow_tests_the_oldest_python_supported():
    versions = workflow()["jobs"]["test"]["strategy"]["matrix"]["python"]
    oldest = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text("utf-8"))[1]
    assert oldest in versions


def test_the_dependencies_are_looked_after_every_week_with_no_right_to_write():
    found = workflow("dependencies")
    triggers = found[True]
    assert set(triggers) == {"schedule", "workflow_dispatch"}
    [schedule] = triggers["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", schedule["cron"])
    assert found["permissions"] == {"contents": "read"}
    assert not any("permissions" in job or "environment" in job for job in found["jobs"].values())
    assert not any("secrets." in str(job) or "github.token" in str(job) for job in found["jobs"].values())
    checkouts = [step["with"] for step in steps("dependencies") if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts == [{"persist-credentials": False}] * len(found["jobs"])


def test_every_lock_file_is_audited_and_an_answer_that_is_not_given_is_a_fault():
    locks = sorted(path.name for path in ROOT.glob("requirements*.txt"))
    [command] = kjor().TARGETS["audit"].runs
    assert sorted(part for before, part in itertools.pairwise(command) if before == "-r") == locks
    assert {"--strict", "--require-hashes", "--disable-pip"} <= set(command)
    audit = workflow("dependencies")["jobs"]["audit"]
    assert any(step.get("run") == "python kjor.py audit" for step in audit["steps"])
    # A line of a lock file may be for one system, or for one Python.
    assert {one["os"].partition("-")[0] for one in audit["strategy"]["matrix"]["include"]} == {
        "ubuntu",
        "macos",
        "windows",
    }


def test_the_newest_versions_are_locked_and_tested_as_ever():
    job = workflow("dependencies")["jobs"]["newest"]
    scripts = [step.get("run", "") for step in job["steps"]]
    assert scripts.index("make lock LOCK_OPTIONS=--upgrade") < scripts.index("bash .ci/run")
    # What breaks makes the job fail, and is told of in the end whatever happened.
    assert not any("continue-on-error" in step for step in job["steps"])
    assert job["steps"][-1]["if"] == "always()"
    assert "GITHUB_STEP_SUMMARY" in scripts[-1] and "The book breaks with these" in scripts[-1]


@pytest.mark.parametrize(
    ("lock", "test", "told"),
    [
        ("success", "success", "builds and passes its tests with these"),
        ("success", "failure", "The book breaks with these"),
        ("failure", "skipped", "cannot be locked together"),
    ],
)
def test_the_summary_says_how_it_went_with_the_newest(tmp_path: Path, lock: str, test: str, told: str):
    script = workflow("dependencies")["jobs"]["newest"]["steps"][-1]["run"]
    summary = tmp_path / "summary.md"
    assert ran("bash", "-e", "-c", script, LOCK=lock, TEST=test, GITHUB_STEP_SUMMARY=str(summary)).returncode == 0
    assert told in summary.read_text("utf-8")


def test_tests_run_side_by_side_and_every_chapter_once_more():
    [_, command] = kjor().TARGETS["test"].runs
    assert command[command.index("-n") + 1] == "auto"
    assert {"tests", "_build/executed", "--nbval"} <= set(command)


def test_commit_hooks_use_the_formatter_that_ci_uses():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]
    pinned = re.search(r"^ruff==(\S+)", (ROOT / "requirements-test.txt").read_text("utf-8"), re.M)[1]
    ruff = [hook["additional_dependencies"] for hook in hooks if hook["id"].startswith("ruff")]
    assert ruff == [[f"ruff=={pinned}"]] * 2
