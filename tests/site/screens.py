"""The screens the site is tried on, and how a page is opened on one of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

#: Widths in CSS pixels: a telephone, a tablet on end, a desk.
WIDTHS = (360, 820, 1440)


@contextmanager
def screen(browser: webdriver.Chrome, width: int, height: int = 900) -> Iterator[None]:
    """A screen of this size, whose system asks for a light theme and for no motion."""
    features = [
        {"name": "prefers-color-scheme", "value": "light"},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", _metrics(width, height))
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def resized(browser: webdriver.Chrome, width: int, height: int = 900) -> None:
    """Another size of the screen that is there, with the page on it laid out anew."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", _metrics(width, height))
    browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]));")


def _metrics(width: int, height: int) -> dict[str, object]:
    return {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 1000}


def opened(browser: webdriver.Chrome, url: str) -> None:
    """Open the page and wait until it stands still."""
    browser.get(url)
    WebDriverWait(browser, 10).until(lambda chrome: chrome.execute_script("return document.readyState") == "complete")
    browser.execute_async_script(
        "const done = arguments[0]; document.fonts.ready.then(() => requestAnimationFrame(done));"
    )
