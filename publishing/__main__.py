"""The command line: ``python -m publishing build``, ``… check`` and ``… freeze``."""

from __future__ import annotations

import argparse
import sys
import time

from publishing import build, freezing, project, validation
from publishing.errors import BuildError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code. A workgroup's fault is told in bokmål, without a traceback."""
    parser = argparse.ArgumentParser(prog="python -m publishing", description="Bygger rapportene.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="bygg nettsted, PDF-er og nøkkeltall")
    commands.add_parser("check", help="kontroller dataene, uten å bygge")
    commands.add_parser("freeze", help="bygg, og ta vare på utgaven i utgaver/")
    options = parser.parse_args(arguments)
    try:
        if options.command == "check":
            validation.validate(project.ROOT)
            print("Dataene er i orden.")
        elif options.command == "freeze":
            _freeze()
        else:
            _build()
    except BuildError as error:
        stopped = (
            "Utgaven er ikke frosset."
            if options.command == "freeze"
            else "Byggingen stoppet. Ingenting er publisert, og det som lå i reports/, er urørt."
        )
        print(f"\n{stopped}\n", file=sys.stderr)
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


def _freeze() -> None:
    edition = freezing.freeze(tell=lambda line: print(line, flush=True))
    folder = f"utgaver/{edition.slug}/"
    print(
        f"\n{edition.described} er frosset i {folder} med {len(edition.pdfs)} PDF-er "
        f"og {len(edition.figures)} nøkkeltall.\n"
        "Neste steg:\n"
        f'  1. Legg mappen inn i git:\n       git add {folder}\n       git commit -m "Frys {edition.name}"\n'
        "  2. Endre navn, dato og status i book/utgave.yml til den neste utgaven.\n"
        "Rapportene viser så hva som er endret siden den frosne utgaven."
    )


if __name__ == "__main__":
    sys.exit(main())
