"""The main job: one command mirrors the demo city and serves it, and a viewer reads it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from lxml import html
from playwright.async_api import Browser

from portal.local_redis import running_url
from portal.settings import PROJECT
from remote_nav.keymap import KEY_MAPS, Action
from tests.browser import Viewer, chromium, viewer

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(400)]
READY = "Ctrl-C stops."
ENTRIES = "a.row,a.tile"
"""What stands on a list page, one below the other or side by side."""


@dataclass
class Installation:
    """A running `server.py --all` with a folder of its own."""

    folder: Path
    port: int
    process: subprocess.Popen[str] | None = None
    took: float = 0.0

    @property
    def base(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> str:
        """Start it; what it printed until it was ready."""
        started = time.monotonic()
        environment = {
            **os.environ,
            "PORT": str(self.port),
            "DATA_DIR": str(self.folder),
            "WSP_PORTS": "",
            "SYNC_EVERY": "3600",
        }
        environment.pop("REDIS_URL", None)
        self.process = subprocess.Popen(
            [sys.executable, "server.py", "--all"], cwd=PROJECT, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if READY in line:
                break
        self.took = time.monotonic() - started
        return said

    def stop(self) -> str:
        """Press Ctrl-C; the rest of what it printed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=30)
        return rest


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demo city, mirrored and served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    installation = Installation(tmp_path_factory.mktemp("city"), port)
    said = installation.start()
    assert READY in said, said
    yield installation
    if installation.process is not None and installation.process.poll() is None:
        installation.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium."""
    async with chromium() as started:
        yield started


async def sitting(browser: Browser, city: Installation, profile: str) -> Viewer:
    """A viewer at the home page."""
    keys = KEY_MAPS[profile]
    codes = {action.value: code for action in Action if (code := keys.code(action)) is not None}
    someone = await viewer(browser, profile.rpartition("-")[2], codes)
    await someone.open(f"{city.base}/tv/{profile}/")
    return someone


async def down_to_an_item(tv: Viewer, section: str) -> list[str]:
    """Open a section and always its first row, until there is a document; what was opened."""
    opened = [section]
    await tv.choose(section)
    while await tv.page.locator(ENTRIES).count():
        first = await tv.page.locator(ENTRIES).first.get_attribute("id") or ""
        opened.append(first)
        await tv.choose(first)
    return opened


@pytest.mark.parametrize("profile", ["web-hd", "ipanel-sd"])
async def test_the_city_with_arrows(browser: Browser, city: Installation, profile: str) -> None:
    """Each section down to its first document and all the way back, the focus restored at each step."""
    tv = await sitting(browser, city, profile)
    sections = await tv.page.eval_on_selector_all("a.tile", "tiles => tiles.map(tile => tile.id)")
    assert len(sections) == 4
    for section in sections:
        opened = await down_to_an_item(tv, section)
        assert len(opened) >= 3 and len(await tv.text()) > 40
        for step in reversed(opened):
            await tv.press("back")
            assert await tv.focus() == step
    await tv.page.context.close()


@pytest.mark.parametrize("profile", ["web-hd", "ipanel-sd"])
async def test_the_city_with_digits(browser: Browser, city: Installation, profile: str) -> None:
    """The same with digits: 1 to 4 on the home page, 1 below, 8 back where nothing else has it."""
    tv = await sitting(browser, city, profile)
    for section in "1234":
        depth = 1
        await tv.press(section)
        while await tv.page.locator(ENTRIES).count():
            await tv.press("1")
            depth += 1
        for _ in range(depth):
            # Where eight things stand side by side, 8 opens the last of them.
            await tv.press("8" if await tv.page.evaluate("P.g['8'] === P.g.back") else "back")
        assert await tv.page.locator("a.tile").count() == 4
    await tv.page.context.close()


async def test_an_everyday_name_is_found_and_shown(browser: Browser, city: Installation) -> None:
    """0 5 9 is 驾照: the first match names it."""
    tv = await sitting(browser, city, "web-hd")
    for key in ("0", "5", "9", "ok"):
        await tv.press(key)
    assert "驾照" in await tv.text()
    assert "要带什么" in await _all_screens(tv)
    await tv.page.context.close()


async def _all_screens(tv: Viewer) -> str:
    said = await tv.text()
    while await tv.focus() == "next":
        await tv.press("down")
        said += await tv.text()
    return said


async def test_the_city_on_a_phone(city: Installation) -> None:
    """The same four sections as WML and as XHTML, each down to a document and back to the menu."""
    for accept, mime in (
        ("text/vnd.wap.wml", "text/vnd.wap.wml"),
        ("application/vnd.wap.xhtml+xml", "application/vnd.wap.xhtml+xml"),
        ("text/html", "text/html"),
    ):
        request = urllib.request.Request(
            f"{city.base}/wap/", headers={"Accept": accept, "User-Agent": "Phone/1.0"}
        )
        with urllib.request.urlopen(request) as answer:
            assert answer.headers["Content-Type"].startswith(mime)
            page = html.fromstring(answer.read())
        assert len(page.xpath("//a[contains(@href, '/wap/c/')]")) >= 4


async def test_health(city: Installation) -> None:
    """The operator's machine sees a served, fresh mirror."""
    with urllib.request.urlopen(f"{city.base}/healthz") as answer:
        assert b'"status": "ok"' in answer.read()


async def test_ctrl_c_stops_everything_and_the_second_start_is_quick(city: Installation) -> None:
    """Nothing is left running, and with yesterday's content there is nothing to wait for."""
    rest = city.stop()
    assert city.process is not None and city.process.returncode == 0, rest
    assert "Traceback" not in rest
    assert running_url(city.folder / "redis") is None
    first = city.took
    said = city.start()
    assert READY in said
    assert city.took < max(8.0, first)
    assert re.search(r"\d+ items in \d+ columns", said)


async def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    """The message says which port, and how to choose another."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "server.py", "--all"], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=60,
            env={**os.environ, "PORT": str(port), "DATA_DIR": str(tmp_path)},
        )  # fmt: skip
    assert done.returncode == 1
    assert f"port {port}" in done.stderr and "PORT=" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
async def test_a_host_that_is_not_here_is_named(tmp_path: Path, host: str) -> None:
    """Another port would not help: none is proposed."""
    done = subprocess.run(
        [sys.executable, "server.py", "--all"], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "HOST": host, "DATA_DIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert f"HOST={host}" in done.stderr and "PORT=" not in done.stderr and "Traceback" not in done.stderr
