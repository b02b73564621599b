"""The prose of the book: every text that a reader meets, with its file and its cell or line.

Markdown is read with MyST's own parser and the extensions of ``_config.yml``, so a text is here what it is on the page:
what is code, a link's address or a comment there, is no prose here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from myst_parser.config.main import MdParserConfig
from myst_parser.mdit_to_docutils.base import DocutilsRenderer
from myst_parser.parsers.mdit import create_md_parser

from publishing import yaml_files
from publishing.errors import BuildError
from publishing.writing import cells

#: The parser that MyST makes, and what it reads: markdown-it-py, which MyST brings along.
MarkdownIt = Any
Token = Any

#: Stands in :attr:`Passage.judged` for each character that is no running text: a role, code, an address.
HIDDEN = "\ufffc"

#: What Python raises for a source that it cannot read: also one with a NUL in it, or with brackets without end.
NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)

#: Directives whose content is no prose: code, and what is filled by the build.
_NO_PROSE = re.compile(r"^(code|code-block|code-cell|literalinclude|math|raw|eval-rst|mermaid|rapport-\w+)$")

#: Directives that let in HTML or Typst as they stand, another language than Markdown, or files from elsewhere.
LETS_IN = frozenset({"raw", "eval-rst", "include", "literalinclude", "csv-table"})

#: Directives whose argument is no text but a file or a class.
_NO_TITLE = {"figure", "image", "container", "include", "toctree", "list-table"}

#: Directives whose argument is names of values: the text in them is shown when they have numbers, or when one has none.
_NAMING = {"med-tall", "uten-tall"}

#: Roles whose content points somewhere, or is a name of a value.
_POINTING = {"verdi", "tall", "parameter", "svar", "ref", "numref", "doc", "download", "term", "cite", "eq", "any"}

_END = re.compile(r"(?<=[.!?])[»\")]*\s+(?=[«(]?[A-ZÆØÅ{\d])")
_ABBREVIATED = re.compile(r"\b(nr|kap|pkt|jf|kr|mill|mrd|ca|bl\.a|f\.eks|\d)\.$")
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Role:
    """A role in a passage: ``{verdi}`arsverk.sum` `` has the name ``verdi`` and the content ``arsverk.sum``."""

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, heading, list item, cell of a table or text of a picture.

    ``shown`` is what the writer wrote, without marks for bold and the like; ``judged`` is as long, with
    :data:`HIDDEN` where ``shown`` is no running text.
    """

    file: str
    place: str
    position: tuple[int, int]
    shown: str
    judged: str
    roles: tuple[Role, ...] = ()

    def sentence(self, start: int) -> str:
        """The sentence of ``shown`` that the character ``start`` stands in, cut to what can be read in a message."""
        first, last = 0, len(self.shown)
        for gap in _END.finditer(self.shown):
            if _ABBREVIATED.search(self.shown[: gap.start()]) and not _begins_sentence(self.shown[gap.end() :]):
                continue
            if gap.end() <= start:
                first = gap.end()
            elif gap.start() >= start:
                last = gap.start()
                break
        return _cut(self.shown[first:last].strip(), start - first)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, and where in its file it stands."""

    position: tuple[int, int]
    text: str


@dataclass(frozen=True, slots=True)
class Html:
    """HTML as a writer wrote it in Markdown, a ``directive`` that lets in other than Markdown, or the address of a ``picture``."""

    place: str
    position: tuple[int, int]
    text: str
    directive: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A file of the book: its passages, its own HTML, its code cells (number and source), and why it cannot be read."""

    file: str
    passages: tuple[Passage, ...]
    html: tuple[Html, ...] = ()
    code: tuple[tuple[int, str], ...] = ()
    faults: tuple[Fault, ...] = ()


def files(root: Path) -> list[str]:
    """Every file of ``book/`` that holds texts, by its path from the root."""
    found = [
        path.relative_to(root).as_posix()
        for ending in ("ipynb", "md", "yml")
        for path in (root / "book").rglob(f"*.{ending}")
    ]
    return sorted(name for name in found if ".ipynb_checkpoints/" not in name)


def read(root: Path, file: str, markdown: MarkdownIt) -> Text:
    """The texts of one file of the book; ``markdown`` is its :func:`parser`."""
    try:
        content = (root / file).read_text("utf-8-sig")
    except UnicodeDecodeError:
        return _unreadable(file, "Filen er ikke lagret som UTF-8. Lagre den som UTF-8.")
    return _parsed(file, content, markdown)


@lru_cache(maxsize=256)  # a preview asks for every text at each save, and one has changed
def _parsed(file: str, content: str, markdown: MarkdownIt) -> Text:
    if file.endswith(".ipynb"):
        return _notebook(file, content, markdown)
    if file.endswith(".yml"):
        return Text(file, tuple(_yaml(file, content)))
    passages, html = _markdown(content, markdown, file, None, 0)
    return Text(file, tuple(passages), tuple(html))


def parser(root: Path) -> MarkdownIt:
    """MyST's parser with the extensions that the book is read with.

    Raises:
        BuildError: if ``_config.yml`` cannot be read.
    """
    config = root / "_config.yml"
    settings = yaml_files.read(config, config.name) if config.exists() else {}
    try:
        return _parser(frozenset((settings.get("parse") or {}).get("myst_enable_extensions") or []))
    except (AttributeError, TypeError):
        raise BuildError(f"{config.name}: Filen har feil form. Hent fram en tidligere utgave av filen.") from None


@cache
def _parser(extensions: frozenset[str]) -> MarkdownIt:
    return create_md_parser(MdParserConfig(enable_extensions=set(extensions)), DocutilsRenderer)


def _unreadable(file: str, why: str) -> Text:
    return Text(file, (), faults=(Fault((0, 0), f"{file}: {why}"),))


def _notebook(file: str, content: str, markdown: MarkdownIt) -> Text:
    found, wrong = cells.read(content)
    faults = [Fault((number, 0), f"{file}{f', celle {number}' if number else ''}: {text}") for number, text in wrong]
    passages: list[Passage] = []
    html: list[Html] = []
    code: list[tuple[int, str]] = []
    for number, cell in enumerate(found, start=1):
        if cell.kind == "code":
            code.append((number, cell.source))
            continue
        more, tags = _markdown(cell.source, markdown, file, number, 0)
        passages += more
        html += tags
    return Text(file, tuple(passages), tuple(html), tuple(code), tuple(faults))


def _markdown(
    source: str, markdown: MarkdownIt, file: str, cell: int | None, offset: int
) -> tuple[list[Passage], list[Html]]:
    """The passages and the HTML of a Markdown text; ``offset`` is the line that it begins after."""
    passages: list[Passage] = []
    html: list[Html] = []

    def at(token: Token) -> tuple[str, tuple[int, int]]:
        line = offset + (token.map[0] if token.map else 0) + 1
        return (f"{file}, celle {cell}", (cell, line)) if cell else (f"{file}, linje {line}", (line, 0))

    for token in markdown.parse(source):
        place, position = at(token)
        if token.type == "inline":
            passages += _inline(token.children or [], file, place, position)
            html += [
                Html(place, position, child.content, picture=str(child.attrs.get("src", "")))
                if child.type == "image"
                else Html(place, position, child.content)
                for child in token.children or []
                if child.type in ("html_inline", "image")
            ]
        elif token.type == "html_block":
            html.append(Html(place, position, token.content))
            passages += _plain(_without_tags(token.content), file, place, position)
        elif token.type in ("fence", "colon_fence"):
            name, title, body, skipped = _directive(token)
            if name in LETS_IN:
                html.append(Html(place, position, token.content, name))
                continue
            if not name or _NO_PROSE.match(name):
                continue
            if name in ("figure", "image"):
                html.append(Html(place, position, "", picture=title))
            if name in _NAMING:
                roles = tuple(Role("verdi", one) for one in title.split())
                passages.append(Passage(file, place, position, title, HIDDEN * len(title), roles))
                title = ""
            nested = body if name in _NO_TITLE or not title else f"{title}\n\n{body}"
            line = offset + (token.map or [0])[0] + 1 + skipped - (0 if nested == body else 2)
            more, tags = _markdown(nested, markdown, file, cell, line)
            passages += more
            html += tags
            for text in re.findall(r"^:(?:alt|caption|title):[ \t]*(.+)$", token.content, re.MULTILINE):
                passages += _plain(text, file, place, position)
    return passages, html


def _directive(token: Token) -> tuple[str, str, str, int]:
    """The name, argument and content of a directive, and how many lines of options were left out; no name for code."""
    match = re.match(r"^\{([\w:-]+)\}\s*(.*)$", token.info.strip())
    if not match:
        return "", "", "", 0
    lines = token.content.split("\n")
    skipped = 0
    while skipped < len(lines) and re.match(r"^:[\w-]+:", lines[skipped]):
        skipped += 1
    return match[1], match[2], "\n".join(lines[skipped:]), skipped


def _inline(tokens: Iterable[Token], file: str, place: str, position: tuple[int, int]) -> Iterator[Passage]:
    """One passage of what stands in a block, and one for the text of each picture in it."""
    shown: list[str] = []
    judged: list[str] = []
    roles: list[Role] = []
    address = False

    def add(text: str, hidden: bool = False) -> None:
        shown.append(text)
        judged.append(HIDDEN * len(text) if hidden or address else text)

    for token in tokens:
        if token.type == "text":
            add(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            add(" ")
        elif token.type == "code_inline":
            add(f"`{token.content}`", hidden=True)
        elif token.type == "myst_role":
            name = str(token.meta["name"])
            roles.append(Role(name, token.content.strip()))
            if name in _POINTING:
                add(f"{{{name}}}`{token.content}`", hidden=True)
            else:
                add(token.content)
        elif token.type == "link_open" and token.info == "auto":
            address = True
        elif token.type == "link_close":
            address = False
        elif token.type == "image":
            yield from _inline(token.children or [], file, place, position)
    if text := "".join(shown):
        yield Passage(file, place, position, text, "".join(judged), tuple(roles))


def _plain(text: str, file: str, place: str, position: tuple[int, int]) -> Iterator[Passage]:
    if text.strip():
        yield Passage(file, place, position, text, text)


def _without_tags(text: str) -> str:
    return _TAG.sub(" ", text)


def _yaml(file: str, content: str) -> Iterator[Passage]:
    """Every value in a YAML file that is a text; a file with faults is told of where it is read."""
    try:
        tree = yaml.compose(content, Loader=yaml_files.Loader)
    except (yaml.YAMLError, RecursionError):
        return
    for node in scalars(tree):
        if node.tag == "tag:yaml.org,2002:str":
            line = node.start_mark.line + 1
            yield from _plain(" ".join(node.value.split()), file, f"{file}, linje {line}", (line, 0))


def scalars(node: Any) -> Iterator[yaml.ScalarNode]:
    """Every scalar of a YAML tree."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from scalars(child)
    elif isinstance(node, yaml.MappingNode):
        for _, child in node.value:
            yield from scalars(child)


def strings(source: str) -> Iterator[str]:
    """The texts in a cell of code; of a cell that is another language (``%%markdown``, ``%%html``) all of it."""
    if source.lstrip().startswith("%%"):
        yield source
        return
    try:
        tree = ast.parse(without_magics(source))
    except NOT_PYTHON:  # told when the cell is run
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def without_magics(source: str) -> str:
    """The code without the lines that only IPython knows («%matplotlib inline», «!dir»)."""
    return re.sub(r"^\s*[%!].*$", "", source, flags=re.MULTILINE)


def _begins_sentence(text: str) -> bool:
    """Whether what follows «2025. » begins a sentence: then it begins with a capital letter, which «1. januar» does not."""
    return re.match(r"[«(]?[A-ZÆØÅ]", text) is not None


def _cut(sentence: str, position: int, longest: int = 160) -> str:
    """The sentence, or the part around ``position`` when it is too long for a message."""
    if len(sentence) <= longest:
        return sentence
    start = max(0, min(position - longest // 2, len(sentence) - longest))
    end = start + longest
    start = sentence.find(" ", start) + 1 if start else 0
    end = sentence.rfind(" ", start, end) if end < len(sentence) else end
    return f"{'… ' if start else ''}{sentence[start:end]}{' …' if end < len(sentence) else ''}"
