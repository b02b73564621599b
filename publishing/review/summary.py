"""The review as Markdown in bokmål: the conclusion first, then what moved, what that touches, and the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis import changes, formatting
from analysis.model import Status
from publishing.review import prose, states, tables, touched
from publishing.review.markup import code, folded, plain, table
from publishing.review.sides import Side

#: A comment on GitHub holds 65 536 characters.
ROOM = 60_000

#: How many entries of a list are written, the most that there is room for.
CAPS = (200, 60, 25, 10, 4, 0)

#: Lists longer than this are folded.
OPEN = 12

CORRECTIONS, ASSUMPTIONS = "rettelser", "forutsetninger"


@dataclass(frozen=True)
class Review:
    """Everything that differs between two sides. ``source`` are files of code that differ, ``against`` says with what."""

    against: str
    before: Side
    after: Side
    tables: Sequence[tables.TableChange] = ()
    figures: Sequence[changes.Change] = ()
    statuses: Sequence[states.StatusChange] = ()
    reports: Sequence[tuple[str, str, str]] = ()
    touched: Sequence[touched.Touched] = ()
    texts: Sequence[prose.TextChange] = ()
    files: Sequence[str] = ()
    source: Sequence[str] = ()
    uses: dict[str, list[str]] = field(default_factory=dict)

    @property
    def has_figures(self) -> bool:
        return not (self.before.fault or self.after.fault)


def markdown(review: Review) -> str:
    """The whole summary, cut so that it fits in a comment."""
    for cap in CAPS:
        text = "\n".join(_lines(review, cap)) + "\n"
        if len(text) <= ROOM:
            return text
    return (
        "\n".join([*_opening(review), "", "Endringen er for stor til å vises her. Kjør `make endringer` for å se alt."])
        + "\n"
    )


def _lines(review: Review, cap: int) -> list[str]:
    found = list(_opening(review))
    for section in (_states, _tables, _figures, _touched, _texts, _rest):
        found += section(review, cap)
    return found


def _opening(review: Review) -> Iterable[str]:
    yield "## Dette endrer forslaget"
    yield ""
    yield f"**{plain(conclusion(review), 2000)}**"
    yield ""
    yield f"Sammenlignet med {plain(review.against)}."
    sides = (("gamle", review.before), ("nye", review.after))
    for word, fault in [(word, side.fault) for word, side in sides if side.fault]:
        yield ""
        yield (
            f"Nøkkeltallene i den {word} versjonen lar seg ikke regne ut her: {code(_without_ages(fault), 300)}. "
            "Derfor vises bare endringer i data og tekst."
        )


def _without_ages(fault: str) -> str:
    """The message of an error, which may repeat the cell that it stumbled over: two digits may be an age."""
    return re.sub(r"\b\d\d\b", "…", fault)


def conclusion(review: Review) -> str:
    """What a reader must know, in two or three sentences."""
    delivered = sum(change.count for change in review.tables if change.is_delivered)
    corrected, assumed = _values(review, CORRECTIONS), _values(review, ASSUMPTIONS)
    other = sum(change.count + change.notes for change in review.tables) - delivered - corrected - assumed
    told = _told(
        (delivered, "levert verdi", "leverte verdier"),
        (corrected, "verdi i rettelsene", "verdier i rettelsene"),
        (assumed, "verdi i forutsetningene", "verdier i forutsetningene"),
        (other, "annen opplysning i data", "andre opplysninger i data"),
        (len(review.figures), "nøkkeltall", "nøkkeltall"),
    )
    found = [f"{told} er endret." if told else "Ingen tall eller opplysninger i data er endret."]
    words = _told(
        (sum(change.is_prose for change in review.texts), "tekst", "tekster"),
        (sum(len(change.code) for change in review.texts), "kodecelle", "kodeceller"),
    )
    if words:
        found.append(f"{words} i boken er endret.")
    if review.source:
        found.append("Koden som regner ut tallene, er endret.")
    if review.touched:
        found.append(f"{_told((len(review.touched), 'kapittel', 'kapitler'))} viser noe annet enn før.")
    if review.reports:
        found.append("Statusen til utgaven eller en rapport er endret.")
    if review.has_figures:
        weaker = sum(change.is_weaker for change in review.statuses)
        gone = sum(change.kind == changes.Kind.BORTE for change in review.figures)
        if gone:
            found.append(f"{_told((gone, 'nøkkeltall', 'nøkkeltall'))} er borte.")
        told = _told((weaker, "nøkkeltall", "nøkkeltall"))
        found.append(f"{told} har fått svakere status." if told else "Ingen status er svakere.")
    return " ".join(found)


def _values(review: Review, name: str) -> int:
    return sum(change.count for change in review.tables if change.name == name)


def _told(*counts: tuple[int, str, str]) -> str:
    """«3 leverte verdier og 1 nøkkeltall»; "" when there is nothing to count."""
    return formatting.listing(
        [f"{formatting.number(number)} {one if number == 1 else many}" for number, one, many in counts if number]
    )


def _section(heading: str, blocks: Sequence[Sequence[str]]) -> list[str]:
    lines = [line for block in blocks if block for line in ("", *block)]
    return ["", f"### {heading}", *lines] if lines else []


def _cut(entries: Sequence[str], cap: int, write: Callable[[Sequence[str]], list[str]], what: str) -> list[str]:
    """The entries that there is room for, folded when they are many, and how many are left out."""
    if not entries:
        return []
    kept = list(entries[:cap])
    lines = write(kept) if kept else []
    if len(entries) > len(kept):
        lines += ["", f"… og {formatting.number(len(entries) - len(kept))} til, som det ikke er plass til her."]
    if len(entries) > OPEN:
        return folded(f"{formatting.number(len(entries))} {what}", lines)
    return lines


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]], cap: int, what: str) -> list[str]:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return _cut(lines, cap, lambda kept: [*table(columns, ()), *kept], what)


def _bullets(entries: Sequence[str], cap: int, what: str) -> list[str]:
    return _cut([f"- {entry}" for entry in entries], cap, list, what)


def _states(review: Review, cap: int) -> list[str]:
    rows = [(plain(what), plain(before), plain(after)) for what, before, after in review.reports]
    statuses = [
        (plain(change.name), plain(change.before), plain(change.after) + (" (svakere)" if change.is_weaker else ""))
        for change in review.statuses
    ]
    blocks = [
        _table(("Hva", "Før", "Nå"), rows, cap, "utgaver og rapporter"),
        _table(("Nøkkeltall", "Status før", "Status nå"), statuses, cap, "nøkkeltall med ny status"),
    ]
    return _section("Status", blocks)


def _tables(review: Review, cap: int) -> list[str]:
    groups = {
        "Leverte verdier": [change for change in review.tables if change.is_delivered],
        "Rettelser": [change for change in review.tables if change.name == CORRECTIONS],
        "Forutsetninger": [change for change in review.tables if change.name == ASSUMPTIONS],
    }
    told = [change for group in groups.values() for change in group]
    groups["Andre tabeller"] = [change for change in review.tables if change not in told]
    found: list[str] = []
    for heading, group in groups.items():
        found += _section(heading, [block for change in group for block in _table_blocks(change, cap)])
    return found


def _table_blocks(change: tables.TableChange, cap: int) -> list[list[str]]:
    remarks = " ".join(plain(remark) for remark in change.remarks)
    heading = f"**{plain(change.title)}** ({code(f'data/{change.path}')}){f'. {remarks}' if remarks else ''}"
    rows = [(plain(cell.row), plain(cell.column), plain(cell.before), plain(cell.after)) for cell in change.cells]
    return [
        [heading],
        _table(("Rad", "Kolonne", "Før", "Nå"), rows, cap, "endrede verdier"),
        _bullets([f"Ny rad: {plain(row)}" for row in change.added], cap, "nye rader"),
        _bullets([f"Fjernet rad: {plain(row)}" for row in change.removed], cap, "fjernede rader"),
    ]


def _figures(review: Review, cap: int) -> list[str]:
    rows = [(plain(change.name), *map(plain, _both(change, review))) for change in review.figures]
    return _section("Nøkkeltall", [_table(("Nøkkeltall", "Før", "Nå"), rows, cap, "endrede nøkkeltall")])


def _both(change: changes.Change, review: Review) -> tuple[str, str]:
    """Before and after. What either side withholds, is not told by way of the other."""
    withheld = [
        side.by_id.get(change.id, {}).get("status") == Status.TILBAKEHOLDT for side in (review.before, review.after)
    ]
    if not any(withheld):
        return change.before, change.after
    before, after = (str(Status.TILBAKEHOLDT) if hidden else tables.UNSHOWN for hidden in withheld)
    return before, after


def _touched(review: Review, cap: int) -> list[str]:
    entries = []
    for chapter in review.touched:
        parts = [plain(shown) for shown in chapter.shows]
        if chapter.fetches:
            parts.append(f"tall i teksten: {plain(formatting.listing([f'«{name}»' for name in chapter.fetches]))}")
        if chapter.fault:
            parts.append(f"kan ikke kjøres: {code(chapter.fault, 200)}")
        entries.append(f"**{plain(chapter.name)}**: {'; '.join(parts)}")
    return _section("Kapitler som viser noe annet", [_bullets(entries, cap, "kapitler")])


def _texts(review: Review, cap: int) -> list[str]:
    blocks: list[list[str]] = []
    for change in review.texts:
        used = review.uses.get(change.path, [])
        shared = f" Brukes i {plain(formatting.listing(used))}." if len(used) > 1 else ""
        remark = f" {plain(change.remark)}" if change.remark else ""
        title = prose.readable(change.title, lambda role, name: f"[{name}]")
        named = f"**{plain(title)}** ({code(change.path)})" if change.title != change.path else code(change.path)
        blocks.append([f"{named}.{remark}{shared}" if remark or shared else named])
        entries = [_edit(edit, change, review) for edit in change.edits]
        entries += [f"Flyttet celle: «{plain(text, 80)}»" for text in change.moved]
        entries += [_code_edit(edit) for edit in change.code]
        blocks.append(_bullets(entries, cap, "endringer i teksten"))
    return _section("Tekst", blocks)


def _edit(edit: prose.Edit, change: prose.TextChange, review: Review) -> str:
    before = prose.readable(edit.before, lambda role, name: _value(role, name, change.path, review.before))
    after = prose.readable(edit.after, lambda role, name: _value(role, name, change.path, review.after))
    if before == after:  # only what a reader does not see: a link, a mark, a value's name
        before, after = edit.before, edit.after
    where = prose.readable(edit.heading, lambda role, name: f"[{name}]")
    place = f"Under «{plain(where, 100)}»: " if where and where not in (before, after) else ""
    if not before:
        return f"{place}Ny: **{plain(after)}**"
    if not after:
        return f"{place}Fjernet: ~~{plain(before)}~~"
    marks = {"same": "{}", "gone": "~~{}~~", "come": "**{}**"}
    return place + " ".join(marks[kind].format(plain(text)) for kind, text in prose.words(before, after) if text)


def _value(role: str, name: str, path: str, side: Side) -> str:
    """What a sentence shows where it fetches a value; its name where one chapter does not settle that."""
    chapters = [chapter for chapter in side.notebooks if chapter.notebook == side.root / path]
    if len(chapters) == 1:
        parameters = chapters[0].parameters
        which = prose.value_id(name, str(parameters.get("omrade", "felles")), parameters, side.by_id)
        if record := side.by_id.get(which):
            return _shown(record, with_unit=role == "verdi")
    return f"[{name}]"


def _shown(record: Mapping[str, Any], with_unit: bool) -> str:
    number, unit = record["verdi"], record["enhet"]
    if number is None:
        return str(record["status"])
    decimals = formatting.DECIMALS.get(unit, 2)
    return (
        formatting.quantity(number, unit)
        if with_unit and unit in formatting.DECIMALS
        else formatting.number(number, decimals)
    )


def _code_edit(edit: prose.CodeEdit) -> str:
    where = prose.readable(edit.heading, lambda role, name: f"[{name}]")
    place = f"Under «{plain(where, 100)}»: " if where else ""
    if not edit.before:
        return f"{place}Ny kodecelle: {code(edit.after)}"
    if not edit.after:
        return f"{place}Kodecellen {code(edit.before)} er fjernet."
    old, new = edit.before.splitlines(), edit.after.splitlines()
    gone, come = [line for line in old if line not in new], [line for line in new if line not in old]
    if len(gone) == len(come) == 1:
        return f"{place}Kode endret: {code(gone[0])} → {code(come[0])}"
    return f"{place}Kodecellen som begynner med {code(old[0] if old else '')}, er endret ({len(gone)} linjer ut, {len(come)} inn)."


def _rest(review: Review, cap: int) -> list[str]:
    entries = [code(path) for path in (*review.files, *review.source)]
    return _section("Andre filer som kan endre tallene", [_bullets(entries, cap, "filer")])


def uses(side: Side) -> dict[str, list[str]]:
    """For each notebook the chapters that are made from it."""
    found: dict[str, list[str]] = {}
    for chapter in side.notebooks:
        path = chapter.notebook.relative_to(side.root).as_posix()
        found.setdefault(path, []).append(touched.name(chapter.docname, side))
    return found


def source_files(before: Path, after: Path) -> list[str]:
    """Files of the analysis that differ: they decide the numbers as much as the data do."""
    paths = {
        path.relative_to(root).as_posix() for root in (before, after) for path in (root / "analysis").rglob("*.py")
    }
    return sorted(path for path in paths if _bytes(before / path) != _bytes(after / path))


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
