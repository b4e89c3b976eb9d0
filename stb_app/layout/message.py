"""A page that says one thing, on a screen."""

from __future__ import annotations

from remote_nav.geometry import Rect
from remote_nav.keymap import Action
from stb_app.layout.frame import button, title_bar
from stb_app.layout.lines import break_text
from stb_app.layout.look import Look
from stb_app.layout.rows import BACK_DIGIT
from stb_app.layout.view import Part, Role, Target, View, font, words
from stb_app.pages import Message


def view(page: Message, look: Look, focus: str = "") -> View:
    """Place a message: its sentences, and below them what can be done, one button a line."""
    area = look.area
    parts: list[Part] = list(title_bar(look, page.title, "", None))
    top = area.top + look.header + 3 * look.gap
    px, line, _ = font(look, Role.BODY)
    for sentence in page.text:
        lines = break_text(sentence, area.width, px)
        parts.append(words(look, Role.BODY, lines, area.left, top, area.width))
        top += line * len(lines) + look.gap
    top += look.gap
    targets: list[Target] = []
    for link in page.buttons:
        rect = Rect(area.left, top, area.width if look.width < 1000 else area.width * 0.7, look.button)
        if rect.bottom > area.bottom:
            break
        targets.append(button(look, link.id, link.title, link.href, rect, link.digit, row=link.id))
        top = rect.bottom + look.gap
    ids = [target.id for target in targets]
    return View(
        title=page.title,
        look=look,
        section=None,
        targets=tuple(targets),
        focus=focus if focus in ids else ids[0],
        parts=tuple(parts),
        shortcuts={
            Action(BACK_DIGIT): page.back,
            **{Action(link.digit): link.href for link in page.buttons if link.digit},
        },
        back=page.back,
    )
