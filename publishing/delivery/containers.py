"""Whether a file is an ordinary Excel workbook at all, before it is opened: told by its bytes, not by its name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK"

#: A filled form is some 30 kB, unpacked less than 1 MB. A file far beyond that is something else, or harmful.
LARGEST_FILE = 5_000_000
LARGEST_PART = 10_000_000
LARGEST_UNPACKED = 30_000_000
MOST_PARTS = 500

SAVE_AS = "Åpne filen i Excel, velg «Lagre som» og filtypen «Excel-arbeidsbok (*.xlsx)»."


def problems(content: bytes) -> Iterator[str]:
    """What keeps the bytes from being read as a workbook; nothing where they can be."""
    if len(content) > LARGEST_FILE:
        yield "Filen er over 5 MB. Et skjema er langt mindre. Lever skjemaet fra «make skjema», uten bilder og andre ark."
    elif content.startswith(COMPOUND):
        if "EncryptedPackage".encode("utf-16-le") in content:
            yield "Filen er låst med passord. Åpne den i Excel, velg Fil → Info → Beskytt arbeidsbok, og fjern passordet."
        else:
            yield f"Filen er en eldre Excel-fil (.xls) eller et annet dokument. {SAVE_AS}"
    elif not content.startswith(ZIP):
        yield f"Filen er ikke en Excel-arbeidsbok. {SAVE_AS}"
    else:
        yield from _zip_problems(content)


def _zip_problems(content: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from _archive_problems(archive)
    except (
        Exception
    ):  # what zipfile and its decompressors raise on spoiled bytes is anything from BadZipFile to zlib.error
        yield "Filen er ødelagt og kan ikke åpnes. Be om å få den sendt på nytt."


def _archive_problems(archive: zipfile.ZipFile) -> Iterator[str]:
    entries = archive.infolist()
    sizes = [entry.file_size for entry in entries]
    if len(entries) > MOST_PARTS or sum(sizes) > LARGEST_UNPACKED or max(sizes, default=0) > LARGEST_PART:
        yield "Filen blir uvanlig stor når den pakkes ut. Lever skjemaet fra «make skjema», uten bilder og andre ark."
        return
    names = {entry.filename for entry in entries}
    if "mimetype" in names and archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument"):
        yield f"Filen er et OpenDocument-regneark (.ods). {SAVE_AS}"
        return
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        yield f"Filen er ikke en Excel-arbeidsbok. {SAVE_AS}"
        return
    parts = {name: archive.read(name) for name in names if name.endswith((".xml", ".rels"))}
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts.values()):
        yield f"Filen har innhold som Excel ikke lager selv. {SAVE_AS}"
    if b"purl.oclc.org/ooxml" in parts["xl/workbook.xml"]:
        yield f"Filen er lagret som «Strict Open XML». {SAVE_AS}"
    if any(name.endswith("vbaProject.bin") for name in names) or b"macroEnabled" in parts["[Content_Types].xml"]:
        yield f"Filen har makroer (.xlsm), og de blir ikke lest. {SAVE_AS}"
    if any(name.startswith("xl/externalLinks/") for name in names):
        yield (
            "Filen henter tall fra en annen arbeidsbok. Velg Data → Rediger koblinger → Bryt kobling i Excel, "
            "kontroller tallene, og lagre."
        )
