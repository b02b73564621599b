"""The values to write in prose, as a writer looks for them: by words, area by area."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from analysis import formatting, keyfigures
from analysis.model import Value
from publishing import project
from publishing.errors import BuildError
from publishing.writing.chapters import written
from publishing.writing.names import plain, spaced

WIDTH = 100

#: A value, by the name that one writes in a chapter of its area.
Named = tuple[str, Value]


def areas(root: Path = project.ROOT) -> dict[str, str]:
    """The title of each report's area by its slug, in reading order."""
    return {report.slug: report.title for report in project.reports(root)}


def of_area(area: str) -> list[Named]:
    """The area's own values by the names one writes in its chapters, in a fixed order."""
    return [(value.id.removeprefix(f"{area}."), value) for value in keyfigures.published() if value.area == area]


def by_measure(values: list[Named]) -> dict[str, list[Named]]:
    """The values by what they measure: the first part of the name."""
    found: dict[str, list[Named]] = {}
    for name, value in values:
        found.setdefault(name.partition(".")[0], []).append((name, value))
    return found


def search(words: str, area: str = "", root: Path = project.ROOT) -> dict[str, list[Named]]:
    """The values that have all the words in their id, name, unit, status or area, by heading.

    Small letters, and a for å, are as good as the right ones. With an area, the values that its chapters hold; else every
    area's own.

    Raises:
        BuildError: if there is no such area.
    """
    titles = areas(root)
    _demand(area, titles)
    wanted = plain(words).split()
    if area:
        candidates = {area: [(name, value) for name, value in written(area).items()]}
    else:
        candidates = {slug: of_area(slug) for slug in titles}
    return {
        slug: hits
        for slug, values in candidates.items()
        if (hits := [(name, value) for name, value in values if _has_all(wanted, name, value, titles)])
    }


def _has_all(wanted: list[str], name: str, value: Value, titles: dict[str, str]) -> bool:
    text = plain(
        " ".join(
            (name, value.id, value.name, value.unit, value.status, value.municipality or "", titles.get(value.area, ""))
        )
    )
    return all(word in text for word in wanted)


def _demand(area: str, titles: dict[str, str]) -> None:
    if area and area not in titles:
        raise BuildError(f"«{area}» er ikke et område. Områdene er {formatting.listing(list(titles))}.")


def shown(words: str, area: str = "", root: Path = project.ROOT) -> Iterator[str]:
    """What the terminal shows: the values found, or an overview when nothing is searched for.

    Raises:
        BuildError: if there is no such area.
    """
    if not words and not area:
        yield from _overview(root)
        return
    found = search(words, area, root)
    titles = areas(root)
    for slug, hits in found.items():
        yield f"\n{titles[slug]} – slik skriver du i kapitlene i book/{slug}/"
        names = max(len(name) for name, _ in hits)
        texts = max(len(value.text) for _, value in hits)
        for name, value in hits:
            yield f"  {name:<{names}}  {spaced(value.text):<{texts}}  {value.status}"
            yield f"      {value.name}. Kilde: {spaced(value.source)}"
    count = sum(map(len, found.values()))
    if not count:
        yield f"Ingen verdi har «{words}» i navnet. Prøv færre ord, eller «make verdier» for å se hva som finnes."
        return
    name = next(iter(found.values()))[0][0]
    yield f"\n{formatting.number(count)} {'verdi' if count == 1 else 'verdier'}. Skriv {{verdi}}`{name}` i teksten, eller {{tall}}`{name}` uten enhet."


def _overview(root: Path) -> Iterator[str]:
    yield f"{spaced(formatting.number(len(keyfigures.published())))} verdier kan skrives inn i tekstene."
    for slug, title in areas(root).items():
        values = of_area(slug)
        yield f"\n{title} (OMRADE={slug}): {len(values)} verdier"
        measures = ", ".join(f"{measure} ({len(group)})" for measure, group in by_measure(values).items())
        yield textwrap.fill(
            measures, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False, break_long_words=False
        )
    yield '\nSøk slik: make verdier SOK=arsverk, eller make verdier SOK="gevinst melhus" OMRADE=felles'
