"""What the book consists of: the reports, their chapters and the edition, read from the files that say so."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from publishing.errors import BuildError

ROOT = Path(__file__).resolve().parent.parent

#: What stands for the names of the municipalities in a text.
MUNICIPALITIES = "{kommunene}"

#: The parameter that every chapter has besides its own: the names of the municipalities.
SHARED_PARAMETER = "kommunene"

#: What an edition can be.
STATES = ("utkast", "til høring", "vedtatt")

#: The folder of the guide for workgroups: printed as the reports are, but no council decides on it.
GUIDE = "veiledning"


@dataclass(frozen=True, slots=True)
class Report:
    """One report: a folder of ``book/`` with its ``parameters.yml``.

    ``docnames`` are Sphinx document names in reading order (``book/sentralbord/index``, …). ``own_state``
    is empty where the report is in the state of the edition, see :func:`state_of`.
    """

    slug: str
    title: str
    subtitle: str
    phase: str
    own_state: str
    parameters: dict[str, Any]
    chapter_parameters: dict[str, dict[str, Any]]
    docnames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter that is executed: its document name, its notebook and the parameters it runs with.

    Several chapters may share a notebook: ``notatbok`` under the chapter in ``parameters.yml`` names it
    (``maler/gevinster`` is ``book/maler/gevinster.ipynb``), and a short ``.md`` file holds the chapter's
    place in the table of contents.
    """

    docname: str
    notebook: Path
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edition:
    """The edition printed on cover and pages: its name, date and state (utkast, til høring, vedtatt), and whom to ask."""

    name: str
    date: dt.date
    state: str
    contact: str


def chapters(root: Path = ROOT) -> tuple[str, ...]:
    """Every document of ``_toc.yml``, in reading order, without file endings.

    Raises:
        BuildError: if the table of contents cannot be read or names a file that does not exist.
    """
    path = root / "_toc.yml"
    toc = read_yaml(path)
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            for key in ("root", "file"):
                if key in node:
                    found.append(str(node[key]))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for item in node:
                walk(item)

    walk(toc)
    problems = [
        f"_toc.yml: Kapitlet «{name}» finnes ikke. Lag filen {name}.ipynb, eller fjern linjen fra _toc.yml."
        for name in found
        if not any((root / name).with_suffix(suffix).exists() for suffix in (".ipynb", ".md"))
    ]
    if problems:
        raise BuildError(*problems)
    return tuple(found)


def reports(root: Path = ROOT) -> tuple[Report, ...]:
    """The reports, in the order of the table of contents: one per folder of ``book/`` with a ``parameters.yml``."""
    return tuple(paper for paper in papers(root) if paper.slug != GUIDE)


def papers(root: Path = ROOT) -> tuple[Report, ...]:
    """All that is printed, each as a PDF of its own: the reports, and the guide for workgroups."""
    by_slug: dict[str, list[str]] = {}
    for name in chapters(root):
        if name.count("/") == 2:
            by_slug.setdefault(name.split("/")[1], []).append(name)
    found: list[Report] = []
    for slug, names in by_slug.items():
        path = root / "book" / slug / "parameters.yml"
        settings = read_yaml(path)
        missing = [key for key in ("tittel", "undertittel", "fase", "parametre") if key not in settings]
        if missing:
            raise BuildError(f"book/{slug}/parameters.yml: Mangler {', '.join(missing)}.")
        own = _state(settings["status"], f"book/{slug}/parameters.yml") if "status" in settings else ""
        found.append(
            Report(
                slug=slug,
                title=settings["tittel"],
                subtitle=with_municipalities(settings["undertittel"], root),
                phase=settings["fase"],
                own_state=own,
                parameters=settings["parametre"] or {},
                chapter_parameters=settings.get("kapitler") or {},
                docnames=tuple(names),
            )
        )
    return tuple(found)


def with_municipalities(text: str, root: Path = ROOT) -> str:
    """The text with ``{kommunene}`` filled in: «Skaun, Melhus og Midtre Gauldal», as ``data/kommuner.csv`` has them."""
    if MUNICIPALITIES not in text:
        return text
    # Here, since chapters are executed in forks of a process that knows this module but must not know `analysis` yet.
    from analysis import data, formatting

    rows = data.load("kommuner", root).sort_values("rekkefolge")
    return text.replace(MUNICIPALITIES, formatting.listing(list(rows["kommune"])))


def notebooks(root: Path = ROOT) -> tuple[Chapter, ...]:
    """Every chapter that is a notebook, in reading order.

    Raises:
        BuildError: if ``parameters.yml`` names a notebook that does not exist.
    """
    settings: dict[str, dict[str, Any]] = {}
    for report in papers(root):
        for docname in report.docnames:
            settings[docname] = {
                **report.parameters,
                **(report.chapter_parameters.get(docname.rsplit("/", 1)[1]) or {}),
            }
    found, problems = [], []
    for docname in chapters(root):
        parameters = dict(settings.get(docname, {}))
        shared = parameters.pop("notatbok", None)
        path = root / "book" / f"{shared}.ipynb" if shared else (root / docname).with_suffix(".ipynb")
        if path.exists():
            found.append(Chapter(docname, path, parameters))
        elif shared:
            folder, name = docname.rsplit("/", 1)
            problems.append(
                f"{folder}/parameters.yml: Kapitlet «{name}» viser til notatboken book/{shared}.ipynb, som ikke finnes."
            )
    if problems:
        raise BuildError(*problems)
    return tuple(found)


def edition(root: Path = ROOT) -> Edition:
    """The edition as ``book/utgave.yml`` says it; never the clock, so that a build can be repeated."""
    settings = read_yaml(root / "book" / "utgave.yml")
    missing = [key for key in ("navn", "status", "kontakt") if not settings.get(key)]
    if missing:
        raise BuildError(f"book/utgave.yml: Mangler {', '.join(missing)}.")
    if not isinstance(settings.get("dato"), dt.date):
        raise BuildError("book/utgave.yml: «dato» må være en dato skrevet som 2026-11-23.")
    return Edition(
        name=str(settings["navn"]),
        date=settings["dato"],
        state=_state(settings["status"], "book/utgave.yml"),
        contact=str(settings["kontakt"]),
    )


def state_of(report: Report, edition: Edition) -> str:
    """How far a report has come: utkast, til høring or vedtatt; nothing for the guide."""
    return "" if report.slug == GUIDE else report.own_state or edition.state


def _state(given: Any, file: str) -> str:
    if given not in STATES:
        raise BuildError(f"{file}: «status» må være {', '.join(STATES[:-1])} eller {STATES[-1]}.")
    return str(given)


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file as a dictionary, or a :class:`BuildError` that says what is wrong with it."""
    shown = (
        path.name
        if path.parent.name not in {"book"} and path.parent.parent.name != "book"
        else "/".join(path.parts[-3:])
    )
    try:
        status = path.stat()
        content = copy.deepcopy(_parsed(path, status.st_mtime_ns, status.st_size))
    except FileNotFoundError:
        raise BuildError(f"{shown}: Filen finnes ikke.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" linje {mark.line + 1}" if mark else ""
        raise BuildError(f"{shown}{where}: Filen er ikke gyldig YAML. Se etter feil innrykk eller kolon.") from error
    if not isinstance(content, dict):
        raise BuildError(f"{shown}: Filen er tom eller har feil form.")
    return content


@lru_cache(maxsize=4096)  # a build asks for the same files many times, one for each report among them
def _parsed(path: Path, changed: int, size: int) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))
