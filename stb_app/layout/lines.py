"""Text -> lines of a given width, by the rules of Chinese typesetting.

A line never begins with a closing mark, never ends with an opening one, and never breaks a word or
a number (GB/T 15834-2011 5.1.8 to 5.1.11 for where punctuation may stand). What is read as one thing
stays on one line where a line can hold it: 8:30—12:00, 11月24日, 1600个, 0543—1234567, the presses 5 9.
A paragraph does not end in a line of a single character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from stb_app.layout.metrics import em_width

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
    """Labels, buttons and the titles of lists are broken again and again: a third of a page's making."""
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
    room = limit - first * 1000 / px
    lines: list[list[Group]] = []
    line: list[Group] = []
    used = 0
    for group in _groups(spans, limit):
        size = _size(group)
        blank = _blank(group)
        if line and used + size > room:
            lines.append(line)
            line, used, room = [], 0, limit
            if blank:
                continue
        if size > room and not blank:
            for piece in _cut(group, room):
                if line:
                    lines.append(line)
                    line, room = [], limit
                line = [piece]
            used = sum(map(_size, line))
            continue
        if blank and not line and lines:
            continue
        line.append(group)
        used += size
    if line or not lines:
        lines.append(line)
    if limit >= LEAST_LINE:
        _accompany(lines, last)
    return [_tidy([span for group in groups for span in group]) for groups in lines]


Group = list[Span]


def _size(group: Group) -> int:
    """The width of what stays together, in thousandths of an em."""
    return sum(em_width(span.text, span.strong) for span in group)


def _blank(group: Group) -> bool:
    return all(span.text.isspace() for span in group)


def _accompany(lines: list[list[Group]], last: int) -> None:
    """Give a last line that is hardly more than a character some of the line before it."""
    if len(lines) < 2:
        return
    before, end = lines[-2:]
    size, left = sum(map(_size, end)), sum(map(_size, before))
    while size <= last and len(before) > 1:
        moved = before[-1]
        size += _size(moved)
        left -= _size(moved)
        if left < size:
            return
        end.insert(0, before.pop())
    while end and _blank(end[0]):
        end.pop(0)


def shorten(
    text: str, width: float, px: float, lines: int = 1, *, bold: bool = False
) -> tuple[list[str], bool]:
    """At most `lines` lines of a text, the last one ending in … where something was left out.

    returns  (lines, whether the text is whole)
    """
    # As many characters as the narrowest of letters could need; a title may be as long as it likes.
    text = text[: int((lines + 1) * width / px * 5) + 50]
    broken = break_text(text, width, px, bold=bold, last=0)
    if len(broken) <= lines:
        return break_text(text, width, px, bold=bold), True
    kept = broken[:lines]
    limit = width * 1000 / px - em_width(ELLIPSIS, bold) - CUT_SLACK
    last = kept[-1]
    while last and (em_width(last, bold) > limit or last[-1] in NOT_LAST):
        last = last[:-1]
    kept[-1] = last.rstrip() + ELLIPSIS
    return kept, False


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


def _groups(spans: Sequence[Span], limit: float) -> Iterator[Group]:
    """Tokens that must stay on one line together, in order."""
    group: Group = []
    for span in spans:
        # U+200B and its kind have no width and no place on a screen.
        for token in _tokens(span.text.replace("\n", " ").replace("\r", ""), limit):
            if not group:
                group = [Span(token, span.strong)]
                continue
            before = group[-1].text
            if token[0] in NOT_FIRST or before[-1] in NOT_LAST:
                group.append(Span(token, span.strong))
            else:
                yield group
                group = [Span(token, span.strong)]
    if group:
        yield group


def _tokens(text: str, limit: float) -> Iterator[str]:
    for token in _TOKEN.findall(text):
        if len(token) > 1 and em_width(token) > limit:
            yield from _PIECE.findall(token)
        else:
            yield token


def _cut(group: Group, room: float) -> Iterator[Group]:
    """Cut a group that is wider than a line into pieces that are not."""
    piece: list[Span] = []
    used = 0
    for span in group:
        for char in span.text:
            size = em_width(char, span.strong)
            if piece and used + size > room:
                yield piece
                piece, used = [], 0
            piece.append(Span(char, span.strong))
            used += size
    if piece:
        yield piece


def _tidy(line: Sequence[Span]) -> Line:
    """Join neighbours of one weight and drop the blanks at the end."""
    joined: list[Span] = []
    for span in line:
        if joined and joined[-1].strong == span.strong:
            joined[-1] = Span(joined[-1].text + span.text, span.strong)
        else:
            joined.append(span)
    while joined and not joined[-1].text.rstrip():
        joined.pop()
    if joined:
        joined[-1] = Span(joined[-1].text.rstrip(), joined[-1].strong)
    return tuple(joined)
