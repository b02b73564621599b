"""What a cooperation could save, and who would gain under each cost key.

All amounts are yearly salary cost in the kroner of the 2025 budget, with the corrections of
``data/rettelser.csv``; Melhus' merkantile services are left out unless the name says otherwise.
The gain is the largest possible: it supposes that every årsverk released is taken out of the
budget. The levels of saving are those of the case (10, 21 and 30 percent), as assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from analysis import assumptions, data, formatting, game, payback, population, sharing
from analysis.baseline import covered, joint_name, ratio
from analysis.model import Status, Value, computed
from analysis.places import SUM, administrative_areas, municipalities

#: Years in which an establishment cost is asked to be paid back (the issue of the mandate, «c) Kostnader ved å etablere»).
YEARS = (3, 5, 10)

#: Where a value that cannot be computed sends its reader.
NOT_DELIVERED = "Kan ikke regnes ut før tallene som mangler, er levert (data/datahull.csv)"

#: What a value says that is withheld with the cost that it would be computed of.
WITHHELD = "Tilbakeholdt, ellers kunne kommunens tilbakeholdte tall regnes ut (data/raw/sak/bemanning.csv)"

SHAPLEY = "shapley"


@dataclass(frozen=True, slots=True)
class Key:
    """A cost key: how much of it follows each measure; the parts sum to 1."""

    slug: str
    name: str
    parts: dict[str, Fraction]
    status: Status
    note: str

    @property
    def computable(self) -> bool:
        """Whether what the key needs is known: no volume has been delivered, and inhabitants may be missing."""
        return not self.by_volume and (self.parts["folketall"] == 0 or population.complete())

    @property
    def by_volume(self) -> bool:
        """Whether the key needs volumes."""
        return self.parts["volum"] != 0


def cost_keys() -> list[Key]:
    """Every key of ``data/fordelingsnokler.csv``, in its order."""
    columns = ("folketall", "lik_andel", "dagens_kostnad", "volum")
    return [
        Key(
            row["nokkel"],
            row["navn"],
            {c: Fraction(str(row[c])) for c in columns},
            Status(row["status"]),
            row["merknad"],
        )
        for row in data.load("fordelingsnokler").to_dict("records")
    ]


def weights(key: Key, today: sharing.Amounts) -> dict[str, Fraction]:
    """The share of a joint cost that each municipality pays under a key.

    Raises:
        ValueError: if the key needs what nobody has delivered (volumes, or inhabitants), or its parts do not sum to 1.
    """
    if not key.computable:
        raise ValueError(f"the key {key.slug!r} needs volumes or inhabitants that are not delivered")
    people = population.inhabitants()
    bases: dict[str, sharing.Weights] = {
        "folketall": sharing.shares({place: people[place] or 0 for place in today})
        if population.complete()
        else dict.fromkeys(today, Fraction(0)),
        "lik_andel": sharing.equal(list(today)),
        "dagens_kostnad": sharing.shares(today),
    }
    return sharing.mixed({name: (key.parts[name], base) for name, base in bases.items()})


def savings() -> tuple[float, ...]:
    """The levels of saving (percent) that are computed: low, likely and high of the assumption."""
    level = assumptions.by_id("sparing")
    return tuple(number for number in (level.low, level.likely, level.high) if number is not None)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a computation covers: an area or all of them, and what is taken in or left out."""

    area: str
    name: str
    variant: str  # part of the id, "" for the plain one
    areas: tuple[str, ...]
    with_clerical: bool = False


def scopes() -> list[Scope]:
    """Each administrative area, all that have delivered figures together (see :func:`analysis.baseline.covered`), all
    but sentralbord, and with merkantile where it belongs."""
    areas = administrative_areas()
    every = tuple(area.slug for area in covered())
    payroll = "lonn-regnskap-fakturering"
    found = [Scope(area.slug, area.name, "", (area.slug,)) for area in areas]
    found.append(Scope("felles", joint_name(), "", every))
    found.append(
        Scope(
            "felles",
            "De administrative områdene uten sentralbord",
            "-uten-sentralbord",
            tuple(a for a in every if a != "sentralbord"),
        )
    )
    found += [
        Scope(one.area, f"{one.name}, med merkantile i Melhus", "-med-merkantile", one.areas, True)
        for one in found
        if payroll in one.areas and not one.variant
    ]
    return found


def costs(scope: Scope, known: Mapping[str, Value]) -> dict[str, int] | None:
    """Today's cost by municipality in øre; None while a municipality's figure is missing, or there is no area or no cost."""
    if not scope.areas:
        return None
    found = {}
    for place in municipalities():
        amounts = [known[name].number for name in _cells(scope, place.slug)]
        if scope.with_clerical:
            amounts.append(known[f"lonn-regnskap-fakturering.merkantile-kostnad.{place.slug}"].number or 0)
        if None in amounts:
            return None
        found[place.slug] = sum(sharing.ore(amount) for amount in amounts if amount is not None)
    return found if any(found.values()) else None


def _cells(scope: Scope, place: str) -> list[str]:
    """The ids of today's costs of a municipality."""
    return [f"{area}.kostnad.{place}" for area in scope.areas]


def values(known: Mapping[str, Value]) -> list[Value]:
    """``<area>.<measure>[<variant>].<key>.<saving>.<municipality|sum>`` and the break-even points.

    Measures: ``betaling`` and ``gevinst`` (kr a year), ``gevinst-per-innbygger`` (kr), ``nullpunkt``
    (percent; under ``sum`` the saving from which nobody loses), ``frigjort`` (årsverk), and
    ``etablering-tilbake`` and ``etablering-naverdi`` (the largest establishment cost, kr). Where today's cost is not
    known they are all there, and missing or withheld: prose and tables may name them.
    """
    found: list[Value] = []
    for scope in scopes():
        today = costs(scope, known)
        of_scope = _shared(scope, today) + _break_even(scope, today)
        if not scope.variant:
            of_scope += _released(scope, known) + _establishment(scope, today) + _shapley(scope, today)
        cells = [known[name] for place in municipalities() for name in _cells(scope, place.slug)]
        found += _withheld(of_scope) if computed(None, cells) is Status.TILBAKEHOLDT else of_scope
    return found


def _withheld(found: list[Value]) -> list[Value]:
    """The same, where what is missing is withheld; but volumes are still to be delivered."""
    return [
        replace(value, status=Status.TILBAKEHOLDT, source=WITHHELD) if value.source == NOT_DELIVERED else value
        for value in found
    ]


def _shared(scope: Scope, today: sharing.Amounts | None) -> list[Value]:
    people = population.inhabitants()
    found = []
    for key in cost_keys():
        if key.by_volume:
            continue
        by = weights(key, today) if today and key.computable else None
        for saving in savings():
            result = sharing.share(today, by, saving) if today and by else None
            level = f"{key.slug}.{_plain(saving)}"
            source = f"Beregnet av dagens lønnskostnad, fordelt etter {formatting.lowered(key.name)}, med {_plain(saving)} prosent innsparing (antatt, data/forutsetninger.csv)"
            for measure, label, amounts in (
                ("betaling", "Betaling per år", result and result.payments),
                ("gevinst", "Mulig gevinst per år", result and result.gains),
            ):
                for slug, name, amount in _with_sum(amounts):
                    found.append(
                        Value(
                            f"{scope.area}.{measure}{scope.variant}.{level}.{slug}",
                            scope.area,
                            name,
                            f"{label}, {formatting.lowered(scope.name)}, {formatting.lowered(key.name)}, {_plain(saving)} prosent innsparing, {name or 'samlet'}",
                            None if amount is None else amount / 100,
                            "kr",
                            _status(amount),
                            source if amount is not None else NOT_DELIVERED,
                        )
                    )
            if not scope.variant:
                for slug, name, amount in _with_sum(result and result.gains):
                    each = None if amount is None else ratio(amount / 100, people[slug])
                    found.append(
                        Value(
                            f"{scope.area}.gevinst-per-innbygger.{level}.{slug}",
                            scope.area,
                            name,
                            f"Mulig gevinst per innbygger, {formatting.lowered(scope.name)}, {formatting.lowered(key.name)}, {_plain(saving)} prosent innsparing, {name or 'samlet'}",
                            each,
                            "kr per innbygger",
                            _status(each),
                            f"{source}, delt på folketall fra SSB tabell 07459" if each is not None else NOT_DELIVERED,
                        )
                    )
    return found


def _break_even(scope: Scope, today: sharing.Amounts | None) -> list[Value]:
    found = []
    for key in cost_keys():
        prefix = f"{scope.area}.nullpunkt{scope.variant}.{key.slug}"
        label = f"Innsparing der kommunen går i null, {formatting.lowered(scope.name)}, {formatting.lowered(key.name)}"
        every = f"Innsparing der ingen kommune taper, {formatting.lowered(scope.name)}, {formatting.lowered(key.name)}"
        if not key.computable or today is None:
            source = (
                "Kan ikke regnes ut før volumtall er levert (data/datahull.csv)" if key.by_volume else NOT_DELIVERED
            )
            found += [
                Value(
                    f"{prefix}.{slug}",
                    scope.area,
                    name,
                    f"{label if name else every}, {name or 'samlet'}",
                    None,
                    "prosent",
                    Status.MANGLER,
                    source,
                )
                for slug, name in _places()
            ]
            continue
        by = weights(key, today)
        points = sharing.break_even(today, by)
        source = f"Beregnet av dagens lønnskostnad, fordelt etter {formatting.lowered(key.name)}"
        for place in municipalities():
            point = points[place.slug]
            found.append(
                Value(
                    f"{prefix}.{place.slug}",
                    scope.area,
                    place.name,
                    f"{label}, {place.name}",
                    float(max(Fraction(0), point or Fraction(0))),
                    "prosent",
                    Status.BEREGNET,
                    source,
                )
            )
        found.append(
            Value(
                f"{prefix}.{SUM}",
                scope.area,
                None,
                f"{every}, samlet",
                float(sharing.nobody_loses_from(today, by)),
                "prosent",
                Status.BEREGNET,
                source,
            )
        )
    return found


def _released(scope: Scope, known: Mapping[str, Value]) -> list[Value]:
    """Released capacity in årsverk: what the saving would be if it were time and not money."""
    found = []
    for saving in savings():
        for slug, name in _places():
            fte = known[f"{scope.area}.arsverk.{slug}"]
            number = None if fte.number is None else fte.number * saving / 100
            found.append(
                Value(
                    f"{scope.area}.frigjort.{_plain(saving)}.{slug}",
                    scope.area,
                    name,
                    f"Frigjort kapasitet, {formatting.lowered(scope.name)}, {_plain(saving)} prosent innsparing, {name or 'samlet'}",
                    number,
                    "årsverk",
                    computed(number, [fte]),
                    f"Beregnet av årsverk i saken, med {_plain(saving)} prosent innsparing (antatt, data/forutsetninger.csv)",
                )
            )
    return found


def _establishment(scope: Scope, today: sharing.Amounts | None) -> list[Value]:
    """The largest establishment cost that is paid back in so many years, without interest and in present value."""
    rate = assumptions.by_id("realrente").middle
    total = sum(today.values()) / 100 if today else None
    found = []
    for saving in savings():
        gain = None if total is None else total * saving / 100
        for years in YEARS:
            words = f"{formatting.lowered(scope.name)}, {_plain(saving)} prosent innsparing, {years} år"
            source = f"Beregnet av dagens lønnskostnad med {_plain(saving)} prosent innsparing (antatt, data/forutsetninger.csv)"
            back = None if gain is None else payback.largest_cost_paid_back(gain, years)
            present = None if gain is None else round(payback.largest_cost_in_present_value(gain, years, rate), 2)
            level = f"{_plain(saving)}.{years}"
            found += [
                Value(
                    f"{scope.area}.etablering-tilbake.{level}.{SUM}",
                    scope.area,
                    None,
                    f"Største etableringskostnad som er tjent inn, {words}",
                    back,
                    "kr",
                    _status(back),
                    source if back is not None else NOT_DELIVERED,
                ),
                Value(
                    f"{scope.area}.etablering-naverdi.{level}.{SUM}",
                    scope.area,
                    None,
                    f"Største etableringskostnad i nåverdi, {words}",
                    present,
                    "kr",
                    _status(present),
                    f"{source} og {_plain(rate)} prosent realrente" if present is not None else NOT_DELIVERED,
                ),
            ]
    month = None if total is None else round(total / 12, 2)
    found.append(
        Value(
            f"{scope.area}.dobbel-drift.{SUM}",
            scope.area,
            None,
            f"Lønnskostnad per måned, {formatting.lowered(scope.name)}: det en måned med dobbel drift koster på det meste",
            month,
            "kr",
            _status(month),
            "Beregnet av dagens lønnskostnad, delt på tolv" if month is not None else NOT_DELIVERED,
        )
    )
    return found


def _shapley(scope: Scope, today: sharing.Amounts | None) -> list[Value]:
    found = []
    for saving in savings():
        rounded = None
        if today:
            worth = game.shapley(today, Fraction(str(saving)))
            total = round(sum(worth.values()))
            rounded = sharing.apportion(total, {place: part / sum(worth.values()) for place, part in worth.items()})
        for slug, name, amount in _with_sum(rounded):
            found.append(
                Value(
                    f"{scope.area}.gevinst.{SHAPLEY}.{_plain(saving)}.{slug}",
                    scope.area,
                    name,
                    f"Gevinst per år etter Shapley-verdien, {formatting.lowered(scope.name)}, {_plain(saving)} prosent innsparing, {name or 'samlet'}",
                    None if amount is None else amount / 100,
                    "kr",
                    _status(amount),
                    f"Beregnet av dagens lønnskostnad, med den antakelsen at {smaller_groups()}"
                    if amount is not None
                    else NOT_DELIVERED,
                )
            )
    return found


@cache
def _places() -> tuple[tuple[str, str | None], ...]:
    return (*((place.slug, place.name) for place in municipalities()), (SUM, None))


def smaller_groups() -> str:
    """What is supposed of a cooperation without all of them (:mod:`analysis.game`), in words."""
    if len(municipalities()) == 3:
        return "to kommuner oppnår halvparten av innsparingen tre oppnår"
    return "innsparingen i prosent øker like mye for hver kommune som blir med"


def _status(number: float | None) -> Status:
    return Status.MANGLER if number is None else Status.BEREGNET


def _with_sum(amounts: sharing.Amounts | None) -> list[tuple[str, str | None, int | None]]:
    """Each municipality's amount and the sum, with the slug and name; None for all of them where there are none."""
    if amounts is None:
        return [(slug, name, None) for slug, name in _places()]
    return [(slug, name, sum(amounts.values()) if slug == SUM else amounts[slug]) for slug, name in _places()]


def _plain(number: float) -> str:
    """A number in an id: 21, not 21.0."""
    return f"{number:g}"


def exact(saving: str) -> Fraction:
    """A saving written in an id as an exact number."""
    return Fraction(saving)
