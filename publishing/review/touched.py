"""The chapters that show something else than before: tables, figures and the numbers in their sentences.

Both sides run the cells of every chapter (:mod:`publishing.review.run_analysis`), and what they show is compared. So
every table and figure is covered, with or without a built book, and whatever the change was: data, assumption or code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from publishing import project
from publishing.review import prose
from publishing.review.sides import Side

#: What each kind of result is called.
WORDS = {
    "tabell": "tabellen",
    "figur": "figuren",
    "hovedtall": "hovedtallene",
    "liste": "listen",
    "utforsker": "utforskeren",
    "sporbarhet": "sporingen",
}


@dataclass(frozen=True)
class Touched:
    """A chapter that shows something else: its name in words, what it shows, and the key figures in its sentences."""

    docname: str
    name: str
    shows: Sequence[str] = ()
    fetches: Sequence[str] = ()
    fault: str = ""


def compare(before: Side, after: Side, changed: frozenset[str]) -> list[Touched]:
    """The chapters of the newer side that show something else. ``changed`` are the ids of the changed key figures."""
    found = []
    for chapter in after.notebooks:
        old, new = before.chapters.get(chapter.docname), after.chapters.get(chapter.docname, {})
        if old is None:  # a new chapter is told of by its text
            continue
        shows = list(_differing(old.get("shown", ()), new.get("shown", ())))
        fault = new.get("fault", "")
        fetches = list(dict.fromkeys(_fetched(chapter, after, changed)))
        if fault or fetches or (shows and "fault" not in old):
            found.append(Touched(chapter.docname, name(chapter.docname, after), shows, fetches, fault))
    return found


def name(docname: str, side: Side) -> str:
    """«Sentralbord: Dagens situasjon på sentralbordet»."""
    chapter = next((chapter for chapter in side.notebooks if chapter.docname == docname), None)
    heading = prose.title_of(prose.cells(chapter.notebook)) if chapter else ""
    if chapter:
        heading = prose.readable(heading, lambda role, name: name)
        for key, text in chapter.parameters.items():
            heading = heading.replace(f"[{key}]", str(text))
    report = next((report.title for report in side.reports if docname in report.docnames), "")
    return ": ".join(part for part in (report, heading if heading != report else "") if part) or docname


def _differing(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    earlier, present = _by_name(old), _by_name(new)
    for which, result in present.items():
        word = WORDS.get(result["kind"], result["kind"])
        shown = f"{word} «{result['title']}»" if result["title"] else word
        if which not in earlier:
            yield f"{shown} (ny)"
        elif earlier[which]["content"] != result["content"]:
            yield shown
        elif earlier[which]["drawing"] != result["drawing"]:
            yield f"{shown} (bare tegningen)"
    for which, result in earlier.items():
        if which not in present:
            word = WORDS.get(result["kind"], result["kind"])
            yield f"{word} «{result['title']}» (borte)" if result["title"] else f"{word} (borte)"


def _by_name(results: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str, int], Mapping[str, Any]]:
    """Results by kind, name and number: a chapter may show several lists, which have no name."""
    found: dict[tuple[str, str, int], Mapping[str, Any]] = {}
    for result in results:
        number = sum(which[:2] == (result["kind"], result["name"]) for which in found)
        found[result["kind"], result["name"], number] = result
    return found


def _fetched(chapter: project.Chapter, side: Side, changed: frozenset[str]) -> Iterator[str]:
    """The names of changed key figures that the chapter's sentences fetch."""
    area = str(chapter.parameters.get("omrade", "felles"))
    for _, value in prose.values_in(prose.cells(chapter.notebook)):
        which = prose.value_id(value, area, chapter.parameters, side.by_id)
        if which in changed and which in side.by_id:
            yield side.by_id[which]["navn"]
