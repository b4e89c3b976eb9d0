"""A client for the Redis that an address names, whatever stands behind it.

    redis://HOST:PORT/DB, rediss://..., unix://PATH       one server
    redis+sentinel://[:PASSWORD@]HOST:PORT,.../NAME[/DB]  whom the Sentinels call master of NAME (port 26379)
    redis+cluster://[:PASSWORD@]HOST:PORT,...             the node of a cluster that holds the site (6379)

Each new connection asks where to go, and one that is sent elsewhere is closed and asks again. All keys of a
site stand in one slot (`portal.store`), so a cluster needs no other client than one server does.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.connection import Connection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.crc import key_slot
from redis.exceptions import AskError, ClusterDownError, MovedError, ReadOnlyError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError

from portal.errors import WrongSetting
from portal.store import Keys, as_text

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
    finder: Finder
    if scheme == CLUSTER:
        if rest:
            raise WrongSetting(f"a cluster has no databases: leave out /{'/'.join(rest)} in REDIS_URL")
        finder = SlotFinder(places, secret, int(key_slot(Keys(site_id)("site").encode())))
    else:
        if not 1 <= len(rest) <= 2:
            raise WrongSetting(f"REDIS_URL must name the master: {SENTINEL}://HOST:26379/NAME")
        finder = MasterFinder(places, secret, rest[0])
        options["db"] = int(rest[1]) if len(rest) == 2 else 0
    pool = ConnectionPool(connection_class=FoundConnection, finder=finder, **secret, **options)
    return Redis.from_pool(pool)


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


class Finder(ABC):
    """Asks `places`, in any order, where the Redis is that takes our writes."""

    def __init__(self, places: Sequence[Place], secret: dict[str, Any]) -> None:
        self._places = list(places)
        self._secret = secret

    async def find(self) -> Place:
        """Its host and port. RedisConnectionError where nobody says."""
        said = "nobody was asked"
        for place in random.sample(self._places, len(self._places)):
            try:
                found = await self._ask(place)
            except (RedisError, OSError) as error:
                said = str(error)
                continue
            if found is not None:
                return found
            said = f"{place[0]}:{place[1]} does not know it"
        raise RedisConnectionError(f"no Redis is found: {said}")

    @abstractmethod
    async def _ask(self, place: Place) -> Place | None:
        """What one of them says."""

    async def _said(self, place: Place, *command: str) -> Any:
        """The answer to one command on a connection of its own."""
        client = Redis(
            host=place[0], port=place[1], socket_timeout=ASK_SECONDS, socket_connect_timeout=ASK_SECONDS,
            retry=Retry(NoBackoff(), 0), **self._secret,
        )  # fmt: skip
        try:
            return await client.execute_command(*command)  # type: ignore[no-untyped-call]
        finally:
            await client.aclose()


class MasterFinder(Finder):
    """Asks Sentinels for the master of a name, and the master whether it is one: a Sentinel may be late."""

    def __init__(self, places: Sequence[Place], secret: dict[str, Any], name: str) -> None:
        super().__init__(places, secret)
        self._name = name

    async def _ask(self, place: Place) -> Place | None:
        address = await self._said(place, "SENTINEL GET-MASTER-ADDR-BY-NAME", self._name)
        if not address:
            return None
        master = (as_text(address[0]), int(address[1]))
        role = await self._said(master, "ROLE")
        return master if as_text(role[0]) == "master" else None


class SlotFinder(Finder):
    """Asks the nodes of a cluster who holds a slot; it learns of new nodes as they answer."""

    def __init__(self, places: Sequence[Place], secret: dict[str, Any], slot: int) -> None:
        super().__init__(places, secret)
        self._slot = slot

    async def _ask(self, place: Place) -> Place | None:
        found = None
        for first, last, master, *_ in await self._said(place, "CLUSTER SLOTS"):
            node = (as_text(master[0]) or place[0], int(master[1]))
            if node not in self._places:
                self._places.append(node)
            if int(first) <= self._slot <= int(last):
                found = node
        return found


class FoundConnection(Connection):
    """A connection to whom the finder names when it is made."""

    def __init__(self, *, finder: Finder, **options: Any) -> None:
        super().__init__(**options)
        self._finder = finder

    async def _connect(self) -> None:
        self.host, self.port = await self._finder.find()
        await super()._connect()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped

    async def read_response(self, *arguments: Any, **options: Any) -> Any:
        """As any connection; an answer that sends us elsewhere ends it, so that the next one asks again."""
        try:
            return await super().read_response(*arguments, **options)
        except (MovedError, AskError, ClusterDownError, ReadOnlyError) as error:
            await self.disconnect()
            raise RedisConnectionError(f"another Redis has taken over: {error}") from error
