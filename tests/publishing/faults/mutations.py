"""Real files, spoiled at random: what a slip of the hand, a bad disk or a wrong program does to them.

For Hypothesis. ``FUZZ=2000`` in the environment runs each test with so many new examples; without it they are few and
always the same, so that CI takes seconds and never fails for a reason of its own.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

LONG = int(os.environ.get("FUZZ", "0"))

Mutation = Callable[[bytes], bytes]


def examples(few: int) -> settings:
    """The settings of a test: so many examples in CI, many and new ones on demand."""
    return settings(
        max_examples=LONG or few,
        derandomize=not LONG,
        database=None,
        deadline=dt.timedelta(seconds=20),  # a hang is a fault too; a busy machine is none
        suppress_health_check=list(HealthCheck),
    )


#: What slips into files: control characters, marks of encodings, delimiters, quotes, letters of other scripts.
_SLIPS = [
    b"\0", b"\r", b"\n", b"\r\n", b"\t", b"\x1a", b"\x7f", b"\x1b[31m", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe6", b"\xc3", b'"', b"'",
    b",", b";", b"|", b"-", b"#", b":", b"&a ", b"*a ", b"!!x ", b"{", b"}", b"[", b"]", b"\\", b"%", b"<", b"`",
    "\u00a0".encode(), "\u200b".encode(), "\u202e".encode(), "\u2028".encode(), "\u0085".encode(), "о".encode(), "٣".encode(),
    "Ã¸".encode(), "\ufffd".encode(), b"0", b"9", b".", b"e5", b"nan", b"_", b"x" * 70_000,
]  # fmt: skip

_POSITION = st.floats(0, 1, exclude_max=True)


def _at(content: bytes, position: float) -> int:
    return int(position * len(content))


def _flip(position: float, bit: int) -> Mutation:
    def mutate(content: bytes) -> bytes:
        at = _at(content, position)
        return content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :] if content else content

    return mutate


def _insert(position: float, slip: bytes) -> Mutation:
    return lambda content: content[: _at(content, position)] + slip + content[_at(content, position) :]


def _remove(position: float, length: int) -> Mutation:
    return lambda content: content[: _at(content, position)] + content[_at(content, position) + length :]


def _cut(position: float) -> Mutation:
    return lambda content: content[: _at(content, position)]


def _swap(position: float) -> Mutation:
    def mutate(content: bytes) -> bytes:
        at = _at(content, position)
        return content[:at] + content[at : at + 2][::-1] + content[at + 2 :]

    return mutate


def _lines(position: float, other: float, how: str) -> Mutation:
    """A line moved, repeated or lost."""

    def mutate(content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        if not lines:
            return content
        one, to = int(position * len(lines)), int(other * len(lines))
        line = lines[one] if how == "repeat" else lines.pop(one)
        return b"".join(lines if how == "lose" else [*lines[:to], line, *lines[to:]])

    return mutate


def _recode(encoding: str) -> Mutation:
    return lambda content: content.decode("utf-8", "replace").encode(encoding, "replace")


#: One thing that happens to the bytes of a file.
of_bytes: st.SearchStrategy[Mutation] = st.one_of(
    st.builds(_flip, _POSITION, st.integers(0, 7)),
    st.builds(_insert, _POSITION, st.sampled_from(_SLIPS)),
    st.builds(_remove, _POSITION, st.integers(1, 200)),
    st.builds(_cut, _POSITION),
    st.builds(_swap, _POSITION),
    st.builds(_lines, _POSITION, _POSITION, st.sampled_from(["move", "repeat", "lose"])),
    st.builds(_recode, st.sampled_from(["cp1252", "utf-16", "utf-16-le", "utf-8-sig", "ascii"])),
)

#: What people write in a cell.
cell_values: st.SearchStrategy[str] = st.one_of(
    st.sampled_from([
        "", " ", "0", "-0", "007", "1", "1.0", "1e5", "1E5", "nan", "inf", "1_000", "1 000", "1\u00a0000", "1.000", "1,5", "5.", ".5",
        "0x10", "true", "NA", "N/A", "NULL", "None", "#N/A", "-", "–", "mangler", "oppgitt", "tilbakeholdt", "2026-02-30", "2026-1-1",
        "20260101", "2026-W01-1", "01.02.2026", "2026-01-01T00:00", "2026-01", "9" * 15, "9" * 16, "9" * 400, "0." + "1" * 30,
        "=1+1", '"', "''", "a,b", "a;b", "a\nb", "a\r\nb", "a\rb", "\ta", "a ", "\ufeffa", "Å", "A\u030a", "ﬁ", "½", "²", "Ⅳ", "１２",
    ]),
    st.decimals(-(10**9), 10**9, places=3).map(str),
    st.integers(-(10**17), 10**17).map(str),
    st.dates().map(str),
    st.text(max_size=12),
    st.text("0123456789.,-+eE_ \u00a0", max_size=10),
)  # fmt: skip


def _cell(row: float, column: float, value: str) -> Mutation:
    """Another value in one cell of a table, written as a spreadsheet would."""

    def mutate(content: bytes) -> bytes:
        try:
            records = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
        except (UnicodeDecodeError, csv.Error):
            return content
        if len(records) > 1:
            record = records[1 + int(row * (len(records) - 1))]
            if record:
                record[int(column * len(record))] = value
        stream = io.StringIO(newline="")
        csv.writer(stream, lineterminator="\n").writerows(records)
        return stream.getvalue().encode("utf-8", "replace")

    return mutate


of_cells: st.SearchStrategy[Mutation] = st.builds(_cell, _POSITION, _POSITION, cell_values)


def mutated(content: bytes, mutations: list[Mutation]) -> bytes:
    """The content after all of it has happened."""
    for mutation in mutations:
        content = mutation(content)
    return content
