"""An executor whose calls run in forks of a Python that has imported the libraries already.

Starting a Python and importing pandas, Altair and IPython costs more than running a chapter. Here that is paid once:
one process imports them and does nothing else, and each call runs in a fork of it, in memory that no other call has
touched. ``multiprocessing``'s fork server does not fit: there is one for the whole program, started with whatever
environment it had then, and it runs the program's main module again in every fork.

Only for Linux: Windows has no ``fork``, and on macOS the system's own libraries do not survive one.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

_HERE, _FORK = b"h", b"f"


def available() -> bool:
    """Whether this system can fork a process safely."""
    return sys.platform == "linux"


class WarmPool(ThreadPoolExecutor):
    """Runs each call in a fork of a process that has imported ``modules`` already; ``workers`` at a time.

    Functions, arguments and results must pickle, as in a ``ProcessPoolExecutor``. The process is started in
    ``environment``; a call may last ``limit`` seconds.

    A call raises, besides what the function raises:
        EOFError: when the fork ended without an answer (a signal, ``os._exit``, no memory).
        TimeoutError: when it was not done in time; it is then stopped.
    """

    def __init__(self, workers: int, modules: Sequence[str], environment: dict[str, str], limit: float) -> None:
        super().__init__(workers)
        self._limit = limit
        self._sending = threading.Lock()
        self._requests, theirs = socket.socketpair()
        with theirs:
            self._warm = subprocess.Popen(
                [sys.executable, "-P", "-m", "publishing.warm_pool", *modules],
                env={**environment, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
                stdin=theirs, stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl+C is for the program that waits; it stops its forks itself
            )  # fmt: skip

    def prepare(self, function: Callable[..., Any], /, *arguments: Any) -> None:
        """Run a function in the warm process itself, so that every later fork has what it loaded and computed."""
        self._call(_HERE, function, arguments)

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:  # type: ignore[override]
        return super().submit(self._call, _FORK, function, arguments)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop the warm process; without ``wait`` the calls that run are stopped too."""
        if not wait:
            self._kill()
        super().shutdown(wait, cancel_futures=cancel_futures)
        self._kill()
        self._warm.wait()
        self._requests.close()

    def _kill(self) -> None:
        if self._warm.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._warm.pid, signal.SIGKILL)

    def _call(self, where: bytes, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        ours, theirs = socket.socketpair()
        with Connection(ours.detach()) as connection:
            try:
                with theirs, self._sending:
                    socket.send_fds(self._requests, [where], [theirs.fileno()])
                pid = connection.recv()
                connection.send((function, arguments))
                if not connection.poll(self._limit):
                    os.kill(pid, signal.SIGKILL)
                    raise TimeoutError
                returned, value = connection.recv()
            except OSError as error:  # a broken pipe: the other end died in the middle of a word
                if isinstance(error, TimeoutError):
                    raise
                raise EOFError from error
        if not returned:
            raise RuntimeError(value)
        return value


def serve(requests: socket.socket, modules: Sequence[str]) -> None:
    """Import ``modules``, then answer every connection that arrives, until nobody can send any more."""
    for name in modules:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no dead forks to wait for
    while True:
        where, descriptors, *_ = socket.recv_fds(requests, 1, 1)
        if not descriptors:
            return
        with Connection(descriptors[0]) as connection:
            if where == _HERE:
                _answer(connection)
                continue
            gc.freeze()  # or the collector would write to, and so copy, every page that the forks share
            if os.fork() == 0:
                _be_a_fork(requests, connection)


def _be_a_fork(requests: socket.socket, connection: Connection) -> None:
    """Answer the one call that this process is for, and end."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        requests.close()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.set_inheritable(connection.fileno(), False)  # programs that a chapter starts must not keep it open
        _own_randomness()
        _answer(connection)
    finally:
        os._exit(0)  # no farewell of the warm process' own: it lives on


def _answer(connection: Connection) -> None:
    connection.send(os.getpid())
    function, arguments = connection.recv()
    try:
        answer = (True, function(*arguments))
    except BaseException:  # told to the one who waits, whatever it is
        answer = (False, traceback.format_exc())
    connection.send(answer)


def _own_randomness() -> None:
    """A state of its own for every fork, as in a new process."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


if __name__ == "__main__":
    serve(socket.socket(fileno=0), sys.argv[1:])
