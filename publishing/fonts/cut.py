"""How the font files in this folder were cut. Run by hand when the fonts are renewed; not a part of any build.

The variable fonts come from PyPI: ``fontpkg-source-sans-3==3.52`` and
``fontpkg-source-serif-4==4.4`` (SIL Open Font License 1.1, see ``OFL.txt``).
Each static instance is cut from them with fontTools, kept to the letters that
Norwegian and its neighbours need, named so that the four styles of a family are
found under one name, and written twice: TTF for charts and PDFs, WOFF2 for the site.

They are named «Rapport Sans» and «Rapport Serif», for two reasons: the licence keeps the
name «Source» for unchanged fonts, and Vega cannot measure text in a font whose name has a
digit. The sans has WOFF2 files with fewer letters too (``-figur``): they are laid inside the
charts on the site, where the fonts of the page do not reach.

    pip install fonttools brotli fontpkg-source-sans-3==3.52 fontpkg-source-serif-4==4.4
    python publishing/fonts/cut.py
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).parent

#: Basic Latin, Latin-1, Latin Extended-A, spaces and general punctuation, superscripts, currency, arrows, mathematics.
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    0x2BC, 0x2C6, 0x2C7, *range(0x2D8, 0x2DE),
    *range(0x2000, 0x2030), *range(0x2030, 0x2060),
    0x2070, *range(0x2074, 0x208F),
    0x20AC, 0x2116, 0x2122, 0x2126,
    *range(0x2150, 0x215F),
    *range(0x2190, 0x2200),
    0x2202, 0x2206, 0x220F, 0x2211, 0x2212, 0x2215, 0x221A, 0x221E, 0x222B, 0x2248, 0x2260, 0x2264, 0x2265,
    0x25A0, 0x25A1, 0x25B2, 0x25B6, 0x25BC, 0x25C0, 0x25CA, 0x25CF, 0x2610, 0x2611, 0x2713, 0x2717,
    0xFB00, 0xFB01, 0xFB02, 0xFB03, 0xFB04, 0xFEFF,
]  # fmt: skip

#: What charts write: names, numbers and punctuation.
CHART_LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0x202F, 0x2212,
]  # fmt: skip

#: The width, in em, of the narrow space between thousands. As drawn it is 0.12, and «23 200 000» reads as one word.
NARROW_SPACE = 0.17

#: Typographic features that the reports use; figures of even width and lining figures among them.
FEATURES = [
    "ccmp", "locl", "mark", "mkmk", "kern", "liga", "case", "frac", "numr", "dnom",
    "lnum", "onum", "pnum", "tnum", "sups", "subs", "sinf", "ordn",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cut:
    """One static font: the variable font it comes from, where on its axes it lies, and what it is called."""

    package: str
    source: str
    axes: dict[str, float]
    family: str
    style: str
    chart: bool = False

    @property
    def weight(self) -> int:
        """The weight class, 100 to 900."""
        return int(self.axes["wght"])

    @property
    def italic(self) -> bool:
        """Whether the style is an italic."""
        return "Italic" in self.style

    @property
    def stem(self) -> str:
        """The file name without ending, which is the PostScript name too."""
        return f"{self.family.replace(' ', '')}-{self.style.replace(' ', '')}"


_SANS = "fontpkg_source_sans_3", "SourceSans3[wght].ttf", "SourceSans3-Italic[wght].ttf", "Rapport Sans"
_SERIF = "fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf", "SourceSerif4-Italic[opsz,wght].ttf", "Rapport Serif"
#: The optical size in points: running text, on paper and on screen.
_OPSZ = {"opsz": 12.0}

CUTS = (
    Cut(_SANS[0], _SANS[1], {"wght": 400}, _SANS[3], "Regular", chart=True),
    Cut(_SANS[0], _SANS[2], {"wght": 400}, _SANS[3], "Italic"),
    Cut(_SANS[0], _SANS[1], {"wght": 600}, _SANS[3], "SemiBold", chart=True),
    Cut(_SANS[0], _SANS[1], {"wght": 700}, _SANS[3], "Bold", chart=True),
    Cut(_SERIF[0], _SERIF[1], {"wght": 400, **_OPSZ}, _SERIF[3], "Regular"),
    Cut(_SERIF[0], _SERIF[2], {"wght": 400, **_OPSZ}, _SERIF[3], "Italic"),
    Cut(_SERIF[0], _SERIF[1], {"wght": 600, **_OPSZ}, _SERIF[3], "SemiBold"),
    Cut(_SERIF[0], _SERIF[2], {"wght": 600, **_OPSZ}, _SERIF[3], "SemiBold Italic"),
)


def main() -> None:
    """Cut every font, as TTF and as WOFF2."""
    for cut in CUTS:
        font = _cut(cut)
        font.flavor = None
        font.save(HERE / f"{cut.stem}.ttf")
        font.flavor = "woff2"
        font.save(HERE / f"{cut.stem}.woff2")
        if cut.chart:
            _keep(font, CHART_LETTERS)
            font.save(HERE / f"{cut.stem}-figur.woff2")
        print(cut.stem, *(path.stat().st_size for path in sorted(HERE.glob(f"{cut.stem}.*"))))


def _cut(cut: Cut) -> TTFont:
    spec = importlib.util.find_spec(cut.package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{cut.package} is not installed; see the top of this file")
    # A file's time of change is kept, so that cutting again gives the same bytes.
    font = TTFont(Path(spec.origin).parent / "files" / cut.source, recalcTimestamp=False)
    font = instancer.instantiateVariableFont(font, cut.axes, overlap=instancer.OverlapMode.KEEP_AND_SET_FLAGS)
    _keep(font, LETTERS)
    space = font.getBestCmap()[0x202F]
    font["hmtx"][space] = (round(NARROW_SPACE * font["head"].unitsPerEm), 0)
    _name(font, cut)
    return font


def _keep(font: TTFont, letters: list[int]) -> None:
    """Leave only these letters in the font, with the features they use."""
    options = Options(layout_features=FEATURES, name_IDs=["*"], notdef_outline=True, hinting=True, drop_tables=["DSIG"])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)


def _name(font: TTFont, cut: Cut) -> None:
    """Link the style: id 1 and 2 know only regular, italic and bold; id 16 and 17 say the rest."""
    linked = cut.style in ("Regular", "Italic", "Bold", "Bold Italic")
    upright = cut.style.removesuffix("Italic").strip()
    names = {
        1: cut.family if linked else f"{cut.family} {upright}",
        2: cut.style if linked else ("Italic" if cut.italic else "Regular"),
        3: f"{cut.stem};{font['name'].getDebugName(5)}",
        4: f"{cut.family} {cut.style}",
        6: cut.stem,
        16: None if linked else cut.family,
        17: None if linked else cut.style,
    }
    for record in list(font["name"].names):
        if record.nameID in (*names, 21, 22, 25) or record.nameID > 255 or record.platformID == 1:
            font["name"].removeNames(record.nameID, record.platformID)
    for number, text in names.items():
        if text is not None:
            font["name"].setName(text, number, 3, 1, 0x409)
    bold = cut.style in ("Bold", "Bold Italic")
    table = font["OS/2"]
    table.usWeightClass = cut.weight
    regular = not cut.italic and not bold
    table.fsSelection = (table.fsSelection & 0b1111111110011110) | (cut.italic << 0) | (bold << 5) | (regular << 6)
    font["head"].macStyle = (bold << 0) | (cut.italic << 1)
    if "STAT" in font:
        del font["STAT"]


if __name__ == "__main__":
    main()
