"""The rule of numbers: no figure is typed into prose.

The rule, as a writer can keep it:

- A number in digits is a figure, wherever it stands: «6,2», «17,6 årsverk», «21 prosent», «14 800 000», «30–60».
- A number in words is a figure when a unit of the case follows it (:data:`WORD_UNITS`): «to årsverk», «tjueen prosent». «Tre
  kommuner» and «ett årsverk» are ordinary language.
- What :data:`ALLOWED` lists is no figure, or has its source beside it. :data:`EXEMPT` names the pages that the rule does not
  concern. There are no other exceptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis import formatting
from publishing.writing.prose import HIDDEN, Passage

#: Pages whose figures are not about the case, and why.
EXEMPT = {
    "book/tilgjengelighet.md": "forteller om testene av nettstedet; tests/site/test_explanations.py holder tallene mot testene"
}

#: Stands for what is part of a unit: «1 000 innbyggere» in «årsverk per 1 000 innbyggere».
UNIT_MARK = "\ufffd"

_SPACE = f"[ {formatting.NBSP}{formatting.THIN}\u2009]"
_YEAR = r"(?:19|20)\d\d"
_MONTH = "|".join(formatting.MONTHS)

#: What may follow a number: the units of the values, how people write them, and what workgroups count.
UNITS = (
    "årsverk", "årsverkene", "årsverket", "kroner", "krone", "kr", "øre", "prosentpoeng", "prosent", "promille", "ansatte",
    "ansatt", "innbyggere", "innbygger", "personer", "person", "stillinger", "stilling", "medarbeidere", "år", "måneder",
    "måned", "uker", "uke", "dager", "dag", "timer", "time", "minutter", "minutt", "anrop", "samtaler", "bilag", "fakturaer",
    "faktura", "lønnsslipper", "journalposter", "dokumenter", "saker", "vedtak", "opplysninger", "opplysning", "forhold",
    "summer", "punkter", "kommuner", "piksler", "millioner", "million", "milliarder", "milliard", "tusen", "hundre",
)  # fmt: skip
_SCALE = "(?:millioner|million|milliarder|milliard|tusen|hundre|mill|mrd)(?!\\w)\\.?"
_UNIT_WORD = "|".join(sorted(UNITS, key=len, reverse=True))
_UNIT = (
    rf"(?:(?:{_SCALE})(?:{_SPACE}+(?:{_UNIT_WORD})(?!\w))?|(?:{_UNIT_WORD})(?!\w)|[%‰])"
    rf"(?:{_SPACE}+per{_SPACE}+(?:(?:årsverk|innbygger)(?!\w)|{UNIT_MARK}+))?"
)

#: A number in words before one of these is a figure.
WORD_UNITS = (
    "årsverk", "kroner", "prosent", "prosentpoeng", "promille", "ansatte", "innbyggere", "millioner", "milliarder",
)  # fmt: skip
_FROM_TWO = (
    "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv", "tretten", "fjorten", "femten",
    "seksten", "sytten", "atten", "nitten", "tjue",
)  # fmt: skip
WORDS = {
    **{word: value for value, word in enumerate(_FROM_TWO, start=2)},
    "syv": 7, "tretti": 30, "førti": 40, "femti": 50, "seksti": 60, "sytti": 70, "åtti": 80, "nitti": 90, "hundre": 100,
}  # fmt: skip
_ONES = "en|ett|to|tre|fire|fem|seks|sju|syv|åtte|ni"
_WORD = (
    rf"(?:(?:tjue|tretti|førti|femti|seksti|sytti|åtti|nitti)(?:{_ONES})|{'|'.join(WORDS)}|tusen|halvannet|halvannen)"
)
_IN_WORDS = re.compile(
    rf"(?<!\w)(?P<words>{_WORD}(?:\s+(?:(?:komma|og|til|hundre|tusen)\s+)*(?:{_WORD}|en|ett|null))*)\s+"
    rf"(?P<unit>(?:{'|'.join(WORD_UNITS)})(?:\s+(?:{_UNIT_WORD}))?)(?!\w)",
    re.IGNORECASE,
)

_DIGITS = rf"(?:\d{{1,3}}(?:[{_SPACE[1:-1]}.]\d{{3}})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)*|[½¼¾⅓⅔])"
_NUMBER = rf"(?:(?<!\w)[{formatting.MINUS}-])?{_DIGITS}"
_BETWEEN = rf"{_SPACE}*[–−/-]{_SPACE}*|{_SPACE}+(?:til|og|eller|av){_SPACE}+|,{_SPACE}+"
_FIGURE = re.compile(
    rf"(?P<before>(?<!\w)(?:kr|NOK)\.?{_SPACE}*)?"
    rf"(?P<numbers>{_NUMBER}(?:(?:{_BETWEEN}){_NUMBER})*)"
    rf"(?:(?:{_SPACE}*|-)(?P<unit>{_UNIT}))?",
    re.IGNORECASE,
)

# A number in a reference is whole: not the first digits of «6,2» or «14 800 000», and nothing that has a unit.
_WHOLE = rf"(?!\w|,\d|{_SPACE}\d{{3}}(?!\d)|{_SPACE}*(?:{_UNIT}))"
_REFERRED = rf"\d+(?:[.-]\d+)*[a-z]?{_WHOLE}"
_REFERENCES = rf"{_REFERRED}(?:(?:,\s|\sog\s|\seller\s|\still\s|[–-]){_REFERRED})*"
_NUMBERED = (
    "punkt(?:et|ene)?|pkt\\.?|vedtakspunkt(?:et)?|fase|figur(?:en)?|tabell(?:en|ene)?|side|nummer|nr\\.?|utgave|steg|trinn|"
    "nivå|celle|rad|kapittel|kap\\.?|vedlegg|alternativ|versjon|funksjon(?:en)?|kommunenummer|linje"
)
_BEFORE_YEAR = (
    "i|for|fra|til|siden|før|etter|innen|per|og|eller|mellom|mot|år|året|årene|årsskiftet|våren|sommeren|høsten|vinteren|budsjett|"
    f"budsjettet|regnskap|regnskapet|kvartal|halvår|tertial|{_MONTH}"
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may stand in prose in digits: what it is called, why, and how it is recognised."""

    name: str
    reason: str
    pattern: re.Pattern[str]


def _allowed(name: str, reason: str, pattern: str) -> Allowed:
    return Allowed(name, reason, re.compile(pattern, re.IGNORECASE))


#: Every exception from the rule. Code, links' addresses and roles are no prose, and numbers of lists are marks (``prose.py``).
ALLOWED = (
    _allowed(
        "Sitat med kilde",
        "et tall som er sagt av andre, gjengis ordrett med kilden rett etter: «21 prosent» (kilde: NIVI-rapport 2024:2)",
        r"«[^«»]+»\s*\(kilde:(?=[^()]*[a-zæøå]{2})(?:[^()]|\([^()]*\))+\)",
    ),
    _allowed(
        "Dato",
        "sier når, ikke hvor mye: 1. januar 2026, 12.01.2027, 2026-06-30, 2. kvartal",
        rf"(?<![\d.,])(?:\d{{1,2}}\.{_SPACE}?(?:(?:og|til|–){_SPACE}?\d{{1,2}}\.{_SPACE}?)?(?:{_MONTH}|kvartal|halvår|tertial)"
        rf"(?!\w)(?:{_SPACE}{_YEAR}(?!\d))?|\d{{1,2}}\.\d{{1,2}}\.(?:\d{{4}}|\d\d)(?!\d|[.,]\d)|{_YEAR}-\d\d(?:-\d\d)?(?![\d-]))",
    ),
    _allowed(
        "Årstall",
        "sier når; kjennes på ordet foran: i 2026, siden 2015, juni 2026, årsskiftet 2026/27, KOSTRA 2025",
        rf"(?:(?<!\w)(?:{_BEFORE_YEAR})\s|(?<!\w)(?-i:[A-ZÆØÅ]{{2,}})\s|[(/–])\s?"
        rf"{_YEAR}(?:[/–-](?:{_YEAR}|\d\d))?{_WHOLE}(?:(?:,\s|\sog\s|\seller\s|\still\s){_YEAR}{_WHOLE})*",
    ),
    _allowed(
        "Lov",
        "viser til en bestemmelse: § 20-2, §§ 20-1 og 20-3, kapittel 16, LOV-2025-06-20-96",
        rf"§+{_SPACE}*{_REFERENCES}|LOV-[\d-]+",
    ),
    _allowed(
        "Saksnummer",
        "viser til en sak eller en rapport: sak 74/24, NIVI-rapport 2024:2",
        rf"(?<!\w)(?:sak(?:en|er|snummer)?|PS|FS){_SPACE}\d+/\d+(?:(?:,\s|\sog\s)\d+/\d+)*(?!\w|,\d)|(?<![\d.,]){_YEAR}:\d+(?!\w|,\d)",
    ),
    _allowed(
        "Nummer",
        "viser til noe som er nummerert: punkt 2.2, fase 1, punkt 4, 5 og 6, figur 3, SSB tabell 07459, funksjon 120",
        rf"(?<!\w)(?:{_NUMBERED}){_SPACE}+{_REFERENCES}",
    ),
    _allowed(
        "Navn med siffer",
        "er et navn: P50, PDF/A-2a, WCAG 2.1, Bærekraftige og innovative kommuner 2030",
        rf"(?<!\w)(?!kr|nok)(?-i:[A-ZÆØÅ])[a-zæøå]*(?:[/-]?[a-zæøå]*\d+[a-z]?)+{_WHOLE}|"
        rf"(?<!\w)(?:WCAG|Python|Windows|macOS|Excel){_SPACE}{_REFERENCES}|Bærekraftige og innovative kommuner 2030",
    ),
    _allowed(
        "Enheten «per 1 000 innbyggere»",
        "er en enhet og ikke et tall om saken",
        rf"(?<=per{_SPACE})1{_SPACE}?000{_SPACE}innbyggere(?!\w)",
    ),
)


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a figure: as it is written, and what it is (None where the words are not read)."""

    text: str
    value: float | None
    decimals: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure typed into a passage: where, as it is written, its numbers, and the unit after the last of them."""

    start: int
    text: str
    numbers: tuple[Number, ...]
    unit: str
    sentence: str

    @property
    def looks_like_year(self) -> bool:
        """Whether it may be a year that the rule did not recognise."""
        return not self.unit and re.fullmatch(_YEAR, self.text) is not None


def typed(passage: Passage) -> Iterator[Figure]:
    """The figures that are typed into a passage, in order."""
    if passage.file in EXEMPT:
        return
    text = passage.judged
    for kind in ALLOWED:
        mark = UNIT_MARK if kind.name.startswith("Enheten") else HIDDEN
        text = kind.pattern.sub(lambda match, mark=mark: mark * len(match[0]), text)
    for match in sorted([*_FIGURE.finditer(text), *_IN_WORDS.finditer(text)], key=lambda match: match.start()):
        written = passage.shown[match.start() : match.end()].strip()
        if "words" in match.groupdict():
            number = Number(match["words"], WORDS.get(match["words"].lower()), 0)
            numbers: tuple[Number, ...] = (number,)
            unit = match["unit"]
        else:
            numbers = tuple(_number(part) for part in re.findall(_NUMBER, match["numbers"]))
            unit = passage.shown[match.start("unit") : match.end("unit")] if match["unit"] else ""
            unit = unit or ("kr" if match["before"] else "")
        yield Figure(match.start(), written, numbers, unit, passage.sentence(match.start()))


def _number(text: str) -> Number:
    """«14 800 000», «6,2» and «6.2» as numbers."""
    plain = re.sub(_SPACE, "", text).replace(formatting.MINUS, "-")
    if re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?", plain):
        plain = plain.replace(".", "")
    plain = plain.replace(",", ".")
    try:
        return Number(text, float(plain), len(plain.partition(".")[2]))
    except ValueError:
        return Number(text, None, 0)


def told(figure: Figure, passage: Passage) -> str:
    """What is wrong, in bokmål."""
    return f"«{figure.sentence}» har tallet {figure.text} skrevet inn i teksten."
