"""The QR code on a screen: as large as the screen allows, so that a phone reads it from the sofa."""

from __future__ import annotations

from remote_nav.geometry import Rect
from remote_nav.keymap import Action
from stb_app.layout.frame import button, title_bar
from stb_app.layout.lines import break_text
from stb_app.layout.look import Look
from stb_app.layout.view import Part, Picture, Role, View, font, words
from stb_app.pages import Phone


def view(page: Phone, look: Look) -> View:
    """Place the code on the left, what it opens on the right, one button to go back."""
    area = look.area
    parts: list[Part] = list(title_bar(look, page.title, "", None))
    top = area.top + look.header + 2 * look.gap
    side = area.bottom - top
    if not look.split:
        side = min(side, area.width * 0.6)
    parts.append(Picture(Rect(area.left, top, side, side), page.picture, page.title))
    left = area.left + side + 3 * look.gap
    room = area.right - left
    px, line, _ = font(look, Role.QUIET)
    bottom = area.bottom - look.button - 2 * look.gap
    y = top
    for sentence in page.text:
        lines = break_text(sentence, room, px)
        lines = lines[: max(0, int((bottom - y) // line))]
        if lines:
            parts.append(words(look, Role.QUIET, lines, left, y, room))
        y += line * len(lines) + look.gap
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
