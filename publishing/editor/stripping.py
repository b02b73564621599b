"""What JupyterLab writes when it saves a notebook: only what somebody wrote, never what a run or a screen left behind."""

from __future__ import annotations

from typing import Any

import nbformat
from nbstripout import strip_output  # one judge of what an output is, for JupyterLab and the commit hook

#: The metadata of every notebook in the repository. JupyterLab would add versions of the machine's own Python.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def before_saving(model: dict[str, Any], **given: Any) -> None:
    """Take from a notebook that is about to be saved what does not belong in the file (Jupyter's ``pre_save_hook``).

    The notebook on the screen keeps its outputs. A notebook that nobody changed is saved byte for byte as it was.
    """
    if model["type"] == "notebook" and model.get("content") is not None:
        model["content"] = stripped(nbformat.from_dict(model["content"]))


def stripped(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without outputs, counts and the marks of the editor; tags, ids and attachments stay."""
    strip_output(notebook, keep_output=False, keep_count=False, keep_id=True)
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if not cell.get("attachments", True):
            del cell["attachments"]
    return notebook
