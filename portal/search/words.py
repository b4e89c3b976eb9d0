"""What is typed and what is written, as the same words.

Both sides go through `tidy` (NFKC, Traditional to Simplified, small letters) and are split by rjieba's
dictionary alone: its guesses at unknown words differ with what stands around them. What the dictionary
leaves as single characters is joined two by two instead (上牌, a name of a person), the same on both sides.
Text is split for searching: a long word is followed by the shorter ones inside it, so that 图书 finds
图书馆. What is typed is split once, and every word of it has to be there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

import rjieba
from opencc import OpenCC

MOST_TYPED = 60
"""Characters of a query that count."""

MOST_WORDS = 12
"""Words of a query that count."""

LONGEST_WORD = 80
"""Octets: longer words are no words, and tantivy refuses terms beyond 65530."""

_ASKING = (
    "的 了 吗 呢 么 啊 呀 吧 是 在 有 和 与 及 或 我 "
    "我们 你 您 他 她 它 要 想 去 请 请问 想问 问 问一下 咨询 怎么 "
    "怎样 如何 怎么办 什么 哪里 哪儿 哪 哪个 几 多少 多久 可以 能 需要 应该 办 "
    "办理 这 那 个 就 都 也 到 给 把 被 让 对 为 从 关于"
)
ASKING = frozenset(_ASKING.split())
"""Words of a question that name nothing; they count only where nothing else was typed."""

_ENDLESS = re.compile(r"[a-z0-9]{81,}")
_NEIGHBOURS = re.compile(r"(?<!\S)(\S)(?= (\S)(?!\S))")
_NO_WORD = re.compile(r"[^\w]+|_+")
_BRACKETS = re.compile(r"[()\[\]{}<>「」『』【】〔〕《》〈〉（）]")


@cache
def _simplified() -> OpenCC:
    return OpenCC("t2s")


def to_simplified(text: str) -> str:
    """Simplified Chinese of a text."""
    if text.isascii():
        return text
    converted: str = _simplified().convert(text)
    return converted


def tidy(text: str) -> str:
    """A text in the form that is compared. Any text gives one that can be stored, lone surrogates or not."""
    sound = text.encode("utf-8", "ignore").decode()
    return to_simplified(unicodedata.normalize("NFKC", sound)).casefold()


def typed(text: str) -> str:
    """What a person typed, tidied: brackets open, controls gone, at most `MOST_TYPED` characters."""
    tidied = tidy(text[: MOST_TYPED * 8])
    return " ".join(_BRACKETS.sub(" ", _clean(tidied)).split())[:MOST_TYPED].strip()


def name_key(text: str) -> str:
    """A name without what people leave out: blanks, quotation marks, brackets."""
    return _NO_WORD.sub("", tidy(text))[:LONGEST_WORD]


def of_text(text: str) -> str:
    """The words by which a text is found, long ones and those inside them, with blanks between."""
    split = " ".join(rjieba.cut_for_search(_ENDLESS.sub(" ", _NO_WORD.sub(" ", tidy(text))), False))
    pairs = (
        first + second
        for first, second in _NEIGHBOURS.findall(split)
        if first not in ASKING and second not in ASKING
    )
    return " ".join((split, *pairs))


def of_query(text: str) -> tuple[str, ...]:
    """The words of what was typed, each once; words that only ask are left out where others remain."""
    split = rjieba.cut(typed(text), False)
    telling = _joined("" if word in ASKING else word for word in split)
    return telling or _joined(split)


def told(text: str) -> str:
    """What was typed without the words that only ask: 我要办准生证 is 准生证."""
    split = rjieba.cut(typed(text), False)
    return "".join(word for word in split if word not in ASKING) or "".join(split)


def finer(words: Iterable[str]) -> tuple[str, ...]:
    """The same words in shorter pieces."""
    pieces = dict[str, None]()
    for word in words:
        inside = [part for part in rjieba.cut_for_search(word, False) if len(part) < len(word)]
        longer = [part for part in inside if len(part) > 1]
        pieces |= dict.fromkeys(longer or inside or [word])
    return tuple(pieces)[:MOST_WORDS]


def letters(text: str) -> list[str]:
    """The characters of a text, each once."""
    return [char for char in dict.fromkeys(tidy(text)) if _is_word(char)]


def _joined(split: Iterable[str]) -> tuple[str, ...]:
    """Words, each once; single characters that stand side by side two by two."""
    found: list[str] = []
    run: list[str] = []
    for word in (*split, ""):
        if len(word) == 1 and _is_word(word):
            run.append(word)
            continue
        found += [first + second for first, second in pairwise(run)] if len(run) > 1 else run
        run = []
        found += [word] if word and _is_word(word) else []
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


def _is_word(word: str) -> bool:
    return not _NO_WORD.fullmatch(word) and bool(word.strip()) and len(word.encode()) <= LONGEST_WORD


def _clean(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
