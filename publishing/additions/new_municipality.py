"""A new municipality: its page, its place in the book, and rows that say that everything is missing."""

from __future__ import annotations

import re
from pathlib import Path

from analysis import formatting
from publishing import project, validation
from publishing.additions import contents, names, rows, texts
from publishing.additions.draft import draft
from publishing.additions.new_report import Made, write_place
from publishing.errors import BuildError

NOTEBOOK = "maler/kommune"


def new_municipality(name: str, number: str, root: Path = project.ROOT) -> Made:
    """Make a new municipality (name, and Statistics Norway's number of four digits) with everything marked as missing.

    Raises:
        BuildError: if the name or number cannot be used or is in use, or the data are not in order; nothing is changed then.
    """
    if not name.strip() or not re.fullmatch(r"[1-9]\d{3}", number.strip()):
        raise BuildError('Skriv navnet og kommunenummeret (fire sifre): make ny-kommune NAVN="Orkland" NUMMER=5059')
    title, number = names.tidied(name), number.strip()
    slug = names.slug_of(title)
    validation.validate(root)
    _demand_new(root, title, slug, number)
    with draft(root) as made:
        _write_data(made.folder, title, slug, number)
        _write_page(made.folder, title, slug)
        made.check()
        return Made(slug, made.put_in_place())


def _demand_new(root: Path, title: str, slug: str, number: str) -> None:
    sheets = validation.readable(root)
    for row in sheets["kommuner"].rows:
        if number == row.cells["kommunenr"] or slug == row.cells["slug"]:
            raise BuildError(
                f"{row.cells['kommune']} med nummer {row.cells['kommunenr']} finnes fra før (data/kommuner.csv, rad {row.number})."
            )
    if any((root / "book" / "felles" / f"{slug}{ending}").exists() for ending in (".md", ".ipynb")):
        raise BuildError(
            f"Kapitlet book/felles/{slug} finnes fra før, så «{title}» kan ikke få en side med det navnet."
        )


def _write_data(folder: Path, title: str, slug: str, number: str) -> None:
    told = texts.read(folder, {"navn": title, "i_setning": title, "slug": slug})
    sheets = validation.readable(folder)
    order = 1 + max(int(row.cells["rekkefolge"]) for row in sheets["kommuner"].rows)
    rows.add(folder, "kommuner", {"kommunenr": number, "kommune": title, "slug": slug, "rekkefolge": str(order)})
    areas = [row.cells["omrade"] for row in sheets["omrader"].rows]
    part, what, why, who = told["mangler"]["kommune-i-omrade"]
    gaps = [(row.cells["omrade"], part, what, why, who) for row in sheets["omrader"].rows if row.cells["fase"] == "2"]
    for area, part, what, why, who in (*told["mangler"]["kommune"], *gaps):
        if area in areas:
            gap = {
                "id": f"{area}.{part}-{slug}", "omrade": area, "kommune": slug, "hva": what, "hvorfor": why,
                "leveres_av": who, "frist": "ikke avtalt",
            }  # fmt: skip
            rows.add(folder, "datahull", gap)
    rows.complete(folder, told["kommune"])


def _write_page(folder: Path, title: str, slug: str) -> None:
    book = folder / "book"
    joint = project.read_yaml(book / "felles" / "parameters.yml")
    earlier = {
        name: given["kommunenavn"] for name, given in joint["kapitler"].items() if given.get("notatbok") == NOTEBOOK
    }
    *_, last = earlier
    write_place(book / "felles" / f"{slug}.md", title, NOTEBOOK)
    contents.insert_lines(
        book / "felles" / "parameters.yml",
        lambda lines: next(
            (n + 1 for n, line in enumerate(lines) if line == f"    kommunenavn: {contents.scalar(earlier[last])}"),
            None,
        ),
        [
            f"  {slug}:",
            f"    notatbok: {NOTEBOOK}",
            f"    kommune: {slug}",
            f"    kommunenavn: {contents.scalar(title)}",
        ],
        f"kommunen {earlier[last]}",
    )
    contents.add_chapter(folder / "_toc.yml", f"book/felles/{last}", f"book/felles/{slug}", title)
    card = (
        f"- [{title}](felles/{slug}.md)\n\n  Årsverk i dag: {{tall}}`felles.arsverk.{slug}`. "
        f"Lønnskostnad i dag: {{verdi}}`felles.kostnad.{slug}`. Siden viser hva hver fordelingsnøkkel betyr."
    )
    contents.add_card(book / "index.ipynb", "kort kommuner", card)
    links = [f"[{name}]({page}.md)" for page, name in earlier.items()]
    contents.change_text(
        book / "felles" / "index.ipynb",
        lambda text: text.replace(formatting.listing(links), formatting.listing([*links, f"[{title}]({slug}.md)"])),
        "lenkene til kommunene",
    )
    contents.insert_lines(
        book / "tilgjengelighet.md",
        lambda lines: next((n + 1 for n, line in enumerate(lines) if line.startswith(f"- **{earlier[last]}:**")), None),
        [f"- **{title}:** Lenken mangler. Kommunen må levere den."],
        f"linjen for {earlier[last]}",
    )
