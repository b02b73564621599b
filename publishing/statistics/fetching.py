"""Asks SSB, with patience for what passes and a sentence in bokmål for what does not."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from publishing.errors import BuildError

#: Seconds before an answer that does not come is given up.
TIMEOUT = 30

#: The longest wait, in seconds, that SSB may ask for when we ask too often, and how often we obey.
LONGEST_WAIT = 60
TRIES = 3

#: More than this, in bytes, no answer to our queries can hold.
LARGEST = 50_000_000

UNTOUCHED = "Den frosne kopien er urørt."


def get(url: str, shown: str, sleep: Callable[[float], None] = time.sleep) -> tuple[bytes, Any]:
    """The answer as received, and what it says. ``shown`` names what is asked for, in messages.

    Raises:
        BuildError: if there is no net, no answer in time, an answer that says no, or one that is not JSON.
    """
    request = urllib.request.Request(url, headers={"Accept": "application/json", "User-Agent": "felles-utredning"})
    for attempt in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                content = answer.read(LARGEST + 1)
            break
        except urllib.error.HTTPError as error:
            wait = _wait(error)
            if error.code == 429 and attempt < TRIES and wait is not None:
                sleep(wait)
                continue
            raise BuildError(f"{shown}: {_refused(error)} {UNTOUCHED}") from None
        except TimeoutError:
            raise BuildError(
                f"{shown}: SSB svarte ikke innen {TIMEOUT} sekunder. Prøv igjen senere. {UNTOUCHED}"
            ) from None
        except (OSError, urllib.error.URLError) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                told = f"SSB svarte ikke innen {TIMEOUT} sekunder. Prøv igjen senere."
            else:
                told = "Fikk ikke kontakt med SSB. Kontroller at maskinen er på nett, og prøv igjen."
            raise BuildError(f"{shown}: {told} {UNTOUCHED}") from None
        except Exception as error:  # an answer that is cut off, or that is no HTTP
            raise BuildError(f"{shown}: Svaret fra SSB var ikke helt ({type(error).__name__}). {UNTOUCHED}") from None
    if len(content) > LARGEST:
        raise BuildError(f"{shown}: Svaret fra SSB er større enn vi venter. Kontroller spørringen. {UNTOUCHED}")
    try:
        return content, json.loads(content)
    except ValueError:
        raise BuildError(
            f"{shown}: Svaret er ikke JSON. Kanskje svarte en påloggingsside i stedet for SSB. Prøv fra et annet nett. "
            f"{UNTOUCHED}"
        ) from None


def _wait(error: urllib.error.HTTPError) -> float | None:
    """The seconds SSB asks us to wait; None when that is too long. Without a number half the window of a minute."""
    told = error.headers.get("Retry-After", "")
    seconds = float(told) if told.isdigit() else LONGEST_WAIT / 2
    return seconds if seconds <= LONGEST_WAIT else None


def _refused(error: urllib.error.HTTPError) -> str:
    title = _title(error)
    told = f" SSB sier: «{title}»." if title else ""
    match error.code:
        case 429:
            return "SSB tar ikke imot flere spørringer nå. Vent noen minutter, og prøv igjen."
        case 404:
            return f"SSB finner ikke tabellen.{told} Kanskje den er nedlagt eller har fått et annet nummer. Se data/statistikk.yml."
        case 400 | 403 if "too many cells" in title.lower() or error.code == 403:
            return f"Spørringen ber om for mange celler.{told} Be om færre koder i data/statistikk.yml."
        case 400:
            return (
                f"SSB kjenner ikke igjen spørringen.{told} Kanskje tabellen er endret. Se kodene i data/statistikk.yml."
            )
        case code if code >= 500:
            return f"SSB har en feil hos seg (HTTP {code}). Prøv igjen senere."
        case code:
            return f"SSB sier nei (HTTP {code}).{told}"


def _title(error: urllib.error.HTTPError) -> str:
    """What the answer says is wrong («Too many cells selected»), when it is the kind that SSB sends."""
    try:
        content = json.loads(error.read(10_000))
        return str(content.get("title", ""))[:200]
    except (OSError, ValueError, AttributeError):
        return ""
