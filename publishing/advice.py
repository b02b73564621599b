"""What to do about a cell that is not of the type its column wants, in bokmål.

Most such cells are numbers and dates as Norwegians write them and as Excel changes them.
"""

from __future__ import annotations

import re
from typing import Any

_SPACES = " \u00a0\u202f"
_UNIT = re.compile(r"(?<=\d)\s*(kr|kroner|,-|årsverk|%|prosent|stk\.?|år|ansatte)$", re.IGNORECASE)
_GROUPED = re.compile(rf"^-?\d{{1,3}}(?:[{_SPACES}.]\d{{3}})+(?:,\d+)?$")
_COMMA = re.compile(r"^-?\d+,\d+$")
_PLAIN = re.compile(r"^-?\d+(?:\.\d+)?$")
_MONTH = "(?:jan|feb|mar|apr|mai|jun|jul|aug|sep|okt|nov|des)[a-z]*"
_EXCEL_DATE = re.compile(
    rf"^(?:\d{{1,2}}\.? ?-?{_MONTH}|{_MONTH}[. -]|\d{{1,2}}\.\d{{1,2}}\.\d{{2,4}}$)", re.IGNORECASE
)
_NORWEGIAN_DATE = re.compile(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$")


def is_plain_number(text: str, whole: bool) -> bool:
    """Whether the text is a number as the tables write it: digits, a point for decimals, nothing else."""
    return _PLAIN.match(text) is not None and not (whole and "." in text)


def for_number(text: str, field: dict[str, Any]) -> str:
    """What to write in place of ``text`` in a column of numbers."""
    whole = field["type"] == "integer"
    number = plain_number(text)
    if number is not None and whole and "." in number:
        return f"Kolonnen {field['name']} kan bare ha hele tall."
    if number is not None:
        return f"Skriv {number} (punktum som desimaltegn, ingen mellomrom og ingen enhet)."
    if is_date(text):
        return f"Excel har trolig gjort tallet om til en dato. Skriv tallet på nytt. {_EXCEL_TEXT}"
    if "statusColumn" in field:
        return (
            "Skriv tallet med sifre og punktum som desimaltegn. Finnes ikke tallet, skal cellen være tom "
            f"og kolonnen {field['statusColumn']} være «mangler»."
        )
    return "Skriv tallet med sifre og punktum som desimaltegn."


def is_date(text: str) -> bool:
    """Whether a text where a number belongs is a date, as Excel makes of «6.2» («06.feb»)."""
    return _EXCEL_DATE.match(text.strip()) is not None


_EXCEL_TEXT = "Velg «Tekst» som celleformat i Excel før du skriver."


def plain_number(text: str) -> str | None:
    """The number that ``text`` most likely means («5 500 000 kr», «6,2»), written plainly, or None."""
    bare = _UNIT.sub("", text.strip()).strip()
    if _GROUPED.match(bare):
        bare = re.sub(rf"[{_SPACES}.]", "", bare)
    if _COMMA.match(bare):
        bare = bare.replace(",", ".")
    if not _PLAIN.match(bare):
        return None
    return re.sub(r"\.0+$", "", bare)


def for_date(text: str, kind: str) -> str:
    """What to write in place of ``text`` in a column of dates (``kind`` date) or months (``kind`` yearmonth)."""
    match = _NORWEGIAN_DATE.match(text.strip())
    if match:
        day, month, year = match.groups()
        iso = f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if kind == "date" else "")
        return f"Skriv {iso}. {_EXCEL_TEXT}"
    pattern = (
        "datoen som år-måned-dag, for eksempel 2026-06-30"
        if kind == "date"
        else "måneden som år-måned, for eksempel 2026-06"
    )
    return f"Skriv {pattern}. {_EXCEL_TEXT}"
