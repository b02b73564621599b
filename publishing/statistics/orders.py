"""What is fetched: ``data/statistikk.yml``, read and checked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from publishing import project
from publishing.errors import BuildError

FILE = "data/statistikk.yml"
ALL = "*"


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in a column: ``kind`` is kode, navn, gruppe or tall; ``variable`` the variable it comes from.

    For ``tall`` ``where`` fixes the variables that are no rows, and ``unit`` is the unit that must come with it.
    """

    kind: str
    variable: str = ""
    written: str = "{}"
    groups: tuple[str, ...] = ()
    where: Mapping[str, str] | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """One of our tables and the query that fills it. ``rows`` are the variables that make rows, the outermost first."""

    table: str
    ssb: str
    query: Mapping[str, Sequence[str]]
    codelists: Mapping[str, str]
    rows: Sequence[str]
    columns: Mapping[str, Column]

    def parameters(self) -> str:
        """The query as it stands in the address."""
        parts = [("lang", "no"), ("outputFormat", "json-stat2")]
        parts += [(f"valueCodes[{variable}]", ",".join(codes)) for variable, codes in self.query.items()]
        parts += [(f"codelist[{variable}]", name) for variable, name in self.codelists.items()]
        return "&".join(f"{quote(name, safe='[]')}={quote(value, safe='*,')}" for name, value in parts)

    def size(self) -> int:
        """The cells asked for, where the codes are named."""
        return math.prod(len(codes) for codes in self.query.values())


@dataclass(frozen=True, slots=True)
class Orders:
    """All that is fetched, from where, and under which licence. ``limit`` is the most cells in one query."""

    address: str
    licence: str
    limit: int
    tables: tuple[Order, ...]

    def url(self, order: Order) -> str:
        return f"{self.address.rstrip('/')}/tables/{quote(order.ssb)}/data?{order.parameters()}"


def read(root: Path) -> Orders:
    """The orders of ``data/statistikk.yml``.

    Raises:
        BuildError: if the file cannot be read, or asks for what cannot be fetched.
    """
    content = project.read_yaml(root / FILE)
    try:
        orders = Orders(
            address=content["adresse"],
            licence=content["lisens"],
            limit=int(content["storste_uttrekk"]),
            tables=tuple(_order(entry) for entry in content["tabeller"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError, StopIteration) as error:
        what = f"mangler «{error.args[0]}»" if isinstance(error, KeyError) else "har feil form"
        raise BuildError(f"{FILE}: Filen {what}. Hent fram en tidligere utgave av filen.") from None
    problems = list(_problems(orders))
    if problems:
        raise BuildError(*problems)
    return orders


def _order(entry: Mapping[str, Any]) -> Order:
    return Order(
        table=entry["tabell"],
        ssb=str(entry["ssb"]),
        query={variable: [str(code) for code in codes] for variable, codes in entry["sporring"].items()},
        codelists=entry.get("kodeliste", {}),
        rows=entry["rader"],
        columns={name: _column(told) for name, told in entry["kolonner"].items()},
    )


def _column(told: Mapping[str, Any]) -> Column:
    kind = next(kind for kind in ("kode", "navn", "gruppe", "tall") if kind in told)
    if kind == "tall":
        return Column(kind, where=dict(told["tall"]), unit=str(told["enhet"]))
    return Column(kind, told[kind], told.get("skrevet", "{}"), tuple(told.get("grupper", ())))


def _problems(orders: Orders) -> Any:
    address = urlsplit(orders.address)
    is_here = address.hostname in ("127.0.0.1", "localhost")
    if address.scheme != "https" and not (address.scheme == "http" and is_here):
        yield f"{FILE}: «adresse» må begynne med https://."
    for order in orders.tables:
        if order.size() > orders.limit:
            yield (
                f"{FILE}: Spørringen for {order.table} ber om {order.size()} celler. SSB gir høyst {orders.limit} i én "
                "spørring. Be om færre koder."
            )
