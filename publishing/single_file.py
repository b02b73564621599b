"""Each report as one HTML file: to send by mail, to lie in the case system, to be read without a network.

Made of the pages of the site, chapter after chapter, with the same style for the article (``innhold.css``), the fonts,
the charts and the scripts inside the file.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, SoupStrainer, Tag

from analysis import formatting
from publishing import project, versions
from publishing.project import Edition, Report

FOLDER = "enkeltfil"
STATIC = Path(__file__).parent / "site" / "static"
FONTS = Path(__file__).parent / "fonts"
SCRIPTS = ("forklaring.js", "figur.js", "utforsker.js")

#: What has no use in a file on its own: files to download, and links to the headings of a page.
_LEFT_OUT = ".nedlasting, a.headerlink, script"

#: Attributes that name one or more ids.
_NAMES_IDS = ("aria-labelledby", "aria-describedby", "aria-controls", "for")

#: The frame around the chapters; everything in them is styled by ``innhold.css``.
FRAME = """
body { margin: 0; background: var(--paper); color: var(--ink); font-family: var(--sans); }
.ramme { max-width: 51rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
.hopp { position: absolute; left: -99rem; }
.hopp:focus { position: static; }
.topp h1 { font-size: clamp(2rem, 1.5rem + 2vw, 2.75rem); line-height: 1.15; margin: 0.5rem 0; }
.topp .fase { color: var(--accent); font-weight: 600; margin: 0; }
.topp .undertittel { font-family: var(--serif); font-size: 1.1875rem; color: var(--muted); margin: 0 0 1rem; }
.topp .utgave { font-size: 0.9375rem; color: var(--muted); margin: 0.25rem 0; }
nav.innhold { border-block: 1px solid var(--line); margin: 2rem 0; padding: 1rem 0; }
nav.innhold h2 { font-size: 1.125rem; margin: 0 0 0.5rem; }
nav.innhold > ol { columns: 2 20rem; column-gap: 2.5rem; }
nav.innhold > ol > li { break-inside: avoid; }
nav.innhold ol { list-style: none; margin: 0; padding: 0; line-height: 1.5; }
nav.innhold ol ol { padding-left: 1.25rem; font-size: 0.9375rem; }
nav.innhold li { padding: 0.15rem 0; }
nav.innhold a { color: var(--accent); }
nav.innhold ol ol a { color: var(--ink); }
.bd-article > section { border-top: 3px solid var(--accent); margin-top: 4rem; padding-top: 1.5rem; }
.bd-article > section > h2 { font-size: 2rem; margin: 0 0 1.25rem; }
.bd-article h3 { font-size: 1.5rem; font-weight: 700; margin: 2.75rem 0 0.8rem; }
.bd-article h4 { font-size: 1.1875rem; }
.bd-article :is(h5, h6) { font-family: var(--sans); font-size: 1.0625rem; margin: 1.75rem 0 0.5rem; }
a { color: var(--accent); }
*, *::before { box-sizing: border-box; }
@media print { .ramme { max-width: none; padding: 0; } nav.innhold, .bd-article > section { break-after: auto; } .bd-article > section { break-before: page; border: 0; } }
"""

PAGE = """<!DOCTYPE html>
<html lang="nb" data-theme="light">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – {book}</title>
<style>{style}</style>
</head>
<body>
<div class="ramme">
<a class="hopp" href="#innhold">Hopp til innholdet</a>
<header class="topp">
<p class="fase">{phase}</p>
<h1>{title}</h1>
<p class="undertittel">{subtitle}</p>
<p class="utgave">{edition}</p>
<p class="utgave">Denne filen kan leses uten nett. Tallene som filer og de andre rapportene ligger på nettsiden.</p>
</header>
<nav class="innhold" aria-labelledby="innhold-tittel">
<h2 id="innhold-tittel">Innhold</h2>
{contents}
</nav>
<main id="innhold"><article class="bd-article">
{chapters}
</article></main>
</div>
<script>{script}</script>
</body>
</html>
"""


def write_all(root: Path, pages: Path, target: Path) -> None:
    """Write ``<slug>.html`` for every report into ``target``, from the built pages of the site in ``pages``."""
    target.mkdir(parents=True, exist_ok=True)
    edition, version = project.edition(root), versions.shown(root)
    for report in project.reports(root):
        text = file_of(report, edition, version, pages)
        (target / f"{report.slug}.html").write_text(text, "utf-8", newline="\n")


def file_of(report: Report, edition: Edition, version: str, pages: Path) -> str:
    """One report as HTML that needs nothing outside itself."""
    contents, chapters = [], []
    for docname in report.docnames:
        chapter = _chapter(report, docname, pages)
        contents.append(_entry(chapter))
        chapters.append(str(chapter))
        chapter.decompose()  # its parts refer to each other, and would stay until somebody looks for garbage
    style, script = _style(), "".join((STATIC / name).read_text("utf-8") for name in SCRIPTS)
    told = [f"{edition.name}, {formatting.date(edition.date)}.", f"Status: {project.state_of(report, edition)}."]
    told += [f"Versjon: {version}."]
    told += [f"Spørsmål? Kontakt {edition.contact}."]
    return PAGE.format(
        policy=escape(_policy(style, script)),
        title=escape(report.title),
        book="Bærekraftige og innovative kommuner 2030",
        phase=escape(report.phase),
        subtitle=escape(report.subtitle),
        edition=escape(" ".join(told)),
        contents=f"<ol>{''.join(contents)}</ol>",
        chapters="\n".join(chapters),
        style=style,
        script=script,
    )


def _policy(style: str, script: str) -> str:
    def hashed(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; script-src {hashed(script)}; style-src {hashed(style)}; "
        "style-src-attr 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _style() -> str:
    """The style of the article with its fonts inside it, then the frame."""

    def font(match: re.Match[str]) -> str:
        content = base64.b64encode((FONTS / match[1]).read_bytes()).decode()
        return f'url("data:font/woff2;base64,{content}")'

    return re.sub(r'url\("fonts/([^"]+)"\)', font, (STATIC / "innhold.css").read_text("utf-8")) + FRAME


def _article(page: Path) -> Tag:
    found = BeautifulSoup(page.read_text("utf-8"), "html.parser", parse_only=SoupStrainer("article"))
    article = found.select_one("article.bd-article")
    if article is None:
        raise ValueError(f"{page.name} has no article")
    return article


def _chapter(report: Report, docname: str, pages: Path) -> Tag:
    """A chapter as a section: headings a level down, ids of its own, and links that lead within the file or out of it."""
    article = _article(pages / f"{docname}.html")
    for part in article.select(_LEFT_OUT):
        part.decompose()
    name = docname.rsplit("/", 1)[1]
    _own_ids(article, name)
    _local_links(article, report, docname)
    for level in (5, 4, 3, 2, 1):
        for heading in article.find_all(f"h{level}"):
            heading.name = f"h{level + 1}"
    # Sphinx nests sections; in one file their headings are enough of an outline.
    for section in article.select("section:not(.endringer)"):
        anchor = section.get("id")
        heading = section.find(re.compile("^h[1-6]$"), recursive=False)
        if anchor and heading is not None:
            heading["id"] = anchor
        section.unwrap()
    article.name = "section"
    article.attrs = {"id": name}
    return article


def _own_ids(article: Tag, name: str) -> None:
    ids = {str(tag["id"]) for tag in article.find_all(id=True)}

    def own(found: str) -> str:
        return f"{name}-{found}" if found in ids else found

    for tag in article.find_all(True):
        if "id" in tag.attrs:
            tag["id"] = own(str(tag["id"]))
        for attribute in _NAMES_IDS:
            if attribute in tag.attrs:
                tag[attribute] = " ".join(map(own, str(tag[attribute]).split()))
        for attribute in ("clip-path", "fill", "href"):
            value = tag.attrs.get(attribute)
            if isinstance(value, str) and "#" in value and not urlsplit(value).scheme:
                tag[attribute] = re.sub(r"^(url\()?#([^)]+)", _renamed(own), value)


def _renamed(own: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    return lambda match: f"{match[1] or ''}#{own(unquote(match[2]))}"


def _local_links(article: Tag, report: Report, docname: str) -> None:
    """Links to chapters of the same report lead within the file; what lies elsewhere on the site becomes its words."""
    folder = docname.rsplit("/", 1)[0]
    for link in article.find_all("a", href=True):
        address = urlsplit(str(link["href"]))
        if address.scheme or not address.path:
            continue
        target = normpath(f"{folder}/{unquote(address.path)}").removesuffix(".html")
        if target in report.docnames:
            chapter = target.rsplit("/", 1)[1]
            link["href"] = f"#{chapter}-{address.fragment}" if address.fragment else f"#{chapter}"
        elif "ord" in link.get("class", []):
            link["href"] = f"#{docname.rsplit('/', 1)[1]}"  # the explanation lies in the link itself
            link["class"] = ["forklaring", "uten-liste"]
        else:
            link.unwrap()


def _entry(chapter: Tag) -> str:
    """The chapter in the list of contents, with its sections below it."""
    sections = "".join(
        f'<li><a href="#{escape(str(heading["id"]))}">{escape(heading.get_text().strip())}</a></li>'
        for heading in chapter.find_all("h3", id=True)
    )
    title = chapter.h2.get_text().strip() if chapter.h2 else ""
    below = f"<ol>{sections}</ol>" if sections else ""
    return f'<li><a href="#{escape(str(chapter["id"]))}">{escape(title)}</a>{below}</li>'
