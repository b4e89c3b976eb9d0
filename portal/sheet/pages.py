"""A sheet -> bands on pages: as large as fits on one page, and no row cut between two.

Pure: how wide a character is comes as an argument, everything else is arithmetic. Lengths in
millimetres, sizes of letters in points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from portal.a4 import HEIGHT, MM_PER_POINT, WIDTH
from portal.sheet.make import Lines, Mark, Sheet

Width = Callable[[str], float]
"""How wide a text is, in ems."""

LARGEST, SMALLEST = 17.0, 12.0
"""Body sizes that are tried, in points. Smaller is not read without glasses."""

STEP = 0.5
MARGIN = 15.0
CODE = 34.0
"""Side of the code at the top right."""

TOP = MARGIN
FOOT = 20.0
BOTTOM = HEIGHT - MARGIN - FOOT
LINE = 1.4
"""Height of a line, in letters."""

MOST_PAGES = 30
LONGEST_CODE = 400
"""Characters of an address that a code of this size still carries legibly."""

LABEL_EMS = 6.4
MARK_EMS = 1.8

_GLUED = re.compile(
    r"[(（《〈“‘「『【\[]*"
    r"(?:[A-Za-z0-9À-ɏ@#%&+./:_~-]+|\S)"
    r"[)）》〉”’」』】\],，.。、；;：:！!？?…—]*|\s+"
)
"""What a line is broken between: words and numbers whole, no line begins with a closing mark or ends with an
opening one (GB/T 15834 5.1)."""


class Kind(StrEnum):
    """What a band is."""

    TITLE = "title"
    NAMES = "names"
    HEADING = "heading"
    LINE = "line"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Band:
    """What stands on one page whole. `lead` stands before its lines: a box, a number, a label.

    size   of its letters        before  millimetres above it        keeps  stays with the band after it
    """

    kind: Kind
    lines: tuple[str, ...]
    size: float
    lead: str = ""
    indent: float = 0.0
    before: float = 0.0
    keeps: bool = False
    boxed: bool = False

    @property
    def height(self) -> float:
        """Millimetres without what is above it."""
        return len(self.lines) * self.size * LINE * MM_PER_POINT


@dataclass(frozen=True, slots=True)
class Placed:
    """A band where it stands; `y` from the top of the paper."""

    band: Band
    y: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The pages of a sheet, and the size of its body."""

    pages: tuple[tuple[Placed, ...], ...]
    size: float


def layout(sheet: Sheet, width: Width) -> Layout:
    """The sheet as large as it fits on one page; where it does not, small and on several."""
    size = LARGEST
    while size > SMALLEST:
        pages = _poured(bands(sheet, width, size), _head_bottom(sheet))
        if len(pages) == 1:
            return Layout(pages, size)
        size -= STEP
    return Layout(_poured(bands(sheet, width, SMALLEST), _head_bottom(sheet)), SMALLEST)


def bands(sheet: Sheet, width: Width, size: float) -> list[Band]:
    """All bands of a sheet with a body of that size."""
    room = WIDTH - 2 * MARGIN
    beside = room - CODE - 6 if sheet.address else room
    found = [Band(Kind.TITLE, _lines(sheet.title, beside, size * 1.6, width), size * 1.6, keeps=True)]
    for said in filter(None, (sheet.names, sheet.number)):
        found.append(Band(Kind.NAMES, _lines(said, beside, size, width), size, before=1.5))
    if sheet.bring is not None:
        found += _list(sheet.bring, room, size, width)
    indent = LABEL_EMS * size * MM_PER_POINT
    for at, row in enumerate(sheet.rows):
        label = _lines(row.label, indent - 2, size, width)
        lines = _lines(row.value, room - indent, size, width)
        lines += ("",) * (len(label) - len(lines))
        found.append(Band(Kind.ROW, lines, size, "\n".join(label), indent, before=5.0 if at == 0 else 2.6))
    for lines_of in sheet.after:
        found += _list(lines_of, room, size, width)
    return found


def _list(lines: Lines, room: float, size: float, width: Width) -> Iterator[Band]:
    yield Band(
        Kind.HEADING, _lines(lines.title, room - 4, size * 1.1, width), size * 1.1, before=5.5, keeps=True
    )
    indent = MARK_EMS * size * MM_PER_POINT
    for at, line in enumerate(lines.lines, 1):
        lead = f"{at}." if lines.mark is Mark.NUMBER else "" if lines.mark is Mark.BOX else "·"
        broken = _lines(line, room - indent, size, width)
        yield Band(Kind.LINE, broken, size, lead, indent, before=1.6, boxed=lines.mark is Mark.BOX)


def _lines(text: str, room: float, size: float, width: Width) -> tuple[str, ...]:
    return tuple(broken(text, room / (size * MM_PER_POINT), width)) or ("",)


def broken(text: str, room: float, width: Width) -> Iterator[str]:
    """A text in lines of at most `room` ems; what the origin broke stays broken."""
    for paragraph in filter(str.strip, text.splitlines()):
        line, taken = "", 0.0
        for piece in _pieces(paragraph.strip(), room, width):
            wide = width(piece)
            if line and taken + width(piece.rstrip()) > room:
                yield line.rstrip()
                line, taken = "", 0.0
                if piece.isspace():
                    continue
            line, taken = line + piece, taken + wide
        if line.strip():
            yield line.rstrip()


def _pieces(text: str, room: float, width: Width) -> Iterator[str]:
    """What stays together on a line; a piece wider than a line falls into its characters."""
    for found in _GLUED.finditer(text):
        if width(found.group()) <= room:
            yield found.group()
        else:
            yield from found.group()


def _head_bottom(sheet: Sheet) -> float:
    """Where the first page's body may begin, whatever the title: below the code."""
    return TOP + CODE + 6 if sheet.address else TOP


def _poured(found: Sequence[Band], head: float) -> tuple[tuple[Placed, ...], ...]:
    """Bands on pages; a heading goes with what it is of, a band higher than a page is cut between lines."""
    pages: list[list[Placed]] = [[]]
    y = TOP
    queue = [part for band in found for part in _cut(band)]
    for at, band in enumerate(queue):
        above = band.before if pages[-1] else 0.0
        if len(pages) == 1 and band.kind not in (Kind.TITLE, Kind.NAMES):
            y = max(y, head - above)
        together = band.height + above
        if band.keeps and at + 1 < len(queue):
            together += queue[at + 1].before + queue[at + 1].height
        if y + together > BOTTOM and pages[-1]:
            if len(pages) == MOST_PAGES:
                break
            pages.append([])
            y, above = TOP, 0.0
        y += above
        pages[-1].append(Placed(band, y))
        y += band.height
    return tuple(tuple(page) for page in pages)


def _cut(band: Band) -> Iterator[Band]:
    """A band in parts that a page can hold: nearly always itself."""
    most = max(1, int((BOTTOM - TOP - CODE - 30) / (band.size * LINE * MM_PER_POINT)))
    if len(band.lines) <= most:
        yield band
        return
    for start in range(0, len(band.lines), most):
        first = start == 0
        lead = band.lead if first else ""
        yield replace(band, lines=band.lines[start : start + most], lead=lead, boxed=band.boxed and first)
