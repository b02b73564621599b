"""Draws a chart: from a Vega-Lite specification to an SVG file with the book's own fonts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert

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


def draw(specification: Mapping[str, Any], name: str, root: Path) -> Path:
    """Draw the chart into ``_build/figurer/<name>-<digest>.svg``, unless it is there already, and return the path.

    The digest covers the specification, so a file that exists is the right one.
    """
    text = json.dumps(specification, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256((_drawing() + text).encode()).hexdigest()[:12]
    path = root / FIGURES / f"{name}-{digest}.svg"
    if not path.exists():
        _register_fonts()
        svg = vl_convert.vegalite_to_svg(text, format_locale=NUMBERS, time_format_locale="nb-NO")
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        temporary.write_text(svg, "utf-8")
        temporary.replace(path)
    return path
