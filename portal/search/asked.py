"""What a word search asks for, as one word of an address: `Asked`.

    TEXT[.n-SECTION][.c-COLUMN][.u-UNIT][.y-YEAR][.e-EFFECT][.k-KIND][.m-MENU][.d-DIGITS]

TEXT and UNIT are base64url of their UTF-8, "-" for none; EFFECT is v (有效), x (失效) or r (废止). The menu
is the list of values to narrow by that is being looked at, "all" for the list of those lists, "type" where
words are typed, with the digits of the word in hand.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass, replace

from portal.errors import NotFound
from portal.model import Effect, Kind, Section
from portal.search import words

MENUS = ("section", "column", "unit", "year", "effect", "kind")
"""What a search can be narrowed by, in the order in which it is offered."""

TYPE = "type"
"""The menu in which words are typed."""

_LETTERS = {
    "section": "n", "column": "c", "unit": "u", "year": "y", "effect": "e", "kind": "k", "menu": "m",
    "digits": "d",
}  # fmt: skip
_EFFECTS = {"v": Effect.VALID.value, "x": Effect.INVALID.value, "r": Effect.REPEALED.value}
_TEXT = ("unit",)
MOST_DIGITS = 24
_NONE = "-"
_FORMS = {
    "section": re.compile("|".join(Section)),
    "column": re.compile(r"[a-z][a-z0-9-]{0,31}"),
    "year": re.compile(r"[0-9]{4}"),
    "kind": re.compile("|".join(Kind)),
    "menu": re.compile("|".join(("all", TYPE, *MENUS))),
    "digits": re.compile(r"[0-9]{1,24}"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A text and what it is narrowed to; "" leaves it wide. `text` is as `words.typed` gives it.

    digits  of the word that is being typed, where the menu is TYPE
    """

    text: str = ""
    section: str = ""
    column: str = ""
    unit: str = ""
    year: str = ""
    effect: str = ""
    kind: str = ""
    menu: str = ""
    digits: str = ""

    @property
    def token(self) -> str:
        """The word of an address that says it."""
        parts = [_coded(self.text) or _NONE]
        for name, letter in _LETTERS.items():
            value = getattr(self, name)
            if value and name == "effect":
                value = next((code for code, effect in _EFFECTS.items() if effect == value), "")
            elif value and name in _TEXT:
                value = _coded(value)
            parts += [f"{letter}-{value}"] if value else []
        return ".".join(parts)

    @property
    def narrowed(self) -> tuple[tuple[str, str], ...]:
        """(what it is narrowed by, the value), in order."""
        return tuple((name, value) for name in MENUS if (value := getattr(self, name)))

    def with_(self, name: str, value: str) -> Asked:
        """The same with one thing changed, its menu closed."""
        return _changed(replace(self, menu="", digits=""), name, value)

    def typing(self, digits: str = "") -> Asked:
        """The same while one more word is typed."""
        return replace(self, menu=TYPE, digits=digits[:MOST_DIGITS])

    def with_word(self, word: str) -> Asked:
        """The same with one more word."""
        return replace(self, text=typed(f"{self.text} {word}"), menu="", digits="")


def typed(text: str) -> str:
    """Whatever was typed, in the form that is searched and kept in addresses."""
    return words.typed(text)


def parse(token: str) -> Asked:
    """Read a token. NotFound where it is none."""
    text, *parts = token.split(".")
    asked = Asked(text="" if text == _NONE else typed(_decoded(text, token)))
    names = {letter: name for name, letter in _LETTERS.items()}
    for part in parts:
        letter, mark, value = part.partition("-")
        name = names.get(letter, "")
        if not name or not mark or getattr(asked, name):
            raise NotFound(f"'{token[:80]}' asks for nothing that can be found")
        if name == "effect":
            value = _EFFECTS.get(value, "")
        elif name in _TEXT:
            value = _decoded(value, token)
        elif not _FORMS[name].fullmatch(value):
            value = ""
        if not value:
            raise NotFound(f"'{token[:80]}' asks for nothing that can be found")
        asked = _changed(asked, name, value)
    return asked


def _changed(asked: Asked, name: str, value: str) -> Asked:
    match name:
        case "section":
            # A column stands in one section: another section is another column.
            return replace(asked, section=value, column="")
        case "column":
            return replace(asked, column=value)
        case "unit":
            return replace(asked, unit=value)
        case "year":
            return replace(asked, year=value)
        case "effect":
            return replace(asked, effect=value)
        case "digits":
            return replace(asked, digits=value)
        case "kind":
            return replace(asked, kind=value)
        case _:
            return replace(asked, menu=value)


def _coded(text: str) -> str:
    return urlsafe_b64encode(text.encode("utf-8", "ignore")).decode().rstrip("=")


def _decoded(coded: str, token: str) -> str:
    try:
        return urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-8")
    except (Error, ValueError) as error:
        raise NotFound(f"'{token[:80]}' asks for nothing that can be found") from error
