"""What a workgroup is told when a table is at fault.

Each case makes one fault in a copy of the real data and gives every line that must be told, word for word.
"""

from __future__ import annotations

import csv
import io
import json
import math
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import data
from publishing import advice, sheets, validation
from publishing.errors import BuildError
from tests.hostile import PRIVATE, RUN_BY_EXCEL, SHOWN, UNSEEN

ROOT = Path(__file__).resolve().parents[2]
STAFFING, TOTALS, CLERICAL = "raw/sak/bemanning.csv", "raw/sak/oppgitte_summer.csv", "raw/sak/merkantile.csv"
POPULATION = "raw/ssb/befolkning.csv"
ASSUMPTIONS = "forutsetninger.csv"
SCORES = "modell/vurdering.csv"

Edit = Callable[[Path], None]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a copy of the data, to be spoilt."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path


def told(project: Path) -> list[str]:
    """The lines that validation tells, none when all is well."""
    try:
        validation.validate(project)
    except BuildError as error:
        return error.problems
    return []


# Faults, as functions of the data folder.


def text(file: str, old: str, new: str) -> Edit:
    """Replace ``old``, which must be there exactly once, with ``new``."""

    def edit(folder: Path) -> None:
        content = (folder / file).read_bytes().decode("utf-8")
        assert content.count(old) == 1, f"{old!r} occurs {content.count(old)} times in {file}"
        (folder / file).write_bytes(content.replace(old, new).encode("utf-8"))

    return edit


def cell(file: str, row: int, column: str, value: str) -> Edit:
    """Write ``value`` in one cell; ``row`` as Excel counts it."""

    def edit(folder: Path) -> None:
        records = list(csv.reader(io.StringIO((folder / file).read_text("utf-8"), newline="")))
        records[row - 1][records[0].index(column)] = value
        save(folder / file, records)

    return edit


def line(file: str, row: int, change: Callable[[str], str]) -> Edit:
    """Change one line, as a text editor would."""

    def edit(folder: Path) -> None:
        lines = (folder / file).read_text("utf-8").splitlines()
        lines[row - 1] = change(lines[row - 1])
        (folder / file).write_text("\n".join(lines) + "\n", "utf-8")

    return edit


def append(file: str, added: str) -> Edit:
    return lambda folder: (folder / file).write_text((folder / file).read_text("utf-8") + added, "utf-8")


def whole(file: str, content: bytes) -> Edit:
    return lambda folder: (folder / file).write_bytes(content)


def recode(file: str, encoding: str) -> Edit:
    return lambda folder: (folder / file).write_bytes((folder / file).read_text("utf-8").encode(encoding))


def only_header(file: str) -> Edit:
    return lambda folder: (folder / file).write_text((folder / file).read_text("utf-8").splitlines()[0] + "\n", "utf-8")


def drop(file: str) -> Edit:
    return lambda folder: (folder / file).unlink()


def without_column(file: str, column: str) -> Edit:
    def edit(folder: Path) -> None:
        records = list(csv.reader(io.StringIO((folder / file).read_text("utf-8"), newline="")))
        index = records[0].index(column)
        save(folder / file, [record[:index] + record[index + 1 :] for record in records])

    return edit


def norwegian_excel(file: str, encoding: str = "utf-8-sig") -> Edit:
    """Semicolons between columns and a comma in numbers, as Excel in Norway saves a table."""

    def edit(folder: Path) -> None:
        records = list(csv.reader(io.StringIO((folder / file).read_text("utf-8"), newline="")))
        commas = [
            [field.replace(".", ",") if advice.is_plain_number(field, False) else field for field in r] for r in records
        ]
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=";").writerows(commas)
        (folder / file).write_bytes(stream.getvalue().encode(encoding))

    return edit


def save(path: Path, records: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(records)
    path.write_text(stream.getvalue(), "utf-8")


def all_of(*edits: Edit) -> Edit:
    def edit(folder: Path) -> None:
        for one in edits:
            one(folder)

    return edit


def rows_with(file: str, column: str, value: str) -> list[int]:
    """The rows, as Excel counts them, where a column of the real table has a value: gaps come and go."""
    records = csv.DictReader(io.StringIO((ROOT / "data" / file).read_text("utf-8"), newline=""))
    return [number for number, record in enumerate(records, start=2) if record[column] == value]


SAVE = "data/README.md viser hvordan du lagrer riktig fra Excel."
PLAIN = "(punktum som desimaltegn, ingen mellomrom og ingen enhet)"
AGE = (
    "Her står alderen til én person. Det er en personopplysning, og den skal ikke stå i datagrunnlaget (verdien gjentas "
    "ikke her). Slett den, la alder_status stå som «tilbakeholdt», og si fra til prosjektlederen. Er filen allerede delt "
    "eller lagret i historikken, må alderen fjernes også der."
)

DELIVERED = "raw/levert/leverte_opplysninger.csv"

FAULTS: dict[str, tuple[Edit, list[str]]] = {
    # Files
    "missing file": (
        drop("avvik.csv"),
        [
            "data/avvik.csv: Filen finnes ikke, men er beskrevet i data/datapackage.json. Hent den fram igjen, eller fjern "
            "beskrivelsen."
        ],
    ),
    "missing file that others refer to": (
        drop("kommuner.csv"),
        [
            "data/kommuner.csv: Filen finnes ikke, men er beskrevet i data/datapackage.json. Hent den fram igjen, eller "
            "fjern beskrivelsen."
        ],
    ),
    "empty file": (
        whole(STAFFING, b""),
        [f"data/{STAFFING}: Filen er tom. Hent fram en tidligere utgave av filen, eller lever den på nytt."],
    ),
    "file of blank lines": (
        whole(STAFFING, b"\r\n\r\n"),
        [f"data/{STAFFING}: Filen er tom. Hent fram en tidligere utgave av filen, eller lever den på nytt."],
    ),
    "wrong encoding": (
        recode(STAFFING, "cp1252"),
        [
            f"data/{STAFFING}, rad 2: Filen er ikke lagret som UTF-8, men trolig som Windows-1252; det ses på «åpningstid»."
            f" Lagre den som «CSV UTF-8». {SAVE}"
        ],
    ),
    "wrong encoding in a table that others refer to": (
        recode("omrader.csv", "cp1252"),
        [
            "data/omrader.csv, rad 3: Filen er ikke lagret som UTF-8, men trolig som Windows-1252; det ses på «journalføring»."
            f" Lagre den som «CSV UTF-8». {SAVE}"
        ],
    ),
    "UTF-16": (
        recode(STAFFING, "utf-16"),
        [f"data/{STAFFING}: Filen er lagret som UTF-16 («Unicode-tekst»). Lagre den som «CSV UTF-8». {SAVE}"],
    ),
    "garbled letters": (
        cell("kommuner.csv", 2, "kommune", "SkÃ¥un"),
        [
            "data/kommuner.csv, rad 2, kolonnen kommune: «SkÃ¥un» har ødelagte tegn (æ, ø, å eller anførselstegn). "
            "Skriv teksten på nytt.",
            *(
                f"data/raw/{file}, rad {row}, kolonnen kommunenr: «5029» og «Skaun» står ikke sammen i data/kommuner.csv. "
                "Der står 5029 og SkÃ¥un, 5028 og Melhus, 5027 og Midtre Gauldal. Rett verdien, eller legg den inn der først."
                for file, rows in (
                    ("ssb/befolkning.csv", range(4, 20, 3)),
                    ("ssb/befolkning_alder_2026.csv", range(16, 23)),
                )
                for row in rows
            ),
        ],
    ),
    "semicolons": (
        norwegian_excel(STAFFING),
        [
            f"data/{STAFFING}, rad 1: Kolonnene er skilt med semikolon. Lagre filen på nytt med komma mellom kolonnene og "
            f"punktum som desimaltegn. {SAVE}"
        ],
    ),
    "semicolons and wrong encoding": (
        norwegian_excel("kommuner.csv", "cp1252"),
        [
            "data/kommuner.csv, rad 1: Kolonnene er skilt med semikolon. Lagre filen på nytt med komma mellom kolonnene og "
            f"punktum som desimaltegn. {SAVE}"
        ],
    ),
    "tabs": (
        lambda folder: (folder / STAFFING).write_text(
            (folder / STAFFING).read_text("utf-8").replace(",", "\t"), "utf-8"
        ),
        [
            f"data/{STAFFING}, rad 1: Kolonnene er skilt med tabulator. Lagre filen på nytt med komma mellom kolonnene og "
            f"punktum som desimaltegn. {SAVE}"
        ],
    ),
    "unclosed quotation mark": (
        line(STAFFING, 4, lambda line: line.rstrip('"')),
        [
            f"data/{STAFFING}, rad 4: Et anførselstegn er åpnet uten å bli lukket, eller lukket midt i en celle. Sett det "
            "rundt hele teksten."
        ],
    ),
    "undescribed CSV": (
        whole("raw/sak/volum.csv", b"kommunenr,anrop\n5029,1000\n"),
        [
            "data/raw/sak/volum.csv: Tabellen er ikke beskrevet i data/datapackage.json og blir ikke brukt. Beskriv den der, "
            "eller fjern filen."
        ],
    ),
    "workbook": (
        whole("raw/sak/volum.xlsx", b"PK"),
        [f"data/raw/sak/volum.xlsx: Filen kan ikke leses som tabell og blir ikke brukt. Lagre den som CSV. {SAVE}"],
    ),
    # Columns
    "missing column": (
        without_column(STAFFING, "arsverk"),
        [
            f"data/{STAFFING}, rad 1, kolonnen arsverk: Kolonnen mangler. Legg den inn; rad 1 skal være omrade,kommunenr,"
            "arsverk,budsjett_2025_kr,alder_fra,alder_til,alder_status,status,kilde."
        ],
    ),
    "misspelt column": (
        text(STAFFING, ",arsverk,", ",årsverk,"),
        [f"data/{STAFFING}, rad 1, kolonnen arsverk: Kolonnen mangler. Rett «årsverk» til «arsverk»."],
    ),
    "column too many": (
        lambda folder: save(
            folder / CLERICAL,
            [[*r, "x"] for r in csv.reader(io.StringIO((folder / CLERICAL).read_text("utf-8"), newline=""))],
        ),
        [
            f"data/{CLERICAL}, rad 1: Kolonnen «x» er ikke beskrevet i data/datapackage.json. Fjern kolonnen, eller beskriv "
            "den der."
        ],
    ),
    "columns in another order": (
        text("underomrader.csv", "omrade,underomrade,", "underomrade,omrade,"),
        [
            "data/underomrader.csv, rad 1: Kolonnene står i feil rekkefølge. Rad 1 skal være omrade,underomrade,navn,"
            "kostra_funksjon."
        ],
    ),
    # Rows
    "doubled row": (
        lambda folder: append(TOTALS, (folder / TOTALS).read_text("utf-8").splitlines()[1] + "\n")(folder),
        [f"data/{TOTALS}, rad 5: Raden er en gjentakelse av rad 2. Slett den ene."],
    ),
    "doubled row in a table with unique columns": (
        append("kommuner.csv", "5028,Melhus,melhus,2\n"),
        ["data/kommuner.csv, rad 5: Raden er en gjentakelse av rad 3. Slett den ene."],
    ),
    "two rows for the same": (
        append(TOTALS, "sentralbord,2.7,2080000,oppgitt,Ny levering fra arbeidsgruppen\n"),
        [f"data/{TOTALS}, rad 5: Raden gjelder det samme som rad 2, men har et annet innhold. Slett den som er feil."],
    ),
    "empty row": (append(TOTALS, ",,,,\n"), [f"data/{TOTALS}, rad 5: Raden er tom. Slett den."]),
    "extra cell": (
        line(TOTALS, 3, lambda line: line + ",ekstra"),
        [
            f"data/{TOTALS}, rad 3: Raden har 1 celle for mye. Skriv tall med punktum (6.2), og sett anførselstegn om tekst "
            "som har komma i seg."
        ],
    ),
    "decimal comma typed in a text editor": (
        line(TOTALS, 2, lambda line: line.replace("2.6", "2,6")),
        [
            f"data/{TOTALS}, rad 2: Raden har 1 celle for mye. Skriv tall med punktum (6.2), og sett anførselstegn om tekst "
            "som har komma i seg."
        ],
    ),
    "missing cells": (
        line(TOTALS, 3, lambda line: ",".join(line.split(",")[:3])),
        [f"data/{TOTALS}, rad 3: Raden har 2 celler for lite. La det stå et komma også for celler som er tomme."],
    ),
    "missing row": (
        line(STAFFING, 9, lambda line: line.replace("lonn-regnskap-fakturering,5028", "samfunnsutvikling,5028")),
        [
            f"data/{STAFFING}: Raden for omrade «lonn-regnskap-fakturering», kommunenr «5028» mangler. Legg den inn. Er "
            "tallet ikke levert, skriver du «mangler» under status."
        ],
    ),
    "missing row of population": (
        cell(POPULATION, 2, "dato", "2020-01-01"),
        [
            f"data/{POPULATION}: Raden for dato «2020-01-01», kommunenr «5028» mangler. Legg den inn.",
            f"data/{POPULATION}: Raden for dato «2020-01-01», kommunenr «5029» mangler. Legg den inn.",
            f"data/{POPULATION}: Raden for dato «2021-01-01», kommunenr «5027» mangler. Legg den inn.",
        ],
    ),
    # Cells
    "unknown municipality": (
        cell(STAFFING, 3, "kommunenr", "5030"),
        [
            f"data/{STAFFING}, rad 3, kolonnen kommunenr: «5030» står ikke i data/kommuner.csv. Der står 5029, 5028, 5027. "
            "Rett verdien, eller legg den inn der først."
        ],
    ),
    "number and name of different municipalities": (
        cell(POPULATION, 2, "kommune", "Melhus"),
        [
            f"data/{POPULATION}, rad 2, kolonnen kommunenr: «5027» og «Melhus» står ikke sammen i data/kommuner.csv. Der står "
            "5029 og Skaun, 5028 og Melhus, 5027 og Midtre Gauldal. Rett verdien, eller legg den inn der først."
        ],
    ),
    "unknown municipality in a gap": (
        cell("datahull.csv", 2, "kommune", "Skaun"),
        [
            "data/datahull.csv, rad 2, kolonnen kommune: «Skaun» er ikke en kommune her. Skriv én av disse: skaun, melhus, "
            "midtre-gauldal, alle."
        ],
    ),
    "unknown municipality of a quantity": (
        cell("opplysninger.csv", 2, "kommuner", "skaun;Melhus"),
        [
            "data/opplysninger.csv, rad 2, kolonnen kommuner: «Melhus» er ikke en kommune her. Skriv én av disse: skaun, melhus, "
            "midtre-gauldal, alle."
        ],
    ),
    "delivered number of a quantity that is not there": (
        cell(DELIVERED, 2, "opplysning", "sentralbord.volum"),
        [
            f"data/{DELIVERED}, rad 2, kolonnen opplysning: «sentralbord.volum» står ikke i data/opplysninger.csv. "
            "Rett verdien, eller legg den inn der først."
        ],
    ),
    "delivered number without a row": (
        text(
            DELIVERED,
            "sentralbord,sentralbord.volum-anrop,5029,,mangler,Ingen har levert tallet. Saken oppgir det ikke for Skaun.\n",
            "",
        ),
        [
            f"data/{DELIVERED}: Raden for omrade «sentralbord», opplysning «sentralbord.volum-anrop», kommunenr «5029» "
            "mangler. Legg den inn. Er tallet ikke levert, skriver du «mangler» under status."
        ],
    ),
    "delivered number of another area": (
        cell(DELIVERED, 2, "omrade", "postmottak-arkiv"),
        [
            f"data/{DELIVERED}, rad 2, kolonnen omrade: Opplysningen hører til sentralbord, ikke «postmottak-arkiv». Rett området."
        ],
    ),
    "delivered number above its limit": (
        all_of(cell(DELIVERED, 5, "verdi", "169"), cell(DELIVERED, 5, "status", "oppgitt")),
        [
            f"data/{DELIVERED}, rad 5, kolonnen verdi: «169» er for høyt. Den største verdien er 168 timer per uke. Rett tallet."
        ],
    ),
    "delivered number with more decimals than are shown": (
        all_of(cell(DELIVERED, 2, "verdi", "12000.5"), cell(DELIVERED, 2, "status", "oppgitt")),
        [f"data/{DELIVERED}, rad 2, kolonnen verdi: «12000.5» har for mange desimaler. Skriv hele tall."],
    ),
    "delivered count of fewer than five persons": (
        all_of(cell(DELIVERED, 14, "verdi", "4"), cell(DELIVERED, 14, "status", "oppgitt")),
        [
            f"data/{DELIVERED}, rad 14, kolonnen verdi: Tallet gjelder færre enn fem personer (verdien gjentas ikke her). "
            "Slett det, og skriv «tilbakeholdt» under status."
        ],
    ),
    "unknown area": (
        cell(STAFFING, 5, "omrade", "postmottak"),
        [
            f"data/{STAFFING}, rad 5, kolonnen omrade: «postmottak» står ikke i data/omrader.csv. Der står sentralbord, "
            "postmottak-arkiv, lonn-regnskap-fakturering, samfunnsutvikling, felles. Rett verdien, eller legg den inn der "
            "først."
        ],
    ),
    "negative årsverk": (
        cell(STAFFING, 8, "arsverk", "-6.2"),
        [
            f"data/{STAFFING}, rad 8, kolonnen arsverk: «-6.2» er for lavt. Den minste verdien kolonnen kan ha, er 0. Rett tallet."
        ],
    ),
    "text in a number": (
        cell(STAFFING, 8, "arsverk", "ca. seks"),
        [
            f"data/{STAFFING}, rad 8, kolonnen arsverk: «ca. seks» er ikke et tall. Skriv tallet med sifre og punktum som "
            "desimaltegn. Finnes ikke tallet, skal cellen være tom og kolonnen status være «mangler»."
        ],
    ),
    "decimal comma": (
        cell(STAFFING, 8, "arsverk", "6,2"),
        [f"data/{STAFFING}, rad 8, kolonnen arsverk: «6,2» er ikke et tall. Skriv 6.2 {PLAIN}."],
    ),
    "spaces between thousands, and a unit": (
        cell(STAFFING, 8, "budsjett_2025_kr", "5\u00a0500\u00a0000 kr"),
        [
            f"data/{STAFFING}, rad 8, kolonnen budsjett_2025_kr: «5\u00a0500\u00a0000 kr» er ikke et tall. Skriv 5500000 {PLAIN}."
        ],
    ),
    "fraction in a whole number": (
        cell(STAFFING, 8, "budsjett_2025_kr", "5500000.5"),
        [
            f"data/{STAFFING}, rad 8, kolonnen budsjett_2025_kr: «5500000.5» er ikke et tall. Kolonnen budsjett_2025_kr kan "
            "bare ha hele tall."
        ],
    ),
    "number that Excel made a date": (
        cell(STAFFING, 8, "arsverk", "06.feb"),
        [
            f"data/{STAFFING}, rad 8, kolonnen arsverk: «06.feb» er ikke et tall. Excel har trolig gjort tallet om til en dato. "
            "Skriv tallet på nytt. Velg «Tekst» som celleformat i Excel før du skriver."
        ],
    ),
    "nan": (
        cell(STAFFING, 8, "arsverk", "nan"),
        [
            f"data/{STAFFING}, rad 8, kolonnen arsverk: «nan» er ikke et tall. Skriv tallet med sifre og punktum som "
            "desimaltegn. Finnes ikke tallet, skal cellen være tom og kolonnen status være «mangler»."
        ],
    ),
    "Norwegian date": (
        cell("rettelser.csv", 2, "dato", "23.11.2026"),
        [
            "data/rettelser.csv, rad 2, kolonnen dato: «23.11.2026» er ikke en dato slik tabellene skriver den. Skriv "
            "2026-11-23. Velg «Tekst» som celleformat i Excel før du skriver."
        ],
    ),
    "month in words": (
        cell("raw/sak/milepaeler.csv", 2, "fra", "nov.24"),
        [
            "data/raw/sak/milepaeler.csv, rad 2, kolonnen fra: «nov.24» er ikke en måned slik tabellene skriver den. Skriv "
            "måneden som år-måned, for eksempel 2026-06. Velg «Tekst» som celleformat i Excel før du skriver.",
            "data/raw/sak/milepaeler.csv, rad 2, kolonnen til: Verdien er lavere enn den i fra. Bytt om de to, eller rett dem.",
        ],
    ),
    "missing source": (
        cell(STAFFING, 8, "kilde", ""),
        [
            f"data/{STAFFING}, rad 8, kolonnen kilde: Cellen er tom, men må fylles ut. Hvor opplysningen er hentet: dokument, "
            "avsnitt, tabell og rad."
        ],
    ),
    "misspelt status": (
        cell(STAFFING, 8, "status", "oppgit"),
        [
            f"data/{STAFFING}, rad 8, kolonnen status: «oppgit» er ikke et gyldig valg. Skriv én av disse: oppgitt, mangler, "
            "tilbakeholdt."
        ],
    ),
    "space after a word": (
        cell(STAFFING, 8, "status", "oppgitt "),
        [f"data/{STAFFING}, rad 8, kolonnen status: «oppgitt » har mellomrom først eller sist. Fjern mellomrommet."],
    ),
    "number beside «mangler»": (
        cell(CLERICAL, 2, "arsverk", "3.1"),
        [
            f"data/{CLERICAL}, rad 2, kolonnen arsverk: Cellen har «3.1», men status er «mangler». Slett verdien, eller skriv "
            "«oppgitt» i status hvis den er levert og kan vises."
        ],
    ),
    "no number beside «oppgitt»": (
        cell(CLERICAL, 3, "lonnskostnad_kr", ""),
        [
            f"data/{CLERICAL}, rad 3, kolonnen lonnskostnad_kr: Cellen er tom, men status er «oppgitt». Skriv tallet, eller "
            "skriv «mangler» i status."
        ],
    ),
    "ages the wrong way round": (
        all_of(cell(STAFFING, 9, "alder_fra", "66"), cell(STAFFING, 9, "alder_til", "47")),
        [
            f"data/{STAFFING}, rad 9, kolonnen alder_til: Verdien er lavere enn den i alder_fra. Bytt om de to, eller rett dem."
        ],
    ),
    "slug with capitals": (
        cell("kommuner.csv", 2, "slug", "Skaun"),
        [
            "data/kommuner.csv, rad 2, kolonnen slug: «Skaun» er ikke skrevet slik kolonnen krever. Kommunens navn med små "
            "bokstaver og bindestrek, slik det står i nøkkeltallenes id.",
            *(
                f"data/datahull.csv, rad {row}, kolonnen kommune: «skaun» er ikke en kommune her. Skriv én av disse: Skaun, melhus, "
                "midtre-gauldal, alle."
                for row in rows_with("datahull.csv", "kommune", "skaun")
            ),
            *(
                f"data/opplysninger.csv, rad {row}, kolonnen kommuner: «skaun» er ikke en kommune her. Skriv én av disse: Skaun, "
                "melhus, midtre-gauldal, alle."
                for row in rows_with("opplysninger.csv", "kommuner", "skaun;midtre-gauldal")
            ),
        ],
    ),
    "the same place in the order twice": (
        cell("kommuner.csv", 3, "rekkefolge", "1"),
        ["data/kommuner.csv, rad 3, kolonnen rekkefolge: «1» står også i rad 2, men skal stå én gang. Rett den ene."],
    ),
    # Privacy (the ages are made up)
    "ages for sentralbord": (
        all_of(cell(STAFFING, 2, "alder_fra", "44"), cell(STAFFING, 2, "alder_til", "44")),
        [f"data/{STAFFING}, rad 2, kolonnen alder_fra: {AGE}", f"data/{STAFFING}, rad 2, kolonnen alder_til: {AGE}"],
    ),
    "ages for sentralbord, said to be open": (
        all_of(
            cell(STAFFING, 2, "alder_fra", "44"),
            cell(STAFFING, 2, "alder_til", "44"),
            cell(STAFFING, 2, "alder_status", "oppgitt"),
        ),
        [
            f"data/{STAFFING}, rad 2, kolonnen alder_fra: {AGE}",
            f"data/{STAFFING}, rad 2, kolonnen alder_status: Alderen gjelder én person. Skriv «tilbakeholdt», og la alder_fra "
            "og alder_til stå tomme.",
            f"data/{STAFFING}, rad 2, kolonnen alder_til: {AGE}",
        ],
    ),
    "age of one person in another area": (
        all_of(cell(STAFFING, 5, "alder_fra", "44"), cell(STAFFING, 5, "alder_til", "44")),
        [
            f"data/{STAFFING}, rad 5, kolonnen alder_fra: {AGE}",
            f"data/{STAFFING}, rad 5, kolonnen alder_status: Alderen gjelder én person. Skriv «tilbakeholdt», og la alder_fra "
            "og alder_til stå tomme.",
            f"data/{STAFFING}, rad 5, kolonnen alder_til: {AGE}",
        ],
    ),
    "age that is not a number": (
        cell(STAFFING, 2, "alder_fra", "44 år"),
        [f"data/{STAFFING}, rad 2, kolonnen alder_fra: {AGE}"],
    ),
    "age by way of a correction": (
        append(
            "rettelser.csv",
            "alder,bemanning,omrade=sentralbord;kommunenr=5027,alder_fra,,44,Levert,Midtre Gauldal,2026-11-23\n",
        ),
        [
            "data/rettelser.csv, rad 3, kolonnen kolonne: Alder kan ikke rettes her, av hensyn til personvernet. Lever en ny "
            "utgave av bemanningstabellen."
        ],
    ),
    # Corrections
    "correction whose expected value no longer holds": (
        cell(TOTALS, 3, "budsjett_2025_kr", "6320000"),
        [
            "data/rettelser.csv, rad 2, kolonnen forventet: Tabellen «oppgitte_summer» har nå «6320000» i kolonnen "
            "budsjett_2025_kr (omrade=postmottak-arkiv), men rettelsen venter «6420000». Kontroller den nye verdien. Fjern "
            "rettelsen hvis den nye verdien er riktig; skriv den nye verdien under forventet hvis den fortsatt skal rettes."
        ],
    ),
    "correction of an unknown table": (
        cell("rettelser.csv", 2, "tabell", "oppgitte_summer.csv"),
        [
            "data/rettelser.csv, rad 2, kolonnen tabell: «oppgitte_summer.csv» er ikke en tabell. Skriv navnet på tabellen "
            "uten .csv, for eksempel bemanning."
        ],
    ),
    "correction of an unknown row": (
        cell("rettelser.csv", 2, "nokkel", "omrade=arkiv"),
        [
            "data/rettelser.csv, rad 2, kolonnen nokkel: Ingen rad i tabellen «oppgitte_summer» passer til «omrade=arkiv». "
            "Rett nøkkelen."
        ],
    ),
    "correction to a negative number": (
        cell("rettelser.csv", 2, "ny", "-6320000"),
        [
            "data/rettelser.csv, rad 2, kolonnen ny: «-6320000» er for lavt. Den minste verdien kolonnen budsjett_2025_kr kan "
            "ha, er 0."
        ],
    ),
    "two corrections of one cell": (
        append(
            "rettelser.csv",
            "igjen,oppgitte_summer,omrade=postmottak-arkiv,budsjett_2025_kr,6420000,6400000,Igjen,ingen,2026-11-23\n",
        ),
        [
            "data/rettelser.csv, rad 3, kolonnen nokkel: Rettelsen «postmottak-arkiv-sum» retter den samme cellen. Behold bare "
            "én av dem."
        ],
    ),
    # The mandate
    "list with an entry missing": (
        lambda folder: save(
            folder / "mandat/krav.csv",
            [
                record
                for record in csv.reader(io.StringIO((folder / "mandat/krav.csv").read_text("utf-8"), newline=""))
                if record[0] != "modellkriterier.11"
            ],
        ),
        [
            "data/mandat/lister.csv, rad 13, kolonnen antall: Listen «modellkriterier» har 10 punkter i data/mandat/krav.csv, "
            "men skal ha 11. Legg inn punktene som mangler, fjern dem som er for mange, eller rett antallet."
        ],
    ),
    "entry with another number": (
        cell("mandat/krav.csv", 2, "nr", "9"),
        [
            "data/mandat/lister.csv, rad 2, kolonnen liste: Punktene i listen «gevinstkriterier» er ikke nummerert 1–5 i "
            "data/mandat/krav.csv. Rett kolonnen nr der.",
            "data/mandat/krav.csv, rad 2, kolonnen id: «gevinstkriterier.01» passer ikke til listen og nummeret i raden. "
            "Skriv gevinstkriterier.09.",
        ],
    ),
    # The choice of model
    "score above the scale": (
        all_of(cell(SCORES, 2, "poeng", "6"), cell(SCORES, 2, "status", "oppgitt")),
        [
            f"data/{SCORES}, rad 2, kolonnen poeng: «6» er for høyt. Den største verdien kolonnen kan ha, er 5. Rett tallet."
        ],
    ),
    "score below the scale": (
        all_of(cell(SCORES, 2, "poeng", "0"), cell(SCORES, 2, "status", "oppgitt")),
        [
            f"data/{SCORES}, rad 2, kolonnen poeng: «0» er for lavt. Den minste verdien kolonnen kan ha, er 1. Rett tallet."
        ],
    ),
    "half a score": (
        all_of(cell(SCORES, 2, "poeng", "3,5"), cell(SCORES, 2, "status", "oppgitt")),
        [f"data/{SCORES}, rad 2, kolonnen poeng: «3,5» er ikke et tall. Kolonnen poeng kan bare ha hele tall."],
    ),
    "score that is said to be missing": (
        cell(SCORES, 2, "poeng", "3"),
        [
            f"data/{SCORES}, rad 2, kolonnen poeng: Cellen har «3», men status er «mangler». Slett verdien, eller skriv "
            "«oppgitt» i status hvis den er levert og kan vises."
        ],
    ),
    "decided without a score": (
        cell(SCORES, 2, "behandling", "vedtatt"),
        [
            f"data/{SCORES}, rad 2, kolonnen behandling: Raden er «vedtatt», men mangler poeng. Skriv poenget, eller skriv "
            "«utkast» i behandling."
        ],
    ),
    "unknown criterion": (
        cell(SCORES, 2, "kriterium", "modellkriterier.12"),
        [
            f"data/{SCORES}, rad 2, kolonnen kriterium: «modellkriterier.12» er ikke et punkt i listen modellkriterier. Skriv "
            "id-en til et av punktene der, fra modellkriterier.01 til modellkriterier.11."
        ],
    ),
    "criterion of another list": (
        cell("modell/fase1.csv", 2, "kriterium", "modellkriterier.01"),
        [
            "data/modell/fase1.csv, rad 2, kolonnen kriterium: «modellkriterier.01» er ikke et punkt i listen gevinstkriterier. "
            "Skriv id-en til et av punktene der, fra gevinstkriterier.01 til gevinstkriterier.05."
        ],
    ),
    "model that is not a form": (
        cell(SCORES, 2, "modell", "vertskommune"),
        [
            f"data/{SCORES}, rad 2, kolonnen modell: «vertskommune» er ikke en av modellene saken peker ut. Skriv én av disse: "
            "vertskommune-nemnd, vertskommune-administrativt, oppgavefellesskap."
        ],
    ),
    "model that the case does not shortlist": (
        cell(SCORES, 2, "modell", "iks"),
        [
            f"data/{SCORES}, rad 2, kolonnen modell: «iks» er ikke en av modellene saken peker ut. Skriv én av disse: "
            "vertskommune-nemnd, vertskommune-administrativt, oppgavefellesskap."
        ],
    ),
    "unknown group of tasks": (
        cell(SCORES, 2, "oppgavegruppe", "arkiv"),
        [
            f"data/{SCORES}, rad 2, kolonnen oppgavegruppe: «arkiv» er ikke en oppgavegruppe. Skriv én av disse: administrative, "
            "sentralbord, postmottak-arkiv, lonn-regnskap-fakturering, plan, byggesak, kart-geodata, landbruk.",
        ],
    ),
    "doubled score": (
        lambda folder: append(SCORES, (folder / SCORES).read_text("utf-8").splitlines()[1] + "\n")(folder),
        [f"data/{SCORES}, rad 35: Raden er en gjentakelse av rad 2. Slett den ene."],
    ),
    "two scores for the same": (
        line(SCORES, 3, lambda line: line.replace("modellkriterier.02", "modellkriterier.01")),
        [
            f"data/{SCORES}: Raden for oppgavegruppe «administrative», modell «vertskommune-administrativt», kriterium "
            "«modellkriterier.02» mangler. Legg den inn. Er poenget ikke satt, skriver du «mangler» under status.",
            f"data/{SCORES}, rad 3: Raden gjelder det samme som rad 2, men har et annet innhold. Slett den som er feil.",
        ],
    ),
    "point of the overview not answered": (
        lambda folder: save(
            folder / "modell/oversikt.csv",
            [
                record
                for record in csv.reader(io.StringIO((folder / "modell/oversikt.csv").read_text("utf-8"), newline=""))
                if record[:2] != ["sentralbord", "oversikt-modellvalg.10"]
            ],
        ),
        [
            "data/modell/oversikt.csv: Raden for omrade «sentralbord», punkt «oversikt-modellvalg.10» mangler. Legg den inn."
        ],
    ),
    "establishment cost of an area not mentioned": (
        line("etableringskostnader.csv", 3, lambda line: line.replace("sentralbord", "samfunnsutvikling")),
        [
            "data/etableringskostnader.csv: Raden for omrade «sentralbord», kategori «okonomi-etablering.02» mangler. Legg "
            "den inn. Er tallet ikke levert, skriver du «mangler» under status.",
            "data/etableringskostnader.csv, rad 15: Raden er en gjentakelse av rad 3. Slett den ene.",
        ],
    ),
    "area without tasks": (
        cell("modell/oppgavegrupper.csv", 2, "omrade", "samfunnsutvikling"),
        ["data/modell/oppgavegrupper.csv: Ingen rad gjelder området «sentralbord». Legg inn minst én."],
    ),
    "gain without a plan": (
        cell("modell/gevinstplan.csv", 2, "omrade", "samfunnsutvikling"),
        [
            "data/modell/gevinstplan.csv: Raden for omrade «sentralbord», gevinst «gevinstkriterier.01» mangler. Legg den inn."
        ],
    ),
    # Assumptions
    "assumption of more than everything": (
        cell(ASSUMPTIONS, 3, "hoy", "150"),
        [f"data/{ASSUMPTIONS}, rad 3, kolonnen hoy: «150» prosent er for mye. Skriv en verdi fra 0 til 100."],
    ),
    "assumption with low above high and no likely value": (
        all_of(cell(ASSUMPTIONS, 3, "lav", "60"), cell(ASSUMPTIONS, 3, "hoy", "50")),
        [f"data/{ASSUMPTIONS}, rad 3, kolonnen hoy: Verdien er lavere enn den i lav. Bytt om de to, eller rett dem."],
    ),
    "assumption with high below low": (
        cell(ASSUMPTIONS, 2, "hoy", "5"),
        [
            f"data/{ASSUMPTIONS}, rad 2, kolonnen hoy: Verdien er lavere enn den i lav. Bytt om de to, eller rett dem.",
        ],
    ),
    "assumption whose likely value is below the low one": (
        cell(ASSUMPTIONS, 2, "sannsynlig", "9"),
        [
            f"data/{ASSUMPTIONS}, rad 2, kolonnen sannsynlig: Verdien er lavere enn den i lav. Bytt om de to, eller rett dem."
        ],
    ),
    "assumption whose likely value is above the high one": (
        cell(ASSUMPTIONS, 2, "sannsynlig", "31"),
        [
            f"data/{ASSUMPTIONS}, rad 2, kolonnen hoy: Verdien er lavere enn den i sannsynlig. Bytt om de to, eller rett dem."
        ],
    ),
    "assumption without a high value": (
        cell(ASSUMPTIONS, 2, "hoy", ""),
        [
            f"data/{ASSUMPTIONS}, rad 2, kolonnen hoy: Cellen er tom, men må fylles ut. Den høyeste verdien vi regner med. Enheten står i kolonnen enhet."
        ],
    ),
    "assumption in another unit": (
        cell(ASSUMPTIONS, 5, "enhet", "prosent"),
        [
            f"data/{ASSUMPTIONS}, rad 5, kolonnen enhet: «horisont» skal oppgis i år, ikke i «prosent». Rett enheten, og kontroller verdiene i raden."
        ],
    ),
    "assumption that the computations need": (
        line(ASSUMPTIONS, 6, lambda line: line.replace("fravaer", "ferie")),
        [
            f"data/{ASSUMPTIONS}: Raden for «fravaer» mangler, og beregningene trenger den. Hent den fram fra en tidligere utgave av filen."
        ],
    ),
    # The description
    "no description": (
        drop("datapackage.json"),
        ["data/datapackage.json: Filen finnes ikke. Hent fram en tidligere utgave av filen."],
    ),
    "cost key whose parts do not make one whole": (
        cell("fordelingsnokler.csv", 6, "folketall", "0.6"),
        [
            "data/fordelingsnokler.csv, rad 6: Delene i nøkkelen «hybrid» skal bli 1 til sammen, men 0.6 + 0 + 0.5 + 0 blir noe annet. Rett delene."
        ],
    ),
    "cost key with a part above one": (
        cell("fordelingsnokler.csv", 2, "folketall", "2"),
        [
            "data/fordelingsnokler.csv, rad 2: Delene i nøkkelen «folketall» skal bli 1 til sammen, men 2 + 0 + 0 + 0 blir noe annet. Rett delene.",
            "data/fordelingsnokler.csv, rad 2, kolonnen folketall: «2» er for høyt. Den største verdien kolonnen kan ha, er 1. Rett tallet.",
        ],
    ),
    "worked example without an answer": (
        whole("regneeksempler/okonomi.yml", b"- {navn: A, tekst: B, regn: sum, inn: {tall: [1]}}\n"),
        ["data/regneeksempler/okonomi.yml: Eksemplet «A» mangler svar."],
    ),
    "worked examples that are no YAML": (
        whole("regneeksempler/okonomi.yml", b"- navn: [A\n"),
        ["data/regneeksempler/okonomi.yml, rad 2: Filen er ikke gyldig YAML. Se etter feil innrykk eller kolon."],
    ),
    "worked examples that are no list": (
        whole("regneeksempler/okonomi.yml", b""),
        ["data/regneeksempler/okonomi.yml: Filen skal være en liste av regneeksempler."],
    ),
    "description that is not JSON": (
        whole("datapackage.json", b'{\n  "name": "prosjekt"\n  "resources": []\n}\n'),
        [
            "data/datapackage.json, linje 3: Filen er ikke gyldig JSON fra tegn 3. Se etter et komma, et anførselstegn eller en "
            "klamme som mangler eller er for mye, på denne linjen eller den før."
        ],
    ),
    "description of nothing": (
        whole("datapackage.json", b"{}"),
        ["data/datapackage.json: Listen «resources» mangler eller er tom. Hent fram en tidligere utgave av filen."],
    ),
}


def test_the_data_of_the_project_are_in_order():
    validation.validate(ROOT)


def test_a_copy_is_in_order(project):
    assert told(project) == []


@pytest.mark.parametrize(("fault", "expected"), FAULTS.values(), ids=FAULTS)
def test_fault(project, fault, expected):
    fault(project / "data")
    assert told(project) == expected


def laid_in(project: Path, texts: Iterable[str]) -> list[str]:
    """What is told of each text, when each is laid in a row of its own."""
    for row, hostile in enumerate(texts, start=2):
        cell("datahull.csv", row, "hvorfor", hostile)(project / "data")
    return told(project)


def test_a_sign_that_no_eye_sees_is_refused(project):
    assert laid_in(project, UNSEEN.values()) == [
        f"data/datahull.csv, rad {row}, kolonnen hvorfor: Cellen har et usynlig tegn ({sign}). Slett innholdet, og skriv det på nytt for hånd."
        for row, sign in enumerate(UNSEEN, start=2)
    ]


def test_a_text_that_excel_would_run_is_refused(project):
    texts = [text for text in RUN_BY_EXCEL.values() if text.isprintable()]  # the others are told of as unseen
    found = laid_in(project, texts)
    assert found == [
        f"data/datahull.csv, rad {row}, kolonnen hvorfor: «{text}» begynner med et tegn som Excel tar for en formel. Begynn teksten med en bokstav."
        for row, text in enumerate(texts, start=2)
    ]


def test_what_tells_of_a_person_or_a_machine_is_refused_and_not_repeated(project):
    found = laid_in(project, PRIVATE.values())
    assert len(found) == len(PRIVATE)
    assert all("ville blitt publisert" in line and "kari" not in line for line in found)


def test_a_text_that_only_looks_like_mark_up_is_let_in(project):
    assert laid_in(project, SHOWN.values()) == []


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "http://evil.example", "data:text/html,x", "//evil.example"]
)
def test_a_source_leads_to_a_secure_address_and_nowhere_else(project, address):
    cell("kilder.csv", 3, "url", address)(project / "data")
    [line] = told(project)
    assert line.startswith("data/kilder.csv, rad 3, kolonnen url: ")


def withheld(folder: Path) -> None:
    """A number about few persons, as a delivery leaves it."""
    file = "raw/levert/leverte_opplysninger.csv"
    [row] = [
        number
        for number in rows_with(str(folder / file), "opplysning", "sentralbord.ansatte")
        if "5029" in (folder / file).read_text("utf-8").splitlines()[number - 1]
    ]
    cell(file, row, "status", "tilbakeholdt")(folder)


@pytest.mark.parametrize("hidden", [True, False], ids=["withheld", "few"])
def test_a_correction_does_not_publish_what_is_withheld(project, hidden):
    if hidden:
        withheld(project / "data")
    new = "12" if hidden else "3"
    append(
        "rettelser.csv",
        f"x,leverte_opplysninger,opplysning=sentralbord.ansatte;kommunenr=5029,verdi,,{new},Talt på nytt.,økonomisjefen i Skaun,2027-01-01\n",
    )(project / "data")
    column = "nokkel" if hidden else "ny"
    assert told(project) == [
        f"data/rettelser.csv, rad 3, kolonnen {column}: Rettelsen gjelder et tall som er holdt tilbake, eller færre enn fem personer "
        "(verdien gjentas ikke her). Slett raden, og lever tallet på nytt i skjemaet."
    ]


def test_every_message_says_where_in_one_line():
    for _, expected in FAULTS.values():
        for message in expected:
            assert message.startswith("data/")
            assert message.endswith(".")
            assert "\n" not in message


def test_all_faults_are_told_at_once_in_the_order_of_the_tables(project):
    for name in ("doubled row", "decimal comma", "missing file", "workbook"):
        FAULTS[name][0](project / "data")
    assert told(project) == [
        message for name in ("workbook", "missing file", "decimal comma", "doubled row") for message in FAULTS[name][1]
    ]


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(recode(STAFFING, "utf-8-sig"), id="BOM"),
        pytest.param(
            lambda folder: (folder / STAFFING).write_bytes((folder / STAFFING).read_bytes().replace(b"\n", b"\r\n")),
            id="Windows line endings",
        ),
        pytest.param(whole("raw/sak/~$bemanning.xlsx", b"open in Excel"), id="lock file of Excel"),
        pytest.param(whole("raw/sak/.~lock.bemanning.csv#", b"open in LibreOffice"), id="lock file of LibreOffice"),
        pytest.param(cell(STAFFING, 2, "kilde", "Skaun kommune, «svar»,\nper e-post"), id="line break in a cell"),
        pytest.param(only_header("datahull.csv"), id="nothing missing any more"),
        pytest.param(only_header("rettelser.csv"), id="nothing corrected"),
    ],
)
def test_what_is_accepted(project, edit):
    edit(project / "data")
    assert told(project) == []


def test_rows_are_counted_as_excel_counts_them(project):
    """A cell with a line break is one row in Excel, though two lines in the file."""
    all_of(cell(STAFFING, 2, "kilde", "Saken,\nside 12"), cell(STAFFING, 8, "arsverk", "6,2"))(project / "data")
    [message] = told(project)
    assert message.startswith(f"data/{STAFFING}, rad 8, ")


def test_encoding_is_told_by_row_also_after_a_line_break(project):
    all_of(cell(STAFFING, 3, "omrade", "a\nb"), recode(STAFFING, "cp1252"))(project / "data")
    assert f"data/{STAFFING}, rad 2: " in told(project)[0]


@pytest.mark.parametrize("column", [field["name"] for field in data.description()["bemanning"]["schema"]["fields"]])
@pytest.mark.parametrize("age", ["44", "44 år"])
def test_no_message_repeats_an_age(project, age, column):
    """Not in its own column, nor in any that it may slip into."""
    cell(STAFFING, 2, column, age)(project / "data")
    messages = told(project)
    assert messages or column in ("arsverk", "budsjett_2025_kr", "kilde")
    if age == "44" or column in ("alder_fra", "alder_til"):
        assert not any("44" in message for message in messages)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.one_of(
        st.text(max_size=12),
        st.text("0123456789.,-+e_ \u00a0", max_size=12),
        st.floats(-10, 10).map(str),
        st.sampled_from(["nan", "inf", "1e5", "1_0", "١٢", "6.2", "0", "007"]),
    ),
    column=st.sampled_from(["arsverk", "budsjett_2025_kr", "alder_fra"]),
)
def test_what_passes_can_be_computed_with(project, value, column):
    """Whatever a workgroup writes in a cell: it is refused in words, or it is a number that the analysis can use."""
    shutil.copy(ROOT / "data" / STAFFING, project / "data" / STAFFING)
    cell(STAFFING, 8, column, value)(project / "data")
    if not told(project):
        number = data.load("bemanning", project).loc[6, column]
        assert not pd.isna(number)
        assert math.isfinite(number)
        assert number >= 0


def test_invalid_description_of_a_column(project):
    path = project / "data" / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    package["resources"][0]["schema"]["fields"][0]["type"] = "tall"
    path.write_text(json.dumps(package), "utf-8")
    [message] = told(project)
    assert message.startswith("data/datapackage.json: Beskrivelsen av tabellene er ikke gyldig.")
    assert "tall" in message


@pytest.mark.parametrize("key", ["name", "path", "encoding", "sources"])
def test_gap_in_the_description(project, key):
    path = project / "data" / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    del package["resources"][0][key]
    path.write_text(json.dumps(package), "utf-8")
    name = "nummer 1" if key == "name" else "kommuner"
    assert told(project) == [f"data/datapackage.json: Tabellen {name} mangler «{key}». Legg det inn."]


# The parts


@given(st.decimals(-(10**9), 10**9, places=2))
def test_advice_understands_numbers_as_norwegians_write_them(number):
    digits = f"{number:,.2f}"
    for space in (" ", "\u00a0", "\u202f", "."):
        norwegian = digits.replace(",", space).replace(".", ",") if space != "." else digits.translate({44: 46, 46: 44})
        for unit in ("", " kr", " årsverk", "%"):
            meant = advice.plain_number(norwegian + unit)
            assert meant is not None
            assert float(meant) == float(number)
            assert advice.is_plain_number(meant, whole=False)


@given(st.text())
def test_advice_is_given_for_any_text(content):
    for field in ({"name": "a", "type": "integer"}, {"name": "a", "type": "number", "statusColumn": "status"}):
        assert advice.for_number(content, field).endswith(".")
    assert advice.for_date(content, "date").endswith(".")
    assert advice.for_date(content, "yearmonth").endswith(".")


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=20)


@given(st.lists(st.lists(cells, min_size=3, max_size=3)))
def test_what_is_written_as_csv_is_read_back(records):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["a", "b", "c"], *records])
    sheet = sheets.read(stream.getvalue().encode("utf-8"), "data/prove.csv", ["a", "b", "c"])
    assert isinstance(sheet, sheets.Sheet)
    expected = {
        number: record for number, record in enumerate(records, start=2) if any(field.strip() for field in record)
    }
    assert {row.number: list(row.cells.values()) for row in sheet.rows} == expected


@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused(content):
    found = sheets.read(content, "data/prove.csv", ["a", "b"])
    assert isinstance(found, sheets.Sheet) or found
