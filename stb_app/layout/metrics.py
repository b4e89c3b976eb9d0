"""How wide text is, without a screen to ask.

Chinese is easy: a full-width character is one em on every box. For Latin letters the tables hold the
advance widths of Noto Sans CJK SC (hmtx table, thousandths of an em), which is wider than the
fonts of cable boxes, so that what fits here fits there.
"""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import east_asian_width

REGULAR = (
    224,
    323,
    474,
    555,
    555,
    921,
    680,
    278,
    338,
    338,
    467,
    555,
    278,
    347,
    278,
    392,
    555,
    555,
    555,
    555,
    555,
    555,
    555,
    555,
    555,
    555,
    278,
    278,
    555,
    555,
    555,
    474,
    946,
    608,
    657,
    638,
    688,
    589,
    552,
    689,
    728,
    293,
    535,
    646,
    543,
    812,
    723,
    742,
    633,
    742,
    635,
    596,
    599,
    721,
    575,
    878,
    573,
    531,
    603,
    338,
    392,
    338,
    555,
    559,
    606,
    563,
    618,
    510,
    620,
    554,
    325,
    564,
    607,
    275,
    275,
    552,
    284,
    926,
    610,
    606,
    620,
    620,
    388,
    468,
    377,
    607,
    521,
    802,
    498,
    521,
    475,
    338,
    270,
    338,
    555,
)

BOLD = (
    227,
    370,
    574,
    590,
    590,
    963,
    740,
    325,
    378,
    378,
    507,
    590,
    325,
    370,
    325,
    387,
    590,
    590,
    590,
    590,
    590,
    590,
    590,
    590,
    590,
    590,
    325,
    325,
    590,
    590,
    590,
    514,
    1007,
    641,
    681,
    656,
    714,
    615,
    585,
    717,
    757,
    330,
    568,
    686,
    578,
    853,
    749,
    770,
    667,
    770,
    682,
    624,
    625,
    748,
    619,
    915,
    627,
    580,
    613,
    378,
    387,
    378,
    590,
    567,
    626,
    591,
    644,
    527,
    644,
    581,
    372,
    597,
    640,
    304,
    306,
    604,
    315,
    964,
    641,
    626,
    644,
    644,
    436,
    495,
    421,
    637,
    576,
    863,
    562,
    574,
    511,
    378,
    296,
    378,
    590,
)
"""Advance widths of U+0020 to U+007E, in thousandths of an em."""

MOST_KNOWN = 30_000
"""Characters whose widths are remembered: all that a city's pages have."""

NARROW = {"—": 1000, "–": 600, "°": 420, "\u00a0": 250, "\u200b": 0, "\ufeff": 0}
"""Characters outside ASCII that need a width of their own. The dash is drawn two em long in pairs."""


def width(text: str, px: float, bold: bool = False) -> float:
    """The width of a line of text in px at a font size of `px`."""
    return em_width(text, bold) * px / 1000


def em_width(text: str, bold: bool = False) -> int:
    """The width of a line of text in thousandths of an em."""
    return sum(widths(text, bold))


def widths(text: str, bold: bool = False) -> Iterator[int]:
    """The width of each character of a text in thousandths of an em."""
    return map((_BOLD if bold else _REGULAR).__getitem__, text)


class _Widths(dict[str, int]):
    """The widths of characters in one weight, each found out once."""

    def __init__(self, latin: tuple[int, ...]) -> None:
        super().__init__(zip(map(chr, range(32, 127)), latin, strict=True))

    def __missing__(self, char: str) -> int:
        width = other_width(char)
        if len(self) < MOST_KNOWN:
            self[char] = width
        return width


def other_width(char: str) -> int:
    """The width of one character outside ASCII, in thousandths of an em."""
    if char in NARROW:
        return NARROW[char]
    if east_asian_width(char) in "WFA":
        return 1000
    return 0 if char < " " else 700


_REGULAR, _BOLD = _Widths(REGULAR), _Widths(BOLD)
