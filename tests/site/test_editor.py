"""JupyterLab as a workgroup meets it: chapters with their values, in bokmål, and nothing from other hosts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.editor import Editor, editor

pytestmark = pytest.mark.long(30)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    with editor(tmp_path_factory.mktemp("editor")) as running:
        yield running


@pytest.fixture
def browser(chromium: webdriver.Chrome) -> webdriver.Chrome:
    """The browser as the test before left it: a chapter takes long to open, and most tests look at the same one."""
    return chromium


def opened(browser: webdriver.Chrome, lab: Editor, path: str) -> None:
    """Open a chapter alone, unless it is what the browser shows."""
    if not browser.current_url.startswith(f"{lab.address}/lab/tree/{path}"):
        browser.get(f"{lab.address}/lab/tree/{path}?reset&token={lab.token}")


def role(browser: webdriver.Chrome, kind: str, text: str) -> str:
    """Wait until a role of a kind shows a text; return its tooltip."""

    def found(chrome: webdriver.Chrome) -> str:
        shown = chrome.execute_script(
            "return [...document.querySelectorAll(arguments[0])].map((one) => [one.textContent, one.title])",
            f".myst .rapport-{kind}",
        )
        return dict(shown).get(text, "")

    return WebDriverWait(browser, 60).until(found, f"no {kind} shows «{text}»")


def conditional(browser: webdriver.Chrome, names: str) -> tuple[str, str]:
    """Wait for the text that depends on numbers; return what is said of it, and the text with plain spaces."""

    def found(chrome: webdriver.Chrome) -> tuple[str, str] | None:
        frames = chrome.execute_script(
            """return [...document.querySelectorAll(".rapport-ramme[open]")].map((one) =>
                 [one.querySelector(".myst-exercise-title").dataset.om, one.querySelector("pre").textContent])"""
        )
        return next(((told, text.replace("\u00a0", " ")) for told, text in frames if names in told), None)

    return WebDriverWait(browser, 60).until(found, f"no text depends on {names}")


def requests(browser: webdriver.Chrome) -> list[str]:
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]


def test_nothing_comes_from_other_hosts(browser: webdriver.Chrome, lab: Editor) -> None:
    browser.get("about:blank")
    requests(browser)  # empties the record of the page before
    opened(browser, lab, "book/sentralbord/index.ipynb")
    role(browser, "verdi", "0,8\u00a0årsverk")
    asked = [url for url in requests(browser) if urlsplit(url).scheme not in ("data", "blob")]
    assert any(url.endswith("/rapport/verdier?omrade=sentralbord") for url in asked)
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(lab.address).netloc}


def test_a_chapter_shows_its_values_with_name_status_and_source(browser: webdriver.Chrome, lab: Editor) -> None:
    opened(browser, lab, "book/sentralbord/index.ipynb")
    told = role(browser, "verdi", "0,8\u00a0årsverk")
    assert "\nsentralbord.arsverk.midtre-gauldal\nStatus: oppgitt\nKilde: Saksframlegget" in told
    assert "sentralbord.arsverk.sum" in role(browser, "verdi", "2,6")  # {tall}, without its unit
    assert browser.find_elements(By.CSS_SELECTOR, ".rapport-feil") == []


def test_a_chapter_that_is_only_read_is_not_marked_as_changed(browser: webdriver.Chrome, lab: Editor) -> None:
    opened(browser, lab, "book/sentralbord/index.ipynb")
    WebDriverWait(browser, 60).until(
        lambda chrome: "Klar" in chrome.find_element(By.CSS_SELECTOR, "#jp-main-statusbar").text
    )
    assert browser.find_elements(By.CSS_SELECTOR, ".jp-mod-dirty") == []


def test_text_that_depends_on_numbers_is_shown_with_them_and_with_when_it_is_used(
    browser: webdriver.Chrome, lab: Editor
) -> None:
    opened(browser, lab, "book/sentralbord/index.ipynb")
    told, text = conditional(browser, "nullpunkt.folketall.sum, nullpunkt.lik-andel.sum")
    assert told == "Vises når disse tallene finnes: nullpunkt.folketall.sum, nullpunkt.lik-andel.sum"
    assert "minst 29,9 prosent for at" in text and "{verdi}" not in text
    told, _ = conditional(browser, "Vises når et av disse tallene mangler")
    assert told.endswith(": nullpunkt.folketall.sum, nullpunkt.lik-andel.sum")


def test_the_interface_is_norwegian(browser: webdriver.Chrome, lab: Editor) -> None:
    opened(browser, lab, "book/sentralbord/index.ipynb")
    role(browser, "verdi", "0,8\u00a0årsverk")
    menus = [menu.text for menu in browser.find_elements(By.CSS_SELECTOR, ".lm-MenuBar-itemLabel")]
    assert menus == ["Fil", "Rediger", "Vis", "Kjør", "Kjerne", "Faner", "Innstillinger", "Hjelp"]
    browser.find_elements(By.CSS_SELECTOR, ".lm-MenuBar-item")[3].click()
    WebDriverWait(browser, 10).until(
        lambda chrome: (
            "Kjør alle celler" in [e.text for e in chrome.find_elements(By.CSS_SELECTOR, ".lm-Menu-itemLabel")]
        )
    )
    ActionChains(browser).send_keys(Keys.ESCAPE).perform()
    assert browser.title.endswith("Utredningsrapportene")


def test_cells_that_are_run_show_key_numbers_and_a_chart(browser: webdriver.Chrome, lab: Editor) -> None:
    opened(browser, lab, "book/sentralbord/index.ipynb")
    role(browser, "verdi", "0,8\u00a0årsverk")
    browser.find_elements(By.CSS_SELECTOR, ".lm-MenuBar-item")[3].click()
    run_all = "//*[contains(@class, 'lm-Menu-itemLabel')][text()='Kjør alle celler']"
    WebDriverWait(browser, 10).until(lambda chrome: chrome.find_elements(By.XPATH, run_all))[0].click()
    WebDriverWait(browser, 90).until(lambda chrome: chrome.find_elements(By.CSS_SELECTOR, ".jp-OutputArea .vega-embed"))
    shown = browser.find_elements(By.CSS_SELECTOR, ".jp-OutputArea li strong")
    assert "2,6\u00a0årsverk" in [element.get_property("textContent") for element in shown]


def test_parameters_and_marks_are_shown_for_what_they_are(browser: webdriver.Chrome, lab: Editor) -> None:
    opened(browser, lab, "book/maler/kommune.ipynb")
    assert "har Skaun i dag 8,3 årsverk og" in conditional(browser, "felles.arsverk.{kommune}")[1]
    opened(browser, lab, "book/maler/gevinster.ipynb")
    assert role(browser, "svar", "[svar på gevinstkriterier.02]")


def test_a_page_of_text_opens_as_it_is_read(browser: webdriver.Chrome, lab: Editor) -> None:
    guide = lab.root / "book" / "veiledning" / "index.md"
    guide.parent.mkdir(exist_ok=True)
    guide.write_text("# Veiledning\n\n:::{tip} Husk\nÅ lagre.\n:::\n", "utf-8")
    opened(browser, lab, "book/veiledning/index.md")
    shown = WebDriverWait(browser, 60).until(
        lambda chrome: chrome.find_elements(By.CSS_SELECTOR, ".jp-MarkdownViewer .myst aside")
    )
    assert shown[0].text.splitlines() == ["Husk", "Å lagre."]


def test_the_names_of_the_municipalities_are_shown(browser: webdriver.Chrome, lab: Editor) -> None:
    opened(browser, lab, "book/index.ipynb")
    assert role(browser, "verdi", "Skaun, Melhus og Midtre Gauldal") == "Parameteren «kommunene»"


def test_a_frame_that_only_the_site_draws_is_not_called_a_fault(browser: webdriver.Chrome, lab: Editor) -> None:
    opened(browser, lab, "book/index.ipynb")
    WebDriverWait(browser, 60).until(lambda chrome: chrome.find_elements(By.CSS_SELECTOR, ".rapport-ramme"))
    titles = browser.find_elements(By.CSS_SELECTOR, ".myst-exercise-title")
    # The English words take no room; what stands there instead is in the style sheet.
    assert [title.value_of_css_property("font-size") for title in titles] == ["0px"] * len(titles)


def test_a_name_that_is_not_there_is_shown_with_the_nearest_one(browser: webdriver.Chrome, lab: Editor) -> None:
    chapter = lab.root / "book" / "sentralbord" / "index.ipynb"
    before = chapter.read_text("utf-8")
    assert "{verdi}`arsverk.skaun`" in before
    chapter.write_text(before.replace("{verdi}`arsverk.skaun`", "{verdi}`arsverk.skaunn`"), "utf-8")
    browser.get("about:blank")
    opened(browser, lab, "book/sentralbord/index.ipynb")
    assert role(browser, "feil", "[finner ikke verdien «arsverk.skaunn». Mente du «arsverk.skaun»?]")
