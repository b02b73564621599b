"""What a text must not hold to be let in: what no eye sees, what a spreadsheet would run, and what tells of a person or a machine.

Everything else is let in, and shown letter by letter.
"""

from __future__ import annotations

import re
import unicodedata

#: Control, direction of the writing, private use, half a character, not a character, and line ends of other kinds.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})

#: What spreadsheets take for a formula at the start of a text, in the widths that they take it in.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

#: A number with its sign, as tables (6.2) and as bokmål (6,2; thousands apart) write it.
_NUMBER = re.compile(
    r"[+-]?\d{1,3}(?:[ \u00a0\u202f]?\d{3})*(?:[.,]\d+)?(?:[ \u00a0]?%)?|[+-]?\d+(?:[.,]\d+)?", re.ASCII
)

#: An address begins where a word does, so that a text of a million letters is read once.
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PLACE = re.compile(r"\b[A-Za-z]:\\\w|\\\\\w+\\\w|(?<![\w.])/(?:home|Users|root|tmp)/\w|\bfile:/", re.IGNORECASE)


def unseen(text: str, allowed: str = "\n") -> str:
    """The first character in ``text`` that no eye sees, as «U+202E»; empty when there is none. ``allowed`` are let through."""
    found = next((one for one in text if one not in allowed and unicodedata.category(one) in _UNSEEN), "")
    return f"U+{ord(found):04X}" if found else ""


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula: «=1+1», «-1+x», but not the number «-1,5»."""
    return text.lstrip(" ").startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(text.strip(" "))


def private(text: str) -> str:
    """The e-mail address or the place on somebody's machine that the text tells, in a word of bokmål; empty without."""
    if _MAIL.search(text):
        return "en e-postadresse"
    return "en plassering på en maskin" if _PLACE.search(text) else ""
