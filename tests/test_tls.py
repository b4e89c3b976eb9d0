"""TLS without a proxy: the server shows its own certificate, and asks there what it does not ask in the clear."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis

import server
from portal.local_redis import LocalRedis
from tests import sample
from tests.content_sync.test_client import CERTIFICATE
from tests.laned import read_on, request

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFUSED = "这条线路没有加密"
ASKED = "您要做什么"
START_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """The ports of a running server, in the clear and with TLS."""

    plain: int
    tls: int


def _settle(patch: pytest.MonkeyPatch, folder: Path, redis: str, found: Served) -> None:
    """The settings of a server: a site, and the certificate and its key, each in a file of its own."""
    site = sample.write_site(folder)
    key, mark, rest = CERTIFICATE.read_text().partition("-----BEGIN CERTIFICATE-----")
    (folder / "cert.pem").write_text(mark + rest)
    (folder / "key.pem").write_text(key)
    values = {
        "SITE": str(site), "SITE_HOME": "", "DATA_DIR": str(folder), "HOST": "127.0.0.1",
        "REDIS_URL": redis, "LETTERS_REDIS_URL": redis, "LETTERS_RULES": "", "WSP_PORTS": "",
        "PORT": str(found.plain), "TLS_PORT": str(found.tls),
        "TLS_CERT": str(folder / "cert.pem"), "TLS_KEY": str(folder / "key.pem"),
    }  # fmt: skip
    for name, value in values.items():
        patch.setenv(name, value)
    # Its log would stay with every test that comes after these.
    patch.setattr(logging, "basicConfig", lambda **_: None)


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _ready(port: int, running: asyncio.Task[int]) -> None:
    """Wait until a port is served."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            assert not running.done(), running
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.02)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """The server as its settings start it; one Redis, safe for letters, holds everything."""
    folder = tmp_path_factory.mktemp("tls")
    redis = LocalRedis(folder / "redis", appendfsync="always")
    redis.start()
    try:
        client = Redis.from_url(redis.url)
        await sample.publish(client)
        await client.aclose()
        found = Served(_free(), _free())
        with pytest.MonkeyPatch.context() as patch:
            _settle(patch, folder, redis.url, found)
            running = asyncio.create_task(server.main([]))
            try:
                await _ready(found.tls, running)
                await _ready(found.plain, running)
                yield found
            finally:
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running
    finally:
        redis.stop()


async def get(port: int, path: str, *, tls: bool) -> str:
    """A whole answer; with TLS for somebody who trusts this certificate alone, and looks at whom it names."""
    trust = ssl.create_default_context(cafile=str(CERTIFICATE)) if tls else None
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust)
    writer.write(request(path, "Connection: close"))
    answer = await read_on(reader, 10)
    writer.close()
    return answer.decode()


@pytest.mark.parametrize("path", ["/wap/l/w", "/tv/web-hd/l/w"])
async def test_only_tls_asks_for_what_others_may_not_hear(served: Served, path: str) -> None:
    over_tls = await get(served.tls, path, tls=True)
    in_the_clear = await get(served.plain, path, tls=False)
    assert over_tls.startswith("HTTP/1.1 200") and in_the_clear.startswith("HTTP/1.1 200")
    assert (ASKED in over_tls, REFUSED in over_tls) == (True, False)
    assert (ASKED in in_the_clear, REFUSED in in_the_clear) == (False, True)


async def test_a_million_characters_over_tls(served: Served) -> None:
    """What is long is cut here as well, and found nothing for."""
    answer = await get(served.tls, "/wap/s?q=" + "%E6%B0%B4" * 111_111, tls=True)
    assert answer.startswith("HTTP/1.1 200") and len(answer) < 10_000


async def test_nothing_is_said_in_the_clear_on_the_port_of_tls(served: Served) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.tls)
    writer.write(request("/healthz", "Connection: close"))
    assert b"HTTP/" not in await read_on(reader, 10)
    writer.close()


async def test_a_key_of_another_certificate_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The server does not start, and says which files are wrong."""
    _settle(monkeypatch, tmp_path, "redis://127.0.0.1:1/", Served(_free(), _free()))
    (tmp_path / "key.pem").write_text("no key\n")
    assert await server.main([]) == 1
    said = capsys.readouterr().err
    assert "TLS_CERT" in said and str(tmp_path / "key.pem") in said
