"""The builder in a small book of its own: from files to one PDF per report, and what stops it."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from publishing import project

TOC = """\
format: jb-book
root: book/index
chapters:
  - file: book/en/index
    sections:
      - file: book/en/mer
  - file: book/to/index
"""

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'

CONFIGURATION = {
    "extensions": ["myst_parser", "publishing.pdf"],
    "root_doc": "book/index",
    "language": "nb",
    "numfig": True,
    "numfig_format": {"figure": "Figur %s", "table": "Tabell %s"},
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book of two reports that link to each other."""
    files = {
        "_toc.yml": TOC,
        "book/utgave.yml": "navn: Utgave 1\ndato: 2026-06-01\nstatus: utkast\nkontakt: kommunedirektøren\n",
        "book/index.md": "# Bok\n\n```{toctree}\nen/index\nen/mer\nto/index\n```\n",
        "book/en/index.md": "# En kort fortalt\n\nSe [mer](mer.md) og {numref}`tegning`.[^a]\n\n[^a]: Note i første kapittel.\n",
        "book/en/mer.md": "# Mer\n\nSe [den andre](../to/index.md).[^a]\n\n[^a]: Note i andre kapittel.\n\n"
        "```{figure} ../tegning.svg\n:name: tegning\n:alt: En firkant.\n\nEn firkant\n```\n",
        "book/to/index.md": "# To kort fortalt\n\nTekst.\n",
        "book/tegning.svg": DRAWING,
    }  # fmt: skip
    for slug, title in (("en", "Første rapport"), ("to", "Andre rapport")):
        files[f"book/{slug}/parameters.yml"] = f"tittel: {title}\nundertittel: Under\nfase: fase 1\nparametre: {{}}\n"
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def build(book: Path) -> tuple[Path, str]:
    """Build the PDFs; return the folder they are in and the warnings given."""
    warnings = io.StringIO()
    with patch_docutils(book), docutils_namespace():
        app = Sphinx(
            book, None, book / "_build" / "rapportpdf", book / "_build" / ".doctrees", "rapportpdf",
            confoverrides=CONFIGURATION, status=None, warning=warnings,
        )  # fmt: skip
        app.build()
    return Path(app.outdir), warnings.getvalue()


def text_of(path: Path) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(path).pages)


def test_each_report_becomes_a_pdf_of_its_own_chapters(book: Path) -> None:
    folder, warnings = build(book)
    assert warnings == ""
    assert sorted(path.name for path in folder.glob("*.pdf")) == [f"{r.slug}.pdf" for r in project.reports(book)]
    text = text_of(folder / "en.pdf")
    for words in ("Første rapport", "Figur 1. En firkant", "Note i første kapittel", "Note i andre kapittel"):
        assert words in text
    assert "To kort fortalt" not in text
    assert "To kort fortalt" in text_of(folder / "to.pdf")


def test_a_second_build_gives_the_same_bytes(book: Path) -> None:
    folder, _ = build(book)
    first = (folder / "en.pdf").read_bytes()
    build(book)
    assert (folder / "en.pdf").read_bytes() == first


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (":alt: En firkant.\n", "", "tekstalternativ"),
        ("Se [den andre]", "漢 [den andre]", "漢"),
        ("Se [den andre]", "<b>Se</b> [den andre]", "«raw»"),
    ],
)
def test_what_cannot_be_printed_stops_the_build_and_names_the_report(
    book: Path, old: str, new: str, expected: str
) -> None:
    path = book / "book" / "en" / "mer.md"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(SphinxError, match=rf"en\.pdf: .*{expected}"):
        build(book)


def test_a_fault_in_the_settings_of_a_report_is_told(book: Path) -> None:
    (book / "book" / "utgave.yml").write_text(
        "navn: Utgave 1\ndato: i dag\nstatus: utkast\nkontakt: kommunedirektøren\n", "utf-8"
    )
    with pytest.raises(SphinxError, match="utgave.yml"):
        build(book)
