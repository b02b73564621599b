"""JupyterLab as `make edit` starts it, on a copy of the book that may be spoiled."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Editor:
    """A running JupyterLab: its address, its token, the folder it is opened on, and its process."""

    address: str
    token: str
    root: Path
    process: subprocess.Popen[str]

    def ask(self, path: str, method: str = "GET", content: Any = None) -> Any:
        """What the server answers, as JSON."""
        request = urllib.request.Request(
            f"{self.address}/{path}",
            method=method,
            data=None if content is None else json.dumps(content).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.loads(response.read() or "null")

    def stop(self) -> tuple[int, str]:
        """Press Ctrl+C; return the exit code, and all that it said on standard error."""
        self.process.send_signal(signal.SIGINT)
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


@contextmanager
def editor(folder: Path) -> Iterator[Editor]:
    """JupyterLab on a copy of the project in a folder, started by the command."""
    root = folder / "prosjekt"
    for name in ("analysis", "book", "data", "publishing"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    for name in ("_config.yml", "_toc.yml", "README.md", "kjor.py"):
        shutil.copy2(ROOT / name, root)
    process = subprocess.Popen(
        [sys.executable, "-m", "publishing", "edit", "--nettleser", "nei"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stdout
        # The line with the address comes when the server answers; when it stops before, there is no more to read.
        found = next((match for line in process.stdout if (match := re.search(r"(http\S+)/\?token=(\w+)", line))), None)
        assert found, process.communicate()[1]
        yield Editor(found[1], found[2], root, process)
    finally:
        process.kill()
        process.wait()
