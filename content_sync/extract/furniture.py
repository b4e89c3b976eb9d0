"""What the pages of one column have in common word for word: menus, search boxes, feet.

Two pages are laid side by side. Elements that stand in both, whole and alike, are furniture as far as
both pages read the same without them; later pages of the column are read without it, which is several
times faster, since most of a page is furniture. The reading itself is the same code and knows nothing of
this. Nothing is believed for long: see `reader`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from content_sync.extract.dom import BLOCKS
from content_sync.extract.names import words

LEAST = 60
"""Characters of a stretch that is worth looking for; a text has none alike by chance."""
MOST_TRIED = 40
"""Stretches of a page that are tried, the longest first."""

_PIECES = re.compile(
    r"""<(script|style|noscript)\b.*?</\1\s*>|<!--.*?-->|<(?:[^<>"']++|"[^"<>]*+"|'[^'<>]*+')*+>|[^<]+|<""",
    re.DOTALL | re.IGNORECASE,
)
_OPENED = re.compile(r"<(?:script|style|noscript|!--)", re.IGNORECASE)
MOST_OPENED = 300
"""Scripts and comments of a text that is looked at: each may be one without an end."""
_NAME = re.compile(r"<(/?)([a-zA-Z][\w:]*)")
_VOID = frozenset(words("area base br col embed hr img input link meta param source track wbr"))
_WHOLE = frozenset(words("script style noscript"))
_MOVABLE = (BLOCKS | _WHOLE | {"link"}) - frozenset(words("html body head br hr td th dt dd"))
"""Elements that end a line of text where they stand, so that lines stay apart without them."""


def shared(one: str, other: str) -> list[str]:
    """Stretches of whole elements that stand in both texts, each once, the longest first."""
    if not comparable(one) or not comparable(other):
        return []
    first, second = pieces(one), pieces(other)
    found = {
        stretch
        for begin, end in runs(first, second)
        for stretch in _stretches(first[begin:end])
        if len(stretch) >= LEAST and one.count(stretch) == other.count(stretch) == 1
    }
    return sorted(found, key=lambda stretch: (-len(stretch), stretch))[:MOST_TRIED]


def comparable(text: str) -> bool:
    """Whether a text is none of those that are made to keep a program busy."""
    return len(_OPENED.findall(text)) <= MOST_OPENED


def without(text: str, furniture: Sequence[str]) -> str:
    """A text without those of the stretches that stand in it exactly once."""
    for stretch in furniture:
        before, here, after = text.partition(stretch)
        if here and stretch not in after:
            text = before + after
    return text


def needless(candidates: Sequence[str], alike: Callable[[Sequence[str]], bool]) -> tuple[str, ...]:
    """Those of the stretches that may go; `alike` says whether pages read the same without some."""
    if not candidates or alike(candidates):
        return tuple(candidates)
    kept = tuple(stretch for stretch in candidates if alike((stretch,)))
    return kept if kept and alike(kept) else ()


def pieces(text: str) -> list[str]:
    """Tags, texts, comments and whole scripts, in order; together they are the text."""
    return [found.group() for found in _PIECES.finditer(text)]


def runs(first: list[str], second: list[str]) -> Iterator[tuple[int, int]]:
    """(begin, end) in `first` of what stands in both, in the same order and without a gap.

    Pieces that stand once in each are the anchors, the longest row of them in the same order; what is alike
    around them belongs to them ("patience diff").
    """
    ours, theirs = Counter(first), Counter(second)
    place = {piece: at for at, piece in enumerate(second) if theirs[piece] == 1}
    anchors = [(at, place[piece]) for at, piece in enumerate(first) if ours[piece] == 1 and piece in place]
    done, done_second = 0, 0
    for at, there in _rising(anchors):
        if at < done or there < done_second:
            continue
        begin, begin_second = at, there
        while begin > done and begin_second > done_second and first[begin - 1] == second[begin_second - 1]:
            begin, begin_second = begin - 1, begin_second - 1
        done, done_second = at + 1, there + 1
        while done < len(first) and done_second < len(second) and first[done] == second[done_second]:
            done, done_second = done + 1, done_second + 1
        yield begin, done


def _rising(anchors: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest sub-sequence whose second numbers rise."""
    tops: list[int] = []
    holders: list[int] = []
    before: list[int] = []
    for at, (_, there) in enumerate(anchors):
        row = bisect_left(tops, there)
        before.append(holders[row - 1] if row else -1)
        tops[row : row + 1], holders[row : row + 1] = [there], [at]
    found, at = [], holders[-1] if holders else -1
    while at >= 0:
        found.append(anchors[at])
        at = before[at]
    return found[::-1]


def _stretches(run: list[str]) -> Iterator[str]:
    """The longest stretches of a run that are whole movable elements and white space between them."""
    ends = ends_of(run)
    begin, at, last = -1, 0, -1
    while at < len(run):
        if (end := ends.get(at, -1)) >= 0 and tag_of(run[at])[1] in _MOVABLE:
            begin = at if begin < 0 else begin
            at = last = end + 1
        elif begin >= 0 and run[at].isspace():
            at += 1
        else:
            if begin >= 0:
                yield "".join(run[begin:last])
            begin, at = -1, at + 1
    if begin >= 0:
        yield "".join(run[begin:last])


def ends_of(run: list[str]) -> dict[int, int]:
    """Where the elements end that begin and end in the run, by where they begin."""
    ends: dict[int, int] = {}
    open_tags: list[tuple[str, int]] = []
    for at, piece in enumerate(run):
        closing, name = tag_of(piece)
        if not name:
            continue
        if name in _VOID or (name in _WHOLE and not closing and len(piece) > len(name) + 3 and "</" in piece):
            ends[at] = at
        elif not closing:
            open_tags.append((name, at))
        else:
            for depth in range(len(open_tags) - 1, -1, -1):
                if open_tags[depth][0] == name:
                    ends[open_tags[depth][1]] = at
                    del open_tags[depth:]
                    break
            else:
                # It closes what was opened before the run.
                open_tags.clear()
    return ends


def tag_of(piece: str) -> tuple[bool, str]:
    """(whether it closes, the name of a tag in lower case or "")."""
    found = _NAME.match(piece)
    return (found.group(1) == "/", found.group(2).lower()) if found else (False, "")
