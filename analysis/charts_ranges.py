"""Chart forms of the uncertainty chapters: a range with its middle, and what moves a result most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from analysis import palette
from analysis.charts import Specification, drawn_twice, finished, is_narrow, names_axis, wrapped


@dataclass(frozen=True, slots=True)
class Range:
    """One range: what it is, its three numbers from low to high, their texts, its colour."""

    label: str
    numbers: tuple[float, float, float]
    texts: tuple[str, str, str]
    colour: str


@drawn_twice
def ranges(rows: Sequence[Range], unit: str, *, width: int) -> Specification:
    """A line from low to high for each row, with a dot at the middle and the three numbers written at their places."""
    frame = pd.DataFrame(
        [
            {
                "navn": wrapped(row.label, width), "farge": row.colour,
                "om": f"{row.label}: fra {row.texts[0]} til {row.texts[2]}, {row.texts[1]} i midten",
                **dict(zip(("lav", "midt", "hoy"), row.numbers, strict=True)),
                **dict(zip(("lavt", "midten", "hoyt"), row.texts, strict=True)),
            }
            for row in rows
        ]
    )  # fmt: skip
    longest = max(abs(number) for row in rows for number in row.numbers) or 1
    scale = alt.Scale(
        domain=[min(0.0, *(row.numbers[0] for row in rows)), (1.35 if is_narrow(width) else 1.2) * longest], nice=False
    )
    y = alt.Y("navn:N", sort=None, title=None, axis=names_axis())
    colour = alt.Color("farge:N", scale=None)
    low, middle, high = (alt.X(f"{end}:Q", title=None, axis=None, scale=scale) for end in ("lav", "midt", "hoy"))
    base = alt.Chart(frame)
    # From zero, so that the eye sees how far the range is from nothing.
    layers = [
        base.mark_rule(color=palette.LINE)
        .encode(x=alt.X("null:Q", scale=scale, axis=None, title=None))
        .transform_calculate(null="0")
    ]
    layers.append(
        base.mark_rule(strokeWidth=7, strokeCap="round", opacity=0.45, aria=True).encode(
            x=low, x2=alt.X2("hoy:Q"), y=y, color=colour, description=alt.Description("om:N")
        )
    )
    layers.append(base.mark_point(filled=True, size=170, opacity=1, shape="circle").encode(x=middle, y=y, color=colour))
    layers.append(base.mark_text(align="left", dx=-3, dy=19).encode(x=low, y=y, text=alt.Text("lavt:N")))
    layers.append(base.mark_text(dy=-19, fontWeight=700).encode(x=middle, y=y, text=alt.Text("midten:N")))
    layers.append(base.mark_text(align="left", dx=9).encode(x=high, y=y, text=alt.Text("hoyt:N")))
    return finished(layers, width, height=62 * len(rows), unit=unit)


@dataclass(frozen=True, slots=True)
class Sway:
    """One assumption: its name, the result at its low and at its high value, and what is written at these ends."""

    label: str
    at_low: float
    at_high: float
    text_low: str
    text_high: str


@drawn_twice
def tornado(rows: Sequence[Sway], middle: float, middle_text: str, unit: str, *, width: int) -> Specification:
    """A bar for each assumption from the result at its low value to that at its high, widest on top.

    Each bar has the assumption's name above it; a thin line marks the result with everything at its middle, which ``middle_text`` tells.
    """
    frame = pd.DataFrame(
        [
            {
                "rad": number, "navn": row.label, "om": f"{row.label}: {row.text_low} ved lav verdi, {row.text_high} ved høy", "fra": min(row.at_low, row.at_high), "til": max(row.at_low, row.at_high), "midt": middle,
                "venstre": row.text_low if row.at_low <= row.at_high else row.text_high,
                "hoyre": row.text_high if row.at_low <= row.at_high else row.text_low,
            }
            for number, row in enumerate(rows)
        ]
    )  # fmt: skip
    least, most = min(0.0, float(frame["fra"].min())), float(frame["til"].max())
    span = (most - least) or 1.0
    left, right = (0.55, 0.75) if is_narrow(width) else (0.26, 0.3)  # room for the numbers outside the bars
    scale = alt.Scale(domain=[least - left * span, most + right * span], nice=False, zero=False)
    rows_of = alt.Scale(paddingInner=0, paddingOuter=0)
    y = alt.Y("rad:O", sort=list(range(len(frame))), title=None, axis=None, scale=rows_of)
    start, end = (alt.X(f"{name}:Q", title=None, axis=None, scale=scale) for name in ("fra", "til"))
    base = alt.Chart(frame)
    layers = [
        base.mark_bar(height=18, yOffset=12, color=palette.STEPS[2], aria=True).encode(
            x=start, x2=alt.X2("til:Q"), y=y, description=alt.Description("om:N")
        )
    ]
    layers.append(base.mark_text(align="left", dy=-10).encode(x=alt.XValue(0), y=y, text=alt.Text("navn:N")))
    layers.append(
        base.mark_text(align="right", dx=-7, dy=12, fontWeight=600).encode(x=start, y=y, text=alt.Text("venstre:N"))
    )
    layers.append(
        base.mark_text(align="left", dx=7, dy=12, fontWeight=600).encode(x=end, y=y, text=alt.Text("hoyre:N"))
    )
    layers.append(
        base.mark_tick(height=26, yOffset=12, thickness=2, color=palette.INK).encode(
            x=alt.X("midt:Q", scale=scale), y=y
        )
    )
    return finished(layers, width, height=58 * len(frame), unit=[unit, middle_text])
