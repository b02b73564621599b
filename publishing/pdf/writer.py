"""From docutils to Typst: one small method for each kind of node.

The source written here only calls Typst's own functions and those of ``template.typ``:
what a thing is stands here, how it looks stands there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from docutils import nodes
from sphinx.locale import admonitionlabels

from analysis.formatting import MONTHS
from publishing.errors import BuildError
from publishing.pdf import syntax, tables
from publishing.pdf.assemble import NUMBER, Chapter, target_of
from publishing.pdf.syntax import call, string

#: Spaces that a line may be broken at; the no-break ones are kept as they are.
_SPACES = re.compile(r"[ \t\r\n\f\v]+")

#: What a line must not be broken after: «§» before its number, the day before its month.
_BELONGS_TOGETHER = re.compile(rf"(§|\b\d{{1,2}}\.) (?=\d|{'|'.join(MONTHS)})")

_KINDS_OF_NUMBERING = {"arabic": "1.", "loweralpha": "a.", "upperalpha": "A.", "lowerroman": "i.", "upperroman": "I."}

#: The class that docutils makes a language of: `[Commit]{.language-en}` is English.
LANGUAGE = "language-"

#: Admonitions that call for care are marked so in the template.
_SERIOUS = frozenset({"attention", "caution", "danger", "error", "important", "warning"})


class Writer:
    """Writes the chapters of one report.

    ``docnames`` are the chapters of the report, ``linked`` the anchors that something in it links to,
    ``web_address`` the address of the site, or empty.
    """

    def __init__(self, docnames: Iterable[str], linked: frozenset[str] = frozenset(), web_address: str = "") -> None:
        self.docnames = frozenset(docnames)
        self.linked = linked
        self.web_address = web_address.rstrip("/")
        self.footnotes: dict[str, nodes.Element] = {}
        self.footnotes_written: set[str] = set()
        self.addresses_written: set[str] = set()
        #: Heading level of the section that is being written: a chapter is 1, the report's title on the cover has none.
        self.level = 0
        #: The chapter that is being written.
        self.docname = ""
        #: Within tables, captions, headings and footnotes no footnote is added to a link.
        self.plain_links = 0

    # What is called from outside

    def chapter(self, chapter: Chapter) -> str:
        """A whole chapter as one Typst expression."""
        self.footnotes = {node_id: node for node in chapter.document.findall(nodes.footnote) for node_id in node["ids"]}
        self.level = 0
        self.docname = chapter.docname
        start = call("chapter-start", anchor=string(chapter.docname), opening=syntax.boolean(chapter.opening))
        return syntax.block([start, *self.all_of(chapter.document)])

    def write(self, node: nodes.Node) -> str:
        """One node as a Typst expression.

        Raises:
            BuildError: naming the node, when there is no method for its kind; nothing is left out silently.
        """
        for kind in type(node).__mro__:
            method: Callable[[nodes.Node], str] | None = getattr(self, f"write_{kind.__name__}", None)
            if method:
                return method(node)
        raise _unknown(node)

    def all_of(self, node: nodes.Element) -> list[str]:
        """The node's children, each as an expression."""
        return [self.write(child) for child in node.children]

    def content(self, node: nodes.Element) -> str:
        """The node's children as one piece of content."""
        return syntax.block(self.all_of(node))

    # Text

    def write_Text(self, node: nodes.Text) -> str:  # noqa: N802 - named after the node
        return string(_BELONGS_TOGETHER.sub("\\1\u00a0", _SPACES.sub(" ", node.astext())))

    def write_emphasis(self, node: nodes.Element) -> str:
        return call("emph", self.content(node))

    write_title_reference = write_emphasis

    def write_strong(self, node: nodes.Element) -> str:
        return call("strong", self.content(node))

    def write_literal(self, node: nodes.Element) -> str:
        return call("literal", string(node.astext()))

    def write_superscript(self, node: nodes.Element) -> str:
        return call("super", self.content(node))

    def write_subscript(self, node: nodes.Element) -> str:
        return call("sub", self.content(node))

    def write_inline(self, node: nodes.Element) -> str:
        """Spans, and our own ``verdi``: on paper a value is text like any other. Foreign words tell their language."""
        for name in node.get("classes", ()):
            if name.startswith(LANGUAGE):  # as the site writes it
                return call("text", self.content(node), lang=string(name.removeprefix(LANGUAGE)))
        return self.content(node)

    write_abbreviation = write_inline
    write_generated = write_inline

    # Paragraphs and their kin

    def write_paragraph(self, node: nodes.Element) -> str:
        for kind, function in {"kilde": "source-line", "merknad": "remark"}.items():
            if kind in node["classes"]:
                return self._anchored(node, call(function, self.content(node)))
        written = call("par", self.content(node))
        # «…, nemlig:» must not be left alone at the foot of a page.
        leads = node.astext().rstrip().endswith(":")
        return self._anchored(node, call("keep-with-next", written) if leads else written)

    def write_block_quote(self, node: nodes.Element) -> str:
        attribution = [child for child in node.children if isinstance(child, nodes.attribution)]
        words = syntax.block(self.write(child) for child in node.children if child not in attribution)
        if not attribution:
            return self._anchored(node, call("quote", words, block="true"))
        return self._anchored(node, call("quote", words, block="true", attribution=self.content(attribution[0])))

    def write_literal_block(self, node: nodes.Element) -> str:
        return self._anchored(node, call("literal-block", string(node.astext())))

    def write_line_block(self, node: nodes.Element) -> str:
        return self._anchored(node, call("line-block", *self.all_of(node)))

    def write_line(self, node: nodes.Element) -> str:
        return self.content(node)

    def write_transition(self, node: nodes.Element) -> str:
        # MyST draws a line before footnotes; on paper they stand at the foot of their page.
        return syntax.NOTHING if "footnotes" in node["classes"] else "divider()"

    def write_rubric(self, node: nodes.Element) -> str:
        return self._anchored(node, call("rubric", self.content(node)))

    def write_container(self, node: nodes.Element) -> str:
        if "hovedtall" in node["classes"]:
            return self._anchored(node, call("key-numbers", *(self.key_number(card) for card in node.children)))
        if "tabellramme" in node["classes"]:
            return self.table_with_notes(node)
        if "kort" in node["classes"]:
            for item in node.findall(nodes.list_item):
                item["classes"].append("kort")
            return self._anchored(node, call("brief", self.content(node)))
        return self._anchored(node, self.content(node))

    write_compound = write_container

    def key_number(self, card: nodes.Node) -> str:
        """One card: the number apart from its unit, so that the number can stand out."""
        texts = {kind: part.astext() for part in card.children for kind in part["classes"]}  # type: ignore[attr-defined]
        number, space, unit = texts["tall"].partition("\u00a0")
        status = "none" if texts["tall"] == texts["status"] else string(texts["status"])
        options = {"change": string(texts["endring"])} if "endring" in texts else {}
        return call("key-number", string(number), string(space + unit), string(texts["navn"]), status, **options)

    # Sections

    def write_section(self, node: nodes.Element) -> str:
        self.level += 1
        written = syntax.block([self._anchors(node, taken=1), *self._section_parts(node)])
        self.level -= 1
        return written

    def _section_parts(self, node: nodes.Element) -> list[str]:
        title, *rest = node.children
        first = rest[0] if rest else None
        if isinstance(first, nodes.container) and "tabellramme" in first["classes"]:
            # A table that needs a page on its side takes its heading along.
            return [self.table_with_notes(first, self.write(title)), *map(self.write, rest[1:])]
        return self.all_of(node)

    def write_title(self, node: nodes.Element) -> str:
        heading = call("heading", self._without_added_notes(node), level=str(self.level))
        names = node.parent["ids"]
        if names and names[0] in self.linked:
            heading = syntax.labelled(heading, names[0])
        return call("chapter-heading", heading) if self._begins_chapter(node) else heading

    def _begins_chapter(self, title: nodes.Element) -> bool:
        """Whether this is the title of a whole chapter."""
        return isinstance(title.parent.parent, nodes.document)

    # Lists

    def write_bullet_list(self, node: nodes.Element) -> str:
        return self._anchored(node, call("list", *map(self._item, node.children), **_list_options(node)))

    def _item(self, node: nodes.Element) -> str:
        """A list item; one that is a link and what is behind it is not divided between two pages."""
        written = self._flat(node)
        return call("block", written, breakable="false") if "kort" in node["classes"] else written

    def write_enumerated_list(self, node: nodes.Element) -> str:
        kind = _KINDS_OF_NUMBERING[node.get("enumtype", "arabic")]
        options = {"numbering": string(kind), "start": str(node.get("start", 1)), **_list_options(node)}
        return self._anchored(node, call("enum", *map(self._flat, node.children), **options))

    def write_definition_list(self, node: nodes.Element) -> str:
        return self._anchored(node, call("terms", *self.all_of(node), tight="false"))

    def write_definition_list_item(self, node: nodes.Element) -> str:
        terms = [child for child in node.children if isinstance(child, (nodes.term, nodes.classifier))]
        meaning = syntax.block(self._flat(child) for child in node.children if child not in terms)
        return call("terms.item", syntax.block(self.content(term) for term in terms), meaning)

    def write_field_list(self, node: nodes.Element) -> str:
        return self._anchored(node, call("terms", *self.all_of(node), tight="false"))

    def write_field(self, node: nodes.Element) -> str:
        name, body = node.children
        return call("terms.item", self.content(name), self._flat(body))

    # Boxes

    def write_Admonition(self, node: nodes.Element) -> str:  # noqa: N802 - docutils' common base class
        kind = type(node).__name__
        first = node.children[0] if node.children else None
        if isinstance(first, nodes.title):
            title, rest = self._without_added_notes(first), node.children[1:]
        elif kind in admonitionlabels:
            title, rest = string(str(admonitionlabels[kind])), node.children
        else:
            raise _unknown(node)
        serious = syntax.boolean(kind in _SERIOUS or _SERIOUS & set(node["classes"]))
        box = call("box-of", title, syntax.block(map(self.write, rest)), serious=serious)
        return self._anchored(node, box)

    write_topic = write_Admonition
    write_sidebar = write_Admonition

    # Figures and tables

    def write_image(self, node: nodes.Element) -> str:
        alternative = node.get("alt", "").strip()
        if not alternative or alternative == node["uri"]:
            raise BuildError(f"{_where(node)}: Bildet «{node['uri']}» mangler tekstalternativ. Skriv hva bildet viser.")
        return call("picture", string("/" + node["uri"].lstrip("/")), alt=string(alternative))

    def write_figure(self, node: nodes.Element) -> str:
        parts = {type(child): child for child in node.children}
        picture = syntax.block(
            self.write(child) for child in node.children if not isinstance(child, (nodes.caption, nodes.legend))
        )
        legend = parts.get(nodes.legend)
        return call(
            "chart", picture,
            caption=self._caption(node, parts.get(nodes.caption)),
            notes=self.content(legend) if legend else syntax.NOTHING,
            anchors=self._anchors(node),
            below_heading=syntax.boolean(_is_first_of_section(node)),
        )  # fmt: skip

    def write_table(self, node: nodes.Element) -> str:
        return self._table(node, [])

    def table_with_notes(self, frame: nodes.Element, heading: str = "") -> str:
        """A table and the lines below it, which must follow it over the page."""
        table = next(child for child in frame.children if isinstance(child, nodes.table))
        return self._table(table, [child for child in frame.children if child is not table], heading)

    def _table(self, node: nodes.Element, notes: list[nodes.Node], heading: str = "") -> str:
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        shape = tables.shape(node)
        self.plain_links += 1
        written = call(
            "data-table",
            columns=syntax.array(f"{width:g}fr" for width in shape.widths),
            alignment=syntax.array("right" if numeric else "left" for numeric in shape.numeric),
            header=syntax.array(self._row(row) for row in shape.header),
            rows=syntax.array(self._row(row) for row in shape.body),
            total=syntax.boolean(shape.total),
            landscape=syntax.boolean(shape.landscape),
            together=syntax.boolean(shape.together),
            caption=self._caption(node, title),
            notes=syntax.block(map(self.write, notes)),
            anchors=self._anchors(node),
            heading=heading if heading and shape.landscape else "none",
        )
        self.plain_links -= 1
        return syntax.block([heading, written]) if heading and not shape.landscape else written

    def _row(self, row: nodes.Element) -> str:
        return syntax.array(self._cell(entry) for entry in row.children)

    def _cell(self, entry: nodes.Node) -> str:
        columns, rows = entry.get("morecols", 0) + 1, entry.get("morerows", 0) + 1  # type: ignore[attr-defined]
        return call("table.cell", self._flat(entry), colspan=str(columns), rowspan=str(rows))

    def _caption(self, node: nodes.Element, title: nodes.Element | None) -> str:
        """«Figur 1. Title», the title alone when Sphinx gave no number, or nothing."""
        if title is None:
            return "none"
        start = [call("caption-number", string(f"{node[NUMBER]}."))] if NUMBER in node else []
        return syntax.block([*start, self._without_added_notes(title)])

    # Links and footnotes

    def write_reference(self, node: nodes.Element) -> str:
        target = target_of(node)
        if target is None:
            return self._external(node, node["refuri"])
        docname = target.partition("#")[0]
        if docname in self.docnames:
            # Who reads on paper finds another chapter by its page.
            function = "inside-link" if self.plain_links or docname == self.docname else "page-link"
            return call(function, call("label", string(target)), self.content(node))
        if self.web_address:
            docname, hash_sign, place = target.partition("#")
            return self._external(node, f"{self.web_address}/{docname}.html{hash_sign}{place}")
        # Another report is another paper: its name is what helps the reader find it.
        return call("emph", self.content(node))

    write_number_reference = write_reference

    def _external(self, node: nodes.Element, address: str) -> str:
        link = call("link", string(address), call("outside-link", self.content(node)))
        shown = address.removeprefix("mailto:")
        if self.plain_links or node.astext() in (address, shown) or address in self.addresses_written:
            return link
        self.addresses_written.add(address)
        # Who reads on paper needs the address too, once.
        return syntax.block([link, call("footnote", call("address", string(shown)))])

    def write_download_reference(self, node: nodes.Element) -> str:
        return self.content(node)

    def write_footnote_reference(self, node: nodes.Element) -> str:
        name = node["refid"]
        if name in self.footnotes_written:
            return call("footnote", call("label", string(name)))
        self.footnotes_written.add(name)
        self.plain_links += 1
        text = syntax.block(
            self._flat_child(child) for child in self.footnotes[name].children if not isinstance(child, nodes.label)
        )
        self.plain_links -= 1
        return syntax.labelled(call("footnote", text), name)

    def write_footnote(self, node: nodes.Element) -> str:
        """Written where it is referred to."""
        return syntax.NOTHING

    def write_target(self, node: nodes.Element) -> str:
        return syntax.block([self._anchors(node), *self.all_of(node)])

    # Tools

    def _anchors(self, node: nodes.Element, taken: int = 0) -> str:
        """Places to link to, for those of the node's anchors that something links to."""
        names = [name for name in node["ids"][taken:] if name in self.linked]
        return syntax.block(call("anchor", string(name)) for name in names)

    def _anchored(self, node: nodes.Element, written: str) -> str:
        anchors = self._anchors(node)
        return written if anchors == syntax.NOTHING else syntax.block([anchors, written])

    def _without_added_notes(self, node: nodes.Element) -> str:
        self.plain_links += 1
        written = self.content(node)
        self.plain_links -= 1
        return written

    def _flat(self, node: nodes.Node) -> str:
        """The content of a list item or cell, without the paragraph around a single piece of text."""
        children = node.children
        if len(children) == 1:
            return self._flat_child(children[0])
        return syntax.block(self.write(child) for child in children)

    def _flat_child(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.paragraph) and not (node["ids"] or node["classes"]):
            return self.content(node)
        return self.write(node)


def _is_first_of_section(node: nodes.Node) -> bool:
    """Whether only the heading stands before the node, so that the two must not be parted."""
    siblings = node.parent.children
    return isinstance(siblings[max(siblings.index(node) - 1, 0)], nodes.title)


def _list_options(node: nodes.Element) -> dict[str, str]:
    """Entries of one short piece stand close; entries of several paragraphs need more air."""
    # Never «tight», which would pull the list up to the paragraph before it.
    airy = any(sum(isinstance(part, nodes.paragraph) for part in item.children) > 1 for item in node.children)
    return {"tight": "false", **({"spacing": "1.1em"} if airy else {})}


def _unknown(node: nodes.Node) -> BuildError:
    return BuildError(
        f"{_where(node)}: PDF-en kan ikke vise «{type(node).__name__}» ({_excerpt(node)}). "
        "Skriv det på en annen måte, eller be den som vedlikeholder programmet, om hjelp."
    )


def _where(node: nodes.Node) -> str:
    while node is not None:
        source = getattr(node, "source", None)
        if source:
            name = source.replace("\\", "/")
            start = name.rfind("/book/")
            return name[start + 1 :] + (f", linje {node.line}" if node.line else "")
        node = node.parent
    return "Ukjent sted"


def _excerpt(node: nodes.Node) -> str:
    text = _SPACES.sub(" ", node.astext()).strip()
    return f"«{text[:60]}…»" if len(text) > 60 else f"«{text}»"
