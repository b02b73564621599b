"""The executed chapters are such that nbval compares every output of every one of them."""

from __future__ import annotations

import altair
import nbformat
import pytest
from jsonschema import Draft7Validator

from analysis.charts import NARROW_KEY
from analysis.results import FIGURE_MIME
from publishing import execution, project

ROOT = project.ROOT
CHAPTERS = [chapter.docname for chapter in project.notebooks(ROOT)]
EXEMPTIONS = ("NBVAL_", "PYTEST_VALIDATE_IGNORE_OUTPUT", "nbval-", "raises-exception")


def test_executed_copies_are_those_of_the_table_of_contents():
    folder = ROOT / execution.EXECUTED
    built = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.ipynb")}
    assert built == set(CHAPTERS)


@pytest.mark.parametrize("docname", CHAPTERS)
def test_every_cell_has_run_and_none_is_exempt(docname: str):
    notebook = nbformat.read(execution.executed_path(docname, ROOT), as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    # nbval compares no outputs of a cell without a count.
    assert [cell.source for cell in code if cell.execution_count is None] == []
    said = [cell.source + " ".join(cell.metadata.get("tags", [])) for cell in code]
    assert [text for text in said if any(word in text for word in EXEMPTIONS)] == []


@pytest.mark.parametrize("docname", CHAPTERS)
def test_what_nbval_does_not_compare_is_as_a_kernel_makes_it(docname: str):
    """nbval looks neither at metadata, counts, kinds of output nor pictures, and not at the order of unlike outputs."""
    notebook = nbformat.read(execution.executed_path(docname, ROOT), as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    assert [cell.execution_count for cell in code] == [*range(1, len(code) + 1)]
    for cell in code:
        kinds = [output.output_type for output in cell.outputs]
        assert set(kinds) <= {"display_data", "execute_result", "stream"}
        assert kinds.count("execute_result") <= 1
        assert "execute_result" not in kinds[:-1]  # the value of the last line comes last
        assert all(output.metadata == {} for output in cell.outputs if "metadata" in output)
        assert all(
            output.execution_count == cell.execution_count for output in cell.outputs if "execution_count" in output
        )
        assert not any(kind.startswith("image/") for output in cell.outputs for kind in output.get("data", {}))


def charts(docname: str) -> list[dict]:
    """The specifications of a chapter's charts, for a page and for a telephone."""
    notebook = nbformat.read(execution.executed_path(docname, ROOT), as_version=4)
    shown = [output.data for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    found = [data[FIGURE_MIME]["chart"] for data in shown if FIGURE_MIME in data]
    return found + [chart["usermeta"][NARROW_KEY] for chart in found if "usermeta" in chart]


def test_every_chart_keeps_to_the_schema_of_vega_lite():
    """The analysis makes charts without Altair's check, which took as long as all else that a chapter does."""
    schema = Draft7Validator(altair.vegalite.schema.core.load_schema())
    found = [chart for docname in CHAPTERS for chart in charts(docname)]
    assert len(found) > 50
    assert [error for chart in found for error in schema.iter_errors(chart)] == []
    assert not schema.is_valid(found[0] | {"width": "wide"})
