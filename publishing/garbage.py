"""Python looks for garbage when a build says so, and not whenever enough has been made: that took a sixth of a build.

What refers to itself in circles, as every document of Sphinx does, is found by looking through nearly all that lives. What a
build is done with is looked for after some documents, and what still lives then is not looked through again.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Documents read or pages written between two looks: garbage of a hundred MB or so.
DOCUMENTS = 50


@contextmanager
def looked_for_when_told() -> Iterator[None]:
    """Nothing is looked for by itself while this lasts."""
    usual = gc.isenabled()
    gc.disable()
    gc.freeze()  # what is there already stays
    try:
        yield
    finally:
        if usual:
            gc.enable()


def look() -> None:
    """Look for garbage among what was made since the last look."""
    gc.collect()
    gc.freeze()


class Round:
    """Looks each time it has been called for so many documents; takes whatever Sphinx tells."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, *told: object) -> None:
        self._count += 1
        if self._count % DOCUMENTS == 0:
            look()
