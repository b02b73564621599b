"""Whatever is handed in: it is refused in words, or every number taken is the one that stands in the file. Never a traceback.

``FUZZ=2000`` runs many new examples. What these tests have found stands in the tables of ``faults/``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import to_excel

from publishing.delivery import commands, comparing, layout
from publishing.errors import BuildError
from tests.publishing.delivery.conftest import TODAY, WHO, Desk, open_all_day
from tests.publishing.faults import form_edits
from tests.publishing.faults.mutations import Mutation, cell_values, examples, mutated, of_bytes

pytestmark = pytest.mark.long(25)

CALLS = "opplysning=sentralbord.volum-anrop;kommunenr=5029"


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory, forms: Path) -> Iterator[Desk]:
    yield from open_all_day(tmp_path_factory.mktemp("skranke"), forms)


def taken(desk: Desk, content: bytes, name: str) -> list[comparing.Change]:
    """What would be written of a file, nothing of one that is refused in plain sentences."""
    path = desk.put(content, name)
    try:
        return list(commands.fetch(desk.root, path, WHO, TODAY, lambda: False, lambda line: None).changes)
    except BuildError as error:
        for problem in error.problems:
            assert problem.startswith(name)
            assert "\n" not in problem and "Traceback" not in problem and len(problem) < 2_000
        return []


def meant(written: str) -> Decimal:
    """The number that a Norwegian reads in a cell: every digit counts, and a comma is the decimal sign."""
    text = re.sub(r"\s", "", written).replace("−", "-")
    text = re.sub(r"^(kr\.?)", "", text, flags=re.IGNORECASE)
    text = re.sub(r"[^\d.,-].*$|,-$", "", text)
    whole, comma, part = text.partition(",")
    if not comma and re.fullmatch(r"-?\d+\.\d+", text):
        return Decimal(text)
    return Decimal(whole.replace(".", "") + (f".{part}" if part else ""))


numbers = st.one_of(
    cell_values,
    st.decimals(0, 10**7, places=2).map(lambda number: f"{number:,.2f}".translate({44: 32, 46: 44})),
    st.integers(0, 10**7).map(lambda number: f"{number:,}".replace(",", ".")),
    st.tuples(
        st.integers(0, 10**6), st.sampled_from([" kr", " anrop", " %", ",-", " ca", " t", "\u00a0anrop", " stk."])
    ).map(lambda parts: f"{parts[0]}{parts[1]}"),
)


@examples(60)
@given(numbers, st.sampled_from([";", "\t", ","]), st.sampled_from(["utf-8-sig", "cp1252", "utf-16"]))
def test_a_number_in_a_csv_file_is_refused_or_taken_as_it_is_written(counter, value, delimiter, encoding):
    stream = io.StringIO(newline="")
    rows = [["opplysning", "kommunenr", "verdi"], ["sentralbord.volum-anrop", "5029", value]]
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    for change in taken(counter, stream.getvalue().encode(encoding, "replace"), "tall.csv"):
        shown = value.encode(encoding, "replace").decode(encoding)
        assert (change.row.id, Decimal(change.after)) == (CALLS, meant(shown))


VALID = (
    "opplysning;kommunenr;verdi;antall_personer;hentet_fra\r\nsentralbord.volum-anrop;5029;12000;;Telefonloggen\r\n"
    "sentralbord.volum-anrop;5028;15 500;;«Telefonloggen», uttrekk\r\nsentralbord.apningstid;5028;37,5;;Nettstedet\r\n"
    "sentralbord.sykefravaer;5028;7,5;12;Lønnssystemet\r\n"
).encode("utf-8-sig")


@examples(60)
@given(st.lists(of_bytes, min_size=1, max_size=3))
def test_a_spoiled_csv_file_is_refused_or_taken_as_it_stands(counter, mutations: list[Mutation]):
    content = mutated(VALID, mutations)
    changes = [change for change in taken(counter, content, "tall.csv") if not change.withheld]
    if changes:
        standing = {(row[0].strip(), row[1].strip()): row[2] for row in every_record(content) if len(row) > 2}
        for change in changes:
            quantity, place = re.findall(r"=([^;]+)", change.row.id)
            assert Decimal(change.after) == meant(standing[quantity, place])


def every_record(content: bytes) -> list[list[str]]:
    """The records of a file by each delimiter it may have."""
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    return [row for delimiter in ",\t;" for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]


in_excel = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False), st.floats(0, 10**6), st.integers(-(10**16), 10**16), st.integers(0, 10**6),
    st.booleans(), st.dates(), st.datetimes(), numbers.filter(lambda text: not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", text)),
)  # fmt: skip


@examples(20)
@given(in_excel, st.sampled_from(["General", "0 %", "0.00", "# ##0", "d. mmm", "@"]))
def test_a_cell_of_a_form_is_refused_or_taken_as_excel_has_it(counter, value: Any, shown_as: str):
    book = openpyxl.load_workbook(counter.root / "data" / "skjema" / "sentralbord.xlsx")
    cell = counter.fill(book, "Opplysninger", "Antall anrop per år, Skaun", "tall", value)
    cell.number_format = shown_as
    stream = io.BytesIO()
    book.save(stream)
    for change in taken(counter, stream.getvalue(), "sentralbord.xlsx"):
        assert (change.row.id, Decimal(change.after)) == (CALLS, in_the_cell(value))


def in_the_cell(value: Any) -> Decimal:
    """The number that Excel has. A date is a number of days there, and is shown as one in a cell whose format is of numbers."""
    if isinstance(value, str):
        return meant(value)
    return Decimal(f"{to_excel(value) if isinstance(value, dt.date) else value:.15g}")


@examples(25)
@given(st.sampled_from(["file", "xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml", "[Content_Types].xml"]), st.lists(of_bytes, min_size=1, max_size=2))  # fmt: skip
def test_a_spoiled_form_is_refused_or_taken_as_openpyxl_reads_it(counter, part: str, mutations: list[Mutation]):
    book = openpyxl.load_workbook(counter.root / "data" / "skjema" / "sentralbord.xlsx")
    counter.fill(book, "Opplysninger", "Antall anrop per år, Skaun", "tall", 12_345)
    stream = io.BytesIO()
    book.save(stream)
    content = stream.getvalue()
    if part == "file":
        content = mutated(content, mutations)
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = form_edits.with_part(content, part, mutated(archive.read(part), mutations))
    for change in taken(counter, content, "sentralbord.xlsx"):
        sheet = openpyxl.load_workbook(io.BytesIO(content))[change.table.sheet]
        headings = [cell.value for cell in sheet[layout.HEADER_ROW]]
        row = next(
            row
            for row in sheet.iter_rows(min_row=layout.HEADER_ROW + 1)
            if row[len(headings) - 1].value == change.row.id
        )
        stands = row[headings.index(f"{layout.FILL}tall")].value
        assert Decimal(change.after) == (meant(stands) if isinstance(stands, str) else Decimal(f"{stands:.15g}"))
