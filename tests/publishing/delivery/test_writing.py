"""Nothing is half-written: a delivery is in place as a whole, or every file is as it was."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from publishing import validation
from publishing.delivery import commands, writing
from publishing.errors import BuildError


def a_form(desk):
    """A form that changes three files."""
    book = desk.form()
    desk.fill(book, "Opplysninger", "Antall anrop per år, Skaun", "tall", 12_000)
    desk.fill(book, "Bemanning", "Skaun", "årsverk (årsverk)", 0.7)
    desk.fill(book, "Bemanning", "Skaun", "hvorfor tallet er feil", "Stillingen ble redusert i 2026.")
    return book


def failing(monkeypatch, numbers: set[int], error: BaseException) -> list[str]:
    """Make these renames into the tables of the data fail; the names of all of them, in order."""
    real, seen = Path.replace, []

    def replace(self: Path, target: Path) -> Path:
        if self.parent.name == ".levering" and Path(target).suffix == ".csv":
            seen.append(Path(target).name)
            if len(seen) in numbers:
                raise error
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    return seen


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_fault_in_the_middle_leaves_every_file_as_it_was(desk, monkeypatch, number):
    before, path = desk.files(), desk.save(a_form(desk))
    seen = failing(monkeypatch, {number}, PermissionError(13, "Tilgang nektet"))
    with pytest.raises(BuildError) as error:
        desk.hand_in(path)
    assert error.value.problems == [
        "Filene kunne ikke skrives (Tilgang nektet). Alt er slik det var. Lukk tabellene i Excel, og prøv igjen."
    ]
    assert len(seen) >= number
    assert desk.files() == before
    monkeypatch.undo()
    assert desk.hand_in(path).written


def test_a_stop_by_hand_leaves_every_file_as_it_was(desk, monkeypatch):
    before, path = desk.files(), desk.save(a_form(desk))
    failing(monkeypatch, {2}, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        desk.hand_in(path)
    assert desk.files() == before


def test_what_the_machine_stopped_in_is_put_back_before_anything_else(desk, monkeypatch):
    before, path = desk.files(), desk.save(a_form(desk))
    # Nothing can be written any more from the second file on, not even back.
    failing(monkeypatch, set(range(2, 99)), OSError(5, "Disken svarer ikke"))
    with pytest.raises(BuildError, match="verken skrives eller settes tilbake"):
        desk.hand_in(path)
    monkeypatch.undo()
    with pytest.raises(BuildError, match="En levering ble avbrutt mens den ble skrevet"):
        validation.validate(desk.root)
    assert writing.recover(desk.root)
    assert desk.files() == before
    validation.validate(desk.root)
    assert desk.hand_in(path).written


def test_a_file_changed_by_others_meanwhile_is_not_overwritten(desk):
    table = desk.root / "data" / "rettelser.csv"
    path = desk.save(a_form(desk))

    def while_asked() -> bool:
        table.write_bytes(table.read_bytes().replace(b"2026-11-23", b"2026-11-24"))
        return True

    with pytest.raises(BuildError, match=r"data/rettelser.csv: Filen er endret mens leveringen ble lest"):
        commands.fetch(desk.root, path, "", dt.date(2027, 3, 1), while_asked, desk.told.append)
    assert b"2026-11-24" in table.read_bytes()
    assert b"12000" not in b"".join(desk.files().values())


def test_nothing_is_left_beside_the_tables(desk):
    desk.hand_in(a_form(desk))
    assert not (desk.root / validation.INTERRUPTED).exists()
    assert [path for path in desk.files() if not path.endswith((".csv", ".json", ".yml", ".md"))] == []


def test_rows_that_no_delivery_is_about_keep_every_byte(desk):
    before = (desk.root / "data/raw/levert/leverte_opplysninger.csv").read_bytes().splitlines(keepends=True)
    desk.hand_in(a_form(desk))
    after = (desk.root / "data/raw/levert/leverte_opplysninger.csv").read_bytes().splitlines(keepends=True)
    assert [old for old, new in zip(before, after, strict=True) if old != new] == [
        line for line in before if line.startswith(b"sentralbord,sentralbord.volum-anrop,5029,")
    ]


def test_a_file_that_is_not_there_is_told_in_bokmaal(desk):
    [problem] = desk.refused(desk.root / "finnes-ikke.xlsx")
    assert problem.endswith(
        "finnes-ikke.xlsx: Filen finnes ikke. Kontroller navnet og mappen; har navnet mellomrom, må det stå i anførselstegn."
    )
    [problem] = desk.refused(desk.root / "data")
    assert "Dette er en mappe." in problem or "kan ikke åpnes" in problem
