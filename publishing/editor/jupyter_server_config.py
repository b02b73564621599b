"""JupyterLab's settings for this project, in the form that Jupyter reads. ``settings/`` holds those of its interface."""

from __future__ import annotations

import secrets

from publishing.editor import HERE, STATE
from publishing.project import ROOT

c = get_config()  # noqa: F821  # Jupyter gives it to the file

GUIDE = "book/veiledning/index.md"

c.ServerApp.root_dir = str(ROOT)
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.allow_root = True  # as in a container; only this machine can reach it
c.ServerApp.answer_yes = True  # Ctrl+C ends it, without a question in English
c.ServerApp.log_level = "ERROR"
c.IdentityProvider.token = secrets.token_hex(24)  # what Jupyter would do itself, but with a page of English
c.ServerApp.contents_manager_class = "publishing.editor.extension.ChapterManager"
c.ContentsManager.checkpoints_class = "publishing.editor.extension.CopiesOutsideTheBook"
c.ServerApp.jpserver_extensions = {
    "publishing.editor.extension": True,
    "jupyterlab": True,
    "jupyterlab_myst": True,
    "jupyter_server_terminals": True,
    "jupyter_lsp": False,
    "notebook_shim": False,
}
# Nothing comes from other hosts, and nothing goes there.
c.ServerApp.tornado_settings = {
    "headers": {
        "Content-Security-Policy": "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
        "connect-src 'self' ws://127.0.0.1:* ws://localhost:* data: blob:; frame-ancestors 'self'"
    }
}
c.KernelSpecManager.allowed_kernelspecs = {"python3"}
# The file browser shows what workgroups work with: book/, data/, reports/. A file that is hidden there can be opened.
c.ContentsManager.hide_globs = [
    "__pycache__", "analysis", "benchmarks", "docs", "publishing", "tests", "_build", "_config.yml", "_toc.yml",
    "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "kjor.py", "pyproject.toml", "requirements*", "~$*",
]  # fmt: skip
c.LabApp.log_level = "ERROR"
# The guide is open, and the list of files begins at the top.
c.LabApp.default_url = f"/lab/tree/{GUIDE if (ROOT / GUIDE).exists() else 'book/index.ipynb'}?file-browser-path=/"
c.LabApp.app_settings_dir = str(HERE / "settings")
c.LabApp.user_settings_dir = str(STATE / "settings")
c.LabApp.workspaces_dir = str(STATE / "workspaces")
c.LabApp.extension_manager = "readonly"
c.LabApp.news_url = None
