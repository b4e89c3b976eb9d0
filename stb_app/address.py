"""The addresses of the television edition. An address carries everything: edition, page, focus.

    /tv/EDITION/                          home
    /tv/EDITION/c/NUMBER[/PAGE]           a column, or a group of columns
    /tv/EDITION/LIST/ITEM[/SCREEN]        an item, below the list that it was opened from
    /tv/EDITION/LIST/ITEM/SCREEN/u/UNIT[/SCREEN]      the unit of a matter, below the matter
    /tv/EDITION/LIST/ITEM/SCREEN/q        its QR code
    /tv/EDITION/n[/DIGITS]                the number box              /tv/EDITION/help[/SCREEN]
    /tv/EDITION/services[/PAGE]           the operator's services     /tv/EDITION/keys   learning the keys
    /tv/EDITION/standby                   after idle                  /tv/EDITION/leave  back to the operator

LIST is `c/NUMBER/PAGE`, `h` (home) or `n/DIGITS`.
EDITION is `profile[.lang][.large][.k-CODE][.o-OPERATOR[.a-AREA][.r-RETURN]]`.
Back is the parent in the address, with the focus (`?f=`) on what one comes from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from portal.errors import NotFound
from portal.text import LOCALES
from remote_nav import learn
from remote_nav.errors import BadKeys
from remote_nav.keymap import KEY_MAPS, KeyMap
from remote_nav.profile import PROFILES

ROOT = "/tv/"
KEYS = "k-"
_OPTIONS = {
    "o-": ("operator", re.compile(r"[a-z][a-z0-9-]{0,31}")),
    "a-": ("area", re.compile(r"[0-9A-Za-z]{1,12}")),
    "r-": ("way_back", re.compile(r"[0-9A-Za-z_-]{1,400}")),
}
"""Options of one value each: the attribute that holds it, and what it looks like."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_NUMBER = re.compile(r"[0-9]{1,8}")
MAX_PAGE = 100_000
PLAIN = ("keys", "standby", "leave")
"""Places without pages: learning the keys, standby, and the way out."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One segment of the address: which box, which language, which size, which keys it has learnt.

    keys      learned keys as `remote_nav.learn` writes them, or ""
    operator  name of the operator whose portal opened us, with its key of the area and the place to
              return to as `stb_app.operators` writes it; each may be ""
    """

    profile: str
    lang: str = LOCALES[0]
    large: bool = False
    keys: str = ""
    operator: str = ""
    area: str = ""
    way_back: str = ""

    @property
    def segment(self) -> str:
        """The segment; what is default is left out."""
        given = ((mark, getattr(self, name)) for mark, (name, _) in _OPTIONS.items())
        options = [mark + value for mark, value in given if value]
        lang = "" if self.lang == LOCALES[0] else self.lang
        keys = KEYS + self.keys if self.keys else ""
        return ".".join(
            part for part in (self.profile, lang, "large" if self.large else "", keys, *options) if part
        )

    @property
    def keymap(self) -> KeyMap:
        """The keys of this box: those that it has learnt, else those of its kind."""
        return learn.decode(self.keys, self.profile) if self.keys else KEY_MAPS[self.profile]

    @staticmethod
    def parse(segment: str) -> Edition:
        """Read a segment. NotFound where it names no box or an option twice, or keys that cannot be."""
        profile, *options = segment.split(".")
        if profile not in PROFILES:
            raise NotFound(f"no television edition '{profile}'")
        edition = Edition(profile)
        for option in options:
            if option in LOCALES and edition.lang == LOCALES[0]:
                edition = replace(edition, lang=option)
            elif option == "large" and not edition.large:
                edition = replace(edition, large=True)
            elif option.startswith(KEYS) and not edition.keys:
                edition = replace(edition, keys=_learned(option[len(KEYS) :]))
            else:
                name, pattern = _OPTIONS.get(option[:2], ("", _NUMBER))
                if not name or getattr(edition, name) or not pattern.fullmatch(option[2:]):
                    raise NotFound(f"'{segment}' is not an edition: '{option}' is not understood")
                edition = _with(edition, name, option[2:])
        return edition


def _with(edition: Edition, name: str, value: str) -> Edition:
    """The edition with one of its options of one value."""
    match name:
        case "operator":
            return replace(edition, operator=value)
        case "area":
            return replace(edition, area=value)
        case _:
            return replace(edition, way_back=value)


def _learned(word: str) -> str:
    try:
        learn.decode(word)
    except BadKeys as error:
        raise NotFound(f"'{word}' is no key table: {error}") from None
    return word


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is: a list, perhaps an item of it, perhaps something below the item.

    kind    home, column, number, help, services, or one of PLAIN
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
        elif self.kind == "services" and self.page > 1:
            parts.append(str(self.page))
        return "/".join(parts)

    def _list(self, has_item: bool) -> list[str]:
        match self.kind:
            case "column":
                return ["c", self.number, *([str(self.page)] if self.page > 1 or has_item else [])]
            case "number":
                return ["n", *([self.number] if self.number else [])]
            case "home":
                return ["h"] if has_item else []
            case _:
                return [self.kind]

    @staticmethod
    def parse(path: str) -> Place:
        """Read a path below the edition. NotFound where it is none of ours."""
        parts = [part for part in path.split("/") if part]
        place, rest = _parse_list(parts, path)
        if not rest:
            return place
        if place.kind in ("help", "services") and len(rest) == 1:
            count = _count(rest[0], path)
            return replace(place, screen=count) if place.kind == "help" else replace(place, page=count)
        if place.kind not in ("home", "column", "number"):
            return _lost(path)
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
        return Place(), {"number": "number", "help": "help", "services": "to_services"}.get(self.kind, "")


def _parse_list(parts: list[str], path: str) -> tuple[Place, list[str]]:
    match parts:
        case []:
            return Place(), []
        case ["h", _, *_]:
            return Place(), parts[1:]
        case ["help" | "services" | "keys" | "standby" | "leave" as kind, *rest]:
            return Place(kind), rest
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
