"""How wide a text is in a table, measured by Typst itself with the font that the table is set in."""

from __future__ import annotations

import json
from functools import cache

import typst

from publishing.pdf import syntax
from publishing.pdf.compiling import fonts

#: Size of the letters in a table, in points, as ``parts.typ`` has it.
SIZE = 9.0

_MEASURED = [*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA0, 0x180)), *"–—−«»‹›…•·§\u202f"]

#: A letter that was not measured, as a share of the size.
_OTHER = 0.6

_SOURCE = """
#set text(font: "Rapport Sans", size: 100pt, weight: 600, number-width: "tabular", lang: "nb")
#context [#metadata(LETTERS.map(letter => measure(letter).width / 100pt))<widths>]
"""


@cache
def width(text: str) -> float:
    """The width of ``text`` on one line, in points, set in the semibold of headers and sums; plain text is a little narrower."""
    letters = _letters()
    return SIZE * sum(letters.get(letter, _OTHER) for letter in text)


@cache
def _letters() -> dict[str, float]:
    source = _SOURCE.replace("LETTERS", syntax.array(map(syntax.string, _MEASURED)))
    found = json.loads(
        typst.query(source.encode(), "<widths>", field="value", one=True, font_paths=fonts(), ignore_system_fonts=True)
    )
    return dict(zip(_MEASURED, found, strict=True))
