"""Reads a delivered file, whichever kind it is."""

from __future__ import annotations

from pathlib import Path

from publishing.delivery import containers, csv_files, workbooks
from publishing.delivery.filled import Filled
from publishing.delivery.tables import Tables
from publishing.errors import BuildError

#: Endings of files that are workbooks or believed to be; anything else is read as CSV.
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".xltx", ".ods"})


def content_of(path: Path) -> bytes:
    """The bytes of a delivered file.

    Raises:
        BuildError: if it is not there, or cannot be opened.
    """
    if path.is_dir():  # asked first, since Windows answers as if the folder were open in another program
        raise BuildError(f"{path}: Dette er en mappe. Skriv navnet på filen.")
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise BuildError(
            f"{path}: Filen finnes ikke. Kontroller navnet og mappen; har navnet mellomrom, må det stå i anførselstegn."
        ) from None
    except OSError as error:
        raise BuildError(f"{path}: Filen kan ikke åpnes. Lukk den i Excel, og prøv igjen. ({error.strerror})") from None


def read(content: bytes, file: str, tables: Tables) -> Filled:
    """The delivered file with this content and name."""
    bookish = Path(file).suffix.lower() in WORKBOOKS or content.startswith((containers.ZIP, containers.COMPOUND))
    return workbooks.read(content, file, tables) if bookish else csv_files.read(content, file, tables)
