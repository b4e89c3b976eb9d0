"""The addresses of the television edition. An address carries everything: edition, page, focus.

    /tv/EDITION/                          home
    /tv/EDITION/c/NUMBER[/PAGE]           a column, or a group of columns
    /tv/EDITION/LIST/ITEM[/SCREEN]        an item, below the list that led to it
    /tv/EDITION/LIST/ITEM/SCREEN/u/UNIT[/SCREEN]      the unit of a matter, below the matter
    /tv/EDITION/LIST/ITEM/SCREEN/q        its QR code         /tv/EDITION/LIST/ITEM/SCREEN/p   its sheet
    /tv/EDITION/m[/HEADING]               the matters that most people want
    /tv/EDITION/n[/DIGITS]                the number box              /tv/EDITION/help[/SCREEN]
    /tv/EDITION/w[/WAY[/PAGE]]            ways that need no typing
    /tv/EDITION/s[/ASKED[/PAGE]]          word search               /tv/EDITION/case[/DIGITS]  a case
    /tv/EDITION/g[/TOPIC[.FACT][/PAGE]]   on the go; a case's code comes as `?k=DIGITS`, not in the path
    /tv/EDITION/lang                      choosing the language
    /tv/EDITION/services[/PAGE]           the operator's services     /tv/EDITION/keys   learning the keys
    /tv/EDITION/standby                   after idle                  /tv/EDITION/leave  back to the operator

LIST is `c/NUMBER/PAGE`, `m/HEADING`, `h` (home), `n/DIGITS`, `w/WAY/PAGE`, `s/ASKED/PAGE`, `g/TOPIC/PAGE` or
`case/DIGITS`.
EDITION is `profile[.lang][.large][.k-CODE][.o-OPERATOR[.a-AREA][.r-RETURN]]`.
Back is the parent in the address, with the focus (`?f=`) on what one comes from. The number box, help and
the languages can be opened from every page: the page that one leaves goes along as `?b=PATH?f=FOCUS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import parse_qs, quote, quote_plus

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
_HEADING = re.compile(r"[1-8]")
_DIGITS = re.compile(r"[0-9]+")
_NO_DIGIT = re.compile(r"[^0-9]+")
_NAMED = re.compile(r"[A-Za-z0-9_.-]{1,700}")
"""A way, or what a search asks for, as its own module writes it."""

MOST_DIGITS = 24
"""Digits that count of what is typed into a number box; what follows is forgotten."""

_LETTERS = {"way": "w", "search": "s", "go": "g", "number": "n", "case": "case"}
_OF_LETTERS = {letter: kind for kind, letter in _LETTERS.items()}

MAX_PAGE = 100_000
PLAIN = ("keys", "standby", "leave")
"""Places without pages: learning the keys, standby, and the way out."""

ASIDE = ("number", "help", "lang")
"""Places that are looked at beside another one, and left for it."""

MOST_BESIDE = 4
"""How many places may stand behind one another in an address; more are forgotten."""

LONGEST_BESIDE = 1_000
"""Characters."""


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

    kind    home, column, wanted, number, way, search, go, case, help, lang, services, or one of PLAIN
    number  of the column, of the heading, the digits in a number box, a way, or what is asked for
    page, screen  from 1
    below   "" or "u" (the unit `unit`) or "q" (the QR code) or "p" (the code of the sheet)
    beside  the place that one of ASIDE was opened from, where that was not home, and what had the focus there
    """

    kind: str = "home"
    number: str = ""
    page: int = 1
    item: str = ""
    screen: int = 1
    below: str = ""
    unit: str = ""
    unit_screen: int = 1
    beside: Place | None = None
    beside_focus: str = ""

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
            case "wanted":
                return ["m", *([self.number] if self.number else [])]
            case "number":
                return ["n", *([self.number] if self.number else [])]
            case "way" | "search" | "go" as kind:
                turned = self.page > 1 or has_item
                return [
                    _LETTERS[kind],
                    *([self.number] if self.number else []),
                    *([str(self.page)] if turned else []),
                ]
            case "case":
                return ["case", *([self.number] if self.number else [])]
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
        if place.kind not in ("home", "column", "wanted", "number", "way", "search", "go", "case"):
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
            case ["q" | "p" as below]:
                return replace(place, below=below)
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
            return replace(self, below=""), "sheet" if self.below == "p" else "phone"
        if self.item:
            return replace(self, item="", screen=1), self.item
        if self.kind == "go" and self.number:
            topic, _, fact = self.number.partition(".")
            return replace(self, number=topic if fact else "", page=1), fact or topic
        if self.beside is not None:
            return self.beside, self.beside_focus
        if self.kind == "wanted" and self.number:
            return Place("wanted"), f"g{self.number}"
        if self.kind in ("search", "case") and self.number:
            return replace(self, number="", page=1), ""
        if self.kind in ("search", "case", "way"):
            return Place("number"), self.kind
        return Place(), {"services": "to_services", "wanted": "wanted", "go": "travel"}.get(
            self.kind, self.kind if self.kind in ASIDE else ""
        )

    def aside(self, kind: str, focus: str = "") -> Place:
        """One of ASIDE, opened here while `focus` has the focus: Back leads here.

        No kind stands behind itself, so that going round in circles makes no address longer.
        """
        if self.kind == kind and self.item:
            return Place(kind, beside=replace(self, beside=None, beside_focus=""), beside_focus=focus)
        here: Place | None = self
        while here is not None and not (here.kind == kind and not here.item):
            here = here.beside
        if here is not None:
            return Place(kind, beside=here.beside, beside_focus=here.beside_focus)
        return Place(kind, beside=self, beside_focus=focus)


def _parse_list(parts: list[str], path: str) -> tuple[Place, list[str]]:
    match parts:
        case []:
            return Place(), []
        case ["h", _, *_]:
            return Place(), parts[1:]
        case ["help" | "lang" | "services" | "keys" | "standby" | "leave" as kind, *rest]:
            return Place(kind), rest
        case ["n" | "case" | "w" | "s" | "g", *_]:
            return _parse_found(parts, path)
        case ["m"]:
            return Place("wanted"), []
        case ["m", heading, *rest] if _HEADING.fullmatch(heading):
            return Place("wanted", heading), rest
        case ["c", number] if _NUMBER.fullmatch(number):
            return Place("column", number), []
        case ["c", number, page, *rest] if _NUMBER.fullmatch(number):
            return Place("column", number, _count(page, path)), rest
        case _:
            return _lost(path), []


def _parse_found(parts: list[str], path: str) -> tuple[Place, list[str]]:
    """The lists that finding makes: the number box, cases, ways, and what words find."""
    match parts:
        case ["n" | "case" as letter]:
            return Place(_OF_LETTERS[letter]), []
        case ["n" | "case" as letter, digits, *rest] if _DIGITS.fullmatch(digits):
            return Place(_OF_LETTERS[letter], digits[:MOST_DIGITS]), rest
        case ["n" | "case" as letter, other]:
            # Whatever else somebody writes there: the digits in it.
            return Place(_OF_LETTERS[letter], _NO_DIGIT.sub("", other)[:MOST_DIGITS]), []
        case ["w" | "s" | "g" as letter]:
            return Place(_OF_LETTERS[letter]), []
        case ["w" | "s" | "g" as letter, named] if _NAMED.fullmatch(named):
            return Place(_OF_LETTERS[letter], named), []
        case ["w" | "s" | "g" as letter, named, page, *rest] if _NAMED.fullmatch(named):
            return Place(_OF_LETTERS[letter], named, _count(page, path)), rest
        case _:
            return _lost(path), []


def _count(part: str, path: str) -> int:
    if part.isascii() and part.isdigit() and 0 < len(part) < 7 and 0 < int(part) <= MAX_PAGE:
        return int(part)
    raise NotFound(f"no page {path}")


def _lost(path: str) -> Place:
    raise NotFound(f"no page {path}")


def _query(place: Place, focus: str, *, open_focus: bool = False) -> str:
    """What follows the path of an address: the place beside it, and the focus last."""
    if place.beside is None and not focus and not open_focus:
        return ""
    parts = []
    if place.beside is not None and (behind := below(place.beside, place.beside_focus)):
        parts.append(f"b={_escaped(behind)}")
    if focus or open_focus:
        parts.append(f"f={_escaped(focus)}")
    return "?" + "&".join(parts) if parts else ""


@lru_cache(maxsize=1_000)
def _escaped(value: str) -> str:
    """A value of a query: a page says several times what it is beside of."""
    return quote_plus(value, safe="/")


def below(place: Place, focus: str = "") -> str:
    """The address of a place below its edition: it is the same in each."""
    return place.path + _query(place, focus)


def href(edition: Edition, place: Place, focus: str = "") -> str:
    """The address of a place in an edition, with the focus on something there."""
    return f"{root(edition)}{place.path}{_query(place, focus)}"


@lru_cache(maxsize=1_000)
def root(edition: Edition) -> str:
    """How all addresses of an edition begin, which is the address of its home: a page has twenty of them."""
    return f"{ROOT}{quote(edition.segment)}/"


@lru_cache(maxsize=1_000)
def resized(edition: Edition) -> str:
    """How the addresses of the same edition with letters of the other size begin."""
    return root(replace(edition, large=not edition.large))


def href_of_column(edition: Edition, number: str, page: int = 1, item: str = "") -> str:
    """As `href` of a page of a column, or of an item opened from there: a list has many of these."""
    turned = f"/{page}" if page > 1 or item else ""
    return f"{root(edition)}c/{number}{turned}{'/' if item else ''}{item}"


def href_from_here(edition: Edition, here: Place, kind: str) -> str:
    """The address of one of ASIDE opened from here, ending where the id of what has the focus goes.

    Escaped once, an address that ends in `f=` ends in `f%3D`: the script completes both.
    """
    path = here.path
    if here.beside is None and here.kind != kind:
        # Most often nothing stands behind anything.
        return f"{root(edition)}{_LETTERS.get(kind, kind)}?b={_escaped(f'{path}?f=')}"
    place = here.aside(kind)
    if place.beside is None or place.beside.path != path:
        return href(edition, place)
    reference = path + _query(place.beside, "", open_focus=True)
    return f"{root(edition)}{place.path}?b={_escaped(reference)}"


def beside(reference: str, depth: int = 0) -> tuple[Place | None, str]:
    """The place beside, and its focus, from the `b` of an address; (None, "") where it is none of ours."""
    if not reference or depth >= MOST_BESIDE or len(reference) > LONGEST_BESIDE:
        return None, ""
    path, _, query = reference.partition("?")
    try:
        place = Place.parse(path)
        asked = parse_qs(query, max_num_fields=4)
    except (NotFound, ValueError):
        return None, ""
    if place.kind in PLAIN:
        return None, ""
    behind, focus = beside(asked.get("b", [""])[0], depth + 1)
    return replace(place, beside=behind, beside_focus=focus), asked.get("f", [""])[0][:80]
