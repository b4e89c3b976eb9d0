"""The edition over HTTP, asked as carriers' proxies and phones ask."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application

from portal.http.base import Context
from tests.wap.conftest import PHONES
from wap import handlers
from wap.device import VARY
from wap.edition import Answer, Edition


@pytest_asyncio.fixture
async def address(context: Context) -> AsyncIterator[str]:
    elsewhere = {"context": context, "edition": Edition(context)}
    server = HTTPServer(
        Application(
            handlers.routes(context),
            default_handler_class=handlers.Elsewhere,
            default_handler_args=elsewhere,
        )
    )
    socket, port = bind_unused_port()
    server.add_sockets([socket])
    yield f"http://127.0.0.1:{port}"
    server.stop()
    await server.close_all_connections()


async def fetch(url: str, **headers: str) -> HTTPResponse:
    client = AsyncHTTPClient()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.fetch(url, headers=named, raise_error=False, decompress_response=False)


async def test_one_address_for_every_phone(address: str) -> None:
    kinds = set()
    for phone in PHONES.values():
        answer = await AsyncHTTPClient().fetch(f"{address}/wap/", headers=phone)
        kinds.add(answer.headers["Content-Type"])
        assert answer.headers["Vary"] == VARY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "max-age" in answer.headers["Cache-Control"]
    assert len(kinds) == 6


async def test_behind_cmwap(address: str) -> None:
    """The carrier's proxy asks by its own address and names the real host in a header."""
    answer = await fetch(
        f"{address}/wap/c/310",
        Host="10.0.0.172",
        X_Online_Host="wap.example.cn",
        User_Agent="Nokia3510i/1.0",
        Via="WTP/1.1 GZWAPGW (Nokia WAP Gateway 4.0)",
    )
    assert answer.code == 200
    assert b"10.0.0.172" not in answer.body and b'href="/wap/c/310/2"' in answer.body


async def test_conditional_and_head_requests(address: str) -> None:
    first = await fetch(f"{address}/wap/")
    again = await fetch(f"{address}/wap/", If_None_Match=first.headers["Etag"])
    assert again.code == 304
    head = await AsyncHTTPClient().fetch(f"{address}/wap/", method="HEAD")
    assert head.headers["Content-Type"] == first.headers["Content-Type"] and not head.body


@pytest.mark.parametrize("path", ["/wap/none", "/wap/i/none", "/wap/c/1/2/3/4"])
async def test_not_found_is_a_page_of_the_edition(address: str, path: str) -> None:
    answer = await fetch(address + path, Accept="text/vnd.wap.wml")
    assert answer.code == 404
    assert answer.headers["Content-Type"].startswith("text/vnd.wap.wml")
    assert b"<prev/>" in answer.body


async def test_outside_of_the_edition_a_phone_gets_its_own_page_too(address: str) -> None:
    """Others get a line, machines among them."""
    for phone in PHONES.values():
        home = await fetch(f"{address}/wap/", **phone)
        answer = await fetch(f"{address}/none", **phone)
        if answer.headers["Content-Type"].startswith("text/plain"):
            assert "Mobile" not in phone.get("User-Agent", "") and "wap" not in phone.get("Accept", "")
        else:
            assert answer.headers["Content-Type"] == home.headers["Content-Type"]
        assert answer.code == 404
    wml = await fetch(f"{address}/none", Accept="text/vnd.wap.wml")
    assert b"<wml>" in wml.body and b"/wap/" in wml.body
    for agent in ("curl/8", "Mozilla/5.0 (X11; Linux x86_64)", "HbbTV/1.4.1 (;;;;;) Mobile"):
        other = await fetch(f"{address}/none", User_Agent=agent)
        assert other.headers["Content-Type"].startswith("text/plain")


async def test_a_fault_is_a_page_of_the_edition(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> Answer:
        raise ZeroDivisionError

    monkeypatch.setattr(Edition, "answer", broken)
    answer = await fetch(f"{address}/wap/", Accept="text/vnd.wap.wml")
    assert answer.code == 500 and b"<prev/>" in answer.body


async def test_other_methods_are_refused_with_a_page(address: str) -> None:
    answer = await AsyncHTTPClient().fetch(f"{address}/wap/", method="PUT", body="x=1", raise_error=False)
    assert answer.code == 405 and answer.body


async def test_a_form_in_a_body_is_the_one_in_the_address(address: str) -> None:
    """Whatever a proxy makes of a field, in UTF-8 or in the country's own characters."""
    for fields in ("q=%E9%A9%BE%E7%85%A7", "q=%BC%DD%D5%D5", "q=59"):
        asked = await fetch(f"{address}/wap/n?{fields}")
        posted = await AsyncHTTPClient().fetch(f"{address}/wap/n", method="POST", body=fields)
        assert posted.body == asked.body and b"matter01" in posted.body


async def test_msisdn_headers_change_nothing(address: str) -> None:
    plain = await fetch(f"{address}/wap/", Accept="text/vnd.wap.wml")
    told = await fetch(f"{address}/wap/", Accept="text/vnd.wap.wml", X_Up_Calling_Line_Id="13800000000")
    assert plain.body == told.body
