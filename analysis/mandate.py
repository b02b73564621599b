"""The mandate: what the councils asked for, list by list, as the case words it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis import data

#: How far a point of the mandate is answered; the data says which.
STATES = ("besvart", "delvis", "mangler data")


@dataclass(frozen=True, slots=True)
class DecisionPoint:
    """A numbered point of the decision the councils are asked to make."""

    number: int
    title: str
    text: str
    state: str
    source: str


def decision_points(numbers: list[int] | None = None) -> list[DecisionPoint]:
    """The decision points, in order; only those numbered, when numbers are given."""
    rows = data.load("vedtakspunkter").sort_values("nr")
    points = [DecisionPoint(int(row.nr), row.tittel, row.tekst, row.svar, row.kilde) for row in rows.itertuples()]
    return [point for point in points if numbers is None or point.number in numbers]


def lists() -> pd.DataFrame:
    """The lists of the mandate: one row each, with ``liste``, ``navn``, ``antall`` and ``kilde``."""
    return data.load("lister")


def points(name: str) -> list[tuple[str, str, str]]:
    """The points of one list, in order: id, text, and how far this edition answers (one of ``STATES``).

    Raises:
        KeyError: if there is no such list.
    """
    rows = data.load("krav")
    rows = rows[rows["liste"] == name].sort_values("nr")
    if rows.empty:
        raise KeyError(f"Listen «{name}» finnes ikke i data/mandat/krav.csv.")
    return [(row.id, row.tekst, row.svar) for row in rows.itertuples()]


def requirements(name: str) -> list[str]:
    """The texts of one list, in order.

    Raises:
        KeyError: if there is no such list.
    """
    return [text for _, text, _ in points(name)]
