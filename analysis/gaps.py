"""What nobody has delivered: listed, counted, and never guessed."""

from __future__ import annotations

import pandas as pd

from analysis import data, delivered
from analysis.model import Status, Value
from analysis.places import areas

SOURCE = "Listen over opplysninger som mangler (data/datahull.csv)"


def missing(area: str | None = None, part: str | None = None) -> pd.DataFrame:
    """One row per piece of information that is missing, for one area (and one of its parts) or for all.

    A gap whose numbers are all delivered, if only to be withheld, is not among them. Columns ``id``, ``omrade``,
    ``kommune``, ``hva``, ``hvorfor``, ``leveres_av``, ``frist`` and ``status``.
    """
    rows = data.load("datahull")
    rows = rows[~rows["id"].isin(filled())]
    if area:
        rows = rows[rows["omrade"] == area]
    if part:
        rows = rows[rows["id"].str.startswith(f"{area}.{part}.")]
    return rows.reset_index(drop=True)


@data.kept()
def filled() -> frozenset[str]:
    """The ids of the gaps that are filled: every number that belongs to them, for every municipality they name."""
    whole: dict[str, bool] = {}
    for gap, status in [*_by_quantity(), *_by_row()]:
        whole[gap] = whole.get(gap, True) and status != Status.MANGLER
    return frozenset(gap for gap, complete in whole.items() if complete)


def _by_quantity() -> list[tuple[str, str]]:
    """Gap and status for each number in :data:`analysis.delivered.TABLE`."""
    municipality = data.load("datahull").set_index("id")["kommune"].to_dict()
    status = data.load(delivered.TABLE).set_index(["opplysning", "kommunenr"])["status"].to_dict()
    return [
        (gap, status[quantity.id, place.number])
        for quantity in delivered.quantities()
        for gap in quantity.gaps
        for place in quantity.places
        if municipality.get(gap) in (place.slug, delivered.ALL)
    ]


def _by_row() -> list[tuple[str, str]]:
    """Gap and status for each row of the other tables that say which gap their rows fill (``skjema.datahull``)."""
    found = []
    for table, resource in data.description().items():
        gap = resource.get("skjema", {}).get("datahull")
        if gap:
            found += [(gap.format(**row), row["status"]) for row in data.load(table).to_dict("records")]
    return found


def values() -> list[Value]:
    """``<area>.datahull``: how many pieces of information are missing; ``felles.datahull`` counts them all."""
    of = list(missing()["omrade"])
    return [
        *(_count(area.slug, area.name, of.count(area.slug)) for area in areas()),
        _count("felles", "alle områder", len(of)),
    ]


def _count(area: str, name: str, number: int) -> Value:
    return Value(
        f"{area}.datahull",
        area,
        None,
        f"Opplysninger som mangler, {name.lower()}",
        number,
        "opplysninger",
        Status.BEREGNET,
        SOURCE,
    )
