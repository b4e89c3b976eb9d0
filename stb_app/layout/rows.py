"""A list page on a screen: numbered rows of one height, the focus on one of them."""

from __future__ import annotations

from remote_nav.geometry import Key, Rect
from remote_nav.keymap import Action
from stb_app.layout.frame import badge, legend, one_line, text_width, title_bar
from stb_app.layout.lines import break_text, shorten
from stb_app.layout.look import Look
from stb_app.layout.view import Part, PlainLink, Role, Target, View, font, words
from stb_app.pages import Link, Rows

BACK_DIGIT, BEFORE_DIGIT, AFTER_DIGIT = "8", "7", "9"
NOTE_SHARE = 0.34


def view(page: Rows, look: Look, focus: str = "") -> View:
    """Place a list page. `focus` is the id of a row; unknown or "" is the first row.

    A focus of "-" asks for the last row: one comes from the page after this one.
    """
    area = look.area
    place = f"{page.page} / {page.pages}" if page.pages > 1 else ""
    right = "　".join(part for part in (place, page.number) if part)
    back = _back(page, look)
    taken = area.right - back.rect.left + 2 * look.gap
    parts: list[Part] = list(title_bar(look, page.title, right, page.section, taken))
    top = area.top + look.header + 2 * look.gap
    targets: list[Target] = []
    for at, link in enumerate(page.rows):
        rect = Rect(area.left, top + at * (look.row + look.gap), area.width, look.row)
        targets.append(_row(look, link, rect))
    if not targets:
        parts.append(words(look, Role.BODY, page.empty, area.left, top, area.width))
    links = _turning(page, look)
    parts += legend(look, page.legend, taken=area.right - links[-1].rect.left + look.quiet if links else 0.0)
    ids = [target.id for target in targets] or [back.id]
    targets.append(back)
    if focus == "-":
        focus = ids[-1]
    exits: dict[tuple[str, Key], str] = {}
    shortcuts = {Action(link.digit): link.href for link in page.rows}
    if page.before:
        exits[ids[0], Key.UP] = _with_focus(page.before, "-")
        shortcuts |= {Action(BEFORE_DIGIT): page.before, Action.PAGE_UP: page.before}
    if page.after:
        exits[ids[-1], Key.DOWN] = page.after
        shortcuts |= {Action(AFTER_DIGIT): page.after, Action.PAGE_DOWN: page.after}
    shortcuts[Action(BACK_DIGIT)] = page.back
    return View(
        title=page.title,
        look=look,
        section=page.section,
        targets=tuple(targets),
        focus=focus if focus in ids else ids[0],
        parts=tuple(parts),
        links=links,
        exits=exits,
        shortcuts=shortcuts,
        back=page.back,
    )


def _with_focus(address: str, focus: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}f={focus}"


def _back(page: Rows, look: Look) -> Target:
    """The way back at the right end of the title: not every remote has the key for it."""
    label = f"{BACK_DIGIT} {page.back_label}"
    wide = round(text_width(look, Role.QUIET, label) + 3 * look.gap)
    high = min(look.header, look.quiet_line + look.gap)
    top = look.area.top + round((look.header - high) / 2)
    rect = Rect(look.area.right - wide, top, wide, high)
    inside = words(look, Role.QUIET, label, rect.left, rect.top, wide, align="center", height=high)
    return Target("back", rect, page.back, page.back_label, (inside,), "button", row="head")


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
    wanted = text_width(look, Role.QUIET, link.note) + 2
    title = text_width(look, role, link.title)
    if link.strong:
        limit = space - title - 4 * look.gap
    else:
        limit = space * NOTE_SHARE
        if not look.split and title + wanted + 2 * look.gap > space:
            return "", 0.0
    if limit < look.quiet * 3:
        return "", 0.0
    note = one_line(look, Role.QUIET, link.note, limit)
    return note, text_width(look, Role.QUIET, note) + 2


def _whole(look: Look, title: str, left: float, rect: Rect, room: float) -> Part:
    """The whole title in smaller letters, shown while the row has the focus."""
    px, line, _ = font(look, Role.SMALL)
    lines = break_text(title, room, px)[: max(1, int(rect.height // line))]
    top = rect.top + (rect.height - line * len(lines)) / 2
    return words(look, Role.SMALL, lines, left, top, room, when="focus")


def _turning(page: Rows, look: Look) -> tuple[PlainLink, ...]:
    """Links to the pages before and after, for boxes without script; the arrow keys do the same."""
    links: list[PlainLink] = []
    area = look.area
    right = area.right
    top = area.bottom - look.legend
    for label, address, digit in (
        (page.after_label, page.after, AFTER_DIGIT),
        (page.before_label, page.before, BEFORE_DIGIT),
    ):
        if not address:
            continue
        shown = f"{digit} {label}"
        size = text_width(look, Role.QUIET, shown) + 2
        rect = Rect(right - size, top, size, look.legend)
        links.append(
            PlainLink(rect, address, words(look, Role.QUIET, shown, rect.left, top, size, height=look.legend))
        )
        right -= size + look.quiet
    return tuple(links)
