"""Makes links of what the text refers to: a section of a law, a table of the statistics, a source by its title.

Where they lead stands in ``data/kilder.csv``. Authors write «kommuneloven § 20-2» and nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from analysis import data
from publishing.nodes import verdi

#: Where a link would be in the way, or is one already.
_LEFT_ALONE = (
    nodes.reference,
    addnodes.pending_xref,
    nodes.title,
    nodes.caption,
    nodes.literal,
    nodes.raw,
    nodes.comment,
    verdi,
)

_SECTION = r"\d+[a-z]?(?:-\d+[a-z]?)?"


@cache
def _laws() -> dict[str, str]:
    """The short name of each law, and its web address."""
    found = {}
    for row in data.load("kilder").itertuples():
        name = re.search(r"\(([^()]*lov(?:en|a))\)", row.tittel)
        if name and isinstance(row.url, str) and "lovdata.no" in row.url:
            found[name[1]] = row.url.replace("/dokument/NL", "")
    return found


@cache
def _sources() -> dict[str, str]:
    """What a source is called in the text (a table by its number, another source by its title), and its web address."""
    found = {}
    for row in data.load("kilder").itertuples():
        if not isinstance(row.url, str) or not row.url:
            continue
        table = re.search(r"/table/(\d{5})", row.url)
        found[row.tittel] = row.url
        if table:
            found[f"tabell {table[1]}"] = row.url
    return found


@cache
def _pattern() -> re.Pattern[str]:
    laws = "|".join(map(re.escape, sorted(_laws(), key=len, reverse=True)))
    sources = "|".join(map(re.escape, sorted(_sources(), key=len, reverse=True)))
    sections = rf"§+\s*{_SECTION}(?:(?:, | og | til ){_SECTION})*"
    return re.compile(rf"(?P<law>\b(?:{laws}))\s(?P<sections>{sections})|(?P<source>{sources})", re.IGNORECASE)


def linked(text: str) -> list[nodes.Node]:
    """The text with links in it; one piece of text alone when it refers to nothing."""
    found: list[nodes.Node] = []
    end = 0
    for match in _pattern().finditer(text):
        found.append(nodes.Text(text[end : match.start()]))
        found.extend(_to_law(match) if match["law"] else _to_source(match))
        end = match.end()
    found.append(nodes.Text(text[end:]))
    return [node for node in found if node.astext()]


def _to_law(match: re.Match[str]) -> Iterator[nodes.Node]:
    """«kommuneloven § 20-2» is one link; of «kommuneloven §§ 20-1 og 20-3» the second section is a link of its own."""
    address = next(url for name, url in _laws().items() if name.lower() == match["law"].lower())
    text, end = match[0], 0
    for section in re.finditer(_SECTION, text):
        # The first link takes the name of the law along; between two links stand «og» and the like.
        if end:
            yield nodes.Text(text[end : section.start()])
        start = section.start() if end else 0
        end = section.end()
        yield _link(text[start:end], f"{address}/§{section[0]}")


def _to_source(match: re.Match[str]) -> Iterator[nodes.Node]:
    yield _link(match[0], next(url for name, url in _sources().items() if name.lower() == match[0].lower()))


def _link(words: str, address: str) -> nodes.reference:
    return nodes.reference("", "", nodes.Text(words), refuri=address, internal=False)


def add_links(app: Sphinx, doctree: nodes.document) -> None:
    """Put links into the running text and the tables of a chapter."""
    for node in list(doctree.findall(nodes.Text)):
        parents: list[nodes.Node] = []
        parent = node.parent
        while parent is not None:
            parents.append(parent)
            parent = parent.parent
        if any(isinstance(one, _LEFT_ALONE) for one in parents):
            continue
        pieces = linked(node.astext())
        if any(isinstance(piece, nodes.reference) for piece in pieces):
            node.parent.replace(node, pieces)


def setup(app: Sphinx) -> None:
    """Register the handler."""
    app.connect("doctree-read", add_links)
