"""Writes a delivery into the tables: all of the files or none, and only when the whole project is in order afterwards."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.formatting import MONTHS
from publishing import validation
from publishing.delivery.comparing import Change
from publishing.delivery.tables import DELIVERED_BY, STATED, WITHHELD, Tables
from publishing.errors import BuildError

CORRECTIONS, DELIVERIES = "rettelser", "leveranser"

#: Says which files are being put in place; while it is there, a delivery is not whole.
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who delivered which file, when: an event, with the file's checksum. ``area`` is ``felles`` for several areas."""

    who: str
    date: dt.date
    file: str
    sha256: str
    area: str

    @property
    def source(self) -> str:
        """How the rows of the delivery tell where they come from."""
        day = f"{self.date.day}. {MONTHS[self.date.month - 1]} {self.date.year}"
        return f"{DELIVERED_BY}{self.who}, {day}, i filen {self.file}."


def contents(changes: Sequence[Change], delivery: Delivery, tables: Tables) -> dict[str, bytes]:
    """The files that the delivery changes, whole, by their path from the root of the project."""
    new: dict[str, bytes] = {}
    filling = [change for change in changes if not change.corrects]
    for name in dict.fromkeys(change.table.name for change in filling):
        rows = tables.rows(name)
        for row in rows:
            mine = [c for c in filling if c.table.name == name and c.row.id == tables.key_of(name, row)]
            for change in mine:
                _fill(row, change, delivery)
        new[tables.file(name)] = _as_csv(rows, tables, name)
    correcting = [change for change in changes if change.corrects]
    if correcting:
        rows = tables.rows(CORRECTIONS)
        for change in correcting:
            _correct(rows, change, delivery, tables)
        new[tables.file(CORRECTIONS)] = _as_csv(rows, tables, CORRECTIONS)
    events = [row for row in tables.rows(DELIVERIES) if row["sha256"] != delivery.sha256]
    events.append(
        {
            "sha256": delivery.sha256,
            "dato": delivery.date.isoformat(),
            "levert_av": delivery.who,
            "fil": delivery.file,
            "omrade": delivery.area,
            "antall_verdier": str(len(changes)),
        }
    )
    new[tables.file(DELIVERIES)] = _as_csv(events, tables, DELIVERIES)
    return new


def _fill(row: dict[str, str], change: Change, delivery: Delivery) -> None:
    row[change.column.name] = change.after
    if change.column.status_column:
        row[change.column.status_column] = WITHHELD if change.withheld else STATED
    row["kilde"] = delivery.source
    if change.withheld:
        row["kilde"] += " Færre enn fem personer står bak tallet."
    elif change.origin:
        row["kilde"] += f" Hentet fra: {change.origin}"


def _correct(rows: list[dict[str, str]], change: Change, delivery: Delivery, tables: Tables) -> None:
    """A new correction, or the one that is there with a new value."""
    made = tables.correction(change.table.name, change.row.id, change.column.name)
    known = {row["id"]: row for row in rows}
    if made is None:
        parts = [part.partition("=")[2] for part in change.row.id.split(";")]
        name = "-".join([change.table.name, *parts, change.column.name]).replace("_", "-").replace(".", "-").lower()
        made = {"id": name, "tabell": change.table.name, "nokkel": change.row.id, "kolonne": change.column.name}
        made["forventet"] = change.row.stated[change.column.name]
        rows.append(made)
    else:
        made = known[made["id"]]
    reason = change.reason if not change.origin else f"{change.reason} Hentet fra: {change.origin}"
    made |= {
        "ny": change.after,
        "begrunnelse": reason,
        "bekreftet_av": f"{delivery.who} (i filen {delivery.file})",
        "dato": delivery.date.isoformat(),
    }


def _as_csv(rows: Sequence[Mapping[str, str]], tables: Tables, name: str) -> bytes:
    """A table as the tables are kept: the columns of its description, UTF-8, comma, line feed."""
    text = io.StringIO(newline="")
    columns = [field["name"] for field in tables.described[name]["schema"]["fields"]]
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def check(new: Mapping[str, bytes], changes: Sequence[Change], file: str, tables: Tables) -> None:
    """Validate the whole project as it would be, on a copy.

    Raises:
        BuildError: what would be wrong, with the place in the delivered file where a change is the cause.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(
            tables.root / "data", copy / "data", ignore=shutil.ignore_patterns("skjema", ".levering", "~$*")
        )
        for path, content in new.items():
            (copy / path).write_bytes(content)
        try:
            validation.validate(copy)
        except BuildError as error:
            raise BuildError(*(_placed(problem, changes, file, tables) for problem in error.problems)) from None


def _placed(problem: str, changes: Sequence[Change], file: str, tables: Tables) -> str:
    """A problem of a table as one of the delivered file."""
    for change in changes:
        keys = [tables.key_of(change.table.name, row) for row in tables.rows(change.table.name)]
        start = f"{change.table.file}, rad {keys.index(change.row.id) + 2}, kolonnen {change.column.name}: "
        if problem.startswith(start):
            return f"{file}, {change.place}: {problem.removeprefix(start)}"
    return f"{file}: Tallene passer ikke sammen med resten av datagrunnlaget. {problem}"


def put_in_place(new: Mapping[str, bytes], tables: Tables) -> None:
    """Put every file in place, or leave every file as it was.

    The new files and copies of the old are written beside first. If a file cannot be replaced, those that were are put
    back; if the machine stops in between, :func:`recover` does it at the next delivery, and no build runs before that.

    Raises:
        BuildError: if a file was changed by others meanwhile, or cannot be written.
    """
    root = tables.root
    for name in tables.described:
        path = tables.file(name)
        if path in new and (root / path).read_bytes() != tables.content(name):
            raise BuildError(
                f"{path}: Filen er endret mens leveringen ble lest. Ingenting er skrevet. Kjør «make hent» på nytt."
            )
    beside = root / validation.INTERRUPTED
    try:
        beside.mkdir()
    except FileExistsError:
        raise BuildError("En annen levering skrives akkurat nå. Vent til den er ferdig, og prøv igjen.") from None
    except OSError as error:
        raise BuildError(
            f"Filene kunne ikke skrives ({error.strerror or error}). Alt er slik det var. Kontroller at du har lov til å skrive i data/."
        ) from None
    try:
        _replace_all(new, root, beside)
        # From here on the delivery is whole: without the manifest, nothing is put back.
        (beside / MANIFEST).unlink()
    except BaseException as error:
        _put_back(root)
        if isinstance(error, OSError):
            raise BuildError(
                f"Filene kunne ikke skrives ({error.strerror or error}). Alt er slik det var. Lukk tabellene i Excel, og prøv igjen."
            ) from None
        raise
    shutil.rmtree(beside, ignore_errors=True)


def _replace_all(new: Mapping[str, bytes], root: Path, beside: Path) -> None:
    manifest = {}
    for number, (path, content) in enumerate(new.items()):
        _write(beside / f"{number}.ny", content)
        _write(beside / f"{number}.gammel", (root / path).read_bytes())
        manifest[path] = f"{number}.gammel"
    _write(beside / "manifest.skrives", json.dumps(manifest).encode("utf-8"))
    (beside / "manifest.skrives").replace(beside / MANIFEST)
    for number, path in enumerate(new):
        (beside / f"{number}.ny").replace(root / path)


def _put_back(root: Path) -> None:
    try:
        recover(root)
    except OSError as error:
        raise BuildError(
            f"Filene kunne verken skrives eller settes tilbake ({error.strerror or error}). Lukk tabellene i Excel, og kjør "
            "«make hent» på nytt; da settes de tilbake slik de var. Ingen rapport blir bygget før det."
        ) from None


def recover(root: Path) -> bool:
    """Put back the files of a delivery that was cut off; whether there was one."""
    beside = root / validation.INTERRUPTED
    manifest = beside / MANIFEST
    cut_off = manifest.exists()
    if cut_off:
        for path, old in json.loads(manifest.read_text("utf-8")).items():
            # Copied, so that a stop in here leaves everything for the next try.
            temporary = beside / f"{old}.tilbake"
            _write(temporary, (beside / old).read_bytes())
            temporary.replace(root / path)
        manifest.unlink()
    shutil.rmtree(beside, ignore_errors=True)
    return cut_off


def _write(path: Path, content: bytes) -> None:
    """Write, and wait until it is on the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
