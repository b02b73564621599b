"""The value that could stand where a figure is typed, as one writes it in that chapter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis import formatting
from analysis.model import Value
from publishing.writing.chapters import Chapter
from publishing.writing.figures import Figure, Number
from publishing.writing.names import plain, spaced

#: How many values are proposed for a figure.
MOST = 3

QUOTE = "Er det et sitat, skriv det som «…» (kilde: …)."
WITHOUT_VALUES = f"Verdien som kan brukes, vises når dataene er i orden. {QUOTE}"
_MAKE = "Ingen verdi har dette tallet. Legg tallet med kilde i en tabell i data/ (se data/README.md), så kan det bli en verdi."
_YEAR = "Er det et årstall, skriv det etter et ord som sier det, for eksempel «i {0}»."
_SCALES = {"mill": 1e6, "mrd": 1e9, "tusen": 1e3, "hundre": 1e2, "millio": 1e6, "millia": 1e9}


@dataclass(frozen=True, slots=True)
class _Proposal:
    rank: tuple[int, ...]
    name: str
    value: Value


def advice(figure: Figure, used_by: Sequence[Chapter]) -> str:
    """What to write in place of the figure, in bokmål; where no value has it, where one is made, or how to quote."""
    if figure.looks_like_year:
        return f"{_YEAR.format(figure.text)} {QUOTE}"
    found = _written(figure, used_by)
    if not found:
        return f"{_MAKE} {QUOTE}"
    # The numbers of a range are each written; for one number there is a choice.
    words = formatting.listing(found)
    return f"Skriv {words if len(figure.numbers) > 1 else words.replace(' og ', ' eller ')} i stedet."


def _written(figure: Figure, used_by: Sequence[Chapter]) -> list[str]:
    """Up to :data:`MOST` proposals: «{verdi}`arsverk.sum` (2,6 årsverk)»."""
    parts: list[str] = []
    for position, number in enumerate(figure.numbers):
        last = position == len(figure.numbers) - 1
        role = "verdi" if last and figure.unit else "tall"
        best: dict[str, _Proposal] = {}
        for chapter in used_by:
            for proposal in _proposals(number, figure, chapter):
                if proposal.name not in best or proposal.rank < best[proposal.name].rank:
                    best[proposal.name] = proposal
        most = MOST if len(figure.numbers) == 1 else 1
        # What merely rounds to the number is proposed only where no value is shown as it.
        closest = min((proposal.rank[0] for proposal in best.values()), default=0)
        likely = [proposal for proposal in best.values() if proposal.rank[0] == closest]
        for proposal in sorted(likely, key=lambda one: (one.rank, one.name))[:most]:
            shown = proposal.value.text if role == "verdi" else proposal.value.digits
            parts.append(f"{{{role}}}`{proposal.name}` ({spaced(shown)})")
    return parts[:MOST]


def _proposals(number: Number, figure: Figure, chapter: Chapter) -> Iterator[_Proposal]:
    if number.value is None:
        return
    scale, unit = _scale_and_unit(figure.unit)
    for name, value in chapter.values.items():
        if value.number is None or not _same_unit(unit, value.unit):
            continue
        exact = _is_same(number, scale, value)
        # A small whole number without a unit is like too many values; then the sentence must speak of the value.
        vague = not figure.unit and not number.decimals and abs(number.value) < 1000
        if exact and not (vague and not _words_in_common(value, figure)):
            yield _Proposal((exact, *_rank(name, value, figure, chapter)), _with_parameters(name, chapter), value)


def _scale_and_unit(unit: str) -> tuple[float, str]:
    """«millioner kroner» as 1 000 000 and «kr»; without a unit the second is empty."""
    words = spaced(unit.lower()).strip()
    scale = 1.0
    for word, factor in _SCALES.items():
        if re.match(rf"{word}", words):
            scale = factor
            words = re.sub(r"^\S+\s*", "", words)
            break
    words = re.sub(r"^(kroner|krone)\b", "kr", words)
    for other, own in (("%", "prosent"), ("innbyggere", "innbygger"), ("ansatte", "ansatt"), ("personer", "person")):
        words = own if words == other else words
    for other, own in (
        ("årsverkene", "årsverk"),
        ("årsverket", "årsverk"),
        ("stillinger", "årsverk"),
        ("stilling", "årsverk"),
    ):
        words = own if words == other else words
    return scale, words


def _same_unit(typed: str, unit: str) -> bool:
    """Whether a figure in the unit typed can be a value in ``unit``; a figure without a unit can be any."""
    known = {"innbyggere": "innbygger", "ansatte": "ansatt", "personer": "person"}.get(unit, unit)
    return typed in ("", known) or (typed == "kr" and unit.startswith("kr "))


def _is_same(number: Number, scale: float, value: Value) -> int:
    """1 where the value is shown as the number typed, 2 where it rounds to it, 0 where it is another number."""
    assert number.value is not None
    shown = float(value.digits.replace(formatting.THIN, "").replace(formatting.MINUS, "-").replace(",", "."))
    if abs(abs(shown) - abs(number.value) * scale) < 1e-9 * max(1.0, abs(shown)):
        return 1
    # «14,8 millioner» is a rounded number; a small number without decimals is like too many values to be one.
    if scale > 1 or number.decimals:
        return 2 if round(abs(shown) / scale, number.decimals) == abs(number.value) else 0
    return 0


def _rank(name: str, value: Value, figure: Figure, chapter: Chapter) -> tuple[int, ...]:
    """Smaller is likelier: what the sentence speaks of, the area's own, the simple before the derived."""
    municipality = value.municipality
    about = 0 if municipality and plain(municipality) in plain(figure.sentence) else 1 if municipality is None else 2
    own = 0 if value.area == chapter.area else 1 if value.area == "felles" else 2
    return about, own, name.count("."), -_words_in_common(value, figure), len(name)


def _words_in_common(value: Value, figure: Figure) -> int:
    """How many words of the value's name the sentence has, by their beginnings; the municipalities' names not counted."""
    words = set(re.findall(r"\w{4,}", plain(value.name.removesuffix(value.municipality or ""))))
    return sum(word[:6] in plain(figure.sentence) for word in words)


def _with_parameters(name: str, chapter: Chapter) -> str:
    """The name with ``{kommune}`` in place of the municipality that the chapter is about."""
    place = chapter.parameters.get("kommune")
    return re.sub(rf"\.{re.escape(str(place))}$", ".{kommune}", name) if place else name
