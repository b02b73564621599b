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
    result = build.build(tell=tell, scheduler=options.scheduler)
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


def new_report(options: Options) -> None:
    """Make a new area."""
    from publishing.additions import new_report

    made = new_report.new_report(options.navn, options.fase, options.beskrivelse)
    print(
        f"Området er laget i book/{made.slug}/, med alt merket som mangler. {len(made.files)} filer er nye eller endret:\n"
        + "\n".join(f"  {path.as_posix()}" for path in made.files)
        + "\nNeste steg:\n"
        "  1. Bygg rapportene: make book. De andre tallene er som før. Det nye området står utenfor summene til noe er levert.\n"
        f"  2. Les kapitlene i book/{made.slug}/, og skriv om det arbeidsgruppen vet mer om.\n"
        f"  3. Lever det som står for {made.slug} i data/datahull.csv. Fyll ut radene for {made.slug} i tabellene over,\n"
        "     sett status og kilde, og fjern raden i data/datahull.csv når tallet er på plass.\n"
        "  4. Få et vedtak om å utrede området. Rapporten sier at mandatet mangler."
    )


def new_municipality(options: Options) -> None:
    """Make a new municipality."""
    from publishing.additions import new_municipality

    made = new_municipality.new_municipality(options.navn, options.nummer)
    print(
        f"Kommunen er lagt til, med alt merket som mangler. {len(made.files)} filer er nye eller endret:\n"
        + "\n".join(f"  {path.as_posix()}" for path in made.files)
        + "\nNeste steg:\n"
        "  1. Bygg rapportene: make book. Summer og gevinster for alle kommunene mangler til tallene fra den nye er levert.\n"
        f"  2. Lever det som står med {made.slug} i data/datahull.csv: folketall, årsverk og kostnader i hvert område.\n"
        "  3. Les tekstene på nytt. Noen av dem gjelder bare kommunene i saken.\n"
        "  4. Få et vedtak om at kommunen er med. Rapporten sier at mandatet mangler."
    )


def changes(options: Options) -> None:
    """Tell what a proposed change moves."""
    from pathlib import Path

    from publishing.review import reviewing

    text = reviewing.review(name=options.fra)
    print(text, end="")
    if options.fil:
        try:
            Path(options.fil).write_text(text, "utf-8", newline="\n")
        except OSError:
            raise BuildError(f"Fikk ikke skrevet {options.fil}. Velg en fil i en mappe som finnes.") from None


def preview(options: Options) -> None:
    """Serve the site, and renew it when a file is saved."""
    from publishing import preview

    preview.preview(port=preview.parsed_port(options.port), tell=tell)


def statistics(options: Options) -> None:
    """Fetch the public statistics, and freeze them."""
    from publishing.statistics import freezing

    only_try = bool(options.prov)
    fetched = freezing.freeze(tell=tell, write=not only_try)
    if only_try:
        print("Dette ble bare prøvd. Ingenting er skrevet. Kjør «make statistikk» for å fryse tallene.")
        return
    files = "\n".join(f"  {path}" for path in fetched.files)
    print(
        f"Frosset:\n{files}\n"
        "Neste steg:\n"
        "  1. Les setningene som sier noe om tallene eller om hvor de er hentet: data/kilder.csv, data/datahull.csv,\n"
        "     data/datapackage.json og kapitlene over.\n"
        "  2. Kjør «make check», og legg filene inn i git."
    )


def edit(options: Options) -> None:
    """Open JupyterLab on the book."""
    try:
        from publishing import editor

        editor.start(open_browser=options.nettleser != "nei", tell=tell)
    except ModuleNotFoundError as error:
        raise BuildError(f"Pakken «{error.name}» mangler. Kjør «make edit», som installerer det som trengs.") from error


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
    Command(
        "build", "bygg nettsted, PDF-er og nøkkeltall", build, ("scheduler",), stopped=f"Byggingen stoppet. {UNTOUCHED}"
    ),
    Command(
        "check", "kontroller dataene og tekstene, uten å bygge", check, stopped=f"Kontrollen fant feil. {UNTOUCHED}"
    ),
    Command("forms", "skriv skjemaene som arbeidsgruppene fyller ut", forms, stopped="Ikke alle skjemaene er skrevet."),
    Command(
        "fetch",
        "les et utfylt skjema inn i datagrunnlaget",
        fetch,
        ("fil", "av", "skriv"),
        stopped="Filen er ikke hentet. Ingenting er skrevet.",
    ),
    Command("edit", "åpne boken i JupyterLab", edit, ("nettleser",), stopped="JupyterLab ble ikke startet."),
    Command(
        "preview",
        "vis nettstedet mens du skriver, og forny det når du lagrer",
        preview,
        ("port",),
        stopped="Forhåndsvisningen startet ikke.",
    ),
    Command(
        "changes",
        "fortell hva en endring gjør med tall, status og tekst",
        changes,
        ("fra", "fil"),
        stopped="Endringene kan ikke vises.",
    ),
    Command(
        "statistics",
        "hent offentlig statistikk fra SSB, og frys den i data/",
        statistics,
        ("prov",),
        stopped="Statistikken er ikke hentet.",
    ),
    Command(
        "new-report",
        "lag et nytt område, med alt merket som mangler",
        new_report,
        ("navn", "fase", "beskrivelse"),
        stopped="Området er ikke laget, og ingenting er endret.",
    ),
    Command(
        "new-municipality",
        "legg til en kommune, med alt merket som mangler",
        new_municipality,
        ("navn", "nummer"),
        stopped="Kommunen er ikke lagt til, og ingenting er endret.",
    ),
    Command("values", "finn verdier å skrive inn i teksten", values, options=("sok", "omrade")),
    Command("freeze", "bygg, og ta vare på utgaven i utgaver/", freeze, stopped="Utgaven er ikke frosset."),
)

if __name__ == "__main__":
    sys.exit(main())
