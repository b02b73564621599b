"""The tables hold what the case prints, and nothing that they must not hold.

The figures below were copied by hand from the case paper. They are a second, independent copy: a slip in ``data/`` does
not slip in here too.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path

import pytest

from analysis.model import Status

DATA = Path(__file__).resolve().parents[2] / "data"
PACKAGE = json.loads((DATA / "datapackage.json").read_text("utf-8"))
RESOURCES = {resource["name"]: resource for resource in PACKAGE["resources"]}
MIDTRE_GAULDAL, MELHUS, SKAUN = "5027", "5028", "5029"
CASE = "Saksframlegget, "


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / RESOURCES[table]["path"]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables_with(column: str) -> list[str]:
    return [
        name for name, resource in RESOURCES.items() if any(f["name"] == column for f in resource["schema"]["fields"])
    ]


# The staffing tables of the case: årsverk, budget 2025 in kroner, lowest and highest age.
STAFFING = {
    ("lonn-regnskap-fakturering", MIDTRE_GAULDAL): ("6.2", "5500000", "30", "60"),
    ("lonn-regnskap-fakturering", MELHUS): ("6.4", "5200000", "47", "66"),
    ("lonn-regnskap-fakturering", SKAUN): ("5.0", "4100000", "59", "66"),
    # One person in each municipality: the age is personal data and is not carried.
    ("sentralbord", MIDTRE_GAULDAL): ("0.8", "640000", "", ""),
    ("sentralbord", MELHUS): ("1", "800000", "", ""),
    ("sentralbord", SKAUN): ("0.8", "640000", "", ""),
    ("postmottak-arkiv", MIDTRE_GAULDAL): ("1.7", "1360000", "32", "65"),
    ("postmottak-arkiv", MELHUS): ("3.7", "2960000", "25", "61"),
    ("postmottak-arkiv", SKAUN): ("2.5", "2000000", "27", "47"),
}

# The rows TOTALT as printed, also where the cells do not add up to them (postmottak og arkiv: 6 320 000).
TOTALS = {
    "lonn-regnskap-fakturering": ("17.6", "14800000"),
    "sentralbord": ("2.6", "2080000"),
    "postmottak-arkiv": ("7.9", "6420000"),
}


def test_staffing_is_as_the_case_prints_it():
    printed = {
        (row["omrade"], row["kommunenr"]): (row["arsverk"], row["budsjett_2025_kr"], row["alder_fra"], row["alder_til"])
        for row in rows("bemanning")
    }
    assert printed == STAFFING


def test_totals_are_as_the_case_prints_them():
    assert {row["omrade"]: (row["arsverk"], row["budsjett_2025_kr"]) for row in rows("oppgitte_summer")} == TOTALS


@pytest.mark.parametrize(
    ("area", "fte_differs_by", "kroner_differ_by"),
    [("sentralbord", 0, 0), ("lonn-regnskap-fakturering", 0, 0), ("postmottak-arkiv", 0, 100_000)],
)
def test_printed_totals_against_cells(area, fte_differs_by, kroner_differ_by):
    cells = [row for row in rows("bemanning") if row["omrade"] == area]
    total = next(row for row in rows("oppgitte_summer") if row["omrade"] == area)
    assert float(total["arsverk"]) - sum(float(row["arsverk"]) for row in cells) == pytest.approx(fte_differs_by)
    assert int(total["budsjett_2025_kr"]) - sum(int(row["budsjett_2025_kr"]) for row in cells) == kroner_differ_by


@pytest.mark.parametrize("row", rows("bemanning"), ids=lambda row: f"{row['omrade']}-{row['kommunenr']}")
def test_standard_rate_of_sentralbord_and_arkiv(row):
    per_fte = float(row["budsjett_2025_kr"]) / float(row["arsverk"])
    assert (round(per_fte, 2) == 800_000) == (row["omrade"] != "lonn-regnskap-fakturering")


def test_clerical_staff_of_melhus_alone():
    found = {row["kommunenr"]: (row["arsverk"], row["lonnskostnad_kr"], row["status"]) for row in rows("merkantile")}
    assert found == {
        MIDTRE_GAULDAL: ("", "", "mangler"),
        MELHUS: ("6.44", "4200000", "oppgitt"),
        SKAUN: ("", "", "mangler"),
    }


def test_experience_figures():
    found = {row["id"]: (row["verdi_fra"], row["verdi_til"], row["enhet"]) for row in rows("erfaringstall")}
    assert found == {
        "akst-innsparing": ("21", "21", "prosent"),
        "akst-ansatte": ("37", "37", "ansatte"),
        "akst-oppstart": ("2015", "2015", "årstall"),
        "andre-innsparing": ("10", "30", "prosent"),
    }


def test_grant_and_inhabitants():
    assert [(row["ar"], row["belop_kr"]) for row in rows("skjonnsmidler")] == [("2025", "1100000")]
    assert [(row["periode"], row["innbyggere"]) for row in rows("innbyggere_oppgitt")] == [("2024-08", "32338")]


def test_milestones():
    found = {(row["spor"], row["fra"], row["til"]): row["tekst"] for row in rows("milepaeler")}
    assert found == {
        ("administrative", "2024-11", "2024-11"): "06.11.24",
        ("administrative", "2025-03", "2025-03"): "1. mars 2025",
        ("felles", "2025-09", "2025-11"): "høsten 2025",
        ("administrative", "2026-01", "2026-01"): "januar 2026",
        ("administrative", "2026-01", "2026-02"): "januar/februar 2026",
        ("administrative", "2026-03", "2026-05"): "våren 2026",
        ("administrative", "2026-05", "2026-05"): "mai 2026",
        ("administrative", "2026-06", "2026-06"): "juni 2026",
        ("administrative", "2027-01", "2027-01"): "januar 2027",
        ("samfunnsutvikling", "2025-12", "2025-12"): "desember 2025",
        ("samfunnsutvikling", "2026-05", "2026-05"): "mai 2026",
        ("samfunnsutvikling", "2026-06", "2026-06"): "juni 2026",
        ("samfunnsutvikling", "2026-12", "2027-01"): "årsskiftet 2026/27",
        ("samfunnsutvikling", "2027-08", "2027-08"): "august 2027",
    }


def test_cooperation_today():
    members = {(row["navn"], row["kommunenr"]): row["med"] for row in rows("samarbeid_deltakere")}
    found = {
        row["navn"]: tuple(members[row["navn"], number] for number in ("5029", "5028", "5027"))
        for row in rows("dagens_samarbeid")
    }
    assert len(members) == 3 * len(found)
    assert found == {
        "Felles Nav-kontor": ("ja", "ja", "nei"),
        "IT-samarbeid (ITMidt)": ("ja", "ja", "ja"),
        "Innkjøp": ("ja", "ja", "nei"),
        "Barnevern": ("ja", "ja", "nei"),
        "Sammen om framtidens helsetjenester": ("ja", "ja", "ja"),
        "Trondheimsalliansen": ("ja", "ja", "ja"),
        "Interkommunalt politisk råd Trøndelag Sørvest (Lakseregionen)": ("ja", "", ""),
    }


MANDATE = {
    "gevinstkriterier": 5,
    "skauns-strategi": 12,
    "strategimal": 3,
    "okonomi-dagens": 4,
    "okonomi-gevinster-direkte": 4,
    "okonomi-gevinster-indirekte": 3,
    "okonomi-etablering": 4,
    "okonomi-fordeling": 4,
    "okonomi-foring": 1,
    "samarbeidsformer": 7,
    "oversikt-modellvalg": 10,
    "modellkriterier": 11,
    "medvirkning": 5,
    "likeverd": 2,
}

WORDING = {
    "skauns-strategi": [
        "Økonomi/effektivisering",
        "Kvalitet og kompetanse",
        "Tilgang på kvalifisert arbeidskraft",
        "Oppbygging av fagmiljø",
        "Intern sårbarhet i kritiske funksjoner",
        "Samordning mot kommunens øvrige tjenesteapparat",
        "Demokratisk forankring/politisk styring",
        "Demografisk utvikling",
        "Lovpålagte vs. ikke-lovpålagte oppgaver",
        "Statlige pålegg/nye oppgaver",
        "Regionale eller lokale behov / tjenester og oppgaver som er grenseoverskridende",
        "Tilgjengelighet for kommunens innbyggere",
    ],
    "samarbeidsformer": [
        "Interkommunalt politisk råd",
        "Kommunalt oppgavefellesskap",
        "Vertskommunesamarbeid",
        "Interkommunalt selskap",
        "Aksjeselskap",
        "Samvirkeforetak",
        "Forening",
    ],
    "modellkriterier": [
        "Styringsstruktur",
        "Demokratisk kontroll",
        "Økonomi og kostnadsdeling",
        "Fleksibilitet og endringsmuligheter",
        "Skalerbarhet",
        "Fagmiljø og kompetanse",
        "Likeverdighet mellom kommunene",
        "Digitalisering/systemavhengighet",
        "Tjenestekvalitet",
        "Implementeringstid",
        "Konsekvenser for ansatte",
    ],
}


def test_mandate_is_complete():
    found: dict[str, int] = {}
    for row in rows("krav"):
        found[row["liste"]] = found.get(row["liste"], 0) + 1
    assert found == MANDATE
    assert {row["liste"]: int(row["antall"]) for row in rows("lister")} == MANDATE
    assert [row["nr"] for row in rows("vedtakspunkter")] == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize("name", WORDING)
def test_wording_of_the_mandate(name):
    assert [row["tekst"] for row in rows("krav") if row["liste"] == name] == WORDING[name]


def test_legal_forms_by_increasing_independence():
    forms = rows("samarbeidsformer")
    assert [row["id"] for row in sorted(forms, key=lambda row: int(row["rekkefolge"]))] == [
        "vertskommune-nemnd",
        "vertskommune-administrativt",
        "oppgavefellesskap",
        "interkommunalt-politisk-rad",
        "iks",
        "as",
        "samvirkeforetak",
        "forening",
    ]
    assert {row["id"] for row in forms if row["aktuell"] == "ja"} == {
        "vertskommune-nemnd",
        "vertskommune-administrativt",
        "oppgavefellesskap",
    }


@pytest.mark.parametrize(("prefix", "entries"), [("avtale-oppgavefellesskap", 10), ("avtale-vertskommune", 10)])
def test_agreements_list_what_the_law_lists(prefix, entries):
    # § 19-4 fourth paragraph has ten; § 20-4 has nine, and one more with a joint board.
    assert len([row for row in rows("lovkrav") if row["id"].startswith(f"{prefix}.")]) == entries


def test_every_inconsistency_of_the_case_is_told():
    assert [row["nr"] for row in rows("avvik")] == [str(number) for number in range(1, 10)]


def test_phases_belong_to_areas():
    assert {row["omrade"]: row["fase"] for row in rows("omrader")} == {
        "sentralbord": "2",
        "postmottak-arkiv": "2",
        "lonn-regnskap-fakturering": "2",
        "samfunnsutvikling": "1",
        "felles": "",
    }


def test_municipalities():
    assert {row["kommunenr"]: row["kommune"] for row in rows("kommuner")} == {
        SKAUN: "Skaun",
        MELHUS: "Melhus",
        MIDTRE_GAULDAL: "Midtre Gauldal",
    }


# Statistics are carried byte for byte; these are the sums of the files as they were delivered.
CHECKSUMS = {
    "raw/ssb/befolkning.csv": "a17b4410dc876d805c1e1e578455db82309d9dc60dd58ed2c5fd314554101e6a",
    "raw/ssb/befolkning_alder_2026.csv": "579815790c2f03e1aba9f94432fb2f31013f8ef1a51c162d6c82c9e929b595f4",
    "raw/kostra/kostra_2025.csv": "4051d765b92dca45c2f5496dd090243d089787570476e8075b698067f80b122f",
}


@pytest.mark.parametrize("path", CHECKSUMS)
def test_statistics_are_unchanged(path):
    assert hashlib.sha256((DATA / path).read_bytes()).hexdigest() == CHECKSUMS[path]


def test_age_groups_add_up_to_the_population():
    for number in (SKAUN, MELHUS, MIDTRE_GAULDAL):
        groups = sum(int(row["innbyggere"]) for row in rows("befolkning_alder_2026") if row["kommunenr"] == number)
        [total] = [row for row in rows("befolkning") if row["kommunenr"] == number and row["dato"] == "2026-01-01"]
        assert groups == int(total["innbyggere"])


def test_no_kostra_figure_for_skaun_is_invented():
    assert {row["kommunenr"] for row in rows("kostra_2025")} == {MIDTRE_GAULDAL, MELHUS}
    assert "felles.kostra-skaun" in {row["id"] for row in rows("datahull")}


@pytest.mark.parametrize("table", tables_with("kilde"))
def test_every_row_has_a_source(table):
    for row in rows(table):
        assert len(row["kilde"].strip()) > 10, row


@pytest.mark.parametrize("table", tables_with("status"))
def test_every_row_has_a_status(table):
    assert {row["status"] for row in rows(table)} <= {str(status) for status in Status}


@pytest.mark.parametrize("table", [name for name, resource in RESOURCES.items() if "raw/sak/" in resource["path"]])
def test_figures_of_the_case_name_the_section(table):
    for row in rows(table):
        assert row["kilde"].startswith(f"{CASE}«"), row["kilde"]


def test_no_age_of_a_single_person_anywhere():
    for row in rows("bemanning"):
        if row["omrade"] == "sentralbord":
            assert (row["alder_fra"], row["alder_til"], row["alder_status"]) == ("", "", "tilbakeholdt")
    # No sentence about sentralbord gives an age either.
    for path in [*DATA.rglob("*.csv"), DATA / "README.md", DATA / "datapackage.json"]:
        for line in path.read_text("utf-8").splitlines():
            if "sentralbord" in line.lower():
                assert not re.search(r"\b[1-7]\d(\s|\u00a0)*år\b", line), f"{path.name}: {line}"


def test_every_table_is_described():
    assert {path.relative_to(DATA).as_posix() for path in DATA.rglob("*.csv")} == {
        resource["path"] for resource in RESOURCES.values()
    }


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=lambda resource: resource["name"])
def test_description_is_whole(resource):
    assert resource["name"] == Path(resource["path"]).stem
    assert resource["title"] and resource["description"] and resource["encoding"] == "utf-8"
    assert resource["dialect"]["delimiter"] == ","
    assert resource["schema"]["primaryKey"]
    assert all(source["title"] for source in resource["sources"])
    assert all(licence["title"] and licence["path"].startswith("https://") for licence in resource["licenses"])
    for field in resource["schema"]["fields"]:
        assert field["title"] and field["description"].endswith(".")


#: Whole numbers that count or name rather than measure, and so have no unit.
UNITLESS = {"kommunenr", "rekkefolge", "nr", "fase", "funksjon", "kostra_funksjon"}


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=lambda resource: resource["name"])
def test_every_measure_has_a_unit(resource):
    for field in resource["schema"]["fields"]:
        if field["type"] in ("integer", "number"):
            assert ("unit" in field) != (field["name"] in UNITLESS), field["name"]
            assert (
                "statusColumn" in field
                or field["constraints"].get("required")
                or field["name"] in {"fase", "sannsynlig"}
            )


def test_the_first_correction():
    [row] = [row for row in rows("rettelser") if row["id"] == "postmottak-arkiv-sum"]
    assert (row["tabell"], row["nokkel"], row["kolonne"]) == (
        "oppgitte_summer", "omrade=postmottak-arkiv", "budsjett_2025_kr",
    )  # fmt: skip
    assert (row["forventet"], row["ny"]) == ("6420000", "6320000")
