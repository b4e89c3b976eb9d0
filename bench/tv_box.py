"""On a slow box: Chromium with its processor slowed twenty times behind a line of 1 Mbit/s.

Bytes and requests of a page, time until something is painted, until the whole page is there, and until a
pressed arrow has moved the highlight (the frame after the handler has run). Medians over several pages.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

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
ROUNDS, QUICK_ROUNDS = 3, 1

PRESS = """code => new Promise(done => {
  const before = document.querySelector('.on'), began = performance.now();
  document.dispatchEvent(new KeyboardEvent('keydown', {keyCode: code, which: code, bubbles: true}));
  requestAnimationFrame(() => setTimeout(() => done([performance.now() - began,
    document.querySelector('.on') !== before]), 0));
})"""
PAINT = "() => { const e = performance.getEntriesByName('first-contentful-paint')[0]; return e ? e.startTime : 0; }"  # noqa: E501


def main(quick: bool) -> Iterator[Row]:
    """Both sizes of screen."""
    yield from asyncio.run(_all(QUICK_ROUNDS if quick else ROUNDS))


async def _all(rounds: int) -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        server = LocalRedis(Path(name) / "redis")
        server.start()
        redis = Redis.from_url(server.url)
        await sample.publish(redis)
        async with laned(server.url, sample.SITE_ID, strict=False) as fast, chromium(whole=True) as browser:
            for edition, (width, height) in EDITIONS.items():
                found: dict[str, list[float]] = {
                    name: [] for name in ("paint", "load", "key", "octets", "asked")
                }
                moved = 0
                for _ in range(rounds):
                    context = await browser.new_context(viewport={"width": width, "height": height})
                    page = await context.new_page()
                    tools = await context.new_cdp_session(page)
                    await tools.send("Network.enable")
                    await tools.send("Network.emulateNetworkConditions", {
                        "offline": False, "latency": LATENCY_MS, "downloadThroughput": LINE_OCTETS_S,
                        "uploadThroughput": LINE_OCTETS_S})  # fmt: skip
                    await tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
                    octets = [0.0, 0.0]
                    tools.on("Network.loadingFinished", lambda told, at=octets: _add(at, told))
                    for place in PAGES:
                        octets[:] = [0.0, 0.0]
                        address = f"{fast.base}/tv/{edition}/{place}"
                        await page.goto(address, wait_until="load")
                        timing = "performance.getEntriesByType('navigation')[0].loadEventEnd"
                        await page.wait_for_function(f"{timing} > 0")
                        found["load"].append(float(await page.evaluate(timing)))
                        await page.wait_for_timeout(200)
                        found["paint"].append(float(await page.evaluate(PAINT)))
                        if place in MOVING:
                            took, changed = await page.evaluate(PRESS, KEY_MAPS[edition].code(Action.DOWN))
                            found["key"].append(float(took))
                            moved += bool(changed)
                        found["octets"].append(octets[0])
                        found["asked"].append(octets[1])
                    await context.close()
                middle = {name: statistics.median(values) for name, values in found.items()}
                rows += [
                    Row(f"{edition}: octets of a page on the line", middle["octets"], "bytes",
                        note=f"largest {max(found['octets']):,.0f}"),
                    Row(f"{edition}: requests of a page", middle["asked"], "",
                        note=f"most {max(found['asked']):.0f}"),
                    Row(f"{edition}: first paint", middle["paint"], "ms"),
                    Row(f"{edition}: page switch, until all is there", middle["load"], "ms", most=2_000.0),
                    Row(f"{edition}: a key has moved the highlight after", middle["key"], "ms", most=100.0,
                        note=f"{moved} of {len(found['key'])} presses had somewhere to go"),
                ]  # fmt: skip
        await redis.aclose()
        server.stop()
    return rows


def _add(at: list[float], told: dict[str, float]) -> None:
    at[0] += told["encodedDataLength"]
    at[1] += 1
