"""An evening of a city: viewers come, read and go as people do, against the real server of two processes.

Boxes of four profiles and phones of two kinds, along the links of the pages that the server really has; what
is kept is answered at the socket, what is not is made, and every twenty seconds something is published. The
server has one core, the viewers the other. 200,000 households are told 225 times as fast as they live
(bench/_evening.py): eighty seconds are an evening, and each is as full as a second of life. The processes
begin with nothing kept, and publishes are fifteen times as frequent: misses weigh more than in life.

BENCH_ACCESS_LOG=FILE takes editions and kinds of pages from an access log of ours, BENCH_HOUSEHOLDS changes
the city.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from redis.asyncio import Redis

from bench import Row, needed
from bench._evening import (
    PEAK,
    USUAL,
    City,
    Device,
    Graph,
    Mix,
    Visit,
    length,
    mix_of,
    seconds_of,
    visits,
)
from bench._fill import SITE_ID, Size, article, filled, publish
from bench._pinned import CLIENT_CORE, Server, free_port, python, running, wrk
from portal.http.ahead import links
from portal.http.cacheable import family_of
from server import FAMILIES
from tests import sample
from tests.laned import request

HOUSEHOLDS, QUICK_HOUSEHOLDS = 200_000, 100_000
SECONDS, QUICK_SECONDS = 80.0, 15.0
"""How long the evening is told."""

SIZE, QUICK_SIZE = Size(5_000, 700, 100), Size(600, 60, 20)
PAGES, QUICK_PAGES = 300, 60
"""Pages of each edition whose links are known; of others one goes back."""

PROCESSES = 2
PUBLISH_SECONDS = 20.0
READY_SECONDS = 60.0
SEED = 2026
WML = ("User-Agent: Nokia7110/1.0 (04.84)", "Accept: text/vnd.wap.wml, image/vnd.wap.wbmp")
XHTML = ("User-Agent: Mozilla/5.0 (Series40; Nokia311) Gecko", "Accept: application/xhtml+xml, text/html")
HBBTV = ("User-Agent: Opera/9.80 (Linux; U; HbbTV/1.1.1 (;;;;;)) Presto/2.10",)
DEVICES = (
    Device("ipanel-sd", "/tv/ipanel-sd/", 0.35),
    Device("iptv-hd", "/tv/iptv-hd/", 0.25),
    Device("web-hd", "/tv/web-hd/", 0.15),
    Device("hbbtv-hd", "/tv/hbbtv-hd/", 0.10, HBBTV),
    Device("wap", "/wap/", 0.10, XHTML),
    Device("wap-wml", "/wap/", 0.05, WML, keeps=False),
)
_LENGTH = re.compile(rb"\r\nContent-Length: (\d+)")


@dataclass
class Seen:
    """What the viewers have seen: (moment of asking, milliseconds, made for one) of each answer."""

    answers: list[tuple[float, float, bool]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)
    open_now: int = 0
    open_most: int = 0

    def within(self, begin: float, end: float, made: bool) -> list[float]:
        """The milliseconds of what was asked in a span, the shortest first."""
        return sorted(took for at, took, own in self.answers if begin <= at < end and own is made)


def main(quick: bool) -> Iterator[Row]:
    """One evening."""
    needed("wrk", "taskset")
    seconds = QUICK_SECONDS if quick else SECONDS
    city = City(int(os.environ.get("BENCH_HOUSEHOLDS", QUICK_HOUSEHOLDS if quick else HOUSEHOLDS)))
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        size = QUICK_SIZE if quick else SIZE
        url, generation = stack.enter_context(filled(folder, size))
        port = free_port()
        site_file = sample.write_site(folder, SITE_ID)
        environment = {
            "REDIS_URL": url, "SITE": str(site_file), "PORT": str(port), "WSP_PORTS": "",
            "DATA_DIR": str(folder / "data"), "CONNECTIONS_EACH": "0",
        }  # fmt: skip
        command = python("server.py", "--processes", str(PROCESSES))
        server = stack.enter_context(
            running("the server", command, port, environment, log=folder / "access.log")
        )
        os.sched_setaffinity(0, {CLIENT_CORE})
        yield from asyncio.run(_evening(server, url, city, size, generation, seconds, quick, folder))


async def _evening(
    server: Server,
    url: str,
    city: City,
    size: Size,
    generation: int,
    seconds: float,
    quick: bool,
    folder: Path,
) -> list[Row]:
    speed = length() / seconds
    graphs = {
        device.name: await _graph(server.port, device, QUICK_PAGES if quick else PAGES) for device in DEVICES
    }
    random = Random(SEED)  # noqa: S311 - the same evening each time
    told = list(visits(city, DEVICES, graphs, speed, random, _mix()))
    asked = sum(len(visit.steps) for visit in told)
    # Other processes, which have read and kept nothing yet.
    await _exchanged(server)
    before = await _figures(server.port)
    seen = Seen()
    publishing = asyncio.create_task(_publishing(url, size, generation))
    peak = asyncio.create_task(_cpu_between(server, *(seconds_of(hour) / speed for hour in PEAK)))
    began, cpu = time.perf_counter(), server.cpu()
    await _told(server.port, told, seen, began)
    took, used = time.perf_counter() - began, server.cpu() - cpu
    peak_cpu = await peak
    publishing.cancel()
    with suppress(asyncio.CancelledError):
        await publishing
    after = await _figures(server.port)
    top = _top(server, told, folder, quick)
    begin, end = (seconds_of(hour) / speed for hour in PEAK)
    most_made = ", ".join(f"{name} {count:,}" for name, count in seen.made.most_common(4))
    at_peak, own = seen.within(begin, end, made=False), seen.within(begin, end, made=True)
    rate = (len(at_peak) + len(own)) / (end - begin)
    hits, made = (after[name] - before[name] for name in ("hit", "made"))
    handed = after["handed"] - before["handed"]
    note = (
        f"{city.households:,} households, {len(told):,} viewers of an evening told {speed:.0f} times as fast"
    )
    late = sorted(seen.late)
    return [
        Row("requests of the evening", len(seen.answers), "", note=note),
        Row("requests that were not answered with 200", asked - len(seen.answers), "", most=0,
            note="; ".join(seen.lost[:2])),
        Row("requests at the peak", rate, "/s", note=f"{len(seen.answers) / took:,.0f}/s over the evening"),
        Row("p50 at the peak of pages that may be kept", _part(at_peak, 0.5), "ms"),
        Row("p99 of these", _part(at_peak, 0.99), "ms", most=None if quick else 100.0,
            note=f"p99.9 {_part(at_peak, 0.999):.0f} ms; viewers themselves {_part(late, 0.99):.1f} ms late"),
        Row("p50 at the peak of pages made for one", _part(own, 0.5), "ms"),
        Row("p99 of these", _part(own, 0.99), "ms",
            note=f"{100 * len(own) / max(1, len(own) + len(at_peak)):.0f} % of what is asked: {most_made}"),
        Row("answered from what is kept", 100 * hits / max(1, hits + made + handed), "%",
            note=f"{made:,.0f} made to keep, {handed:,.0f} for one; published each {PUBLISH_SECONDS:.0f} s"),
        Row("of one core at the peak", 100 * peak_cpu, "%",
            note=f"{100 * used / took:.0f} % over the evening; {seen.open_most:,} connections at most"),
        Row("households that a core carries", city.households / peak_cpu if peak_cpu else 0.0, "",
            note="at the peak, with all of it busy"),
        Row("peak against the most that this core answers of this mix", rate / top, "x",
            note=f"{top:,.0f}/s, by wrk"),
    ]  # fmt: skip


def _mix() -> Mix:
    """Of an access log, where one is named."""
    log = os.environ.get("BENCH_ACCESS_LOG", "")
    if not log:
        return USUAL
    with Path(log).open(encoding="utf-8", errors="replace") as file:
        return mix_of(file)


def _part(taken: Sequence[float], share: float) -> float:
    return taken[min(len(taken) - 1, int(len(taken) * share))] if taken else 0.0


async def _graph(port: int, device: Device, most: int) -> Graph:
    """The links of the first pages from home on, as far as they lead to pages of the same edition."""
    root = "/".join(device.home.split("/")[:3]).rstrip("/") + "/"
    found: dict[str, tuple[str, ...]] = {}
    waiting, known = deque([device.home]), {device.home}
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while waiting and len(found) < most:
        target = waiting.popleft()
        writer.write(request(target, *device.fields))
        status, body = await _answer(reader)
        if status != 200:
            continue
        onward = (link.decode("ascii") for link in links(body))
        found[target] = tuple(link for link in onward if link.startswith(root))
        for link in found[target]:
            if link not in known:
                known.add(link)
                waiting.append(link)
    writer.close()
    return {target: tuple(link for link in onward if link in found) for target, onward in found.items()}


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    found = _LENGTH.search(head)
    return int(head[9:12]), await reader.readexactly(int(found[1]) if found else 0)


async def _told(port: int, told: Sequence[Visit], seen: Seen, began: float) -> None:
    """Have every viewer come at their time."""
    tasks: set[asyncio.Task[None]] = set()
    for visit in told:
        await asyncio.sleep(max(0.0, began + visit.at - time.perf_counter()))
        task = asyncio.create_task(_viewer(port, visit, seen, began))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    if tasks:
        await asyncio.wait(tasks)


async def _viewer(port: int, visit: Visit, seen: Seen, began: float) -> None:
    """One viewer, page after page."""
    writer: asyncio.StreamWriter | None = None
    seen.open_now += 1
    seen.open_most = max(seen.open_most, seen.open_now)
    for step in visit.steps:
        if step.after:
            due = time.perf_counter() + step.after
            await asyncio.sleep(step.after)
            seen.late.append((time.perf_counter() - due) * 1e3)
        asked = time.perf_counter()
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            extra = () if visit.device.keeps else ("Connection: close",)
            writer.write(request(step.target, "Accept-Encoding: gzip", *visit.device.fields, *extra))
            async with asyncio.timeout(20):
                status, _ = await _answer(reader)
        except (OSError, EOFError, TimeoutError) as error:
            seen.lost.append(f"{step.target}: {error!r}")
            if writer is not None:
                writer.close()
            writer = None
            continue
        if status == 200:
            took = (time.perf_counter() - asked) * 1e3
            made = not _may_be_kept(step.target)
            seen.answers.append((asked - began, took, made))
            if made:
                seen.made[_name(step.target)] += 1
        else:
            seen.lost.append(f"{step.target}: {status}")
        if not visit.device.keeps:
            writer.close()
            writer = None
    if writer is not None:
        writer.close()
    seen.open_now -= 1


def _name(target: str) -> str:
    """Of which kind a page is: `n` for numbers, `l` for letters ..."""
    parts = target.partition("?")[0].split("/")
    return parts[3 if parts[1] == "tv" else 2] or "home"


def _may_be_kept(target: str) -> bool:
    """Whether a page of this address is kept and answered at the socket."""
    octets = target.encode()
    family = family_of(FAMILIES, octets)
    return family is not None and family.row(octets) is not None


async def _publishing(url: str, size: Size, generation: int) -> None:
    """One article changes, again and again."""
    redis = Redis.from_url(url)
    try:
        for number in range(1, 10_000):
            await asyncio.sleep(PUBLISH_SECONDS)
            changed = replace(article(number % size.articles), title=f"今晚的第 {number} 条")
            await publish(redis, size, [changed], generation + number)
    finally:
        await redis.aclose()


async def _cpu_between(server: Server, begin: float, end: float) -> float:
    """Which part of a core the server uses between two moments from now."""
    await asyncio.sleep(begin)
    at, used = time.perf_counter(), server.cpu()
    await asyncio.sleep(end - begin)
    return (server.cpu() - used) / (time.perf_counter() - at)


async def _exchanged(server: Server) -> None:
    """Have all processes exchanged, and wait until the old ones are gone."""
    old = set(server.pids[1:])
    server.process.send_signal(signal.SIGHUP)
    until = time.monotonic() + READY_SECONDS
    while old & set(server.pids) or len(server.pids) < 1 + PROCESSES:
        if time.monotonic() > until:
            raise RuntimeError("the processes were not exchanged")
        await asyncio.sleep(0.1)


async def _figures(port: int) -> dict[str, float]:
    """What the lanes of all processes have done so far, once they have written it down."""
    await asyncio.sleep(2.5)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("/metrics", "Connection: close"))
    _, body = await _answer(reader)
    writer.close()
    found: dict[str, float] = {}
    for name, value in re.findall(r'sunshine_lane_total\{event="(\w+)"[^}]*\} ([0-9.e+]+)', body.decode()):
        found[name] = found.get(name, 0.0) + float(value)
    return found


def _top(server: Server, told: Sequence[Visit], folder: Path, quick: bool) -> float:
    """The most answers a second of the same addresses in the same order."""
    targets = [step.target for visit in told for step in visit.steps][:50_000]
    file = folder / "asked.txt"
    file.write_text("\n".join(targets), encoding="ascii")
    return wrk(server, file, 2.0 if quick else 5.0).rate
