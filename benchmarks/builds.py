"""Whole builds, the stock way and ours: from nothing, after one prose edit, after one data row, and with nothing changed.

After an edit the stock way is given the benefit of the doubt: its user knows which notebooks the edit touches.
Ours makes PDFs and single files besides, and checks the data and the texts; the stock way makes the site.
"""

from __future__ import annotations

import importlib.resources
import importlib.util
import json
import shutil
import sys
from pathlib import Path

from benchmarks import measuring, workplace
from benchmarks.measuring import Run

SCENARIOS = ("cold", "nothing changed", "one prose edit", "one data row")


def ours(folder: Path, number: int) -> dict[str, Run]:
    """Our way, once through all scenarios; ``number`` tells the edits of one repetition from the next."""
    workplace.copied(folder)
    found = {"cold": measuring.run(workplace.our_build(), folder)}
    found["nothing changed"] = measuring.run(workplace.our_build(), folder)
    workplace.edit_prose(folder, number)
    found["one prose edit"] = measuring.run(workplace.our_build(), folder)
    workplace.edit_data(folder, number)
    found["one data row"] = measuring.run(workplace.our_build(), folder)
    return found


def stock(folder: Path, number: int) -> dict[str, Run]:
    """The stock way, once through all scenarios."""
    workplace.copied(folder)
    workplace.lay_out_stock_book(folder)
    build = workplace.stock_build()
    found = {"cold": measuring.all_of([*workplace.stock_execution(folder), build], folder)}
    found["nothing changed"] = measuring.run(build, folder)
    workplace.edit_prose(folder, number)
    edited = workplace.stock_execution(folder, workplace.CHAPTER)
    found["one prose edit"] = measuring.all_of([*edited, build], folder)
    workplace.edit_data(folder, number)
    found["one data row"] = measuring.all_of([*workplace.stock_execution(folder), build], folder)
    return found


def stock_pdfs(folder: Path) -> dict[str, Run | str]:
    """The stock builders of PDFs on the stock book of ``folder``, or why they cannot run here."""
    found: dict[str, Run | str] = {}
    for builder, absent in (("pdflatex", _without_latex()), ("pdfhtml", _without_browser())):
        command = [*workplace.stock_build(), "--builder", builder]
        if builder == "pdfhtml" and not absent:
            command = [*_with_the_systems_browser(folder / "nettleser"), *command]
        try:
            found[builder] = absent or measuring.run(command, folder)
        except measuring.MeasurementError as error:
            found[builder] = f"failed: {str(error).strip().splitlines()[-1]}"
    return found


def _without_latex() -> str:
    return "" if shutil.which("latexmk") and shutil.which("xelatex") else "not run: no LaTeX (latexmk, xelatex) here"


def _without_browser() -> str:
    if not importlib.util.find_spec("playwright"):
        return "not run: no Playwright, which it prints with"
    return "" if sys.platform == "linux" and _browser() else "not run: no Chromium, which it prints with"


def _browser() -> str | None:
    return shutil.which("chromium") or shutil.which("google-chrome")


def _with_the_systems_browser(folder: Path) -> workplace.Command:
    """What goes before a command so that Playwright prints with the browser that is here, and fetches none of its own."""
    package = importlib.resources.files("playwright") / "driver" / "package"
    browsers = json.loads((package / "browsers.json").read_text("utf-8"))["browsers"]
    [revision] = [one["revision"] for one in browsers if one["name"] == "chromium-headless-shell"]
    place = folder / f"chromium_headless_shell-{revision}" / "chrome-headless-shell-linux64" / "chrome-headless-shell"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(str(_browser()))
    return ["env", f"PLAYWRIGHT_BROWSERS_PATH={folder}"]


def start_of_python(folder: Path) -> Run:
    """How long Python takes to do nothing."""
    return measuring.run(measuring.python("-c", "pass"), folder)
