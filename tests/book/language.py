"""What the tests measure of the language: running prose, sentences, LIX, abbreviations and spelling."""

from __future__ import annotations

import copy
import csv
import re
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from bs4 import Tag

from tests.pages import fresh

ROOT = Path(__file__).resolve().parents[2]

#: Hunspell's bokmål, from Debian's package hunspell-no.
DICTIONARY = "nb_NO"
OWN_WORDS = Path(__file__).with_name("ordliste.txt")

#: What is no running prose: headings, tables, captions, numbers on cards, sources, files, lists of links.
NOT_PROSE = "h1, h2, h3, h4, table, figure, .tabellramme, .hovedtall, .kilde, .merknad, .nedlasting, .tallkilder, .endringer, .rapportlenker, .utforsker, .kort, a.headerlink"

_WORD = re.compile(r"[A-Za-zÆØÅæøåÉéèüöä]+(?:[-’'][A-Za-zÆØÅæøåÉéèüöä]+)*")
_END = re.compile(r"(?<=[.!?:])\s+(?=[«A-ZÆØÅ0-9])")
_ABBREVIATION = re.compile(r"\b[A-ZÆØÅ]{2,}\b")


@cache
def article(page: Path) -> Tag:
    """The article of a built page, without what is marked as another language, and without commands and other code."""
    found = fresh(page).select_one("article.bd-article")
    assert isinstance(found, Tag)
    for other in found.select("[lang], code, pre"):
        other.decompose()
    return found


@cache
def quoted() -> frozenset[str]:
    """What the case says in its own words, which is not ours to shorten: the decision points and the mandate's lists."""
    found = set()
    for name in ("vedtakspunkter", "krav"):
        with (ROOT / "data" / "mandat" / f"{name}.csv").open(encoding="utf-8") as file:
            found |= {plain(cell) for row in csv.DictReader(file) for cell in row.values() if cell}
    return frozenset(found)


def plain(text: str) -> str:
    """The text with every run of spaces as one plain space."""
    return " ".join(text.split())


@cache
def prose(page: Path) -> list[str]:
    """The paragraphs and list items of our own running prose on a page, in order."""
    body = copy.copy(article(page))
    for part in body.select(NOT_PROSE):
        part.decompose()
    found = []
    for block in body.find_all(["p", "li", "dd"]):
        if block.name in ("li", "dd") and block.find("p"):
            continue  # its paragraphs are taken by themselves
        text = plain(block.get_text())
        if text and not any(text == words or text.endswith(words) for words in quoted()):
            found.append(text)
    return found


def sentences(texts: Iterable[str]) -> list[str]:
    """The sentences of the paragraphs. A colon before a capital letter ends one; an abbreviation with a full stop does not."""
    found = []
    for text in texts:
        guarded = re.sub(r"\b(bl\.a|f\.eks|mill|nr|kap|jf|pkt)\.", lambda match: match[0].replace(".", "\u2024"), text)
        guarded = re.sub(r"(\d)\.(?=\s)(?!\s+[A-ZÆØÅ])", "\\1\u2024", guarded)
        found += [part.replace("\u2024", ".") for part in _END.split(guarded)]
    return [sentence for sentence in found if words(sentence)]


def words(text: str) -> list[str]:
    """The words of a text, numbers not counted."""
    return _WORD.findall(re.sub(r"\S+\.(?:csv|json|html|yml|pdf|no)|\S*/\S+", " ", text))


def lix(texts: Iterable[str]) -> float:
    """Läsbarhetsindex: words per sentence, and the share of words (percent) of more than six letters.

    Source: C. H. Björnsson, «Läsbarhet» (1968). Under 30 is very easy, 40 to 50 is what newspapers have, over 60 is hard.
    """
    parts = sentences(texts)
    all_words = [word for part in parts for word in words(part)]
    if not all_words:
        return 0.0
    return len(all_words) / len(parts) + 100 * sum(len(word) > 6 for word in all_words) / len(all_words)


def abbreviations(texts: Iterable[str]) -> set[str]:
    """Words in capitals, such as KOSTRA; what stands in a file's or a law's name is left out."""
    return {
        found
        for text in texts
        for found in _ABBREVIATION.findall(re.sub(r"LOV-[\d-]+|\S*/\S*|\S+\.(?:csv|CSV)|«[^»]*»", " ", text))
    }


def misspelled(texts: Iterable[str]) -> set[str]:
    """The words that neither the dictionary nor the project's own list knows."""
    asked = sorted(
        {part for text in texts for word in words(text) for part in (word, *word.split("-")) if len(part) > 1}
    )
    own = set(OWN_WORDS.read_text("utf-8").split())
    run = subprocess.run(
        ["hunspell", "-d", DICTIONARY, "-i", "utf-8", "-l"],
        input="\n".join(asked), capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    unknown = set(run.stdout.split()) - own
    # A word with a hyphen is right when all its parts are.
    return {word for word in unknown if "-" not in word or set(word.split("-")) & unknown}


def has_hunspell() -> bool:
    """Whether the spell check and its bokmål are installed."""
    if shutil.which("hunspell") is None:
        return False
    run = subprocess.run(["hunspell", "-d", DICTIONARY, "-l"], input="og", capture_output=True, text=True, check=False)
    return run.returncode == 0
