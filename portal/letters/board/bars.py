"""Shares as a picture of bars, for a television, a phone and a telephone of two colours. Pure but for the
font.

A picture's name says everything that stands on it, so it is kept for ever and drawn without asking anybody:
ba55, the language, then part and whole of each of the four shares, in hexadecimal.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
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
NAME = rf"{MARK}[0-2][0-9a-f]{{{8 * len(MEASURES)}}}"
"""What a picture's name looks like; longer than any name of the mirror's pictures."""

MOST = 0xFFFF
NARROW = 200
"""Pixels below which the names of the bars stand beside the picture only."""

NAME_SHARE = 0.42
"""Of the width, at most, for the names of bars."""

WIDTH, HEIGHT = 640, 216
"""The shape in which pages ask for it."""

INK, GREY, GROUND, RAIL = (20, 32, 46), (74, 88, 102), (255, 255, 255), (214, 208, 194)
FILLS = ((31, 94, 150), (28, 107, 72), (154, 91, 0), (162, 57, 42))
FORMATS = {"png": "PNG", "jpg": "JPEG", "gif": "GIF"}
MAX_SIDE = 1920

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def name(shares: Sequence[Share], locale: str) -> str:
    """The name of the picture of these shares; counts above 65535 are shown in proportion."""
    return f"{MARK}{LOCALES.index(locale)}" + "".join(
        f"{part:04x}{whole:04x}" for part, whole in (_fitting(share) for share in shares)
    )


def parse(written: str) -> tuple[str, tuple[Share, ...]]:
    """Language and shares of a name. NotFound for what is none."""
    if not re.fullmatch(NAME, written):
        raise NotFound(f"no picture {written[:80]}")
    numbers = [int(written[at : at + 4], 16) for at in range(len(MARK) + 1, len(written), 4)]
    shares = tuple(Share(part, whole) for part, whole in zip(numbers[::2], numbers[1::2], strict=True))
    if any(share.part > share.whole for share in shares):
        raise NotFound(f"no picture {written}")
    return LOCALES[int(written[len(MARK)])], shares


def picture(written: str, width: int, height: int, ending: str) -> bytes:
    """The picture of a name, width x height px. NotFound for a name, size or format that nobody asks for."""
    locale, shares = parse(written)
    names = [text(locale).gettext(word) for _, word in MEASURES]
    return encoded(names, shares, width, height, ending, locale)


def encoded(
    names: Sequence[str], shares: Sequence[Share], width: int, height: int, ending: str, locale: str
) -> bytes:
    """Bars as the octets of a picture. NotFound for a size or format that nobody asks for."""
    if not (16 <= width <= MAX_SIDE and 12 <= height <= MAX_SIDE):
        raise NotFound(f"no pictures of {width}x{height}")
    drawn = draw(names, shares, width, height, locale)
    if ending == "wbmp":
        return encode_wbmp(drawn, width, height)
    if ending not in FORMATS:
        raise NotFound(f"no pictures as {ending}")
    out = io.BytesIO()
    if ending == "jpg":
        # Baseline, and without subsampling: letters on a television stay sharp.
        drawn.save(out, "JPEG", quality=88, subsampling=0, optimize=True)
    else:
        drawn.quantize(32).save(out, FORMATS[ending], optimize=True)
    return out.getvalue()


def draw(
    names: Sequence[str], shares: Sequence[Share], width: int, height: int, locale: str = LOCALES[0]
) -> Image.Image:
    """Bars below one another: name, rail with its filled part, the share in figures."""
    image = Image.new("RGB", (width, height), GROUND)
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
    many = len(shares) > len(FILLS)
    for at, share in enumerate(shares):
        middle = row * (at + 0.5)
        high = max(3.0, row * 0.24)
        if not narrow:
            pen.text((0, middle), names[at], INK, font=font, anchor="lm")
        pen.rectangle((left, middle - high, left + room - 1, middle + high), RAIL, GREY)
        if share.whole and share.part:
            filled = max(2.0, room * share.part / share.whole)
            pen.rectangle((left, middle - high, left + filled - 1, middle + high), FILLS[0 if many else at])
        pen.text((width - 1, middle), figures[at], INK, font=font, anchor="rm")
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
