"""The words of the field: read, in order, and marked where a page first uses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from publishing import glossary, project
from publishing.errors import BuildError
from publishing.glossary import Word, _explained, _pattern
from publishing.nodes import ordforklaring

NODES = [
    Word("årsverk", ("årsverk", "årsverkene"), "Arbeid."),
    Word("SSB", ("SSB",), "Byrå."),
    Word("kjernen", ("kjernen",), "Fordelinger."),
    Word("frigjort kapasitet", ("frigjort kapasitet", "kapasitet"), "Tid."),
]


def marked(*texts: str) -> list[list[str]]:
    """The words marked in each text, one text after another on one page."""
    by_form = {form: word for word in NODES for form in word.forms}
    used: set[str] = set()
    pieces = [_explained(text, _pattern(tuple(by_form)), by_form, used) for text in texts]
    assert ["".join(node.astext() for node in part) for part in pieces] == list(texts)
    return [[node.astext() for node in part if isinstance(node, ordforklaring)] for part in pieces]


def write(root: Path, text: str) -> Path:
    (root / "book").mkdir(exist_ok=True)
    (root / "book" / "ordliste.yml").write_text(text, "utf-8")
    return root


def test_a_word_is_marked_where_it_is_first_used_in_any_form() -> None:
    assert marked("Vi teller årsverkene.", "Et årsverk er mye.") == [["årsverkene"], []]


def test_a_word_may_begin_a_sentence_but_an_abbreviation_is_as_it_is() -> None:
    assert marked("Årsverk teller. ssb gjør ikke. SSB gjør.") == [["Årsverk", "SSB"]]


def test_only_whole_words_and_the_longest_first() -> None:
    assert marked("Lønnsårsverk og kjernen-aktig. Frigjort kapasitet.") == [["Frigjort kapasitet"]]


def test_an_abbreviation_is_marked_in_a_compound_too() -> None:
    assert marked("Tall fra SSB-tabellen.") == [["SSB"]]


def test_the_words_of_the_book_are_in_norwegian_order_with_anchors_of_their_own() -> None:
    words = glossary.words(project.ROOT)
    assert len(words) > 25
    assert words[-1].name == "årsverk"
    anchors = [word.anchor for word in words]
    assert len(set(anchors)) == len(anchors)
    assert all(anchor.isascii() and " " not in anchor for anchor in anchors)


def test_explanations_are_short() -> None:
    for word in glossary.words(project.ROOT):
        assert word.explanation.endswith((".", ").")), word.name
        assert len(word.explanation.split()) <= 32, word.name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- ord: [", r"ordliste\.yml, linje \d+: Filen er ikke gyldig YAML"),
        ("ord: x\n", "skal være en liste"),
        ("- ord: x\n", "ord nummer 1: Mangler «ord» eller «forklaring»"),
        ("- {ord: a, forklaring: b}\n- {ord: c, former: [A], forklaring: d}\n", "«A» står både under «a» og «c»"),
    ],
)
def test_a_faulty_list_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BuildError, match=message):
        glossary.words(write(tmp_path, text))
