"""Everything on the site is reached and used with the keyboard alone, and one sees where one is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.site.screens import opened, screen

#: What has the focus: its text, its name for a screen reader, its tag, and the line around it.
FOCUS = """
const element = document.activeElement, style = getComputedStyle(element);
return {text: element.innerText?.trim() || "", tag: element.tagName, id: element.id, label: element.getAttribute("aria-label") || "",
  href: element.getAttribute("href") || "", classes: element.className?.baseVal ?? element.className,
  line: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth), colour: style.outlineColor,
  seen: element.checkVisibility({visibilityProperty: true, opacityProperty: true}),
  inside: element.closest("dialog")?.id || ""};
"""


@pytest.fixture
def keys(browser: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    yield browser
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def press(browser: webdriver.Chrome, *keys: str) -> dict[str, object]:
    """Press the keys one after another; return what has the focus then."""
    for key in keys:
        ActionChains(browser).send_keys(key).perform()
    return focus(browser)


def focus(browser: webdriver.Chrome) -> dict[str, object]:
    return browser.execute_script(FOCUS)


def tab_until(browser: webdriver.Chrome, wanted: str, most: int = 120) -> dict[str, object]:
    """Press the tab key until the focus is on what the CSS selector names."""
    for _ in range(most):
        press(browser, Keys.TAB)
        if browser.execute_script("return document.activeElement.matches(arguments[0])", wanted):
            return focus(browser)
    raise AssertionError(f"{wanted} is not reached with the tab key")


def test_the_first_stop_skips_to_the_text(address: str, keys: webdriver.Chrome) -> None:
    with screen(keys, 1440):
        opened(keys, address + "book/sentralbord/index.html")
        first = press(keys, Keys.TAB)
        assert first["text"] == "Hopp til innholdet" and first["seen"]
        press(keys, Keys.ENTER)
        after = press(keys, Keys.TAB)
        assert keys.execute_script("return document.activeElement.closest('main') !== null"), after


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("name", ["book/index.html", "book/sentralbord/kostnadsfordeling.html", "search.html"])
def test_every_stop_is_seen(address: str, keys: webdriver.Chrome, name: str, width: int) -> None:
    with screen(keys, width):
        opened(keys, address + name)
        stops = []
        for _ in range(80):
            stop = press(keys, Keys.TAB)
            if stop["tag"] == "BODY":
                break
            stops.append(stop)
        assert stops
        assert [stop for stop in stops if not stop["seen"]] == []
        assert [stop for stop in stops if float(str(stop["line"])) < 2] == []


def test_the_menu_of_a_telephone_takes_the_focus_and_gives_it_back(address: str, keys: webdriver.Chrome) -> None:
    with screen(keys, 360):
        opened(keys, address + "book/felles/index.html")
        tab_until(keys, ".primary-toggle")
        inside = press(keys, Keys.ENTER, Keys.TAB)
        assert inside["inside"] == "pst-primary-sidebar-modal"
        tab_until(keys, "#pst-primary-sidebar-modal nav a")
        press(keys, Keys.ESCAPE)
        # The box tells that it is closed a moment after it is, and the page sets the focus then.
        WebDriverWait(keys, 10).until(lambda browser: "primary-toggle" in str(focus(browser)["classes"]))
        assert not keys.find_element(By.ID, "pst-primary-sidebar-modal").is_displayed()


def test_the_search_takes_words_and_closes(address: str, keys: webdriver.Chrome) -> None:
    with screen(keys, 1440):
        opened(keys, address + "book/felles/index.html")
        tab_until(keys, ".search-button-field")
        field = press(keys, Keys.ENTER)
        assert field["tag"] == "INPUT" and field["inside"] == "pst-search-dialog"
        back = press(keys, Keys.ESCAPE)
        assert "search-button" in str(back["classes"])
        press(keys, Keys.ENTER, *"sentralbord", Keys.ENTER)
        assert "search.html" in keys.current_url


def test_the_numbers_behind_a_figure_unfold(address: str, keys: webdriver.Chrome) -> None:
    with screen(keys, 820):
        opened(keys, address + "book/sentralbord/gevinster.html")
        tab_until(keys, "details.tallgrunnlag > summary")
        press(keys, Keys.SPACE)
        assert keys.execute_script("return document.activeElement.parentElement.open")


def test_a_number_tells_its_source_and_closes(address: str, keys: webdriver.Chrome) -> None:
    with screen(keys, 820):
        opened(keys, address + "book/sentralbord/index.html")
        link = tab_until(keys, "a.verdi.forklaring")
        press(keys, Keys.ENTER)
        box = keys.find_element(By.CSS_SELECTOR, ".forklaringsboks")
        assert box.is_displayed() and "Se kilden" in box.text and box.get_attribute("role") == "status"
        assert keys.execute_script("return document.activeElement.getAttribute('aria-expanded')") == "true"
        assert press(keys, Keys.TAB)["text"] == "Se kilden i listen nederst"
        back = press(keys, Keys.ESCAPE)
        assert back["text"] == link["text"]
        assert not keys.find_elements(By.CSS_SELECTOR, ".forklaringsboks")
        press(keys, Keys.SPACE, Keys.TAB, Keys.ENTER)
        row = keys.find_element(By.CSS_SELECTOR, ".tallkilder dl > div:target")
        assert row.is_displayed() and str(link["text"]).replace("\u00a0", " ") in row.text


def test_a_wide_table_is_scrolled_with_the_arrows(address: str, keys: webdriver.Chrome) -> None:
    with screen(keys, 360):
        opened(keys, address + "book/sentralbord/kostnadsfordeling.html")
        box = tab_until(keys, ".tabellrulle")
        assert box["label"]
        press(keys, *([Keys.ARROW_RIGHT] * 5))
        keys.execute_async_script("setTimeout(arguments[0], 400)")
        assert keys.execute_script("return document.activeElement.scrollLeft") > 0


def test_the_explorer_is_used_with_arrows_and_space_and_says_what_happened(
    address: str, keys: webdriver.Chrome
) -> None:
    with screen(keys, 820):
        opened(keys, address + "book/lonn-regnskap-fakturering/kostnadsfordeling.html")
        tab_until(keys, ".utforsker input[type=range]")
        verdict = keys.find_element(By.CSS_SELECTOR, ".utforsker-dom")
        assert verdict.get_attribute("role") == "status"
        press(keys, *([Keys.ARROW_LEFT] * 40))
        before = verdict.text
        press(keys, *([Keys.ARROW_RIGHT] * 40))
        assert verdict.text != before
        tab_until(keys, ".utforsker select", most=3)
        tab_until(keys, ".utforsker input[type=checkbox]", most=3)
        press(keys, Keys.SPACE)
        assert keys.execute_script("return document.activeElement.checked")
