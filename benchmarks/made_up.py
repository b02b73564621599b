"""Makes projects of any size from this one, to see how the cost of a chapter grows: real chapters, copied into more reports.

A report holds the ten chapters of :data:`CHAPTERS`. What they lead to outside their report is left out; the words stand.
Each copy has a parameter of its own, so that none is found again as the execution of another, and so have its charts, so
that each is drawn.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from unittest.mock import patch

import yaml

from analysis import palette
from publishing import project, validation
from publishing.additions.new_municipality import new_municipality

#: The chapters of a made-up report: their names, the notebooks they are copies of, and the areas they are about.
CHAPTERS = {
    "index": ("sentralbord/index", "sentralbord"),
    "dagens-situasjon": ("sentralbord/dagens-situasjon", "sentralbord"),
    "gevinster": ("maler/gevinster", "sentralbord"),
    "kostnadsfordeling": ("maler/kostnadsfordeling", "sentralbord"),
    "organisering": ("maler/organisering", "sentralbord"),
    "utproving": ("sentralbord/utproving", "sentralbord"),
    "gjennomforing": ("maler/gjennomforing", "sentralbord"),
    "postmottak": ("postmottak-arkiv/dagens-situasjon", "postmottak-arkiv"),
    "okonomi": ("felles/okonomi", "felles"),
    "kostnadsnokler": ("felles/kostnadsnokler", "felles"),
}

#: Pages that every project of any size has.
FIXED = ("ordliste", "endringer", "tilgjengelighet", "verdier")

_COPIED = ("analysis", "data", "publishing", "_config.yml", "book/utgave.yml", "book/ordliste.yml", "book/maler")

#: How many times the colours of the municipalities come in a made-up project.
_TIMES = 60
_MORE_COLOURS = f"\nPLACES = PLACES * {_TIMES}\n"

#: Lies in the made-up project's ``analysis/``: marks a chart with the copy it belongs to, and leaves other results alone.
_OWN = '''"""Charts of a copy of a report."""
import dataclasses

from analysis.results import Figure


def own(result, copy):
    if not isinstance(result, Figure):
        return result
    narrow = {name: {**chart, "description": copy} for name, chart in result.chart.get("usermeta", {}).items()}
    return dataclasses.replace(result, chart={**result.chart, "usermeta": narrow, "description": copy})
'''

_LINK = re.compile(r"\[([^\]]*)\]\(([^)#:]+)\)")


def with_chapters(count: int, target: Path, root: Path = project.ROOT) -> Path:
    """A project of so many chapters (a whole number of reports) in an empty folder; returns the folder."""
    for name in (*_COPIED, *(f"book/{page}.md" for page in FIXED)):
        _copy(root / name, target / name)
    (target / "analysis" / "oppdiktet.py").write_text(_OWN, "utf-8")
    slugs = [f"rapport-{letters(number)}" for number in range(count // len(CHAPTERS))]  # a figure would need a source
    for slug in slugs:
        _write_report(slug, target / "book" / slug, root)
    lines = "\n".join(f"- [{slug.capitalize()}]({slug}/index.ipynb) {{rapport}}`{slug}`" for slug in slugs)
    (target / "book" / "index.md").write_text(f"# Oppdiktet bok\n\n{lines}\n", "utf-8")
    (target / "_toc.yml").write_text(yaml.safe_dump(_contents(slugs), sort_keys=False), "utf-8")
    return target


def with_municipalities(count: int, target: Path, root: Path = project.ROOT) -> Path:
    """A copy of this project with so many municipalities; the new ones have rows that say that everything is missing.

    Charts have five colours, and a build refuses a sixth municipality: in the copy the colours come again.
    """
    for name in ("analysis", "book", "data", "publishing", "utgaver", "_config.yml", "_toc.yml"):
        if (root / name).exists():
            _copy(root / name, target / name)
    with (target / "analysis" / "palette.py").open("a", encoding="utf-8") as code:
        code.write(_MORE_COLOURS)
    present = len((target / "data" / "kommuner.csv").read_text("utf-8-sig").splitlines()) - 1
    # Each addition looks at the whole book twice, which takes most of its time: a build of what is made looks at it once.
    with patch.object(palette, "PLACES", palette.PLACES * _TIMES), patch.object(validation, "validate"):
        for number in range(present, count):
            new_municipality(f"Prøvekommune {letters(number).upper()}", str(9000 + number), target)
    return target


def letters(number: int) -> str:
    """A number as two letters: 0 is «aa», 27 is «bb»."""
    return "".join(chr(ord("a") + digit) for digit in divmod(number, 26))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    else:
        shutil.copyfile(source, target)


def _write_report(slug: str, folder: Path, root: Path) -> None:
    folder.mkdir(parents=True)
    chapters = {}
    for name, (notebook, area) in CHAPTERS.items():
        content = json.loads((root / "book" / f"{notebook}.ipynb").read_text("utf-8"))
        for cell in content["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = within_report("".join(cell["source"]), CHAPTERS)
            elif "parameters" not in cell["metadata"].get("tags", []):
                cell["source"] = with_own_charts("".join(cell["source"]))
        (folder / f"{name}.ipynb").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
        chapters[name] = {"omrade": area}
    settings = {
        "tittel": slug.capitalize(), "undertittel": "En oppdiktet rapport", "fase": "Rapport fra fase 2",
        "parametre": {"kopi": slug, "omrade": "felles"}, "kapitler": chapters,
    }  # fmt: skip
    (folder / "parameters.yml").write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), "utf-8")


def within_report(text: str, chapters: Iterable[str]) -> str:
    """The text with its links to these chapters, all notebooks now, and with the words of its other links."""

    def link(match: re.Match[str]) -> str:
        name = match[2].rpartition(".")[0]
        return f"[{match[1]}]({name}.ipynb)" if name in chapters else match[1]

    return _LINK.sub(link, text)


def with_own_charts(code: str) -> str:
    """A code cell that marks its chart, if it shows one, with the parameter ``kopi``."""
    if code.startswith(("from", "import")):
        return f"from analysis.oppdiktet import own\n{code}"
    *above, last = code.rstrip().split("\n")
    return "\n".join([*above, f"own({last}, kopi)"])


def _contents(slugs: list[str]) -> dict[str, object]:
    def report(slug: str) -> dict[str, object]:
        first, *others = CHAPTERS
        sections = [{"file": f"book/{slug}/{name}"} for name in others]
        return {"file": f"book/{slug}/{first}", "title": slug.capitalize(), "sections": sections}

    reports = {"caption": "Rapporter", "chapters": [report(slug) for slug in slugs]}
    fixed = {"caption": "Om rapportene", "chapters": [{"file": f"book/{page}"} for page in FIXED]}
    return {"format": "jb-book", "root": "book/index", "parts": [reports, fixed]}
