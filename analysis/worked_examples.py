"""Worked examples that a payroll clerk can check by hand: read from ``data/regneeksempler/``, computed by the analysis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analysis import payback, sharing, vulnerability

FOLDER = Path(__file__).resolve().parent.parent / "data" / "regneeksempler"

Answer = float | dict[str, float]


@dataclass(frozen=True, slots=True)
class Example:
    """One example: its name, the sentences that work it out, the sum it does, what goes in and what must come out."""

    name: str
    text: str
    sum: str
    given: dict[str, Any]
    answer: Answer

    def computed(self) -> Answer:
        """What the analysis makes of it, rounded to the decimals of øre."""
        found = SUMS[self.sum](self.given)
        if isinstance(found, Mapping):
            return {name: round(number, 2) for name, number in found.items()}
        return round(found, 2)


def read(folder: Path = FOLDER) -> list[Example]:
    """Every example, file by file in the order of their names.

    Raises:
        ValueError: if an example lacks a part or asks for a sum that does not exist (message in bokmål).
    """
    found = []
    for path in sorted(folder.glob("*.yml")):
        with path.open(encoding="utf-8") as file:  # an open file, so that a fault in the YAML names it
            entries = yaml.safe_load(file)
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise ValueError(f"data/regneeksempler/{path.name}: Filen skal være en liste av regneeksempler.")
        for entry in entries:
            missing = [part for part in ("navn", "tekst", "regn", "inn", "svar") if part not in entry]
            if missing:
                raise ValueError(
                    f"data/regneeksempler/{path.name}: Eksemplet «{entry.get('navn', '?')}» mangler {', '.join(missing)}."
                )
            if entry["regn"] not in SUMS:
                raise ValueError(
                    f"data/regneeksempler/{path.name}: Regnestykket «{entry['regn']}» finnes ikke. Bruk ett av: {', '.join(SUMS)}."
                )
            found.append(Example(entry["navn"], entry["tekst"], entry["regn"], entry["inn"], entry["svar"]))
    return found


def _shared(given: Mapping[str, Any]) -> Answer:
    shares = sharing.apportion(sharing.ore(given["kostnad"]), sharing.shares(given["folketall"]))
    return {place: amount / 100 for place, amount in shares.items()}


def _today(given: Mapping[str, Any]) -> dict[str, int]:
    return {place: sharing.ore(amount) for place, amount in given["kostnad"].items()}


def _break_even(given: Mapping[str, Any]) -> Answer:
    point = sharing.break_even(_today(given), sharing.shares(given["folketall"]))[given["kommune"]]
    return float(point or 0)


def _gain(given: Mapping[str, Any]) -> Answer:
    result = sharing.share(_today(given), sharing.shares(given["folketall"]), given["prosent"])
    return result.gains[given["kommune"]] / 100


#: The sums an example may do: the name in the file → the analysis that the reports use for it.
SUMS: dict[str, Callable[[Mapping[str, Any]], Answer]] = {
    "sum": lambda given: sum(given["tall"]),
    "kostnad_per_arsverk": lambda given: given["kostnad"] / given["arsverk"],
    "innsparing": lambda given: (
        (sum(_today({"kostnad": {"alle": given["kostnad"]}}).values()) * given["prosent"] / 100) / 100
    ),
    "fordeling": _shared,
    "nullpunkt": _break_even,
    "gevinst": _gain,
    "tilbakebetaling": lambda given: payback.years_to_pay_back(given["etablering"], given["gevinst"]) or 0.0,
    "naverdi": lambda given: payback.largest_cost_in_present_value(given["gevinst"], given["ar"], given["rente"]),
    "ubemannet": lambda given: vulnerability.unmanned(given["personer"], given["fravaer"]),
}
