"""Document nodes of our own, for what docutils has no word for.

Everything else in the book is standard docutils, so a change of book tool touches little.
"""

from __future__ import annotations

from docutils import nodes


class verdi(nodes.inline):  # noqa: N801 - docutils names nodes in lower case
    """A computed value in a sentence, or the way to its source.

    Attributes: ``verdi_id``, ``tall`` (plain number or ""), ``tekst`` (as it is written), ``navn``, ``status``, ``kilde``.
    """


class ordforklaring(nodes.inline):  # noqa: N801
    """A word of the field where a page first uses it. Attributes: ``anker`` (on the page of words), ``forklaring``."""


class tallgrunnlag(nodes.container):  # noqa: N801
    """The numbers behind a figure, as a table: folded away on the site, left out of the PDF.

    ``oppsummering`` is what the reader presses to see them, when it is not «Vis tallene som tabell»; ``kode`` is a
    name set as code behind it.
    """


class nedlasting(nodes.paragraph):  # noqa: N801
    """The files behind a figure or table, to download from the site; left out of the PDF."""


class utforsker(nodes.Element):  # noqa: N801
    """The explorer of savings and keys on the site: attribute ``modell`` (JSON text); left out of the PDF."""
