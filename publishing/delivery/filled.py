"""What a delivered file holds before any cell is interpreted: the same for a workbook and a CSV file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from publishing.delivery.cells import Raw, is_empty
from publishing.delivery.faults import Fault


@dataclass(frozen=True, slots=True)
class FilledCell:
    """A cell as it stands in the file, where it is («ark «Bemanning», celle D7»), and whether Excel shows it as percent."""

    raw: Raw
    place: str
    percent: bool = False

    @property
    def empty(self) -> bool:
        return is_empty(self.raw)


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row of a table: its id, the cells to fill by column, and beside them ``persons``, ``origin`` and ``reason``.

    ``today`` is what the form said stands in the table; empty for a file that does not say.
    """

    table: str
    id: str
    values: Mapping[str, FilledCell]
    beside: Mapping[str, FilledCell]
    today: Mapping[str, Raw] = field(default_factory=dict)


@dataclass(slots=True)
class Filled:
    """A delivered file: its name, the area of its form (None for a CSV file), who and when, its rows, and its faults."""

    file: str
    area: str | None = None
    who: FilledCell | None = None
    when: FilledCell | None = None
    rows: list[FilledRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, place: str, text: str) -> None:
        """Note what is wrong; ``place`` is inside the file, empty for the file as a whole. A cell has its first fault only."""
        found = Fault(f"{self.file}, {place}" if place else self.file, text)
        if " celle " not in place or found.place not in {fault.place for fault in self.faults}:
            self.faults.append(found)
