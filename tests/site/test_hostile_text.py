"""A text that some part of the way might take for more than text is shown letter by letter: on the site, in the single file,
the charts, the PDF, the search and every file to download.

One small book is built: all that can be shown of the tables, with a hostile text at the end of every free cell, in turn.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import cache
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import pypdf
import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from selenium import webdriver

from publishing import plain_text
from tests.conftest import ROOT
from tests.hostile import SHOWN
from tests.site.conftest import Quiet
from tests.site.test_offline import foreign, visit

pytestmark = pytest.mark.long(15)

#: What names, and what a check holds against other cells: hostile texts are not put there.
NAMING = {
    "rettelser": {"tabell", "kolonne", "forventet", "ny"},
    "datahull": {"kommune"},
    "gevinstplan": {"gevinst"},
    "lovkrav": {"tema"},
    "leveranser": {"fil"},
    "frosset": {"fil", "svar"},
    "kostra_2025": {"funksjonsnavn"},
}

#: Short enough for a chart.
NAMES = {
    "5029": 'Skaun<b id="x" role="y">&amp;',
    "5028": "Melhus\" onload='alert(this)' \\1 \\g<0>",
    "5027": "Midtre Gauldal</text><script>$x$#x",
}

TOC = """\
format: jb-book
root: book/index
chapters:
  - file: book/felles/index
  - file: book/ordliste
  - file: book/endringer
"""

VIEWS = """
assumptions.table() assumptions.reasons() delivered.table("sentralbord") economy.gains("felles") economy.establishment_costs("sentralbord")
economy.for_municipality_chart("skaun") economy.explorer("felles") law.forms() law.shortlisted() law.agreement("avtale om oppgavefellesskap")
mapping.overview() mapping.overview_chart() method.corrections() method.inconsistencies() method.sources() models.tasks() models.knock_outs()
models.criteria() models.assessment() models.overview("sentralbord") municipality.key_numbers("skaun") municipality.today("skaun")
municipality.gaps("melhus") order.decision_points(1, 2) order.requirements("modellkriterier") people.inhabitants() people.growth_chart()
people.age_chart() people.cooperation() people_and_plan.risks("sentralbord") people_and_plan.participation() people_and_plan.pilot("saken")
people_and_plan.benefits("sentralbord") people_and_plan.phase1("plan") progress.milestones() progress.plan() today.key_numbers("sentralbord")
today.staffing("sentralbord") today.staffing_chart("sentralbord") today.ages("sentralbord") today.gaps("sentralbord") today.clerical()
together.areas_chart() together.municipalities_table() uncertainty.gains("felles") vulnerability.table("sentralbord") vulnerability.retirement("sentralbord")
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of the small book, built."""
    root = tmp_path_factory.mktemp("fiendtlig") / "prosjekt"
    root.mkdir()
    for name in ("analysis", "data", "publishing"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(ROOT / "_config.yml", root)
    (root / "_toc.yml").write_text(TOC, "utf-8")
    (root / "book" / "felles").mkdir(parents=True)
    for name in ("ordliste.md", "endringer.md"):
        shutil.copy2(ROOT / "book" / name, root / "book")
    (root / "book" / "index.md").write_text("# Forsiden\n\nDette er forsiden.\n", "utf-8")
    spoil_tables(root)
    spoil_settings(root)
    nbformat.write(chapter(), root / "book" / "felles" / "index.ipynb")
    run = subprocess.run(
        [sys.executable, "-m", "publishing", "build"],
        cwd=root, capture_output=True, text=True, encoding="utf-8", timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[:3000]
    return root


def spoil_tables(root: Path) -> None:
    package = json.loads((root / "data" / "datapackage.json").read_text("utf-8"))
    texts = itertools.cycle(SHOWN.values())
    for resource in package["resources"]:
        path = root / "data" / resource["path"]
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if resource["name"] == "leverte_opplysninger":
            for row in [row for row in rows if row["opplysning"] == "sentralbord.volum-anrop"]:
                row |= {"verdi": "12000", "status": "oppgitt"}
        for row in rows:
            if "kommune" in row and "kommunenr" in row:
                row["kommune"] = NAMES[row["kommunenr"]]
            for column in free_columns(resource):
                if column != "kommune" and row[column]:
                    row[column] += f" {next(texts)}"
        write(path, rows)
    freeze(root / "data")


def freeze(data: Path) -> None:
    """The statistics have the hostile names too: their checksums are those of the files as they are now."""
    with (data / "frosset.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["sha256"] = hashlib.sha256((data / row["fil"]).read_bytes()).hexdigest()
    write(data / "frosset.csv", rows)


def free_columns(resource: dict[str, Any]) -> list[str]:
    """The columns of text that nothing else in the tables depends on."""
    schema = resource["schema"]
    keys = [schema["primaryKey"], *(key["fields"] for key in schema.get("foreignKeys", []))]
    taken = {name for key in keys for name in ([key] if isinstance(key, str) else key)}
    taken |= NAMING.get(resource["name"], set())
    return [
        field["name"]
        for field in schema["fields"]
        if field["type"] == "string"
        and not {"enum", "pattern"} & set(field.get("constraints", {}))
        and field["name"] not in taken
    ]


def write(path: Path, rows: list[dict[str, str]]) -> None:
    if rows:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def spoil_settings(root: Path) -> None:
    words = [
        {"ord": word_of(number), "former": [], "forklaring": f"Forklaring {text}"}
        for number, text in enumerate(SHOWN.values())
    ]
    words.append({"ord": SHOWN["html script"], "forklaring": "Et ord."})
    dump(root / "book" / "ordliste.yml", words)
    settings = yaml.safe_load((ROOT / "book" / "felles" / "parameters.yml").read_text("utf-8"))
    settings |= {
        "tittel": f"Rapport {SHOWN['html script']} {SHOWN['typst read']}",
        "undertittel": f"Undertittel {SHOWN['html end of textarea']} {SHOWN['html attribute']}",
        "fase": f"Fase {SHOWN['html event']} {SHOWN['jinja']}",
        "kapitler": {"index": {"merknad": " ".join(SHOWN.values())}},
    }
    dump(root / "book" / "felles" / "parameters.yml", settings)
    edition = yaml.safe_load((ROOT / "book" / "utgave.yml").read_text("utf-8"))
    edition |= {
        "navn": f"Utgave {SHOWN['html script']} {SHOWN['html attribute']}",
        "kontakt": f"noen {SHOWN['html frame']} {SHOWN['typst mark-up']}",
    }
    dump(root / "book" / "utgave.yml", edition)


def word_of(number: int) -> str:
    """A word without digits: «ordxa», «ordxb», …"""
    return f"ordx{chr(ord('a') + number % 26)}{'x' * (number // 26)}"


def dump(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, width=100_000), "utf-8")


def chapter() -> nbformat.NotebookNode:
    cells = [
        nbformat.v4.new_markdown_cell("# Et kapittel {parameter}`merknad`\n\nMitt kapittel for {parameter}`kommunene`: " + " ".join(map(word_of, range(len(SHOWN))))),
        nbformat.v4.new_code_cell('omrade = "felles"\nmerknad = ""', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(
            "from analysis import keyfigures\nfrom analysis.views import (assumptions, delivered, economy, "
            "law, mapping, method, models, municipality, order, people, people_and_plan, progress, today, together, uncertainty, vulnerability)\n"
            "keyfigures.for_area(omrade)"
        ),
        nbformat.v4.new_markdown_cell("Vi har {verdi}`arsverk.sum`, {verdi}`sentralbord.volum-anrop.skaun` og {verdi}`sentralbord.arsverk.melhus`."),
    ]  # fmt: skip
    for call in re.findall(r"\w+\.\w+\(.*?\)(?=\s)", VIEWS):
        cells.append(nbformat.v4.new_code_cell(call))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


# What is shown


def shown_texts(book: Path) -> list[str]:
    """Every text that the chapter's results hold, as they left the analysis."""
    notebook = nbformat.read(book / "_build" / "executed" / "book" / "felles" / "index.ipynb", as_version=4)
    found: list[str] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for mime, data in output.get("data", {}).items():
                if mime.startswith("application/vnd.rapport.") and not mime.endswith(
                    ("verdier+json", "utforsker+json")
                ):
                    found += texts_in(data)
    assert len(found) > 1000
    return found


def texts_in(data: object, key: str = "") -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():
            if name not in ("chart", "values", "value", "model", "name", "statuses"):
                # The numbers behind a figure have the figure's title and note.
                own = {"title", "note", "source"} if name == "data" else set()
                yield from texts_in({k: v for k, v in value.items() if k not in own} if own else value, name)
    elif isinstance(data, list):
        for value in data:
            yield from texts_in(value, key)
    elif isinstance(data, str) and key in (
        "title",
        "rows",
        "columns",
        "source",
        "note",
        "text",
        "lead",
        "label",
        "alt",
    ):
        yield from data.split("\n\n")


def spaced(text: str) -> str:
    return " ".join(text.split())


@cache
def soup_of(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@cache
def seen(path: Path) -> str:
    return spaced(soup_of(path).get_text())


def pages(book: Path) -> list[Path]:
    found = sorted((book / "reports" / "html").rglob("*.html")) + sorted(
        (book / "reports" / "enkeltfil").glob("*.html")
    )
    assert len(found) == 7
    return found


#: Pages of the real book that have every element of the hostile one.
ORDINARY = (
    "html/index.html", "html/search.html", "html/book/index.html", "html/book/felles/index.html", "html/book/felles/mandat.html", "html/book/felles/kommunene.html",
    "html/book/ordliste.html", "html/book/sentralbord/dagens-situasjon.html", "html/book/felles/kostnadsnokler.html", "html/book/felles/framdrift.html", "enkeltfil/sentralbord.html",
)  # fmt: skip
CHAPTERS = ("html/book/felles/index.html", "enkeltfil/felles.html")


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_text_of_the_analysis_stands_on_the_page_letter_by_letter(book: Path, name: str) -> None:
    page = soup_of(book / "reports" / name)
    heard = {spaced(str(tag["aria-label"])) for tag in page.find_all(attrs={"aria-label": True})}
    everything = seen(book / "reports" / name)
    for text in shown_texts(book):
        assert spaced(text) in everything or any(spaced(text) in label for label in heard), text


@pytest.mark.parametrize("kind", SHOWN)
@pytest.mark.parametrize("name", [*CHAPTERS, "html/book/ordliste.html"])
def test_each_kind_of_text_is_shown(book: Path, name: str, kind: str) -> None:
    assert spaced(SHOWN[kind]) in seen(book / "reports" / name)


def figures(book: Path) -> list[dict[str, Any]]:
    return json.loads((book / "reports" / "nokkeltall.json").read_text("utf-8"))


def markup(page: BeautifulSoup) -> set[str]:
    """Every element, and every attribute of one."""
    return {tag.name for tag in page.find_all(True)} | {
        f"{tag.name} {attribute}" for tag in page.find_all(True) for attribute in tag.attrs
    }


def test_no_text_becomes_an_element_or_an_attribute(book: Path, reports_dir: Path) -> None:
    known = set().union(*(markup(soup_of(reports_dir / name)) for name in ORDINARY))
    for page in pages(book):
        assert markup(soup_of(page)) - known == set(), page.name


def test_no_link_leads_where_a_text_says(book: Path) -> None:
    for page in pages(book):
        for tag in soup_of(page).find_all(True):
            for attribute in ("href", "src", "action", "xlink:href", "content", "srcset", "formaction"):
                address = str(tag.get(attribute, ""))
                assert "javascript:" not in address.lower() or attribute == "content", tag
                if urlsplit(address).scheme and attribute != "content":
                    assert urlsplit(address).hostname != "evil.example", tag


def test_no_browser_takes_a_text_for_more(book: Path, browser: webdriver.Chrome) -> None:
    folder = str(book / "reports")
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *given: Quiet(*given, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for page in pages(book):
            address = f"http://127.0.0.1:{server.server_port}/{page.relative_to(book / 'reports').as_posix()}"
            found = visit(browser, address)  # an open dialog would stop it
            assert not foreign(found, urlsplit(address).netloc), page.name
            assert not found.said, page.name
            assert not found.failed, page.name
        visit(browser, f"http://127.0.0.1:{server.server_port}/html/search.html?q=evil+script")
        results = browser.execute_script("return document.getElementById('sokeresultat').innerHTML")
        assert "evil" in results
        assert not BeautifulSoup(results, "html.parser").select("script, img, iframe, style, svg, [onerror], [onload]")
        visit(browser, f"http://127.0.0.1:{server.server_port}/html/book/felles/index.html")
        # What scripts show in place comes from the same texts.
        opened = browser.execute_script(
            "return [...document.querySelectorAll('a.forklaring')].map(link => { link.click(); "
            "const box = document.querySelector('.forklaringsboks'); "
            "return [box.firstChild.textContent === link.dataset.forklaring, box.querySelectorAll('*').length]; })"
        )
        assert len(opened) > len(SHOWN) and all(same and count <= 2 for same, count in opened)
    finally:
        server.shutdown()


def test_charts_are_drawings_with_the_names_in_them(book: Path) -> None:
    drawings = list((book / "reports" / "html" / "_downloads").rglob("*.svg"))
    assert len(drawings) > 5
    for name in NAMES.values():
        page = soup_of(book / "reports" / "html/book/felles/index.html")
        assert any(name in text.get_text() for text in page.select("figure svg text")), name
    for drawing in drawings:
        picture = soup_of(drawing)
        assert not picture.select("script, a, foreignObject, image"), drawing.name
        assert not [tag for tag in picture.find_all(True) if any(key.startswith("on") for key in tag.attrs)]


def squeezed(text: str) -> str:
    """Without what breaks and joins lines: spaces and hyphens."""
    return re.sub(r"[\s\u00ad\u200b-]+", "", text)


@cache
def paper(path: Path) -> str:
    return squeezed("".join(page.extract_text() for page in pypdf.PdfReader(path).pages))


@pytest.mark.parametrize("kind", SHOWN)
def test_each_kind_of_text_is_printed(book: Path, kind: str) -> None:
    assert squeezed(SHOWN[kind]) in paper(book / "reports" / "pdf" / "felles.pdf")


def test_the_pdf_links_to_no_place_that_a_text_says_and_describes_itself(book: Path) -> None:
    reader = pypdf.PdfReader(book / "reports" / "pdf" / "felles.pdf")
    assert SHOWN["typst read"] in reader.metadata.title
    for page in reader.pages:
        for note in page.get("/Annots", []):
            action = note.get_object().get("/A", {})
            assert action.get("/S", "/URI") in ("/URI", "/GoTo")
            assert urlsplit(str(action.get("/URI", "https://"))).scheme == "https"
            assert urlsplit(str(action.get("/URI", ""))).hostname != "evil.example"
    assert "root:x:0" not in paper(book / "reports" / "pdf" / "felles.pdf")


def test_no_cell_of_a_file_to_download_is_a_formula(book: Path) -> None:
    files = [path.read_bytes() for path in (book / "reports" / "html" / "_downloads").rglob("*.csv")]
    attached = pypdf.PdfReader(book / "reports" / "pdf" / "felles.pdf").attachments
    files += [content for contents in attached.values() for content in contents]
    assert len(files) > 40
    everything = []
    for content in files:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
        assert {len(row) for row in rows} == {len(rows[0])}
        everything += [cell for row in rows for cell in row]
    assert not [cell for cell in everything if plain_text.is_formula(cell)]
    assert all(any(text in cell for cell in everything) for text in SHOWN.values())


def test_search_and_key_figures_are_data_with_the_texts_in_them(book: Path) -> None:
    script = (book / "reports" / "html" / "_static" / "sokeindeks.js").read_text("utf-8")
    entries = json.loads(script.removeprefix("window.SOKEINDEKS=").rstrip(";\n"))
    everything = spaced(" ".join(entry["tekst"] for entry in entries))
    assert all(spaced(text) in everything for text in SHOWN.values())
    assert {row["kommune"] for row in figures(book)} == {*NAMES.values(), None}


def test_the_browser_is_told_of_no_element_that_a_text_names(book: Path) -> None:
    for page in pages(book):
        for tag in soup_of(page).find_all("meta", attrs={"name": "description"}):
            assert isinstance(tag, Tag) and set(tag.attrs) == {"name", "content"}
