"""Blocks -> chunks: what the flow can cut into screens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.model import Attachment, Block, Exchange, Heading, Image, List, Paragraph, Table
from stb_app.layout.lines import Span
from stb_app.layout.look import Look
from stb_app.layout.metrics import width
from stb_app.layout.view import Role

INDENT_EMS = 2
"""A Chinese paragraph begins two characters in."""

LONGEST_CELL = 2_000
MOST_ROWS = 2_000
"""No table that anybody reads on a television has longer cells or more rows."""

LABEL_SHARE = 0.36
"""The most of the width that the label column of a table of labels and values may take."""


@dataclass(frozen=True, slots=True)
class TextChunk:
    """Running text: `indent` of the first line, `hang` of all others, `before` is space above, in px."""

    spans: tuple[Span, ...]
    role: Role
    indent: int = 0
    hang: int = 0
    before: int = 0
    keep: bool = False
    marker: str = ""


LEAST_EMS = 3.5
"""Letters that a column of a table has room for, if it needs it."""


@dataclass(frozen=True, slots=True)
class RowChunk:
    """One row of a table; `head` are the rows to repeat where a screen begins inside the table.

    shares  of the width, one a column      label  px that the first column needs where it holds labels
    needs   px below which no column goes as long as the others have more
    """

    cells: tuple[str, ...]
    shares: tuple[float, ...]
    label: float = 0.0
    is_head: bool = False
    head: tuple[tuple[str, ...], ...] = ()
    needs: tuple[float, ...] = ()

    @property
    def labels(self) -> bool:
        """Whether it is a label and its value."""
        return bool(self.label)

    def columns(self, room: float) -> list[float]:
        """The widths of the columns in `room` px, which may be less than was thought: labels stay whole."""
        if not self.label:
            return _divided(self.shares, self.needs, room)
        first = max(self.shares[0] * room, min(self.label, room * LABEL_SHARE))
        return [first, room - first]


PLANS = "/map/"
"""How the address of a drawn plan begins; it is drawn in the size of its place."""


DRAWN = ("ba55", "ba56")
"""How the names of bars begin (`portal.letters.board.bars`)."""


@dataclass(frozen=True, slots=True)
class PictureChunk:
    """A picture and the words below it; `alone`: on a screen of its own, where its words are large enough."""

    media: str
    width: int
    height: int
    caption: str
    alt: str

    @property
    def alone(self) -> bool:
        """Whether it is a plan or a chart of ours, which has words in it."""
        return self.media.startswith((PLANS, *DRAWN))


Chunk = TextChunk | RowChunk | PictureChunk


def chunks(blocks: Iterable[Block], look: Look, room: float) -> list[Chunk]:
    """The chunks of a body, for lines of `room` px."""
    return [chunk for block in blocks for chunk in _of(block, look, room)]


def _of(block: Block, look: Look, room: float) -> Iterator[Chunk]:
    space = look.gap
    match block:
        case Heading(text):
            yield TextChunk((Span(text, True),), Role.HEADING, before=2 * space, keep=True)
        case Paragraph(runs):
            spans = tuple(Span(run.text, run.strong) for run in runs if run.text)
            if any(span.text.strip() for span in spans):
                yield TextChunk(_lstrip(spans), Role.BODY, indent=INDENT_EMS * look.body)
        case List(items, ordered):
            for number, item in enumerate(items, 1):
                marker = f"{number}." if ordered else "·"
                hang = round(width(marker if ordered else "一", look.body) + look.body * 0.3)
                yield TextChunk((Span(item),), Role.BODY, indent=hang, hang=hang, marker=marker)
        case Table():
            yield from _table(block, look, room)
        case Image(media=media) if media:
            yield PictureChunk(media, block.width or 3, block.height or 2, block.caption, block.alt)
        case Image() | Attachment() | Exchange():
            # Pages word attachments and exchanges in the viewer's language before they come here;
            # a picture that the mirror could not get has its words in its neighbours.
            return


def _lstrip(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    first = spans[0]
    return (Span(first.text.lstrip(), first.strong), *spans[1:])


def _table(table: Table, look: Look, room: float) -> Iterator[Chunk]:
    if table.caption:
        yield TextChunk((Span(table.caption, True),), Role.HEADING, before=look.gap, keep=True)
    if not table.rows:
        return
    columns = max(len(row) for row in table.rows)
    cut = [tuple(cell[:LONGEST_CELL] for cell in row) for row in table.rows[:MOST_ROWS]]
    rows = [row + ("",) * (columns - len(row)) for row in cut]
    head, body = tuple(rows[: table.head]), rows[table.head :]
    if columns == 1:
        for (cell,) in rows:
            yield TextChunk((Span(cell),), Role.BODY)
        return
    if columns == 2 and not head:
        yield from _labels(rows, look, room)
        return
    # The rows of the head are bold, and wider for it.
    natural = [
        max(width(row[column], look.quiet, at < len(head)) for at, row in enumerate(rows)) + look.quiet
        for column in range(columns)
    ]
    shares = _shares(natural, look, room)
    if shares is None:
        yield from _records(head, body, look)
        return
    needs = tuple(min(size, look.quiet * LEAST_EMS) for size in natural)
    for row in head:
        yield RowChunk(row, shares, is_head=True, needs=needs)
    for row in body:
        yield RowChunk(row, shares, head=head, needs=needs)


def _labels(rows: list[tuple[str, ...]], look: Look, room: float) -> Iterator[Chunk]:
    """A table of labels and values: the labels stand quiet in a column of their own."""
    widest = max(width(label, look.quiet) for label, _ in rows)
    first = min(widest + look.quiet, room * LABEL_SHARE) / room
    for row in rows:
        yield RowChunk(row, (first, 1 - first), label=widest + look.quiet)


def _divided(shares: tuple[float, ...], needs: tuple[float, ...], room: float) -> list[float]:
    """Columns of these shares in `room` px, beside a picture for one: what would be too narrow gets what it
    needs of the others, if they have it."""
    sizes = [share * room for share in shares]
    short = {at: need for at, need in enumerate(needs) if sizes[at] < need}
    rest, spare = room - sum(short.values()), sum(size for at, size in enumerate(sizes) if at not in short)
    if not short or rest < sum(need for at, need in enumerate(needs) if at not in short):
        return sizes
    return [short[at] if at in short else size * rest / spare for at, size in enumerate(sizes)]


def _shares(natural: list[float], look: Look, room: float) -> tuple[float, ...] | None:
    """How columns of these widths divide the room; None where they would become too narrow to read."""
    least = look.quiet * LEAST_EMS
    if len(natural) * least > room:
        return None
    if sum(natural) <= room:
        spare = (room - sum(natural)) / len(natural)
        return tuple((size + spare) / room for size in natural)
    # Narrow columns keep what they need; the wide ones share the rest.
    fair = room / len(natural)
    narrow = {at: size for at, size in enumerate(natural) if size <= fair}
    rest = room - sum(narrow.values())
    wide = sum(size**0.5 for at, size in enumerate(natural) if at not in narrow)
    sizes = [narrow[at] if at in narrow else rest * size**0.5 / wide for at, size in enumerate(natural)]
    return tuple(size / room for size in sizes) if min(sizes) >= min(least, *natural) else None


def _records(head: tuple[tuple[str, ...], ...], body: list[tuple[str, ...]], look: Look) -> Iterator[Chunk]:
    """A table that is too wide for the screen, row by row as "label: value" lines."""
    labels = head[-1] if head else ("",) * len(body[0]) if body else ()
    for row in body:
        first = True
        for label, cell in zip(labels, row, strict=True):
            if not cell.strip():
                continue
            spans = (Span(f"{label}：", True), Span(cell)) if label else (Span(cell),)
            yield TextChunk(spans, Role.BODY, before=look.gap if first else 0, keep=first)
            first = False
