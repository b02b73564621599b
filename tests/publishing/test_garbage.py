"""A build looks for garbage seldom, finds it all the same, and leaves Python as it was."""

from __future__ import annotations

import gc
import weakref

import pytest

from publishing import garbage


class Circle:
    """Refers to itself, as a document of Sphinx does."""

    def __init__(self) -> None:
        self.itself = self


def test_nothing_is_looked_for_by_itself_and_python_is_left_as_it_was():
    assert gc.isenabled()
    with garbage.looked_for_when_told():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_python_is_left_as_it_was_by_a_build_that_stops_too():
    with pytest.raises(ZeroDivisionError), garbage.looked_for_when_told():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_garbage_is_found_after_so_many_documents():
    with garbage.looked_for_when_told():
        document, circle = garbage.Round(), Circle()
        alive = weakref.ref(circle)
        del circle
        for _ in range(garbage.DOCUMENTS - 1):
            document("doctree-read")
        assert alive() is not None
        document("doctree-read")
        assert alive() is None


def test_what_lives_when_garbage_is_looked_for_is_not_looked_through_again():
    circle = Circle()
    assert any(one is circle for one in gc.get_objects())
    garbage.look()
    assert not any(one is circle for one in gc.get_objects())
