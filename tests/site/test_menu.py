"""The menu: every report is one step away, and the chapters of the one that is read are in sight."""

from __future__ import annotations

from pathlib import Path
from posixpath import normpath

from publishing import project
from tests.site.test_editions import read


def linked(page: Path, name: str) -> list[str]:
    """The pages that the menu of a page leads to, as document names."""
    here = [link["href"] for link in read(page).select("nav.bd-docs-nav a")]
    folder = name.rpartition("/")[0]
    return [name if href == "#" else normpath(f"{folder}/{href}").removesuffix(".html") for href in here]


def test_every_report_and_the_chapters_of_its_own(reports_dir: Path) -> None:
    firsts = {paper.docnames[0] for paper in project.papers()}
    others = {name for name in project.chapters() if name.count("/") == 1}
    for paper in project.papers():
        for name in paper.docnames:
            found = linked(reports_dir / "html" / f"{name}.html", name)
            assert len(found) == len(set(found)), name
            assert set(found) == firsts | others | set(paper.docnames), name


def test_the_page_itself_is_marked_for_everyone(reports_dir: Path) -> None:
    for name in project.chapters():
        marked = read(reports_dir / "html" / f"{name}.html").select('nav.bd-docs-nav a[aria-current="page"]')
        assert [link["href"] for link in marked] == ["#"], name
