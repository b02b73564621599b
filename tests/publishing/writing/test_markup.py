"""Chapters are Markdown: HTML, other languages, unseen signs, and what tells of a person or a machine stay out."""

from __future__ import annotations

import json

import pytest

from publishing import writing
from tests.hostile import PRIVATE, SURROGATE, UNSEEN

HTML = "er HTML, som ikke kan brukes i kapitlene. Skriv det som Markdown, eller sett «\\» foran «<»."


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<script>alert(document)</script>", "<script>alert(document)</script>"),
        ("Se <img src=x onerror=alert(document)> her.", "<img src=x onerror=alert(document)>"),
        ("<iframe src='https://evil.example'></iframe>", "<iframe src='https://evil.example'></ifr"),
        ("En <span onclick='x'>", "<span onclick='x'>"),
        ("</textarea>", "</textarea>"),
    ],
)
def test_html_is_refused(written, source: str, shown: str) -> None:
    assert f"«{shown}» {HTML}" in written(source)


@pytest.mark.parametrize("name", ["raw", "eval-rst", "include", "literalinclude", "csv-table"])
@pytest.mark.parametrize("fence", ["```", ":::"])
def test_a_directive_that_lets_in_other_than_markdown_is_refused(written, name: str, fence: str) -> None:
    assert written(f"{fence}{{{name}}} html\n<b>x</b>\n{fence}") == [
        f"«{{{name}}}» kan ikke brukes her. Skriv innholdet som Markdown."
    ]


@pytest.mark.parametrize(
    "source",
    [
        "<!-- til oss selv -->",
        "Mindre enn: a < b.",
        r"\<script>",
        "`<script>`",
        "<https://www.ssb.no>",
        "```\n<b>\n```",
    ],
)
def test_what_is_no_html_is_let_in(written, source: str) -> None:
    assert written(source) == []


@pytest.mark.parametrize("sign", [*UNSEEN, "U+D800"])
def test_a_sign_that_no_eye_sees_is_refused_wherever_it_is_written(book, sign: str) -> None:
    text = {**UNSEEN, "U+D800": SURROGATE}[sign]
    told = f"Teksten har et usynlig tegn ({sign}). Slett linjen, og skriv den på nytt for hånd."
    path = book / "book" / "sentralbord" / "index.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    number = len(notebook["cells"]) + 1
    notebook["cells"].append({"cell_type": "markdown", "id": "tegn", "metadata": {}, "source": ["Tekst ", text]})
    path.write_text(json.dumps(notebook), "utf-8")  # written by number
    words = book / "book" / "ordliste.yml"
    lines = len(words.read_text("utf-8").splitlines())
    entry = f"- ord: bokord\n  forklaring: {json.dumps('Et ord ' + text)}\n"
    words.write_text(words.read_text("utf-8") + entry, "utf-8")
    found = writing.problems(book)
    assert f"book/sentralbord/index.ipynb, celle {number}: {told}" in found
    assert any(problem.startswith(f"book/ordliste.yml, linje {lines + 2}: ") and sign in problem for problem in found)


@pytest.mark.parametrize("text", PRIVATE.values(), ids=PRIVATE)
def test_what_tells_of_a_person_or_a_machine_is_refused_and_not_repeated(written, text: str) -> None:
    [told] = [fault for fault in written(f"Et avsnitt. {text}") if "ville blitt publisert" in fault]
    assert "kari" not in told and "arkiv.xlsx" not in told


def test_the_address_of_the_edition_is_meant_for_the_public(book) -> None:
    path = book / "book" / "utgave.yml"
    path.write_text(path.read_text("utf-8").replace("\nkontakt: ", "\nkontakt: post@melhus.example, "), "utf-8")
    assert writing.problems(book) == []
    path.write_text(path.read_text("utf-8").replace("\nnavn: Utgave", "\nnavn: post@melhus.example"), "utf-8")
    assert any("en e-postadresse" in problem for problem in writing.problems(book))
