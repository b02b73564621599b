"""What a program can find of WCAG 2.2 AA, in a real browser, on every page, three widths, both themes, and zoomed.

A program finds perhaps half of what can be wrong. What is tried otherwise, and what is not tried, stands on the page
``book/tilgjengelighet``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from selenium import webdriver

from tests import axe
from tests.conftest import HTML
from tests.site.screens import WIDTHS, opened, resized, screen

#: The rules of axe that are the law (WCAG 2.1 AA), those of WCAG 2.2, and its own advice.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

#: The dark theme has other colours and is otherwise the same page. Contrast is measured in both.
THEMES = {"light": RULES, "dark": ("link-in-text-block",)}

#: Contrast takes most of axe's time. It is a matter of colours and of whether letters are large (WCAG 1.4.3), so on the screens
#: after the first it is measured where something looks otherwise than before (:data:`LOOKS`), with all that is inside it.
CONTRAST = "color-contrast"

#: Remembers how each visible element looks in a theme; keeps those that look as never before in ``window.unlike``.
LOOKS = """
window.looks ??= {};
const known = (window.looks[arguments[0]] ??= new Map()), unlike = [];
const drawn = (element, pseudo) => {
  const style = getComputedStyle(element, pseudo);
  if (pseudo && ["none", "normal"].includes(style.content)) return "";
  const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  return [style.color, style.backgroundColor, style.backgroundImage, style.opacity, large, style.filter, style.mixBlendMode,
    style.textShadow, style.position, style.zIndex, pseudo && style.content].join("|");
};
for (const element of document.querySelectorAll("html, body, body *")) {
  if (!element.checkVisibility({visibilityProperty: true})) continue;
  const look = [null, "::before", "::after"].map((pseudo) => drawn(element, pseudo)).join("/");
  const before = known.get(element) ?? new Set();
  if (!before.has(look)) unlike.push(element);
  known.set(element, before.add(look));
}
const among = new Set(unlike);
window.unlike = unlike.filter((element) => !among.has(element.parentElement));
"""

RUN = """
const done = arguments[2], contrast = arguments[1];
const asked = (where, options) => () => axe.run(where, {resultTypes: ["violations"], ...options});
const runs = [asked(document, {runOnly: arguments[0], rules: {[contrast]: {enabled: false}}})];
if (window.unlike.length) runs.push(asked({include: window.unlike}, {runOnly: [contrast]}));
const told = (rule) => ({rule: rule.id, help: rule.help, where: rule.nodes.map((node) => node.html.slice(0, 200))});
(async () => {
  const found = [];
  for (const run of runs) found.push(...(await run()).violations.map(told));
  done(found);
})();
"""

#: Rows that are built alike. A page of hundreds is looked at whole on the narrowest screen, and else by the first rows of each
#: table: `book/verdier` alone would take as long as half of the other pages together.
FEW_ROWS = """const rows = document.querySelectorAll("main tbody > tr");
if (rows.length > 500) document.querySelectorAll("main tbody > tr:nth-child(n + 6)").forEach((row) => row.remove());"""

#: Text that reaches outside its box and is cut off there. A box that is scrolled is no loss; nor is what only a screen reader hears.
CUT_OFF = """
return [...document.querySelectorAll("main *")].filter((element) => {
  const style = getComputedStyle(element);
  if (!["hidden", "clip"].includes(style.overflowX) || style.position === "absolute" || !element.innerText?.trim()) return false;
  return element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
}).map((element) => element.outerHTML.slice(0, 150));
"""

#: A window of 1280 pixels at 200 and 400 percent is as wide as this (WCAG 1.4.4 and 1.4.10).
ZOOMED = {200: 640, 400: 320}

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


@pytest.fixture
def still(browser: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """The browser, given back as it was."""
    browser.set_script_timeout(60)
    yield browser
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("name", pages())
def test_a_page_has_no_fault_that_a_program_can_find(address: str, still: webdriver.Chrome, name: str) -> None:
    """On every screen, in both themes, and zoomed: axe finds nothing, nothing is cut off or wider than the screen.

    The page is opened on the narrowest screen, which then grows, as when a telephone is turned or a window widened.
    """
    found: dict[str, object] = {}
    with screen(still, WIDTHS[0]):
        opened(still, address + name)
        still.execute_script(axe.source())
        for width in WIDTHS:
            resized(still, width)
            found[f"{width}, cut off"] = lost(still, width)
            for theme in THEMES:
                if (width, theme) != (WIDTHS[0], "light"):
                    still.execute_script(FEW_ROWS)
                still.execute_script("document.documentElement.dataset.theme = arguments[0]", theme)
                found[f"{width}, {theme}"] = violations(still, theme)
        for percent, width in ZOOMED.items():
            resized(still, width, height=512)
            found[f"{percent} percent, cut off"] = lost(still, width)
    faults = {where: what for where, what in found.items() if what}
    assert not faults, json.dumps(faults, ensure_ascii=False, indent=1)


def violations(browser: webdriver.Chrome, theme: str) -> list[object]:
    """What axe finds, with contrast where something looks as it has not looked before in this theme."""
    browser.execute_script(LOOKS, theme)
    return browser.execute_async_script(RUN, list(THEMES[theme]), CONTRAST)


def lost(browser: webdriver.Chrome, width: int) -> list[str]:
    """What is cut off, and how wide the page is if that is wider than the screen."""
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    return [*browser.execute_script(CUT_OFF), *([f"{wide} pixels wide"] if wide > width else [])]


def test_axe_can_find_something(address: str, still: webdriver.Chrome) -> None:
    opened(still, address + "book/index.html")
    still.execute_script(
        "document.querySelector('article p').style.color = '#ccc'; document.querySelector('h2').remove();"
    )
    still.execute_script(axe.source())
    assert "color-contrast" in {fault["rule"] for fault in violations(still, "light")}


@pytest.mark.parametrize("where", ["@media (min-width: 1000px)", "[data-theme=dark]"])
def test_poor_contrast_in_one_theme_or_on_a_wide_screen_alone_is_found(
    address: str, still: webdriver.Chrome, where: str
) -> None:
    found = set()
    with screen(still, WIDTHS[0]):
        opened(still, address + "book/index.html")
        still.execute_script(
            """const sheet = new CSSStyleSheet();
            sheet.replaceSync(`${arguments[0]} { article p { color: #777 !important; background: #888 !important; } }`);
            document.adoptedStyleSheets = [sheet];""",
            where,
        )
        still.execute_script(axe.source())
        for width in WIDTHS:
            resized(still, width)
            for theme in THEMES:
                still.execute_script("document.documentElement.dataset.theme = arguments[0]", theme)
                if CONTRAST in {fault["rule"] for fault in violations(still, theme)}:
                    found.add((width, theme))
    # What looks as before on a later screen is not told of again.
    wide, dark = {(WIDTHS[-1], theme) for theme in THEMES}, {(width, "dark") for width in WIDTHS}
    assert found == wide if "media" in where else (WIDTHS[0], "dark") in found <= dark


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", KINDS)
def test_the_readers_own_spacing_loses_nothing(address: str, still: webdriver.Chrome, name: str, width: int) -> None:
    with screen(still, width):
        opened(still, address + name)
        still.execute_script(SPACING)
        assert lost(still, width) == []


def test_what_is_cut_off_or_too_wide_is_found(address: str, still: webdriver.Chrome) -> None:
    with screen(still, WIDTHS[0]):
        opened(still, address + "book/index.html")
        still.execute_script(
            """const box = document.querySelector("article p");
            Object.assign(box.style, {height: "1em", overflow: "hidden", overflowX: "clip"});
            document.querySelector("article").append(Object.assign(document.createElement("div"), {style: "width: 900px; height: 1px"}));"""
        )
        found = lost(still, WIDTHS[0])
    assert found[-1].endswith("pixels wide") and found[0].startswith("<p")


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
