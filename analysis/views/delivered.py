"""What the workgroup of an area has delivered beyond the case; nothing is shown before something is."""

from __future__ import annotations

from analysis.delivered import FILE, quantities
from analysis.keyfigures import by_id
from analysis.model import Status, Value
from analysis.places import SUM, municipalities
from analysis.results import Table


def table(slug: str, part: str | None = None, shared: bool = False) -> Table | None:
    """The delivered numbers of an area (or of one part of it) by municipality, or None while none is delivered.

    A quantity has a row when at least one municipality has delivered it. ``shared`` leaves out what belongs to one part.
    """
    places = [place.slug for place in municipalities()]
    rows: list[list[Value | str]] = []
    for quantity in quantities():
        if quantity.area != slug or (part and not quantity.id.startswith(f"{slug}.{part}.")):
            continue
        if shared and quantity.id.count(".") > 1:
            continue
        # Clerical staff have a table of their own, with what the case states.
        if set(places) != {place.slug for place in quantity.places}:
            continue
        values = [by_id()[f"{quantity.id}.{place}"] for place in places]
        if all(value.status is Status.MANGLER for value in values):
            continue
        total = by_id()[f"{quantity.id}.{SUM}"] if quantity.adds_up else "summeres ikke"
        rows.append([f"{quantity.name} ({quantity.unit})", *values, total])
    if not rows:
        return None
    withheld = any(isinstance(cell, Value) and cell.status is Status.TILBAKEHOLDT for row in rows for cell in row)
    return Table(
        name="levert",
        title="Tall arbeidsgruppen har levert",
        columns=["Hva tallet gjelder", *(place.name for place in municipalities()), "Samlet"],
        rows=rows,
        numeric=frozenset(range(1, len(places) + 2)),
        source=f"Skjema fra arbeidsgruppen ({FILE}). Summene er beregnet.",
        note="«Tilbakeholdt» betyr at færre enn fem personer står bak tallet, eller at et slikt tall kunne regnes ut av det. "
        "Da viser vi det ikke, av hensyn til personvernet."
        if withheld
        else "",
    )
