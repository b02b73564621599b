"""What is checked before anything is executed: the data, and the texts against them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from analysis import data as tables
from publishing import glossary, project, validation, writing
from publishing.errors import BuildError
from publishing.statistics import orders


def check(root: Path = project.ROOT) -> None:
    """Check the tables of ``data/``, what says what the book consists of, and the texts of ``book/``.

    Raises:
        BuildError: with every fault of all three, in bokmål. While the first two have faults, no value can be computed,
            and the names of values in the texts wait for the next time.
    """
    data = _faults(validation.validate, root)
    unasked = _faults(orders.read, root)  # what statistics to fetch, on which no value depends
    book = [fault for part in (project.notebooks, project.edition, glossary.words) for fault in _faults(part, root)]
    if not data and not book:
        book = list(_unknown_areas(root))
    try:
        texts = writing.problems(root, values_in_order=not data and not book)
    except BuildError as error:  # not even their parser can be made
        texts = error.problems
    if data or unasked or book or texts:
        raise BuildError(*data, *unasked, *book, *texts)


def _faults(part: Callable[[Path], object], root: Path) -> list[str]:
    try:
        part(root)
    except BuildError as error:
        return error.problems
    return []


def _unknown_areas(root: Path) -> Iterator[str]:
    """Reports of no area, or of one that the data do not have."""
    known = list(tables.load("omrader", root)["omrade"])
    for paper in project.papers(root):
        area = paper.parameters.get("omrade")
        if area is None and paper.slug != project.GUIDE:
            yield (
                f"book/{paper.slug}/parameters.yml: Mangler omrade under «parametre». "
                f"Skriv ett av disse: {', '.join(known)}."
            )
        elif area is not None and area not in known:
            yield (
                f"book/{paper.slug}/parameters.yml: Området «{area}» står ikke i data/omrader.csv. "
                f"Skriv ett av disse: {', '.join(known)}."
            )
