"""Whatever becomes of a file: it is refused in words, or what is read from it is what stands in it. Never a traceback.

What is accepted is read once more with another reader (``csv`` and ``Decimal``, PyYAML's plainest loader, ``nbformat``), and
compared. What these tests have found stands in the tables of ``faults/``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis import data
from publishing import checking, project, validation, writing
from publishing.errors import BuildError
from publishing.writing import cells
from tests.publishing.faults import edits
from tests.publishing.faults.mutations import Mutation, examples, mutated, of_bytes, of_cells

pytestmark = pytest.mark.long(25)

ROOT = Path(__file__).resolve().parents[2]
TABLES = {name: f"data/{entry['path']}" for name, entry in data.description().items()}
BOOK = [
    "_toc.yml", "_config.yml", "book/utgave.yml", "book/ordliste.yml", "book/sentralbord/parameters.yml", "book/felles/parameters.yml",
    "data/datapackage.json", "data/statistikk.yml", "data/regneeksempler/okonomi.yml",
]  # fmt: skip
NOTEBOOKS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "book").rglob("*.ipynb")
    if path.parent.name != ".ipynb_checkpoints"
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data and the book, to be spoilt."""
    return edits.copied(tmp_path_factory.mktemp("tilfeldig"))


@contextmanager
def spoilt(root: Path, file: str, mutations: list[Mutation]) -> Iterator[bytes]:
    """The file with these mutations while the block lasts."""
    path = root / file
    before = path.read_bytes()
    content = mutated(before, mutations)
    edits.put(path, content)
    try:
        yield content
    finally:
        edits.put(path, before)


def refused(check: Any) -> bool:
    """Whether a check refuses; anything but a :class:`BuildError` in plain sentences is a failure."""
    try:
        check()
    except BuildError as error:
        assert error.problems  # noqa: PT017
        for problem in error.problems:
            assert "\n" not in problem and "Traceback" not in problem
            assert len(problem) < 2_000
            assert ": " in problem
        return True
    return False


mutations = st.lists(of_bytes, min_size=1, max_size=3)


@examples(120)
@given(st.sampled_from(sorted(TABLES)), st.one_of(mutations, st.lists(of_cells, min_size=1, max_size=2)))
def test_a_table_is_refused_or_read_as_it_stands(root, table, mutations):
    with spoilt(root, TABLES[table], mutations) as content:
        if not refused(lambda: validation.validate(root)):
            fields = data.description(root)[table]["schema"]["fields"]
            assert read_back(data.load(table, root)) == independently_read(content, fields)


def read_back(frame: pd.DataFrame) -> list[list[Any]]:
    """The cells of a frame, numbers as exact decimals of what they hold."""
    return [[plain(cell) for cell in record] for record in frame.itertuples(index=False, name=None)]


def plain(cell: Any) -> Any:
    if isinstance(cell, (str, dt.date)):
        return cell
    if cell is None or pd.isna(cell):
        return None
    return Decimal(repr(cell.item() if hasattr(cell, "item") else cell))


def independently_read(content: bytes, fields: list[dict[str, Any]]) -> list[list[Any]]:
    """The same by the standard library alone."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [[typed(row[field["name"]], field["type"]) for field in fields] for row in rows]


def typed(text: str, kind: str) -> Any:
    if kind in ("integer", "number"):
        return Decimal(text) if text else None
    if kind == "date":
        return dt.datetime.strptime(text, "%Y-%m-%d").date() if text else None  # noqa: DTZ007
    return text


@examples(60)
@given(st.sampled_from(BOOK), mutations)
def test_what_says_what_the_book_is_is_refused_or_read_as_it_stands(root, file, mutations):
    with spoilt(root, file, mutations) as content:
        if refused(lambda: checking.check(root)) or not file.startswith("book/"):
            return
        said = yaml.load(content.decode("utf-8-sig"), yaml.BaseLoader)  # every value as the text it is written with
        if file == "book/utgave.yml":
            edition = project.edition(root)
            assert (edition.name, edition.date.isoformat(), edition.state, edition.contact) == tuple(
                said[key] for key in ("navn", "dato", "status", "kontakt")
            )
        elif file.endswith("parameters.yml"):
            report = next(paper for paper in project.papers(root) if file.split("/")[1] == paper.slug)
            assert (report.title, report.phase) == (said["tittel"], said["fase"])
            assert {key: str(value) for key, value in report.parameters.items()} == said["parametre"]


@examples(40)
@given(st.sampled_from(NOTEBOOKS), mutations)
def test_a_notebook_is_refused_or_read_as_it_stands(root, file, mutations):
    with spoilt(root, file, mutations) as content:
        if not refused_texts(root):
            found, faults = cells.read(content.decode("utf-8-sig"))
            assert not faults
            read = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
            assert [(cell.kind, cell.source) for cell in found] == [
                (cell.cell_type, cell.source) for cell in read.cells
            ]


def refused_texts(root: Path) -> bool:
    def check() -> None:
        if problems := writing.problems(root):
            raise BuildError(*problems)

    return refused(check)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=5,
)


@examples(60)
@given(
    st.sampled_from([*NOTEBOOKS[:4], "data/datapackage.json"]),
    st.lists(st.floats(0, 1, exclude_max=True), max_size=6),
    json_values,
)
def test_json_with_another_value_somewhere_is_refused_or_taken(root, file, way, value):
    """A value of another kind at any place: a number for a list of cells, a list for the name of a table."""

    def change(content: bytes) -> bytes:
        tree = json.loads(content)
        node, parent, key = tree, None, None
        for step in way:
            if isinstance(node, dict | list) and node:
                key = sorted(node)[int(step * len(node))] if isinstance(node, dict) else int(step * len(node))
                node, parent = node[key], node
        if parent is None:
            return json.dumps(value).encode("utf-8", "replace")
        parent[key] = value
        return json.dumps(tree).encode("utf-8", "replace")

    with spoilt(root, file, [change]):
        refused(lambda: checking.check(root))


@examples(60)
@given(st.text(max_size=200) | st.text("#*_`{}[]()<>|:-=!&\\\n \"'1aå", max_size=80))
def test_any_text_in_a_chapter_is_refused_or_taken(root, source):
    def add(content: bytes) -> bytes:
        return edits.markdown(content, source.encode("utf-8", "replace").decode("utf-8"))

    with spoilt(root, "book/felles/framdrift.ipynb", [add]):
        refused_texts(root)


@examples(40)
@given(st.text(max_size=60) | st.text("()[]{}=+-*/:.,'\"\\\n #%!1ax", max_size=60))
def test_any_code_in_a_chapter_is_refused_or_taken(root, source):
    def add(content: bytes) -> bytes:
        return edits.code(content, source.encode("utf-8", "replace").decode("utf-8"))

    with spoilt(root, "book/felles/framdrift.ipynb", [add]):
        refused_texts(root)
