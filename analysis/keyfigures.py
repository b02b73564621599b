"""Every value of the book in one list: what prose may use, and what ``reports/nokkeltall.json`` publishes."""

from __future__ import annotations

from functools import cache

from analysis import (
    ages,
    assumptions,
    baseline,
    clerical,
    delivered,
    economy,
    establishment,
    experience,
    gaps,
    kostra,
    model_choice,
    population,
    reconciliation,
    uncertainty,
    unit_costs,
    vulnerability,
)
from analysis.model import Value
from analysis.results import Values, is_plain


@cache
def published() -> tuple[Value, ...]:
    """Every value, in a fixed order, each id once.

    Raises:
        ValueError: if two values have the same id.
    """
    today = baseline.values()
    public = kostra.values()
    clerks = clerical.values()
    # What the case states for one municipality is completed by what the others deliver, in `clerical`.
    told = [value for value in delivered.values() if value.id not in {clerk.id for clerk in clerks}]
    found = [
        *today,
        *unit_costs.values({value.id: value for value in today}),
        *ages.values(),
        *clerks,
        *told,
        *population.values(),
        *public,
        *kostra.shares({value.id: value for value in (*today, *public)}),
        *experience.values(),
        *reconciliation.values(),
        *gaps.values(),
    ]
    known = {value.id: value for value in found}
    found += [*economy.values(known), *vulnerability.values(known), *uncertainty.values(known)]
    found += establishment.values({value.id: value for value in found}, economy.savings())
    found += [*assumptions.values(), *model_choice.values()]
    seen: set[str] = set()
    for value in found:
        if value.id in seen:
            raise ValueError(f"two values have the id {value.id!r}")
        seen.add(value.id)
    return tuple(found)


@cache
def by_id() -> dict[str, Value]:
    """Every value by its id."""
    return {value.id: value for value in published()}


@cache
def for_area(area: str) -> Values:
    """What a chapter of this area may use in its sentences: ``{verdi}`arsverk.sum` `` is the area's own.

    Of other areas it may use the plain figures (``sentralbord.arsverk.sum``), not those by key and saving.
    """
    return Values([value for value in published() if value.area in (area, "felles") or is_plain(value.id)], area)
