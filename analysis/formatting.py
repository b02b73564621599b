"""Numbers and dates as bokmål writes them.

Source of the rules: Språkrådet, «Tall, tid og dato»: decimal comma, a fixed space
between groups of three digits (from 10 000 up; we group from 1 000 so that columns
line up), a no-break space before a unit.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

THIN = "\u202f"  # narrow no-break space, between thousands
NBSP = "\u00a0"  # no-break space, before a unit
MINUS = "\u2212"

#: Most decimals shown for each unit. Every unit a value may have is listed here. -3 is the nearest thousand: what
#: the case states in whole hundred thousands is no more exact than that when divided.
DECIMALS: dict[str, int] = {
    "årsverk": 2,
    "kr": 0,
    "kr per årsverk": -3,
    "kr per innbygger": 0,
    "årsverk per 1 000 innbyggere": 2,
    "innbyggere": 0,
    "prosent": 1,
    "ansatte": 0,
    "personer": 0,
    "opplysninger": 0,
    "forhold": 0,
    "summer": 0,
    "år": 0,
    # What workgroups deliver (data/opplysninger.csv). No more decimals are taken than are shown.
    "anrop": 0,
    "journalposter": 0,
    "lønnsslipper": 0,
    "bilag": 0,
    "fakturaer": 0,
    "saker": 0,
    "timer per uke": 1,
}

#: Units with a fixed number of decimals; the others drop trailing zeros.
FIXED = frozenset({"årsverk per 1 000 innbyggere"})

#: Units that have another form beside the number one.
SINGULAR = {
    "innbyggere": "innbygger",
    "ansatte": "ansatt",
    "personer": "person",
    "opplysninger": "opplysning",
    "summer": "sum",
    "journalposter": "journalpost",
    "lønnsslipper": "lønnsslipp",
    "fakturaer": "faktura",
    "saker": "sak",
    "timer per uke": "time per uke",
}

MONTHS = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip

# Compiled here, so that the forks which execute the chapters need not.
_THOUSANDS = re.compile(r"(?<!\d)(\d{1,3}) (?=\d{3}(?!\d))")
_DAY_OF_MONTH = re.compile(rf"\b(\d{{1,2}}\.) (?={'|'.join(MONTHS)})")
_PARAGRAPH = re.compile(r"(§+) (?=\d)")


def number(value: float, decimals: int = 0, fixed: bool = False) -> str:
    """``value`` with at most ``decimals`` decimals (exactly, when ``fixed``), rounded half up; -3 is to the thousand."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{abs(rounded):f}".partition(".")
    if not fixed:
        fraction = fraction.rstrip("0")
    groups = f"{int(whole):,}".replace(",", THIN)
    sign = MINUS if rounded < 0 else ""
    return sign + groups + ("," + fraction if fraction else "")


def decimals_needed(values: list[float], unit: str) -> int:
    """How many decimals a column of numbers in this unit needs, so that all of them are written alike."""
    if DECIMALS[unit] < 0:
        return DECIMALS[unit]
    shown = (number(value, DECIMALS[unit]) for value in values)
    return max((len(text.partition(",")[2]) for text in shown), default=0)


def quantity(value: float, unit: str) -> str:
    """``value`` with its unit, for example «17,6 årsverk» or «21 prosent»."""
    text = number(value, DECIMALS[unit], fixed=unit in FIXED)
    unit = SINGULAR.get(unit, unit) if text == "1" else unit
    return f"{text}{NBSP}{unit.replace('1 000', '1' + THIN + '000')}"


def date(value: dt.date) -> str:
    """``value`` as «6. november 2024»."""
    return f"{value.day}.{NBSP}{MONTHS[value.month - 1]} {value.year}"


def listing(words: list[str]) -> str:
    """``words`` joined as bokmål joins them: «Skaun, Melhus og Midtre Gauldal»."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " og " + words[-1]


def lowered(name: str) -> str:
    """A name within a sentence: «innkjøp» of «Innkjøp», but «IT-drift» as it is, and so are names in it."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def genitive(name: str) -> str:
    """«Skauns» and «Melhus’»: a name that ends in an s takes an apostrophe."""
    return f"{name}’" if name[-1:].lower() in "sxz" else f"{name}s"


def typeset(text: str) -> str:
    """Text with the spaces that bokmål keeps together: between thousands, after §, and between day and month."""
    text = _THOUSANDS.sub(rf"\1{THIN}", text)
    text = _DAY_OF_MONTH.sub(rf"\1{NBSP}", text)
    return _PARAGRAPH.sub(rf"\1{NBSP}", text)
