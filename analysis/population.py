"""Inhabitants: Statistics Norway's figures, and the round figure of the case beside them."""

from __future__ import annotations

import datetime as dt

from analysis import corrections, data, formatting
from analysis.baseline import ratio
from analysis.model import Status, Value
from analysis.places import SUM, municipalities

TABLE = "befolkning"

#: What a value says that cannot be computed without the inhabitants.
MISSING = "Folketallet er ikke med i datagrunnlaget (data/datahull.csv)"


def dates() -> list[dt.date]:
    """The dates the population table has figures for, oldest first."""
    return sorted({dt.date.fromisoformat(text) for text in data.load(TABLE)["dato"].astype(str)})


def latest() -> dt.date:
    """The newest date in the population table; figures per inhabitant use it.

    KOSTRA divides a year's accounts by the population at the end of that year, which is
    1 January of the next: the same convention serves the budget of 2025 here.
    """
    return dates()[-1]


def inhabitants(date: dt.date | None = None) -> dict[str, int | None]:
    """Inhabitants by municipality slug, and under ``sum`` in all, on a date of the table (the newest, unless told).

    None for a municipality that the table has no row for, and then for the sum.
    """
    return dict(_inhabitants(date))


@data.kept(TABLE, "kommuner")
def _inhabitants(date: dt.date | None) -> tuple[tuple[str, int | None], ...]:
    frame = data.load(TABLE)
    wanted = frame[frame["dato"].astype(str) == (date or latest()).isoformat()].set_index("kommunenr")["innbyggere"]
    counts = {
        place.slug: int(wanted[place.number]) if place.number in wanted.index else None for place in municipalities()
    }
    known = [count for count in counts.values() if count is not None]
    return (*counts.items(), (SUM, sum(known) if len(known) == len(counts) else None))


def complete() -> bool:
    """Whether the inhabitants of every municipality are known, so that a cost can be shared by them."""
    return inhabitants()[SUM] is not None


def values() -> list[Value]:
    """Inhabitants, growth and shares of all inhabitants (``felles.innbyggere.*``, ``felles.vekst.*``, ``felles.andel-innbyggere.*``)."""
    now, first = inhabitants(), inhabitants(dates()[0])
    source = f"SSB tabell 07459, {latest().isoformat()} (data/raw/ssb/befolkning.csv)"
    since = f"{source}, sammenlignet med {dates()[0].isoformat()}"
    names = {place.slug: place.name for place in municipalities()} | {SUM: None}
    found: list[Value] = []
    for slug, name in names.items():
        whose = name or "kommunene samlet"
        known = now[slug] is not None and first[slug] is not None
        status = Status.MANGLER if not known else Status.BEREGNET if slug == SUM else Status.OPPGITT
        computed = Status.BEREGNET if known else Status.MANGLER
        growth = 100 * (now[slug] - first[slug]) / first[slug] if known else None
        found += [
            Value(
                f"felles.innbyggere.{slug}",
                "felles",
                name,
                f"Innbyggere i {whose}",
                now[slug],
                "innbyggere",
                status,
                source if known else MISSING,
            ),
            Value(
                f"felles.vekst.{slug}",
                "felles",
                name,
                f"Vekst i folketall i {whose}",
                growth,
                "prosent",
                computed,
                since if known else MISSING,
            ),
        ]
        if slug != SUM:
            share = ratio(now[slug], now[SUM], 100)
            found.append(
                Value(
                    f"felles.andel-innbyggere.{slug}",
                    "felles",
                    name,
                    f"{formatting.genitive(whose)} andel av innbyggerne",
                    share,
                    "prosent",
                    Status.MANGLER if share is None else Status.BEREGNET,
                    MISSING if share is None else source,
                )
            )
    stated = corrections.corrected("innbyggere_oppgitt").iloc[0]
    found.append(
        Value(
            "felles.innbyggere-oppgitt.sum",
            "felles",
            None,
            "Innbyggere i alt, som saken oppgir dem",
            int(stated["innbyggere"]),
            "innbyggere",
            corrections.status(stated, "innbyggere"),
            stated["kilde"],
        )
    )
    return found
