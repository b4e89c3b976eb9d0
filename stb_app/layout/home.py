"""The home page on a screen: four tiles and the number box, the picture and the newest beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from remote_nav.geometry import Rect
from remote_nav.keymap import Action
from stb_app.layout.frame import badge, button_row, legend, one_line, text_width
from stb_app.layout.lines import shorten
from stb_app.layout.look import Look
from stb_app.layout.view import Bar, Part, Picture, Role, Target, View, font, words
from stb_app.pages import Home, Link

Placed = tuple[list[Target], list[Part], dict[str, str]]
"""Targets, other parts, and the address that each digit opens."""


def view(page: Home, look: Look, focus: str = "") -> View:
    """Place the home page; the first tile has the focus unless `focus` names another target."""
    targets, parts, digits = (_wide if look.split else _narrow)(page, look)
    ids = [target.id for target in targets]
    return View(
        title=page.name,
        look=look,
        section=None,
        targets=tuple(targets),
        focus=focus if focus in ids else ids[0],
        parts=(*_header(page, look), *parts),
        shortcuts={Action(digit): address for digit, address in digits.items()},
        refresh=600,
    )


def _header(page: Home, look: Look) -> tuple[Part, ...]:
    area = look.area
    clock = page.clock
    side = text_width(look, Role.QUIET, clock) + 2
    if text_width(look, Role.TITLE, page.name) + side > area.width:
        clock = clock.split("  ")[-1]
        side = text_width(look, Role.QUIET, clock) + 2
    room = area.width - side - 2 * look.gap
    name = one_line(look, Role.TITLE, page.name, room)
    return (
        words(look, Role.TITLE, name, area.left, area.top, room, height=look.header),
        words(look, Role.QUIET, clock, area.right - side, area.top, side, align="right", height=look.header),
    )


def _wide(page: Home, look: Look) -> Placed:
    """Full-width screens: tiles beside the picture, the newest below, number box and buttons last."""
    area, gap = look.area, look.gap * 2
    top = area.top + look.header + gap
    buttons_top = area.bottom - look.legend - look.gap - look.button
    row_height = look.button
    pictured = page.pictured
    rows = _numbered(page, [link for link in page.rows if link != pictured][: 1 if look.large else 2])
    rows_top = buttons_top - gap - len(rows) * (row_height + look.gap) + look.gap
    bottom = (rows_top if rows else buttons_top) - gap
    left_width = round(area.width * 0.62) if pictured else area.width
    targets = _tiles(page, look, Rect(area.left, top, left_width, bottom - top), gap)
    if pictured:
        right = area.left + left_width + gap
        rect = Rect(right, top, area.right - right, bottom - top)
        pictured = replace(pictured, digit=str(len(page.tiles) + len(rows) + 1))
        targets.append(_pictured(look, pictured, page.picture, rect))
    for at, row in enumerate(rows):
        rect = Rect(area.left, rows_top + at * (row_height + look.gap), area.width, row_height)
        targets.append(_strip(look, row, rect))
    buttons = page.buttons
    wants = sum(text_width(look, Role.BUTTON, link.title) + 5 * look.gap + gap for link in page.buttons)
    number_width = max(area.width * 0.4, area.width - wants)
    number = _strip(look, page.number, Rect(area.left, buttons_top, number_width, look.button))
    targets.append(replace(number, row="buttons"))
    rest = Rect(area.left + number_width + gap, buttons_top, area.width - number_width - gap, look.button)
    targets += button_row(look, buttons, rest)
    shown = (*page.tiles, *rows, page.number, *([pictured] if pictured else []))
    return targets, list(legend(look, (page.legend[0], page.hotline), page.fresh)), _digits(shown)


def _numbered(page: Home, rows: Sequence[Link]) -> list[Link]:
    """Rows with the digits after those of the tiles."""
    return [replace(link, digit=str(digit)) for digit, link in enumerate(rows, len(page.tiles) + 1)]


def _digits(links: Iterable[Link]) -> dict[str, str]:
    return {link.digit: link.href for link in links if link.digit}


def _tiles(page: Home, look: Look, rect: Rect, gap: float) -> list[Target]:
    """The tiles, two by two."""
    width, height = (rect.width - gap) / 2, (rect.height - gap) / 2
    return [
        _tile(
            look,
            tile,
            Rect(rect.left + at % 2 * (width + gap), rect.top + at // 2 * (height + gap), width, height),
        )
        for at, tile in enumerate(page.tiles)
    ]


def _narrow(page: Home, look: Look) -> Placed:
    """Small screens: four tiles, the number box, one row of news, buttons."""
    area, gap = look.area, look.gap
    top = area.top + look.header + gap
    bottom = area.bottom - look.legend - gap
    strip = look.button
    rows = _numbered(page, page.rows[: 1 if look.large else 2])
    strips = len(rows) + 1
    buttons_top = bottom - look.button
    strips_top = buttons_top - strips * (strip + gap)
    targets = _tiles(page, look, Rect(area.left, top, area.width, strips_top - gap - top), gap)
    for at, link in enumerate((page.number, *rows)):
        rect = Rect(area.left, strips_top + at * (strip + gap), area.width, strip)
        targets.append(_strip(look, link, rect))
    buttons = page.buttons
    targets += button_row(look, buttons, Rect(area.left, buttons_top, area.width, look.button))
    shown = (*page.tiles, *rows, page.number)
    return targets, list(legend(look, (page.legend[0], page.hotline))), _digits(shown)


def _tile(look: Look, link: Link, rect: Rect) -> Target:
    """A tile: the accent on its left edge, name, number, and what is new there in quiet letters."""
    left = rect.left + look.bar + look.gap * 1.5
    right = rect.right - look.gap * 2
    _, line, _ = font(look, Role.ITEM_BOLD)
    quiet, quiet_line, _ = font(look, Role.QUIET)
    quiet_line = round(quiet * 1.25)
    room = right - left
    spare = int((rect.height - line - 1.5 * look.gap) // quiet_line)
    lines, _ = (
        shorten(link.note, room, quiet, max(0, min(2, spare))) if link.note and spare > 0 else ([], True)
    )
    block = line + look.gap / 2 + len(lines) * quiet_line
    top = rect.top + max(0, (rect.height - block) / 2)
    parts: list[Part] = [Bar(Rect(rect.left, rect.top, look.bar, rect.height), "accent", link.section)]
    name_room = room - look.badge - look.gap
    parts.append(
        words(
            look, Role.ITEM_BOLD, one_line(look, Role.ITEM_BOLD, link.title, name_room), left, top, name_room
        )
    )
    parts += badge(
        look, link.digit, right - look.badge, max(rect.top + look.gap / 2, top - (look.badge - line) / 2)
    )
    for at, text in enumerate(lines):
        y = top + line + look.gap / 2 + at * quiet_line
        parts.append(words(look, Role.QUIET, text, left, y, room, height=quiet_line))
    return Target(link.id, rect, link.href, link.title, tuple(parts), "tile", section=link.section)


def _strip(look: Look, link: Link, rect: Rect) -> Target:
    """A row of the home page: number and one line."""
    pad = (rect.height - look.badge) / 2
    inset = min(pad, look.gap * 2)
    parts: list[Part] = list(badge(look, link.digit, rect.left + inset, rect.top + pad))
    left = rect.left + inset + (look.badge + look.gap * 1.5 if link.digit else 0)
    room = rect.right - look.gap - left
    text = one_line(look, Role.ITEM, link.title, room)
    parts.append(words(look, Role.ITEM, text, left, rect.top, room, height=rect.height))
    return Target(link.id, rect, link.href, link.title, tuple(parts), "strip", section=link.section)


def _pictured(look: Look, link: Link, picture: str, rect: Rect) -> Target:
    """An item with its picture: the title in a band at its foot, an edge that shows the focus."""
    edge = max(4, look.gap / 2)
    band = max(look.quiet_line, look.badge + edge)
    foot = rect.bottom - band
    left = rect.left + edge + look.badge + look.gap
    room = rect.right - look.gap - left
    title = one_line(look, Role.QUIET, link.title, room)
    place = Rect(rect.left + edge, rect.top + edge, rect.width - 2 * edge, rect.height - band - 2 * edge)
    parts: list[Part] = [
        Picture(place, picture, link.title),
        *badge(look, link.digit, rect.left + edge, foot + (band - look.badge) / 2 - edge / 2),
        words(look, Role.QUIET, title, left, foot, room, height=band - edge),
    ]
    return Target(link.id, rect, link.href, link.title, tuple(parts), "strip", section=link.section)
