"""Typst's code syntax, written safely: every text becomes a string literal, so nothing in it can be read as Typst.

What these functions return is an *expression*, valid wherever Typst expects code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

NOTHING = "[]"

#: The characters that mean something inside a string literal, and line ends.
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def string(text: str) -> str:
    """``text`` as a string literal. Control characters are written by number, since an editor may eat them."""
    return '"' + "".join(_ESCAPES.get(letter) or _letter(letter) for letter in text) + '"'


def _letter(letter: str) -> str:
    return letter if letter.isprintable() or ord(letter) >= 0xA0 else f"\\u{{{ord(letter):x}}}"


def block(expressions: Iterable[str]) -> str:
    """The expressions one after another, as one piece of content."""
    lines = [line for line in expressions if line and line != NOTHING]
    if not lines:
        return NOTHING
    # A string on its own would stay a string; next to markup it is content, which every function accepts.
    return "{\n" + "\n".join(["[]", *lines]) + "\n}"


def call(function: str, *positional: str, **named: str) -> str:
    """A call of ``function``; arguments are expressions. An underscore in a name becomes the hyphen Typst uses."""
    arguments = [*(f"{name.replace('_', '-')}: {value}" for name, value in named.items()), *positional]
    return f"{function}({', '.join(arguments)})"


def array(items: Iterable[str]) -> str:
    """An array of expressions."""
    return "(" + "".join(f"{item}, " for item in items).rstrip() + ")"


def dictionary(items: Mapping[str, str]) -> str:
    """A dictionary with plain names as keys."""
    return "(" + ", ".join(f"{key}: {value}" for key, value in items.items()) + ")" if items else "(:)"


def boolean(value: object) -> str:
    """``true`` or ``false``."""
    return "true" if value else "false"


def labelled(expression: str, name: str) -> str:
    """The element that ``expression`` makes, with the label ``name`` for links to find."""
    return f"[#{expression}#label({string(name)})]"
