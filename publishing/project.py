"""What the book consists of: the reports, their chapters and the edition, read from the files that say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

from publishing import yaml_files
from publishing.errors import BuildError

ROOT = Path(__file__).resolve().parent.parent

#: What stands for the names of the municipalities in a text.
MUNICIPALITIES = "{kommunene}"

#: The parameter that every chapter has besides its own: the names of the municipalities.
SHARED_PARAMETER = "kommunene"

#: What an edition can be.
STATES = ("utkast", "til høring", "vedtatt")
_WRONG_STATE = f"«status» må være {', '.join(STATES[:-1])} eller {STATES[-1]}."

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
    toc = read_yaml(root / "_toc.yml")
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
    problems = [f"_toc.yml: Kapitlet «{name}» {fault}" for name in found if (fault := _absent(root, name))]
    problems += [
        f"_toc.yml: Kapitlet «{name}» står {found.count(name)} ganger. Behold bare én av linjene."
        for name in dict.fromkeys(found)
        if found.count(name) > 1
    ]
    problems = problems or list(_malformed(toc))
    if problems:
        raise BuildError(*problems)
    return tuple(found)


def _absent(root: Path, name: str) -> str:
    """What is wrong with the name of a chapter that no file has, or nothing."""
    if PurePosixPath(name).is_absolute() or ".." in name or "\\" in name or ":" in name:
        return "ligger ikke i prosjektet. Skriv stien med skråstreker, for eksempel book/felles/mandat."
    if name.endswith((".ipynb", ".md")):
        return f"skal skrives uten {name[name.rindex('.') :]}. Fjern det."
    if not any(_is_file(root / f"{name}{suffix}") for suffix in (".ipynb", ".md")):
        return f"finnes ikke. Lag filen {name}.ipynb, eller fjern linjen fra _toc.yml."
    return ""


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


#: What each level of a table of contents may hold, besides the list of the level below, and what messages call it.
_LEVELS = {
    "": ({"format", "root", "title", "options", "defaults", "meta"}, ("parts", "chapters"), ""),
    "parts": ({"caption", "numbered", "maxdepth"}, ("chapters",), "del"),
    "chapters": ({"file", "title", "options"}, ("sections",), "kapittel"),
    "sections": ({"file", "title", "options"}, ("sections",), "underkapittel"),
}


def _malformed(toc: dict[str, Any]) -> Iterator[str]:
    """Where the table of contents is not built as the book tool wants it."""
    for where in _wrong_places(toc, "", ""):
        yield (
            f"_toc.yml{where}: Innholdsfortegnelsen er ikke bygget opp riktig her. "
            "Sammenlign med linjene rundt: «file» for et kapittel, «sections» for det som står under det, og «caption» "
            "og «chapters» for en del."
        )


def _wrong_places(node: Any, level: str, where: str) -> Iterator[str]:
    own, below, _ = _LEVELS[level]
    needed = {"": ("format", "root"), "parts": ("chapters",)}.get(level, ("file",))
    if not isinstance(node, dict) or not node.keys() <= {*own, *below} or not all(node.get(key) for key in needed):
        yield where
        return
    texts = [node[key] for key in ("root", "file", "title", "caption") if key in node]
    if not all(isinstance(text, str) for text in texts) or (
        level == "" and node["format"] not in ("jb-book", "jb-article")
    ):
        yield where
        return
    for name in below:
        entries = node.get(name, [])
        if not isinstance(entries, list) or (name in node and not entries):
            yield where
            continue
        for number, entry in enumerate(entries, start=1):
            yield from _wrong_places(entry, name, f"{where}, {_LEVELS[name][2]} {number}")


def reports(root: Path = ROOT) -> tuple[Report, ...]:
    """The reports, in the order of the table of contents: one per folder of ``book/`` with a ``parameters.yml``."""
    return tuple(paper for paper in papers(root) if paper.slug != GUIDE)


def papers(root: Path = ROOT) -> tuple[Report, ...]:
    """All that is printed, each as a PDF of its own: the reports, and the guide for workgroups."""
    by_report = _by_report(chapters(root))
    return tuple(
        Report(
            slug=slug,
            title=settings["tittel"],
            subtitle=with_municipalities(settings["undertittel"], root),
            phase=settings["fase"],
            own_state=settings.get("status", ""),
            parameters=settings["parametre"] or {},
            chapter_parameters=settings.get("kapitler") or {},
            docnames=by_report[slug],
        )
        for slug, settings in _every_settings(root, by_report).items()
    )


def _by_report(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The chapters of each report, by its folder, in reading order."""
    found: dict[str, list[str]] = {}
    for name in names:
        if name.count("/") == 2:
            found.setdefault(name.split("/")[1], []).append(name)
    return {slug: tuple(own) for slug, own in found.items()}


def _every_settings(root: Path, by_report: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Any]]:
    """What each ``parameters.yml`` says, by the folder it lies in.

    Raises:
        BuildError: with what is wrong in any of them.
    """
    found, problems = {}, []
    for slug, names in by_report.items():
        try:
            found[slug] = read_yaml(root / "book" / slug / "parameters.yml")
        except BuildError as error:
            problems += error.problems
        else:
            file = f"book/{slug}/parameters.yml"
            own = {name.rsplit("/", 1)[1] for name in names}
            problems += [f"{file}: {text}" for text in _unfit_settings(found[slug], own)]
    if problems:
        raise BuildError(*problems)
    return found


#: The texts that ``parameters.yml`` and ``utgave.yml`` must have, and what else they may have.
_TEXTS = {"parameters.yml": ("tittel", "undertittel", "fase"), "utgave.yml": ("navn", "kontakt")}
_OTHERS = {"parameters.yml": ("parametre", "status", "kapitler"), "utgave.yml": ("dato", "status")}


def _unfit_settings(settings: dict[str, Any], own: set[str]) -> Iterator[str]:
    """What is wrong with the ``parameters.yml`` of a report that has these chapters of its own."""
    yield from _unfit_keys(settings, "parameters.yml")
    if "parametre" not in settings:
        yield "Mangler parametre. Skriv «parametre:» og de verdiene kapitlene trenger."
    if "status" in settings and settings["status"] not in STATES:
        yield _WRONG_STATE
    yield from _unfit_parameters(settings.get("parametre"), "parametre")
    chapters = settings.get("kapitler") or {}
    if not isinstance(chapters, dict):
        yield "«kapitler» må ha navnet på et kapittel på hver linje, med kolon etter."
        return
    for name, parameters in chapters.items():
        if name not in own:
            yield f"Kapitlet «{name}» under «kapitler» står ikke i _toc.yml. Rett navnet, eller fjern det."
        yield from _unfit_parameters(parameters, str(name))


def _unfit_keys(settings: dict[str, Any], name: str) -> Iterator[str]:
    """Texts that are missing or no texts, and entries that nothing reads."""
    for key in _TEXTS[name]:
        if settings.get(key) in (None, ""):
            yield f"Mangler {key}. Skriv «{key}:» og teksten etter."
        elif not isinstance(settings[key], str):
            yield f"«{key}» må være en tekst. Sett anførselstegn om den."
    for key in settings:
        if key not in (*_TEXTS[name], *_OTHERS[name]):
            near = get_close_matches(str(key), (*_TEXTS[name], *_OTHERS[name]), n=1)
            yield f"«{key}» blir ikke brukt. {f'Mente du «{near[0]}»?' if near else 'Fjern linjen.'}"


def _unfit_parameters(parameters: Any, name: str) -> Iterator[str]:
    if not isinstance(parameters, dict | None):
        yield f"«{name}» må ha én verdi på hver linje, for eksempel «omrade: sentralbord»."
        return
    for key, value in (parameters or {}).items():
        if not str(key).isidentifier():
            yield f"«{key}» under «{name}» kan ikke være navnet på en verdi. Bruk bokstaver, sifre og understrek."
        if not isinstance(value, str | int | float | bool):
            yield f"«{key}» under «{name}» må være en tekst eller et tall. Sett anførselstegn om en tekst."


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
    names = chapters(root)
    settings: dict[str, dict[str, Any]] = {}
    by_report = _by_report(names)
    for slug, given in _every_settings(root, by_report).items():
        for docname in by_report[slug]:
            own = (given.get("kapitler") or {}).get(docname.rsplit("/", 1)[1])
            settings[docname] = {**(given["parametre"] or {}), **(own or {})}
    found, problems = [], []
    for docname in names:
        parameters = dict(settings.get(docname, {}))
        shared = parameters.pop("notatbok", None)
        path = root / (f"book/{shared}.ipynb" if shared else f"{docname}.ipynb")
        if _is_file(path):
            found.append(Chapter(docname, path, parameters))
        elif shared:
            folder, name = docname.rsplit("/", 1)
            problems.append(
                f"{folder}/parameters.yml: Kapitlet «{name}» viser til notatboken book/{shared}.ipynb, som ikke finnes. Rett navnet."
            )
    if problems:
        raise BuildError(*problems)
    return tuple(found)


def edition(root: Path = ROOT) -> Edition:
    """The edition as ``book/utgave.yml`` says it; never the clock, so that a build can be repeated."""
    settings = read_yaml(root / "book" / "utgave.yml")
    problems = list(_unfit_keys(settings, "utgave.yml"))
    if type(settings.get("dato")) is not dt.date:  # a time of day is a date too, to Python
        problems.append("«dato» må være en dato skrevet som 2026-11-23.")
    if settings.get("status") not in STATES:
        problems.append(_WRONG_STATE)
    if problems:
        raise BuildError(*(f"book/utgave.yml: {problem}" for problem in problems))
    return Edition(settings["navn"], settings["dato"], settings["status"], settings["kontakt"])


def state_of(report: Report, edition: Edition) -> str:
    """How far a report has come: utkast, til høring or vedtatt; nothing for the guide."""
    return "" if report.slug == GUIDE else report.own_state or edition.state


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file as a dictionary, or a :class:`BuildError` that says what is wrong with it."""
    # As one knows it: book/utgave.yml, book/sentralbord/parameters.yml, _toc.yml.
    above = next((depth for depth in (2, 3) if path.parts[-depth] in ("book", "data")), 1)
    shown = "/".join(path.parts[-above:])
    content = yaml_files.read(path, shown)
    if not isinstance(content, dict):
        raise BuildError(f"{shown}: Filen er tom eller har feil form. Hent fram en tidligere utgave av filen.")
    return content
