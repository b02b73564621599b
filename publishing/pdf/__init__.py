"""One PDF per report, written by Typst: a Sphinx builder named ``rapportpdf``.

The way of a report: its chapters are put together (:mod:`~publishing.pdf.assemble`),
written as Typst source (:mod:`~publishing.pdf.writer`) that only calls the functions of
``template.typ``, and compiled (:mod:`~publishing.pdf.compiling`) as PDF/UA-1 and PDF/A-2a.
"""

from __future__ import annotations

from sphinx.application import Sphinx

from publishing.pdf.builder import ReportPdfBuilder


def setup(app: Sphinx) -> dict[str, object]:
    """Register the builder with Sphinx."""
    app.add_builder(ReportPdfBuilder)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
