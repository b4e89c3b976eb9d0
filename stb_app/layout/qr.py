"""The QR code on a screen: as large as the screen allows, so that a phone reads it from the sofa."""

from __future__ import annotations

from remote_nav.geometry import Rect
from remote_nav.keymap import Action
from stb_app.layout.frame import button, title_bar
from stb_app.layout.lines import shorten
from stb_app.layout.look import Look
from stb_app.layout.view import Part, Picture, Role, View, font, words
from stb_app.pages import Phone

CODE_SHARE = 0.5
"""Of the width of a small screen."""

NAME_LINES, MOST_LINES = 2, 4
"""Lines of a name or an address, and of a sentence; a sentence that needs more is left out."""


def view(page: Phone, look: Look) -> View:
    """Place the code on the left; beside it what it opens, how to come there by hand, and one button back."""
    area = look.area
    parts: list[Part] = list(title_bar(look, page.title, "", None))
    top = area.top + look.header + 2 * look.gap
    bottom = area.bottom - look.button - 2 * look.gap
    side = area.bottom - top
    if not look.split:
        # A small screen has no room beside a code of its whole height.
        side = min(side, round(area.width * CODE_SHARE))
    parts.append(Picture(Rect(area.left, top, side, side), page.picture, page.title))
    left = area.left + side + 3 * look.gap
    room = area.right - left
    pieces = [
        (Role.ITEM_BOLD, page.name, NAME_LINES, 0),
        (Role.QUIET, page.text, MOST_LINES, 0),
        (Role.QUIET, page.by_hand, MOST_LINES, 2 * look.gap),
        *((Role.ITEM_BOLD, line, NAME_LINES, 0) for line in page.typed),
        (Role.QUIET, page.hint, MOST_LINES, 0),
    ]
    y = top
    for role, sentence, most, before in pieces:
        px, line, bold = font(look, role)
        broken, whole = shorten(sentence, room, px, most, bold=bold)
        if not sentence or (not whole and role is Role.QUIET) or y + before + line * len(broken) > bottom:
            continue
        parts.append(words(look, role, broken, left, y + before, room))
        y += before + line * len(broken) + look.gap
    rect = Rect(left, area.bottom - look.button, room, look.button)
    back = button(look, page.back.id, page.back.title, page.back.href, rect, page.back.digit)
    return View(
        title=page.title,
        look=look,
        section=None,
        targets=(back,),
        focus=back.id,
        parts=tuple(parts),
        shortcuts={Action(page.back.digit): page.back.href},
        back=page.back.href,
    )
