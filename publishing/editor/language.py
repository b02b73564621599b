"""JupyterLab's words in bokmål, from ``jupyterlab.po``, as a language pack that JupyterLab finds.

The language pack that can be installed (``no_NO``) holds 56 of some 2500 sentences. Ours has those that a workgroup meets.
"""

from __future__ import annotations

import json
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parent / "jupyterlab.po"
LOCALE = "nb_NO"
PACKAGE = f"jupyterlab_language_pack_{LOCALE}"

#: Under which the same sentence is looked up: in code, in menus and in the descriptions of settings.
CONTEXTS = ("menu", "schema", "settings", "toolbar")


def compiled(folder: Path) -> Path:
    """Write the language pack into a folder that is to stand first on ``sys.path``, and return the folder.

    JupyterLab asks for a package by its name and by its entry point, and reads JSON in the browser and gettext's
    binary form on the server.
    """
    with SOURCE.open("rb") as file:
        catalog = read_po(file, locale=LOCALE)
    for message in [message for message in catalog if message.id]:
        for context in CONTEXTS:
            catalog.add(message.id, message.string, context=context)
    words = folder / PACKAGE / "locale" / LOCALE / "LC_MESSAGES"
    words.mkdir(parents=True, exist_ok=True)
    (folder / PACKAGE / "__init__.py").write_text('"""Made by publishing.editor.language."""\n', "utf-8")
    with (words / "jupyterlab.mo").open("wb") as file:
        write_mo(file, catalog)
    (words / "jupyterlab.json").write_text(json.dumps(_for_browser(catalog), ensure_ascii=False), "utf-8")
    about = folder / f"{PACKAGE}-1.dist-info"
    about.mkdir(exist_ok=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 1\n", "utf-8")
    (about / "entry_points.txt").write_text(f"[jupyterlab.languagepack]\n{LOCALE} = {PACKAGE}\n", "utf-8")
    return folder


def choose(settings: Path) -> None:
    """Set bokmål in the user's settings, unless another language has been chosen there.

    The server translates the menus, and asks for the language in the user's settings alone, not in ``overrides.json``.
    """
    file = settings / "@jupyterlab" / "translation-extension" / "plugin.jupyterlab-settings"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"locale": LOCALE}), "utf-8")


def _for_browser(catalog: object) -> dict[str, object]:
    found: dict[str, object] = {
        "": {
            "domain": "jupyterlab",
            "language": LOCALE.replace("_", "-"),
            "plural_forms": "nplurals=2; plural=(n != 1);",
        }
    }
    for message in catalog:  # type: ignore[attr-defined]
        if message.id:
            name = message.id if isinstance(message.id, str) else message.id[0]
            strings = [message.string] if isinstance(message.string, str) else list(message.string)
            found[f"{message.context}\x04{name}" if message.context else name] = strings
    return found
