"""Every page of the site is there, whole, and built so that everyone can read it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from bs4 import Tag

from tests.pages import read

ROOT = Path(__file__).resolve().parents[2]


def article(page: Path) -> Tag:
    found = read(page).select_one("article.bd-article")
    assert found is not None, "siden har ingen artikkel"
    return found


def documents() -> Iterator[str]:
    def walk(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("root", "file"):
                    yield str(value)
                else:
                    yield from walk(value)
        elif isinstance(node, list):
            for item in node:
                yield from walk(item)

    return walk(yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8")))


def reports() -> list[str]:
    return list(dict.fromkeys(name.split("/")[1] for name in documents() if name.count("/") == 2))


def test_every_chapter_of_the_table_of_contents_has_a_page(reports_dir: Path) -> None:
    names = list(documents())
    assert len(names) > 5
    missing = [name for name in names if not (reports_dir / "html" / f"{name}.html").is_file()]
    assert not missing


def test_no_page_is_built_that_the_table_of_contents_does_not_name(reports_dir: Path) -> None:
    html = reports_dir / "html"
    built = {path.relative_to(html).with_suffix("").as_posix() for path in html.rglob("*.html")}
    assert built == {*documents(), "index", "search"}


def test_page_has_its_own_title(page: Path) -> None:
    title = read(page).title
    assert title is not None
    assert title.text.startswith(article(page).h1.find(string=True).strip())
    assert title.text.endswith("Bærekraftige og innovative kommuner 2030")


def test_titles_tell_the_pages_apart(reports_dir: Path) -> None:
    titles = [read(path).title.text for path in sorted((reports_dir / "html" / "book").rglob("*.html"))]
    assert len(titles) == len(set(titles))


def test_headings_make_an_outline(page: Path) -> None:
    levels = [int(heading.name[1]) for heading in read(page).find_all(["h1", "h2", "h3", "h4", "h5", "h6"])]
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = [after - before for before, after in itertools.pairwise(levels)]
    assert all(step <= 1 for step in steps), levels


def test_ids_are_unique(page: Path) -> None:
    ids = [str(element["id"]) for element in read(page).find_all(id=True)]
    assert len(ids) == len(set(ids)), sorted({name for name in ids if ids.count(name) > 1})


def test_pictures_have_a_text_alternative(page: Path) -> None:
    for picture in read(page).find_all("img"):
        alt = str(picture.get("alt", "")).strip()
        assert len(alt) > 20, picture
        assert not alt.endswith((".svg", ".png"))


def test_charts_are_parts_of_the_page_told_in_words(page: Path) -> None:
    for figure in article(page).select("figure.figur"):
        drawings = figure.find_all("svg")
        assert [drawing["class"] for drawing in drawings] == [["tegning"], ["smal"]]
        for drawing in drawings:
            assert drawing["role"] == "img" and len(str(drawing["aria-label"])) > 20
            # Nothing within is told a second time, and nothing in English.
            assert not [
                part for part in drawing.find_all(True) if any(key.startswith(("aria-", "role")) for key in part.attrs)
            ]
        assert drawings[0].select("[data-om]"), "ingen del av figuren forteller hva den viser"


def test_figures_and_tables_can_be_taken_along(page: Path) -> None:
    for part, endings in (("figure.figur", ["csv", "svg", "png"]), (".tabellramme", ["csv"])):
        for shown in article(page).select(part):
            *files, address = [str(link["href"]) for link in shown.select(".nedlasting a")]
            assert [file.rsplit(".", 1)[1] for file in files] == endings
            # The last one is the address of the figure or table itself, to send to others.
            assert address.startswith("#") and shown.parent.find(id=address[1:]).name in {"figure", "table"}


def test_a_chart_taken_along_brings_its_fonts(page: Path) -> None:
    for link in article(page).select('.nedlasting a[href$=".svg"]'):
        svg = (page.parent / unquote(str(link["href"]))).resolve().read_text("utf-8")
        assert "<text" in svg and "@font-face" in svg, link["href"]


def test_figures_have_a_caption_first_and_a_source(page: Path) -> None:
    for figure in article(page).select("figure.figur"):
        children = [child for child in figure.children if isinstance(child, Tag)]
        assert children[0].name == "figcaption"
        assert figure.select_one(".kilde").text.startswith("Kilde:")
        assert figure.select_one("details.tallgrunnlag table"), "figuren mangler tallene bak"


def test_tables_have_header_cells_with_scope(page: Path) -> None:
    for table in article(page).find_all("table"):
        heads = table.select("thead th")
        assert heads, "tabellen mangler overskriftsrad"
        assert all(cell.get("scope") == "col" for cell in heads)
        assert all(cell.get("scope") == "row" for cell in table.select("tbody th"))
        assert not table.select("thead td")


def test_tables_of_the_analysis_have_row_headers_a_title_and_a_named_box(page: Path) -> None:
    for table in article(page).select("table.tabell"):
        assert all(row.find("th") for row in table.select("tbody tr"))
        box = table.parent
        assert box["role"] == "region" and str(box["aria-label"]).strip() and box["tabindex"] == "0"
        if table.find_parent("details") is None:
            assert table.caption is not None
            assert table.find_parent(class_="tabellramme").select_one(".kilde").text.startswith("Kilde:")


@pytest.mark.parametrize(
    ("selector", "word"),
    [("figure.figur figcaption", "Figur"), ("table.tabell > caption", "Tabell")],
)
def test_figures_and_tables_are_numbered_from_one_in_each_report(reports_dir: Path, selector: str, word: str) -> None:
    for slug in reports():
        pages = [reports_dir / "html" / f"{name}.html" for name in documents() if name.startswith(f"book/{slug}/")]
        numbers = [
            caption.select_one(".caption-number") for path in pages for caption in article(path).select(selector)
        ]
        texts = [number.text.strip() if number else None for number in numbers]
        assert texts == [f"{word} {count}" for count in range(1, len(texts) + 1)], slug


def test_every_link_has_words(page: Path) -> None:
    bare = [link for link in read(page).find_all("a") if not (link.get_text().strip() or link.get("aria-label"))]
    assert not bare


def test_every_internal_link_leads_somewhere(page: Path, reports_dir: Path) -> None:
    dead = []
    for link in read(page).find_all("a", href=True):
        address = urlsplit(str(link["href"]))
        if address.scheme:
            continue
        target = (page.parent / unquote(address.path)).resolve() if address.path else page
        there = target.is_file() and target.is_relative_to(reports_dir.resolve())
        if there and address.fragment and target.suffix == ".html":
            there = read(target).find(id=unquote(address.fragment)) is not None
        if not there:
            dead.append(link["href"])
    assert not dead


def test_every_file_a_page_uses_exists(page: Path) -> None:
    sources = [str(tag["src"]) for tag in read(page).find_all(["img", "script"], src=True)]
    sources += [str(tag["href"]) for tag in read(page).find_all("link", rel=["stylesheet", "icon"])]
    missing = [source for source in sources if not (page.parent / unquote(urlsplit(source).path)).is_file()]
    assert not missing


def test_chapters_link_to_the_pdf_of_their_report(reports_dir: Path) -> None:
    for name in documents():
        if name.count("/") != 2:
            continue
        path = reports_dir / "html" / f"{name}.html"
        link = read(path).select_one(".rapportfil a")
        assert link is not None, name
        target = (path.parent / str(link["href"])).resolve()
        assert target == (reports_dir / "pdf" / f"{name.split('/')[1]}.pdf").resolve()
        assert target.is_file()


def test_nothing_is_marked_as_wrong(page: Path) -> None:
    assert not read(page).select(".problematic, .system-message")
    assert "[finner ikke verdien" not in article(page).text


def test_computed_values_can_be_traced(page: Path) -> None:
    for value in article(page).select(".verdi, .kildelenke > a"):
        assert value["data-verdi-id"] and value["data-status"]
        assert value.name == "a", "tallet fører ikke til kilden"
        row = article(page).find(id=str(value["href"]).removeprefix("#"))
        assert row.find_parent(class_="tallkilder")
        assert str(value["data-forklaring"]).startswith(row.dt.text.partition(":")[0])
        assert "Kilde:" in row.dd.text or row.dd.text.startswith("Beregnet")


def test_sources_of_the_chapters_are_not_published(reports_dir: Path) -> None:
    published = {path.suffix for path in (reports_dir / "html").rglob("*") if path.is_file()}
    assert not published & {".ipynb", ".md", ".py", ".map", ".inv", ".pickle", ".doctree"}
    assert not (reports_dir / "html" / "_sources").exists()


def test_first_page_sends_the_reader_on(reports_dir: Path) -> None:
    first = read(reports_dir / "html" / "index.html")
    refresh = first.find("meta", attrs={"http-equiv": "refresh"})
    target = str(refresh["content"]).partition("url=")[2]
    assert (reports_dir / "html" / target).is_file()
    assert first.html["lang"] == "nb"
    assert first.body.a["href"] == target


def test_footer_names_the_edition(page: Path) -> None:
    edition = yaml.safe_load((ROOT / "book" / "utgave.yml").read_text("utf-8"))
    footer = read(page).select_one("footer.bd-footer-content").text
    assert edition["navn"] in footer and str(edition["dato"].year) in footer and edition["status"] in footer
