"""A real Chromium and a real server, for the tests that look at pages as a viewer does."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, Error, Page, async_playwright
from redis.asyncio import Redis
from tornado.netutil import bind_sockets

import server
from portal import settings
from portal.http.base import Context
from portal.http.connection import CuttingServer
from portal.letters.service import Letters
from portal.search.finding import Finding
from portal.store import Mirror
from remote_nav.repeat import HELD

NOW = datetime(2026, 11, 22, 19, 42, tzinfo=ZoneInfo("Asia/Shanghai"))
SCREENS = {"sd": (640, 530), "hd": (1280, 720), "fhd": (1920, 1080)}
SETTLE_MS = 130
"""Within this time after a press a page has begun to change, if it will."""

ECHO_MS = HELD * 1000 + 20
"""After this time the same key, or the key that opened a page, is a press of its own."""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


@asynccontextmanager
async def serving(
    redis_url: str, site_id: str, *, indexed: bool = False, letters: Letters | None = None, **changes: Any
) -> AsyncIterator[tuple[str, Context]]:
    """The whole server over one site's mirror, on a free port, at a fixed time; a page whose moves are
    not proved is an error. `changes` are settings other than the defaults; `indexed` keeps an article
    index up, in `data_dir` or a folder of its own."""
    async with AsyncExitStack() as stack:
        redis = Redis.from_url(redis_url)
        stack.push_async_callback(redis.aclose)
        mirror = Mirror(redis, site_id)
        chosen = replace(settings.load({}), **changes)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = changes.get("data_dir", folder) / "index"
        finding = Finding(redis, mirror, folder, redis_url if indexed else "", NOW.date)
        stack.push_async_callback(finding.stop)
        if indexed:
            await finding.start()
        context = Context(mirror, chosen, lambda: NOW, finding, strict=True, letters=letters)
        http = CuttingServer(server.make_app(context), **server.LIMITS)
        sockets = bind_sockets(0, "127.0.0.1")
        http.add_sockets(sockets)
        stack.push_async_callback(http.close_all_connections)
        stack.callback(http.stop)
        yield f"http://127.0.0.1:{sockets[0].getsockname()[1]}", context


@asynccontextmanager
async def chromium(*flags: str, whole: bool = False) -> AsyncIterator[Browser]:
    """Debian's Chromium, without a window: its headless shell, or the `whole` program, which lays out and
    scripts pages with the same engine, but makes the unseen frame of a window for each viewer (0.4 s)."""
    path = (None if whole else shutil.which("chromium-headless-shell")) or shutil.which("chromium")
    assert path, "chromium is missing: scripts/setup test installs it"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Viewer:
    """Somebody with a remote control: presses keys, and looks where the highlight is."""

    page: Page
    codes: dict[str, int]
    last: str = ""
    pause: float = 0.0

    async def open(self, address: str) -> None:
        """Go to an address."""
        await self.page.goto(address, wait_until="load")

    async def press(self, action: str) -> None:
        """Press a key of the box: its own code, as a real key event; wait for a page if one comes."""
        before = await self.state()
        if action == self.last:
            # Faster than a finger, the same key again is the echo of the press before.
            await self.page.wait_for_timeout(self.pause)
        self.last = action
        code = self.codes[action]
        session = await self.page.context.new_cdp_session(self.page)
        await session.send(
            "Input.dispatchKeyEvent",
            {"type": "rawKeyDown", "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code},
        )
        await session.send(
            "Input.dispatchKeyEvent",
            {"type": "keyUp", "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code},
        )
        await session.detach()
        await self.page.wait_for_timeout(SETTLE_MS)
        leaving = await self._leaving(before)
        if leaving:
            await self.page.wait_for_load_state("load")
        self.pause = ECHO_MS if leaving else ECHO_MS - SETTLE_MS

    async def _leaving(self, before: tuple[str, str]) -> bool:
        return before[0] != self.page.url

    async def state(self) -> tuple[str, str]:
        """The address, and the id of what is highlighted; there is exactly one."""
        marked = "[...document.querySelectorAll('.on')].map(e => e.id)"
        await self.page.wait_for_load_state("load")
        try:
            focused = await self.page.evaluate(marked)
        except Error:
            # The page was just leaving: the one that comes is asked.
            await self.page.wait_for_load_state("load")
            focused = await self.page.evaluate(marked)
        assert len(focused) == 1, f"{self.page.url}: highlighted are {focused}"
        return self.page.url, focused[0]

    async def focus(self) -> str:
        """The id of what is highlighted."""
        return (await self.state())[1]

    async def steer(self, target: str) -> int:
        """Walk to a target with the arrow keys, by the page's own table; the number of presses."""
        table: dict[str, dict[str, str]] = await self.page.evaluate("P.m")
        start = await self.focus()
        paths: dict[str, list[str]] = {start: []}
        queue = [start]
        for here in queue:
            for key in ("up", "down", "left", "right"):
                there = table[here].get(key, "")
                if there and not there.startswith("/") and there not in paths:
                    paths[there] = [*paths[here], key]
                    queue.append(there)
        assert target in paths, f"{self.page.url}: no way from {start} to {target}"
        for key in paths[target]:
            await self.press(key)
        assert await self.focus() == target
        return len(paths[target])

    async def choose(self, target: str) -> None:
        """Walk to a target and open it."""
        await self.steer(target)
        await self.press("ok")

    async def text(self) -> str:
        """What the page says."""
        return str(await self.page.inner_text(".tv"))


async def viewer(browser: Browser, size: str, codes: dict[str, int], **options: Any) -> Viewer:
    """A viewer before a screen of that size."""
    width, height = SCREENS[size]
    context = await browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", **options
    )
    return Viewer(await context.new_page(), codes)
