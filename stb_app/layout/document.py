"""A document on screens: title, body, and a row of buttons that turns screens and leads on."""

from __future__ import annotations

from collections.abc import Sequence

from remote_nav.geometry import Key, Rect
from remote_nav.keymap import Action
from stb_app.layout.flow import flow
from stb_app.layout.frame import button_row, one_line
from stb_app.layout.lines import shorten
from stb_app.layout.look import Look
from stb_app.layout.rows import AFTER_DIGIT, BEFORE_DIGIT
from stb_app.layout.view import Bar, Part, Role, View, font, words
from stb_app.pages import Document, Link

FIRST = ("next", "following", "back")
"""What has the focus first: read on, go on to the next item, go back."""


def view(page: Document, look: Look, focus: str = "") -> View:
    """Place one screen of a document; a screen past the end is the last one."""
    first_head, first_height = _head(page, look, whole=True)
    other_head, other_height = _head(page, look, whole=False)
    screens = flow(page.blocks, look, _body(look, first_height), _body(look, other_height))
    at = min(page.screen, len(screens))
    entries: list[Link] = []
    exits_to: dict[Key, str] = {}
    shortcuts: dict[Action, str] = {}
    if at < len(screens):
        forward = page.screen_at(at + 1)
        entries.append(Link("next", f"{page.next_label} {at}/{len(screens)}", forward, AFTER_DIGIT))
        exits_to[Key.DOWN] = forward
        shortcuts[Action.PAGE_DOWN] = forward
    if at > 1:
        backward = page.screen_at(at - 1)
        entries.append(Link("previous", page.previous_label, backward, BEFORE_DIGIT))
        exits_to[Key.UP] = backward
        shortcuts[Action.PAGE_UP] = backward
    keep = 4 if look.split else 3
    own = list(page.buttons)
    while len(entries) + len(own) > keep + (1 if at == 1 else 0) and len(own) > 2:
        # The smallest screens keep what leads on and what leads back; the digits do the rest.
        own.pop(-2)
    entries += own
    shortcuts |= {Action(link.digit): link.href for link in entries if link.digit}
    shortcuts |= {Action(link.digit): link.href for link in page.buttons if link.digit}
    area = look.area
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
    )


def _body(look: Look, head: float) -> Rect:
    """Where the body stands below a head of that height."""
    area = look.area
    top = area.top + head + 2 * look.gap
    return Rect(area.left, top, area.width, area.bottom - look.button - 2 * look.gap - top)


def _head(page: Document, look: Look, *, whole: bool) -> tuple[Sequence[Part], float]:
    """The head of the first screen (title in two lines, the quiet line) or of the others (one line)."""
    area = look.area
    left = area.left + look.bar + 2 * look.gap
    room = area.right - left
    px, line, bold = font(look, Role.TITLE)
    if whole:
        lines, _ = shorten(page.title, room, px, 2, bold=bold)
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
