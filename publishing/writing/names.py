"""Names in prose that lead to nothing: ``{verdi}`` and ``{tall}`` without a value, ``{parameter}`` without a parameter."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from analysis import formatting, keyfigures
from publishing.writing.chapters import Chapter, filled_in
from publishing.writing.prose import Passage, Role

_PLAIN = str.maketrans({"å": "a", "ø": "o", "æ": "ae"})
NO_VALUES = "Kapitlet trenger en celle med «keyfigures.for_area(omrade)»."
NO_NOTEBOOK = "En side i en .md-fil har ingen verdier. Bare kapitler i notatbøker (.ipynb) har det."


def plain(text: str) -> str:
    """Text as ids are written: small letters, a for å, o for ø, ae for æ."""
    return text.lower().translate(_PLAIN)


def spaced(text: str) -> str:
    """The text with plain spaces, as one types it and as a terminal finds it."""
    return re.sub(f"[{formatting.NBSP}{formatting.THIN}]", " ", text)


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known names most like ``name``, the nearest first; one alone where it is all but the same."""
    by_plain = {plain(one): one for one in known}
    # The shares are those of difflib.SequenceMatcher: a slip of one or two letters, a likely name, a distant one.
    for count, cutoff in ((1, 0.9), (most, 0.6), (1, 0.5)):
        if found := difflib.get_close_matches(plain(name), by_plain, n=count, cutoff=cutoff):
            return [by_plain[one] for one in found]
    return []


def suggestion(name: str, known: Iterable[str]) -> str:
    """«Mente du «arsverk.sum»?», or where to find the names; ``known`` are the names that can be written there."""
    known = list(known)
    near = [f"«{one}»" for one in nearest(name, known)]
    if near:
        return f"Mente du {formatting.listing(near).replace(' og ', ' eller ')}?"
    if not known:
        return NO_VALUES
    return "Finn navnet med «make verdier SOK=…», eller på siden «Verdier»."


def problems(passage: Passage, used_by: tuple[Chapter, ...]) -> Iterator[str]:
    """What is wrong with the names in a passage, for the chapters it is shown in, in bokmål."""
    for role in passage.roles:
        check = {"verdi": _value, "tall": _value, "parameter": _parameter}.get(role.name)
        if check is None:
            continue
        told = [(chapter.docname, fault) for chapter in used_by if (fault := check(role, chapter))]
        if told:
            # Where all chapters that share a notebook have the fault, the notebook itself has it.
            docnames = formatting.listing([docname for docname, _ in told])
            yield told[0][1] + (f" Det gjelder {docnames}." if len(told) < len(used_by) else "")


def _value(role: Role, chapter: Chapter) -> str:
    name = filled_in(role.content, chapter.parameters)
    if left := re.search(r"\{(\w+)\}", name):
        return f"Verdien «{role.content}»: {_no_parameter(left[1], chapter)}"
    if chapter.resolve(name):
        return ""
    if not chapter.values:
        advice = NO_VALUES if chapter.is_notebook else NO_NOTEBOOK
        return f"Verdien «{role.content}» finnes ikke her. {advice}"
    shown = f"«{role.content}»"
    if name in keyfigures.by_id():
        area = keyfigures.by_id()[name].area
        return (
            f"Verdien {shown} finnes, men ikke i dette kapitlet. Verdier som gjelder en nøkkel, en innsparing og lignende, "
            f"kan bare brukes i kapitlene for sitt eget område, her {area}."
        )
    return f"Verdien {shown} finnes ikke. {_as_written(suggestion(name, chapter.values), role.content, chapter)}"


def _as_written(advice: str, content: str, chapter: Chapter) -> str:
    """The advice with the parameters that the writer used in place of their values."""
    for key, value in chapter.parameters.items():
        if f"{{{key}}}" in content:
            advice = re.sub(rf"(?<=\.){re.escape(str(value))}(?=»)", f"{{{key}}}", advice)
    return advice


def _parameter(role: Role, chapter: Chapter) -> str:
    if role.content in chapter.parameters:
        return ""
    return _no_parameter(role.content, chapter)


def _no_parameter(name: str, chapter: Chapter) -> str:
    known = (
        f" Kapitlet har {formatting.listing([f'«{one}»' for one in chapter.parameters])}." if chapter.parameters else ""
    )
    return f"Kapitlet har ingen parameter «{name}». Den settes i parameters.yml.{known}"
