"""The old side of a review: a revision of the project, read with git into a folder of its own."""

from __future__ import annotations

import difflib
import io
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from publishing.errors import BuildError

#: What a change is compared with unless told: the point where it left one of these.
MAIN = ("origin/main", "main")


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit: ``name`` is what was asked for, ``commit`` its short hash, ``date`` its day (2026-11-24)."""

    name: str
    commit: str
    date: str


def find(root: Path, name: str = "") -> Revision:
    """The commit that ``name`` stands for; without a name the point where the work left main.

    Raises:
        BuildError: if git or the repository is missing, or if nothing has this name.
    """
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != root.resolve():
        raise BuildError(
            "Mappen er ikke en git-utsjekking. Uten historikk er det ikke noe å sammenligne med. "
            "Hent prosjektet med «git clone»."
        )
    if name:
        commit = _commit(root, name)
        if commit is None:
            raise BuildError(_unknown(root, name))
    else:
        name, commit = _fork_point(root)
    described = _git(root, "show", "--no-patch", "--format=%h %cs", "--abbrev=10", commit) or f"{commit[:10]} "
    short, _, date = described.partition(" ")
    return Revision(name, short, date)


@contextmanager
def extracted(root: Path, revision: Revision) -> Iterator[Path]:
    """The files of the revision in a folder that is gone afterwards."""
    packed = subprocess.run(
        ["git", "-C", str(root), "archive", "--format=zip", revision.commit], capture_output=True, check=False
    )
    if packed.returncode:
        raise BuildError(f"Git fikk ikke hentet fram {revision.commit}. Kjør «git fsck», og prøv igjen.")
    with TemporaryDirectory(prefix="endringer-") as folder:
        zipfile.ZipFile(io.BytesIO(packed.stdout)).extractall(folder)
        yield Path(folder)


def _fork_point(root: Path) -> tuple[str, str]:
    for branch in MAIN:
        if _commit(root, branch) is None:
            continue
        if commit := _git(root, "merge-base", "HEAD", branch):
            return branch, commit
        break  # the two have no common history: either none at all, or none that was fetched
    if _is_shallow(root):
        raise BuildError(f"Fant ikke hvor arbeidet skiller lag fra main. {_FETCH}")
    raise BuildError(
        "Fant ikke grenen main å sammenligne med. Si hva endringen skal sammenlignes med, for eksempel "
        "«make endringer FRA=HEAD~1»."
    )


_FETCH = "Bare en del av historikken er hentet. Hent hele historikken med «git fetch --unshallow»."


def _unknown(root: Path, name: str) -> str:
    if _is_shallow(root):
        return f"Finner ikke «{name}» i historikken. {_FETCH}"
    listed = _git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags") or ""
    names = [known for known in listed.splitlines() if known]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    known = f" Mente du «{near[0]}»?" if near else f" Disse finnes: {', '.join(names[:8])}." if names else ""
    return f"Finner ikke «{name}» i historikken.{known} Skriv navnet på en gren, et merke eller en versjon."


def _commit(root: Path, name: str) -> str | None:
    return _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")


def _is_shallow(root: Path) -> bool:
    return _git(root, "rev-parse", "--is-shallow-repository") == "true"


def _git(root: Path, *arguments: str) -> str | None:
    """What git answers, or None when it finds nothing."""
    try:
        run = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, encoding="utf-8", check=False
        )
    except OSError:
        raise BuildError(
            "Finner ikke git på denne maskinen. Installer git, og prøv igjen. Uten historikk er det ikke noe å "
            "sammenligne med."
        ) from None
    return run.stdout.strip() if run.returncode == 0 else None
