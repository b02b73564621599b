"""What a workgroup, Excel or the way by e-mail may do to a form: the edits in ``forms.yml``, by their names.

Edits of the workbook come first, then those of the parts in its file, then those of the file itself.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook

from publishing.delivery import layout

Given = dict[str, str]


def edited(form: bytes, changes: list[tuple[str, Any]]) -> bytes:
    """The file after these edits (name, arguments) of a fresh form."""
    book = openpyxl.load_workbook(io.BytesIO(form))
    for name, given in changes:
        if name in IN_BOOK:
            IN_BOOK[name](book, given)
    stream = io.BytesIO()
    book.save(stream)
    content = stream.getvalue()
    for edits in (IN_PARTS, IN_FILE):
        for name, given in changes:
            if name in edits:
                content = edits[name](content, given)
    return content


def _cell(book: Workbook, given: Given) -> Cell:
    """The cell to fill under a heading, in the row with these words («Sykefravær, Skaun»)."""
    rows = book[given["sheet"]].iter_rows(min_row=layout.HEADER_ROW)
    headings = [cell.value for cell in next(rows)]
    labels = headings.index("Status")
    row = next(row for row in rows if ", ".join(str(cell.value) for cell in row[:labels]) == given["row"])
    return row[headings.index(f"{layout.FILL}{given['heading']}")]


def text(book: Workbook, given: Given) -> None:
    """A text in a cell to fill."""
    _cell(book, given).value = given["value"]


def number(book: Workbook, given: Given) -> None:
    """A number in a cell to fill."""
    _cell(book, given).value = float(given["value"])


def percent(book: Workbook, given: Given) -> None:
    """A number that Excel shows as percent."""
    cell = _cell(book, given)
    cell.value, cell.number_format = float(given["value"]), "0 %"


def day(book: Workbook, given: Given) -> None:
    """A date of Excel in a cell to fill."""
    _cell(book, given).value = dt.date.fromisoformat(given["value"])


def truth(book: Workbook, given: Given) -> None:
    """SANN in a cell to fill."""
    _cell(book, given).value = True


def literal(book: Workbook, given: Given) -> None:
    """A text that begins as a formula and is none."""
    cell = _cell(book, given)
    cell.value, cell.data_type = given["value"], "s"


def front(book: Workbook, given: Given) -> None:
    """Another text beside a name on the first sheet."""
    next(row[1] for row in book[layout.FRONT].iter_rows(max_col=2) if row[0].value == given["name"]).value = given[
        "value"
    ]


def address(book: Workbook, given: Given) -> None:
    """A text in any cell."""
    book[given["sheet"]][given["cell"]].value = given["value"]


def merge(book: Workbook, given: Given) -> None:
    """Cells made one."""
    book[given["sheet"]].merge_cells(given["cells"])


def hide_row(book: Workbook, given: Given) -> None:
    """A row that is not shown."""
    book[given["sheet"]].row_dimensions[int(given["row"])].hidden = True


def hide_column(book: Workbook, given: Given) -> None:
    """A column that is not shown."""
    book[given["sheet"]].column_dimensions[given["column"]].hidden = True


def hide_sheet(book: Workbook, name: str) -> None:
    """A sheet that is not shown."""
    book[name].sheet_state = "hidden"


def rename_sheet(book: Workbook, given: Given) -> None:
    """A sheet under another name."""
    book[given["sheet"]].title = given["name"]


def remove_sheet(book: Workbook, name: str) -> None:
    """One sheet less."""
    book.remove(book[name])


def add_sheet(book: Workbook, name: str) -> None:
    """One sheet more."""
    book.create_sheet(name)["A1"] = "Melhus"


def part(content: bytes, given: Given) -> bytes:
    """A part of the file with another content, or one more."""
    return with_part(content, given["name"], given["content"].encode("utf-8"))


def in_part(content: bytes, given: Given) -> bytes:
    """Another text in a part of the file."""
    old = _parts(content)[given["name"]]
    assert given["old"].encode() in old, given["old"]
    return with_part(content, given["name"], old.replace(given["old"].encode(), given["new"].encode()))


def huge_part(content: bytes, name: str) -> bytes:
    """A part of 11 MB of zeros, which is some 11 kB in the file."""
    return with_part(content, name, bytes(11_000_000))


def without_part(content: bytes, name: str) -> bytes:
    """One part less."""
    parts = _parts(content)
    del parts[name]
    return _archive(parts)


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The file with this part."""
    return _archive({**_parts(content), name: part})


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _archive(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def write_bytes(content: bytes, given: str) -> bytes:
    r"""Other bytes altogether, each written as a character («\xff»)."""
    return given.encode("latin-1")


def filled_up(content: bytes, length: str) -> bytes:
    """The first bytes, and NUL up to a length."""
    return content + bytes(int(length) - len(content))


def flip(content: bytes, position: str) -> bytes:
    """One bit the other way, so far into the file (0–1)."""
    at = int(float(position) * len(content))
    return content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :]


def cut(content: bytes, length: str) -> bytes:
    """Only the first bytes, as of a download that stopped."""
    return content[: int(length)]


def utf_16(content: bytes, given: str) -> bytes:
    """A text at the end in UTF-16, as parts of older Excel files have."""
    return content + given.encode("utf-16-le")


IN_BOOK = {
    edit.__name__: edit
    for edit in (
        text, number, percent, day, truth, literal, front, address, merge, hide_row, hide_column, hide_sheet, rename_sheet,
        remove_sheet, add_sheet,
    )
}  # fmt: skip
IN_PARTS = {edit.__name__: edit for edit in (part, in_part, huge_part, without_part)}
IN_FILE = {edit.__name__: edit for edit in (write_bytes, filled_up, flip, cut, utf_16)}
