"""What the preview spares Sphinx changes nothing that is shown."""

from __future__ import annotations

import copy
import io
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.util.docutils import docutils_namespace, patch_docutils

from publishing.preview import book

TABLE = "```{table} En tabell\n:name: tabell-%s\n\n| a |\n|---|\n| 1 |\n```\n\n"
FORMULA = "```{math}\n:label: formel\na = b\n```\n\n"
CODE = "```{code-block} python\n:caption: En kode\n:name: kode\n\na = 1\n```\n"
UNTITLED = "| uten tittel |\n|---|\n| 1 |\n\n"


@pytest.fixture
def app(tmp_path: Path):
    """A small book with numbered things of every kind, read."""
    (tmp_path / "index.md").write_text(
        f"# En\n\n{TABLE % 'a'}{UNTITLED}{FORMULA}{CODE}\n```{{toctree}}\n:numbered:\nto\n```\n", "utf-8"
    )
    (tmp_path / "to.md").write_text(f"# To\n\n{TABLE % 'b'}## Tre\n\n{TABLE % 'c'}", "utf-8")
    settings = {"extensions": ["myst_parser"], "numfig": True, "suppress_warnings": ["toc"]}
    with patch_docutils(tmp_path), docutils_namespace():
        app = Sphinx(
            tmp_path, None, tmp_path / "ut", tmp_path / "doctrees", "dummy",
            confoverrides=settings, status=None, warning=io.StringIO(),
        )  # fmt: skip
        app.build()
        yield app


def test_figures_and_tables_are_counted_alike_when_few_domains_are_asked(app: Sphinx, monkeypatch: pytest.MonkeyPatch):
    env, domains = app.env, app.env.domains
    counted = copy.deepcopy(env.toc_fignumbers)
    kinds = [kind for page in counted.values() for kind, found in page.items() for _ in found]
    assert sorted(kinds) == ["code-block", "displaymath", "table", "table", "table"]

    # Put back after the test: others share their Sphinx with it.
    monkeypatch.setattr(TocTreeCollector, "assign_figure_numbers", TocTreeCollector.assign_figure_numbers)
    monkeypatch.setattr(domains["py"], "get_enumerable_node_type", lambda node: pytest.fail("asked in vain"))
    book.ask_few_domains()
    env.toc_fignumbers = {}
    assert sorted(TocTreeCollector().assign_figure_numbers(env)) == ["index", "to"]
    assert env.toc_fignumbers == counted
    assert env.domains is domains
