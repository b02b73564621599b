"""Delivered CSV files as sheets of text, and what can be wrong with a file before any cell is looked at.

Everything here is counted as Excel counts: the header is row 1, an empty row is a row.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

HOW_TO_SAVE = "data/README.md viser hvordan du lagrer riktig fra Excel."

#: What is left of æ, ø, å and quotation marks when UTF-8 has been read as Windows-1252, or was lost on the way.
_GARBLED = re.compile("Ã[\u0080-\u00bf\u2020\u02dc\u2026\u0160\u02c6\u0192]|â€|Â[«»§–]|\ufffd")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault, told in bokmål in one line: file, row, column, what is wrong and what to do.

    ``row`` is 0 and ``column`` empty where the fault belongs to the file as a whole. ``absent`` has the known cells of
    the row that the table lacks, where that is the fault: :mod:`publishing.additions` adds such rows.
    """

    file: str
    row: int
    column: str
    text: str
    absent: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        place = self.file
        place += f", rad {self.row}" if self.row else ""
        place += f", kolonnen {self.column}" if self.column else ""
        return f"{place}: {self.text}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: its number as Excel shows it, and its cells as text by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A readable table: its file as the workgroup knows it, its columns, and the rows with the right number of cells.

    ``ragged`` maps the numbers of the other rows to how many cells too many (or, negative, too few) they have.
    """

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    ragged: dict[int, int] = field(default_factory=dict)

    def problem(self, row: int, column: str, text: str) -> Problem:
        """A fault in this sheet."""
        return Problem(self.file, row, column, text)


def read(content: bytes, file: str, columns: Sequence[str]) -> Sheet | list[Problem]:
    """The sheet in ``content``, or what keeps it from being read as a table with these ``columns``."""
    if not content.strip():
        return [Problem(file, 0, "", "Filen er tom. Hent fram en tidligere utgave av filen, eller lever den på nytt.")]
    problems = [*_encoding(content, file), *_delimiter(content, file)]
    if problems:
        return problems
    try:
        records = _records(content.decode("utf-8-sig"))
    except _QuoteError as error:
        text = "Et anførselstegn er åpnet uten å bli lukket, eller lukket midt i en celle. Sett det rundt hele teksten."
        return [Problem(file, error.row, "", text)]
    problems = list(_header(records[0], columns, file))
    return problems or _sheet(records, file)


def _encoding(content: bytes, file: str) -> Iterator[Problem]:
    """What is no text in UTF-8: workbooks, Excel's «Unicode-tekst» (UTF-16) and «CSV» (Windows-1252), and spoiled files."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        text = (
            f"Filen er en arbeidsbok eller en zip-fil, ikke en tabell i CSV. Lagre den som «CSV UTF-8». {HOW_TO_SAVE}"
        )
        yield Problem(file, 0, "", text)
        return
    # Every other byte of Western text in UTF-16 is NUL, with a mark of the order at the start or without.
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content.count(0) > len(content) / 4:
        yield Problem(
            file, 0, "", f"Filen er lagret som UTF-16 («Unicode-tekst»). Lagre den som «CSV UTF-8». {HOW_TO_SAVE}"
        )
        return
    if b"\0" in content:
        row = content.count(b"\n", 0, content.index(0)) + 1
        text = "Filen er trolig ødelagt: her står det tegn som ikke er tekst (NUL). Hent fram en tidligere utgave av filen."
        yield Problem(file, row, "", text)
        return
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # One byte is one character in Windows-1252, so the positions are the same.
        text = content.decode("cp1252", "replace")
        # Parsed, not counted by line breaks: a cell may hold some.
        row = len(list(csv.reader(io.StringIO(text[: error.start + 1], newline=""))))
        words = (found.group() for found in re.finditer(r"\w+", text) if found.end() > error.start)
        word = next((found for found in words if not found.isascii()), text[error.start])
        yield Problem(
            file, row, "",
            f"Filen er ikke lagret som UTF-8, men trolig som Windows-1252; det ses på «{word}». "
            f"Lagre den som «CSV UTF-8». {HOW_TO_SAVE}",
        )  # fmt: skip


def _delimiter(content: bytes, file: str) -> Iterator[Problem]:
    """Semicolons, as Norwegian Excel writes them, or tabs."""
    first = content.splitlines()[0]
    for character, name in ((b";", "semikolon"), (b"\t", "tabulator")):
        if character in first and b"," not in first:
            yield Problem(
                file, 1, "",
                f"Kolonnene er skilt med {name}. Lagre filen på nytt med komma mellom kolonnene og punktum "
                f"som desimaltegn. {HOW_TO_SAVE}",
            )  # fmt: skip


class _QuoteError(Exception):
    def __init__(self, row: int) -> None:
        self.row = row


def _records(text: str) -> list[list[str]]:
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            records.append(record)
    except csv.Error as error:
        raise _QuoteError(len(records) + 1) from error
    return records


def _header(found: Sequence[str], wanted: Sequence[str], file: str) -> Iterator[Problem]:
    """Missing, unknown, doubled and misplaced columns."""
    missing = [name for name in wanted if name not in found]
    unknown = [name for name in found if name not in wanted]
    if len(missing) == len(wanted) and not any(get_close_matches(name, unknown, n=1, cutoff=0.6) for name in missing):
        yield Problem(
            file,
            1,
            "",
            f"Kolonnenavnene mangler, eller de er skilt med noe annet enn komma. Rad 1 skal være {','.join(wanted)}.",
        )
        return
    for name in missing:
        near = get_close_matches(name, unknown, n=1, cutoff=0.6)
        advice = f"Rett «{near[0]}» til «{name}»." if near else f"Legg den inn; rad 1 skal være {','.join(wanted)}."
        yield Problem(file, 1, name, f"Kolonnen mangler. {advice}")
    for position, name in enumerate(found, start=1):
        if name in unknown and not get_close_matches(name, missing, n=1, cutoff=0.6):
            shown = f"«{name}»" if name.strip() else f"nummer {position}, som mangler navn,"
            text = f"Kolonnen {shown} er ikke beskrevet i data/datapackage.json. Fjern kolonnen, eller beskriv den der."
            yield Problem(file, 1, "", text)
    for name in wanted:
        if list(found).count(name) > 1:
            yield Problem(file, 1, name, "Kolonnen står flere ganger. Behold bare én av dem.")
    if sorted(found) == sorted(wanted) and list(found) != list(wanted):
        yield Problem(file, 1, "", f"Kolonnene står i feil rekkefølge. Rad 1 skal være {','.join(wanted)}.")


def _sheet(records: list[list[str]], file: str) -> Sheet:
    header = tuple(records[0])
    rows: list[Row] = []
    ragged: dict[int, int] = {}
    for number, record in enumerate(records[1:], start=2):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(header):
            ragged[number] = len(record) - len(header)
        else:
            rows.append(Row(number, dict(zip(header, record, strict=True))))
    return Sheet(file, header, tuple(rows), ragged)


#: What Western texts seldom have: everything but letters with accents, punctuation and spaces that can be seen.
_UNUSUAL = re.compile("[^\n\t -~\u00a0-\u00ac\u00ae-\u017f\u2010-\u2027\u202f-\u205e]")


def odd_character(text: str) -> str:
    """The first character that the eye does not see, or takes for another; nothing where there is none.

    Such are control characters, spaces of no width, and letters and digits of other scripts («о» in Cyrillic).
    """
    for character in text if _UNUSUAL.search(text) else "":
        category = unicodedata.category(character)
        if (category[0] == "C" or category in ("Zl", "Zp")) and character not in "\n\t":
            return character
        other_script = (
            category[0] == "L" and not unicodedata.name(character, "").startswith("LATIN ") and character not in "ªº"
        )
        if other_script or (category == "Nd" and not character.isascii()):
            return character
    return ""


def garbled(text: str) -> bool:
    """Whether the text has the marks of an encoding gone wrong («lÃ¸nn»)."""
    return _GARBLED.search(text) is not None
