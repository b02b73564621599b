"""The preview shows what was saved, says on the page what is wrong, and keeps the last good page below."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from selenium.webdriver.common.by import By

from publishing import preview
from publishing.errors import BuildError
from publishing.preview.server import Site, serve
from tests import axe
from tests.conftest import copied
from tests.hostile import SHOWN
from tests.site.conftest import browser, chromium  # noqa: F401  # fixtures

pytestmark = pytest.mark.long(80)

STAFFING = "data/raw/sak/bemanning.csv"
PAGE = "book/sentralbord/index.html"
HEADING = "Sentralbord kort fortalt"
STAFFED = "book/postmottak-arkiv/dagens-situasjon.html"
PATIENCE = 240  # seconds; how fast the preview is, is measured and not tested


@dataclass
class Running:
    """A preview that runs on a copy of the project."""

    root: Path
    address: str
    process: subprocess.Popen
    log: Path
    before: dict[str, str] = field(default_factory=dict)

    def page(self, name: str = PAGE) -> str:
        with urllib.request.urlopen(f"{self.address}{name}", timeout=20) as answer:
            return answer.read().decode()

    def until(self, true: Callable[[str], bool], name: str = PAGE) -> str:
        """The page, when something is true of it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text("utf-8")
            try:
                text = self.page(name)
            except OSError:
                text = ""
            if text and true(text):
                return text
            time.sleep(0.3)
        pytest.fail(f"{text[:3000]}\n\n{self.log.read_text('utf-8')}")

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text("utf-8")
        assert old in text
        self.before.setdefault(path, text)
        (self.root / path).write_text(text.replace(old, new, 1), "utf-8")

    def mend(self) -> None:
        """Put back what was edited, and wait until the pages show it."""
        edited = [path for path, text in self.before.items() if (self.root / path).read_text("utf-8") != text]
        for path in edited:
            (self.root / path).write_text(self.before[path], "utf-8")
        self.before.clear()
        if edited:
            self.until(lambda page: f"<h1>{HEADING}<" in page and not faults(page))
            self.until(lambda page: cells(page, "1,7"), STAFFED)

    def told(self, words: str, times: int = 1) -> None:
        """Wait until the terminal says something."""
        end = time.monotonic() + PATIENCE
        while self.log.read_text("utf-8").count(words) < times:
            assert time.monotonic() < end, self.log.read_text("utf-8")
            time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    project_copy = copied(tmp_path_factory.mktemp("forhandsvisning") / "prosjekt")
    port = free_port()
    log = project_copy / "forhandsvisning.log"
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "publishing", "preview", "--port", str(port)], cwd=project_copy,
            env={**os.environ, "PYTHONPATH": str(project_copy), "PYTHONUTF8": "1", "CI": "true"},
            stdout=file, stderr=subprocess.STDOUT,
        )  # fmt: skip
    found = Running(project_copy, f"http://127.0.0.1:{port}/", process, log)
    found.told("Sidene er fornyet")
    yield found
    if process.poll() is None:
        process.terminate()
        process.wait(60)


@pytest.fixture
def running(started: Running) -> Iterator[Running]:
    """The preview with the project as it was; it takes half a minute to start, so one serves all the tests."""
    yield started
    if started.process.poll() is None:
        started.mend()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def faults(page: str) -> str:
    found = re.search(r'<div role="alert".*?</div>', page, re.DOTALL)
    return found[0] if found else ""


def cells(page: str, text: str) -> list[str]:
    return re.findall(rf"<td[^>]*>(?:<p>)?{text}\b", page)


def test_what_is_saved_is_shown_and_what_is_wrong_is_said_until_it_is_mended(running: Running):
    published = contents(running.root / "reports")
    assert faults(running.page()) == ""

    running.edit("book/sentralbord/index.ipynb", f"# {HEADING}", "# Sentralbord fortalt på nytt")
    running.until(lambda page: "Sentralbord fortalt på nytt</h1>" in re.sub(r"<a class=\"headerlink.*?</a>", "", page))

    # A row that cannot be read: said on every page, and the last good page stays below.
    running.edit(STAFFING, ",0.8,", ',"0,8x",')
    page = running.until(faults)
    for word in (STAFFING, "rad 2", "arsverk", "0,8x"):
        assert word in faults(page)
    assert "Sentralbord fortalt på nytt" in page
    running.edit(STAFFING, ',"0,8x",', ",0.8,")
    running.until(lambda page: not faults(page))

    # A cell that stops.
    running.edit("book/sentralbord/index.ipynb", "today.key_numbers(omrade)", "today.key_numbers(omradet)")
    page = running.until(faults)
    assert "book/sentralbord/index.ipynb: Cellen som begynner med «today.key_numbers(omradet)»" in faults(page)
    running.edit("book/sentralbord/index.ipynb", "today.key_numbers(omradet)", "today.key_numbers(omrade)")
    running.until(lambda page: not faults(page))

    # A value that does not exist: Sphinx finds it, and does not replace the page.
    running.edit(
        "book/sentralbord/index.ipynb", "{verdi}`nullpunkt.lik-andel.sum`", "{verdi}`nullpunkt.lik-andel.summ`"
    )
    page = running.until(faults)
    assert "nullpunkt.lik-andel.summ" in faults(page)
    assert "nullpunkt.lik-andel.summ" not in page.replace(faults(page), "")
    running.edit(
        "book/sentralbord/index.ipynb", "{verdi}`nullpunkt.lik-andel.summ`", "{verdi}`nullpunkt.lik-andel.sum`"
    )
    running.until(lambda page: not faults(page))

    # The årsverk of Midtre Gauldal: another number in the row, another number on the page.
    name, row = STAFFED, "postmottak-arkiv,5027,{},1360000"
    assert cells(running.page(name), "1,7") and not cells(running.page(name), "1,9")
    running.edit(STAFFING, row.format("1.7"), row.format("1.9"))
    running.until(lambda page: cells(page, "1,9"), name)
    assert contents(running.root / "reports") == published
    assert not (running.root / "_build" / "html").exists()


def test_a_change_of_the_list_of_chapters_opens_the_book_again(running: Running):
    running.edit("_toc.yml", "book/felles/mandat", "book/felles/mandatet")
    page = running.until(faults)
    assert "_toc.yml: Kapitlet «book/felles/mandatet» finnes ikke" in faults(page)
    running.edit("_toc.yml", "book/felles/mandatet", "book/felles/mandat")
    running.until(lambda page: not faults(page))


def running_in(folder: Path) -> list[str]:
    """The processes that were started in an environment that names this folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if str(folder).encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:  # another user's, or it ended just now
            pass
    return found


def test_the_browser_shows_the_fault_and_the_new_page_by_itself(running: Running, browser):  # noqa: F811
    browser.get(f"{running.address}{PAGE}")
    assert browser.find_elements(By.CSS_SELECTOR, "[role=alert]") == []
    running.edit("book/sentralbord/index.ipynb", f"# {HEADING}", "# Ny overskrift")
    wait(lambda: browser.find_element(By.TAG_NAME, "h1").text.startswith("Ny overskrift"))

    running.edit(STAFFING, ",0.8,", ",-0.8,")
    wait(lambda: browser.find_elements(By.CSS_SELECTOR, "[role=alert]"))
    message = browser.find_element(By.CSS_SELECTOR, "[role=alert]")
    assert message.is_displayed() and "rad 2" in message.text
    assert browser.switch_to.active_element == message
    assert browser.find_element(By.TAG_NAME, "h1").text.startswith("Ny overskrift")
    left, right = browser.execute_script(
        "const style = getComputedStyle(arguments[0]); return [style.color, style.backgroundColor]", message
    )
    assert contrast(left, right) > 7
    blocked = [line["message"] for line in browser.get_log("browser") if "Content Security Policy" in line["message"]]
    assert blocked == []
    browser.execute_script(axe.source())
    found = browser.execute_async_script(
        "axe.run(document).then((found) => arguments[0](found.violations.map((one) => one.id)))"
    )
    assert found == []

    running.edit(STAFFING, ",-0.8,", ",0.8,")
    wait(lambda: not browser.find_elements(By.CSS_SELECTOR, "[role=alert]"))


def wait(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if true():
                return
        except Exception:  # the page is on its way
            pass
        time.sleep(0.3)
    pytest.fail("the browser never showed it")


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2 between two colours as a browser tells them."""

    def light(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_the_next_free_port_is_taken(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = serve(Site(tmp_path), port)
        assert port < server.server_port < port + 20
        server.server_close()


@pytest.mark.parametrize("given", ["åtte", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(given: str):
    with pytest.raises(BuildError, match=f"PORT={given} er ikke en port"):
        preview.parsed_port(given)


def test_without_a_page_yet_the_reader_is_told_to_wait_and_pdfs_are_said_to_be_missing(tmp_path: Path):
    site = Site(tmp_path)
    status, text, before = site.page("/book/index.html")
    assert status == 200 and "Gjør klar sidene" in text and "forhandsvisning.js" in text
    (tmp_path / "index.html").write_text("<html><head></head><body>Forsiden</body></html>", "utf-8")
    status, text, after = site.page("/pdf/felles.pdf")
    assert status == 404 and "Forhåndsvisningen lager ikke PDF-er" in text
    assert before != after


def test_what_is_wrong_is_told_as_text_and_never_as_markup(tmp_path: Path):
    (tmp_path / "index.html").write_text('<html><head></head><body class="a">Forsiden</body></html>', "utf-8")
    site = Site(tmp_path)
    site.show_faults(["<script>"])
    assert "<li>&lt;script&gt;</li>" in site.page("/")[1]
    assert site.page("/")[1].index('role="alert"') < site.page("/")[1].index("Forsiden")
    site.show_faults([*SHOWN.values()])
    page = BeautifulSoup(site.page("/")[1], "html.parser")
    assert [item.get_text() for item in page.select("[role=alert] li")] == [*SHOWN.values()]
    assert {tag.name for tag in page.select_one("[role=alert]").find_all(True)} == {"p", "strong", "ul", "li"}
    site.show_faults([])
    assert "role=" not in site.page("/")[1]


@pytest.mark.skipif(sys.platform == "win32", reason="et tastetrykk kan ikke sendes til en prosess her")
def test_it_stops_without_a_traceback_and_leaves_no_process(running: Running):
    # The last of them: nothing runs after it.
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(60) == 0
    said = running.log.read_text("utf-8")
    assert said.rstrip().endswith("Forhåndsvisningen er stoppet.")
    assert "Traceback" not in said and "Interrupt" not in said
    if sys.platform == "linux":
        end = time.monotonic() + 30  # a Python that is importing finds out when it is done
        while running_in(running.root) and time.monotonic() < end:
            time.sleep(0.2)
        assert running_in(running.root) == []
