"""Two states of one page of the small book, so that the old edition and the new one differ."""

from __future__ import annotations

from pathlib import Path

from publishing import digests

TEXTS = ("# En liten bok\n\nTil prøve.\n", "# En liten bok\n\nTil prøve, med en ny setning.\n")


def edition(root: Path) -> str:
    """The digest of all that is published."""
    return digests.digest(root, [Path("reports")])


def write(root: Path, state: int) -> None:
    """Bring the page to one of its states; nothing is built."""
    (root / "book" / "index.md").write_text(TEXTS[state], "utf-8")
