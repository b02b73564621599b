"""How the tests are shared out among processes (pytest-xdist, ``-n``): what shares something expensive runs in the same one.

Several machines can share them too, each with processes of its own (``DEL=2/4``, the second of four).

xdist's own ``--dist loadgroup`` does not see groups under pytest 9: it writes them into names that are now computed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import psutil
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

#: Processes at most: each has a browser and builds of its own, which take memory.
MOST = 6

#: Files whose tests share what takes long to make: a built copy of the book, a preview, JupyterLab.
TOGETHER = frozenset({
    "tests/publishing/additions/test_fourth_municipality.py",
    "tests/publishing/additions/test_new_report.py",
    "tests/publishing/delivery/test_faults.py",
    "tests/publishing/delivery/test_fuzzing.py",
    "tests/publishing/hard_to_break/test_disks_clocks_and_leftovers.py",
    "tests/publishing/hard_to_break/test_kills.py",
    "tests/publishing/test_editor.py",
    "tests/publishing/test_execution.py",
    "tests/publishing/test_faults.py",
    "tests/publishing/test_fuzzing.py",
    "tests/publishing/test_preview.py",
    "tests/reports/test_reproducible.py",
    "tests/site/test_editor.py",
    "tests/site/test_hostile_text.py",
})  # fmt: skip

#: Files whose tests wait most of the time: for time limits, for other programs to start, for what was saved to be shown.
WAITING = frozenset({
    "tests/publishing/test_cluster.py",
    "tests/publishing/test_editor.py",
    "tests/publishing/test_execution.py",
    "tests/publishing/test_preview.py",
    "tests/site/test_editor.py",
})  # fmt: skip

#: Files whose tests read all that is published, which takes long to unpack; a process keeps it.
READ_ALL = frozenset({"tests/reports/test_few_persons.py", "tests/reports/test_nothing_private.py"})

#: Seconds that a test takes about, if no mark says that it is long.
USUAL = 0.2

#: A test of one built page or PDF, which a process reads once.
_FILE = re.compile(r"(book/[\w/-]+\.html|\w+\.(?:html|pdf))\]$")


def processes() -> int:
    """One process more than there are cores to use, within reason: it takes what waits. A second one made all slower."""
    try:
        cores = len(psutil.Process().cpu_affinity())
    except AttributeError:  # macOS does not tell
        cores = os.cpu_count() or 1
    return min(cores + 1, MOST)


def waits(name: str) -> bool:
    """Whether a test, or a group of them, waits most of the time."""
    return name.partition("::")[0] in WAITING


def group(name: str) -> str:
    """What a test shares with others, from its name: a notebook's kernel, a page or PDF, what its file makes, or all; or itself."""
    path = name.partition("::")[0]
    if path.endswith(".ipynb") or path in TOGETHER:
        return path
    if path in READ_ALL:
        return "reports/"
    file = _FILE.search(name)
    return file[1] if file else name


def seconds(tests: Iterable[tuple[str, float]]) -> dict[str, float]:
    """About how long each group takes, from its tests' names and marks ``long``, which hold for all of a file's tests together."""
    found: dict[str, float] = {}
    marked: dict[tuple[str, str], float] = {}
    for name, mark in tests:
        whole = group(name)
        found[whole] = found.get(whole, 0) + USUAL
        file = (whole, name.partition("::")[0])
        marked[file] = max(marked.get(file, 0), mark)
    for (whole, _), mark in marked.items():
        found[whole] += mark
    return found


def part(groups: Mapping[str, float], number: int, of: int) -> set[str]:
    """The groups of one of several machines: what takes longest is dealt first, each to the machine that has least so far."""
    parts: list[tuple[float, set[str]]] = [(0, set()) for _ in range(of)]
    for name, takes in sorted(groups.items(), key=lambda item: (-item[1], item[0])):
        least = min(range(of), key=lambda index: parts[index][0])
        parts[least] = (parts[least][0] + takes, parts[least][1] | {name})
    return parts[number - 1][1]


class Sharing(LoadScopeScheduling):
    """Hands out one group after another, in the order of the run, to the process that has least left.

    The last process takes the groups that wait, and when there are no more it is done; the others take them last.
    """

    _patient: object = None

    def schedule(self) -> None:
        if self._patient is None and len(self.nodes) > 1:
            self._patient = self.nodes[-1]
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        wanted = self._wanted(node)
        if wanted is not None:
            self.workqueue.move_to_end(wanted, last=False)
        super()._assign_work_unit(node)

    def _reschedule(self, node: WorkerController) -> None:
        if node is self._patient and self._wanted(node) is None and not node.shutting_down:
            node.shutdown()
        else:
            super()._reschedule(node)

    def _wanted(self, node: WorkerController) -> str | None:
        """The first group of the kind that a process is for."""
        return next((name for name in self.workqueue if waits(name) is (node is self._patient)), None)
