"""A small book of real chapters and all the real data, for tests that build many times: a copy to spoil.

Three pages and one PDF, in seconds; the code that builds it is that of the whole book.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CONTENTS = """format: jb-book
root: book/index
parts:
  - caption: Område
    chapters:
      - file: book/sentralbord/index
        sections:
          - file: book/sentralbord/dagens-situasjon
  - caption: Vedlegg
    chapters:
      - file: book/ordliste
"""

#: A link to a chapter, of which most are not there.
_LINK = re.compile(r"\[([^\[\]\n\"]+)\]\([^()\s]*\.(?:ipynb|md)[^()\s]*\)")

#: The chapters of the small book, and what all chapters are made of.
FOLDERS = ("sentralbord", "maler")

#: Forks a build for each folder it is told of, tells the process and then its exit code. What is the same for each is done
#: once: Python starts and imports, data and texts are checked (what is read is remembered by its bytes) and the values computed.
_BUILDER = """
import gc, importlib, os, sys
from pathlib import Path
import bs4
from analysis import keyfigures
from publishing import build, checking, errors
import jupyter_book.config, sphinx.application
root = Path.cwd()
settings, _ = jupyter_book.config.get_final_config(
    user_yaml=root / "_config.yml", sourcedir=root, cli_config={"latex_individualpages": False}
)
builtin, ours = sphinx.application.builtin_extensions, ("publishing.site", "publishing.pdf", "myst_nb.sphinx_ext")
for module in (*builtin, *settings["extensions"], *ours, "sphinx.jinja2glue"):
    importlib.import_module(module)
bs4.BeautifulSoup("<p>", "html.parser").select("p > p:not(.a)")  # the first one makes hundreds of patterns
checking.check(root)
keyfigures.published()
gc.collect(); gc.freeze()
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        sys.stdin.close()
        try:
            build.build(Path(line.strip()), tell=lambda told: None)
        except errors.BuildError as error:
            print(error, file=sys.stderr, flush=True)
            os._exit(1)
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(2)
        os._exit(0)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


def copied(copy: Path, places: tuple[str, ...] = ("analysis", "book", "data", "publishing")) -> Path:
    """Make the copy, in a folder that is not there yet."""
    copy.mkdir(parents=True)
    for name in places:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    shutil.copy2(ROOT / "_config.yml", copy)
    (copy / "_toc.yml").write_text(CONTENTS, "utf-8")
    for folder in (copy / "book").iterdir():
        if folder.is_dir() and folder.name not in FOLDERS:
            shutil.rmtree(folder)
    (copy / "book" / "index.ipynb").unlink()
    (copy / "book" / "index.md").write_text("# En liten bok\n\nTil prøve.\n", "utf-8")
    settings = copy / "book" / "sentralbord" / "parameters.yml"
    settings.write_text(settings.read_text("utf-8").partition("kapitler:")[0], "utf-8")
    for path in (copy / "book" / "sentralbord").glob("*.ipynb"):
        path.write_text(_LINK.sub(r"\1", path.read_text("utf-8")), "utf-8")
    return copy


class Builder:
    """Builds folders, each in a fresh process that has imported the libraries already."""

    def __init__(self, **environment: str) -> None:
        self._warm = subprocess.Popen(
            [sys.executable, "-c", _BUILDER], cwd=ROOT, text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def start(self, root: Path) -> int:
        """Start a build; return its process id."""
        self._warm.stdin.write(f"{root}\n")
        self._warm.stdin.flush()
        return int(self._warm.stdout.readline())

    def ended(self, seconds: float) -> bool:
        """Whether the build has ended within some seconds."""
        return bool(select.select([self._warm.stdout], [], [], seconds)[0])

    def finish(self) -> int:
        """Wait for the build; return its exit code, negative for a signal."""
        return int(self._warm.stdout.readline())

    def build(self, root: Path) -> None:
        """Build, and demand that it passes."""
        self.start(root)
        code = self.finish()
        assert code == 0, self._warm.stderr.readline()

    def close(self) -> None:
        self._warm.kill()
        self._warm.communicate()
