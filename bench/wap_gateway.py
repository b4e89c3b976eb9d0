"""The WAP gateway against Kannel's, in one run on one machine: requests per second, SAR, loss, memory.

`python bench/wap_gateway.py [SECONDS]` prints a table of all that was asked; SECONDS is one turn's. Both
gateways, the origin and the phones live in a network namespace of their own where the system allows it, since
Kannel binds more than loopback. Kannel (Debian packages kannel and kannel-extras) is left out where it is not
installed.
"""

import asyncio
import ctypes
import ctypes.util
import os
import random
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import Row  # the path has to be set first
from tests.wap.phone import Phone
from wap.protocol import wsp_pdu
from wap.protocol.exchange import WspReply, WspRequest
from wap.protocol.headers import encode_headers
from wap.protocol.limits import Limits
from wap.udp import Gateway

HOST = "127.0.0.1"
KANNEL = (9200, 9201)
OURS = (9300, 9301)
ASKED = (9400, 9401)
ORIGIN_PORT = 8099
ORIGIN = f"http://{HOST}:{ORIGIN_PORT}"
TYPE = "application/vnd.wap.wmlc"
WML = (
    '<?xml version="1.0"?><!DOCTYPE wml PUBLIC "-//WAPFORUM//DTD WML 1.1//EN" '
    '"http://www.wapforum.org/DTD/wml_1.1.xml"><wml><card id="a" title="bench"><p>'
    + "One line of the page that both gateways serve. " * 3
    + "</p></card></wml>"
)
DECK = bytes.fromhex("01046a007fe755036100360362656e636800 0160 03".replace(" ", "")) + (
    b"One line of the page that both gateways serve. " * 3 + b"\0" + b"\x01\x01\x01"
)
LARGE = b"A hundred thousand octets of text. " * 2_858
HEADERS = encode_headers(
    [
        ("Accept", "text/vnd.wap.wml, application/vnd.wap.wmlc, image/vnd.wap.wbmp"),
        ("User-Agent", "Nokia7110/1.0"),
    ],
    (1, 2),
)
LOSS = 0.2
Process = subprocess.Popen[bytes]
ROUNDS = 5
SECONDS, QUICK_SECONDS = 2.0, 0.5
GETS, QUICK_GETS = 12, 2
UNITS = {"GET/s": "/s", " ms": "ms", "us a GET": "us", ": s": "s"}
"""Of one turn, where the runner asks."""


# -- the two gateways ------------------------------------------------------------------------------------


async def _origin_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            large = b"/large" in head.split(b"\r\n", 1)[0]
            body = LARGE if large else WML.encode()
            kind = "text/plain" if large else "text/vnd.wap.wml"
            writer.write(
                f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def _serve_origin() -> None:
    server = await asyncio.start_server(_origin_connection, HOST, ORIGIN_PORT)
    await server.serve_forever()


async def _serve_ours(fresh_s: float, ports: tuple[int, int]) -> None:
    def error_deck(status: int, _: WspRequest) -> WspReply:
        return WspReply(status, TYPE, (), DECK)

    async def fetch(request: WspRequest) -> WspReply:
        if request.url.endswith("/large"):
            return WspReply(200, "text/plain", (), LARGE)
        return WspReply(200, TYPE, (), DECK, fresh_s)

    gateway = Gateway(error_deck, Limits())
    await gateway.start(ports, HOST, fetch)
    await asyncio.Event().wait()


@contextmanager
def _process(*arguments: str) -> Iterator[Process]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(arguments, stdout=quiet, stderr=quiet)  # noqa: S603 - named in this file
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _ours(fresh_s: float, ports: tuple[int, int]) -> Iterator[list[Process]]:
    with _process(sys.executable, __file__, "--ours", str(fresh_s), *map(str, ports)) as process:
        _until_answered(ports)
        yield [process]


@contextmanager
def _kannel() -> Iterator[list[Process]]:
    with tempfile.TemporaryDirectory() as folder:
        conf = Path(folder, "kannel.conf")
        conf.write_text(
            "group = core\nadmin-port = 13000\nadmin-password = bench\nwapbox-port = 13002\n"
            f'wdp-interface-name = "{HOST}"\nbox-deny-ip = "*.*.*.*"\nbox-allow-ip = "{HOST}"\n'
            "log-level = 4\n\n"
            f"group = wapbox\nbearerbox-host = {HOST}\nlog-level = 4\n"
        )
        with _process("bearerbox", "-v", "4", str(conf)) as bearerbox:
            time.sleep(2)
            with _process("wapbox", "-v", "4", str(conf)) as wapbox:
                time.sleep(2)
                _until_answered(KANNEL)
                yield [bearerbox, wapbox]


def _until_answered(ports: tuple[int, int]) -> None:
    body = b"\1" + wsp_pdu.encode(wsp_pdu.Method(0x40, f"{ORIGIN}/a".encode(), HEADERS))
    with _socket(ports[0]) as sock:
        sock.settimeout(0.5)
        for _ in range(30):
            try:
                sock.send(body)
                if sock.recv(65_535):
                    return
            except OSError:
                time.sleep(0.2)
    raise SystemExit(f"nothing answers on port {ports[0]}")


# -- the phones ------------------------------------------------------------------------------------------


def _socket(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect((HOST, port))
    return sock


def _load(
    clients: list[socket.socket],
    seconds: float,
    first: Callable[[int], bytes],
    answered: Callable[[int, bytes], list[bytes]],
) -> tuple[float, float]:
    """Closed loop: every client sends again as soon as it is answered.

    returns  (requests per second, median milliseconds)
    """
    poll = select.epoll()
    for sock in clients:
        poll.register(sock, select.EPOLLIN)
    by_number = {sock.fileno(): (index, sock) for index, sock in enumerate(clients)}
    sent = [0.0] * len(clients)
    took: list[float] = []
    start = time.perf_counter()
    for index, sock in enumerate(clients):
        sent[index] = time.perf_counter()
        sock.send(first(index))
    while (now := time.perf_counter()) - start < seconds:
        for number, _ in poll.poll(0.5):
            index, sock = by_number[number]
            following = answered(index, sock.recv(65_535))
            if following:
                now = time.perf_counter()
                took.append(now - sent[index])
                sent[index] = now
                for octets in following:
                    sock.send(octets)
        for index, sock in enumerate(clients):
            if now - sent[index] > 2:  # lost in a full buffer
                sent[index] = now
                sock.send(first(index))
    poll.close()
    return len(took) / (time.perf_counter() - start), statistics.median(took) * 1e3 if took else 0.0


def unit_load(port: int, count: int, seconds: float) -> tuple[float, float]:
    """Connectionless GETs of `count` phones."""
    body = wsp_pdu.encode(wsp_pdu.Method(0x40, f"{ORIGIN}/a".encode(), HEADERS))
    clients = [_socket(port) for _ in range(count)]
    try:
        return _load(clients, seconds, lambda _: b"\1" + body, lambda _, got: [bytes((got[0] ^ 3,)) + body])
    finally:
        for sock in clients:
            sock.close()


def session_load(port: int, count: int, seconds: float) -> tuple[float, float]:
    """GETs in the sessions of `count` phones, one at a time each."""
    body = wsp_pdu.encode(wsp_pdu.Method(0x40, f"{ORIGIN}/a".encode(), b""))
    clients = [_socket(port) for _ in range(count)]
    tids = [_connected(sock).tid + 1 for sock in clients]

    def invoke(index: int) -> bytes:
        tid = tids[index]
        return bytes((0x0A, tid >> 8, tid & 0xFF, 0x12)) + body

    def answered(index: int, got: bytes) -> list[bytes]:
        tid = tids[index]
        if got[0] >> 3 & 0x0F == 3 and got[0] & 0x04:
            clients[index].send(bytes((0x1C, tid >> 8, tid & 0xFF)))
        if got[0] >> 3 & 0x0F != 2 or (got[1] & 0x7F) << 8 | got[2] != tid:
            return []
        tids[index] = (tid + 1) & 0x7FFF
        return [bytes((0x18, tid >> 8, tid & 0xFF)), invoke(index)]

    try:
        return _load(clients, seconds, invoke, answered)
    finally:
        for sock in clients:
            sock.close()


def _connected(sock: socket.socket, phone: Phone | None = None) -> Phone:
    phone = phone or Phone()
    sock.settimeout(0.2)
    start = time.perf_counter()
    waiting = phone.connect((("User-Agent", "Nokia7110/1.0"), ("Accept", "*/*")), now=start)
    while phone.tid not in phone.done:  # a session id may be 0
        now = time.perf_counter()
        if now - start > 30:
            raise SystemExit(f"no session on port {sock.getpeername()[1]}")
        for octets in (*waiting, *phone.tick(now)):
            sock.send(octets)
        waiting = []
        with suppress(TimeoutError):
            waiting = phone.receive(sock.recv(65_535))
    for octets in waiting:
        sock.send(octets)
    sock.settimeout(5)
    return phone


def large_page(port: int) -> float:
    """Seconds that 100 kB take over SAR."""
    with _socket(port) as sock:
        phone = _connected(sock)
        start = time.perf_counter()
        for octets in phone.get(f"{ORIGIN}/large"):
            sock.send(octets)
        while phone.tid not in phone.done:
            for octets in phone.receive(sock.recv(65_535)):
                sock.send(octets)
        if phone.reply().body != LARGE:
            raise SystemExit(f"the large page arrived damaged: {phone.reply().body[:100]!r}")
        return time.perf_counter() - start


def lossy(port: int, phones: int, gets: int) -> tuple[float, int]:
    """(mean seconds of a GET, GETs given up) where each datagram either way is lost with LOSS.

    phones  so many at the same time, each of which asks `gets` times
    """
    with ThreadPoolExecutor(phones) as pool:
        found = list(pool.map(lambda seed: _lossy_phone(port, gets, seed), range(phones)))
    return statistics.mean(took for tooks, _ in found for took in tooks), sum(failed for _, failed in found)


def _lossy_phone(port: int, gets: int, seed: int) -> tuple[list[float], int]:
    dice = random.Random(seed)  # noqa: S311 - the same losses in every run
    took = []
    failed = 0
    with _socket(port) as sock:
        phone = _connected(sock, Phone(resend_s=1.0))
        sock.settimeout(0.02)
        for _ in range(gets):
            start = time.perf_counter()
            waiting = phone.get(f"{ORIGIN}/a", start)
            while phone.tid not in phone.done and (now := time.perf_counter()) - start < 30:
                for octets in (*waiting, *phone.tick(now)):
                    if dice.random() >= LOSS:
                        sock.send(octets)
                waiting = []
                try:
                    got = sock.recv(65_535)
                except TimeoutError:
                    continue
                if dice.random() >= LOSS:
                    waiting = phone.receive(got)
                if phone.tid in phone.aborts:
                    break
            for octets in waiting:
                if dice.random() >= LOSS:
                    sock.send(octets)
            took.append(time.perf_counter() - start)
            failed += phone.tid not in phone.done
    return took, failed


def idle_sessions(process: Process, count: int) -> float:
    """Octets of memory that one more idle session takes."""
    before = _resident(process.pid)
    for _ in range(count):
        with _socket(OURS[1]) as sock:
            _connected(sock)
    return (_resident(process.pid) - before) / count


def _cpu(processes: list[Process]) -> float:
    """Seconds of processor time that these have taken so far."""
    ticks = 0
    for process in processes:
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    return 0


# -- the table -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """One gateway of the comparison: how it is started, and where it listens."""

    name: str
    start: Callable[[], AbstractContextManager[list[Process]]]
    ports: tuple[int, int]


def rounds(sides: list[Side], seconds: float, times: int) -> dict[str, dict[str, list[float]]]:
    """Figure -> side -> its value in each round.

    All gateways run at the same time, and each round asks one after the other in the same way, so that what
    else the machine does falls on all of them. What a GET costs in processor time hardly depends on that.
    """
    found: dict[str, dict[str, list[float]]] = {}
    for mode, load, at in (("connectionless", unit_load, 0), ("session", session_load, 1)):
        for count in (1, 50):
            with ExitStack() as running:
                processes = {side.name: running.enter_context(side.start()) for side in sides}
                for side in sides:
                    load(side.ports[at], count, 0.3)  # warm: caches are filled and threads started
                for _ in range(times):
                    for side in sides:
                        before, own = _cpu(processes[side.name]), time.process_time()
                        rate, median_ms = load(side.ports[at], count, seconds)
                        gets = max(1.0, rate * seconds)
                        figures = {
                            "GET/s": rate,
                            "median ms": median_ms,
                            "CPU us a GET": (_cpu(processes[side.name]) - before) * 1e6 / gets,
                            "the phones' CPU us a GET": (time.process_time() - own) * 1e6 / gets,
                        }
                        for name, value in figures.items():
                            row = found.setdefault(f"{mode}, {count} phones: {name}", {})
                            row.setdefault(side.name, []).append(value)
    return found


def single(side: Side, gets: int) -> dict[str, float]:
    """What is measured once, each from a fresh process; eight phones lose datagrams in `gets` GETs each."""
    found: dict[str, float] = {}
    with side.start():
        found["100 kB over SAR: s"] = statistics.median(large_page(side.ports[1]) for _ in range(3))
    with side.start():
        mean, failed = lossy(side.ports[1], 8, gets)
    found["20 % loss, mean of a GET: s"] = mean
    found["20 % loss: GETs given up"] = failed
    return found


def main(quick: bool) -> Iterator[Row]:
    """Rows for the runner."""
    _alone()
    found, idle = measured(QUICK_SECONDS, 1, QUICK_GETS) if quick else measured(SECONDS, ROUNDS, GETS)
    for name, row in found.items():
        ours, theirs = row["ours"], row.get("Kannel", [])
        unit = next((unit for end, unit in UNITS.items() if name.endswith(end)), "")
        yield Row(name, statistics.median(ours), unit)
        if theirs and all(theirs):
            ratios = [one / other for one, other in zip(ours, theirs, strict=False)]
            note = f"Kannel {statistics.median(theirs):.3f}; {min(ratios):.2f} to {max(ratios):.2f}"
            yield Row(f"{name}, to Kannel's", statistics.median(ratios), "x", note=note)
    yield Row("memory of an idle session", idle, "octets")


def measured(seconds: float, times: int, gets: int) -> tuple[dict[str, dict[str, list[float]]], float]:
    """Figure -> side -> its value in each round, and the octets of an idle session."""
    sides = [
        Side("ours", lambda: _ours(60.0, OURS), OURS),
        Side("ours, asked each time", lambda: _ours(0.0, ASKED), ASKED),
    ]
    if shutil.which("bearerbox") and shutil.which("wapbox"):
        sides.append(Side("Kannel", _kannel, KANNEL))
    with _process(sys.executable, __file__, "--origin"):
        time.sleep(1)
        found = rounds(sides, seconds, times)
        for side in sides:
            for name, value in single(side, gets).items():
                found.setdefault(name, {})[side.name] = [value]
        with sides[0].start() as processes:
            idle = idle_sessions(processes[0], 5_000)
    return found, idle


def table(seconds: float) -> None:
    """Print the table: medians of the rounds; of the ratio to Kannel the median, the least and the most."""
    found, idle = measured(seconds, ROUNDS, GETS)
    sides = next(iter(found.values()))
    print(f"{'':50}" + "".join(f"{name:>24}" for name in sides) + "    ours : Kannel")
    for name, row in found.items():
        line = f"{name:50}" + "".join(f"{statistics.median(row[side]):24.3f}" for side in sides)
        print(line + _compared(row["ours"], row.get("Kannel", [])))
    print(f"memory of an idle session: {idle:.0f} octets")


def _compared(ours: list[float], others: list[float]) -> str:
    """The ratio within each round: its median, and least and most where there are several rounds."""
    ratios = [one / other for one, other in zip(ours, others, strict=False) if other]
    if not ratios:
        return ""
    middle = f"    {statistics.median(ratios):.3f}"
    return middle if len(ratios) == 1 else f"{middle} ({min(ratios):.3f} to {max(ratios):.3f})"


def _alone() -> None:
    """A network of our own with nothing but loopback; without the right to it, the machine's."""
    os.environ.pop("http_proxy", None)
    new_network = 0x4000_0000
    libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    if libc.unshare(new_network):
        print(
            "no network namespace: Kannel's administration ports are open on every address", file=sys.stderr
        )
        return
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)  # noqa: S607 - where the system has it


if __name__ == "__main__":
    if sys.argv[1:2] == ["--origin"]:
        asyncio.run(_serve_origin())
    elif sys.argv[1:2] == ["--ours"]:
        asyncio.run(_serve_ours(float(sys.argv[2]), (int(sys.argv[3]), int(sys.argv[4]))))
    else:
        _alone()
        table(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0)
