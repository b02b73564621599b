"""From document nodes to Typst and PDF: each kind of node, safe text, links and footnotes across chapters."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
import typst
from docutils import nodes
from docutils.utils import new_document
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import formatting
from analysis.places import municipalities
from publishing import project
from publishing.errors import BuildError
from publishing.nodes import tallgrunnlag, verdi
from publishing.pdf import assemble, compiling, document, letters, syntax, tables
from publishing.pdf.writer import Writer
from publishing.project import Edition, Report

EDITION = Edition("Utgave 1", dt.date(2026, 6, 1), "til høring", "kommunedirektøren")
REPORT = Report("prove", "Prøverapport", "Undertittel", "fase 2", "", {}, {}, ("book/prove/index", "book/prove/mer"))


def chapter(*parts: nodes.Node, name: str = "index", title: str = "Kapittel") -> assemble.Chapter:
    """A chapter with these parts below its title, put through the same steps as a real one."""
    doc = new_document(f"/book/prove/{name}.ipynb")
    section = nodes.section("", nodes.title("", title), *parts, ids=["kapittel"])
    doc += section
    assemble.leave_out(doc)
    assemble.tidy_spaces(doc)
    assemble.make_unique(doc, f"book/prove/{name}")
    return assemble.Chapter(f"book/prove/{name}", doc, opening=name == "index")


def paragraph(*parts: nodes.Node | str, **attributes: object) -> nodes.paragraph:
    return nodes.paragraph("", "", *(nodes.Text(p) if isinstance(p, str) else p for p in parts), **attributes)


def table(*rows: list[str], numeric: tuple[int, ...] = (), total: bool = False) -> nodes.table:
    """A table as the directives make it, with the first row as its header."""

    def row(cells: list[str]) -> nodes.row:
        return nodes.row(
            "",
            *(
                nodes.entry("", paragraph(text), classes=["tall"] if number in numeric else [])
                for number, text in enumerate(cells)
            ),
        )

    columns = [nodes.colspec(colwidth=1) for _ in rows[0]]
    body = nodes.tbody("", *(row(cells) for cells in rows[1:]))
    if total:
        body[-1]["classes"].append("sum")
    group = nodes.tgroup("", *columns, nodes.thead("", row(rows[0])), body, cols=len(rows[0]))
    return nodes.table("", nodes.title("", "Tittel"), group, ids=["tabell"])


def written(*parts: nodes.Node, web_address: str = "") -> str:
    part = chapter(*parts)
    return Writer(REPORT.docnames, assemble.targets([part]), web_address).chapter(part)


def pdf_bytes(*parts: assemble.Chapter, root: Path) -> bytes:
    source = document.source(REPORT, EDITION, list(parts))
    return compiling.report(source, REPORT.slug, EDITION.date, root=root, folder=root / "_build").read_bytes()


def reader(*parts: assemble.Chapter, root: Path) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf_bytes(*parts, root=root)))


def text_of(pages: pypdf.PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages.pages))


# Text


@given(st.text())
def test_a_string_literal_means_exactly_its_text(text: str) -> None:
    assert json.loads(typst.eval(b"", syntax.string(text))) == text


@settings(max_examples=20, deadline=None)
@given(text=st.text(st.characters(codec="latin-1", exclude_categories=("C", "Z")), min_size=1, max_size=25))
def test_no_text_is_read_as_typst(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    kinds = (nodes.Text(text), nodes.strong("", text), nodes.emphasis("", text), nodes.literal("", text))
    part = chapter(*(paragraph("START", kind, "SLUTT") for kind in kinds))
    found = text_of(reader(part, root=tmp_path_factory.mktemp("pdf")))
    assert found.replace(" ", "").count(f"START{text}SLUTT") == len(kinds)


def test_foreign_words_tell_their_language(tmp_path: Path) -> None:
    part = chapter(paragraph("Velg", nodes.inline("", "Pull request", classes=["language-en"])))
    pages = reader(part, root=tmp_path)
    # Typst marks the words where they are drawn, not in the tree of tags.
    drawn = b"".join(page.get_contents().get_data() for page in pages.pages)
    assert {found.decode() for found in re.findall(rb"/Lang ?\((\w+)", drawn)} == {"en"}
    assert pages.root_object["/Lang"].startswith("nb")


def test_typst_in_titles_captions_and_cells_is_shown_as_it_stands(tmp_path: Path) -> None:
    nasty = '#panic("!") *a* _b_ `c` $d$ <e> @f [g] \\h // i ~ -- "j"'
    part = chapter(table([nasty, "B"], ["1", nasty]), title=nasty)
    assert text_of(reader(part, root=tmp_path)).count(nasty) >= 4  # contents, header, title, cells


def test_a_letter_our_fonts_lack_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(compiling.TypesettingError, match="漢"):
        pdf_bytes(chapter(paragraph("漢")), root=tmp_path)


def test_line_ends_become_spaces_and_fixed_spaces_stay() -> None:
    assert '"17,6\u00a0årsverk og mer"' in written(paragraph("17,6\u00a0årsverk\nog mer"))


def test_no_space_is_left_where_a_mark_without_words_stands() -> None:
    mark = nodes.target("", "", ids=["svar"])
    first = written(
        paragraph(mark, " Saken sier ja.", nodes.strong("", "Og nei. "), mark.deepcopy(), " Men ", "\n ja.")
    )
    for words in ('"Saken sier ja."', '"Og nei. "', '"Men "', '"ja."'):
        assert words in first
    assert '"\u00a0to"' in written(paragraph("en ", "\u00a0to")), "et fast mellomrom skal stå"


@pytest.mark.parametrize(
    ("text", "shown"), [("§ 19-1", "§\u00a019-1"), ("1. januar", "1.\u00a0januar"), ("1. at", "1. at")]
)
def test_what_belongs_together_stays_on_one_line(text: str, shown: str) -> None:
    assert f'"{shown}"' in written(paragraph(text))


# Nodes


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (paragraph(nodes.emphasis("", "a")), "emph("),
        (paragraph(nodes.strong("", "a")), "strong("),
        (paragraph(verdi("", "2,6\u00a0årsverk", verdi_id="x")), '"2,6\u00a0årsverk"'),
        (paragraph("a", classes=["kilde"]), "source-line("),
        (paragraph("a", classes=["merknad"]), "remark("),
        (nodes.bullet_list("", nodes.list_item("", paragraph("a"))), "list("),
        (nodes.enumerated_list("", nodes.list_item("", paragraph("a")), start=3), "enum(numbering: \"1.\", start: 3"),
        (nodes.block_quote("", paragraph("a")), "quote(block: true"),
        (nodes.note("", paragraph("a")), "serious: false"),
        (nodes.important("", paragraph("a")), "serious: true"),
        (nodes.admonition("", nodes.title("", "Egen tittel"), paragraph("a")), '"Egen tittel"'),
        (nodes.literal_block("", "a\nb"), 'literal-block("a\\nb")'),
        (nodes.transition(), "divider()"),
    ],
)  # fmt: skip
def test_each_kind_of_node_has_its_function(node: nodes.Node, expected: str) -> None:
    assert expected in written(node)


def test_definitions_are_terms() -> None:
    item = nodes.definition_list_item("", nodes.term("", "Årsverk"), nodes.definition("", paragraph("Ett år")))
    assert "terms.item(" in written(nodes.definition_list("", item))


def test_an_unknown_node_is_an_error_that_names_it() -> None:
    with pytest.raises(BuildError, match=r"book/prove/index\.ipynb.*«math».*x\^2"):
        written(paragraph(nodes.math("", "x^2")))


@pytest.mark.parametrize("alt", ["", "  ", "bilde.svg"])
def test_a_picture_without_a_text_alternative_is_an_error(alt: str) -> None:
    with pytest.raises(BuildError, match=r"bilde\.svg.*tekstalternativ"):
        written(nodes.image("", uri="bilde.svg", alt=alt))


def test_a_key_number_stands_apart_from_its_unit() -> None:
    def card(number: str, status: str) -> nodes.container:
        texts = {"tall": number, "navn": "Bemanning", "status": status}
        return nodes.container("", *(paragraph(text, classes=[kind]) for kind, text in texts.items()))

    frame = nodes.container("", card("2,6\u00a0årsverk", "oppgitt"), card("mangler", "mangler"), classes=["hovedtall"])
    found = written(frame)
    assert 'key-number("2,6", "\u00a0årsverk", "Bemanning", "oppgitt")' in found
    assert 'key-number("mangler", "", "Bemanning", none)' in found


def test_a_key_number_tells_what_it_was_in_the_edition_before() -> None:
    texts = {
        "tall": "2,7\u00a0årsverk",
        "navn": "Bemanning",
        "status": "oppgitt",
        "endring": "Var 2,6\u00a0årsverk i Utgave 1",
    }
    card = nodes.container("", *(paragraph(text, classes=[kind]) for kind, text in texts.items()))
    found = written(nodes.container("", card, classes=["hovedtall"]))
    assert 'key-number(change: "Var 2,6\u00a0årsverk i Utgave 1", "2,7",' in found


def test_the_numbers_behind_a_figure_are_left_out() -> None:
    assert "skjult" not in written(tallgrunnlag("", paragraph("skjult")))


def test_captions_have_sphinx_numbers() -> None:
    doc = new_document("prove")
    doc += table(["A", "B"], ["a", "1"])
    assemble.set_numbers(doc, {"table": {"tabell": (3,)}}, {"table": "Tabell %s"})
    assert doc[0][assemble.NUMBER] == "Tabell\u00a03"
    assert '"Tabell\u00a03."' in written(doc[0].deepcopy())


# Links and footnotes


def reference(text: str, target: str) -> nodes.reference:
    return nodes.reference("", text, refuri=target)


def test_links_within_the_report_are_links() -> None:
    same = written(paragraph(reference("her", "bok:book/prove/index#sted")))
    assert 'inside-link(label("book/prove/index#sted"), ' in same


def test_a_link_to_another_chapter_tells_its_page_but_not_in_a_table(tmp_path: Path) -> None:
    def linking() -> nodes.reference:
        return reference("mer", "bok:book/prove/mer")

    cells = table(["A", "B"], ["x", "y"])
    next(cells.findall(nodes.tbody))[0][0][0] += linking()
    pages = reader(
        chapter(paragraph("Se kapitlet ", linking(), "."), cells),
        chapter(*(paragraph(f"Avsnitt {number}. " * 60) for number in range(9)), name="mer", title="Mer"),
        root=tmp_path,
    )
    text = text_of(pages)
    number = next(
        number for number, page in enumerate(pages.pages, start=1) if number > 2 and "Avsnitt 0" in page.extract_text()
    )
    assert f"Se kapitlet mer (side {number})." in text
    assert text.count("(side ") == 1


def test_links_to_other_reports_are_italic_or_lead_to_the_site() -> None:
    node = paragraph(reference("metode", "bok:book/felles/metode#kilder"))
    assert "link(" not in written(node.deepcopy())
    assert "emph(" in written(node.deepcopy())
    assert '"https://x.no/book/felles/metode.html#kilder"' in written(node.deepcopy(), web_address="https://x.no/")


def test_web_addresses_are_printed_once_for_those_who_read_on_paper() -> None:
    found = written(paragraph(reference("SSB", "https://ssb.no/a"), reference("igjen", "https://ssb.no/a")))
    assert found.count('link("https://ssb.no/a"') == 2
    assert found.count("footnote(address(") == 1
    assert "footnote(" not in written(paragraph(reference("https://ssb.no", "https://ssb.no")))


def noted(name: str, text: str) -> list[nodes.Node]:
    """A paragraph that refers twice to a footnote, and the footnote, with the same anchors in every chapter."""
    marks = [nodes.footnote_reference("", "1", refid="id1", ids=[f"id{number}"]) for number in (2, 3)]
    return [
        paragraph(f"Tekst {name}.", marks[0], " Og mer.", marks[1]),
        nodes.footnote("", nodes.label("", "1"), paragraph(text), ids=["id1"]),
    ]


def test_footnotes_links_and_anchors_of_merged_chapters_do_not_collide(tmp_path: Path) -> None:
    pages = reader(
        chapter(*noted("en", "Første note."), paragraph(reference("neste", "bok:book/prove/mer#kapittel")), title="En"),
        chapter(*noted("to", "Andre note."), paragraph(reference("forrige", "bok:book/prove/index")), name="mer", title="To"),
        root=tmp_path,
    )  # fmt: skip
    text = text_of(pages)
    assert text.count("Første note.") == 1
    assert text.count("Andre note.") == 1
    assert [entry.title for entry in pages.outline] == ["En", "To"]
    links = [link for page in pages.pages for link in page.get("/Annots", [])]
    assert len(links) >= 2 + 2  # table of contents, and from chapter to chapter


def test_a_link_to_a_place_that_is_not_in_the_report_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(compiling.TypesettingError, match="finnes-ikke"):
        pdf_bytes(chapter(paragraph(reference("x", "bok:book/prove/index#finnes-ikke"))), root=tmp_path)


# Tables


def test_header_total_and_alignment_reach_the_template() -> None:
    found = written(table(["Kommune", "Årsverk"], ["Skaun", "0,8"], ["Samlet", "2,6"], numeric=(1,), total=True))
    assert "alignment: (left, right,)" in found
    assert "total: true" in found
    assert "landscape: false" in found


def test_text_gets_more_room_than_numbers() -> None:
    long = "En lang forklaring på hvorfor kommunene trenger dette tallet for å kunne sammenligne. " * 2
    shape = tables.shape(
        table(["Hva", "Årsverk", "Hvorfor"], ["Anrop", "0,8", long], ["Bilag", "17,6", long], numeric=(1,))
    )
    assert sum(shape.widths) == pytest.approx(100, abs=0.5)
    assert shape.widths[2] > 2 * shape.widths[1]
    assert shape.numeric == (False, True, False)


def test_a_long_text_is_not_squeezed_by_long_words_beside_it() -> None:
    long = "Representanter for de ansatte har møte- og talerett når saken gjelder forholdet mellom dem og kommunen."
    shape = tables.shape(
        table(
            ["Steg", "Hva som skjer", "Ansvarlig", "Når", "Hjemmel"],
            ["Virksomhetsoverdragelse", long, "Arbeidsgiver i hver kommune", "Før vedtak om iverksetting", "§ 13-4"],
            ["Kommunestyret", long, "Hver kommune", "I alle faser", "Innstillingen, punkt 5"],
        )
    )
    assert shape.widths[1] == max(shape.widths)


def test_a_word_with_a_slash_may_be_broken_there_and_turns_no_page() -> None:
    cell = "Digitalisering/systemavhengighet " + "Saken sier noe om dette. " * 3
    rows = [[cell, *["Virksomhetsoverdragelse vurderes før vedtaket om iverksetting."] * 3] for _ in range(12)]
    assert not tables.shape(table(["Kriterium", "A", "B", "C"], *rows)).landscape


@pytest.mark.parametrize("lines", range(14, 22))
def test_a_link_to_read_on_stays_with_what_is_said_about_it(lines: int, tmp_path: Path) -> None:
    items = [
        nodes.list_item("", paragraph(f"Lenke {number}."), paragraph(f"Forklaring {number}.")) for number in range(30)
    ]
    cards = nodes.container("", nodes.bullet_list("", *items), classes=["kort"])
    pages = reader(chapter(*(paragraph("Før") for _ in range(lines)), cards), root=tmp_path)
    for text in (page.extract_text() for page in pages.pages):
        assert re.findall(r"Lenke (\d+)", text) == re.findall(r"Forklaring (\d+)", text)


@pytest.mark.parametrize("count", range(25, 45))
def test_no_row_of_a_table_stands_alone_on_a_page(count: int, tmp_path: Path) -> None:
    rows = [[f"Rad {number}.", "Tekst"] for number in range(count)]
    pages = reader(chapter(paragraph("Før"), table(["Overskriften", "B"], *rows)), root=tmp_path)
    found = [len(re.findall(r"Rad \d+\.", page.extract_text())) for page in pages.pages]
    assert sum(found) == count
    assert 1 not in found


#: A text that is one word longer each time Typst looks, but for one choice of what gives way.
UNSETTLED = """#metadata(none)
chart(
#context if sys.inputs.stay != "{stay}" {{ [Ord #metadata(none)<ord> ] * (query(<ord>).len() + 1) }} else [Ferdig]
"""


@pytest.mark.parametrize("stay", ["tables", "0", "all"])
def test_what_keeps_a_report_from_settling_gives_way(stay: str, tmp_path: Path) -> None:
    main = tmp_path / "rapport.typ"
    main.write_text('#set document(title: "Prøve")\n#set text(lang: "nb")\n' + UNSETTLED.format(stay=stay), "utf-8")
    pages = pypdf.PdfReader(io.BytesIO(compiling.pdf(main, EDITION.date, tmp_path)))
    assert "Ferdig" in text_of(pages)


def test_a_report_that_never_settles_stops_the_build(tmp_path: Path) -> None:
    main = tmp_path / "rapport.typ"
    main.write_text('#set document(title: "Prøve")\n#set text(lang: "nb")\n' + UNSETTLED.format(stay="-"), "utf-8")
    with pytest.raises(compiling.TypesettingError, match="did not converge"):
        compiling.pdf(main, EDITION.date, tmp_path)


def test_a_table_that_gives_way_is_whole_though_its_last_row_may_stand_alone(tmp_path: Path) -> None:
    ends = set()
    for count in range(36, 45):
        rows = [[f"Rad {number}.", "Tekst"] for number in range(count)]
        pdf_bytes(chapter(paragraph("Før"), table(["Overskriften", "B"], *rows)), root=tmp_path)
        main = tmp_path / f"_build/typst/{REPORT.slug}.typ"
        content, warnings = compiling._compiled(main, EDITION.date, tmp_path, False, "tables")
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        found = [len(re.findall(r"Rad \d+\.", page.extract_text())) for page in pages]
        assert (sum(found), warnings) == (count, [])
        ends.add(found[-1])
    assert 1 in ends


def test_letters_are_as_wide_as_typst_sets_them() -> None:
    source = f'#set text(font: "Rapport Sans", size: {letters.SIZE}pt, weight: 600)\n#context [#metadata(measure("Virksomhet 100 %").width / 1pt)<w>]'
    real = json.loads(
        typst.query(
            source.encode(), "<w>", field="value", one=True, font_paths=compiling.fonts(), ignore_system_fonts=True
        )
    )
    assert letters.width("Virksomhet 100 %") == pytest.approx(real, rel=0.02)


def test_columns_of_numbers_are_alike_where_there_is_room() -> None:
    shape = tables.shape(table(["Kommune", "A", "Lønnskostnad"], ["Skaun", "0,8", "640 000"], numeric=(1, 2)))
    assert shape.widths[1] == pytest.approx(shape.widths[2])


def test_the_headings_of_numbers_stand_on_one_line_where_there_is_room() -> None:
    names = ["Skaun er vert", "Melhus er vert", "Midtre Gauldal er vert"]
    rows = [["Sentralbord", "1,8", "1,6", "1,8"], ["Lønn, regnskap og fakturering", "12,6", "11,2", "11,4"]]
    shape = tables.shape(table(["Område", *names], *rows, numeric=(1, 2, 3)))
    for share, name in zip(shape.widths[1:], names, strict=True):
        assert share / 100 * tables.UPRIGHT >= letters.width(name) + tables.PADDING


def test_a_table_too_wide_for_the_page_is_laid_on_its_side(tmp_path: Path) -> None:
    wide = table([f"Samarbeidsform {n}" for n in range(8)], ["Vertskommunesamarbeid med nemnd og mer til"] * 8)
    assert tables.shape(wide).landscape
    pages = reader(chapter(paragraph("Før"), wide, paragraph("Etter")), root=tmp_path)
    sides = [page.mediabox.width > page.mediabox.height for page in pages.pages]
    assert sides.count(True) == 1
    assert not sides[-1]


def test_a_long_table_repeats_its_header(tmp_path: Path) -> None:
    rows = [[f"Rad {number}", "Tekst"] for number in range(120)]
    pages = reader(chapter(table(["Overskriften", "B"], *rows)), root=tmp_path)
    with_table = [page.extract_text() for page in pages.pages if "Rad " in page.extract_text()]
    assert len(with_table) > 2
    assert all("Overskriften" in text for text in with_table)


# The whole


def test_the_cover_says_what_the_report_is(tmp_path: Path) -> None:
    pages = reader(chapter(paragraph("Tekst.")), root=tmp_path)
    cover = text_of(pages).split("Innhold")[0]
    for words in ("Prøverapport", "Undertittel", "Fase 2", "Utgave 1", "Til høring"):
        assert words in cover
    assert formatting.date(EDITION.date).replace("\u00a0", " ") in cover
    assert all(place.name in cover for place in municipalities())
    assert "Side 2 av 3" in text_of(pages)
    assert pages.metadata.author == ", ".join(f"{place.name} kommune" for place in municipalities())


def test_the_same_source_gives_the_same_bytes_wherever_it_lies(tmp_path: Path) -> None:
    first, second = ((tmp_path / name) for name in ("en", "to"))
    parts = [chapter(paragraph("Tekst."), table(["A", "B"], ["a", "1"]))]
    assert pdf_bytes(*parts, root=first) == pdf_bytes(*parts, root=second)


# Memory


MEMORY_OF_FIVE = """
import sys
from pathlib import Path
import psutil
from tests.publishing.test_pdf_writer import chapter, paragraph, pdf_bytes
used = [psutil.Process().memory_info().rss]
for report in range(5):
    parts = [paragraph(f"Rapport {report}, avsnitt {number}: " + "noen ord til, " * 60) for number in range(150)]
    pdf_bytes(chapter(*parts), root=Path(sys.argv[1]))
    used.append(psutil.Process().memory_info().rss)
print(*used)
"""


def test_typst_does_not_keep_one_report_while_it_makes_the_next(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", MEMORY_OF_FIVE, tmp_path], cwd=project.ROOT,
        env={**os.environ, "PYTHONPATH": str(project.ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    before, first, *_, last = map(int, run.stdout.split())
    assert first - before > 20_000_000, "too little to tell"
    assert last - first < 1.5 * (first - before), "four more reports took the room of more than one"
