"""The tables of ``data/``, typed as ``data/datapackage.json`` describes them.

Only pandas and the standard library: the description is checked by
:mod:`publishing.validation` at every build, so that reading can be fast and simple here.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pandas as pd

#: The project that this copy of the code belongs to, wherever it is run from.
ROOT = Path(__file__).resolve().parent.parent

DESCRIPTION = Path("data") / "datapackage.json"

_Asked = ParamSpec("_Asked")
_Found = TypeVar("_Found")


def load(table: str, root: Path | None = None) -> pd.DataFrame:
    """A table of ``data/`` by its name in ``datapackage.json`` (the file name without ``.csv``).

    Columns by the type in the schema: ``string`` is text, empty cells as ``""``; ``integer`` is ``int64``, or
    ``Int64`` with ``<NA>`` where cells may be empty; ``number`` is ``float64`` with ``nan``; ``date`` is
    :class:`datetime.date` or None; any other type (``yearmonth``) is its ISO text. Units are in the schema.
    A table is read again only when its file changes; every caller gets a copy of its own.

    Raises:
        KeyError: if no table has this name (the message is in bokmål).
        OSError, ValueError: if the file cannot be read as described.
    """
    described = _described(root)
    stamp = _stamp(described)
    path = _paths(described, stamp).get(table)
    if path is None:
        raise KeyError(f"Tabellen «{table}» står ikke i data/datapackage.json.")
    # pandas copies a column when somebody writes to it, and not before.
    return _read(table, path, _stamp(path), described, stamp).copy(deep=False)


def kept(*tables: str) -> Callable[[Callable[_Asked, _Found]], Callable[_Asked, _Found]]:
    """Decorates a function of these tables alone, or of any when none is named: computed again only when a file changes.

    What it returns is shared by all callers, and must be something that cannot be changed.
    """

    def decorated(function: Callable[_Asked, _Found]) -> Callable[_Asked, _Found]:
        @lru_cache(maxsize=128)
        def found(state: object, *asked: Any, **by_name: Any) -> _Found:
            return function(*asked, **by_name)

        @wraps(function)
        def answer(*asked: _Asked.args, **by_name: _Asked.kwargs) -> _Found:
            described = _described()
            stamp = _stamp(described)
            paths = _paths(described, stamp)
            files = map(_stamp, (paths[table] for table in tables) if tables else paths.values())
            # The reading of tables too: a test puts another in its place, with other numbers.
            return found((load, described, stamp, *files), *asked, **by_name)

        return answer

    return decorated


def description(root: Path | None = None) -> dict[str, dict[str, Any]]:
    """Every table's entry in ``data/datapackage.json`` (title, path, schema, sources, licences), by its name.

    It is shared by all callers: read it, do not change it.
    """
    described = _described(root)
    return _description(described, _stamp(described))


def _described(root: Path | None = None) -> str:
    return os.path.join(root or ROOT, DESCRIPTION)  # noqa: PTH118  (asked for thousands of times: to make a Path and ask it takes two to three times as long)


def _stamp(path: str) -> tuple[int, int]:
    """What tells one edition of a file from the next: an open notebook must not go on with yesterday's numbers."""
    status = os.stat(path)  # noqa: PTH116
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=8)
def _description(path: str, stamp: tuple[int, int]) -> dict[str, dict[str, Any]]:
    package = json.loads(Path(path).read_text("utf-8"))
    return {resource["name"]: resource for resource in package["resources"]}


@lru_cache(maxsize=8)
def _paths(described: str, stamp: tuple[int, int]) -> dict[str, str]:
    """The file of every table."""
    return {
        name: str(Path(described).parent / resource["path"])
        for name, resource in _description(described, stamp).items()
    }


@lru_cache(maxsize=128)
def _read(
    table: str, path: str, stamp: tuple[int, int], described: str, described_stamp: tuple[int, int]
) -> pd.DataFrame:
    resource = _description(described, described_stamp)[table]
    # Every cell is read as text first: pandas would make floats of whole numbers in a column with gaps.
    text = pd.read_csv(path, dtype=str, keep_default_na=False, encoding=resource["encoding"])
    return pd.DataFrame({field["name"]: typed(text[field["name"]], field) for field in resource["schema"]["fields"]})


def typed(text: pd.Series, field: dict[str, Any]) -> pd.Series:
    """A column of text as the type that its field in the schema names.

    Raises:
        ValueError: if a cell is not of that type.
    """
    required = field.get("constraints", {}).get("required", False)
    match field["type"]:
        case "integer":
            numbers = pd.Series([int(cell) if cell else pd.NA for cell in text], index=text.index, dtype="Int64")
            return numbers.astype("int64") if required else numbers
        case "number":
            return pd.Series([float(cell or "nan") for cell in text], index=text.index, dtype="float64")
        case "date":
            dates = [dt.date.fromisoformat(cell) if cell else None for cell in text]
            return pd.Series(dates, index=text.index, dtype="object")
        case _:
            return text
