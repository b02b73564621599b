"""Nothing that stands in a value or a sentence may act in the summary."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from publishing.review.markup import LONGEST, code, plain
from publishing.review.sides import Side
from publishing.review.summary import ROOM, Review, markdown
from publishing.review.tables import CellChange, TableChange
from tests.hostile import RUN_BY_EXCEL, SHOWN


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a | b", r"a \| b"),
        ("`x` og **y**", r"\`x\` og \*\*y\*\*"),
        ("@noen, sak #12", "@&#8203;noen, sak #&#8203;12"),
        ("![bilde](https://example.org/x.png)", r"\!\[bilde\](https://example.org/x.png)"),
        ("linje\nto", "linje to"),
        ("# Overskrift", r"\# Overskrift"),
        ("1. punkt", r"1\. punkt"),
        ("&amp;", "&amp;amp;"),
        ("\x1b[31mrødt\u202e", r"\[31mrødt"),
        ("1\u202f000\u00a0kr", "1\u202f000\u00a0kr"),
    ],
)
def test_a_text_stands_as_it_is(text: str, told: str):
    assert plain(text) == told


@pytest.mark.parametrize("text", [*SHOWN.values(), *RUN_BY_EXCEL.values()], ids=[*SHOWN, *RUN_BY_EXCEL])
def test_a_text_that_would_act_is_shown_letter_by_letter(text: str):
    """Rendered as GitHub does it, with HTML let through, in a paragraph and in a table."""
    for source, place in ((plain(text), "p"), (f"| a |\n| --- |\n| {plain(text)} |", "td")):
        page = BeautifulSoup(MarkdownIt("commonmark", {"html": True}).enable("table").render(source), "html.parser")
        assert {tag.name for tag in page.find_all(True)} <= {"p", "table", "thead", "tbody", "tr", "th", "td"}
        assert page.select_one(place).get_text().replace("\u200b", "") == " ".join(text.split())


def test_a_long_text_is_cut():
    assert plain("x" * (LONGEST + 1)) == "x" * LONGEST + " …"


def test_code_holds_backticks():
    assert code("a `b` ``c``") == "``` a `b` ``c`` ```"


def review_of(rows: int, text: str) -> Review:
    cells = [CellChange(f"rad {number}", "Kolonne", "før", text) for number in range(rows)]
    side = Side(root=Path())
    return Review("main", side, side, tables=[TableChange("prove", "raw/prove.csv", "Prøve", cells)])


def test_a_long_list_is_folded_and_cut_with_a_count():
    told = markdown(review_of(300, "x"))
    assert "<summary>300 endrede verdier</summary>" in told
    assert told.count("| rad ") == 200
    assert "… og 100 til, som det ikke er plass til her." in told


def test_a_huge_change_still_fits_in_a_comment():
    told = markdown(review_of(5_000, "<@" * 200))
    assert len(told) <= ROOM
    assert told.startswith("## Dette endrer forslaget\n\n**5\u202f000 leverte verdier er endret.")
    assert told.count("<details>") == told.count("</details>") == 1
