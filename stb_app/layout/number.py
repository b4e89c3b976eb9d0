"""The number box on a screen: a pad of keys on the left, what is typed and what it means beside it.

Digits always extend what is typed; arrows and OK choose. The best match has the focus, so that
digits and OK are enough; without digits on the remote the pad does the same with six keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from remote_nav.geometry import Rect
from remote_nav.keymap import Action
from stb_app.layout.frame import one_line, text_width, title_bar
from stb_app.layout.lines import Line, Span, break_text, shorten
from stb_app.layout.look import Look
from stb_app.layout.view import Bar, Part, Role, Target, View, Words, font, words
from stb_app.pages import Field, Link, NumberBox

PAD_SHARE = 0.4
COLUMNS = 3
LONGEST_LINE = 200
"""Characters, more than stand on any line of a hit."""

FIELD = "q"
"""The field for a keyboard; the same name in its address."""


def view(page: NumberBox, look: Look, focus: str = "") -> View:
    """Place the number box; the first match has the focus, or the pad while nothing is typed."""
    area = look.area
    parts: list[Part] = list(title_bar(look, page.title, _count(look, page), None))
    top = area.top + look.header + 2 * look.gap
    widest = look.gap + max(
        max(text_width(look, Role.QUIET, key.note), text_width(look, Role.ITEM, key.title))
        for key in page.keys
    )
    pad_width = max(area.width * PAD_SHARE, COLUMNS * widest + (COLUMNS - 1) * look.gap)
    pad = Rect(area.left, top, round(pad_width), area.bottom - top)
    targets = _pad(page, look, pad)
    left = pad.right + 2 * look.gap
    width = area.right - left
    if page.field is not None:
        targets.append(_field(look, page.field, Rect(left, top, width, look.button)))
        top += look.button + look.gap
    field = Rect(left, top, width, look.button)
    parts.append(Bar(field, "surface"))
    inner = Rect(left + 2 * look.gap, top, width - 4 * look.gap, look.button)
    top += look.button + look.gap
    if page.digits:
        shown = one_line(look, Role.ITEM_BOLD, " ".join(page.digits), inner.width)
        parts.append(
            words(look, Role.ITEM_BOLD, shown, inner.left, inner.top, inner.width, height=look.button)
        )
    if not page.hits:
        # What leads on comes before what is only said.
        room = area.bottom - top - _least(look, page.more, width)
        top += _said(look, page.empty if page.digits else page.hint, Rect(left, top, width, room), parts)
    chosen = page.hits or page.more
    targets += _hits(look, chosen, Rect(left, top, width, area.bottom - top))
    ids = [target.id for target in targets]
    return View(
        title=page.title,
        look=look,
        section=None,
        targets=tuple(targets),
        focus=focus if focus in ids else page.hits[0].id if page.hits else "k5",
        parts=tuple(parts),
        shortcuts={Action(key.digit): key.href for key in page.keys if key.digit},
        back=page.back,
    )


def _count(look: Look, page: NumberBox) -> str:
    """How many there are; how to make them fewer stands there only where the title is whole beside it."""
    needed = text_width(look, Role.TITLE, page.title) + text_width(look, Role.QUIET, page.count)
    fits = look.bar + 4 * look.gap + needed + 2 <= look.area.width
    return page.count if fits else page.count_short or page.count


def _said(look: Look, sentence: str, rect: Rect, parts: list[Part]) -> int:
    """A quiet sentence in as many lines as there is room for; how high it is."""
    px, line, _ = font(look, Role.QUIET)
    most = int((rect.height - look.gap) // line)
    if most < 1:
        return 0
    lines, _ = shorten(sentence, rect.width, px, most)
    parts.append(words(look, Role.QUIET, lines, rect.left, rect.top, rect.width))
    return line * len(lines) + look.gap


def _field(look: Look, field: Field, rect: Rect) -> Target:
    return Target(
        FIELD, rect, field.action, field.label, style="field", group="hits", value=field.value, field=True
    )


def _hits(look: Look, hits: Sequence[Link], rect: Rect) -> list[Target]:
    """Rows below each other, as many as fit; a name that needs them has two lines, in smaller letters.

    Each is as high as a row of a list where there is room.
    """
    if not hits:
        return []
    gap = look.gap if look.split else look.gap - 1
    high = _heights(look, hits, rect.width)
    if _below(high, gap) > rect.height:
        # Rather all that was found, with names cut, than whole names of some.
        high = _heights(look, [replace(hit, note="") for hit in hits], rect.width)
    while _below(high, gap) > rect.height:
        high.pop()
    if not high:
        return []
    spare = (rect.height - _below(high, gap)) / len(high)
    targets: list[Target] = []
    top = rect.top
    for hit, least in zip(hits, high, strict=False):
        height = int(min(least + spare, max(least, look.row * 0.86)))
        targets.append(_hit(look, hit, Rect(rect.left, round(top), rect.width, height)))
        top += height + gap
    return targets


def _below(high: Sequence[float], gap: float) -> float:
    """How high rows are, one below the other."""
    return sum(high) + gap * (len(high) - 1)


def _heights(look: Look, hits: Sequence[Link], width: float) -> list[int]:
    """The least height of each row."""
    _, line, _ = font(look, Role.ITEM)
    _, small, _ = font(look, Role.SMALL)
    return [line if _fits(look, hit, width) else 2 * small for hit in hits]


def _least(look: Look, hits: Sequence[Link], width: float) -> float:
    """The least height of all rows, one below the other."""
    return sum(_heights(look, hits, width)) + look.gap * len(hits)


def _fits(look: Look, hit: Link, width: float) -> bool:
    """Whether the names of a hit stand on one line, its number beside them."""
    return text_width(look, Role.ITEM_BOLD, _names(hit)) <= _room(look, hit, width)


def _room(look: Look, hit: Link, width: float) -> float:
    """What the number to press leaves for the names: a name may be cut, the number never is."""
    note = _noted(look, hit)
    return width - 4 * look.gap - (note + 2 * look.gap if note else 0)


def _noted(look: Look, hit: Link) -> float:
    """The width of the number to press, 0 where there is none."""
    return text_width(look, Role.QUIET, hit.note) + 2 if hit.note else 0


def _names(hit: Link) -> str:
    """The everyday name by which it was found, and its title."""
    return f"{hit.meant} {hit.title}" if hit.meant and hit.meant != hit.title else hit.title


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
                look, Role.QUIET, key.note, rect.left, top + line, rect.width, align="center"
            )
        )  # fmt: skip
    return Target(
        key.id, rect, key.href, f"{key.title} {key.note}".strip(), tuple(parts), "button", group="pad"
    )


def _hit(look: Look, hit: Link, rect: Rect) -> Target:
    """The name by which it was found, in bold where that is an everyday one, and its official one.

    Where the name is not whole beside its number, that stands beside the first line alone.
    """
    left, right, names = rect.left + 2 * look.gap, rect.right - 2 * look.gap, _names(hit)
    role = Role.ITEM if _fits(look, hit, rect.width) else Role.SMALL
    px, line, _ = font(look, role)
    room, note = _room(look, hit, rect.width), _noted(look, hit)
    most = max(1, int(rect.height // line))
    lines, whole = shorten(names, room, px, most, bold=True)
    apart = bool(note) and not whole and most > 1
    if apart:
        first = break_text(names[:LONGEST_LINE], room, px, bold=True, last=0)[0]
        rest = names.removeprefix(first).strip()
        lines = [first, *shorten(rest, right - left, px, most - 1, bold=True)[0]]
    top = rect.top + (rect.height - line * len(lines)) / 2
    spans: list[Line] = [(Span(text),) for text in lines]
    said = names.removesuffix(hit.title)
    if said and lines[0].startswith(said):
        spans[0] = (Span(said, strong=True), Span(lines[0][len(said) :]))
    beside = len(lines) if not apart else 1
    parts: list[Part] = [Words(Rect(left, top, room, line * beside), tuple(spans[:beside]), role)]
    if apart:
        below = Rect(left, top + line, right - left, line * (len(lines) - 1))
        parts.append(Words(below, tuple(spans[1:]), role))
    if note:
        at, high = (top, line) if apart else (rect.top, rect.height)
        parts.append(words(look, Role.QUIET, hit.note, right - note, at, note, align="right", height=high))
    return Target(hit.id, rect, hit.href, hit.title, tuple(parts), "row", group="hits", section=hit.section)
