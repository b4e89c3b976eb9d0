"""An address to show to a driver: as large as the screen allows, with its sound and its English below."""

from __future__ import annotations

from remote_nav.geometry import Rect
from remote_nav.keymap import Action
from stb_app.layout.frame import button
from stb_app.layout.lines import break_text, shorten
from stb_app.layout.look import Look
from stb_app.layout.view import Part, Role, View, font, words
from stb_app.pages import Show

MOST_LINES = 2
"""Lines of the address in the largest letters; an address that needs more is written smaller."""


def view(page: Show, look: Look) -> View:
    """Place the page: asking, name, address; sound, English; whether it is open; one button back."""
    area, gap = look.area, look.gap
    bottom = area.bottom - look.button - 2 * gap
    parts: list[Part] = []
    y = area.top

    def put(role: Role, text: str, most: int, before: float = 0.0) -> None:
        nonlocal y
        px, line, bold = font(look, role)
        lines, whole = shorten(text, area.width, px, most, bold=bold)
        if text and (whole or role is not Role.QUIET) and y + before + line * len(lines) <= bottom:
            parts.append(words(look, role, lines, area.left, y + before, area.width))
            y += before + line * len(lines)

    put(Role.QUIET, page.asking, 1)
    put(_largest(page.name, look), page.name, MOST_LINES, gap)
    put(_largest(page.address, look), page.address, 3, gap)
    put(Role.ITEM, page.sound, 2, gap)
    put(Role.ITEM_BOLD, page.english, 2, gap)
    put(Role.QUIET, "　".join(filter(None, (page.opening, page.telephone))), 2, gap)
    put(Role.QUIET, page.foot, 2, gap)
    rect = Rect(area.left, area.bottom - look.button, area.width, look.button)
    back = button(look, page.back.id, page.back.title, page.back.href, rect, page.back.digit)
    return View(
        title=page.name,
        look=look,
        section=None,
        targets=(back,),
        focus=back.id,
        parts=tuple(parts),
        shortcuts={Action(page.back.digit): page.back.href},
        back=page.back.href,
    )


def _largest(text: str, look: Look) -> Role:
    """The largest letters in which a text takes at most MOST_LINES."""
    px, _, _ = font(look, Role.HUGE)
    return Role.HUGE if len(break_text(text, look.area.width, px)) <= MOST_LINES else Role.TITLE
