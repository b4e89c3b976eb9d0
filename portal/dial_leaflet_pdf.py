"""The leaflet as a PDF with the characters that it uses, and no others, in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fpdf import FPDF

from portal.a4 import GREY, HEIGHT, INK, PAPER, SAND, WIDTH
from portal.paper import FAMILY, new_pdf

if TYPE_CHECKING:
    from portal.dial_leaflet import Leaflet

INKS = {
    "news": (154, 91, 0), "services": (28, 107, 72), "disclosure": (31, 94, 150), "interviews": (162, 57, 42),
}  # fmt: skip
MARGIN, GAP = 10.0, 5.0
"""Millimetres of the margins, and between columns."""

LEAST_WIDTH = 8.0
"""Millimetres below which nothing is written."""

SMALLER = 0.78
"""How much smaller a line is written before it is shortened."""

LARGEST = 1.6
"""How much larger than it is written here the leaflet gets where there is room."""

KEPT_TOGETHER = (2, 1, 0)
"""Lines that follow a section's, a group's and an entry's line into its column, by level."""

TOP = 38.0
BOTTOM = HEIGHT - 22.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a column: `level` 0 a section, 1 a group, 2 an entry; `tint` is every second entry."""

    level: int
    number: str
    name: str
    section: str
    note: str = ""
    tint: bool = False

    @property
    def height(self) -> float:
        """Millimetres that it takes."""
        return (11.0, 8.0, 6.3)[self.level]


@dataclass(frozen=True, slots=True)
class Stood:
    """A line where it stands: `y` in millimetres from the top of the paper."""

    line: Line
    side: int
    column: int
    y: float


def to_pdf(leaflet: Leaflet, locale: str, font: Path | None = None) -> bytes:
    """The leaflet on A4.

    font    a TrueType or OpenType font; one of this machine where none is named
    raises  NoFont where there is none, or it cannot be read
    """
    pdf = new_pdf(leaflet.title, locale, font)
    _sides(pdf, leaflet, list(_columns(leaflet)), 3)
    if leaflet.matters:
        _sides(pdf, leaflet, list(_matters(leaflet)), 2)
    return bytes(pdf.output())


def _columns(leaflet: Leaflet) -> Iterator[Line]:
    for block in leaflet.blocks:
        yield Line(0, block.number, block.name, block.section)
        for group in block.groups:
            if group.name:
                yield Line(1, group.number, group.name, block.section)
            for at, entry in enumerate(group.entries):
                yield Line(2, entry.number, entry.name, block.section, tint=bool(at % 2))


def _matters(leaflet: Leaflet) -> Iterator[Line]:
    yield Line(0, "", leaflet.matters_title, "services")
    for at, entry in enumerate(leaflet.matters):
        yield Line(2, entry.number, entry.name, "services", entry.note, bool(at % 2))


def _sides(pdf: FPDF, leaflet: Leaflet, lines: Sequence[Line], columns: int) -> None:
    """Draw lines on as few sides as they take, and as large as they fit there."""
    if not lines:
        _new_side(pdf, leaflet)
        return
    fewest = _poured(lines, columns, 1.0)[-1].side
    scale = next(
        scale
        for scale in (LARGEST - step / 50 for step in range(200))
        if _poured(lines, columns, scale)[-1].side == fewest
    )
    width = (WIDTH - 2 * MARGIN - GAP * (columns - 1)) / columns
    side = -1
    for at in _poured(lines, columns, scale):
        if at.side > side:
            side = at.side
            _new_side(pdf, leaflet)
        _draw(pdf, at.line, MARGIN + at.column * (width + GAP), at.y, width, scale)


def _poured(lines: Sequence[Line], columns: int, scale: float) -> list[Stood]:
    """Where each line stands; a heading never stands last in a column."""
    stood: list[Stood] = []
    place, y = 0, TOP
    for at, line in enumerate(lines):
        behind = sum(each.height for each in lines[at + 1 : at + 1 + KEPT_TOGETHER[line.level]])
        if y + (line.height + behind) * scale > BOTTOM and y > TOP:
            place, y = place + 1, TOP
        stood.append(Stood(line, place // columns, place % columns, y))
        y += line.height * scale
    return stood


def _new_side(pdf: FPDF, leaflet: Leaflet) -> None:
    pdf.add_page()
    pdf.set_text_color(*INK)
    _write(pdf, leaflet.title, MARGIN, 10, WIDTH - 2 * MARGIN, 11, 24)
    _write(pdf, leaflet.how, MARGIN, 23, WIDTH - 2 * MARGIN, 7, 12.5)
    pdf.set_fill_color(*INK)
    pdf.rect(MARGIN, 33, WIDTH - 2 * MARGIN, 1, style="F")
    pdf.rect(MARGIN, HEIGHT - 19, WIDTH - 2 * MARGIN, 0.4, style="F")
    _write(pdf, leaflet.foot, MARGIN, HEIGHT - 17, WIDTH - 2 * MARGIN, 8, 13)


def _draw(pdf: FPDF, line: Line, x: float, y: float, width: float, scale: float) -> None:
    """One line at its place, everything in it `scale` times as large as it is written here."""
    ink, high = INKS.get(line.section, INK), line.height * scale
    if line.level == 0:
        pdf.set_fill_color(*ink)
        pdf.rect(x, y + 1.2 * scale, width, 8.6 * scale, style="F")
        pdf.set_text_color(*PAPER)
        _write(pdf, line.name, x + 2, y + 1.2 * scale, width - 20 * scale, 8.6 * scale, 14.5 * scale)
        _write(
            pdf,
            line.number,
            x + width - 20 * scale,
            y + 1.2 * scale,
            18 * scale,
            8.6 * scale,
            16 * scale,
            "R",
        )
    elif line.level == 1:
        pdf.set_text_color(*ink)
        _write(pdf, line.name, x + 2, y + scale, width - 20 * scale, 6.6 * scale, 12.5 * scale)
        _write(
            pdf, line.number, x + width - 20 * scale, y + scale, 18 * scale, 6.6 * scale, 13.5 * scale, "R"
        )
        pdf.set_fill_color(*ink)
        pdf.rect(x, y + 7.4 * scale, width, 0.4, style="F")
    else:
        if line.tint:
            pdf.set_fill_color(*SAND)
            pdf.rect(x, y, width, high, style="F")
        inner = x + 2 + (4 + 2.6 * len(line.number)) * scale
        pdf.set_text_color(*ink)
        _write(pdf, line.number, x + 2, y, inner - x, high, 13.5 * scale)
        pdf.set_text_color(*INK)
        used = _write(pdf, line.name, inner, y, x + width - inner - 1, high, 12 * scale)
        pdf.set_text_color(*GREY)
        room = x + width - inner - used - 3
        _write(pdf, _fitting(pdf, line.note, room, 9.5 * scale), inner + used + 2, y, room, high, 9.5 * scale)


def _fitting(pdf: FPDF, names: str, width: float, size: float) -> str:
    """As many everyday names as fit whole."""
    pdf.set_font(FAMILY, size=size * SMALLER)
    parts = names.split("、")
    while parts and pdf.get_string_width("、".join(parts)) > width:
        parts.pop()
    return "、".join(parts)


def _write(
    pdf: FPDF, words: str, x: float, y: float, width: float, height: float, size: float, align: str = "L"
) -> float:
    """Write one line, smaller or shortened where it does not fit; the width that it took.

    size  in points
    """
    if not words or width < LEAST_WIDTH:
        return 0.0
    pdf.set_font(FAMILY, size=size)
    taken = pdf.get_string_width(words)
    if taken > width:
        pdf.set_font(FAMILY, size=max(size * width / taken, size * SMALLER))
        whole = words
        while words and pdf.get_string_width(words) > width:
            words = whole[: len(words.removesuffix("…")) - 1] + "…"
    pdf.set_xy(x, y)
    pdf.cell(width, height, words, align=align)
    return float(pdf.get_string_width(words))
