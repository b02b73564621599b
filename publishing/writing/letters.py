"""What no text of the book may hold: signs that no eye sees, and what tells of a person or a machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from publishing import plain_text
from publishing.writing import prose

#: Whom to ask may be told with an address: the one line of ``book/utgave.yml`` that is meant for the public.
_CONTACT = re.compile(r"^kontakt:")


def problems(root: Path, file: str) -> Iterator[prose.Fault]:
    """The signs, the e-mail addresses and the places on machines in one file of the book."""
    for place, position, line in _lines(root, file):
        if sign := plain_text.unseen(line, "\t"):
            told = f"Teksten har et usynlig tegn ({sign}). Slett linjen, og skriv den på nytt for hånd."
            yield prose.Fault(position, f"{place}: {told}")
        elif (what := plain_text.private(line)) and not (file == "book/utgave.yml" and _CONTACT.match(line)):
            told = f"Teksten har {what} (gjentas ikke her), som ville blitt publisert. Skriv rollen eller navnet på filen i stedet."
            yield prose.Fault(position, f"{place}: {told}")


def _lines(root: Path, file: str) -> Iterator[tuple[str, tuple[int, int], str]]:
    """Every line with where it stands; nothing of a file that cannot be read, which others tell of."""
    try:
        content = (root / file).read_text("utf-8-sig")
        if file.endswith(".ipynb"):
            yield from _in_cells(file, ["".join(cell["source"]) for cell in json.loads(content)["cells"]])
            return
        tree = yaml.compose(content, Loader=yaml.SafeLoader) if file.endswith(".yml") else None
    except (ValueError, KeyError, TypeError, RecursionError, yaml.YAMLError):
        return
    for number, line in enumerate(content.split("\n"), start=1):
        yield f"{file}, linje {number}", (number, 0), line
    if "\\" in content:  # signs written by number: «\u202e»
        for node in prose.scalars(tree):
            number = node.start_mark.line + 1
            yield f"{file}, linje {number}", (number, 0), node.value.replace("\n", " ")


def _in_cells(file: str, sources: list[str]) -> Iterator[tuple[str, tuple[int, int], str]]:
    for number, source in enumerate(sources, start=1):
        for line in source.split("\n"):
            yield f"{file}, celle {number}", (number, 0), line
