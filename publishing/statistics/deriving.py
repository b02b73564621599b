"""From an answer of SSB to the rows of one of our tables. A number that is missing never becomes 0."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from publishing.statistics.jsonstat import MARKS, Cell, Dataset, FormatError
from publishing.statistics.orders import ALL, Column, Order

_AGE = re.compile(r"(\d{3})(\+?)")


@dataclass(frozen=True, slots=True)
class Derived:
    """The rows of a table, as text, and what SSB has no number for («5029, 301: brutto_1000kr (..)»)."""

    rows: Sequence[Mapping[str, str]]
    missing: Sequence[str]


def derive(order: Order, dataset: Dataset, fields: Mapping[str, Mapping[str, Any]], source: str) -> Derived:
    """The rows that the answer gives. ``fields`` describe the columns of our table, ``source`` is their ``kilde``.

    Where a number is missing, the cell is empty and the status of the row «mangler», if the table has a status. In a
    table that has none and demands the number, the row is left out, as rows that nobody delivered are: the analysis
    shows them as missing. All that is missing is named.

    Raises:
        FormatError: if the answer has other variables, codes or units than were asked for, or a table that has changed.
    """
    _demand_as_ordered(order, dataset)
    rows: list[dict[str, str]] = []
    missing: list[str] = []
    for place in itertools.product(*(_steps(order, variable, dataset) for variable in order.rows)):
        at = dict(zip(order.rows, place, strict=True))
        row: dict[str, str] = {}
        absent: list[str] = []
        for name, column in order.columns.items():
            if column.kind != "tall":
                row[name] = _text(column, at, dataset)
                continue
            cell = _number(column, at, order, dataset)
            row[name] = "" if cell.number is None else _written(cell.number, fields.get(name, {}), name)
            if cell.number is None:
                absent.append(name)
                missing.append(f"{', '.join(_key(at))}: {name} ({cell.mark or 'uten merke'})")
        status = next(
            (fields[name]["statusColumn"] for name in order.columns if "statusColumn" in fields.get(name, {})), ""
        )
        if status:
            row[status] = "mangler" if absent else "oppgitt"
        elif any(fields.get(name, {}).get("constraints", {}).get("required") for name in absent):
            continue
        rows.append(row | {"kilde": source})
    if not rows:
        raise FormatError("SSB oppgir ingen tall for det vi ber om.")
    return Derived(rows, missing)


def _key(at: Mapping[str, Any]) -> list[str]:
    return [step if isinstance(step, str) else step[0] for step in at.values()]


def _demand_as_ordered(order: Order, dataset: Dataset) -> None:
    if not dataset.label.startswith(order.ssb):
        raise FormatError(f"Svaret gjelder en annen tabell enn {order.ssb}: «{dataset.label[:80]}».")
    asked, given = set(order.query), set(dataset.variables)
    if asked != given:
        raise FormatError(
            f"Tabellen har andre variabler enn ventet. Vi ber om {', '.join(sorted(asked))}, "
            f"og får {', '.join(sorted(given))}. SSB kan ha endret tabellen. Se data/statistikk.yml."
        )
    for variable, codes in order.query.items():
        if ALL not in codes and sorted(codes) != sorted(dataset.codes[variable]):
            raise FormatError(
                f"Svaret har andre koder for {variable} enn ventet: {', '.join(dataset.codes[variable][:10])}. "
                "SSB kan ha endret tabellen. Se data/statistikk.yml."
            )
    for name, column in order.columns.items():
        for variable, code in (column.where or {}).items():
            unit = dataset.units.get(variable, {}).get(code)
            if variable == "ContentsCode" and unit is not None and unit.casefold() != column.unit.casefold():
                raise FormatError(f"Kolonnen {name} har enheten «{unit}» hos SSB, men vi venter «{column.unit}».")
    units = [unit for by_code in dataset.units.values() for unit in by_code.values()]
    wanted = {column.unit.casefold() for column in order.columns.values() if column.kind == "tall"}
    if any(unit.casefold() not in wanted for unit in units):
        raise FormatError(f"Tallene har enheten «{units[0]}» hos SSB, men vi venter «{', '.join(sorted(wanted))}».")


def _steps(order: Order, variable: str, dataset: Dataset) -> Sequence[str | tuple[str, tuple[str, ...]]]:
    """The codes that make rows, in the order asked for; for ages the groups, each with its codes."""
    grouped = next(
        (column for column in order.columns.values() if column.kind == "gruppe" and column.variable == variable), None
    )
    return order.query[variable] if grouped is None else list(_groups(grouped.groups, dataset.codes[variable]))


def _groups(names: Sequence[str], codes: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each group with the ages in it. Every age must be there once, from 0 to the open last, and be in one group.

    Raises:
        FormatError: if that is not so: then a sum would leave out people, or count them twice.
    """
    ages = {code: found for code in codes if (found := _AGE.fullmatch(code))}
    years = sorted((int(found[1]), bool(found[2])) for found in ages.values())
    last = len(years) - 1
    if len(ages) != len(codes) or years != [(year, year == last) for year in range(len(years))]:
        raise FormatError("Svaret har ikke hvert alderstrinn én gang, fra 0 år til det siste og åpne.")
    taken: list[str] = []
    for name in names:
        low, _, high = name.rstrip("+").partition("-")
        top = last if name.endswith("+") else int(high)
        within = tuple(code for code, found in ages.items() if int(low) <= int(found[1]) <= top)
        taken += within
        yield name, within
    if sorted(taken) != sorted(codes):
        raise FormatError("Aldersgruppene i data/statistikk.yml dekker ikke hvert alderstrinn én gang.")


def _text(column: Column, at: Mapping[str, Any], dataset: Dataset) -> str:
    step = at[column.variable]
    if column.kind == "gruppe":
        return step[0]
    if column.kind == "kode":
        return column.written.format(step)
    label = dataset.labels[column.variable].get(step, "")
    # Some labels begin with the code: «120 Administrasjon».
    return label.removeprefix(f"{step} ").strip()


def _number(column: Column, at: Mapping[str, Any], order: Order, dataset: Dataset) -> Cell:
    fixed = {variable: codes[0] for variable, codes in order.query.items() if len(codes) == 1 and variable not in at}
    place = {**fixed, **(column.where or {}), **at}
    try:
        parts = [place[variable] for variable in dataset.variables]
    except KeyError as error:
        raise FormatError(f"Spørringen sier ikke hvilken kode av {error} kolonnen skal ha.") from None
    cells = [
        dataset.cells[key]
        for key in itertools.product(*((part,) if isinstance(part, str) else part[1] for part in parts))
    ]
    absent = next((cell for cell in cells if cell.number is None), None)
    # A sum with a part missing is missing.
    return absent or Cell(sum(cell.number for cell in cells if cell.number is not None))


def _written(number: float, field: Mapping[str, Any], name: str) -> str:
    if float(number).is_integer():
        return str(int(number))
    if field.get("type") == "integer":
        raise FormatError(f"Kolonnen {name} skal ha hele tall, men SSB oppgir {number}.")
    return str(number)


def explained(mark: str) -> str:
    """What a mark of SSB means, in words."""
    return MARKS.get(mark, "uten forklaring fra SSB")
