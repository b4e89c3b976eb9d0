"""A page of the phone edition, before any markup: what stands on it, in order.

Every renderer writes the same parts: the line that says where one is, the body, then the foot with
next (9), back a deck, the number box (0) and the ways up. Access keys are those of the television.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

NEXT_KEY, BOX_KEY, BACK_KEY, NARROW_KEY = "9", "0", "*", "#"
ROWS = 8
"""Numbered rows of a list page: the keys 1 to 8."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. `joins`: it goes on where the line before it stopped; `big`: larger letters.

    marks  spans (start, stop) of it that are marked, in order; a line with marks is not divided
    """

    text: str
    strong: bool = False
    joins: bool = False
    marks: tuple[tuple[int, int], ...] = ()
    big: bool = False

    @property
    def pieces(self) -> tuple[tuple[str, bool], ...]:
        """The text in pieces, each with whether it is marked."""
        found: list[tuple[str, bool]] = []
        at = 0
        for start, stop in self.marks:
            found += [(self.text[at:start], False), (self.text[start:stop], True)]
            at = stop
        return tuple(piece for piece in (*found, (self.text[at:], False)) if piece[0])


@dataclass(frozen=True, slots=True)
class Link:
    """A link on a line of its own, opened by `key` where it has one. `note` is a quieter second text."""

    href: str
    text: str
    key: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A telephone number that the phone can call: `number` digits, `text` as it is written."""

    number: str
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the mirror; `width` and `height` in px, 0 where unknown."""

    media: str
    alt: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """A form of one field, sent with GET to `action` as `name`. `digits`: the phone offers digits first."""

    action: str
    name: str
    label: str
    button: str
    value: str = ""
    digits: bool = True


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form. `digits`: the phone offers digits first; `long`: several lines; `most` characters.

    A name that a phone has seen before may come filled with what was typed then: give each page its own.
    """

    name: str
    label: str
    value: str = ""
    digits: bool = False
    long: bool = False
    most: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """A form that is sent with POST to `action`; without fields it is a button for one step.

    hidden   names and values that go along         key   opens it where the phone knows access keys
    """

    action: str
    button: str
    fields: tuple[Field, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    key: str = ""


Part = Line | Link | Call | Picture | Ask | Post


@dataclass(frozen=True, slots=True)
class Page:
    """One page, of any length.

    where     the first line: which part of the portal this is
    title     of the browser's title bar, short
    address   of the page; deck 2 and later stand at `more` + their number
    body      its parts in order
    at, of    place among the pages of a list; 1 of 1 elsewhere
    next      the next page of a list, None at its end
    previous  the page before, None at the start
    foot      links below every deck, e.g. up to the column and home; `menu` is the number box
    back      label of the way back
    cache     Cache-Control of what stands by the clock or is somebody's own; such a page is not kept here
    """

    where: str
    title: str
    address: str
    more: str
    body: tuple[Part, ...]
    language: str
    back: str
    next: Link | None = None
    previous: Link | None = None
    foot: tuple[Link, ...] = ()
    menu: Link | None = None
    at: int = 1
    of: int = 1
    next_text: str = ""
    previous_text: str = ""
    cache: str = ""


@dataclass(frozen=True, slots=True)
class Deck:
    """As much of a page as one answer holds: `number` of `count`, and its parts."""

    page: Page
    parts: tuple[Part, ...]
    number: int = 1
    count: int = 1

    @property
    def place(self) -> str:
        """Where in the whole one is, "2/5"; "" where there is but one."""
        if self.page.of > 1:
            inner = f".{self.number}" if self.count > 1 else ""
            return f"{self.page.at}{inner}/{self.page.of}"
        return f"{self.number}/{self.count}" if self.count > 1 else ""

    @property
    def next(self) -> Link | None:
        """The deck after this one, else the page after this one."""
        if self.number < self.count:
            return Link(f"{self.page.more}{self.number + 1}", self.page.next_text, NEXT_KEY)
        return None if self.page.next is None else replace(self.page.next, key=NEXT_KEY)

    @property
    def previous(self) -> Link | None:
        """The deck before this one, else the page before this one."""
        if self.number > 1:
            before = self.page.address if self.number == 2 else f"{self.page.more}{self.number - 1}"
            return Link(before, self.page.previous_text, BACK_KEY)
        return None if self.page.previous is None else replace(self.page.previous, key=BACK_KEY)
