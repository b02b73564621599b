"""Names in prose that lead to nothing are found without executing a chapter, and the nearest are suggested."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publishing import project, writing
from publishing.writing import chapters, names


def test_a_misspelled_name_suggests_the_nearest(written):
    assert written("De har {verdi}`arsvrek.sum`.") == ["Verdien «arsvrek.sum» finnes ikke. Mente du «arsverk.sum»?"]


def test_a_name_that_may_be_several_suggests_the_three_nearest(written):
    (problem,) = written("De har {verdi}`arsverk.alle`.")
    assert re.search(r"Mente du «[^»]+», «[^»]+» eller «[^»]+»\?$", problem)


def test_a_name_with_norwegian_letters_suggests_the_one_without(written):
    (problem,) = written("De har {tall}`årsverk.sum`.")
    assert problem.startswith("Verdien «årsverk.sum» finnes ikke. Mente du «arsverk.sum»")


def test_a_name_like_no_other_is_told_where_to_look(written):
    assert written("De har {verdi}`qqqq`.") == [
        "Verdien «qqqq» finnes ikke. Finn navnet med «make verdier SOK=…», eller på siden «Verdier»."
    ]


def test_a_value_that_the_chapter_does_not_hold_is_told_apart_from_one_that_is_not(written):
    assert written("Den er {verdi}`lonn-regnskap-fakturering.gevinst.folketall.21.melhus`.") == [
        "Verdien «lonn-regnskap-fakturering.gevinst.folketall.21.melhus» finnes, men ikke i dette kapitlet. Verdier som "
        "gjelder en nøkkel, en innsparing og lignende, kan bare brukes i kapitlene for sitt eget område, her "
        "lonn-regnskap-fakturering."
    ]


def test_a_plain_value_of_another_area_and_ones_own_with_the_area_are_fine(written):
    assert (
        written("{verdi}`felles.arsverk.sum` {tall}`sentralbord.arsverk.sum` {verdi}`postmottak-arkiv.arsverk.sum`")
        == []
    )


def test_a_parameter_that_is_not_there_is_told(written):
    assert written("# {parameter}`komune`", "book/maler/kommune.ipynb") == [
        "Kapitlet har ingen parameter «komune». Den settes i parameters.yml. Kapitlet har «omrade», «kommune», «kommunenavn» og «kommunene»."
    ]


def test_a_parameter_in_a_name_is_filled_in_for_each_chapter(written):
    assert written("{verdi}`felles.arsverk.{kommune}`", "book/maler/kommune.ipynb") == []


def test_the_names_in_front_of_text_that_depends_on_them_are_checked(written):
    text = ":::{{med-tall}} arsverk.sum {name}\nDe har {{verdi}}`arsverk.sum`.\n:::"
    assert written(text.format(name="gevinst.dagens-kostnad.10.sum")) == []
    (problem,) = written(text.format(name="gevinst.dagens-kostnad.11.sum"))
    assert problem.startswith("Verdien «gevinst.dagens-kostnad.11.sum» finnes ikke. Mente du ")


def test_a_shared_notebook_is_told_of_once(written):
    (problem,) = written("{verdi}`felles.asverk.{kommune}`", "book/maler/kommune.ipynb")
    assert problem.startswith("Verdien «felles.asverk.{kommune}» finnes ikke. Mente du «arsverk.{kommune}»")
    assert "Det gjelder" not in problem


def test_a_shared_notebook_names_the_chapters_where_a_value_is_missing(written):
    # Merkantile årsverk exist for lønn, regnskap og fakturering alone.
    (problem,) = written("{verdi}`merkantile-arsverk.melhus`", "book/maler/gevinster.ipynb")
    assert problem.endswith("Det gjelder book/sentralbord/gevinster og book/postmottak-arkiv/gevinster.")


def test_a_page_in_markdown_has_no_values(book: Path):
    path = book / "book" / "endringer.md"
    path.write_text("# Endringer\n\n{verdi}`felles.arsverk.sum`\n", "utf-8")
    assert writing.problems(book) == [
        "book/endringer.md, linje 3: Verdien «felles.arsverk.sum» finnes ikke her. "
        "En side i en .md-fil har ingen verdier. Bare kapitler i notatbøker (.ipynb) har det."
    ]


def test_a_chapter_without_a_values_cell_is_told_which_cell_it_needs(book: Path):
    path = book / "book" / "sentralbord" / "utproving.ipynb"
    text = path.read_text("utf-8").replace("keyfigures.for_area(omrade)", "omrade;")
    path.write_text(text.replace("Utprøvingen er punkt 3", "Med {verdi}`arsverk.sum` er punkt 3"), "utf-8")
    (problem,) = writing.problems(book)
    assert problem.endswith(
        "Verdien «arsverk.sum» finnes ikke her. Kapitlet trenger en celle med «keyfigures.for_area(omrade)»."
    )


@pytest.mark.parametrize("chapter", project.notebooks(), ids=lambda chapter: chapter.docname)
def test_the_area_read_from_a_chapter_is_the_one_it_is_executed_with(chapter: project.Chapter):
    """The executed copy holds the values themselves: the reading of the source must agree with it."""
    file = chapter.notebook.relative_to(project.ROOT).as_posix()
    one = next(one for one in chapters.of_book(project.ROOT)[file] if one.docname == chapter.docname)
    assert one.area == chapter.parameters.get("omrade", "felles")


def test_the_nearest_is_first_and_there_are_few():
    assert names.nearest("arsvrek.sum", ["kostnad.sum", "arsverk.sum", "arsverk.skaun", "avvik"])[0] == "arsverk.sum"
    assert len(names.nearest("arsverk.sum", [f"arsverk.{number}" for number in range(9)])) == 3
    assert names.nearest("qqqq", ["arsverk.sum"]) == []
