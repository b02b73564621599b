"""No English word is left in what the reader meets on the site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Comment, Tag

from tests.pages import fresh, read

#: What Sphinx and its themes say in English. Whole words; the case paper's own words are bokmål.
ENGLISH = re.compile(
    r"\b("
    r"search|searching|skip to|main content|back to top|home|contents?|table of contents|on this page|"
    r"next|previous|toggle|sidebar|collapse|expand|color mode|light|dark|system settings|"
    r"permalink|link to this|note|warning|important|hint|caution|danger|see also|"
    r"fig\.|figure|download|source|show|hide|copy|close|open|menu|theme|built with|powered by|created using|"
    r"copyright|by the|last updated|index|navigation|breadcrumbs?|site|page|error|please|announcement|"
    r"click|print|full ?screen|launch|edit|repository|issue|version"
    r")\b",
    re.IGNORECASE,
)

#: Norwegian words and names that are spelled as one of them.
NORWEGIAN = re.compile(r"«[^»]*»|[\w-]+(?:/[\w.-]+)+|\S+\.(?:csv|html|pdf)|hint", re.IGNORECASE)

ATTRIBUTES = ("title", "aria-label", "placeholder", "alt", "data-bs-title", "aria-description", "data-kolonne", "label")


def english(text: str) -> list[str]:
    return [match.group() for match in ENGLISH.finditer(NORWEGIAN.sub(" ", text))]


def spoken(page: BeautifulSoup) -> list[str]:
    """Everything the page says: its text, and the attributes that are shown or read out.

    What is marked as another language may be in it, and a command is written as it is typed.
    """
    for other in page.select('[lang]:not([lang="nb"]), article code, article pre'):
        other.decompose()
    texts = [
        str(text)
        for text in page.find_all(string=True)
        if not isinstance(text, Comment) and text.parent.name not in ("script", "style", "[document]")
    ]
    for tag in page.find_all(True):
        texts += [str(tag[name]) for name in ATTRIBUTES if name in tag.attrs]
        if tag.name == "meta" and tag.get("name") in ("description", "author"):
            texts.append(str(tag["content"]))
    return texts


def test_pages_say_nothing_in_english(page: Path) -> None:
    found = {text.strip(): words for text in spoken(fresh(page)) if (words := english(text))}
    assert not found


@pytest.mark.parametrize("name", ["index.html", "search.html"])
def test_own_pages_of_the_site_say_nothing_in_english(reports_dir: Path, name: str) -> None:
    found = {text.strip(): words for text in spoken(fresh(reports_dir / "html" / name)) if (words := english(text))}
    assert not found


def test_the_test_knows_english_when_it_sees_it() -> None:
    for text in ("Search this book...", "Toggle primary sidebar", "Link to this heading", "Skip to main content"):
        assert english(text)
    assert not english("Søk i rapportene. Hopp til innholdet. Merk: Tabell 1")


def test_foreign_words_are_let_through_only_where_they_are_marked() -> None:
    page = BeautifulSoup(
        '<p>Velg <span lang="en">Open page</span>.</p><article><code>make edit</code></article>', "html.parser"
    )
    assert not [text for text in spoken(page) if english(text)]
    assert english("Velg Open page.")


def test_pages_are_marked_as_bokmaal(page: Path) -> None:
    html = read(page).html
    assert isinstance(html, Tag)
    assert html["lang"] == "nb"


def test_numbers_have_decimal_comma_and_narrow_space(page: Path) -> None:
    article = read(page).select_one("article.bd-article")
    for cell in article.select("td.tall, .nokkeltall .tall, .verdi"):
        assert not re.search(r"\d\.\d", cell.text), cell.text
        assert not re.search(r"\d{5,}", cell.text), cell.text
        assert not re.search(r"\d[ \u00a0]\d{3}\b", cell.text), f"vanlig mellomrom mellom tusener: {cell.text}"
        assert not re.search(r"(^|\s)-\d", cell.text), f"bindestrek som minus: {cell.text}"


def test_dates_are_written_in_words_in_the_footer(page: Path) -> None:
    months = "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"
    assert re.search(rf"\d\.\s({months}) \d{{4}}", read(page).select_one(".utgave").text)
