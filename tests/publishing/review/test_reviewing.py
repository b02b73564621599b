"""What a person is told of a proposed change: the whole summary, beside one written down to be read.

The repository is the project itself, and the change has one of each kind. ``endring.md`` holds the summary as it was
read and found right. It changes when the project's figures do: read it again then, and do not only copy it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from publishing.review import reviewing
from tests.publishing.review.repository import git_in, replace

GOLDEN = Path(__file__).with_name("endring.md")

GRANTS = "data/raw/sak/skjonnsmidler.csv"
STAFFING = "data/raw/sak/bemanning.csv"
TODAY = "book/sentralbord/dagens-situasjon.ipynb"


def propose(root: Path) -> None:
    """A change of each kind: value, status, correction, assumption, sentence, code, order of cells, state of a report."""
    replace(
        root, GRANTS, '2025,1100000,oppgitt,"Saksframlegget',
        '2025,1150000,oppgitt,"Brev fra <script>alert(1)</script> | `@okonomisjefen`, sak #12. Saksframlegget',
    )  # fmt: skip
    replace(root, STAFFING, "2.5,2000000,27,47,oppgitt,", "2.5,2000000,,,tilbakeholdt,")
    replace(root, "data/rettelser.csv", "6420000,6320000,", "6420000,6310000,")
    replace(root, "data/forutsetninger.csv", "alderspensjon,67,67,67", "alderspensjon,67,67,68")
    replace(
        root, TODAY, "i full stilling i ett år. Årsverkene er beregnet ut fra åpningstiden.",
        "i full stilling gjennom et helt år. Kostnaden er {verdi}`kostnad.sum`.",
    )  # fmt: skip
    replace(root, TODAY, "today.unit_costs(omrade)", "today.staffing(omrade)")
    replace(
        root,
        "book/sentralbord/parameters.yml",
        "fase: Rapport fra fase 2",
        "fase: Rapport fra fase 2\nstatus: til høring",
    )
    move_first_section_last(root / "book/sentralbord/utproving.ipynb")


def move_first_section_last(path: Path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"].append(notebook["cells"].pop(3))
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")


@pytest.mark.long(15)
def test_the_summary_is_the_one_that_was_read_and_found_right(repository: Path):
    propose(repository)
    told = reviewing.review(repository)
    told = re.sub(r"\(([0-9a-f]{10}), ", "(0123456789, ", told)  # the commit of the day
    assert told == GOLDEN.read_text("utf-8")


def test_no_age_is_told_in_any_form(repository: Path):
    # Ages that are delivered, that slip into a status, into a text, and into a correction.
    replace(
        repository,
        STAFFING,
        "postmottak-arkiv,5029,2.5,2000000,27,47,oppgitt,",
        "postmottak-arkiv,5029,2.5,2000000,43,44,45,",
    )
    replace(
        repository,
        STAFFING,
        'sentralbord,5029,0.8,640000,,,tilbakeholdt,oppgitt,"',
        'sentralbord,5029,0.8,640000,,,tilbakeholdt,oppgitt,"48 år. ',
    )
    with (repository / "data/rettelser.csv").open("a", encoding="utf-8") as file:
        file.write(
            "alder,bemanning,omrade=postmottak-arkiv;kommunenr=5028,alder_fra,25,49,Hun er 49,ingen,2026-11-24\n"
        )
    told = reviewing.review(repository)
    assert "(vises ikke)" in told
    assert not re.search(r"\b4[3-9]\b", told)


def test_an_old_version_whose_numbers_cannot_be_computed_is_compared_by_data_and_text(repository: Path):
    git = git_in(repository)
    (repository / "analysis/keyfigures.py").write_text("raise RuntimeError('gammel feil')\n", "utf-8")
    git("commit", "--all", "--quiet", "--message=En feil")
    git("revert", "--no-edit", "HEAD")
    replace(repository, GRANTS, "1100000", "1150000")
    told = reviewing.review(repository, "HEAD~1")
    assert "Nøkkeltallene i den gamle versjonen lar seg ikke regne ut her: `RuntimeError: gammel feil`." in told
    assert "| 2025 | Beløp | 1\u202f100\u202f000\u00a0kr (oppgitt) | 1\u202f150\u202f000\u00a0kr (oppgitt) |" in told
    assert "### Nøkkeltall" not in told
    assert "Ingen status er svakere" not in told


def test_nothing_changed_is_told_in_one_line(repository: Path):
    told = reviewing.review(repository)
    assert "**Ingen tall eller opplysninger i data er endret. Ingen status er svakere.**" in told
    assert "###" not in told
