"""The mandate: what the councils decide, and what the reports must answer."""

from __future__ import annotations

from analysis import formatting, mandate
from analysis.results import Listing, Table


def decision_points(*numbers: int) -> Listing:
    """The decision points as the case words them: those numbered, or all."""
    points = mandate.decision_points(list(numbers) or None)
    return Listing([(f"Punkt {point.number}. {point.title}.", point.text) for point in points])


def requirements(name: str) -> Listing:
    """The points of one list of the mandate."""
    return Listing([("", text) for text in mandate.requirements(name)], ordered=True)


def coverage() -> Table:
    """Each list of the mandate: how many points it has, and how far this edition answers it."""
    rows = [[row.navn, formatting.number(row.antall), row.dekning, row.kapittel] for row in mandate.lists().itertuples()]
    return Table(
        name="dekning",
        title="Hva mandatet ber om, og hvor langt denne utgaven svarer",
        columns=["Liste i mandatet", "Antall punkter", "Svar i denne utgaven", "Hvor"],
        rows=rows,
        numeric=frozenset({1}),
        source="Saksframlegget (data/mandat/lister.csv). Dekningen er vår egen vurdering.",
    )
