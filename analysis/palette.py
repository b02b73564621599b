"""The colours of charts: few, constant, and told apart by the colour-blind too.

Each has a contrast of at least 4.5:1 against white, so that it can carry text.
"""

from __future__ import annotations

from analysis.places import municipalities

INK = "#1b2430"
MUTED = "#5b6673"
LINE = "#d5dae0"
ACCENT = "#1f4e6b"
SECOND = "#6b4a8c"  # beside the accent, for what is not a municipality

#: In the order of ``data/kommuner.csv``: Skaun, Melhus, Midtre Gauldal, and spare ones for a fourth and fifth. Two
#: municipalities never share a colour: the check before every build refuses a sixth until it has one here.
PLACES = ("#4b7f52", "#1f5a8a", "#b5541c", "#6b4a8c", "#7a6a00")

#: For parts that are not municipalities (areas, age groups): one hue from dark to light.
STEPS = ("#1f4e6b", "#5f87a3", "#a9c1d1", "#dbe5ec")


def colour_of(slug: str) -> str:
    """The colour of a municipality, the same in every chart."""
    slugs = [place.slug for place in municipalities()]
    return PLACES[slugs.index(slug)]
