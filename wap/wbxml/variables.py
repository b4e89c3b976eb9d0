"""`$` in WML (WAP-191 section 10.3): $name, $(name), $(name:escape|unesc|noesc), $$ for the sign itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wap.wbxml.tokens import CONVERSIONS

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_DOLLAR = re.compile(rf"\$(?:(\$)|({_NAME})|\(\s*({_NAME})\s*(?::\s*([A-Za-z]+)\s*)?\))")
_CONVERSION = {"escape": 0, "e": 0, "unesc": 1, "u": 1, "noesc": 2, "n": 2}
NO_ESCAPE = 2


@dataclass(frozen=True, slots=True)
class Variable:
    """A reference to a variable; `conversion` is a place in CONVERSIONS."""

    name: str
    conversion: int

    def __str__(self) -> str:
        return f"$({self.name}:{CONVERSIONS[self.conversion]})"


def split(text: str, default: int = NO_ESCAPE) -> Iterator[str | Variable]:
    """Literal text and variables in order, `$$` already undone.

    default  the conversion where the text names none: 0 in an HREF, else 2
    A `$` that starts nothing valid is an error by the standard; decks in the field contain prices,
    so it stands for itself.
    """
    literal = ""
    at = 0
    for found in _DOLLAR.finditer(text):
        literal += text[at : found.start()]
        at = found.end()
        sign, bare, name, named = found.groups()
        conversion = _CONVERSION.get((named or "").lower(), None if named else default)
        if sign:
            literal += "$"
        elif conversion is None:
            literal += found.group()
        else:
            if literal:
                yield literal
            literal = ""
            yield Variable(bare or name, conversion)
    literal += text[at:]
    if literal:
        yield literal


def quote(text: str) -> str:
    """Text in which no `$` starts a variable."""
    return text.replace("$", "$$")
