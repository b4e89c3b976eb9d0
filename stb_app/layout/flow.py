"""Chunks -> screens: text cut where a screen ends, pictures that fit, tables with their head again.

Nothing scrolls and nothing is clipped: what does not fit stands on the next screen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil

from portal.model import Block
from remote_nav.geometry import Rect
from stb_app.layout.chunks import Chunk, PictureChunk, RowChunk, TextChunk, chunks
from stb_app.layout.lines import Line, Span, break_spans, break_text, plain, shorten
from stb_app.layout.look import Look
from stb_app.layout.view import Bar, Part, Picture, Role, Words, font, words

MAX_SCREENS = 200
"""A body longer than this is cut; the longest law of the country has fewer."""

LOOK_AHEAD_CHARACTERS = 600
NARROWEST = 0.25
"""Of an em: few characters are narrower, and a line of nothing else is only a little short."""

LOOK_AHEAD_LINES = 6
"""A picture is drawn forward to the beginning of the screen on which its text would begin."""


@dataclass
class _Screen:
    """One screen being filled. Above `beside` a picture takes the right of it; `whole` is its width below."""

    left: float
    top: float
    width: float
    bottom: float
    parts: list[Part]
    whole: float = 0.0
    beside: float = 0.0

    @property
    def room(self) -> float:
        return self.bottom - self.top

    def lines(self, height: float, before: float = 0.0) -> int:
        """How many lines of that height fit, those beside the picture only where there is one."""
        fits = max(0, int((self.room - before + 0.01) // height))
        if not self.beside:
            return fits
        return min(fits, max(1, ceil((self.beside - self.top - before) / height)))

    def below_picture(self) -> bool:
        """Go on below the picture in the whole width; False where there is no picture beside."""
        if not self.beside:
            return False
        self.top = max(self.top, self.beside)
        self.width, self.beside = self.whole, 0.0
        return True


def flow(blocks: Iterable[Block], look: Look, first: Rect, others: Rect) -> list[tuple[Part, ...]]:
    """Lay blocks out on screens.

    first, others  where the body stands on the first screen and on all others
    returns        the parts of each screen; at least one screen, which may be empty
    """
    queue: deque[Chunk] = deque(chunks(blocks, look, first.width))
    screens: list[tuple[Part, ...]] = []
    while queue and len(screens) < MAX_SCREENS:
        area = others if screens else first
        screen = _Screen(area.left, area.top, area.width, area.bottom, [])
        _place_picture(screen, queue, look)
        _fill(screen, queue, look)
        screens.append(tuple(screen.parts))
    return screens or [()]


def _place_picture(screen: _Screen, queue: deque[Chunk], look: Look) -> None:
    """Take the picture that belongs to this screen, if there is one, and leave the rest for text."""
    at = _near_picture(screen, queue, look)
    if at is None:
        return
    chunk = queue[at]
    del queue[at]
    if not isinstance(chunk, PictureChunk):
        return
    if not queue or isinstance(queue[0], PictureChunk) or chunk.alone:
        _alone(screen, chunk, look)
    else:
        _beside(screen, chunk, look)


def _near_picture(screen: _Screen, queue: deque[Chunk], look: Look) -> int | None:
    """Index of the first picture whose text begins on this screen."""
    lines = 0.0
    limit = min(LOOK_AHEAD_LINES, screen.room / look.body_line)
    for at, chunk in enumerate(queue):
        if isinstance(chunk, PictureChunk):
            return at if at == 0 or not chunk.alone else None
        if isinstance(chunk, RowChunk):
            return None
        start, _ = _split(chunk.spans, LOOK_AHEAD_CHARACTERS)
        lines += len(break_spans(start, screen.width * 0.6, look.body))
        if lines > limit:
            return None
    return None


def _caption(chunk: PictureChunk, look: Look, width: float, lines: int) -> list[str]:
    if not chunk.caption:
        return []
    px, _, _ = font(look, Role.QUIET)
    return shorten(chunk.caption, width, px, lines)[0]


def _fit(chunk: PictureChunk, width: float, height: float) -> tuple[float, float]:
    scale = min(width / chunk.width, height / chunk.height)
    return max(1, round(chunk.width * scale)), max(1, round(chunk.height * scale))


def _beside(screen: _Screen, chunk: PictureChunk, look: Look) -> None:
    """The picture on the right, its words below it, the text on the left and, whole lines again, below."""
    caption = _caption(chunk, look, look.picture, 3)
    line = look.quiet_line
    width, height = _fit(chunk, look.picture, screen.room - line * len(caption) - look.gap)
    left = screen.left + screen.width - look.picture
    top = screen.top + round((look.body_line - look.body) / 2)
    height = min(height, round(screen.bottom - top - line * len(caption) - look.gap))
    screen.parts.append(Picture(Rect(left, top, width, height), chunk.media, chunk.alt))
    if caption:
        screen.parts.append(words(look, Role.QUIET, caption, left, top + height + look.gap, look.picture))
    screen.whole = screen.width
    screen.width -= look.picture + 4 * look.gap
    screen.beside = top + height + (look.gap + line * len(caption) if caption else look.gap)


def _alone(screen: _Screen, chunk: PictureChunk, look: Look) -> None:
    """A screen that is one picture."""
    caption = _caption(chunk, look, screen.width, 2)
    line = look.quiet_line
    width, height = _fit(chunk, screen.width, screen.room - line * len(caption) - look.gap)
    left = screen.left + round((screen.width - width) / 2)
    screen.parts.append(Picture(Rect(left, screen.top, width, height), chunk.media, chunk.alt))
    if caption:
        top = screen.top + height + look.gap
        screen.parts.append(words(look, Role.QUIET, caption, screen.left, top, screen.width, align="center"))
    screen.top = screen.bottom


def _fill(screen: _Screen, queue: deque[Chunk], look: Look) -> None:
    """Put as many chunks onto the screen as fit."""
    started = bool(screen.parts) and screen.room < look.body_line
    empty = True
    while queue and not started:
        if screen.top >= screen.beside:
            screen.below_picture()
        chunk = queue[0]
        if isinstance(chunk, PictureChunk):
            return
        done = (
            _put_text(screen, queue, chunk, look, empty)
            if isinstance(chunk, TextChunk)
            else _put_row(screen, queue, chunk, look, empty)
        )
        if not done and not screen.below_picture():
            return
        empty = False


def _put_text(screen: _Screen, queue: deque[Chunk], chunk: TextChunk, look: Look, empty: bool) -> bool:
    """Place a text or the part of it that fits; True where more may follow on this screen."""
    px, height, _ = font(look, chunk.role)
    before = 0 if empty else chunk.before
    fits = screen.lines(height, before)
    # Only what may stand on this screen is broken: a body of one endless paragraph costs no more a screen.
    room = screen.width - chunk.hang
    start, later = _split(chunk.spans, int((fits + 3) * room / (px * NARROWEST)) + 1)
    lines = break_spans(start, room, px, first=chunk.indent - chunk.hang)
    if chunk.keep and not empty and fits < len(lines) + _lines_wanted(queue, look):
        return False
    if fits < min(len(lines), 1):
        if not empty:
            return False
        fits = 1
    taken, rest = lines[:fits], lines[fits:]
    top = screen.top + before
    hang, indent = chunk.hang, chunk.indent - chunk.hang
    if chunk.marker and chunk.hang:
        screen.parts.append(words(look, chunk.role, chunk.marker, screen.left, top, chunk.hang))
    screen.parts.append(
        Words(
            Rect(screen.left + hang, top, screen.width - hang, height * len(taken)),
            tuple(taken),
            chunk.role,
            indent=indent if indent > 0 else 0,
        )
    )
    screen.top = top + height * len(taken)
    queue.popleft()
    if rest or later:
        spans = (*_joined(rest), *later)
        queue.appendleft(replace(chunk, spans=spans, indent=chunk.hang, before=0, marker="", keep=False))
        return False
    return True


def _split(spans: tuple[Span, ...], count: int) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Spans cut after `count` characters."""
    for at, span in enumerate(spans):
        if len(span.text) > count:
            first, second = Span(span.text[:count], span.strong), Span(span.text[count:], span.strong)
            return (*spans[:at], first), (second, *spans[at + 1 :])
        count -= len(span.text)
    return spans, ()


def _lines_wanted(queue: deque[Chunk], look: Look) -> int:
    """How many lines must stand below a heading for it not to be an orphan."""
    if len(queue) < 2:
        return 0
    follower = queue[1]
    return 1 if isinstance(follower, TextChunk) else 2 if isinstance(follower, RowChunk) else 0


def _joined(lines: list[Line]) -> tuple[Span, ...]:
    """Lines back to running text: a blank comes back where one stood between two Latin words."""
    spans: list[Span] = []
    for line in lines:
        if spans and line:
            before, after = spans[-1].text[-1:], plain(line)[:1]
            if before.isascii() and after.isascii() and before.isalnum() and after.isalnum():
                spans.append(Span(" "))
        spans.extend(line)
    return tuple(spans)


def _put_row(screen: _Screen, queue: deque[Chunk], chunk: RowChunk, look: Look, empty: bool) -> bool:
    """Place a row of a table, cut between lines only where it is higher than a whole screen."""
    if empty and chunk.head:
        for head in chunk.head:
            _draw_row(screen, replace(chunk, cells=head, is_head=True, head=()), look, screen.bottom)
    top = screen.top
    _, height = _cells(screen, chunk, look)
    if height > screen.room and not empty:
        return False
    rest = _draw_row(screen, chunk, look, screen.bottom)
    queue.popleft()
    if rest is not None:
        queue.appendleft(rest)
        return False
    return screen.top > top


def _row_roles(chunk: RowChunk) -> tuple[Role, Role]:
    """Roles of the first cell and of the others."""
    if chunk.labels:
        return Role.QUIET, Role.BODY
    return (Role.HEADING, Role.HEADING) if chunk.is_head else (Role.BODY, Role.BODY)


def _cells(screen: _Screen, chunk: RowChunk, look: Look) -> tuple[list[list[str]], float]:
    """The lines of each cell, and the height of the row in px."""
    first, others = _row_roles(chunk)
    broken: list[list[str]] = []
    highest = 0.0
    for at, (cell, wide) in enumerate(zip(chunk.cells, chunk.columns(screen.width), strict=True)):
        role = others if at else first
        px, _, bold = font(look, role) if chunk.labels else (look.quiet, 0, chunk.is_head)
        room = max(px * 1.5, wide - look.gap * 2)
        lines = break_text(cell, room, px, bold=bold)
        broken.append(lines)
        highest = max(highest, len(lines) * _row_line(chunk, look))
    return broken, highest + look.gap


def _row_line(chunk: RowChunk, look: Look) -> int:
    return look.body_line - look.gap if chunk.labels else look.quiet_line


def _draw_row(screen: _Screen, chunk: RowChunk, look: Look, bottom: float) -> RowChunk | None:
    """Draw a row; what does not fit comes back as a row for the next screen."""
    broken, _ = _cells(screen, chunk, look)
    line = _row_line(chunk, look)
    fits = max(1, int((bottom - screen.top - look.gap) // line))
    left, tallest = screen.left, 0
    first, others = _row_roles(chunk)
    for at, (lines, wide) in enumerate(zip(broken, chunk.columns(screen.width), strict=True)):
        shown = lines[:fits]
        tallest = max(tallest, len(shown))
        role = (others if at else first) if chunk.labels else Role.QUIET
        bold = chunk.is_head
        screen.parts.append(
            Words(
                Rect(left, screen.top, wide - look.gap * 2, line * len(shown)),
                tuple((Span(each, bold),) for each in shown),
                role,
                line_height=line,
            )
        )
        left += wide
    screen.top += tallest * line + look.gap
    rule = Rect(screen.left, screen.top - round(look.gap / 2) - 1, screen.width, 2)
    screen.parts.append(Bar(rule, "line"))
    if any(len(lines) > fits for lines in broken):
        rest = tuple("".join(lines[fits:]) for lines in broken)
        return replace(chunk, cells=rest)
    return None
