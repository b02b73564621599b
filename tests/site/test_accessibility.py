"""What a program can find of WCAG 2.2 AA, in a real browser, on every page, three widths and both themes.

A program finds perhaps half of what can be wrong. What is tried otherwise, and what is not tried, stands on the page
``book/tilgjengelighet``.
"""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Iterator

import pytest
from selenium import webdriver

from tests.conftest import HTML
from tests.site.screens import WIDTHS, opened, screen

#: The rules of axe that are the law (WCAG 2.1 AA), those of WCAG 2.2, and its own advice.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

#: The dark theme has other colours and is otherwise the same page.
THEMES = {"light": RULES, "dark": ("color-contrast", "link-in-text-block")}

RUN = """
const done = arguments[1];
axe.run(document, {resultTypes: ["violations"], runOnly: arguments[0]}).then((found) => done(found.violations.map(
  (rule) => ({rule: rule.id, help: rule.help, where: rule.nodes.map((node) => node.html.slice(0, 200))}))));
"""

#: Rows that are built alike. A table of hundreds is looked at whole once, and else by its first rows: `book/verdier` alone
#: would take as long as half of the other pages together.
FEW_ROWS = """document.querySelectorAll("main tbody > tr:nth-child(n + 41)").forEach((row) => row.remove());"""

#: Text that reaches outside its box and is cut off there. A box that is scrolled is no loss; nor is what only a screen reader hears.
CUT_OFF = """
return [...document.querySelectorAll("main *")].filter((element) => {
  const style = getComputedStyle(element);
  if (!["hidden", "clip"].includes(style.overflowX) || style.position === "absolute" || !element.innerText?.trim()) return false;
  return element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
}).map((element) => element.outerHTML.slice(0, 150));
"""

#: WCAG 1.4.12: what a reader may set, without anything being lost.
SPACING = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-bottom: 2em !important; }`);
document.adoptedStyleSheets = [sheet];
"""

#: One page of each kind.
KINDS = (
    "book/index.html", "book/sentralbord/index.html", "book/sentralbord/gevinster.html", "book/felles/modellvalg.html",
    "book/felles/kostnadsnokler.html", "book/felles/skaun.html", "search.html",
)  # fmt: skip


def pages() -> list[str]:
    """Every page built, with Sphinx' own."""
    return sorted(path.relative_to(HTML).as_posix() for path in HTML.rglob("*.html"))


@pytest.fixture(scope="session")
def axe() -> str:
    return (importlib.resources.files("selenium_axe_python") / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture
def still(browser: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """The browser, given back as it was."""
    browser.set_script_timeout(60)
    yield browser
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", pages())
def test_axe_finds_nothing(address: str, still: webdriver.Chrome, axe: str, name: str, width: int) -> None:
    found = {}
    with screen(still, width):
        opened(still, address + name)
        still.execute_script(axe)
        for theme, rules in THEMES.items():
            if (width, theme) != (WIDTHS[0], "light"):
                still.execute_script(FEW_ROWS)
            still.execute_script("document.documentElement.dataset.theme = arguments[0]", theme)
            faults = still.execute_async_script(RUN, list(rules))
            if faults:
                found[theme] = faults
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


def test_axe_can_find_something(address: str, still: webdriver.Chrome, axe: str) -> None:
    opened(still, address + "book/index.html")
    still.execute_script(
        "document.querySelector('article p').style.color = '#ccc'; document.querySelector('h2').remove();"
    )
    still.execute_script(axe)
    assert "color-contrast" in {fault["rule"] for fault in still.execute_async_script(RUN, list(RULES))}


@pytest.mark.parametrize(("zoom", "width"), [(200, 640), (400, 320)])
def test_zoom_loses_nothing(address: str, still: webdriver.Chrome, zoom: int, width: int) -> None:
    """A window of 1280 pixels at 200 and 400 percent is as wide as 640 and 320."""
    found = {}
    with screen(still, width, height=512):
        for name in pages():
            opened(still, address + name)
            wide = still.execute_script("return document.documentElement.scrollWidth")
            cut = still.execute_script(CUT_OFF)
            if wide > width or cut:
                found[name] = (wide, cut)
    assert not found


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", KINDS)
def test_the_readers_own_spacing_loses_nothing(address: str, still: webdriver.Chrome, name: str, width: int) -> None:
    with screen(still, width):
        opened(still, address + name)
        still.execute_script(SPACING)
        assert still.execute_script("return document.documentElement.scrollWidth") <= width
        assert still.execute_script(CUT_OFF) == []


def test_nothing_moves_for_those_who_asked_for_that(address: str, still: webdriver.Chrome) -> None:
    with screen(still, 1440):
        for name in KINDS:
            opened(still, address + name)
            moving = still.execute_script(
                """return [...document.querySelectorAll("*")].filter((element) => {
                  const style = getComputedStyle(element);
                  return style.transitionDuration.split(",").some((time) => parseFloat(time) > 0)
                    || style.animationName !== "none" || style.scrollBehavior === "smooth";
                }).map((element) => element.outerHTML.slice(0, 120))"""
            )
            assert not moving, name


def test_controls_keep_their_edges_in_forced_colours(address: str, still: webdriver.Chrome) -> None:
    still.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "forced-colors", "value": "active"}]})
    try:
        opened(still, address + "book/sentralbord/kostnadsfordeling.html")
        assert still.execute_script("return matchMedia('(forced-colors: active)').matches")
        unseen = still.execute_script(
            """return [...document.querySelectorAll("main button, main input, main select, main summary, main a")].filter((control) => {
              const style = getComputedStyle(control);
              return control.checkVisibility() && style.color === style.backgroundColor;
            }).length"""
        )
        assert unseen == 0
    finally:
        still.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_tablet_that_is_turned_can_still_scroll_its_tables(address: str, still: webdriver.Chrome) -> None:
    with screen(still, 1440):
        opened(still, address + "book/sentralbord/kostnadsfordeling.html")
        size = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
        still.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        still.execute_async_script("setTimeout(arguments[0], 300)")
        stuck = still.execute_script(
            """return [...document.querySelectorAll(".tabellrulle")].filter((box) =>
                 box.checkVisibility() && box.scrollWidth > box.clientWidth && box.tabIndex < 0).length"""
        )
        assert stuck == 0
