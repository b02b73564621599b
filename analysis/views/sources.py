"""Where the staffing of an area comes from, in the words of a source line."""

from __future__ import annotations

from analysis import baseline, corrections, data, reconciliation
from analysis.model import Status

FILE = "data/raw/sak/bemanning.csv"
CASE = f"Saksframlegget, bemanningstabellene ({FILE})"
DELIVERED = f"Kommunenes leveringer, bemanningstabellen ({FILE})"


@data.kept("bemanning", corrections.TABLE, "omrader")
def from_the_case(slug: str) -> bool:
    """Whether the case states the staffing of an area; of ``felles``: of all the areas in the joint sums."""
    rows = baseline.staffing()
    areas = [area.slug for area in baseline.covered()] if slug == "felles" else [slug]
    delivered = rows[rows["omrade"].isin(areas) & (rows["status"] != Status.MANGLER)]
    return len(delivered) > 0 and bool(delivered["kilde"].str.startswith(reconciliation.THE_CASE).all())


def staffing_source(slug: str) -> str:
    """The source of an area's staffing: the case, or what the municipalities have delivered themselves."""
    return CASE if from_the_case(slug) else DELIVERED


def tables(slug: str) -> str:
    """The same after «Beregnet av»."""
    return (
        f"saksframleggets bemanningstabeller ({FILE})"
        if from_the_case(slug)
        else f"kommunenes bemanningstabell ({FILE})"
    )
