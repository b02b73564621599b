"""Each report as one file: whole, with nothing outside itself."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from publishing import project

SLUGS = [report.slug for report in project.reports()]


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


@cache
def read(path: Path) -> BeautifulSoup:
    return BeautifulSoup(text_of(path), "html.parser")


@pytest.fixture(params=SLUGS)
def file(request: pytest.FixtureRequest, reports_dir: Path) -> Path:
    return reports_dir / "enkeltfil" / f"{request.param}.html"


def test_there_is_one_for_each_report(reports_dir: Path) -> None:
    assert sorted(path.stem for path in (reports_dir / "enkeltfil").iterdir()) == sorted(SLUGS)


def test_it_loads_nothing_from_outside(file: Path) -> None:
    page = read(file)
    assert not page.select("link, img, iframe, object, script[src], source, video, audio")
    addresses = re.findall(r"url\(\s*[\"']?([^\"')]+)", text_of(file))
    assert addresses and all(address.startswith(("data:", "#")) for address in addresses)


def test_every_link_leads_within_the_file_or_to_the_web(file: Path) -> None:
    ids = {str(tag["id"]) for tag in read(file).find_all(id=True)}
    for link in read(file).find_all("a", href=True):
        address = urlsplit(str(link["href"]))
        if address.scheme:
            assert address.scheme == "https"
        else:
            assert not address.path and unquote(address.fragment) in ids, link


def test_ids_are_unique_and_everything_they_name_is_there(file: Path) -> None:
    ids = [str(tag["id"]) for tag in read(file).find_all(id=True)]
    assert len(ids) == len(set(ids)), sorted({name for name in ids if ids.count(name) > 1})
    for tag in read(file).find_all(attrs={"aria-labelledby": True}):
        assert tag["aria-labelledby"] in ids


def test_its_headings_make_an_outline(file: Path) -> None:
    levels = [int(heading.name[1]) for heading in read(file).find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_it_holds_every_chapter_with_its_figures_and_tables(file: Path, reports_dir: Path) -> None:
    report = next(report for report in project.reports() if report.slug == file.stem)
    sections = read(file).select("article > section")
    assert [str(section["id"]) for section in sections] == [name.rsplit("/", 1)[1] for name in report.docnames]
    for section, docname in zip(sections, report.docnames, strict=True):
        page = read(reports_dir / "html" / f"{docname}.html").select_one("article.bd-article")
        for part in ("figure svg", "table", "p", "li", "a.verdi"):
            kept = [tag for tag in page.select(part) if "nedlasting" not in tag.get("class", [])]
            assert len(section.select(part)) == len(kept), f"{docname}: {part}"


def test_its_policy_lets_its_own_style_and_script_run_and_nothing_else(file: Path) -> None:
    policy = str(read(file).find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"])
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for kind in ("style", "script"):
        [inline] = read(file).find_all(kind)
        digest = base64.b64encode(hashlib.sha256(inline.string.encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"


def test_it_tells_edition_state_and_whom_to_ask(file: Path) -> None:
    edition = project.edition()
    top = read(file).header.get_text(" ")
    for words in (edition.name, "Status:", edition.contact):
        assert words in top


def test_it_can_be_sent_by_mail(file: Path) -> None:
    assert file.stat().st_size < 3_000_000
