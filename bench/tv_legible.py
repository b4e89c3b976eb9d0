"""How much of each page of the demo city a weak eye reads from the sofa: blurred, then read by tesseract.

The eye and the reader are those of the tests (tests/legible.py). Pages are taken in the order in which a
hash of their address falls, 60 of each edition or as many as BENCH_MINUTES (8) allow.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Iterator

from bench import Row
from bench._city import city
from bench.tv_pages import fairly
from remote_nav.profile import PROFILES
from tests.browser import SCREENS, chromium
from tests.legible import ENOUGH, read
from tests.rendered import look
from tests.site_graph import read as read_markup

EDITIONS = ("web-hd", "ipanel-sd", "web-hd.large", "ipanel-sd.large")
PAGES, QUICK_PAGES = 60, 6
MINUTES = 8.0
LEAST_CHARACTERS = 20
WORST = 3


def main(quick: bool) -> Iterator[Row]:
    """Read the pages."""
    pages = QUICK_PAGES if quick else PAGES
    seconds = 60 * float(os.environ.get("BENCH_MINUTES", MINUTES)) / len(EDITIONS)
    with city() as address:
        for edition in EDITIONS:
            yield from rows(edition, asyncio.run(readings(address, edition, pages, seconds)))


async def readings(address: str, edition: str, pages: int, seconds: float) -> list[tuple[float, int, str]]:
    """(share read right, characters, address) of so many pages, or of those that there is time for."""
    until = time.monotonic() + seconds
    width, height = SCREENS[PROFILES[edition.partition(".")[0]].size]
    root = f"/tv/{edition}/"
    todo, known = [root], {root}
    got: list[tuple[float, int, str]] = []
    async with chromium(whole=True) as browser:
        page = await browser.new_page(viewport={"width": width, "height": height})
        while todo and len(got) < pages and (time.monotonic() < until or not got):
            todo.sort(key=fairly, reverse=True)
            path = todo.pop()
            response = await page.goto(address + path)
            assert response is not None
            looked = await look(page)
            reading = await asyncio.to_thread(read, await page.screenshot(), looked)
            if reading.count >= LEAST_CHARACTERS:
                got.append((reading.share, reading.count, path))
            for link in read_markup(path, await response.body()).links.values():
                bare = link.partition("?")[0]
                if bare.startswith(root) and bare not in known and not _typed(bare.removeprefix(root)):
                    known.add(bare)
                    todo.append(bare)
    return got


def _typed(path: str) -> bool:
    """Whether an address holds more than two digits that somebody typed: there is no end of them."""
    found = re.match(r"(?:n|case)/(\d+)|s/.*\.d-(\d+)", path)
    return found is not None and len(found[1] or found[2]) > 2


def rows(edition: str, got: list[tuple[float, int, str]]) -> Iterator[Row]:
    """The figures of one edition."""
    characters = sum(count for _, count, _ in got)
    whole = sum(share * count for share, count, _ in got) / characters
    worst = ", ".join(f"{path} {share:.2f}" for share, _, path in sorted(got)[:WORST])
    enough = sum(share >= ENOUGH for share, _, _ in got)
    read_of = f"{len(got)} pages, {characters} characters"
    yield Row(f"{edition}: characters read right", whole, "", least=ENOUGH, note=read_of)
    yield Row(f"{edition}: pages with {ENOUGH:.0%} and more", enough / len(got), "", note=f"worst: {worst}")
