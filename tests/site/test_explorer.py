"""The explorer shows what the tables show, to the krone, and can be used with the keyboard alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

PAGES = {
    "felles": "book/felles/kostnadsnokler.html",
    "sentralbord": "book/sentralbord/kostnadsfordeling.html",
    "postmottak-arkiv": "book/postmottak-arkiv/kostnadsfordeling.html",
    "lonn-regnskap-fakturering": "book/lonn-regnskap-fakturering/kostnadsfordeling.html",
}
PLACES = {"Skaun": "skaun", "Melhus": "melhus", "Midtre Gauldal": "midtre-gauldal"}
SET = "const e = document.querySelector(arguments[0]); e.value = arguments[1]; e.dispatchEvent(new Event('input', {bubbles: true}));"


@pytest.fixture(scope="session")
def published(reports_dir: Path) -> dict[str, float]:
    return {row["id"]: row["verdi"] for row in json.loads((reports_dir / "nokkeltall.json").read_text("utf-8"))}


def amounts(browser: webdriver.Chrome) -> dict[str, int]:
    """What the explorer shows for each municipality, in whole kroner."""
    found = {}
    for item in browser.find_elements(By.CSS_SELECTOR, ".utforsker-soyler li"):
        name = item.find_element(By.CSS_SELECTOR, ".navn").text
        text = item.find_element(By.CSS_SELECTOR, ".belop").text
        found[name] = int(re.sub(r"[^0-9−]", "", text).replace("−", "-"))
    return found


@pytest.mark.parametrize("area", PAGES)
def test_every_saving_and_key_of_the_tables_gives_the_published_gain(
    area: str, address: str, browser: webdriver.Chrome, published: dict[str, float]
) -> None:
    browser.get(address + PAGES[area])
    keys = [option.get_attribute("value") for option in Select(browser.find_element(By.TAG_NAME, "select")).options]
    assert len(keys) == 4
    boxes = browser.find_elements(By.CSS_SELECTOR, ".utforsker input[type=checkbox]")
    assert bool(boxes) == (area in {"felles", "lonn-regnskap-fakturering"})
    for variant in ("", "-med-merkantile") if boxes else ("",):
        if variant:
            boxes[0].click()
        for key in keys:
            browser.execute_script(SET, ".utforsker select", key)
            for saving in ("10", "21", "30"):
                browser.execute_script(SET, ".utforsker input[type=range]", saving)
                for name, amount in amounts(browser).items():
                    gain = published[f"{area}.gevinst{variant}.{key}.{saving}.{PLACES[name]}"]
                    assert amount == pytest.approx(gain, abs=0.51), (variant, key, saving, name)


def test_the_keyboard_alone_moves_the_saving_and_chooses_the_key(address: str, browser: webdriver.Chrome) -> None:
    browser.get(address + PAGES["felles"])
    slider = browser.find_element(By.CSS_SELECTOR, ".utforsker input[type=range]")
    before = amounts(browser)
    slider.send_keys(Keys.ARROW_RIGHT)
    assert slider.get_attribute("aria-valuetext") == "22 prosent"
    assert amounts(browser) != before
    slider.send_keys(Keys.TAB)
    focused = browser.switch_to.active_element
    assert focused.tag_name == "select"
    focused.send_keys("L")  # Lik andel
    assert Select(focused).first_selected_option.text == "Lik andel"


def test_the_verdict_names_who_pays_more_than_today(address: str, browser: webdriver.Chrome) -> None:
    browser.get(address + PAGES["felles"])
    verdict = browser.find_element(By.CSS_SELECTOR, ".utforsker-dom")
    assert verdict.get_attribute("role") == "status"
    assert verdict.text == "Melhus betaler mer enn i dag."
    browser.execute_script(SET, ".utforsker input[type=range]", "30")
    assert verdict.text == "Ingen kommune betaler mer enn i dag."


def test_every_control_has_a_label(address: str, browser: webdriver.Chrome) -> None:
    browser.get(address + PAGES["felles"])
    for control in browser.find_elements(By.CSS_SELECTOR, ".utforsker input, .utforsker select"):
        assert browser.execute_script("return arguments[0].labels.length", control) == 1
    box = browser.find_element(By.CSS_SELECTOR, ".utforsker")
    assert browser.find_element(By.ID, box.get_attribute("aria-labelledby")).text


def test_without_scripts_the_page_points_to_the_tables(reports_dir: Path) -> None:
    text = (reports_dir / "html" / PAGES["felles"]).read_text("utf-8")
    assert "Uten JavaScript finner du de samme tallene i tabellene på siden." in text
