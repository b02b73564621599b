"""The assumptions as the reader sees them."""

from __future__ import annotations

from analysis import assumptions, formatting
from analysis.assumptions import Assumption
from analysis.results import Listing, Table


def table() -> Table:
    """Every assumption: low, likely and high, how well founded it is, how much hangs on it, and who may change it."""
    return Table(
        name="forutsetninger",
        title="Forutsetningene beregningene bygger på",
        columns=["Forutsetning", "Lav", "Sannsynlig", "Høy", "Begrunnet", "Betydning", "Eier"],
        rows=[
            [f"{one.name} ({one.unit})", *map(_number, (one.low, one.likely, one.high)), one.quality, one.impact, _capital(one.owner)]
            for one in assumptions.all()
        ],
        numeric=frozenset({1, 2, 3}),
        source=f"Egen oversikt ({assumptions.FILE}).",
        note="«Begrunnet» sier hvor godt forutsetningen er begrunnet, «betydning» hvor mye resultatene endrer seg når den endres.",
    )  # fmt: skip


def reasons() -> Listing:
    """Where each assumption comes from, what to mind when using it, and when it was last considered."""
    return Listing([(f"{one.name}.", _reason(one)) for one in assumptions.all()])


def _reason(one: Assumption) -> str:
    origin = one.source if one.source.endswith(".") else f"{one.source}."
    return f"{origin} {one.note} Sist vurdert {formatting.date(one.date)}."


def _number(number: float | None) -> str:
    return "ikke oppgitt" if number is None else formatting.number(number, 2)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
