"""The page that learns the keys of a box: the question in the largest letters, the six keys below it."""

from __future__ import annotations

from remote_nav.geometry import Rect
from stb_app.layout.frame import one_line, text_width, title_bar
from stb_app.layout.lines import break_text
from stb_app.layout.look import Look
from stb_app.layout.view import Part, PlainLink, Role, Target, View, font, words
from stb_app.system_pages import Learning

MOST_LINES = 2
"""The question matters more than what stands above it: an explanation with more lines is left out."""


def view(page: Learning, look: Look) -> View:
    """Place the page. Each key is a target, so that a box without script has something to press OK on."""
    area, gap = look.area, look.gap
    parts: list[Part] = list(title_bar(look, page.title, "", None))
    top = area.top + look.header + 2 * gap
    px, line, _ = font(look, Role.QUIET)
    lines = break_text(page.text, area.width, px)
    if len(lines) <= MOST_LINES:
        parts.append(words(look, Role.QUIET, lines, area.left, top, area.width))
        top += line * len(lines)
    link_top = area.bottom - look.legend
    keys_height = round(look.row * 1.1)
    keys_top = link_top - 2 * gap - keys_height
    parts += _question(page, look, Rect(area.left, top, area.width, keys_top - top))
    targets = []
    space = 2 * gap if look.split else gap
    width = (area.width - space * (len(page.keys) - 1)) / len(page.keys)
    role = Role.ITEM_BOLD if look.split else Role.BUTTON
    tight = any(text_width(look, role, key.title) + gap > width for key in page.keys if key.short)
    for at, key in enumerate(page.keys):
        rect = Rect(area.left + at * (width + space), keys_top, width, keys_height)
        label = one_line(look, role, key.short if tight and key.short else key.title, width)
        inside = words(look, role, label, rect.left, rect.top, width, align="center", height=keys_height)
        targets.append(Target(key.id, rect, page.skip, key.title, (inside,), "button", row="keys"))
    size = text_width(look, Role.QUIET, page.skip_label) + 2
    shown = words(look, Role.QUIET, page.skip_label, area.right - size, link_top, size, height=look.legend)
    link = PlainLink(Rect(area.right - size, link_top, size, look.legend), page.skip, shown)
    return View(
        title=page.title,
        look=look,
        section=None,
        targets=tuple(targets),
        focus=page.keys[0].id,
        parts=tuple(parts),
        links=(link,),
        script="keys",
        data={
            "o": [key.id for key in page.keys], "w": list(page.asks), "n": list(page.hints),
            "t": page.learned, "x": page.mark, "b": page.probe,
        },
    )  # fmt: skip


def _question(page: Learning, look: Look, rect: Rect) -> list[Part]:
    """What to press now, and below it what else one can do; in the middle of the free room."""
    _, line, _ = font(look, Role.HUGE)
    _, quiet, _ = font(look, Role.QUIET)
    top = rect.top + max(0, (rect.height - line - quiet) / 2)
    return [
        words(look, Role.HUGE, page.asks[0], rect.left, top, rect.width, align="center", name="ask"),
        words(
            look, Role.QUIET, page.hints[0], rect.left, top + line, rect.width, align="center", name="hint"
        ),
    ]
