"""What the case tells of savings elsewhere, and of the project's own money. Quoted, not applied."""

from __future__ import annotations

from analysis import data
from analysis.model import Status, Value

AREA = "felles"


def values() -> list[Value]:
    """``felles.<id>`` for a single figure, ``felles.<id>.fra`` and ``.til`` for a range, and ``felles.skjonnsmidler`` (kr)."""
    found: list[Value] = []
    for row in data.load("erfaringstall").itertuples():
        if row.enhet == "årstall":  # a year is written in the prose like any other date
            continue
        ends = {"": row.verdi_fra} if row.verdi_fra == row.verdi_til else {".fra": row.verdi_fra, ".til": row.verdi_til}
        words = {"": "", ".fra": ", laveste", ".til": ", høyeste"}
        found += [
            Value(
                f"{AREA}.{row.id}{end}",
                AREA,
                None,
                f"{row.navn}{words[end]}",
                float(number),
                row.enhet,
                Status(row.status),
                row.kilde,
            )
            for end, number in ends.items()
        ]
    grant = data.load("skjonnsmidler").iloc[-1]
    found.append(
        Value(
            f"{AREA}.skjonnsmidler",
            AREA,
            None,
            f"Skjønnsmidler til prosjektet, {grant['ar']}",
            float(grant["belop_kr"]),
            "kr",
            Status(grant["status"]),
            grant["kilde"],
        )
    )
    return found
