"""Pages of other sites through the gateway: a real HTTP origin on loopback that behaves well and badly."""

from __future__ import annotations

import asyncio
import gzip
import io
import re
import socket
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urljoin

import pytest
import pytest_asyncio
from PIL import Image

from portal.http.base import Context
from tests.wap.phone import Phone
from tests.wap.test_udp import FAKEWAP, examine, run
from tests.wap.wire import lay
from wap import gateway
from wap.bridge import Bridge
from wap.edition import Edition
from wap.foreign import Foreign
from wap.origins import Origins, read_origins
from wap.outside import Outside
from wap.protocol.exchange import WspReply, WspRequest
from wap.wbxml import decode

WMLC = "application/vnd.wap.wmlc"
NOKIA = (("User-Agent", "Nokia3510i/1.0 (04.01)"), ("Accept", "text/vnd.wap.wml, image/vnd.wap.wbmp"))
GBK_PHONE = (*NOKIA, ("Accept-Charset", "gb2312"))
XHTML = (
    ("User-Agent", "Nokia2730c/2.0 Profile/MIDP-2.1"),
    ("Accept", "application/xhtml+xml, text/vnd.wap.wml"),
)
DECK = (
    '<?xml version="1.0" encoding="{}"?><!DOCTYPE wml PUBLIC "-//WAPFORUM//DTD WML 1.1//EN" '
    '"http://www.wapforum.org/DTD/wml_1.1.xml"><wml><card><p>市民中心 <a href="next.wml">次页</a></p></card></wml>'
)
LONG = (
    "<html><title>长</title><body>"
    + "".join(f"<p>第{n}段，市民中心。</p>" for n in range(300))
    + "</body></html>"
)
FORM = "<html><head><meta charset=gbk></head><body><form action=/echo method={}><input name=q><input type=submit></form></body></html>"

BOMB = gzip.compress(b"x" * 5_000_000)


def png() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((300, 200), 60).save(out, "PNG")
    return out.getvalue()


@dataclass
class Asked:
    """A request as the origin has seen it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Respond = Callable[[Asked], tuple[int, dict[str, str], bytes]]


@dataclass
class Origin:
    """An HTTP server that notes all it is asked."""

    port: int = 0
    seen: list[Asked] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, path, _ = head[0].split(" ")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            asked = Asked(method, path, headers, body)
            self.seen.append(asked)
            if path == "/slow":
                await asyncio.sleep(5)
            if path == "/half":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            else:
                status, more, answer = respond(asked)
                lines = "".join(
                    f"{name}: {line}\r\n" for name, value in more.items() for line in value.split("\n")
                )
                writer.write(
                    f"HTTP/1.1 {status} X\r\nContent-Length: {len(answer)}\r\nConnection: close\r\n{lines}\r\n".encode()
                    + answer
                )
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


def respond(asked: Asked) -> tuple[int, dict[str, str], bytes]:
    html, wml = {"Content-Type": "text/html"}, {"Content-Type": "text/vnd.wap.wml"}
    path = asked.path.partition("?")[0]
    match path:
        case "/echo":
            said = f"{asked.method} {asked.path} [{asked.body.decode('latin-1')}] {asked.headers.get('cookie', '-')}"
            return 200, {"Content-Type": "text/plain; charset=utf-8"}, said.encode()
        case "/gzip":
            return 200, html | {"Content-Encoding": "gzip"}, gzip.compress("<p>压缩</p>".encode())
        case "/deflate":
            raw = zlib.compress("<p>压缩</p>".encode())[2:-4]
            return 200, html | {"Content-Encoding": "deflate"}, raw
        case "/bomb":
            return 200, html | {"Content-Encoding": "gzip"}, BOMB
        case "/cut-gzip":
            return 200, html | {"Content-Encoding": "gzip"}, gzip.compress(b"words" * 100)[:-12]
        case "/brotli":
            return 200, html | {"Content-Encoding": "br"}, b"x"
        case "/huge":
            return 200, html, b"x" * 700_000
        case "/long":
            return 200, html, LONG.encode()
        case "/form-get" | "/form-post":
            return 200, html, FORM.format(path[6:]).encode("gbk")
        case "/deck":
            return 200, wml, DECK.format("UTF-8").encode()
        case "/deck-gbk":
            return (
                200,
                wml | {"Content-Type": "text/vnd.wap.wml; charset=gb2312"},
                DECK.format("UTF-8").encode("gbk"),
            )
        case "/as-html":
            return 200, html, DECK.format("UTF-8").encode()
        case "/no-type":
            return 200, {}, DECK.format("UTF-8").encode()
        case "/bad-deck":
            return 200, wml, b"nothing like a deck"
        case "/big-deck":
            return 200, wml, DECK.format("UTF-8").replace("市民中心", "市民中心办证" * 3_000).encode()
        case "/big-choice":
            choice = f"<select>{'<option>市民中心</option>' * 3_000}</select>"
            return 200, wml, DECK.format("UTF-8").replace("市民中心", choice).encode()
        case "/picture":
            return 200, {"Content-Type": "image/png"}, png()
        case "/no-picture":
            return 200, {"Content-Type": "image/png"}, b"nothing"
        case "/zip":
            return 200, {"Content-Type": "application/zip"}, b"PK"
        case "/moved":
            return 302, {"Location": "/dir/page", "Set-Cookie": "a=1; Path=/\nb=2; Path=/other"}, b""
        case "/dir/page":
            return (
                200,
                html | {"Set-Cookie": "c=3"},
                b'<a href="x">' + asked.headers.get("cookie", "none").encode() + b"</a>",
            )
        case "/away":
            return 302, {"Location": "http://elsewhere.example/"}, b""
        case "/inside":
            return 302, {"Location": "http://localhost:1/"}, b""
        case "/circle":
            return 302, {"Location": "/circle"}, b""
        case "/gone":
            return 404, html, "<p>这里没有</p>".encode()
        case "/gone-silently":
            return 404, html, b""
        case "/post-long":
            return 200, html, (LONG + asked.body.decode()).encode()
        case _:
            return 200, html, b"<p>page</p>"


@pytest_asyncio.fixture
async def origin() -> AsyncIterator[Origin]:
    found = Origin()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    server.close()


@pytest_asyncio.fixture
async def ask(context: Context, origin: Origin) -> AsyncIterator[Callable[..., object]]:
    """Ask the bridge for a path of the origin, which is listed and may be private."""
    origins = read_origins(f"127.0.0.1:{origin.port}+private", "")
    outside = Outside(origins, seconds=1.5)
    bridge = bridge_over(context, origins, outside)

    async def asking(
        path: str, method: str = "GET", headers: tuple[tuple[str, str], ...] = NOKIA, **more: object
    ) -> WspReply:
        url = urljoin(f"{origin.base}/", path)
        return await bridge.fetch(WspRequest(method, url, headers, **more))  # type: ignore[arg-type]  # its fields

    yield asking
    outside.close()


def bridge_over(context: Context, origins: Origins, outside: Outside) -> Bridge:
    return Bridge(context, Edition(context), origins, Foreign(origins, outside, "zh-Hans").fetch)


Ask = Callable[..., "asyncio.Future[WspReply]"]


def wml(reply: WspReply, status: int = 200) -> str:
    """A deck, decoded; it is small, leads back and leads home."""
    assert (reply.status, reply.content_type) == (status, WMLC)
    text = decode(reply.body)
    assert 'type="prev"' in text
    return text


@pytest.mark.parametrize("path", ["/gzip", "/deflate"])
async def test_compressed_answers(ask: Ask, path: str) -> None:
    assert "压缩" in wml(await ask(path))


@pytest.mark.parametrize(
    ("path", "status"),
    [("/bomb", 413), ("/huge", 413), ("/big-choice", 413), ("/cut-gzip", 502), ("/brotli", 502), ("/half", 502), ("/bad-deck", 502),
     ("/circle", 502), ("/slow", 504), ("/away", 403), ("/inside", 403), ("/no-picture", 415), ("/zip", 415), ("/gone-silently", 404)],
)  # fmt: skip
async def test_what_goes_wrong_is_a_deck_that_leads_home(ask: Ask, path: str, status: int) -> None:
    text = wml(await ask(path), status)
    assert 'href="http://portal/wap/"' in text
    assert str(status) in text


async def test_a_deck_too_large_for_the_phone_goes_on_in_others(ask: Ask) -> None:
    path, words, decks = "/big-deck", "", 0
    while path:
        reply = await ask(path)
        assert len(reply.body) <= 1_396
        text = wml(reply)
        decks += 1
        words += "".join(re.findall("[市民中心办证]{2,}", text))
        following = re.search(r'href="([^"]+)"[^>]*>下一页', text)
        path = following[1] if following else ""
    assert decks > 20
    assert words == "市民中心办证" * 3_000
    assert 'href="next.wml"' in text


@pytest.mark.parametrize("path", ["/deck", "/deck-gbk", "/as-html", "/no-type"])
async def test_wml_is_compiled_in_the_right_character_set(ask: Ask, path: str) -> None:
    text = wml(await ask(path))
    assert "市民中心" in text
    assert 'href="next.wml"' in text


async def test_a_page_of_many_decks(ask: Ask, origin: Origin) -> None:
    path, seen = "/long", ""
    for number in range(1, 100):
        reply = await ask(path)
        text = wml(reply)
        assert len(reply.body) <= 1_300
        seen += text
        found = re.search(r'href="([^"]+)"[^>]*>下一页', text)
        if found is None:
            break
        assert found[1] == f"/long;deck={number + 1}"
        path = found[1]
    assert [f"第{n}段" in seen for n in range(300)] == [True] * 300
    assert len(origin.seen) == 1
    assert "第299段" in wml(await ask("/long;deck=9999"))


async def test_a_page_that_came_of_a_form_keeps_its_decks(ask: Ask, origin: Origin) -> None:
    form = (*NOKIA, ("Content-Type", "application/x-www-form-urlencoded"))
    first = wml(await ask("/post-long", "POST", form, body=b"a=1"))
    following = re.search(r'href="(/post-long;deck=2\.[^"]+)"', first)
    assert following is not None
    second = wml(await ask(following[1], headers=form[:2]))
    assert "2/" in second
    assert len(origin.seen) == 1
    assert wml(await ask("/post-long;deck=2.unknown-token"), 410)


async def test_forms_reach_the_page_in_its_character_set(ask: Ask) -> None:
    page = wml(await ask("/form-get"))
    target = re.search(r'<go href="([^"]+)"', page)
    assert target is not None
    assert "GET /echo?q=%CA%D0 " in wml(await ask(f"{target[1]}?q=%E5%B8%82"))
    page = wml(await ask("/form-post"))
    target = re.search(r'<go[^>]* href="([^"]+)"', page)
    assert target is not None
    assert 'method="post"' in page
    said = wml(await ask(target[1], "POST", body=b"q=%E5%B8%82"))
    assert "POST /echo [q=%CA%D0]" in said
    charset = (*NOKIA, ("Content-Type", "application/x-www-form-urlencoded; charset=big5"))
    assert "[q=%CA%D0]" in wml(await ask(target[1], "POST", charset, body=b"q=%A5%AB"))
    # A phone whose decks are in GBK sends GBK, and needs no mark for a page in GBK.
    assert '<go href="/echo"' in wml(await ask("/form-get", headers=GBK_PHONE))


async def test_cookies_go_where_they_came_from(ask: Ask) -> None:
    reply = await ask("/moved", headers=(*NOKIA, ("Cookie", "old=0")))
    lines = [value for name, value in reply.headers if name == "Set-Cookie"]
    assert lines == ["a=1; Path=/", "b=2; Path=/other", "c=3; Path=/dir"]
    text = wml(reply)
    assert "old=0; a=1" in text
    assert 'href="/dir/x"' in text


async def test_the_gateway_keeps_cookies_for_the_phone(context: Context, origin: Origin) -> None:
    settings = replace(context.settings, wap_origins=f"127.0.0.1:{origin.port}+private")
    found = gateway.make(replace(context, settings=settings))
    await found.start((0, 0), "127.0.0.1")
    loop = asyncio.get_running_loop()
    phone = Phone()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.connect(("127.0.0.1", found.ports[1]))

        async def until_done(packets: list[bytes]) -> None:
            while phone.tid not in phone.done or packets:
                for octets in packets:
                    sock.send(octets)
                packets = []
                if phone.tid not in phone.done:
                    packets = phone.receive(await asyncio.wait_for(loop.sock_recv(sock, 65_535), 10))

        await until_done(phone.connect(NOKIA))
        await until_done(phone.get(f"{origin.base}/moved"))
        assert b"Set-Cookie" not in phone.reply().headers
        await until_done(phone.get(f"{origin.base}/echo"))
    await found.stop()
    assert [asked.headers.get("cookie") for asked in origin.seen] == [None, "a=1", "a=1"]


async def test_the_origin_is_not_told_who_asks(ask: Ask, origin: Origin) -> None:
    private = (
        ("x-up-calling-line-id", "13912345678"),
        ("X-MSISDN", "1"),
        ("X-Anything", "2"),
        ("Referer", "http://x/"),
    )
    await ask("/", headers=(*NOKIA, *private))
    assert set(origin.seen[0].headers) == {
        "host",
        "connection",
        "user-agent",
        "accept",
        "accept-charset",
        "accept-encoding",
    }
    assert origin.seen[0].headers["user-agent"] == "Nokia3510i/1.0 (04.01)"


async def test_pictures_become_wbmp(ask: Ask) -> None:
    reply = await ask("/picture")
    assert (reply.status, reply.content_type) == (200, "image/vnd.wap.wbmp")
    assert len(reply.body) <= 1_300
    jpeg = (*XHTML[:1], ("Accept", "application/xhtml+xml, image/jpeg"))
    assert (await ask("/picture", headers=jpeg, max_body=20_000)).content_type == "image/jpeg"


async def test_an_xhtml_phone_gets_pages_that_fit_as_they_are(ask: Ask) -> None:
    reply = await ask("/form-get", headers=XHTML)
    assert reply.content_type == "text/html; charset=gb18030"
    assert b"<form" in reply.body
    assert "下一页" in wml(await ask("/long", headers=XHTML))


async def test_errors_of_the_origin_keep_their_words(ask: Ask) -> None:
    assert "这里没有" in wml(await ask("/gone"), 404)


async def test_other_methods_are_not_passed_on(ask: Ask, origin: Origin) -> None:
    wml(await ask("/", "PUT", body=b"x"), 501)
    wml(await ask("/", "POST", (*NOKIA, ("Content-Type", "multipart/form-data")), body=b"x"), 415)
    assert not origin.seen
    assert (await ask("/", "HEAD")).status == 200


async def test_never_an_open_proxy(context: Context, origin: Origin) -> None:
    """Not listed: refused. Listed without the permission: no way into a private network, by any name."""
    for written in ("", "127.0.0.1", f"127.0.0.1:{origin.port}", f"localhost:{origin.port}"):
        origins = read_origins(written, "")
        outside = Outside(origins)
        bridge = bridge_over(context, origins, outside)
        for host in ("127.0.0.1", "localhost", "127.1", "0.0.0.0", "[::ffff:127.0.0.1]"):
            reply = await bridge.fetch(WspRequest("GET", f"http://{host}:{origin.port}/page", NOKIA))
            assert "不通向别的网站" in wml(reply, 403)
        outside.close()
    assert not origin.seen


async def test_fakewap_reads_another_site(context: Context, origin: Origin, tmp_path: Path) -> None:
    settings = replace(context.settings, wap_origins=f"127.0.0.1:{origin.port}+private")
    found = gateway.make(replace(context, settings=settings))
    await found.start((0, 0), "127.0.0.1")
    try:
        for mode in ("0", "1"):
            wire, port = lay(found.ports[int(mode)], unit=mode == "0")
            out = await run(
                *(FAKEWAP, "-g", "127.0.0.1", "-p", str(port), "-D", "1", "-i", "0"),
                *("-M", mode, "-m", "2", "-w", str(tmp_path / "deck"), f"{origin.base}/long"),
            )
            wire.close()
            assert out.count("status code 200OK") == 2, out
            assert "第0段" in decode((tmp_path / "deck").read_bytes())
            assert "WAP Binary XML" in await examine(tmp_path, wire.record)
    finally:
        await found.stop()
    assert [asked.path for asked in origin.seen] == ["/long"] * 4
