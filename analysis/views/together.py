"""All administrative areas side by side."""

from __future__ import annotations

from collections.abc import Mapping

from analysis import charts, formatting, palette
from analysis.keyfigures import by_id
from analysis.model import Value, aligned
from analysis.places import SUM, administrative_areas, municipalities
from analysis.results import Figure, KeyNumbers, Note, Table
from analysis.views.absent import left_out, left_out_note, no_figure
from analysis.views.sources import staffing_source
from analysis.views.today import PEOPLE, clerical_note


def key_numbers() -> KeyNumbers:
    """What the joint report opens with."""
    values = by_id()
    return KeyNumbers(
        [
            (values[f"felles.arsverk.{SUM}"], "i de administrative områdene til sammen"),
            (values[f"felles.kostnad.{SUM}"], "i lønn og sosiale utgifter, oppgitt som budsjett 2025"),
            (values[f"felles.innbyggere.{SUM}"], "i kommunene, 1. januar 2026"),
            (values["felles.datahull"], "mangler fortsatt"),
        ]
    )


def areas_table() -> Table:
    """Årsverk and cost by area and municipality."""
    slugs = [(area.slug, area.name) for area in administrative_areas()] + [("felles", "Samlet")]
    places = [*municipalities()]
    return Table(
        name="omrader",
        title="Årsverk og budsjettert lønnskostnad i 2025 i de administrative områdene",
        columns=["Område", *(f"{place.name} (årsverk)" for place in places), "Samlet (årsverk)", "Samlet (kr)"],
        rows=[
            [
                name,
                *(by_id()[f"{slug}.arsverk.{place.slug}"] for place in places),
                by_id()[f"{slug}.arsverk.{SUM}"],
                by_id()[f"{slug}.kostnad.{SUM}"],
            ]
            for slug, name in slugs
        ],
        numeric=frozenset(range(1, len(places) + 3)),
        total=True,
        source=f"{staffing_source('felles')}. Summene er beregnet.",
        note=left_out(),
    )


def municipalities_table() -> Table:
    """All administrative areas together, by municipality: årsverk, cost and both per inhabitant."""
    measures = ("arsverk", "kostnad", "kostnad-per-innbygger", "arsverk-per-1000")
    rows = [(place.slug, place.name) for place in municipalities()] + [(SUM, "Samlet")]
    return Table(
        name="kommunene",
        title="De administrative områdene samlet, etter kommune",
        columns=["Kommune", "Årsverk", "Lønnskostnad (kr)", "Kroner per innbygger", f"Årsverk per 1{formatting.THIN}000 innbyggere"],
        rows=[[name, *(by_id()[f"felles.{measure}.{slug}"] for measure in measures)] for slug, name in rows],
        numeric=frozenset({1, 2, 3, 4}),
        total=True,
        source=f"Beregnet av {_lower(staffing_source('felles'))} og {PEOPLE}.",
        note=" ".join(filter(None, [clerical_note("felles"), left_out()])),
    )  # fmt: skip


def areas_chart() -> Figure | Note:
    """Årsverk by area, each bar divided between the municipalities."""
    areas, places = administrative_areas(), municipalities()
    keys = [place.slug for place in places] + [SUM]
    values = {(area.slug, key): by_id()[f"{area.slug}.arsverk.{key}"] for area in areas for key in keys}
    texts = dict(zip(values, aligned(list(values.values())), strict=True))
    parts = [
        charts.Part(area.name, place.name, values[area.slug, place.slug].number or 0, texts[area.slug, place.slug], palette.colour_of(place.slug))
        for area in areas
        for place in places
    ]  # fmt: skip
    rows = [[area.name, *(values[area.slug, key] for key in keys)] for area in areas]
    columns = ["Område", *(place.name for place in places), "Samlet"]
    numbers = "; ".join(
        f"{area.name}: {charts.described([(place.name, texts[area.slug, place.slug]) for place in places])}, samlet {texts[area.slug, SUM]}"
        for area in areas
    )  # fmt: skip
    if absent := no_figure("Årsverkene", values.values()):
        return absent
    return Figure(
        name="omrader-figur",
        title=_areas_finding({area.name: values[area.slug, SUM] for area in areas}),
        alt=f"Liggende søylediagram med årsverk etter område, delt på kommunene. {numbers}.",
        chart=charts.stacked(parts, [(area.name, texts[area.slug, SUM]) for area in areas], unit="Årsverk"),
        data=Table(
            name="omrader-figur-tall", title="Årsverk etter område og kommune", columns=columns, rows=rows,
            numeric=frozenset(range(1, len(columns))), source=f"{staffing_source('felles')}.",
        ),
        source=f"{staffing_source('felles')}.",
    )  # fmt: skip


def _areas_finding(sums: Mapping[str, Value]) -> str:
    """Which area is the largest, as far as the årsverk are known."""
    known = {name: value.number for name, value in sums.items() if value.number is not None}
    if not known:
        return "Årsverk mangler for minst én kommune i hvert område, så områdene kan ikke sammenlignes"
    largest, whole = max(known, key=known.__getitem__), by_id()[f"felles.arsverk.{SUM}"].number
    if not whole:
        return f"{largest} er størst av områdene vi har tall for"
    share = f"{largest} er størst, med {formatting.number(100 * known[largest] / whole)} prosent av årsverkene"
    return share if len(known) == len(sums) else f"{share} vi har tall for"


def left_out_areas() -> Note | None:
    """Which areas the joint figures are without, as a paragraph; nothing when all are in."""
    return left_out_note()


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
