"""What the front page says of each report besides prose: its phase and state, and the files to take along."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from publishing import project

logger = logging.getLogger(__name__)


class ReportRole(SphinxRole):
    """``{rapport}`sentralbord` ``: phase, state, and links to the PDF and the single file of a report."""

    def run(self) -> tuple[list[Node], list[nodes.system_message]]:
        slug = self.text.strip()
        root = Path(self.env.srcdir)
        report = next((one for one in self.env.app.rapport_rapporter if one.slug == slug), None)
        if report is None:
            logger.warning(
                "Det finnes ingen rapport «%s». Rapportene er mappene i book/.", slug,
                location=(self.env.docname, self.lineno), type="rapport",
            )  # fmt: skip
            return [nodes.problematic(self.rawtext, f"[finner ikke rapporten «{slug}»]")], []
        up = "../" * (self.env.docname.count("/") + 1)
        line = nodes.inline(classes=["rapportlenker"])
        line += nodes.inline("", project.state_of(report, project.edition(root)), classes=["tilstand"])
        line += nodes.inline("", report.phase)
        line += _file("PDF", f"{up}pdf/{slug}.pdf", f"{report.title} som PDF")
        line += _file(
            "Én fil", f"{up}enkeltfil/{slug}.html", f"{report.title} som én nettfil, som kan sendes og leses uten nett"
        )
        return [line], []


def _file(shown: str, address: str, title: str) -> nodes.reference:
    return nodes.reference("", "", nodes.Text(shown), refuri=address, internal=True, reftitle=title)


def setup(app: Sphinx) -> None:
    """Register the role."""
    app.add_role("rapport", ReportRole())
