"""`make edit`: JupyterLab with the project's settings, in bokmål, and notebooks saved as they belong in the repository."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import nbformat
import pytest
from babel.messages.pofile import read_po

from publishing.editor import language, stripping
from tests.editor import ROOT, Editor, editor

pytestmark = pytest.mark.long(10)

NOTEBOOKS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "book").glob("*/*.ipynb"))


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    with editor(tmp_path_factory.mktemp("editor")) as running:
        yield running


def saved(lab: Editor, path: str, content: dict) -> str:
    lab.ask(f"api/contents/{path}", "PUT", {"type": "notebook", "format": "json", "content": content})
    return (lab.root / path).read_text("utf-8")


@pytest.mark.parametrize("path", ["book/index.ipynb", *NOTEBOOKS])
def test_a_notebook_that_nobody_changed_is_saved_byte_for_byte_as_it_was(lab: Editor, path: str) -> None:
    before = (ROOT / path).read_bytes()
    assert (lab.root / path).read_bytes() == before
    content = lab.ask(f"api/contents/{path}?content=1")["content"]
    lab.ask(f"api/contents/{path}", "PUT", {"type": "notebook", "format": "json", "content": content})
    assert (lab.root / path).read_bytes() == before


def test_what_a_run_and_the_screen_leave_behind_is_not_saved(lab: Editor) -> None:
    path = "book/sentralbord/index.ipynb"
    before = (lab.root / path).read_text("utf-8")
    content = lab.ask(f"api/contents/{path}?content=1")["content"]
    content["metadata"]["widgets"] = {"a": 1}
    content["metadata"]["kernelspec"]["display_name"] = "Python 3 (ipykernel)"
    for cell in content["cells"]:
        cell["metadata"] |= {"collapsed": False, "scrolled": True, "user_expressions": [{"expression": "x"}]}
        if cell["cell_type"] == "code":
            cell["execution_count"] = 7
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "2,6 årsverk"}]
    assert saved(lab, path, content) == before


def test_what_somebody_wrote_is_saved(lab: Editor) -> None:
    path = "book/sentralbord/utproving.ipynb"
    content = lab.ask(f"api/contents/{path}?content=1")["content"]
    content["cells"][0]["source"] += "\n\nEn ny setning."
    assert json.loads(saved(lab, path, content))["cells"][0]["source"][-1] == "En ny setning."


def test_tags_and_attachments_stay_and_empty_ones_go() -> None:
    picture = {"bilde.png": {"image/png": "AAAA"}}
    cells = [
        nbformat.v4.new_code_cell("omrade = 1", metadata={"tags": ["parameters"], "trusted": True}),
        nbformat.v4.new_markdown_cell("![b](attachment:bilde.png)", attachments=picture, metadata={"tags": []}),
        nbformat.v4.new_markdown_cell("tekst", attachments={}),
    ]
    found = stripping.stripped(nbformat.v4.new_notebook(cells=cells)).cells
    assert [cell.metadata for cell in found] == [{"tags": ["parameters"]}, {}, {}]
    assert found[1].attachments == picture and "attachments" not in found[2]


def test_the_copy_to_go_back_to_is_not_laid_among_the_chapters(lab: Editor) -> None:
    path = "book/felles/index.ipynb"
    before = (lab.root / path).read_text("utf-8")
    copy = lab.ask(f"api/contents/{path}/checkpoints", "POST", {})["id"]
    content = lab.ask(f"api/contents/{path}?content=1")["content"]
    content["cells"] = content["cells"][:1]
    assert saved(lab, path, content) != before
    lab.ask(f"api/contents/{path}/checkpoints/{copy}", "POST")
    assert (lab.root / path).read_text("utf-8") == before
    assert list((lab.root / "book").rglob(".ipynb_checkpoints")) == []


def test_only_those_with_the_token_get_in(lab: Editor) -> None:
    stranger = Editor(lab.address, "", lab.root, lab.process)
    for path in ("api/contents/book", "rapport/verdier?omrade=felles"):
        with pytest.raises(HTTPError, match="403"):
            stranger.ask(path)
    assert lab.address.startswith("http://127.0.0.1:")


def test_values_are_those_of_the_build_by_the_names_that_prose_may_use(lab: Editor) -> None:
    answer = lab.ask("rapport/verdier?omrade=sentralbord")
    values = answer["verdier"]
    assert answer["parametre"] == {"kommunene": "Skaun, Melhus og Midtre Gauldal"}
    assert values["arsverk.sum"] == values["sentralbord.arsverk.sum"]
    assert (values["arsverk.sum"]["tekst"], values["arsverk.sum"]["siffer"]) == ("2,6\u00a0årsverk", "2,6")
    assert lab.ask("rapport/verdier?omrade=sentralbord&ukjent=arsverk.summ") == {"forslag": "arsverk.sum"}


def test_values_follow_the_data(lab: Editor) -> None:
    table = lab.root / "data" / "forutsetninger.csv"
    before = table.read_bytes()
    table.write_bytes(b"ikke;en;tabell\n")
    try:
        with pytest.raises(HTTPError, match="503"):
            lab.ask("rapport/verdier?omrade=felles")
    finally:
        table.write_bytes(before)
    assert "felles.arsverk.sum" in lab.ask("rapport/verdier?omrade=felles")["verdier"]


def test_there_is_one_kernel_and_its_name_is_that_of_the_notebooks(lab: Editor) -> None:
    found = lab.ask("api/kernelspecs")
    assert found["default"] == "python3"
    names = {name: spec["spec"]["display_name"] for name, spec in found["kernelspecs"].items()}
    assert names == {"python3": stripping.METADATA["kernelspec"]["display_name"]}


def test_the_list_of_files_shows_what_workgroups_work_with(lab: Editor) -> None:
    names = {entry["name"] for entry in lab.ask("api/contents/")["content"]}
    assert names == {"book", "data", "README.md"}


def test_the_interface_asks_for_bokmal_and_for_nothing_from_outside(lab: Editor) -> None:
    settings = {
        name: lab.ask(f"lab/api/settings/@jupyterlab/{name}")
        for name in ("translation-extension:plugin", "apputils-extension:notification")
    }
    assert json.loads(settings["translation-extension:plugin"]["raw"]) == {"locale": "nb_NO"}
    defaults = settings["apputils-extension:notification"]["schema"]["properties"]
    assert (defaults["fetchNews"]["default"], defaults["checkForUpdates"]["default"]) == ("false", False)
    menus = lab.ask("lab/api/settings/@jupyterlab/mainmenu-extension:plugin")["schema"]["jupyter.lab.menus"]["main"]
    assert [menu["label"] for menu in menus][:4] == ["Fil", "Rediger", "Vis", "Kjør"]
    assert lab.ask("lab/api/translations/nb_NO")["data"]["jupyterlab"]["Run All Cells"] == ["Kjør alle celler"]


def test_every_sentence_is_translated_and_keeps_what_is_filled_in() -> None:
    with language.SOURCE.open("rb") as file:
        catalog = [message for message in read_po(file) if message.id]
    assert len(catalog) > 350
    for message in catalog:
        ids = [message.id] if isinstance(message.id, str) else message.id
        strings = [message.string] if isinstance(message.string, str) else message.string
        for text in strings:
            assert text
            assert [mark for mark in ("%1", "%2") if mark in text and mark not in ids[-1]] == []


def test_a_language_that_somebody_chose_stays(tmp_path: Path) -> None:
    language.choose(tmp_path)
    file = next(tmp_path.rglob("*.jupyterlab-settings"))
    assert json.loads(file.read_text("utf-8")) == {"locale": "nb_NO"}
    file.write_text('{"locale": "en"}', "utf-8")
    language.choose(tmp_path)
    assert json.loads(file.read_text("utf-8")) == {"locale": "en"}


def test_a_plugin_that_is_switched_off_is_there() -> None:
    page = json.loads((ROOT / "publishing" / "editor" / "settings" / "page_config.json").read_text("utf-8"))
    lab_dir = Path(sys.prefix) / "share" / "jupyter" / "lab" / "static"
    named = {name.partition(":")[0] for name in page["disabledExtensions"]}
    known = json.loads((lab_dir / "package.json").read_text("utf-8"))["dependencies"]
    assert named <= set(known)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl+C to the whole console")
def test_ctrl_c_ends_it_without_a_traceback(tmp_path: Path) -> None:
    with editor(tmp_path) as running:
        code, said = running.stop()
    assert (code, said) == (0, "")
