"""Page -> the decks in which a phone can hold it, by what they really measure.

A deck is filled part by part; a paragraph may stop between two sentences, and only a sentence that
would not fit into a deck of its own is cut, at a comma where it has one. Every measurement is of
the finished deck, compiled for a WML phone, with the longest foot that it can get.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from wap import render_wml, render_xhtml
from wap.device import Device, Markup
from wap.page import Call, Deck, Line, Link, Page, Part, Picture, Post
from wap.wbxml import compile_xml

MOST_DECKS = 400
"""Decks of one page; beyond it a text stops with its last deck rather than fill the memory."""

MOST_SHARED = 4
"""No page shrinks to less than this part by sharing strings; not worth trying beyond."""

_SENTENCE = re.compile(r"[^。！？；!?;]*[。！？；!?;]+[”’」』）)】》]*|[^。！？；!?;]+")
_CLAUSE = re.compile(r"[^，、：,:]*[，、：,:]+|[^，、：,:]+")
_OVERHEAD = 8
"""Octets that a part costs beside its text, for the first guess only."""


def render(deck: Deck, device: Device) -> str:
    """The deck in the phone's markup, as text."""
    if device.markup is Markup.WML:
        return render_wml.render(deck, device)
    return render_xhtml.render(deck, device)


@lru_cache(maxsize=100)
def encode(deck: Deck, device: Device) -> bytes:
    """The deck as it is sent: WMLC where the phone takes it, else text in its character set.

    Remembered for a moment: whoever has measured a deck sends it next.
    """
    text = render(deck, device)
    if device.compiled and device.markup is Markup.WML:
        return compile_xml(text, charset=device.charset)
    return text.encode(device.charset, "xmlcharrefreplace")


def measure(deck: Deck, device: Device) -> int:
    """Octets that count against the phone's limit: compiled for WML, as they are sent for the rest.

    Where a gateway on the way compiles, its compiler may share no strings at all, so neither do we.
    """
    if device.markup is not Markup.WML:
        return len(encode(deck, device))
    return len(compile_xml(render(deck, device), charset=device.charset, share=device.compiled))


@lru_cache(maxsize=500)
def decks(page: Page, device: Device) -> tuple[Deck, ...]:
    """All decks of a page on this device, at least one, each within its limit."""
    found = _fill(page, device)
    return tuple(Deck(page, parts, number, len(found)) for number, parts in enumerate(found, start=1))


def _fill(page: Page, device: Device) -> list[tuple[Part, ...]]:
    if _picture_limit(list(page.body), device) == len(page.body) and _fits_whole(page, device):
        return [page.body]
    rest = list(_sentences(page.body))
    found: list[tuple[Part, ...]] = []
    while rest and len(found) < MOST_DECKS:
        taken = _fitting(page, rest, device)
        if taken == 0:
            rest[:1] = _cut(page, rest[0], device)
            taken = 1
        found.append(_joined(rest[:taken]))
        del rest[:taken]
    return found or [()]


def _fits_whole(page: Page, device: Device) -> bool:
    """Whether the page is one deck. Sharing strings takes longer and only shortens, so it is tried
    where it can decide."""
    deck = Deck(page, page.body)
    plain = measure(deck, replace(device, compiled=False))
    if plain <= device.deck_bytes or not device.compiled:
        return plain <= device.deck_bytes
    return plain <= MOST_SHARED * device.deck_bytes and measure(deck, device) <= device.deck_bytes


def _probe(page: Page, parts: list[Part], device: Device) -> int:
    """The size of these parts as a deck in the middle of many."""
    return measure(Deck(page, _joined(parts), 98, 99), device)


def _fitting(page: Page, rest: list[Part], device: Device) -> int:
    """How many of `rest` fit into one deck."""
    most = _picture_limit(rest, device)
    sizes = [_guess(part, device) for part in rest[:most]]
    plain = replace(device, compiled=False)
    room = device.deck_bytes - _probe(page, [], plain)
    low = _search(page, rest, sizes, 0, _within(sizes, room), plain)
    if not device.compiled or low == most:
        return low
    return _search(page, rest, sizes, low, low + _within(sizes[low:], device.deck_bytes // 10), device)


def _search(page: Page, rest: list[Part], sizes: list[int], low: int, count: int, device: Device) -> int:
    """The most parts that fit; `low` are known to, `count` is a guess. Guesses are corrected by measuring."""
    high = len(sizes) + 1
    while low + 1 < high:
        count = min(max(count, low + 1), high - 1)
        spare = device.deck_bytes - _probe(page, rest[:count], device)
        if spare >= 0:
            low = count
            count += max(1, _within(sizes[count:], spare))
        else:
            high = count
            count -= max(1, _within(sizes[:count][::-1], -spare))
    return low


def _within(sizes: list[int], room: int) -> int:
    """How many sizes from the front add up to no more than `room`."""
    total = 0
    for count, size in enumerate(sizes):
        total += size
        if total > room:
            return count
    return len(sizes)


def _picture_limit(rest: list[Part], device: Device) -> int:
    """How far a deck may go before it has more pictures than the phone's page may weigh."""
    seen = 0
    for place, part in enumerate(rest):
        if isinstance(part, Picture) and device.images:
            seen += 1
            if seen > device.pictures:
                return place
    return len(rest)


def _guess(part: Part, device: Device) -> int:
    match part:
        case Line(text):
            words = text
        case Link(href, text, _, note):
            words = href + text + note
        case Call(number, text, label):
            words = "wtai://wp/mc;" + number + text + label
        case Post(action, button, fields, hidden):
            words = (
                action + button + "".join(f.label + f.value for f in fields) + "x" * 60 * (1 + len(hidden))
            )
        case _:
            words = "x" * 60
    wide = 2 if device.charset in ("gbk", "gb18030") else 3
    return sum(1 if character < "\x80" else wide for character in words) + _OVERHEAD


def _sentences(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        if isinstance(part, Line) and not part.strong and not part.marks:
            for place, sentence in enumerate(_SENTENCE.findall(part.text) or [part.text]):
                yield Line(sentence, joins=part.joins or place > 0, big=part.big)
        else:
            yield part


def _joined(parts: list[Part]) -> tuple[Part, ...]:
    """Sentences that go on become one line again; the first of a deck begins it."""
    lines: list[Part] = []
    for part in parts:
        before = lines[-1] if lines else None
        if isinstance(part, Line) and part.joins:
            if isinstance(before, Line) and before.strong == part.strong:
                lines[-1] = replace(before, text=before.text + part.text)
                continue
            lines.append(replace(part, joins=False))
        else:
            lines.append(part)
    return tuple(lines)


def _cut(page: Page, part: Part, device: Device) -> list[Part]:
    """A part that no deck holds, in pieces of which the first fits."""
    room = max(16, device.deck_bytes - _probe(page, [], device))
    match part:
        case Line(text, strong, joins):
            head, tail = _cut_text(
                text, lambda begin: _probe(page, [Line(begin, strong)], device) <= device.deck_bytes
            )
            return [Line(head, strong, joins), *([Line(tail, strong, True)] if tail else [])]
        case Link(href, text, key, _):
            return [Link(href, _shortened(text, room - len(href) - 24), key)]
        case Picture(_, alt, width, height):
            return [Picture(part.media, _shortened(alt, 60), width, height)]
        case _:
            return [part]


def _cut_text(text: str, fits: Callable[[str], bool]) -> tuple[str, str]:
    """The longest beginning that fits, at least one character, ending at a comma where that wastes little."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    ends = [clause.end() for clause in _CLAUSE.finditer(text) if low // 2 < clause.end() <= low]
    at = ends[-1] if ends else low
    return text[:at], text[at:]


def _shortened(text: str, octets: int) -> str:
    """The text cut to so many octets of UTF-8, with a mark where something is missing."""
    if len(text.encode()) <= octets:
        return text
    return text.encode()[: max(8, octets - 3)].decode("utf-8", "ignore") + "…"
