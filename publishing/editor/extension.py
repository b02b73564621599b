"""Our part of the Jupyter server: the values of prose, and notebooks opened and saved as they are in the repository."""

from __future__ import annotations

from typing import Any

from ipykernel.ipkernel import IPythonKernel
from jupyter_server.services.contents.filecheckpoints import AsyncFileCheckpoints
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import StaticFileHandler

from publishing.editor import HERE, STATE, stripping
from publishing.editor.values import ValuesHandler


class CopiesOutsideTheBook(AsyncFileCheckpoints):
    """Keeps the copy that one can go back to in ``_build/``: a folder of copies in ``book/`` looks like chapters."""

    def checkpoint_path(self, checkpoint_id: str, path: str) -> str:
        file = STATE / "copies" / checkpoint_id / path.strip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        return str(file)


class ChapterManager(AsyncLargeFileManager):
    """Reads notebooks with what a kernel will tell of its language.

    JupyterLab writes that into every notebook it opens. When it stands there already, a chapter that somebody only
    reads is not marked as changed, and closing it asks nothing. Saving takes it out again.
    """

    async def get(self, path: str, *arguments: Any, **options: Any) -> dict[str, Any]:
        model = await super().get(path, *arguments, **options)
        if model["type"] == "notebook" and model["content"] is not None:
            model["content"]["metadata"]["language_info"] = dict(IPythonKernel.language_info)
        return model


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(app: Any) -> None:
    app.contents_manager.register_pre_save_hook(stripping.before_saving)
    fonts = HERE.parent / "fonts"
    app.web_app.add_handlers(
        ".*$",
        [
            (f"{app.base_url}rapport/verdier", ValuesHandler),
            (f"{app.base_url}rapport/skrift/(.*)", StaticFileHandler, {"path": str(fonts)}),
        ],
    )
