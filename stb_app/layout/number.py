"""The number box on a screen: a pad of keys on the left, what is typed and what it means beside it.

Digits always extend what is typed; arrows and OK choose. The best match has the focus, so that
digits and OK are enough; without digits on the remote the pad does the same with six keys.
"""

from __future__ import annotations

from remote_nav.geometry import Rect
from remote_nav.keymap import Action
from stb_app.layout.frame import one_line, text_width, title_bar
from stb_app.layout.lines import break_text, shorten
from stb_app.layout.look import Look
from stb_app.layout.view import Bar, Part, Role, Target, View, font, words
from stb_app.pages import Link, NumberBox

HITS = 5
PAD_SHARE = 0.4
COLUMNS = 3


def view(page: NumberBox, look: Look, focus: str = "") -> View:
    """Place the number box; the first match has the focus, or the pad while nothing is typed."""
    area = look.area
    parts: list[Part] = list(title_bar(look, page.title, "", None))
    top = area.top + look.header + 2 * look.gap
    widest = max(text_width(look, Role.QUIET, key.note) for key in page.keys) + look.gap
    pad_width = max(area.width * PAD_SHARE, COLUMNS * widest + (COLUMNS - 1) * look.gap)
    pad = Rect(area.left, top, round(pad_width), area.bottom - top)
    targets = _pad(page, look, pad)
    left = pad.right + 2 * look.gap
    width = area.right - left
    field = Rect(left, top, width, look.button)
    parts.append(Bar(field, "surface"))
    inner = Rect(left + 2 * look.gap, top, width - 4 * look.gap, look.button)
    if page.digits:
        parts.append(
            words(
                look, Role.ITEM_BOLD, " ".join(page.digits), inner.left, top, inner.width, height=look.button
            )
        )
        top += look.button + look.gap
    else:
        top += look.button + look.gap
        px, line, _ = font(look, Role.QUIET)
        for sentence in (page.hint,):
            lines = break_text(sentence, width, px)
            parts.append(words(look, Role.QUIET, lines, left, top, width))
            top += line * len(lines)
    rows = max(1, int((area.bottom - top + look.gap) // (look.row * 0.86 + look.gap)))
    height = round(look.row * 0.86)
    for at, hit in enumerate(page.hits[: min(rows, HITS)]):
        targets.append(_hit(look, hit, Rect(left, top + at * (height + look.gap), width, height)))
    if not page.hits and page.empty:
        px, line, _ = font(look, Role.QUIET)
        parts.append(words(look, Role.QUIET, break_text(page.empty, width, px), left, top, width))
    ids = [target.id for target in targets]
    best = page.hits[0].id if page.hits and page.hits[0].id in ids else "k5"
    return View(
        title=page.title,
        look=look,
        section=None,
        targets=tuple(targets),
        focus=focus if focus in ids else best,
        parts=tuple(parts),
        shortcuts={Action(key.digit): key.href for key in page.keys if key.digit},
        back=page.back,
    )


def _pad(page: NumberBox, look: Look, rect: Rect) -> list[Target]:
    """The keys, three to a row, each with its letters."""
    rows = -(-len(page.keys) // COLUMNS)
    width = (rect.width - (COLUMNS - 1) * look.gap) / COLUMNS
    height = (rect.height - (rows - 1) * look.gap) / rows
    targets: list[Target] = []
    for at, key in enumerate(page.keys):
        x = rect.left + (at % COLUMNS) * (width + look.gap)
        y = rect.top + (at // COLUMNS) * (height + look.gap)
        targets.append(_key(look, key, Rect(x, y, width, height)))
    return targets


def _key(look: Look, key: Link, rect: Rect) -> Target:
    role = Role.ITEM_BOLD if key.digit else Role.ITEM
    _, line, _ = font(look, role)
    _, small, _ = font(look, Role.QUIET)
    small -= 6
    block = line + (small if key.note else 0)
    top = rect.top + (rect.height - block) / 2
    parts: list[Part] = [
        words(
            look,
            role,
            one_line(look, role, key.title, rect.width),
            rect.left,
            top,
            rect.width,
            align="center",
        )
    ]
    if key.note:
        parts.append(
            words(
                look, Role.QUIET, key.note, rect.left, top + line, rect.width, align="center", height=small
            )
        )  # fmt: skip
    return Target(
        key.id, rect, key.href, f"{key.title} {key.note}".strip(), tuple(parts), "button", group="pad"
    )


def _hit(look: Look, hit: Link, rect: Rect) -> Target:
    left = rect.left + 2 * look.gap
    note = text_width(look, Role.QUIET, hit.note) + 2 if hit.note else 0
    room = rect.width - 4 * look.gap - (note + 2 * look.gap if hit.note else 0)
    px, line, bold = font(look, Role.ITEM)
    lines, _ = shorten(hit.title, room, px, max(1, int(rect.height // line)), bold=bold)
    top = rect.top + (rect.height - line * len(lines)) / 2
    parts: list[Part] = [words(look, Role.ITEM, lines, left, top, room)]
    if hit.note:
        right = rect.right - 2 * look.gap - note
        parts.append(
            words(look, Role.QUIET, hit.note, right, rect.top, note, align="right", height=rect.height)
        )
    return Target(hit.id, rect, hit.href, hit.title, tuple(parts), "row", group="hits", section=hit.section)
