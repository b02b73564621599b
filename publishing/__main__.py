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
    """Check the data."""
    from publishing import project, validation

    validation.validate(project.ROOT)
    print("Dataene er i orden.")


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


def forms(options: Options) -> None:
    """Write the forms that workgroups fill."""
    from publishing import project
    from publishing.delivery import commands

    print("Skjemaene:")
    commands.write_forms(project.ROOT, tell)
    print("Send dem til arbeidsgruppene. Hent et utfylt skjema med «make hent FIL=…».")


def fetch(options: Options) -> None:
    """Read a filled form, show what it changes, and write it when asked to."""
    import datetime as dt
    from pathlib import Path

    from publishing import project
    from publishing.delivery import commands

    if not options.fil:
        raise BuildError("Skriv hvilken fil som skal hentes: make hent FIL=data/skjema/sentralbord.xlsx")
    today = dt.datetime.now().astimezone().date()  # a delivery is an event, so it has a day
    agreed = {"asked": options.skriv.casefold() in commands.YES}

    def agree() -> bool:
        if not agreed["asked"] and sys.stdin.isatty():
            agreed["asked"] = input("\nSkrive dette? [j/N] ").strip().casefold() in commands.YES
        return agreed["asked"]

    answer = commands.fetch(project.ROOT, Path(options.fil), options.av, today, agree, tell)
    if answer.written:
        tell(commands.NEXT_STEPS)
    elif answer.changes:
        tell("Ingenting er skrevet. Skriv det inn med SKRIV=ja etter den samme kommandoen.")


COMMANDS: tuple[Command, ...] = (
    Command("build", "bygg nettsted, PDF-er og nøkkeltall", build, stopped=f"Byggingen stoppet. {UNTOUCHED}"),
    Command("check", "kontroller dataene, uten å bygge", check, stopped=f"Kontrollen fant feil. {UNTOUCHED}"),
    Command("forms", "skriv skjemaene som arbeidsgruppene fyller ut", forms, stopped="Ikke alle skjemaene er skrevet."),
    Command(
        "fetch", "les et utfylt skjema inn i datagrunnlaget", fetch, ("fil", "av", "skriv"),
        stopped="Filen er ikke hentet. Ingenting er skrevet.",
    ),
    Command("freeze", "bygg, og ta vare på utgaven i utgaver/", freeze, stopped="Utgaven er ikke frosset."),
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
