"""How much a page needs over the wire before a reader sees it whole, measured in a real Chromium.

Every page of ``reports/html`` is opened with an empty cache, as on the screen of a tablet, from a server that compresses as
web hosts do. Printed: kilobytes by kind for the heaviest pages, the median, and how many pages are within the budget.
``make bench`` runs it; nothing here is timed.
"""

from __future__ import annotations

import gzip
import json
import shutil
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

REPORTS = Path(__file__).resolve().parent.parent / "reports"

#: Kilobytes (1 000 bytes) that the first view of a page may need.
BUDGET = 300

#: What web hosts compress; fonts and pictures are compressed already.
_TEXT = {".html", ".css", ".js", ".svg", ".json"}
_TABLET = {"width": 820, "height": 1180, "deviceScaleFactor": 2, "mobile": True}


@dataclass(frozen=True, slots=True)
class Weight:
    """What one page fetched: kilobytes by kind (``Document``, ``Stylesheet``, ``Script``, ``Font``, …)."""

    page: str
    kinds: dict[str, float]

    @property
    def total(self) -> float:
        """Kilobytes in all."""
        return sum(self.kinds.values())


class _Compressing(SimpleHTTPRequestHandler):
    def send_head(self) -> None:  # type: ignore[override]
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in _TEXT:
            content = gzip.compress(content, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *given: _Compressing(*given, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@contextmanager
def _chromium() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = next(path for name in ("chromium", "google-chrome") if (path := shutil.which(name)))
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", _TABLET)
        browser.execute_cdp_cmd("Network.enable", {})
        browser.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
        yield browser
    finally:
        browser.quit()


def measure(reports: Path = REPORTS) -> list[Weight]:
    """The weight of every page of the site, heaviest first."""
    found = []
    with _served(reports) as address, _chromium() as browser:
        for path in sorted((reports / "html").rglob("*.html")):
            name = path.relative_to(reports).as_posix()
            browser.get_log("performance")
            browser.get(address + name)
            WebDriverWait(browser, 20).until(
                lambda chrome: chrome.execute_script("return document.readyState") == "complete"
            )
            browser.execute_async_script("const done = arguments[0]; document.fonts.ready.then(() => done());")
            found.append(Weight(name.removeprefix("html/"), _fetched(browser)))
    return sorted(found, key=lambda weight: -weight.total)


def _fetched(browser: webdriver.Chrome) -> dict[str, float]:
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        given = message["params"]
        if message["method"] == "Network.responseReceived":
            kinds[given["requestId"]] = given["type"]
        elif message["method"] == "Network.loadingFinished" and given["requestId"] in kinds:
            kind = kinds[given["requestId"]]
            sizes[kind] = sizes.get(kind, 0.0) + given["encodedDataLength"] / 1000
    return sizes


def told(weights: list[Weight]) -> Iterator[str]:
    """The heaviest pages by kind, the median, and how many are over the budget."""
    kinds = sorted({kind for weight in weights for kind in weight.kinds})
    yield f"{'page':55} {'kB':>6}  " + "  ".join(f"{kind:>10}" for kind in kinds)
    for weight in weights[:10]:
        yield f"{weight.page:55} {weight.total:6.0f}  " + "  ".join(
            f"{weight.kinds.get(kind, 0):10.0f}" for kind in kinds
        )
    over = [weight for weight in weights if weight.total > BUDGET]
    median = statistics.median(weight.total for weight in weights)
    yield f"{len(weights)} pages, median {median:.0f} kB, {len(over)} over the budget of {BUDGET} kB"
