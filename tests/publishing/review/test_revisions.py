"""What an earlier version is found by, and what a person is told when it is not found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publishing.errors import BuildError
from publishing.review import revisions
from tests.publishing.review.repository import git_in, replace


def fault(root: Path, name: str = "") -> str:
    with pytest.raises(BuildError) as raised:
        revisions.find(root, name)
    return str(raised.value)


def test_without_a_name_it_is_where_the_work_left_main(repository: Path):
    git = git_in(repository)
    start = git("rev-parse", "--short=10", "HEAD")
    git("checkout", "--quiet", "-b", "ny-tekst")
    replace(repository, "book/utgave.yml", "\nstatus: utkast", "\nstatus: til høring")
    git("commit", "--all", "--quiet", "--message=Til høring")
    assert revisions.find(repository) == revisions.Revision("main", start, "2026-11-24")


def test_the_old_files_are_laid_out_and_taken_away(repository: Path):
    replace(repository, "book/utgave.yml", "\nstatus: utkast", "\nstatus: til høring")
    with revisions.extracted(repository, revisions.find(repository, "HEAD")) as folder:
        assert "\nstatus: utkast" in (folder / "book/utgave.yml").read_text("utf-8")
        # Not a byte of a table may differ from the one in git.
        assert (folder / "data/kommuner.csv").read_bytes() == (repository / "data/kommuner.csv").read_bytes()
    assert not folder.exists()


def test_an_unknown_name_gets_a_suggestion(repository: Path):
    git_in(repository)("tag", "utgave-1")
    assert fault(repository, "utgave-2").startswith("Finner ikke «utgave-2» i historikken. Mente du «utgave-1»?")
    assert "Disse finnes: " in fault(repository, "x")


def test_a_name_is_never_an_option_of_git(repository: Path):
    assert fault(repository, "--output=endret").startswith("Finner ikke «--output=endret»")
    assert not (repository / "endret").exists()


def test_a_clone_without_its_history_is_told_to_fetch_it(repository: Path, tmp_path: Path):
    git = git_in(repository)
    replace(repository, "book/utgave.yml", "\nstatus: utkast", "\nstatus: til høring")
    git("commit", "--all", "--quiet", "--message=Til høring")
    git_in(tmp_path)("clone", "--quiet", "--depth=1", repository.as_uri(), "grunn")
    assert "Hent hele historikken med «git fetch --unshallow»." in fault(tmp_path / "grunn", "HEAD~1")


def test_a_folder_that_is_no_checkout(tmp_path: Path):
    assert fault(tmp_path).startswith("Mappen er ikke en git-utsjekking.")


def test_a_machine_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert re.match(r"Finner ikke git på denne maskinen\. Installer git", fault(repository))
