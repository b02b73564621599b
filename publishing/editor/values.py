"""The values that prose names, for the chapters in JupyterLab: ``/rapport/verdier?omrade=sentralbord``.

The lab extension in ``labextensions/`` asks for them. They are computed by a process of their own, anew when data or
analysis have changed, so what is shown is what the build would write.
"""

from __future__ import annotations

import asyncio
import difflib
import json
import subprocess
import sys
from functools import cache
from typing import Any

from jupyter_server.base.handlers import APIHandler
from tornado import web

from publishing.execution import inputs_digest
from publishing.project import ROOT

#: Prints what the chapters of an area may use, under the names they may use.
_PROGRAM = """
import json, sys
from analysis import keyfigures
from publishing import project
values = {name: value.as_shown() for name, value in keyfigures.for_area(sys.argv[1]).items()}
shared = {project.SHARED_PARAMETER: project.with_municipalities(project.MUNICIPALITIES)}
json.dump({"verdier": values, "parametre": shared}, sys.stdout)
"""


@cache
def _computed(area: str, digest: str) -> dict[str, dict[str, Any]]:
    """What :func:`of_area` gives, for one state of data and code (``digest``)."""
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM, area], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    return json.loads(run.stdout)


def of_area(area: str) -> dict[str, dict[str, Any]]:
    """What the chapters of an area may use in their sentences: ``verdier``, each value's record by name, and ``parametre``,
    those that every chapter has.

    Raises:
        subprocess.CalledProcessError: if the values cannot be computed from the data as they are.
    """
    return _computed(area, inputs_digest())


def nearest(name: str, values: dict[str, Any]) -> str:
    """The name that is most like one that is not there, or nothing; the build gives the same advice."""
    return next(iter(difflib.get_close_matches(name, values, n=1, cutoff=0.4)), "")


class ValuesHandler(APIHandler):
    """Answers with the values of an area, or with the name nearest to one that is not there."""

    @web.authenticated
    async def get(self) -> None:
        area, unknown = self.get_query_argument("omrade"), self.get_query_argument("ukjent", "")
        try:
            found = await asyncio.to_thread(of_area, area)
        except subprocess.CalledProcessError as error:
            raise web.HTTPError(
                503, reason="Tallene kan ikke regnes ut", log_message=error.stderr.strip()[-500:]
            ) from error
        self.finish(json.dumps({"forslag": nearest(unknown, found["verdier"])} if unknown else found))
