"""What runs in forks of a process answers it, and ends with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from publishing import forks as beside
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not beside.available(), reason="bare på Linux")


class UnpicklableError(Exception):
    def __reduce__(self) -> str:
        raise TypeError("not to be sent")


def raises(error: Exception) -> None:
    raise error


def test_a_fork_gives_what_its_function_returns_or_raises():
    with beside.Forks() as forks:
        forks.start("sum", sum, [1, 2])
        forks.start("fault", raises, ValueError("en feil"))
        forks.start("strange fault", raises, UnpicklableError("en annen feil"))
        forks.start("nothing", os._exit, 3)
        assert forks.result("sum") == 3
        with pytest.raises(ValueError, match="en feil"):
            forks.result("fault")
        with pytest.raises(RuntimeError, match="en annen feil"):
            forks.result("strange fault")
        with pytest.raises(RuntimeError, match="ended without an answer"):
            forks.result("nothing")


def meets_ctrl_c() -> str:
    os.kill(os.getpid(), signal.SIGINT)
    return "went on"


def test_ctrl_c_is_for_the_process_that_waits():
    with beside.Forks() as forks:
        forks.start("work", meets_ctrl_c)
        assert forks.result("work") == "went on"


def interrupted_while_forks_run() -> None:
    with beside.Forks() as forks:
        forks.start("one", time.sleep, 600)
        raise KeyboardInterrupt


def test_a_fork_that_is_stopped_is_gone_and_so_are_all_when_the_block_ends():
    def mine() -> set[int]:
        return {child.pid for child in psutil.Process().children()}

    before = mine()
    with beside.Forks() as forks:
        forks.stop("never started")
        forks.start("one", time.sleep, 600)
        forks.start("other", time.sleep, 600)
        assert len(mine() - before) == 2
        forks.stop("one")
        assert len(mine() - before) == 1
    assert mine() == before
    with pytest.raises(KeyboardInterrupt):
        interrupted_while_forks_run()
    assert mine() == before


def test_a_fork_ends_with_the_process_that_is_killed(tmp_path: Path):
    told = tmp_path / "fork"
    program = (
        "import os, pathlib, time\n"
        "from publishing import forks as beside\n"
        "def work():\n"
        f"    pathlib.Path({str(told)!r}).write_text(str(os.getpid()))\n"
        "    time.sleep(600)\n"
        "with beside.Forks() as forks:\n"
        "    forks.start('work', work)\n"
        "    time.sleep(600)\n"
    )
    build = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    try:
        while not (told.exists() and told.read_text()):
            assert build.poll() is None
            time.sleep(0.02)
        fork = psutil.Process(int(told.read_text()))
    finally:
        build.send_signal(signal.SIGKILL)
        build.wait()
    assert psutil.wait_procs([fork], timeout=20)[1] == []
