"""The command line: ``python -m publishing <command>``. People run it through ``make`` or ``kjor.py``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from publishing.errors import BuildError

Options = argparse.Namespace
UNTOUCHED = "Ingenting er publisert, og det som lå i reports/, er urørt."


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what it does, what runs, its options (``fil`` is ``--fil``), and what to say when it stops.

    ``run`` imports what it needs itself, so that each command starts as fast as it can. It may return an exit code.
    """

    name: str
    told: str
    run: Callable[[Options], int | None]
    options: Sequence[str] = ()
    stopped: str = "Kommandoen stoppet."


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code. A workgroup's fault is told in bokmål, without a traceback."""
    parser = argparse.ArgumentParser(prog="python -m publishing", description="Bygger rapportene.")
    choices = parser.add_subparsers(dest="command", required=True)
    for command in COMMANDS:
        choice = choices.add_parser(command.name, help=command.told)
        choice.set_defaults(chosen=command)
        for option in command.options:
            choice.add_argument(f"--{option}", default="")
    options = parser.parse_args(arguments)
    chosen: Command = options.chosen
    try:
        return chosen.run(options) or 0
    except BuildError as error:
        print(f"\n{chosen.stopped}\n", file=sys.stderr)
        for problem in error.problems:
            print(f"  • {problem}", file=sys.stderr)
        return 1


def tell(line: str) -> None:
    """Tell how far a command has come, at once."""
    print(line, flush=True)


def build(options: Options) -> None:
    """Build site, PDFs and key figures."""
    from publishing import build

    started = time.monotonic()
    result = build.build(tell=tell)
    seconds = time.monotonic() - started
    print(
        f"\nFerdig på {seconds:.0f} sekunder: {result.chapters} kapitler ({result.executed} kjørt nå), "
        f"{result.pages} nettsider, {len(result.pdfs)} PDF-er og {result.key_figures} nøkkeltall.\n"
        "  Les på nett:   reports/html/index.html\n"
        f"  Les som PDF:   reports/pdf/ ({', '.join(result.pdfs)})\n"
        "  Tall som data: reports/nokkeltall.json"
    )


def check(options: Options) -> None:
    """Check the data, and the texts against them."""
    from publishing import checking

    checking.check()
    print("Dataene og tekstene er i orden.")


def values(options: Options) -> None:
    """Show the values that can be written in prose."""
    from publishing.writing import catalogue

    print("\n".join(catalogue.shown(options.sok, options.omrade)))


def freeze(options: Options) -> None:
    """Build, and keep the edition."""
    from publishing import freezing

    edition = freezing.freeze(tell=tell)
    folder = f"utgaver/{edition.slug}/"
    print(
        f"\n{edition.described} er frosset i {folder} med {len(edition.pdfs)} PDF-er "
        f"og {len(edition.figures)} nøkkeltall.\n"
        "Neste steg:\n"
        f'  1. Legg mappen inn i git:\n       git add {folder}\n       git commit -m "Frys {edition.name}"\n'
        "  2. Endre navn, dato og status i book/utgave.yml til den neste utgaven.\n"
        "Rapportene viser så hva som er endret siden den frosne utgaven."
    )


COMMANDS: tuple[Command, ...] = (
    Command("build", "bygg nettsted, PDF-er og nøkkeltall", build, stopped=f"Byggingen stoppet. {UNTOUCHED}"),
    Command(
        "check", "kontroller dataene og tekstene, uten å bygge", check, stopped=f"Kontrollen fant feil. {UNTOUCHED}"
    ),
    Command("values", "finn verdier å skrive inn i teksten", values, options=("sok", "omrade")),
    Command("freeze", "bygg, og ta vare på utgaven i utgaver/", freeze, stopped="Utgaven er ikke frosset."),
)

if __name__ == "__main__":
    sys.exit(main())
