"""What Sphinx reads of an executed chapter."""

from __future__ import annotations

import json

import nbformat
import pytest

from analysis import formatting, keyfigures
from analysis.results import Note
from analysis.views import order, today
from publishing import chapter_source
from publishing.errors import BuildError


def executed(*outputs: dict) -> str:
    """A notebook with a heading, and one executed code cell for each output."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_markdown_cell("# Tittel\n\nEtter § 19-1 er 6 320 000 kr riktig.")]
    for data in outputs:
        output = nbformat.v4.new_output("execute_result", data=data, execution_count=1)
        notebook.cells.append(nbformat.v4.new_code_cell("kode()", outputs=[output]))
    return nbformat.writes(notebook)


def test_results_become_directives_and_no_code_is_left() -> None:
    text, values = chapter_source.prepare(
        executed(
            keyfigures.for_area("sentralbord")._repr_mimebundle_(),
            today.staffing("sentralbord")._repr_mimebundle_(),
            order.decision_points(2)._repr_mimebundle_(),
        ),
        "book/a",
    )
    cells = nbformat.reads(text, as_version=4).cells
    assert [cell.cell_type for cell in cells] == ["markdown"] * 3
    assert "{rapport-tabell}" in cells[1].source
    assert "{rapport-liste}" in cells[2].source
    assert dict(values) == dict(keyfigures.for_area("sentralbord"))


def test_a_directive_carries_the_result_unchanged() -> None:
    table = today.staffing("sentralbord")
    text, _ = chapter_source.prepare(executed(table._repr_mimebundle_()), "book/a")
    _, body, _ = nbformat.reads(text, as_version=4).cells[1].source.split("\n")
    assert json.loads(body) == table.as_json()


def test_prose_gets_the_spaces_that_bokmal_keeps_together() -> None:
    text, _ = chapter_source.prepare(executed(), "book/a")
    prose = nbformat.reads(text, as_version=4).cells[0].source
    assert "§\u00a019-1" in prose
    assert "6\u202f320\u202f000" in prose


@pytest.mark.parametrize("data", [{"text/plain": "42"}, {"text/html": "<b>42</b>"}, {"image/png": "AAAA"}])
def test_anything_else_a_cell_shows_is_refused(data: dict) -> None:
    with pytest.raises(BuildError, match=r"book/a\.ipynb, celle 2: Cellen viser noe som ikke er"):
        chapter_source.prepare(executed(data), "book/a")


def test_a_note_becomes_a_paragraph() -> None:
    text, _ = chapter_source.prepare(executed(Note("Tall mangler for 1 000 saker.")._repr_mimebundle_()), "book/prove")
    assert "{rapport-merknad}" in text
    assert f"1{formatting.THIN}000" in "".join(json.loads(text)["cells"][-1]["source"])
