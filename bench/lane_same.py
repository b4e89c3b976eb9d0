"""Every page of the demo city with the fast lane and without it: the same, octet for octet?

The mirror of a running demo city is served twice, by servers that differ in FAST_LANE alone and have stopped
their clocks. Pages are taken in the order in which a hash of their address falls, so that what there was time
for (BENCH_MINUTES, 6) is a fair sample; each is asked for twice, so that the second answer is a kept one, and
then with the tag it came with. Requests that nobody should send come last.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench import Row
from bench._city import mirrored
from bench.tv_pages import fairly
from portal.http.ahead import links
from portal.local_redis import LocalRedis
from tests.laned import Laned, both, request, undated
from tests.portal.http.test_lane import NOKIA, ODD, WML

SITE_ID = "qinglan"
MINUTES, QUICK_MINUTES = 6.0, 0.5
WAIT_SECONDS, SILENT_SECONDS = 20.0, 0.4
EDITIONS: dict[str, tuple[str, ...]] = {
    "/tv/web-hd/": (),
    "/tv/ipanel-sd.zh-Hant/": (),
    "/tv/hbbtv-hd.en.large/": ("User-Agent: Opera/9.80 (Linux; U; HbbTV/1.1.1 (;;;;;)) Presto/2.10",),
    "/tv/tizen-fhd.large/": (),
    "/wap/": (NOKIA, WML),
    "/wap/en/": ("User-Agent: Mozilla/5.0 (Series40; Nokia311) Gecko", "Accept: text/html"),
}
_MOVE = re.compile(rb'"(/tv/[^"]{1,600})"')
_TAG = re.compile(rb"\r\nEtag: ([^\r]+)")


@dataclass
class Compared:
    """What was asked of both."""

    pages: int = 0
    answers: int = 0
    known: int = 0
    different: list[str] = field(default_factory=list)


def main(quick: bool) -> Iterator[Row]:
    """Compare; `quick` takes half a minute for all pages."""
    minutes = QUICK_MINUTES if quick else float(os.environ.get("BENCH_MINUTES", MINUTES))
    with tempfile.TemporaryDirectory() as name, mirrored(Path(name)) as redis:
        found, odd, hits = asyncio.run(_compared(redis, minutes * 60))
    for root, each in found.items():
        note = f"{each.answers:,} answers of {each.pages:,} pages; {each.known:,} known"
        yield Row(f"{root} with the lane and without: different answers", len(each.different), "", most=0,
                  note=f"{note}. {'; '.join(each.different[:3])}")  # fmt: skip
    yield Row("malformed and odd requests: different answers", len(odd), "", most=0,
              note=f"of {len(ODD)}. {'; '.join(odd[:3])}")  # fmt: skip
    yield Row("answers that the lane gave from what it keeps", hits, "", least=1)


async def _compared(redis: LocalRedis, seconds: float) -> tuple[dict[str, Compared], list[str], int]:
    async with both(redis.url, SITE_ID, strict=False) as (fast, plain):
        found = {
            root: await _walked(fast, plain, root, fields, time.monotonic() + seconds / len(EDITIONS))
            for root, fields in EDITIONS.items()
        }
        odd = [name for name, octets in ODD.items() if not await _same(fast, plain, octets, SILENT_SECONDS)]
        return found, odd, fast.lane.counts.hits


async def _walked(fast: Laned, plain: Laned, root: str, fields: tuple[str, ...], until: float) -> Compared:
    """Walk an edition from its home page."""
    found, todo, known = Compared(), [root], {root}
    while todo and time.monotonic() < until:
        todo.sort(key=fairly, reverse=True)
        target = todo.pop()
        asked = request(target, *fields, "Connection: close")
        first = await fast.raw(asked, wait=WAIT_SECONDS)
        found.pages += 1
        forms = [asked, request(target, *fields, "Accept-Encoding: gzip", "Connection: close")]
        if tag := _TAG.search(first):
            forms.append(request(target, *fields, f"If-None-Match: {tag[1].decode()}", "Connection: close"))
        for octets in forms:
            found.answers += 1
            if not await _same(fast, plain, octets, WAIT_SECONDS):
                found.different.append(target)
        body = first.partition(b"\r\n\r\n")[2]
        moves = (link.replace(b"\\u0026", b"&") for link in _MOVE.findall(body))
        for link in (*links(body), *moves):
            path = html.unescape(link.decode("ascii", "replace"))
            bare = path.partition("?")[0]
            # The code of a sheet is a new one each time.
            if bare.startswith(root) and bare not in known and not bare.endswith("/p"):
                known.add(bare)
                todo.append(path)
    found.known = len(known)
    return found


async def _same(fast: Laned, plain: Laned, octets: bytes, wait: float) -> bool:
    mine, theirs = await asyncio.gather(fast.raw(octets, wait=wait), plain.raw(octets, wait=wait))
    return undated(mine) == undated(theirs)
