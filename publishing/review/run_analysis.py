"""Run by an interpreter of its own, on one side of a review: every key figure, and what every chapter shows.

The ``analysis`` found is that of the side, so that changes of code show as well as changes of data. The cells run
one chapter after another in the same warm interpreter: some seconds for the whole book, where a build takes minutes.
Nothing of ``publishing`` may be imported here: it would be that of the side.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

MIME = "application/vnd.rapport."
VALUES = f"{MIME}verdier+json"


def main() -> None:
    """Read ``[[docname, notebook, parameters], …]`` from stdin; write ``{"figures": …, "chapters": …}`` to stdout."""
    chapters = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):  # a cell may print
        from analysis import keyfigures

        figures = [value.as_record() for value in keyfigures.published()]
        shown = {docname: _chapter(Path(notebook), parameters) for docname, notebook, parameters in chapters}
    json.dump({"figures": figures, "chapters": shown}, sys.stdout)


def _chapter(notebook: Path, parameters: dict[str, Any]) -> dict[str, Any]:
    """What the chapter shows, in order; or the fault that stopped it."""
    names: dict[str, Any] = {}
    results: list[dict[str, Any]] = []
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        try:
            results += _shown("".join(cell["source"]), names)
        except Exception as error:  # a chapter's code may raise anything; the review goes on without the chapter
            return {"fault": f"{type(error).__name__}: {error}"}
        if "parameters" in cell["metadata"].get("tags", []):
            names.update(parameters)
    return {"shown": results}


def _shown(source: str, names: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a cell as a kernel does: what its last line is worth, is shown."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<celle>", "exec"), names)
    if last is None:
        return []
    value = eval(compile(ast.Expression(last.value), "<celle>", "eval"), names)
    if source.rstrip().endswith(";") or not hasattr(value, "_repr_mimebundle_"):
        return []
    bundle = value._repr_mimebundle_()
    return [_told(mime, content) for mime, content in bundle.items() if mime.startswith(MIME) and mime != VALUES]


def _told(mime: str, content: dict[str, Any]) -> dict[str, Any]:
    """A result without its drawing: what kind, name, title, and what tells one state of it from the next."""
    words = {key: part for key, part in content.items() if key != "chart"}
    return {
        "kind": mime.removeprefix(MIME).removesuffix("+json"),
        "name": content.get("name", ""),
        "title": content.get("title", ""),
        "content": _digest(words),
        "drawing": _digest(content.get("chart")),
    }


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:16]


if __name__ == "__main__":
    main()
