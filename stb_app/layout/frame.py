"""What all pages have in the same place: the bar and title on top, the legend at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from portal.model import Section
from remote_nav.geometry import Rect
from stb_app.layout.lines import shorten
from stb_app.layout.look import Look
from stb_app.layout.metrics import width
from stb_app.layout.view import Bar, Part, Role, Target, Words, font, words
from stb_app.pages import Link

REMEMBERED = 4_000
"""Pieces that page after page has in common: placed once, they are the same values again."""


def text_width(look: Look, role: Role, text: str) -> float:
    """How wide a text is in a role, in px."""
    px, _, bold = font(look, role)
    return width(text, px, bold)


def one_line(look: Look, role: Role, text: str, room: float) -> str:
    """A text cut to one line of `room` px."""
    px, _, bold = font(look, role)
    return shorten(text, room, px, 1, bold=bold)[0][0]


@lru_cache(maxsize=REMEMBERED)
def title_bar(
    look: Look, title: str, right: str, section: Section | None, taken: float = 0.0
) -> tuple[Part, ...]:
    """The bar in the section's accent, the title, and a quiet text at the right end.

    taken  px at the right end that something else stands in
    """
    area = Rect(look.area.left, look.area.top, look.area.width - taken, look.area.height)
    height = look.header
    side = text_width(look, Role.QUIET, right) + 2 if right else 0
    left = area.left + look.bar + 2 * look.gap
    room = area.right - left - side - (2 * look.gap if right else 0)
    parts: list[Part] = [
        Bar(Rect(area.left, area.top, look.bar, height), "accent", section or ""),
        words(look, Role.TITLE, one_line(look, Role.TITLE, title, room), left, area.top, room, height=height),
    ]
    if right:
        parts.append(
            words(look, Role.QUIET, right, area.right - side, area.top, side, align="right", height=height)
        )
    return tuple(parts)


def legend(look: Look, entries: Sequence[str], right: str = "", taken: float = 0.0) -> tuple[Part, ...]:
    """What the keys do here: at most three entries, as many as fit beside what is `taken` at the right."""
    area = look.area
    side = text_width(look, Role.QUIET, right) + 2 if right else 0
    parts, end = _entries(look, tuple(entries[:3]), area.width - max(side, taken))
    if not right or end > area.right - side:
        return parts
    top = area.bottom - look.legend
    place = words(look, Role.QUIET, right, area.right - side, top, side, align="right", height=look.legend)
    return (*parts, place)


@lru_cache(maxsize=REMEMBERED)
def _entries(look: Look, entries: tuple[str, ...], room: float) -> tuple[tuple[Part, ...], float]:
    """The entries of a legend that fit into `room` px, and where the last one ends."""
    area = look.area
    gap = look.quiet * 1.5
    parts: list[Part] = []
    left = area.left
    for entry in entries:
        size = text_width(look, Role.QUIET, entry) + 2
        if left + size > area.left + room:
            break
        top = area.bottom - look.legend
        parts.append(words(look, Role.QUIET, entry, left, top, size, height=look.legend))
        left += size + gap
    return tuple(parts), left - gap


@lru_cache(maxsize=REMEMBERED)
def badge(look: Look, digit: str, left: float, top: float) -> tuple[Words, ...]:
    """The number of a target in its square."""
    if not digit:
        return ()
    return (words(look, Role.BADGE, digit, left, top, look.badge, align="center"),)


def button(
    look: Look, name: str, label: str, href: str, rect: Rect, digit: str = "", row: str = "buttons"
) -> Target:
    """A button: its digit, if it has one, stands before its label."""
    inner = rect.width - 2 * look.gap
    shown = f"{digit} {label}" if digit else label
    text = one_line(look, Role.BUTTON, shown, inner)
    label_words = words(
        look, Role.BUTTON, text, rect.left + look.gap, rect.top, inner, align="center", height=rect.height
    )
    return Target(name, rect, href, label, (label_words,), "button", row)


def row_fits(look: Look, entries: Sequence[Link], room: float) -> bool:
    """Whether buttons fit side by side, with the short titles of those that have one."""
    shown = (
        f"{link.digit} {link.short or link.title}" if link.digit else link.short or link.title
        for link in entries
    )
    wanted = sum(text_width(look, Role.BUTTON, label) + 2.5 * look.gap for label in shown)
    return wanted + _between(look) * (len(entries) - 1) <= room


def _between(look: Look) -> float:
    return look.gap * 2 if look.split else look.gap


def button_row(look: Look, entries: Sequence[Link], area: Rect) -> tuple[Target, ...]:
    """Buttons side by side over the whole area, each as wide as its words ask for.

    Where the whole titles do not fit, the short ones stand, the last button's first.
    """
    if not entries:
        return ()
    gap = _between(look)
    room = area.width - gap * (len(entries) - 1)
    labels = [link.title for link in entries]

    def wants() -> list[float]:
        return [
            text_width(look, Role.BUTTON, f"{link.digit} {label}" if link.digit else label) + 2.5 * look.gap
            for link, label in zip(entries, labels, strict=True)
        ]

    for at in reversed(range(len(entries))):
        if sum(wants()) <= room:
            break
        labels[at] = entries[at].short or labels[at]
    wanted = wants()
    spare = room - sum(wanted)
    if spare >= 0:
        widths = [want + spare / len(wanted) for want in wanted]
    else:
        widths = [want * room / sum(wanted) for want in wanted]
    targets: list[Target] = []
    left = area.left
    for at, (link, label, size) in enumerate(zip(entries, labels, widths, strict=True)):
        last = at == len(entries) - 1
        rect = Rect(left, area.top, (area.right - left) if last else round(size), area.height)
        targets.append(button(look, link.id, label, link.href, rect, link.digit))
        left = rect.right + gap
    return tuple(targets)
