"""Which values each chapter holds, found without executing it.

A chapter holds what its values cell gives, ``keyfigures.for_area(omrade)``; its parameters are those of ``parameters.yml``, and
otherwise those of the cell tagged ``parameters``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis import keyfigures
from analysis.model import Value
from publishing import project
from publishing.writing import cells, prose


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as one writes in it: its document name, its parameters, and the area of its values (empty without any).

    Without ``is_notebook`` it is a page in a Markdown file, which can have no values.
    """

    docname: str
    parameters: Mapping[str, Any]
    area: str
    is_notebook: bool = True

    @property
    def values(self) -> dict[str, Value]:
        """Every value the chapter holds, under the name that is the shortest to write in it."""
        return written(self.area) if self.area else {}

    def resolve(self, name: str) -> Value | None:
        """The value of a name with its parameters filled in, or None; the area's own need not name the area."""
        return self.values.get(name) or self.values.get(name.removeprefix(f"{self.area}."))


@cache
def written(area: str) -> dict[str, Value]:
    """The values that a chapter of this area holds, by the name one writes there: ``arsverk.sum``, ``felles.avvik``."""
    return {value.id.removeprefix(f"{area}."): value for value in keyfigures.for_area(area).values()}


def filled_in(name: str, parameters: Mapping[str, Any]) -> str:
    """A value's name with the chapter's parameters filled in: ``felles.gevinst.folketall.21.{kommune}``."""
    for key, value in parameters.items():
        name = name.replace(f"{{{key}}}", str(value))
    return name


def of_book(root: Path) -> dict[str, tuple[Chapter, ...]]:
    """The chapters that each file of the book is shown as: a shared notebook has several, and what is not shown has none.

    Raises:
        BuildError: if ``_toc.yml`` or a ``parameters.yml`` cannot be read.
    """
    found: dict[str, tuple[Chapter, ...]] = {}
    for chapter in project.notebooks(root):
        file = chapter.notebook.relative_to(root).as_posix()
        code = list(_code(chapter.notebook))
        area = _area(code, {**_tagged(code), **chapter.parameters})
        # Its content depends on the data; here only its name is asked for.
        one = Chapter(chapter.docname, {**chapter.parameters, project.SHARED_PARAMETER: ""}, area)
        found[file] = (*found.get(file, ()), one)
    shown = {chapter.docname for chapters in found.values() for chapter in chapters}
    for docname in project.chapters(root):
        if docname not in shown and (root / f"{docname}.md").exists():
            found[f"{docname}.md"] = (Chapter(docname, {}, "", is_notebook=False),)
    return found


def _code(notebook: Path) -> Iterator[tuple[ast.Module, bool]]:
    """The code cells that Python can read, and whether each is tagged ``parameters``; none of what is no notebook."""
    try:
        content = notebook.read_text("utf-8-sig")
    except UnicodeDecodeError:  # told of as a text
        return
    for cell in cells.read(content)[0]:
        if cell.kind != "code":
            continue
        try:
            yield ast.parse(cell.source), "parameters" in cell.tags
        except prose.NOT_PYTHON:
            continue


def _tagged(code: list[tuple[ast.Module, bool]]) -> dict[str, Any]:
    """The parameters that the notebook itself sets, as far as they are plain texts and numbers."""
    return {
        target.id: statement.value.value
        for tree, tagged in code
        if tagged
        for statement in tree.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


def _area(code: list[tuple[ast.Module, bool]], parameters: Mapping[str, Any]) -> str:
    """The area in ``keyfigures.for_area(…)``, or nothing where no cell shows values."""
    for tree, _ in code:
        last = tree.body[-1] if tree.body else None
        call = last.value if isinstance(last, ast.Expr) else None
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "for_area"):
            continue
        given = next(iter(call.args), None)
        if isinstance(given, ast.Constant):
            return str(given.value)
        if isinstance(given, ast.Name):
            return str(parameters.get(given.id, ""))
    return ""
