"""The number box: what digits mean, as a dial number and as pinyin on the keys, at the same time.

Letters stand on the keys as on every telephone (ITU-T E.161): 2 ABC, 3 DEF ... 9 WXYZ. A name is found
by the initials of its syllables (驾照, jia zhao, 59), by its full pinyin, by its dial number, and by the
initials of any word inside it (居民身份证, 739). A character that is read in several ways is found by
each of them.

All keys stand in one sorted list, so that what begins with the digits typed is one range of it. Where
a range is long its best entries are worked out beforehand: no query looks at more than `SCANNED` keys.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import rjieba
from pypinyin import Style, pinyin
from pypinyin.seg.simpleseg import seg

KEYS = {
    letter: digit
    for digit, letters in {
        "2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv", "9": "wxyz",
    }.items()
    for letter in letters
}  # fmt: skip
KEYS |= {str(digit): str(digit) for digit in range(10)}

LETTERS = ("", "", "ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ")
"""What stands on the keys 0 to 9."""

DOUBTFUL = 8
"""Characters from the start of a name whose rare readings count: nobody types further on."""

NAME = 64
"""Characters of a name that can be typed."""

LONGEST = 24
"""Digits of a query that count; more are not a name that anybody types."""

SCANNED = 128
"""Keys that a query looks at, at most."""

KEPT = 64
"""The most hits that a query gives, whatever it asks for."""

# How a key was made. Of two keys that are typed whole the smaller kind wins. Of two that are begun,
# everyday and official names count alike, and a number last: who knows a number types it whole.
NUMBER, EVERYDAY, OFFICIAL, EVERYDAY_WHOLE, OFFICIAL_WHOLE, RARE, INSIDE = range(7)
_BEGUN = (4, 0, 0, 1, 1, 2, 3)


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


class NameKeys(NamedTuple):
    """The digit strings by which a name is found, each in one of the groups only.

    initials, whole  of the reading that its words have        rare  of its other readings
    inside           initials from each later word on
    """

    initials: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    rare: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()

    def all(self) -> frozenset[str]:
        """Every key."""
        return self.initials | self.whole | self.rare | self.inside


@dataclass(frozen=True, slots=True)
class _Key:
    """One place of the sorted list. `begun` orders it among the keys that go on after the digits."""

    digits: str
    kind: int
    at: int
    meant: str
    exact: tuple[int, int, str]
    begun: tuple[int, int, int, str]


class DigitIndex:
    """All keys of all entries, sorted; a query is a range of them.

    _best   prefix with a long range -> its hits, and whether each is exact
    _count  the same prefixes -> how many entries they can mean
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        keyed = [key for at, entry in enumerate(self._entries) for key in _keys_of_entry(at, entry)]
        keyed.sort(key=lambda key: key.digits)
        self._keyed = keyed
        self._digits = [key.digits for key in keyed]
        self._best: dict[str, list[tuple[_Key, bool]]] = {}
        self._count: dict[str, int] = {}
        self._prepare("", 0, len(keyed))

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What can be found."""
        return self._entries

    def find(self, digits: str, limit: int = 8) -> list[Hit]:
        """The best entries for what has been typed so far, at most `KEPT`.

        Exact before begun; among exact ones numbers, everyday names, official names, full pinyin;
        among begun ones initials, full pinyin, rare readings, words inside, numbers.
        Then what is wanted more often.
        """
        digits = digits[:LONGEST]
        if not digits or limit < 1:
            return []
        best = self._best.get(digits)
        if best is None:
            start = bisect_left(self._digits, digits)
            best = _ranked(self._keyed[start : bisect_left(self._digits, digits + "~", start)], digits)
        return [Hit(self._entries[key.at], key.meant, exact) for key, exact in best[:limit]]

    def count(self, digits: str) -> int:
        """How many entries these digits can still mean."""
        digits = digits[:LONGEST]
        if not digits:
            return 0
        if (known := self._count.get(digits)) is not None:
            return known
        start = bisect_left(self._digits, digits)
        stop = bisect_left(self._digits, digits + "~", start)
        return len({key.at for key in self._keyed[start:stop]})

    def _prepare(self, prefix: str, start: int, stop: int) -> list[_Key]:
        """The best keys of a range as a shorter prefix sees them.

        What the prefix itself finds is kept where its range is too long to be looked at in a query.
        """
        if stop - start <= SCANNED:
            return [key for key, _ in _ranked(self._keyed[start:stop], "")]
        after = bisect_left(self._digits, prefix + "\0", start, stop) if prefix else start
        found = self._keyed[start:after]
        while after < stop:
            longer = self._digits[after][: len(prefix) + 1]
            end = bisect_left(self._digits, longer + "~", after, stop)
            found += self._prepare(longer, after, end)
            after = end
        if prefix:
            self._best[prefix] = _ranked(found, prefix)
            self._count[prefix] = len({key.at for key in self._keyed[start:stop]})
        return [key for key, _ in _ranked(found, "")]


def _is_exact(key: _Key, digits: str) -> bool:
    """Whether the digits are all of a number or name; the end of a name (办理) is typed by chance."""
    return key.digits == digits and key.kind < RARE


def _begun(key: _Key) -> tuple[int, int, int, str]:
    return key.begun


def _ranked(keys: Sequence[_Key], digits: str) -> list[tuple[_Key, bool]]:
    """The best key of each entry, the best entries first, at most `KEPT`; and whether it is exact."""
    whole = sorted((key for key in keys if _is_exact(key, digits)), key=lambda key: key.exact)
    rest = sorted((key for key in keys if not _is_exact(key, digits)), key=_begun)
    best: dict[int, tuple[_Key, bool]] = {}
    for group, exact in ((whole, True), (rest, False)):
        for key in group:
            if key.at not in best:
                best[key.at] = (key, exact)
                if len(best) == KEPT:
                    return list(best.values())
    return list(best.values())


def _keys_of_entry(at: int, entry: Entry) -> Iterator[_Key]:
    def key(digits: str, kind: int, meant: str) -> _Key:
        begun = (_BEGUN[kind], entry.order, len(digits), digits)
        return _Key(digits[:LONGEST], kind, at, meant, (kind, entry.order, digits), begun)

    if entry.number:
        yield key(entry.number, NUMBER, entry.number)
    for place, name in enumerate(entry.names):
        keys = keys_of(name)
        groups = (
            (keys.initials, EVERYDAY if place else OFFICIAL),
            (keys.whole, EVERYDAY_WHOLE if place else OFFICIAL_WHOLE),
            (keys.rare, RARE),
            (keys.inside, INSIDE),
        )
        for group, kind in groups:
            for digits in group:
                yield key(digits, kind, name)


@lru_cache(maxsize=50_000)
def keys_of(name: str) -> NameKeys:
    """The digit strings by which a name is found."""
    text = "".join(char for char in name[: NAME * 2] if char.isalnum())[:NAME]
    if not text:
        return NameKeys()
    readings = [each for word in seg(text) for each in _readings(word)]
    likely = [each[0] for each in readings]
    initials, whole = _keys(likely)
    rare = {key for reading in _rare(readings[:DOUBTFUL], likely) for key in _keys(reading)}
    inside = set[str]()
    if len(likely) == len(text):
        for start in sorted({start for _, start, _ in rjieba.tokenize(text, "search")} - {0}):
            key, _ = _keys(likely[start:])
            inside |= {key} if len(key) > 1 else set()
    seen = {""}
    groups = []
    for group in ({initials}, {whole}, rare, inside):
        groups.append(frozenset(group - seen))
        seen |= group
    return NameKeys(*groups)


def _split(chars: str) -> list[str]:
    """What is no Chinese character stands for itself, sign by sign."""
    return list(chars)


def _keys(reading: Iterable[str]) -> tuple[str, str]:
    """Initials and full pinyin of a reading, on the keys."""
    syllables = [syllable for syllable in reading if syllable]
    initials = "".join(KEYS[syllable[0]] for syllable in syllables)
    return initials, "".join(KEYS[letter] for syllable in syllables for letter in syllable)


def _rare(readings: Sequence[Sequence[str]], likely: Sequence[str]) -> Iterator[list[str]]:
    """Readings of a text with one character read otherwise than its word says."""
    for at, others in enumerate(readings):
        for reading in others[1:]:
            yield [*likely[:at], reading, *likely[at + 1 :]]


@lru_cache(maxsize=50_000)
def _readings(word: str) -> tuple[tuple[str, ...], ...]:
    """How each character of a word of pypinyin's dictionary can be read in it, the likeliest way first."""
    found = pinyin(word, style=Style.NORMAL, heteronym=True, errors=_split)  # type: ignore[arg-type]  # its types forget lists
    return tuple(tuple(dict.fromkeys(map(_ascii, each))) for each in found)


def _ascii(syllable: str) -> str:
    return "".join(char for char in syllable.lower().replace("ü", "v") if char in KEYS)
