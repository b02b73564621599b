"""Which statuses changed: those of key figures, and the states of the edition and of each report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis import formatting
from analysis.model import Status
from publishing import project
from publishing.errors import BuildError
from publishing.review.sides import Side

#: How much a number can be leaned on. A status of a lower rank than before is weaker.
RANK = {
    Status.OPPGITT: 3,
    Status.RETTET: 3,
    Status.BEREGNET: 3,
    Status.ANTATT: 2,
    Status.TILBAKEHOLDT: 1,
    Status.MANGLER: 0,
}


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A key figure with another status than before."""

    name: str
    before: str
    after: str

    @property
    def is_weaker(self) -> bool:
        return _rank(self.after) < _rank(self.before)


def _rank(status: str) -> int:
    return RANK.get(Status(status), 0) if status in set(Status) else 0


def compare(before: Side, after: Side) -> list[StatusChange]:
    """Key figures of both sides whose status differs; the weaker first."""
    found = [
        StatusChange(record["navn"], before.by_id[record["id"]]["status"], record["status"])
        for record in after.figures
        if record["id"] in before.by_id and before.by_id[record["id"]]["status"] != record["status"]
    ]
    return sorted(found, key=lambda change: not change.is_weaker)


def reports(before: Side, after: Side) -> Iterator[tuple[str, str, str]]:
    """What differs in the edition and in the state of each report: what, before, after."""
    old, new = _edition(before), _edition(after)
    if old and new:
        yield from _differing(
            "Utgaven", f"{old.name}, {_date(old)}, {old.state}", f"{new.name}, {_date(new)}, {new.state}"
        )
        yield from _differing("Kontakt", old.contact, new.contact)
        earlier = {report.slug: project.state_of(report, old) for report in before.reports}
        for report in after.reports:
            state = project.state_of(report, new)
            yield from _differing(f"Rapporten {report.title}", earlier.get(report.slug, "ikke med"), state)
        present = {report.slug for report in after.reports}
        for report in before.reports:
            if report.slug not in present:
                yield f"Rapporten {report.title}", earlier[report.slug], "ikke med"


def _differing(what: str, before: str, after: str) -> Iterator[tuple[str, str, str]]:
    if before != after:
        yield what, before, after


def _edition(side: Side) -> project.Edition | None:
    try:
        return project.edition(side.root)
    except BuildError:
        return None


def _date(edition: project.Edition) -> str:
    return formatting.date(edition.date)
