"""Text -> lines of a given width, by the rules of Chinese typesetting.

A line never begins with a closing mark, never ends with an opening one, and never breaks a word or
a number (GB/T 15834-2011 5.1.8 to 5.1.11 for where punctuation may stand). What is read as one thing
stays on one line where a line can hold it: 8:30—12:00, 11月24日, 1600个, 0543—1234567, the presses 5 9.
A paragraph does not end in a line of a single character.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import floor

from stb_app.layout.metrics import em_width, widths

NOT_FIRST = frozenset("，。、；：？！）】》〉」』〕］｝”’…—～·％‰℃,.;:?!)]}%/々〇")
NOT_LAST = frozenset("（【《〈「『〔［｛“‘([{￥$#＃")
_WORD = r"[A-Za-z0-9０-９][A-Za-z0-9０-９.,:：/@+&'_\-]*[A-Za-z0-9０-９%％℃]"
_REST = r"[—…]{2}|\s+|."
_NUMBER = r"[0-9０-９](?:[0-9０-９.,:：/\-]*[0-9０-９])?"
_UNIT = (
    r"(?:[万亿]?元|平方米|公里|千米|厘米|毫米|小时|分钟|个?工作日|个月|年级|号楼|"
    r"[万亿年月日号个岁户台件本次天路米度吨层楼人名家条项种级分点时周折%％℃])"
)
_TOKEN = re.compile(
    # a day; an area code and its number; digits pressed one after another;
    r"\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日|[（(]0\d{2,3}[）)]\d{5,8}|"
    r"(?<![0-9])[0-9](?: [0-9])+(?![0-9A-Za-z])|"
    # from one number to another, a number with its unit;
    rf"{_NUMBER}(?:[—–~～至]{{1,2}}{_NUMBER})+{_UNIT}?|{_NUMBER}{_UNIT}|"
    # a word, a pair of marks, blanks, a character
    rf"{_WORD}|{_REST}",
    re.S,
)
_PIECE = re.compile(rf"{_WORD}|{_REST}", re.S)
"""What is wider than a line is broken into these instead."""

LEAST_LAST = 2_000
"""Thousandths of an em: a last line that is no wider gets company from the line before."""

LEAST_LINE = 8_000
"""Lines narrower than this, in thousandths of an em, have none to give."""

WIDEST = 1_010
"""Thousandths of an em: no character is wider, in either weight."""

ELLIPSIS = "…"

CUT_SLACK = 100
"""Thousandths of an em that a line which is cut anyway leaves free: browsers round what each letter takes."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a line in one weight."""

    text: str
    strong: bool = False


Line = tuple[Span, ...]


def plain(line: Line) -> str:
    """The text of a line."""
    return "".join(span.text for span in line)


def break_text(
    text: str, width: float, px: float, *, bold: bool = False, first: float = 0.0, last: int = LEAST_LAST
) -> list[str]:
    """Break plain text into lines of at most `width` px; `first` px of the first line are taken."""
    return list(_broken(text, width, px, bold, first, last))


@lru_cache(maxsize=20_000)
def _broken(text: str, width: float, px: float, bold: bool, first: float, last: int) -> tuple[str, ...]:
    """Labels and buttons are broken again and again."""
    spans = (Span(text, bold),)
    return tuple(plain(line) for line in break_spans(spans, width, px, first=first, last=last))


def break_spans(
    spans: Sequence[Span], width: float, px: float, *, first: float = 0.0, last: int = LEAST_LAST
) -> list[Line]:
    """Break spans into lines.

    width    of the lines, in px            px      font size
    first    px that the first line lacks (its indent)
    last     thousandths of an em: no last line is narrower that could have more of the line before it
    returns  at least one line; a word wider than the whole line is cut, everything else is not
    """
    limit = width * 1000 / px
    breaking = _Breaking(spans, limit, limit - first * 1000 / px)
    return [breaking.line(at) for at in breaking.lines(last)]


def shorten(
    text: str, width: float, px: float, lines: int = 1, *, bold: bool = False
) -> tuple[list[str], bool]:
    """At most `lines` lines of a text, the last one ending in … where something was left out.

    returns  (lines, whether the text is whole)
    """
    kept, whole = _shortened(text, width, px, lines, bold)
    return list(kept), whole


@lru_cache(maxsize=20_000)
def _shortened(text: str, width: float, px: float, lines: int, bold: bool) -> tuple[tuple[str, ...], bool]:
    limit = width * 1000 / px
    if len(text) * WIDEST <= limit and text.isprintable() and not text[-1:].isspace():
        # Many titles need no more of a look than this.
        return (text,), True
    # As many characters as the narrowest of letters could need; a title may be as long as it likes.
    text = text[: int((lines + 1) * width / px * 5) + 50]
    breaking = _Breaking((Span(text, bold),), limit, limit)
    if len(breaking.filled) <= lines:
        return tuple(breaking.text_of(at) for at in breaking.lines(LEAST_LAST)), True
    kept = [breaking.text_of(at) for at in breaking.lines(0)[:lines]]
    limit -= em_width(ELLIPSIS, bold) + CUT_SLACK
    last = kept[-1]
    while last and (em_width(last, bold) > limit or last[-1] in NOT_LAST):
        last = last[:-1]
    kept[-1] = last.rstrip() + ELLIPSIS
    return tuple(kept), False


_NAME = re.compile(r"[^\s、]+、?")
"""One of several names: what stands between blanks, or up to the mark between items of a list."""


def names(text: str, width: float, px: float, *, bold: bool = False) -> list[str] | None:
    """Lines of names one after another (身份证户口、驾照车辆) that each stand on one line.

    None where there is only one name, or where one is wider than a line of `width` px.
    """
    room = width * 1000 / px
    found = _NAME.findall(text)
    if len(found) < 2 or any(em_width(name.removesuffix("、"), bold) > room for name in found):
        return None
    between = " " if any(map(str.isspace, text)) else ""
    lines = [found[0]]
    for name in found[1:]:
        # A mark is followed by no blank, as it was not in the text.
        joined = f"{lines[-1]}{'' if lines[-1].endswith('、') else between}{name}"
        if em_width(joined.removesuffix("、"), bold) <= room:
            lines[-1] = joined
        else:
            lines.append(name)
    # Where a line has no room for its mark, the end of the line says as much.
    return [line if em_width(line, bold) <= room else line.removesuffix("、") for line in lines]


def shorten_names(
    text: str, width: float, px: float, lines: int = 1, *, bold: bool = False
) -> tuple[list[str], bool]:
    """As `shorten`, but of several names each stays whole: what there is no room for is left out."""
    found = names(text, width, px, bold=bold)
    if found is None:
        return shorten(text, width, px, lines, bold=bold)
    if len(found) <= lines:
        return found, True
    kept = found[:lines]
    room = width * 1000 / px - CUT_SLACK
    last = _NAME.findall(kept[-1])
    while len(last) > 1 and em_width(_cut_short(last), bold) > room:
        last.pop()
    if em_width(_cut_short(last), bold) > room:
        return shorten(text, width, px, lines, bold=bold)
    return [*kept[:-1], _cut_short(last)], False


def _cut_short(found: Sequence[str]) -> str:
    """Names of which more follow."""
    text = found[0]
    for name in found[1:]:
        text += ("" if text.endswith("、") else " ") + name
    return text.removesuffix("、") + ELLIPSIS


At = tuple[int, int]
"""A line: the places in `_Breaking.breaks` at which it begins and ends."""


class _Breaking:
    """A text, the places where it may be broken, and the lines that are as full as they can be.

    limit, room  width of the lines and of the first one, in thousandths of an em
    """

    def __init__(self, spans: Sequence[Span], limit: float, room: float) -> None:
        # U+200B and its kind have no width and no place on a screen.
        self._parts = [(span.text.replace("\n", " ").replace("\r", ""), span.strong) for span in spans]
        self.text = "".join(text for text, _ in self._parts)
        self._limit = limit
        self._to = [0]  # the width of the text up to each character
        for text, strong in self._parts:
            self._to += accumulate(widths(text, strong), initial=self._to.pop())
        self.breaks = [0, len(self.text)]
        self._sums = [0, self._to[-1]]
        if self._to[-1] <= room:
            self.filled: list[At] = [(0, 1)]
            return
        self.breaks = list(self._may_break())
        self._sums = [self._to[at] for at in self.breaks]
        self.filled = self._fill(room)

    def _may_break(self) -> Iterator[int]:
        """Where the text may be broken, its beginning and its end among them."""
        at = 0
        for text, _ in self._parts:
            for token in _tokens(text, self._limit):
                if not at or not (token[0] in NOT_FIRST or self.text[at - 1] in NOT_LAST):
                    yield at
                at += len(token)
        yield at

    def _fill(self, room: float) -> list[At]:
        lines: list[At] = []
        at, whole = 0, floor(self._limit)
        most = floor(room)
        while at < len(self.breaks) - 1:
            blank = self.text[self.breaks[at] : self.breaks[at + 1]].isspace()
            if blank and lines:
                at += 1
                continue
            end = bisect_right(self._sums, self._sums[at] + most, at + 1) - 1
            if end == at and not blank:
                for _ in range(self._cut(at, most)):
                    lines.append((at, at + 1))
                    at, most = at + 1, whole
                end = bisect_right(self._sums, self._sums[at] + most, at + 1) - 1
            end = max(end, at + 1)
            lines.append((at, end))
            at, most = end, whole
        return lines

    def _cut(self, at: int, most: int) -> int:
        """Cut what stands between two breaks, and is wider than a line, into the longest pieces that are not;
        how many breaks that makes."""
        start, stop = self.breaks[at : at + 2]
        places = []
        while self._to[stop] - self._to[start] > most:
            cut = max(start + 1, bisect_right(self._to, self._to[start] + most, start, stop) - 1)
            if cut >= stop:
                break
            places.append(cut)
            start = cut
        self.breaks[at + 1 : at + 1] = places
        self._sums[at + 1 : at + 1] = [self._to[place] for place in places]
        return len(places)

    def lines(self, last: int) -> list[At]:
        """The lines, where the last one has company if it is hardly more than a character."""
        if self._limit < LEAST_LINE or len(self.filled) < 2:
            return self.filled
        *others, (start, stop), (begin, end) = self.filled
        sums = self._sums
        size, left = sums[end] - sums[begin], sums[stop] - sums[start]
        while size <= last and stop - start > 1:
            size = sums[end] - sums[stop - 1]
            left = sums[stop - 1] - sums[start]
            if left < size:
                return [*others, (start, stop), (begin, end)]
            begin = stop = stop - 1
        while begin < end and self.text[self.breaks[begin] : self.breaks[begin + 1]].isspace():
            begin += 1
        return [*others, (start, stop), (begin, end)]

    def text_of(self, at: At) -> str:
        """The text of a line, without blanks at its end."""
        return self.text[self.breaks[at[0]] : self.breaks[at[1]]].rstrip()

    def line(self, at: At) -> Line:
        """A line in stretches of one weight."""
        rest = self.text_of(at)
        start, stop = self.breaks[at[0]], self.breaks[at[0]] + len(rest)
        spans: list[Span] = []
        done = 0
        for text, strong in self._parts:
            begin, done = done, done + len(text)
            piece = self.text[max(start, begin) : min(stop, done)] if done > start and begin < stop else ""
            if not piece:
                continue
            if spans and spans[-1].strong == strong:
                piece = spans.pop().text + piece
            spans.append(Span(piece, strong))
        return tuple(spans)


def _tokens(text: str, limit: float) -> Iterator[str]:
    """What is never broken, in order."""
    for token in _TOKEN.findall(text):
        if len(token) > 1 and em_width(token) > limit:
            yield from _PIECE.findall(token)
        else:
            yield token
