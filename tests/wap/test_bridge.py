"""Our own pages through the gateway: in process, and over UDP to fakewap, judged by wbxml2xml and tshark.

fakewap (Debian kannel-extras), tshark, wbxml2xml and wbmptopbm must be installed; without them these fail.
"""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from redis.asyncio import Redis

from portal import codec
from portal.errors import MirrorAway
from portal.http.base import Context
from tests import sample
from tests.wap.test_udp import ask_unit, examine, fakewap
from tests.wap.wire import lay
from wap import gateway
from wap.bridge import Bridge
from wap.edition import Edition
from wap.origins import Origins, read_origins
from wap.protocol.exchange import WspReply, WspRequest
from wap.wbxml import decode

HOST = "http://wap.city.example"
NOKIA = (("User-Agent", "Nokia7110/1.0 (04.84)"), ("Accept", "application/vnd.wap.wmlc, image/vnd.wap.wbmp"))
COLOUR = (("User-Agent", "Nokia3510i/1.0 (04.01)"), ("Accept", "text/vnd.wap.wml, image/gif, image/jpeg"))


def bridge(context: Context, origins: Origins | None = None) -> Bridge:
    return Bridge(context, Edition(context), origins or Origins())


def asks(url: str, method: str = "GET", **more: object) -> WspRequest:
    return WspRequest(method, url, NOKIA, **more)  # type: ignore[arg-type]  # its own fields


def words(reply: WspReply) -> str:
    """The words of a deck that must be one, with a way back."""
    assert reply.content_type == "application/vnd.wap.wmlc"
    xml = decode(reply.body)
    assert '<do type="prev"' in xml
    assert "/wap/" in xml
    root = etree.fromstring(xml.partition("?>")[2].strip(), etree.XMLParser(load_dtd=False))
    return "".join(root.itertext())


@pytest.mark.parametrize(
    "url",
    [f"{HOST}/", f"{HOST}/wap", f"{HOST}/wap/", "/wap/", HOST, "http://another.example:8080/wap/"],
)
async def test_every_name_leads_home(context: Context, url: str) -> None:
    reply = await bridge(context).fetch(asks(url))
    assert reply.status == 200
    assert "新闻中心" in words(reply)
    assert reply.fresh_s > 0


@pytest.mark.parametrize("path", ["/wap/c/310", "/wap/en/", "/wap/zh-Hant/c/500", "/wap/n?q=31", "/wap/h"])
async def test_the_bridge_says_what_the_edition_says(context: Context, path: str) -> None:
    direct = await Edition(context).answer(path, dict(NOKIA), room=1_300)
    assert (await bridge(context).fetch(asks(HOST + path))).body == direct.body


@pytest.mark.parametrize("room", [400, 800, 1_300, 2_900])
async def test_a_deck_never_exceeds_the_room(context: Context, room: int) -> None:
    for path in ("/wap/", "/wap/c/310", "/wap/i/news002", "/wap/nothing"):
        reply = await bridge(context).fetch(asks(HOST + path, max_body=room))
        assert reply.body
        assert len(reply.body) <= room


@pytest.mark.parametrize(
    ("url", "method", "status", "sentence"),
    [
        (f"{HOST}/wap/i/nothing", "GET", 404, "没有这一页"),
        (f"{HOST}/wap/c/999999", "GET", 404, "没有这一页"),
        (f"{HOST}/media/0123456789abcdef/96x64.wbmp", "GET", 404, "没有这一页"),
        (f"{HOST}/media/{sample.PICTURE}/9999x9999.wbmp", "GET", 404, "没有这一页"),
        (f"{HOST}/tv/", "GET", 403, "不通向别的网站"),
        ("http://elsewhere.example/page", "GET", 403, "不通向别的网站"),
        ("http://127.0.0.1:6379/", "PUT", 405, "不能写"),
        ("https://user:secret@wap.city.example/wap/", "GET", 400, "看不懂"),
        ("ftp://wap.city.example/wap/", "GET", 400, "看不懂"),
        ("http://[::1/wap/", "GET", 400, "看不懂"),
        ("http://wap.city.example:99999/wap/", "GET", 400, "看不懂"),
        ("", "GET", 400, "看不懂"),
        (f"{HOST}/wap/", "POST", 405, "不能写"),
        (f"{HOST}/wap/c/310", "DELETE", 405, "不能写"),
    ],
)
async def test_what_is_not_there(context: Context, url: str, method: str, status: int, sentence: str) -> None:
    reply = await bridge(context).fetch(asks(url, method))
    assert reply.status == status
    assert sentence in words(reply)
    assert reply.fresh_s == 0


async def test_names_of_the_portal_limit_what_is_ours(context: Context) -> None:
    named = bridge(context, read_origins("", "wap.city.example, 12345.city.example"))
    assert (await named.fetch(asks(f"{HOST}/wap/"))).status == 200
    refused = await named.fetch(asks("http://other.example/wap/"))
    assert refused.status == 403
    assert 'href="http://12345.city.example/wap/"' in decode(refused.body)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 414, 415, 500, 501, 502, 503, 504, 599])
async def test_error_decks_are_small(context: Context, status: int) -> None:
    found = bridge(context)
    for url in ("", "http://elsewhere.example/", f"{HOST}/wap/en/c/310"):
        for room in (0, 300, 1_300):
            reply = found.error_deck(status, asks(url, max_body=room))
            assert reply.status == status
            assert len(reply.body) <= 400
            assert words(reply)
    assert found.error_deck(404, asks("")) is found.error_deck(404, asks(""))
    english = words(found.error_deck(404, asks(f"{HOST}/wap/en/")))
    assert english.isascii()


async def test_the_number_box_takes_a_posted_form(context: Context) -> None:
    found = bridge(context)
    got = await found.fetch(asks(f"{HOST}/wap/n?q=310"))
    posted = asks(f"{HOST}/wap/n", "POST", body=b"q=310")
    assert (await found.fetch(posted)).body == got.body
    form = ("Content-Type", "application/x-www-form-urlencoded; charset=gbk")
    name = "要闻"
    gbk = replace(posted, headers=(*NOKIA, form), body=b"q=" + quote_from_bytes(name.encode("gbk")).encode())
    assert name in words(await found.fetch(gbk))
    unsaid = replace(gbk, headers=NOKIA)
    assert name in words(await found.fetch(unsaid))
    plain = replace(posted, headers=(*NOKIA, ("Content-Type", "text/plain")), body=f"q={name}\r\n".encode())
    assert name in words(await found.fetch(plain))
    assert (await found.fetch(replace(posted, body=b"q=" + b"1" * 5_000))).status == 413
    multipart = ("Content-Type", "multipart/form-data; boundary=x")
    assert (await found.fetch(replace(posted, headers=(*NOKIA, multipart)))).status == 415


async def test_pictures_fit(context: Context, tmp_path: Path) -> None:
    found = bridge(context)
    small = await found.fetch(asks(f"{HOST}/media/{sample.PICTURE}/96x42.wbmp"))
    assert (small.status, small.content_type) == (200, "image/vnd.wap.wbmp")
    file = tmp_path / "p.wbmp"
    file.write_bytes(small.body)
    read = subprocess.run(["wbmptopbm", str(file)], capture_output=True, check=True).stdout
    assert read.startswith(b"P4\n")
    for ending in ("jpg", "gif", "png", "wbmp"):
        url = f"{HOST}/media/{sample.PICTURE}/300x200.{ending}"
        tight = await found.fetch(WspRequest("GET", url, COLOUR, max_body=1_300))
        assert tight.status == 200
        assert 0 < len(tight.body) <= 1_300
    assert (await found.fetch(asks(f"{HOST}/media/{sample.PICTURE}/96x42.jpg", max_body=20))).status == 413


async def test_who_the_owner_is_reaches_nobody(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Mapping[str, str]] = []
    real = Edition.answer

    async def watched(
        self: Edition, target: str, headers: Mapping[str, str], room: int | None = None, **more: str
    ) -> object:
        seen.append(headers)
        return await real(self, target, headers, room, **more)

    monkeypatch.setattr(Edition, "answer", watched)
    private = (("x-up-calling-line-id", "13912345678"), ("X-MSISDN", "13912345678"), ("X-Wap-MSISDN", "1"))
    reply = await bridge(context).fetch(WspRequest("GET", f"{HOST}/wap/", (*NOKIA, *private)))
    assert reply.status == 200
    assert [set(headers) for headers in seen] == [{"User-Agent", "Accept"}]


async def test_without_redis_a_deck_says_so(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise MirrorAway("no Redis")

    monkeypatch.setattr(context.mirror, "site", away)
    monkeypatch.setattr(context.mirror, "media", away)
    for path in ("/wap/", "/wap/c/310", f"/media/{'ab' * 8}/10x10.wbmp"):
        reply = await bridge(context).fetch(asks(HOST + path))
        assert reply.status == 503
        assert "取不到" in words(reply)


PATHS = st.sampled_from(
    ["/wap/", "/wap/c/310", "/wap/n", "/wap/i/news002", "/media/", "/", "http://[", "//", ""]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=PATHS,
    tail=st.text(alphabet="/?&=;%.0123456789abcABC市$<\"'\\\n\0", max_size=60),
    method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "", "X"]),
    body=st.binary(max_size=60),
    room=st.integers(0, 3_000),
)
async def test_whatever_is_asked_gets_a_small_deck(
    context: Context, path: str, tail: str, method: str, body: bytes, room: int
) -> None:
    request = WspRequest(method, path + tail, NOKIA, body=body, max_body=room)
    reply = await bridge(context).fetch(request)
    assert 200 <= reply.status < 600
    assert 0 < len(reply.body) <= max(room, 700)


async def test_more_fields_than_a_page_has_count_for_nothing(context: Context) -> None:
    many = "&".join(f"a{number}=1" for number in range(50))
    reply = await bridge(context).fetch(asks(f"{HOST}/wap/n?{many}&q=59"))
    assert reply.status == 200 and "机动车驾驶证" not in decode(reply.body)


# -- over UDP ------------------------------------------------------------------------------------------------


@asynccontextmanager
async def running(context: Context) -> AsyncIterator[gateway.WapGateway]:
    found = gateway.make(context)
    await found.start((0, 0), "127.0.0.1")
    try:
        yield found
    finally:
        await found.stop()


PHONES = [
    ("-M", "0", ()),
    ("-M", "1", ()),
    ("-M", "1", ("-A", "Nokia7110/1.0 (04.84)")),
    ("-M", "1", ("-s", "-l", "5")),
]


@pytest.mark.parametrize("url", ["", "wap/", "wap/c/310", "wap/i/news002", "wap/i/news002/2", "wap/nothing"])
@pytest.mark.parametrize(("flag", "mode", "more"), PHONES)
async def test_fakewap_reads_the_portal(
    context: Context, tmp_path: Path, url: str, flag: str, mode: str, more: tuple[str, ...]
) -> None:
    deck = tmp_path / "deck.wmlc"
    async with running(context) as found:
        wire, port = lay(found.ports[int(mode)], unit=mode == "0")
        out = await fakewap(port, url, flag, mode, "-m", "1", *more, "-w", str(deck))
        wire.close()
    assert "PANIC" not in out, out
    assert ("reply with status 404" if "nothing" in url else "status code 200OK") in out
    command = ["wbxml2xml", "-m", "0", "-o", "-", str(deck)]
    read = subprocess.run(command, capture_output=True, check=True).stdout
    ours = etree.fromstring(decode(deck.read_bytes()).partition("?>")[2].strip())
    theirs = etree.fromstring(read, etree.XMLParser(load_dtd=False, no_network=True))
    assert "".join("".join(ours.itertext()).split()) == "".join("".join(theirs.itertext()).split())
    seen = await examine(tmp_path, wire.record)
    assert "Wireless Session Protocol" in seen
    assert "WAP Binary XML" in seen


async def test_a_picture_arrives_over_udp(context: Context, tmp_path: Path) -> None:
    picture = tmp_path / "picture.wbmp"
    async with running(context) as found:
        wire, port = lay(found.ports[1])
        url = f"media/{sample.PICTURE}/90x42.wbmp"
        out = await fakewap(port, url, "-M", "1", "-m", "1", "-w", str(picture))
        wire.close()
    assert "status code 200OK" in out
    subprocess.run(["wbmptopbm", str(picture)], capture_output=True, check=True)
    assert picture.read_bytes()[:2] == b"\0\0"
    await examine(tmp_path, wire.record)


async def test_what_is_withdrawn_is_gone_within_a_second(context: Context, redis_client: Redis) -> None:
    """Also for a phone that has just been given it, and whose answers the gateway remembers."""
    async with running(context) as found:
        asked = (found.ports[0], f"{HOST}/wap/i/{sample.articles()[5].id}")
        assert (await ask_unit(*asked)).status == 0x20
        head = sample.head_of(sample.articles()[5])
        gone = replace(head, withdrawn="2026-11-22 09:30", version="")
        await redis_client.hset(context.mirror.keys("heads"), head.id, codec.dump(gone))
        await sample.publish(
            redis_client, changed=(sample.articles()[1],)
        )  # the generation of the withdrawal
        away = time.monotonic()
        while (await ask_unit(*asked)).status == 0x20:
            assert time.monotonic() - away < 1.0
            await asyncio.sleep(0.02)
        assert (await ask_unit(*asked)).status == 0x4A  # 410


async def test_stopping_gives_the_ports_back(context: Context) -> None:
    first = gateway.make(context)
    await first.start((0, 0), "localhost")
    ports = first.ports
    second = gateway.make(context)
    with pytest.raises(OSError, match="in use"):
        await second.start(ports, "127.0.0.1")
    await first.stop()
    await second.start(ports, "127.0.0.1")
    assert second.ports == ports
    await second.stop()
