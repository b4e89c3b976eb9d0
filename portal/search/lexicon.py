"""Words on the digit keys, for who has a remote control and no keyboard: 停水 is 87 or 8464748.

The words are those of the mirror's own titles, the most frequent first: what is offered is also found.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from portal.search.digits import LONGEST, keys_of
from portal.search.words import ASKING

MOST = 6_000
"""Words that are kept."""

_WORD = re.compile(r"[\u3400-\u9fff]{2,6}")


class Lexicon:
    """Words by the initials of their syllables, and by their full pinyin, on the keys."""

    def __init__(self, words: Iterable[str]) -> None:
        """`words`, the most wanted first; what is no Chinese word of two to six characters is left out."""
        good = dict.fromkeys(word for word in words if _WORD.fullmatch(word) and word not in ASKING)
        keyed: list[tuple[str, int, int, str]] = []
        for rank, word in enumerate(list(good)[:MOST]):
            keys = keys_of(word)
            for kind, group in enumerate((keys.initials, keys.whole, keys.rare)):
                keyed += [(digits[:LONGEST], kind, rank, word) for digits in group]
        keyed.sort()
        self._keyed = keyed
        self._digits = [digits for digits, *_ in keyed]

    def __len__(self) -> int:
        return len({word for *_, word in self._keyed})

    def find(self, digits: str, limit: int = 8) -> list[str]:
        """The words that these digits type, or begin: those typed whole first, initials before pinyin."""
        if not digits or len(digits) > LONGEST:
            return []
        start = bisect_left(self._digits, digits)
        found = self._keyed[start : bisect_left(self._digits, digits + "~", start)]
        ranked = sorted(found, key=lambda key: (key[0] != digits, key[1], key[2]))
        return list(dict.fromkeys(word for *_, word in ranked))[: max(limit, 0)]
