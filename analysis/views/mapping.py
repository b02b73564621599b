"""Samfunnsutvikling: what KOSTRA says, and what it does not."""

from __future__ import annotations

from analysis import charts, charts_economy, data, formatting, palette
from analysis.keyfigures import by_id
from analysis.kostra import AREA, TABLE, SubArea, origin, sub_areas
from analysis.model import Value
from analysis.places import SUM, municipalities
from analysis.results import Figure, KeyNumbers, Table


def _source() -> str:
    return f"KOSTRA-regnskap for 2025, SSB tabell 12362, {origin()} (data/raw/kostra/kostra_2025.csv)"


def part(slug: str) -> SubArea:
    """The part of samfunnsutvikling with this slug.

    Raises:
        KeyError: if there is none.
    """
    for found in sub_areas():
        if found.slug == slug:
            return found
    raise KeyError(f"Delområdet «{slug}» finnes ikke i data/underomrader.csv.")


def key_numbers() -> KeyNumbers:
    """What the phase 1 report opens with: net cost by municipality where known, and how much is missing."""
    values = by_id()
    cards = [
        (values[f"{AREA}.netto.{place.slug}"], f"netto driftsutgifter i {place.name}, regnskap 2025")
        for place in municipalities()
    ]
    return KeyNumbers([*cards, (values[f"{AREA}.datahull"], "mangler fortsatt")])


def overview() -> Table:
    """Net cost of each part by municipality."""
    places = [place.slug for place in municipalities()] + [SUM]
    names = [place.name for place in municipalities()] + ["Samlet"]
    rows: list[list[Value | str]] = [
        [p.name, *(by_id()[f"{AREA}.{p.slug}.netto.{place}"] for place in places)] for p in sub_areas()
    ]
    total = ["Samlet", *(by_id()[f"{AREA}.netto.{place}"] for place in places)]
    return Table(
        name="kostra-oversikt",
        title="Netto driftsutgifter i 2025 (kr)",
        columns=["Fagområde", *names],
        rows=[*rows, total],
        numeric=frozenset(range(1, len(names) + 1)),
        total=True,
        source=f"{_source()}. Summene er beregnet.",
        note="«Mangler» betyr at tallet ikke er med i datagrunnlaget. Et minustegn betyr at inntektene er større enn utgiftene.",
    )


def overview_chart() -> Figure:
    """Gross cost per inhabitant, part by part and by municipality; a municipality without figures is shown as missing."""
    places = municipalities()
    measured = {
        area.name: [by_id()[f"{AREA}.{area.slug}.brutto-per-innbygger.{place.slug}"] for place in places]
        for area in sub_areas()
    }
    most = [max(zip(places, row, strict=True), key=_number)[0].name for row in measured.values()]
    highest = max(most, key=most.count)
    absent = [
        place.name
        for place, *values in zip(places, *measured.values(), strict=True)
        if not any(v.number for v in values)
    ]
    finding = f"{highest} bruker mest per innbygger på {most.count(highest)} av {len(measured)} fagområder"
    finding += f"; tall for {formatting.listing(absent)} mangler" if absent else ""
    what = "Brutto driftsutgifter per innbygger i 2025"
    told = [
        f"{name}: {charts.described([(place.name, value.text) for place, value in zip(places, row, strict=True)])}."
        for name, row in measured.items()
    ]
    source = f"Beregnet av {_source()} og SSB tabell 07459."
    return Figure(
        name="kostra-oversikt-figur",
        title=finding,
        alt=f"Liggende søylediagram. {what}. {' '.join(told)}",
        chart=charts_economy.gains(
            [
                charts_economy.Gain(name, place.name, value.number or 0.0, value.digits, palette.colour_of(place.slug))
                for name, row in measured.items()
                for place, value in zip(places, row, strict=True)
            ],
            "Kroner per innbygger, brutto",
        ),
        data=Table(
            name="kostra-oversikt-figur-tall",
            title=what,
            columns=["Fagområde", *(f"{place.name} (kr)" for place in places)],
            rows=[[name, *row] for name, row in measured.items()],
            numeric=frozenset(range(1, len(places) + 1)),
            source=source,
        ),
        source=source,
    )


def costs(slug: str) -> Table:
    """Gross and net cost of one part, in all and per inhabitant, by municipality."""
    measures = ("brutto", "netto", "brutto-per-innbygger", "netto-per-innbygger")
    rows = [(place.slug, place.name) for place in municipalities()] + [(SUM, "Samlet")]
    return Table(
        name="kostra",
        title=f"Driftsutgifter i 2025, {formatting.lowered(part(slug).name)}",
        columns=["Kommune", "Brutto (kr)", "Netto (kr)", "Brutto per innbygger (kr)", "Netto per innbygger (kr)"],
        rows=[[name, *(by_id()[f"{AREA}.{slug}.{measure}.{place}"] for measure in measures)] for place, name in rows],
        numeric=frozenset({1, 2, 3, 4}),
        total=True,
        source=f"{_source()}, {_function(slug)}. Per innbygger er beregnet med folketall fra SSB tabell 07459, 1. januar 2026.",
        note="Brutto er alle driftsutgifter. Netto er brutto minus driftsinntekter. Et minustegn betyr at inntektene er større enn utgiftene.",
    )


def chart(slug: str) -> Figure:
    """Gross cost per inhabitant of one part, by municipality; a municipality without figures is shown as missing."""
    values = [(place, by_id()[f"{AREA}.{slug}.brutto-per-innbygger.{place.slug}"]) for place in municipalities()]
    known = [(place, value) for place, value in values if value.number is not None]
    absent = [place.name for place, value in values if value.number is None]
    if len(known) > 1:
        most, least = max(known, key=_number), min(known, key=_number)
        ratio = formatting.number(most[1].number / least[1].number, 1)
        finding = (
            f"{part(slug).name}, brutto per innbygger: {most[0].name} bruker {ratio} ganger så mye som {least[0].name}"
        )
        finding += f"; tall for {formatting.listing(absent)} mangler" if absent else ""
    else:
        finding = f"Tall for {formatting.listing(absent)} mangler, så kommunene kan ikke sammenlignes"
    what = f"Brutto driftsutgifter per innbygger i 2025, {formatting.lowered(part(slug).name)}"
    source = f"Beregnet av {_source()}, {_function(slug)}, og SSB tabell 07459."
    return Figure(
        name="kostra-figur",
        title=finding,
        alt=f"Liggende søylediagram. {what}: {charts.described([(place.name, value.text) for place, value in values])}.",
        chart=charts.bars(
            charts.bars_of([(p.name, palette.colour_of(p.slug)) for p, _ in values], [value for _, value in values]),
            "Kroner per innbygger, brutto",
        ),
        data=Table(
            name="kostra-figur-tall",
            title=what,
            columns=["Kommune", "Kroner per innbygger"],
            rows=[[place.name, value] for place, value in values],
            numeric=frozenset({1}),
            source=source,
        ),
        source=source,
    )


def _function(slug: str) -> str:
    """The KOSTRA function of a part with the name KOSTRA gives it, which may cover more than the part does."""
    number = part(slug).function
    names = data.load(TABLE).set_index("funksjon")["funksjonsnavn"]
    return f"funksjon {number} ({names[names.index == number].iloc[0].lower()})"


def _number(pair: tuple[object, Value]) -> float:
    return pair[1].number or 0.0
