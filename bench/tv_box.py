"""On a slow box: Chromium with its processor slowed twenty times behind a line of 1 Mbit/s.

Bytes and requests of a page, time until something is painted, until the whole page is there, and from an
arrow pressed to the frame on the screen in which the highlight has moved (W3C Event Timing, steps of 8 ms).
How long a browser that slow takes for any frame at all is measured beside it, on a page that holds nothing
but two words of which a key marks the other: below that no page can go on this machine. Medians.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page
from redis.asyncio import Redis

from bench import Row
from portal.local_redis import LocalRedis
from remote_nav.keymap import KEY_MAPS, Action
from tests import sample
from tests.browser import chromium
from tests.laned import laned

SLOWER = 20
LINE_OCTETS_S = 1_000_000 / 8
LATENCY_MS = 40
PAGES = ("", "c/310", "c/310/1/news005", "c/300", "help")
MOVING = ("", "c/310", "c/300")
"""Where the arrow down moves the highlight; elsewhere it may turn the page."""

EDITIONS = {"web-hd": (1280, 720), "ipanel-sd": (640, 530)}
ROUNDS, QUICK_ROUNDS = 4, 1
PRESSES = 4
"""On each page, down and up in turn; the first soon after the page, when nothing has run yet."""

SOON_MS, BETWEEN_MS = 200, 400
PAINT = "() => { const e = performance.getEntriesByName('first-contentful-paint')[0]; return e ? e.startTime : 0; }"  # noqa: E501
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"
WATCH = """() => {
  window.frames_after = [];
  new PerformanceObserver(list => list.getEntries().forEach(e => {
    if (e.name === 'keydown') { window.frames_after.push(e.duration); }
  })).observe({ type: 'event', durationThreshold: 16 });
}"""
MARKED = "() => document.querySelector('.on').id"

TWO_WORDS = """<!DOCTYPE html><html><head><style>
a{position:absolute;left:50px;width:300px;height:40px;background:#16263a;color:#fff}
.on{background:#ffe9b0;color:#000}</style></head><body>
<a id="a" class="on" style="top:50px">one</a><a id="b" class="" style="top:120px">two</a><script>
var at = 'a';
document.onkeydown = function () {
  document.getElementById(at).className = '';
  at = at === 'a' ? 'b' : 'a';
  document.getElementById(at).className = 'on';
  return false;
};</script></body></html>"""


@dataclass
class _Seen:
    """What pages took: ms, octets, requests; `firsts` and `others` are keys of a page."""

    paint: list[float] = field(default_factory=list)
    load: list[float] = field(default_factory=list)
    octets: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    moved: int = 0

    @property
    def keys(self) -> list[float]:
        return self.firsts + self.others


def main(quick: bool) -> Iterator[Row]:
    """Both sizes of screen."""
    yield from asyncio.run(_all(QUICK_ROUNDS if quick else ROUNDS))


async def _all(rounds: int) -> list[Row]:
    ours = {edition: _Seen() for edition in EDITIONS}
    least = {edition: _Seen() for edition in EDITIONS}
    with tempfile.TemporaryDirectory() as name:
        server = LocalRedis(Path(name) / "redis")
        server.start()
        redis = Redis.from_url(server.url)
        await sample.publish(redis)
        async with laned(server.url, sample.SITE_ID, strict=False) as fast, chromium(whole=True) as browser:
            for _ in range(rounds):
                for edition in EDITIONS:
                    await _box(browser, fast.base, edition, ours[edition])
                    await _two_words(browser, fast.base, edition, least[edition])
        await redis.aclose()
        server.stop()
    return [row for edition in EDITIONS for row in _rows(edition, ours[edition], least[edition])]


async def _box(browser: Browser, base: str, edition: str, seen: _Seen) -> None:
    """One viewer's way through the pages."""
    width, height = EDITIONS[edition]
    context = await browser.new_context(viewport={"width": width, "height": height})
    page = await context.new_page()
    tools = await context.new_cdp_session(page)
    await tools.send("Network.enable")
    await tools.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": LATENCY_MS, "downloadThroughput": LINE_OCTETS_S,
        "uploadThroughput": LINE_OCTETS_S})  # fmt: skip
    await tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    octets = [0.0, 0.0]
    tools.on("Network.loadingFinished", lambda told: _add(octets, told))
    for place in PAGES:
        octets[:] = [0.0, 0.0]
        await page.goto(f"{base}/tv/{edition}/{place}", wait_until="load")
        await page.wait_for_function(f"{LOADED} > 0")
        seen.load.append(float(await page.evaluate(LOADED)))
        await page.wait_for_timeout(SOON_MS)
        seen.paint.append(float(await page.evaluate(PAINT)))
        seen.octets.append(octets[0])
        seen.asked.append(octets[1])
        if place in MOVING:
            await _press(page, tools, edition, seen)
    await context.close()


async def _two_words(browser: Browser, base: str, edition: str, seen: _Seen) -> None:
    """The same keys on a page with nothing on it, as often."""
    width, height = EDITIONS[edition]
    context = await browser.new_context(viewport={"width": width, "height": height})
    page = await context.new_page()
    tools = await context.new_cdp_session(page)
    await page.route("**/two-words", lambda route: route.fulfill(body=TWO_WORDS, content_type="text/html"))
    await tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    for _ in MOVING:
        await page.goto(f"{base}/two-words", wait_until="load")
        await page.wait_for_timeout(SOON_MS)
        await _press(page, tools, edition, seen)
    await context.close()


async def _press(page: Page, tools: Any, edition: str, seen: _Seen) -> None:
    """Real keys, as the box's own hand them to the page."""
    await page.evaluate(WATCH)
    for at in range(PRESSES):
        code = KEY_MAPS[edition].code(Action.UP if at % 2 else Action.DOWN)
        before = await page.evaluate(MARKED)
        for kind in ("rawKeyDown", "keyUp"):
            await tools.send("Input.dispatchKeyEvent", {
                "type": kind, "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code})  # fmt: skip
        await page.wait_for_timeout(BETWEEN_MS)
        seen.moved += await page.evaluate(MARKED) != before
    first, *others = await page.evaluate("() => window.frames_after")
    seen.firsts.append(float(first))
    seen.others += map(float, others)


def _rows(edition: str, seen: _Seen, least: _Seen) -> Iterator[Row]:
    key, bare = statistics.median(seen.keys), statistics.median(least.keys)
    spread = statistics.quantiles(seen.keys, n=10)
    yield Row(f"{edition}: octets of a page on the line", statistics.median(seen.octets), "bytes",
              note=f"largest {max(seen.octets):,.0f}")  # fmt: skip
    yield Row(f"{edition}: requests of a page", statistics.median(seen.asked), "",
              note=f"most {max(seen.asked):.0f}")  # fmt: skip
    yield Row(f"{edition}: first paint", statistics.median(seen.paint), "ms")
    yield Row(f"{edition}: page switch, until all is there", statistics.median(seen.load), "ms", most=2_000.0)
    yield Row(f"{edition}: a key has moved the highlight after", key, "ms", most=100.0,
              note=f"first key of a page {statistics.median(seen.firsts):.0f}, a tenth of all over "
                   f"{spread[-1]:.0f}; {seen.moved} of {len(seen.keys)} presses moved it")  # fmt: skip
    yield Row(f"{edition}: the same on a page of two words", bare, "ms",
              note=f"first key {statistics.median(least.firsts):.0f}, a tenth of all over "
                   f"{statistics.quantiles(least.keys, n=10)[-1]:.0f}")  # fmt: skip
    yield Row(f"{edition}: our page against it", key / bare, "x")


def _add(at: list[float], told: dict[str, float]) -> None:
    at[0] += told["encodedDataLength"]
    at[1] += 1
