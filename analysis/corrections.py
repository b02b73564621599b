"""Corrections that never overwrite what was delivered.

A row of ``data/rettelser.csv`` names a table, a row and a column in it, the value expected there,
the value to use instead, why, and who confirmed it. The delivered table stays as it is. When the delivered
value is no longer the expected one, somebody has delivered anew and the correction must be looked at again: it fails.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandas.api import types

FILE = "data/rettelser.csv"

#: A cell: a whole number, a number, a text, or None when it is empty.
Cell = int | float | str | None


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
    date: dt.date | str

    def concerns(self, column: str, **row: object) -> bool:
        """Whether this corrected ``column`` of the row with these key values."""
        return self.column == column and {name: str(value) for name, value in row.items()} == dict(_pairs(self.key))


def apply(table: str, frame: pd.DataFrame, corrections: pd.DataFrame) -> tuple[pd.DataFrame, list[Correction]]:
    """``frame`` with the corrections of ``table`` applied, and those corrections; ``frame`` itself is left alone.

    ``corrections`` has the columns of ``data/rettelser.csv``; rows for other tables are passed over. The frame's
    types stay as they are.

    Raises:
        CorrectionError: if a row or column is not found or not unambiguous, if a value is not of the column's
            type, if the delivered value is not the expected one, or if two corrections meet in one cell.
    """
    corrected = frame.copy()
    applied: list[Correction] = []
    for row in corrections[corrections["tabell"] == table].to_dict("records"):
        position = _position(row, frame)
        column, delivered = row["kolonne"], _cell(frame[row["kolonne"]].iloc[position])
        expected = _parsed(row, "forventet", frame[column])
        new = _parsed(row, "ny", frame[column])
        if delivered != expected:
            raise CorrectionError(
                row["id"], "forventet",
                f"Tabellen «{table}» har nå {_shown(delivered)} i kolonnen {column} ({row['nokkel']}), men rettelsen "
                f"venter {_shown(expected)}. Kontroller den nye verdien. Fjern rettelsen hvis den nye verdien er "
                f"riktig; skriv den nye verdien under forventet hvis den fortsatt skal rettes.",
            )  # fmt: skip
        change = Correction(
            row["id"], table, row["nokkel"], column, expected, new, row["begrunnelse"], row["bekreftet_av"], row["dato"]
        )
        _demand_new_cell(change, applied, position, frame)
        corrected.iloc[position, frame.columns.get_loc(column)] = new
        applied.append(change)
    return corrected, applied


def _position(row: dict[str, Any], frame: pd.DataFrame) -> int:
    """Which row of ``frame`` the correction means."""
    matches = pd.Series(True, index=frame.index)
    for name, value in _pairs(row["nokkel"]):
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


def _pairs(key: str) -> Iterator[tuple[str, str]]:
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
    if not types.is_numeric_dtype(column.dtype):
        return text or None
    if not text:
        return None
    try:
        return int(text) if types.is_integer_dtype(column.dtype) else float(text)
    except ValueError:
        problem = (
            f"«{text}» passer ikke i kolonnen {row['kolonne']}, som har tall. "
            "Skriv tallet med punktum som desimaltegn og uten mellomrom, for eksempel 6.2."
        )
        raise CorrectionError(row["id"], where, problem) from None


def _cell(value: Any) -> Cell:
    """A cell of a data frame as plain Python: None when it is empty."""
    if value is None or value is pd.NA or value == "" or value != value:  # noqa: PLR0124 - nan differs from itself
        return None
    if isinstance(value, (dt.date, str)):
        return str(value)
    return value.item() if hasattr(value, "item") else value


def _shown(cell: Cell) -> str:
    return "en tom celle" if cell is None else f"«{cell}»"


def _demand_new_cell(change: Correction, applied: Sequence[Correction], position: int, frame: pd.DataFrame) -> None:
    for other in applied:
        row = {"id": other.id, "tabell": other.table, "nokkel": other.key, "kolonne": other.column}
        if other.column == change.column and _position(row, frame) == position:
            problem = f"Rettelsen «{other.id}» retter den samme cellen. Behold bare én av dem."
            raise CorrectionError(change.id, "nokkel", problem)
