"""From each point of the mandate to the places that answer it.

A chapter marks an answer where it stands: ``{svar}`okonomi-dagens.01` `` at the beginning of a
paragraph shows nothing and leaves an anchor. The chapter that shows a ``Trace`` lists every
point with links to all its answers. A point without an answer, or an answer to a point that
does not exist, stops the build.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
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
            _points(self.env).setdefault(self.env.docname, set()).update(point["id"] for point in group["points"])
            tables.append(
                nodes.container("", self.named(table, f"liste-{number}"), source, files, classes=["tabellramme"])
            )
        return tables


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget the answers of a chapter that is read again, or is gone."""
    _points(env).pop(docname, None)
    for point, places in list(_answers(env).items()):
        _answers(env)[point] = [place for place in places if place[0] != docname]


def demand_answers(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Hold the points against the answers; return the chapters that show them, to be written anew."""
    for docname, points in sorted(_points(env).items()):
        _compare(points, _answers(env), docname)
    return sorted(_points(env))


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
    markers = list(doctree.findall(svarlenker))
    if not markers:
        return
    titles = _titles(app.env)
    order = {name: number for number, name in enumerate(project.chapters(Path(app.srcdir)))}
    for node in markers:
        places = sorted(_answers(app.env).get(node["point"], []), key=lambda place: order[place[0]])
        node.replace_self(_links(app, docname, places, titles))


def _links(app: Sphinx, docname: str, places: Iterable[tuple[str, str]], titles: Mapping[str, str]) -> list[Node]:
    found: list[Node] = []
    for number, (target, anchor) in enumerate(places):
        if number:
            found.append(nodes.Text(" · "))
        address = f"{app.builder.get_relative_uri(docname, target)}#{anchor}"
        found.append(nodes.reference("", "", nodes.Text(titles[target]), internal=True, refuri=address))
    return found


def _titles(env: BuildEnvironment) -> dict[str, str]:
    """Each chapter's title, after the report's where several reports have a chapter of that name."""
    titles = {docname: node.astext() for docname, node in env.titles.items()}
    count = Counter(titles.values())
    return {docname: _told_apart(env, docname, title, count[title]) for docname, title in titles.items()}


def _told_apart(env: BuildEnvironment, docname: str, title: str, count: int) -> str:
    parent = f"{docname.rsplit('/', 1)[0]}/index"
    if count > 1 and parent in env.longtitles:
        return f"{env.longtitles[parent].astext().removesuffix(' kort fortalt')}: {title.lower()}"
    return title


def _answers(env: BuildEnvironment) -> dict[str, list[tuple[str, str]]]:
    if not hasattr(env, "rapport_svar"):
        env.rapport_svar = {}  # type: ignore[attr-defined]  # kept with the environment between builds
    return env.rapport_svar  # type: ignore[attr-defined]


def _points(env: BuildEnvironment) -> dict[str, set[str]]:
    """The points that each chapter with a trace shows."""
    if not hasattr(env, "rapport_punkter"):
        env.rapport_punkter = {}  # type: ignore[attr-defined]  # kept with the environment between builds
    return env.rapport_punkter  # type: ignore[attr-defined]


def setup(app: Sphinx) -> None:
    """Register the role, the directive and what happens between them."""
    app.add_node(svarlenker)
    app.add_role("svar", AnswerRole())
    app.add_directive("rapport-sporbarhet", TraceDirective)
    app.connect("env-purge-doc", forget)
    app.connect("env-updated", demand_answers)
    app.connect("doctree-resolved", show)
