"""Pictures of JupyterLab as `make edit` shows it, for the guide: ``python docs/editor_pictures.py <folder>``.

Needs Chromium with its driver, as the tests of the site do. Opens a copy of the book, so nothing is changed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from selenium import webdriver  # noqa: E402
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

from tests.editor import Editor, editor  # noqa: E402

CHAPTER = "book/sentralbord/index.ipynb"


def chromium() -> webdriver.Chrome:
    """A browser without a screen, 1440 pixels wide."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=nb"):
        options.add_argument(argument)
    browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    browser.set_window_size(1440, 1000)
    return browser


def wait_for(browser: webdriver.Chrome, selector: str) -> None:
    """Wait until something is there, and then until nothing moves any more."""
    WebDriverWait(browser, 90).until(lambda chrome: chrome.find_elements(By.CSS_SELECTOR, selector))
    time.sleep(3)


def scroll_to(browser: webdriver.Chrome, selector: str) -> None:
    """Bring something to the top of the window."""
    browser.execute_script("document.querySelector(arguments[0]).scrollIntoView()", selector)
    time.sleep(2)


def take(browser: webdriver.Chrome, lab: Editor, folder: Path) -> None:
    """Take every picture."""

    def picture(name: str) -> None:
        browser.save_screenshot(str(folder / f"{name}.png"))

    browser.get(f"{lab.address}/?token={lab.token}")
    wait_for(browser, ".myst")
    picture("forste-side")

    browser.get(f"{lab.address}/lab/tree/{CHAPTER}?reset")
    wait_for(browser, ".rapport-verdi")
    picture("kapittel")

    browser.find_elements(By.CSS_SELECTOR, ".lm-MenuBar-item")[3].click()
    wait_for(browser, ".lm-Menu-itemLabel")
    picture("meny-kjor")
    browser.find_element(By.XPATH, "//*[text()='Kjør alle celler']").click()
    wait_for(browser, ".jp-OutputArea .vega-embed")
    scroll_to(browser, ".jp-OutputArea .vega-embed")
    picture("figur")

    browser.get(f"{lab.address}/lab/tree/book/sentralbord/dagens-situasjon.ipynb?reset")
    wait_for(browser, ".rapport-verdi")
    browser.find_elements(By.CSS_SELECTOR, ".lm-MenuBar-item")[3].click()
    wait_for(browser, ".lm-Menu-itemLabel")
    browser.find_element(By.XPATH, "//*[text()='Kjør alle celler']").click()
    wait_for(browser, ".jp-OutputArea table")
    scroll_to(browser, ".jp-OutputArea table")
    picture("tabell")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as copy, editor(Path(copy)) as running:
        window = chromium()
        try:
            take(window, running, target)
        finally:
            window.quit()
