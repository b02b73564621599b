"""The page of values: all of them, readable without scripts, and filtered where scripts run."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from analysis import keyfigures
from tests.pages import read
from tests.site.screens import opened, screen

PAGE = "book/verdier.html"


def page(reports_dir: Path) -> BeautifulSoup:
    return read(reports_dir / "html" / PAGE)


def test_every_value_stands_there_once_with_its_text(reports_dir: Path):
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for section in page(reports_dir).select("section:has(> h2)"):
        for row in section.select("tbody tr"):
            name, *shown = (cell.get_text().strip() for cell in row.find_all(["th", "td"]))
            key = str(section["id"]).removeprefix("verdier-"), name
            assert key not in found
            found[key] = tuple(shown)
    assert found == {
        (value.area, value.id.removeprefix(f"{value.area}.")): (value.text, value.name, str(value.status))
        for value in keyfigures.published()
    }


def test_the_file_of_an_area_holds_its_values_with_their_sources(reports_dir: Path):
    links = [str(link["href"]) for link in page(reports_dir).select('.verdiliste .nedlasting a[href$=".csv"]')]
    rows = 0
    for link in links:
        text = (reports_dir / "html" / "book" / unquote(link)).read_text("utf-8-sig")
        table = list(csv.reader(text.splitlines(), delimiter=";"))
        assert table[0] == ["Skriv", "Viser nå", "Hva det er", "Status", "Kilde"]
        assert all(row[4] for row in table[1:])
        rows += len(table) - 1
    assert rows == len(keyfigures.published())


def test_only_this_page_loads_the_script(reports_dir: Path):
    html = reports_dir / "html" / "book"
    using = [path.stem for path in html.rglob("*.html") if "verdier.js" in path.read_text("utf-8")]
    assert using == ["verdier"]


def shown(browser: webdriver.Chrome) -> list[str]:
    return browser.execute_script(
        "return [...document.querySelectorAll('.verdiliste tbody tr')].filter((row) => row.checkVisibility())"
        ".map((row) => row.cells[0].textContent.trim())"
    )


def test_the_field_shows_only_the_rows_with_all_the_words(address: str, browser: webdriver.Chrome):
    with screen(browser, 1440):
        opened(browser, address + PAGE)
        before = shown(browser)
        field = browser.find_element("id", "verdisok")
        status = browser.find_element("css selector", ".verdisok [role=status]")
        field.send_keys("qqqq")
        WebDriverWait(browser, 5).until(lambda _: status.text == "Ingen verdier har alle ordene.")
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys("SENTRALBORD årsverk melhus")
        WebDriverWait(browser, 5).until(lambda _: status.text.startswith("Viser "))
        assert "arsverk.melhus" in shown(browser) and all(name.endswith(".melhus") for name in shown(browser))
        assert status.text == f"Viser {len(shown(browser))} verdier."
        assert not browser.find_element("id", "verdier-samfunnsutvikling").is_displayed()
        # Folded groups with a hit are opened, and closed again when the field is emptied.
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys("ubemannet.5 sentralbord skaun")
        WebDriverWait(browser, 5).until(lambda _: shown(browser) == ["ubemannet.5.skaun"])
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(Keys.DELETE)
        WebDriverWait(browser, 5).until(lambda _: shown(browser) == before)
        assert status.text == ""


def test_the_page_is_light(reports_dir: Path):
    assert len(gzip.compress((reports_dir / "html" / PAGE).read_bytes())) < 60_000
