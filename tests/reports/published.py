"""Everything a folder of reports tells, whatever it is wrapped in: page sources, attributes, charts, data, PDFs and what lies in them."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pypdf

from tests.reports.test_pdfs import opened, page_texts

TEXT = {".html", ".js", ".css", ".svg", ".json", ".csv", ".md", ".xml", ".txt"}
FONTS = {".woff2", ".woff", ".ttf"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of what is published: the file, how it stands there, the words it stands under, and its text."""

    file: str
    channel: str
    context: str
    text: str


@cache
def all_of(folder: Path) -> tuple[tuple[str, str, str], ...]:
    """Every file as (name, channel, text): as it is, and unpacked. Fonts are left out; they are random bytes to a search."""
    return tuple(_all_of(folder))


def _all_of(folder: Path) -> Iterator[tuple[str, str, str]]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name, ending = path.relative_to(folder).as_posix(), path.suffix.lower()
        if ending in FONTS:
            continue
        content = path.read_bytes()
        yield name, "bytes", content.decode("utf-8" if ending in TEXT else "latin-1")
        for channel, text in unpacked(path, content):
            yield name, channel, text


def unpacked(path: Path, content: bytes) -> Iterator[tuple[str, str]]:
    """What lies in a PDF, a workbook or a picture."""
    match path.suffix.lower():
        case ".pdf":
            yield from in_pdf(path)
        case ".png":
            yield from (("picture's description", text) for text in in_png(content))
        case ".xlsx":
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                yield from ((part, html.unescape(book.read(part).decode("utf-8"))) for part in book.namelist())


def in_pdf(path: Path) -> Iterator[tuple[str, str]]:
    """The words of the pages, the description, every string (outline, text alternatives), attached files, other streams."""
    reader = opened(path)
    yield from (("page", text) for text in page_texts(path))
    strings, drawn = [], {id_of(reader, page.get("/Contents")) for page in reader.pages}
    for number in range(1, int(reader.trailer["/Size"])):
        found = reader.get_object(pypdf.generic.IndirectObject(number, 0, reader))
        strings += strings_in(found)
        # Words drawn on a page are numbers of letters in a font: they are read above.
        if isinstance(found, pypdf.generic.StreamObject) and number not in drawn and not is_font_or_picture(found):
            yield "stream", found.get_data().decode("utf-8", "replace")
    yield "strings", "\n".join(strings)
    yield "description", "\n".join(f"{key}: {value}" for key, value in (reader.metadata or {}).items())


def id_of(reader: pypdf.PdfReader, found: object) -> int:
    return getattr(getattr(found, "indirect_reference", None), "idnum", 0) or 0


def is_font_or_picture(stream: pypdf.generic.StreamObject) -> bool:
    kind = {str(stream.get("/Type", "")), str(stream.get("/Subtype", ""))}
    return bool(kind & {"/XRef", "/ObjStm", "/Image", "/Form", "/OpenType", "/CIDFontType0C", "/Type1C"}) or "/Length1" in stream


def strings_in(found: object, depth: int = 0) -> Iterator[str]:
    if isinstance(found, pypdf.generic.TextStringObject):
        yield str(found)
    elif isinstance(found, dict) and depth < 9:
        for key in found:
            yield from strings_in(found.raw_get(key), depth + 1)
    elif isinstance(found, list) and depth < 9:
        for part in found:
            yield from strings_in(part, depth + 1)


def in_png(content: bytes) -> Iterator[str]:
    """The texts of a PNG: its chunks that are no picture."""
    at = 8
    while at + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + length]
        at += length + 12
        if kind in (b"tEXt", b"iTXt", b"eXIf"):
            yield body.decode("utf-8", "replace")
        elif kind == b"zTXt":
            keyword, _, packed = body.partition(b"\0")
            yield f"{keyword.decode('latin-1')} {zlib.decompress(packed[1:]).decode('latin-1')}"


@cache
def pieces(folder: Path) -> tuple[Piece, ...]:
    """Every row, sentence, attribute and record, each under the heading it stands under."""
    return tuple(piece for name, channel, text in all_of(folder) for piece in divided(name, channel, text))


def divided(name: str, channel: str, text: str) -> Iterator[Piece]:
    """What one text is made of."""
    ending = name.rsplit(".", 1)[-1].lower()
    if channel == "bytes" and ending in ("html", "svg"):
        yield from in_markup(name, text)
    elif channel == "bytes" and ending == "csv":
        yield from in_csv(name, channel, text)
    elif channel == "bytes" and ending == "json":
        yield from in_json(name, "data", json.loads(text))
    elif channel == "bytes" and name.endswith("sokeindeks.js"):
        yield from in_json(name, "search index", json.loads(text.split("=", 1)[1].rstrip().rstrip(";")))
    elif channel == "bytes" and ending in ("pdf", "png", "xlsx", "css"):
        return
    elif channel == "stream" and ";" in text.partition("\n")[0]:
        yield from in_csv(name, "attached file", text)
    elif channel == "page":
        # A page is one long line: a table or figure with what belongs to it, up to its source, stands for itself.
        for part in re.split(r"(?=\b(?:Tabell|Figur) \d+\.)|\bKilde:|\bSide \d+ av \d+", text):
            yield Piece(name, channel, "", part)
    else:
        yield from (Piece(name, channel, "", line) for line in text.split("\n"))


def in_markup(name: str, text: str) -> Iterator[Piece]:
    for value in re.findall(r'[\w:-]+="([^"]*)"', text):
        if len(value) > 3:
            yield Piece(name, "attribute", "", spaced(value))
    text = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", text)
    for table in re.findall(r"(?s)<table\b.*?</table>", text):
        head = spaced(" ".join(re.findall(r"(?s)<(?:caption|thead)\b.*?</(?:caption|thead)>", table)))
        for row in re.findall(r"(?s)<tr\b.*?</tr>", table):
            yield Piece(name, "table", head, spaced(row))
    for block in re.split(r"</(?:p|li|tr|td|th|h\d|dd|dt|div|section|text|g|desc|title|figcaption|summary)>", text):
        yield Piece(name, "text", "", spaced(block))


def spaced(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def in_csv(name: str, channel: str, text: str) -> Iterator[Piece]:
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=";"))
    for row in rows[1:]:
        yield Piece(name, channel, " · ".join(rows[0]), " · ".join(row))


def in_json(name: str, channel: str, content: object) -> Iterator[Piece]:
    """A record is one piece; what holds records is not."""
    if isinstance(content, list) and not all(isinstance(one, (str, int, float, type(None))) for one in content):
        for one in content:
            yield from in_json(name, channel, one)
    elif isinstance(content, dict) and any(isinstance(one, (dict, list)) for one in content.values()):
        for key, one in content.items():
            yield from (Piece(p.file, p.channel, f"{key} {p.context}", p.text) for p in in_json(name, channel, one))
    elif isinstance(content, dict):
        text = " · ".join(f"{key} {value}" for key, value in content.items() if value is not None)
        yield Piece(name, channel, "", text)
    elif isinstance(content, list):
        yield Piece(name, channel, "", " · ".join(map(str, content)))
    else:
        yield Piece(name, channel, "", str(content))
