"""The worked examples of ``data/regneeksempler/`` come out as they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import worked_examples
from analysis.views import method

EXAMPLES = worked_examples.read()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_analysis_gives_the_answer_of_the_example(example: worked_examples.Example) -> None:
    assert example.computed() == example.answer


def test_every_sum_the_analysis_offers_has_an_example() -> None:
    assert {example.sum for example in EXAMPLES} == set(worked_examples.SUMS)


def test_the_method_chapter_prints_every_example() -> None:
    assert [lead for lead, _ in method.examples().items] == [f"{example.name}." for example in EXAMPLES]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- {navn: X, tekst: Y, regn: sum, inn: {tall: [1]}}\n", "Eksemplet «X» mangler svar"),
        ("- {navn: X, tekst: Y, regn: rot, inn: {}, svar: 1}\n", "Regnestykket «rot» finnes ikke"),
    ],
)
def test_a_faulty_example_is_told_in_bokmal(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "a.yml").write_text(content, "utf-8")
    with pytest.raises(ValueError, match=message):
        worked_examples.read(tmp_path)
