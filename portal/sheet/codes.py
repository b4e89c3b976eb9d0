"""Six digits that carry a sheet from the television to a phone or a counter.

A code says which item, in which language, and nothing of who asked for it. One sheet has one code at a
time, so however often it is asked for, there are at most as many codes as there are sheets. They are
drawn at random and end seven days after they were last shown; who tries too many wrong ones waits.

keys, each behind `sg:{SITE}:`
    sheet:code:DIGITS           "LOCALE ITEM"                 ends by itself
    sheet:of:LOCALE:ITEM        the digits                    ends with them
    sheet:tries:ADDRESS         wrong codes of one address    ends by itself
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from redis.asyncio import Redis
from redis.exceptions import RedisError

from portal.errors import MirrorAway, NotFound, PortalError
from portal.store import Keys, as_text, wait
from portal.text import LOCALES

DIGITS = 6
LIFE_SECONDS = 7 * 86_400
MOST_WRONG = 20
"""Wrong codes that one address may try within TRIES_SECONDS."""

TRIES_SECONDS = 600
DRAWS = 50
"""Codes drawn before we say that there is none free; with half of them taken it never comes to that."""

_CODE = re.compile(r"[0-9]{6}")


class TooManyTries(PortalError):
    """Somebody has tried too many wrong codes."""


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
        tries = self._keys("sheet", "tries", network(address))
        # Counted before it is looked at, taken back where it was right: many at once gain nothing.
        pipe = self._redis.pipeline(transaction=True)
        pipe.incr(tries)
        pipe.expire(tries, TRIES_SECONDS, nx=True)
        if int((await pipe.execute())[0]) > MOST_WRONG:
            raise TooManyTries(f"{MOST_WRONG} wrong codes within {TRIES_SECONDS} s")
        if _CODE.fullmatch(code) and (
            found := await wait(self._redis.get(self._keys("sheet", "code", code)))
        ):
            locale, _, item = as_text(found).partition(" ")
            if locale in LOCALES and item:
                await wait(self._redis.decr(tries))
                return Carried(item, locale)
        raise NotFound(f"no sheet has the code {code[:12]}")


def network(address: str) -> str:
    """Whose tries count together: one IPv4 address, one /64 of IPv6; "-" for what is no address."""
    try:
        read = ip_address(address.partition("%")[0])
    except ValueError:
        return "-"
    if isinstance(read, IPv6Address):
        return str(read.ipv4_mapped or IPv6Address(int(read) >> 64 << 64))
    return str(read)
