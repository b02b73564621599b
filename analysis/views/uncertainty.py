"""How sure the gains are: ranges from many draws of the assumptions, and which assumption matters most."""

from __future__ import annotations

from analysis import assumptions, charts_ranges, formatting, palette, uncertainty
from analysis.keyfigures import by_id
from analysis.model import Status, Value
from analysis.places import SUM, municipalities
from analysis.results import Figure, Note, Table
from analysis.views.absent import left_out, no_figure
from analysis.views.sources import tables

THOUSANDS = f"1{formatting.THIN}000 kr"
CAUTION = (
    "Saken sier ikke hvor mye av den frigjorte kapasiteten som blir lavere lønnskostnad. Alt fra 0 til 100 prosent er derfor regnet som "
    "like sannsynlig, og spennet er ingen prognose. Kommunene deler etter dagens kostnad. Med en annen nøkkel blir tallene for hver kommune andre. Etableringskostnader er ikke trukket fra."
)


def gains(slug: str) -> Figure | Note:
    """The yearly gain in kroner for each municipality and in all: P10, P50 and P90."""
    names = [
        *((place.slug, place.name, palette.colour_of(place.slug)) for place in municipalities()),
        (SUM, "Samlet", palette.ACCENT),
    ]
    found = {name: _range(slug, "gevinst", place) for place, name, _ in names}
    if absent := no_figure("Kostnadene", (value for values in found.values() for value in values)):
        return absent
    texts = {name: tuple(map(thousands, values)) for name, values in found.items()}
    told = "; ".join(f"{name}: {low}, {middle} og {high}" for name, (low, middle, high) in texts.items())
    data = Table(
        name="gevinst-spenn-tall", title=f"Gevinst per år ({THOUSANDS})", columns=["Kommune", *_HEADS],
        rows=[[name, *numbers] for name, numbers in texts.items()], numeric=frozenset({1, 2, 3}), total=True, source=_drawn(slug), status=Status.BEREGNET,
    )  # fmt: skip
    return Figure(
        name="gevinst-spenn",
        title=_gains_finding(found["Samlet"]),
        alt=f"Diagram med en linje for hver kommune fra lav til høy gevinst og et punkt i midten. Gevinst per år i {THOUSANDS}, lav, midtre og høy: {told}.",
        chart=charts_ranges.ranges(
            [
                charts_ranges.Range(name, tuple(value.number or 0.0 for value in found[name]), texts[name], colour)
                for _, name, colour in names
            ],
            f"Gevinst per år, {THOUSANDS}. Linjen rommer åtte av ti utfall, punktet ligger i midten",
        ),
        data=data,
        source=_drawn(slug),
        note=_caution(slug),
    )  # fmt: skip


_HEADS = ("Lav: ett av ti utfall er lavere (P10)", "Midt: halvparten er lavere (P50)", "Høy: ni av ti er lavere (P90)")


def _drawn(slug: str) -> str:
    draws = formatting.number(uncertainty.DRAWS)
    return f"Beregnet av {tables(slug)}, med {draws} trekninger av forutsetningene ({assumptions.FILE})."


def _one_at_a_time(slug: str) -> str:
    changed = "med én forutsetning endret om gangen, fra lav til høy verdi"
    return f"Beregnet av {tables(slug)}, {changed} ({assumptions.FILE})."


def _caution(slug: str) -> str:
    return " ".join(filter(None, [CAUTION, left_out() if slug == "felles" else ""]))


def _gains_finding(total: tuple[Value, Value, Value]) -> str:
    low, _, high = total
    if low.number is None or high.number is None:
        return "Tall mangler, så gevinsten kan ikke regnes ut"
    return f"Gevinsten er usikker: Åtte av ti utfall ligger mellom om lag {_rounded(low)} og {_rounded(high)} kroner i året"


def table(slug: str) -> Table:
    """What is released, what is gained a year, and what it may cost at most to establish: P10, P50 and P90 in all."""
    rows = [["Frigjort kapasitet (årsverk)", *(value.digits for value in _range(slug, "frigjort", SUM))]]
    for measure, name in (
        ("gevinst", "Gevinst per år"),
        ("etablering", "Det etableringen kan koste på det meste, i nåverdi"),
    ):
        rows.append([f"{name} ({THOUSANDS})", *map(thousands, _range(slug, measure, SUM))])
    return Table(
        name="usikkerhet",
        title="Spennet i frigjort kapasitet, gevinst og hva etableringen kan koste",
        columns=["Hva", *_HEADS],
        rows=rows,
        numeric=frozenset({1, 2, 3}),
        source=_drawn(slug),
        note=_caution(slug),
        status=Status.BEREGNET,
    )


def tornado(slug: str, measure: str = "etablering") -> Figure | Note:
    """Which assumption moves the result most: ``etablering`` (largest establishment cost) or ``gevinst`` (a year)."""
    label = {"etablering": "Det etableringen kan koste på det meste, i nåverdi", "gevinst": "Gevinst per år"}[measure]
    middle = by_id()[f"{slug}.folsomhet.{measure}.midt.{SUM}"]
    if absent := no_figure("Kostnadene", [middle]):
        return absent
    rows = _swings(slug, measure)
    data = Table(
        name=f"folsomhet-{measure}-tall", title=f"{label} ({THOUSANDS}) når én forutsetning endres om gangen",
        columns=["Forutsetning", "Lav og høy verdi", "Resultat ved lav verdi", "Resultat ved høy verdi"],
        rows=[[one.name, _ends(one), thousands(low), thousands(high)] for one, low, high in rows],
        numeric=frozenset({2, 3}), source=_one_at_a_time(slug), note=f"Med alle forutsetninger i midten er resultatet {thousands(middle)}.", status=Status.BEREGNET,
    )  # fmt: skip
    told = "; ".join(f"{one.name}, {_ends(one)}: {thousands(low)} og {thousands(high)}" for one, low, high in rows)
    unit = f"{label}, {THOUSANDS}"
    return Figure(
        name=f"folsomhet-{measure}",
        title=_tornado_finding(rows),
        alt=f"Søylediagram, bredest øverst. {unit}, ved lav og høy verdi: {told}. Med alle i midten: {thousands(middle)}.",
        chart=charts_ranges.tornado(
            [
                charts_ranges.Sway(one.name, low.number or 0.0, high.number or 0.0, _end(one, one.low, low), _end(one, one.high, high))
                for one, low, high in rows
            ],
            middle.number or 0.0, f"Streken viser resultatet med alle forutsetninger i midten: {thousands(middle)}", unit,
        ),
        data=data,
        source=_one_at_a_time(slug),
        note="Midten er den sannsynlige verdien, eller halvveis mellom lav og høy der ingen er oppgitt.",
    )  # fmt: skip


def _swings(slug: str, measure: str) -> list[tuple[assumptions.Assumption, Value, Value]]:
    """Each assumption with the result at its ends, widest first."""
    found = []
    for name in uncertainty.MEASURES[measure][1]:
        low, high = (by_id()[f"{slug}.folsomhet.{measure}.{name}.{end}.{SUM}"] for end in ("lav", "hoy"))
        found.append((assumptions.by_id(name), low, high))
    return sorted(found, key=lambda row: -abs((row[2].number or 0) - (row[1].number or 0)))


def _tornado_finding(rows: list[tuple[assumptions.Assumption, Value, Value]]) -> str:
    if any(value.number is None for _, *ends in rows for value in ends):
        return "Tall mangler, så forutsetningene kan ikke veies mot hverandre"
    return f"Størst utslag gir forutsetningen «{rows[0][0].name}»"


def _range(slug: str, measure: str, place: str) -> tuple[Value, Value, Value]:
    low, middle, high = (by_id()[f"{slug}.usikkerhet.{measure}.{end}.{place}"] for end in uncertainty.PERCENTILES)
    return low, middle, high


def thousands(value: Value) -> str:
    """An amount in thousands of kroner: what is drawn at random is not known to the krone."""
    return str(value.status) if value.number is None else formatting.number(value.number / 1000)


def _rounded(value: Value) -> str:
    """An amount to two figures, for a heading: «450 000»."""
    number = value.number or 0
    step = 10 ** max(0, len(str(int(abs(number)))) - 2)
    return formatting.number(round(number / step) * step)


def _ends(one: assumptions.Assumption) -> str:
    return f"{formatting.number(one.low, 2)}–{formatting.quantity(one.high, one.unit)}"


def _end(one: assumptions.Assumption, level: float, result: Value) -> str:
    unit = "%" if one.unit == "prosent" else one.unit
    return f"{thousands(result)} ({formatting.number(level, 2)}{formatting.NBSP}{unit})"
