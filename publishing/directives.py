"""The directives and roles of the book: what the results of ``analysis`` become in the document."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.nodes import Element, Node
from sphinx.addnodes import download_reference
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from analysis import formatting
from analysis.model import WITHOUT_NUMBER, Status, Value
from publishing import charts, editions, plain_text
from publishing.nodes import nedlasting, tallgrunnlag, utforsker, verdi
from publishing.writing.chapters import filled_in
from publishing.writing.names import suggestion

logger = logging.getLogger(__name__)

DATA_FILES = Path("_build") / "tallgrunnlag"


class ResultDirective(SphinxDirective):
    """Reads the result it stands for from its JSON content."""

    has_content = True

    def result(self) -> dict[str, Any]:
        return json.loads("\n".join(self.content))

    def root(self) -> Path:
        return Path(self.env.srcdir)

    def file(self, name: str, ending: str, content: bytes) -> Path:
        """Lay a file of this chapter ready to download: ``_build/tallgrunnlag/<report>-<chapter>-<name>.<ending>``."""
        chapter = self.env.docname.removeprefix("book/").replace("/", "-")
        path = self.root() / DATA_FILES / f"{chapter}-{name}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def downloads(self, *files: tuple[str, Path]) -> Element:
        """A line that offers files by what they are: «Last ned: tallene (CSV)»."""
        line = nedlasting("", "Last ned: ", classes=["nedlasting"])
        for number, (words, path) in enumerate(files):
            if number:
                line += nodes.Text(" · ")
            target = f"/{path.relative_to(self.root()).as_posix()}"
            line += download_reference(
                "", "", nodes.Text(words), reftarget=target, refdoc=self.env.docname, refexplicit=True,
                reftype="download", refdomain="",
            )  # fmt: skip
        return line

    def named(self, node: Element, name: str) -> Element:
        """Give the node an anchor that is its own in the whole book: ``<report>-<chapter>-<name>``.

        A chapter that shows the same result twice gets a number after the second name.
        """
        anchor = f"{self.env.docname.removeprefix('book/').replace('/', '-')}-{name}"
        taken = self.state.document.nameids
        names = (anchor if number == 1 else f"{anchor}-{number}" for number in itertools.count(1))
        node["names"].append(next(free for free in names if free not in taken))
        self.state.document.note_explicit_target(node)
        self.set_source_info(node)
        return node


class TableDirective(ResultDirective):
    """A table with title, source line and, when there is one, a note."""

    def run(self) -> list[Node]:
        result = self.result()
        table = self.named(_table(result), result["name"])
        frame = nodes.container(classes=["tabellramme"])
        frame += table
        frame += _source_lines(result, result["statuses"])
        words = "tallene (CSV)" if result["numeric"] else "tabellen (CSV)"
        frame += self.downloads((words, self.file(result["name"], "csv", csv_of(result))))
        return [frame]


class FigureDirective(ResultDirective):
    """A chart as a static picture, with caption, text alternative, source line and the numbers behind it."""

    def run(self) -> list[Node]:
        result = self.result()
        drawing = charts.draw(result["chart"], result["name"], self.root())
        figure = nodes.figure(classes=["figur"])
        picture = nodes.image(uri=f"/{drawing.page.relative_to(self.root()).as_posix()}", alt=result["alt"])
        for attribute, path in (("tegning", drawing.page), ("smal", drawing.narrow)):
            picture[attribute] = path.relative_to(self.root()).as_posix()
        figure += picture
        figure += nodes.caption("", result["title"])
        legend = nodes.legend()
        legend += _source_lines(result, result["data"]["statuses"])
        legend += tallgrunnlag("", _table(result["data"] | {"title": ""}))
        svg = charts.standing_alone(drawing.page.read_text("utf-8"))
        legend += self.downloads(
            ("tallene (CSV)", self.file(result["name"], "csv", csv_of(result["data"]))),
            ("figuren (SVG)", self.file(result["name"], "svg", svg.encode())),
            ("figuren (PNG)", self.file(result["name"], "png", drawing.png.read_bytes())),
        )
        figure += legend
        # Sphinx resolves the picture's path itself, but only for pictures that a directive of its own made.
        figure[0]["candidates"] = {}
        return [self.named(figure, result["name"])]


class KeyNumbersDirective(ResultDirective):
    """The few numbers a reader must see first."""

    def run(self) -> list[Node]:
        frame = nodes.container(classes=["hovedtall"])
        since = editions.since_previous(self.root())
        for item in self.result()["items"]:
            card = nodes.container(classes=["nokkeltall"], verdi_id=item["value"]["id"])
            card += nodes.paragraph("", item["text"], classes=["tall"])
            card += nodes.paragraph("", item["label"], classes=["navn"])
            card += nodes.paragraph("", item["status"], classes=["status"])
            card += nodes.paragraph("", "", value_node("Kilde", item["value"], "kildelenke"), classes=["kildelenke"])
            if since and (remark := since.remark(item["value"]["id"])):
                card += nodes.paragraph("", remark, classes=["endring"])
            frame += card
        return [frame]


class ListingDirective(ResultDirective):
    """A list whose entries come from data."""

    def run(self) -> list[Node]:
        result = self.result()
        listing: Element = (
            nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
            if result["ordered"] and len(result["items"]) > 1
            else nodes.bullet_list()
        )
        for item in result["items"]:
            first, *rest = item["text"].split("\n\n")
            paragraph = nodes.paragraph()
            if item["lead"]:
                paragraph += nodes.strong("", item["lead"])
                paragraph += nodes.Text(" ")
            paragraph += nodes.Text(first)
            listing += nodes.list_item("", paragraph, *(nodes.paragraph("", text) for text in rest))
        return [listing]


class NoteDirective(ResultDirective):
    """A paragraph whose words come from data."""

    def run(self) -> list[Node]:
        return [nodes.paragraph("", self.result()["text"])]


class ExplorerDirective(ResultDirective):
    """The explorer of savings and keys: one element that the site's script fills."""

    def run(self) -> list[Node]:
        result = self.result()
        model = json.dumps(result["model"] | {"tittel": result["title"]}, ensure_ascii=False, sort_keys=True)
        return [self.named(utforsker(modell=model, classes=["utforsker"]), result["name"])]


class ValueRole(SphinxRole):
    """A value in a sentence: ``{verdi}`arsverk.sum` `` with its unit, ``{tall}`arsverk.sum` `` without."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field

    def run(self) -> tuple[list[Node], list[nodes.system_message]]:
        values: Mapping[str, Value] = self.env.temp_data.get("rapport_verdier", {})
        name = filled_in(self.text.strip(), self.env.temp_data.get("rapport_parametre", {}))
        value = values.get(name)
        if value is None:
            logger.warning(
                "Verdien «%s» finnes ikke. %s",
                name,
                suggestion(name, values),
                location=(self.env.docname, self.lineno),
                type="rapport",
            )
            return [nodes.problematic(self.rawtext, f"[finner ikke verdien «{name}»]")], []
        record = value.as_shown()
        return [value_node(record[self.field], record, "verdi")], []


def value_node(shown: str, value: dict[str, Any], marker: str) -> verdi:
    """The node of a value: ``shown`` is what stands there, ``value`` its record, ``marker`` its class."""
    return verdi(
        "",
        shown,
        classes=[marker],
        verdi_id=value["id"],
        tall="" if value["verdi"] is None else str(value["verdi"]),
        tekst=value["tekst"],
        navn=value["navn"],
        status=value["status"],
        kilde=value["kilde"],
    )


class ParameterRole(SphinxRole):
    """A parameter of the chapter in a sentence or heading: ``{parameter}`kommunenavn` ``."""

    def run(self) -> tuple[list[Node], list[nodes.system_message]]:
        parameters: dict[str, Any] = self.env.temp_data.get("rapport_parametre", {})
        name = self.text.strip()
        if name not in parameters:
            logger.warning(
                "Kapitlet har ingen parameter «%s». Den settes i parameters.yml.",
                name,
                location=(self.env.docname, self.lineno),
                type="rapport",
            )
            return [nodes.problematic(self.rawtext, f"[finner ikke parameteren «{name}»]")], []
        return [nodes.Text(str(parameters[name]))], []


class WhenKnown(SphinxDirective):
    """Text that is right only when values have numbers, or only when one has none.

    ``:::{med-tall} arsverk.sum kostnad.sum`` is shown when all of them have numbers, ``:::{uten-tall} arsverk.sum`` when
    one of them has none. A sentence that ranks or counts says something false, or nothing, where the number is missing.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[Node]:
        values: Mapping[str, Value] = self.env.temp_data.get("rapport_verdier", {})
        parameters: dict[str, Any] = self.env.temp_data.get("rapport_parametre", {})
        names = [filled_in(name, parameters) for name in self.arguments[0].split()]
        unknown = [name for name in names if name not in values]
        for name in unknown:
            logger.warning(
                "Verdien «%s» finnes ikke. Rett navnet etter {%s}.",
                name, self.name, location=(self.env.docname, self.lineno), type="rapport",
            )  # fmt: skip
        known = not unknown and all(values[name].number is not None for name in names)
        if known != (self.name == "med-tall"):
            return []
        shown = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, shown)
        return shown.children


def _table(result: dict[str, Any]) -> nodes.table:
    columns = result["columns"]
    numeric = set(result["numeric"])
    group = nodes.tgroup(cols=len(columns))
    for number in range(len(columns)):
        group += nodes.colspec(colwidth=1, stub=int(number == 0))
    group += nodes.thead("", _row(columns, numeric))
    body = nodes.tbody()
    for number, cells in enumerate(result["rows"]):
        body += _row(cells, numeric, result["values"][number] if "values" in result else ())
    if result["total"] and len(body):
        body[-1]["classes"].append("sum")
    group += body
    table = nodes.table(classes=["tabell"])
    if result["title"]:
        table += nodes.title("", result["title"])
    table += group
    return table


def table_of(columns: list[str], rows: list[list[str]], title: str) -> nodes.table:
    """A plain table of texts under a title, the first column heading the rows."""
    return _table({"columns": columns, "rows": rows, "title": title, "numeric": [], "total": False})


def _row(cells: list[str], numeric: set[int], values: Sequence[str] = ()) -> nodes.row:
    row = nodes.row()
    for number, text in enumerate(cells):
        row += nodes.entry("", nodes.paragraph("", text), classes=["tall"] if number in numeric else [])
    for entry, value in zip(row, values, strict=False):
        entry["verdi_id"] = value
    return row


def _source_lines(result: dict[str, Any], statuses: list[str]) -> list[Node]:
    lines: list[Node] = []
    if result["note"]:
        lines.append(nodes.paragraph("", result["note"], classes=["merknad"]))
    status = "".join(f" {sentence}" for sentence in _status_sentences(statuses))
    lines.append(nodes.paragraph("", f"Kilde: {result['source']}{status}", classes=["kilde"]))
    return lines


def _status_sentences(statuses: list[str]) -> list[str]:
    """How the numbers came to be, and whether some are not there."""
    numbers = [status for status in statuses if Status(status) not in WITHOUT_NUMBER]
    absent = [status for status in statuses if Status(status) in WITHOUT_NUMBER]
    found = [f"Status: {formatting.listing(numbers)}."] if numbers else []
    words = {Status.MANGLER: "mangler", Status.TILBAKEHOLDT: "er holdt tilbake av hensyn til personvernet"}
    told = [words[Status(status)] for status in absent]
    return [*found, *([f"{'Noen tall' if numbers else 'Tallene'} {formatting.listing(told)}."] if told else [])]


def csv_of(table: dict[str, Any]) -> bytes:
    """The table as Norwegian Excel reads it: semicolons, and a byte order mark so that æøå survive."""
    text = io.StringIO(newline="")
    rows = ([unarmed(cell) for cell in row] for row in (table["columns"], *table["rows"]))
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def unarmed(cell: str) -> str:
    """The cell as a spreadsheet shows it and does not run it: with an apostrophe first where it would be a formula."""
    return f"'{cell}" if plain_text.is_formula(cell) else cell


def setup(app: Sphinx) -> None:
    """Register the directives and roles."""
    app.add_directive("rapport-tabell", TableDirective)
    app.add_directive("rapport-figur", FigureDirective)
    app.add_directive("rapport-hovedtall", KeyNumbersDirective)
    app.add_directive("rapport-liste", ListingDirective)
    app.add_directive("rapport-merknad", NoteDirective)
    app.add_directive("rapport-utforsker", ExplorerDirective)
    app.add_directive("med-tall", WhenKnown)
    app.add_directive("uten-tall", WhenKnown)
    app.add_role("verdi", ValueRole("tekst"))
    app.add_role("tall", ValueRole("siffer"))
    app.add_role("parameter", ParameterRole())
