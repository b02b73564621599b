"""An executor whose calls run in forks of a Python that has imported the libraries already.

Starting a Python and importing pandas, Altair and IPython costs more than running a chapter. Here that is paid once:
one process imports them and does nothing else, and each call runs in a fork of it, in memory that no other call has
touched. ``multiprocessing``'s fork server does not fit: there is one for the whole program, started with whatever
environment it had then, and it runs the program's main module again in every fork.

A call may be hostile by accident: it may never end, take all memory, fill the disk, or leave processes behind. So
between the warm process and each call stands a guard, a fork that does nothing but wait. It adopts whatever the call
leaves behind (Linux calls it a subreaper), and kills all of it when the call has ended or its time is up, or when the
program that asked is gone. ::

    the program  ->  the warm process  ->  a guard  ->  the call  ->  what it starts

Only for Linux: Windows has no ``fork``, and on macOS the system's own libraries do not survive one.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import pickle
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

import psutil

_HERE, _FORK = b"h", b"f"

#: Bytes of memory for the data of one process of a call. A chapter takes a tenth of it.
MEMORY = 4 * 2**30

#: Bytes that a process of a call may write to one file, the terminal's included.
FILE = 100 * 2**20

#: Seconds that a guard may take to kill what a call has left behind.
_FAREWELL = 30

#: From ``linux/prctl.h``.
_SET_PDEATHSIG, _SET_CHILD_SUBREAPER = 1, 36


class Stopped(Exception):  # noqa: N818  (a call that ends so is no fault of the program)
    """A call gave up by :func:`give_up`; the reason is the only argument."""


class WarmPool(ThreadPoolExecutor):
    """Runs each call in a fork of a process that has imported ``modules`` already; ``workers`` at a time.

    Functions, arguments and results must pickle, as in a ``ProcessPoolExecutor``. The process is started in
    ``environment``, in the folder ``home``, which it imports ``publishing`` from; a call may last ``limit`` seconds.

    A call raises, besides what the function raises (as a ``RuntimeError`` that holds the traceback):
        EOFError: when the fork ended without an answer (a signal, ``os._exit``, no memory).
        TimeoutError: when it was not done in time; it is then stopped.
        Stopped: when it called :func:`give_up`.
    """

    def __init__(
        self, workers: int, modules: Sequence[str], environment: dict[str, str], limit: float, home: Path
    ) -> None:
        super().__init__(workers)
        self._limit = limit
        self._sending = threading.Lock()
        self._requests, theirs = socket.socketpair()
        with theirs:
            self._warm = subprocess.Popen(
                [sys.executable, "-P", "-m", "publishing.warm_pool", *modules],
                env={**environment, "PYTHONPATH": str(home)}, cwd=home,
                stdin=theirs, stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl+C is for the program that waits; it stops its forks itself
            )  # fmt: skip

    def prepare(self, function: Callable[..., Any], /, *arguments: Any) -> None:
        """Run a function in the warm process itself, so that every later fork has what it loaded and computed."""
        self.prepare_pickled(pickle.dumps((function, arguments)))

    def prepare_pickled(self, call: bytes) -> None:
        """Prepare with a call that was pickled, as :meth:`submit_pickled` runs one."""
        self._call(_HERE, call)

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:  # type: ignore[override]
        return self.submit_pickled(pickle.dumps((function, arguments)))

    def submit_pickled(self, call: bytes) -> Future[Any]:
        """Run a call that was pickled, with a function that can be imported where it runs but need not be here."""
        return super().submit(self._call, _FORK, call)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop the warm process; without ``wait`` the calls that run are stopped too, by their guards."""
        if not wait:
            self._warm.kill()
        super().shutdown(wait, cancel_futures=cancel_futures)
        self._warm.kill()
        self._warm.wait()
        self._requests.close()

    def _call(self, where: bytes, call: bytes) -> Any:
        ours, theirs = socket.socketpair()
        with Connection(ours.detach()) as connection:
            try:
                with theirs, self._sending:
                    socket.send_fds(self._requests, [where], [theirs.fileno()])
                guard = connection.recv()
                connection.send_bytes(call)
                if not connection.poll(self._limit):
                    os.kill(guard, signal.SIGTERM if where == _FORK else signal.SIGKILL)
                    _await_end(connection)
                    raise TimeoutError
                kind, value = connection.recv()
                if where == _FORK:
                    _await_end(connection)
            except (OSError, pickle.UnpicklingError) as error:  # the other end died in the middle of a word
                if isinstance(error, TimeoutError):
                    raise
                raise EOFError from error
        if kind == "stopped":
            raise Stopped(value)
        if kind == "raised":
            raise RuntimeError(value)
        return value


def _await_end(connection: Connection) -> None:
    """Wait for the guard, which ends as the last of all that hold the connection."""
    with contextlib.suppress(EOFError, OSError):
        while connection.poll(_FAREWELL):
            connection.recv_bytes()


def serve(requests: socket.socket, modules: Sequence[str]) -> None:
    """Import ``modules``, then answer every connection that arrives, until nobody can send any more."""
    for name in modules:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no dead guards to wait for
    while True:
        where, descriptors, *_ = socket.recv_fds(requests, 1, 1)
        if not descriptors:
            return
        with Connection(descriptors[0]) as connection:
            if where == _HERE:
                connection.send(os.getpid())
                _answer(connection)
                continue
            gc.freeze()  # or the collector would write to, and so copy, every page that the forks share
            warm = os.getpid()
            if os.fork() == 0:
                _guard(requests, connection, warm)


def _guard(requests: socket.socket, connection: Connection, warm: int) -> NoReturn:
    """Fork the process of one call, wait for it, and leave nothing of it behind."""
    try:
        requests.close()
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, _kill_all)
        _prctl(_SET_CHILD_SUBREAPER, 1)
        _prctl(_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == warm:
            connection.send(os.getpid())
            guard = os.getpid()
            call = os.fork()
            if call == 0:
                _be_a_call(connection, guard)
            os.waitpid(call, 0)
    finally:
        _kill_all()


def _kill_all(*_: Any) -> NoReturn:
    """Kill what descends from this process, orphans of orphans too, and end."""
    with contextlib.suppress(ChildProcessError):  # when there are no more
        while True:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                for process in psutil.Process().children(recursive=True):
                    with contextlib.suppress(psutil.Error):
                        process.kill()
                os.waitpid(-1, 0)
    os._exit(0)


def _be_a_call(connection: Connection, guard: int) -> NoReturn:
    """Answer the one call that this process is for, and end."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _prctl(_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != guard:
            return
        os.setpgid(0, 0)  # so that a chapter that signals its own group reaches neither guard nor pool
        _limit_itself()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for standard in (1, 2):  # kept in files, for the engine to read
            with tempfile.TemporaryFile() as file:
                os.dup2(file.fileno(), standard)
        os.set_inheritable(connection.fileno(), False)  # programs that a chapter starts must not keep it open
        _own_randomness()
        _answer(connection)
    finally:
        os._exit(0)  # no farewell of the warm process' own: it lives on


def _limit_itself() -> None:
    """Let what takes too much of the machine be this process, and not its neighbours."""
    import resource  # not on Windows

    for kind, most in ((resource.RLIMIT_DATA, MEMORY), (resource.RLIMIT_FSIZE, FILE), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")  # the first to go when the machine has no more


def _without_limits() -> None:
    """Room to tell that there was too little."""
    import resource

    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_FSIZE):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (hard, hard))


class _Current:
    """The call that this process is for, if it is for one."""

    connection: Connection | None = None
    process = 0


def is_call() -> bool:
    """Whether this very process was forked for the call, and not by what the call runs."""
    return os.getpid() == _Current.process


def give_up(reason: str) -> NoReturn:
    """End the call at once, wherever in its code this is; who waits for it gets a :class:`Stopped`."""
    if _Current.connection is not None and is_call():
        _without_limits()
        _Current.connection.send(("stopped", reason))
    os._exit(0)


def _answer(connection: Connection) -> None:
    _Current.connection, _Current.process = connection, os.getpid()
    function, arguments = pickle.loads(connection.recv_bytes())
    try:
        answer = ("returned", function(*arguments))
    except BaseException:  # told to the one who waits, whatever it is
        answer = ("raised", traceback.format_exc())
    if is_call():
        connection.send(answer)


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _own_randomness() -> None:
    """A state of its own for every fork, as in a new process."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


if __name__ == "__main__":
    # Modules that ask for this one must meet it with its state, not a second copy.
    sys.modules["publishing.warm_pool"] = sys.modules["__main__"]
    serve(socket.socket(fileno=0), sys.argv[1:])
