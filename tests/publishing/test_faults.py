"""Each fault in the tables of ``faults/`` is told in bokmål, word for word: what ``make check`` says of it.

The cases run in one process on one copy of the data and the book, and each puts back what it has spoiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from publishing import checking
from publishing.errors import BuildError
from tests.publishing.faults import edits

ROOT = Path(__file__).resolve().parents[2]

KINDS = ("files", "tables", "rules", "description", "book", "notebooks")
CASES = {f"{kind}: {case.name}": case for kind in KINDS for case in edits.cases(kind)}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data and the book of the project, to be spoilt."""
    return edits.copied(tmp_path_factory.mktemp("feil"))


@pytest.fixture
def spoilt(request: pytest.FixtureRequest, copy: Path) -> Iterator[Path]:
    """The copy with one fault in it."""
    before = edits.apply(request.param, copy)
    yield copy
    for path, content in before.items():
        edits.put(path, content)


def told(root: Path) -> list[str]:
    """The lines that are told, none when all is well."""
    try:
        checking.check(root)
    except BuildError as error:
        return error.problems
    return []


def test_the_copy_is_in_order(copy):
    assert told(copy) == []


@pytest.mark.parametrize(("spoilt", "expected"), [(case, list(case.told)) for case in CASES.values()], ids=CASES, indirect=["spoilt"])  # fmt: skip
def test_fault(spoilt, expected):
    assert told(spoilt) == expected


def test_there_are_cases_for_every_table():
    spoiled = {file for case in CASES.values() for file, _, _ in case.edits}
    tables = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "data").rglob("*.csv") if path.parent.name != "skjema"
    }
    assert tables <= spoiled


#: Words of the tools we use, which a workgroup does not read.
ENGLISH = re.compile(
    r"\b(the|is|not|error|expected|found|invalid|Traceback|Exception|None|line|row|column|while|could)\b"
)


def test_a_message_is_one_line_that_says_where_in_bokmal():
    for name, case in CASES.items():
        for message in case.told:
            place, _, text = message.partition(": ")
            assert place.startswith(("data/", "book/", "_toc.yml", "_config.yml")), name
            assert text.endswith((".", "?", ")")), name
            assert "\n" not in message, name
            assert not ENGLISH.search(re.sub(r"«[^»]*»", "", text)), message
