"""What is written about a new area or municipality before anything is delivered: ``book/maler/ny-rapport/``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from publishing import project

FOLDER = Path("book") / "maler" / "ny-rapport"


def read(root: Path, names: dict[str, str]) -> dict[str, Any]:
    """The texts of ``rader.yml`` with the names filled in."""
    return _each(project.read_yaml(root / FOLDER / "rader.yml"), names)


def filled(text: str, names: dict[str, str]) -> str:
    """The text with ``{navn}`` and the like filled in; other braces are left as they are, since roles have them."""
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _each(content: Any, names: dict[str, str]) -> Any:
    if isinstance(content, dict):
        return {key: _each(value, names) for key, value in content.items()}
    if isinstance(content, list):
        return [_each(value, names) for value in content]
    return filled(content, names) if isinstance(content, str) else content
