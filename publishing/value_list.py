"""The page of all values: what a workgroup can write in its chapters, and what it becomes there.

It is plain tables, folded by what they measure; ``static/verdier.js`` adds a field that filters them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.nodes import Element, Node
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from analysis.results import is_plain
from publishing import execution
from publishing.directives import ResultDirective, csv_of, table_of
from publishing.nodes import tallgrunnlag
from publishing.writing import catalogue

PAGE = "book/verdier"
COLUMNS = ["Skriv", "Viser nå", "Hva det er", "Status"]


class ValueListDirective(ResultDirective):
    """A section for each area: first the values that every chapter may use, then the others by what they measure."""

    def run(self) -> list[Node]:
        _digests(self.env)[self.env.docname] = execution.inputs_digest(self.root())
        return [self.section(area, title) for area, title in catalogue.areas(self.root()).items()]

    def section(self, area: str, title: str) -> Element:
        """The values of one area."""
        values = catalogue.of_area(area)
        by_key = [(name, value) for name, value in values if not is_plain(value.id)]
        section = nodes.section("", nodes.title("", title), ids=[f"verdier-{area}"], names=[f"verdier-{area}"])
        where = f"book/{area}/"
        section += nodes.paragraph(
            "", "", nodes.Text("I kapitlene i "), nodes.literal("", where), nodes.Text(" skriver du navnene slik de står her. "),
            nodes.Text("I andre kapitler setter du "), nodes.literal("", f"{area}."), nodes.Text(" foran."),
        )  # fmt: skip
        section += self.plain(area, title, [one for one in values if one not in by_key])
        if by_key:
            reach = "i alle kapitler" if area == "felles" else "bare i kapitlene i samme mappe"
            section += nodes.paragraph("", f"Resten er samlet etter hva de gjelder. De kan brukes {reach}.")
            for measure, group in catalogue.by_measure(by_key).items():
                section += _folded(measure, group)
        return section

    def plain(self, area: str, title: str, values: list[catalogue.Named]) -> Element:
        """The values that every chapter may use, and all the area's values as a file."""
        rows = [
            [name, value.text, value.name, str(value.status), value.source] for name, value in catalogue.of_area(area)
        ]
        content = csv_of({"columns": [*COLUMNS, "Kilde"], "rows": rows})
        source = nodes.paragraph("", "Kilde: hver verdi har sin egen kilde. Den står i filen.", classes=["kilde"])
        files = self.downloads(("alle verdiene for området (CSV)", self.file(area, "csv", content)))
        table = _table(values, f"{title}: verdier som kan brukes i alle kapitler")
        return nodes.container("", table, source, files, classes=["tabellramme", "verdiliste"])


def _folded(measure: str, values: list[catalogue.Named]) -> Element:
    subject = _subject(values)
    table = _table(values, subject)
    title = next(iter(table.findall(nodes.title)))
    title += [nodes.Text(" "), nodes.literal("", measure)]
    count = f"{len(values)} {'verdi' if len(values) == 1 else 'verdier'}"
    return tallgrunnlag("", table, oppsummering=f"{subject}: {count}", kode=measure, classes=["verdiliste"])


def _subject(values: list[catalogue.Named]) -> str:
    """What the values are about, from the beginnings of their names: «Frigjort kapasitet og gevinst per år»."""
    starts = list(dict.fromkeys(re.split(r"[,:]", value.name)[0] for _, value in values))
    if len(starts) > 2:
        return f"{starts[0]} med mer"
    return " og ".join([starts[0], *(start[:1].lower() + start[1:] for start in starts[1:])])


def _table(values: list[catalogue.Named], title: str) -> nodes.table:
    rows = [[name, value.text, value.name, str(value.status)] for name, value in values]
    table = table_of(COLUMNS, rows, title)
    for row, (name, _) in zip(next(iter(table.findall(nodes.tbody))), values, strict=True):
        row[0].children = []
        row[0] += nodes.paragraph("", "", nodes.literal("", name))
    return table


def outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Read the page again when the data or the analysis have changed."""
    digest = execution.inputs_digest(Path(app.srcdir))
    return [name for name, known in _digests(env).items() if known != digest and name in env.found_docs]


def add_filter(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Node | None) -> None:
    """Let this page alone load the script."""
    if pagename == PAGE:
        app.add_js_file("verdier.js")


def _digests(env: BuildEnvironment) -> dict[str, str]:
    if not hasattr(env, "rapport_verdiliste"):
        env.rapport_verdiliste = {}  # type: ignore[attr-defined]  # kept with the environment between builds
    return env.rapport_verdiliste  # type: ignore[attr-defined]


def setup(app: Sphinx) -> None:
    """Register the directive and what happens around it."""
    app.add_directive("rapport-verdier", ValueListDirective)
    app.connect("env-get-outdated", outdated)
    app.connect("html-page-context", add_filter)
