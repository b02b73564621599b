"""What the case tells of savings elsewhere, and of the project's own money. Quoted, not applied."""

from __future__ import annotations

from analysis import corrections
from analysis.model import Value

AREA = "felles"


def values() -> list[Value]:
    """``felles.<id>`` for a single figure, ``felles.<id>.fra`` and ``.til`` for a range, and ``felles.skjonnsmidler`` (kr)."""
    found: list[Value] = []
    for _, row in corrections.corrected("erfaringstall").iterrows():
        if row["enhet"] == "årstall":  # a year is written in the prose like any other date
            continue
        same = row["verdi_fra"] == row["verdi_til"]
        ends = {"": "verdi_fra"} if same else {".fra": "verdi_fra", ".til": "verdi_til"}
        words = {"": "", ".fra": ", laveste", ".til": ", høyeste"}
        found += [
            Value(
                f"{AREA}.{row['id']}{end}",
                AREA,
                None,
                f"{row['navn']}{words[end]}",
                float(row[column]),
                row["enhet"],
                corrections.status(row, column),
                row["kilde"],
            )
            for end, column in ends.items()
        ]
    grant = corrections.corrected("skjonnsmidler").iloc[-1]
    found.append(
        Value(
            f"{AREA}.skjonnsmidler",
            AREA,
            None,
            f"Skjønnsmidler til prosjektet, {grant['ar']}",
            float(grant["belop_kr"]),
            "kr",
            corrections.status(grant, "belop_kr"),
            grant["kilde"],
        )
    )
    return found
