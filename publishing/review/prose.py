"""What is different in the text of the book, sentence by sentence, as a reader meets it.

Cells are matched by their id, and sentences by difflib: nbdime tells notebooks apart as JSON for programmers, and would
be one more dependency for words that a councillor reads.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Sentences less alike than this are told as one removed and one added.
ALIKE = 0.5

#: Texts of ``book/`` that are told of elsewhere in the summary.
TOLD_ELSEWHERE = frozenset({"book/utgave.yml"})

#: A value in a sentence: ``{verdi}`arsverk.sum` `` or ``{tall}`arsverk.sum` ``.
VALUE = re.compile(r"\{(verdi|tall)\}`([^`]+)`")

_ROLE = re.compile(r"\{([\w-]+)\}`([^`]*)`\s?")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=[«*_]{0,2}[A-ZÆØÅ{\[])")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class Edit:
    """A sentence before and after; "" where there is none on that side. ``heading`` is the one it stands under."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CodeEdit:
    """A code cell before and after; "" where there is none on that side."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True)
class TextChange:
    """What is different in one file of ``book/``. ``title`` is its first heading, ``moved`` counts moved cells."""

    path: str
    title: str
    edits: Sequence[Edit] = ()
    code: Sequence[CodeEdit] = ()
    moved: Sequence[str] = ()
    remark: str = ""

    @property
    def is_prose(self) -> bool:
        """Whether a reader meets it, rather than one who builds."""
        return bool(self.edits or self.moved or self.remark) and not self.path.endswith(".yml")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a notebook. ``heading`` is the one that stands before it."""

    id: str
    is_code: bool
    source: str
    heading: str


def compare(before: Path, after: Path) -> list[TextChange]:
    """Every text of ``book/`` that differs between two project folders."""
    paths = {
        path.relative_to(root).as_posix()
        for root in (before, after)
        for pattern in ("*.ipynb", "*.md", "*.yml")
        for path in (root / "book").rglob(pattern)
        if ".ipynb_checkpoints" not in path.parts
    }
    found = []
    for path in sorted(paths - TOLD_ELSEWHERE):
        old, new = before / path, after / path
        if old.is_file() and new.is_file() and old.read_bytes() == new.read_bytes():
            continue
        change = _changes(path, cells(old), cells(new))
        if change is not None:
            found.append(change)
    return found


def cells(path: Path) -> list[Cell] | None:
    """The cells of a notebook, or a text file as one cell; None when the file is not there or cannot be read."""
    if not path.is_file():
        return None
    text = path.read_text("utf-8", errors="replace")
    if path.suffix == ".yml":  # a line is a sentence
        return [Cell("text", False, "\n\n".join(line for line in text.splitlines() if not line.startswith("#")), "")]
    if path.suffix != ".ipynb":
        return [Cell("text", False, text, "")]
    try:
        listed = json.loads(text)["cells"]
    except (ValueError, KeyError, TypeError):
        return None
    found, heading = [], ""
    for number, cell in enumerate(listed):
        source = cell.get("source", "")
        source = source if isinstance(source, str) else "".join(source)
        is_code = cell.get("cell_type") == "code"
        found.append(Cell(str(cell.get("id", number)), is_code, source, heading))
        if not is_code:
            heading = next(reversed(_headings(source)), heading)
    return found


def _headings(source: str) -> list[str]:
    return [found[1].strip() for line in source.splitlines() if (found := re.match(r"#{1,6}\s+(.+)", line))]


def title_of(found: Sequence[Cell] | None) -> str:
    """The first heading; "" when there is none."""
    return next((heading for cell in found or () if not cell.is_code for heading in _headings(cell.source)), "")


def _changes(path: str, old: list[Cell] | None, new: list[Cell] | None) -> TextChange | None:
    title = title_of(new) or title_of(old) or path
    if old is None or new is None:
        remark = "Filen er ny." if old is None else "Filen er fjernet, eller kan ikke leses."
        return TextChange(path, title, remark=remark)
    pairs = list(_matched(old, new))
    edits = [edit for before, after in pairs for edit in _sentence_edits(before, after)]
    code = [
        CodeEdit((after or before).heading, before.source if before else "", after.source if after else "")  # type: ignore[union-attr]
        for before, after in pairs
        if _is_code(before, after) and (before and before.source.strip()) != (after and after.source.strip())
    ]
    moved = _moved([(before.id, after.id) for before, after in pairs if before and after], old)
    change = TextChange(path, title, edits, code, [_opening(cell) for cell in new if cell.id in moved])
    return change if edits or code or moved else None


def _is_code(before: Cell | None, after: Cell | None) -> bool:
    return any(cell is not None and cell.is_code for cell in (before, after))


def _matched(old: Sequence[Cell], new: Sequence[Cell]) -> Iterator[tuple[Cell | None, Cell | None]]:
    """The cells two by two, in the order of the new: by id, else by what stands in them; alone when nothing fits."""
    by_id = {(cell.id, cell.is_code): cell for cell in old}
    matched = {cell.id: by_id.pop((cell.id, cell.is_code)) for cell in new if (cell.id, cell.is_code) in by_id}
    left = {(cell.source, cell.is_code): cell for cell in by_id.values()}
    for cell in new:
        if cell.id not in matched and (twin := left.pop((cell.source, cell.is_code), None)):
            matched[cell.id] = twin
    for cell in new:
        yield matched.get(cell.id), cell
    taken = {id(cell) for cell in matched.values()}
    for cell in old:
        if id(cell) not in taken:
            yield cell, None


def _moved(pairs: Sequence[tuple[str, str]], old: Sequence[Cell]) -> set[str]:
    """Ids (in the new) of cells that stand in another order than before: as few as can explain it."""
    place = {cell.id: number for number, cell in enumerate(old)}
    # The longest run of cells that still follow one another; what is outside it has moved.
    runs: list[list[str]] = []
    for before, _ in pairs:
        longest = max((run for run in runs if place[run[-1]] < place[before]), key=len, default=[])
        runs.append([*longest, before])
    kept = set(max(runs, key=len, default=[]))
    return {after for before, after in pairs if before not in kept}


def _opening(cell: Cell) -> str:
    return next((line.strip("# ") for line in cell.source.splitlines() if line.strip()), "en tom celle")


def _sentence_edits(before: Cell | None, after: Cell | None) -> Iterator[Edit]:
    """What differs between two cells of prose; sentences that became one another stand in the same edit."""
    old = sentences(before.source, before.heading) if before and not before.is_code else []
    new = sentences(after.source, after.heading) if after and not after.is_code else []
    matcher = difflib.SequenceMatcher(None, [text for _, text in old], [text for _, text in new], autojunk=False)
    for kind, first, last, start, stop in matcher.get_opcodes():
        if kind != "equal":
            yield from _paired(old[first:last], new[start:stop])


def _paired(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> Iterator[Edit]:
    """Each new sentence with the first old one that is like it; what is left stands alone."""
    left = list(old)
    for heading, text in new:
        twin = next((one for one in left if _likeness(one[1], text) >= ALIKE), None)
        if twin is None:
            yield Edit(heading, "", text)
            continue
        place = left.index(twin)
        for gone in left[:place]:
            yield Edit(gone[0], gone[1], "")
        del left[: place + 1]
        yield Edit(heading, twin[1], text)
    for heading, text in left:
        yield Edit(heading, text, "")


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def sentences(markdown: str, heading: str = "") -> list[tuple[str, str]]:
    """Every sentence, heading and entry of a list, each with the heading it stands under."""
    found: list[tuple[str, str]] = []
    paragraph: list[str] = []

    def close() -> None:
        text = " ".join(paragraph)
        found.extend((heading, part) for part in _SENTENCE_END.split(text) if part)
        paragraph.clear()

    for line in markdown.splitlines():
        mark = re.match(r"#{1,6}\s+(.+)", line)
        if mark or not line.strip() or _ITEM.match(line) or line.startswith((":::", "```", "|")):
            close()
        if mark:
            heading = mark[1].strip()
            found.append((heading, heading))
        elif line.strip():
            paragraph.append(_ITEM.sub("", line, count=1).strip() if _ITEM.match(line) else line.strip())
    close()
    return found


def readable(sentence: str, value: Callable[[str, str], str]) -> str:
    """A sentence without the marks of Markdown; ``value(role, name)`` says what stands where a value is fetched."""

    def role(found: re.Match[str]) -> str:
        name, content = found.groups()
        gap = " " if found[0][-1].isspace() else ""
        if name in ("verdi", "tall"):
            return value(name, content) + gap
        return "" if name == "svar" else f"[{content}]{gap}"

    text = _ROLE.sub(role, sentence)
    text = _LINK.sub(r"\1", text)
    return re.sub(r"(\*\*|__)(.+?)\1", r"\2", text).strip()


def words(before: str, after: str) -> list[tuple[str, str]]:
    """The words of both in one row, each run marked «same», «gone» or «come»."""
    old, new = before.split(" "), after.split(" ")
    found: list[tuple[str, str]] = []
    for kind, first, last, start, stop in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", " ".join(old[first:last])))
            continue
        if first < last:
            found.append(("gone", " ".join(old[first:last])))
        if start < stop:
            found.append(("come", " ".join(new[start:stop])))
    return found


def values_in(found: Sequence[Cell] | None) -> Iterator[tuple[str, str]]:
    """The values that sentences fetch, each with the heading it stands under."""
    for cell in found or ():
        if not cell.is_code:
            for heading, text in sentences(cell.source, cell.heading):
                for _, name in VALUE.findall(text):
                    yield heading, name


def value_id(name: str, area: str, parameters: Mapping[str, object], known: Mapping[str, object]) -> str:
    """The id that a value's name in a sentence stands for, as the chapter resolves it."""
    for key, text in parameters.items():
        name = name.replace(f"{{{key}}}", str(text))
    return name if name in known else f"{area}.{name}"
