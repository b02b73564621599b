"""Runs chapters on the machines of a Dask cluster, through the interface that a pool on this machine has.

A worker needs the locked environment and nothing else, no shared disk either: the project's inputs travel to it as one
archive, which it unpacks once, and each chapter comes back as text for this process to write. On a worker the chapters
run in forks of a warm Python where that can be (:mod:`publishing.warm_pool`), else each on a kernel.

What runs on a worker has to be sent there whole, since it cannot import this project: it is pickled by value. It must
use nothing of the project's but :mod:`publishing.warm_pool`.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import operator
import os
import pickle
import platform
import re
import subprocess
import sys
import threading
import time
import warnings
import zipfile
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import CancelledError, Executor, Future
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

from publishing import digests, project, warm_engine, warm_pool
from publishing.errors import BuildError
from publishing.warm_pool import Stopped, WarmPool

#: What chapters need, besides this package: the folders and files that are sent.
_INPUTS = ("analysis", "data", "book", "_config.yml", "_toc.yml")

#: Seconds to wait for an answer from the scheduler and for a first worker.
ANSWER = 10

#: Seconds without a worker, or without the scheduler, after which the chapters still waiting are given up.
PATIENCE = 60

#: How many times a chapter is run again when its worker is lost or fails.
_RETRIES = 3

_INSTALL = "python -m pip install --require-hashes --only-binary :all: -r requirements.txt -r requirements-cluster.txt"


@dataclass(frozen=True, slots=True)
class _Setting:
    """What every call to a worker needs to know of this run; plain values, pickled by value."""

    digest: str
    versions: dict[str, str]
    environment: dict[str, str]
    limit: float
    modules: tuple[str, ...]
    prepare: bytes


class Cluster(Executor):
    """Runs calls on the workers of a cluster; made by :func:`connect`.

    A call raises what it raises in a :class:`WarmPool`; ``CancelledError`` when the workers or the scheduler were lost,
    and :class:`BuildError` from a worker that came later and whose versions differ.
    """

    def __init__(self, client: Any, root: Path, environment: dict[str, str], limit: float) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False, retries=_RETRIES)
        content = archive(root)
        prepare = pickle.dumps((warm_engine.prepare, (".",)))
        setting = _Setting(
            hashlib.sha256(content).hexdigest(), _versions(_locked()), environment, limit, warm_engine.MODULES, prepare
        )
        # A task that gives a function, not scattered data: when the workers that hold it are lost, it is made anew.
        self._on_worker = client.submit(pickle.loads, _by_value(partial(_on_worker, content, setting)), pure=False)
        self._closed = threading.Event()
        self._futures: list[Future[Any]] = []
        threading.Thread(target=self._watch, daemon=True).start()

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:  # type: ignore[override]
        sent = self._executor.submit(operator.call, self._on_worker, pickle.dumps((function, arguments)))
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        sent.add_done_callback(lambda done: _hand_over(done, future))
        self._futures.append(future)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, which forgets what was sent; without ``wait`` the chapters still waiting are not run."""
        if self._closed.is_set():
            return
        if wait:
            futures.wait(self._futures)
        self._closed.set()
        with contextlib.suppress(Exception):  # of many kinds, from a scheduler that is gone
            self._client.close(timeout=ANSWER)

    def _watch(self) -> None:
        """Give up when there has been nobody to run a chapter for a while: the scheduler itself would wait for ever."""
        seen = time.monotonic()
        while not self._closed.wait(1):
            try:
                if self._client.sync(self._client.scheduler.ncores, callback_timeout=ANSWER):
                    seen = time.monotonic()
            except Exception:  # no scheduler; many kinds, by what it was doing
                pass
            if time.monotonic() - seen > PATIENCE:
                for future in self._futures:
                    _give(future, error=CancelledError())
                return


def connect(address: str, root: Path, environment: dict[str, str], limit: float) -> Cluster:
    """Join a cluster whose workers have what this machine has; chapters are run in ``environment``, ``limit`` seconds at most.

    Raises:
        BuildError: if ``distributed`` is not installed, nobody answers at the address, there is no worker, or a worker
            has another Python or other libraries, since the same chapter could then give other bytes.
    """
    try:
        import distributed
    except ModuleNotFoundError as error:
        raise BuildError(f"Pakken «{error.name}» mangler. Installer det som klyngen krever: {_INSTALL}") from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # it tells in English what is told here in bokmål

    class Client(distributed.Client):
        """One that is closed here, and not by the collector of garbage.

        That can come in the middle of another's start, which holds the lock that closing waits for, for ever.
        """

        def __del__(self) -> None:
            pass

    try:
        with warnings.catch_warnings(action="ignore"):  # of versions that differ, which are looked at below
            client = Client(address, timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise BuildError(
            f"Ingen svarer på {address}. Se etter at planleggeren (dask scheduler) kjører, "
            "og at adressen er skrevet som tcp://maskin:8786."
        ) from error
    try:
        try:
            client.wait_for_workers(1, timeout=ANSWER)
        except TimeoutError as error:
            raise BuildError(
                f"Klyngen på {address} har ingen arbeidere. Start en på hver maskin: dask worker {address}"
            ) from error
        here = _versions(_locked())
        problems = [
            f"Arbeideren {worker} har ikke det samme som denne maskinen: {other}. {_SAME}"
            for worker, there in sorted(client.run(pickle.loads, _by_value(_Now(_versions, (_locked(),)))).items())
            if (other := _unlike(here, there))
        ]
        if problems:
            raise BuildError(*problems)
        return Cluster(client, root, environment, limit)
    except BaseException:
        client.close(timeout=ANSWER)
        raise


_SAME = f"Tallene kan da bli ulike. Installer de låste versjonene der: {_INSTALL}"


def archive(root: Path) -> bytes:
    """The project's inputs and this package as a zip file, the same bytes for the same content."""
    package = Path(__file__).resolve().parent
    files = {path.relative_to(package.parent): path for path in package.rglob("*.py")}
    for name in _INPUTS:
        files |= {path.relative_to(root): path for path in digests.files(root, Path(name))}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        for name, path in sorted(files.items()):
            info = zipfile.ZipInfo(name.as_posix())  # from 1980, so that no time is in it
            zipped.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _by_value(sent: Any) -> bytes:
    """Pickled with the code of this module and of the pool, for a process that cannot import them."""
    import cloudpickle  # of `distributed`

    modules = (sys.modules[__name__], warm_pool)
    for module in modules:
        cloudpickle.register_pickle_by_value(module)
    try:
        return cloudpickle.dumps(sent)
    finally:
        for module in modules:
            cloudpickle.unregister_pickle_by_value(module)


class _Now:
    """A call that is made where it is unpickled."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self._call


def _locked() -> list[str]:
    """The names of what the book is built with, by the lock file."""
    return re.findall(r"^([a-z0-9.-]+)==", (project.ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)


def _hand_over(done: Future[Any], future: Future[Any]) -> None:
    """Turn a worker's plain answer into a value or the exception that a pool on this machine raises."""
    try:
        kind, value = done.result()
    except CancelledError as error:
        _give(future, error=error)
    except Exception as error:
        # By name, since `distributed` may not be there when this module is imported.
        lost = type(error).__name__ in ("KilledWorker", "FutureCancelledError", "NoValidWorkerError")
        _give(future, error=CancelledError() if lost else error)
    else:
        errors = {
            "raised": RuntimeError(value), "stopped": Stopped(value), "ended": EOFError(), "late": TimeoutError(),
            "unlike": BuildError(f"En arbeider i klyngen har ikke det samme som denne maskinen: {value}. {_SAME}"),
        }  # fmt: skip
        _give(future, value, errors.get(kind))


def _give(future: Future[Any], value: Any = None, error: BaseException | None = None) -> None:
    if future.done():  # given up already
        return
    if error is None:
        future.set_result(value)
    else:
        future.set_exception(error)


# What follows runs on a worker.


def _versions(names: list[str]) -> dict[str, str]:
    """What may decide the bytes of an output: Python, the kind of machine, and the libraries."""
    found = {"Python": platform.python_version(), "maskintype": f"{sys.platform} {platform.machine()}"}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "mangler"
    return found


def _unlike(here: dict[str, str], there: dict[str, str]) -> str:
    other = [
        f"{name} {there.get(name, 'mangler')} og ikke {ours}" for name, ours in here.items() if there.get(name) != ours
    ]
    return ", ".join(other[:3]) + (f" og {len(other) - 3} andre" if len(other) > 3 else "")


def _on_worker(content: bytes, setting: _Setting, call: bytes) -> tuple[str, Any]:
    """Run a pickled call among the project's inputs; return what came of it in plain values."""
    from distributed import get_worker

    worker = get_worker()
    with worker.__dict__.setdefault("rapport_lock", threading.Lock()):
        digest, home, pool = worker.__dict__.get("rapport_pool") or ("", None, None)
        if digest != setting.digest:
            other = _unlike(setting.versions, _versions(list(setting.versions)[2:]))
            if other:
                return "unlike", other
            if pool is not None:
                pool.shutdown()
            home = _unpacked(content, Path(worker.local_directory).resolve() / setting.digest[:16])
            pool = _warm(setting, home, worker.state.nthreads) if sys.platform == "linux" else None
            worker.rapport_pool = (setting.digest, home, pool)
    try:
        if pool is None:
            return "returned", _in_new_python(setting, home, call)
        return "returned", pool.submit_pickled(call).result()
    except Stopped as stopped:
        return "stopped", stopped.args[0]
    except RuntimeError as error:
        return "raised", str(error)
    except EOFError:
        return "ended", None
    except TimeoutError:
        return "late", None


def _unpacked(content: bytes, home: Path) -> Path:
    """The folder of the inputs. It lies in the worker's own, which goes when the worker does."""
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        zipped.extractall(home)
    return home


def _warm(setting: _Setting, home: Path, workers: int) -> WarmPool:
    pool = WarmPool(workers, setting.modules, {**os.environ, **setting.environment}, setting.limit, home)
    with contextlib.suppress(EOFError, TimeoutError):  # told of the chapters, which cannot run either
        pool.prepare_pickled(setting.prepare).result()
    return pool


def _in_new_python(setting: _Setting, home: Path, call: bytes) -> Any:
    """Run a call where no process can be forked."""
    program = (
        "import pickle, sys; function, arguments = pickle.load(sys.stdin.buffer); "
        "sys.stdout.buffer.write(pickle.dumps(function(*arguments)))"
    )
    ran = subprocess.run(
        [sys.executable, "-P", "-c", program], input=call, capture_output=True, check=False, cwd=home,
        env={**os.environ, **setting.environment, "PYTHONPATH": str(home), "PYTHONUTF8": "1"},
    )  # fmt: skip
    if ran.returncode:
        raise RuntimeError(ran.stderr.decode("utf-8", "replace"))
    return pickle.loads(ran.stdout)
