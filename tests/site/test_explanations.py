"""Words are explained where they stand, laws and statistics are linked, and the statement of accessibility is true."""

from __future__ import annotations

import re
from pathlib import Path

from bs4 import Tag

from publishing import glossary, project
from tests import axe
from tests.pages import read
from tests.site.screens import WIDTHS


def article(page: Path) -> Tag:
    found = read(page).select_one("article.bd-article")
    assert isinstance(found, Tag)
    return found


def test_a_word_leads_to_its_explanation_and_brings_it(page: Path, reports_dir: Path) -> None:
    terms = {term["id"]: term for term in article(reports_dir / "html/book/ordliste.html").select("dl.ordliste > dt")}
    for link in article(page).select("a.ord"):
        term = terms[str(link["href"]).rpartition("#")[2]]
        explanation = " ".join(term.find_next_sibling("dd").text.split())
        assert str(link["data-forklaring"]) == explanation


def test_a_word_is_explained_once_on_a_page(page: Path) -> None:
    places = [str(link["href"]) for link in article(page).select("a.ord")]
    assert len(places) == len(set(places))


def test_the_list_holds_every_word(reports_dir: Path) -> None:
    shown = [term.find(string=True).strip() for term in article(reports_dir / "html/book/ordliste.html").select("dt")]
    assert shown == [word.name for word in glossary.words(project.ROOT)]


def test_words_are_explained_in_every_report(reports_dir: Path) -> None:
    for report in project.reports():
        assert any(article(reports_dir / "html" / f"{name}.html").select("a.ord") for name in report.docnames), (
            report.slug
        )


def test_sections_of_the_law_lead_to_the_law(reports_dir: Path) -> None:
    links = article(reports_dir / "html/book/felles/samarbeidsformer.html").select('a[href*="lovdata.no"]')
    assert links
    for link in links:
        section = re.search(r"[\d-]+[a-z]?$", link.text)
        assert section and str(link["href"]).endswith(f"/§{section[0]}"), link


def test_the_statement_of_accessibility_says_what_the_tests_do(reports_dir: Path) -> None:
    text = " ".join(article(reports_dir / "html/book/tilgjengelighet.html").text.split())
    version = re.search(r"axe v([\d.]+)", axe.source())[1]
    assert f"axe-core {version}" in text
    assert f"{WIDTHS[0]}, {WIDTHS[1]} og {WIDTHS[2]} piksler" in text
    assert text.count("Lenken mangler") + text.count("uustatus.no") == 3
