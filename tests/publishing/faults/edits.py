"""The edits that a case in the tables of faults may make, and how those tables are read.

Each edit takes the content of a file and the arguments of the case, all of them text, and gives the new content. An edit that
would change nothing is an error in the case.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from publishing import advice

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[2]

Edit = Callable[[bytes, Any], bytes | None]


@dataclass(frozen=True, slots=True)
class Case:
    """One fault: the edits that make it (file, name of the edit, its arguments), and the lines that must be told."""

    name: str
    edits: tuple[tuple[str, str, Any], ...]
    told: tuple[str, ...]


def copied(root: Path) -> Path:
    """Lay the data and the book of the project in an empty folder, to be spoilt; return the folder."""
    for name in ("data", "book"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "skjema"))
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy2(ROOT / name, root)
    return root


def cases(name: str) -> list[Case]:
    """The cases of a table of faults."""
    # Not the usual loader: a case means what it says, also «2026-11-23», «1e5» and «no».
    given = yaml.load((FOLDER / f"{name}.yml").read_text("utf-8"), yaml.BaseLoader)
    return [_case(entry) for entry in given]


def _case(entry: dict[str, Any]) -> Case:
    found = []
    for one in entry.get("edits", [entry]):
        [edit] = set(one) - {"fault", "file", "told"}
        found.append((one.get("file", ""), edit, one[edit]))
    told = entry["told"]
    return Case(entry["fault"], tuple(found), tuple([told] if isinstance(told, str) else told))


def apply(case: Case, root: Path) -> dict[Path, bytes | None]:
    """Make the edits in ``root``; return what the files held before, by path."""
    before: dict[Path, bytes | None] = {}
    for file, edit, arguments in case.edits:
        path = root / file
        old = path.read_bytes() if path.is_file() else None
        before.setdefault(path, old)
        new = EDITS[edit](old or b"", arguments)
        assert new != old, f"{case.name}: {edit} changes nothing in {file}"
        put(path, new)
    return before


def put(path: Path, content: bytes | None) -> None:
    """Write a file, or remove it where there is no content."""
    if content is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


# Whole files


def delete(content: bytes, arguments: str) -> None:
    """Remove the file."""


def write(content: bytes, text: str) -> bytes:
    """The file holds only this text."""
    return text.encode("utf-8")


def write_bytes(content: bytes, text: str) -> bytes:
    r"""The file holds only these bytes, each written as a character («\xff»)."""
    return text.encode("latin-1")


def nested(content: bytes, depth: str) -> bytes:
    """The file holds only a list in a list in a list, so many times."""
    return b"[" * int(depth) + b"]" * int(depth)


def append(content: bytes, text: str) -> bytes:
    """More text at the end."""
    return content + text.encode("utf-8")


def append_bytes(content: bytes, text: str) -> bytes:
    """More bytes at the end."""
    return content + text.encode("latin-1")


def cut(content: bytes, arguments: str) -> bytes:
    """Only so many bytes of the file."""
    return content[: int(arguments)]


def replace(content: bytes, arguments: dict[str, str]) -> bytes:
    """Another text for one that stands exactly once."""
    old, new = arguments["old"].encode("utf-8"), arguments["new"].encode("utf-8")
    assert content.count(old) == 1, f"{arguments['old']!r} occurs {content.count(old)} times"
    return content.replace(old, new)


def replace_first(content: bytes, arguments: dict[str, str]) -> bytes:
    """Another text for the first of several."""
    return content.replace(arguments["old"].encode("utf-8"), arguments["new"].encode("utf-8"), 1)


def replace_all(content: bytes, arguments: dict[str, str]) -> bytes:
    """Another text wherever one stands."""
    return content.replace(arguments["old"].encode("utf-8"), arguments["new"].encode("utf-8"))


def encoding(content: bytes, name: str) -> bytes:
    """The same text in another encoding."""
    return content.decode("utf-8").encode(name)


def double_encoded(content: bytes, name: str) -> bytes:
    """The text as it looks when it has been read in another encoding, and saved once more."""
    return content.decode(name).encode("utf-8")


# Lines and cells


def line(content: bytes, arguments: dict[str, str]) -> bytes:
    """Another text in one line."""
    lines = content.decode("utf-8").splitlines()
    row = int(arguments["row"]) - 1
    assert lines[row].count(arguments["old"]) == 1
    lines[row] = lines[row].replace(arguments["old"], arguments["new"])
    return _lines(lines)


def repeat_line(content: bytes, row: str) -> bytes:
    """A line once more, at the end."""
    lines = content.decode("utf-8").splitlines()
    return _lines([*lines, lines[int(row) - 1]])


def without_line(content: bytes, row: str) -> bytes:
    """One line less."""
    lines = content.decode("utf-8").splitlines()
    return _lines(lines[: int(row) - 1] + lines[int(row) :])


def first_lines(content: bytes, number: str) -> bytes:
    """Only the first lines."""
    return _lines(content.decode("utf-8").splitlines()[: int(number)])


def cell(content: bytes, arguments: dict[str, str]) -> bytes:
    """Another value in one cell of a table."""
    records = _records(content)
    records[int(arguments["row"]) - 1][records[0].index(arguments["column"])] = arguments["value"]
    return _table(records)


def without_column(content: bytes, column: str) -> bytes:
    """A table with a column less."""
    records = _records(content)
    position = records[0].index(column)
    return _table([record[:position] + record[position + 1 :] for record in records])


def with_column(content: bytes, column: str) -> bytes:
    """A table with a column more, which holds its own name."""
    return _table([[*record, column] for record in _records(content)])


def as_norwegian_excel(content: bytes, encoding: str) -> bytes:
    """Semicolons between columns and a comma in numbers, as Excel in Norway saves a table."""
    records = [
        [cell.replace(".", ",") if advice.is_plain_number(cell, whole=False) else cell for cell in record]
        for record in _records(content)
    ]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows(records)
    return stream.getvalue().encode(encoding)


def _lines(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode("utf-8")


def _records(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def _table(records: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(records)
    return stream.getvalue().encode("utf-8")


# JSON: the description of the tables, and notebooks


def set_json(content: bytes, arguments: dict[str, str]) -> bytes:
    """Another value, itself JSON, at a place as «resources.0.path»."""
    tree = json.loads(content)
    parent, key = _place(tree, arguments["at"])
    parent[key] = json.loads(arguments["to"])
    return json.dumps(tree, ensure_ascii=False, indent=1).encode("utf-8")


def without_json(content: bytes, at: str) -> bytes:
    """Without what stands at a place."""
    tree = json.loads(content)
    parent, key = _place(tree, at)
    del parent[key]
    return json.dumps(tree, ensure_ascii=False, indent=1).encode("utf-8")


def markdown(content: bytes, source: str) -> bytes:
    """A notebook with a Markdown cell more, at the end."""
    return _with_cell(content, {"cell_type": "markdown", "id": "feil", "metadata": {}, "source": source})


def code(content: bytes, source: str) -> bytes:
    """A notebook with a code cell more, at the end."""
    added = {
        "cell_type": "code",
        "execution_count": None,
        "id": "feil",
        "metadata": {},
        "outputs": [],
        "source": source,
    }
    return _with_cell(content, added)


def _with_cell(content: bytes, cell: dict[str, Any]) -> bytes:
    notebook = json.loads(content)
    notebook["cells"].append(cell)
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode("utf-8")


def _place(tree: Any, at: str) -> tuple[Any, Any]:
    *way, last = [int(part) if part.lstrip("-").isdigit() else part for part in at.split(".")]
    for part in way:
        tree = tree[part]
    return tree, last


EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (
        delete, write, write_bytes, nested, append, append_bytes, cut, replace, replace_first, replace_all, encoding, double_encoded,
        line, repeat_line, without_line, first_lines, cell, without_column, with_column, as_norwegian_excel,
        set_json, without_json, markdown, code,
    )
}  # fmt: skip
