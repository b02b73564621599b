"""A report in a single file, opened from a disk in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from publishing import project
from tests.site.screens import opened, screen


@pytest.mark.parametrize("slug", [report.slug for report in project.reports()])
def test_it_opens_without_a_complaint_on_a_telephone_and_a_desk(
    reports_dir: Path, browser: webdriver.Chrome, slug: str
) -> None:
    browser.get_log("browser")
    for width in (360, 1200):
        with screen(browser, width):
            opened(browser, (reports_dir / "enkeltfil" / f"{slug}.html").resolve().as_uri())
            assert browser.execute_script("return document.documentElement.scrollWidth") <= width
            fonts = browser.execute_script("return [...document.fonts].filter(f => f.status == 'loaded').length")
            assert fonts >= 3
            shown = browser.execute_script(
                "return [...document.querySelectorAll('figure svg')].filter(s => s.checkVisibility()).length"
            )
            assert shown == browser.execute_script("return document.querySelectorAll('figure').length")
    assert [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("WARNING", "SEVERE")] == []


def test_numbers_tell_their_source_and_the_explorer_works(reports_dir: Path, browser: webdriver.Chrome) -> None:
    with screen(browser, 1200):
        opened(browser, (reports_dir / "enkeltfil" / "lonn-regnskap-fakturering.html").resolve().as_uri())
        browser.execute_script("document.querySelector('a.verdi').click()")
        assert "Se kilden" in browser.find_element(By.CSS_SELECTOR, ".forklaringsboks").text
        browser.execute_script("document.querySelector('a.ord, a.uten-liste').click()")
        assert browser.find_element(By.CSS_SELECTOR, ".forklaringsboks").text
        before = browser.find_element(By.CSS_SELECTOR, ".utforsker-soyler").text
        browser.execute_script(
            "const e = document.querySelector('.utforsker input[type=range]'); e.value = 0; e.dispatchEvent(new Event('input'))"
        )
        assert browser.find_element(By.CSS_SELECTOR, ".utforsker-soyler").text != before
