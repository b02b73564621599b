"""The municipalities: inhabitants, growth, ages, and what they already do together."""

from __future__ import annotations

from analysis import charts, data, formatting, palette, population
from analysis.keyfigures import by_id
from analysis.model import Status
from analysis.places import SUM, municipalities
from analysis.results import Figure, Table

SOURCE = "SSB tabell 07459 (data/raw/ssb/befolkning.csv)"
AGES = "SSB tabell 07459 (data/raw/ssb/befolkning_alder_2026.csv)"
OLD = ("67-79", "80-89", "90+")


def inhabitants() -> Table:
    """Inhabitants on the newest date, share of all, and growth since the oldest date of the table."""
    first, total = population.dates()[0], by_id()[f"felles.innbyggere.{SUM}"]
    rows = [
        [place.name, *(by_id()[f"felles.{measure}.{place.slug}"] for measure in ("innbyggere", "andel-innbyggere", "vekst"))]
        for place in municipalities()
    ]  # fmt: skip
    return Table(
        name="innbyggere",
        title="Innbyggere i kommunene",
        columns=[
            "Kommune",
            f"Innbyggere {formatting.date(population.latest())}",
            "Andel (prosent)",
            f"Endring siden {first.year} (prosent)",
        ],
        rows=[*rows, ["Samlet", total, "mangler" if total.number is None else "100", by_id()[f"felles.vekst.{SUM}"]]],
        numeric=frozenset({1, 2, 3}),
        total=True,
        source=f"{SOURCE}. Andel og endring er beregnet.",
    )


def growth_chart() -> Figure:
    """Change in inhabitants since the oldest date, in percent."""
    dates = population.dates()
    counts = {date: population.inhabitants(date) for date in dates}
    places = [place for place in municipalities() if all(counts[date][place.slug] for date in dates)]
    absent = [place.name for place in municipalities() if place not in places]
    change = {
        place.slug: [100 * (counts[date][place.slug] / counts[dates[0]][place.slug] - 1) for date in dates]
        for place in places
    }
    ends = {place.slug: _signed(change[place.slug][-1]) for place in places}
    up = [place.name for place in places if change[place.slug][-1] > 0]
    down = [place.name for place in places if change[place.slug][-1] < 0]
    finding = f"{formatting.listing(up)} har vokst siden {dates[0].year}"
    if down:
        finding += f", mens {formatting.listing(down)} har fått færre innbyggere"
    if absent:
        finding += f"; tall for {formatting.listing(absent)} mangler"
    rows = [
        [
            str(date.year),
            *(_signed(change[place.slug][i]) if place in places else "mangler" for place in municipalities()),
        ]
        for i, date in enumerate(dates)
    ]
    return Figure(
        name="vekst-figur",
        title=finding,
        alt=f"Linjediagram. Endring i folketall fra {dates[0].year} til {dates[-1].year}, i prosent: "
        f"{charts.described([(place.name, ends.get(place.slug, 'mangler')) for place in municipalities()])}.",
        chart=charts.lines(
            [
                charts.Line(
                    place.name, [(date.year, value) for date, value in zip(dates, change[place.slug], strict=True)],
                    f"{place.name} {ends[place.slug]} %", palette.colour_of(place.slug),
                )
                for place in places
            ],
            f"Folketallet i {dates[0].year}",
            f"Endring siden {dates[0].year}, prosent",
        ),
        data=Table(
            name="vekst-tall", title=f"Endring i folketall siden {dates[0].year}, i prosent",
            columns=["1. januar", *(f"{place.name} (prosent)" for place in municipalities())], rows=rows,
            numeric=frozenset(range(1, len(municipalities()) + 1)), source=f"Beregnet av {SOURCE}.", status=Status.BEREGNET,
        ),
        source=f"Beregnet av {SOURCE}. Tallene for 2021–2023 er hentet fra «Trondheimsregionen, Alle i vekst».",
    )  # fmt: skip


def age_chart() -> Figure:
    """The share of inhabitants in four age groups."""
    groups = {"0–17 år": ("0-17",), "18–49 år": ("18-29", "30-49"), "50–66 år": ("50-66",), "67 år og eldre": OLD}
    frame = data.load("befolkning_alder_2026").set_index(["kommunenr", "aldersgruppe"])["innbyggere"]
    known = set(data.load("befolkning_alder_2026")["kommunenr"])
    places = [place for place in municipalities() if place.number in known]
    absent = [place.name for place in municipalities() if place not in places]
    shares = {
        place.name: {
            name: 100 * sum(frame[place.number, group] for group in members) / frame[place.number].sum()
            for name, members in groups.items()
        }
        for place in places
    }
    last = list(groups)[-1]
    oldest = max(shares, key=lambda name: shares[name][last])
    parts = [
        charts.Part(name, group, share, formatting.number(share), colour)
        for name, row in shares.items()
        for (group, share), colour in zip(row.items(), reversed(palette.STEPS), strict=True)
    ]
    text = "; ".join(
        f"{name}: {charts.described([(g, formatting.number(s, 1)) for g, s in row.items()])}"
        for name, row in shares.items()
    )
    absence = f"; tall for {formatting.listing(absent)} mangler" if absent else ""
    return Figure(
        name="alder-figur",
        title=f"{oldest} har størst andel innbyggere på {last}: {formatting.number(shares[oldest][last])} prosent{absence}",
        alt=f"Stablet søylediagram. Andel av innbyggerne etter alder 1. januar 2026, i prosent. {text}{absence}.",
        chart=charts.stacked(parts, unit="Prosent av innbyggerne"),
        data=Table(
            name="alder-tall", title="Innbyggere etter alder 1. januar 2026, andel i prosent", columns=["Kommune", *groups],
            rows=[
                *([name, *(formatting.number(share, 1) for share in row.values())] for name, row in shares.items()),
                *([name, *("mangler" for _ in groups)] for name in absent),
            ],
            numeric=frozenset(range(1, len(groups) + 1)), source=f"Beregnet av {AGES}.", status=Status.BEREGNET,
        ),
        source=f"Beregnet av {AGES}.",
    )  # fmt: skip


def cooperation() -> Table:
    """Existing inter-municipal cooperation, as the case tells it."""
    members = data.load("samarbeid_deltakere").set_index(["navn", "kommunenr"])["med"]
    rows = [
        [row.navn, *(members.get((row.navn, place.number), "") or "saken sier det ikke" for place in municipalities()), row.merknad]
        for row in data.load("dagens_samarbeid").itertuples()
    ]  # fmt: skip
    return Table(
        name="samarbeid",
        title="Samarbeid kommunene allerede er med i",
        columns=["Samarbeid", *(place.name for place in municipalities()), "Merknad"],
        rows=rows,
        source="Saksframlegget, «Etablerte interkommunale samarbeid mellom de tre kommunene» (data/raw/sak/dagens_samarbeid.csv).",
    )


def _signed(number: float) -> str:
    text = formatting.number(number, 1, fixed=True)
    return f"+{text}" if number > 0 else text
