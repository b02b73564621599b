"""What a designer looks for: nothing cut off, nothing broken in the wrong place, everything on the same edges."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium import webdriver

from tests.site.screens import opened, screen

#: Words of the menu that stand on more than one line, in an element of which each word has a box of its own.
BROKEN_WORDS = """
return [...document.querySelectorAll("nav.bd-links a")].filter((link) => link.checkVisibility()).flatMap((link) => {
  const text = [...link.childNodes].find((node) => node.nodeType === Node.TEXT_NODE);
  return [...text.data.matchAll(/\\S+/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
  }).map((word) => word[0]);
});
"""

#: Tables that are wider than the place they have.
CUT_OFF = """
return [...document.querySelectorAll(".tabellrulle")].filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
  .map((box) => box.getAttribute("aria-label"));
"""


@pytest.mark.parametrize("width", [1024, 1180, 1440])
def test_no_word_of_the_menu_is_broken(address: str, browser: webdriver.Chrome, width: int) -> None:
    with screen(browser, width):
        opened(browser, f"{address}book/samfunnsutvikling/index.html")
        assert browser.execute_script(BROKEN_WORDS) == []


def test_no_table_of_words_is_cut_off_on_a_desk(address: str, browser: webdriver.Chrome) -> None:
    with screen(browser, 1440):
        for name in ("modellvalg", "samarbeidsformer", "sporbarhet", "metode"):
            opened(browser, f"{address}book/felles/{name}.html")
            assert browser.execute_script(CUT_OFF) == [], name


@pytest.mark.parametrize("width", [360, 820, 1440])
def test_a_section_of_a_law_stands_on_one_line(address: str, browser: webdriver.Chrome, width: int) -> None:
    with screen(browser, width):
        opened(browser, f"{address}book/felles/modellvalg.html")
        lines = browser.execute_script(
            'return [...document.querySelectorAll(".ubrutt")].map((one) => one.getClientRects().length)'
        )
        assert len(lines) > 20 and set(lines) == {1}


@pytest.mark.parametrize("width", [820, 1250, 1440, 1700])
@pytest.mark.parametrize("name", ["sentralbord/index", "tilgjengelighet"])
def test_text_and_foot_end_at_the_same_edge(address: str, browser: webdriver.Chrome, name: str, width: int) -> None:
    with screen(browser, width):
        opened(browser, f"{address}book/{name}.html")
        text, foot = browser.execute_script(
            'return [".prev-next-area", ".bd-footer-content__inner"]'
            ".map((part) => document.querySelector(part).getBoundingClientRect().right)"
        )
        assert text == pytest.approx(foot, abs=1)


@pytest.mark.parametrize("name", ["html/book/index.html", "enkeltfil/sentralbord.html"])
@pytest.mark.parametrize(("system", "background"), [("light", "rgb(251, 250, 247)"), ("dark", "rgb(20, 26, 33)")])
def test_the_system_decides_the_colours_where_no_script_does(
    browser: webdriver.Chrome, reports_dir: Path, name: str, system: str, background: str
) -> None:
    features = [{"name": "prefers-color-scheme", "value": system}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get((reports_dir / name).resolve().as_uri())
        assert (
            browser.find_element("tag name", "body")
            .value_of_css_property("background-color")
            .startswith(background.replace("rgb(", "rgba(").rstrip(")"))
        )
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


@pytest.mark.parametrize("width", [360, 820])
def test_without_scripts_a_link_leads_to_the_menu(address: str, browser: webdriver.Chrome, width: int) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        with screen(browser, width):
            browser.get(f"{address}book/sentralbord/index.html")
            browser.find_element("link text", "Meny").click()
            assert browser.current_url.endswith("#pst-primary-sidebar")
            browser.find_element("css selector", "nav.bd-links").find_element("link text", "Gevinster").click()
            assert browser.current_url.endswith("/sentralbord/gevinster.html")
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    with screen(browser, width):
        opened(browser, f"{address}book/sentralbord/index.html")
        assert not browser.find_element("css selector", ".menylenke").is_displayed()
