"""``make skjema`` writes the forms; ``make hent`` reads one back."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from publishing import project, validation
from publishing.delivery import cells, comparing, forms, reading, workbooks, writing
from publishing.delivery.faults import CellError
from publishing.delivery.filled import Filled
from publishing.delivery.tables import Tables, areas
from publishing.errors import BuildError

FOLDER = validation.FORMS

#: What `make hent FIL=… SKRIV=…` takes for yes.
YES = ("ja", "j")

NEXT_STEPS = """
Tallene er skrevet. Neste steg:
  1. Se på endringene:        git diff data
  2. Bygg og les rapportene:  make book
  3. Les setningene om tallene på nytt, også i data/datahull.csv og data/avvik.csv.
  4. Legg dem inn i git:      git add data && git commit -m "Ta inn tall fra arbeidsgruppen"
Ta vare på den leverte filen utenfor prosjektet. Den kan ha tall som skal holdes tilbake, så den skal ikke inn i git."""

Tell = Callable[[str], None]


def write_forms(root: Path, tell: Tell) -> list[str]:
    """Write the form of every area to ``data/skjema/``; return their paths. A form that somebody has filled is not written over.

    Raises:
        BuildError: if the data are not in order, or some form could not be written; the others are.
    """
    validation.validate(root)
    tables = Tables(root)
    found, faults = [], []
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    for area, name in areas(tables).items():
        path = f"{FOLDER}{area}.xlsx"
        content = forms.workbook(tables, area, _words(root, tables, area, name))
        fault = _replaced(root / path, path, content, tables)
        if fault:
            faults.append(fault)
        else:
            found.append(path)
            tell(f"  {path}")
    if faults:
        raise BuildError(*faults)
    return found


def _words(root: Path, tables: Tables, area: str, name: str) -> forms.Words:
    places = sorted(tables.rows("kommuner"), key=lambda row: int(row["rekkefolge"]))
    deadlines = sorted({row["frist"] for row in tables.rows("datahull") if row["omrade"] == area})
    return forms.Words(
        name,
        tuple(row["kommune"] for row in places),
        project.edition(root).contact,
        "" if len(deadlines) != 1 else deadlines[0][:1].upper() + deadlines[0][1:],
    )


def _replaced(path: Path, shown: str, content: bytes, tables: Tables) -> str:
    """Put a new form in place; what keeps it from that, or nothing."""
    try:
        old = path.read_bytes() if path.exists() else None
        if old == content:
            return ""
        if old is not None and _is_filled(old, path.name, tables):
            return f"{shown}: Skjemaet er fylt ut, eller det er endret. Hent det med «make hent FIL={shown}», eller flytt det, og kjør «make skjema» på nytt."
        beside = path.with_name(f".{path.name}.ny")
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        return f"{shown}: Filen kan ikke skrives. Lukk den i Excel, og prøv igjen. ({error.strerror})"
    return ""


def _is_filled(content: bytes, file: str, tables: Tables) -> bool:
    """Whether a form holds anything that somebody wrote. One that cannot be read may."""
    found = workbooks.read(content, file, tables)
    if found.faults:
        return True
    front = [cell for cell in (found.who, found.when) if cell is not None and not cell.empty]
    return bool(front) or any(
        not cell.empty and cell.raw != forms.NOT_ASKED
        for row in found.rows
        for cell in (*row.values.values(), *row.beside.values())
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """How a delivery ended: the changes found, and whether they were written."""

    changes: tuple[comparing.Change, ...]
    written: bool


def fetch(root: Path, path: Path, given_who: str, today: dt.date, agreed: Callable[[], bool], tell: Tell) -> Answer:
    """Read a delivered file, tell what it changes, and write it when ``agreed`` says so.

    Raises:
        BuildError: every fault of the file at once; nothing is then written.
    """
    if writing.recover(root):
        tell("En tidligere levering ble avbrutt. Filene er satt tilbake slik de var.")
    validation.validate(root)
    tables = Tables(root)
    content = reading.content_of(path)
    filled = reading.read(content, path.name, tables)
    if filled.faults and not filled.rows and filled.who is None:
        raise BuildError(*map(str, filled.faults))  # not opened at all, so nothing else can be said of it
    found = comparing.changes(filled, tables)
    delivery = _delivery(filled, content, given_who, today, found, tables)
    if filled.faults or delivery is None:
        raise BuildError(*map(str, filled.faults))
    for note in filled.notes:
        tell(f"Merk: {note}")
    if not found:
        tell(f"{filled.file} har ingen tall som ikke allerede står i datagrunnlaget. Ingenting er endret.")
        return Answer((), False)
    new = writing.contents(found, delivery, tables)
    writing.check(new, found, filled.file, tables)
    tell(f"{filled.file}, levert av {delivery.who}, {delivery.date:%d.%m.%Y}\n")
    for line in comparing.overview(found):
        tell(line)
    tell(f"\n{len(found)} {'verdi' if len(found) == 1 else 'verdier'} i {_files(new)}.")
    if not agreed():
        return Answer(tuple(found), False)
    writing.put_in_place(new, tables)
    return Answer(tuple(found), True)


def _files(new: dict[str, bytes]) -> str:
    return ", ".join(sorted(new))


def _delivery(
    filled: Filled, content: bytes, given_who: str, today: dt.date, found: list[comparing.Change], tables: Tables
) -> writing.Delivery | None:
    """Who, when and which file; what is wrong with them is noted in ``filled``."""
    who = _who(filled, given_who)
    day = _day(filled, today)
    try:
        name = cells.text(filled.file)
    except CellError:
        filled.fault("", "Filnavnet har tegn som ikke kan brukes. Gi filen et navn med bokstaver og tall.")
        name = ""
    if not (who and day and name):
        return None
    area = filled.area or _only_area(found, tables)
    return writing.Delivery(who, day, name, hashlib.sha256(content).hexdigest(), area)


def _only_area(found: list[comparing.Change], tables: Tables) -> str:
    """The area that all the changes belong to, or ``felles``."""
    found_areas = set()
    for change in found:
        row = next(r for r in tables.rows(change.table.name) if tables.key_of(change.table.name, r) == change.row.id)
        found_areas.add(row["omrade"])
    return found_areas.pop() if len(found_areas) == 1 else "felles"


def _who(filled: Filled, given: str) -> str:
    """Who delivers: as the form says, or else as the command does."""
    cell = filled.who
    raw, place = (cell.raw, cell.place) if cell is not None and not cell.empty else (given, "AV=…")
    if cells.is_empty(raw):
        filled.fault(
            cell.place if cell else "",
            'Skriv hvem som leverer (rolle og kommune), eller legg til AV="økonomisjefen i Melhus".',
        )
        return ""
    try:
        who = cells.text(raw).rstrip(".")
    except CellError as fault:
        filled.fault(place, str(fault))
        return ""
    if not 3 <= len(who) <= 100 or not any(sign.isalpha() for sign in who):
        filled.fault(
            place,
            f"«{who[:40]}» sier ikke hvem som leverer. Skriv rolle og kommune, for eksempel «økonomisjefen i Melhus».",
        )
        return ""
    if given and cell is not None and not cell.empty and given.strip() != who:
        filled.notes.append(f"Skjemaet sier at {who} leverer. AV={given} blir ikke brukt.")
    return who


def _day(filled: Filled, today: dt.date) -> dt.date | None:
    """The day of the delivery: as the form says, or today."""
    cell = filled.when
    if cell is None or cell.empty:
        return today
    try:
        day = cells.date(cell.raw)
    except CellError as fault:
        filled.fault(cell.place, str(fault))
        return None
    if day > today:
        filled.fault(cell.place, f"Datoen {day:%d.%m.%Y} er ikke kommet ennå. Skriv dagen skjemaet ble fylt ut.")
        return None
    return day
