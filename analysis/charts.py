"""How the book draws: a few chart forms on one theme, each returned as a Vega-Lite specification.

Direct labels in place of legends and axes wherever there is room. Each form is drawn twice, for a
page and for a telephone, with letters of the same size: see :func:`drawn_twice`. Every mark carries
its own text (``om`` in the data, Vega-Lite's ``description``), which the site shows to the pointer.
"""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
from altair.utils.schemapi import debug_mode

from analysis import formatting, palette
from analysis.model import Value, aligned

#: Outer width in pixels, on a page and on a telephone.
WIDTH = 540
NARROW = 344

#: Where a specification keeps the drawing for a telephone: Vega-Lite leaves this field to its users.
NARROW_KEY = "smal"
_ROW = 38

#: The book's own cut of Source Sans 3, named without a digit since Vega cannot measure text in a font whose name has one.
FONT = "Rapport Sans"

#: Drawn around a text before the text itself, where lines run behind it.
WHITE_EDGE = {"stroke": "white", "strokeWidth": 7, "strokeJoin": "round"}

Specification = dict[str, Any]


def drawn_twice(form: Callable[..., Specification]) -> Callable[..., Specification]:
    """A chart form whose specification holds the same chart for a telephone too, under ``usermeta``.

    Shrinking one picture would leave letters of 9 pixels on a telephone. The form takes ``width`` (pixels).
    """

    @functools.wraps(form)
    def both(*arguments: Any, **named: Any) -> Specification:
        # Altair would check each part of a chart when it is made, and all of it again in the end (:func:`finished`), which
        # takes as long as the rest of a chapter. A test checks every chart of the book instead.
        with debug_mode(False):
            narrow = form(*arguments, **named, width=NARROW)
            return form(*arguments, **named, width=WIDTH) | {"usermeta": {NARROW_KEY: narrow}}

    return both


def is_narrow(width: int) -> bool:
    """Whether a drawing of this width is for a telephone."""
    return width < WIDTH


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


@drawn_twice
def bars(rows: Sequence[Bar], unit: str = "", *, width: int) -> Specification:
    """Horizontal bars from zero, in the order given, each with its number at the end; ``unit`` stands above them."""
    longest = max((row.number or 0 for row in rows), default=0) or 1
    frame = pd.DataFrame(
        [
            {
                "navn": wrapped(r.label, width),
                "tall": r.number or 0,
                "tekst": r.text,
                "farge": r.colour,
                "om": f"{r.label}: {r.text}",
            }
            for r in rows
        ],
    )
    lowest = min(0.0, *(row.number or 0 for row in rows))
    base = alt.Chart(frame).encode(
        y=alt.Y("navn:N", sort=None, title=None, axis=names_axis()),
        x=alt.X("tall:Q", title=None, axis=None, scale=alt.Scale(domain=[lowest, 1.22 * longest], nice=False)),
    )
    drawn = base.mark_bar(height=22, aria=True).encode(
        color=alt.Color("farge:N", scale=None), description=alt.Description("om:N")
    )
    words = base.mark_text(align="left", dx=7, fontWeight=600).encode(text=alt.Text("tekst:N"), x=alt.X("ende:Q"))
    words = words.transform_calculate(ende="max(datum.tall, 0)")
    return finished([drawn, words], width, height=_ROW * len(rows), unit=unit)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stacked bar: the bar it belongs to, what it is, its size, what is written in it, its colour."""

    row: str
    label: str
    number: float
    text: str
    colour: str


@drawn_twice
def stacked(
    parts: Sequence[Part], ends: Sequence[tuple[str, str]] = (), unit: str = "", *, width: int
) -> Specification:
    """Horizontal stacked bars, each part with its number inside where it fits, and a total (``ends``) after the bar.

    ``unit`` stands on top, and below it a legend that names the parts in their own order.
    """
    order = list(dict.fromkeys(part.label for part in parts))
    names = list(dict.fromkeys(part.row for part in parts))
    totals = {name: sum(part.number for part in parts if part.row == name) for name in names}
    longest = max(totals.values())
    frame = pd.DataFrame(_stretches(parts, longest, width))
    colours = {part.label: part.colour for part in parts}
    y = alt.Y("rad:N", sort=None, title=None, axis=names_axis())
    room = 1.0 if not ends else 1.25 if is_narrow(width) else 1.16
    scale = alt.Scale(domain=[0, room * longest], nice=False)
    x = alt.X("fra:Q", title=None, axis=None, scale=scale)
    drawn = (
        alt.Chart(frame)
        .mark_bar(height=26, stroke="white", strokeWidth=1, aria=True)
        .encode(
            x=x,
            x2=alt.X2("til:Q"),
            y=y,
            description=alt.Description("om:N"),
            color=alt.Color(
                "del:N",
                title=None,
                sort=order,
                legend=alt.Legend(columns=3 if len(order) <= 3 and not is_narrow(width) else 2),
                scale=alt.Scale(domain=order, range=[colours[name] for name in order]),
            ),
        )
    )
    words = (
        alt.Chart(frame)
        .mark_text(fontWeight=600)
        .encode(x=alt.X("midt:Q", scale=scale), y=y, text=alt.Text("tekst:N"), color=alt.Color("skrift:N", scale=None))
    )
    layers = [drawn, words]
    if ends:
        after = pd.DataFrame(
            [{"rad": wrapped(name, width), "slutt": totals[name], "tekst": text} for name, text in ends]
        )
        layers.append(
            alt.Chart(after)
            .mark_text(align="left", dx=7, fontWeight=600)
            .encode(x=alt.X("slutt:Q", scale=scale), y=y, text=alt.Text("tekst:N"))
        )
    return finished(layers, width, height=(_ROW + 6) * len(names), unit=unit)


def _stretches(parts: Sequence[Part], longest: float, width: int) -> list[dict[str, Any]]:
    """Where each part begins and ends, and the number written in it when there is room for it."""
    reached: dict[str, float] = {}
    found = []
    # A row where one number does not fit shows none: half a row of numbers only puzzles.
    crowded = {p.row for p in parts if width * 0.6 * p.number / longest < 9 * len(p.text)}
    for part in parts:
        start = reached.get(part.row, 0.0)
        reached[part.row] = start + part.number
        found.append(
            {
                "rad": wrapped(part.row, width),
                "del": part.label,
                "fra": start,
                "til": start + part.number,
                "midt": start + part.number / 2,
                "tekst": "" if part.row in crowded else part.text,
                "om": f"{part.row}, {part.label}: {part.text}",
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


@drawn_twice
def lines(rows: Sequence[Line], baseline_text: str, unit: str = "", *, width: int) -> Specification:
    """Lines over years from a common start, each named at its end; a thin line marks the start level, zero.

    ``unit`` stands above the lines.
    """
    points = pd.DataFrame(
        [
            {"navn": line.label, "ar": year, "tall": number, "farge": line.colour, "om": line.text}
            for line in rows
            for year, number in line.points
        ]
    )
    last = points.groupby("navn", sort=False).tail(1).assign(tekst=[line.text for line in rows])
    years = sorted(points["ar"].unique())
    room = 1.0 if is_narrow(width) else 0.52  # for the names after the lines, as a share of the years
    x_scale = alt.Scale(domain=[int(years[0]), int(years[-1]) + room * (int(years[-1]) - int(years[0]))], nice=False)
    told = (years[0], years[-1]) if is_narrow(width) else years
    x = alt.X(
        "ar:Q",
        title=None,
        scale=x_scale,
        axis=alt.Axis(
            values=[int(year) for year in told], format="d", labelOverlap=False, grid=False, ticks=False, domain=False
        ),
    )
    y = alt.Y("tall:Q", title=None, axis=None)
    zero = pd.DataFrame([{"ar": int(years[0]), "til": int(years[-1]), "tall": 0.0, "tekst": baseline_text}])
    rule = alt.Chart(zero).mark_rule(color=palette.MUTED, strokeDash=[3, 3]).encode(x=x, x2=alt.X2("til:Q"), y=y)
    note = (
        alt.Chart(zero)
        .mark_text(align="left", dx=8, color=palette.MUTED)
        .encode(x=alt.X("til:Q", scale=x_scale), y=y, text=alt.Text("tekst:N"))
    )
    colour = alt.Color("farge:N", scale=None)
    drawn = (
        alt.Chart(points)
        .mark_line(strokeWidth=3, aria=True)
        .encode(x=x, y=y, color=colour, detail=alt.Detail("navn:N"), description=alt.Description("om:N"))
    )
    words = (
        alt.Chart(last)
        .mark_text(align="left", dx=8, fontWeight=600)
        .encode(x=x, y=y, text=alt.Text("tekst:N"), color=colour)
    )
    dots = alt.Chart(last).mark_point(filled=True, size=60, opacity=1).encode(x=x, y=y, color=colour)
    return finished([rule, note, drawn, dots, words], width, height=230, unit=unit)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A milestone on a time line: its row and track, its first and last month (fractions of a year), its label."""

    track: str
    label: str
    start: float
    end: float
    colour: str


@drawn_twice
def timeline(stretches: Sequence[Stretch], ticks: Sequence[tuple[float, str]], *, width: int) -> Specification:
    """A progress plan: each track under its own name, one row per milestone with its label above the mark.

    ``ticks`` are the points of the time axis with their texts; the first and the last are its ends.
    """
    first, last = ticks[0][0], ticks[-1][0]
    x_scale = alt.Scale(domain=[first, last], nice=False, zero=False)
    # On a telephone every label begins at the left edge: there is no room to begin at its mark.
    rows = _timeline_rows(stretches, last if is_narrow(width) else (first + last) / 2)
    y = alt.Y(
        "rad:O", sort=list(range(len(rows))), title=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0)
    )
    marks = pd.DataFrame([{"tid": when, "tekst": text} for when, text in ticks])
    x = alt.X("tid:Q", scale=x_scale, axis=None, title=None)
    layers = [alt.Chart(marks).mark_rule(color=palette.LINE).encode(x=x)]
    texts = [
        alt.Chart(rows[rows["slag"] == kind])
        .mark_text(align=align, dy=6 if kind == "spor" else -7, fontWeight=weight, **edge)
        .encode(
            x=alt.XValue(0)
            if kind == "spor" or is_narrow(width)
            else alt.X(f"{'til' if kind == 'hoyre' else 'fra'}:Q", scale=x_scale),
            y=y,
            text=alt.Text("navn:N"),
            color=alt.Color("skrift:N", scale=None),
        )
        # Each text twice: a white edge first, so that no line runs through a word.
        for edge in (WHITE_EDGE, {})
        for kind, align, weight in (("spor", "left", 700), ("venstre", "left", 400), ("hoyre", "right", 400))
    ]
    edges, words = texts[:3], texts[3:]
    layers.append(
        alt.Chart(marks[marks["tekst"] != ""])
        .mark_text(align="left", dx=3, baseline="bottom", color=palette.MUTED)
        .encode(x=x, y=alt.YValue(-4), text=alt.Text("tekst:N"))
    )
    stretch = (
        alt.Chart(rows[rows["slag"] != "spor"])
        .mark_bar(height=10, yOffset=9, cornerRadius=3, aria=True)
        .encode(
            x=alt.X("fra:Q", scale=x_scale),
            x2=alt.X2("til:Q"),
            y=y,
            description=alt.Description("navn:N"),
            color=alt.Color("farge:N", scale=None),
        )
    )
    # The edges lie under the bars, which they would otherwise eat into.
    for layer in (*edges, stretch, *words):
        layers.append(layer)
    return finished(layers, width, height=40 * len(rows))


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


def names_axis() -> alt.Axis:
    """The axis that names the rows of a chart: words only, broken where :func:`wrapped` says."""
    return alt.Axis(
        domain=False,
        ticks=False,
        grid=False,
        labelPadding=8,
        labelLimit=220,
        labelExpr="split(datum.label, '|')",
        labelLineHeight=17,
    )


def wrapped(name: str, width: int) -> str:
    """A name broken into lines of at most 30 letters (17 on a telephone), for the axis to split."""
    return "|".join(textwrap.wrap(name, 17 if is_narrow(width) else 30, break_long_words=False))


def finished(layers: Sequence[alt.Chart], width: int, height: int, unit: str | list[str] = "") -> Specification:
    """The layers as one chart, the first at the bottom, with size and theme, and what its numbers measure on top, as a plain dictionary.

    Called by a form that is :func:`drawn_twice`: Altair, which else checks each part, does not take its own layers here.
    """
    labels = {"labelFont": FONT, "labelFontSize": 15, "labelColor": palette.INK}
    title = {"title": _unit_line(unit, width)} if unit else {}
    tables: dict[str, list[dict[str, Any]]] = {}
    # Altair's own class for a chart of layers copies every layer four times over.
    chart = alt.TopLevelLayerSpec(
        layer=list(_naming_their_tables(layers, tables)),
        width=width,
        height=height,
        background="white",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding={"left": 2, "right": 2, "top": 6, "bottom": 6},
        config=alt.Config(
            font=FONT,
            # Vega would name every mark for screen readers in English; the text alternative is ours, in bokmål.
            aria=False,
            view=alt.ViewConfig(stroke=None),
            axis=alt.AxisConfig(titleFont=FONT, **labels),
            text=alt.MarkConfig(color=palette.INK, font=FONT, fontSize=15),
            legend=alt.LegendConfig(
                orient="top", symbolType="square", symbolSize=160, offset=10, columnPadding=18, **labels
            ),
        ),
        **title,
    )
    written = chart.to_dict(validate=False, context={"top_level": False})
    return {"$schema": alt.SCHEMA_URL, **written, "datasets": tables}


def _naming_their_tables(layers: Sequence[alt.Chart], tables: dict[str, list[dict[str, Any]]]) -> Iterator[alt.Chart]:
    """The layers with the names of their tables, whose rows are laid in ``tables``.

    Altair would make the rows of a table again for each layer that shares it.
    """
    names: dict[int, str] = {}
    for layer in layers:
        if id(layer.data) not in names:
            names[id(layer.data)] = f"tabell-{len(names) + 1}"
            tables[names[id(layer.data)]] = _rows(layer.data)
        copy = layer.copy(deep=False)
        copy.data = {"name": names[id(layer.data)]}
        yield copy


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table of texts and numbers, with nothing where there is no number that JSON has."""
    nothing = (float("inf"), float("-inf"))
    return [
        {name: None if pd.isna(cell) or cell in nothing else cell for name, cell in row.items()}
        for row in table.to_dict("records")
    ]


def _unit_line(unit: str | list[str], width: int) -> alt.TitleParams:
    """What the numbers of a chart measure: small and muted, above everything, from the left edge of the picture."""
    given = [unit] if isinstance(unit, str) else unit
    text = [line for one in given for line in textwrap.wrap(one, int(width / 6.4), break_long_words=False)]
    return alt.TitleParams(
        text=text if len(text) > 1 else text[0],
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
