"""Every page of the demo city at every profile and size: where things stand, what they weigh.

In Chromium, with the checks of the tests: every rectangle within a pixel of the layout's, all inside the
content area, no text wider than its place, exactly one focus, nothing that scrolls. The weight of a page
is its bytes as sent, uncompressed, and with pictures those of the pictures too. BENCH_MINUTES (20) bounds
the time: each edition takes its share, and pages are taken in the order in which a hash of their address
falls, so that what there was time for is a fair sample.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from playwright.async_api import Browser, Response

from bench import Row
from bench._city import city
from remote_nav.profile import PROFILES
from tests.browser import SCREENS, chromium
from tests.rendered import faults, look
from tests.site_graph import read

EDITIONS = (
    *PROFILES, *(f"{name}.large" for name in PROFILES),
    "web-hd.zh-Hant", "web-hd.en", "hbbtv-hd.en.large", "ipanel-sd.zh-Hant", "ipanel-sd.en.large",
)  # fmt: skip
MINUTES = 20.0
QUICK_MINUTES = 1.0
HTML_BYTES, HD_BYTES, SD_BYTES = 12_000, 60_000, 30_000
SHOWN = 3
TYPES = re.compile(r"/l/(?:q/[^/]+/[^/]+|d/[^/]+/tel)/[0-9a-f]+$")
"""A key of a pad, which types: it belongs to what has been typed until then, and leads back to its pad."""


@dataclass
class Found:
    """What one edition's pages are like."""

    pages: int = 0
    known: int = 0
    faults: list[str] = field(default_factory=list)
    html: tuple[int, str] = (0, "")
    whole: tuple[int, str] = (0, "")


def main(quick: bool) -> Iterator[Row]:
    """Look at the pages; `quick` takes a minute for all editions together."""
    minutes = QUICK_MINUTES if quick else float(os.environ.get("BENCH_MINUTES", MINUTES))
    share = minutes * 60 / len(EDITIONS)
    with city() as address:
        for edition in EDITIONS:
            found = asyncio.run(looked_at(address, edition, share))
            yield from rows(edition, found)


async def looked_at(address: str, edition: str, seconds: float) -> Found:
    """Walk an edition from its home page for so many seconds."""
    async with chromium(whole=True) as browser:
        return await _walk(browser, address, edition, time.monotonic() + seconds)


async def _walk(browser: Browser, address: str, edition: str, until: float) -> Found:
    profile = PROFILES[edition.partition(".")[0]]
    width, height = SCREENS[profile.size]
    page = await browser.new_page(viewport={"width": width, "height": height})
    weight: dict[str, int] = {}
    arrived: list[Response] = []

    def note(response: Response) -> None:
        arrived.append(response)  # Playwright marks its listeners, which a list's own method does not allow

    page.on("response", note)
    root = f"/tv/{edition}/"
    todo, known = [root], {root}
    found = Found()
    while todo and time.monotonic() < until:
        todo.sort(key=fairly, reverse=True)
        path = todo.pop()
        arrived.clear()
        response = await page.goto(address + path, wait_until="load")
        assert response is not None
        body = await response.body()
        if response.status != 200:
            found.faults.append(f"{path}: answered {response.status}")
            continue
        found.pages += 1
        found.faults += [f"{path}: {fault}" for fault in faults(await look(page), profile.area)]
        for each in arrived:
            if each.url not in weight and each.ok:
                weight[each.url] = len(await each.body())
        found.html = max(found.html, (len(body), path))
        found.whole = max(found.whole, (sum(weight.get(each.url, 0) for each in arrived), path))
        shown = read(path, body)
        past = [to for row in shown.moves.values() for to in row.values()]
        for link in (*shown.links.values(), *shown.plain, *shown.leads.values(), *past):
            bare = link.partition("?")[0]
            if bare.startswith(root) and bare not in known and not TYPES.search(bare):
                known.add(bare)
                todo.append(bare)
    found.known = len(known)
    await page.close()
    return found


def fairly(path: str) -> str:
    """A key that sorts addresses in an order that has nothing to do with what they lead to."""
    return hashlib.sha256(path.encode()).hexdigest()


def rows(edition: str, found: Found) -> Iterator[Row]:
    """The figures of one edition."""
    some = "; ".join(found.faults[:SHOWN])
    seen = f"{found.pages} pages looked at, {found.known} known. {some}"
    yield Row(f"{edition}: faults", len(found.faults), "", most=0, note=seen)
    yield Row(f"{edition}: largest HTML", found.html[0], "bytes", most=HTML_BYTES, note=found.html[1])
    most = SD_BYTES if PROFILES[edition.partition(".")[0]].size == "sd" else HD_BYTES
    weight, where = found.whole
    yield Row(f"{edition}: heaviest page with its pictures", weight, "bytes", most=most, note=where)
