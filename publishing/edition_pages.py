"""What the pages say of earlier editions: which numbers have changed, where they stand, and what was handed out.

Every number that a page shows carries ``verdi_id``, the id of its key figure: in a sentence (``verdi``), on the
card of a key number, and in the cell of a table. The page of changes is read after all others, when it is known
where each number stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from docutils import nodes
from docutils.nodes import Element, Node
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from analysis import formatting
from analysis.changes import Change, Kind
from publishing import editions, project
from publishing.directives import ResultDirective, table_of
from publishing.nodes import tallgrunnlag

#: The page of changes, which the other pages link to.
CHANGES = "book/endringer"

#: A table with more rows than this is folded away.
FOLDED_FROM = 15


def shown(doctree: nodes.document) -> tuple[list[str], list[str]]:
    """The ids of the numbers in sentences and key numbers, and of those in tables: each once, in reading order."""
    text: dict[str, None] = {}
    tables: dict[str, None] = {}
    for node in doctree.findall(Element):  # by a class docutils finds in half the time
        if node.get("verdi_id"):
            (tables if isinstance(node, nodes.entry) else text)[node["verdi_id"]] = None
    return [*text], [*tables]


class ChangesDirective(ResultDirective):
    """The changes since the previous edition: first the numbers that the text rests on, then all, report by report."""

    def run(self) -> list[Node]:
        since = editions.since_previous(self.root())
        if since is None:
            return [
                nodes.paragraph(
                    "", "Dette er den første utgaven. Når neste utgave kommer, ser du her hvilke tall som er endret."
                )
            ]
        found = list(since.changes.values())
        if not found:
            return [nodes.paragraph("", f"Ingen nøkkeltall er endret siden {since.edition.described}.")]
        places = self.places()
        headline = [since.changes[name] for name in places if name in since.changes]
        return [
            nodes.paragraph("", _summary(since.edition, found, len(headline))),
            *([self.headline(since.edition, headline, places)] if headline else []),
            *self.by_report(since.edition, found),
        ]

    def places(self) -> dict[str, list[str]]:
        """The chapters that show a number in a sentence or as a key number, by its id; both in reading order."""
        found: dict[str, list[str]] = {}
        known = _numbers_in_text(self.env)
        for docname in project.chapters(self.root()):
            for name in known.get(docname, []):
                found.setdefault(name, []).append(docname)
        return found

    def headline(self, edition: editions.Frozen, found: list[Change], places: dict[str, list[str]]) -> Element:
        """The changed numbers that some sentence or key number shows, with links to the pages."""
        rows = [[change.name, change.before, change.after, ""] for change in found]
        table = table_of(
            ["Tall", f"I {edition.name}", "Nå", "Hvor det står"], rows, "Endrede hovedtall og tall i teksten"
        )
        for row, change in zip(next(iter(table.findall(nodes.tbody))), found, strict=True):
            row[-1].children = []
            row[-1] += nodes.paragraph("", "", *_divided(self.link(docname) for docname in places[change.id]))
        return self.framed(table, "hovedtall", edition)

    def by_report(self, edition: editions.Frozen, found: list[Change]) -> Iterable[Element]:
        """All changes, a table for each report; long ones folded away."""
        titles = {report.slug: report.title for report in self.env.app.rapport_rapporter}
        areas = [*titles, *(change.area for change in found)]  # an area may be gone
        for area in dict.fromkeys(areas):
            own = [change for change in found if change.area == area]
            if not own:
                continue
            title = titles.get(area, area)
            rows = [[change.name, change.before, change.after, change.kind] for change in own]
            table = table_of(["Nøkkeltall", f"I {edition.name}", "Nå", "Hva"], rows, f"{title}: alle endringer")
            frame = self.framed(table, f"alle-{area}", edition)
            if len(own) > FOLDED_FROM:
                frame = tallgrunnlag("", frame, oppsummering=f"{title}: vis alle {_counted(len(own))} endringer")
            yield frame

    def framed(self, table: nodes.table, name: str, edition: editions.Frozen) -> Element:
        source = f"Kilde: nøkkeltallene i {edition.name} og i denne utgaven."
        return nodes.container(
            "", self.named(table, name), nodes.paragraph("", source, classes=["kilde"]), classes=["tabellramme"]
        )

    @cached_property
    def shared(self) -> set[str]:
        """The titles that several chapters have."""
        count = Counter(node.astext() for node in self.env.titles.values())
        return {title for title, chapters in count.items() if chapters > 1}

    def link(self, docname: str) -> Node:
        """A link to a chapter under its report's name and its own."""
        title = self.env.titles[docname].astext()
        report = next((one for one in self.env.app.rapport_rapporter if docname in one.docnames), None)
        if report and docname == report.docnames[0]:
            title = report.title
        elif report:
            title = f"{report.title}: {title[:1].lower()}{title[1:]}" if title in self.shared else title
        elif docname == self.config.root_doc:
            title = "Forsiden"
        return addnodes.pending_xref(
            "", nodes.inline("", title),
            refdomain="std", reftype="doc", reftarget=f"/{docname}", refexplicit=True, refdoc=self.env.docname, refwarn=True,
        )  # fmt: skip


class EditionsDirective(ResultDirective):
    """The editions that have been handed out, the latest first, with their files."""

    def run(self) -> list[Node]:
        found = editions.frozen(self.root())[::-1]
        if not found:
            return [
                nodes.paragraph("", "Ingen tidligere utgave er delt ut. Utgaver som er delt ut, blir liggende her.")
            ]
        rows = [[one.name, formatting.date(one.date), one.state, one.version, ""] for one in found]
        table = table_of(["Utgave", "Dato", "Status", "Versjon", "Last ned"], rows, "Utgaver som er delt ut")
        for row, edition in zip(next(iter(table.findall(nodes.tbody))), found, strict=True):
            row[-1].children = []
            row[-1] += nodes.paragraph("", "", *_divided(self.files(edition)))
        source = nodes.paragraph("", "Kilde: utgavene slik de ble delt ut. De blir aldri endret.", classes=["kilde"])
        return [nodes.container("", self.named(table, "utgaver"), source, classes=["tabellramme"])]

    def files(self, edition: editions.Frozen) -> Iterable[Node]:
        """Links from the page to ``reports/utgaver/``, beside ``reports/html/``."""
        up = "../" * (self.env.docname.count("/") + 1)
        titles = {report.slug: report.title for report in self.env.app.rapport_rapporter}
        stems = [Path(name).stem for name in edition.pdfs]
        for stem in [*(slug for slug in titles if slug in stems), *(stem for stem in stems if stem not in titles)]:
            address = f"{up}{editions.FOLDER}/{edition.slug}/{editions.PDFS}/{stem}.pdf"
            yield nodes.reference("", f"{titles.get(stem, stem)} (PDF)", refuri=address)
        address = f"{up}{editions.FOLDER}/{edition.slug}/{editions.FIGURES}"
        yield nodes.reference("", "nøkkeltallene som data (JSON)", refuri=address)


def _summary(edition: editions.Frozen, found: Sequence[Change], headline: int) -> str:
    """How many figures are changed, new and gone, and how many of them the text rests on."""
    fresh = sum(change.kind == Kind.NY for change in found)
    gone = sum(change.kind == Kind.BORTE for change in found)
    total = len(editions.present_figures())
    parts = [f"{_counted(len(found) - fresh - gone)} av {_counted(total)} nøkkeltall endret"]
    parts += [f"{_counted(fresh)} {'nytt' if fresh == 1 else 'nye'}"] if fresh else []
    parts += [f"{_counted(gone)} tatt ut"] if gone else []
    first = f"Siden {edition.described} er {formatting.listing(parts)}."
    if not headline:
        return f"{first} Ingen av endringene gjelder hovedtall eller tall i teksten."
    stand = "Ett av tallene" if headline == 1 else f"{_counted(headline)} av tallene"
    return f"{first} {stand} er hovedtall eller står i teksten. De kommer først."


def _counted(count: int) -> str:
    return formatting.number(count)


def _divided(links: Iterable[Node]) -> list[Node]:
    """The links with a dot between them."""
    found: list[Node] = []
    for number, link in enumerate(links):
        found += [nodes.Text(" · "), link] if number else [link]
    return found


def remember(app: Sphinx, doctree: nodes.document) -> None:
    """Remember which numbers the sentences and key numbers of this chapter show."""
    _numbers_in_text(app.env)[app.env.docname] = shown(doctree)[0]


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget the numbers of a chapter that is read again, or is gone."""
    _numbers_in_text(env).pop(docname, None)


def read_last(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Read the page of changes after the others, and whenever any of them is read: it tells of them all."""
    if docnames and CHANGES in env.found_docs:
        docnames[:] = [*(name for name in docnames if name != CHANGES), CHANGES]


def _numbers_in_text(env: BuildEnvironment) -> dict[str, list[str]]:
    if not hasattr(env, "rapport_tall_i_tekst"):
        env.rapport_tall_i_tekst = {}  # type: ignore[attr-defined]  # kept with the environment between builds
    return env.rapport_tall_i_tekst  # type: ignore[attr-defined]


def setup(app: Sphinx) -> None:
    """Register the directives and what happens around them."""
    app.add_directive("rapport-endringer", ChangesDirective)
    app.add_directive("rapport-utgaver", EditionsDirective)
    app.connect("env-before-read-docs", read_last)
    app.connect("env-purge-doc", forget)
    app.connect("doctree-read", remember)
