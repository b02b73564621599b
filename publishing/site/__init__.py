"""The web site: the theme's pages in bokmål, with our own typography, and with nothing from other hosts.

Configuration (``_config.yml``), the message catalogue (``locale/``) and overrides of the
theme's templates (``templates/``) do most of it. This module does what they cannot.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from analysis import formatting, palette
from analysis.changes import Change
from analysis.places import municipalities
from publishing import charts, edition_pages, editions, project, versions
from publishing.nodes import verdi
from publishing.site import navigation, search, writer

FONTS = Path(__file__).parent.parent / "fonts"

#: What a page may load: its own files, and no scripts inside the page.
#: ``file:`` stands beside ``'self'`` since a site opened from a disk has no origin of its own in every browser;
#: a page that came over the network cannot load such files anyway. Style attributes are let through because
#: docutils writes the width of a picture so; they cannot run anything.
SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' file:",
        "style-src 'self' file:",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' file: data:",
        "font-src 'self' file:",
        "connect-src 'self' file:",
        "form-action 'self' file:",
        "base-uri 'none'",
    )
)

#: Files of the theme that no page uses: icon fonts, maps for its own developers, buttons that are switched off.
UNUSED = (
    "vendor", "images", "locales", "scripts/fontawesome.js*", "scripts/bootstrap.js*", "**/*.map", "**/*.LICENSE.txt",
    "pygments.css", "mystnb*.css", "sbt-webpack-macros.html", "webpack-macros.html", "file.png", "minus.png", "plus.png", "searchtools.js", "language_data.js", "sphinx_highlight.js",
)  # fmt: skip

#: Style sheets for code and its output, which no page shows.
_UNUSED_STYLES = re.compile(r"pygments|mystnb")

REDIRECT = """<!DOCTYPE html>
<html lang="nb">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta http-equiv="refresh" content="0; url={target}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="_static/ikon.svg">
</head>
<body>
<h1>{title}</h1>
<p><a href="{target}">Gå til forsiden</a></p>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class ReportLinks:
    """What the top of a page says of the report it belongs to; ``pdf`` is relative to the page."""

    title: str
    phase: str
    state: str
    first: str
    pdf: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What is around the text of every page, the same for them all: found once in a build. ``reports`` is by document name."""

    edition: project.Edition
    date: str
    colours: tuple[str, ...]
    menu: tuple[navigation.Part, ...]
    reports: dict[str, ReportLinks]
    since: editions.Since | None


@dataclass(frozen=True, slots=True)
class PageChanges:
    """What the end of a page says of the previous edition: the changed numbers of its text, and how many others."""

    edition: str
    text: tuple[Change, ...]
    others: int
    page: str


def remember_inputs(app: Sphinx, config: Config) -> None:
    """Make every page out of date when something changed that pages show, but that Sphinx does not follow.

    That is the edition, the titles of the reports, and the files of this package.
    """
    root = Path(app.srcdir)
    own = (
        path
        for path in Path(__file__).parent.rglob("*")
        if path.suffix in {".py", ".po", ".html", ".css", ".js", ".svg"}
    )
    digest = hashlib.sha256()
    for path in sorted([root / "book" / "utgave.yml", *root.glob("book/*/parameters.yml"), *own]):
        if path.is_file():
            digest.update(path.read_bytes())
    config.rapport_sider = digest.hexdigest()  # type: ignore[attr-defined]


def renew_menus(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have the pages written anew whose menu shows a chapter that has come, gone or got another title."""
    before, now = getattr(env, "rapport_meny", None), navigation.menu(env)
    env.rapport_meny = now  # type: ignore[attr-defined]  # kept with the environment between builds
    if before is None:
        return []
    found = navigation.touched(before, now)
    return sorted(env.found_docs if found is None else found)


def prepare_frame(app: Sphinx, builder: Builder) -> None:
    """Find what every page shows, before the first is written: to find it again for each takes time that grows with the book."""
    root = Path(app.srcdir)
    edition = project.edition(root)
    builder.rapport_ramme = Frame(  # type: ignore[attr-defined]
        edition=edition,
        date=formatting.date(edition.date),
        colours=tuple(palette.colour_of(place.slug) for place in municipalities()),
        menu=app.env.rapport_meny,  # type: ignore[attr-defined]
        reports=dict(_report_links(root, edition)),
        since=editions.since_previous(root),
    )


def page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the templates what they ask for, and take away the scripts the theme puts inside the pages."""
    frame: Frame = app.builder.rapport_ramme  # type: ignore[attr-defined]
    context["security_policy"] = SECURITY_POLICY
    context["edition"] = frame.edition
    context["edition_date"] = frame.date
    context["report"] = frame.reports.get(pagename)
    context["colours"] = frame.colours
    context["menu"] = frame.menu
    if doctree is not None:
        since = _since_previous(frame.since, doctree)
        foot = {"since": since, "values": numbers_of(doctree), "pathto": context["pathto"]}
        for template in ("endringer.html", "tallkilder.html"):
            context["body"] += app.builder.templates.render(template, foot)  # type: ignore[attr-defined]
    context["css_files"] = [sheet for sheet in context["css_files"] if not _UNUSED_STYLES.search(str(sheet.filename))]
    scripts = [script for script in context["script_files"] if getattr(script, "filename", script)]
    context["script_files"] = [script for script in scripts if "sphinx_highlight" not in str(script.filename)]


def numbers_of(doctree: nodes.document) -> list[dict[str, str]]:
    """Every number in the text and among the key numbers of a page, each once, with what its row at the foot shows."""
    found = {}
    for node in doctree.findall(verdi):
        anchor = writer.anchor_of(node)
        found[anchor] = {
            "anchor": anchor,
            "name": node["navn"],
            "text": node["tekst"],
            "origin": writer.origin(node),
        }
    return list(found.values())


def _since_previous(since: editions.Since | None, doctree: nodes.document) -> PageChanges | None:
    """What has changed on the page since the previous edition; None without one, and for a page without numbers."""
    text, tables = edition_pages.shown(doctree)
    if since is None or not (text or tables):
        return None
    changed = [since.changes[name] for name in text if name in since.changes]
    others = sum(name in since.changes for name in tables if name not in text)
    return PageChanges(since.edition.described, tuple(changed), others, edition_pages.CHANGES)


def _report_links(root: Path, edition: project.Edition) -> Iterator[tuple[str, ReportLinks]]:
    """Each page of a report with the report it belongs to. The PDFs lie beside the site: ``reports/html`` and ``reports/pdf``."""
    for report in project.papers(root):
        state = project.state_of(report, edition)
        for docname in report.docnames:
            up = "../" * (docname.count("/") + 1)
            pdf = f"{up}pdf/{report.slug}.pdf"
            yield docname, ReportLinks(report.title, report.phase, state, report.docnames[0], pdf)


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Add the fonts and the first page, and remove what no page uses."""
    if exception or app.builder.name != "html":
        return
    out = Path(app.outdir)
    static = out / "_static"
    (static / "fonts").mkdir(exist_ok=True)
    for font in sorted(path for path in FONTS.glob("*.woff2") if not path.stem.endswith("-figur")):
        shutil.copy2(font, static / "fonts")
    for path in sorted({path for pattern in UNUSED for path in static.glob(pattern)}):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    # Charts are parts of the pages; Sphinx copies them as pictures too.
    for picture in (out / "_images").glob("*.svg"):
        if (Path(app.srcdir) / charts.FIGURES / picture.name).exists():
            picture.unlink()
    _remove_stale(app, out)
    _stamp(out, versions.shown(Path(app.srcdir)))
    (out / "index.html").write_text(
        REDIRECT.format(
            policy=SECURITY_POLICY, target=f"{app.config.root_doc}.html", title=escape(app.config.html_title)
        ),
        "utf-8",
    )


def _remove_stale(app: Sphinx, out: Path) -> None:
    """Remove what an earlier build left and this one does not name: Sphinx writes, but never takes away."""
    pages = {f"{name}.html" for name in (*app.env.found_docs, "search", "index")}
    files = {f"_downloads/{name}" for _, name in app.env.dlfiles.values()}
    for path in (*out.rglob("*.html"), *(path for path in (out / "_downloads").rglob("*") if path.is_file())):
        name = path.relative_to(out).as_posix()
        if name not in pages | files:
            path.unlink()
    (out / "searchindex.js").unlink(missing_ok=True)
    for folder in (out / "_downloads").glob("*"):
        if not any(folder.iterdir()):
            folder.rmdir()


def _stamp(out: Path, version: str) -> None:
    """Write the version on every page, also on those that Sphinx had no reason to write anew."""
    for path in sorted(out.rglob("*.html")):
        page = path.read_text("utf-8")
        stamped = re.sub(r"(<span data-versjon>)[^<]*", lambda mark: mark[1] + escape(version), page)
        if stamped != page:
            path.write_text(stamped, "utf-8")


def setup(app: Sphinx) -> dict[str, object]:
    """Register what the site needs with Sphinx."""
    writer.setup(app)
    search.setup(app)
    app.add_config_value("rapport_sider", "", "html")
    app.connect("config-inited", remember_inputs)
    app.connect("env-updated", renew_menus)
    app.connect("write-started", prepare_frame)
    # After the themes' own handlers (priority 500), which add what is taken away here.
    app.connect("html-page-context", page_context, priority=900)
    app.connect("build-finished", finish, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
