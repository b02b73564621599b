"""Values are found by words, and shown as one writes them."""

from __future__ import annotations

import pytest

from analysis import keyfigures
from publishing.errors import BuildError
from publishing.writing import catalogue


@pytest.mark.parametrize(
    "words", ["arsverk melhus sentralbord", "ÅRSVERK Melhus sentralbord", "sentralbord.arsverk.melhus"]
)
def test_all_words_must_match_with_or_without_norwegian_letters(words: str):
    found = catalogue.search(words)
    assert ("arsverk.melhus", keyfigures.by_id()["sentralbord.arsverk.melhus"]) in found["sentralbord"]
    assert "lonn-regnskap-fakturering" not in found


def test_a_name_is_shown_as_one_writes_it_in_that_area():
    lines = list(catalogue.shown("årsverk sum", "sentralbord"))
    assert lines[0] == "\nSentralbord – slik skriver du i kapitlene i book/sentralbord/"
    assert any(line.split() == ["arsverk.sum", "2,6", "årsverk", "oppgitt"] for line in lines)
    assert any(line.split()[:1] == ["felles.arsverk.sum"] for line in lines)
    assert not any(line.split()[:1] == ["sentralbord.arsverk.sum"] for line in lines)


def test_each_value_is_followed_by_its_source():
    lines = list(catalogue.shown("arsverk.skaun", "sentralbord"))
    place = next(number for number, line in enumerate(lines) if line.split()[:1] == ["arsverk.skaun"])
    assert lines[place + 1].strip().startswith("Årsverk, sentralbord, Skaun. Kilde: Saksframlegget")


def test_an_area_shows_only_what_its_chapters_hold():
    found = catalogue.search("gevinst", "sentralbord")["sentralbord"]
    assert {value.area for _, value in found} == {"sentralbord", "felles"}


def test_without_words_there_is_an_overview_of_every_value():
    text = "\n".join(catalogue.shown(""))
    assert text.startswith(
        f"{len(keyfigures.published()):,}".replace(",", " ") + " verdier kan skrives inn i tekstene."
    )
    counts = [len(catalogue.of_area(slug)) for slug in catalogue.areas()]
    assert sum(counts) == len(keyfigures.published())
    assert all(
        f"OMRADE={slug}): {count} verdier" in text for slug, count in zip(catalogue.areas(), counts, strict=True)
    )


def test_nothing_found_is_said():
    assert list(catalogue.shown("qqqq")) == [
        "Ingen verdi har «qqqq» i navnet. Prøv færre ord, eller «make verdier» for å se hva som finnes."
    ]


def test_an_unknown_area_is_told_with_those_there_are():
    with pytest.raises(BuildError, match="«arkiv» er ikke et område. Områdene er felles, sentralbord, "):
        catalogue.search("arsverk", "arkiv")
