"""How sure the gains are: a seeded Monte Carlo over the assumptions, and which of them matters most.

A yearly gain is cost × saving × the part of it that is taken out in money. The largest establishment cost is the
gain's value today over a number of years, at a real rate. The saving is drawn once for all areas, as one draw for all
municipalities: if what is gained elsewhere is hard to gain here, it is so everywhere. Results are therefore
proportional to today's figures, the parts add up to the whole, and the range for all areas together is as wide as it
can be. The municipalities share by the key «andel av dagens kostnad»; another key moves gains between them (see
:mod:`analysis.economy`). Melhus' merkantile services are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis import assumptions, baseline, formatting
from analysis.assumptions import Assumption
from analysis.model import Value, computed
from analysis.places import SUM, administrative_areas, municipalities

Draws = NDArray[np.float64]

#: The seed: the date of the assumptions' first edition. Any number would do; it only has to stay the same.
SEED = 20261124

#: So many that another seed moves no percentile by more than about half a percent.
DRAWS = 100_000

PERCENTILES = {"p10": 10, "p50": 50, "p90": 90}

#: Drawn in this order. The first two decide the yearly gain, all four the largest establishment cost.
DRAWN = ("sparing", "realisering", "realrente", "horisont")

#: Measure → (today's figure that it is a part of, assumptions it rests on, unit, decimals, name).
MEASURES: dict[str, tuple[str, tuple[str, ...], str, int, str]] = {
    "frigjort": ("arsverk", DRAWN[:1], "årsverk", 2, "Frigjort kapasitet"),
    "gevinst": ("kostnad", DRAWN[:2], "kr", 0, "Gevinst per år"),
    "etablering": ("kostnad", DRAWN, "kr", 0, "Største etableringskostnad i nåverdi"),
}

WORDS = {
    "p10": "ett av ti utfall er lavere",
    "p50": "halvparten av utfallene er lavere",
    "p90": "ni av ti utfall er lavere",
}


def uniforms(assumption_count: int, draws: int = DRAWS, seed: int = SEED) -> Draws:
    """Numbers in [0, 1), one row for each assumption: the raw stream of PCG64, which NumPy promises never to change."""
    raw = np.random.PCG64(seed).random_raw(assumption_count * draws)
    return (raw >> np.uint64(11)).astype(np.float64).reshape(assumption_count, draws) * 2.0**-53


def drawn(assumption: Assumption, uniform: Draws) -> Draws:
    """Values of an assumption, in its unit: triangular where a likely value is stated, else uniform from low to high."""
    low, high = assumption.low, assumption.high
    if assumption.likely is None or low == high:
        return low + uniform * (high - low)
    bend = (assumption.likely - low) / (high - low)
    rising = low + np.sqrt(uniform * bend) * (high - low)
    falling = high - np.sqrt((1 - uniform) * (1 - bend)) * (high - low)
    return np.where(uniform < bend, rising, falling)


def factor(measure: str, numbers: Mapping[str, Draws | float]) -> Draws | float:
    """What today's figure is multiplied by to give ``measure``, with each assumption's value (or draws) by id."""
    found = numbers["sparing"] / 100
    if measure != "frigjort":
        found = found * numbers["realisering"] / 100
    if measure == "etablering":
        found = found * _annuity(numbers["realrente"], numbers["horisont"])
    return found


def _annuity(rate: Draws | float, years: Draws | float) -> Draws | float:
    """:func:`analysis.payback.annuity`, for many draws at once; between whole years it is read off the same curve."""
    part = np.maximum(rate, 1e-9) / 100
    return -np.expm1(-years * np.log1p(part)) / part


def percentiles(measure: str) -> dict[str, float]:
    """P10, P50 and P90 of :func:`factor` over all draws."""
    return _percentiles(tuple(assumptions.by_id(name) for name in DRAWN))[measure]


@lru_cache(maxsize=2)
def _percentiles(chosen: tuple[Assumption, ...]) -> dict[str, dict[str, float]]:
    streams = uniforms(len(chosen))
    numbers = {one.id: drawn(one, stream) for one, stream in zip(chosen, streams, strict=True)}
    found = {}
    for measure in MEASURES:
        levels = np.percentile(factor(measure, numbers), list(PERCENTILES.values()))
        found[measure] = dict(zip(PERCENTILES, (float(level) for level in levels), strict=True))
    return found


@dataclass(frozen=True, slots=True)
class Swing:
    """What happens when one assumption goes from low to high while the others stay at their middle."""

    assumption: Assumption
    at_low: float
    at_high: float

    @property
    def spread(self) -> float:
        """How far the result moves."""
        return abs(self.at_high - self.at_low)


def swings(measure: str, today: float) -> tuple[float, list[Swing]]:
    """``measure`` with every assumption at its middle, and the swing of each, widest first; ``today`` in kr or årsverk."""
    chosen = {name: assumptions.by_id(name) for name in MEASURES[measure][1]}
    return tornado(measure, today, chosen)


def tornado(measure: str, today: float, chosen: Mapping[str, Assumption]) -> tuple[float, list[Swing]]:
    """As :func:`swings`, with these assumptions (by id)."""
    decimals = MEASURES[measure][3]
    middle = {name: float(one.middle) for name, one in chosen.items()}

    def result(**changed: float) -> float:
        return round(float(today * factor(measure, {**middle, **changed})), decimals)

    found = [
        Swing(one, result(**{name: float(one.low)}), result(**{name: float(one.high)})) for name, one in chosen.items()
    ]
    return result(), sorted(found, key=lambda swing: -swing.spread)


def values(known: Mapping[str, Value]) -> list[Value]:
    """Ranges and swings from today's values (``known``, by id), for each administrative area and for ``felles``.

    ``<area>.usikkerhet.<frigjort|gevinst|etablering>.<p10|p50|p90>.<municipality|sum>`` in årsverk, kr a year and kr;
    ``etablering`` only in all. ``<area>.folsomhet.<gevinst|etablering>.<assumption>.<lav|hoy>.sum`` in kr, and
    ``<area>.folsomhet.<…>.midt.sum`` with every assumption at its middle.
    """
    found: list[Value] = []
    for area, name in [
        *((area.slug, area.name.lower()) for area in administrative_areas()),
        ("felles", baseline.joint_name().lower()),
    ]:
        for measure in MEASURES:
            found += _ranges(area, name, measure, known)
        for measure in ("gevinst", "etablering"):
            found += _swings(area, name, measure, known)
    return found


def _ranges(area: str, area_name: str, measure: str, known: Mapping[str, Value]) -> list[Value]:
    base, rests_on, unit, decimals, label = MEASURES[measure]
    places: list[tuple[str, str | None]] = [(SUM, None)]
    if measure != "etablering":
        places = [*((place.slug, place.name) for place in municipalities()), *places]
    found, where = [], source(rests_on)
    for percentile, part in percentiles(measure).items():
        for slug, name in places:
            today = known[f"{area}.{base}.{slug}"]
            number = None if today.number is None else round(today.number * part, decimals)
            found.append(
                Value(
                    f"{area}.usikkerhet.{measure}.{percentile}.{slug}", area, name,
                    f"{label}, {area_name}, {name or 'samlet'}, {percentile.upper()} ({WORDS[percentile]})",
                    number, unit, computed(number, [today]), where,
                )
            )  # fmt: skip
    return found


def _swings(area: str, area_name: str, measure: str, known: Mapping[str, Value]) -> list[Value]:
    base, rests_on, unit, _, label = MEASURES[measure]
    today = known[f"{area}.{base}.{SUM}"]
    prefix, name = f"{area}.folsomhet.{measure}", f"{label}, {area_name}"
    middle, found = (None, []) if today.number is None else swings(measure, today.number)
    numbers: list[tuple[str, str, float | None]] = [("midt", "alle forutsetninger i midten", middle)]
    by_name = {swing.assumption.id: swing for swing in found}
    for one in (assumptions.by_id(name) for name in rests_on):
        swing = by_name.get(one.id)
        numbers += [
            (f"{one.id}.lav", f"{_lower(one.name)} {one.low:g} {one.unit}", swing.at_low if swing else None),
            (f"{one.id}.hoy", f"{_lower(one.name)} {one.high:g} {one.unit}", swing.at_high if swing else None),
        ]
    where = f"Beregnet av dagens lønnskostnad med én forutsetning endret om gangen (antatt, {assumptions.FILE})"
    return [
        Value(f"{prefix}.{end}.{SUM}", area, None, f"{name}, {words}", number, unit, computed(number, [today]), where)
        for end, words, number in numbers
    ]  # fmt: skip


def source(rests_on: tuple[str, ...]) -> str:
    """Where a range comes from, naming the assumptions."""
    draws = formatting.number(DRAWS)
    named = ", ".join(f"{_lower(one.name)} {span(one)}" for one in (assumptions.by_id(name) for name in rests_on))
    return f"Beregnet av dagens tall med {draws} trekninger av forutsetningene (antatt, {assumptions.FILE}): {named}"


def span(one: Assumption) -> str:
    """«10–21–30 prosent», or «0–100 prosent» when no likely value is stated."""
    numbers = [one.low, one.high] if one.likely is None else [one.low, one.likely, one.high]
    return f"{'–'.join(f'{number:g}' for number in numbers)} {one.unit}".replace(".", ",")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
