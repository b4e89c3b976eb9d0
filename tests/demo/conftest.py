"""The city on one day, drawn and served."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date

import pytest
import pytest_asyncio
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port

from demo.city import City, build
from demo.faults import Faults
from demo.origin import make_app
from demo.pages import Portal

TODAY = date(2026, 11, 22)
Get = Callable[..., Awaitable[HTTPResponse]]


@pytest.fixture(scope="session")
def city() -> City:
    """The city on TODAY."""
    return build(TODAY)


@pytest.fixture(scope="session")
def portal(city: City) -> Portal:
    """Its pages."""
    return Portal(city)


@pytest.fixture
def faults() -> Faults:
    """The faults of the served city."""
    return Faults()


@pytest_asyncio.fixture
async def get(city: City, faults: Faults) -> AsyncIterator[Get]:
    """Ask the served city: `await get("/path", headers=..., method=...)`."""
    server = HTTPServer(make_app(city, faults))
    sock, port = bind_unused_port()
    server.add_socket(sock)
    client = AsyncHTTPClient(force_instance=True)

    async def ask(path: str, **more: object) -> HTTPResponse:
        request = HTTPRequest(f"http://127.0.0.1:{port}{path}", request_timeout=10.0, **more)  # type: ignore[arg-type]  # passed on as it comes
        return await client.fetch(request, raise_error=False)

    yield ask
    client.close()
    server.stop()
    await server.close_all_connections()
