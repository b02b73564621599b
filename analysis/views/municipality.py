"""What the investigation means for one municipality."""

from __future__ import annotations

from analysis import formatting
from analysis.gaps import missing
from analysis.keyfigures import by_id
from analysis.places import SUM, administrative_areas, areas, municipalities
from analysis.results import KeyNumbers, Table
from analysis.views.absent import left_out
from analysis.views.economy import REACH, SHOWN, source
from analysis.views.sources import staffing_source
from analysis.views.today import PEOPLE


def key_numbers(place: str) -> KeyNumbers:
    """What the municipality uses today, and how its part compares with its part of the inhabitants."""
    values = by_id()
    return KeyNumbers(
        [
            (values[f"felles.arsverk.{place}"], "i de administrative områdene"),
            (values[f"felles.kostnad.{place}"], "i lønn og sosiale utgifter, oppgitt som budsjett 2025"),
            (values[f"felles.andel-kostnad.{place}"], "av kommunenes lønnskostnad"),
            (values[f"felles.andel-innbyggere.{place}"], "av kommunenes innbyggere"),
        ]
    )


def today(place: str) -> Table:
    """Årsverk, cost and cost per inhabitant in each area, beside all three municipalities together."""
    rows = [(area.slug, area.name) for area in administrative_areas()] + [("felles", "Samlet")]
    values = by_id()
    return Table(
        name="i-dag",
        title="Bemanning og kostnad i dag",
        columns=[
            "Område",
            "Årsverk",
            "Lønnskostnad (kr)",
            "Kroner per innbygger",
            "Alle kommunene (kroner per innbygger)",
        ],
        rows=[
            [
                name,
                values[f"{slug}.arsverk.{place}"],
                values[f"{slug}.kostnad.{place}"],
                values[f"{slug}.kostnad-per-innbygger.{place}"],
                values[f"{slug}.kostnad-per-innbygger.{SUM}"],
            ]
            for slug, name in rows
        ],
        numeric=frozenset({1, 2, 3, 4}),
        total=True,
        source=f"Beregnet av {_lower(staffing_source('felles'))} og {PEOPLE}.",
        note=left_out(),
    )


def by_area(place: str, saving: str = SHOWN) -> Table:
    """The municipality's gain in each area under the three plainest keys, and the saving where it breaks even."""
    rows = [(area.slug, area.name) for area in administrative_areas()] + [("felles", "Samlet")]
    values, shown = (
        by_id(),
        {"folketall": "Folketall (kr)", "lik-andel": "Lik andel (kr)", "dagens-kostnad": "Dagens kostnad (kr)"},
    )
    return Table(
        name="omrader",
        title=f"Gevinst per år i hvert område ved {saving} prosent innsparing",
        columns=["Område", *shown.values(), "Går i null med folketall (prosent)"],
        rows=[
            [
                name,
                *(values[f"{slug}.gevinst.{key}.{saving}.{place}"] for key in shown),
                values[f"{slug}.nullpunkt.folketall.{place}"],
            ]
            for slug, name in rows
        ],
        numeric=frozenset({1, 2, 3, 4}),
        total=True,
        source=f"Beregnet av {source('felles')}.",
        note=f"Minus betyr at kommunen betaler mer enn i dag. {REACH} {left_out()}".rstrip(),
    )


def gaps(place: str) -> Table:
    """How much is missing in each area: of all three municipalities, and of this one alone."""
    names = {area.slug: area.name for area in areas()} | {"felles": "Flere områder"}
    alone = {p.slug: p.name for p in municipalities()}[place]
    rows = missing()
    return Table(
        name="mangler",
        title=f"Opplysninger som mangler, {alone}",
        columns=["Område", "Mangler for alle", f"Mangler bare for {alone}", f"Hva som mangler bare for {alone}"],
        rows=[
            [
                name,
                formatting.number(int(((rows["omrade"] == slug) & (rows["kommune"] == "alle")).sum())),
                formatting.number(
                    len(own := list(rows.loc[(rows["omrade"] == slug) & (rows["kommune"] == place), "hva"]))
                ),
                "; ".join(own) or "Ingenting",
            ]
            for slug, name in names.items()
        ],
        numeric=frozenset({1, 2}),
        source="Egen oversikt over det saken ikke oppgir (data/datahull.csv).",
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
