"""The string table: which repeated words, phrases and address beginnings are worth storing once.

A string in the body costs its octets and two more (STR_I and the final NUL). A reference into the
table costs two octets below offset 128, three below 16,384; what it refers to is stored once, and
its tail can be referred to as well. So the problem is to cut the body's strings into pieces such
that the whole is shortest. That is NP-hard in general; here the phrases that begin and end at words
are counted, and the most valuable ones are taken first, each re-valued against what is already
taken. The time is near-linear in the length of the deck: a phrase has at most WINDOW words.
"""

from __future__ import annotations

import heapq
import re
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from wap.wbxml.tokens import ENTITY, LANGUAGES, STR_I, STR_T, Language

WINDOW = 8
"""Words in the longest phrase that is looked for; what repeats beyond it is found by extension."""

THOROUGH = 60_000
"""Characters of all strings up to which each is searched; of more, a half, a third ... drawn by their hash
stands for all. No phone takes a deck that large, and what is worth storing stands in many of its strings."""

_WORD = re.compile(r"[A-Za-z]+[\s!-/:-@\[-`{-~]*|[0-9]+[\s!-/:-@\[-`{-~]*|[\s!-/:-@\[-`{-~]+|.", re.S)
_MARKS = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_WALL = "\x00"
"""Stands between two strings of the joined text; no XML text contains it."""


class Unit(NamedTuple):
    """One string of the body. `values` where attribute value tokens may stand in it."""

    text: str
    values: bool = False


@dataclass(frozen=True)
class Encoded:
    """The table's octets, the body octets of each unit, and where each name stands in the table."""

    table: bytes
    bodies: dict[Unit, bytes]
    offsets: dict[str, int]


def uintvar(value: int) -> bytes:
    """A multi-byte integer (WAP-192 section 5.1): 7 bits an octet, high first."""
    if value < 0x80:
        return bytes((value,))
    octets = [value & 0x7F]
    while value := value >> 7:
        octets.append(0x80 | value & 0x7F)
    return bytes(reversed(octets))


class Charset:
    """Text as octets of one character set; what it lacks becomes an ENTITY token in the body."""

    def __init__(self, codec: str) -> None:
        self.codec = codec
        self.wide = codec.startswith("utf-16")
        self.end = b"\0\0" if self.wide else b"\0"
        self.whole = self.wide or codec in ("utf-8", "gb18030")

    def size(self, text: str) -> int:
        """Octets of a text, without the end mark. Characters that it lacks are not asked for."""
        if self.wide:
            return 2 * len(text)
        return len(text) if text.isascii() else len(text.encode(self.codec, "ignore"))

    def inline(self, text: str) -> bytes:
        """STR_I with the text, broken by ENTITY tokens where the character set lacks a character."""
        if self.whole:
            return b"\x03" + text.encode(self.codec, "replace") + self.end
        out = bytearray()
        run: list[str] = []
        for character in text:
            if self.has(character):
                run.append(character)
                continue
            if run:
                out += bytes((STR_I,)) + "".join(run).encode(self.codec) + self.end
                run.clear()
            out += bytes((ENTITY,)) + uintvar(ord(character))
        if run:
            out += bytes((STR_I,)) + "".join(run).encode(self.codec) + self.end
        return bytes(out)

    def has(self, text: str) -> bool:
        """Whether every character can be written."""
        if self.whole or text.isascii():
            return True
        try:
            text.encode(self.codec)
        except UnicodeEncodeError:
            return False
        return True


def encode(
    counts: Counter[Unit], names: Sequence[str], charset: Charset, language: Language, share: bool
) -> Encoded:
    """Lay out the table and write every unit of the body.

    counts  each distinct string and how often the body has it
    names   strings that must stand in the table: variables and unknown tags and attributes
    share   False: nothing in the table but `names`
    """
    pieces: dict[int, str] = {}
    chosen: Counter[str] = Counter()
    starts: dict[Unit, int] = {}
    if share:
        search = _Search(counts, names, charset)
        starts, pieces, chosen = search.starts, search.pieces, search.chosen
    table, offsets = _lay_out(names, chosen, charset)
    writer = _Writer(offsets, charset, language)
    places = sorted(pieces)
    bodies = {}
    for unit in counts:
        start = starts.get(unit, 0)
        inside = places[bisect_left(places, start) : bisect_left(places, start + len(unit.text))]
        bodies[unit] = writer.unit(unit, [(place - start, pieces[place]) for place in inside])
    encoded = Encoded(table, bodies, offsets)
    if chosen:
        octets = len(table) + sum(len(bodies[unit]) * count for unit, count in counts.items())
        frame = 1 + len(charset.end)
        inline = sum((charset.size(unit.text) + frame) * count for unit, count in counts.items())
        if octets > inline * 9 // 10:
            # Little is gained: it may even be lost, since references grow with the table.
            plain = encode(counts, names, charset, language, False)
            written = sum(len(plain.bodies[unit]) * count for unit, count in counts.items())
            return plain if len(plain.table) + written < octets else encoded
    return encoded


class _Search:
    """Takes the most valuable phrases one after the other; see the module's text."""

    def __init__(self, counts: Counter[Unit], names: Sequence[str], charset: Charset) -> None:
        self.charset = charset
        self.pieces: dict[int, str] = {}
        self.chosen: Counter[str] = Counter()
        self.starts: dict[Unit, int] = {}
        self._names = frozenset(names)
        self._size = sum(charset.size(name) + len(charset.end) for name in self._names)
        texts = [_WALL]
        weights = array("I", [0])
        at = 1
        for unit, count in counts.items():
            self.starts[unit] = at
            texts += (unit.text, _WALL)
            weights.extend(array("I", [count]) * (len(unit.text) + 1))
            at += len(unit.text) + 1
        self._text = "".join(texts)
        self._weights = weights
        self._taken = bytearray(len(self._text))
        for start in [0, *(start + len(unit.text) for unit, start in self.starts.items())]:
            self._taken[start] = 1
        if not charset.whole:
            for found in re.finditer(r"[^\x00-\x7f]", self._text):
                if not charset.has(found.group()):
                    self._taken[found.start()] = 1
        self._take_best(self._phrases(counts))

    def _phrases(self, counts: Counter[Unit]) -> dict[str, list[int]]:
        """Every phrase that stands in more than one place or string, and its places.

        A phrase can only repeat where each two neighbouring words of it do, so pairs come first.
        """
        every = 1 + len(self._text) // THOROUGH
        units = [
            (unit, start)
            for unit, start in self.starts.items()
            if every == 1 or crc32(unit.text.encode()) % every == 0
        ]
        bounds: list[list[int]] = []
        pairs: Counter[str] = Counter()
        for unit, _ in units:
            text = unit.text
            ends = [word.end() for word in _WORD.finditer(text)]
            bounds.append(ends)
            seen = [text[begin:end] for begin, end in zip((0, *ends), ends[1:], strict=False)]
            pairs.update(seen if counts[unit] == 1 else seen * 2)
        found: defaultdict[str, list[int]] = defaultdict(list)
        for (unit, start), ends in zip(units, bounds, strict=True):
            text = unit.text
            begin = 0
            for place, first in enumerate(ends):
                at = start + begin
                if first - begin > 1 or len(ends) == 1:  # one character never pays within a text
                    found[text[begin:first]].append(at)
                before = begin
                for previous, end in enumerate(ends[place + 1 : place + WINDOW], start=place):
                    if pairs[text[before:end]] == 1:
                        break
                    found[text[begin:end]].append(at)
                    before = ends[previous]
                word = text[begin:first].rstrip(_MARKS)
                if word and len(word) < first - begin:
                    found[word].append(at)
                begin = first
            if len(ends) > WINDOW and counts[unit] > 1:
                found[text].append(start)
        if every > 1:
            return {
                phrase: [match.start() for match in re.finditer(re.escape(phrase), self._text)]
                for phrase, places in found.items()
                if len(places) > 2
            }
        weights, names = self._weights, self._names
        return {
            phrase: places
            for phrase, places in found.items()
            if len(places) > 1 or weights[places[0]] > 1 or phrase in names
        }

    def _take_best(self, phrases: dict[str, list[int]]) -> None:
        size, end, weights = self.charset.size, len(self.charset.end), self._weights
        heap: list[tuple[int, str]] = []
        for phrase, places in phrases.items():
            octets = size(phrase)
            uses = sum(weights[place] for place in places)
            bound = uses * (octets + end - 1) - (0 if phrase in self._names else octets + end)
            if bound > 0:
                heap.append((-bound, phrase))
        heapq.heapify(heap)
        while heap:
            _, phrase = heapq.heappop(heap)
            value, places = self._value(phrase, phrases[phrase])
            if value <= 0:
                continue
            if heap and value < -heap[0][0]:
                phrases[phrase] = places
                heapq.heappush(heap, (-value, phrase))
                continue
            self._take(*self._extend(phrase, places))

    def _value(self, phrase: str, places: list[int]) -> tuple[int, list[int]]:
        """Octets saved by taking the phrase now, and the places where it still stands free."""
        taken, weights, end = self._taken, self._weights, len(self.charset.end)
        length, octets = len(phrase), self.charset.size(phrase)
        known = phrase in self.chosen or phrase in self._names
        reference = 1 + (1 if self._size < 0x80 else 2 if self._size < 0x4000 else 3)
        frame = 1 + end
        saved, free, last = (0 if known else -(octets + end)), [], -1
        gain = octets + frame - reference
        for place in places:
            after = place + length
            if place < last or taken[place] or taken[after - 1] or taken.find(1, place, after) >= 0:
                continue
            here = gain - (0 if taken[place - 1] else frame) - (0 if taken[after] else frame)
            if here > 0:
                saved += here * weights[place]
                free.append(place)
                last = after
        return saved, free

    def _extend(self, phrase: str, places: list[int]) -> tuple[str, list[int]]:
        """Grow the phrase to both sides while all its places go on alike."""
        text, taken = self._text, self._taken
        nearest = min((after - before for before, after in pairwise(places)), default=len(text))
        while len(phrase) < nearest:
            length = len(phrase)
            character = text[places[0] + length]
            if any(taken[place + length] or text[place + length] != character for place in places):
                break
            phrase += character
        while len(phrase) < nearest:
            character = text[places[0] - 1]
            if any(taken[place - 1] or text[place - 1] != character for place in places):
                break
            phrase, places = character + phrase, [place - 1 for place in places]
        return phrase, places

    def _take(self, phrase: str, places: list[int]) -> None:
        if phrase not in self.chosen and phrase not in self._names:
            self._size += self.charset.size(phrase) + len(self.charset.end)
        filled = b"\1" * len(phrase)
        for place in places:
            self.pieces[place] = phrase
            self._taken[place : place + len(phrase)] = filled
            self.chosen[phrase] += self._weights[place]


def _lay_out(names: Sequence[str], chosen: Counter[str], charset: Charset) -> tuple[bytes, dict[str, int]]:
    """The table and where each string stands: what is used most for its length comes first, so that
    most references are short; a string that is the tail of another is not stored again."""
    uses = Counter(chosen)
    uses.update(names)
    ordered = sorted(uses, key=lambda text: text[::-1])
    home: dict[str, str] = {}
    for text, following in zip(reversed(ordered), [None, *reversed(ordered)], strict=False):
        tail = following is not None and following.endswith(text)
        home[text] = home[following] if tail and following is not None else text
    load: Counter[str] = Counter()
    for text, root in home.items():
        load[root] += uses[text]
    roots = sorted(load, key=lambda root: (-load[root] / (charset.size(root) + 1), root))
    table = bytearray()
    begins: dict[str, int] = {}
    for root in roots:
        begins[root] = len(table)
        table += root.encode(charset.codec, "replace") + charset.end
    return bytes(table), {
        text: begins[root] + charset.size(root) - charset.size(text) for text, root in home.items()
    }


class _Writer:
    """Writes units with references into the finished table, tails of its strings included."""

    LONGEST_TAIL = 24

    def __init__(self, offsets: dict[str, int], charset: Charset, language: Language) -> None:
        self._charset = charset
        self._language = language
        self._known: dict[tuple[str, bool], bytes] = {}
        self._at = dict(offsets)
        for text, offset in offsets.items():
            for begin in range(max(1, len(text) - self.LONGEST_TAIL), len(text)):
                at = offset + charset.size(text[:begin])
                if self._at.get(text[begin:], at) >= at:
                    self._at[text[begin:]] = at

    def unit(self, unit: Unit, pieces: Sequence[tuple[int, str]]) -> bytes:
        """One unit; `pieces` are the stretches to take from the table, by their place in it."""
        out: list[bytes] = []
        begin = 0
        for place, piece in pieces:
            if begin < place:
                out.append(self._stretch(unit.text[begin:place], unit.values))
            out.append(self._stretch(piece, unit.values))
            begin = place + len(piece)
        if begin < len(unit.text):
            out.append(self._stretch(unit.text[begin:], unit.values))
        return b"".join(out)

    def _stretch(self, text: str, values: bool) -> bytes:
        """The shortest of inline, table and, in an attribute, value tokens."""
        known = self._known.get((text, values))
        if known is None:
            known = self._known[text, values] = self._shortest(text, values)
        return known

    def _shortest(self, text: str, values: bool) -> bytes:
        ways = [self._charset.inline(text)]
        at = self._at.get(text)
        if at is not None:
            ways.append(bytes((STR_T,)) + uintvar(at))
        if values and (found := list(_pattern(self._language.name).finditer(text))):
            ways.append(self._with_values(text, found))
        return min(ways, key=len)

    def _with_values(self, text: str, found: Sequence[re.Match[str]]) -> bytes:
        """The text with the language's attribute value tokens, wherever they shorten it."""
        charset = self._charset
        out = bytearray()
        begin = 0
        frame = 1 + len(charset.end)
        for match in found:
            left, right = match.start() > begin, match.end() < len(text)
            if charset.size(match.group()) + frame - 1 - frame * left - frame * right <= 0:
                continue
            if left:
                out += charset.inline(text[begin : match.start()])
            out.append(self._language.values[match.group()])
            begin = match.end()
        if begin < len(text):
            out += charset.inline(text[begin:])
        return bytes(out)


@cache
def _pattern(language: str) -> re.Pattern[str]:
    values = next(each.values for each in LANGUAGES if each.name == language)
    return re.compile("|".join(map(re.escape, sorted(values, key=len, reverse=True))))
