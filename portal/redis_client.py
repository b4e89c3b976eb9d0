"""A client for the Redis that an address names, whatever stands behind it.

    redis://HOST:PORT/DB, rediss://..., unix://PATH       one server
    redis+sentinel://[:PASSWORD@]HOST:PORT,.../NAME[/DB]  whom the Sentinels call master of NAME (port 26379)
    redis+cluster://[:PASSWORD@]HOST:PORT,...             the node of a cluster that holds the site (6379)

All keys of a site stand in one slot (`portal.store`), so a cluster needs no other client than one server
does: each new connection asks who holds the slot, and one that is sent elsewhere is closed and asks again.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.connection import Connection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import NoBackoff
from redis.crc import key_slot
from redis.exceptions import AskError, ClusterDownError, MovedError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError

from portal.errors import WrongSetting
from portal.store import Keys

SENTINEL, CLUSTER = "redis+sentinel", "redis+cluster"
_PORTS = {SENTINEL: 26379, CLUSTER: 6379}
ASK_SECONDS = 1.0

Place = tuple[str, int]


def connect(url: str, site_id: str, **options: Any) -> Redis:
    """A client of the Redis at `url` for the keys of one site; it connects when it is first used.

    options  as `redis.asyncio.Redis` takes them      raises  WrongSetting where the address is none
    """
    scheme = url.partition(":")[0]
    try:
        if scheme not in _PORTS:
            return Redis.from_url(url, **options)
        places, password, rest = _taken_apart(url, _PORTS[scheme])
    except ValueError as error:
        raise WrongSetting(f"REDIS_URL is no address of a Redis ({error}): {_masked(url)}") from None
    secret: dict[str, Any] = {"password": password} if password else {}
    if scheme == CLUSTER:
        if rest:
            raise WrongSetting(f"a cluster has no databases: leave out /{'/'.join(rest)} in REDIS_URL")
        slot = int(key_slot(Keys(site_id)("site").encode()))
        pool = ConnectionPool(
            connection_class=SlotConnection, finder=SlotFinder(places, slot, secret), **secret, **options
        )
        return Redis.from_pool(pool)
    if not 1 <= len(rest) <= 2 or not rest[0]:
        raise WrongSetting(f"REDIS_URL must name the master: {SENTINEL}://HOST:26379/NAME")
    database = int(rest[1]) if len(rest) == 2 else 0
    waits = {"socket_timeout": ASK_SECONDS, "socket_connect_timeout": ASK_SECONDS}
    sentinels = Sentinel(  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
        places, sentinel_kwargs={**secret, **waits, "retry": Retry(NoBackoff(), 0)}
    )
    client: Redis = sentinels.master_for(rest[0], db=database, **secret, **options)
    return client


def _taken_apart(url: str, port: int) -> tuple[list[Place], str, list[str]]:
    """Hosts and ports, the password, and the parts of the path. ValueError where it is no address."""
    address = urlsplit(url)
    login, _, hosts = address.netloc.rpartition("@")
    places: list[Place] = []
    for written in hosts.split(","):
        one = urlsplit(f"//{written}")
        if not one.hostname:
            raise ValueError("a host is missing")
        places.append((one.hostname, one.port or port))
    rest = [part for part in address.path.strip("/").split("/") if part]
    if len(rest) > 1 and not rest[1].isdigit():
        raise ValueError(f"'{rest[1]}' is no number of a database")
    return places, unquote(login.partition(":")[2]), rest


def _masked(url: str) -> str:
    """An address without its password."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


class SlotFinder:
    """Asks the nodes of a cluster who holds a slot; it learns of new nodes as they answer."""

    def __init__(self, places: Sequence[Place], slot: int, secret: dict[str, Any]) -> None:
        self._places = list(places)
        self._slot = slot
        self._secret = secret

    async def find(self) -> Place:
        """Host and port of the master of the slot. RedisConnectionError where no node says."""
        said = "no node was asked"
        for place in random.sample(self._places, len(self._places)):
            client = Redis(
                host=place[0], port=place[1], socket_timeout=ASK_SECONDS, socket_connect_timeout=ASK_SECONDS,
                retry=Retry(NoBackoff(), 0), **self._secret,
            )  # fmt: skip
            try:
                ranges = await client.execute_command("CLUSTER SLOTS")  # type: ignore[no-untyped-call]
            except (RedisError, OSError) as error:
                said = str(error)
                continue
            finally:
                await client.aclose()
            found = self._read(ranges, place)
            if found is not None:
                return found
            said = f"nobody holds slot {self._slot}"
        raise RedisConnectionError(f"the cluster cannot be asked: {said}")

    def _read(self, ranges: Any, asked: Place) -> Place | None:
        found = None
        for (first, last), nodes in ranges.items():
            host, port = _text(nodes["primary"][0]) or asked[0], int(nodes["primary"][1])
            if (host, port) not in self._places:
                self._places.append((host, port))
            if int(first) <= self._slot <= int(last):
                found = (host, port)
        return found


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


class SlotConnection(Connection):
    """A connection to the node that holds the slot when it is made."""

    def __init__(self, *, finder: SlotFinder, **options: Any) -> None:
        super().__init__(**options)
        self._finder = finder

    async def _connect(self) -> None:
        self.host, self.port = await self._finder.find()
        await super()._connect()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped

    async def read_response(self, *arguments: Any, **options: Any) -> Any:
        """As any connection; an answer that sends us elsewhere ends it."""
        try:
            return await super().read_response(*arguments, **options)
        except (MovedError, AskError, ClusterDownError) as error:
            await self.disconnect()
            raise RedisConnectionError(f"the site's slot stands elsewhere: {error}") from error
