"""The few words around what was found, and where in them the words stand: spans, never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.search import words

WIDTH = 60
"""Characters of a snippet."""

MOST_TEXT = 20_000
"""Characters of a body that are looked through."""

_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")
_ELLIPSIS = "…"
_LEADING = "，、。；：！？）”》 \t\n\r\u3000"
"""What no snippet begins with."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the spans (start, stop) in it that are marked, in order, none over another."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def mark(text: str, wanted: Iterable[str]) -> Marked:
    """A text with the wanted words marked, in whatever written form of Chinese it is.

    wanted  tidied words (`portal.search.words.of_query`)
    """
    compared = words.tidy(text)
    if len(compared) != len(text):
        # A character that tidies into several; what stands at the same place cannot be told then.
        compared = "".join(each if len(each := words.tidy(char)) == 1 else char for char in text)
    spans: list[tuple[int, int]] = []
    for word in sorted(set(filter(None, wanted)), key=len, reverse=True):
        at = compared.find(word)
        while at >= 0:
            span = (at, at + len(word))
            if all(span[1] <= start or span[0] >= stop for start, stop in spans):
                spans.append(span)
            at = compared.find(word, span[1])
    return Marked(text, tuple(sorted(spans)))


def snippet(text: str, wanted: Sequence[str], width: int = WIDTH) -> Marked:
    """The part of a text with the most wanted words in it, from the start of a sentence if it fits."""
    text = text[:MOST_TEXT]
    found = mark(text, wanted)
    if not found.marks:
        first = next((line for line in text.splitlines() if line.strip()), "")
        return Marked(first[:width] + (_ELLIPSIS if len(first) > width else ""))
    start = max(found.marks, key=lambda span: (_worth(found, span[0], width), -span[0]))[0]
    for sentence in _SENTENCE.finditer(text):
        if sentence.start() <= start < sentence.end():
            start = sentence.start() if start - sentence.start() < width // 2 else start - width // 4
            break
    stop = min(len(text), start + width)
    cut = text[start:stop]
    cut = cut.rstrip()
    lead = len(cut) - len(cut.lstrip(_LEADING))
    before = "" if start == 0 or text[start - 1] in "。！？；\n" else _ELLIPSIS
    shown = before + cut[lead:].replace("\n", " ") + (_ELLIPSIS if stop < len(text) else "")
    moved = len(before) - start - lead
    room = len(before) + len(cut) - lead
    marks = tuple(
        (begin + moved, end + moved)
        for begin, end in found.marks
        if begin + moved >= len(before) and end + moved <= room
    )
    return Marked(shown, marks)


def _worth(found: Marked, at: int, width: int) -> int:
    """How many different words stand in the window that begins here."""
    return len({found.text[start:stop] for start, stop in found.marks if at <= start and stop <= at + width})
