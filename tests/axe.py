"""axe-core, which finds faults of accessibility in a page that is open in a browser."""

from __future__ import annotations

import importlib.resources


def source() -> str:
    """The script to run on the page."""
    return (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
