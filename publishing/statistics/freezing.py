"""Fetches every table of ``data/statistikk.yml`` and freezes it: answer, table and bookkeeping, all or nothing.

``data/frosset.csv`` keeps, for each table: which table of SSB it is, the query, when it was fetched, when SSB updated it,
the checksums of the table and of the answer as received (which lies beside the table, as JSON), and the licence.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis import data
from publishing import project, validation
from publishing.errors import BuildError
from publishing.review import reviewing, summary
from publishing.statistics import deriving, fetching, jsonstat, orders

BOOKS = "frosset"

#: What the numbers are computed from, and shown by.
PARTS = ("analysis", "book", "data", "_toc.yml")

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Fetched:
    """What is to be written: the content of each file by its path in the project, and what SSB has no number for."""

    files: Mapping[str, bytes]
    missing: Sequence[str]


def freeze(root: Path = project.ROOT, tell: Tell = print, write: bool = True) -> Fetched:
    """Fetch, tell what changes in tables and key figures, and write, unless ``write`` is false.

    Raises:
        BuildError: if anything cannot be fetched, read or used. Then nothing is written.
    """
    fetched = fetch(root)
    with _tried(root, fetched.files) as folder:
        try:
            validation.validate(folder)
        except BuildError as error:
            raise BuildError(
                *error.problems, f"De nye tallene kan ikke brukes slik de er. {fetching.UNTOUCHED}"
            ) from None
        tell(summary.markdown(reviewing.between(root, folder, "de frosne tallene")))
    for line in fetched.missing:
        tell(f"SSB oppgir ikke tall for {line}")
    if write:
        _write(root, fetched.files)
    return fetched


def fetch(
    root: Path, now: dt.datetime | None = None, get: Callable[..., tuple[bytes, object]] = fetching.get
) -> Fetched:
    """Ask for every table, and derive ours. Faults of all tables are told at once.

    Raises:
        BuildError: a line for each table that could not be fetched or used.
    """
    ordered = orders.read(root)
    moment = (now or dt.datetime.now(dt.UTC)).replace(microsecond=0)
    files: dict[str, bytes] = {}
    kept = {row["tabell"]: row for row in _rows(root, BOOKS)}
    missing: list[str] = []
    problems: list[str] = []
    for order in ordered.tables:
        shown = f"SSB tabell {order.ssb} ({order.table})"
        resource = data.description(root).get(order.table)
        if resource is None:
            problems.append(f"{orders.FILE}: Tabellen «{order.table}» står ikke i data/datapackage.json.")
            continue
        try:
            content, answer = get(ordered.url(order), shown)
            dataset = jsonstat.read(answer)
            fields = {field["name"]: field for field in resource["schema"]["fields"]}
            source = f"SSB tabell {order.ssb}, hentet {moment.date().isoformat()}"
            derived = deriving.derive(order, dataset, fields, source)
        except BuildError as error:
            problems += error.problems
            continue
        except jsonstat.FormatError as error:
            problems.append(f"{shown}: {error} {fetching.UNTOUCHED}")
            continue
        path = f"data/{resource['path']}"
        beside = Path(path).with_suffix(".json").as_posix()
        files[path] = _csv(list(fields), derived.rows)
        files[beside] = content
        missing += [f"{order.table}, {line}" for line in derived.missing]
        kept[order.table] = {
            "tabell": order.table,
            "ssb_tabell": order.ssb,
            "fil": resource["path"],
            "sporring": order.parameters(),
            "hentet": moment.isoformat().replace("+00:00", "Z"),
            "oppdatert_hos_ssb": dataset.updated,
            "svar": beside.removeprefix("data/"),
            "svar_sha256": _sum(content),
            "sha256": _sum(files[path]),
            "lisens": ordered.licence,
            "merknad": f"SSB oppgir ikke tall for {'; '.join(derived.missing)}." if derived.missing else "",
        }
    if problems:
        raise BuildError(*problems)
    described = data.description(root)[BOOKS]
    columns = [field["name"] for field in described["schema"]["fields"]]
    files[f"data/{described['path']}"] = _csv(columns, list(kept.values()))
    return Fetched(files, missing)


def _rows(root: Path, table: str) -> list[dict[str, str]]:
    path = root / "data" / data.description(root)[table]["path"]
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def _tried(root: Path, files: Mapping[str, bytes]) -> Iterator[Path]:
    """A copy of the project with the new files in it, to be checked and computed before anything is written."""
    with TemporaryDirectory(prefix="statistikk-") as name:
        folder = Path(name)
        for part in PARTS:
            source = root / part
            if source.is_dir():
                shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, folder / part)
        for path, content in files.items():
            (folder / path).write_bytes(content)
        yield folder


def _write(root: Path, files: Mapping[str, bytes]) -> None:
    """Write every file beside its place, and then put all of them there; none of them when one cannot be."""
    before = {path: (root / path).read_bytes() if (root / path).exists() else None for path in files}
    done: list[str] = []
    try:
        for path, content in files.items():
            _beside(root, path).write_bytes(content)
        for path in files:
            _beside(root, path).replace(root / path)
            done.append(path)
    except OSError as error:
        for path in done:
            content = before[path]
            (root / path).unlink() if content is None else (root / path).write_bytes(content)
        raise BuildError(
            f"Fikk ikke skrevet {error.filename or 'filene'}. Lukk filen om den er åpen i et annet program, og prøv "
            f"igjen. {fetching.UNTOUCHED}"
        ) from None
    finally:
        for path in files:
            _beside(root, path).unlink(missing_ok=True)


def _beside(root: Path, path: str) -> Path:
    return root / f"{path}.ny"
