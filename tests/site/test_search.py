"""The search: any form of a word, with or without æ, ø and å, and the way to the very place."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.pages import read
from tests.site.screens import opened

STATUS = "#sokestatus"
RESULTS = "#sokeresultat > li"


def results(browser: webdriver.Chrome, start: str, query: str) -> list[dict[str, str]]:
    """Search, and return what is shown of each result: title, place, where it stands and the text around the words."""
    opened(browser, f"{start}search.html?q={query}")
    return browser.execute_script(
        """return [...document.querySelectorAll(arguments[0])].map((item) => ({
             tittel: item.querySelector("h2 a").textContent, sted: item.querySelector("h2 a").getAttribute("href"),
             hvor: item.querySelector(".hvor")?.textContent || "", utdrag: item.querySelector(".utdrag").textContent,
             merket: [...item.querySelectorAll("mark")].map((mark) => mark.textContent)}))""",
        RESULTS,
    )


def status(browser: webdriver.Chrome) -> str:
    return browser.find_element(By.CSS_SELECTOR, STATUS).text


@pytest.fixture(params=["http", "file"])
def start(request: pytest.FixtureRequest, reports_dir: Path, address: str) -> str:
    return address if request.param == "http" else (reports_dir / "html").resolve().as_uri() + "/"


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("årsverk", "årsverk"),
        ("arsverk", "årsverk"),
        ("aarsverk", "årsverk"),
        ("fordelingsnøkler", "fordelingsnøkkel"),
        ("fordelingsnokkel", "fordelingsnøkkel"),
        ("sentralbordet", "sentralbord"),
        ("SENTRALBORD", "sentralbord"),
        ("vertskommuner", "vertskommune"),
        ("nøkkel", "fordelingsnøkkel"),
    ],
)
def test_any_form_of_a_word_finds_it(browser: webdriver.Chrome, start: str, query: str, marked: str) -> None:
    found = results(browser, start, query)
    assert found and f"treff på «{query}»" in status(browser)
    words = {word.lower() for one in found for word in one["merket"]}
    assert any(marked in word for word in words), words


def test_a_result_leads_to_the_very_place(browser: webdriver.Chrome, start: str, reports_dir: Path) -> None:
    found = results(browser, start, "enkeltvedtak byggesak")
    assert len(found) > 3
    for one in found:
        address = urlsplit(one["sted"])
        page = reports_dir / "html" / unquote(address.path)
        assert page.is_file(), one
        if address.fragment:
            place = read(page).find(id=unquote(address.fragment))
            assert place is not None, one
    assert any("›" in one["hvor"] for one in found)


def test_figures_and_tables_are_found_too(browser: webdriver.Chrome, address: str) -> None:
    addresses = [one["sted"] for one in results(browser, address, "tornado realrente etablering naverdi")]
    addresses += [one["sted"] for one in results(browser, address, "vurdering av modellene mot kriteriene")]
    assert any("#felles-modellvalg-" in one for one in addresses), addresses


@pytest.mark.parametrize("query", ["2 080 000", "2080000", "§ 20-2", "29,9 prosent"])
def test_numbers_and_sections_are_found_as_they_are_written(
    browser: webdriver.Chrome, address: str, query: str
) -> None:
    assert results(browser, address, query.replace("§", "%C2%A7").replace(" ", "+")), query


def test_all_words_must_be_found(browser: webdriver.Chrome, address: str) -> None:
    assert results(browser, address, "sentralbord+xyzzyqwerty") == []
    assert "Ingen treff på «sentralbord xyzzyqwerty»" in status(browser)


def test_the_best_place_comes_first(browser: webdriver.Chrome, address: str) -> None:
    first = results(browser, address, "mandat")[0]
    assert "mandat" in first["tittel"].lower()


@pytest.mark.parametrize("query", ["årsverk", "arsverk", "nøkkel", "enkeltvedtak"])
def test_a_word_of_the_list_of_words_is_among_the_results(browser: webdriver.Chrome, address: str, query: str) -> None:
    assert any("ordliste.html#ord-" in one["sted"] for one in results(browser, address, query))


def test_the_word_itself_comes_before_what_uses_it(browser: webdriver.Chrome, address: str) -> None:
    assert results(browser, address, "arsverk")[0]["sted"] == "book/ordliste.html#ord-arsverk"


def test_the_texts_are_sentences_without_links_to_files_and_statuses(reports_dir: Path) -> None:
    text = (reports_dir / "html" / "_static" / "sokeindeks.js").read_text("utf-8")
    assert "i de tre kommunene" in text
    assert "PDFÉn fil" not in text and "utkastFase" not in text and "beregnet Kilde" not in text


def test_what_is_asked_for_is_text_and_nothing_else(browser: webdriver.Chrome, address: str) -> None:
    results(browser, address, "%3Cimg+src%3Dx+onerror%3Dalert(1)%3E")
    assert "<img" in status(browser)
    assert not browser.find_elements(By.CSS_SELECTOR, "#sokestatus img, #sokeresultat img")


def test_the_field_on_every_page_leads_to_the_results(browser: webdriver.Chrome, address: str) -> None:
    opened(browser, address + "book/felles/index.html")
    browser.find_element(By.CSS_SELECTOR, ".search-button-field").click()
    field = browser.find_element(By.CSS_SELECTOR, "#pst-search-dialog input[type=search]")
    field.send_keys("merkantile", Keys.ENTER)
    assert browser.find_element(By.CSS_SELECTOR, ".bd-search-container input").get_attribute("value") == "merkantile"
    assert browser.find_elements(By.CSS_SELECTOR, RESULTS)


def test_the_index_holds_every_page_in_reading_order(reports_dir: Path) -> None:
    text = (reports_dir / "html" / "_static" / "sokeindeks.js").read_text("utf-8")
    index = json.loads(text.removeprefix("window.SOKEINDEKS=").rstrip(";\n"))
    pages = {
        path.relative_to(reports_dir / "html").as_posix() for path in (reports_dir / "html" / "book").rglob("*.html")
    }
    assert {entry["sted"].partition("#")[0] for entry in index} == pages
    assert index[0]["sted"] == "book/index.html"


def test_without_scripts_the_page_says_so_and_leads_on(reports_dir: Path) -> None:
    page = read(reports_dir / "html" / "search.html")
    assert "Søket trenger JavaScript" in page.noscript.text
    assert page.noscript.a["href"]
