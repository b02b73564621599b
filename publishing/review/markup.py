"""Markdown that says what it is given: nothing in a value or a sentence can become a link, a mention or HTML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

#: A text longer than this is cut.
LONGEST = 400

ZERO_WIDTH = "&#8203;"

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def plain(text: object, longest: int = LONGEST) -> str:
    """The text as Markdown shows it letter by letter, on one line, cut when it is long.

    A no-width space after ``@`` and ``#`` keeps GitHub from telling people and linking issues. Characters that steer
    a terminal or turn the direction of the writing are left out.
    """
    line = " ".join("".join(letter for letter in str(text) if _is_shown(letter)).replace("\t", " ").split("\n"))
    line = re.sub(r" {2,}", " ", line).strip(" ")
    if len(line) > longest:
        line = line[:longest].rstrip() + " …"
    line = line.translate(_ENTITIES)
    line = re.sub(r"([\\`*_~\[\]|$!])", r"\\\1", line)
    line = re.sub(r"^(\s*)([-+=#]|\d+[.)])(?=\s|$)", lambda found: found[1] + _escaped_start(found[2]), line)
    return re.sub(r"([@#])(?=\w)", rf"\1{ZERO_WIDTH}", line)


def _is_shown(letter: str) -> bool:
    return letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cs")


def _escaped_start(mark: str) -> str:
    return f"{mark[:-1]}\\{mark[-1]}"


def code(text: object, longest: int = 120) -> str:
    """The text as code, whatever backticks it has."""
    line = " ".join("".join(letter for letter in str(text) if _is_shown(letter)).split())
    if len(line) > longest:
        line = line[:longest].rstrip() + " …"
    fence = "`" * (max((len(run) for run in re.findall(r"`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line or ' '}{pad}{fence}"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; the cells are Markdown already."""
    return [
        f"| {' | '.join(columns)} |",
        f"| {' | '.join('---' for _ in columns)} |",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def folded(heading: str, lines: Sequence[str]) -> list[str]:
    """Lines that a reader must open. ``heading`` is plain text without marks."""
    return ["<details>", f"<summary>{heading}</summary>", "", *lines, "", "</details>"]
