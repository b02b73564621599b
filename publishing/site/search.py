"""The search of the site: every section, figure and table with its place and its words, in one file for the browser.

Sphinx' own search finds pages; a reader wants the place on the page, «årsverk» from «arsverk», and the words around
it also when the site is opened from a disk, where no script may fetch another page. So Sphinx' index is switched off,
and ``static/sok.js`` searches the texts themselves. Of Sphinx we use the Norwegian stemmer it brings along.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sphinx.search
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from publishing import project
from publishing.nodes import nedlasting, tallgrunnlag, utforsker

#: The stemmer for Norwegian and what it stands on, as Sphinx ships them (from Snowball, BSD licence).
STEMMERS = ("base-stemmer.js", "norwegian-stemmer.js")

#: What is not searched: what repeats what stands beside it, and what is no text.
_LEFT_OUT = (nedlasting, tallgrunnlag, utforsker, nodes.raw, nodes.comment, nodes.system_message)
_LEFT_OUT_CLASSES = {"rapportlenker", "status", "kildelenke"}

Entry = dict[str, str]


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Remember the sections, figures and tables of a chapter when it has been read."""
    _remembered(app.env)[app.env.docname] = list(entries(doctree))


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a chapter that is read again, or is gone."""
    _remembered(env).pop(docname, None)


def entries(doctree: nodes.document) -> Iterator[Entry]:
    """Each section, figure, table and word explained: its anchor (empty for the chapter itself), title and text."""
    for section in doctree.findall(nodes.section):
        chapter = isinstance(section.parent, nodes.document)
        title = section.next_node(nodes.title)
        yield {
            "anchor": "" if chapter else section["ids"][0],
            "title": title.astext() if title is not None else "",
            "text": " ".join(_texts(section)),
        }
        for shown in section.findall(nodes.Element):
            if not isinstance(shown, (nodes.figure, nodes.table)):
                continue
            name = shown.next_node(nodes.caption if isinstance(shown, nodes.figure) else nodes.title)
            if name is None or not shown["ids"] or _section_of(shown) is not section:
                continue
            if isinstance(shown, nodes.figure):
                text = str(shown.next_node(nodes.image)["alt"])
            else:
                text = " · ".join(entry.astext() for entry in shown.findall(nodes.entry))
            yield {"anchor": shown["ids"][0], "title": name.astext(), "text": _plain(text)}
    for word in doctree.findall(nodes.definition_list_item):
        term, explanation = word.next_node(nodes.term), word.next_node(nodes.definition)
        if term is not None and term["ids"] and explanation is not None:
            yield {"anchor": term["ids"][0], "title": term.astext(), "text": _plain(explanation.astext())}


def _texts(section: nodes.section) -> Iterator[str]:
    """The running text of a section, without its subsections, figures and tables."""

    def walk(node: nodes.Node) -> Iterator[str]:
        for child in node.children:
            if isinstance(child, (nodes.section, nodes.title, nodes.figure, nodes.table, *_LEFT_OUT)):
                continue
            if isinstance(child, nodes.definition_list) and "ordliste" in child["classes"]:
                continue  # each word is an entry of its own
            if isinstance(child, nodes.Element) and _LEFT_OUT_CLASSES & set(child["classes"]):
                continue
            if isinstance(child, nodes.TextElement):
                yield _plain(
                    "".join(text.astext() for text in child.findall(nodes.Text) if not _is_left_out(text, child))
                )
            else:
                yield from walk(child)

    return walk(section)


def _is_left_out(text: nodes.Text, paragraph: nodes.TextElement) -> bool:
    """Whether a text stands in a part of its paragraph that is not searched."""
    parent: Any = text.parent
    while parent is not paragraph:
        if _LEFT_OUT_CLASSES & set(parent["classes"]):
            return True
        parent = parent.parent
    return False


def _section_of(node: nodes.Node) -> nodes.Node:
    while not isinstance(node, nodes.section):
        node = node.parent
    return node


def _plain(text: str) -> str:
    return " ".join(text.split())


def switch_off_sphinx(app: Sphinx) -> None:
    """Let Sphinx make no index of its own; the page of the search is ours (``html_additional_pages``)."""
    if app.builder.name == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write ``_static/sokeindeks.js`` and the stemmer."""
    if exception or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    source = Path(sphinx.search.__file__).parent / "minified-js"
    for name in STEMMERS:
        shutil.copyfile(source / name, static / name)
    # A script and not data: a browser fetches no data for a page opened from a disk.
    text = json.dumps(index(app), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    (static / "sokeindeks.js").write_text(f"window.SOKEINDEKS={text};\n", "utf-8", newline="\n")


def index(app: Sphinx) -> list[Entry]:
    """All entries in reading order, each with the report and the chapter it stands in and its address from the root."""
    root = Path(app.srcdir)
    titles = {name: report.title for report in project.papers(root) for name in report.docnames}
    found = []
    for docname in project.chapters(root):
        chapter = app.env.titles[docname].astext()
        for entry in _remembered(app.env).get(docname, []):
            anchor = f"#{entry['anchor']}" if entry["anchor"] else ""
            found.append(
                {
                    "rapport": titles.get(docname, ""),
                    "kapittel": chapter,
                    "sted": f"{docname}.html{anchor}",
                    "tittel": entry["title"],
                    "tekst": entry["text"],
                }
            )
    return found


def _remembered(env: BuildEnvironment) -> dict[str, list[Entry]]:
    if not hasattr(env, "rapport_sok"):
        env.rapport_sok = {}  # type: ignore[attr-defined]  # kept with the environment between builds
    return env.rapport_sok  # type: ignore[attr-defined]


def setup(app: Sphinx) -> None:
    """Register what the search needs with Sphinx."""
    app.connect("builder-inited", switch_off_sphinx)
    app.connect("env-purge-doc", forget)
    app.connect("doctree-read", collect)
    app.connect("build-finished", write, priority=950)  # after the files of the theme that nobody uses are gone
