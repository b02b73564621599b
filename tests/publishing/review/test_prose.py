"""What is told of two states of a text, sentence by sentence."""

from __future__ import annotations

import json
from pathlib import Path

from publishing.review import prose


def notebook(folder: Path, *cells: tuple[str, str, str]) -> Path:
    """A book with one notebook; a cell is (id, kind, source)."""
    path = folder / "book/kapittel.ipynb"
    path.parent.mkdir(parents=True)
    listed = [{"id": name, "cell_type": kind, "source": source.splitlines(True)} for name, kind, source in cells]
    path.write_text(json.dumps({"cells": listed}), "utf-8")
    return folder


def change(tmp_path: Path, old: list[tuple[str, str, str]], new: list[tuple[str, str, str]]) -> prose.TextChange:
    (found,) = prose.compare(notebook(tmp_path / "old", *old), notebook(tmp_path / "new", *new))
    return found


TITLE = ("a", "markdown", "# Kapitlet\n\nFørste setning. Andre setning.")


def test_only_the_sentence_that_changed_is_told(tmp_path: Path):
    found = change(tmp_path, [TITLE], [("a", "markdown", "# Kapitlet\n\nFørste setning. Andre lange setning.")])
    assert found.title == "Kapitlet"
    assert found.edits == [prose.Edit("Kapitlet", "Andre setning.", "Andre lange setning.")]


def test_the_heading_may_stand_in_an_earlier_cell(tmp_path: Path):
    found = change(tmp_path, [TITLE, ("b", "markdown", "Gammelt.")], [TITLE, ("b", "markdown", "Gammelt. Nytt.")])
    assert found.edits == [prose.Edit("Kapitlet", "", "Nytt.")]


def test_sentences_that_are_not_alike_are_one_gone_and_one_new(tmp_path: Path):
    found = change(tmp_path, [("a", "markdown", "Helt andre ord stod her.")], [("a", "markdown", "Ingenting likt.")])
    assert found.edits == [prose.Edit("", "", "Ingenting likt."), prose.Edit("", "Helt andre ord stod her.", "")]


def test_a_wrapped_line_is_no_change_of_words(tmp_path: Path):
    old, new = [("a", "markdown", "En setning\nover to linjer.")], [("a", "markdown", "En setning over to linjer.")]
    assert prose.compare(notebook(tmp_path / "old", *old), notebook(tmp_path / "new", *new)) == []


def test_a_cell_that_moved_is_told_as_moved_and_nothing_else(tmp_path: Path):
    cells = [TITLE, ("b", "markdown", "B."), ("c", "markdown", "C."), ("d", "markdown", "D.")]
    found = change(tmp_path, cells, [cells[0], cells[2], cells[3], cells[1]])
    assert (found.moved, found.edits) == (["B."], [])


def test_a_cell_that_was_copied_under_another_id_is_the_same(tmp_path: Path):
    old, new = [TITLE, ("b", "markdown", "B.")], [TITLE, ("x", "markdown", "B.")]
    assert prose.compare(notebook(tmp_path / "old", *old), notebook(tmp_path / "new", *new)) == []


def test_code_is_told_apart_from_words(tmp_path: Path):
    found = change(tmp_path, [TITLE, ("b", "code", "vis(1)")], [TITLE, ("b", "code", "vis(2)")])
    assert (found.code, found.edits) == ([prose.CodeEdit("Kapitlet", "vis(1)", "vis(2)")], [])


def test_a_reader_sees_the_number_and_not_how_it_is_fetched():
    shown = prose.readable(
        "{svar}`krav.01` Vi har {verdi}`arsverk.sum` **nå**, se [loven](x).", lambda role, name: "2,6 årsverk"
    )
    assert shown == "Vi har 2,6 årsverk nå, se loven."


def test_words_are_told_in_runs():
    told = prose.words("Hver kommune har ett årsverk", "Hver kommune har omtrent to årsverk")
    assert told == [("same", "Hver kommune har"), ("gone", "ett"), ("come", "omtrent to"), ("same", "årsverk")]
