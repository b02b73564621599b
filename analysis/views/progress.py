"""The progress plan as the case draws it."""

from __future__ import annotations

import datetime as dt
import re

from analysis import charts, data, formatting, palette
from analysis.results import Figure, Table

SOURCE = "Saksframlegget, «Framdriftsplan/milepæler» (data/raw/sak/milepaeler.csv)"

#: Track → (name, colour).
TRACKS = {
    "felles": ("Prosjektet", palette.MUTED),
    "administrative": ("Administrative områder", palette.ACCENT),
    "samfunnsutvikling": ("Samfunnsutvikling", palette.SECOND),
}

#: The drawn plan begins where the coming work does; earlier milestones stand in the table.
FIRST = "2025-09"


def milestones() -> Table:
    """Every milestone in order of time."""
    rows = data.load("milepaeler").sort_values(["fra", "til"], kind="stable")
    return Table(
        name="milepaeler",
        title="Milepæler",
        columns=["Tid", "Milepæl", "Spor"],
        rows=[[_written(row.tekst), row.milepael, TRACKS[row.spor][0]] for row in rows.itertuples()],
        source=f"{SOURCE}.",
    )


def _written(when: str) -> str:
    """A time as the case tells it, but a date in figures («06.11.24») written out as the others are."""
    found = re.fullmatch(r"(\d\d)\.(\d\d)\.(\d\d)", when)
    return formatting.date(dt.date(2000 + int(found[3]), int(found[2]), int(found[1]))) if found else when


#: What the councils and the staff wait for → how the milestone begins in the data.
_AWAITED = (
    ("Rapportene legges fram", "Rapporter etter"),
    ("Kommunestyrene behandler om området skal til fase 2", "Politisk behandling for fase 2"),
    ("Kommunestyrene behandler om samarbeid skal settes i verk", "Politisk behandling: iverksetting"),
    ("Mulig oppstart", "Oppstart for"),
)


def council_dates() -> Table:
    """When the councils treat the reports and what follows, by track: the dates a councillor looks for."""
    rows = data.load("milepaeler")
    tracks = [track for track in TRACKS if track != "felles"]

    def when(track: str, start: str) -> str:
        found = rows[(rows["spor"] == track) & rows["milepael"].str.startswith(start)]["tekst"]
        return ", ".join(found) or "ikke oppgitt"

    return Table(
        name="behandling",
        title="Når saken etter planen behandles",
        columns=["Hva", *(TRACKS[track][0] for track in tracks)],
        rows=[[what, *(when(track, start) for track in tracks)] for what, start in _AWAITED],
        source=f"{SOURCE}.",
        note="Dette er planen slik saken tegner den. Datagrunnlaget sier ikke om milepælene er nådd.",
    )


def plan() -> Figure:
    """The plan on a time line, one row per milestone, track by track."""
    rows = data.load("milepaeler")
    rows = rows[(rows["fra"] >= FIRST) & (rows["spor"] != "felles")]
    rows = rows.sort_values(["spor", "fra", "til"], kind="stable")
    short = data.load("korte_navn").set_index("milepael")["kort"]
    stretches = [
        charts.Stretch(TRACKS[row.spor][0], f"{short[row.milepael]}: {row.tekst}", charts.month(row.fra), charts.month(row.til, end=True), TRACKS[row.spor][1])
        for row in rows.itertuples()
    ]  # fmt: skip
    first, last = charts.month("2025-10"), charts.month("2027-10")
    ticks = [(first, ""), (2026.0, "2026"), (2026.5, "juli"), (2027.0, "2027"), (2027.5, "juli"), (last, "")]
    told = {
        name: [f"{row.milepael}: {row.tekst}" for row in rows.itertuples() if row.spor == track]
        for track, (name, _) in TRACKS.items()
    }
    return Figure(
        name="framdrift-figur",
        title="Samfunnsutvikling ligger en fase bak de administrative områdene",
        alt="Framdriftsplan på en tidslinje fra høsten 2025 til høsten 2027. "
        + " ".join(f"{name}: {'; '.join(points)}." for name, points in told.items() if points),
        chart=charts.timeline(stretches, ticks),
        data=Table(
            name="framdrift-tall", title="Milepæler i figuren", columns=["Spor", "Milepæl", "Tid"],
            rows=[[TRACKS[row.spor][0], row.milepael, row.tekst] for row in rows.itertuples()], source=f"{SOURCE}.",
        ),
        source=f"{SOURCE}.",
        note="Figuren viser planen slik saken tegner den. Datagrunnlaget sier ikke om milepælene er nådd.",
    )  # fmt: skip
