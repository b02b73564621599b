"""Nothing comes from other hosts, and the pages' own security policy holds: seen in a real browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

#: Hosts that stock Jupyter Book, Sphinx and their themes fetch from, and others like them.
CDN = re.compile(
    r"unpkg\.com|jsdelivr\.net|cdnjs\.|cloudflare\.com|googleapis\.com|gstatic\.com|googletagmanager\.com|"
    r"google-analytics\.com|mathjax\.org|mybinder\.org|fontawesome\.com/\w+\.js|hypothes\.is|utteranc\.es|plausible\.io|"
    r"bootstrapcdn\.com|code\.jquery\.com|polyfill\.io|typekit|html-manager|require\.js",
    re.IGNORECASE,
)

#: Ways to load something: what stands in them is fetched when the page opens.
LOADED = ("script[src]", "link[rel=stylesheet][href]", "link[rel=icon][href]", "link[rel=preload][href]", "img[src]", "iframe", "object", "embed", "video", "audio", "source", "base")  # fmt: skip


@dataclass
class Visit:
    """What the browser did and said while a page was open."""

    requests: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def visit(browser: webdriver.Chrome, url: str) -> Visit:
    """Open the page, and read the browser's own record of it."""
    seen(browser)  # empties the record of the page before
    browser.get(url)
    WebDriverWait(browser, 10).until(lambda chrome: chrome.execute_script("return document.readyState") == "complete")
    browser.execute_async_script("const done = arguments[0]; document.fonts.ready.then(() => setTimeout(done, 50));")
    return seen(browser)


def seen(browser: webdriver.Chrome) -> Visit:
    """What happened since the last time this was asked."""
    found = Visit()
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        parameters = message["params"]
        if message["method"] == "Network.requestWillBeSent":
            found.requests.append(parameters["request"]["url"])
        elif message["method"] == "Network.responseReceived" and parameters["response"]["status"] >= 400:
            found.failed.append(parameters["response"]["url"])
        elif message["method"] == "Network.loadingFailed" and not parameters.get("canceled"):
            found.failed.append(f"{parameters['errorText']} {parameters.get('blockedReason', '')}")
    found.said = [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("WARNING", "SEVERE")]
    return found


def foreign(found: Visit, host: str) -> list[str]:
    return [
        url for url in found.requests if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != host
    ]


def all_pages(reports_dir: Path) -> list[str]:
    html = reports_dir / "html"
    return sorted(path.relative_to(html).as_posix() for path in html.rglob("*.html"))


@pytest.mark.long(10)
def test_pages_load_over_the_network_without_other_hosts(
    reports_dir: Path, address: str, browser: webdriver.Chrome
) -> None:
    host = urlsplit(address).netloc
    for name in all_pages(reports_dir):
        found = visit(browser, address + name)
        assert found.requests, name
        assert not foreign(found, host), name
        assert not found.failed, name
        assert not found.said, name


@pytest.mark.long(15)
def test_pages_load_from_a_disk(reports_dir: Path, browser: webdriver.Chrome) -> None:
    for name in all_pages(reports_dir):
        found = visit(browser, (reports_dir / "html" / name).resolve().as_uri())
        assert all(urlsplit(url).scheme in ("file", "data") for url in found.requests), name
        assert not found.failed, name
        assert not found.said, name


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_styles_fonts_and_scripts_take_effect(
    reports_dir: Path, address: str, browser: webdriver.Chrome, scheme: str
) -> None:
    start = address if scheme == "http" else (reports_dir / "html").resolve().as_uri() + "/"
    visit(browser, start + "book/felles/index.html")
    fonts = browser.execute_script("return [...document.fonts].filter(f => f.status == 'loaded').map(f => f.family)")
    assert {name.strip('"') for name in fonts} >= {"Rapport Sans", "Rapport Serif"}
    assert browser.execute_script("return getComputedStyle(document.querySelector('article p')).fontFamily").startswith('"Rapport Serif"')  # fmt: skip
    assert browser.execute_script("return document.documentElement.dataset.mode") == "auto"
    assert browser.execute_script("return getComputedStyle(document.querySelector('figure svg text')).fontFamily").startswith('"Rapport Sans"')  # fmt: skip


def test_colours_can_be_chosen(address: str, browser: webdriver.Chrome) -> None:
    visit(browser, address + "book/index.html")
    button = browser.find_element(By.CSS_SELECTOR, ".theme-switch-button")
    heard = set()
    for _ in range(3):
        button.click()
        heard.add(button.accessible_name)
    assert heard == {"Farger: lyse", "Farger: mørke", "Farger: som systemet"}


def test_menu_opens_and_closes_on_a_telephone(address: str, browser: webdriver.Chrome) -> None:
    size = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        visit(browser, address + "book/felles/index.html")
        browser.find_element(By.CSS_SELECTOR, ".primary-toggle").click()
        menu = browser.find_element(By.ID, "pst-primary-sidebar-modal")
        assert menu.is_displayed() and menu.accessible_name == "Meny"
        menu.find_element(By.CSS_SELECTOR, ".lukk").click()
        assert not menu.is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_every_page_carries_the_security_policy(reports_dir: Path) -> None:
    for name in all_pages(reports_dir):
        page = BeautifulSoup((reports_dir / "html" / name).read_text("utf-8"), "html.parser")
        policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
        assert policy is not None, name
        rules = dict(rule.strip().split(" ", 1) for rule in str(policy["content"]).split(";"))
        assert rules["default-src"] == "'none'", name
        assert rules["script-src"].split() == ["'self'", "file:"], name
        assert "http" not in str(policy["content"]), name
        assert not [script for script in page.find_all("script") if not script.get("src")], name
        assert not [tag for tag in page.find_all(True) if any(key.startswith("on") for key in tag.attrs)], name


def test_pages_load_nothing_by_a_full_address(page: Path) -> None:
    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    for tag in soup.select(",".join(LOADED)):
        address = str(tag.get("src") or tag.get("href") or "")
        assert not urlsplit(address).netloc, tag


def inline_digests(page: BeautifulSoup, kind: str) -> set[str]:
    found = {str(tag.string) for tag in page.find_all(kind) if not tag.get("src") and tag.string}
    return {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in found}


def policy_faults(page: BeautifulSoup) -> list[str]:
    """What a page's own policy lets in that it must not, or nothing."""
    tags = page.find_all("meta", attrs={"http-equiv": "Content-Security-Policy"})
    if len(tags) != 1:
        return [f"{len(tags)} policies"]
    content = str(tags[0]["content"])
    rules = dict(rule.strip().split(" ", 1) for rule in content.split(";"))
    found = [
        word
        for word in ("http:", "https:", "*", "'unsafe-eval'", "'strict-dynamic'", "blob:")
        if word in content.split()
    ]
    scripts = rules.get("script-src", "'unsafe-inline'").split()
    found += [f"script-src {word}" for word in scripts if word in ("'unsafe-inline'", "'unsafe-hashes'", "data:")]
    found += (
        [] if rules.get("default-src") == "'none'" and rules.get("base-uri") == "'none'" else ["default-src, base-uri"]
    )
    found += ["an inline script without its digest"] if not inline_digests(page, "script") <= set(scripts) else []
    # What stands before the policy is not held to it.
    before = [tag for tag in tags[0].find_all_previous(True) if tag.name not in ("html", "head", "meta")]
    return found + [f"<{tag.name}> before the policy" for tag in before]


def test_every_file_of_html_carries_a_policy_without_inline_scripts(reports_dir: Path) -> None:
    found = {path: policy_faults(read_html(path)) for path in sorted(reports_dir.rglob("*.html"))}
    kinds = {path.relative_to(reports_dir).parts[0] for path in found}
    assert kinds >= {"html", "enkeltfil"} and {"index.html", "search.html"} <= {path.name for path in found}
    assert not {path.name: faults for path, faults in found.items() if faults}


@cache
def read_html(path: Path) -> BeautifulSoup:
    # The policy and the scripts are all that is looked at.
    return BeautifulSoup(
        path.read_text("utf-8"),
        "html.parser",
        parse_only=SoupStrainer(["html", "head", "meta", "script", "link", "style", "title"]),
    )


@pytest.mark.parametrize(
    "policy",
    [
        "default-src 'none'; script-src 'self' 'unsafe-inline'; base-uri 'none'",
        "default-src 'none'; base-uri 'none'",
        "default-src 'none'; script-src 'self' https://cdn.example; base-uri *",
        "default-src 'self'; script-src 'self'; base-uri 'none'",
        "default-src 'none'; script-src 'sha256-x'; base-uri 'none'",
    ],
)
def test_a_policy_that_lets_in_too_much_is_found(policy: str) -> None:
    page = BeautifulSoup(
        f'<head><meta http-equiv="Content-Security-Policy" content="{policy}"><script>1</script></head>', "html.parser"
    )
    assert policy_faults(page)
    assert policy_faults(BeautifulSoup("<head></head>", "html.parser"))


def test_built_files_name_no_host_to_fetch_from(reports_dir: Path) -> None:
    named = {}
    for path in (reports_dir / "html").rglob("*"):
        if path.suffix in (".html", ".js", ".css", ".svg", ".json", ".xml"):
            found = set(CDN.findall(path.read_text("utf-8")))
            if found:
                named[path.relative_to(reports_dir).as_posix()] = found
    assert not named


def test_style_sheets_load_only_own_files(reports_dir: Path) -> None:
    for path in (reports_dir / "html").rglob("*.css"):
        for address in re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')\s]+)", path.read_text("utf-8")):
            assert not urlsplit(address).netloc, f"{path.name}: {address}"
