"""The week's figures on A4, with every denominator, bars, cards by unit and the week's topics."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fpdf import FPDF

from portal.a4 import GREY, HEIGHT, INK, PAPER, SAND, WIDTH
from portal.clean import clean
from portal.letters.board.bars import FILLS
from portal.letters.board.digest import Digest, Group, Measure
from portal.paper import FAMILY, new_pdf
from portal.text import Text

MARGIN = 15.0
INNER = WIDTH - 2 * MARGIN
BOTTOM = HEIGHT - 18.0
ROW = 8.0
HEAD_SIZE, BODY_SIZE, SMALL_SIZE = 20.0, 11.0, 9.0


def to_pdf(found: Digest, t: Text, city: str, font: Path | None = None) -> bytes:
    """The digest as a PDF.

    city     whose it is
    raises   portal.fonts.NoFont where there is no font with Chinese
    """
    return _Paper(found, t, city, font).made()


class _Paper:
    """One document while it is drawn; `_y` is where the next line goes, in millimetres."""

    def __init__(self, found: Digest, t: Text, city: str, font: Path | None) -> None:
        self._found, self._t, self._city = found, t, city
        self._pdf: FPDF = new_pdf(f"{city} {found.title} {found.week}", t.tag, font)
        self._y = 0.0

    def made(self) -> bytes:
        """Everything, in order."""
        found, t = self._found, self._t
        self._page()
        self._line(f"{self._city} {found.title}", HEAD_SIZE, 12)
        self._line(f"{found.week}  {found.made}", BODY_SIZE, 8, GREY)
        for each in found.summary:
            self._line(each, BODY_SIZE, 7)
        self._y += 2
        for at, measure in enumerate(found.total.measures):
            self._bar(measure, at)
        self._heading(t.gettext("各单位"))
        names = [measure.name for measure in found.total.measures]
        head = [t.gettext("单位"), t.gettext("收到"), *names]
        self._table(head, [self._unit(group) for group in (found.total, *found.units)])
        self._heading(t.gettext("督办"))
        head = [t.gettext("单位"), t.gettext("提醒"), t.gettext("黄牌"), t.gettext("红牌")]
        carded = [group for group in found.units if any(group.cards)]
        rows = [[group.name, *map(str, group.cards)] for group in (found.total, *carded)]
        self._table(head, rows)
        if found.topics:
            self._heading(t.gettext("本周热点"))
            self._table(
                [t.gettext("主题"), t.gettext("来信")], [[name, str(count)] for name, count in found.topics]
            )
        self._y += 3
        for each in found.explained:
            self._line(each, SMALL_SIZE, 5.5, GREY)
        return bytes(self._pdf.output())

    def _unit(self, group: Group) -> list[str]:
        return [group.name, str(group.received), *(measure.said for measure in group.measures)]

    def _page(self) -> None:
        self._pdf.add_page()
        self._y = MARGIN
        pages = self._pdf.page_no()
        self._pdf.set_text_color(*GREY)
        self._write(f"{self._city} {self._found.week} · {pages}", MARGIN, HEIGHT - 13, INNER, SMALL_SIZE)

    def _room(self, height: float) -> None:
        if self._y + height > BOTTOM:
            self._page()

    def _line(self, words: str, size: float, height: float, ink: tuple[int, int, int] = INK) -> None:
        self._room(height)
        self._pdf.set_text_color(*ink)
        self._write(words, MARGIN, self._y, INNER, size, height)
        self._y += height

    def _heading(self, words: str) -> None:
        self._room(11 + 2 * ROW)
        self._y += 4
        self._line(words, 13, 7)

    def _bar(self, measure: Measure, at: int) -> None:
        self._room(ROW)
        self._pdf.set_text_color(*INK)
        self._write(measure.name, MARGIN, self._y, 32, BODY_SIZE)
        left, room = MARGIN + 34, INNER - 34 - 36
        self._pdf.set_fill_color(*SAND)
        self._pdf.rect(left, self._y + 1.6, room, ROW - 3.2, style="F")
        if measure.share.part:
            self._pdf.set_fill_color(*FILLS[at % len(FILLS)])
            part = room * measure.share.part / measure.share.whole
            self._pdf.rect(left, self._y + 1.6, part, ROW - 3.2, style="F")
        self._write(measure.said, MARGIN + INNER - 34, self._y, 34, BODY_SIZE, align="R")
        self._y += ROW

    def _table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        first = INNER * (0.3 if len(head) > 2 else 0.7)
        rest = (INNER - first) / max(1, len(head) - 1)
        self._room(2 * ROW)
        self._cells(head, first, rest, dark=True)
        for at, row in enumerate(rows):
            if self._y + ROW > BOTTOM:
                self._page()
                self._cells(head, first, rest, dark=True)
            self._cells(row, first, rest, tint=bool(at % 2))

    def _cells(
        self, cells: Sequence[str], first: float, rest: float, *, dark: bool = False, tint: bool = False
    ) -> None:
        if dark or tint:
            self._pdf.set_fill_color(*(INK if dark else SAND))
            self._pdf.rect(MARGIN, self._y, INNER, ROW, style="F")
        self._pdf.set_text_color(*(PAPER if dark else INK))
        x = MARGIN
        for at, words in enumerate(cells):
            width = first if not at else rest
            self._write(words, x + 1.5, self._y, width - 3, 10, align="R" if at else "L")
            x += width
        self._y += ROW

    def _write(
        self, words: str, x: float, y: float, width: float, size: float, height: float = ROW, align: str = "L"
    ) -> None:
        """One line, smaller where it does not fit, cut where it would be too small."""
        words = clean(words)
        self._pdf.set_font(FAMILY, size=size)
        taken = self._pdf.get_string_width(words)
        if taken > width:
            self._pdf.set_font(FAMILY, size=max(size * width / taken, size * 0.6))
            whole = words
            while words and self._pdf.get_string_width(words) > width:
                words = whole[: len(words.removesuffix("…")) - 1] + "…"
        self._pdf.set_xy(x, y)
        self._pdf.cell(width, height, words, align=align)
