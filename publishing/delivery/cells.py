"""What a cell of Excel or of a CSV file means: as the tables write it, or a fault. Nothing is guessed.

A cell is what openpyxl gives (text, number, date, truth value) or, from a CSV file, always text.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from analysis.formatting import MONTHS
from publishing import advice, plain_text
from publishing.delivery.faults import CellError
from publishing.delivery.tables import Limits
from publishing.sheets import garbled, odd_character

Raw = str | int | float | bool | dt.datetime | dt.date | dt.time | None

#: How a unit may be written in a cell, beside its own name.
SPELLINGS = {
    "kr": ("kr", "kroner", ",-", "nok"),
    "prosent": ("prosent", "%", "pst"),
    "årsverk": ("årsverk", "åv"),
    "ansatte": ("ansatte", "ansatt", "personer", "stk"),
    "timer per uke": ("timer per uke", "time per uke", "timer", "t"),
    "anrop": ("anrop", "stk"),
    "bilag": ("bilag", "stk"),
    "journalposter": ("journalposter", "journalpost", "stk"),
    "lønnsslipper": ("lønnsslipper", "lønnsslipp", "stk"),
    "fakturaer": ("fakturaer", "faktura", "stk"),
    "saker": ("saker", "sak", "stk"),
}

#: The longest text that is taken.
LONGEST = 500

_NUMBER = re.compile(
    r"^(?:kr\.?\s*)?([-−]?\s?\d[\d.,\s]*?|[-−]?\s?\d)(\s*[^\d\s.,].*|,-)?$", re.IGNORECASE | re.ASCII | re.DOTALL
)
_TWO_WAYS = re.compile(r"^-?\d{1,3}\.\d{3}$")
_DAY_FIRST = re.compile(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_MONTH = re.compile(r"^(?:(\d{4})-(\d{1,2})|(\d{1,2})\.\s?(\d{4})|([a-zæøå]+)\s(\d{4}))$", re.IGNORECASE)


def is_empty(raw: Raw) -> bool:
    """Whether nothing is written in the cell."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def value(raw: Raw, limits: Limits, percent: bool = False) -> str:
    """The cell as its table writes it. ``percent`` says that Excel shows the cell as percent (21 % is stored as 0.21).

    Raises:
        CellError: if it is not what the column holds, could mean two things, or is beyond its limits.
    """
    match limits.kind:
        case "number":
            return number(raw, limits, percent)
        case "choice":
            return choice(raw, limits.choices)
        case "date":
            return date(raw).isoformat()
        case "month":
            return month(raw)
    return text(raw)


def number(raw: Raw, limits: Limits, percent: bool = False) -> str:
    """The number: digits, a point for decimals, within its limits.

    Raises:
        CellError: as :func:`value`.
    """
    found = _from_text(raw, limits) if isinstance(raw, str) else _from_number(raw, limits, percent)
    _within(found, limits)
    return plain(found)


def plain(number: Decimal) -> str:
    """A number as the tables write it: no exponent, no superfluous zeros."""
    shown = f"{number:f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown in ("-0", "") else shown


def norwegian(number: str) -> str:
    """A plain number as one writes it in Excel: «6,2»."""
    return number.replace(".", ",")


def _from_number(raw: Raw, limits: Limits, percent: bool) -> Decimal:
    if isinstance(raw, bool):
        raise CellError(f"Cellen har «{'SANN' if raw else 'USANN'}», ikke et tall. Skriv tallet.")
    if isinstance(raw, (dt.datetime, dt.date)):
        raise CellError(
            f"Cellen har datoen {raw.day:02d}.{raw.month:02d}.{raw.year}, ikke et tall. Excel har trolig gjort tallet om. "
            "Velg «Tall» som celleformat, og skriv tallet på nytt."
        )
    if not isinstance(raw, (int, float)):
        raise CellError(f"«{raw}» er ikke et tall. Velg «Tall» som celleformat, og skriv tallet på nytt.")
    # Excel keeps 15 digits; what stands after them is how a binary fraction is stored.
    found = Decimal(f"{raw:.15g}")
    if not found.is_finite():
        raise CellError(f"«{raw}» er ikke et tall. Skriv tallet på nytt.")
    if percent and limits.unit != "prosent":
        raise CellError(
            f"Cellen har {norwegian(plain(found * 100))} %, men tallet skal være i {limits.unit}. "
            "Velg «Tall» som celleformat, og skriv tallet på nytt."
        )
    if percent:
        return found * 100
    _not_a_fraction(found, limits)
    return found


def _from_text(raw: str, limits: Limits) -> Decimal:
    shown = " ".join(raw.split())
    _no_odd_characters(raw)
    if shown.startswith("="):
        raise CellError(f"«{_excerpt(shown)}» er en formel. Skriv verdien, ikke formelen.")
    if advice.is_date(shown) or _ISO.match(shown):
        raise CellError(
            f"«{_excerpt(shown)}» er en dato, ikke et tall. Excel har trolig gjort tallet om. Skriv tallet på nytt, med «Tall» som celleformat."
        )
    match = _NUMBER.match(shown)
    if not match:
        raise CellError(f"«{_excerpt(shown)}» er ikke et tall. {_how(limits)}")
    digits = re.sub(r"^[-−]\s?", "-", match[1].strip())
    # As Excel shows it, «5 500 000» has no-break or narrow spaces; `split` took them for spaces.
    if _TWO_WAYS.match(digits):
        whole, part = digits.split(".")
        raise CellError(
            f"«{_excerpt(shown)}» kan bety både {whole}{part} og {whole},{part}. "
            f"Skriv {whole}{part} hvis det er hele tusen, eller {whole},{part} hvis det er desimaler."
        )
    found = advice.plain_number(digits)
    if found is None:
        raise CellError(f"«{_excerpt(shown)}» er ikke et tall. {_how(limits)}")
    number = Decimal(found)
    written = (match[2] or "").strip().casefold()
    unit = written if written == ",-" else written.rstrip(".")
    if unit and unit not in (limits.unit.casefold(), *SPELLINGS.get(limits.unit, ())):
        other = next((name for name, forms in SPELLINGS.items() if unit in forms), "")
        if other and other != limits.unit:
            raise CellError(
                f"«{_excerpt(shown)}» er i {other}, men tallet skal være i {limits.unit}. Skriv tallet i {limits.unit}."
            )
        # Words after the number are only words; «6-7», «1e5» and «6 av 7» may be meant otherwise.
        sure = match[2].startswith(" ") and not any(sign.isdigit() for sign in written)
        advised = f"Skriv {norwegian(plain(number))}." if sure else _how(limits)
        raise CellError(f"«{_excerpt(shown)}» er ikke et tall. {advised}")
    if not unit:
        _not_a_fraction(number, limits)
    return number


def _not_a_fraction(number: Decimal, limits: Limits) -> None:
    """Percent below one, with no sign of percent: 0,21 may be meant as 21."""
    if limits.unit == "prosent" and 0 < number < 1:
        shown, hundredfold = norwegian(plain(number)), norwegian(plain(number * 100))
        raise CellError(
            f"«{shown}» kan bety både {shown} prosent og {hundredfold} prosent. "
            f"Skriv {hundredfold} %, eller {shown} % hvis det er riktig."
        )


def _within(number: Decimal, limits: Limits) -> None:
    shown = norwegian(plain(number))
    if len(number.as_tuple().digits) > 15 or abs(number.adjusted()) > 15:
        raise CellError(f"«{_excerpt(shown, 20)}» har for mange sifre. Skriv tallet på nytt.")
    if number != number.quantize(Decimal(1).scaleb(-limits.decimals)):
        wanted = "Skriv et helt tall." if limits.decimals == 0 else f"Skriv høyst {limits.decimals} desimaler."
        if limits.decimals == 1:
            wanted = "Skriv høyst én desimal."
        raise CellError(f"«{shown}» har for mange desimaler. {wanted}")
    if limits.minimum is not None and number < limits.minimum:
        raise CellError(
            f"«{shown}» er for lavt. Den minste verdien er {norwegian(plain(limits.minimum))} {limits.unit}."
        )
    if limits.maximum is not None and number > limits.maximum:
        raise CellError(
            f"«{shown}» er for høyt. Den største verdien er {norwegian(plain(limits.maximum))} {limits.unit}. "
            "Er tallet riktig, må grensen endres i data/opplysninger.csv først."
        )


def _how(limits: Limits) -> str:
    example = "6,2" if limits.decimals else "12 000"
    return f"Skriv bare tallet, for eksempel {example}. Finnes det ikke, skal cellen være tom."


def choice(raw: Raw, choices: tuple[str, ...]) -> str:
    """One of the choices, whatever its case.

    Raises:
        CellError: if it is none of them.
    """
    written = str(raw).strip()
    for option in choices:
        if written.casefold() == option.casefold():
            return option
    raise CellError(f"«{_excerpt(written)}» er ikke et av valgene. Velg {', '.join(choices[:-1])} eller {choices[-1]}.")


def text(raw: Raw) -> str:
    """A text in one line, with nothing in it that a spreadsheet would run or that the eye does not see.

    Raises:
        CellError: if it has, or if it is too long or no text.
    """
    if isinstance(raw, (bool, dt.date, dt.time)) or raw is None:
        raise CellError("Cellen har en dato eller en sannhetsverdi. Skriv det som tekst.")
    written = str(raw)
    if written.lstrip(" ").startswith(plain_text.FORMULA_STARTS):
        raise CellError(
            f"«{_excerpt(' '.join(written.split()))}» begynner med et tegn som Excel tar for en formel. Begynn teksten med en bokstav."
        )
    _no_odd_characters(written)
    if what := plain_text.private(written):
        raise CellError(
            f"Cellen har {what}, som ville blitt publisert. Skriv rollen til den det gjelder, eller navnet på filen."
        )
    if garbled(written):
        raise CellError(
            f"«{_excerpt(written)}» har ødelagte tegn (æ, ø, å eller anførselstegn). Skriv teksten på nytt."
        )
    line = " ".join(written.split())
    if len(line) > LONGEST:
        raise CellError(f"Teksten har {len(line)} tegn. Skriv høyst {LONGEST}.")
    return line


def date(raw: Raw) -> dt.date:
    """A day: a date of Excel, or «01.03.25», «1.3.2025», «2025-03-01». The day comes first, as in Norway.

    Raises:
        CellError: if it is not a day, or could be read otherwise.
    """
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    written = " ".join(str(raw).split())
    try:
        if match := _DAY_FIRST.match(written):
            day, month, year = map(int, match.groups())
            return dt.date(year + 2000 if year < 100 else year, month, day)
        if match := _ISO.match(written):
            return dt.date(*map(int, match.groups()))
    except ValueError:
        raise CellError(
            f"«{written}» er ingen dag i kalenderen. Skriv dag, måned og år, for eksempel 01.03.2027."
        ) from None
    raise CellError(f"«{_excerpt(written)}» er ikke en dato. Skriv dag, måned og år, for eksempel 01.03.2027.")


def month(raw: Raw) -> str:
    """A month: «2025-03», «03.2025», «mars 2025», or the first day of it as a date of Excel.

    Raises:
        CellError: if it is not a month.
    """
    if isinstance(raw, (dt.datetime, dt.date)) and raw.day == 1:
        return f"{raw.year}-{raw.month:02d}"
    written = " ".join(str(raw).split())
    match = _MONTH.match(written) if isinstance(raw, str) else None
    if match:
        year = match[1] or match[4] or match[6]
        name = (match[5] or "").casefold()
        number = int(match[2] or match[3] or (MONTHS.index(name) + 1 if name in MONTHS else 0))
        if 1 <= number <= 12:
            return f"{year}-{number:02d}"
    raise CellError(f"«{_excerpt(written)}» er ikke en måned. Skriv måned og år, for eksempel mars 2027.")


def _no_odd_characters(written: str) -> None:
    """Characters that the eye does not see (control, direction of text, private use), or takes for others."""
    if sign := plain_text.unseen(written, "\n\r\t"):
        raise CellError(f"Cellen har et usynlig tegn ({sign}). Slett innholdet, og skriv det på nytt for hånd.")
    if odd := odd_character(written.replace("\r", " ")):
        raise CellError(
            f"Cellen har et tegn fra et annet alfabet (U+{ord(odd):04X}). Slett innholdet, og skriv det på nytt for hånd."
        )


def _excerpt(written: str, length: int = 40) -> str:
    return written if len(written) <= length else written[:length].rstrip() + " …"
