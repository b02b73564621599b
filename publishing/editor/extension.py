"""Our part of the Jupyter server: the values of prose, and notebooks saved without outputs."""

from __future__ import annotations

from typing import Any

from publishing.editor import stripping
from publishing.editor.values import ValuesHandler


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(app: Any) -> None:
    app.contents_manager.register_pre_save_hook(stripping.before_saving)
    app.web_app.add_handlers(".*$", [(f"{app.base_url}rapport/verdier", ValuesHandler)])
