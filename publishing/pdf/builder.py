"""The Sphinx builder ``rapportpdf``: one PDF per report, from the same documents as the site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from sphinx.builders import Builder
from sphinx.errors import SphinxError
from sphinx.util.display import status_iterator

from publishing import garbage, project, versions
from publishing.errors import BuildError
from publishing.pdf import assemble, attachments, compiling, document
from publishing.project import Edition, Report


class ReportPdfBuilder(Builder):
    """Writes ``<slug>.pdf`` for every report, its archive edition under ``arkiv/``, and the Typst source it was made from under ``typst/``.

    A plain builder, not one of the HTML kind: each chapter is resolved on its own, with its own
    numbers, and only then put together with the others.
    """

    name = "rapportpdf"
    format = "typst"
    epilog = "PDF-ene ligger i %(outdir)s."
    supported_image_types: ClassVar[list[str]] = ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"]
    allow_parallel = False

    def get_outdated_docs(self) -> str:
        """All of them: a report takes a fraction of a second."""
        return "alle rapporter"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """The address of a chapter within the book."""
        return assemble.INSIDE + docname

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """The same address wherever it is seen from."""
        return self.get_target_uri(to, typ)

    def prepare_writing(self, docnames: Set[str]) -> None:
        """Nothing to prepare: chapters are not written one by one."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Nothing to do: chapters are not written one by one."""

    def write(
        self, build_docnames: Iterable[str] | None, updated_docnames: Sequence[str], method: str = "update"
    ) -> None:
        """Write every report.

        Raises:
            SphinxError: naming the report, when one cannot be made.
        """
        root = Path(self.srcdir)
        try:
            papers, edition = project.papers(root), project.edition(root)
        except BuildError as error:
            raise SphinxError(str(error)) from error
        for report in status_iterator(
            papers, "skriver PDF ", "darkgreen", len(papers), self.app.verbosity, stringify_func=lambda one: one.slug
        ):
            self.write_report(report, edition)
            garbage.look()

    def write_report(self, report: Report, edition: Edition) -> None:
        """Put one report together, write it as Typst source and compile it."""
        try:
            parts = assemble.chapters(self.env, report.docnames)
            version = versions.shown(Path(self.srcdir))
            files = attachments.of_report(report, self.env, Path(self.srcdir))
            source = document.source(report, edition, parts, files, version, web_address=self.config.html_baseurl)
            compiling.report(source, report.slug, edition.date, root=Path(self.srcdir), folder=Path(self.outdir))
        except (BuildError, compiling.TypesettingError) as error:
            raise SphinxError(f"{report.slug}.pdf: {error}") from error
