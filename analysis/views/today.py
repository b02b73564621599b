"""Today's staffing and cost of one administrative area."""

from __future__ import annotations

from collections.abc import Callable

from analysis import charts, formatting, palette
from analysis.gaps import missing
from analysis.keyfigures import by_id
from analysis.model import Status, Value, aligned
from analysis.places import SUM, area, municipalities
from analysis.results import Figure, KeyNumbers, Note, Table
from analysis.views.absent import no_figure
from analysis.views.sources import staffing_source

PEOPLE = "folketall fra SSB tabell 07459, 1. januar 2026"


def key_numbers(slug: str) -> KeyNumbers:
    """The few numbers of an area: årsverk, cost, cost per inhabitant, and how much is missing."""
    values = by_id()
    return KeyNumbers(
        [
            (values[f"{slug}.arsverk.{SUM}"], "i kommunene til sammen"),
            (values[f"{slug}.kostnad.{SUM}"], "i lønn og sosiale utgifter, oppgitt som budsjett 2025"),
            (values[f"{slug}.kostnad-per-innbygger.{SUM}"], "i lønn og sosiale utgifter"),
            (values[f"{slug}.datahull"], "mangler fortsatt"),
        ]
    )


def gap_number(slug: str) -> KeyNumbers:
    """How much is missing for an area of which nothing else is known."""
    return KeyNumbers([(by_id()[f"{slug}.datahull"], "mangler fortsatt")])


def staffing(slug: str) -> Table:
    """Årsverk and budget by municipality, with shares and sum."""
    rows = [
        [name, *_each(slug, place, "arsverk", "andel-arsverk", "kostnad", "andel-kostnad")] for place, name in _places()
    ]
    together: list[Value | str] = []
    for measure in ("arsverk", "kostnad"):
        [total] = _each(slug, SUM, measure)
        together += [total, str(total.status) if total.number is None else "100"]
    return Table(
        name="bemanning",
        title=f"Bemanning og budsjettert lønnskostnad i 2025, {formatting.lowered(area(slug).name)}",
        columns=[
            "Kommune",
            "Årsverk",
            "Andel av årsverkene (prosent)",
            "Lønnskostnad (kr)",
            "Andel av kostnaden (prosent)",
        ],
        rows=[*rows, ["Samlet", *together]],
        numeric=frozenset({1, 2, 3, 4}),
        total=True,
        source=f"{staffing_source(slug)}. Andelene er beregnet.",
        note=_sum_note(slug),
    )


def _sum_note(slug: str) -> str:
    total, printed = by_id()[f"{slug}.kostnad.{SUM}"], by_id()[f"{slug}.kostnad.oppgitt-sum"]
    if total.number is None or total.number == printed.number:
        return ""
    return f"Saken oppgir {printed.text} samlet. Vi bruker summen av kommunenes beløp, {total.text}. Kommunene må bekrefte hva som er riktig."


def unit_costs(slug: str) -> Table:
    """Cost per årsverk and per inhabitant, and årsverk per 1 000 inhabitants, by municipality."""
    measures = ("kostnad-per-arsverk", "kostnad-per-innbygger", "arsverk-per-1000")
    rates = [by_id()[f"{slug}.kostnad-per-arsverk.{place}"].number for place, _ in [*_places(), (SUM, "Samlet")]]
    rounded = "Kroner per årsverk er avrundet til nærmeste tusen." if any((rate or 0) % 1000 for rate in rates) else ""
    return Table(
        name="enhetskostnader",
        title=f"Kostnad per årsverk og per innbygger, {formatting.lowered(area(slug).name)}",
        columns=[
            "Kommune",
            "Kroner per årsverk",
            "Kroner per innbygger",
            f"Årsverk per 1{formatting.THIN}000 innbyggere",
        ],
        rows=[[name, *_each(slug, place, *measures)] for place, name in [*_places(), (SUM, "Samlet")]],
        numeric=frozenset({1, 2, 3}),
        total=True,
        source=f"Beregnet av {_lower(staffing_source(slug))} og {PEOPLE}.",
        note=" ".join(filter(None, [rounded, clerical_note(slug)])),
    )


def staffing_chart(slug: str) -> Figure | Note:
    """Årsverk by municipality as bars."""
    values = [by_id()[f"{slug}.arsverk.{place}"] for place, _ in _places()]
    return _bars(
        "arsverk-figur",
        values,
        _staffing_finding(slug),
        f"Årsverk, {formatting.lowered(area(slug).name)}",
        "Årsverk",
        f"{staffing_source(slug)}.",
    )


def _staffing_finding(slug: str) -> str:
    if absent := _absent(slug, "arsverk"):
        return absent
    most = _extreme(slug, "arsverk", max)
    total = by_id()[f"{slug}.arsverk.{SUM}"]
    numbers = {round(by_id()[f"{slug}.arsverk.{place}"].number) for place, _ in _places()}
    if len(numbers) == 1:
        [number] = numbers
        return f"Alle kommunene har omtrent {'ett' if number == 1 else number} årsverk"
    same = [name for place, name in _places() if by_id()[f"{slug}.arsverk.{place}"].number == most.number]
    mine, all_of_them = aligned([most, total])
    where = " sentralt" if clerical_note(slug) else ""
    return f"{formatting.listing(same)} har flest årsverk{where}: {mine} av {all_of_them}"


def staffing_per_inhabitant_chart(slug: str) -> Figure | Note:
    """Årsverk per 1 000 inhabitants by municipality as bars."""
    values = [by_id()[f"{slug}.arsverk-per-1000.{place}"] for place, _ in _places()]
    return _bars(
        "arsverk-per-innbygger-figur", values, _per_inhabitant_finding(slug),
        f"Årsverk per 1{formatting.THIN}000 innbyggere, {formatting.lowered(area(slug).name)}", f"Årsverk per 1{formatting.THIN}000 innbyggere",
        f"Beregnet av {_lower(staffing_source(slug))} og {PEOPLE}.", clerical_note(slug),
    )  # fmt: skip


def _per_inhabitant_finding(slug: str) -> str:
    if absent := _absent(slug, "arsverk-per-1000"):
        return absent
    if clerical_note(slug):
        # The order of the municipalities depends on what is left out, so there is no finding to state.
        return f"Årsverk sentralt per 1{formatting.THIN}000 innbyggere, uten merkantile årsverk ute i enhetene"
    most, least = _extreme(slug, "arsverk-per-1000", max), _extreme(slug, "arsverk-per-1000", min)
    return f"{most.municipality} har flest årsverk per innbygger, {least.municipality} har færrest"


def clerical_note(slug: str) -> str:
    """What is left out of an area's årsverk because only some municipalities state it; empty for other areas."""
    places = [(name, by_id().get(f"{slug}.arsverk-per-1000-med-merkantile.{place}")) for place, name in _places()]
    stated = [(name, value) for name, value in places if value is not None and value.number is not None]
    absent = [name for name, value in places if value is not None and value.number is None]
    if not (stated and absent):
        return ""
    counted = formatting.listing([f"{name} {value.text}" for name, value in stated])
    return (
        f"Merkantile årsverk ute i enhetene er ikke med. Regnes de med, har {counted}. "
        f"Saken oppgir ikke slike årsverk for {formatting.listing(absent)}."
    )


def _absent(slug: str, measure: str) -> str:
    """The finding when a municipality has delivered nothing to compare; empty when all have."""
    names = [name for place, name in _places() if by_id()[f"{slug}.{measure}.{place}"].number is None]
    return f"Tall for {formatting.listing(names)} mangler, så kommunene kan ikke sammenlignes" if names else ""


def _bars(
    name: str, values: list[Value], finding: str, what: str, column: str, source: str, note: str = ""
) -> Figure | Note:
    if absent := no_figure(what.split(",")[0], values):
        return absent
    names = [name for _, name in _places()]
    return Figure(
        name=name,
        title=finding,
        alt=f"Liggende søylediagram. {what}: {charts.described(list(zip(names, aligned(values), strict=True)))}.",
        chart=charts.bars(charts.bars_of([(name, palette.colour_of(place)) for place, name in _places()], values), column),
        data=Table(
            name=f"{name}-tall", title=what, columns=["Kommune", column],
            rows=[list(row) for row in zip(names, values, strict=True)], numeric=frozenset({1}), source=source,
        ),
        source=source,
        note=note,
    )  # fmt: skip


def ages(slug: str) -> Table:
    """Lowest and highest age by municipality, withheld where fewer than five persons may stand behind."""
    rows = [(name, _each(slug, place, "alder-fra", "alder-til")) for place, name in [*_places(), (SUM, "Samlet")]]
    withheld = any(value.status is Status.TILBAKEHOLDT for _, values in rows for value in values)
    return Table(
        name="aldersspenn",
        title=f"Aldersspenn blant de ansatte, {formatting.lowered(area(slug).name)}",
        columns=["Kommune", "Laveste alder (år)", "Høyeste alder (år)"],
        rows=[[name, *values] for name, values in rows],
        numeric=frozenset({1, 2}),
        total=True,
        source=f"{staffing_source(slug)}.",
        note="«Tilbakeholdt» betyr at det kan være færre enn fem personer bak tallet. Da viser vi det ikke, av hensyn til personvernet."
        if withheld
        else "",
    )


def gaps(slug: str, part: str | None = None, shared: bool = False) -> Table:
    """What is missing for an area (or one part of it), why it matters and who must deliver it.

    ``shared`` leaves out what belongs to one part alone.
    """
    rows = missing(slug, part)
    if shared:
        rows = rows[rows["id"].str.count(r"\.") == 1]
    places = {place.slug: place.name for place in municipalities()}
    # What is the same in every row is said once, below the table.
    deliverers, deadlines = set(rows["leveres_av"]), set(rows["frist"])
    shared_by_all = len(deliverers) == 1 and len(rows) > 1
    told = [f"{_capital(one)} skal levere alt i tabellen." for one in deliverers if shared_by_all]
    told += [f"Frist for levering: {one}." for one in deadlines if len(deadlines) == 1]
    return Table(
        name="mangler",
        title="Opplysninger som mangler",
        columns=["Hva som mangler", "Hvorfor vi trenger det", *([] if shared_by_all else ["Hvem som skal levere"])],
        rows=[
            [
                row.hva + (f" ({places[row.kommune]})" if row.kommune in places else ""),
                row.hvorfor,
                *([] if shared_by_all else [_capital(row.leveres_av)]),
            ]
            for row in rows.itertuples()
        ],
        source="Egen oversikt over det saken ikke oppgir (data/datahull.csv).",
        note=" ".join(told),
    )


def clerical() -> Table:
    """Merkantile services out in the units: what is stated, and for whom nothing is."""
    slug = "lonn-regnskap-fakturering"
    return Table(
        name="merkantile",
        title="Merkantile tjenester ute i enhetene",
        columns=["Kommune", "Årsverk", "Lønnskostnad (kr)"],
        rows=[[name, *_each(slug, place, "merkantile-arsverk", "merkantile-kostnad")] for place, name in [*_places(), (SUM, "Samlet")]],
        numeric=frozenset({1, 2}),
        total=True,
        source="Saksframlegget, avsnittet under tabellen for lønn, regnskap og fakturering (data/raw/sak/merkantile.csv).",
        note="Tallene er ikke med i summene for lønn, regnskap og fakturering.",
    )  # fmt: skip


def _each(slug: str, place: str, *measures: str) -> list[Value]:
    return [by_id()[f"{slug}.{measure}.{place}"] for measure in measures]


def _extreme(slug: str, measure: str, choose: Callable[..., Value]) -> Value:
    return choose((by_id()[f"{slug}.{measure}.{place}"] for place, _ in _places()), key=lambda value: value.number)


def _places() -> list[tuple[str, str]]:
    return [(place.slug, place.name) for place in municipalities()]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
