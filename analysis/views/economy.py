"""What a cooperation could save in an area, and who would gain under each cost key."""

from __future__ import annotations

import pandas as pd

from analysis import (
    assumptions,
    charts,
    charts_economy,
    economy,
    establishment,
    formatting,
    game,
    mandate,
    palette,
    sharing,
)
from analysis.keyfigures import by_id
from analysis.model import Status, Value
from analysis.places import SUM, municipalities
from analysis.results import Explorer, Figure, Note, Table
from analysis.views.absent import left_out, no_figure
from analysis.views.sources import tables

REACH = (
    "Gevinsten er den størst mulige: Den forutsetter at alle frigjorte årsverk blir tatt ut av budsjettet. "
    "Kostnader ved å etablere samarbeidet er ikke trukket fra."
)

#: The saving that is shown when one must be chosen: the only one with a source.
SHOWN = "21"

#: The scale of savings in charts, in percent.
END = 40.0


def source(slug: str) -> str:
    """What the economy of an area is computed from, after «Beregnet av»."""
    return f"{tables(slug)} og forutsetningene ({assumptions.FILE})"


def gains(slug: str) -> Table:
    """Released årsverk and the largest yearly gain at each level of saving."""
    rows = []
    for saving in _savings():
        rows.append(
            [
                f"{saving} prosent",
                by_id()[f"{slug}.frigjort.{saving}.{SUM}"],
                by_id()[f"{slug}.gevinst.dagens-kostnad.{saving}.{SUM}"],
            ]
        )
    return Table(
        name="gevinst",
        title="Frigjort kapasitet og størst mulig gevinst i kroner",
        columns=["Innsparing", "Frigjort kapasitet (årsverk)", "Størst mulig gevinst (kr per år)"],
        rows=rows,
        numeric=frozenset({1, 2}),
        source=f"Beregnet av {source(slug)}.",
        note=_joint(slug, REACH),
    )


def by_key(slug: str, variant: str = "", saving: str = SHOWN) -> Table:
    """Each municipality's yearly gain under each key at one saving."""
    places = [place.slug for place in municipalities()]
    rows: list[list[Value | str]] = []
    for key in economy.cost_keys():
        if key.computable:
            rows.append(
                [
                    key.name,
                    *(_signed(by_id()[f"{slug}.gevinst{variant}.{key.slug}.{saving}.{place}"]) for place in places),
                ]
            )
        else:
            rows.append([key.name, *("mangler" for _ in places)])
    rest = " Merkantile tjenester i Melhus er regnet med." if "merkantile" in variant else ""
    return Table(
        name=f"gevinst-etter-nokkel{variant}-{saving}",
        title=f"Gevinst per år for hver kommune ved {saving} prosent innsparing (kr)",
        columns=["Fordelingsnøkkel", *(place.name for place in municipalities())],
        rows=rows,
        numeric=frozenset(range(1, len(places) + 1)),
        source=f"Beregnet av {source(slug)}.",
        note=_joint(slug, f"Minus betyr at kommunen betaler mer enn i dag. {REACH}{rest}"),
        status=Status.BEREGNET,
    )


def by_key_chart(slug: str, saving: str = SHOWN) -> Figure | Note:
    """Each municipality's gain under each key, as bars to both sides of zero."""
    sums = _sums(slug, saving)
    if absent := no_figure("Kostnadene", (value for _, value in sums)):
        return absent
    keys = [key for key, value in sums if value.number is not None]
    rows, losers = [], {}
    for key in keys:
        values = {place: by_id()[f"{slug}.gevinst.{key.slug}.{saving}.{place.slug}"] for place in municipalities()}
        rows += [
            charts_economy.Gain(key.name, place.name, value.number or 0, _signed(value), palette.colour_of(place.slug))
            for place, value in values.items()
        ]
        losers[key.name] = [place.name for place, value in values.items() if (value.number or 0) < 0]
    return Figure(
        name="nokler-figur",
        title=_by_key_finding(losers, saving),
        alt=f"Søylediagram med gevinst per år ved {saving} prosent innsparing, i kroner, for hver fordelingsnøkkel. "
        + _told(by_key(slug, saving=saving)),
        chart=charts_economy.gains(rows, f"Gevinst per år ved {saving} prosent innsparing, kroner"),
        data=by_key(slug, saving=saving),
        source=f"Beregnet av {source(slug)}.",
        note=_joint(slug, "Søyler mot venstre betyr at kommunen betaler mer enn i dag."),
    )


def _by_key_finding(losers: dict[str, list[str]], saving: str) -> str:
    harmful = [name for name, places in losers.items() if places]
    if not harmful:
        return f"Ved {saving} prosent innsparing taper ingen kommune, uansett nøkkel"
    by_places: dict[tuple[str, ...], list[str]] = {}
    for name in harmful:
        by_places.setdefault(tuple(losers[name]), []).append(f"«{name[:1].lower()}{name[1:]}»")
    told = [
        f"{formatting.listing(list(places))} med {'nøkkelen' if len(names) == 1 else 'nøklene'} {formatting.listing(names)}"
        for places, names in by_places.items()
    ]
    return f"Ved {saving} prosent innsparing taper {formatting.listing(told)}"


def break_even(slug: str) -> Table:
    """The saving at which each municipality breaks even under each key, and from which nobody loses."""
    places = [place.slug for place in municipalities()]
    rows = [
        [key.name, *(by_id()[f"{slug}.nullpunkt.{key.slug}.{place}"] for place in (*places, SUM))]
        for key in economy.cost_keys()
    ]
    return Table(
        name="nullpunkt",
        title="Innsparingen som må til for at kommunen ikke skal tape (prosent)",
        columns=["Fordelingsnøkkel", *(place.name for place in municipalities()), "Ingen taper fra"],
        rows=rows,
        numeric=frozenset(range(1, len(places) + 2)),
        source=f"Beregnet av {source(slug)}.",
        note=_joint(
            slug,
            "Null betyr at kommunen tjener på samarbeidet fra første krone som spares. Bare innsparing som blir til penger, teller. "
            f"Kostnader ved å etablere samarbeidet er ikke regnet med.{_without_clerical(slug)}",
        ),
    )


def regions_chart(slug: str) -> Figure | Note:
    """From which saving nobody loses, key by key."""
    keys = economy.cost_keys()
    values = [by_id()[f"{slug}.nullpunkt.{key.slug}.{SUM}"] for key in keys]
    if absent := no_figure("Kostnadene", values):
        return absent
    rows = [
        charts_economy.Region(key.name, value.number, _from(value)) for key, value in zip(keys, values, strict=True)
    ]
    worst = max((value for value in values if value.number is not None), key=lambda value: value.number)
    name = next(key.name for key, value in zip(keys, values, strict=True) if value is worst)
    finding = (
        f"Med {name.lower()} må innsparingen være minst {worst.text} for at ingen skal tape"
        if worst.number
        else "Ingen taper, uansett nøkkel"
    )
    return Figure(
        name="nullpunkt-figur",
        title=finding,
        alt="Diagram som viser fra hvilken innsparing ingen kommune taper, for hver fordelingsnøkkel. "
        + _told(break_even(slug)),
        chart=charts_economy.regions(
            rows,
            END,
            [(float(s), f"{s} %") for s in _savings()],
            "Innsparing i prosent. Mørkt felt: ingen kommune taper",
        ),
        data=break_even(slug),
        source=f"Beregnet av {source(slug)}. De tynne strekene er innsparingene saken nevner.",
    )


def _without_clerical(slug: str) -> str:
    """What a note adds where merkantile services could have been counted."""
    found = any(scope.area == slug and scope.with_clerical for scope in economy.scopes())
    return " Merkantile tjenester ute i enhetene er ikke med." if found else ""


def payback(slug: str) -> Table:
    """The largest establishment cost that pays back in so many years, without interest and in present value."""
    rows = []
    for saving in _savings():
        for years in economy.YEARS:
            rows.append(
                [
                    f"{saving} prosent, {years} år",
                    by_id()[f"{slug}.etablering-tilbake.{saving}.{years}.{SUM}"],
                    by_id()[f"{slug}.etablering-naverdi.{saving}.{years}.{SUM}"],
                ]
            )
    return Table(
        name="etablering",
        title="Så mye kan etableringen høyst koste",
        columns=["Innsparing og tid", "Uten renter (kr)", "I nåverdi (kr)"],
        rows=rows,
        numeric=frozenset({1, 2}),
        source=f"Beregnet av {source(slug)}.",
        note=f"Saken oppgir ikke hva etableringen koster. Tallene forutsetter at alle frigjorte årsverk blir tatt ut av budsjettet. Nåverdien er regnet med "
        f"{formatting.quantity(assumptions.by_id('realrente').middle, 'prosent')} realrente, det vil si rente ut over prisstigningen.",
    )


def establishment_costs(slug: str) -> Table:
    """What is delivered of the costs of establishing a cooperation, by kind: low, likely and high."""
    kinds = {point: text for point, text, _ in mandate.points("okonomi-etablering")}
    rows = [
        [kinds[row.kategori], *(_delivered(number) for number in (row.lav_kr, row.sannsynlig_kr, row.hoy_kr))]
        for row in establishment.delivered(slug).itertuples()
    ]
    sums = [by_id()[f"{slug}.etableringskostnad.{end}.{SUM}"] for end in establishment.ENDS]
    return Table(
        name="etableringskostnader",
        title="Hva det koster å etablere et samarbeid (kr)",
        columns=["Kostnad", "Lavt anslag", "Sannsynlig", "Høyt anslag"],
        rows=[*rows, ["Samlet", *sums]],
        numeric=frozenset({1, 2, 3}),
        total=True,
        source="Saksframlegget nevner kostnadene, men oppgir ikke beløp (data/etableringskostnader.csv).",
    )


def _delivered(number: float) -> str:
    return "mangler" if pd.isna(number) else formatting.number(float(number))


def fairness(slug: str, saving: str = SHOWN) -> Table:
    """The Shapley value beside the keys, and which keys lie in the core."""
    known, today = (
        by_id(),
        economy.costs(next(s for s in economy.scopes() if s.area == slug and not s.variant), by_id()),
    )
    places = [place.slug for place in municipalities()]
    shapley = [known[f"{slug}.gevinst.shapley.{saving}.{place}"] for place in places]
    rows: list[list[Value | str]] = [
        ["Shapley-verdien (til sammenligning)", *map(_signed, shapley), "ja" if today else shapley[0].digits]
    ]
    if today:
        for key in economy.cost_keys():
            if key.computable:
                values = [known[f"{slug}.gevinst.{key.slug}.{saving}.{place}"] for place in places]
                amounts = dict(zip(places, (round(100 * (value.number or 0)) for value in values), strict=True))
                inside = game.in_core(amounts, today, economy.exact(saving), slack=len(places))
                rows.append([key.name, *map(_signed, values), "ja" if inside else "nei"])
    return Table(
        name="rettferdighet",
        title=f"Gevinst per år med nøklene og med Shapley-verdien, {saving} prosent innsparing (kr)",
        columns=["Fordeling", *(place.name for place in municipalities()), "I kjernen"],
        rows=rows,
        numeric=frozenset(range(1, len(places) + 1)),
        source=f"Beregnet av {source(slug)}. Metode: Shapley (1953) og Gillies (1959).",
        note="«I kjernen» betyr at verken én kommune alene eller noen av dem sammen kommer bedre ut uten de andre. "
        f"{_supposed()} Det er ikke målt.",
        status=Status.BEREGNET,
    )


def for_municipality(place: str) -> Table:
    """What one municipality gains in all areas together, under each key and at each saving."""
    rows: list[list[Value | str]] = []
    for key in economy.cost_keys():
        if key.computable:
            rows.append(
                [
                    key.name,
                    *(_signed(by_id()[f"felles.gevinst.{key.slug}.{saving}.{place}"]) for saving in _savings()),
                    by_id()[f"felles.nullpunkt.{key.slug}.{place}"].text,
                ]
            )
        else:
            rows.append([key.name, *("mangler" for _ in _savings()), "mangler"])
    return Table(
        name="gevinst-kommune",
        title="Gevinst per år for alle administrative områder samlet (kr)",
        columns=["Fordelingsnøkkel", *(f"{saving} prosent innsparing" for saving in _savings()), "Går i null ved"],
        rows=rows,
        numeric=frozenset(range(1, len(_savings()) + 2)),
        source=f"Beregnet av {source('felles')}.",
        note=_joint("felles", f"Minus betyr at kommunen betaler mer enn i dag. {REACH}"),
        status=Status.BEREGNET,
    )


def _supposed() -> str:
    """What the game supposes of a cooperation without all of them."""
    if len(municipalities()) == 3:
        return "Regnestykket antar at to kommuner sparer halvparten så mange prosent som tre."
    return "Regnestykket antar at innsparingen i prosent øker like mye for hver kommune som blir med."


def _sums(slug: str, saving: str) -> list[tuple[economy.Key, Value]]:
    """The gain of all together under each key that can be computed."""
    keys = [key for key in economy.cost_keys() if key.computable]
    return [(key, by_id()[f"{slug}.gevinst.{key.slug}.{saving}.{SUM}"]) for key in keys]


def for_municipality_chart(place: str) -> Figure | Note:
    """One municipality's gain under each key at each saving, as bars to both sides of zero."""
    name = next(one.name for one in municipalities() if one.slug == place)
    sums = _sums("felles", SHOWN)
    if absent := no_figure("Kostnadene", (value for _, value in sums)):
        return absent
    keys = [key for key, value in sums if value.number is not None]
    rows = []
    for key in keys:
        values = {saving: by_id()[f"felles.gevinst.{key.slug}.{saving}.{place}"] for saving in _savings()}
        rows += [
            charts_economy.Gain(
                key.name, f"{saving} prosent", value.number or 0, _signed(value), palette.colour_of(place)
            )
            for saving, value in values.items()
        ]
    worst = max(keys, key=lambda key: by_id()[f"felles.nullpunkt.{key.slug}.{place}"].number)
    point = by_id()[f"felles.nullpunkt.{worst.slug}.{place}"]
    return Figure(
        name="kommune-figur",
        title=f"Med {worst.name.lower()} går {name} i null ved {point.text} innsparing"
        if point.number
        else f"{name} tjener med alle nøklene, fra første krone som spares",
        alt=f"Søylediagram med gevinst per år for {name}, i kroner, for hver fordelingsnøkkel og innsparing. "
        + _told(for_municipality(place)),
        chart=charts_economy.gains(rows, f"Gevinst per år for {name}, kroner"),
        data=for_municipality(place),
        source=f"Beregnet av {source('felles')}.",
    )


def explorer(slug: str) -> Explorer | Note:
    """What the page lets the reader try: any saving and key, with and without merkantile where it belongs."""
    scopes = [scope for scope in economy.scopes() if scope.area == slug and scope.variant in ("", "-med-merkantile")]
    variants = [
        {
            "name": "Regn med de merkantile tjenestene Melhus har ute i enhetene" if scope.with_clerical else "",
            **_variant(today),
        }
        for scope in scopes
        if (today := economy.costs(scope, by_id())) is not None
    ]
    if not variants:
        return Note("En kostnad mangler eller er tilbakeholdt, så det er ikke noe å prøve ut her.")
    return Explorer(
        name="utforsker",
        title="Prøv selv: Hvor stor kan gevinsten per år bli for hver kommune?",
        model={
            "places": [
                {"slug": place.slug, "name": place.name, "colour": palette.colour_of(place.slug)}
                for place in municipalities()
            ],
            "saving": round(float(SHOWN)),
            "scale": max(_largest_gain(variant) for variant in variants),
            "variants": variants,
        },
    )


def _variant(today: dict[str, int]) -> dict[str, object]:
    """The costs in øre, and each computable key as exact fractions (texts, since JSON knows no whole numbers this large)."""
    keys = []
    for key in economy.cost_keys():
        if key.computable:
            shares = economy.weights(key, today)
            keys.append(
                {
                    "id": key.slug,
                    "name": key.name,
                    "weights": {p: [str(w.numerator), str(w.denominator)] for p, w in shares.items()},
                }
            )
    return {"costs": {place: str(cost) for place, cost in today.items()}, "keys": keys}


def _largest_gain(variant: dict[str, object]) -> int:
    """The largest gain or loss that any setting can show, in øre: it ends the bars."""
    today = {place: int(cost) for place, cost in variant["costs"].items()}
    found = 0
    for key in economy.cost_keys():
        if key.computable:
            for saving in (0, END):
                found = max(
                    found,
                    *(abs(gain) for gain in sharing.share(today, economy.weights(key, today), saving).gains.values()),
                )
    return found


def _told(table: Table) -> str:
    """Every row of a table in words, for a text alternative."""
    _, *heads = table.columns
    rows = table.as_json()["rows"]
    return "; ".join(f"{row[0]}: {charts.described(list(zip(heads, row[1:], strict=True)))}" for row in rows) + "."


def _joint(slug: str, note: str) -> str:
    """The note of a table or figure; where it is of all areas together, with the areas it is without."""
    return " ".join(filter(None, [note, left_out() if slug == "felles" else ""]))


def _savings() -> list[str]:
    return [f"{saving:g}" for saving in economy.savings()]


def _signed(value: Value) -> str:
    text = value.digits
    return f"+{text}" if (value.number or 0) > 0 else text


def _from(value: Value) -> str:
    if value.number is None:
        return str(value.status)
    if value.number == 0:
        return "alltid"
    return f"fra {formatting.number(value.number, 1, fixed=True)} prosent" + (
        " (utenfor skalaen)" if value.number > END else ""
    )
