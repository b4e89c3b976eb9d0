"""Real parts for every test: a private Redis, and no way out of loopback."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import settings
from redis.asyncio import Redis

from portal.local_redis import LocalRedis

# How long one example takes proves nothing: machines that run tests are busy with other things.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

LONGEST = (
    "test_first_light", "content_sync/test_demo", "stb_app/test_verify_remotes", "stb_app/test_journeys",
    "stb_app/test_verify_legible", "portal/test_processes", "portal/letters/open311/test_server",
    "stb_app/test_rendered", "stb_app/test_verify_unscripted", "stb_app/test_finding", "portal/http/test_lane",
    "portal/letters/test_durability", "stb_app/test_letters", "wap/test_bridge", "wap/test_udp",
    "portal/letters/board/test_board",
)  # fmt: skip
"""Modules that take longest, and begin first: the processes share the tests by modules, and none should be left
with a long one when the others are done."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest modules first."""
    places = {f"{Path(__file__).parent}/{name}.py": at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(str(item.path), len(places)))


class OutsideLoopback(RuntimeError):
    """A test tried to reach another machine."""


def _allowed(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a unix socket
    host = str(address[0])
    if host in ("localhost", ""):
        return True
    try:
        return ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    for name in ("connect", "connect_ex"):
        real = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, real: Any = real) -> Any:
            if not _allowed(address):
                raise OutsideLoopback(f"a test may not connect to {address}")
            return real(self, address)

        monkeypatch.setattr(socket.socket, name, guarded)


@contextmanager
def _running(folder: Path, **options: str) -> Iterator[LocalRedis]:
    server = LocalRedis(folder, **options)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalRedis]:
    """One Redis of this test process."""
    with _running(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="session")
def letters_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalRedis]:
    """One Redis of this test process that is safe for letters."""
    with _running(tmp_path_factory.mktemp("letters"), appendfsync="always") as server:
        yield server


@pytest_asyncio.fixture
async def redis_client(redis_server: LocalRedis) -> AsyncIterator[Redis]:
    """An empty Redis."""
    client = Redis.from_url(redis_server.url)
    await client.flushall()
    yield client
    await client.aclose()
