"""Every command of the project, on every machine: ``python kjor.py <mål> [NAVN=verdi …]``; ``make <mål>`` is the same.

Sets up in ``.venv/`` what the command needs, and runs it there. Only the standard library, and a syntax that an old
Python reads, so that it can say that it is too old. What workgroups read is bokmål.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

ROOT = Path(__file__).resolve().parent
VENV = Path(".venv")
INSTALL_LOG = VENV / "installering.log"
OLDEST = (3, 11)

#: Exact versions, known bytes, and nothing compiled here: a machine needs no more than Python.
LOCKED = ("--require-hashes", "--only-binary", ":all:")
#: Python compiles what it imports. Most of what is installed never is.
PIP = ("-m", "pip", "install", "--disable-pip-version-check", "--no-compile", *LOCKED)
#: Installs the same from the same lock files, in a fifth of pip's time; and makes the lock files.
UV = ("-m", "uv", "pip")
INSTALLER = "requirements-install.txt"

BOOK = ("requirements.txt",)
CLUSTER = "requirements-cluster.txt"
TEST = ("requirements.txt", "requirements-test.txt", "requirements-edit.txt", CLUSTER)
EDIT = ("requirements.txt", "requirements-edit.txt")
AUDIT = ("requirements.txt", "requirements-audit.txt")
ALL_LOCKS = (*TEST, "requirements-audit.txt", INSTALLER)

LOCK = (
    *UV, "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes",
    "--only-binary", ":all:", "--no-emit-index-url", "--custom-compile-command", "make lock",
)  # fmt: skip
#: As many tests at a time as there are cores to use: tests/side_by_side.py.
SIDE_BY_SIDE = ("-n", "auto")
NBVAL = ("--nbval", "--nbval-current-env", "--nbval-cell-timeout", "120")


class Target(NamedTuple):
    """A command: what it does, the lock files it needs, what is run, and the options that it takes as ``NAVN=verdi``.

    Each part of ``runs`` is what follows ``python``. ``options`` are added to the last, as ``--navn verdi``.
    """

    told: str
    locks: tuple[str, ...]
    runs: tuple[tuple[str, ...], ...]
    options: tuple[str, ...] = ()


def publishing(*arguments: str) -> tuple[str, ...]:
    """The project's own command line."""
    return ("-m", "publishing", *arguments)


TARGETS = {
    "book": Target(
        "bygg nettsted, PDF-er og nøkkeltall i reports/; SCHEDULER=tcp://… kjører kapitlene på en Dask-klynge",
        BOOK,
        (publishing("build"),),
        ("SCHEDULER",),
    ),
    "check": Target("kontroller dataene og teksten, uten å bygge", BOOK, (publishing("check"),)),
    "preview": Target(
        "vis nettstedet i nettleseren mens dere skriver, og forny det når dere lagrer; stopp med Ctrl+C",
        BOOK,
        (publishing("preview"),),
        ("PORT",),
    ),
    "skjema": Target(
        "skriv et Excel-skjema for hvert område i data/skjema/, med det som mangler", BOOK, (publishing("forms"),)
    ),
    "hent": Target(
        "les et utfylt skjema eller en CSV-fil inn i datagrunnlaget; viser endringene før den skriver",
        BOOK,
        (publishing("fetch"),),
        ("FIL", "AV", "SKRIV"),
    ),
    "verdier": Target("finn verdier å skrive inn i teksten", BOOK, (publishing("values"),), ("SOK", "OMRADE")),
    "utgave": Target("bygg, og frys utgaven som book/utgave.yml navngir, i utgaver/", BOOK, (publishing("freeze"),)),
    "ny-rapport": Target(
        "lag et nytt område med alt merket som mangler",
        BOOK,
        (publishing("new-report"),),
        ("NAVN", "FASE", "BESKRIVELSE"),
    ),
    "ny-kommune": Target(
        "legg til en kommune med alt merket som mangler",
        BOOK,
        (publishing("new-municipality"),),
        ("NAVN", "NUMMER"),
    ),
    "endringer": Target(
        "fortell hva en endring gjør med tall, status og tekst",
        BOOK,
        (publishing("changes"),),
        options=("FRA", "FIL"),
    ),
    "statistikk": Target(
        "hent offentlig statistikk fra SSB, og frys den i data/; PROV=ja viser bare hva som blir endret",
        BOOK,
        (publishing("statistics"),),
        options=("PROV",),
    ),
    "edit": Target(
        "åpne boken i JupyterLab for å skrive; NETTLESER=nei åpner ingen nettleser",
        EDIT,
        (publishing("edit"),),
        ("NETTLESER",),
    ),
    "test": Target(
        "bygg det som er endret, og kjør alle tester; DEL=2/4 kjører den andre av fire deler",
        TEST,
        (publishing("build"), ("-m", "pytest", "tests", "_build/executed", *SIDE_BY_SIDE, *NBVAL)),
        ("DEL",),
    ),
    "bench": Target(
        "mål hva bygging koster, med og uten vår egen kode, og hvor mye hver side veier; tar lang tid",
        TEST,
        (publishing("build"), ("-m", "benchmarks")),
        ("ONLY", "TIMES", "STOCK", "GROWTH", "SIZES", "MUNICIPALITIES"),
    ),
    "lint": Target(
        "kontroller kodestilen", TEST, (("-m", "ruff", "check", "."), ("-m", "ruff", "format", "--check", "."))
    ),
    "lock": Target(
        "lås versjonene på nytt etter en endring i requirements*.in; LOCK_OPTIONS=--upgrade fornyer alle",
        BOOK,
        tuple((*LOCK, f"{Path(lock).stem}.in", "-o", lock) for lock in ALL_LOCKS),
    ),
    "audit": Target(
        "spør PyPI om kjente sårbarheter i alt som er låst",
        AUDIT,
        # Strict: what PyPI does not answer for counts as a fault, not as sound.
        (
            (
                "-m",
                "pip_audit",
                "--strict",
                "--require-hashes",
                "--disable-pip",
                "--progress-spinner",
                "off",
                *(part for lock in ALL_LOCKS for part in ("-r", lock)),
            ),
        ),
    ),
    "clean": Target("fjern alt mellomlagret; .venv/ og reports/ blir stående", (), ()),
}

#: What `clean` removes.
LEFTOVERS = ("_build", ".pytest_cache", ".ruff_cache", ".hypothesis")


def main(arguments: Sequence[str]) -> int:
    """Run one command; return the exit code."""
    os.chdir(ROOT)
    name, given, unknown = parsed(arguments)
    if not name or name == "help":
        print("\n".join(overview()))
        return 0
    if name not in TARGETS:
        print(f"«{name}» er ikke et mål. Skriv «make help» eller «python kjor.py» for å se dem.", file=sys.stderr)
        return 2
    target = TARGETS[name]
    unknown += [
        f"{key}={value}" for key, value in given.items() if key not in (*target.options, "LOCK_OPTIONS", "PYTHON")
    ]
    if unknown:
        known = ", ".join(f"{option}=…" for option in target.options) or "ingen valg"
        print(f"«{unknown[0]}» er ikke et valg for «{name}». Målet tar {known}.", file=sys.stderr)
        return 2
    if name == "clean":
        for folder in LEFTOVERS:
            shutil.rmtree(folder, ignore_errors=True)
        return 0
    locks = (*target.locks, CLUSTER) if given.get("SCHEDULER") or os.environ.get("SCHEDULER") else target.locks
    fault = too_old(sys.version_info[:2], name) or prepared(tuple(dict.fromkeys(locks)))
    if fault:
        print(fault, file=sys.stderr)
        return 1
    return run(name, target, given)


def parsed(arguments: Sequence[str]) -> tuple[str, dict[str, str], list[str]]:
    """The name of the target, the options given as ``NAVN=verdi``, and what is neither."""
    name, given, unknown = "", {}, []
    for argument in arguments:
        key, equals, value = argument.partition("=")
        if equals and key.isupper():
            given[key] = value
        elif not name:
            name = argument
        else:
            unknown.append(argument)
    return name, given, unknown


def overview() -> Iterator[str]:
    """What `make help` shows: every target, what it does, and its options."""
    yield "Bruk: make <mål>, eller python kjor.py <mål> (py kjor.py <mål> på Windows)"
    width = max(map(len, TARGETS))
    for name, target in TARGETS.items():
        options = "".join(f" {option}=…" for option in target.options)
        yield f"  {name:<{width}} {target.told}{f'; tar{options}' if options else ''}"


def too_old(version: tuple[int, int], target: str) -> str:
    """What to say to a Python that is too old, or nothing."""
    if version >= OLDEST:
        return ""
    return (
        f"Trenger Python 3.11 eller nyere. Denne er {version[0]}.{version[1]}.\n"
        f"Installer en nyere, eller bruk en annen, for eksempel slik: make {target} PYTHON=python3.12"
    )


def python() -> str:
    """The interpreter of ``.venv/``."""
    return str(ROOT / VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def prepared(locks: tuple[str, ...]) -> str:
    """Install what the lock files name, once; return what went wrong, or nothing.

    First what the book needs, then what a command needs beside it. The name of a stamp holds a digest of the lock
    files, so a checkout or a copy of the folder installs nothing again.
    """
    for wanted in dict.fromkeys((locks[:1], locks)):
        digest = hashlib.sha256(b"".join((ROOT / lock).read_bytes() for lock in (INSTALLER, *wanted))).hexdigest()[:16]
        stamp = VENV / f"{Path(wanted[-1]).stem}-{digest}.ok"
        if stamp.exists():
            continue
        if len(wanted) == 1:
            print(
                "Gjør klar .venv/ med det boken trenger. Det tar et minutt eller to, og bare første gang.", flush=True
            )
            try:
                venv.create(VENV, clear=True, with_pip=True, symlinks=os.name != "nt")
            except (OSError, subprocess.CalledProcessError):
                return "Fikk ikke laget .venv/. På Debian og Ubuntu må pakken python3-venv være installert."
        else:
            print(f"Legger til det som står i {wanted[-1]}.", flush=True)
        if not installed(wanted):
            return f"Installeringen stoppet. Første gang trengs nett. Hele loggen: {INSTALL_LOG.as_posix()}"
        stamp.touch()
    return ""


def installed(locks: tuple[str, ...]) -> bool:
    """Install with uv, or with pip where uv cannot: behind a mirror or a proxy that pip alone is told of, say."""
    files = [part for lock in locks for part in ("-r", lock)]
    with INSTALL_LOG.open("w", encoding="utf-8") as log:
        if not ended_well([*PIP, "-r", INSTALLER], log):
            return False
        if ended_well([*UV, "install", "--python", python(), *LOCKED, *files], log):
            return True
        print("    Det gikk ikke med uv. Prøver med pip, som tar lengre tid.", flush=True)
        return ended_well([*PIP, *files], log)


def ended_well(arguments: Sequence[str], log: TextIO) -> bool:
    """Run an installer, whose chatter goes to a log: on the screen a line for every 25 packages, and what pip finds wrong."""
    fetched = 0
    installer = subprocess.Popen(
        [python(), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
    )
    for line in installer.stdout or ():
        log.write(line)
        if line.startswith(("Collecting ", "Processing ")):
            fetched += 1
            if fetched % 25 == 0:
                print(f"    {fetched} pakker hentet", flush=True)
        elif line.startswith("ERROR"):
            print(f"    {line.rstrip()}", flush=True)
        elif line.startswith("Installing collected") and fetched > 25:
            print(f"    {fetched} pakker hentet; pakker ut", flush=True)
    return installer.wait() == 0


def run(name: str, target: Target, given: dict[str, str]) -> int:
    """Run the parts of a target one after another, until one fails."""
    # A chapter's kernel finds `analysis` from the root, wherever the chapter lies.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    # Nothing is compiled when it is installed: what is imported is compiled once and kept, also where images turn that off.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    # make hands its command line's variables on in the environment.
    values = {option: given.get(option, os.environ.get(option, "")) for option in target.options}
    options = [part for option, value in values.items() if value for part in (f"--{option.lower()}", value)]
    for number, part in enumerate(target.runs, start=1):
        command = [python(), *part, *(options if number == len(target.runs) else ())]
        if name == "lock" and part[:2] == LOCK[:2]:
            command[len(LOCK) + 1 : len(LOCK) + 1] = (
                given.get("LOCK_OPTIONS") or os.environ.get("LOCK_OPTIONS", "")
            ).split()
        code = waited_for(command, environment)
        if code:
            return code
    return 0


def waited_for(command: list[str], environment: dict[str, str]) -> int:
    """Run a command and return its exit code. Ctrl+C reaches the command too, which then ends in its own time."""
    process = subprocess.Popen(command, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
