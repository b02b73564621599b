"""The same chapters on a cluster: real processes on this machine, one of them killed in the middle."""

from __future__ import annotations

import gc
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import distributed
import nbformat
import pytest
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from publishing import cluster, execution
from publishing.errors import BuildError

ROOT = execution.project.ROOT
CHAPTERS = 6


class Machines:
    """A scheduler, and workers that find nothing of the project but what is sent to them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = self.start("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")

    def start(self, command: str, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | more
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", f"distributed.cli.{command}", *arguments], cwd=self.folder, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        return self.start(
            "dask_worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard",
            "--local-directory", str(self.folder / f"arbeider-{len(self.processes)}"), **environment,
        )  # fmt: skip

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    (tmp_path / "maskiner").mkdir()
    made = Machines(tmp_path / "maskiner")
    yield made
    made.stop()


def project(root: Path, *cells: str) -> Path:
    """A project of chapters that show a number from analysis/, and then run ``cells``."""
    for folder in ("data", "analysis", "book/en"):
        (root / folder).mkdir(parents=True)
    (root / "_config.yml").write_text("title: En\n", "utf-8")
    (root / "data" / "tall.csv").write_text("tall\n41\n", "utf-8")
    (root / "analysis" / "__init__.py").write_text(
        "import pathlib\n"
        "TALL = int((pathlib.Path(__file__).parent.parent / 'data' / 'tall.csv').read_text().split()[1]) + 1\n",
        "utf-8",
    )
    (root / "book/en/parameters.yml").write_text(
        "tittel: En\nundertittel: Prøve\nfase: Fase 1\nparametre:\n  navn: Skaun\n", "utf-8"
    )
    toc = "format: jb-book\nroot: book/en/k0\nchapters:\n"
    for number in range(CHAPTERS):
        made = nbformat.v4.new_notebook()
        parameters = nbformat.v4.new_code_cell('navn = ""')
        parameters.metadata["tags"] = ["parameters"]
        made.cells = [nbformat.v4.new_markdown_cell(f"# Kapittel {number}"), parameters]
        made.cells += [
            nbformat.v4.new_code_cell(text) for text in (f"import analysis\nanalysis.TALL, navn, {number}", *cells)
        ]
        nbformat.write(made, root / f"book/en/k{number}.ipynb")
        toc += f"  - file: book/en/k{number}\n" if number else ""
    (root / "_toc.yml").write_text(toc, "utf-8")
    return root


def copies(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((root / execution.EXECUTED).rglob("*.ipynb"))}


def test_a_worker_is_lost_and_every_copy_is_as_from_this_machine(machines: Machines, tmp_path: Path):
    cells = ("import time; time.sleep(1.5)",)
    here, there = project(tmp_path / "her", *cells), project(tmp_path / "der", *cells)
    workers = [machines.worker(), machines.worker()]
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        if len(told) == 2:
            workers[0].send_signal(signal.SIGKILL)

    assert execution.execute_all(there, tell, scheduler=machines.address).executed == CHAPTERS
    assert workers[0].wait(10) == -signal.SIGKILL
    assert len(told) == CHAPTERS
    execution.execute_all(here)
    assert copies(there) == copies(here)
    assert b"(42, 'Skaun', 5)" in copies(there)["k5.ipynb"]
    assert execution.execute_all(there, scheduler="tcp://127.0.0.1:1").executed == 0  # nobody is asked for nothing


def test_a_second_run_with_other_data_on_the_same_workers_sees_them(machines: Machines, tmp_path: Path):
    root = project(tmp_path / "der")
    machines.worker()
    execution.execute_all(root, scheduler=machines.address)
    (root / "data" / "tall.csv").write_text("tall\n1\n", "utf-8")
    assert execution.execute_all(root, scheduler=machines.address).executed == CHAPTERS
    assert b"(2, 'Skaun', 0)" in copies(root)["k0.ipynb"]


def test_faulty_chapters_are_told_as_on_this_machine_and_take_no_worker_with_them(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(execution, "LIMIT", 8)
    root = project(tmp_path / "der")
    faults = {
        0: ("1 / 0", "stoppet med ZeroDivisionError: division by zero."),
        1: ("import os; os._exit(1)", "Python avsluttet uventet."),
        2: ("while True: pass", "brukte mer enn 8 sekunder"),
        3: ("while True: print('a' * 1000)", "viste mer enn 10 MB"),
        4: ("b = bytearray(10**12)", "brukte mer enn 4 GB minne"),
    }
    for number, (cell, _) in faults.items():
        path = root / f"book/en/k{number}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.append(nbformat.v4.new_code_cell(cell))
        nbformat.write(notebook, path)
    worker = machines.worker()
    with pytest.raises(BuildError) as caught:
        execution.execute_all(root, scheduler=machines.address)
    assert len(caught.value.problems) == len(faults)
    for number, problem in enumerate(caught.value.problems):
        assert problem.startswith(f"book/en/k{number}.ipynb: ")
        assert faults[number][1] in problem
    assert [*copies(root)] == ["k5.ipynb"]
    assert worker.poll() is None


def test_nobody_at_the_address_is_told_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "ANSWER", 2)
    root = project(tmp_path / "der")
    started = time.monotonic()
    for address in ("tcp://127.0.0.1:1", "tull", "tcp://finnes.invalid:8786", "http://127.0.0.1:1"):
        with pytest.raises(BuildError, match=rf"^Ingen svarer på {re.escape(address)}\. Se etter at planleggeren"):
            execution.execute_all(root, scheduler=address)
    assert time.monotonic() - started < 40
    assert copies(root) == {}


def test_what_is_left_of_a_client_is_not_closed_in_the_middle_of_the_next(monkeypatch: pytest.MonkeyPatch):
    # The collector of garbage closed it while the next one held the lock that closing waits for.
    monkeypatch.setattr(cluster, "ANSWER", 1)
    start = distributed.utils.LoopRunner._start_unlocked

    def collecting(runner: distributed.utils.LoopRunner) -> None:
        gc.collect()
        start(runner)

    monkeypatch.setattr(distributed.utils.LoopRunner, "_start_unlocked", collecting)

    def twice() -> None:
        for address in ("tull", "tcp://127.0.0.1:1"):
            with pytest.raises(BuildError):
                cluster.connect(address, Path(), {}, 60)

    running = threading.Thread(target=twice, daemon=True)
    gc.disable()
    try:
        running.start()
        running.join(60)
    finally:
        gc.enable()
    assert not running.is_alive()


def test_a_cluster_without_workers_is_told(machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "ANSWER", 8)
    with pytest.raises(BuildError, match=r"har ingen arbeidere\. Start en på hver maskin: dask worker tcp://127"):
        execution.execute_all(project(tmp_path / "der"), scheduler=machines.address)


def test_all_workers_lost_is_told_of_the_chapters_that_wait(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cluster, "PATIENCE", 3)
    root = project(tmp_path / "der")
    worker = machines.worker()
    with pytest.raises(BuildError) as caught:
        execution.execute_all(root, lambda line: worker.kill(), scheduler=machines.address)
    assert "klyngen mistet arbeiderne sine" in caught.value.problems[-1]
    assert len(copies(root)) + len(caught.value.problems) == CHAPTERS


def test_a_scheduler_lost_is_told(machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "PATIENCE", 3)
    monkeypatch.setattr(cluster, "ANSWER", 5)
    root = project(tmp_path / "der", "import time; time.sleep(1)")
    machines.worker()
    with pytest.raises(BuildError, match="klyngen mistet arbeiderne sine, eller forbindelsen ble brutt"):
        execution.execute_all(root, lambda line: machines.scheduler.kill(), scheduler=machines.address)


def test_workers_with_other_versions_are_refused(machines: Machines, tmp_path: Path):
    root = project(tmp_path / "der")
    installed = tmp_path / "andre" / "altair-1.0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: altair\nVersion: 1.0\n", "utf-8")
    machines.worker(PYTHONPATH=str(installed.parent))
    with pytest.raises(
        BuildError,
        match=r"^Arbeideren tcp://127\.0\.0\.1:\d+ har ikke det samme som denne maskinen: altair 1\.0 og ikke ",
    ):
        execution.execute_all(root, scheduler=machines.address)
    assert copies(root) == {}


def test_versions_that_differ_are_named_with_both():
    here = {"Python": "3.11.7", "maskintype": "linux x86_64", "pandas": "3.0.1", "numpy": "2.3.0", "altair": "6.0.0"}
    assert cluster._unlike(here, here) == ""
    assert cluster._unlike(here, {**here, "Python": "3.13.1"}) == "Python 3.13.1 og ikke 3.11.7"
    there = dict.fromkeys(here, "1")
    assert cluster._unlike(here, there).endswith("pandas 1 og ikke 3.0.1 og 2 andre")


def test_without_distributed_the_message_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BuildError, match=r"«distributed» mangler\. .*pip install .*-r requirements-cluster\.txt"):
        execution.execute_all(project(tmp_path / "der"), scheduler="tcp://127.0.0.1:1")


def test_the_archive_holds_the_inputs_and_is_the_same_each_time(tmp_path: Path):
    root = project(tmp_path / "der")
    before = cluster.archive(root)
    (root / "analysis" / "__pycache__").mkdir()
    (root / "analysis" / "__pycache__" / "a.pyc").write_bytes(b"1")
    os.utime(root / "data" / "tall.csv", (1, 1))
    assert cluster.archive(root) == before
    names = zipfile.ZipFile(BytesIO(before)).namelist()
    assert {"analysis/__init__.py", "data/tall.csv", "book/en/k0.ipynb", "_toc.yml", "publishing/warm_pool.py"} <= {
        *names
    }
    assert all(
        name.split("/")[0] in ("analysis", "data", "book", "publishing", "_toc.yml", "_config.yml") for name in names
    )


def test_where_nothing_can_be_forked_a_worker_runs_a_chapter_on_a_kernel(tmp_path: Path):
    root = project(tmp_path / "der")
    home = cluster._unpacked(cluster.archive(root), tmp_path / "arbeider")
    setting = cluster._Setting("", {}, execution.ENVIRONMENT, 60, (), b"")
    notebook = load_notebook_node(str(root / "book/en/k3.ipynb"))
    given = parameterize_notebook(notebook, {"navn": "Skaun"}, kernel_name="python3", language="python")
    call = cluster.pickle.dumps((execution.run, (given, ".")))
    text, problem = cluster._in_new_python(setting, home, call)
    assert problem == ""
    assert "(42, 'Skaun', 3)" in text
