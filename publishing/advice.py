"""What to do about a cell that is not of the type its column wants, in bokmål.

Most such cells are numbers and dates as Norwegians write them and as Excel changes them.
"""

from __future__ import annotations

import re
from typing import Any

_SPACES = " \u00a0\u202f"
_UNIT = re.compile(r"(?<=\d)\s*(kr|kroner|,-|årsverk|%|prosent|stk\.?|år|ansatte)$", re.IGNORECASE)
_GROUPED = re.compile(rf"^-?\d{{1,3}}(?:[{_SPACES}.]\d{{3}})+(?:,\d+)?$", re.ASCII)
_COMMA = re.compile(r"^-?\d+,\d+$", re.ASCII)
_PLAIN = re.compile(r"^-?\d+(?:\.\d+)?\Z", re.ASCII)
_MONTH = "(?:jan|feb|mar|apr|mai|jun|jul|aug|sep|okt|nov|des)[a-z]*"
_EXCEL_DATE = re.compile(
    rf"^(?:\d{{1,2}}\.? ?-?{_MONTH}|{_MONTH}[. -]|\d{{1,2}}\.\d{{1,2}}\.\d{{2,4}}$)", re.IGNORECASE
)
_NORWEGIAN_DATE = re.compile(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$")


#: A computer keeps no more digits of a number with decimals, and Excel none of any number.
MOST_DIGITS = 15


def too_many_digits(text: str) -> bool:
    """Whether a plain number has more digits than what reads it would keep."""
    return len(re.sub(r"\D", "", text).lstrip("0")) > MOST_DIGITS


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
    bare = _UNIT.sub("", text.strip().replace("\u2212", "-")).strip()  # a minus sign, as Word writes it
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


#: What the patterns of ``data/datapackage.json`` ask for.
_PATTERNS = {
    "^[a-z0-9]+(-[a-z0-9]+)*$": "Skriv med små bokstaver fra a til z, sifre og bindestrek, for eksempel midtre-gauldal.",
    "[a-z0-9-]+": "Skriv med små bokstaver fra a til z, sifre og bindestrek, for eksempel lik-andel.",
    r"[a-z0-9-]+(\.[a-z0-9-]+)+": "Skriv området, et punktum og et kort navn, for eksempel sentralbord.apningstid.",
    r"[a-z0-9-]+\.\d\d": "Skriv for eksempel felles.01.",
    r"[a-z]+\.\d\d": "Skriv for eksempel saken.01.",
    r"[a-z0-9-]+(\.\d\d)?": "Skriv med små bokstaver fra a til z, for eksempel utredning eller utredning.01.",
    "[a-z0-9-]+(;[a-z0-9-]+)*": "Skriv kommunene med semikolon mellom, for eksempel skaun;melhus.",
    "[a-z0-9.-]+(;[a-z0-9.-]+)*": "Skriv id-en til datahullet, og semikolon mellom flere.",
    "[0-9a-f]{64}": "Kontrollsummen har 64 tegn, bare 0–9 og a–f.",
    r"\d{5}": "Skriv fem sifre, for eksempel 07459.",
    r"https://\S+": "Skriv en adresse som begynner med https://.",
    r"\d+-\d+|\d+\+": "Skriv for eksempel 18-29 eller 90+.",
    r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?": "Skriv år, eller år-måned-dag, for eksempel 2026-05-02.",
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ": "Skriv tidspunktet som 2026-11-23T12:00:00Z.",
}


def for_pattern(pattern: str) -> str:
    """What to write in a column whose text must have this pattern, or nothing for an unknown pattern."""
    return _PATTERNS.get(pattern, "")
