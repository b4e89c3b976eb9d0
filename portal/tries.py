"""Wrong guesses counted by address, so that nobody finds a code by trying them all.

keys, each behind `sg:{SITE}:`
    tries:NAME:ADDRESS      guesses within the time      ends by itself
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from redis.asyncio import Redis

from portal.errors import PortalError
from portal.store import Keys, wait

MOST_WRONG = 20
TRIES_SECONDS = 600


class TooManyTries(PortalError):
    """Somebody has tried too many wrong codes."""


@dataclass(frozen=True, slots=True)
class Tries:
    """The guesses at one kind of code: at most `most` wrong ones of one address within TRIES_SECONDS."""

    redis: Redis
    keys: Keys
    name: str
    most: int = MOST_WRONG

    async def begin(self, address: str) -> None:
        """Count a guess before it is looked at: many at once gain nothing. TooManyTries."""
        key = self._key(address)
        pipe = self.redis.pipeline(transaction=True)
        pipe.incr(key)
        pipe.expire(key, TRIES_SECONDS, nx=True)
        if int((await pipe.execute())[0]) > self.most:
            raise TooManyTries(f"{self.most} wrong codes within {TRIES_SECONDS} s")

    async def was_right(self, address: str) -> None:
        """Take the guess back."""
        await wait(self.redis.decr(self._key(address)))

    def _key(self, address: str) -> str:
        return self.keys("tries", self.name, network(address))


def network(address: str) -> str:
    """Whose guesses count together: one IPv4 address, one /64 of IPv6; "-" for what is no address."""
    try:
        read = ip_address(address.partition("%")[0])
    except ValueError:
        return "-"
    if isinstance(read, IPv6Address):
        return str(read.ipv4_mapped or IPv6Address(int(read) >> 64 << 64))
    return str(read)
