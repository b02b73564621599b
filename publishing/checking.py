"""What is checked before anything is executed: the data, and the texts against them."""

from __future__ import annotations

from pathlib import Path

from publishing import project, validation, writing
from publishing.errors import BuildError


def check(root: Path = project.ROOT) -> None:
    """Check the tables of ``data/`` and the texts of ``book/``.

    Raises:
        BuildError: with every fault of both, in bokmål. While the data have faults, no value can be computed, and the
            names of values in the texts wait for the next time.
    """
    found: list[str] = []
    try:
        validation.validate(root)
    except BuildError as error:
        found += error.problems
    found += writing.problems(root, values_in_order=not found)
    if found:
        raise BuildError(*found)
