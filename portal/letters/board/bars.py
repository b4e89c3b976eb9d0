"""Shares as a picture of bars, for a television, a phone and a telephone of two colours. Pure but for the
font.

A picture's name says everything that stands on it, so it is kept for ever and drawn without asking anybody:
ba55, the language (and 3 more for a dark ground), then part and whole of each share, in hexadecimal.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from portal.errors import NotFound
from portal.fonts import NoFont, find_font
from portal.http.wbmp import encode_wbmp
from portal.letters.board.digest import MEASURES
from portal.letters.board.figures import Share
from portal.paper import face
from portal.text import LOCALES, text

MARK = "ba55"
NAME = rf"{MARK}[0-5][0-9a-f]{{{8 * len(MEASURES)}}}"
"""What a picture's name looks like; longer than any name of the mirror's pictures."""

MOST = 0xFFFF
NARROW = 200
"""Pixels below which the names of the bars stand beside the picture only."""

NAME_SHARE = 0.46
"""Of the width, at most, for the names of bars."""

WIDTH, HEIGHT = 640, 216
"""The shape in which pages ask for it."""

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of a picture: words, the rail of a bar and its edge, the ground, and the bars."""

    ink: Colour
    edge: Colour
    rail: Colour
    ground: Colour
    fills: tuple[Colour, ...]


FILLS = ((31, 94, 150), (28, 107, 72), (154, 91, 0), (162, 57, 42))
LIGHT = Inks((20, 32, 46), (74, 88, 102), (214, 208, 194), (255, 255, 255), FILLS)
DARK = Inks(
    (245, 241, 232),
    (70, 92, 115),
    (35, 53, 75),
    (13, 25, 38),
    ((110, 174, 232), (96, 190, 146), (240, 178, 84), (238, 138, 120)),
)
"""Those of the television's pages."""

FORMATS = {"png": "PNG", "jpg": "JPEG", "gif": "GIF"}
MAX_SIDE = 1920

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def name(shares: Sequence[Share], locale: str, *, dark: bool = False) -> str:
    """The name of the picture of these shares; counts above 65535 are shown in proportion."""
    return f"{MARK}{ground_of(locale, dark=dark)}" + "".join(
        f"{part:04x}{whole:04x}" for part, whole in (_fitting(share) for share in shares)
    )


def ground_of(locale: str, *, dark: bool) -> int:
    """The digit of a language and a ground."""
    return LOCALES.index(locale) + (len(LOCALES) if dark else 0)


def ground(digit: int) -> tuple[str, bool]:
    """Language and whether the ground is dark, of such a digit."""
    return LOCALES[digit % len(LOCALES)], digit >= len(LOCALES)


def parse(written: str) -> tuple[int, tuple[Share, ...]]:
    """The digit of the ground, and the shares, of a name. NotFound for what is none."""
    if not re.fullmatch(NAME, written):
        raise NotFound(f"no picture {written[:80]}")
    numbers = [int(written[at : at + 4], 16) for at in range(len(MARK) + 1, len(written), 4)]
    shares = tuple(Share(part, whole) for part, whole in zip(numbers[::2], numbers[1::2], strict=True))
    if any(share.part > share.whole for share in shares):
        raise NotFound(f"no picture {written}")
    return int(written[len(MARK)]), shares


def picture(written: str, width: int, height: int, ending: str) -> bytes:
    """The picture of a name, width x height px. NotFound for a name, size or format that nobody asks for."""
    digit, shares = parse(written)
    names = [text(ground(digit)[0]).gettext(word) for _, word in MEASURES]
    return encoded(names, shares, width, height, ending, digit)


def encoded(
    names: Sequence[str], shares: Sequence[Share], width: int, height: int, ending: str, digit: int = 0
) -> bytes:
    """Bars as the octets of a picture. NotFound for a size or format that nobody asks for."""
    if not (16 <= width <= MAX_SIDE and 12 <= height <= MAX_SIDE):
        raise NotFound(f"no pictures of {width}x{height}")
    locale, dark = ground(digit)
    drawn = draw(names, shares, width, height, locale, DARK if dark else LIGHT)
    if ending == "wbmp":
        return encode_wbmp(drawn, width, height)
    if ending not in FORMATS:
        raise NotFound(f"no pictures as {ending}")
    out = io.BytesIO()
    if ending == "jpg":
        # Baseline, and without subsampling: letters on a television stay sharp.
        drawn.save(out, "JPEG", quality=80, subsampling=0, optimize=True)
    else:
        drawn.quantize(32).save(out, FORMATS[ending], optimize=True)
    return out.getvalue()


def draw(
    names: Sequence[str], shares: Sequence[Share], width: int, height: int, locale: str, inks: Inks
) -> Image.Image:
    """Bars below one another: name, rail with its filled part, the share in figures."""
    image = Image.new("RGB", (width, height), inks.ground)
    pen = ImageDraw.Draw(image)
    row = height / max(1, len(shares))
    narrow = width < NARROW
    size = max(8, round(min(row * (0.9 if narrow else 0.5), width / 16)))
    font = _font(size, locale)
    figures = [_figures(share, short=narrow) for share in shares]
    gap = max(2, size // 3)
    names = [_shortened(each, pen, font, width * NAME_SHARE) for each in names]
    left = 0 if narrow else max((pen.textlength(each, font=font) for each in names), default=0.0) + gap
    right = max((pen.textlength(each, font=font) for each in figures), default=0.0) + gap
    room = max(8.0, width - left - right)
    many = len(shares) > len(inks.fills)
    for at, share in enumerate(shares):
        middle = row * (at + 0.5)
        high = max(3.0, row * 0.24)
        if not narrow:
            pen.text((0, middle), names[at], inks.ink, font=font, anchor="lm")
        pen.rectangle((left, middle - high, left + room - 1, middle + high), inks.rail, inks.edge)
        if share.whole and share.part:
            filled = max(2.0, room * share.part / share.whole)
            pen.rectangle(
                (left, middle - high, left + filled - 1, middle + high), inks.fills[0 if many else at]
            )
        pen.text((width - 1, middle), figures[at], inks.ink, font=font, anchor="rm")
    return image


def _shortened(name: str, pen: ImageDraw.ImageDraw, font: Font, room: float) -> str:
    whole = name
    while len(name) > 1 and pen.textlength(name, font=font) > room:
        name = whole[: len(name.removesuffix("…")) - 1] + "…"
    return name


def _figures(share: Share, *, short: bool) -> str:
    percent = share.percent
    if percent is None:
        return "-"
    return f"{percent:.0f}%" if short else f"{share.part}/{share.whole}  {percent:.0f}%"


def _fitting(share: Share) -> tuple[int, int]:
    if share.whole <= MOST:
        return share.part, share.whole
    return share.part * MOST // share.whole, MOST


@lru_cache(maxsize=32)
def _font(size: int, locale: str) -> Font:
    try:
        path = find_font()
        return ImageFont.truetype(str(path), size, index=face(path, locale))
    except (NoFont, OSError):
        # Figures and bars are right without Chinese; the names stand in the page as text too.
        return ImageFont.load_default(size)
