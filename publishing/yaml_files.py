"""Reads the YAML files that people write: strictly, so that nothing in them is passed over or taken for something else.

PyYAML itself keeps the last of two entries with the same name, and a few lines of aliases may unfold to more than fits in memory.
"""

from __future__ import annotations

import copy
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from publishing.errors import BuildError

#: A file that people write is some kilobytes.
LARGEST = 1_000_000

HINT = "Se etter feil innrykk eller kolon."


class _Refused(yaml.MarkedYAMLError):
    """What is valid YAML and not taken here; ``problem`` says why in bokmål."""


class Loader(yaml.SafeLoader):
    """Of PyYAML's safe loader, what these files need, and nothing that can be read in two ways."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            problem = (
                "Merker med «&» og «*» kan ikke brukes her. Skriv innholdet ut, eller sett anførselstegn om teksten."
            )
            raise _Refused(problem=problem, problem_mark=event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _Refused(problem=f"Navnet foran kolon må være en tekst. {HINT}", problem_mark=key.start_mark)
            if key.value in seen:
                raise _Refused(problem=f"«{key.value}» står to ganger. Fjern den ene.", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        if node.tag not in _TAGS:
            problem = f"«{node.tag.replace('tag:yaml.org,2002:', '!!')}» kan ikke brukes her. Fjern det."
            raise _Refused(problem=problem, problem_mark=node.start_mark)
        plain = _PLAIN.get(node.tag)
        if plain and not plain.fullmatch(node.value):  # «007» is 7 to YAML, «1_000» 1000, «10:30» 630, and «no» false
            problem = (
                f"«{node.value}» kan leses på flere måter. Sett anførselstegn om teksten, eller skriv et vanlig tall."
            )
            raise _Refused(problem=problem, problem_mark=node.start_mark)
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError):  # «2026-13-45» is a timestamp to YAML
            problem = f"«{node.value}» er ingen dag i kalenderen, og ikke noe tall. Rett den, eller sett anførselstegn om den."
            raise _Refused(problem=problem, problem_mark=node.start_mark) from None


_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "value")
}

#: Numbers and truth values that everybody reads alike.
_PLAIN = {
    "tag:yaml.org,2002:int": re.compile(r"-?(0|[1-9]\d*)", re.ASCII),
    "tag:yaml.org,2002:float": re.compile(r"-?(0|[1-9]\d*)\.\d+", re.ASCII),
    "tag:yaml.org,2002:bool": re.compile("true|false"),
}


def read(path: Path, shown: str) -> Any:
    """The content of a YAML file; ``shown`` is what messages call the file.

    Raises:
        BuildError: if it cannot be read, or is not plain YAML.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BuildError(f"{shown}: Filen finnes ikke. Hent fram en tidligere utgave av filen.") from None
    except OSError as error:
        raise BuildError(f"{shown}: Filen kan ikke åpnes ({error.strerror}).") from None
    return parsed(content, shown)


def parsed(content: bytes, shown: str) -> Any:
    """What a YAML file with this content says; every caller gets a copy of its own.

    Raises:
        BuildError: as :func:`read`.
    """
    return copy.deepcopy(_loaded(content, shown))


@lru_cache(maxsize=4096)  # a build asks for the same files many times, one for each report among them
def _loaded(content: bytes, shown: str) -> Any:
    if len(content) > LARGEST:
        raise BuildError(f"{shown}: Filen er over 1 MB. Hent fram en tidligere utgave av filen.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BuildError(f"{shown}: Filen er ikke lagret som UTF-8. Lagre den som UTF-8.") from None
    try:
        return yaml.load(text, Loader)  # a SafeLoader
    except _Refused as error:
        raise BuildError(f"{shown}{_line(error)}: {error.problem}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        text = f"Filen har et usynlig tegn (U+{error.character:04X}). Slett det."
        raise BuildError(f"{shown}, linje {line}: {text}") from None
    except yaml.YAMLError as error:
        raise BuildError(f"{shown}{_line(error)}: Filen er ikke gyldig YAML. {HINT}") from None
    except RecursionError:
        raise BuildError(
            f"{shown}: Filen har lister i lister uten ende. Hent fram en tidligere utgave av filen."
        ) from None


def _line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", linje {mark.line + 1}" if mark else ""
