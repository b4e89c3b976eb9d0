"""A page laid out: every part has its rectangle, every target its address.

What the template writes, what the proof checks and what the browser test measures are these values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from portal.model import Section
from remote_nav.geometry import Box, Key, Rect
from remote_nav.keymap import Action
from stb_app.layout.lines import Line, Span
from stb_app.layout.look import Look


class Role(StrEnum):
    """What a text is; the look gives each role its size."""

    TITLE = "t"
    ITEM = "i"
    ITEM_BOLD = "ib"
    BODY = "b"
    HEADING = "h"
    QUIET = "q"
    SMALL = "s"
    BADGE = "n"
    BUTTON = "u"
    HUGE = "g"


def font(look: Look, role: Role) -> tuple[int, int, bool]:
    """Size and line height in px, and whether it is bold."""
    return _fonts(look)[role]


@cache
def _fonts(look: Look) -> dict[Role, tuple[int, int, bool]]:
    return {role: measure(look) for role, measure in _FONTS.items()}


_FONTS: dict[Role, Callable[[Look], tuple[int, int, bool]]] = {
    Role.TITLE: lambda look: (look.title, look.title_line, True),
    Role.ITEM: lambda look: (look.item, look.item_line, False),
    Role.ITEM_BOLD: lambda look: (look.item, look.item_line, True),
    Role.BODY: lambda look: (look.body, look.body_line, False),
    Role.HEADING: lambda look: (look.body, look.body_line, True),
    Role.QUIET: lambda look: (look.quiet, look.quiet_line, False),
    Role.SMALL: lambda look: (look.quiet, round(look.quiet * 1.2), False),
    Role.BADGE: lambda look: (round(look.badge * 0.66), look.badge, True),
    Role.BUTTON: lambda look: (look.item - 2, look.button, False),
    Role.HUGE: lambda look: (look.title * 2, look.title_line * 2, True),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text; `align` is left, right or center. `when` shows them always, only while the
    target around them has the focus (`focus`), or only while it has not (`rest`). `name` is for a script
    that changes them."""

    rect: Rect
    lines: tuple[Line, ...]
    role: Role
    align: str = "left"
    indent: int = 0
    when: str = ""
    line_height: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture at the size of its rectangle; `media` is its name in the mirror or a path of ours."""

    rect: Rect
    media: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Live:
    """The running programme; a browser that has none shows the picture in its place, where there is one."""

    rect: Rect
    media: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A plain rectangle: `accent` of the section, `line` between rows, or `surface`."""

    rect: Rect
    style: str = "accent"
    section: str = ""


Part = Words | Picture | Live | Bar


@dataclass(frozen=True, slots=True)
class Target:
    """Something to select. `row` locks Left and Right to the boxes of the same row.

    field  whether it is a field for a keyboard, `value` what stands in it; `href` is where it is sent as `q`
    """

    id: str
    rect: Rect
    href: str
    label: str
    parts: tuple[Part, ...] = ()
    style: str = "row"
    row: str = ""
    group: str = ""
    section: str = ""
    field: bool = False
    value: str = ""

    @property
    def box(self) -> Box:
        """The same for the navigation."""
        return Box(self.id, self.rect, group=self.group, row=self.row)


@dataclass(frozen=True, slots=True)
class PlainLink:
    """A link that the arrow keys pass over because a key does the same; without script it is there."""

    rect: Rect
    href: str
    words: Words


@dataclass(frozen=True, slots=True)
class View:
    """A whole page.

    focus      id of the target that has the focus first
    exits      what a direction key does past the edge: {(target, key): address}
    jumps      where a key leads, whatever the geometry says: {(target, key): target}; the proof knows them
    shortcuts  what digits, colours and page keys do
    refresh    seconds after which the page is asked again, 0: never, or `refresh_to` in its place
    script     which script moves it, and what its table holds besides: a name in `stb_app/static`
    screen     of a document, from 1
    position   how much of the list or document stands before what this page shows: items or characters
    """

    title: str
    look: Look
    section: Section | None
    targets: tuple[Target, ...]
    focus: str
    parts: tuple[Part, ...] = ()
    links: tuple[PlainLink, ...] = ()
    exits: Mapping[tuple[str, Key], str] = field(default_factory=dict)
    jumps: Mapping[tuple[str, Key], str] = field(default_factory=dict)
    shortcuts: Mapping[Action, str] = field(default_factory=dict)
    back: str = ""
    refresh: int = 0
    refresh_to: str = ""
    script: str = "remote"
    data: Mapping[str, object] = field(default_factory=dict)
    screen: int = 1
    position: int = 0


def words(
    look: Look,
    role: Role,
    text: str | tuple[str, ...] | list[str],
    left: float,
    top: float,
    width: float,
    *,
    align: str = "left",
    when: str = "",
    height: float = 0.0,
    name: str = "",
) -> Words:
    """Words of one or more lines at a place; as high as their lines unless `height` says more."""
    lines = (text,) if isinstance(text, str) else tuple(text)
    _, natural, bold = font(look, role)
    line = natural
    if height and len(lines) == 1 and role is not Role.SMALL:
        line = round(height)
    spans = tuple([(Span(each, bold),) for each in lines])
    return Words(
        Rect(left, top, width, height or line * len(lines)), spans, role, align, when=when,
        line_height=line if line != natural else 0, name=name,
    )  # fmt: skip
