"""A copy of what people write (``data/``, ``book/``, ``_toc.yml``), to change and check before anything is changed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from publishing import project, validation

WRITTEN = ("data", "book")
CONTENTS = "_toc.yml"

Replace = Callable[[Path, Path], None]


@dataclass(frozen=True, slots=True)
class Draft:
    """The copy in ``folder`` of the project in ``root``."""

    root: Path
    folder: Path

    def check(self) -> None:
        """Hold the copy to what every build demands of data, table of contents and parameters.

        Raises:
            BuildError: with every fault found.
        """
        validation.validate(self.folder)
        project.reports(self.folder)
        project.notebooks(self.folder)

    def changed(self) -> list[Path]:
        """The files that are new or different, as paths from the root. A draft removes nothing."""
        return [path for path in _files(self.folder) if not _same(self.folder / path, self.root / path)]

    def put_in_place(self, replace: Replace = os.replace) -> list[Path]:
        """Put every changed file in its place: all of them, or, if anything goes wrong, none.

        Each is written beside its place first, so that little but renaming can fail; what was renamed by then is put
        back. Returns the files, as paths from the root.
        """
        changed = self.changed()
        before = {path: (self.root / path).read_bytes() for path in changed if (self.root / path).exists()}
        made = [folder for path in changed for folder in _new_folders(self.root, path)]
        beside = {path: (self.root / path).with_name(f"{path.name}.ny") for path in changed}
        done: list[Path] = []
        try:
            for path, ready in beside.items():
                ready.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.folder / path, ready)
            for path, ready in beside.items():
                replace(ready, self.root / path)
                done.append(path)
        except BaseException:
            for path in done:
                if path in before:
                    (self.root / path).write_bytes(before[path])
                else:
                    (self.root / path).unlink()
            for ready in beside.values():
                ready.unlink(missing_ok=True)
            for folder in sorted(set(made), reverse=True):
                if folder.is_dir():
                    folder.rmdir()
            raise
        return changed


@contextmanager
def draft(root: Path) -> Iterator[Draft]:
    """A draft of the project in ``root``, gone afterwards whatever happens."""
    with tempfile.TemporaryDirectory(prefix="rapport-") as place:
        folder = Path(place)
        for name in WRITTEN:
            shutil.copytree(
                root / name, folder / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "~$*", "__pycache__")
            )
        shutil.copyfile(root / CONTENTS, folder / CONTENTS)
        yield Draft(root, folder)


def _files(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _new_folders(root: Path, path: Path) -> list[Path]:
    """The folders above a file that are not there yet."""
    return [root / parent for parent in path.parents if parent.parts and not (root / parent).exists()]
