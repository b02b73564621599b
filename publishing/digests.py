"""Digests (SHA-256, hexadecimal) of files: what tells one state of the project from another, whatever the clock says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

#: What a build is made from, in parts that an edition tells the digests of.
PARTS = {
    "data": ("data",),
    "analyse": ("analysis",),
    "tekst": ("book", "utgaver", "_toc.yml", "_config.yml"),
    "publisering": ("publishing",),
}

#: Made by tools, and nothing that comes into a report.
_MADE = frozenset({"__pycache__", ".ipynb_checkpoints", ".DS_Store"})

#: What people work in beside the data: forms to fill in, and deliveries under way.
_BESIDE = frozenset({"data/skjema", "data/.levering"})


def parts(root: Path) -> dict[str, str]:
    """The digests of the data, the analysis, the texts and what publishes them, of the project in ``root``."""
    return {name: digest(root, map(Path, places)) for name, places in PARTS.items()}


def digest(root: Path, places: Iterable[Path]) -> str:
    """A digest of the names and the bytes of all files in some folders, or of files; both are relative to ``root``."""
    found = hashlib.sha256()
    for path in (path for place in places for path in files(root, place)):
        found.update(f"{path.relative_to(root).as_posix()}\0".encode())
        found.update(bytes.fromhex(of_file(path)))
    return found.hexdigest()


def of_file(path: Path) -> str:
    """The digest of one file, the same as ``sha256sum`` gives."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files(root: Path, place: Path) -> Iterator[Path]:
    """Every file of a folder, in an order that is the same everywhere; or the file itself."""
    path = root / place
    if path.is_file():
        yield path
    elif path.is_dir() and place.as_posix() not in _BESIDE:
        for name in sorted(child.name for child in path.iterdir()):
            if name not in _MADE and not name.endswith(".mo"):
                yield from files(root, place / name)
