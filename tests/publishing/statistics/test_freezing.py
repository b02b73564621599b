"""Statistics are fetched whole or not at all, and nothing that is missing becomes a number.

The answers are made by hand in SSB's documented format, from the figures frozen today: see README.md.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import socket
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from publishing import validation
from publishing.errors import BuildError
from publishing.statistics import fetching, freezing
from tests.publishing.statistics.conftest import ANSWERS, Ssb

NOW = dt.datetime(2026, 12, 1, 9, 30, 15, tzinfo=dt.UTC)
POPULATION = "data/raw/ssb/befolkning.csv"
AGES = "data/raw/ssb/befolkning_alder_2026.csv"
KOSTRA = "data/raw/kostra/kostra_2025.csv"
BOOKS = "data/frosset.csv"


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(content.decode("utf-8").splitlines()))


def without_source(content: bytes) -> list[dict[str, str]]:
    return [{name: cell for name, cell in row.items() if name != "kilde"} for row in rows(content)]


def state(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in (root / "data").rglob("*") if path.is_file()
    }


def refused(root: Path, **options: object) -> str:
    """The message, sure that not a byte of the data has changed."""
    before = state(root)
    with pytest.raises(BuildError) as raised:
        freezing.freeze(root, tell=lambda line: None)
    assert state(root) == before
    return str(raised.value)


@pytest.mark.parametrize("path", [POPULATION, AGES, KOSTRA])
def test_the_same_figures_give_the_rows_that_are_frozen_today(asking: Path, path: str):
    fetched = freezing.fetch(asking, NOW)
    assert without_source(fetched.files[path]) == without_source((asking / path).read_bytes())
    assert {row["kilde"] for row in rows(fetched.files[path])} <= {
        "SSB tabell 07459, hentet 2026-12-01", "SSB tabell 12362, hentet 2026-12-01",
    }  # fmt: skip


def test_skaun_is_asked_for_everywhere(asking: Path, ssb: Ssb):
    freezing.fetch(asking, NOW)
    queries = [parse_qs(urlsplit(path).query) for path in ssb.asked]
    assert [path.split("?")[0] for path in ssb.asked] == [
        f"/api/pxwebapi/v2/tables/{table}/data" for table in ("07459", "07459", "12362")
    ]
    for query in queries:
        assert query["outputFormat"] == ["json-stat2"] and query["lang"] == ["no"]
        regions = query.get("valueCodes[Region]") or query["valueCodes[KOKkommuneregion0000]"]
        assert regions == ["5027,5028,5029"]
    assert queries[1]["codelist[Alder]"] == ["vs_AlleAldre00B"]


def test_answer_table_and_bookkeeping_are_written_together(asking: Path):
    told: list[str] = []
    freezing.freeze(asking, tell=told.append)
    [row] = [row for row in rows((asking / BOOKS).read_bytes()) if row["tabell"] == "kostra_2025"]
    assert (asking / "data/raw/kostra/kostra_2025.json").read_bytes() == (ANSWERS / "kostra_2025.json").read_bytes()
    for file, column in ((row["fil"], "sha256"), (row["svar"], "svar_sha256")):
        assert hashlib.sha256((asking / "data" / file).read_bytes()).hexdigest() == row[column]
    assert row["oppdatert_hos_ssb"] == "2026-06-15T06:00:00Z"
    assert row["lisens"] == "CC BY 4.0"
    assert "KOKart0000" in row["sporring"]
    assert not list((asking / "data").rglob("*.ny"))
    validation.validate(asking)
    # Only where the rows are from has changed, and that is told, with what SSB has no number for.
    assert "### Nøkkeltall" not in told[0]
    assert "| Midtre Gauldal, 2021-01-01 | Kilde |" in told[0]
    assert "SSB oppgir ikke tall for kostra_2025, 2025, 5029, 120: brutto_1000kr (..)" in told


def test_another_figure_is_told_before_it_is_written_with_the_key_figures_it_moves(asking: Path, ssb: Ssb):
    def change(dataset: dict) -> None:
        if "Alder" not in dataset["id"]:
            dataset["value"][-1] = 8_600  # Skaun, 1 January 2026: 8 574 before

    ssb.changed("07459", change)
    before, told = state(asking), []
    freezing.freeze(asking, tell=told.append, write=False)
    assert state(asking) == before
    assert "| Skaun, 2026-01-01 | Innbyggere | 8\u202f574\u00a0innbyggere | 8\u202f600\u00a0innbyggere |" in told[0]
    assert "| Innbyggere i Skaun | 8\u202f574\u00a0innbyggere | 8\u202f600\u00a0innbyggere |" in told[0]


@pytest.mark.parametrize("mark", [".", "..", "...", ":"])
def test_a_missing_amount_leaves_the_row_out_and_is_named(asking: Path, ssb: Ssb, mark: str):
    def change(dataset: dict) -> None:
        dataset["value"][0] = 0  # whatever stands there, the mark says that it is no number
        dataset["status"]["0"] = mark

    ssb.changed("12362", change)
    fetched = freezing.fetch(asking, NOW)
    kept = {(row["kommunenr"], row["funksjon"]) for row in rows(fetched.files[KOSTRA])}
    assert ("5027", "120") not in kept and ("5027", "121") in kept
    assert f"kostra_2025, 2025, 5027, 120: brutto_1000kr ({mark})" in fetched.missing
    [row] = [row for row in rows(fetched.files[BOOKS]) if row["tabell"] == "kostra_2025"]
    assert f"2025, 5027, 120: brutto_1000kr ({mark})" in row["merknad"]


def test_a_null_without_a_mark_is_missing_too(asking: Path, ssb: Ssb):
    ssb.changed("12362", lambda dataset: dataset["value"].__setitem__(0, None))
    assert "kostra_2025, 2025, 5027, 120: brutto_1000kr (uten merke)" in freezing.fetch(asking, NOW).missing


def test_a_population_that_is_missing_is_refused_since_everything_is_divided_by_it(asking: Path, ssb: Ssb):
    def change(dataset: dict) -> None:
        if "Alder" not in dataset["id"]:
            dataset["value"][-1], dataset["status"] = None, {"17": ".."}

    ssb.changed("07459", change)
    told = refused(asking)
    assert "5029" in told and "De nye tallene kan ikke brukes slik de er. Den frosne kopien er urørt." in told


def test_a_number_that_is_given_for_skaun_fills_the_gap(asking: Path, ssb: Ssb):
    def change(dataset: dict) -> None:
        for place in ("32", "33"):  # Skaun, function 120, gross and net: an amount for this test alone
            del dataset["status"][place]
            dataset["value"][int(place)] = 1

    ssb.changed("12362", change)
    found = rows(freezing.fetch(asking, NOW).files[KOSTRA])
    assert [(row["kommune"], row["funksjonsnavn"]) for row in found if row["kommunenr"] == "5029"] == [
        ("Skaun", "Administrasjon")
    ]


@pytest.mark.parametrize(
    ("status", "content", "told"),
    [
        (400, (ANSWERS / "problem.json").read_bytes(), "Spørringen ber om for mange celler. SSB sier: «Too many cells selected»."),
        (400, b'{"type":"Parameter error","title":"Non-existent value","status":400}', "SSB kjenner ikke igjen spørringen. SSB sier: «Non-existent value»."),
        (404, b"", "SSB finner ikke tabellen."),
        (503, b"<h1>Service Unavailable</h1>", "SSB har en feil hos seg (HTTP 503). Prøv igjen senere."),
        (200, b"<html>Logg inn</html>", "Svaret er ikke JSON."),
        (200, b'{"version":"2.0"}', "Svaret er ikke et datasett i formatet JSON-stat 2."),
        (200, b'{"class":"dataset","id":["Tid"],"size":[1],"dimension":{}}', "Svaret følger ikke formatet JSON-stat 2"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_used_leaves_the_frozen_copy(
    asking: Path, ssb: Ssb, status: int, content: bytes, told: str
):
    ssb.answer = lambda path: (status, {}, content) if "/12362/" in path else ssb.usual(path)
    message = refused(asking)
    assert message.startswith(f"SSB tabell 12362 (kostra_2025): {told}")
    assert message.endswith("Den frosne kopien er urørt.")


def test_all_tables_that_fail_are_told_at_once(asking: Path, ssb: Ssb):
    ssb.answer = lambda path: (500, {}, b"")
    assert refused(asking).count("SSB har en feil hos seg") == 3


def test_a_server_that_is_not_there(asking: Path, ssb: Ssb):
    with socket.socket() as taken:  # a port where nobody listens
        taken.bind(("127.0.0.1", 0))
        orders = asking / "data/statistikk.yml"
        orders.write_text(
            orders.read_text("utf-8").replace(ssb.address, f"http://127.0.0.1:{taken.getsockname()[1]}"), "utf-8"
        )
        assert "Fikk ikke kontakt med SSB. Kontroller at maskinen er på nett" in refused(asking)


def test_a_server_that_hangs_up(asking: Path, ssb: Ssb):
    ssb.answer = lambda path: None
    assert "SSB tabell 07459 (befolkning): " in refused(asking)


def test_an_answer_that_does_not_come_in_time(asking: Path, ssb: Ssb, monkeypatch: pytest.MonkeyPatch):
    import threading

    wait = threading.Event()
    monkeypatch.setattr(fetching, "TIMEOUT", 0.2)
    ssb.answer = lambda path: (wait.wait(5), ssb.usual(path))[1]
    try:
        assert "SSB svarte ikke innen 0.2 sekunder. Prøv igjen senere." in refused(asking)
    finally:
        wait.set()


def test_too_many_questions_wait_as_told_and_ask_again(ssb: Ssb):
    answers = iter([(429, {"Retry-After": "7"}, b""), (429, {}, b""), (200, {}, b"{}")])
    ssb.answer = lambda path: next(answers)
    waited: list[float] = []
    assert fetching.get(ssb.address, "SSB", sleep=waited.append) == (b"{}", {})
    assert waited == [7, 30]


@pytest.mark.parametrize("header", ["3600", "2"])
def test_no_longer_and_no_oftener_than_is_decent(ssb: Ssb, header: str):
    ssb.answer = lambda path: (429, {"Retry-After": header}, b"")
    waited: list[float] = []
    with pytest.raises(BuildError, match="SSB tar ikke imot flere spørringer nå. Vent noen minutter"):
        fetching.get(ssb.address, "SSB", sleep=waited.append)
    assert waited == ([] if header == "3600" else [2, 2])


def another_variable(dataset: dict) -> None:
    dataset["id"][1] = "KOKregnskapsomfa0000"
    dataset["dimension"]["KOKregnskapsomfa0000"] = dataset["dimension"].pop("KOKfunksjon0000")


def another_code(dataset: dict) -> None:
    category = dataset["dimension"]["KOKart0000"]["category"]
    category["index"] = {"AGD10": 0, "AGD4": 1}
    category["label"] = {"AGD10": "Brutto", "AGD4": "Korrigerte"}


def another_unit(dataset: dict) -> None:
    dataset["dimension"]["ContentsCode"]["category"]["unit"]["KOSbelop0000"]["base"] = "kr"


def another_table(dataset: dict) -> None:
    dataset["label"] = "12163: Noe annet"


def too_few_numbers(dataset: dict) -> None:
    dataset["value"].pop()


def a_half_krone(dataset: dict) -> None:
    dataset["value"][0] = 1.5


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (another_variable, "Tabellen har andre variabler enn ventet."),
        (another_code, "Svaret har andre koder for KOKart0000 enn ventet: AGD10, AGD4."),
        (another_unit, "Tallene har enheten «kr» hos SSB, men vi venter «1000 kr»."),
        (another_table, "Svaret gjelder en annen tabell enn 12362"),
        (too_few_numbers, "Svaret har 47 tall, men det skal være 48."),
        (a_half_krone, "Kolonnen brutto_1000kr skal ha hele tall, men SSB oppgir 1.5."),
    ],
)
def test_a_table_that_ssb_has_changed_is_refused(asking: Path, ssb: Ssb, change, told: str):
    ssb.changed("12362", change)
    assert refused(asking).startswith(f"SSB tabell 12362 (kostra_2025): {told}")


def test_an_age_that_is_not_there_is_refused_since_a_sum_would_leave_people_out(asking: Path, ssb: Ssb):
    def change(dataset: dict) -> None:
        if "Alder" in dataset["id"]:
            category = dataset["dimension"]["Alder"]["category"]
            category["index"] = {"F17" if code == "017" else code: place for code, place in category["index"].items()}

    ssb.changed("07459", change)
    assert "Svaret har ikke hvert alderstrinn én gang" in refused(asking)


def test_a_file_that_cannot_be_written_leaves_all_of_them(asking: Path, monkeypatch: pytest.MonkeyPatch):
    replace = Path.replace

    def stubborn(path: Path, target: Path) -> Path:
        if target.name == "kostra_2025.csv":
            raise PermissionError(13, "in use", str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stubborn)
    before = state(asking)
    fetched = freezing.fetch(asking, NOW)
    with pytest.raises(BuildError, match="Lukk filen om den er åpen i et annet program"):
        freezing._write(asking, fetched.files)
    assert state(asking) == before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("http://127", "ftp://127", "«adresse» må begynne med https://."),
        ("800000", "40", "Spørringen for kostra_2025 ber om 48 celler. SSB gir høyst 40 i én spørring."),
        ("lisens:", "licence:", "Filen mangler «lisens». Hent fram en tidligere utgave av filen."),
    ],
)
def test_orders_that_cannot_be_fetched(asking: Path, ssb: Ssb, old: str, new: str, told: str):
    orders = asking / "data/statistikk.yml"
    orders.write_text(orders.read_text("utf-8").replace(old, new), "utf-8")
    assert told in refused(asking)
    assert ssb.asked == []


def test_the_address_stands_in_the_data_and_the_books_say_what_is_not_known():
    root = Path(__file__).resolve().parents[3]
    kept = rows((root / BOOKS).read_bytes())
    assert [row["tabell"] for row in kept] == ["befolkning", "befolkning_alder_2026", "kostra_2025"]
    for row in kept:
        assert hashlib.sha256((root / "data" / row["fil"]).read_bytes()).hexdigest() == row["sha256"]
        assert bool(row["hentet"]) == bool(row["sporring"]) == bool(row["svar"])
        if not row["hentet"]:
            assert "er ikke oppgitt" in row["merknad"]


def test_a_frozen_table_that_was_edited_is_found_by_its_checksum(asking: Path):
    path = asking / KOSTRA
    path.write_bytes(path.read_bytes().replace(b"43178", b"43179"))
    with pytest.raises(BuildError, match="Tabellen er ikke slik den ble frosset"):
        validation.validate(asking)


def test_an_answer_that_nothing_tells_of_is_found(asking: Path):
    (asking / "data/raw/ssb/annet.json").write_text(json.dumps({}), "utf-8")
    with pytest.raises(
        BuildError, match=r"data/raw/ssb/annet\.json: Svaret fra SSB er ikke det som står i data/frosset\.csv"
    ):
        validation.validate(asking)
