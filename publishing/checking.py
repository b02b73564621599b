"""What is checked before anything is executed: the data, and the texts against them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from publishing import glossary, project, validation, writing
from publishing.errors import BuildError


def check(root: Path = project.ROOT) -> None:
    """Check the tables of ``data/``, what says what the book consists of, and the texts of ``book/``.

    Raises:
        BuildError: with every fault of all three, in bokmål. While the first two have faults, no value can be computed,
            and the names of values in the texts wait for the next time.
    """
    data = _faults(validation.validate, root)
    book = [fault for part in (project.notebooks, project.edition, glossary.words) for fault in _faults(part, root)]
    try:
        texts = writing.problems(root, values_in_order=not data and not book)
    except BuildError as error:  # not even their parser can be made
        texts = error.problems
    if data or book or texts:
        raise BuildError(*data, *book, *texts)


def _faults(part: Callable[[Path], object], root: Path) -> list[str]:
    try:
        part(root)
    except BuildError as error:
        return error.problems
    return []
