"""The sheet as a PDF with the characters that it uses, and no others, in it."""

from __future__ import annotations

from pathlib import Path

import segno
from fpdf import FPDF

from portal.a4 import GREY, HEIGHT, INK, MM_PER_POINT, SAND, WIDTH
from portal.paper import FAMILY, new_pdf
from portal.sheet.make import Sheet
from portal.sheet.pages import CODE, LINE, LONGEST_CODE, MARGIN, Band, Kind, Layout, Placed, layout
from portal.text import text

GREEN = (28, 107, 72)
FOOT_SIZE = 11.0


def to_pdf(sheet: Sheet, locale: str, font: Path | None = None) -> bytes:
    """The sheet on A4.

    font    a TrueType or OpenType font; one of this machine where none is named
    raises  portal.paper.NoFont where there is none, or it cannot be read
    """
    pdf = new_pdf(sheet.title, locale, font)
    found = layout(sheet, _measure(pdf))
    for number, page in enumerate(found.pages, 1):
        pdf.add_page()
        if number == 1:
            _code(pdf, sheet)
        for placed in page:
            _draw(pdf, placed)
        _foot(pdf, sheet, found, number, locale)
    return bytes(pdf.output())


class _Measured(dict[str, float]):
    """Widths of characters in ems, each asked for once."""

    def __init__(self, pdf: FPDF) -> None:
        super().__init__()
        self._pdf = pdf
        pdf.set_font(FAMILY, size=100)

    def __missing__(self, character: str) -> float:
        # Whatever size the page is being written in, it is asked for in the one it was made with.
        self._pdf.set_font(FAMILY, size=100)
        self[character] = float(self._pdf.get_string_width(character)) / (100 * MM_PER_POINT)
        return self[character]

    def __call__(self, words: str) -> float:
        return sum(self[character] for character in words)


def _measure(pdf: FPDF) -> _Measured:
    return _Measured(pdf)


def _draw(pdf: FPDF, placed: Placed) -> None:
    band, y = placed.band, placed.y
    line = band.size * LINE * MM_PER_POINT
    left = MARGIN + band.indent
    match band.kind:
        case Kind.HEADING:
            pdf.set_fill_color(*GREEN)
            pdf.rect(MARGIN, y + line * 0.12, 1.6, band.height - line * 0.24, style="F")
            pdf.set_text_color(*GREEN)
            left += 4
        case Kind.NAMES:
            pdf.set_text_color(*GREY)
        case Kind.ROW:
            pdf.set_draw_color(*SAND)
            pdf.set_line_width(0.4)
            pdf.line(MARGIN, y + band.height + 1.3, WIDTH - MARGIN, y + band.height + 1.3)
            pdf.set_text_color(*GREY)
            for at, label in enumerate(band.lead.split("\n")):
                _line(pdf, label, MARGIN, y + at * line, band.size)
            pdf.set_text_color(*INK)
        case _:
            pdf.set_text_color(*INK)
    if band.boxed:
        _box(pdf, band, y)
    elif band.lead and band.kind is Kind.LINE:
        _line(pdf, band.lead, MARGIN + 1, y, band.size)
    for at, words in enumerate(band.lines):
        _line(pdf, words, left, y + at * line, band.size)


def _box(pdf: FPDF, band: Band, y: float) -> None:
    """A box to tick, as high as the letters beside it."""
    side = band.size * MM_PER_POINT * 0.95
    pdf.set_draw_color(*INK)
    pdf.set_line_width(0.45)
    pdf.rect(MARGIN + 1, y + (band.size * LINE * MM_PER_POINT - side) / 2, side, side)


def _line(
    pdf: FPDF, words: str, x: float, y: float, size: float, width: float = 0.0, align: str = "L"
) -> None:
    """One line, its letters in the middle of its height."""
    if words:
        pdf.set_font(FAMILY, size=size)
        pdf.set_xy(x, y)
        pdf.cell(width or WIDTH - x, size * LINE * MM_PER_POINT, words, align=align)


def _code(pdf: FPDF, sheet: Sheet) -> None:
    """The portal's page as a code, at the top right, with its quiet zone in the margin."""
    if not sheet.address or len(sheet.address) > LONGEST_CODE:
        return
    matrix = segno.make(sheet.address, error="m", micro=False).matrix
    side = CODE - 4
    module = side / len(matrix)
    left, top = WIDTH - MARGIN - side, MARGIN
    pdf.set_fill_color(0, 0, 0)
    for row, modules in enumerate(matrix):
        start = None
        for at, dark in enumerate((*modules, 0)):
            if dark and start is None:
                start = at
            elif not dark and start is not None:
                # A hair wider than it is: no white seam between two rows of a run.
                pdf.rect(left + start * module, top + row * module, (at - start) * module, module * 1.02, "F")
                start = None
    pdf.set_text_color(*INK)
    _line(pdf, sheet.scan, left, top + side + 0.5, 10.5, side, "C")


def _foot(pdf: FPDF, sheet: Sheet, found: Layout, number: int, locale: str) -> None:
    """Whom to ring, from when it is, and which page of how many."""
    top = HEIGHT - MARGIN - 15
    pdf.set_fill_color(*INK)
    pdf.rect(MARGIN, top, WIDTH - 2 * MARGIN, 0.4, style="F")
    pdf.set_text_color(*INK)
    _line(pdf, sheet.help, MARGIN, top + 2, 13)
    pdf.set_text_color(*GREY)
    _line(pdf, sheet.dates, MARGIN, top + 8.5, FOOT_SIZE)
    if len(found.pages) > 1:
        said = text(locale).gettext("第 {page} 页，共 {pages} 页").format(page=number, pages=len(found.pages))
        _line(pdf, said, MARGIN, top + 2, 13, WIDTH - 2 * MARGIN, "R")
