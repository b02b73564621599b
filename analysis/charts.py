"""How the book draws: a few chart forms on one theme, each returned as a Vega-Lite specification.

Direct labels in place of legends and axes wherever there is room, sizes chosen so that the
text is readable both on a telephone and on paper.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from analysis import formatting, palette
from analysis.model import Value, aligned

#: Outer width in pixels. On a telephone the picture shrinks to about two thirds of it.
WIDTH = 540
_ROW = 38

#: The book's own cut of Source Sans 3, named without a digit since Vega cannot measure text in a font whose name has one.
FONT = "Rapport Sans"

Specification = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is, its length (None when there is no number), what is written at its end, its colour."""

    label: str
    number: float | None
    text: str
    colour: str


def bars_of(names: Sequence[tuple[str, str]], values: Sequence[Value]) -> list[Bar]:
    """One bar for each pair of name and colour, with the value's number, or its status word where there is none."""
    texts = aligned(values)
    return [
        Bar(name, value.number, text, colour) for (name, colour), value, text in zip(names, values, texts, strict=True)
    ]


def bars(rows: Sequence[Bar], unit: str = "") -> Specification:
    """Horizontal bars from zero, in the order given, each with its number at the end; ``unit`` stands above them."""
    longest = max((row.number or 0 for row in rows), default=0) or 1
    frame = pd.DataFrame(
        [{"navn": _wrapped(r.label), "tall": r.number or 0, "tekst": r.text, "farge": r.colour} for r in rows],
    )
    lowest = min(0.0, *(row.number or 0 for row in rows))
    base = alt.Chart(frame).encode(
        y=alt.Y("navn:N", sort=None, title=None, axis=_names()),
        x=alt.X("tall:Q", title=None, axis=None, scale=alt.Scale(domain=[lowest, 1.22 * longest], nice=False)),
    )
    drawn = base.mark_bar(height=22).encode(color=alt.Color("farge:N", scale=None))
    words = base.mark_text(align="left", dx=7, fontWeight=600).encode(text="tekst:N", x=alt.X("ende:Q"))
    words = words.transform_calculate(ende="max(datum.tall, 0)")
    return _finished(drawn + words, height=_ROW * len(rows), unit=unit)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stacked bar: the bar it belongs to, what it is, its size, what is written in it, its colour."""

    row: str
    label: str
    number: float
    text: str
    colour: str


def stacked(parts: Sequence[Part], ends: Sequence[tuple[str, str]] = (), unit: str = "") -> Specification:
    """Horizontal stacked bars, each part with its number inside where it fits, and a total (``ends``) after the bar.

    ``unit`` stands on top, and below it a legend that names the parts in their own order.
    """
    order = list(dict.fromkeys(part.label for part in parts))
    names = list(dict.fromkeys(part.row for part in parts))
    totals = {name: sum(part.number for part in parts if part.row == name) for name in names}
    longest = max(totals.values())
    frame = pd.DataFrame(_stretches(parts, longest))
    colours = {part.label: part.colour for part in parts}
    y = alt.Y("rad:N", sort=None, title=None, axis=_names())
    scale = alt.Scale(domain=[0, (1.16 if ends else 1.0) * longest], nice=False)
    x = alt.X("fra:Q", title=None, axis=None, scale=scale)
    drawn = (
        alt.Chart(frame)
        .mark_bar(height=26, stroke="white", strokeWidth=1)
        .encode(
            x=x,
            x2="til:Q",
            y=y,
            color=alt.Color(
                "del:N",
                title=None,
                sort=order,
                legend=alt.Legend(columns=3 if len(order) <= 3 else 2),
                scale=alt.Scale(domain=order, range=[colours[name] for name in order]),
            ),
        )
    )
    words = (
        alt.Chart(frame)
        .mark_text(fontWeight=600)
        .encode(x=alt.X("midt:Q", scale=scale), y=y, text="tekst:N", color=alt.Color("skrift:N", scale=None))
    )
    layers = drawn + words
    if ends:
        after = pd.DataFrame([{"rad": _wrapped(name), "slutt": totals[name], "tekst": text} for name, text in ends])
        layers += (
            alt.Chart(after)
            .mark_text(align="left", dx=7, fontWeight=600)
            .encode(x=alt.X("slutt:Q", scale=scale), y=y, text="tekst:N")
        )
    return _finished(layers, height=(_ROW + 6) * len(names), unit=unit)


def _stretches(parts: Sequence[Part], longest: float) -> list[dict[str, Any]]:
    """Where each part begins and ends, and the number written in it when there is room for it."""
    reached: dict[str, float] = {}
    found = []
    # A row where one number does not fit shows none: half a row of numbers only puzzles.
    crowded = {p.row for p in parts if WIDTH * 0.6 * p.number / longest < 9 * len(p.text)}
    for part in parts:
        start = reached.get(part.row, 0.0)
        reached[part.row] = start + part.number
        found.append(
            {
                "rad": _wrapped(part.row),
                "del": part.label,
                "fra": start,
                "til": start + part.number,
                "midt": start + part.number / 2,
                "tekst": "" if part.row in crowded else part.text,
                "skrift": "white" if _is_dark(part.colour) else palette.INK,
            }
        )
    return found


def _is_dark(colour: str) -> bool:
    """Whether white text is readable on the colour (relative luminance, WCAG 2.1)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05) >= 4.5


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is, its points as (year, number), what is written at its end, its colour."""

    label: str
    points: Sequence[tuple[int, float]]
    text: str
    colour: str


def lines(rows: Sequence[Line], baseline_text: str, unit: str = "") -> Specification:
    """Lines over years from a common start, each named at its end; a thin line marks the start level, zero.

    ``unit`` stands above the lines.
    """
    points = pd.DataFrame(
        [
            {"navn": line.label, "ar": year, "tall": number, "farge": line.colour}
            for line in rows
            for year, number in line.points
        ]
    )
    last = points.groupby("navn", sort=False).tail(1).assign(tekst=[line.text for line in rows])
    years = sorted(points["ar"].unique())
    x_scale = alt.Scale(domain=[int(years[0]), int(years[-1]) + 0.52 * (int(years[-1]) - int(years[0]))], nice=False)
    x = alt.X(
        "ar:Q",
        title=None,
        scale=x_scale,
        axis=alt.Axis(
            values=[int(year) for year in years], format="d", labelOverlap=False, grid=False, ticks=False, domain=False
        ),
    )
    y = alt.Y("tall:Q", title=None, axis=None)
    zero = pd.DataFrame([{"ar": int(years[0]), "til": int(years[-1]), "tall": 0.0, "tekst": baseline_text}])
    rule = alt.Chart(zero).mark_rule(color=palette.MUTED, strokeDash=[3, 3]).encode(x=x, x2="til:Q", y=y)
    note = (
        alt.Chart(zero)
        .mark_text(align="left", dx=8, color=palette.MUTED)
        .encode(x=alt.X("til:Q", scale=x_scale), y=y, text="tekst:N")
    )
    colour = alt.Color("farge:N", scale=None)
    drawn = alt.Chart(points).mark_line(strokeWidth=3).encode(x=x, y=y, color=colour, detail="navn:N")
    words = alt.Chart(last).mark_text(align="left", dx=8, fontWeight=600).encode(x=x, y=y, text="tekst:N", color=colour)
    dots = alt.Chart(last).mark_point(filled=True, size=60, opacity=1).encode(x=x, y=y, color=colour)
    return _finished(rule + note + drawn + dots + words, height=230, unit=unit)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A milestone on a time line: its row and track, its first and last month (fractions of a year), its label."""

    track: str
    label: str
    start: float
    end: float
    colour: str


def timeline(stretches: Sequence[Stretch], ticks: Sequence[tuple[float, str]]) -> Specification:
    """A progress plan: each track under its own name, one row per milestone with its label above the mark.

    ``ticks`` are the points of the time axis with their texts; the first and the last are its ends.
    """
    first, last = ticks[0][0], ticks[-1][0]
    x_scale = alt.Scale(domain=[first, last], nice=False, zero=False)
    rows = _timeline_rows(stretches, (first + last) / 2)
    y = alt.Y(
        "rad:O", sort=list(range(len(rows))), title=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0)
    )
    marks = pd.DataFrame([{"tid": when, "tekst": text} for when, text in ticks])
    x = alt.X("tid:Q", scale=x_scale, axis=None, title=None)
    layers = alt.Chart(marks).mark_rule(color=palette.LINE).encode(x=x)
    layers += (
        alt.Chart(marks[marks["tekst"] != ""])
        .mark_text(align="left", dx=3, baseline="bottom", color=palette.MUTED)
        .encode(x=x, y=alt.value(-4), text="tekst:N")
    )
    layers += (
        alt.Chart(rows[rows["slag"] != "spor"])
        .mark_bar(height=10, yOffset=9, cornerRadius=3)
        .encode(x=alt.X("fra:Q", scale=x_scale), x2="til:Q", y=y, color=alt.Color("farge:N", scale=None))
    )
    for kind, align, weight, at in (
        ("spor", "left", 700, first),
        ("venstre", "left", 400, None),
        ("hoyre", "right", 400, None),
    ):
        where = alt.X(f"{'til' if kind == 'hoyre' else 'fra'}:Q", scale=x_scale) if at is None else alt.value(0)
        layers += (
            alt.Chart(rows[rows["slag"] == kind])
            .mark_text(align=align, dy=6 if kind == "spor" else -7, fontWeight=weight)
            .encode(x=where, y=y, text="navn:N", color=alt.Color("skrift:N", scale=None))
        )
    return _finished(layers, height=40 * len(rows))


def _timeline_rows(stretches: Sequence[Stretch], middle: float) -> pd.DataFrame:
    """One row per track name and milestone; labels run to the right of early marks and to the left of late ones."""
    found: list[dict[str, Any]] = []
    for stretch in stretches:
        if not any(row["spor"] == stretch.track for row in found):
            found.append({"spor": stretch.track, "slag": "spor", "navn": stretch.track, "skrift": stretch.colour})
        side = "venstre" if stretch.start < middle else "hoyre"
        found.append(
            {
                "spor": stretch.track,
                "slag": side,
                "navn": stretch.label,
                "fra": stretch.start,
                "til": stretch.end,
                "farge": stretch.colour,
                "skrift": palette.INK,
            }
        )
    return pd.DataFrame([{"rad": number, **row} for number, row in enumerate(found)])


def _names() -> alt.Axis:
    return alt.Axis(
        domain=False,
        ticks=False,
        grid=False,
        labelPadding=8,
        labelLimit=220,
        labelExpr="split(datum.label, '|')",
        labelLineHeight=17,
    )


def _wrapped(name: str) -> str:
    """A name broken into lines of at most 30 letters, for the axis to split."""
    return "|".join(textwrap.wrap(name, 30, break_long_words=False))


def _finished(chart: alt.LayerChart, height: int, unit: str | list[str] = "") -> Specification:
    """The chart with size and theme, and what its numbers measure on top, as a plain dictionary."""
    text = {"font": FONT, "fontSize": 15}
    sized = chart.properties(
        width=WIDTH,
        height=height,
        background="white",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding={"left": 2, "right": 2, "top": 6, "bottom": 6},
    )
    if unit:
        sized = sized.properties(title=_unit_line(unit))
    return (
        # Vega would name every mark for screen readers in English; the text alternative is ours, in bokmål.
        sized.configure(font=FONT, aria=False)
        .configure_view(stroke=None)
        .configure_axis(labelFont=FONT, labelFontSize=15, labelColor=palette.INK, titleFont=FONT)
        .configure_text(color=palette.INK, **text)
        .configure_legend(
            orient="top",
            labelFont=FONT,
            labelFontSize=15,
            labelColor=palette.INK,
            symbolType="square",
            symbolSize=160,
            offset=10,
            columnPadding=18,
        )
        .to_dict()
    )


def _unit_line(text: str | list[str]) -> alt.TitleParams:
    """What the numbers of a chart measure: small and muted, above everything, from the left edge of the picture."""
    return alt.TitleParams(
        text=text,
        anchor="start",
        frame="bounds",
        font=FONT,
        fontSize=14,
        fontWeight="normal",
        color=palette.MUTED,
        offset=10,
    )


def month(text: str, end: bool = False) -> float:
    """«2026-05» as a point on the time axis: the start of the month, or its end, in years."""
    year, number = (int(part) for part in text.split("-"))
    return year + (number - 1 + int(end)) / 12


def described(rows: Sequence[tuple[str, str]]) -> str:
    """«Skaun 0,8, Melhus 1 og Midtre Gauldal 0,8»: the numbers of a chart in a text alternative."""
    return formatting.listing([f"{name} {text}" for name, text in rows])
