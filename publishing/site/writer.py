"""How our nodes, tables and figures are written as HTML."""

from __future__ import annotations

import re
import types
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from analysis import formatting
from publishing import charts
from publishing.nodes import nedlasting, ordforklaring, tallgrunnlag, utforsker, verdi

#: Containers that are more than a box to those who do not see the page.
_CONTAINERS = {"hovedtall": "ul", "nokkeltall": "li"}

#: Digits with a hyphen between them, «20-3» in «kommuneloven § 20-3»: browsers would break the line after the hyphen.
_HYPHENATED = re.compile(r"\b\d+(?:-\d+)+\b")

#: «økonomi/effektivisering»: browsers would not break the line at all, and a column grows as wide as both words.
_EITHER_OR = re.compile(r"(?<=[^\W\d_]/)(?=[^\W\d_])")


class ReportTranslator:
    """Mixed into the theme's translator: headers with scope, tables that scroll by themselves, captions on top."""

    def visit_table(self: Any, node: nodes.table) -> None:
        # The theme's script takes the box out of the tab order wherever the whole table is in view.
        label = _label(self, node)
        self.body.append('<div class="pst-scrollable-table-container tabellrulle"')
        if label:
            self.body.append(f' role="region" aria-label="{self.attval(label)}"')
        self.body.append(' tabindex="0">\n')
        self._table_row_indices.append(0)
        node["stacked"] = _is_words(node)
        # Roles are said outright: browsers forget them when a style sheet lays the rows out as blocks.
        words = {"ROLE": "table"} if node["stacked"] else {}
        self.body.append(self.starttag(node, "table", CLASS="table teksttabell" if words else "table", **words))

    def visit_Text(self: Any, node: nodes.Text) -> None:  # noqa: N802 - docutils names visitors after the nodes
        start = len(self.body)
        super().visit_Text(node)  # type: ignore[misc]
        in_table = isinstance(node.parent.parent, nodes.entry)
        for place in range(start, len(self.body)):
            text = _HYPHENATED.sub(r'<span class="ubrutt">\g<0></span>', self.body[place])
            self.body[place] = _EITHER_OR.sub("<wbr>", text) if in_table else text

    def visit_row(self: Any, node: nodes.row) -> None:
        start = len(self.body)
        super().visit_row(node)  # type: ignore[misc]
        if _table_of(node)["stacked"]:
            self.body[start] = self.body[start].replace("<tr", '<tr role="row"', 1)

    def visit_entry(self: Any, node: nodes.entry) -> None:
        start, column = len(self.body), node.parent.index(node)
        super().visit_entry(node)  # type: ignore[misc]
        table, tag = _table_of(node), self.body[start][1:3]
        head = isinstance(node.parent.parent, nodes.thead)
        added = f' scope="{"col" if head else "row"}"' if tag == "th" else ""
        if table["stacked"]:
            role = "columnheader" if head else "rowheader" if tag == "th" else "cell"
            added += f' role="{role}"'
            if not head:
                added += f' data-kolonne="{self.attval(_headers(table)[column])}"'
        self.body[start] = self.body[start].replace(f"<{tag}", f"<{tag}{added}", 1)

    def visit_title(self: Any, node: nodes.title) -> None:
        super().visit_title(node)  # type: ignore[misc]
        if isinstance(node.parent, nodes.table):
            # The text of the caption keeps to the width of the screen, while the table may be wider.
            after = next(place for place in range(len(self.body), 0, -1) if self.body[place - 1].startswith("<caption"))
            self.body.insert(after, '<span class="tabelltittel">')

    def depart_title(self: Any, node: nodes.title) -> None:
        if isinstance(node.parent, nodes.table):
            self.context[-1] = f"</span>{self.context[-1]}"
        super().depart_title(node)  # type: ignore[misc]

    def visit_figure(self: Any, node: nodes.figure) -> None:
        # The caption states the finding, so it is read before the chart.
        node.children.sort(key=lambda child: not isinstance(child, nodes.caption))
        super().visit_figure(node)  # type: ignore[misc]

    def visit_image(self: Any, node: nodes.image) -> None:
        # A chart is a part of the page: its letters are the page's, and a script can reach it. Two drawings,
        # of which the style sheet shows the one that fits the width.
        if "tegning" not in node:
            super().visit_image(node)  # type: ignore[misc]
            return
        for marker in ("tegning", "smal"):
            svg = Path(self.builder.srcdir, node[marker]).read_text("utf-8")
            self.body.append(charts.inside_page(svg, node["alt"], marker, f"{node.parent['ids'][0]}-{marker}"))
        raise nodes.SkipNode

    def depart_caption(self: Any, node: nodes.caption) -> None:
        super().depart_caption(node)  # type: ignore[misc]
        if isinstance(node.parent, nodes.figure):
            self.body.append("</figcaption>\n")

    def visit_legend(self: Any, node: nodes.legend) -> None:
        self.body.append(self.starttag(node, "div", CLASS="legend"))

    def depart_figure(self: Any, node: nodes.figure) -> None:
        self.body.append("</figure>\n")


def _table_of(node: nodes.Element) -> nodes.table:
    """The table that a row or a cell stands in."""
    parent: Any = node.parent
    while not isinstance(parent, nodes.table):
        parent = parent.parent
    return parent


def _headers(table: nodes.table) -> list[str]:
    """The texts of the header row."""
    head = table.next_node(nodes.thead)
    return [entry.astext() for entry in head[-1]] if head is not None else []


def _is_words(table: nodes.table) -> bool:
    """Whether the table is text in three columns or more, which a telephone shows as one block per row."""
    rows = list(table.findall(nodes.row))
    widths = {len(row) for row in rows}
    numbers = any("tall" in entry["classes"] for row in rows for entry in row)
    return len(widths) == 1 and len(_headers(table)) >= 3 and not numbers


def _label(translator: HTML5Translator, table: nodes.table) -> str:
    """The number and title of a table, or of the figure it holds the numbers of."""
    title = table.next_node(nodes.title)
    if title is not None:
        return f"{_number(translator, table)}{title.astext()}"
    parent: Any = table.parent
    while parent is not None and not isinstance(parent, nodes.figure):
        parent = parent.parent
    caption = parent.next_node(nodes.caption) if parent is not None else None
    return f"Tallene bak {_number(translator, parent)}{caption.astext()}" if caption is not None else ""


def _number(translator: HTML5Translator, node: nodes.Element) -> str:
    """«Tabell 3: », or nothing for a table or figure without a number."""
    kind = "table" if isinstance(node, nodes.table) else "figure"
    numbers = translator.builder.fignumbers.get(kind, {})
    number = next((numbers[name] for name in node["ids"] if name in numbers), None)
    return f"{translator.config.numfig_format[kind] % '.'.join(map(str, number))}: " if number else ""


def anchor_of(node: verdi) -> str:
    """The anchor of a value in the list of numbers at the foot of its page."""
    return f"tall-{node['verdi_id'].replace('.', '-')}"


def origin(node: verdi) -> str:
    """How the value came to be and where it is from: «Oppgitt. Kilde: …»."""
    status, source = node["status"].capitalize(), node["kilde"]
    return source if source.startswith(status) else f"{status}. Kilde: {source}"


def visit_verdi(self: HTML5Translator, node: verdi) -> None:
    """A number leads to its source at the foot of the page; a script shows it in place."""
    attributes = {"data-verdi-id": node["verdi_id"], "data-tall": node["tall"], "data-status": node["status"]}
    if isinstance(node.parent, nodes.reference):  # a link within a link is not allowed
        self.body.append(self.starttag(node, "span", "", **attributes))
        self.context.append("</span>")
        return
    node["classes"].append("forklaring")
    if "kildelenke" in node["classes"]:
        attributes["aria-label"] = f"Kilde til {node['tekst']}"
    attributes |= {"href": f"#{anchor_of(node)}", "data-forklaring": f"{node['navn']}: {node['tekst']}. {origin(node)}"}
    self.body.append(self.starttag(node, "a", "", **attributes))
    self.context.append("</a>")


def depart_verdi(self: HTML5Translator, node: verdi) -> None:
    """Close what :func:`visit_verdi` opened."""
    self.body.append(self.context.pop())


def visit_ordforklaring(self: HTML5Translator, node: ordforklaring) -> None:
    """A word leads to its explanation in the list of words; a script shows it in place."""
    address = f"{self.builder.get_relative_uri(self.builder.current_docname, 'book/ordliste')}#{node['anker']}"
    self.body.append(
        self.starttag(node, "a", "", CLASS="forklaring", href=address, **{"data-forklaring": node["forklaring"]})
    )


def depart_ordforklaring(self: HTML5Translator, node: ordforklaring) -> None:
    """Close what :func:`visit_ordforklaring` opened."""
    self.body.append("</a>")


def visit_nedlasting(self: HTML5Translator, node: nedlasting) -> None:
    """The files to download are a paragraph."""
    self.visit_paragraph(node)


def depart_nedlasting(self: HTML5Translator, node: nedlasting) -> None:
    """Offer an address to send to others, and close what :func:`visit_nedlasting` opened."""
    shown = _shown_above(node)
    if shown is not None:
        word = "figuren" if isinstance(shown, nodes.figure) else "tabellen"
        self.body.append(f'. Del: <a class="reference internal" href="#{shown["ids"][0]}">lenke til {word}</a>')
    self.depart_paragraph(node)


def _shown_above(node: nedlasting) -> nodes.Element | None:
    """The figure or table whose files the line offers."""
    parent: Any = node.parent
    if isinstance(parent, nodes.legend):
        return parent.parent
    return parent.next_node(nodes.table)


def visit_container(self: HTML5Translator, node: nodes.container) -> None:
    """The key numbers are a list; other containers are boxes."""
    tag = next((_CONTAINERS[name] for name in node["classes"] if name in _CONTAINERS), "div")
    if "nokkeltall" in node["classes"]:
        _set_unit_apart(node)
    # A list without markers loses its role in one browser unless the role is said.
    role = {"ROLE": "list"} if tag == "ul" else {}
    self.body.append(self.starttag(node, tag, CLASS="docutils", **role))
    self.context.append(f"</{tag}>\n")


def depart_container(self: HTML5Translator, node: nodes.container) -> None:
    """Close what :func:`visit_container` opened."""
    self.body.append(self.context.pop())


def _set_unit_apart(card: nodes.container) -> None:
    """Let the unit of a key number be set smaller than its digits, and mark a card that has a word for its number."""
    for paragraph in card.findall(nodes.paragraph):
        digits, space, unit = paragraph.astext().partition(formatting.NBSP)
        if "tall" not in paragraph["classes"]:
            continue
        if unit:
            paragraph.children = []
            paragraph += [nodes.Text(digits + space), nodes.inline("", unit, classes=["enhet"])]
        elif digits.isalpha():
            card["classes"].append("uten-tall")


def visit_tallgrunnlag(self: HTML5Translator, node: tallgrunnlag) -> None:
    """The numbers behind a figure are folded away, and so is a long table under words of its own."""
    self.body.append(self.starttag(node, "details", CLASS="tallgrunnlag"))
    code = f" <code>{self.encode(node['kode'])}</code>" if "kode" in node else ""
    self.body.append(f"<summary>{self.encode(node.get('oppsummering', 'Vis tallene som tabell'))}{code}</summary>\n")


def depart_tallgrunnlag(self: HTML5Translator, node: tallgrunnlag) -> None:
    """Close what :func:`visit_tallgrunnlag` opened."""
    self.body.append("</details>\n")


def visit_utforsker(self: HTML5Translator, node: utforsker) -> None:
    """An empty box that utforsker.js fills; without scripts it points to the tables, which hold the same numbers."""
    self.body.append(self.starttag(node, "div", "", **{"data-modell": node["modell"]}))
    self.body.append("<p>Uten JavaScript finner du de samme tallene i tabellene på siden.</p></div>\n")


def depart_utforsker(self: HTML5Translator, node: utforsker) -> None:
    """Nothing is left open."""


def mix_in(app: Sphinx) -> None:
    """Put :class:`ReportTranslator` in front of the theme's own translator, the way the theme does it."""
    if app.builder.name != "html":
        return
    name = app.builder.name
    base = app.registry.translators.get(name) or app.builder.default_translator_class
    app.set_translator(name, types.new_class("ReportHTML5Translator", (ReportTranslator, base)), override=True)


def setup(app: Sphinx) -> None:
    """Register the visitors with Sphinx."""
    app.add_node(verdi, html=(visit_verdi, depart_verdi))
    app.add_node(ordforklaring, html=(visit_ordforklaring, depart_ordforklaring))
    app.add_node(nedlasting, html=(visit_nedlasting, depart_nedlasting))
    # MyST has registered visitors for containers already, which write a class that the theme gives a width of its own.
    app.add_node(nodes.container, override=True, html=(visit_container, depart_container))
    app.add_node(utforsker, html=(visit_utforsker, depart_utforsker))
    app.add_node(tallgrunnlag, html=(visit_tallgrunnlag, depart_tallgrunnlag))
    # The theme registers its translator at the same event, with priority 500.
    app.connect("builder-inited", mix_in, priority=900)
