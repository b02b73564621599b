"""The command line: ``python -m publishing build`` and ``python -m publishing check``."""

from __future__ import annotations

import argparse
import sys
import time

from publishing import build, project, validation
from publishing.errors import BuildError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code. A workgroup's fault is told in bokmål, without a traceback."""
    parser = argparse.ArgumentParser(prog="python -m publishing", description="Bygger rapportene.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="bygg nettsted, PDF-er og nøkkeltall")
    commands.add_parser("check", help="kontroller dataene, uten å bygge")
    options = parser.parse_args(arguments)
    try:
        if options.command == "check":
            validation.validate(project.ROOT)
            print("Dataene er i orden.")
        else:
            _build()
    except BuildError as error:
        print("\nByggingen stoppet. Ingenting er publisert, og det som lå i reports/, er urørt.\n", file=sys.stderr)
        for problem in error.problems:
            print(f"  • {problem}", file=sys.stderr)
        return 1
    return 0


def _build() -> None:
    started = time.monotonic()
    result = build.build(tell=lambda line: print(line, flush=True))
    seconds = time.monotonic() - started
    print(
        f"\nFerdig på {seconds:.0f} sekunder: {result.chapters} kapitler ({result.executed} kjørt nå), "
        f"{result.pages} nettsider, {len(result.pdfs)} PDF-er og {result.key_figures} nøkkeltall.\n"
        "  Les på nett:   reports/html/index.html\n"
        f"  Les som PDF:   reports/pdf/ ({', '.join(result.pdfs)})\n"
        "  Tall som data: reports/nokkeltall.json"
    )


if __name__ == "__main__":
    sys.exit(main())
