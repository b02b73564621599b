"""The PDFs of the published edition: one per report, accessible, archivable, whole and in bokmål."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import nbformat
import page as page_validation
import pypdf
import pypdfium2
import pytest
from page import ValidationProfile as Profile

from analysis import formatting
from analysis.places import municipalities
from publishing import project
from tests.pages import read

ENGLISH = re.compile(r"\b(Figure|Fig\.|Table|Contents|Chapter|Page|Section|Appendix|Source|Warning|Abstract|Summary)\b")

PAPERS = {paper.slug: paper for paper in project.papers()}


@cache
def opened(path: Path) -> pypdf.PdfReader:
    return pypdf.PdfReader(path)


@cache
def page_texts(path: Path) -> tuple[str, ...]:
    """The text of each page, with every kind of space as a plain one."""
    return tuple(plain(page.get_textpage().get_text_bounded()) for page in pypdfium2.PdfDocument(path))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def chapter_titles(report: project.Report) -> list[str]:
    """The first heading of each chapter's notebook, with its parameters filled in."""
    titles = []
    chapters = {chapter.docname: chapter for chapter in project.notebooks()}
    for docname in report.docnames:
        chapter = chapters.get(docname)
        if chapter is None:
            text = (project.ROOT / f"{docname}.md").read_text("utf-8")
            titles.append(re.search(r"^# (.+)$", text, re.MULTILINE)[1].strip())
        else:
            notebook = nbformat.read(chapter.notebook, as_version=4)
            prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
            title = re.search(r"^# (.+)$", prose, re.MULTILINE)[1].strip()
            titles.append(re.sub(r"\{parameter\}`(\w+)`", lambda found, c=chapter: c.parameters[found[1]], title))
    return titles


def structure(pdf: Path) -> Iterator[pypdf.generic.DictionaryObject]:
    """Every element of the tag tree, in reading order."""

    def walk(node: object) -> Iterator[pypdf.generic.DictionaryObject]:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                yield from walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                yield node
            if "/K" in node:
                yield from walk(node["/K"])

    return walk(opened(pdf).root_object["/StructTreeRoot"]["/K"])


def tags(pdf: Path, kind: str) -> list[pypdf.generic.DictionaryObject]:
    return [node for node in structure(pdf) if node["/S"] == kind]


def test_there_is_one_pdf_for_each_report_and_one_of_the_guide(reports_dir: Path) -> None:
    assert sorted(path.stem for path in (reports_dir / "pdf").glob("*.pdf")) == sorted(PAPERS)


def faults(pdf: Path, profile: Profile) -> list[str]:
    """What the validator finds, but for a stream that it measures wrongly: one whose last byte is a line end."""
    failures = page_validation.validate_pdf(pdf, profile=profile).failures
    return [
        f"{fault.rule_id}: {fault.message}"
        for fault in failures
        if not (fault.rule_id.endswith("STREAM-LENGTH-001") and streams_are_as_long_as_they_say(pdf.read_bytes()))
    ]


def streams_are_as_long_as_they_say(content: bytes) -> bool:
    found = list(re.finditer(rb"/Length (\d+)[^>]*>>\s*?stream\r?\n", content))
    ends = [content[match.end() + int(match[1]) :][:11] for match in found]
    return bool(found) and all(re.match(rb"\r?\n?endstream", end) for end in ends)


def test_a_stream_of_another_length_than_it_says_is_found() -> None:
    right = b"<< /Length 3 >>\nstream\nab\r\nendstream"
    assert streams_are_as_long_as_they_say(right)
    assert not streams_are_as_long_as_they_say(right.replace(b"3", b"1"))


@pytest.mark.parametrize("profile", [Profile.PDF_UA_1, Profile.PDF_A_3A])
def test_it_is_accessible_and_may_hold_other_files(pdf: Path, profile: Profile) -> None:
    assert faults(pdf, profile) == []


@pytest.mark.parametrize("profile", [Profile.PDF_UA_1, Profile.PDF_A_2A])
def test_the_edition_for_the_archive_is_accessible_and_archivable(report_pdf: Path, profile: Profile) -> None:
    assert faults(report_pdf.parent / "arkiv" / report_pdf.name, profile) == []


def test_the_numbers_of_the_pages_are_attached(report_pdf: Path, reports_dir: Path) -> None:
    offered = {
        unquote(str(link["href"]).rsplit("/", 1)[1]): (page.parent / unquote(str(link["href"]))).resolve()
        for docname in PAPERS[report_pdf.stem].docnames
        for page in [reports_dir / "html" / f"{docname}.html"]
        for link in read(page).select('.nedlasting a[href$=".csv"]')
    }
    attached = opened(report_pdf).attachments
    assert set(attached) == {*offered, f"nokkeltall-{report_pdf.stem}.csv"}
    for name, path in offered.items():
        assert attached[name] == [path.read_bytes()], name


def test_the_key_figures_of_the_area_are_attached(report_pdf: Path, reports_dir: Path) -> None:
    [content] = opened(report_pdf).attachments[f"nokkeltall-{report_pdf.stem}.csv"]
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
    published = json.loads((reports_dir / "nokkeltall.json").read_text("utf-8"))
    assert [row["id"] for row in rows] == [row["id"] for row in published if row["omrade"] == report_pdf.stem]


def test_the_edition_for_the_archive_holds_the_same_words_and_no_other_files(report_pdf: Path) -> None:
    archived = report_pdf.parent / "arkiv" / report_pdf.name
    assert not opened(archived).attachments
    assert len(page_texts(archived)) == len(page_texts(report_pdf))
    different = [number for number, pair in enumerate(zip(page_texts(report_pdf), page_texts(archived), strict=True)) if len(set(pair)) > 1]
    assert different == [1], "bare innholdssiden, som sier hva som er lagt ved, skal være ulik"


def test_it_describes_itself(pdf: Path) -> None:
    report, edition, pages = PAPERS[pdf.stem], project.edition(), opened(pdf)
    assert pages.metadata.title == report.title
    assert pages.metadata.author == ", ".join(f"{place.name} kommune" for place in municipalities())
    assert pages.metadata.creation_date.date() == edition.date
    assert pages.root_object["/Lang"].startswith("nb")


def test_the_cover_tells_what_who_and_when(pdf: Path) -> None:
    report, edition, cover = PAPERS[pdf.stem], project.edition(), page_texts(pdf)[0]
    for words in (report.title, report.subtitle, edition.name, formatting.date(edition.date)):
        assert plain(words) in cover
    for words in (report.phase, project.state_of(report, edition)):
        assert words.lower() in cover.lower()
    assert all(place.name in cover for place in municipalities())
    assert "Side " not in cover


def test_outline_and_contents_list_the_chapters(pdf: Path) -> None:
    titles = chapter_titles(PAPERS[pdf.stem])
    pages, texts = opened(pdf), page_texts(pdf)
    entries = [entry for entry in pages.outline if not isinstance(entry, list)]
    assert [plain(entry.title) for entry in entries] == titles
    assert texts[1].count("Innhold") == 1
    for title, entry in zip(titles, entries, strict=True):
        number = pages.get_destination_page_number(entry) + 1
        assert re.search(rf"{re.escape(title)}[ .]*{number}\b", texts[1]), f"{title} … {number}"
        assert title in texts[number - 1]


def test_each_page_has_its_header_and_number(pdf: Path) -> None:
    texts = page_texts(pdf)
    for number, text in enumerate(texts[1:], start=2):
        assert text.startswith(PAPERS[pdf.stem].title)
        assert f"Side {number} av {len(texts)}" in text
        assert len(text) > 250, f"side {number} er nesten tom"


def test_no_english_word_of_the_tool_is_left(pdf: Path) -> None:
    for number, text in enumerate(page_texts(pdf), start=1):
        assert not ENGLISH.search(text), f"side {number}: {ENGLISH.search(text)[0]}"


def test_figures_and_tables_are_those_of_the_site(pdf: Path, reports_dir: Path) -> None:
    soups = [read(reports_dir / "html" / f"{name}.html") for name in PAPERS[pdf.stem].docnames]
    captions = [
        plain(found.get_text()) for soup in soups for found in soup.select("figure figcaption .caption-number")
    ]
    text = " ".join(page_texts(pdf)[2:])
    figures = len(captions)
    assert figures == sum(len(soup.select("article figure")) for soup in soups)
    assert [int(number) for number in re.findall(r"Figur (\d+)\. ", text)] == list(range(1, figures + 1))
    numbered = sum(len(soup.select("table.tabell caption .caption-number")) for soup in soups)
    assert [int(number) for number in re.findall(r"Tabell (\d+)\. ", text)] == list(range(1, numbered + 1))
    described = [node for node in tags(pdf, "/Figure") if str(node.get("/Alt", "")).strip()]
    assert len(described) == len(tags(pdf, "/Figure")) == figures


def test_tables_have_header_cells(pdf: Path) -> None:
    found = tags(pdf, "/Table")
    assert found
    assert len(tags(pdf, "/THead")) == len(found)
    assert len(tags(pdf, "/TH")) >= 2 * len(found)


def test_headings_are_tagged_by_level(pdf: Path) -> None:
    levels = [int(node["/S"][2:]) for node in structure(pdf) if re.fullmatch(r"/H\d", node["/S"])]
    assert levels.count(1) == len(PAPERS[pdf.stem].docnames) + 1  # and the table of contents
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_only_our_own_fonts_are_used_and_all_are_embedded(pdf: Path) -> None:
    ours = {path.stem for path in (project.ROOT / "publishing" / "fonts").glob("*.ttf")}
    pages = opened(pdf)
    objects = (pages.get_object(number) for number in range(1, int(pages.trailer["/Size"])))
    fonts = [found for found in objects if isinstance(found, dict) and found.get("/Type") == "/Font"]
    assert fonts
    for font in fonts:
        assert re.sub(r"^/[A-Z]{6}\+|-Identity-H$", "", font["/BaseFont"]) in ours
        if "/FontDescriptor" in font:
            assert {"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"].get_object())
