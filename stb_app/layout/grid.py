"""A page of at most eight tiles on a screen: numbered like the keys of the remote control, three to a row.

The focus begins in the middle, from where every tile is at most two presses away. What does not fit on one
page turns as a list does: Down past the last row of tiles is the next page, and its middle.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from remote_nav.geometry import Key, Rect
from remote_nav.keymap import Action
from stb_app.layout.frame import badge, legend, one_line, text_width, title_bar
from stb_app.layout.lines import shorten
from stb_app.layout.look import Look
from stb_app.layout.rows import AFTER_DIGIT, BACK_DIGIT, BEFORE_DIGIT, buttons
from stb_app.layout.view import Part, Role, Target, View, font, words
from stb_app.pages import Link, Rows

MOST = 8
"""Tiles of a page; 9 is the digit that turns."""

COLUMNS = 3
TALLEST = 0.42
"""Of the room of all tiles, the most that one row takes."""

TITLE_LINES = 3
NOTE_LINES = 2


_NAMES = re.compile(r"[\s、]+")
"""Between the words of a title, and between names one after another."""


def suits(count: int, look: Look) -> bool:
    """Whether so many entries are better shown as tiles: too many for one list page, and all fit here."""
    return look.rows < count <= MOST


def view(page: Rows, look: Look, focus: str = "") -> View:
    """Place the tiles. `focus` is the id of a tile or button; unknown or "" is the tile in the middle."""
    area = look.area
    head = buttons(page, look)
    taken = area.right - head[0].rect.left + 2 * look.gap
    room = area.width - taken - look.bar - 2 * look.gap
    fits = text_width(look, Role.TITLE, page.title) <= room
    title = page.title if fits else page.title.rpartition(" · ")[2]
    parts: list[Part] = list(title_bar(look, title, "", page.section, taken))
    at = f"{page.page} / {page.pages}" if page.pages > 1 else ""
    parts += legend(look, page.legend, "　".join(part for part in (at, page.number) if part))
    places = cells(look, page.rows)
    tiles = [_tile(look, link, rect) for link, rect in zip(page.rows, places, strict=True)]
    ids = [tile.id for tile in tiles] + [button.id for button in head]
    middle = tiles[_middle(places, [link.weight for link in page.rows])].id
    shortcuts, exits = _turns(page, tiles, head)
    return View(
        title=page.title,
        look=look,
        section=page.section,
        targets=(*tiles, *head),
        focus=focus if focus in ids else middle,
        parts=tuple(parts),
        # Back from the title leads to where the focus begins, from where all tiles are near.
        jumps={(button.id, Key.DOWN): middle for button in head},
        exits=exits,
        shortcuts=shortcuts,
        back=page.back,
    )


def _turns(
    page: Rows, tiles: Sequence[Target], head: Sequence[Target]
) -> tuple[dict[Action, str], dict[tuple[str, Key], str]]:
    """The digits and page keys, and what Down past the last row of tiles and Up past the buttons turn to."""
    shortcuts = {Action(BACK_DIGIT): page.back}
    exits: dict[tuple[str, Key], str] = {}
    if page.before:
        shortcuts |= {Action(BEFORE_DIGIT): page.before, Action.PAGE_UP: page.before}
    if page.after:
        shortcuts |= {Action(AFTER_DIGIT): page.after, Action.PAGE_DOWN: page.after}
        last = max((tile.rect.top for tile in tiles), default=0)
        exits = {(tile.id, Key.DOWN): page.after for tile in tiles if tile.rect.top == last}
    if end := page.before or page.last:
        exits |= {(button.id, Key.UP): end for button in head}
    return shortcuts | {Action(link.digit): link.href for link in page.rows if link.digit}, exits


def cells(look: Look, links: Sequence[Link]) -> list[Rect]:
    """Where the tiles stand; two to a row where a word is too long for three."""
    area = look.area
    gap = look.gap * 2 if look.split else look.gap
    top = area.top + look.header + 2 * look.gap
    bottom = area.bottom - look.legend - look.gap
    across = COLUMNS
    while across > 2 and not all(
        _word_fits(look, link.title, (area.width + gap) / across - gap) for link in links
    ):
        across -= 1
    down = -(-len(links) // across)
    width = (area.width - (across - 1) * gap) / across
    height = min((bottom - top - (down - 1) * gap) / down, (bottom - top) * TALLEST)
    return [
        Rect(
            round(area.left + at % across * (width + gap)),
            round(top + at // across * (height + gap)),
            int(width),
            int(height),
        )
        for at in range(len(links))
    ]


def _word_fits(look: Look, title: str, width: float) -> bool:
    """Whether no word of a title, in the smaller letters, is wider than a tile has room."""
    room = _room(look, Rect(0, 0, width, 0))
    return all(text_width(look, Role.QUIET, word) <= room for word in _NAMES.split(title))


def _middle(places: Sequence[Rect], weights: Sequence[int]) -> int:
    """The tile from which what is behind all tiles is nearest, in steps; of equal ones the first."""
    lefts = sorted({rect.left for rect in places})
    tops = sorted({rect.top for rect in places})
    steps = [(lefts.index(rect.left), tops.index(rect.top)) for rect in places]

    def presses(at: int) -> tuple[int, int]:
        away = [abs(x - steps[at][0]) + abs(y - steps[at][1]) for x, y in steps]
        return sum(weight * far for weight, far in zip(weights, away, strict=True)), max(away)

    return min(range(len(places)), key=presses)


def _room(look: Look, rect: Rect) -> float:
    pad = look.gap * 1.5 if look.split else look.gap
    return rect.width - 3 * pad - look.badge


def _tile(look: Look, link: Link, rect: Rect) -> Target:
    """The number, and beside it the name and what is quietly said of it, in the middle of the height."""
    pad = look.gap * 1.5 if look.split else look.gap
    room = _room(look, rect)
    left = rect.left + 2 * pad + look.badge
    role, lines, whole = _title(look, link.title, room, rect.height - look.gap)
    _, line, _ = font(look, role)
    small, _, _ = font(look, Role.QUIET)
    small_line = round(small * 1.25)
    spare = int((rect.height - look.gap - line * len(lines)) // small_line)
    note: list[str] = []
    if link.note and spare > 0:
        note, _ = shorten(link.note, room, small, min(spare, NOTE_LINES))
    apart = min(look.gap, max(0, rect.height - line * len(lines) - small_line * len(note) - look.gap))
    block = line * len(lines) + small_line * len(note) + (apart if note else 0)
    top = rect.top + max(0, (rect.height - block) / 2)
    parts: list[Part] = list(
        badge(look, link.digit, rect.left + pad, rect.top + (rect.height - look.badge) / 2)
    )
    parts.append(words(look, role, lines, left, top, room, when="" if whole else "rest"))
    if not whole:
        px, tight, _ = font(look, Role.SMALL)
        all_lines, _ = shorten(link.title, room, px, max(1, int(rect.height // tight)))
        above = rect.top + (rect.height - tight * len(all_lines)) / 2
        parts.append(words(look, Role.SMALL, all_lines, left, above, room, when="focus"))
        note = []
    for at, text in enumerate(note):
        y = top + line * len(lines) + apart + at * small_line
        parts.append(
            words(look, Role.QUIET, one_line(look, Role.QUIET, text, room), left, y, room, height=small_line)
        )
    return Target(link.id, rect, link.href, link.title, tuple(parts), "tile", section=link.section)


def _title(look: Look, title: str, room: float, height: float) -> tuple[Role, list[str], bool]:
    """The letters of a title that keep it whole, the largest first: (role, lines, whether it is whole)."""
    found: tuple[Role, list[str], bool] | None = None
    for role in (Role.ITEM_BOLD, Role.SMALL):
        px, line, bold = font(look, role)
        if role is Role.SMALL and any(text_width(look, role, word) > room for word in title.split()):
            break
        most = max(1, min(TITLE_LINES, int(height // line)))
        lines, whole = shorten(title, room, px, most, bold=bold)
        # A word cut in two is not whole, though every letter of it stands there.
        whole = whole and all(
            text_width(look, role, word) <= room for word in title.split() if word.isascii()
        )
        if whole:
            return role, lines, True
        found = found or (role, lines, False)
    assert found is not None
    return found
