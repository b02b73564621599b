"""Every point of the mandate leads to the place that answers it."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.pages import read

DATA = Path(__file__).resolve().parents[2] / "data" / "mandat"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_point_has_a_row_with_a_state_and_links_that_land_on_the_answer(reports_dir: Path) -> None:
    page = reports_dir / "html" / "book" / "felles" / "sporbarhet.html"
    soup = read(page)
    shown = {}
    for row in soup.select("article tbody tr"):
        text, state, links = row.find_all(["th", "td"])
        # Typeset spaces are spaces to the eye.
        shown[" ".join(text.get_text().replace("\u00a0", " ").split())] = (
            state.get_text(strip=True),
            links.find_all("a"),
        )
    points = [(row["tekst"], row["svar"]) for row in rows("krav.csv")]
    points += [(row["tittel"], row["svar"]) for row in rows("vedtakspunkter.csv")]
    for text, state in points:
        found, links = shown[" ".join(text.split())]
        assert found == state, text
        assert links, text
        for link in links:
            target, _, anchor = link["href"].partition("#")
            answer = read((page.parent / target).resolve())
            assert answer.find(id=anchor), link["href"]
