"""Charts on the page: one drawing for each width, letters of readable size, and marks that tell what they show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from analysis import palette
from analysis.places import municipalities
from tests.site.screens import WIDTHS, opened, screen

PAGE = "book/felles/kostnadsnokler.html"

#: The height of the smallest letters of the charts that are seen, in pixels of the screen.
LETTERS = """
return Math.min(...[...document.querySelectorAll("figure.figur svg")].filter((svg) => svg.checkVisibility()).flatMap((svg) =>
  [...svg.querySelectorAll("text")].map((text) => parseFloat(getComputedStyle(text).fontSize) * svg.getScreenCTM().a)));
"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [PAGE, "book/felles/framdrift.html", "book/sentralbord/gevinster.html"])
def test_letters_are_large_enough_on_every_screen(
    address: str, browser: webdriver.Chrome, name: str, width: int
) -> None:
    with screen(browser, width):
        opened(browser, address + name)
        assert browser.execute_script(LETTERS) >= 13


@pytest.mark.parametrize(("width", "shown"), [(360, "smal"), (820, "tegning")])
def test_a_telephone_has_its_own_drawing(address: str, browser: webdriver.Chrome, width: int, shown: str) -> None:
    with screen(browser, width):
        opened(browser, address + PAGE)
        seen = [
            svg.get_attribute("class")
            for svg in browser.find_elements(By.CSS_SELECTOR, "figure.figur svg")
            if svg.is_displayed()
        ]
        assert set(seen) == {shown}


def test_a_mark_tells_what_it_shows_to_the_pointer(address: str, browser: webdriver.Chrome) -> None:
    with screen(browser, 1440):
        opened(browser, address + PAGE)
        mark = browser.find_elements(By.CSS_SELECTOR, "figure.figur svg.tegning [data-om]")[-1]
        browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", mark)
        browser.execute_async_script("setTimeout(arguments[0], 300)")
        ActionChains(browser).move_to_element(mark).perform()
        box = browser.find_element(By.CSS_SELECTOR, ".figurboks")
        assert box.is_displayed()
        assert box.text.split() == mark.get_attribute("data-om").split()
        ActionChains(browser).send_keys(Keys.ESCAPE).perform()
        assert not box.is_displayed()


def test_the_colours_of_the_municipalities_are_those_of_the_charts(reports_dir: Path) -> None:
    style = (reports_dir / "html" / "_static" / "innhold.css").read_text("utf-8")
    colours = re.findall(r"\.kommuner > ul > li:nth-child\(\d\) \{ border-top-color: (#\w+); \}", style)
    assert colours == [palette.colour_of(place.slug) for place in municipalities()]
