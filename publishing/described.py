"""Whether ``data/datapackage.json`` describes the tables in a way that can be used: told in bokmål, before any table is read.

Frictionless knows the whole standard, but tells in English. What people get wrong is told here, and what is left by Frictionless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

#: The types of columns that the tables may have, and the limits that each type may set.
_LIMITS = {
    "string": {"required", "unique", "enum", "pattern", "minLength", "maxLength"},
    **{
        kind: {"required", "unique", "enum", "minimum", "maximum"}
        for kind in ("integer", "number", "date", "yearmonth")
    },
}


def problems(package: Any) -> Iterator[str]:
    """Every fault in the description that this module knows."""
    resources = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(resources, list) or not resources:
        yield "Listen «resources» mangler eller er tom. Hent fram en tidligere utgave av filen."
        return
    earlier: list[Any] = []
    found: list[str] = []
    for position, resource in enumerate(resources, start=1):
        entry = resource if isinstance(resource, dict) else {}
        found += _unfit_entry(entry, f"nummer {position}", earlier)
        earlier.append(entry.get("name"))
    yield from found
    if not found:  # what refers to a faulty entry may be right
        columns = {entry["name"]: [field["name"] for field in entry["schema"]["fields"]] for entry in resources}
        for entry in resources:
            yield from _unfit_keys(entry, columns)


def _unfit_entry(entry: Mapping[str, Any], number: str, earlier: list[Any]) -> Iterator[str]:
    """What is wrong with the entry of one table by itself."""
    name = entry.get("name")
    table = f"Tabellen {name if isinstance(name, str) and name else number}"
    for key in ("name", "path", "encoding"):
        if not entry.get(key):
            yield f"{table} mangler «{key}». Legg det inn."
        elif not isinstance(entry[key], str):
            yield f"{table} har noe annet enn en tekst i «{key}». Skriv én tekst i anførselstegn."
    if not entry.get("sources"):
        yield f"{table} mangler «sources». Legg det inn."
    if isinstance(name, str) and name in earlier:
        yield f"{table} er beskrevet to ganger. Fjern den ene."
    path = entry.get("path")
    if isinstance(path, str) and (PurePosixPath(path).is_absolute() or ".." in path or "\\" in path or ":" in path):
        yield f"{table} har filen «{path}», som ligger utenfor data/. Skriv stien fra mappen data, for eksempel raw/sak/bemanning.csv."
    encoding = entry.get("encoding")
    if isinstance(encoding, str) and encoding and encoding.lower() != "utf-8":
        yield f"{table} har tegnsettet «{encoding}». Tabellene må være i utf-8. Skriv det."
    schema = entry.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, list) or not all(
        isinstance(field, dict) and all(isinstance(field.get(key), str) for key in ("name", "type", "description"))
        for field in fields
    ):
        yield f"{table} mangler kolonner («fields» med «name», «type», «description»). Legg dem inn."
        return
    names = [field["name"] for field in fields]
    for twice in {name for name in names if names.count(name) > 1}:
        yield f"{table} har kolonnen {twice} to ganger. Fjern den ene."
    for field in fields:
        yield from _unfit_field(field, names, table)


def _unfit_field(field: Mapping[str, Any], names: list[str], table: str) -> Iterator[str]:
    """What is wrong with the description of one column."""
    where = f"{table}, kolonnen {field['name']},"
    if field["type"] not in _LIMITS:
        yield f"{where} har typen «{field['type']}». Skriv én av disse: {', '.join(_LIMITS)}."
        return
    if "statusColumn" in field and field["statusColumn"] not in names:
        yield f"{where} viser til statusen i «{field['statusColumn']}», som ikke er en kolonne i tabellen. Rett navnet."
    limits = field.get("constraints", {})
    if not isinstance(limits, dict):
        yield f'{where} har grenser («constraints») som ikke har navn. Skriv dem som {{"required": true}}.'
        return
    for name, value in limits.items():
        if name not in _LIMITS[field["type"]]:
            yield f"{where} har grensen «{name}», som typen {field['type']} ikke kan ha. Fjern den, eller rett navnet."
        elif not _is_fit(name, value, field["type"]):
            yield f"{where} har grensen «{name}» med en verdi som ikke passer. Rett den."


def _is_fit(limit: str, value: Any, kind: str) -> bool:
    """Whether a limit has a value that it can have."""
    if limit in ("required", "unique"):
        return isinstance(value, bool)
    if limit in ("minimum", "maximum") and kind in ("integer", "number"):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if limit == "enum":
        return isinstance(value, list) and bool(value)
    if limit == "pattern":
        try:
            return isinstance(value, str) and bool(re.compile(value))
        except re.error:
            return False
    return isinstance(value, int) if limit in ("minLength", "maxLength") else isinstance(value, str)


def _unfit_keys(resource: Mapping[str, Any], columns: Mapping[str, list[str]]) -> Iterator[str]:
    """Keys and references that name columns or tables which are not described."""
    name, schema = resource["name"], resource["schema"]
    for column in _unknown(schema.get("primaryKey", []), columns[name]):
        yield f"Tabellen {name} har nøkkelen «{column}» («primaryKey»), som ikke er en kolonne i tabellen. Rett navnet."
    references = schema.get("foreignKeys", [])
    for key in references if isinstance(references, list) else [None]:
        reference = key.get("reference") if isinstance(key, dict) else None
        other = reference.get("resource") if isinstance(reference, dict) else None
        if not isinstance(other, str):
            yield f"Tabellen {name} har en henvisning («foreignKeys») uten tabell. Legg inn «reference» med «resource» og «fields»."
            continue
        for column in _unknown(key.get("fields"), columns[name]):
            yield f"Tabellen {name} viser til {other} fra «{column}», som ikke er en kolonne i tabellen. Rett navnet."
        if other not in columns:
            yield f"Tabellen {name} viser til tabellen «{other}», som ikke er beskrevet. Rett navnet."
            continue
        for column in _unknown(reference.get("fields"), columns[other]):
            yield f"Tabellen {name} viser til «{column}» i {other}, som ikke er en kolonne der. Rett navnet."


def _unknown(names: Any, columns: list[str]) -> list[Any]:
    listed = [names] if isinstance(names, str) else names
    return [name for name in listed if name not in columns] if isinstance(listed, list) else [names]
