"""Klarspråk: short sentences, easy words, abbreviations explained, and no word misspelled."""

from __future__ import annotations

import copy
import os
from pathlib import Path

import pytest

from analysis.places import municipalities
from publishing import glossary, project
from tests.book import language

#: LIX that a page may have. The opening pages are for everybody; the others hold words of law and economy.
EASY, BEARABLE = 45, 55

#: Words that a sentence may have.
LONGEST = 30

#: Words in capitals that are no abbreviations to explain: names, levels (AA of WCAG), what is read by everybody.
KNOWN = {"TOTALT", "AS", "IT", "AA"}


def test_a_page_is_readable(page: Path) -> None:
    most = EASY if page.stem == "index" else BEARABLE
    assert language.lix(language.prose(page)) <= most


def test_no_sentence_is_long(page: Path) -> None:
    long = [part for part in language.sentences(language.prose(page)) if len(language.words(part)) > LONGEST]
    assert not long


def test_abbreviations_are_explained_at_first_use(page: Path) -> None:
    known = {form for word in glossary.words(project.ROOT) for form in word.forms}
    body = language.article(page)
    used = language.abbreviations(language.prose(page))
    linked = {link.get_text() for link in body.select("a.ord")}
    on_the_list = page.stem == "ordliste"
    for abbreviation in used - KNOWN:
        text = " ".join(language.prose(page))
        written_out = f"({abbreviation})" in text or any(
            start in text for start in (f"{abbreviation} er ", f"{abbreviation}, som er ", f"{abbreviation} (")
        )
        assert written_out or on_the_list or (abbreviation in known and _leads_to_words(abbreviation, linked)), (
            abbreviation
        )


def _leads_to_words(abbreviation: str, linked: set[str]) -> bool:
    word = next(word for word in glossary.words(project.ROOT) if abbreviation in word.forms)
    return bool(linked & set(word.forms))


def test_abbreviations_in_tables_are_on_the_list_of_words(page: Path) -> None:
    known = {form for word in glossary.words(project.ROOT) for form in word.forms}
    body = language.article(page)
    cells = [language.plain(cell.get_text()) for cell in body.select("td, th, caption, figcaption")]
    assert language.abbreviations(cells) - known - KNOWN == set()


def test_every_word_is_spelled_right(reports_dir: Path) -> None:
    if not language.has_hunspell():
        message = "hunspell med bokmål mangler. På Debian: apt install hunspell hunspell-no"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    texts = []
    for page in sorted((reports_dir / "html" / "book").rglob("*.html")):
        body = copy.copy(language.article(page))
        for part in body.select("svg, code, .tallkilder, .nedlasting, .kilde, .utforsker"):
            part.decompose()
        texts.append(language.plain(body.get_text(" ")))
    names = {word for place in municipalities() for word in place.name.split()}
    assert language.misspelled(texts) - names == set()


def test_the_own_words_are_sorted_and_written_once() -> None:
    own = language.OWN_WORDS.read_text("utf-8").split("\n")[:-1]
    assert own == sorted(set(own), key=str.lower) or own == sorted(set(own))


def test_lix_is_counted_as_it_should_be() -> None:
    # Two sentences, eight words, three of more than six letters: 8 / 2 + 100 * 3 / 8.
    assert language.lix(["Kommunene deler en regning. De deler kostnader likt."]) == pytest.approx(4 + 100 * 3 / 8)


def test_a_long_sentence_is_found_and_a_date_ends_none() -> None:
    long = " ".join(["ord"] * 31) + "."
    assert [len(language.words(part)) for part in language.sentences([f"Kort. {long.capitalize()}"])] == [1, 31]
    assert len(language.sentences(["Det gjelder fra 1. januar 2026. Så kommer mer."])) == 2


@pytest.mark.skipif(not language.has_hunspell(), reason="hunspell mangler")
def test_a_misspelled_word_is_found() -> None:
    assert language.misspelled(["Kommunene skal samarbeide om sentrallbord."]) == {"sentrallbord"}
