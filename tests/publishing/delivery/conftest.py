"""A copy of the data, forms of it in real Excel files, and the command that reads them back."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook

from publishing.delivery import commands, layout
from publishing.errors import BuildError

ROOT = Path(__file__).resolve().parents[3]

TODAY = dt.date(2027, 3, 1)
WHO = "økonomisjefen i Melhus"


@dataclass
class Desk:
    """What a workgroup does: gets a form, fills it in Excel, hands it in."""

    root: Path
    told: list[str] = field(default_factory=list)

    def form(self, area: str = "sentralbord", who: str | None = WHO) -> Workbook:
        """A fresh form, opened, with who delivers it."""
        path = self.root / "data" / "skjema" / f"{area}.xlsx"
        if not path.exists():
            commands.write_forms(self.root, lambda line: None)
        book = openpyxl.load_workbook(path)
        self.cell(book, layout.FRONT, layout.WHO).value = who
        return book

    def cell(self, book: Workbook, sheet: str, name: str, heading: str = "") -> Cell:
        """The cell beside a name on the first sheet, or under a heading in the row with these words («Sykefravær, Skaun»)."""
        if sheet == layout.FRONT:
            return next(row[1] for row in book[sheet].iter_rows(max_col=2) if row[0].value == name)
        rows = book[sheet].iter_rows(min_row=layout.HEADER_ROW)
        headings = [cell.value for cell in next(rows)]
        labels = headings.index("Status")
        found = next(row for row in rows if ", ".join(str(cell.value) for cell in row[:labels]) == name)
        return found[headings.index(heading)]

    def fill(self, book: Workbook, sheet: str, name: str, heading: str, value: object) -> Cell:
        """Write in a cell to fill; return it."""
        cell = self.cell(book, sheet, name, f"{layout.FILL}{heading}")
        cell.value = value
        return cell

    def save(self, book: Workbook, name: str = "sentralbord.xlsx") -> Path:
        """Save the filled form outside the project."""
        content = io.BytesIO()
        book.save(content)
        return self.put(content.getvalue(), name)

    def put(self, content: bytes, name: str) -> Path:
        """A delivered file with this content."""
        path = self.root.parent / name
        path.write_bytes(content)
        return path

    def hand_in(self, delivered: Workbook | Path, agreed: bool = True, who: str = "") -> commands.Answer:
        """Have a filled form read."""
        path = delivered if isinstance(delivered, Path) else self.save(delivered)
        return commands.fetch(self.root, path, who, TODAY, lambda: agreed, self.told.append)

    def refused(self, delivered: Workbook | Path, who: str = "") -> list[str]:
        """The faults that a form is refused for; the data are then as they were."""
        before = self.files()
        with pytest.raises(BuildError) as error:
            self.hand_in(delivered, who=who)
        assert self.files() == before
        return error.value.problems

    def files(self) -> dict[str, bytes]:
        """Every file of the data, but the forms."""
        paths = [path for path in (self.root / "data").rglob("*") if path.is_file() and "skjema" not in path.parts]
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in paths}

    def line(self, path: str, start: str) -> str:
        """The line of a table that begins like this."""
        return next(
            line for line in (self.root / "data" / path).read_text("utf-8").splitlines() if line.startswith(start)
        )


@pytest.fixture(scope="session")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The forms of the project's own data, written once."""
    root = copied(tmp_path_factory.mktemp("skjema") / "prosjekt")
    commands.write_forms(root, lambda line: None)
    return root / "data" / "skjema"


def copied(root: Path) -> Path:
    shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("skjema", ".levering", "~$*"))
    (root / "book").mkdir()
    shutil.copy2(ROOT / "book" / "utgave.yml", root / "book")
    return root


@pytest.fixture
def desk(tmp_path: Path, forms: Path) -> Desk:
    """A project of its own, with fresh forms."""
    root = copied(tmp_path / "prosjekt")
    shutil.copytree(forms, root / "data" / "skjema")
    return Desk(root)


@pytest.fixture
def edit_part() -> Callable[[Path, str, Callable[[bytes], bytes]], None]:
    """Change a part inside an ``.xlsx`` file, where openpyxl cannot; a part that is not there is added."""
    import zipfile

    def edit(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts[part] = change(parts.get(part, b""))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)

    return edit


def open_all_day(folder: Path, forms: Path) -> Iterator[Desk]:
    """A desk in an empty folder where files are handed in all day; the data are then as they were in the morning."""
    desk = Desk(copied(folder / "prosjekt"))
    shutil.copytree(forms, desk.root / "data" / "skjema")
    before = desk.files()
    yield desk
    assert desk.files() == before
