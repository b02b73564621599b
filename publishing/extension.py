"""The Sphinx extension: hands Sphinx the executed chapters, and holds the book to its rules.

It is loaded by ``_config.yml``, so the stock commands (``jupyter-book build .``) do all
that ``make book`` does but publish.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from publishing import (
    chapter_source,
    directives,
    edition_pages,
    editions,
    execution,
    glossary,
    project,
    references,
    report_links,
    trace,
    value_list,
)
from publishing.errors import BuildError

logger = logging.getLogger(__name__)


def execute_chapters(app: Sphinx, config: Config) -> None:
    """Bring the executed copies up to date before Sphinx reads anything; the preview does it itself, chapter by chapter."""
    if not config.rapport_execute:
        return
    try:
        execution.execute_all(Path(app.srcdir), tell=logger.info)
    except BuildError as error:
        raise ExtensionError(str(error)) from error


def name_the_author(app: Sphinx, config: Config) -> None:
    """Fill the municipalities in where ``_config.yml`` names the author."""
    config.author = project.with_municipalities(config.author, Path(app.srcdir))  # type: ignore[attr-defined]


def remember_editions(app: Sphinx, config: Config) -> None:
    """Make Sphinx read every chapter again when the earlier editions change: key numbers tell what they were there."""
    try:
        config.rapport_utgaver = editions.digest(Path(app.srcdir))  # type: ignore[attr-defined]
    except BuildError as error:
        raise ExtensionError(str(error)) from error


def remember_code(app: Sphinx, config: Config) -> None:
    """Have every chapter read again when what makes documents of them has changed: this package, and the sources."""
    root = Path(app.srcdir)
    files = [*Path(__file__).parent.glob("*.py"), root / "data" / "kilder.csv", root / "book" / "ordliste.yml"]
    found = "".join(_digest(path) for path in sorted(files) if path.exists())
    config.rapport_kode = hashlib.sha256(found.encode()).hexdigest()  # type: ignore[attr-defined]


def look_up(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Find the reports and the parameters of every chapter once, before the first is read: many files hold them."""
    root = Path(app.srcdir)
    app.rapport_rapporter = project.reports(root)  # type: ignore[attr-defined]
    shared = {project.SHARED_PARAMETER: project.with_municipalities(project.MUNICIPALITIES, root)}
    app.rapport_parametre = {  # type: ignore[attr-defined]
        chapter.docname: {**shared, **chapter.parameters} for chapter in project.notebooks(root)
    }


def hand_over_executed(app: Sphinx, docname: str, source: list[str]) -> None:
    """Let Sphinx read the executed copy of a notebook in place of the notebook."""
    app.env.temp_data["rapport_verdier"] = {}
    app.env.temp_data["rapport_parametre"] = {}
    path = execution.executed_path(docname, Path(app.srcdir))
    if not path.exists():
        return
    try:
        as_notebook = app.env.doc2path(docname).endswith(".ipynb")
        source[0], values = chapter_source.prepare(path.read_text("utf-8"), docname, as_notebook)
    except BuildError as error:
        raise ExtensionError(str(error)) from error
    app.env.temp_data["rapport_verdier"] = values
    app.env.temp_data["rapport_parametre"] = app.rapport_parametre[docname]  # type: ignore[attr-defined]
    _digests(app.env)[docname] = _digest(path)


def outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Mark the chapters whose numbers changed, though their own file did not."""
    root = Path(app.srcdir)
    known = _digests(env)
    return [
        docname
        for docname in env.found_docs - added - changed
        if (path := execution.executed_path(docname, root)).exists() and known.get(docname) != _digest(path)
    ]


def demand_text_alternatives(app: Sphinx, doctree: nodes.document) -> None:
    """Refuse a picture without a text alternative."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip():
            logger.warning(
                "Bildet «%s» mangler tekstalternativ. Skriv hva bildet viser mellom hakeparentesene: ![tekst](fil).",
                image["uri"], location=image, type="rapport",
            )  # fmt: skip


def restore_book_numbers(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Give Sphinx back its own numbers before it compares them, or it would find every page changed at every build."""
    env.toc_fignumbers = getattr(env, "rapport_book_numbers", env.toc_fignumbers)
    return []


def number_within_reports(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Let figures and tables count from 1 in each report, since each report is read as a paper of its own.

    Sphinx numbers through the whole book. Reports are the folders of ``book/``.
    """
    env.rapport_book_numbers = copy.deepcopy(env.toc_fignumbers)  # type: ignore[attr-defined]
    counters: dict[tuple[str, str], int] = {}
    for docname in _reading_order(env):
        folder = docname.rsplit("/", 1)[0]
        for kind, numbers in env.toc_fignumbers.get(docname, {}).items():
            for node_id in sorted(numbers, key=lambda node_id: numbers[node_id]):
                counters[folder, kind] = counters.get((folder, kind), 0) + 1
                numbers[node_id] = (counters[folder, kind],)
    return []


def _reading_order(env: BuildEnvironment) -> Iterable[str]:
    order: dict[str, None] = {}

    def walk(docname: str) -> None:
        if docname not in order:
            order[docname] = None
            for child in env.toctree_includes.get(docname, []):
                walk(child)

    walk(env.config.root_doc)
    return order


def _digests(env: BuildEnvironment) -> dict[str, str]:
    if not hasattr(env, "rapport_digests"):
        env.rapport_digests = {}  # type: ignore[attr-defined]  # kept with the environment between builds
    return env.rapport_digests  # type: ignore[attr-defined]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def setup(app: Sphinx) -> dict[str, object]:
    """Register everything the book needs with Sphinx."""
    directives.setup(app)
    trace.setup(app)
    report_links.setup(app)
    references.setup(app)
    glossary.setup(app)
    edition_pages.setup(app)
    value_list.setup(app)
    app.setup_extension("publishing.site")
    app.setup_extension("publishing.pdf")
    app.add_config_value("rapport_execute", True, "")
    app.add_config_value("rapport_utgaver", "", "env")
    app.add_config_value("rapport_kode", "", "env")
    app.connect("config-inited", execute_chapters)
    app.connect("config-inited", name_the_author)
    app.connect("config-inited", remember_editions)
    app.connect("config-inited", remember_code)
    app.connect("env-before-read-docs", look_up)
    app.connect("source-read", hand_over_executed)
    app.connect("env-get-outdated", outdated)
    app.connect("doctree-read", demand_text_alternatives)
    # Sphinx counts figures at this same event, with priority 500.
    app.connect("env-get-updated", restore_book_numbers, priority=100)
    app.connect("env-get-updated", number_within_reports, priority=900)
    return {"version": "1", "env_version": 4, "parallel_read_safe": False, "parallel_write_safe": True}
