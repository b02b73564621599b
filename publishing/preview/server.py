"""The pages of the preview over HTTP, on this machine only: each with what is wrong on top, and reloaded when it changes.

The script that reloads, and the message, are added to what is sent, never to a file, so neither can be published.
Both keep to the security policy of the page: they are files of the same server.
"""

from __future__ import annotations

import hashlib
import html
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from publishing.errors import BuildError

STATIC = Path(__file__).parent / "static"
HOST = "127.0.0.1"  # this machine, and nobody else
OWN = "/forhandsvisning/"

#: How many ports are tried.
_PORTS = 20

_HEAD = '<link rel="stylesheet" href="{own}forhandsvisning.css">\n<script defer src="{own}forhandsvisning.js" data-utgave="{version}"></script>\n</head>'
_MESSAGE = """
<div role="alert" tabindex="-1" id="forhandsvisning-feil">
<p><strong>{heading}</strong> {below}</p>
<ul>
{items}
</ul>
</div>
"""
_EMPTY = """<!DOCTYPE html>
<html lang="nb">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{text}</p>
</main>
</body>
</html>
"""


class Site:
    """The pages as they are now, the faults found, and the page looked at last (its document name)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.viewed = ""
        self._faults: list[str] = []
        self._changed = threading.Condition()

    def show_faults(self, faults: list[str]) -> None:
        """Show these faults on every page; none means that all is well."""
        with self._changed:
            self._faults = faults
            self._changed.notify_all()

    def renewed(self) -> None:
        """Tell those who wait that pages may have changed."""
        with self._changed:
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait until something may have changed."""
        with self._changed:
            self._changed.wait(seconds)

    def page(self, path: str) -> tuple[int, str, str]:
        """Status, text and version of the page at a path (``/book/index.html``); the version changes with what is shown."""
        file = self.folder / (path.lstrip("/") or "index.html")
        status = 200
        try:
            text = file.read_text("utf-8")
        except (OSError, ValueError):
            status, text = (404, _missing(path)) if (self.folder / "index.html").exists() else (200, _not_yet())
        text = self._with_faults(text)
        version = hashlib.sha256(f"{text}{self._static()}".encode()).hexdigest()[:16]
        return status, text.replace("</head>", _HEAD.format(own=OWN, version=version), 1), version

    def _static(self) -> list[tuple[str, int]]:
        return [(path.name, path.stat().st_mtime_ns) for path in sorted((self.folder / "_static").glob("*.[cj]s*"))]

    def _with_faults(self, text: str) -> str:
        if not self._faults:
            return text
        count = len(self._faults)
        message = _MESSAGE.format(
            heading="Noe er galt." if count == 1 else f"{count} ting er galt.",
            below="Siden under er den siste som var i orden. Meldingen forsvinner når feilen er rettet.",
            items="\n".join(f"<li>{html.escape(fault)}</li>" for fault in self._faults),
        )
        start = text.find(">", text.find("<body")) + 1
        return text[:start] + message + text[start:]


def _missing(path: str) -> str:
    if path.endswith(".pdf"):
        return _EMPTY.format(title="Ingen PDF her", text="Forhåndsvisningen lager ikke PDF-er. Det gjør «make book».")
    return _EMPTY.format(title="Siden finnes ikke", text=f"Det finnes ingen side på {html.escape(path)}.")


def _not_yet() -> str:
    return _EMPTY.format(
        title="Gjør klar sidene", text="Det tar inntil et minutt første gang. Siden kommer av seg selv."
    )


class _Handler(SimpleHTTPRequestHandler):
    """Pages with what is added to them; everything else as it lies in the folder."""

    protocol_version = "HTTP/1.0"
    server: _Server

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        path = unquote(address.path)
        if path == f"{OWN}hendelser":
            self._tell_of_changes(parse_qs(address.query).get("side", ["/"])[0])
        elif path.startswith(OWN):
            self.path = path.removeprefix(OWN[:-1])
            self.directory = str(STATIC)
            super().do_GET()
        elif path.endswith((".html", "/", ".pdf")) and ".." not in path:
            self._send_page(path)
        else:
            super().do_GET()

    def _send_page(self, path: str) -> None:
        status, text, _ = self.server.site.page(path)
        if status == 200 and path.endswith(".html"):
            self.server.site.viewed = path.strip("/").removesuffix(".html")
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _tell_of_changes(self, path: str) -> None:
        """Server-sent events: the version of one page, now and whenever it changes."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        told = ""
        try:
            while not self.server.stopping:
                version = self.server.site.page(path)[2]
                # A comment now and then finds out whether anybody still listens.
                self.wfile.write(b": \n\n" if version == told else f"data: {version}\n\n".encode())
                self.wfile.flush()
                told = version
                self.server.site.wait(5)
        except OSError:  # the page was closed
            return

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *arguments: object) -> None:
        """Not a line for each file: the terminal is for what the writer does."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"  # there it lets two programs have one port
    stopping = False
    site: Site

    def shutdown(self) -> None:
        self.stopping = True
        self.site.renewed()
        super().shutdown()

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle is nothing to tell."""


def serve(site: Site, first: int) -> ThreadingHTTPServer:
    """A server of the site on the first free port from ``first`` on.

    Raises:
        BuildError: if none of the ports tried is free.
    """
    for port in range(first, min(first + _PORTS, 65536)):
        try:
            server = _Server((HOST, port), lambda *given: _Handler(*given, directory=str(site.folder)))
        except OSError:
            continue
        server.site = site
        return server
    raise BuildError(f"Ingen ledig port fra {first}. Velg en annen, for eksempel slik: make preview PORT=9000")
