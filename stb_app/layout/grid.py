"""A page of at most eight tiles on a screen: numbered like the keys of the remote control, three to a row.

The focus begins in the middle, from where every tile is at most two presses away. What does not fit on one
page turns as a list does: Down past the last row of tiles is the next page, and its middle.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from remote_nav.geometry import Key, Rect
from remote_nav.keymap import Action
from stb_app.layout.frame import badge, legend, one_line, text_width, title_bar
from stb_app.layout.lines import Span, names, shorten_names
from stb_app.layout.look import Look
from stb_app.layout.metrics import width
from stb_app.layout.rows import AFTER_DIGIT, BACK_DIGIT, BEFORE_DIGIT, buttons
from stb_app.layout.view import Part, Role, Target, View, Words, font, words
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
    wide = (area.width - (across - 1) * gap) / across
    height = min((bottom - top - (down - 1) * gap) / down, (bottom - top) * TALLEST)
    return [
        Rect(
            round(area.left + at % across * (wide + gap)),
            round(top + at // across * (height + gap)),
            int(wide),
            int(height),
        )
        for at in range(len(links))
    ]


def _word_fits(look: Look, title: str, wide: float) -> bool:
    """Whether no word of a title, in the smaller letters, is wider than a tile has room."""
    room = _room(look, Rect(0, 0, wide, 0))
    return all(width(word, look.quiet, bold=True) <= room for word in _NAMES.split(title))


def _middle(places: Sequence[Rect], weights: Sequence[int]) -> int:
    """The tile from which what is behind all tiles is nearest, in steps; of equal ones the first."""
    lefts = sorted({rect.left for rect in places})
    tops = sorted({rect.top for rect in places})
    steps = [(lefts.index(rect.left), tops.index(rect.top)) for rect in places]

    def presses(at: int) -> tuple[int, int]:
        away = [abs(x - steps[at][0]) + abs(y - steps[at][1]) for x, y in steps]
        return sum(weight * far for weight, far in zip(weights, away, strict=True)), max(away)

    return min(range(len(places)), key=presses)


def _pad(look: Look) -> float:
    """Beside the number of a tile. On a small screen three names of five letters stand in a row so."""
    return look.gap * 1.5 if look.split else look.gap * 2 / 3


def _room(look: Look, rect: Rect) -> float:
    pad = _pad(look)
    return rect.width - 3 * pad - look.badge


def _tile(look: Look, link: Link, rect: Rect) -> Target:
    """The number, and beside it the name and what is quietly said of it, in the middle of the height."""
    pad = _pad(look)
    room = _room(look, rect)
    left = rect.left + 2 * pad + look.badge
    title = _title(look, link.title, room, rect.height - look.gap)
    high = title.line * len(title.lines)
    small, _, _ = font(look, Role.QUIET)
    small_line = round(small * 1.25)
    spare = int((rect.height - look.gap - high) // small_line)
    note: list[str] = []
    if link.note and spare > 0:
        note, _ = shorten_names(link.note, room, small, min(spare, NOTE_LINES))
    apart = min(look.gap, max(0, rect.height - high - small_line * len(note) - look.gap))
    block = high + small_line * len(note) + (apart if note else 0)
    top = rect.top + max(0, (rect.height - block) / 2)
    parts: list[Part] = list(
        badge(look, link.digit, rect.left + pad, rect.top + (rect.height - look.badge) / 2)
    )
    parts.append(_bold(look, title, left, top, room, "" if title.whole else "rest"))
    if not title.whole:
        px, tight, _ = font(look, Role.SMALL)
        all_lines, _ = shorten_names(link.title, room, px, max(1, int(rect.height // tight)))
        above = rect.top + (rect.height - tight * len(all_lines)) / 2
        parts.append(words(look, Role.SMALL, all_lines, left, above, room, when="focus"))
        note = []
    for at, text in enumerate(note):
        y = top + high + apart + at * small_line
        parts.append(
            words(look, Role.QUIET, one_line(look, Role.QUIET, text, room), left, y, room, height=small_line)
        )
    return Target(link.id, rect, link.href, link.title, tuple(parts), "tile", section=link.section)


@dataclass(frozen=True, slots=True)
class _Title:
    """A title as a tile has it: its letters, px from line to line, its lines, and whether they are all."""

    role: Role
    line: int
    lines: tuple[str, ...]
    whole: bool


def _bold(look: Look, title: _Title, left: float, top: float, room: float, when: str) -> Words:
    """A title in bold letters, in whichever size."""
    spans = tuple((Span(text, strong=True),) for text in title.lines)
    rect = Rect(left, top, room, title.line * len(spans))
    own = title.line if title.line != font(look, title.role)[1] else 0
    return Words(rect, spans, title.role, when=when, line_height=own)


def _title(look: Look, title: str, room: float, height: float) -> _Title:
    """The letters of a title that keep it whole, the largest first; of several names no one is broken."""
    large, line, _ = font(look, Role.ITEM_BOLD)
    small, loose, _ = font(look, Role.SMALL)
    sizes = (
        (Role.ITEM_BOLD, large, line, TITLE_LINES),
        (Role.SMALL, small, loose, TITLE_LINES),
        (Role.SMALL, small, small + 2, TITLE_LINES + 1),
    )
    cut: _Title | None = None
    for role, px, line, most in sizes:
        if role is Role.SMALL and any(width(word, px, bold=True) > room for word in _NAMES.split(title)):
            break
        lines, whole = shorten_names(title, room, px, max(1, min(most, int(height // line))), bold=True)
        # A word cut in two is not whole, though every letter of it stands there: smaller letters may keep it.
        whole = whole and all(width(word, px, bold=True) <= room for word in title.split() if word.isascii())
        if role is Role.ITEM_BOLD:
            kept = [word for word in _NAMES.split(title) if width(word, small, bold=True) <= room]
            whole = whole and all(width(word, px, bold=True) <= room for word in kept)
        found = _Title(role, line, tuple(lines), whole)
        if whole:
            return found
        # Of names that are not all there, the most are better than the largest.
        if cut is None or names(title, room, px, bold=True):
            cut = found
    assert cut is not None
    return cut
