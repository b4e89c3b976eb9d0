"""您是不是要找: the name that sounds most like what was typed, for homophones and slips of the ear.

Sounds that many speakers do not tell apart are the same here: z and zh, c and ch, s and sh, n and ng at the
end, l and n at the beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import rjieba
from pypinyin import lazy_pinyin
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from portal.search import words

MOST = 20
"""Characters of what was typed that are compared."""

ALIKE = 0.74
"""How alike two sounds have to be, of 1."""

_FOLDED = ((re.compile("^([zcs])h"), r"\1"), (re.compile("^l(?=[aeiouv])"), "n"), (re.compile("ng$"), "n"))


class Sounds:
    """Names and the words in them, by their sound."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, str] = {}
        parts: dict[str, None] = {}
        for name in names:
            self._names.setdefault(sound(name), name)
            parts |= dict.fromkeys(word for word in rjieba.cut_for_search(name) if len(word) > 1)
        for part in parts:
            self._names.setdefault(sound(part), part)
        self._names.pop("", None)
        self._sounds = list(self._names)

    def nearest(self, text: str) -> str:
        """The name or word that sounds most like a text and is not that text, "" where none does."""
        asked = words.name_key(text)[:MOST]
        heard = sound(asked)
        if len(heard) < 3 or not self._sounds:
            return ""
        found = process.extract(
            heard, self._sounds, scorer=Levenshtein.normalized_similarity, score_cutoff=ALIKE, limit=3
        )
        names = (self._names[self._sounds[at]] for _, _, at in found)
        return next((name for name in names if words.name_key(name) != asked), "")


@lru_cache(maxsize=50_000)
def sound(text: str) -> str:
    """A text as its folded pinyin: 公鸡金 and 公积金 are both gonjijin."""
    return "".join(_fold(syllable) for syllable in lazy_pinyin(words.name_key(text)[:MOST]))


def _fold(syllable: str) -> str:
    for pattern, by in _FOLDED:
        syllable = pattern.sub(by, syllable)
    return syllable
