"""The addresses of the television edition. An address carries everything: edition, page, focus.

    /tv/EDITION/                          home
    /tv/EDITION/c/NUMBER[/PAGE]           a column, or a group of columns
    /tv/EDITION/LIST/ITEM[/SCREEN]        an item, below the list that it was opened from
    /tv/EDITION/LIST/ITEM/SCREEN/u/UNIT[/SCREEN]      the unit of a matter, below the matter
    /tv/EDITION/LIST/ITEM/SCREEN/q        its QR code
    /tv/EDITION/n[/DIGITS]                the number box              /tv/EDITION/help[/SCREEN]

LIST is `c/NUMBER/PAGE`, `h` (home) or `n/DIGITS`. EDITION is `profile[.lang][.large][.k-CODE]`.
Back is the parent in the address, with the focus (`?f=`) on what one comes from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from portal.errors import NotFound
from portal.text import LOCALES
from remote_nav.profile import PROFILES

ROOT = "/tv/"
_KEYS = re.compile(r"k-[0-9a-z-]{1,120}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_NUMBER = re.compile(r"\d{1,8}")
MAX_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Edition:
    """One segment of the address: which box, which language, which size, which keys it has learnt."""

    profile: str
    lang: str = LOCALES[0]
    large: bool = False
    keys: str = ""

    @property
    def segment(self) -> str:
        """The segment; what is default is left out."""
        lang = "" if self.lang == LOCALES[0] else self.lang
        return ".".join(
            part for part in (self.profile, lang, "large" if self.large else "", self.keys) if part
        )

    @staticmethod
    def parse(segment: str) -> Edition:
        """Read a segment. NotFound where it names no box or an option twice."""
        profile, *options = segment.split(".")
        if profile not in PROFILES:
            raise NotFound(f"no television edition '{profile}'")
        edition = Edition(profile)
        for option in options:
            if option in LOCALES and edition.lang == LOCALES[0]:
                edition = replace(edition, lang=option)
            elif option == "large" and not edition.large:
                edition = replace(edition, large=True)
            elif _KEYS.fullmatch(option) and not edition.keys:
                edition = replace(edition, keys=option)
            else:
                raise NotFound(f"'{segment}' is not an edition: '{option}' is not understood")
        return edition


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is: a list, perhaps an item of it, perhaps something below the item.

    kind    home, column, number or help
    number  of the column, or the digits in the number box        page, screen  from 1
    below   "" or "u" (the unit `unit`) or "q" (the QR code)
    """

    kind: str = "home"
    number: str = ""
    page: int = 1
    item: str = ""
    screen: int = 1
    below: str = ""
    unit: str = ""
    unit_screen: int = 1

    @property
    def path(self) -> str:
        """The path below the edition, without a leading slash."""
        parts = self._list(bool(self.item))
        if self.item:
            parts.append(self.item)
            if self.screen > 1 or self.below:
                parts.append(str(self.screen))
            if self.below == "u":
                parts += ["u", self.unit, *([str(self.unit_screen)] if self.unit_screen > 1 else [])]
            elif self.below:
                parts.append(self.below)
        elif self.kind == "help" and self.screen > 1:
            parts.append(str(self.screen))
        return "/".join(parts)

    def _list(self, has_item: bool) -> list[str]:
        match self.kind:
            case "column":
                return ["c", self.number, *([str(self.page)] if self.page > 1 or has_item else [])]
            case "number":
                return ["n", *([self.number] if self.number else [])]
            case "help":
                return ["help"]
            case _:
                return ["h"] if has_item else []

    @staticmethod
    def parse(path: str) -> Place:
        """Read a path below the edition. NotFound where it is none of ours."""
        parts = [part for part in path.split("/") if part]
        place, rest = _parse_list(parts, path)
        if not rest:
            return place
        if place.kind == "help":
            return replace(place, screen=_count(rest[0], path)) if len(rest) == 1 else _lost(path)
        item, *rest = rest
        if not _ID.fullmatch(item):
            return _lost(path)
        place = replace(place, item=item)
        if rest:
            place, rest = replace(place, screen=_count(rest[0], path)), rest[1:]
        match rest:
            case []:
                return place
            case ["q"]:
                return replace(place, below="q")
            case ["u", unit] if _ID.fullmatch(unit):
                return replace(place, below="u", unit=unit)
            case ["u", unit, screen] if _ID.fullmatch(unit):
                return replace(place, below="u", unit=unit, unit_screen=_count(screen, path))
            case _:
                return _lost(path)

    @property
    def parent(self) -> tuple[Place, str]:
        """Where Back leads, and what has the focus there. The parent of home is home.

        The parent of a column is for the page to say: only it knows the tree of columns.
        """
        if self.below == "u":
            return replace(self, below="", unit="", unit_screen=1), "unit"
        if self.below:
            return replace(self, below=""), "phone"
        if self.item:
            return replace(self, item="", screen=1), self.item
        return Place(), {"number": "number", "help": "help"}.get(self.kind, "")


def _parse_list(parts: list[str], path: str) -> tuple[Place, list[str]]:
    match parts:
        case []:
            return Place(), []
        case ["h", _, *_]:
            return Place(), parts[1:]
        case ["help", *rest]:
            return Place("help"), rest
        case ["n"]:
            return Place("number"), []
        case ["n", digits, *rest] if _NUMBER.fullmatch(digits):
            return Place("number", digits), rest
        case ["c", number] if _NUMBER.fullmatch(number):
            return Place("column", number), []
        case ["c", number, page, *rest] if _NUMBER.fullmatch(number):
            return Place("column", number, _count(page, path)), rest
        case _:
            return _lost(path), []


def _count(part: str, path: str) -> int:
    if part.isascii() and part.isdigit() and 0 < len(part) < 7 and 0 < int(part) <= MAX_PAGE:
        return int(part)
    raise NotFound(f"no page {path}")


def _lost(path: str) -> Place:
    raise NotFound(f"no page {path}")


def href(edition: Edition, place: Place, focus: str = "") -> str:
    """The address of a place in an edition, with the focus on something there."""
    query = "?" + urlencode({"f": focus}) if focus else ""
    return f"{ROOT}{quote(edition.segment)}/{place.path}{query}"
