"""With script off, Chromium's own spatial navigation, which is not ours, reaches every item of every page."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.browser import SCREENS, chromium
from tests.stb_app.test_rendered import PATHS

pytestmark = pytest.mark.asyncio(loop_scope="module")
EDITIONS = ["web-hd", "ipanel-sd.large"]
ARROWS = ("ArrowDown", "ArrowRight", "ArrowLeft", "ArrowUp")
HERE = "[...document.querySelectorAll('a[href]')].indexOf(document.activeElement)"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium that moves the focus by itself, as boxes without our script do."""
    async with chromium("--enable-spatial-navigation") as started:
        yield started


async def reached(page: Page) -> tuple[set[int], int]:
    """Walk with arrow keys alone from where the page opens; which links had the focus, and how many there are.

    From each link every arrow is tried once. The walk goes back to a link by giving it the focus, which
    stands for the presses that have led there before.
    """
    links = page.locator("a[href]")
    count = await links.count()
    start: int = await page.evaluate(HERE)
    if start < 0:
        await page.keyboard.press("ArrowDown")  # XHTML knows no autofocus: the first press finds a first link
        start = await page.evaluate(HERE)
    seen, todo, there = {start}, [start], start
    while todo and len(seen) < count:
        link = todo.pop()
        for arrow in ARROWS:
            if there != link:
                await links.nth(link).focus()
            await page.keyboard.press(arrow)
            there = await page.evaluate(HERE)
            if there not in seen:
                seen.add(there)
                todo.append(there)
    return seen, count


@pytest.mark.parametrize("edition", EDITIONS)
async def test_the_boxs_own_navigation_reaches_every_link(
    browser: Browser, portal: str, edition: str
) -> None:
    """Every link of every page, and the page stays the one it was."""
    width, height = SCREENS[edition.partition(".")[0].rpartition("-")[2]]
    context = await browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=False
    )
    page = await context.new_page()
    faults: list[str] = []
    walked = 0
    for path in PATHS:
        address = f"{portal}/tv/{edition}/{path}"
        await page.goto(address)
        seen, count = await reached(page)
        walked += count
        missed = set(range(count)) - seen
        for link in sorted(missed):
            faults.append(
                f"{path}: no arrow leads to {await page.locator('a[href]').nth(link).inner_text()!r}"
            )
        assert page.url == address
    await context.close()
    assert walked > 4 * len(PATHS)
    assert not faults, "\n".join(faults)
