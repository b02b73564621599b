"""The pages tell what has changed since the previous edition, and keep what was handed out within reach."""

from __future__ import annotations

from pathlib import Path

from publishing import editions
from tests.pages import read


def test_the_page_of_changes_says_which_edition_it_compares_with(reports_dir: Path) -> None:
    text = read(reports_dir / "html" / "book" / "endringer.html").article.get_text()
    previous = editions.previous()
    if previous is None:
        assert "Dette er den første utgaven." in text
    else:
        assert f"iden {previous.described}" in text


def test_every_edition_handed_out_can_be_fetched_from_the_page(reports_dir: Path) -> None:
    page = reports_dir / "html" / "book" / "endringer.html"
    linked = {(page.parent / str(link["href"])).resolve() for link in read(page).select("article a[href*='utgaver/']")}
    expected = {
        path
        for edition in editions.frozen()
        for path in (reports_dir / "utgaver" / edition.slug).resolve().rglob("*")
        if path.is_file() and path.name != "utgave.yml"
    }
    assert linked == expected
    assert all((reports_dir / "utgaver" / edition.slug).is_dir() for edition in editions.frozen())
    if not editions.frozen():
        assert "Ingen tidligere utgave er delt ut." in read(page).article.get_text()


def test_a_page_with_numbers_ends_with_what_has_changed_once_there_is_a_previous_edition(page: Path) -> None:
    soup = read(page)
    ending = soup.select_one("section.endringer")
    if editions.previous() is None:
        assert ending is None
        assert not soup.select(".hovedtall .endring")
    elif soup.select("article .verdi, article .hovedtall"):
        assert editions.previous().described in ending.get_text()


def test_the_page_of_changes_is_in_the_menu_of_every_page(page: Path) -> None:
    assert any("Utgaver og endringer" in link.text for link in read(page).select("nav.bd-docs-nav a"))
