"""Work beside that of this process, in forks of it: they know all that it has read, and end with it."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

#: Linux: the signal that a process gets when the one that started it is gone.
_PR_SET_PDEATHSIG = 1


def available() -> bool:
    """Whether this system can fork a process safely."""
    return sys.platform == "linux"


class Forks:
    """Functions that run in forks of this process, with all that it has read; they end with it, and with the block."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[Any, Connection]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        for name in [*self._running]:
            self.stop(name)

    def start(self, name: str, function: Callable[..., Any], *arguments: Any) -> None:
        fork = multiprocessing.get_context("fork")
        answer, theirs = fork.Pipe(duplex=False)
        process = fork.Process(target=_forked, args=(function, arguments, theirs, os.getpid()))
        process.start()
        theirs.close()
        self._running[name] = (process, answer)

    def result(self, name: str) -> Any:
        """Wait for what the function returns, or raise what stopped it."""
        try:
            found = self._running[name][1].recv()
        except EOFError:
            raise RuntimeError(f"the process that makes the {name} ended without an answer") from None
        if isinstance(found, BaseException):
            raise found
        return found

    def stop(self, name: str) -> None:
        """End the fork at once, whether it is done or not; nothing happens if it was never started."""
        if name in self._running:
            process, answer = self._running.pop(name)
            process.kill()
            process.join()
            answer.close()


def _forked(function: Callable[..., Any], arguments: tuple[Any, ...], answer: Connection, parent: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # a build that is killed leaves nobody who writes on
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that waits, which ends this one
    gc.freeze()  # what is shared with the process it was forked from is not looked through, which would copy it
    try:
        found: Any = function(*arguments)
    except Exception as error:
        found = error
    try:
        answer.send(found)
    except Exception:  # an error that does not pickle
        answer.send(RuntimeError(str(found)))
