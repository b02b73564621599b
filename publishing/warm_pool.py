"""An executor whose calls run in forks of a Python that has imported the libraries already.

Starting a Python and importing pandas, Altair and IPython costs more than running a chapter. Here that is paid once:
one process imports them and does nothing else, and each call runs in a fork of it, in memory that no other call has
touched. ``multiprocessing``'s fork server does not fit: there is one for the whole program, started with whatever
environment it had then, and it runs the program's main module again in every fork.

A call may be hostile by accident: it may never end, take all memory, fill the disk, or leave processes behind. So
between the warm process and each call stands a guard, a fork that does nothing but fork and wait. It adopts whatever
the call leaves behind (Linux calls it a subreaper), and kills all of it when the call has ended or its time is up, or
when the program that asked is gone. A guard has one call at a time, and takes the next when nothing is left of the last::

    the program  ->  the warm process  ->  a guard  ->  the call  ->  what it starts

Only for Linux: Windows has no ``fork``, and on macOS the system's own libraries do not survive one.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import pickle
import pkgutil
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import psutil

if sys.platform != "win32":
    import resource

_HERE, _GUARD = b"h", b"g"

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

    A module may be written ``module:function``; the function is then called too. Functions, arguments and results of calls
    must pickle, as in a ``ProcessPoolExecutor``. The process is started in ``environment``, in the folder ``home``, which it
    imports ``publishing`` from; a call may last ``limit`` seconds.

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
        self._free: list[_Guard] = []  # that have no call now
        self._sending = threading.Lock()
        self._requests, theirs = socket.socketpair()
        with theirs:
            self._warm = subprocess.Popen(
                [sys.executable, "-P", "-m", "publishing.warm_pool", *modules],
                env={**environment, "PYTHONPATH": str(home)}, cwd=home,
                stdin=theirs, stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl+C is for the program that waits; it stops its forks itself
            )  # fmt: skip

    def prepare(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Run a function in the warm process itself, so that every later fork has what it loaded and computed.

        Calls must wait until it is done; no call may be running.
        """
        return self.prepare_pickled(pickle.dumps((function, arguments)))

    def prepare_pickled(self, call: bytes) -> Future[Any]:
        """Prepare with a call that was pickled, as :meth:`submit_pickled` runs one."""
        return super().submit(self._prepare, call)

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:  # type: ignore[override]
        return self.submit_pickled(pickle.dumps((function, arguments)))

    def submit_pickled(self, call: bytes) -> Future[Any]:
        """Run a call that was pickled, with a function that can be imported where it runs but need not be here."""
        return super().submit(self._call, call)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop the warm process; without ``wait`` the calls that run are stopped too, by their guards."""
        if not wait:
            self._warm.kill()
        super().shutdown(wait, cancel_futures=cancel_futures)
        self._warm.kill()
        self._warm.wait()
        self._dismiss()
        self._requests.close()

    def _prepare(self, call: bytes) -> Any:
        self._dismiss()  # guards that were forked before know nothing of it
        with _as_ended(), Connection(self._asked(_HERE).detach()) as connection:
            warm = connection.recv()  # once it has imported its modules, for which there is no limit
            return _value(self._answered(connection, call, warm, signal.SIGKILL))

    def _call(self, call: bytes) -> Any:
        with _as_ended():
            guard = self._free_guard()
            try:
                with guard.new_call() as connection:
                    answer = self._answered(connection, call, guard.process, signal.SIGTERM)
            finally:
                if guard.is_done():
                    self._free.append(guard)
                else:
                    guard.dismiss()
            return _value(answer)

    def _answered(self, connection: Connection, call: bytes, process: int, ending: signal.Signals) -> tuple[str, Any]:
        """What a process says of a call; it gets the signal ``ending`` if it does not say it in time."""
        connection.send_bytes(call)
        if not connection.poll(self._limit):
            os.kill(process, ending)
            raise TimeoutError
        return connection.recv()

    def _free_guard(self) -> _Guard:
        """A guard that has no call, forked now if need be."""
        with contextlib.suppress(IndexError):
            return self._free.pop()
        orders = self._asked(_GUARD)
        try:
            return _Guard(int(orders.recv(20)), orders)
        except (OSError, ValueError) as error:  # no number: it is dead already
            orders.close()
            raise EOFError from error

    def _dismiss(self) -> None:
        while self._free:
            self._free.pop().dismiss()

    def _asked(self, what: bytes) -> socket.socket:
        """A new connection to the warm process, which is asked for something."""
        with self._sending:
            return _connected(self._requests, what)


class _Guard(NamedTuple):
    """A guard as the program knows it: its process, and the connection on which it is given calls and tells that one is over."""

    process: int
    orders: socket.socket

    def new_call(self) -> Connection:
        """Have it fork a process for a call, and connect to that."""
        return Connection(_connected(self.orders, b"c").detach())

    def is_done(self) -> bool:
        """Wait until nothing is left of the call; false if the guard has ended too, or cannot get that far."""
        self.orders.settimeout(_FAREWELL)
        try:
            return bool(self.orders.recv(1))
        except OSError:
            return False

    def dismiss(self) -> None:
        self.orders.close()


def _connected(way: socket.socket, word: bytes) -> socket.socket:
    """A new connection, whose other end is sent on ``way`` with a word."""
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            socket.send_fds(way, [word], [theirs.fileno()])
        except OSError:
            ours.close()
            raise
    return ours


@contextlib.contextmanager
def _as_ended() -> Iterator[None]:
    """Whatever a connection raises when the other end dies, in the middle of a word too, is an ``EOFError``."""
    try:
        yield
    except TimeoutError:
        raise
    except (OSError, pickle.UnpicklingError) as error:
        raise EOFError from error


def _value(answer: tuple[str, Any]) -> Any:
    kind, value = answer
    if kind == "stopped":
        raise Stopped(value)
    if kind == "raised":
        raise RuntimeError(value)
    return value


def serve(requests: socket.socket, modules: Sequence[str]) -> None:
    """Import ``modules``, then answer every connection that arrives, until nobody can send any more."""
    for name in modules:
        found = pkgutil.resolve_name(name)
        if ":" in name:
            found()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no dead guards to wait for
    while True:
        what, descriptors, *_ = socket.recv_fds(requests, 1, 1)
        if not descriptors:
            return
        if what == _HERE:
            with Connection(descriptors[0]) as connection:
                connection.send(os.getpid())
                _answer(connection)
            continue
        gc.freeze()  # or the collector would write to, and so copy, every page that the forks share
        warm = os.getpid()
        with socket.socket(fileno=descriptors[0]) as orders:
            if os.fork() == 0:
                _guard(requests, orders, warm)


def _guard(requests: socket.socket, orders: socket.socket, warm: int) -> NoReturn:
    """Fork the process of one call after another, wait for it, and leave nothing of it behind, until nobody asks."""
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, requests.detach())  # requests came on standard input, and calls have none
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, _end)
        _prctl(_SET_CHILD_SUBREAPER, 1)
        _prctl(_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == warm:
            orders.sendall(str(os.getpid()).encode())
            while descriptors := socket.recv_fds(orders, 1, 1)[1]:
                with Connection(descriptors[0]) as connection:
                    guard = os.getpid()
                    call = os.fork()
                    if call == 0:
                        orders.close()
                        _be_a_call(connection, guard)
                os.waitpid(call, 0)
                _kill_all()
                orders.sendall(b"d")
    finally:
        _end()


def _end(*_: Any) -> NoReturn:
    """End, and let nothing that descends from this process live on."""
    _kill_all()
    os._exit(0)


def _kill_all() -> None:
    """Kill what descends from this process, orphans of orphans too."""
    with contextlib.suppress(ChildProcessError):  # when there are no more
        while True:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                for process in psutil.Process().children(recursive=True):
                    with contextlib.suppress(psutil.Error):
                        process.kill()
                os.waitpid(-1, 0)


def _be_a_call(connection: Connection, guard: int) -> NoReturn:
    """Answer the one call that this process is for, and end."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _prctl(_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != guard:
            return
        os.setpgid(0, 0)  # so that a chapter that signals its own group reaches neither guard nor pool
        _limit_itself()
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
    for kind, most in ((resource.RLIMIT_DATA, MEMORY), (resource.RLIMIT_FSIZE, FILE), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")  # the first to go when the machine has no more


def _without_limits() -> None:
    """Room to tell that there was too little."""
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


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def _prctl(option: int, value: int) -> None:
    _libc().prctl(option, value, 0, 0, 0)


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
