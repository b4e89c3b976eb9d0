"""Asking for one case: guesses are counted, the waiting is bounded, Redis may be away."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from portal.cases import MOST_WAITING, CaseDesk, OriginAway, digits_of, is_number, rows
from portal.errors import MirrorAway
from portal.model import Case, Field
from portal.store import Keys
from portal.text import text
from portal.tries import MOST_WRONG, TooManyTries

CASE = Case(id="c", url="u", title="教师资格认定", matter="教师资格认定", state="审查", case_no="QL1",
            fields=(Field("受理日期", "2026-11-04"),))  # fmt: skip


class Origin:
    """Knows one case."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.go = asyncio.Event()
        self.go.set()

    async def __call__(self, number: str, code: str) -> Case | None:
        self.asked.append((number, code))
        await self.go.wait()
        return CASE if (number, code) == ("202611040410", "123456") else None


async def test_right_and_wrong(redis_client: Redis) -> None:
    """What cannot be a number or a code is not asked for; wrong codes are counted, right ones are not."""
    origin = Origin()
    desk = CaseDesk(redis_client, Keys("s"), origin, 6)
    assert await desk.find("202611040410", "123456", "10.0.0.1") == CASE
    for number, code in (("12", "123456"), ("1" * 25, "123456"), ("202611040410", "12345"), ("２０２６", "123456"),
                         ("202611040410", "12345x"), ("../../etc", "123456")):  # fmt: skip
        assert await desk.find(number, code, "10.0.0.9") is None
    assert origin.asked == [("202611040410", "123456")]
    for guess in range(MOST_WRONG):
        assert await desk.find("202611040410", f"{guess:06}", "10.0.0.1") is None
    with pytest.raises(TooManyTries):
        await desk.find("202611040410", "123456", "10.0.0.1")
    assert await desk.find("202611040410", "123456", "10.0.0.2") == CASE


async def test_a_crowd_is_told_to_come_again(redis_client: Redis) -> None:
    """So many wait for the origin, and no more."""
    origin = Origin()
    origin.go.clear()
    desk = CaseDesk(redis_client, Keys("s"), origin, 6)
    waiting = [
        asyncio.create_task(desk.find("202611040410", "123456", f"10.0.1.{n}")) for n in range(MOST_WAITING)
    ]
    while len(origin.asked) < MOST_WAITING:
        await asyncio.sleep(0.01)
    with pytest.raises(OriginAway):
        await desk.find("202611040410", "123456", "10.0.2.1")
    origin.go.set()
    assert await asyncio.gather(*waiting) == [CASE] * MOST_WAITING


async def test_without_redis() -> None:
    """Nobody may guess uncounted."""
    away = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
    with pytest.raises(MirrorAway):
        await CaseDesk(away, Keys("s"), Origin(), 6).find("202611040410", "123456", "10.0.0.1")
    await away.aclose()


def test_digits() -> None:
    """Of a number as it is printed, and what is enough to look for."""
    assert (
        digits_of("QLXK-2026 1104") == "20261104"
        and digits_of("８１２") == ""
        and len(digits_of("1" * 99)) == 24
    )
    assert is_number("2026") and not is_number("202") and not is_number("20a6")


def test_nothing_is_said_twice() -> None:
    """The title is not a row; what the page had beside is."""
    assert rows(CASE, text("zh-Hans")) == [("状态", "审查"), ("单号", "QL1"), ("受理日期", "2026-11-04")]
    assert ("State", "审查") in rows(CASE, text("en"))
