"""What words find, on a screen: numbered rows, each with its title and the few words around what was found.

The words that were looked for are marked in both. What narrows the hits stands in the title as a button
with its digit, and how many there are at the bottom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from remote_nav.geometry import Rect
from remote_nav.keymap import Action
from stb_app.layout import rows
from stb_app.layout.frame import badge, legend, text_width, title_bar
from stb_app.layout.lines import Line, Span, shorten
from stb_app.layout.look import Look
from stb_app.layout.view import Part, Role, Target, View, Words, font, words
from stb_app.pages import Link, Rows

NARROW = "narrow"


def view(page: Rows, look: Look, focus: str = "") -> View:
    """Place a page of hits. `focus` is the id of a hit or of a button; unknown or "" is the first hit."""
    made = rows.view(replace(page, title="", legend=()), look, focus)
    head = [target for target in made.targets if target.id in rows.HEAD]
    jumps = dict(made.jumps)
    if page.narrow is not None:
        narrow = _narrow(page.narrow, look, head[0])
        jumps |= {(narrow.id, key): to for (name, key), to in made.jumps.items() if name == head[0].id}
        head.insert(0, narrow)
    area = look.area
    taken = area.right - head[0].rect.left + 2 * look.gap
    place = f"{page.page} / {page.pages}" if page.pages > 1 else ""
    right = "　".join(part for part in (page.number, place) if part)
    parts: list[Part] = [
        *title_bar(look, page.title, "", page.section, taken),
        *legend(look, page.legend, right),
    ]
    before = {target.id: target for target in made.targets}
    targets = [_row(look, link, before[link.id].rect) for link in page.rows]
    ids = [target.id for target in (*targets, *head)]
    shortcuts = dict(made.shortcuts)
    exits = dict(made.exits)
    if page.narrow is not None:
        shortcuts[Action(page.narrow.digit)] = page.narrow.href
        exits |= {(NARROW, key): to for (name, key), to in made.exits.items() if name == head[1].id}
    return replace(
        made, title=page.title, targets=(*targets, *head), parts=tuple(parts), jumps=jumps, exits=exits,
        shortcuts=shortcuts, focus=focus if focus in ids else made.focus,
    )  # fmt: skip


def characters(look: Look) -> int:
    """Characters of a snippet that one row has room for."""
    return int(_room(look, look.area.width) / look.quiet)


def _narrow(link: Link, look: Look, beside: Target) -> Target:
    shown = f"{link.digit} {link.title}"
    wide = round(text_width(look, Role.QUIET, shown) + 3 * look.gap)
    rect = Rect(beside.rect.left - look.gap - wide, beside.rect.top, wide, beside.rect.height)
    inside = words(look, Role.QUIET, shown, rect.left, rect.top, wide, align="center", height=rect.height)
    return Target(NARROW, rect, link.href, link.title, (inside,), "button", row="head")


def _pad(look: Look) -> int:
    return look.gap + 6 if look.split else look.gap


def _room(look: Look, width: float) -> float:
    return width - _pad(look) - look.badge - 4 * look.gap


def _row(look: Look, link: Link, rect: Rect) -> Target:
    pad = _pad(look)
    left, room = rect.left + pad + look.badge + 2 * look.gap, _room(look, rect.width)
    parts: list[Part] = list(
        badge(look, link.digit, rect.left + pad, rect.top + (rect.height - look.badge) / 2)
    )
    px, line, _ = font(look, Role.ITEM)
    quiet, quiet_line, _ = font(look, Role.QUIET)
    note = link.note if look.split else ""
    aside = text_width(look, Role.QUIET, note) + 2 * look.gap if note else 0
    lines, whole = shorten(link.title, room - aside, px, 1, bold=True)
    under = min(quiet_line, rect.height - line)
    top = rect.top + (rect.height - line - (under if link.text else 0)) / 2
    resting = "" if whole else "rest"
    parts.append(_marked(look, Role.ITEM, lines[0], link.marks, Rect(left, top, room - aside, line), resting))
    if note:
        parts.append(
            words(look, Role.QUIET, note, left + room - aside, top, aside, align="right", height=line)
        )
    if link.text:
        cut, _ = shorten(link.text, room, quiet, 1, bold=True)
        below = Rect(left, top + line, room, under)
        parts.append(_marked(look, Role.QUIET, cut[0], link.text_marks, below, resting))
    if not whole:
        parts.append(_whole(look, link.title, Rect(left, rect.top, room - aside, rect.height)))
    return Target(link.id, rect, link.href, link.title, tuple(parts), "row", row=link.id)


def _whole(look: Look, title: str, rect: Rect) -> Words:
    """The whole title in smaller letters, shown while the row has the focus."""
    px, line, _ = font(look, Role.SMALL)
    lines, _ = shorten(title, rect.width, px, max(1, int(rect.height // line)))
    top = rect.top + (rect.height - line * len(lines)) / 2
    return words(look, Role.SMALL, lines, rect.left, top, rect.width, when="focus")


def _marked(
    look: Look, role: Role, text: str, marks: Sequence[tuple[int, int]], rect: Rect, when: str
) -> Words:
    """One line with the marked spans that are still on it in bold."""
    spans: list[Span] = []
    at = 0
    end = len(text) - 1 if text.endswith("…") else len(text)
    for start, stop in marks:
        if start >= end:
            break
        spans += [Span(text[at:start]), Span(text[start : min(stop, end)], strong=True)]
        at = min(stop, end)
    line: Line = tuple(span for span in (*spans, Span(text[at:])) if span.text)
    return Words(rect, (line,), role, when=when, line_height=round(rect.height))
