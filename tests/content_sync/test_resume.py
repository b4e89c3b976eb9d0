"""A pass that dies before any of its commands to Redis: the next one ends where an undisturbed one would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection

from content_sync import columns, gatelog, items, run
from content_sync.site import SiteFile
from content_sync.state import State
from tests.content_sync.conftest import Canned, Clock, Sync

Town = Callable[..., SiteFile]

CLUBS = """
[[column]]
id = "clubs"
name = "社团"
section = "news"
parent = "news"
number = "320"
list = "/clubs/"
limit = 4
"""
POINTS = 4
"""Commands, spread over the pass, before which it dies; a whole pass takes some seventy."""


class Killed(BaseException):
    """No handler of ours may catch it, as none catches SIGKILL."""


def build(canned: Canned, version: int) -> None:
    """A portal of two lists that share entries; the second version edits, adds, drops and moves."""
    entries = [(f"/a/{number}.html", f"第{number}件要闻的标题写在这里", "2026-03-02") for number in range(9)]
    canned.answers.clear()
    if version == 2:
        entries = [*entries[:3], ("/a/3.html", "第三件要闻的标题改写了", "2026-03-02"), *entries[5:]]
        entries.insert(0, ("/a/10.html", "第十件要闻的标题写在这里", "2026-03-05"))
    canned.list_page("/events/", entries)
    canned.list_page("/clubs/", entries[2:5] if version == 1 else entries[5:7])
    for url, title, day in entries:
        canned.article(url, title, f"{day} 10:00")


async def shown(sync: Sync) -> dict[str, Any]:
    """All that a reader of the mirror sees."""
    site = await sync.mirror.site()
    found: dict[str, Any] = {}
    for column in site.columns:
        heads = (await sync.mirror.listing(column.id, 0, 100)).heads
        found[column.id] = (
            column.count,
            column.newest,
            [(head.title, head.columns, (await sync.mirror.item(head.id)).blocks) for head in heads],
        )
    stones = await sync.redis.hgetall("sg:{town}:heads")
    found["stones"] = sorted(name for name, raw in stones.items() if b'"withdrawn":""' not in raw)
    return found


@pytest.fixture
def mortal(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """`left`: commands until the pass dies (0: never)    `sent`: commands so far."""
    count = {"left": 0, "sent": 0}
    send = AbstractConnection.send_packed_command

    async def counted(self: AbstractConnection, *given: Any, **more: Any) -> None:
        count["sent"] += 1
        if count["left"]:
            count["left"] -= 1
            if not count["left"]:
                count["left"] = 1
                raise Killed
        await send(self, *given, **more)

    monkeypatch.setattr(AbstractConnection, "send_packed_command", counted)
    return count


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a small portal takes several batches and publishes."""
    for module, name, value in (
        (items, "PORTION", 2),
        (items, "LARGEST_PORTION", 4),
        (columns, "BATCH", 3),
        (run, "BATCH", 3),
    ):
        monkeypatch.setattr(module, name, value)


async def test_killed_before_any_command(
    canned: Canned, town: Town, redis_client: Redis, mortal: dict[str, int]
) -> None:
    site = town(events="limit = 9", more=CLUBS)

    async def passes(dies_at: int = 0) -> tuple[list[dict[str, Any]], int]:
        """Both versions mirrored; the passes die before their command `dies_at` and are begun again."""
        await redis_client.flushdb()
        sync, seen, longest = Sync(site, redis_client, Clock()), [], 0
        for version, looks in ((1, 1), (2, 3)):
            build(canned, version)
            for look in range(looks):
                # Deletions take two misses and a 404; each look comes a day after the last.
                mortal.update(left=dies_at if look != 1 else 0, sent=0)
                try:
                    await sync.run()
                except Killed:
                    mortal["left"] = 0
                    await redis_client.connection_pool.disconnect()
                    await redis_client.delete("sg:{town}:sync:lock")
                    assert (await sync.run()).error == ""
                longest = max(longest, mortal["sent"])
                mortal["left"] = 0
                sync.clock.forward(86_400)
            seen.append(await shown(sync))
        assert gatelog.broken_at(await State(redis_client, "town").log()) is None
        return seen, longest

    whole, commands = await passes()
    assert whole[0] != whole[1] and whole[1]["stones"]
    for dies_at in range(commands // POINTS, commands + 1, commands // POINTS):
        cut, _ = await passes(dies_at)
        assert cut == whole, f"died before command {dies_at}"
