"""What is written in the book, held against the values: the rule of numbers, the names of values, the headings.

Everything here reads the files as they stand and executes no chapter, so that a writer has the answer in a second or two.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from publishing import project
from publishing.writing import chapters, figures, headings, letters, markup, names, proposals, prose


def problems(root: Path = project.ROOT, values_in_order: bool = True) -> list[str]:
    """Every fault in the texts of ``book/``, in bokmål, file by file and in the order of the cells.

    With ``values_in_order`` false (the data have faults) no value can be computed: names are then not checked, and no
    value is proposed.

    Raises:
        BuildError: if the book itself (``_toc.yml``, ``parameters.yml``) cannot be read.
    """
    known = chapters.of_book(root) if values_in_order else {}
    markdown = prose.parser(root)
    found: list[str] = []
    for file in prose.files(root):
        text = prose.read(root, file, markdown)
        faults = [*text.faults, *headings.problems(text), *markup.problems(text), *letters.problems(root, file)]
        for passage in text.passages:
            faults += _in_passage(passage, known.get(file, ()), values_in_order)
        found += [fault.text for fault in sorted(faults, key=lambda fault: fault.position)]
    return found


@lru_cache(maxsize=4096)  # as for the texts themselves: one has changed since the last time
def _figures(passage: prose.Passage) -> tuple[figures.Figure, ...]:
    return tuple(figures.typed(passage))


def _in_passage(
    passage: prose.Passage, used_by: tuple[chapters.Chapter, ...], values_in_order: bool
) -> Iterator[prose.Fault]:
    for figure in _figures(passage):
        advice = proposals.advice(figure, used_by) if values_in_order else proposals.WITHOUT_VALUES
        yield prose.Fault(passage.position, f"{passage.place}: {figures.told(figure, passage)} {advice}")
    if values_in_order:
        for fault in names.problems(passage, used_by):
            yield prose.Fault(passage.position, f"{passage.place}: {fault}")
