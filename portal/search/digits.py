"""The number box: what digits mean, as a dial number and as pinyin on the keys, at the same time.

Letters stand on the keys as on every telephone (ITU-T E.161): 2 ABC, 3 DEF ... 9 WXYZ. A name is found
by the initials of its syllables (驾照, jia zhao, 59), by its full pinyin, and by its dial number.
A character that is read in several ways is found by each of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product

from pypinyin import Style, pinyin

KEYS = {
    letter: digit
    for digit, letters in {
        "2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv", "9": "wxyz",
    }.items()
    for letter in letters
}  # fmt: skip
KEYS |= {str(digit): str(digit) for digit in range(10)}

READINGS = 12
"""The most readings of one name that are kept."""

LONGEST = 24
"""Digits of a query that count; more are not a name that anybody types."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found.

    target  `c:COLUMN` or `i:ITEM`       names  the official name first, then everyday names
    number  its dial number or ""        order  smaller is wanted more often
    """

    target: str
    names: tuple[str, ...]
    number: str = ""
    order: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found, and the name or number that was meant."""

    entry: Entry
    meant: str
    exact: bool


class DigitIndex:
    """All keys of all entries, sorted; a query is a range of them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        keyed: list[tuple[str, int, int, int, str]] = []
        self._entries = list(entries)
        for at, entry in enumerate(self._entries):
            if entry.number:
                keyed.append((entry.number, 0, entry.order, at, entry.number))
            for place, name in enumerate(entry.names):
                kinds = (2, 4, 5) if not place else (1, 3, 5)
                for kind, keys in zip(kinds, keys_of(name), strict=True):
                    keyed += [(key, kind, entry.order, at, name) for key in keys]
        keyed.sort()
        self._keyed = keyed
        self._keys = [key for key, *_ in keyed]

    def find(self, digits: str, limit: int = 8) -> list[Hit]:
        """The best entries for what has been typed so far.

        Exact before begun, numbers before initials before full pinyin; among exact ones everyday names
        before official ones; then what is wanted more often.
        """
        digits = digits[:LONGEST]
        if not digits:
            return []
        start = bisect_left(self._keys, digits)
        stop = bisect_left(self._keys, digits + "~")
        best: dict[int, tuple[tuple[bool, int, int, int, str], str]] = {}
        for key, kind, order, at, meant in self._keyed[start:stop]:
            rank = (key != digits, kind if key == digits else (kind + 1) // 2, order, len(key), key)
            if at not in best or rank < best[at][0]:
                best[at] = (rank, meant)
        ranked = sorted(best.items(), key=lambda pair: pair[1][0])
        return [Hit(self._entries[at], meant, not rank[0]) for at, (rank, meant) in ranked[:limit]]


def keys_of(name: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The digit strings by which a name is found.

    returns  (initials, full pinyin, both of the less likely readings), without what an earlier one has
    """
    text = "".join(char for char in name if char.isalnum())
    if not text:
        return frozenset(), frozenset(), frozenset()
    initials, whole = (frozenset(filter(None, (key,))) for key in _keys(_likely(text)))
    rare = frozenset(key for reading in _readings(text) for key in _keys(reading) if key)
    return initials, whole - initials, rare - initials - whole


def _keys(reading: Iterable[str]) -> tuple[str, str]:
    """Initials and full pinyin of a reading, on the keys."""
    syllables = [syllable for syllable in reading if syllable]
    initials = "".join(KEYS[syllable[0]] for syllable in syllables)
    return initials, "".join(KEYS[letter] for syllable in syllables for letter in syllable)


def _likely(text: str) -> Iterator[str]:
    """The reading that the words of a text have: 重庆 is chong qing."""
    return (_ascii(each[0]) for each in pinyin(text, style=Style.NORMAL))


def _readings(text: str) -> Iterator[tuple[str, ...]]:
    """Other readings of a text, a limited number of them."""
    several = pinyin(text, style=Style.NORMAL, heteronym=True)
    for reading in islice(product(*several), READINGS):
        yield tuple(map(_ascii, reading))


def _ascii(syllable: str) -> str:
    return "".join(char for char in syllable.lower().replace("ü", "v") if char in KEYS)
