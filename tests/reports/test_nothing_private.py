"""Nothing published names a machine, a person or a host that it should not: the text of every file, and what is packed in it."""

from __future__ import annotations

import getpass
import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from analysis import data
from publishing import project
from tests.conftest import ROOT
from tests.hostile import DISK
from tests.reports.published import all_of

#: Names that files carry without anything being fetched: namespaces, and the makers' addresses in comments of the theme's files.
NAMED = {
    "www.w3.org": "namespaces of SVG, XML and RDF",
    "ns.adobe.com": "namespace of XMP",
    "purl.org": "namespace of Dublin Core",
    "www.aiim.org": "namespace of PDF/A and PDF/UA",
    "schemas.openxmlformats.org": "namespace of Office",
    "iso.org": "namespace of PDF 2.0",
    "pydata-sphinx-theme.readthedocs.io": "comment in the theme's script",
    "getbootstrap.com": "comment in the theme's style sheet",
    "github.com": "comment in the theme's style sheet",
    "fontawesome.com": "comment in the theme's style sheet",
    "sass-guidelin.es": "comment in the theme's style sheet",
}

#: Where the comments of the theme's makers stand; a page or a chart names none of their hosts.
THEMES = re.compile(r"^html/_static/.*\.(?:js|css)$")

HOST = re.compile(r"\bhttps?://([\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
PATH = re.compile(
    r"(?<![\w.])/(?:home|root|tmp|Users|private|var|usr|opt|mnt|work|builds|runner|github)/\w|\b[A-Za-z]:\\\w|\bfile:///?\w|site-packages"
)

#: A picture or a packed part of a PDF is bytes in which any three letters may stand by chance.
PACKED = (".png", ".pdf", ".xlsx")


def readable(texts: Iterable[tuple[str, str, str]]) -> Iterable[tuple[str, str, str]]:
    return ((name, channel, text) for name, channel, text in texts if channel != "bytes" or not name.endswith(PACKED))


def without_data(text: str) -> str:
    """Without fonts and pictures laid into a file: random letters to a search."""
    return re.sub(r"data:[\w/+.-]+;base64,[\w+/=]+", "", text)


def machines(texts: Iterable[tuple[str, str, str]], root: Path) -> list[str]:
    own = [str(root), root.as_posix(), str(Path.home())]
    return sorted(
        {
            f"{name} ({channel})"
            for name, channel, text in texts
            if any(path in text for path in own if len(path) > 3)
            or ((channel != "bytes" or not name.endswith(PACKED)) and PATH.search(without_data(text)))
        }
    )


def people() -> set[str]:
    """The names that this machine and git know whoever builds by; a name that the sources themselves have is a word like others."""
    found = {getpass.getuser()}
    for key in ("user.name", "user.email"):
        run = subprocess.run(["git", "-C", str(ROOT), "config", key], capture_output=True, text=True, check=False)
        found.add(run.stdout.strip())
    sources = " ".join(
        path.read_text("utf-8", "replace").lower()
        for folder in ("analysis", "book", "data", "publishing")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".ipynb", ".md", ".yml", ".csv", ".html", ".css", ".js")
    )
    return {name for name in found if len(name) > 3 and name.lower() not in sources}


def naming(texts: Iterable[tuple[str, str, str]], names: Iterable[str]) -> list[str]:
    any_of = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in names) or r"(?!)", re.IGNORECASE)
    return sorted({f"{name} ({channel})" for name, channel, text in readable(texts) if any_of.search(without_data(text))})


def addresses(texts: Iterable[tuple[str, str, str]], public: str) -> list[str]:
    allowed = set(MAIL.findall(public))
    return sorted({name for name, _, text in readable(texts) if set(MAIL.findall(without_data(text))) - allowed})


def hosts(texts: Iterable[tuple[str, str, str]], linked: set[str]) -> dict[str, str]:
    """Hosts that no source of ``data/kilder.csv`` lies on, and no namespace is named by, each with a file."""
    found = {}
    for name, _, text in readable(texts):
        for host in HOST.findall(without_data(text)):
            comment = NAMED.get(host, "").startswith("comment")
            if host not in linked and (host not in NAMED or (comment and not THEMES.match(name))):
                found[host] = name
    return found


def linked_hosts() -> set[str]:
    sources = {urlsplit(url).netloc for url in data.load("kilder")["url"].dropna() if url}
    licences = {urlsplit(one["path"]).netloc for table in json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))["resources"] for one in table["licenses"]}
    return sources | licences


def test_no_place_on_the_machine_that_built_it(reports_dir: Path) -> None:
    assert machines(all_of(reports_dir), ROOT) == []


def test_no_name_of_who_built_it(reports_dir: Path) -> None:
    assert naming(all_of(reports_dir), people()) == []


def test_no_address_but_that_of_the_edition(reports_dir: Path) -> None:
    assert addresses(all_of(reports_dir), project.edition().contact) == []


def test_no_host_but_those_of_the_sources(reports_dir: Path) -> None:
    assert hosts(all_of(reports_dir), linked_hosts()) == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Bygd i {DISK}/home/kari/rapport", True),
        (r"C:\Users\kari\rapport.xlsx", True),
        ("file:///srv/rapport", True),
        (f"{ROOT}/book", True),
        ("data/raw/sak/bemanning.csv og ../_static/innhold.css", False),
        ("kommuner/områder", False),
    ],
)
def test_a_place_on_a_machine_is_found(text: str, found: bool) -> None:
    assert bool(machines([("a.html", "bytes", text)], ROOT)) is found


def test_a_name_an_address_and_a_host_are_found() -> None:
    texts = [("html/a.html", "bytes", "kari@melhus.example https://cdn.example/x.js Kari Nordmann https://github.com/x")]
    assert naming(texts, {"Kari Nordmann"}) and not naming(texts, {"Ola Nordmann"})
    assert addresses(texts, "kommunedirektøren") and not addresses(texts, "skriv til kari@melhus.example")
    assert hosts(texts, set()) == {"cdn.example": "html/a.html", "github.com": "html/a.html"}
    assert not hosts(texts, {"cdn.example", "github.com"})
    packed = [("a.png", "picture's description", f"Software: {DISK}/home/kari/tegn.py")]
    assert machines(packed, ROOT)
