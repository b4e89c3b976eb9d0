"""A list page on a screen: numbered rows of one height, the focus on one of them."""

from __future__ import annotations

from functools import lru_cache

from remote_nav.geometry import Key, Rect
from remote_nav.keymap import Action
from stb_app.layout.frame import REMEMBERED, badge, legend, one_line, text_width, title_bar
from stb_app.layout.lines import shorten
from stb_app.layout.look import Look
from stb_app.layout.view import Part, Role, Target, View, Words, font, words
from stb_app.pages import Link, Rows

BACK_DIGIT, BEFORE_DIGIT, AFTER_DIGIT = "8", "7", "9"
NOTE_SHARE = 0.34
ABOUT_SHARE = 0.45
_DIGITS = {str(digit): Action(str(digit)) for digit in range(10)}
HEAD = ("before", "after", "back")
"""The buttons of a list page; an item has no such id."""


def view(page: Rows, look: Look, focus: str = "") -> View:
    """Place a list page. `focus` is the id of a row or of the button; unknown or "" is the first row.

    A focus of "-" asks for the last row: one comes from the page after this one.
    """
    area = look.area
    place = f"{page.page} / {page.pages}" if page.pages > 1 else ""
    right = "　".join(part for part in (place, page.number) if part)
    head = buttons(page, look)
    taken = area.right - head[0].rect.left + 2 * look.gap
    room = area.width - taken - look.bar - 2 * look.gap
    # Where one is comes before what it belongs to: the section's accent says that too.
    fits = text_width(look, Role.TITLE, page.title) <= room
    title = page.title if fits else page.title.rpartition(" · ")[2]
    parts: list[Part] = list(title_bar(look, title, "", page.section, taken))
    top = area.top + look.header + 2 * look.gap
    targets: list[Target] = []
    for at, link in enumerate(page.rows):
        rect = Rect(area.left, top + at * (look.row + look.gap), area.width, look.row)
        targets.append(_row(look, link, rect))
    if not targets:
        parts.append(words(look, Role.BODY, page.empty, area.left, top, area.width))
    parts += legend(look, page.legend, right)
    ids = [target.id for target in targets] or [head[-1].id]
    if focus == "-":
        focus = ids[-1]
    shortcuts = {_DIGITS[link.digit]: link.href for link in page.rows}
    if page.before:
        shortcuts |= {Action(BEFORE_DIGIT): page.before, Action.PAGE_UP: page.before}
    if page.after:
        shortcuts |= {Action(AFTER_DIGIT): page.after, Action.PAGE_DOWN: page.after}
    shortcuts[Action(BACK_DIGIT)] = page.back
    jumps, exits = _turns(page, [target.id for target in targets], [target.id for target in head])
    return View(
        title=page.title,
        look=look,
        section=page.section,
        targets=(*targets, *head),
        focus=focus if focus in (*ids, *(target.id for target in head)) else ids[0],
        parts=tuple(parts),
        exits=exits,
        jumps=jumps,
        shortcuts=shortcuts,
        back=page.back,
        position=(page.page - 1) * look.rows,
    )


def _turns(
    page: Rows, rows: list[str], head: list[str]
) -> tuple[dict[tuple[str, Key], str], dict[tuple[str, Key], str]]:
    """What Up and Down do at the edges: (jumps, exits) of the view. Left and Right never leave a row.

    Down from the last row turns to the next page; on the last page it goes round to the buttons. Up from the
    first row leads to the buttons above, and Up from there to the last row of the page before: the list goes
    round, so that from the top of page 1 one press leads to its end.
    """
    if not rows:
        return {}, {}
    jumps: dict[tuple[str, Key], str] = {(rows[0], Key.UP): head[0]}
    jumps |= {(name, Key.DOWN): rows[0] for name in head}
    exits: dict[tuple[str, Key], str] = {}
    if page.after:
        exits[rows[-1], Key.DOWN] = page.after
    else:
        jumps[rows[-1], Key.DOWN] = head[-1]
    end = page.before or page.last
    for name in head:
        if end:
            exits[name, Key.UP] = _with_focus(end, "-")
        else:
            jumps[name, Key.UP] = rows[-1]
    return jumps, exits


def _with_focus(address: str, focus: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}f={focus}"


def buttons(page: Rows, look: Look) -> list[Target]:
    """The buttons at the right end of the title, from left to right: the page before, the one after, back.

    They do what keys do that not every remote has. One that turns keeps the focus on the page that it leads
    to, so that pages are leafed through with OK alone. Small screens have room for its arrow only. Where a
    row has the digit of a button, the button has none.
    """
    taken = {link.digit for link in page.rows}
    entries = [("back", BACK_DIGIT, page.back_label, page.back)]
    for name, digit, label, arrow, address in (
        ("after", AFTER_DIGIT, page.after_label, "▼", page.after),
        ("before", BEFORE_DIGIT, page.before_label, "▲", page.before),
    ):
        if address:
            entries.append((name, digit, label if look.split else arrow, _with_focus(address, name)))
    targets: list[Target] = []
    right = look.area.right
    for name, digit, label, address in entries:
        face = _face(look, label if digit in taken else f"{digit} {label}", right)
        targets.append(Target(name, face.rect, address, label, (face,), "button", row="head"))
        right = face.rect.left - look.gap
    return targets[::-1]


@lru_cache(maxsize=REMEMBERED)
def _face(look: Look, shown: str, right: float) -> Words:
    """What stands on a button of the title that ends at `right`; the button is as large as that."""
    high = min(look.header, look.quiet_line + look.gap)
    top = look.area.top + round((look.header - high) / 2)
    wide = round(text_width(look, Role.QUIET, shown) + 3 * look.gap)
    return words(look, Role.QUIET, shown, right - wide, top, wide, align="center", height=high)


def _row(look: Look, link: Link, rect: Rect) -> Target:
    """One row: its number, its title in at most two lines, a quiet note at the right end."""
    pad = look.gap + 6 if look.split else look.gap
    left = rect.left + pad + look.badge + 2 * look.gap
    right = rect.right - 2 * look.gap
    parts: list[Part] = list(
        badge(look, link.digit, rect.left + pad, rect.top + (rect.height - look.badge) / 2)
    )
    role = Role.ITEM_BOLD if link.strong else Role.ITEM
    note, note_width = _note(look, link, rect, left, right, role)
    if note:
        parts.append(
            words(
                look, Role.QUIET, note, right - note_width, rect.top, note_width, align="right",
                height=rect.height,
            )
        )  # fmt: skip
    room = right - left - (note_width + 2 * look.gap if note else 0)
    px, line, bold = font(look, role)
    lines, whole = shorten(link.title, room, px, 2, bold=bold)
    middle = rect.top + (rect.height - line * len(lines)) / 2
    parts.append(words(look, role, lines, left, middle, room, when="" if whole else "rest"))
    if not whole:
        parts.append(_whole(look, link.title, left, rect, right - left if not note else room))
    return Target(
        link.id, rect, link.href, link.title, tuple(parts), "row", row=link.id, section=link.section
    )


def _note(look: Look, link: Link, rect: Rect, left: float, right: float, role: Role) -> tuple[str, float]:
    """The note and its width; it gives way where the title needs the room on a small screen."""
    if not link.note:
        return "", 0.0
    space = right - left
    if link.strong:
        limit = space - text_width(look, role, link.title) - 4 * look.gap
    else:
        limit = space * (ABOUT_SHARE if link.noted else NOTE_SHARE)
        if not (look.split or link.noted):
            wanted = text_width(look, Role.QUIET, link.note) + 2
            if text_width(look, role, link.title) + wanted + 2 * look.gap > space:
                return "", 0.0
    return _fitting(look, link.note, limit) if limit >= look.quiet * 3 else ("", 0.0)


@lru_cache(maxsize=REMEMBERED)
def _fitting(look: Look, text: str, limit: float) -> tuple[str, float]:
    """A note as much of it as fits, and its width: most are days, and a list has the same ones again."""
    note = one_line(look, Role.QUIET, text, limit)
    return note, text_width(look, Role.QUIET, note) + 2


def _whole(look: Look, title: str, left: float, rect: Rect, room: float) -> Part:
    """The whole title in smaller letters, shown while the row has the focus."""
    px, line, _ = font(look, Role.SMALL)
    lines, _ = shorten(title, room, px, max(1, int(rect.height // line)))
    top = rect.top + (rect.height - line * len(lines)) / 2
    return words(look, Role.SMALL, lines, left, top, room, when="focus")
