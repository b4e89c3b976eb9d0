"""The gateway's sockets, with phones we did not write: fakewap (Debian kannel-extras), read by tshark.

Both must be installed; without them these tests fail.
"""

import asyncio
import logging
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.wap.phone import Phone
from tests.wap.wire import Record, lay, write_capture
from wap.protocol import wsp_pdu
from wap.protocol.exchange import WspReply, WspRequest
from wap.protocol.limits import Limits
from wap.udp import Fetcher, Gateway, session_id

FAKEWAP = "/usr/lib/kannel/test/fakewap"
TYPE = "application/vnd.wap.wmlc"
HOST = "127.0.0.1"
# One card with one line, and a way back.
DECK = bytes.fromhex("01046a007fe7550361000160") + b"\x03page\x00" + bytes.fromhex("010101")
LARGE = bytes(range(256)) * 400


def error_deck(status: int, _: WspRequest) -> WspReply:
    return WspReply(status, TYPE, (), DECK)


async def pages(request: WspRequest) -> WspReply:
    """What the tests ask for: a deck, a large body, an echo of a form, a page that is slow or missing."""
    match request.method, request.url.rpartition("/")[2]:
        case "POST", _:
            return WspReply(200, "text/plain", (), b"%d octets" % len(request.body))
        case _, "large":
            return WspReply(200, "application/octet-stream", (), LARGE)
        case _, "slow":
            await asyncio.sleep(0.3)
        case _, "never":
            await asyncio.sleep(600)
        case _, "missing":
            return WspReply(404, TYPE)
        case _, "broken":
            raise RuntimeError("the page cannot be made")
    headers = (("Cache-Control", "max-age=60"), ("Content-Language", "zh"), ("Set-Cookie", "s=1; Path=/"))
    return WspReply(200, TYPE, headers, DECK)


@asynccontextmanager
async def gateway(fetch: Fetcher = pages, **how: object) -> AsyncIterator[Gateway]:
    found = Gateway(error_deck, **how)  # type: ignore[arg-type]  # the keywords of Gateway
    await found.start((0, 0), HOST, fetch)
    try:
        yield found
    finally:
        await found.stop()


async def run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), 30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return out.decode(errors="replace")


async def fakewap(port: int, url: str, *arguments: str) -> str:
    """Run it; every request has to end well."""
    return await run(
        FAKEWAP, "-g", HOST, "-p", str(port), "-D", "1", "-i", "0", *arguments, f"http://city.example/{url}"
    )


async def examine(tmp_path: Path, *records: Record) -> str:
    """What tshark makes of the records, after it has found nothing wrong in them."""
    path = tmp_path / "wap.pcap"
    write_capture(path, *records)
    wrong = '_ws.malformed || _ws.expert.severity=="Error"'
    complaints = await run("tshark", "-r", str(path), "-Y", wrong)
    assert [line for line in complaints.splitlines() if "Running as user" not in line] == []
    return await run("tshark", "-r", str(path), "-O", "wtp,wsp,wbxml")


SESSIONS = [
    (("-M", "1", "-m", "3"), "a", 3),
    (("-M", "1", "-m", "2", "-s"), "a", 2),
    (("-M", "1", "-m", "2", "-n", "-d", "7"), "a", 2),
    (("-M", "1", "-m", "1"), "large", 1),
    (("-M", "1", "-m", "1"), "slow", 1),
    (("-M", "1", "-m", "4", "-c", "4"), "a", 4),
    (("-M", "1", "-m", "4", "-l", "5"), "a", 4),
    (("-M", "1", "-m", "3", "-l", "20"), "a", 3),
]


@pytest.mark.parametrize(
    ("arguments", "url", "answers"),
    SESSIONS,
    ids=lambda value: "".join(map(str, value)) if isinstance(value, tuple) else str(value),
)
async def test_sessions(tmp_path: Path, arguments: tuple[str, ...], url: str, answers: int) -> None:
    async with gateway() as found:
        wire, port = lay(found.ports[1])
        out = await fakewap(port, url, *arguments, "-w", str(tmp_path / "page"))
        wire.close()
        assert "PANIC" not in out, out
        assert out.count("status code 200OK") == answers
        assert (tmp_path / "page").read_bytes() == (LARGE if url == "large" else DECK)
    read = await examine(tmp_path, wire.record)
    assert read.count("PDU Type: Get (0x40)") >= answers
    assert read.count("Method: ConnectReply (0x02)") >= answers
    assert "Status: 200 OK (0x20)" in read
    if url != "large":
        assert "WAP Binary XML" in read
        assert "<wml>" in read


async def test_connectionless(tmp_path: Path) -> None:
    async with gateway() as found:
        wire, port = lay(found.ports[0], unit=True)
        out = await fakewap(port, "a", "-M", "0", "-m", "5", "-w", str(tmp_path / "page"))
        wire.close()
        assert out.count("status code 200OK") == 5
        assert (tmp_path / "page").read_bytes() == DECK
        assert found.counters.fetches == 5
    read = await examine(tmp_path, wire.record)
    assert read.count("    Status: 200 OK (0x20)") == 5
    assert "<wml>" in read
    assert "Cache-Control: max-age=60" in read
    assert "Content-Language: Chinese" in read


@pytest.mark.parametrize("size", [7, 5_000, 100_000])
async def test_posts_in_a_session(tmp_path: Path, size: int) -> None:
    (tmp_path / "form").write_bytes(b"x" * size)
    async with gateway() as found:
        wire, port = lay(found.ports[1])
        await fakewap(port, "form", "-M", "1", "-P", str(tmp_path / "form"), "-w", str(tmp_path / "page"))
        wire.close()
    assert (tmp_path / "page").read_bytes() == b"%d octets" % size
    await examine(tmp_path, wire.record)


async def test_a_post_without_session(tmp_path: Path) -> None:
    (tmp_path / "form").write_bytes(b"a=1&b=2")
    async with gateway() as found:
        wire, port = lay(found.ports[0], unit=True)
        await fakewap(port, "form", "-M", "0", "-P", str(tmp_path / "form"), "-w", str(tmp_path / "page"))
        wire.close()
    assert (tmp_path / "page").read_bytes() == b"7 octets"
    assert "PDU Type: Post (0x60)" in await examine(tmp_path, wire.record)


@pytest.mark.parametrize("mode", ["0", "1"])
@pytest.mark.parametrize(("url", "status"), [("missing", 404), ("broken", 502), ("never", 504)])
async def test_errors_are_decks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: str, url: str, status: int
) -> None:
    async with gateway(fetch_timeout_s=0.2) as found:
        out = await fakewap(found.ports[int(mode)], url, "-M", mode, "-w", str(tmp_path / "page"))
        assert found.counters.failures == (url == "broken")
    assert f"received reply with status {status}" in out
    assert caplog.records == [] or url == "broken"


async def test_loss_in_both_directions(tmp_path: Path) -> None:
    """A phone of the tests over a wire that loses a fifth: every page arrives, none twice asked for."""
    asked = 0

    async def count(request: WspRequest) -> WspReply:
        nonlocal asked
        asked += 1
        return await pages(request)

    loop = asyncio.get_running_loop()
    async with gateway(count) as found:
        wire, port = lay(found.ports[1], loss=0.2, seed=3)
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.connect((HOST, port))
        phone = Phone(resend_s=0.3)

        async def until_done(packets: list[bytes]) -> None:
            while phone.tid not in phone.done:
                for octets in (*packets, *phone.tick(loop.time())):
                    sock.send(octets)
                packets = []
                try:
                    packets = phone.receive(await asyncio.wait_for(loop.sock_recv(sock, 65_535), 0.05))
                except TimeoutError:
                    continue
            for octets in packets:
                sock.send(octets)

        await until_done(phone.connect(now=loop.time()))
        for _ in range(5):
            await until_done(phone.get("http://city.example/a", loop.time()))
            assert phone.reply().body == DECK
        await until_done(phone.get("http://city.example/large", loop.time()))
        assert phone.reply().body == LARGE
        sock.close()
        wire.close()
    assert asked == 6
    await examine(tmp_path, wire.record)


async def test_both_ports_or_none() -> None:
    async with gateway() as found:
        other = Gateway(error_deck)
        with pytest.raises(OSError, match="in use"):
            await other.start((0, found.ports[1]), HOST, pages)
        assert other.ports == ()
        with pytest.raises(ValueError):
            await other.start((0, 0), "no address", pages)


async def test_stopping_gives_up_what_is_under_way_and_starting_again_works() -> None:
    found = Gateway(error_deck)
    for _ in range(2):
        await found.start((0, 0), HOST, pages)
        reply = asyncio.create_task(ask_unit(found.ports[0], "/never"))
        await asyncio.sleep(0.05)
        assert found.counters.fetches
        await found.stop()
        await found.stop()
        reply.cancel()
    await found.start((0, 0), HOST, pages)
    assert (await ask_unit(found.ports[0], "/a")).body == DECK
    await found.stop()


async def ask_unit(port: int, url: str, host: str = HOST) -> wsp_pdu.Reply:
    loop = asyncio.get_running_loop()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.connect((host, port))
        sock.send(b"\x05" + wsp_pdu.encode(wsp_pdu.Method(0x40, url.encode(), b"")))
        octets = await asyncio.wait_for(loop.sock_recv(sock, 65_535), 5)
    assert octets[0] == 5
    reply = wsp_pdu.decode(octets[1:])
    assert isinstance(reply, wsp_pdu.Reply)
    return reply


async def test_ipv6() -> None:
    found = Gateway(error_deck)
    await found.start((0, 0), "::1", pages)
    assert (await ask_unit(found.ports[0], "/a", "::1")).body == DECK
    await found.stop()


async def test_remembered_pages_are_repeated_for_as_long_as_they_are_fresh() -> None:
    deck = b"old"

    async def fetch(_: WspRequest) -> WspReply:
        return WspReply(200, TYPE, (), deck, fresh_s=0.3)

    async with gateway(fetch) as found:
        assert (await ask_unit(found.ports[0], "/a")).body == b"old"
        deck = b"new"
        assert (await ask_unit(found.ports[0], "/a")).body == b"old"
        await asyncio.sleep(0.35)
        assert (await ask_unit(found.ports[0], "/a")).body == b"new"


async def test_idle_sessions_end_by_the_clock() -> None:
    async with gateway(limits=Limits(session_idle_s=0.5, peer_idle_s=0.5)) as found:
        await fakewap(found.ports[1], "a", "-M", "1")
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.connect((HOST, found.ports[1]))
            phone = Phone()
            for octets in phone.connect():
                sock.send(octets)
            for octets in phone.receive(await asyncio.wait_for(loop.sock_recv(sock, 65_535), 5)):
                sock.send(octets)
            while not phone.told:
                phone.receive(await asyncio.wait_for(loop.sock_recv(sock, 65_535), 10))
        assert phone.told == [wsp_pdu.Disconnect(phone.session)]
        assert found.sizes["sessions"] == 0


async def test_a_bug_of_ours_does_not_stop_the_port(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_status: int, _request: WspRequest) -> WspReply:
        raise RuntimeError("no deck")

    found = Gateway(broken)
    await found.start((0, 0), HOST, pages)
    with caplog.at_level(logging.ERROR):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"\x05" + wsp_pdu.encode(wsp_pdu.Method(0x5F, b"/", b"")), (HOST, found.ports[0]))
        assert (await ask_unit(found.ports[0], "/a")).body == DECK
    await found.stop()
    assert found.counters.failures == 1
    assert re.search("went wrong", caplog.text)


def test_session_ids_use_all_bits() -> None:
    ids = [session_id() for _ in range(2_000)]
    assert len(set(ids)) > 1_990
    assert 0 < min(ids) < 2**26
    assert 2**32 - 2**26 < max(ids) < 2**32
