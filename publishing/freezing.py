"""Freezes the edition that ``book/utgave.yml`` names: keeps what was handed out, so that the next can say what changed.

People commit the folder afterwards. Its PDFs are those made for the archive, ``reports/pdf/arkiv/`` (PDF/A-2a);
where the build makes no such folder, it is ``reports/pdf/``, whose PDFs are PDF/A-2a as well.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import yaml

from analysis import formatting
from publishing import build, editions, project, versions
from publishing.errors import BuildError

#: Laid ready here, and then renamed, so that there is never half an edition.
STAGE = Path("_build") / "frossen-utgave"


def freeze(root: Path = project.ROOT, tell: Callable[[str], None] = print) -> editions.Frozen:
    """Build everything, and keep the edition in ``utgaver/``; all of it or nothing.

    Raises:
        BuildError: if the edition is frozen already or not newer than the last, if the folder is no git checkout or
            has changes that are not committed, or if the build does not pass.
    """
    edition = project.edition(root)
    _demand_newer(edition, editions.frozen(root))
    version = _demand_committed(root)
    build.build(root, tell=tell)
    if _demand_committed(root) != version:
        raise BuildError("Noen la inn endringer i git mens rapportene ble bygget. Frys utgaven på nytt.")
    return _keep(root, edition, version)


def _demand_newer(edition: project.Edition, frozen: tuple[editions.Frozen, ...]) -> None:
    advice = "Gi den nye utgaven eget navn og nyere dato i book/utgave.yml."
    for earlier in frozen:
        if earlier.name == edition.name:
            raise BuildError(f"book/utgave.yml: {earlier.described} er frosset allerede. {advice}")
    if frozen and edition.date <= frozen[-1].date:
        raise BuildError(
            f"book/utgave.yml: Datoen {formatting.date(edition.date)} er ikke nyere enn den siste frosne utgaven, "
            f"{frozen[-1].described}. {advice}"
        )


def _demand_committed(root: Path) -> str:
    """The commit of the checkout, which must hold everything that is built from."""
    version = versions.version(root)
    if not version:
        raise BuildError(
            "Mappen er ikke en git-utsjekking, eller git mangler på maskinen. En utgave fryses fra en utsjekking, "
            "så alle kan se hvilken versjon tallene kommer fra."
        )
    status = subprocess.run(
        ["git", "-c", "core.quotePath=false", "status", "--porcelain"],
        cwd=root, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    changed = [line[3:] for line in status.stdout.splitlines()]
    if changed:
        names = [f"«{name}»" for name in changed]
        shown = names if len(names) <= 3 else [*names[:3], f"{len(names) - 3} til"]
        raise BuildError(
            f"Disse filene er endret, men ikke lagt inn i git: {formatting.listing(shown)}. Legg dem inn først."
        )
    return version


def _keep(root: Path, edition: project.Edition, version: str) -> editions.Frozen:
    """Write the folder beside its place, and then put it there."""
    stage, reports = root / STAGE, root / "reports"
    target = root / editions.FOLDER / editions.slug(edition.name, edition.date)
    shutil.rmtree(stage, ignore_errors=True)
    (stage / editions.PDFS).mkdir(parents=True)
    archive = reports / "pdf" / "arkiv"
    for pdf in sorted((archive if archive.is_dir() else reports / "pdf").glob("*.pdf")):
        shutil.copyfile(pdf, stage / editions.PDFS / pdf.name)
    shutil.copyfile(reports / editions.FIGURES, stage / editions.FIGURES)
    facts = {"navn": edition.name, "dato": edition.date, "status": edition.state, "versjon": version}
    text = yaml.safe_dump(facts, allow_unicode=True, sort_keys=False)
    (stage / editions.FACTS).write_text(f"# Frosset av «make utgave». Endres aldri.\n{text}", "utf-8", newline="\n")
    target.parent.mkdir(exist_ok=True)
    stage.rename(target)
    return next(kept for kept in editions.frozen(root) if kept.folder == target)
