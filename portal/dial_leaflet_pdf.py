"""The leaflet as a PDF with the characters that it uses, and no others, in it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools.ttLib import (  # type: ignore[import-untyped]  # it carries no types
    TTCollection,
    TTFont,
    TTLibError,
)
from fpdf import FPDF

from portal.errors import PortalError

if TYPE_CHECKING:
    from portal.dial_leaflet import Leaflet

PLACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/System/Library/Fonts/PingFang.ttc",
)
KINDS = (b"\0\1\0\0", b"OTTO", b"true", b"ttcf")
"""How a TrueType or OpenType file begins."""

INKS = {
    "news": (154, 91, 0), "services": (28, 107, 72), "disclosure": (31, 94, 150), "interviews": (162, 57, 42),
}  # fmt: skip
INK, PAPER, SAND, GREY = (20, 32, 46), (255, 255, 255), (241, 238, 230), (74, 88, 102)
FAMILY = "leaflet"
WIDTH, HEIGHT, MARGIN, GAP = 210.0, 297.0, 10.0, 5.0
"""Millimetres of the paper, its margins, and between columns."""

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


class NoFont(PortalError):
    """There is no font with Chinese characters."""


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


def find_font() -> Path:
    """A font of this machine with Simplified Chinese. NoFont says how to get one."""
    for place in map(Path, PLACES):
        if place.exists():
            return place
    if command := shutil.which("fc-match"):
        ask = [command, "-f", "%{file}", "sans-serif:lang=zh-cn:charset=6211"]
        found = subprocess.run(ask, capture_output=True, check=False, timeout=10).stdout.decode()  # noqa: S603 - a fixed command
        if found and Path(found).exists() and _has_chinese(Path(found)):
            return Path(found)
    raise NoFont("no font with Chinese: install Debian's package fonts-noto-cjk, or name one with --font")


def to_pdf(leaflet: Leaflet, locale: str, font: Path | None = None) -> bytes:
    """The leaflet on A4.

    font    a TrueType or OpenType font; one of this machine where none is named
    raises  NoFont where there is none, or it cannot be read
    """
    path = font or find_font()
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_title(leaflet.title)
    pdf.set_lang(locale)
    try:
        with path.open("rb") as file:
            if file.read(4) not in KINDS:
                raise NoFont(f"{path} cannot be used as a font: it is neither TrueType nor OpenType")
        pdf.add_font(FAMILY, "", path, collection_font_number=_face(path, locale))
    except (OSError, TTLibError, ValueError, KeyError) as error:
        raise NoFont(f"{path} cannot be used as a font: {error}") from error
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


def _face(path: Path, locale: str) -> int:
    """Which face of a collection has the forms of the locale."""
    if path.suffix.lower() not in (".ttc", ".otc"):
        return 0
    wanted = "TC" if locale == "zh-Hant" else "SC"
    with TTCollection(str(path), lazy=True) as faces:
        names = [str(face["name"].getDebugName(1) or "").split() for face in faces.fonts]
    return next((at for at, name in enumerate(names) if wanted in name and "Mono" not in name), 0)


def _has_chinese(path: Path) -> bool:
    try:
        with TTFont(str(path), fontNumber=0, lazy=True) as face:
            return 0x6211 in face.getBestCmap()
    except (OSError, TTLibError):
        return False
