"""Reads an answer in JSON-stat 2.0 (json-stat.org), the format of SSB's PxWebApi 2.

A parser of our own, on the standard library: the part of the format that is needed is smaller than what pxwebpy or
pyjstat bring along (pandas frames, requests), and both drop the marks that say why a number is missing.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: SSB's marks for a number that is not there. A cell with one of them has no number, whatever stands in it.
MARKS = {
    ".": "ikke mulig å oppgi tall",
    "..": "tallgrunnlag mangler",
    "...": "kommer senere",
    ":": "vises ikke av hensyn til identifisering",
}


class FormatError(ValueError):
    """The answer is no JSON-stat that can be read. The message is in bokmål, a sentence without the file."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, or None with the mark that says why there is none ("" when nothing is said)."""

    number: float | None
    mark: str = ""


@dataclass(frozen=True)
class Dataset:
    """An answer: codes of each variable in order, labels and units by variable and code, and the cells by their codes.

    The codes of a cell stand in the order of ``variables``. ``updated`` is SSB's own date and time.
    """

    label: str
    updated: str
    variables: Sequence[str]
    codes: Mapping[str, Sequence[str]]
    labels: Mapping[str, Mapping[str, str]]
    units: Mapping[str, Mapping[str, str]]
    cells: Mapping[tuple[str, ...], Cell]


def read(answer: Any) -> Dataset:
    """The answer as a dataset.

    Raises:
        FormatError: if it is not what the format demands.
    """
    if not isinstance(answer, dict) or answer.get("class") != "dataset":
        raise FormatError("Svaret er ikke et datasett i formatet JSON-stat 2.")
    try:
        return _read(answer)
    except FormatError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise FormatError(f"Svaret følger ikke formatet JSON-stat 2 ({type(error).__name__}: {error}).") from None


def _read(answer: Mapping[str, Any]) -> Dataset:
    variables, size = list(answer["id"]), list(answer["size"])
    dimensions = {variable: answer["dimension"][variable] for variable in variables}
    codes = {variable: _codes(dimension["category"]) for variable, dimension in dimensions.items()}
    if [len(codes[variable]) for variable in variables] != size:
        raise FormatError("Svaret oppgir en annen størrelse enn antallet koder.")
    total = math.prod(size)
    values, marks = _spread(answer["value"], total), _spread(answer.get("status"), total)
    keys = itertools.product(*(codes[variable] for variable in variables))
    return Dataset(
        label=str(answer.get("label", "")),
        updated=str(answer.get("updated", "")),
        variables=variables,
        codes=codes,
        labels={
            variable: {code: str(text) for code, text in dimension["category"].get("label", {}).items()}
            for variable, dimension in dimensions.items()
        },
        units={
            variable: {
                code: str(unit.get("base", "")) for code, unit in (dimension["category"].get("unit") or {}).items()
            }
            for variable, dimension in dimensions.items()
        },
        cells={key: _cell(values[place], marks[place]) for place, key in enumerate(keys)},
    )


def _codes(category: Mapping[str, Any]) -> list[str]:
    """The codes in order: a list, an object with their places, or, of a single category, only its label."""
    index = category.get("index")
    if index is None:
        index = list(category["label"])
        if len(index) != 1:
            raise FormatError("Svaret sier ikke i hvilken rekkefølge kodene står.")
    if isinstance(index, dict):
        if sorted(index.values()) != list(range(len(index))):
            raise FormatError("Svaret setter flere koder på samme plass.")
        return sorted(index, key=index.__getitem__)
    return [str(code) for code in index]


def _spread(given: Any, total: int) -> list[Any]:
    """One entry for each cell: of a list, of an object that names places, or of a single text for all of them."""
    if given is None or isinstance(given, str):
        return [given] * total
    if isinstance(given, dict):
        if any(not 0 <= int(place) < total for place in given):
            raise FormatError("Svaret har tall utenfor tabellen.")
        return [given.get(str(place)) for place in range(total)]
    if len(given) == 1 and total > 1 and isinstance(given[0], str):
        return given * total
    if len(given) != total:
        raise FormatError(f"Svaret har {len(given)} tall, men det skal være {total}.")
    return list(given)


def _cell(value: Any, mark: Any) -> Cell:
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
        raise FormatError(f"«{value}» i svaret er ikke et tall.")
    text = "" if mark is None else str(mark)
    return Cell(None, text) if value is None or text in MARKS else Cell(value, text)
