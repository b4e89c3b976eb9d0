"""Lists: what is new, what has vanished, and how few pages it takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_sync.extract.page import Extracted, Link
from content_sync.fetch import Got, TimedOut, Validators
from content_sync.lists import Walk, Walker, merge
from content_sync.records import ColumnRecord, Listed


def listed(names: str) -> list[Listed]:
    return [Listed(url=name, title=name) for name in names]


def names(entries: object) -> str:
    return "".join(entry.url for entry in entries)  # type: ignore[attr-defined]  # tuples of Listed


@pytest.mark.parametrize(
    ("old", "walked", "whole", "after", "vanished", "aged"),
    [
        ("", "abc", True, "abc", "", ""),
        ("cde", "abc", False, "abcde", "", ""),
        ("abcde", "abe", True, "abcde", "cd", ""),
        ("abcde", "abe", False, "abcde", "cd", ""),
        ("abcde", "abc", True, "abcde", "", "de"),
        ("abcde", "abc", False, "abcde", "", ""),
        ("abcde", "xbcde", True, "axbcde", "a", ""),
        ("abcde", "edcba", True, "edcba", "", ""),
        ("abcd", "xyz", True, "xyzabcd", "", "abcd"),
        ("abcd", "aabbd", True, "abcd", "c", ""),
        ("abcdef", "zaf", True, "zabcdef", "bcde", ""),
    ],
)
def test_merging(old: str, walked: str, whole: bool, after: str, vanished: str, aged: str) -> None:
    merged = merge(listed(old), listed(walked), whole, str)
    assert (names(merged.listed), names(merged.vanished), names(merged.aged)) == (after, vanished, aged)


@given(st.text("abcdefgh", max_size=12), st.text("abcdefgh", max_size=12), st.booleans())
def test_merging_loses_nothing(old: str, walked: str, whole: bool) -> None:
    merged = merge(listed(old), listed(walked), whole, str)
    after = names(merged.listed)
    assert sorted(after) == sorted(set(old + walked))
    assert [name for name in after if name in walked] == list(dict.fromkeys(walked))
    assert not set(names(merged.vanished)) & set(walked) and not set(names(merged.aged)) & set(walked)


class Origin:
    """A list of numbered entries, `size` a page, and what was asked of it."""

    def __init__(self, entries: list[str], size: int = 3) -> None:
        self.entries = entries
        self.size = size
        self.asked: list[str] = []
        self.broken: set[str] = set()

    def body(self, number: int) -> str:
        return ",".join(self.entries[number * self.size : (number + 1) * self.size]) or ","

    async def get(self, url: str, validators: Validators) -> Got:
        self.asked.append(url)
        if url in self.broken:
            raise TimedOut("no answer")
        body = self.body(int(url.rpartition("/")[2]))
        if validators.etag == body:
            return Got(url, 304)
        return Got(url, 200, body.encode(), "text/html", Validators(etag=body))

    async def read(self, got: Got, hint: str) -> Extracted:
        assert hint == "list"
        items = tuple(
            Link(title=name, url=f"http://o/{name}") for name in got.body.decode().split(",") if name
        )
        count = -(-len(self.entries) // self.size)
        pages = tuple(f"http://o/{number}" for number in range(count) if got.url != f"http://o/{number}")
        return Extracted(kind="list", items=items, pages=pages)


async def look(origin: Origin, record: ColumnRecord, limit: int = 100, deep: bool = False) -> Walk:
    origin.asked.clear()
    walker = Walker("http://o/0", record, origin, str, limit=limit, deep=deep, now=5.0)
    return await walker.walk()


def entry_names(walk: Walk) -> list[str]:
    return [entry.title for entry in walk.record.listed]


async def test_the_first_walk_reads_all_and_the_next_one_page() -> None:
    origin = Origin([f"n{number}" for number in range(10)])
    walk = await look(origin, ColumnRecord())
    assert entry_names(walk) == origin.entries and len(origin.asked) == 4 and walk.changed
    again = await look(origin, walk.record)
    assert origin.asked == ["http://o/0"] and not again.changed and again.fresh == ()


async def test_a_walk_ends_where_it_meets_what_it_knows() -> None:
    origin = Origin([f"n{number}" for number in range(30)])
    first = await look(origin, ColumnRecord())
    origin.entries = ["new1", "new2", "new3", "new4", *origin.entries]
    walk = await look(origin, first.record)
    assert origin.asked == ["http://o/0", "http://o/1"]
    assert entry_names(walk) == origin.entries
    assert [entry.title for entry in walk.fresh] == ["new1", "new2", "new3", "new4"]


async def test_a_pinned_entry_is_no_meeting() -> None:
    origin = Origin([f"n{number}" for number in range(30)])
    first = await look(origin, ColumnRecord())
    origin.entries = ["n29", *[f"m{number}" for number in range(6)], *origin.entries[:-1]]
    walk = await look(origin, first.record)
    assert entry_names(walk)[:8] == origin.entries[:8] and len(walk.fresh) == 6


async def test_what_vanishes_deep_down_is_seen_by_a_deep_walk_only() -> None:
    origin = Origin([f"n{number}" for number in range(30)])
    first = await look(origin, ColumnRecord())
    origin.entries = [name for name in origin.entries if name != "n20"]
    assert (await look(origin, first.record)).record.missing == {}
    walk = await look(origin, first.record, deep=True)
    assert walk.record.missing == {"http://o/n20": 1} and len(origin.asked) == 10
    assert entry_names(walk)[20] == "n20"
    again = await look(origin, walk.record)
    assert again.record.missing == {"http://o/n20": 2}
    origin.entries.insert(20, "n20")
    back = await look(origin, again.record, deep=True)
    assert back.record.missing == {}


async def test_the_limit_ends_a_walk() -> None:
    origin = Origin([f"n{number}" for number in range(30)])
    walk = await look(origin, ColumnRecord(), limit=7)
    assert len(origin.asked) == 3 and len(walk.record.listed) == 7 and walk.record.swept == 5.0
    origin.entries.insert(0, "new")
    walk = await look(origin, walk.record, limit=7)
    assert entry_names(walk) == ["new", *[f"n{number}" for number in range(6)]]


async def test_a_page_that_fails_on_the_way_keeps_what_came_before() -> None:
    origin = Origin([f"n{number}" for number in range(9)])
    first = await look(origin, ColumnRecord())
    origin.entries = [*[f"m{number}" for number in range(5)], *origin.entries]
    origin.broken = {"http://o/1"}
    walk = await look(origin, first.record)
    assert "page 2 of the list: no answer" in walk.reason
    assert [entry.title for entry in walk.fresh] == ["m0", "m1", "m2"]
    assert walk.record.missing == {}
    origin.broken = set()
    healed = await look(origin, walk.record, deep=True)
    assert healed.reason == "" and entry_names(healed) == origin.entries


async def test_a_list_that_cannot_be_asked_stands() -> None:
    origin = Origin(["a", "b"])
    first = await look(origin, ColumnRecord())
    origin.broken = {"http://o/0"}
    walk = await look(origin, first.record)
    assert not walk.reached and walk.reason == "no answer" and walk.record.listed == first.record.listed
    origin.broken, origin.entries = set(), []
    walk = await look(origin, first.record)
    assert walk.reached and "empty and held 2" in walk.reason and walk.record.listed == first.record.listed


async def test_another_list_address_starts_anew_but_forgets_nothing() -> None:
    origin = Origin([f"n{number}" for number in range(6)])
    first = await look(origin, ColumnRecord())
    other = Origin(["n1", "x"])
    walk = await Walker(
        "http://o/0", first.record, other, str, limit=9, deep=False, now=6.0, reader="new"
    ).walk()
    assert [entry.title for entry in walk.record.listed[:3]] == ["n0", "n1", "x"]
    assert set(walk.record.missing) == {f"http://o/n{number}" for number in (0, 2, 3, 4, 5)}
