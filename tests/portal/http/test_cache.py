"""The page cache: bounded in octets, dropped by what pages show, not washed out by those who walk through."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from portal.http.answer import ENTRY_OCTETS, Answer, answer_of
from portal.http.cache import PageCache

FIELDS = (("Content-Type", "text/html"), ("Date", "x"), ("Etag", '"t"'), ("Content-Length", "3"))


def page(octets: int = 100) -> Answer:
    """An answer that takes about so many octets besides its entry."""
    return Answer(200, b"", b"", b"x" * octets, False, "")


def key(name: str) -> tuple[bytes, None]:
    """A key of one class."""
    return name.encode(), None


def test_what_a_publish_touches_goes_and_nothing_else() -> None:
    """By name; None is everything. What was dropped is told with its uses."""
    cache = PageCache(1_000_000)
    cache.put(key("a"), page(), ("i:1", "c:news"), 100, "how to make a")
    cache.put(key("b"), page(), ("i:2", "c:news"), 100)
    cache.put(key("c"), page(), (), 100)
    for _ in range(3):
        cache.get(key("a"), 0)
    assert [(gone.order, gone.uses) for gone in cache.drop(frozenset(("i:1", "i:9")))] == [
        ("how to make a", 3)
    ]
    assert cache.get(key("a"), 0) is None and cache.get(key("b"), 0) is not None
    assert len(cache.drop(frozenset(("c:news",)))) == 1 and len(cache) == 1
    assert len(cache.drop(None)) == 1 and (len(cache), cache.octets, cache.dropped) == (0, 0, 3)


def test_a_page_is_not_shown_past_its_time() -> None:
    """`until` itself is past it."""
    cache = PageCache(1_000_000)
    cache.put(key("a"), page(), (), 10.0)
    assert cache.get(key("a"), 9.9) is not None and cache.holds(key("a"), 9.9)
    assert not cache.holds(key("a"), 10.0) and cache.get(key("a"), 10.0) is None and len(cache) == 0


def test_somebody_who_walks_through_everything_washes_nothing_out() -> None:
    """What was asked for twice stays while ten times the room passes by."""
    cache = PageCache(100 * (ENTRY_OCTETS + 100))
    for number in range(50):
        cache.put(key(f"read{number}"), page(), (), 100)
        cache.get(key(f"read{number}"), 0)
    for number in range(1_000):
        cache.put(key(f"walk{number}"), page(), (), 100)
    assert all(cache.get(key(f"read{number}"), 0) for number in range(50))
    assert cache.octets <= cache.room


def test_no_page_takes_an_eighth_of_the_room_and_none_of_no_room() -> None:
    """One large page is not worth many small ones."""
    cache = PageCache(80_000)
    cache.put(key("a"), page(10_001), (), 100)
    assert len(cache) == 0
    nothing = PageCache(0)
    nothing.put(key("a"), page(), (), 100)
    assert len(nothing) == 0


@given(st.integers(0, 2**32))
def test_the_books_balance_whatever_is_done(seed: int) -> None:
    """Octets are those of what is held, never more than the room; names lead to what is held alone."""
    rand = random.Random(seed)
    cache = PageCache(20_000)
    for _ in range(150):
        name = key(str(rand.randrange(30)))
        match rand.randrange(4):
            case 0 | 1:
                depends = [f"i:{rand.randrange(8)}" for _ in range(rand.randrange(3))]
                cache.put(name, page(rand.randrange(1_500)), depends, rand.randrange(1, 20))
            case 2:
                cache.get(name, rand.randrange(20))
            case _:
                cache.drop(frozenset((f"i:{rand.randrange(8)}",)) if rand.random() < 0.9 else None)
        held = {**cache._new, **cache._settled}
        assert cache.octets == sum(each.answer.octets for each in held.values()) <= cache.room
        assert cache._settled_octets == sum(each.answer.octets for each in cache._settled.values())
        assert {key for keys in cache._showing.values() for key in keys} <= held.keys()
        assert all(keys for keys in cache._showing.values())


def test_the_forms_of_an_answer() -> None:
    """HEAD, 304 and the end of the connection are told in the head; nothing else changes."""
    answer = answer_of(200, "OK", FIELDS, b"abc")
    plain = answer.wire(b"now", gzip=True, head=False, close=False, unchanged=False)
    assert plain == (
        b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nDate: now\r\nEtag: "t"\r\nContent-Length: 3\r\n\r\nabc'
    )
    assert answer.wire(b"now", gzip=True, head=True, close=False, unchanged=False) == plain[:-3]
    unchanged = answer.wire(b"now", gzip=True, head=False, close=True, unchanged=True)
    assert unchanged == b'HTTP/1.1 304 Not Modified\r\nDate: now\r\nEtag: "t"\r\nConnection: close\r\n\r\n'
