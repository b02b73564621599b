"""What is wrong with a delivery: told all at once, each with its place and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: ``place`` is the file, and in it the sheet and cell, or the row and column."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class CellError(ValueError):
    """A cell that cannot be taken as it stands; the message says, in bokmål, what is wrong and what to write."""
