"""A server on this machine that answers as SSB does, and a copy of the project that asks it."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[3]
ANSWERS = Path(__file__).parent / "svar"

#: Status, headers and content of an answer.
Answer = tuple[int, dict[str, str], bytes]


class Ssb:
    """What is asked, and what is answered: by default the answers in ``svar/``, told apart by the query."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.address = ""
        self.answer: Callable[[str], Answer | None] = self.usual

    def usual(self, path: str) -> Answer | None:
        query = parse_qs(urlsplit(path).query)
        name = (
            "kostra_2025"
            if "/12362/" in path
            else "befolkning_alder_2026"
            if "valueCodes[Alder]" in query
            else "befolkning"
        )
        return 200, {"Content-Type": "application/json"}, (ANSWERS / f"{name}.json").read_bytes()

    def changed(self, table: str, change: Callable[[dict], object]) -> None:
        """Answer as usual, but for one table of SSB with something else in the answer."""

        def answer(path: str) -> Answer | None:
            status, headers, content = self.usual(path) or (500, {}, b"")
            if f"/{table}/" in path:
                dataset = json.loads(content)
                change(dataset)
                content = json.dumps(dataset).encode()
            return status, headers, content

        self.answer = answer


@pytest.fixture
def ssb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ssb]:
    """A real server on the loopback, asked with real calls."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    state = Ssb()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            answer = state.answer(self.path)
            if answer is None:  # hang up without a word
                self.connection.close()
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    state.address = f"http://127.0.0.1:{server.server_port}/api/pxwebapi/v2"
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def asking(tmp_path: Path, ssb: Ssb) -> Path:
    """A copy of the project that asks the server above."""
    folder = tmp_path / "prosjekt"
    for name in ("analysis", "book", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(ROOT / "_toc.yml", folder)
    orders = folder / "data/statistikk.yml"
    text = orders.read_text("utf-8")
    assert "https://data.ssb.no/api/pxwebapi/v2" in text
    orders.write_text(text.replace("https://data.ssb.no/api/pxwebapi/v2", ssb.address), "utf-8")
    return folder
