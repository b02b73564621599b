"""What nobody has delivered: listed, counted, and never guessed."""

from __future__ import annotations

import pandas as pd

from analysis import data
from analysis.model import Status, Value
from analysis.places import areas

SOURCE = "Listen over opplysninger som mangler (data/datahull.csv)"


def missing(area: str | None = None, part: str | None = None) -> pd.DataFrame:
    """One row per piece of information that is missing, for one area (and one of its parts) or for all.

    Columns ``id``, ``omrade``, ``kommune``, ``hva``, ``hvorfor``, ``leveres_av``, ``frist`` and ``status``.
    """
    rows = data.load("datahull")
    if area:
        rows = rows[rows["omrade"] == area]
    if part:
        rows = rows[rows["id"].str.startswith(f"{area}.{part}.")]
    return rows.reset_index(drop=True)


def values() -> list[Value]:
    """``<area>.datahull``: how many pieces of information are missing; ``felles.datahull`` counts them all."""
    found = [_count(area.slug, area.name, len(missing(area.slug))) for area in areas()]
    return [*found, _count("felles", "alle områder", len(missing()))]


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
