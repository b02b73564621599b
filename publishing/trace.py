"""From each point of the mandate to the places that answer it.

A chapter marks an answer where it stands: ``{svar}`okonomi-dagens.01` `` at the beginning of a
paragraph shows nothing and leaves an anchor. The chapter that shows a ``Trace`` lists every
point with links to all its answers. A point without an answer, or an answer to a point that
does not exist, stops the build.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from docutils.nodes import Element, Node
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from publishing import project
from publishing.directives import ResultDirective, csv_of, table_of

logger = logging.getLogger(__name__)


class svarlenker(nodes.Inline, Element):  # noqa: N801 - docutils names nodes in lower case
    """Stands for the links to the answers of one point, until every chapter has been read. Attribute ``point``."""


class AnswerRole(SphinxRole):
    """Marks the answer to one or several points of the mandate, divided by spaces."""

    def run(self) -> tuple[list[Node], list[nodes.system_message]]:
        marks: list[Node] = []
        for point in self.text.split():
            anchor = f"svar-{point.replace('.', '-')}"
            marks.append(nodes.target("", "", ids=[anchor]))
            _answers(self.env).setdefault(point, []).append((self.env.docname, anchor))
        return marks, []


class TraceDirective(ResultDirective):
    """A table for each list of the mandate: its points, how far they are answered, and where."""

    def run(self) -> list[Node]:
        tables: list[Node] = []
        for number, group in enumerate(self.result()["groups"], start=1):
            rows = [[point["text"], point["state"], ""] for point in group["points"]]
            table = table_of(["Punkt i mandatet", "Svar", "Hvor"], rows, group["name"])
            for row, point in zip(next(iter(table.findall(nodes.tbody))), group["points"], strict=True):
                row[-1].children = []
                row[-1] += nodes.paragraph("", "", svarlenker(point=point["id"]))
            source = nodes.paragraph("", f"Kilde: {self.result()['source']}", classes=["kilde"])
            content = csv_of({"columns": ["Punkt i mandatet", "Svar"], "rows": [row[:2] for row in rows]})
            files = self.downloads(("listen (CSV)", self.file(f"liste-{number}", "csv", content)))
            tables.append(
                nodes.container("", self.named(table, f"liste-{number}"), source, files, classes=["tabellramme"])
            )
        return tables


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget the answers of a chapter that is read again, or is gone."""
    for point, places in list(_answers(env).items()):
        _answers(env)[point] = [place for place in places if place[0] != docname]


def demand_answers(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Hold the points against the answers; return the chapters that show them, to be written anew."""
    showing = []
    for docname in sorted(env.found_docs):
        points = {node["point"] for node in env.get_doctree(docname).findall(svarlenker)}
        if points:
            showing.append(docname)
            _compare(points, _answers(env), docname)
    return showing


def _compare(points: set[str], answers: dict[str, list[tuple[str, str]]], docname: str) -> None:
    for point in sorted(points):
        if not answers.get(point):
            logger.warning(
                "Ingen kapitler svarer på punktet «%s» i mandatet. Merk svaret med {svar}`%s`.",
                point,
                point,
                location=docname,
                type="rapport",
            )
    for point, places in sorted(answers.items()):
        if places and point not in points:
            logger.warning(
                "Mandatet har ikke noe punkt «%s». Se id-ene i data/mandat/.",
                point,
                location=places[0][0],
                type="rapport",
            )


def show(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the links to every answer in the place of the markers."""
    for node in list(doctree.findall(svarlenker)):
        node.replace_self(_links(app, docname, _answers(app.env).get(node["point"], [])))


def _links(app: Sphinx, docname: str, places: Iterable[tuple[str, str]]) -> list[Node]:
    found: list[Node] = []
    reading_order = project.chapters(Path(app.srcdir))
    for number, (target, anchor) in enumerate(sorted(places, key=lambda place: reading_order.index(place[0]))):
        if number:
            found.append(nodes.Text(" · "))
        address = f"{app.builder.get_relative_uri(docname, target)}#{anchor}"
        found.append(nodes.reference("", "", nodes.Text(_shown(app.env, target)), internal=True, refuri=address))
    return found


def _shown(env: BuildEnvironment, docname: str) -> str:
    """The chapter's title, after the report's where several reports have a chapter of that name."""
    title = env.titles[docname].astext()
    twins = [name for name, node in env.titles.items() if node.astext() == title]
    parent = f"{docname.rsplit('/', 1)[0]}/index"
    if len(twins) > 1 and parent in env.longtitles:
        return f"{env.longtitles[parent].astext().removesuffix(' kort fortalt')}: {title.lower()}"
    return title


def _answers(env: BuildEnvironment) -> dict[str, list[tuple[str, str]]]:
    if not hasattr(env, "rapport_svar"):
        env.rapport_svar = {}  # type: ignore[attr-defined]  # kept with the environment between builds
    return env.rapport_svar  # type: ignore[attr-defined]


def setup(app: Sphinx) -> None:
    """Register the role, the directive and what happens between them."""
    app.add_node(svarlenker)
    app.add_role("svar", AnswerRole())
    app.add_directive("rapport-sporbarhet", TraceDirective)
    app.connect("env-purge-doc", forget)
    app.connect("env-updated", demand_answers)
    app.connect("doctree-resolved", show)
