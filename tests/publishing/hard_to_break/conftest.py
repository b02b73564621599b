"""A small book in two states that differ by a sentence, and what builds it. Each file of tests has its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import small_book
from tests.publishing.hard_to_break.states import edition, write


@pytest.fixture(scope="module")
def builder() -> Iterator[small_book.Builder]:
    warm = small_book.Builder()
    yield warm
    warm.close()


@pytest.fixture(scope="module")
def built(builder, tmp_path_factory) -> tuple[Path, tuple[str, str]]:
    """A book, and the digests of both states, each built in a folder where nothing was built before."""
    found = []
    for state in (1, 0):
        root = small_book.copied(tmp_path_factory.mktemp("ren") / "bok")
        write(root, state)
        builder.build(root)
        found.insert(0, edition(root))
    assert found[0] != found[1]
    return root, (found[0], found[1])


@pytest.fixture
def clean(built) -> tuple[str, str]:
    return built[1]


@pytest.fixture
def book(builder, built) -> Path:
    """The book, built in state 0."""
    root, clean = built
    write(root, 0)
    builder.build(root)
    assert edition(root) == clean[0]
    return root
