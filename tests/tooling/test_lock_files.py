"""The lock files: exact, complete, and the same wherever they are used."""

from __future__ import annotations

import ast
import re
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INSTALLER = "requirements-install.txt"  # one program, which needs no other
AUDIT = "requirements-audit.txt"  # brings a pip of its own, and is not there where the tests run
LOCKS = (
    "requirements.txt", "requirements-test.txt", "requirements-edit.txt", "requirements-cluster.txt", INSTALLER, AUDIT,
)  # fmt: skip

#: A requirement with its hashes, on one line once the line continuations are folded.
PIN = re.compile(
    r"(?P<name>[a-z0-9.-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>.+?))?(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})+)"
)

#: Run by hand when the fonts are renewed; its own docstring says what to install.
NOT_BUILDING = {ROOT / "publishing" / "fonts" / "cut.py"}

#: What `make edit` alone runs, with packages that the book is built without.
EDITOR = "publishing/editor"

#: What `--scheduler` alone runs, with packages that the book is built without.
CLUSTER = "publishing/cluster.py"


def pins(lock: str) -> list[re.Match[str]]:
    text = (ROOT / lock).read_text("utf-8").replace("\\\n    ", "")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    found = [PIN.fullmatch(line.strip()) for line in lines]
    assert lines
    assert None not in found, f"not an exact version with hashes: {lines[found.index(None)]}"
    return [match for match in found if match]


def wanted(source: str) -> set[str]:
    lines = (ROOT / source).read_text("utf-8").splitlines()
    return {match[0] for line in lines if (match := re.match(r"[a-z][a-z0-9-]*", line))}


def imported(folder: str) -> dict[str, set[str]]:
    """Every outside module that the code of a folder (or one file) imports, and the files that do."""
    own = {"analysis", "publishing", "tests", "benchmarks"}
    found: dict[str, set[str]] = {}
    for path in [ROOT / folder] if folder.endswith(".py") else (ROOT / folder).rglob("*.py"):
        elsewhere = path in NOT_BUILDING or path == ROOT / CLUSTER or ROOT / EDITOR in path.parents
        if elsewhere and folder not in (EDITOR, CLUSTER):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in (name.split(".")[0] for name in names):
                if name not in sys.stdlib_module_names | own:
                    found.setdefault(name, set()).add(path.relative_to(ROOT).as_posix())
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_exact_and_has_hashes(lock: str):
    assert len(pins(lock)) > (0 if lock == INSTALLER else 15)


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_or_path_of_the_machine_that_compiled_it(lock: str):
    text = (ROOT / lock).read_text("utf-8")
    assert not re.findall(r"://|(?m:^\s*-(?:i|f|-index|-extra-index|-find-links))| /\w+/", text)


@pytest.mark.parametrize(("source", "lock"), [(lock.replace(".txt", ".in"), lock) for lock in LOCKS])
def test_lock_file_holds_all_that_is_asked_for(source: str, lock: str):
    assert wanted(source) <= {pin["name"] for pin in pins(lock)}


@pytest.mark.parametrize("lock", LOCKS[1:])
def test_tests_and_editing_run_on_the_versions_that_the_book_is_built_with(lock: str):
    book = {(pin["name"], pin["version"]) for pin in pins("requirements.txt")}
    names = {name for name, _ in book}
    other = {(pin["name"], pin["version"]) for pin in pins(lock) if pin["name"] in names}
    assert other <= book


@pytest.mark.parametrize(
    ("folders", "source"),
    [
        (("analysis", "publishing"), ("requirements.in",)),
        ((EDITOR,), ("requirements.in", "requirements-edit.in")),
        ((CLUSTER,), ("requirements.in", "requirements-cluster.in")),
        (("tests", "benchmarks"), tuple(lock.replace(".txt", ".in") for lock in LOCKS if "audit" not in lock)),
    ],
)
def test_what_is_imported_is_asked_for_by_name(folders: tuple[str, ...], source: tuple[str, ...]):
    asked = set().union(*(wanted(file) for file in source))
    providers = metadata.packages_distributions()
    for folder in folders:
        for module, files in imported(folder).items():
            names = {re.sub(r"[-_.]+", "-", name).lower() for name in providers.get(module, [module])}
            assert names & asked, f"{module}, imported by {sorted(files)}, is not in {' or '.join(source)}"


def test_what_is_asked_for_has_a_reason_beside_it():
    for source in (lock.replace(".txt", ".in") for lock in LOCKS):
        lines = (ROOT / source).read_text("utf-8").splitlines()
        assert [line for line in lines if re.match(r"[a-z]", line) and "  # " not in line] == []


def test_this_environment_is_the_locked_one():
    locked: dict[str, set[str]] = {}
    for pin in [pin for lock in LOCKS if lock != AUDIT for pin in pins(lock)]:
        locked.setdefault(pin["name"], set()).add(pin["version"])
    names = {re.sub(r"[-_.]+", "-", found.name).lower(): found.version for found in metadata.distributions()}
    other = {name: names[name] for name in locked.keys() & names.keys() if names[name] not in locked[name]}
    assert other == {}
