"""The open preview: seconds from a chapter is saved until its page is served with the new sentence."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks import measuring, workplace

#: Seconds between two looks at the page, and the most that is waited for it.
STEP, LIMIT = 0.02, 600


def edits(folder: Path, repetitions: int) -> list[float]:
    """The seconds of each edit, in a project that is built."""
    with _served(folder) as address:
        page = f"{address}{workplace.CHAPTER}.html"
        _wait_for("<h1>", page)
        _settle(folder, page)
        return [_edit(folder, number, page) for number in range(1, repetitions + 1)]


def _settle(folder: Path, page: str) -> None:
    """The first edit is answered when the book is open; it is not counted."""
    _edit(folder, 0, page)
    time.sleep(2)


def _edit(folder: Path, number: int, page: str) -> float:
    sentence = workplace.edit_prose(folder, number)
    started = time.perf_counter()
    _wait_for(sentence, page)
    return time.perf_counter() - started


def _wait_for(words: str, page: str) -> None:
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(page, timeout=LIMIT) as answer:
                if words in answer.read().decode("utf-8"):
                    return
        except (urllib.error.URLError, ConnectionError):  # not there yet
            pass
        time.sleep(STEP)
    raise measuring.MeasurementError(f"{page} did not show «{words}» within {LIMIT} seconds")


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        measuring.python("-m", "publishing", "preview", "--port", str(port)), cwd=folder,
        env=measuring.environment(folder), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        tree = [*psutil.Process(process.pid).children(recursive=True), process]
        for one in tree:
            one.kill()
        process.wait()
