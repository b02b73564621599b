"""Puts the chapters of one report together, so that links, numbers and footnotes work across them.

The chapters are the resolved documents that the site is made of as well. What was unique
within a chapter becomes unique within the report: an anchor is named ``docname#id``.
"""

from __future__ import annotations

from dataclasses import dataclass

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment

from publishing.nodes import nedlasting, tallgrunnlag, utforsker

#: Stands before the address of something inside the book: ``bok:book/felles/metode#kilder``.
INSIDE = "bok:"

#: The attribute where a figure or table keeps its name within the report, such as «Figur 1».
NUMBER = "rapportnummer"

#: What a paper has no use for: navigation, the folded numbers behind a figure, notes to the author.
_LEFT_OUT = (
    addnodes.toctree,
    addnodes.index,
    tallgrunnlag,
    nedlasting,
    nodes.comment,
    nodes.substitution_definition,
    nodes.meta,
)

#: Spaces that a line may be broken at; the no-break ones are not among them.
_BREAKING = " \t\r\n\f\v"

ON_THE_SITE = "På nettsiden kan du selv velge innsparing og fordelingsnøkkel og se hva det gir for hver kommune."


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter, ready to be written. ``opening`` marks the first, which begins after the table of contents."""

    docname: str
    document: nodes.document
    opening: bool


def chapters(env: BuildEnvironment, docnames: tuple[str, ...]) -> list[Chapter]:
    """The chapters of a report in reading order, with references resolved and anchors unique."""
    return [Chapter(docname, _document(env, docname), opening=docname == docnames[0]) for docname in docnames]


def _document(env: BuildEnvironment, docname: str) -> nodes.document:
    document = env.get_doctree(docname)
    env.apply_post_transforms(document, docname)
    leave_out(document)
    tidy_spaces(document)
    set_numbers(document, env.toc_fignumbers.get(docname, {}), env.config.numfig_format)
    make_unique(document, docname)
    return document


def leave_out(document: nodes.document) -> None:
    """Remove what is not printed, and say where a tool that only a screen can show is found."""
    for node in list(document.findall(utforsker)):
        node.replace_self(nodes.paragraph("", ON_THE_SITE))
    for node in list(document.findall(lambda node: isinstance(node, _LEFT_OUT) or _added_for_browsers(node))):
        if node.parent is not None:
            node.parent.remove(node)


def _added_for_browsers(node: nodes.Node) -> bool:
    """Whether a Sphinx extension of the site put this HTML here; what an author wrote has a line number."""
    return isinstance(node, nodes.raw) and node.line is None


def tidy_spaces(document: nodes.document) -> None:
    """Let no paragraph or heading begin with a space, or hold two in a row, just as a browser shows it.

    They arise where something without words of its own stands, such as the mark of an answer to the mandate.
    """
    for block in document.findall(
        lambda node: isinstance(node, nodes.TextElement) and not isinstance(node, nodes.Inline)
    ):
        if isinstance(block, nodes.FixedTextElement):
            continue
        spaced = True
        for text in list(block.findall(nodes.Text)):
            words = str(text)
            if not words:
                continue
            kept = words.lstrip(_BREAKING) if spaced else words
            if kept != words:
                text.parent.replace(text, nodes.Text(kept))
            spaced = kept[-1] in _BREAKING if kept else spaced


def set_numbers(
    document: nodes.document, numbers: dict[str, dict[str, tuple[int, ...]]], formats: dict[str, str]
) -> None:
    """Write «Figur 1» or «Tabell 1» on each numbered node, since the anchor by which Sphinx knows it is about to change.

    ``numbers`` is Sphinx's, by kind and anchor; ``formats`` is ``numfig_format``.
    """
    for kind, node_type in (("figure", nodes.figure), ("table", nodes.table)):
        for node in document.findall(node_type):
            number = next((numbers[kind][name] for name in node["ids"] if name in numbers.get(kind, {})), None)
            if number:
                node[NUMBER] = (formats[kind] % ".".join(map(str, number))).replace(" ", "\u00a0")


def make_unique(document: nodes.document, docname: str) -> None:
    """Put the name of the chapter before every anchor, and before every link to one of them."""
    for node in document.findall(nodes.Element):
        node["ids"] = [anchor(docname, node_id) for node_id in node["ids"]]
        if "refid" in node:
            node["refid"] = anchor(docname, node["refid"])


def anchor(docname: str, node_id: str = "") -> str:
    """The name of a place in the book: a chapter, or something in it."""
    return f"{docname}#{node_id}" if node_id else docname


def target_of(node: nodes.Element) -> str | None:
    """The anchor that a reference points to inside the book, or None when it points elsewhere."""
    if "refid" in node:
        return str(node["refid"])
    address = str(node.get("refuri", ""))
    return address.removeprefix(INSIDE).rstrip("#") if address.startswith(INSIDE) else None


def targets(parts: list[Chapter]) -> frozenset[str]:
    """Every anchor that some reference in the chapters points to."""
    found = (target_of(node) for part in parts for node in part.document.findall(nodes.reference))
    return frozenset(name for name in found if name)
