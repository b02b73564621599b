"""What the last build was made from, and what it left: a build of the same does nothing, and none trusts what it did not finish.

Everything is told by its bytes: clocks can jump, and a build can be killed at any moment.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import sysconfig
from dataclasses import asdict, dataclass
from pathlib import Path

from publishing import digests, temporary, versions

RECORD = Path("_build") / "siste-bygging.json"

#: What a build keeps for the next one: the documents that Sphinx has read, and the files that they name.
DOCTREES = Path("_build") / "bok" / "doctrees"
DRAWINGS = Path("_build") / "figurer"
KEPT = (DOCTREES, DRAWINGS, Path("_build") / "tallgrunnlag")


@dataclass(frozen=True, slots=True)
class Result:
    """What was built: chapters in the book, notebooks executed then, pages of the site, PDFs and key figures."""

    chapters: int
    executed: int
    pages: int
    pdfs: tuple[str, ...]
    key_figures: int


def unchanged(root: Path) -> Result | None:
    """What the last build made, if it was made from what is here now and ``reports/`` is as it left it; or None."""
    record = _record(root)
    if record.get("fra") != sources(root) or record.get("utgave") != digests.digest(root, [Path("reports")]):
        return None
    made = record["laget"]
    return Result(**{**made, "pdfs": tuple(made["pdfs"]), "executed": 0})


def begin(root: Path) -> None:
    """Forget the last build; what this one leaves counts when it is done.

    Unless all that was kept is whole, every document is read anew: each then lays the files that it names ready.
    """
    record = _record(root)
    (root / RECORD).unlink(missing_ok=True)
    if not record or record.get("beholdt") != digests.digest(root, KEPT):
        shutil.rmtree(root / DOCTREES, ignore_errors=True)


def done(root: Path, made_from: str, result: Result) -> None:
    """Tell the next build what this one was made from (:func:`sources`, taken before it began) and left."""
    temporary.clear(root / DRAWINGS)  # what drew ahead is killed when it is no longer needed
    record = {
        "fra": made_from,
        "utgave": digests.digest(root, [Path("reports")]),
        "beholdt": digests.digest(root, KEPT),
        "laget": asdict(result),
    }
    beside = (root / RECORD).with_suffix(".ny")
    beside.write_text(json.dumps(record, indent=1), "utf-8")
    beside.replace(root / RECORD)


def sources(root: Path) -> str:
    """A digest of all that decides what is built: every source, the commit, Python and the libraries."""
    libraries = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    outside = repr((sys.version, sys.platform, libraries, versions.version(root)))
    return hashlib.sha256((outside + repr(digests.parts(root))).encode()).hexdigest()


def _record(root: Path) -> dict[str, object]:
    try:
        record = json.loads((root / RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}
