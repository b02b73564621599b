"""How the tests are shared out among processes (pytest-xdist, ``-n``): what shares something expensive runs in the same one.

xdist's own ``--dist loadgroup`` does not see groups under pytest 9: it writes them into names that are now computed.
"""

from __future__ import annotations

import os
import re

import psutil
from xdist.scheduler import LoadScopeScheduling

#: Processes at most: each has a browser and builds of its own, which take memory.
MOST = 6

#: Files whose tests share what takes long to make: a built copy of the book, a preview, JupyterLab.
TOGETHER = frozenset({
    "tests/publishing/additions/test_fourth_municipality.py",
    "tests/publishing/additions/test_new_report.py",
    "tests/publishing/delivery/test_faults.py",
    "tests/publishing/delivery/test_fuzzing.py",
    "tests/publishing/test_editor.py",
    "tests/publishing/test_execution.py",
    "tests/publishing/test_faults.py",
    "tests/publishing/test_fuzzing.py",
    "tests/publishing/test_hard_to_break.py",
    "tests/publishing/test_preview.py",
    "tests/reports/test_reproducible.py",
    "tests/site/test_editor.py",
    "tests/site/test_hostile_text.py",
})  # fmt: skip

#: Files whose tests read all that is published, which takes long to unpack; a process keeps it.
READ_ALL = frozenset({"tests/reports/test_few_persons.py", "tests/reports/test_nothing_private.py"})

#: A test of one built page or PDF, which a process reads once.
_FILE = re.compile(r"\[(?:.*-)?([\w/-]+\.(?:html|pdf))\]$")


def processes() -> int:
    """As many processes as there are cores to use, within reason: one more of them made all slower, by a tenth on two cores."""
    try:
        cores = len(psutil.Process().cpu_affinity())
    except AttributeError:  # macOS does not tell
        cores = os.cpu_count() or 1
    return min(cores, MOST)


def group(name: str) -> str:
    """What a test shares with others, from its name: a notebook's kernel, a page or PDF, what its file makes, or all; or itself."""
    path = name.partition("::")[0]
    if path.endswith(".ipynb") or path in TOGETHER:
        return path
    if path in READ_ALL:
        return "reports/"
    file = _FILE.search(name)
    return file[1] if file else name


class Sharing(LoadScopeScheduling):
    """Hands out one group after another, in the order of the run, to the process that has least left."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)
