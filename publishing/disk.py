"""What a disk can do to a build, told in bokmål."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from publishing.errors import BuildError

_FAULTS = {
    errno.ENOSPC: "Disken er full. Slett noe, eller bygg i en mappe på en annen disk.",
    errno.EDQUOT: "Kvoten din på disken er brukt opp. Slett noe, eller bygg i en mappe på en annen disk.",
    errno.EROFS: "Mappen ligger på en disk som bare kan leses. Kopier prosjektet til en disk der du kan skrive.",
    errno.EACCES: "Du har ikke lov til å skrive her, eller filen er åpen i et annet program.",
    errno.EPERM: "Du har ikke lov til å skrive her, eller filen er åpen i et annet program.",
    errno.ENAMETOOLONG: "Filnavnet blir for langt. Flytt prosjektet til en mappe med kortere navn.",
    errno.EMFILE: "For mange filer er åpne samtidig. Lukk noen programmer, og prøv igjen.",
    errno.EIO: "Disken svarer med en feil. Ta kopi av arbeidet ditt, og få disken kontrollert.",
}


def told(error: BaseException) -> BuildError | None:
    """The fault of the disk behind an error, however many libraries it came through; None when it is another fault."""
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.errno in _FAULTS:
            where = f"{cause.filename}: " if cause.filename else ""
            return BuildError(f"{where}{_FAULTS[cause.errno]}")
        # From another process comes only the text of the error.
        number = next((number for number in _FAULTS if f"[Errno {number}]" in str(cause)), None)
        if number:
            return BuildError(_FAULTS[number])
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    waiting, seen = [error], set()
    while waiting:
        found = waiting.pop()
        if id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting += [
                cause for cause in (found.__cause__, found.__context__, getattr(found, "orig_exc", None)) if cause
            ]
