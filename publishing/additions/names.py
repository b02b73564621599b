"""Names of areas and municipalities as slugs, ids and words in a sentence."""

from __future__ import annotations

import re
import unicodedata

from publishing.errors import BuildError

#: As the slugs that are there have it: «Lønn, regnskap og fakturering» is lonn-regnskap-fakturering.
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ð": "d", "þ": "th", "ß": "ss"})
_LEFT_OUT = frozenset({"og"})

#: Folders of ``book/`` that are no reports, and what else a report cannot be called.
TAKEN = frozenset({"maler", "felles", "alle", "sum", "administrative"})


def slug_of(name: str) -> str:
    """The slug of a name: small ASCII letters and digits, words joined by hyphens, «og» left out.

    Raises:
        BuildError: if nothing is left, or the slug means something else in the project.
    """
    plain = unicodedata.normalize("NFKD", name.strip().lower().translate(_LETTERS))
    ascii_only = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = [word for word in re.findall(r"[a-z0-9]+", ascii_only) if word not in _LEFT_OUT]
    if not any(re.search("[a-z]", word) for word in words):
        raise BuildError(f'«{name}» har ingen bokstaver. Skriv navnet slik det skal stå i rapportene: NAVN="Innkjøp".')
    slug = "-".join(words)
    if slug in TAKEN:
        raise BuildError(f"«{name}» brukes til noe annet i prosjektet. Velg et navn som sier mer.")
    return slug


def tidied(name: str) -> str:
    """A name without spaces it should not have, beginning with a capital.

    Raises:
        BuildError: if it has characters that a name in the tables and the text cannot have.
    """
    found = " ".join(name.split())
    if any(unicodedata.category(letter).startswith("C") for letter in found) or set(found) & set('`{}[]<>|\\"*_#$:;'):
        raise BuildError(
            f"«{name}» har tegn som ikke kan stå i et navn. Bruk bokstaver, tall, komma, bindestrek og skråstrek."
        )
    return found[:1].upper() + found[1:]
