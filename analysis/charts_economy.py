"""Chart forms of the economy chapters: who gains under which key, and from which saving nobody loses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from analysis import palette
from analysis.charts import Specification, drawn_twice, finished, is_narrow

_ROW = 30


@dataclass(frozen=True, slots=True)
class Gain:
    """One bar: the group it stands in, what it is, the amount (negative is a loss), its text and colour."""

    group: str
    label: str
    number: float
    text: str
    colour: str


@drawn_twice
def gains(rows: Sequence[Gain], unit: str, *, width: int) -> Specification:
    """Bars to both sides of zero, group by group under the group's name; losses run to the left."""
    return _gains_below(rows, unit, width) if is_narrow(width) else _gains_beside(rows, unit, width)


def _gains_below(rows: Sequence[Gain], unit: str, width: int) -> Specification:
    """For a telephone: name and amount on a line of their own, the bar below them over the whole width."""
    frame = pd.DataFrame(_gain_rows(rows))
    ends = [min(0.0, *(row.number for row in rows)), max(0.0, *(row.number for row in rows))]
    scale = alt.Scale(domain=ends, nice=False, zero=False)
    rows_of = alt.Scale(paddingInner=0, paddingOuter=0)
    y = alt.Y("rad:O", sort=list(range(len(frame))), title=None, axis=None, scale=rows_of)
    x = alt.X("tall:Q", title=None, axis=None, scale=scale)
    bars, heads = frame[frame["slag"] == "søyle"], frame[frame["slag"] == "gruppe"]
    layers = [
        alt.Chart(bars)
        .mark_bar(height=10, yOffset=11, aria=True)
        .encode(
            x=x, x2=alt.X2("null:Q"), y=y, description=alt.Description("om:N"), color=alt.Color("farge:N", scale=None)
        )
    ]
    layers.append(
        alt.Chart(bars)
        .mark_tick(height=14, yOffset=11, thickness=1.5, color=palette.MUTED)
        .encode(x=alt.X("null:Q", scale=scale), y=y)
    )
    layers.append(alt.Chart(bars).mark_text(align="left", dy=-6).encode(x=alt.XValue(0), y=y, text=alt.Text("navn:N")))
    layers.append(
        alt.Chart(bars)
        .mark_text(align="right", dy=-6, fontWeight=600)
        .encode(x=alt.XValue(width - 6), y=y, text=alt.Text("tekst:N"))
    )
    layers.append(
        alt.Chart(heads)
        .mark_text(align="left", dy=6, fontWeight=700)
        .encode(x=alt.XValue(0), y=y, text=alt.Text("navn:N"))
    )
    return finished(layers, width, height=40 * len(frame), unit=unit)


def _gains_beside(rows: Sequence[Gain], unit: str, width: int) -> Specification:
    """For a page: name, bar and amount on one line."""
    frame = pd.DataFrame(_gain_rows(rows))
    most, least = max(0.0, *(r.number for r in rows)), min(0.0, *(r.number for r in rows))
    span = (most - least) or 1.0
    # Room for the amounts outside the bars, and for the names of the municipalities on the left.
    left = least - (0.26 * span if least < 0 else 0.04 * span)
    scale = alt.Scale(domain=[left - 0.3 * span, most + 0.28 * span], nice=False, zero=False)
    y = alt.Y("rad:O", sort=list(range(len(frame))), title=None, axis=None)
    x = alt.X("tall:Q", title=None, axis=None, scale=scale)
    bars, heads = frame[frame["slag"] == "søyle"], frame[frame["slag"] == "gruppe"]
    # The line at zero stands beside the bars of a group, and so does not run through the names of the groups.
    layers = [
        alt.Chart(bars)
        .mark_tick(height=_ROW, thickness=1, color=palette.MUTED)
        .encode(x=alt.X("null:Q", scale=scale, axis=None, title=None), y=y)
    ]
    layers.append(
        alt.Chart(bars)
        .mark_bar(height=18, aria=True)
        .encode(
            x=x, x2=alt.X2("null:Q"), y=y, description=alt.Description("om:N"), color=alt.Color("farge:N", scale=None)
        )
    )
    for part, align, shift in ((bars[bars["tall"] >= 0], "left", 7), (bars[bars["tall"] < 0], "right", -7)):
        if len(part):
            layers.append(
                alt.Chart(part)
                .mark_text(align=align, dx=shift, fontWeight=600)
                .encode(x=x, y=y, text=alt.Text("tekst:N"))
            )
    layers.append(alt.Chart(bars).mark_text(align="left").encode(x=alt.XValue(0), y=y, text=alt.Text("navn:N")))
    layers.append(
        alt.Chart(heads).mark_text(align="left", fontWeight=700).encode(x=alt.XValue(0), y=y, text=alt.Text("navn:N"))
    )
    return finished(layers, width, height=_ROW * len(frame), unit=unit)


def _gain_rows(rows: Sequence[Gain]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    groups: list[str] = []
    for row in rows:
        if row.group not in groups:
            groups.append(row.group)
            found.append(
                {"slag": "gruppe", "navn": row.group, "tall": 0.0, "null": 0.0, "tekst": "", "farge": "", "om": ""}
            )
        found.append(
            {
                "slag": "søyle",
                "navn": row.label,
                "tall": row.number,
                "null": 0.0,
                "tekst": row.text,
                "farge": row.colour,
                "om": f"{row.group}, {row.label}: {row.text}",
            }
        )
    return [{"rad": number, **row} for number, row in enumerate(found)]


@dataclass(frozen=True, slots=True)
class Region:
    """One key: the saving (percent) from which nobody loses (None when it cannot be computed), and its text."""

    label: str
    start: float | None
    text: str


@drawn_twice
def regions(
    rows: Sequence[Region], end: float, marks: Sequence[tuple[float, str]], unit: str, *, width: int
) -> Specification:
    """From which saving nobody loses: a track for each key from zero to ``end`` percent, filled where nobody loses.

    ``marks`` are savings worth comparing with, drawn as thin lines across each track, with their names at the foot.
    """
    frame = pd.DataFrame(
        [
            {
                "rad": number,
                "navn": row.label,
                "null": 0.0,
                "slutt": end,
                "tekst": row.text,
                "om": f"{row.label}: {row.text}",
                "fra": end if row.start is None else min(row.start, end),
            }
            for number, row in enumerate(rows)
        ]
    )
    scale = alt.Scale(domain=[0, end], nice=False)
    y = alt.Y(
        "rad:O", sort=list(range(len(frame))), title=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0)
    )
    x = alt.X("null:Q", title=None, axis=None, scale=scale)
    # On a telephone the saving stands on a line of its own: beside the name it would meet it.
    row_height, bar_below = (72, 20) if is_narrow(width) else (52, 10)
    layers = [
        alt.Chart(frame).mark_bar(height=14, yOffset=bar_below, color="#e6eaee").encode(x=x, x2=alt.X2("slutt:Q"), y=y)
    ]
    layers.append(
        alt.Chart(frame)
        .mark_bar(height=14, yOffset=bar_below, color=palette.ACCENT, aria=True)
        .encode(x=alt.X("fra:Q", scale=scale), x2=alt.X2("slutt:Q"), y=y, description=alt.Description("om:N"))
    )
    lines = pd.DataFrame([{"tid": where, "tekst": text} for where, text in marks])
    # Across the tracks only: a line from top to foot would run through the names.
    across = lines.merge(frame[["rad"]], how="cross")
    layers.append(
        alt.Chart(across)
        .mark_tick(color=palette.INK, thickness=1.5, height=20, yOffset=bar_below + 3)
        .encode(x=alt.X("tid:Q", scale=scale), y=y)
    )
    layers.append(
        alt.Chart(lines)
        .mark_text(baseline="top", color=palette.MUTED, dy=4)
        .encode(x=alt.X("tid:Q", scale=scale), y=alt.YValue(row_height * len(frame)), text=alt.Text("tekst:N"))
    )
    name = {"align": "left", "dy": bar_below - (39 if is_narrow(width) else 19)}
    told = {"align": "left" if is_narrow(width) else "right", "fontWeight": 600, "dy": bar_below - 19}
    layers.append(alt.Chart(frame).mark_text(**name).encode(x=alt.XValue(0), y=y, text=alt.Text("navn:N")))
    end = alt.XValue(0) if is_narrow(width) else alt.X("slutt:Q", scale=scale)
    layers.append(alt.Chart(frame).mark_text(**told).encode(x=end, y=y, text=alt.Text("tekst:N")))
    return finished(layers, width, height=row_height * len(frame), unit=unit)
