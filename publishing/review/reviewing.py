"""Reviews a proposed change: the working tree beside an earlier revision."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from analysis import changes, formatting
from publishing import project
from publishing.review import prose, revisions, sides, states, summary, tables, touched


def review(root: Path = project.ROOT, name: str = "") -> str:
    """The summary, in Markdown, of what the working tree changes since the revision ``name``.

    Without a name it is the point where the work left main. No build is needed.

    Raises:
        BuildError: if there is no history, or nothing in it has this name.
    """
    revision = revisions.find(root, name)
    with revisions.extracted(root, revision) as folder:
        return summary.markdown(between(folder, root, _told(revision)))


def between(before: Path, after: Path, against: str) -> summary.Review:
    """Everything that differs between two project folders."""
    old, new = sides.read(before, after)
    comparable = not (old.fault or new.fault)
    figures = changes.compare(old.figures, new.figures) if comparable else []
    changed = frozenset(change.id for change in figures)
    return summary.Review(
        against=against,
        before=old,
        after=new,
        tables=tables.compare(before, after),
        figures=figures,
        statuses=states.compare(old, new) if comparable else [],
        reports=list(states.reports(old, new)),
        touched=touched.compare(old, new, changed) if comparable else [],
        texts=prose.compare(before, after),
        files=tables.other_files(before, after),
        source=summary.source_files(before, after),
        uses=summary.uses(new),
    )


def _told(revision: revisions.Revision) -> str:
    """«main (a1b2c3d4e5, 24. november 2026)»; the commit alone where the name says no more."""
    day = f", {formatting.date(dt.date.fromisoformat(revision.date))}" if revision.date else ""
    if re.fullmatch(r"[0-9a-f]{7,40}|HEAD.*", revision.name):
        return f"versjon {revision.commit}{day}"
    return f"{revision.name} ({revision.commit}{day})"
