"""Puts lines into ``_toc.yml``, ``parameters.yml`` and chapters without touching what else stands there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from publishing.errors import BuildError


def insert_lines(path: Path, position: Callable[[list[str]], int | None], new: list[str], expected: str) -> None:
    """Insert lines (without line endings) where ``position`` says; comments and layout stay.

    Raises:
        BuildError: if there is no such place, with ``expected``: what was sought.
    """
    text = path.read_text("utf-8")
    lines = text.splitlines()
    where = position(lines)
    if where is None:
        raise BuildError(f"{path.name}: Fant ikke {expected}. Filen er skrevet på en annen måte enn ventet.")
    lines[where:where] = new
    path.write_text("\n".join(lines) + "\n", "utf-8", newline="\n")


def add_report(toc: Path, slug: str, title: str, chapters: list[str], beside: set[str]) -> None:
    """Add a report to ``_toc.yml`` last in the part where the reports ``beside`` stand."""
    content = yaml.safe_load(toc.read_text("utf-8"))
    last = ""
    for part in content["parts"]:
        slugs = {Path(chapter["file"]).parent.name for chapter in part["chapters"]}
        if slugs & beside:
            last = part["chapters"][-1]["file"]
    indent = " " * 6
    new = [f"{indent}- file: book/{slug}/index", f"{indent}  title: {scalar(title)}"]
    if chapters:
        new.append(f"{indent}  sections:")
        new += [f"{indent}    - file: book/{slug}/{chapter}" for chapter in chapters]
    insert_lines(
        toc, lambda lines: _after_entry(lines, last), new, "delen i innholdsfortegnelsen som rapporten hører til"
    )


def add_chapter(toc: Path, after: str, docname: str, title: str) -> None:
    """Add a chapter to ``_toc.yml`` after another."""
    indent = " " * 10
    new = [f"{indent}- file: {docname}", f"{indent}  title: {scalar(title)}"]
    insert_lines(toc, lambda lines: _after_entry(lines, after), new, f"kapitlet {after}")


def scalar(text: str) -> str:
    """A text as YAML writes it: quoted only where it would be read as something else."""
    return text if yaml.safe_load(f"a: {text}") == {"a": text} else json.dumps(text, ensure_ascii=False)


def _after_entry(lines: list[str], docname: str) -> int | None:
    """The line after the entry of a document and all that hangs below it."""
    for number, line in enumerate(lines):
        if docname and re.fullmatch(rf"(\s*)- file: {re.escape(docname)}", line):
            depth = len(line) - len(line.lstrip())
            after = number + 1
            while after < len(lines) and len(lines[after]) - len(lines[after].lstrip()) > depth:
                after += 1
            return after
    return None


def read_notebook(path: Path) -> dict[str, Any]:
    """A notebook as it is stored."""
    return json.loads(path.read_text("utf-8"))


def write_notebook(path: Path, notebook: dict[str, Any]) -> None:
    """Store a notebook the way the others are stored."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8", newline="\n")


def change_text(path: Path, change: Callable[[str], str], expected: str) -> None:
    """Change the one Markdown cell that ``change`` gives another text for.

    Raises:
        BuildError: if it changes none, with ``expected``: what was sought.
    """
    notebook = read_notebook(path)
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and (new := change(text)) != text:
            cell["source"] = new.splitlines(keepends=True)
            write_notebook(path, notebook)
            return
    raise BuildError(f"{path.name}: Fant ikke {expected}. Kapitlet er skrevet på en annen måte enn ventet.")


def add_card(path: Path, container: str, card: str) -> None:
    """Add a card last in a list of cards (``:::{container} kort rapporter``) of a notebook."""
    change_text(
        path,
        lambda text: re.sub(
            rf"(:::\{{container\}} {container}\n.*?)\n:::",
            lambda found: f"{found[1]}\n{card}\n:::",
            text,
            count=1,
            flags=re.DOTALL,
        ),
        f"listen «{container}»",
    )


def add_section(path: Path, heading: str, code: str) -> None:
    """Add a heading and a code cell last in a notebook."""
    notebook = read_notebook(path)
    number = len(notebook["cells"])
    notebook["cells"] += [
        {"cell_type": "markdown", "id": f"celle-{number:02d}", "metadata": {}, "source": [f"## {heading}"]},
        {
            "cell_type": "code", "execution_count": None, "id": f"celle-{number + 1:02d}", "metadata": {},
            "outputs": [], "source": [code],
        },
    ]  # fmt: skip
    write_notebook(path, notebook)
