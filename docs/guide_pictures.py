"""The pictures of the guide, taken of the real commands: ``python docs/guide_pictures.py``; writes ``book/veiledning/bilder/``.

Needs git, Chromium with its driver, LibreOffice, poppler (``pdftoppm``) and ImageMagick (``convert``). Everything happens in
a copy of the committed project. The numbers that are delivered there are made up to show the commands, and the guide says so.
"""

from __future__ import annotations

import datetime as dt
import html
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import nbformat  # noqa: E402
from markdown_it import MarkdownIt  # noqa: E402
from openpyxl import load_workbook  # noqa: E402
from selenium import webdriver  # noqa: E402
from selenium.common.exceptions import WebDriverException  # noqa: E402

from docs.editor_pictures import CHAPTER, chromium, wait_for  # noqa: E402
from tests.editor import editor  # noqa: E402

TARGET = ROOT / "book" / "veiledning" / "bilder"
FORM = "data/skjema/sentralbord.xlsx"

TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #1b2430; color: #f2f2ee; width: 960px; }
pre { margin: 0; padding: 22px 26px; font: 15px/1.5 "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
b { color: #9fd0b0; font-weight: normal; }
</style><pre><b>$ %s</b>
%s</pre>"""

COMMENT = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: 22px 30px; width: 900px; font: 15px/1.5 "Liberation Sans", Arial, sans-serif; color: #1b2430; }
h2 { border-bottom: 1px solid #d5dae0; padding-bottom: 6px; margin: 0 0 12px; font-size: 22px; } h3 { font-size: 18px; }
table { border-collapse: collapse; } td, th { border: 1px solid #d5dae0; padding: 6px 12px; text-align: left; }
code { background: #eef0f2; padding: 1px 5px; } s { color: #8a2f1a; }
</style>%s"""


class Copy:
    """A copy of the project, in which commands are run."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "prosjekt"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(self.root)], check=True)
        if (ROOT / "_build" / "executed").is_dir():
            shutil.copytree(ROOT / "_build" / "executed", self.root / "_build" / "executed")
        self.environment = {**os.environ, "PYTHONPATH": str(self.root), "PYTHONUTF8": "1", "COLUMNS": "110"}

    def publishing(self, *arguments: str) -> str:
        """What a command says."""
        return self.run(sys.executable, "-m", "publishing", *arguments)

    def run(self, *command: str) -> str:
        """What any command says."""
        ran = subprocess.run(
            command, cwd=self.root, env=self.environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
        return (ran.stdout + ran.stderr).strip()

    def asked(self, *arguments: str) -> str:
        """What a command says to somebody at a keyboard, up to its question, which is answered with no."""
        leader, follower = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "publishing", *arguments],
            cwd=self.root, env=self.environment, stdin=follower, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        os.write(leader, b"nei\n")
        said, _ = process.communicate(timeout=120)
        text = said.decode("utf-8")
        return text[: text.index("[j/N]") + len("[j/N]")]


class Camera:
    """Takes pictures of pages, and makes the files small."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.browser = folder, chromium()

    def terminal(self, name: str, command: str, said: str, height: int = 0) -> None:
        """A terminal window with a command and what it said; the whole of it, or its first ``height`` pixels."""
        self.page(name, TERMINAL % (html.escape(command), html.escape(said)), 960, height)

    def page(self, name: str, content: str, width: int, height: int = 0) -> None:
        """A page of our own; the whole of it, or its first ``height`` pixels."""
        path = self.folder / f"{name}.html"
        path.write_text(content, "utf-8")
        self.size(width, 200)
        self.browser.get(path.as_uri())
        whole = self.browser.execute_script("return document.documentElement.scrollHeight")
        self.size(width, min(whole, height or whole))
        self.picture(name)

    def size(self, width: int, height: int) -> None:
        """The size of the window's inside."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def picture(self, name: str) -> None:
        """What the window shows."""
        self.browser.save_screenshot(str(self.folder / f"{name}.png"))
        keep(self.folder / f"{name}.png", name)


def keep(path: Path, name: str, *options: str) -> None:
    """Put a picture in the guide, with few colours: what is shown are letters and plain areas."""
    subprocess.run(
        ["convert", path, *options, "-strip", "+dither", "-colors", "48", f"png8:{TARGET / name}.png"], check=True
    )


def commands(copy: Copy, camera: Camera) -> None:
    """The list of commands."""
    camera.terminal("kommandoer", "make", copy.run(sys.executable, "kjor.py"))


def form(copy: Copy, folder: Path) -> None:
    """A form before it is filled in."""
    copy.publishing("forms")
    shutil.copy2(copy.root / FORM, folder)
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, folder / Path(FORM).name],
        check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run(
        ["pdftoppm", "-r", "110", "-png", "-f", "2", "-l", "2", folder / "sentralbord.pdf", folder / "side"], check=True
    )
    keep(
        next(folder.glob("side*.png")),
        "skjema",
        "-trim",
        "-bordercolor",
        "white",
        "-border",
        "20",
        "-crop",
        "x560+0+0",
        "+repage",
    )


def filled(copy: Copy) -> None:
    """Fill in a few rows of the form."""
    book = load_workbook(copy.root / FORM)
    sheet = book["Opplysninger"]
    header = next(row for row in sheet.iter_rows() if any(str(cell.value).startswith("Fyll ut: tall") for cell in row))
    columns = {str(cell.value): cell.column for cell in header}
    number = next(column for text, column in columns.items() if text.startswith("Fyll ut: tall"))
    origin = next(column for text, column in columns.items() if text.startswith("Fyll ut: hvor"))
    for offset, (value, source) in enumerate(
        (("9000", "telefonsystemet, 2025"), ("21000", "telefonsystemet, 2025")), 1
    ):
        sheet.cell(header[0].row + offset, number).value = int(value)
        sheet.cell(header[0].row + offset, origin).value = source
    front = book["Les meg"]
    front["B6"].value, front["B7"].value = (
        "leder for servicetorget (eksempel)",
        dt.datetime.now().astimezone().strftime("%d.%m.%Y"),
    )
    book.save(copy.root / FORM)


def faults(copy: Copy) -> None:
    """Spoil a table."""
    table = copy.root / "data/raw/sak/bemanning.csv"
    table.write_text(
        table.read_text("utf-8").replace(
            "lonn-regnskap-fakturering,5027,6.2,", 'lonn-regnskap-fakturering,5027,"6,2",'
        ),
        "utf-8",
    )


def typed(copy: Copy) -> None:
    """Type a figure into a sentence."""
    path = copy.root / CHAPTER
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source += "\n\nDe tre kommunene har 2,6 årsverk på sentralbordet."
    nbformat.write(notebook, path)


def preview(copy: Copy, camera: Camera) -> None:
    """The preview, with a fault on top of the last page that was in order."""
    process = subprocess.Popen(
        [sys.executable, "-m", "publishing", "preview", "--port", "8765"],
        cwd=copy.root, env={**copy.environment, "CI": "true"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        address = ""
        for line in process.stdout or ():
            if found := re.search(r"http://[\w.:]+/?", line):
                address = found[0].rstrip("/")
                break
        camera.size(1200, 640)
        page = f"{address}/book/lonn-regnskap-fakturering/dagens-situasjon.html"
        until(lambda: "Bemanning" in seen(camera.browser, page))
        faults(copy)
        until(lambda: "rad 8" in text_of(camera.browser))
        time.sleep(2)
        camera.picture("forhandsvisning")
    finally:
        process.terminate()
        process.wait(30)


def seen(browser: webdriver.Chrome, page: str) -> str:
    """The text of a page."""
    browser.get(page)
    return text_of(browser)


def text_of(browser: webdriver.Chrome) -> str:
    """The text of the page that is open; nothing while another is on its way."""
    try:
        return browser.execute_script("return document.body ? document.body.innerText : ''")
    except WebDriverException:
        return ""


def until(true: Callable[[], bool], seconds: int = 240) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(1)


def jupyterlab(camera: Camera, folder: Path) -> None:
    """A chapter in JupyterLab."""
    with editor(folder / "lab") as lab:
        camera.size(1280, 720)
        camera.browser.get(f"{lab.address}/lab/tree/{CHAPTER}?token={lab.token}&reset")
        wait_for(camera.browser, ".rapport-verdi")
        camera.picture("jupyterlab")


def review(copy: Copy, camera: Camera) -> None:
    """The summary of a change, as it stands in a proposal on the web."""
    copy.run("git", "checkout", "--quiet", ".")
    copy.publishing("fetch", "--fil", FORM, "--skriv", "ja")
    text = copy.publishing("changes", "--fra", "HEAD")
    page = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    camera.page("endringer", COMMENT % page, 960, 760)


def main() -> None:
    """Take every picture."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy, camera = Copy(folder), Camera(folder)
        try:
            commands(copy, camera)
            form(copy, folder)
            filled(copy)
            camera.terminal("hent", f"make hent FIL={FORM}", copy.asked("fetch", "--fil", FORM))
            values = copy.publishing("values", "--sok", "arsverk skaun", "--omrade", "sentralbord")
            camera.terminal("verdier", 'make verdier SOK="arsverk skaun" OMRADE=sentralbord', values, 420)
            preview(copy, camera)
            typed(copy)
            camera.terminal("feil", "make check", copy.publishing("check"))
            review(copy, camera)
            jupyterlab(camera, folder)
        finally:
            camera.browser.quit()


if __name__ == "__main__":
    main()
