"""Text -> lines of a given width, by the rules of Chinese typesetting.

A line never begins with a closing mark, never ends with an opening one, and never breaks a word or
a number (GB/T 15834-2011 5.1.8 to 5.1.11 for where punctuation may stand).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stb_app.layout.metrics import em_width

NOT_FIRST = frozenset("，。、；：？！）】》〉」』〕］｝”’…—～·％‰℃,.;:?!)]}%/々〇")
NOT_LAST = frozenset("（【《〈「『〔［｛“‘([{￥$#＃")
_TOKEN = re.compile(r"[A-Za-z0-9０-９][A-Za-z0-9０-９.,:：/@+&'_\-]*[A-Za-z0-9０-９%％℃]|[—…]{2}|\s+|.", re.S)
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a line in one weight."""

    text: str
    strong: bool = False


Line = tuple[Span, ...]


def plain(line: Line) -> str:
    """The text of a line."""
    return "".join(span.text for span in line)


def break_text(text: str, width: float, px: float, *, bold: bool = False, first: float = 0.0) -> list[str]:
    """Break plain text into lines of at most `width` px; `first` px of the first line are taken."""
    spans = (Span(text, bold),)
    return [plain(line) for line in break_spans(spans, width, px, first=first)]


def break_spans(spans: Sequence[Span], width: float, px: float, *, first: float = 0.0) -> list[Line]:
    """Break spans into lines.

    width    of the lines, in px            px      font size
    first    px that the first line lacks (its indent)
    returns  at least one line; a word wider than the whole line is cut, everything else is not
    """
    limit = width * 1000 / px
    room = limit - first * 1000 / px
    lines: list[Line] = []
    line: list[Span] = []
    used = 0
    for group in _groups(spans):
        size = sum(em_width(span.text, span.strong) for span in group)
        blank = all(span.text.isspace() for span in group)
        if line and used + size > room:
            lines.append(_tidy(line))
            line, used, room = [], 0, limit
            if blank:
                continue
        if size > room and not blank:
            for piece in _cut(group, room):
                if line:
                    lines.append(_tidy(line))
                    line, room = [], limit
                line = list(piece)
            used = sum(em_width(span.text, span.strong) for span in line)
            continue
        if blank and not line and lines:
            continue
        line.extend(group)
        used += size
    if line or not lines:
        lines.append(_tidy(line))
    return lines


def shorten(
    text: str, width: float, px: float, lines: int = 1, *, bold: bool = False
) -> tuple[list[str], bool]:
    """At most `lines` lines of a text, the last one ending in … where something was left out.

    returns  (lines, whether the text is whole)
    """
    # As many characters as the narrowest of letters could need; a title may be as long as it likes.
    text = text[: int((lines + 1) * width / px * 5) + 50]
    broken = break_text(text, width, px, bold=bold)
    if len(broken) <= lines:
        return broken, True
    kept = broken[:lines]
    limit = width * 1000 / px - em_width(ELLIPSIS, bold)
    last = kept[-1]
    while last and (em_width(last, bold) > limit or last[-1] in NOT_LAST):
        last = last[:-1]
    kept[-1] = last.rstrip() + ELLIPSIS
    return kept, False


def _groups(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Tokens that must stay on one line together, in order."""
    group: list[Span] = []
    for span in spans:
        for token in _TOKEN.findall(span.text.replace("\n", " ").replace("\r", "")):
            # U+200B and its kind have no width and no place on a screen.
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


def _cut(group: Sequence[Span], room: float) -> Iterator[list[Span]]:
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
