"""The headline figures computed once more, in plain Python from the CSV files, apart from ``analysis/``.

If this test and the book agree, two independent readings of the data agree. Nothing here may
import the analysis.
"""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
PLACES = {"5029": "skaun", "5028": "melhus", "5027": "midtre-gauldal"}
AREAS = ["sentralbord", "postmottak-arkiv", "lonn-regnskap-fakturering"]


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def published(reports_dir: Path) -> dict[str, float | None]:
    figures = json.loads((reports_dir / "nokkeltall.json").read_text("utf-8"))
    return {row["id"]: row["verdi"] for row in figures}


STAFFING = rows("raw/sak/bemanning.csv")
COST = {(r["omrade"], PLACES[r["kommunenr"]]): Fraction(r["budsjett_2025_kr"]) for r in STAFFING}
FTE = {(r["omrade"], PLACES[r["kommunenr"]]): Fraction(r["arsverk"]) for r in STAFFING}
PEOPLE = {PLACES[r["kommunenr"]]: int(r["innbyggere"]) for r in rows("raw/ssb/befolkning.csv") if r["dato"] == "2026-01-01"}
CLERICAL = {PLACES[r["kommunenr"]]: Fraction(r["lonnskostnad_kr"] or 0) for r in rows("raw/sak/merkantile.csv")}
SAVING = next(r for r in rows("forutsetninger.csv") if r["id"] == "sparing")
SAVINGS = [SAVING["lav"], SAVING["sannsynlig"], SAVING["hoy"]]
KEYS = {r["nokkel"]: r for r in rows("fordelingsnokler.csv") if Fraction(r["volum"]) == 0}


def costs(area: str, clerical: bool = False, without: str = "") -> dict[str, Fraction]:
    areas = [a for a in (AREAS if area == "felles" else [area]) if a != without]
    return {p: sum(COST[a, p] for a in areas) + (CLERICAL[p] if clerical else 0) for p in PLACES.values()}


def weight(key: dict[str, str], today: dict[str, Fraction], place: str) -> Fraction:
    return (
        Fraction(key["folketall"]) * Fraction(PEOPLE[place], sum(PEOPLE.values()))
        + Fraction(key["lik_andel"]) / len(PLACES)
        + Fraction(key["dagens_kostnad"]) * today[place] / sum(today.values())
    )


VARIANTS = [
    *((area, "", False, "") for area in [*AREAS, "felles"]),
    ("felles", "-uten-sentralbord", False, "sentralbord"),
    ("felles", "-med-merkantile", True, ""),
    ("lonn-regnskap-fakturering", "-med-merkantile", True, ""),
]


@pytest.mark.parametrize(("area", "variant", "clerical", "without"), VARIANTS, ids=lambda value: str(value))
def test_gains_payments_and_break_even_points(published, area: str, variant: str, clerical: bool, without: str) -> None:
    today = costs(area, clerical, without)
    total = sum(today.values())
    for name, key in KEYS.items():
        for saving in SAVINGS:
            joint = total * (100 - Fraction(saving)) / 100
            for place in PLACES.values():
                paid = weight(key, today, place) * joint
                assert published[f"{area}.betaling{variant}.{name}.{saving}.{place}"] == pytest.approx(float(paid), abs=0.011)
                assert published[f"{area}.gevinst{variant}.{name}.{saving}.{place}"] == pytest.approx(float(today[place] - paid), abs=0.011)
            assert published[f"{area}.gevinst{variant}.{name}.{saving}.sum"] == pytest.approx(float(total - joint), abs=0.011)
            parts = [published[f"{area}.betaling{variant}.{name}.{saving}.{place}"] for place in PLACES.values()]
            assert round(sum(Fraction(str(part)) for part in parts) * 100) == round(joint * 100)
        points = {p: max(Fraction(0), 100 * (1 - today[p] / (weight(key, today, p) * total))) for p in PLACES.values()}
        for place, point in points.items():
            assert published[f"{area}.nullpunkt{variant}.{name}.{place}"] == pytest.approx(float(point))
        assert published[f"{area}.nullpunkt{variant}.{name}.sum"] == pytest.approx(float(max(points.values())))


@pytest.mark.parametrize("area", [*AREAS, "felles"])
def test_released_full_time_equivalents_and_the_largest_establishment_cost(published, area: str) -> None:
    total, rate = sum(costs(area).values()), Fraction(4, 100)
    for saving in SAVINGS:
        for place in PLACES.values():
            fte = sum(FTE[a, place] for a in (AREAS if area == "felles" else [area]))
            assert published[f"{area}.frigjort.{saving}.{place}"] == pytest.approx(float(fte * Fraction(saving) / 100))
        gain = total * Fraction(saving) / 100
        for years in (3, 5, 10):
            assert published[f"{area}.etablering-tilbake.{saving}.{years}.sum"] == pytest.approx(float(gain * years))
            worth = sum(gain / (1 + rate) ** year for year in range(1, years + 1))
            assert published[f"{area}.etablering-naverdi.{saving}.{years}.sum"] == pytest.approx(float(worth), abs=0.01)


def test_the_shapley_value_by_the_mean_over_every_order_of_joining(published) -> None:
    from itertools import permutations

    today = costs("felles")
    for saving in SAVINGS:
        def worth(group: tuple[str, ...], saving: str = saving) -> Fraction:
            part = {0: Fraction(0), 1: Fraction(0), 2: Fraction(1, 2), 3: Fraction(1)}[len(group)]
            return sum((today[p] for p in group), Fraction(0)) * Fraction(saving) / 100 * part

        brought = dict.fromkeys(today, Fraction(0))
        for order in permutations(today):
            for number, place in enumerate(order):
                brought[place] += (worth(order[: number + 1]) - worth(order[:number])) / 6
        for place, amount in brought.items():
            assert published[f"felles.gevinst.shapley.{saving}.{place}"] == pytest.approx(float(amount), abs=0.011)
