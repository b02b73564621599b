"""Draws a chart: from a Vega-Lite specification to SVG and PNG files with the book's own fonts."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import vl_convert

from analysis.charts import FONT, NARROW_KEY
from publishing import digests, temporary

FONTS = Path(__file__).parent / "fonts"
FIGURES = Path("_build") / "figurer"

#: Numbers as bokmål writes them; the drawing library brings no Norwegian locale for numbers, only for time.
NUMBERS = {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0kr"], "minus": "\u2212"}


@cache
def _register_fonts() -> None:
    # Without this vl-convert measures text with one font and draws it with another.
    vl_convert.register_font_directory(str(FONTS))


@cache
def _drawing() -> str:
    """What besides the specification decides how a chart looks: the library, the fonts, the way of writing numbers."""
    fonts = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(FONTS.glob("*.ttf")))).hexdigest()
    return f"{vl_convert.__version__} {fonts} {json.dumps(NUMBERS)}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as files: for a page and for paper, for a telephone, and as a picture for other programs."""

    page: Path
    narrow: Path
    png: Path


def draw(specification: Mapping[str, Any], name: str, root: Path) -> Drawing:
    """Draw the chart into ``_build/figurer/<name>-<digest>…``, unless it is there already, and return the files.

    The digest covers the specification, and a list beside the files their bytes, so files that are as the list says
    are the right ones, and whole. The drawing for a telephone is the one that the specification brings along
    (:func:`analysis.charts.drawn_twice`), or the same.
    """
    text = json.dumps(specification, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256((_drawing() + text).encode()).hexdigest()[:12]
    start = root / FIGURES / f"{name}-{digest}"
    drawing = Drawing(start.with_suffix(".svg"), start.with_name(f"{start.name}-smal.svg"), start.with_suffix(".png"))
    listed = start.with_suffix(".txt")
    if not _whole(drawing, listed):
        narrow = specification.get("usermeta", {}).get(NARROW_KEY, specification)
        svg = _svg(specification)
        temporary.write(drawing.page, svg.encode())
        temporary.write(drawing.narrow, _svg(narrow).encode())
        temporary.write(drawing.png, vl_convert.svg_to_png(svg, scale=2))
        temporary.write(listed, _digests(drawing).encode())
    return drawing


def _whole(drawing: Drawing, listed: Path) -> bool:
    """Whether the files are there, to the last byte."""
    try:
        return listed.read_text("utf-8") == _digests(drawing)
    except (OSError, ValueError):
        return False


def _digests(drawing: Drawing) -> str:
    return "\n".join(digests.of_file(path) for path in (drawing.page, drawing.narrow, drawing.png))


def _svg(specification: Mapping[str, Any]) -> str:
    _register_fonts()
    text = json.dumps(specification, ensure_ascii=False)
    svg = vl_convert.vegalite_to_svg(text, format_locale=NUMBERS, time_format_locale="nb-NO")
    # The drawing library says in English what kind of mark each is; what the marks tell is in bokmål and stays.
    return re.sub(r' aria-(?:roledescription|hidden)="[^"]*"| role="graphics-[a-z]+"|<title>[^<]*</title>', "", svg)


def standing_alone(svg: str) -> str:
    """The drawing with the fonts it names laid inside it, for those who take the file elsewhere."""
    wanted = {
        weight: style
        for weight, style, sign in (
            (400, "Regular", ""),
            (600, "SemiBold", 'weight="600"'),
            (700, "Bold", 'weight="bold"'),
        )
        if f'font-family="{FONT}"' in svg and sign in svg
    }
    faces = "".join(
        f'@font-face{{font-family:"{FONT}";font-weight:{weight};src:url(data:font/woff2;base64,{_encoded(style)})}}'
        for weight, style in wanted.items()
    )
    return re.sub(r"(<svg[^>]*>)", rf"\1<style>{faces}</style>", svg, count=1) if faces else svg


@cache
def _encoded(style: str) -> str:
    return base64.b64encode((FONTS / f"RapportSans-{style}-figur.woff2").read_bytes()).decode()


def inside_page(svg: str, alt: str, marker: str, prefix: str) -> str:
    """The drawing as a part of a page: named for those who do not see it, with ids of its own.

    ``marker`` is its class; ``prefix`` goes before its ids, which several drawings on a page would share.
    What each mark tells is kept for the pointer (``data-om``); a screen reader hears the whole, as one picture.
    """

    def own(tag: re.Match[str]) -> str:
        found = re.sub(r'^<(path|rect|line) aria-label="([^"]*)"', r'<\1 data-om="\2"', tag[0])
        found = re.sub(
            r' (?:role|aria-[a-z]+)="[^"]*"| pointer-events="none"| xmlns:xlink="[^"]*"| version="1.1"', "", found
        )
        found = re.sub(r' id="([^"]+)"', rf' id="{prefix}-\1"', found)
        return re.sub(r'="url\(#([^)"]+)\)"', rf'="url(#{prefix}-\1)"', found)

    # Tags alone: the same words in a text of the chart are only words.
    svg = re.sub(r"<\w[^>]*>", own, svg)
    # Only the outermost element has a class that a style sheet uses, and lets its size follow the page.
    head = f'<svg class="{marker}" role="img" aria-label="{escape(alt)}"'
    return re.sub(r'<svg xmlns="[^"]*" class="marks" width="\d+" height="\d+"', lambda _: head, svg, count=1)
