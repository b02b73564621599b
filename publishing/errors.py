"""The one kind of error a workgroup meets: it is told in bokmål, without a traceback."""

from __future__ import annotations


class BuildError(Exception):
    """A fault in what was delivered or written; the message says what, where and what to do, in bokmål.

    ``problems`` holds one message a fault, so that all are shown at once.
    """

    def __init__(self, *problems: str) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(problems))
