"""A new area: its folder, parameters and chapters, its place in the book, and rows that say that everything is missing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analysis import formatting
from publishing import project, validation
from publishing.additions import contents, names, rows, texts
from publishing.additions.draft import draft
from publishing.errors import BuildError

#: Chapters by phase: those of its own, made from ``book/maler/ny-rapport/``, and those made from shared notebooks.
OWN = {"2": ("index", "dagens-situasjon"), "1": ("index",)}
SHARED = {
    "2": {
        "gevinster": "Gevinster",
        "kostnadsfordeling": "Kostnadsfordeling",
        "organisering": "Organisering",
        "gjennomforing": "Gjennomføring",
    },
    "1": {"organisering": "Organisering"},
}

SUBTITLE = {
    "2": "Utredning av samarbeid mellom {kommunene}",
    "1": "Kartlegging av muligheter for samarbeid mellom {kommunene}",
}

CARD = {
    "2": "Årsverk i kommunene i dag: {{tall}}`{slug}.arsverk.sum`.",
    "1": "Opplysninger som mangler: {{tall}}`{slug}.datahull`.",
}


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: the folder's name, and the files that are new or changed, as paths from the root."""

    slug: str
    files: list[Path]


def new_report(name: str, phase: str = "", description: str = "", root: Path = project.ROOT) -> Made:
    """Make a new area with everything marked as missing; ``phase`` is «1» or «2» (when not given).

    All is made ready in a copy and checked there before a file is changed.

    Raises:
        BuildError: if the name cannot be used or is in use, or the data are not in order; nothing is changed then.
    """
    phase = phase.strip() or "2"
    if phase not in OWN:
        raise BuildError(f"«{phase}» er ikke en fase. Skriv FASE=2 for en utredning eller FASE=1 for en kartlegging.")
    if not name.strip():
        raise BuildError('Skriv navnet på området slik det skal stå i rapportene: make ny-rapport NAVN="Innkjøp"')
    title = names.tidied(name)
    slug = names.slug_of(title)
    validation.validate(root)
    _demand_new(root, title, slug)
    with draft(root) as made:
        _write_data(made.folder, title, slug, phase, description.strip())
        _write_chapters(made.folder, title, slug, phase)
        made.check()
        return Made(slug, made.put_in_place())


def _demand_new(root: Path, title: str, slug: str) -> None:
    sheets = validation.readable(root)
    for row in sheets["omrader"].rows:
        if slug == row.cells["omrade"] or title.casefold() == row.cells["navn"].casefold():
            raise BuildError(
                f"Området «{row.cells['navn']}» finnes fra før (data/omrader.csv, rad {row.number}). Velg et annet navn."
            )
    for table, column in (("kommuner", "slug"), ("underomrader", "underomrade"), ("oppgavegrupper", "oppgavegruppe")):
        if slug in {row.cells[column] for row in sheets[table].rows}:
            raise BuildError(f"«{slug}» er navnet på noe annet ({sheets[table].file}). Velg et annet navn.")
    if (root / "book" / slug).exists():
        raise BuildError(f"Mappen book/{slug}/ finnes fra før. Velg et annet navn, eller flytt mappen først.")


def _write_data(folder: Path, title: str, slug: str, phase: str, description: str) -> None:
    told = texts.read(folder, _names(title, slug))
    order = 1 + max(int(row.cells["rekkefolge"]) for row in validation.readable(folder)["omrader"].rows)
    area = {
        "omrade": slug, "navn": title, "fase": phase, "rekkefolge": str(order),
        "beskrivelse": description or f"{title}. Hvilke oppgaver området omfatter, er ikke bestemt.",
    }  # fmt: skip
    rows.add(folder, "omrader", area)
    for part, what, why, *who in (*told["mangler"]["omrade"], *told["mangler"][f"fase-{phase}"]):
        gap = {
            "id": f"{slug}.{part}", "omrade": slug, "kommune": "alle", "hva": what, "hvorfor": why,
            "leveres_av": who[0] if who else told["arbeidsgruppe"], "frist": "ikke avtalt",
        }  # fmt: skip
        rows.add(folder, "datahull", gap)
        _add_quantities(folder, slug, phase, part)
    rows.complete(folder, told["omrade"])


def _add_quantities(folder: Path, slug: str, phase: str, part: str) -> None:
    """What can be delivered to fill the gap, asked for and counted as it is in the other areas of the phase."""
    sheets = validation.readable(folder)
    others = [f"{row.cells['omrade']}.{part}" for row in sheets["omrader"].rows if row.cells["fase"] == phase]
    known = [row.cells for row in sheets["opplysninger"].rows if row.cells["datahull"] in others]
    for cells in known:
        if cells["datahull"] == known[0]["datahull"]:
            suffix = cells["opplysning"].removeprefix(f"{cells['omrade']}.")
            mine = {"opplysning": f"{slug}.{suffix}", "omrade": slug, "datahull": f"{slug}.{part}", "kommuner": "alle"}
            rows.add(folder, "opplysninger", {**cells, **mine})


def _write_chapters(folder: Path, title: str, slug: str, phase: str) -> None:
    book, named = folder / "book", _names(title, slug)
    for chapter in OWN[phase]:
        text = (folder / texts.FOLDER / f"fase-{phase}-{chapter}.ipynb").read_text("utf-8")
        path = book / slug / f"{chapter}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(texts.filled(text, named), "utf-8", newline="\n")
    for chapter, heading in SHARED[phase].items():
        write_place(book / slug / f"{chapter}.md", heading, f"maler/{chapter}")
    lines = [
        f"tittel: {contents.scalar(title)}", f"undertittel: {SUBTITLE[phase]}", f"fase: Rapport fra fase {phase}",
        "parametre:", f"  omrade: {slug}", "kapitler:",
    ]  # fmt: skip
    for chapter in SHARED[phase]:
        lines += [f"  {chapter}:", f"    notatbok: maler/{chapter}"]
    (book / slug / "parameters.yml").write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
    of_phase = {
        row.cells["omrade"] for row in validation.readable(folder)["omrader"].rows if row.cells["fase"] == phase
    }
    chapters = [*OWN[phase][1:], *SHARED[phase]]
    contents.add_report(folder / "_toc.yml", slug, title, chapters, of_phase - {slug})
    card = f"- [{title}]({slug}/index.ipynb)\n\n  {CARD[phase].format(slug=slug)}\n\n  {{rapport}}`{slug}`"
    contents.add_card(book / "index.ipynb", "kort rapporter", card)
    contents.add_section(book / "felles" / "datahull.ipynb", title, f'today.gaps("{slug}")')


def write_place(path: Path, heading: str, notebook: str) -> None:
    """Write the short file that holds the place of a chapter made from a shared notebook."""
    text = f"# {heading}\n\nKapitlet lages av notatboken book/{notebook}.ipynb, med verdiene i parameters.yml.\n"
    path.write_text(text, "utf-8", newline="\n")


def _names(title: str, slug: str) -> dict[str, str]:
    return {"navn": title, "i_setning": formatting.lowered(title), "slug": slug}
