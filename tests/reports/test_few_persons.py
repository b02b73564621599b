"""Statistics about fewer than five persons stand nowhere in what is published, and cannot be worked out from it.

What must not be found is worked out of ``data/`` when the tests run. No message here repeats it.
"""

from __future__ import annotations

import itertools
import json
import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import typst

from analysis import ages, assumptions, data, delivered, keyfigures, vulnerability
from analysis.model import Status
from analysis.places import SUM, administrative_areas, municipalities
from publishing import crosschecks
from tests.analysis.test_delivered import deliver
from tests.reports.published import Piece, pieces

AGE = re.compile(r"\balder|eldst|yngst|gammel", re.IGNORECASE)
TOGETHER = re.compile(r"samlet|til sammen|felles|alle tre|\bsum\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """What must not be told of the staff of an area in a municipality: the ages; empty when not even the project has them."""

    area: str
    place: str
    ages: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.area}, {self.place}"


@cache
def secrets() -> tuple[Secret, ...]:
    """Every age range that fewer than five persons may stand behind."""
    rows = ages.staffing().set_index(["omrade", "kommunenr"])
    found = []
    for area in administrative_areas():
        for place in municipalities():
            row = rows.loc[(area.slug, place.number)]
            if row["alder_status"] == Status.MANGLER or ages.fewest_persons(float(row["arsverk"])) >= ages.FEWEST:
                continue
            known = row[["alder_fra", "alder_til"]].dropna()
            found.append(Secret(area.name, place.name, tuple(sorted({int(age) for age in known}))))
    return tuple(found)


def open_ages(place: str) -> set[int]:
    """The ages that are told of a municipality where five persons or more stand behind them, and the ages of retirement."""
    told = {value.number for value in keyfigures.published() if ".alder-" in value.id and value.municipality == place}
    limits = {assumptions.by_id(name).middle for name in vulnerability.LIMITS}
    return {int(number) for number in told | limits if number is not None}


def whole(number: float) -> str:
    """A number standing alone: no decimals, thousands, percent or kroner, and no part of a date or paragraph."""
    text = f"{number:g}".replace(".", "[.,]")
    return rf"(?<![\d.,§/-]){text}(?![.,]?\d|[\s\u00a0\u202f]*(?:%|prosent|kr|\d{{3}}\b)|\.\s?(?:januar|februar|mars|april|mai|juni))"


def leaks(found: Iterable[Piece]) -> list[str]:
    """Where a secret is told: the file, how it stands there, and whom it is about."""
    return sorted({f"{piece.file} ({piece.channel}): {secret}" for piece, secret in telling(found)})


def telling(found: Iterable[Piece]) -> Iterator[tuple[Piece, Secret]]:
    """The pieces that tell a secret, each with the secret; what several files say word for word is looked at once."""
    names = [place.name for place in municipalities()]
    next_name = re.compile("|".join([*map(re.escape, names), TOGETHER.pattern]), re.IGNORECASE)
    tests = [(secret, *patterns(secret)) for secret in secrets()]
    for piece in {(piece.context, piece.text): piece for piece in found}.values():
        about_ages = bool(AGE.search(piece.text) or AGE.search(piece.context))
        for secret, ranges, alone, in_years, before in tests:
            if ranges and ranges.search(piece.text):
                yield piece, secret
                continue
            if secret.place not in piece.text:
                continue
            if not secret.ages and secret.area.lower() not in f"{piece.text} {piece.context} {piece.file}".lower():
                continue
            after = segments(piece.text, secret.place, next_name)
            if any((alone if about_ages else in_years).search(one) for one in after) or before.search(piece.text):
                yield piece, secret


def patterns(secret: Secret) -> tuple[re.Pattern[str] | None, re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """The range itself; an age of it, or the middle of it, standing alone; with «år»; and with «år i» the municipality."""
    told = open_ages(secret.place)
    if not secret.ages:
        numbers = [number for number in range(16, 80) if number not in told]
    else:
        low, high = secret.ages[0], secret.ages[-1]
        numbers = [number for number in {low, high, (low + high) / 2} if number not in told]
    any_of = "|".join(map(whole, numbers))
    alone, in_years = re.compile(any_of), re.compile(rf"(?:{any_of})[\s\u00a0]+år\b")
    # «… er 59 år i Skaun, 47 år i Melhus»: up to the first municipality.
    others = "|".join(re.escape(place.name) for place in municipalities())
    before = re.compile(rf"(?:{any_of})[\s\u00a0]+år\b(?:(?!{others})[^.!?]){{0,80}}{re.escape(secret.place)}")
    if len(secret.ages) < 2:
        return None, alone, in_years, before
    between = r"\D{0,3}(?:[-–−‑·;,/]|til|og)\D{0,25}"
    return re.compile(rf"(?<![\d.,]){low}{between}{high}(?![.,]?\d)"), alone, in_years, before


def segments(text: str, place: str, next_name: re.Pattern[str], reach: int = 60) -> list[str]:
    """What stands after each mention of a municipality, up to the next one."""
    found = []
    for match in re.finditer(re.escape(place), text):
        rest = text[match.end() : match.end() + reach]
        stop = next_name.search(rest)
        # «47 år i» before the next name is that one's.
        found.append(re.sub(r"\d+[\s\u00a0]+år i\s*$", "", rest[: stop.start()]) if stop else rest)
    return found


def test_there_is_something_to_look_for() -> None:
    assert len(secrets()) >= 6
    assert any(len(secret.ages) == 2 for secret in secrets())


def test_nothing_published_tells_the_ages_of_fewer_than_five(reports_dir: Path) -> None:
    found = leaks(pieces(reports_dir))
    assert not found, found


# The search itself can fail: a leak of each kind is planted, and found.


def planted() -> Secret:
    """A secret whose both ends are known and told nowhere else."""
    return next(s for s in secrets() if len(s.ages) == 2 and not set(s.ages) & open_ages(s.place))


def in_file(name: str, text: Callable[[Secret], str]) -> Callable[[Path, Secret], None]:
    return lambda folder, secret: (folder / name).write_text(text(secret), "utf-8") and None


def workbook(folder: Path, secret: Secret) -> None:
    book = openpyxl.Workbook()
    book.active.append([f"Alder i {secret.place}: {secret.ages[0]}"])
    book.save(folder / "a.xlsx")


def picture(folder: Path, secret: Secret) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    text = f"Comment\0Alder i {secret.place}: {secret.ages[1]} år".encode()
    (folder / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt", text) + chunk(b"IEND", b""))


def paper(source: Callable[[Secret], str], attached: Callable[[Secret], str] = lambda secret: "") -> Callable[[Path, Secret], None]:
    def write(folder: Path, secret: Secret) -> None:
        work = folder.parent / "typst"
        work.mkdir()
        (work / "a.csv").write_text(attached(secret), "utf-8")
        (work / "a.typ").write_text(source(secret), "utf-8")
        (folder / "a.pdf").write_bytes(typst.compile(work / "a.typ"))

    return write


PLANTS: dict[str, Callable[[Path, Secret], None]] = {
    "a range in a sentence": in_file("a.html", lambda s: f"<p>De er {s.ages[0]}–{s.ages[1]}.</p>"),
    "a range in words": in_file("a.html", lambda s: f"<p>De er fra {s.ages[0]} til {s.ages[1]} år.</p>"),
    "an age before the name": in_file("a.html", lambda s: f"<p>Den yngste er {s.ages[0]} år og arbeider i {s.place}.</p>"),
    "a row of a table": in_file("a.html", lambda s: f"<table><caption>Aldersspenn</caption><tr><td>{s.place}<td>{s.ages[0]}<td>tilbakeholdt</tr></table>"),
    "the middle of a range": in_file("a.html", lambda s: f"<p>Snittalderen i {s.place} er {sum(s.ages) / 2:g}".replace(".", ",") + " år.</p>"),
    "an attribute": in_file("a.html", lambda s: f'<a data-forklaring="Laveste alder, {s.place}: {s.ages[0]}&#160;år">x</a>'),
    "a text alternative of a chart": in_file("a.svg", lambda s: f'<svg><path aria-label="{s.place}, alder: {s.ages[1]}"/></svg>'),
    "a text of a chart": in_file("a.svg", lambda s: f"<svg><text>Alder {s.place} {s.ages[1]}</text></svg>"),
    "a specification of a chart": in_file("a.json", lambda s: json.dumps({"data": {"values": [{"kommune": s.place, "alder_fra": s.ages[0]}]}})),
    "key figures": in_file("nokkeltall.json", lambda s: json.dumps([{"id": "x.alder-til.y", "kommune": s.place, "verdi": s.ages[1], "enhet": "år"}])),
    "the search index": in_file("sokeindeks.js", lambda s: f"window.SOKEINDEKS={json.dumps([{'tittel': 'Alder', 'tekst': f'{s.place} · {s.ages[0]} · Samlet'}])};\n"),
    "a file to download": in_file("a.csv", lambda s: f"\ufeffKommune;Laveste alder (år)\r\n{s.place};{s.ages[0]}\r\n"),
    "a workbook": workbook,
    "the description of a picture": picture,
    "a page of a PDF": paper(lambda s: f"Aldersspenn\n\n#table(columns: 3, [{s.place}], [{s.ages[0]}], [{s.ages[1]}])"),
    "the description of a PDF": paper(lambda s: f'#set document(title: "Alder i {s.place}: {s.ages[0]}")\nTekst'),
    "the outline of a PDF": paper(lambda s: f"= Alder i {s.place}: {s.ages[0]}\nTekst"),
    "a file in a PDF": paper(lambda s: '#pdf.attach("a.csv")\nTekst', lambda s: f"Kommune;Laveste alder (år)\r\n{s.place};{s.ages[0]}\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("kind", PLANTS)
def test_a_planted_leak_is_found(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    secret = planted()
    PLANTS[kind](folder, secret)
    found = leaks(pieces(folder))
    assert any(str(secret) in one for one in found), "lekkasjen ble ikke funnet"
    assert not any(str(age) in one for age in secret.ages for one in found)


def test_an_age_that_the_project_does_not_have_is_found_where_its_area_is_named(tmp_path: Path) -> None:
    secret = next(s for s in secrets() if not s.ages)
    for number, allowed in ((40, False), (int(assumptions.by_id("pensjon-tidlig").middle), True)):
        piece = Piece("a.html", "table", f"Aldersspenn, {secret.area}", f"{secret.place} {number} tilbakeholdt")
        assert (leaks([piece]) == []) is allowed


# What is withheld cannot be worked out.


def records(reports_dir: Path) -> dict[str, dict]:
    return {row["id"]: row for row in json.loads((reports_dir / "nokkeltall.json").read_text("utf-8"))}


def sums(ids: Iterable[str]) -> list[list[str]]:
    """Every set of key figures that add up to one of them: the municipalities to their sum, the areas to all together."""
    ids = set(ids)
    places = [place.slug for place in municipalities()]
    areas = [area.slug for area in administrative_areas()]
    found = []
    for name in ids:
        if name.endswith(f".{SUM}"):
            found.append([name, *(f"{name.removesuffix(SUM)}{place}" for place in places)])
        if name.startswith("felles."):
            found.append([name, *(f"{area}.{name.removeprefix('felles.')}" for area in areas)])
    return [group for group in found if set(group) <= ids]


def computable(known: set[str], withheld: set[str], groups: list[list[str]]) -> set[str]:
    """The withheld figures that follow from the known ones, one after the other."""
    known, found = set(known), set()
    while True:
        new = {
            unknown[0]
            for group in groups
            if len(unknown := [name for name in group if name not in known]) == 1 and unknown[0] in withheld
        }
        if not new:
            return found
        known |= new
        found |= new


def test_no_withheld_figure_follows_from_the_published_ones(reports_dir: Path) -> None:
    rows = records(reports_dir)
    withheld = {name for name, row in rows.items() if row["status"] == Status.TILBAKEHOLDT}
    known = {name for name, row in rows.items() if row["verdi"] is not None}
    assert withheld and not withheld & known
    groups = sums(rows)
    assert len(groups) > 100
    assert computable(known, withheld, groups) == set()


def test_the_search_for_what_follows_finds_it() -> None:
    places = [place.slug for place in municipalities()]
    ids = [f"x.ansatte.{name}" for name in (*places, SUM)]
    groups = sums(ids)
    assert groups == [[ids[-1], *ids[:-1]]]
    assert computable({*ids[1:]}, {ids[0]}, groups) == {ids[0]}
    assert computable({*ids[2:]}, {*ids[:2]}, groups) == set()


PLACES = [place.number for place in municipalities()]


@pytest.mark.parametrize(
    "withheld", [chosen for count in (1, 2, 3) for chosen in itertools.combinations(PLACES, count)], ids=lambda chosen: "-".join(map(str, chosen))
)
def test_no_withheld_delivery_follows_from_the_others(withheld: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Working time, salary, absence and staff, delivered by all, with some of them withheld: in every combination."""
    about = [quantity for quantity in delivered.quantities() if quantity.about_persons]
    answers = {(one.id, place.number): None if place.number in withheld else 12.0 for one in about for place in one.places}
    found = deliver(monkeypatch, answers)
    hidden = {name for name, value in found.items() if value.status is Status.TILBAKEHOLDT}
    known = {name for name, value in found.items() if value.number is not None}
    assert len(hidden) >= len(about) * len(withheld) and (known or len(withheld) == len(PLACES))
    assert computable(known, hidden, sums(found)) == set()


def test_a_joint_range_is_told_only_where_it_points_to_nobody(reports_dir: Path) -> None:
    """The lowest and highest of all is a sum too: with one municipality withheld it would tell that one's."""
    rows = records(reports_dir)
    for area in administrative_areas():
        for end in ages.MEASURES:
            parts = [rows[f"{area.slug}.{end}.{place.slug}"] for place in municipalities()]
            unknown = [part for part in parts if part["verdi"] is None]
            assert rows[f"{area.slug}.{end}.{SUM}"]["verdi"] is None or len(unknown) != 1, area.slug


def test_no_published_count_of_persons_is_below_five(reports_dir: Path) -> None:
    rows = records(reports_dir)
    for definition in data.load("opplysninger").to_dict("records"):
        if definition["om_personer"] != "ja":
            continue
        for place in (*(place.slug for place in municipalities()), SUM):
            row = rows.get(f"{definition['opplysning']}.{place}")
            few = row is not None and row["verdi"] is not None and row["enhet"] in crosschecks.HEADS
            assert not (few and row["verdi"] < crosschecks.FEWEST_PERSONS), row["id"]
