"""What is remembered of use, without anybody in it: what is opened often, and what is not found.

Only counts are kept, no time of day, no address, no box. Of a search that found nothing the words are kept
as candidates for the list of everyday names; numbers that could be a telephone, an identity card, a
passport or a plate never are.

keys, each behind the site's prefix
    search:wanted:YYYY-WW   sorted set: item id -> how often it was opened that week; gone after `WEEKS`
    search:misses           sorted set: what was typed -> how often        search:misses:seen  -> the day
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from redis.asyncio import Redis

from portal.near import TRAIL
from portal.search import words
from portal.store import Keys, as_text, wait

WEEKS = 4
MOST_ITEMS = 5_000
MOST_MISSES = 1_000
MOST_AT_ONCE = 50
"""How much one flush may add to one item: one busy robot does not make a matter popular."""

_HELD = 2_000
_DIGITS = "0-9零〇一二三四五六七八九十两幺壹贰叁肆伍陆柒捌玖"
_NUMBER = re.compile(rf"[a-z]{{0,3}}(?:[{_DIGITS}][\s\-.,_/+]*){{5,}}[{_DIGITS}a-z]*|\S+@\S*")
"""Five digits or more in a row, however they are written and split; and mail addresses."""


class Wanted:
    """How often items are opened. `today` tells the day in the city."""

    def __init__(self, redis: Redis, site_id: str, today: Callable[[], date]) -> None:
        self._redis = redis
        self._keys = Keys(site_id)
        self._today = today
        self._counts: Counter[str] = Counter()

    def count(self, item_id: str) -> None:
        """An item was opened; cheap, and written with the next `flush`.

        Of a page that is made to be kept, whoever sends it counts each time.
        """
        trail = TRAIL.get()
        if trail is not None and trail.kept:
            trail.opened = item_id
            return
        if item_id in self._counts or len(self._counts) < _HELD:
            self._counts[item_id] += 1

    async def flush(self) -> None:
        """Add what was counted to the week's counts."""
        counts, self._counts = self._counts, Counter()
        if not counts:
            return
        key = self._key(self._today())
        pipe = self._redis.pipeline(transaction=False)
        for item_id, count in counts.items():
            pipe.zincrby(key, min(count, MOST_AT_ONCE), item_id)
        pipe.zremrangebyrank(key, 0, -MOST_ITEMS - 1)
        pipe.expire(key, timedelta(weeks=WEEKS + 1))
        await pipe.execute()

    async def most(self, count: int = MOST_ITEMS) -> list[tuple[str, int]]:
        """(item id, how often) of the last weeks, the most wanted first."""
        weeks = [self._key(self._today() - timedelta(weeks=back)) for back in range(WEEKS)]
        found = await wait(self._redis.zunion(weeks, withscores=True))
        ranked = sorted(
            ((as_text(name), int(score)) for name, score in found), key=lambda pair: (-pair[1], pair[0])
        )
        return ranked[:count]

    def _key(self, day: date) -> str:
        year, week, _ = day.isocalendar()
        return self._keys("search", "wanted", f"{year}-{week:02}")


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that was typed and found nothing: how often, and the last day, YYYY-MM-DD."""

    text: str
    count: int
    last: str


class Misses:
    """Searches that found nothing."""

    def __init__(self, redis: Redis, site_id: str, today: Callable[[], date]) -> None:
        self._redis = redis
        self._keys = Keys(site_id)
        self._today = today

    async def add(self, text: str) -> None:
        """Remember one, without its numbers. Of more than `MOST_MISSES` the longest unseen go."""
        kept = without_numbers(text)
        if not kept:
            return
        counts, seen = self._keys("search", "misses"), self._keys("search", "misses", "seen")
        pipe = self._redis.pipeline(transaction=True)
        pipe.zincrby(counts, 1, kept)
        pipe.zadd(seen, {kept: self._today().toordinal()})
        pipe.zcard(seen)
        *_, known = await pipe.execute()
        if known > MOST_MISSES:
            gone: list[tuple[bytes, float]] = await wait(self._redis.zpopmin(seen, known - MOST_MISSES))
            await wait(self._redis.zrem(counts, *(as_text(name) for name, _ in gone)))

    async def most(self, count: int = 100) -> list[Miss]:
        """What was missed most often, the most often first."""
        counts, seen = self._keys("search", "misses"), self._keys("search", "misses", "seen")
        ranked = await wait(self._redis.zrevrange(counts, 0, count - 1, withscores=True))
        found = [(as_text(name), int(times)) for name, times in ranked]
        if not found:
            return []
        days = await wait(self._redis.zmscore(seen, [name for name, _ in found]))
        return [
            Miss(name, times, date.fromordinal(int(day)).isoformat() if day else "")
            for (name, times), day in zip(found, days, strict=True)
        ]


def without_numbers(text: str) -> str:
    """What was typed, tidied, without anything that could name a person by a number."""
    return " ".join(_NUMBER.sub(" ", words.typed(text)).split())
