"""What a converted page is before it is cut into decks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wap.render_wml import text

LONGEST_WORDS = 160
"""Characters of one piece of text: a sentence, or a part of one, that a deck takes or leaves whole."""

ENOUGH_WORDS = 60
"""Characters up to which short sentences share a piece."""

_SENTENCE = re.compile(r"[^。！？；!?;]*[。！？；!?;]+[”’」』）)】》]*|[^。！？；!?;]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """As much of a page as is not divided.

    markup  WML for the inside of a paragraph
    breaks  it begins a line
    words   of a piece that is nothing but text: it may be cut, `styles` (b, i, u) around each part
    """

    markup: str
    breaks: bool = False
    words: str = ""
    styles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A page: its title, its pieces in order, and the access keys that it uses itself."""

    title: str
    pieces: tuple[Piece, ...]
    keys: frozenset[str] = frozenset()


def written(words: str, breaks: bool = False, styles: tuple[str, ...] = ()) -> Piece:
    """A piece of text."""
    before = "".join(f"<{style}>" for style in styles)
    after = "".join(f"</{style}>" for style in reversed(styles))
    return Piece(f"{before}{text(words)}{after}", breaks, words, styles)


def parted(words: str) -> list[str]:
    """Text in parts of whole sentences, long ones cut; together they are the text."""
    parts: list[str] = [""]
    for sentence in _SENTENCE.findall(words) or [words]:
        if parts[-1] and len(parts[-1]) + len(sentence) > ENOUGH_WORDS:
            parts.append("")
        parts[-1] += sentence
        while len(parts[-1]) > LONGEST_WORDS:
            parts[-1:] = [parts[-1][:LONGEST_WORDS], parts[-1][LONGEST_WORDS:]]
    return [part for part in parts if part]


def sentences(words: str, breaks: bool, styles: tuple[str, ...] = ()) -> list[Piece]:
    """Text as pieces; the first begins a line where `breaks` says so."""
    return [written(part, breaks and at == 0, styles) for at, part in enumerate(parted(words))]


def plain(title: str, body: str) -> Document:
    """A page of plain text: every line stays one."""
    pieces: list[Piece] = []
    for line in body.splitlines():
        if words := " ".join(line.split()):
            pieces += sentences(words, bool(pieces))
    return Document(title, tuple(pieces))
