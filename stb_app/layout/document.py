"""A document on screens: title, body, and a row of buttons that turns screens and leads on."""

from __future__ import annotations

from collections.abc import Sequence

from remote_nav.geometry import Key, Rect
from remote_nav.keymap import Action
from stb_app.layout.flow import flow
from stb_app.layout.frame import button_row, one_line, row_fits
from stb_app.layout.lines import shorten
from stb_app.layout.look import Look
from stb_app.layout.rows import AFTER_DIGIT, BEFORE_DIGIT
from stb_app.layout.view import Bar, Part, Role, View, Words, font, words
from stb_app.pages import Document, Link

FIRST = ("next", "following", "back")
"""What has the focus first: read on, go on to the next item, go back."""

TITLE_LINES = 3
"""Of the first screen: what a government calls its notices rarely needs more, in large letters too."""

YIELDS = ("following", "phone", "unit")
"""What gives way first where a row is too narrow: it stands on the last screen then, where there is
nothing more to turn. What the first screen has no room for the last one keeps, so that nothing is
behind a digit alone."""


def view(page: Document, look: Look, focus: str = "", position: int | None = None) -> View:
    """Place one screen of a document; a screen past the end is the last one.

    position  characters of the body before the place to show, in place of the number of the screen:
              the same words stand on another screen where letters have another size
    """
    first_head, first_height = _head(page, look, whole=True)
    other_head, other_height = _head(page, look, whole=False)
    screens = flow(page.blocks, look, _body(look, first_height), _body(look, other_height))
    counts = [sum(map(_characters, screen)) for screen in screens]
    at = min(page.screen, len(screens)) if position is None else _screen_of(counts, position)
    entries: list[Link] = []
    exits_to: dict[Key, str] = {}
    shortcuts: dict[Action, str] = {}
    if at < len(screens):
        forward = page.screen_at(at + 1)
        count = f"{at}/{len(screens)}"
        arrow = page.next_label.partition(" ")[0]
        entries.append(
            Link("next", f"{page.next_label} {count}", forward, AFTER_DIGIT, short=f"{arrow} {count}")
        )
        exits_to[Key.DOWN] = forward
        shortcuts[Action.PAGE_DOWN] = forward
    if at > 1:
        backward = page.screen_at(at - 1)
        arrow = page.previous_label.partition(" ")[0]
        entries.append(Link("previous", page.previous_label, backward, BEFORE_DIGIT, short=arrow))
        exits_to[Key.UP] = backward
        shortcuts[Action.PAGE_UP] = backward
    area = look.area
    entries = _fitting(look, entries, page.buttons, area.width, yields=_yields(at, len(screens)))
    shortcuts |= {Action(link.digit): link.href for link in entries if link.digit}
    targets = button_row(look, entries, Rect(area.left, area.bottom - look.button, area.width, look.button))
    ids = [target.id for target in targets]
    return View(
        title=page.title,
        look=look,
        section=page.section,
        targets=targets,
        focus=focus if focus in ids else next((name for name in FIRST if name in ids), ids[0]),
        parts=(*(first_head if at == 1 else other_head), *screens[at - 1]),
        exits={(name, key): address for name in ids for key, address in exits_to.items()},
        shortcuts=shortcuts,
        back=page.back,
        screen=at,
        position=sum(counts[: at - 1]),
    )


def _characters(part: Part) -> int:
    """Characters of a part; heads of tables that stand again on each screen count again, which is little."""
    if not isinstance(part, Words):
        return 0
    return sum(len(span.text) for line in part.lines for span in line)


def _screen_of(counts: Sequence[int], position: int) -> int:
    """The screen, from 1, on which the character after `position` others stands."""
    before = 0
    for at, count in enumerate(counts, 1):
        before += count
        if position < before:
            return at
    return len(counts)


def _yields(at: int, of: int) -> tuple[str, ...]:
    """What may give way on a screen, what goes first first; on the only screen nothing does."""
    if of == 1:
        return ()
    return YIELDS[::-1] if at == of else YIELDS


def _fitting(
    look: Look, turning: Sequence[Link], own: Sequence[Link], room: float, yields: Sequence[str]
) -> list[Link]:
    """The buttons of one screen that fit side by side, those that turn it first."""
    entries = [*turning, *own]
    for name in yields:
        if row_fits(look, entries, room):
            break
        entries = [link for link in entries if link.id != name]
    return entries


def _body(look: Look, head: float) -> Rect:
    """Where the body stands below a head of that height."""
    area = look.area
    top = area.top + head + 2 * look.gap
    return Rect(area.left, top, area.width, area.bottom - look.button - 2 * look.gap - top)


def _head(page: Document, look: Look, *, whole: bool) -> tuple[Sequence[Part], float]:
    """The head of the first screen (the whole title, the quiet line) or of the others (one line)."""
    area = look.area
    left = area.left + look.bar + 2 * look.gap
    room = area.right - left
    px, line, bold = font(look, Role.TITLE)
    if whole:
        lines, _ = shorten(page.title, room, px, TITLE_LINES, bold=bold)
    else:
        lines = [one_line(look, Role.TITLE, page.title, room)]
    parts: list[Part] = [words(look, Role.TITLE, lines, left, area.top, room)]
    height = line * len(lines)
    if whole and page.meta:
        meta = one_line(look, Role.QUIET, page.meta, room)
        parts.append(words(look, Role.QUIET, meta, left, area.top + height, room))
        height += look.quiet_line
    bar = Bar(Rect(area.left, area.top, look.bar, height), "accent", page.section or "")
    return (bar, *parts), height
