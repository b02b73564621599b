"""The built pages, parsed once in each process of the tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup


def fresh(path: Path) -> BeautifulSoup:
    """A page to take parts out of."""
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


#: A page that is only looked at.
read = cache(fresh)
