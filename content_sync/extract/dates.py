"""Dates as Chinese pages write them.

    2024年3月5日 09:30    2024-03-05 09:30:11    2024/3/5    2024.03.05    二〇二四年三月五日    20240305
A time may be written with a ratio sign (10∶08). Moments come out as `YYYY-MM-DD[ HH:MM]`.
"""

from __future__ import annotations

import re
from datetime import date

_NUMERALS = {character: str(value) for value, row in enumerate(
    ("〇○零Ｏ0０", "一1１", "二2２", "三3３", "四4４", "五5５", "六6６", "七7７", "八8８", "九9９")
) for character in row}  # fmt: skip

MOMENT = re.compile(
    r"(?<![\d.])((?:19|20)\d\d)\s?(?:年|[-‐－–—/.])\s?(\d{1,2})\s?(?:月|[-‐－–—/.])\s?(\d{1,2})(?!\d)\s?日?"
    r"(?:[T\s,，(（]*(?:星期[一二三四五六日天][\s)）]*)?"
    r"([01]?\d|2[0-3])\s?[:：∶時时点點]\s?([0-5]\d)(?!\d)(?:\s?[:：∶分]\s?[0-5]\d)?)?"
)
_SPELT = re.compile(
    r"([一二][〇○零Ｏ九一二三四五六七八]{3})年([一二三四五六七八九十]{1,2})"
    r"月([一二三四五六七八九十]{1,3})日"
)
_ADDRESSES = (
    re.compile(r"/((?:19|20)\d\d)[-/_](\d{1,2})[-/_](\d{1,2})(?=[/_.-])"),
    re.compile(r"[/_t]((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_.-])"),
    re.compile(r"/((?:19|20)\d\d)-?(0[1-9]|1[0-2])[-/](0[1-9]|[12]\d|3[01])(?=[/_.-])"),
)
PLACEHOLDERS = frozenset(("1900-01-01", "1970-01-01", "2000-11-30", "1999-11-30", "1753-01-01"))
"""What systems print for "no date"."""


def moments(text: str) -> list[tuple[int, int, str]]:
    """Every date of a text as (begin, end, moment)."""
    return [
        (found.start(), found.end(), moment)
        for found in MOMENT.finditer(text)
        if (moment := _moment(*found.groups()))
    ]


def first_moment(text: str) -> str:
    """The first date of a text, "" where there is none; spelt-out years count too."""
    for found in MOMENT.finditer(text):
        if moment := _moment(*found.groups()):
            return moment
    if spelt := _SPELT.search(text):
        year, month, day = spelt.groups()
        return _moment("".join(_NUMERALS[digit] for digit in year), str(_ten(month)), str(_ten(day)))
    return ""


def from_address(url: str) -> str:
    """The day that an address names (/art/2024/10/14/, t20210713_9468077.html), else ""."""
    path = (
        url.partition("?")[0].partition("//")[2].partition("/")[2] if "//" in url else url.partition("?")[0]
    )
    for pattern in _ADDRESSES:
        if (found := pattern.search("/" + path)) and (moment := _moment(*found.groups())):
            return moment
    return ""


def day_of(moment: str) -> str:
    """The day of a moment."""
    return moment[:10]


def _moment(year: str, month: str, day: str, hour: str | None = None, minute: str | None = None) -> str:
    try:
        read = date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
    return f"{read} {int(hour):02}:{minute}" if hour and minute else read


def _ten(numeral: str) -> int:
    """One to thirty-one, spelt."""
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return int(_NUMERALS[numeral[0]])
    return 10 * (int(_NUMERALS[tens[0]]) if tens else 1) + (int(_NUMERALS[ones[0]]) if ones else 0)
