"""The words of the field: a list of them, and an explanation where each is first used on a page.

They stand in ``book/ordliste.yml``. Chapters are written as if everybody knew the words; the first time a page uses
one in its running text, the word leads to its explanation (and ``static/forklaring.js`` shows it in place).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.nodes import Node
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from publishing import yaml_files
from publishing.errors import BuildError
from publishing.nodes import nedlasting, ordforklaring, verdi
from publishing.references import linked

FILE = Path("book") / "ordliste.yml"
PAGE = "book/ordliste"

#: Where a word is no part of the running text, or is a link already.
_LEFT_ALONE = (
    nodes.title, nodes.caption, nodes.table, nodes.reference, addnodes.pending_xref, nodes.literal, nodes.raw, nodes.comment,
    nodes.rubric, nodes.legend, nedlasting, ordforklaring, verdi,
)  # fmt: skip
_SMALL_PRINT = {"kilde", "merknad", "hovedtall"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its other forms and its explanation, all in bokmål."""

    name: str
    forms: tuple[str, ...]
    explanation: str

    @property
    def anchor(self) -> str:
        """The anchor of the word on the page of words, in ASCII: ``ord-arsverk``."""
        plain = self.name.lower().translate(str.maketrans("æøå", "eoa"))
        plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
        return "ord-" + re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def words(root: Path) -> tuple[Word, ...]:
    """The words in alphabetical order (æ, ø and å last).

    Raises:
        BuildError: if the file cannot be read, an entry lacks its word or explanation, or two share a form.
    """
    path = root / FILE
    return _read(path, path.stat().st_mtime_ns) if path.exists() else ()


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> tuple[Word, ...]:
    given = yaml_files.read(path, FILE.as_posix())
    if not isinstance(given, list):
        raise BuildError("book/ordliste.yml: Filen skal være en liste der hvert ord begynner med «- ord:».")
    found, problems, taken = [], [], {}
    for number, entry in enumerate(given, start=1):
        faults = list(_unfit(entry))
        if faults:
            problems += [f"book/ordliste.yml, ord nummer {number}: {fault}" for fault in faults]
            continue
        name = entry["ord"]
        forms = tuple(dict.fromkeys([name, *(entry.get("former") or [])]))
        for form in forms:
            if form.lower() in taken:
                problems.append(
                    f"book/ordliste.yml: «{form}» står både under «{taken[form.lower()]}» og «{name}». Fjern det ene."
                )
            taken[form.lower()] = name
        found.append(Word(name, forms, entry["forklaring"].strip()))
    if problems:
        raise BuildError(*problems)
    return tuple(sorted(found, key=lambda word: _alphabetical(word.name)))


def _unfit(entry: Any) -> Iterator[str]:
    """What is wrong with one entry of the file."""
    if not isinstance(entry, dict) or not entry.get("ord") or not entry.get("forklaring"):
        yield "Mangler «ord» eller «forklaring». Skriv begge."
        return
    forms = entry.get("former") or []
    texts = [entry["ord"], entry["forklaring"], *(forms if isinstance(forms, list) else [])]
    if not isinstance(forms, list):
        yield "«former» må være en liste, for eksempel [årsverket, årsverkene]."
    elif not all(isinstance(text, str) and text.strip() for text in texts):
        yield "«ord», «forklaring» og hver av «former» må være en tekst. Sett anførselstegn om den."
    for key in entry.keys() - {"ord", "former", "forklaring"}:
        yield f"«{key}» blir ikke brukt. Bruk «ord», «former» og «forklaring»."


def _alphabetical(name: str) -> str:
    return name.lower().translate(str.maketrans({"æ": "{", "ø": "|", "å": "}"}))


def explain(app: Sphinx, doctree: nodes.document) -> None:
    """Mark the first use of each word in the running text of a chapter."""
    if app.env.docname == PAGE:
        return
    known = words(Path(app.srcdir))
    if not known:
        return
    by_form = {form: word for word in known for form in word.forms}
    pattern = _pattern(tuple(by_form))
    used: set[str] = set()
    for text in list(doctree.findall(nodes.Text)):
        if not _is_running(text):
            continue
        pieces = _explained(text.astext(), pattern, by_form, used)
        if len(pieces) > 1 or isinstance(pieces[0], ordforklaring):
            text.parent.replace(text, pieces)


@lru_cache(maxsize=4)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words, the longest form first. Words may begin a sentence; abbreviations and names are written as they are."""
    ways = []
    for form in sorted(forms, key=len, reverse=True):
        start = form[0]
        first = f"[{start.upper()}{start}]" if start.islower() else re.escape(start)
        # «NIVI-rapport» uses the abbreviation; «Shapley-verdi» is another word than «Shapley».
        end = "" if form.isupper() else "(?!-)"
        ways.append(first + re.escape(form[1:]).replace(r"\ ", r"\s") + end)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(ways)})(?!\w)")


def _explained(text: str, pattern: re.Pattern[str], by_form: dict[str, Word], used: set[str]) -> list[Node]:
    found: list[Node] = []
    end = 0
    for match in pattern.finditer(text):
        form = re.sub(r"\s", " ", match[0])
        word = by_form.get(form) or by_form[form[0].lower() + form[1:]]
        if word.name in used:
            continue
        used.add(word.name)
        if match.start() > end:
            found.append(nodes.Text(text[end : match.start()]))
        found.append(ordforklaring("", match[0], classes=["ord"], anker=word.anchor, forklaring=word.explanation))
        end = match.end()
    if end < len(text) or not found:
        found.append(nodes.Text(text[end:]))
    return found


def _is_running(text: nodes.Text) -> bool:
    """Whether a text stands in a paragraph of the chapter, outside what is small print, heading, table or link."""
    parent: Node | None = text.parent
    inside = False
    while parent is not None:
        if isinstance(parent, _LEFT_ALONE) or _SMALL_PRINT & set(getattr(parent, "attributes", {}).get("classes", ())):
            return False
        inside = inside or isinstance(parent, nodes.paragraph)
        parent = parent.parent
    return inside


class GlossaryDirective(SphinxDirective):
    """The list of words: ``rapport-ordliste``."""

    def run(self) -> list[Node]:
        listing = nodes.definition_list(classes=["ordliste"])
        for word in words(Path(self.env.srcdir)):
            term = nodes.term("", word.name, ids=[word.anchor])
            explanation = nodes.paragraph("", "", *linked(word.explanation))
            listing += nodes.definition_list_item("", term, nodes.definition("", explanation))
        return [listing]


def setup(app: Sphinx) -> None:
    """Register the directive, and what marks the words."""
    app.add_directive("rapport-ordliste", GlossaryDirective)
    # After the references (priority 500), whose links are left alone.
    app.connect("doctree-read", explain, priority=600)
