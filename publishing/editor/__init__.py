"""JupyterLab for those who write the chapters: the project's settings, and nothing of the machine's or the user's own.

``jupyter_server_config.py`` and ``settings/`` hold the settings. :mod:`publishing.editor.stripping` is what happens
when a notebook is saved, :mod:`publishing.editor.language` its words in bokmål. :mod:`publishing.editor.values` and the
lab extension in ``share/`` show in prose what its roles stand for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from publishing.project import ROOT

HERE = Path(__file__).parent

#: What JupyterLab keeps for itself: open tabs, choices made in the menus, which notebooks are trusted.
STATE = ROOT / "_build" / "jupyterlab"

#: Where Jupyter and the kernel otherwise look for the user's own set-up.
_OWN = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}
_UNHEARD = ("JUPYTER_CONFIG_PATH", "JUPYTER_TOKEN", "JUPYTERLAB_DIR")


def start(open_browser: bool, tell: Callable[[str], None]) -> None:
    """Run JupyterLab until it is stopped by Ctrl+C, and open it in the browser; tell its address."""
    from publishing.editor import language

    for name in _UNHEARD:
        os.environ.pop(name, None)
    os.environ |= {name: str(STATE / folder) for name, folder in _OWN.items()}
    os.environ["JUPYTER_PATH"] = str(HERE / "share")  # our kernel and lab extension, before those of the machine
    os.environ["PYTHONPATH"] = str(ROOT)  # a chapter finds `analysis`, wherever it lies
    sys.path.insert(0, str(language.compiled(STATE / "language")))
    language.choose(STATE / "settings")

    # Jupyter reads the environment when it is imported.
    from jupyterlab.labapp import LabApp
    from tornado.ioloop import IOLoop

    server = LabApp.initialize_server([f"--config={HERE / 'jupyter_server_config.py'}"])
    server.open_browser = open_browser
    address = f"http://{server.ip}:{server.port}/?token={server.identity_provider.token}"
    IOLoop.current().add_callback(
        lambda: tell(f"Boken er åpen i JupyterLab:\n  {address}\nAvslutt med Ctrl+C i dette vinduet.")
    )
    server.start()
