"""The editions that have been handed out: kept in ``utgaver/``, one folder each, and never changed.

A folder is named for the edition's name and date (``utgaver/utgave-1-2026-11-24/``), and holds ``utgave.yml``
(navn, dato, status, versjon), ``nokkeltall.json`` and ``pdf/``. :mod:`publishing.freezing` makes them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis import changes, formatting
from analysis.model import Status
from publishing import project
from publishing.errors import BuildError

FOLDER = "utgaver"
FACTS = "utgave.yml"
FIGURES = "nokkeltall.json"
PDFS = "pdf"

Records = Sequence[Mapping[str, Any]]

_FIELDS = frozenset({"id", "omrade", "kommune", "navn", "verdi", "enhet", "status"})


@dataclass(frozen=True, slots=True)
class Frozen:
    """An edition as it was handed out. ``version`` is its commit, ``figures`` the records of its key figures."""

    name: str
    date: dt.date
    state: str
    version: str
    folder: Path
    pdfs: tuple[str, ...]
    figures: Records = field(compare=False, repr=False)

    @property
    def slug(self) -> str:
        return self.folder.name

    @property
    def described(self) -> str:
        """«Utgave 1 (24. november 2026)»."""
        return f"{self.name} ({formatting.date(self.date)})"


@dataclass(frozen=True, slots=True)
class Since:
    """What is different from the previous edition: changes by the id of the key figure, in the order of the figures."""

    edition: Frozen
    changes: Mapping[str, changes.Change]

    def remark(self, figure: str) -> str:
        """What the card of this key number adds: «Var 2,6 årsverk i Utgave 1»; "" when it has not changed."""
        change = self.changes.get(figure)
        if change is None or change.kind not in (changes.Kind.ENDRET, changes.Kind.STATUS):
            return ""
        before = change.status_before if change.kind == changes.Kind.STATUS else change.before
        if before == Status.MANGLER:
            return f"Manglet i {self.edition.name}"
        return f"Var {before} i {self.edition.name}"


def slug(name: str, date: dt.date) -> str:
    """The folder of an edition: ``utgave-1-2026-11-24``. ASCII, as every file name of the project."""
    plain = name.lower().translate(str.maketrans({"æ": "ae", "ø": "o", "å": "a"}))
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return "-".join([*re.findall(r"[a-z0-9]+", plain), date.isoformat()])


def frozen(root: Path = project.ROOT) -> tuple[Frozen, ...]:
    """Every frozen edition, the oldest first.

    Raises:
        BuildError: if one is incomplete or does not agree with its folder, or two have the same name.
    """
    found: list[Frozen] = []
    problems: list[str] = []
    for folder in sorted(path for path in (root / FOLDER).glob("[!.]*") if path.is_dir()):
        try:
            found.append(_read(folder, _stamp(folder)))
        except BuildError as error:
            problems += error.problems
    found.sort(key=lambda edition: edition.date)
    names = [edition.name for edition in found]
    problems += [
        f"{FOLDER}/: Flere frosne utgaver heter «{name}». Hver utgave må ha sitt eget navn. "
        "Hent mappene fram igjen fra git slik de ble frosset."
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if problems:
        raise BuildError(*problems)
    return tuple(found)


def previous(root: Path = project.ROOT) -> Frozen | None:
    """The latest frozen edition with another name than the present one, or None when there is none."""
    if not (editions := frozen(root)):
        return None
    present = project.edition(root)
    return next((edition for edition in reversed(editions) if edition.name != present.name), None)


def since_previous(root: Path = project.ROOT) -> Since | None:
    """What is different from the previous edition, or None when there is none."""
    edition = previous(root)
    return _since(edition) if edition else None


@lru_cache(maxsize=4)
def _since(edition: Frozen) -> Since:
    found = changes.compare(edition.figures, present_figures())
    return Since(edition, {change.id: change for change in found})


def present_figures() -> list[dict[str, Any]]:
    """The key figures of this build, as records."""
    from analysis import keyfigures  # a second or two, which a book without frozen editions need not wait for

    return [value.as_record() for value in keyfigures.published()]


def digest(root: Path = project.ROOT) -> str:
    """Differs when what pages say about earlier editions may differ."""
    found = hashlib.sha256()
    for edition in frozen(root):
        for name in (FACTS, FIGURES):
            found.update((edition.folder / name).read_bytes())
        found.update(repr(edition.pdfs).encode())
    latest = previous(root)
    found.update(repr(latest and latest.slug).encode())
    return found.hexdigest()


def demand_new_name(root: Path, figures: Callable[[], Records] = present_figures) -> None:
    """Refuse to build other numbers, or on another date, under the name of an edition that is handed out.

    Raises:
        BuildError: naming the edition and the first figure that differs.
    """
    present = project.edition(root)
    edition = next((edition for edition in frozen(root) if edition.name == present.name), None)
    if edition is None:
        return
    advice = "Gi den nye utgaven eget navn og egen dato i book/utgave.yml."
    if edition.date != present.date:
        raise BuildError(
            f"book/utgave.yml: «{edition.name}» er frosset med datoen {formatting.date(edition.date)}. {advice}"
        )
    found = changes.compare(edition.figures, figures())
    if found:
        first = found[0]
        counted = "ett nøkkeltall er endret" if len(found) == 1 else f"{len(found)} nøkkeltall er endret"
        raise BuildError(
            f"book/utgave.yml: {edition.described} er frosset, men {counted} siden da. Det første er "
            f"«{first.name}»: før {first.before}, nå {first.after}. {advice}"
        )


def _stamp(folder: Path) -> tuple[object, ...]:
    """What tells one state of the folder from the next."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return tuple(
        (path.relative_to(folder).as_posix(), (facts := path.stat()).st_mtime_ns, facts.st_size)
        for path in sorted(paths)
    )


@lru_cache(maxsize=32)
def _read(folder: Path, stamp: tuple[object, ...]) -> Frozen:
    shown = f"{FOLDER}/{folder.name}"
    advice = "Hent mappen fram igjen fra git slik den ble frosset."
    try:
        facts = project.read_yaml(folder / FACTS)
    except BuildError as error:
        raise BuildError(*(f"{FOLDER}/{folder.name}/{problem} {advice}" for problem in error.problems)) from None
    missing = [key for key in ("navn", "dato", "status", "versjon") if not facts.get(key)]
    if missing:
        raise BuildError(f"{shown}/{FACTS}: Mangler {', '.join(missing)}. {advice}")
    name, date, state = str(facts["navn"]), facts["dato"], facts["status"]
    if not isinstance(date, dt.date) or state not in project.STATES:
        raise BuildError(f"{shown}/{FACTS}: «dato» eller «status» er ikke gyldig. {advice}")
    if slug(name, date) != folder.name:
        raise BuildError(f"{shown}: Mappen heter ikke det samme som utgaven i {FACTS} ({slug(name, date)}). {advice}")
    pdfs = tuple(sorted(path.name for path in (folder / PDFS).glob("*.pdf")))
    if not pdfs:
        raise BuildError(f"{shown}/{PDFS}: Ingen PDF-er. {advice}")
    return Frozen(name, date, state, str(facts["versjon"]), folder, pdfs, _figures(folder / FIGURES, shown, advice))


def _figures(path: Path, shown: str, advice: str) -> tuple[dict[str, Any], ...]:
    try:
        records = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BuildError(f"{shown}/{FIGURES}: Filen finnes ikke. {advice}") from None
    except ValueError:
        raise BuildError(f"{shown}/{FIGURES}: Filen er ikke gyldig JSON. {advice}") from None
    whole = isinstance(records, list) and all(
        isinstance(record, dict) and record.keys() >= _FIELDS for record in records
    )
    if not whole or not records:
        raise BuildError(f"{shown}/{FIGURES}: Nøkkeltall mangler felter. {advice}")
    return tuple(records)
