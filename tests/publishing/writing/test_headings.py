"""Headings come from Markdown cells alone."""

from __future__ import annotations

import pytest

MADE_BY_CODE = (
    "Koden lager en overskrift. Skriv overskriften i en Markdown-celle over kodecellen, for eksempel «## Bemanning», "
    "og fjern den fra koden."
)


@pytest.mark.parametrize(
    "source",
    [
        'display(Markdown("# Bemanning"))',
        'display(Markdown(f"## Bemanning i {omrade}"))',
        'HTML("<h2>Bemanning</h2>")',
        'tekst = """Noe\n\n### Bemanning\n"""\nMarkdown(tekst)',
        "%%markdown\n# Bemanning",
        "%%html\n<h3>Bemanning</h3>",
        '%matplotlib inline\nMarkdown("# Bemanning")',
    ],
)
def test_a_heading_that_code_makes_is_found(written, source: str):
    assert written(source, code=True) == [MADE_BY_CODE]


@pytest.mark.parametrize(
    "source", ["# en merknad\ntoday.staffing(omrade)", 'farge = "#1f77b4"', 'print("punkt #2")', "%matplotlib inline"]
)
def test_what_is_no_heading_is_let_through(written, source: str):
    assert written(source, code=True) == []


def test_a_heading_in_html_is_found(written):
    assert written('Tekst.\n\n<h2 class="x">Bemanning</h2>') == [
        "Overskriften er skrevet som HTML («<h2>»). Skriv den med #-tegn i stedet, for eksempel «## Bemanning»."
    ]
