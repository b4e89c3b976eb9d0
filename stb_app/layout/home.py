"""The home page on a screen: four tiles and the number box, the picture and the newest beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from remote_nav.geometry import Rect
from remote_nav.keymap import Action
from stb_app.layout.frame import badge, button_row, legend, one_line, row_fits, text_width
from stb_app.layout.lines import shorten, shorten_names
from stb_app.layout.look import Look
from stb_app.layout.view import Bar, Live, Part, Picture, Role, Target, View, font, words
from stb_app.pages import Home, Link

REFRESH_SECONDS = 900
"""The home page is asked again after this time; with script, standby comes before."""

LEAST_BUTTONS = 3
"""Buttons that stay in the last row of a small screen, however long their words are."""

ROWS_WIDE, ROWS_NARROW = 1, 1
"""How many of the newest items stand in rows of their own, an urgent notice included."""

DIGITS = "12345678"
"""What opens the items of the page in their order."""

TRAVEL_DIGIT = "8"
"""What opens the page for people on the go, whose number 888 they know."""

SCREEN_RATIO = 16 / 9
"""Of the running programme."""

NEWS_PICTURE = "/tv/news.gif"
"""The picture that is a dot where this household's letters have news (`stb_app.news`)."""

DOT = 0.4
"""Of a badge, for that dot."""

Placed = tuple[list[Target], list[Part], dict[str, str]]
"""Targets, other parts, and the address that each digit opens."""


def view(page: Home, look: Look, focus: str = "") -> View:
    """Place the home page; the first tile has the focus unless `focus` names another target."""
    targets, parts, digits = (_wide if look.split else _narrow)(page, look)
    ids = [target.id for target in targets]
    first = page.tiles[0].id if page.tiles else ids[0]
    return View(
        title=page.name,
        look=look,
        section=None,
        targets=tuple(targets),
        focus=focus if focus in ids else first,
        parts=(*_header(page, look), *parts),
        shortcuts={Action(digit): address for digit, address in digits.items()},
        back=page.back,
        refresh=REFRESH_SECONDS,
    )


def _header(page: Home, look: Look) -> tuple[Part, ...]:
    area = look.area
    clock = page.clock
    side = text_width(look, Role.QUIET, clock) + 2
    if text_width(look, Role.TITLE, page.name) + side + 2 * look.gap + 1 > area.width:
        clock = clock.split("  ")[-1]
        side = text_width(look, Role.QUIET, clock) + 2
    room = area.width - side - 2 * look.gap
    name = one_line(look, Role.TITLE, page.name, room)
    return (
        words(look, Role.TITLE, name, area.left, area.top, room, height=look.header),
        words(look, Role.QUIET, clock, area.right - side, area.top, side, align="right", height=look.header),
    )


def _wide(page: Home, look: Look) -> Placed:
    """Full-width screens: what is wanted most above the tiles, the picture beside them, the newest below,
    number box and buttons last."""
    area, gap = look.area, look.gap * 2
    top = area.top + look.header + gap
    buttons_top = area.bottom - look.legend - look.gap - look.button
    row_height = look.button
    pictured = page.pictured
    targets: list[Target] = []
    parts: list[Part] = []
    if page.notice:
        targets.append(_notice(look, page.notice, Rect(area.left, top, area.width, row_height)))
        top += row_height + gap
    least = _least_number(page, look)
    beside = row_fits(look, page.buttons, area.width - least - gap)
    left_width = round(area.width * 0.62) if page.pictured or page.live else area.width
    # Names that need a second line, and buttons that need a line of their own, come before one more title.
    crowded = not beside or not _names_fit(page, look, (left_width - gap) / 2)
    above, rows, pictured = _numbered(page, max(0, ROWS_WIDE - bool(page.notice) - crowded))
    if above:
        targets += _above(look, above, Rect(area.left, top, area.width, row_height), gap)
        top += row_height + gap
    number_top = buttons_top if beside else buttons_top - gap - row_height
    rows_top = number_top - gap - len(rows) * (row_height + look.gap) + look.gap
    bottom = (rows_top if rows else number_top) - gap
    targets += _tiles(page, look, Rect(area.left, top, left_width, bottom - top), gap)
    right = area.left + left_width + gap
    rect = Rect(right, top, area.right - right, bottom - top)
    if page.live:
        parts.append(_live(page, look, rect))
        rest = Rect(right, parts[0].rect.bottom + gap, rect.width, rect.bottom - parts[0].rect.bottom - gap)
        if pictured and rest.height >= look.badge + look.gap:
            targets.append(_strip(look, pictured, rest))
        else:
            pictured = None
    elif pictured:
        targets.append(_pictured(look, pictured, page.picture, rect))
    for at, row in enumerate(rows):
        rect = Rect(area.left, rows_top + at * (row_height + look.gap), area.width, row_height)
        targets.append(_strip(look, row, rect))
    buttons = page.buttons
    number_width = max(least, area.width - _wanted(buttons, look, gap)) if beside else area.width
    number = _strip(look, page.number, Rect(area.left, number_top, number_width, look.button))
    targets.append(replace(number, row="buttons" if beside else "number"))
    left = number.rect.right + gap if beside else area.left
    targets += button_row(look, buttons, Rect(left, buttons_top, area.right - left, look.button))
    shown = [*page.tiles, *above, *rows, page.number, *([pictured] if pictured else [])]
    parts += legend(look, (page.legend[0], page.hotline), page.fresh)
    return targets, parts, _digits(shown)


def _least_number(page: Home, look: Look) -> float:
    """The least width of the number box: its digit and its short words."""
    return look.badge + 6 * look.gap + text_width(look, Role.ITEM, page.number.short or page.number.title)


def _wanted(buttons: Sequence[Link], look: Look, gap: float) -> float:
    """How wide buttons would like to be, with the gaps before them."""
    return sum(text_width(look, Role.BUTTON, link.title) + 5 * look.gap + gap for link in buttons)


def _live(page: Home, look: Look, rect: Rect) -> Live:
    """The running programme, as wide as its place, or as high where a line of text must stay below it."""
    height = min(rect.width / SCREEN_RATIO, rect.height)
    return Live(Rect(rect.left, rect.top, rect.width, round(height)), page.picture)


def _notice(look: Look, link: Link, rect: Rect) -> Target:
    """The urgent notice: a bar and a badge with its word before the title."""
    side = round(text_width(look, Role.BADGE, link.note) + 2 * look.gap)
    pad = (rect.height - look.badge) / 2
    left = rect.left + look.bar + look.gap
    mark = words(look, Role.BADGE, link.note, left, rect.top + pad, side, align="center")
    room = rect.right - look.gap - left - side - 2 * look.gap
    title = one_line(look, Role.ITEM_BOLD, link.title, room)
    parts = (
        Bar(Rect(rect.left, rect.top, look.bar, rect.height), "urgent"),
        mark,
        words(look, Role.ITEM_BOLD, title, left + side + 2 * look.gap, rect.top, room, height=rect.height),
    )
    return Target(link.id, rect, link.href, f"{link.note} {link.title}", parts, "strip alarm", row="notice")


def _numbered(page: Home, most: int) -> tuple[list[Link], list[Link], Link | None]:
    """What has the digits after those of the tiles: (what stands above them, at most so many rows of news,
    the picture). The picture is none of the rows."""
    free = DIGITS[len(page.tiles) :]
    digits = iter(free.replace(TRAVEL_DIGIT, "") if page.travel else free)
    above = [replace(link, digit=next(digits, "")) for link in (page.wanted, page.letters) if link]
    above += [replace(page.travel, digit=TRAVEL_DIGIT)] if page.travel else []
    news = [link for link in page.rows if link != page.pictured][:most]
    rows = [replace(link, digit=next(digits, "")) for link in news]
    pictured = replace(page.pictured, digit=next(digits, "")) if page.pictured else None
    return above, rows, pictured


def _above(look: Look, links: Sequence[Link], rect: Rect, gap: float) -> list[Target]:
    """What is wanted most, as wide as the screen, or with the letters beside it, which are as wide as their
    words."""
    targets: list[Target] = []
    right = rect.right
    for link in links[:0:-1]:
        title = link.title if look.split else link.short or link.title
        pad = look.bar + look.badge + 5 * look.gap + (round(look.badge * DOT) if link.id == "letters" else 0)
        side = round(min(text_width(look, Role.ITEM_BOLD, title) + pad, rect.width / 2))
        place = Rect(right - side, rect.top, side, rect.height)
        targets.insert(0, _named(look, replace(link, title=title), place))
        right -= side + gap
    targets.insert(0, _named(look, links[0], Rect(rect.left, rect.top, right - rect.left, rect.height)))
    return targets


def _named(look: Look, link: Link, rect: Rect) -> Target:
    """A strip with a name in bold, and quietly beside it what is there, as many words as fit whole."""
    pad = (rect.height - look.badge) / 2
    inset = min(pad, look.gap * 2)
    left = rect.left + look.bar + inset + look.badge + look.gap * 1.5
    room = rect.right - look.gap - left
    name = one_line(look, Role.ITEM_BOLD, link.title, room)
    wide = text_width(look, Role.ITEM_BOLD, name) + 2
    parts: list[Part] = [
        Bar(Rect(rect.left, rect.top, look.bar, rect.height), "accent", link.section),
        *badge(look, link.digit, rect.left + look.bar + inset, rect.top + pad),
        words(look, Role.ITEM_BOLD, name, left, rect.top, wide, height=rect.height),
    ]
    room -= wide + 2 * look.gap
    told = link.note.split(" ")
    while told and text_width(look, Role.QUIET, "  ".join(told)) > room:
        told.pop()
    if note := "  ".join(told):
        parts.append(
            words(look, Role.QUIET, note, left + wide + 2 * look.gap, rect.top, room, height=rect.height)
        )
    if link.id == "letters":
        # What a household has news of is not in the page, which is everybody's: its own picture tells.
        dot = round(look.badge * DOT)
        parts.append(Picture(Rect(rect.right - dot - look.gap, rect.top + look.gap, dot, dot), NEWS_PICTURE))
    return Target(link.id, rect, link.href, link.title, tuple(parts), "strip", section=link.section)


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
    targets: list[Target] = []
    if page.notice:
        targets.append(_notice(look, page.notice, Rect(area.left, top, area.width, strip)))
        top += strip + gap
    most = max(0, ROWS_NARROW - bool(page.notice))
    above, rows, _ = _numbered(replace(page, pictured=None), most)
    if above:
        targets += _above(look, above, Rect(area.left, top, area.width, strip), gap)
        top += strip + gap
    strips = len(rows) + 1
    buttons_top = bottom - look.button
    strips_top = buttons_top - strips * (strip + gap)
    targets += _tiles(page, look, Rect(area.left, top, area.width, strips_top - gap - top), gap)
    buttons = list(page.buttons)
    beside: list[Link] = []
    while len(buttons) > LEAST_BUTTONS and not row_fits(look, buttons, area.width):
        # What does not fit into the last row stands beside the number box.
        beside.insert(0, buttons.pop())
    for at, link in enumerate((page.number, *rows)):
        rect = Rect(area.left, strips_top + at * (strip + gap), area.width, strip)
        if beside and link is page.number:
            side = sum(text_width(look, Role.BUTTON, each.short or each.title) + 3 * gap for each in beside)
            rect = Rect(rect.left, rect.top, area.width - round(side) - gap, strip)
            place = Rect(rect.right + gap, rect.top, area.right - rect.right - gap, strip)
            targets += [replace(target, row="number") for target in button_row(look, beside, place)]
            targets.append(replace(_strip(look, link, rect), row="number"))
            continue
        targets.append(_strip(look, link, rect))
    targets += button_row(look, buttons, Rect(area.left, buttons_top, area.width, look.button))
    shown = (*page.tiles, *above, *rows, page.number)
    return targets, list(legend(look, (page.legend[0], page.hotline))), _digits(shown)


def _names_fit(page: Home, look: Look, width: float) -> bool:
    """Whether the names of all tiles of that width stand on one line."""
    room = _name_room(look, Rect(0, 0, width, 0))
    return all(text_width(look, Role.ITEM_BOLD, tile.title) <= room for tile in page.tiles)


def _name_room(look: Look, rect: Rect) -> float:
    return rect.width - look.bar - 3.5 * look.gap - look.badge - look.gap


def _tile(look: Look, link: Link, rect: Rect) -> Target:
    """A tile: the accent on its left edge, name, number, and what is new there in quiet letters."""
    left = rect.left + look.bar + look.gap * 1.5
    right = rect.right - look.gap * 2
    role, names = _name(look, link.title, _name_room(look, rect), right - left, rect.height)
    _, line, _ = font(look, role)
    quiet, quiet_line, _ = font(look, Role.QUIET)
    quiet_line = round(quiet * 1.25)
    room = right - left
    spare = int((rect.height - line * len(names) - 1.5 * look.gap) // quiet_line)
    lines, _ = shorten_names(link.note, room, quiet, min(2, spare)) if link.note and spare > 0 else ([], True)
    block = line * len(names) + look.gap / 2 + len(lines) * quiet_line
    top = rect.top + max(0, (rect.height - block) / 2)
    below = top + line * len(names) + look.gap / 2
    mark = top - (look.badge - line * len(names)) / 2
    parts: list[Part] = [
        Bar(Rect(rect.left, rect.top, look.bar, rect.height), "accent", link.section),
        words(look, role, names, left, top, _name_room(look, rect) if len(names) == 1 else room),
        *badge(look, link.digit, right - look.badge, max(rect.top + look.gap / 2, mark)),
    ]
    for at, text in enumerate(lines):
        parts.append(words(look, Role.QUIET, text, left, below + at * quiet_line, room, height=quiet_line))
    return Target(link.id, rect, link.href, link.title, tuple(parts), "tile", section=link.section)


def _name(look: Look, title: str, room: float, whole_room: float, height: float) -> tuple[Role, list[str]]:
    """The name of a tile, whole where it can be: on one line, on two, or on two of smaller letters.

    room  beside the number, `whole_room` below it, in px
    """
    first, _, rest = title.partition(" ")
    for role, most in ((Role.ITEM_BOLD, 1), (Role.ITEM_BOLD, 2), (Role.SMALL, 2)):
        px, line, bold = font(look, role)
        lines, whole = shorten(title, room, px, min(most, max(1, int(height // line))), bold=bold)
        if whole and all(text_width(look, role, word) <= room for word in title.split()):
            return role, lines
        fits = text_width(look, role, first) <= room and text_width(look, role, rest) <= whole_room
        if rest and fits and most == 2 and height >= 2 * line:
            return role, [first, rest]
    return Role.ITEM_BOLD, [one_line(look, Role.ITEM_BOLD, title, room)]


def _strip(look: Look, link: Link, rect: Rect) -> Target:
    """A row of the home page: number and one line."""
    pad = (rect.height - look.badge) / 2
    inset = min(pad, look.gap * 2)
    parts: list[Part] = list(badge(look, link.digit, rect.left + inset, rect.top + pad))
    left = rect.left + inset + (look.badge + look.gap * 1.5 if link.digit else 0)
    room = rect.right - look.gap - left
    title = link.title
    if link.short and text_width(look, Role.ITEM, title) > room:
        title = link.short
    text = one_line(look, Role.ITEM, title, room)
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
