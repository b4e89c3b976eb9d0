"""Six digits that carry a sheet from the television to a phone or a counter.

A code says which item, in which language, and nothing of who asked for it. One sheet has one code at a
time, so however often it is asked for, there are at most as many codes as there are sheets. They are
drawn at random and end seven days after they were last shown; who tries too many wrong ones waits.

keys, each behind `sg:{SITE}:`
    sheet:code:DIGITS           "LOCALE ITEM"                 ends by itself
    sheet:of:LOCALE:ITEM        the digits                    ends with them
    tries:sheet:ADDRESS         see portal.tries
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

from portal.errors import MirrorAway, NotFound, PortalError
from portal.store import Keys, as_text, wait
from portal.text import LOCALES
from portal.tries import Tries

DIGITS = 6
LIFE_SECONDS = 7 * 86_400
DRAWS = 50
"""Codes drawn before we say that there is none free; with half of them taken it never comes to that."""

_CODE = re.compile(r"[0-9]{6}")


class NoCodeFree(PortalError):
    """All codes are in use; they end by themselves."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a code stands for."""

    item: str
    locale: str


class Codes:
    """The codes of one site. `draw(n)` gives a number from 0 to n-1 that nobody can foresee."""

    def __init__(self, redis: Redis, site_id: str, draw: Callable[[int], int]) -> None:
        self._redis = redis
        self._keys = Keys(site_id)
        self._draw = draw
        self._tries = Tries(redis, self._keys, "sheet")

    async def give(self, item: str, locale: str) -> str:
        """The code of a sheet, with its whole life before it. MirrorAway while Redis does not answer."""
        try:
            return await self._give(item, locale)
        except (RedisError, OSError) as error:
            raise MirrorAway(f"Redis does not answer: {error}") from error

    async def open(self, code: str, address: str) -> Carried:
        """What a code stands for.

        address  of who asks, for counting wrong tries
        raises   NotFound, TooManyTries, MirrorAway
        """
        try:
            return await self._open(code, address)
        except (RedisError, OSError) as error:
            raise MirrorAway(f"Redis does not answer: {error}") from error

    async def _give(self, item: str, locale: str) -> str:
        carried, known_as = f"{locale} {item}", self._keys("sheet", "of", locale, item)
        for _ in range(DRAWS):
            if known := await wait(self._redis.get(known_as)):
                code = as_text(known)
                key = self._keys("sheet", "code", code)
                pipe = self._redis.pipeline(transaction=True)
                # Written again, not only renewed: of the two keys one may have gone before the other.
                pipe.set(key, carried, ex=LIFE_SECONDS)
                pipe.expire(known_as, LIFE_SECONDS)
                await pipe.execute()
                return code
            code = str(self._draw(10**DIGITS)).zfill(DIGITS)
            key = self._keys("sheet", "code", code)
            if not await wait(self._redis.set(key, carried, ex=LIFE_SECONDS, nx=True)):
                continue
            if await wait(self._redis.set(known_as, code, ex=LIFE_SECONDS, nx=True)):
                return code
            # Somebody was given one at the same moment: theirs counts.
            await wait(self._redis.delete(key))
        raise NoCodeFree("no code is free now: they end by themselves, within seven days")

    async def _open(self, code: str, address: str) -> Carried:
        await self._tries.begin(address)
        if _CODE.fullmatch(code) and (
            found := await wait(self._redis.get(self._keys("sheet", "code", code)))
        ):
            locale, _, item = as_text(found).partition(" ")
            if locale in LOCALES and item:
                await self._tries.was_right(address)
                return Carried(item, locale)
        raise NotFound(f"no sheet has the code {code[:12]}")
