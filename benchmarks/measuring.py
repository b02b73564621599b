"""Runs a command and measures it with all that it starts: seconds on the wall and of processors, and the most memory at once."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

#: Seconds between two looks at the processes, at least.
STEP = 0.1

#: So many times as long as the memory takes to look at is waited before it is looked at again. It is work beside what is measured:
#: the memory of six processes, every tenth of a second, took a quarter of a core.
REST = 10


class MeasurementError(Exception):
    """A command that was to be measured did not do its work; holds the end of what it said."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds, seconds of processors, and the peak memory of the process tree in megabytes (1 000 000 bytes).

    Seconds of processors say more than seconds where others use the machine. They are seen at every :data:`STEP`, and the memory now
    and then: the last moments of short processes are missed.
    """

    seconds: float
    processor: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several measurements, with the smallest and the largest."""

    median: float
    least: float
    most: float
    count: int

    def __str__(self) -> str:
        if self.count == 1:
            return f"{self.median:.2f} (once)"
        return f"{self.median:.2f} ({self.least:.2f}–{self.most:.2f}, {self.count} times)"


def spread(values: Sequence[float]) -> Spread:
    """Median, least and most."""
    return Spread(statistics.median(values), min(values), max(values), len(values))


def run(command: Sequence[str | Path], folder: Path) -> Run:
    """Run a command in a folder to its end.

    Raises:
        MeasurementError: when its exit code is not 0.
    """
    started = time.perf_counter()
    process = _started(command, folder)
    watch = _Watch(process.pid)
    try:
        _ended(process, command)
    finally:
        seconds = time.perf_counter() - started
        watch.stop()
    return Run(seconds, watch.processor, watch.most / 1e6)


def said(command: Sequence[str | Path], folder: Path) -> str:
    """What a command says when it is run in a folder to its end, with nobody looking at it; raises as :func:`run`."""
    return _ended(_started(command, folder), command)


def all_of(commands: Iterable[Sequence[str | Path]], folder: Path) -> Run:
    """Several commands one after another as one run."""
    runs = [run(command, folder) for command in commands]
    seconds, processor = sum(one.seconds for one in runs), sum(one.processor for one in runs)
    return Run(seconds, processor, max(one.megabytes for one in runs))


def environment(folder: Path) -> dict[str, str]:
    """What a command is run with: the code of the folder, and nothing opened."""
    return {**os.environ, "PYTHONPATH": str(folder), "PYTHONUTF8": "1", "CI": "true"}


def _started(command: Sequence[str | Path], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        list(map(str, command)), cwd=folder, env=environment(folder), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip


def _ended(process: subprocess.Popen[str], command: Sequence[str | Path]) -> str:
    """Wait for the end of a command; return what it said."""
    output, _ = process.communicate()
    if process.returncode:
        raise MeasurementError(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{output[-4000:]}")
    return output


def python(*arguments: str | Path) -> list[str | Path]:
    """The command that runs this Python."""
    return [sys.executable, *arguments]


class _Watch:
    """Looks at a process tree until it is stopped; ``most`` is its memory in bytes."""

    def __init__(self, pid: int) -> None:
        self.most = 0
        self._used: dict[int, float] = {}
        self._root = psutil.Process(pid)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    @property
    def processor(self) -> float:
        """Seconds of processors, by what was seen last of each process."""
        return sum(self._used.values())

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        due = 0.0
        while not self._done.wait(STEP):
            try:
                tree = [self._root, *self._root.children(recursive=True)]
            except psutil.Error:  # it ended
                return
            for process in tree:
                with contextlib.suppress(psutil.Error):  # it ended just now
                    times = process.cpu_times()
                    self._used[process.pid] = times.user + times.system
            began = time.perf_counter()
            if began >= due:
                self.most = max(self.most, sum(map(held, tree)))
                ended = time.perf_counter()
                due = ended + REST * (ended - began)


def held(process: psutil.Process) -> int:
    """The memory of a process in bytes: what it shares with its forks counts in parts where the system tells (Linux)."""
    try:
        return getattr(process.memory_full_info(), "pss", 0) or process.memory_info().rss
    except psutil.Error:  # it ended just now
        return 0
