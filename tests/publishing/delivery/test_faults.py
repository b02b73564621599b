"""Each faulty form and CSV file in the tables of ``faults/`` is refused word for word: what ``make hent`` says of it.

Nothing is agreed to and nothing written, so the cases share one copy of the data.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from publishing.delivery import commands
from publishing.errors import BuildError
from tests.publishing.delivery.conftest import TODAY, WHO, Desk, open_all_day
from tests.publishing.faults import edits, form_edits

FORMS = {case.name: case for case in edits.cases("forms")}
DELIVERIES = {case.name: case for case in edits.cases("deliveries")}


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory, forms: Path) -> Iterator[Desk]:
    yield from open_all_day(tmp_path_factory.mktemp("skranke"), forms)


def told(desk: Desk, content: bytes, name: str, who: str = WHO) -> list[str]:
    """The lines that are told of a file, none when it is taken."""
    path = desk.put(content, name)
    try:
        commands.fetch(desk.root, path, who, TODAY, lambda: False, lambda line: None)
    except BuildError as error:
        return error.problems
    finally:
        path.unlink()
    return []


@pytest.mark.parametrize("case", FORMS.values(), ids=FORMS)
def test_form(counter, case):
    form = (counter.root / "data" / "skjema" / "sentralbord.xlsx").read_bytes()
    content = form_edits.edited(form, [(edit, given) for _, edit, given in case.edits])
    assert told(counter, content, case.edits[0][0] or "sentralbord.xlsx") == list(case.told)


@pytest.mark.parametrize("case", DELIVERIES.values(), ids=DELIVERIES)
def test_delivery(counter, case):
    content: bytes | None = b""
    for _, edit, given in case.edits:
        content = edits.EDITS[edit](content or b"", given)
    assert told(counter, content or b"", case.edits[0][0] or "tall.csv") == list(case.told)


def test_a_form_that_nobody_has_touched_is_taken(counter):
    form = (counter.root / "data" / "skjema" / "sentralbord.xlsx").read_bytes()
    assert told(counter, form_edits.edited(form, []), "sentralbord.xlsx") == []
