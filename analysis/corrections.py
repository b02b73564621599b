"""Corrections that never overwrite what was delivered.

A row of ``data/rettelser.csv`` names a table, a row and a column in it, the value expected there,
the value to use instead, why, and who confirmed it. The delivered table stays as it is. When the delivered
value is no longer the expected one, somebody has delivered anew and the correction must be looked at again: it fails.

A correction takes effect where the book reads numbers: in the columns of :data:`NUMBERS`, through :func:`corrected`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandas.api import types

from analysis import data
from analysis.model import Status

FILE, TABLE = "data/rettelser.csv", "rettelser"

#: The delivered numbers that can be corrected: table → columns. Figures of Statistics Norway are fetched anew instead.
NUMBERS = {
    "bemanning": ("arsverk", "budsjett_2025_kr"),
    "oppgitte_summer": ("arsverk", "budsjett_2025_kr"),
    "merkantile": ("arsverk", "lonnskostnad_kr"),
    "erfaringstall": ("verdi_fra", "verdi_til"),
    "innbyggere_oppgitt": ("innbyggere",),
    "skjonnsmidler": ("belop_kr",),
    "leverte_opplysninger": ("verdi",),
}

#: A cell: a whole number, a number, a date, a text, or None when it is empty.
Cell = int | float | dt.date | str | None


class CorrectionError(ValueError):
    """A correction that cannot be applied. The message says, in bokmål, which one, why, and what to do.

    ``correction`` is its id and ``column`` the column of ``data/rettelser.csv`` that is at fault.
    """

    def __init__(self, correction: str, column: str, problem: str) -> None:
        self.correction, self.column, self.problem = correction, column, problem
        super().__init__(f"{FILE}, rettelsen «{correction}», kolonnen {column}: {problem}")


@dataclass(frozen=True, slots=True)
class Correction:
    """One applied correction: the delivered value (``expected``) and the value used (``new``) of one cell.

    ``key`` is the row as ``data/rettelser.csv`` writes it (``omrade=sentralbord;kommunenr=5027``). Values
    have the type and the unit of their column.
    """

    id: str
    table: str
    key: str
    column: str
    expected: Cell
    new: Cell
    reason: str
    confirmed_by: str
    date: dt.date


def corrected(table: str) -> pd.DataFrame:
    """A table of :data:`NUMBERS` as :func:`analysis.data.load` gives it, with its corrections applied.

    The column ``rettet`` is added: the names of the columns that are corrected in each row (frozenset).

    Raises:
        CorrectionError: as :func:`apply`.
    """
    # pandas copies a column when somebody writes to it, and not before.
    return _corrected(table).copy(deep=False)


@data.kept()
def _corrected(table: str) -> pd.DataFrame:
    frame = data.load(table)
    changes = list(_changes(table, frame, data.load(TABLE)))
    names = [frozenset(one.column for at, one in changes if at == position) for position in range(len(frame))]
    return _with(frame, changes).assign(rettet=pd.Series(names, index=frame.index, dtype="object"))


def status(row: pd.Series | Mapping[Hashable, Any], column: str) -> Status:
    """The status of a number of a row of :func:`corrected`: «rettet» where it is corrected, otherwise as the row says."""
    return Status.RETTET if column in row["rettet"] else Status(row["status"])


def listed() -> list[Correction]:
    """Every correction, in the order of ``data/rettelser.csv``."""
    order = list(data.load(TABLE)["id"])
    made = [change for table in NUMBERS for change in apply(table, data.load(table), data.load(TABLE))[1]]
    return sorted(made, key=lambda change: order.index(change.id))


def apply(table: str, frame: pd.DataFrame, corrections: pd.DataFrame) -> tuple[pd.DataFrame, list[Correction]]:
    """``frame`` with the corrections of ``table`` applied, and those corrections; ``frame`` itself is left alone.

    ``corrections`` has the columns of ``data/rettelser.csv``; rows for other tables are passed over. The frame's
    types stay as they are.

    Raises:
        CorrectionError: if a row or column is not found or not unambiguous, if a value is not of the column's
            type, if the delivered value is not the expected one, or if two corrections meet in one cell.
    """
    changes = list(_changes(table, frame, corrections))
    return _with(frame, changes), [change for _, change in changes]


def _with(frame: pd.DataFrame, changes: list[tuple[int, Correction]]) -> pd.DataFrame:
    changed = frame.copy()
    for position, change in changes:
        changed.iloc[position, frame.columns.get_loc(change.column)] = change.new
    return changed


def _changes(table: str, frame: pd.DataFrame, corrections: pd.DataFrame) -> Iterator[tuple[int, Correction]]:
    """Each correction of ``table``, with the position in ``frame`` of the row that it concerns."""
    taken: dict[tuple[int, str], str] = {}
    for row in corrections[corrections["tabell"] == table].to_dict("records"):
        position, column = _position(row, frame), row["kolonne"]
        delivered = _cell(frame[column].iloc[position])
        expected, new = _parsed(row, "forventet", frame[column]), _parsed(row, "ny", frame[column])
        if delivered != expected:
            raise CorrectionError(
                row["id"], "forventet",
                f"Tabellen «{table}» har nå {_shown(delivered)} i kolonnen {column} ({row['nokkel']}), men rettelsen "
                f"venter {_shown(expected)}. Kontroller den nye verdien. Fjern rettelsen hvis den nye verdien er "
                f"riktig; skriv den nye verdien under forventet hvis den fortsatt skal rettes.",
            )  # fmt: skip
        if new is None:
            raise CorrectionError(
                row["id"], "ny", "Cellen er tom. Skriv verdien som skal brukes, eller fjern rettelsen."
            )
        if (position, column) in taken:
            problem = f"Rettelsen «{taken[position, column]}» retter den samme cellen. Behold bare én av dem."
            raise CorrectionError(row["id"], "nokkel", problem)
        taken[position, column] = row["id"]
        yield (
            position,
            Correction(
                id=row["id"],
                table=table,
                key=row["nokkel"],
                column=column,
                expected=expected,
                new=new,
                reason=row["begrunnelse"],
                confirmed_by=row["bekreftet_av"],
                date=row["dato"],
            ),
        )


def _position(row: dict[str, Any], frame: pd.DataFrame) -> int:
    """Which row of ``frame`` the correction means."""
    matches = pd.Series(True, index=frame.index)
    for name, value in pairs(row["nokkel"]):
        if name not in frame.columns:
            raise _unknown_column(row, "nokkel", name, frame.columns)
        matches &= frame[name].astype(str) == value
    if row["kolonne"] not in frame.columns:
        raise _unknown_column(row, "kolonne", row["kolonne"], frame.columns)
    found = [position for position, match in enumerate(matches) if match]
    if not found:
        problem = f"Ingen rad i tabellen «{row['tabell']}» passer til «{row['nokkel']}». Rett nøkkelen."
        raise CorrectionError(row["id"], "nokkel", problem)
    if len(found) > 1:
        problem = (
            f"{len(found)} rader i tabellen «{row['tabell']}» passer til «{row['nokkel']}». "
            "Skriv flere kolonner i nøkkelen, skilt med semikolon, slik at bare én rad passer."
        )
        raise CorrectionError(row["id"], "nokkel", problem)
    return found[0]


def pairs(key: str) -> Iterator[tuple[str, str]]:
    """The columns and values of a key: ``omrade=sentralbord;kommunenr=5027``."""
    for part in key.split(";"):
        name, _, value = part.partition("=")
        yield name.strip(), value.strip()


def _unknown_column(row: dict[str, Any], where: str, name: str, columns: Sequence[str]) -> CorrectionError:
    known = ", ".join(columns)
    problem = f"Tabellen «{row['tabell']}» har ingen kolonne «{name}». Kolonnene der heter {known}."
    return CorrectionError(row["id"], where, problem)


def _parsed(row: dict[str, Any], where: str, column: pd.Series) -> Cell:
    """The correction's text as a cell of ``column``; an empty text is an empty cell."""
    text = str(row[where]).strip()
    if not text:
        return None
    if any(isinstance(cell, dt.date) for cell in column):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise _unfit(row, where, text, "datoer. Skriv datoen som år-måned-dag, for eksempel 2026-06-30.") from None
    if not types.is_numeric_dtype(column.dtype):
        return text
    # int() and float() take more than the tables do: «5_000», «nan», «1e5».
    if types.is_integer_dtype(column.dtype):
        if not re.fullmatch(r"-?\d+", text):
            raise _unfit(row, where, text, "hele tall. Skriv tallet uten mellomrom, for eksempel 5500000.")
        return int(text)
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise _unfit(row, where, text, "tall. Skriv tallet med punktum som desimaltegn, for eksempel 6.2.")
    return float(text)


def _unfit(row: dict[str, Any], where: str, text: str, wanted: str) -> CorrectionError:
    return CorrectionError(row["id"], where, f"«{text}» passer ikke i kolonnen {row['kolonne']}, som har {wanted}")


def _cell(value: Any) -> Cell:
    """A cell of a data frame as plain Python: None when it is empty."""
    if pd.isna(value) or value == "":
        return None
    return value.item() if hasattr(value, "item") else value


def _shown(cell: Cell) -> str:
    return "en tom celle" if cell is None else f"«{cell}»"
