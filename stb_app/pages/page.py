"""What a page is, before anybody knows how large the screen is: frozen values, one type a kind of page."""

from __future__ import annotations

from dataclasses import dataclass

from portal.model import (
    Block,
    Column,
    Section,
    Site,
    name_in,
)
from portal.text import Text
from stb_app.address import Edition, Place, href
from stb_app.operators import Operator


@dataclass(frozen=True, slots=True)
class Link:
    """Something to select on a page: `id` is its name for the focus, `digit` opens it at once.

    note   what stands quietly beside or below its title
    noted  whether the list is about that: it stays where the screen is too narrow for title and note
    short  its title where the screen is too narrow for the whole one
    weight how much is behind it: where tiles stand side by side, the focus begins near what has most
    meant  the name by which it was found, where that is not its title
    text   the few words around what was found; `marks` and `text_marks` are the spans (start, stop) of title
           and text that are marked
    """

    id: str
    title: str
    href: str
    digit: str = ""
    note: str = ""
    section: str = ""
    strong: bool = False
    short: str = ""
    weight: int = 1
    meant: str = ""
    text: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    text_marks: tuple[tuple[int, int], ...] = ()
    noted: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """The home page: four tiles, the number box, the newest items and three buttons.

    rows      the newest items, newest first; the layout shows as many as fit and numbers them
    pictured  the newest item with a picture, and `picture`, the name of it
    wanted    the way to the matters that are wanted most; its note names the first of them
    letters   the way to the citizens' letters
    travel    the way to what one needs on the go
    notice    the urgent notice of now; its note is its severity or "通知"
    live      whether the running programme stands where the picture would
    back      the way out, or ""
    """

    name: str
    clock: str
    fresh: str
    hotline: str
    tiles: tuple[Link, ...]
    number: Link
    rows: tuple[Link, ...]
    buttons: tuple[Link, ...]
    pictured: Link | None
    picture: str
    legend: tuple[str, ...]
    notice: Link | None = None
    wanted: Link | None = None
    letters: Link | None = None
    travel: Link | None = None
    live: bool = False
    back: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """A list page. `back` leads to the parent, `before` and `after` are "" at the ends.

    last    the last of its pages, "" where there is one only
    narrow  the way to fewer hits, of a list of what was searched
    """

    title: str
    section: Section | None
    number: str
    page: int
    pages: int
    rows: tuple[Link, ...]
    back: str
    before: str
    after: str
    legend: tuple[str, ...]
    empty: str = ""
    after_label: str = ""
    before_label: str = ""
    back_label: str = ""
    last: str = ""
    narrow: Link | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """An item to read: blocks and, below them, buttons. `screen` is the one asked for, from 1."""

    title: str
    meta: str
    section: Section | None
    blocks: tuple[Block, ...]
    buttons: tuple[Link, ...]
    screen: int
    screen_href: str
    back: str
    next_label: str
    previous_label: str

    def screen_at(self, screen: int) -> str:
        """The address of another screen of the same document."""
        return self.screen_href.replace(SCREEN_MARK, str(screen))


SCREEN_MARK = "0000000"
"""Stands in `screen_href` where the number of the screen goes."""


@dataclass(frozen=True, slots=True)
class Message:
    """A page that says one thing: an error, nothing found. Its buttons lead on."""

    title: str
    text: tuple[str, ...]
    buttons: tuple[Link, ...]
    back: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything around the content that a page needs: who looks, at what, when.

    operator  the operator whose portal opened us       leave  whether there is a way out to give back
    """

    edition: Edition
    place: Place
    site: Site
    text: Text
    today: str
    now: str
    operator: Operator | None = None
    leave: bool = False

    def link(self, place: Place, focus: str = "") -> str:
        """The address of a place in this edition."""
        return href(self.edition, place, focus)

    def column_name(self, column: Column) -> str:
        """The name of a column in the viewer's language."""
        return name_in(column.names, self.text.tag, column.name)


@dataclass(frozen=True, slots=True)
class Field:
    """Where who has a keyboard can type: what is typed goes to `action` as `q`."""

    action: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class NumberBox:
    """A pad of keys, what is typed on it, and what that may mean.

    keys   to type with the arrows           hits   at most eight, the best first
    count  how many there are, and how to make them fewer       count_short  how many alone
    more   other ways to what one looks for, while there are no hits
    field  of the page on which words are typed
    """

    title: str
    digits: str
    hint: str
    keys: tuple[Link, ...]
    hits: tuple[Link, ...]
    back: str
    empty: str
    count: str = ""
    count_short: str = ""
    more: tuple[Link, ...] = ()
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """An address to show to a driver: Chinese, its `sound` in pinyin, English."""

    asking: str
    name: str
    address: str
    sound: str
    english: str
    telephone: str
    opening: str
    foot: str
    back: Link


@dataclass(frozen=True, slots=True)
class Phone:
    """A page that is one QR code: the same item on a phone.

    by_hand  how to come there without a camera: what to do with what stands in `typed`, one line each
    hint     what else that number is good for, or ""
    """

    title: str
    name: str
    text: str
    by_hand: str
    typed: tuple[str, ...]
    hint: str
    picture: str
    back: Link
