"""The mandate: what the councils decide, and what the reports must answer."""

from __future__ import annotations

from analysis import formatting, mandate
from analysis.results import Listing, Table, Trace


def decision_points(*numbers: int) -> Listing:
    """The decision points as the case words them: those numbered, or all."""
    points = mandate.decision_points(list(numbers) or None)
    return Listing([(f"Punkt {point.number}. {point.title}.", point.text) for point in points])


def decision_titles() -> Listing:
    """What each decision point is about, in our words; :func:`decision_points` has the wording of the case."""
    return Listing([("", point.title) for point in mandate.decision_points()], ordered=True)


def requirements(name: str) -> Listing:
    """The points of one list of the mandate."""
    return Listing([("", text) for text in mandate.requirements(name)], ordered=True)


def coverage() -> Table:
    """Each list of the mandate: how many points it has, and how many of them this edition answers, in full or in part."""
    rows = []
    for row in mandate.lists().itertuples():
        states = [state for _, _, state in mandate.points(row.liste)]
        rows.append(
            [
                row.navn,
                *(
                    formatting.number(number)
                    for number in (len(states), *(states.count(state) for state in mandate.STATES))
                ),
            ]
        )
    return Table(
        name="dekning",
        title="Hva mandatet ber om, og hvor mange punkter denne utgaven svarer på",
        columns=["Liste i mandatet", "Punkter", "Besvart", "Delvis besvart", "Mangler data"],
        rows=rows,
        numeric=frozenset({1, 2, 3, 4}),
        source="Saksframlegget (data/mandat/krav.csv). Dekningen er vår egen vurdering.",
        note="Kapitlet «Sporbarhet» viser punkt for punkt hvor svaret står.",
    )  # fmt: skip


def trace() -> Trace:
    """Every point of the mandate, to be shown with links to the places that answer it."""
    decisions = [(f"vedtakspunkt.{p.number}", p.title, p.state) for p in mandate.decision_points()]
    lists = [(row.navn, mandate.points(row.liste)) for row in mandate.lists().itertuples()]
    source = "Saksframlegget (data/mandat/krav.csv og vedtakspunkter.csv). Dekningen er vår egen vurdering."
    return Trace([("Vedtakspunktene", decisions), *lists], source)
