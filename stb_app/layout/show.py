"""An address to show to a driver: as large as the screen allows, with its sound and its English below."""

from __future__ import annotations

from remote_nav.geometry import Rect
from remote_nav.keymap import Action
from stb_app.layout.frame import button
from stb_app.layout.lines import shorten
from stb_app.layout.look import Look
from stb_app.layout.view import Part, Role, View, font, words
from stb_app.pages import Show

MOST_LINES = 3
"""Lines of each; what is longer is nothing that a driver reads at a red light."""


def view(page: Show, look: Look) -> View:
    """Place the page: asking, name, address; sound, English; whether it is open; one button back."""
    area, gap = look.area, look.gap
    bottom = area.bottom - look.button - 2 * gap
    placed: list[tuple[Role, list[str]]] = []
    between = float(gap)
    for asking, name, address, second, tight in SIZES:
        needed = (
            (Role.QUIET, page.asking if asking else ""),
            (name, page.name),
            (address, page.address),
            (second, page.sound),
            (second, page.english),
            (second, page.foot) if tight else (Role.QUIET, page.foot),
        )
        between = gap / 2 if tight else float(gap)
        placed = [(role, _broken(look, role, text)) for role, text in needed if text]
        if sum(font(look, role)[1] * len(lines) + between for role, lines in placed) <= bottom - area.top:
            break
    # Whether it is open stands above its source, where there is room for it.
    below = (Role.QUIET, _broken(look, Role.QUIET, "　".join(filter(None, (page.opening, page.telephone)))))
    more = sum(font(look, role)[1] * len(lines) + between for role, lines in (*placed, below))
    if below[1] and more <= bottom - area.top:
        placed.insert(-1, below)
    parts: list[Part] = []
    y = float(area.top)
    for role, lines in placed:
        high = font(look, role)[1] * len(lines)
        if y + high <= bottom:
            parts.append(words(look, role, lines, area.left, y, area.width))
            y += high + between
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


SIZES = (
    (True, Role.HUGE, Role.HUGE, Role.ITEM, False),
    (True, Role.TITLE, Role.HUGE, Role.ITEM, False),
    (True, Role.TITLE, Role.HUGE, Role.QUIET, False),
    (True, Role.TITLE, Role.TITLE, Role.QUIET, False),
    (True, Role.ITEM_BOLD, Role.TITLE, Role.SMALL, True),
    (False, Role.ITEM_BOLD, Role.ITEM_BOLD, Role.SMALL, True),
)
"""Whether the asking stands, letters of the name, of the address, of its sound and English, whether lines
stand close: the first that all fit in are taken. The address gives way last: it is what a driver reads."""


def _broken(look: Look, role: Role, text: str) -> list[str]:
    px, _, bold = font(look, role)
    return shorten(text, look.area.width, px, MOST_LINES, bold=bold)[0] if text else []
