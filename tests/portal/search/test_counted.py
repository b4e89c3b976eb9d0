"""What is counted of use: sums without persons, within bounds."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from portal.search import counted
from portal.search.counted import Miss, Misses, Wanted, without_numbers


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("准生证 13912345678", "准生证"),
        ("我的电话139-1234-5678", "我的电话"),
        ("34012319800101123X 低保", "低保"),
        ("３４０１２３１９８００１０１１２３４", ""),
        ("一三九一二三四五六七八找谁", "找谁"),
        ("车牌皖A12345", "车牌皖"),
        ("写信给 li.lei@example.org", "写信给"),
        ("0999 555 0123", ""),
        ("2026年医保", "2026年医保"),
        ("12345", ""),
    ],
)
def test_no_number_of_a_person_is_kept(typed: str, kept: str) -> None:
    """Telephones, identity cards, plates, addresses, however they are written."""
    assert without_numbers(typed) == kept


@given(st.text(st.characters(), max_size=100))
def test_whatever_is_typed(text: str) -> None:
    """Never five digits in a row, never too long."""
    kept = without_numbers(text)
    assert len(kept) <= 60
    run = 0
    for char in kept:
        run = run + 1 if char.isdecimal() and char.isascii() else 0
        assert run < 5


async def test_misses_are_counted_and_bounded(redis_client: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """The most frequent first; of too many the longest unseen go."""
    monkeypatch.setattr(counted, "MOST_MISSES", 3)
    day = date(2026, 11, 1)
    misses = Misses(redis_client, "s", lambda: day)
    assert await misses.most() == []
    for text in ("甲证", "乙证", "乙证", "13912345678", "丙证"):
        await misses.add(text)
    day = date(2026, 11, 2)
    await misses.add("甲证")
    await misses.add("丁证")
    found = await misses.most()
    assert len(found) == 3 and found[0] == Miss("甲证", 2, "2026-11-02")
    assert "丁证" in [miss.text for miss in found]
    assert len(await misses.most(1)) == 1


async def test_wanted_is_summed_over_weeks_and_bounded(
    redis_client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four weeks count, older ones go; one flush adds a bounded number, and the week keeps so many items."""
    day = date(2026, 9, 1)
    wanted = Wanted(redis_client, "s", lambda: day)
    await wanted.flush()
    wanted.count("old")
    await wanted.flush()
    day = date(2026, 11, 10)
    for _ in range(3):
        wanted.count("a")
    await wanted.flush()
    day = date(2026, 11, 22)
    for _ in range(1_000):
        wanted.count("robot")
    wanted.count("a")
    await wanted.flush()
    assert await wanted.most() == [("robot", counted.MOST_AT_ONCE), ("a", 4)]
    monkeypatch.setattr(counted, "MOST_ITEMS", 5)
    for at in range(counted._HELD + 100):
        wanted.count(f"x{at}")
    await wanted.flush()
    assert len(await wanted.most(100)) <= 7
    for key in await redis_client.keys("*wanted*"):
        assert await redis_client.ttl(key) > 0
