"""The files that lie in a report: the numbers of its figures and tables, and all its key figures, as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import download_reference
from sphinx.environment import BuildEnvironment

from analysis import keyfigures
from publishing.directives import DATA_FILES, csv_of
from publishing.project import Report


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF: where it lies, counted from the root, and what it holds, in bokmål."""

    path: Path
    description: str


def of_report(report: Report, env: BuildEnvironment, root: Path) -> list[Attachment]:
    """What its pages offer for download as CSV, in reading order, after the key figures of the whole report."""
    found = {}
    for docname in report.docnames:
        for link in env.get_doctree(docname).findall(download_reference):
            path = Path(link["reftarget"].lstrip("/"))
            if path.suffix == ".csv":
                found[path] = Attachment(path, f"Tallene bak «{_title(link)}»")
    return [*_key_figures(report, root), *found.values()]


def _title(link: nodes.Node) -> str:
    """The title of the figure or table that a download belongs to."""
    frame: nodes.Element = link.parent
    while not isinstance(frame, nodes.figure) and "tabellramme" not in frame["classes"]:
        frame = frame.parent
    title = frame.next_node(nodes.caption if isinstance(frame, nodes.figure) else nodes.title)
    return title.astext()


def _key_figures(report: Report, root: Path) -> list[Attachment]:
    """Every key figure of the report's area, written as ``reports/nokkeltall.json`` has them."""
    records = [value.as_record() for value in keyfigures.published() if value.area == report.slug]
    if not records:
        return []
    rows = [["" if cell is None else str(cell) for cell in record.values()] for record in records]
    numbers = list(records[0]).index("verdi")
    for row in rows:
        row[numbers] = row[numbers].replace(".", ",")
    path = DATA_FILES / f"nokkeltall-{report.slug}.csv"
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(csv_of({"columns": list(records[0]), "rows": rows}))
    return [Attachment(path, f"Alle nøkkeltallene i rapporten: {report.title}")]
