"""What the text refers to becomes links, without authors writing addresses."""

from __future__ import annotations

import pytest
from docutils import nodes

from publishing.references import linked


def links(text: str) -> list[tuple[str, str]]:
    return [(node.astext(), node["refuri"]) for node in linked(text) if isinstance(node, nodes.reference)]


LAW = "https://lovdata.no/lov/2018-06-22-83"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Etter kommuneloven § 20-2 kan", [("kommuneloven § 20-2", f"{LAW}/§20-2")]),
        ("Kommuneloven §\u00a019-1 sier", [("Kommuneloven §\u00a019-1", f"{LAW}/§19-1")]),
        ("kommuneloven §§ 20-1 og 20-3", [("kommuneloven §§ 20-1", f"{LAW}/§20-1"), ("20-3", f"{LAW}/§20-3")]),
        ("(plan- og bygningsloven § 3-3)", [("plan- og bygningsloven § 3-3", "https://lovdata.no/lov/2008-06-27-71/§3-3")]),
        ("forvaltningsloven § 28.", [("forvaltningsloven § 28", "https://lovdata.no/lov/1967-02-10/§28")]),
        ("SSB tabell 07459, 1. januar", [("tabell 07459", "https://www.ssb.no/statbank/table/07459")]),
    ],
)  # fmt: skip
def test_a_section_of_a_law_and_a_table_lead_to_their_place(text: str, expected: list[tuple[str, str]]) -> None:
    assert links(text) == expected


@pytest.mark.parametrize("text", ["Kommuneloven sier mye.", "§ 20-2", "tabell 3", "Straffeloven § 1", ""])
def test_what_cannot_be_placed_stays_text(text: str) -> None:
    assert links(text) == []


def test_not_a_letter_of_the_text_is_lost() -> None:
    text = "Se kommuneloven §§ 20-1, 20-2 og 20-3, og SSB tabell 12362."
    assert "".join(node.astext() for node in linked(text)) == text
