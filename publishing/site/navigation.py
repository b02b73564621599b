"""The menu of the site: on every page the front page of each report, and the chapters of the report it belongs to.

The theme's own menu holds every chapter on every page, folded, and resolves the whole table of contents for each: the time
and the bytes of a page would then grow with the book. This one is made once in a build, and a page picks from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sphinx import addnodes
from sphinx.environment import BuildEnvironment


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the menu, with the pages below it; ``within`` are the document names of it and of all below it."""

    docname: str
    title: str
    below: tuple[Entry, ...]
    within: frozenset[str]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the book: its caption and its first pages."""

    caption: str
    entries: tuple[Entry, ...]


def menu(env: BuildEnvironment) -> tuple[Part, ...]:
    """The whole menu, from the table of contents as Sphinx has read it."""
    parts = env.tocs[env.config.root_doc].findall(addnodes.toctree)
    return tuple(Part(part["caption"] or "", tuple(_entries(env, part))) for part in parts)


def _entries(env: BuildEnvironment, toctree: addnodes.toctree) -> Iterator[Entry]:
    for title, docname in toctree["entries"]:
        if docname not in env.titles:  # an address elsewhere
            continue
        below = tuple(entry for part in env.tocs[docname].findall(addnodes.toctree) for entry in _entries(env, part))
        within = frozenset({docname}.union(*(entry.within for entry in below)))
        yield Entry(docname, title or env.titles[docname].astext(), below, within)


def touched(before: tuple[Part, ...], now: tuple[Part, ...]) -> frozenset[str] | None:
    """The pages whose menu is another than before; None when it is all of them, since all show the first pages."""
    if _firsts(before) != _firsts(now):
        return None
    pairs = zip(_entries_of(before), _entries_of(now), strict=True)
    return frozenset().union(*(new.within for old, new in pairs if old != new))


def _entries_of(parts: tuple[Part, ...]) -> list[Entry]:
    return [entry for part in parts for entry in part.entries]


def _firsts(parts: tuple[Part, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(part.caption, [(entry.docname, entry.title) for entry in part.entries]) for part in parts]
