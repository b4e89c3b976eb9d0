"""Real remotes before the real pages: whatever keys a remote lacks, every page is reached and left with it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from redis.asyncio import Redis
from tornado.httpclient import AsyncHTTPClient

from portal.local_redis import LocalRedis
from portal.model import Matter
from remote_nav.keymap import SIX_KEYS, Action
from remote_nav.presses import costs, prisons, site_of, summary
from tests import sample
from tests.browser import serving
from tests.remotes import STEERING
from tests.site_graph import SiteGraph

pytestmark = pytest.mark.asyncio(loop_scope="module")
EDITIONS = ["web-hd", "ipanel-sd.en.large"]
"""The widest screen, and the narrowest with the largest letters and the longest words."""
TYPED = ("5", "59", "4", "41", "411")
"""驾照 and the number of the column: the number box is followed for these."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def graphs(redis_server: LocalRedis) -> AsyncIterator[dict[str, SiteGraph]]:
    """Every page of the sample portal, in each edition; each one answers 200 and is proved."""
    redis = Redis.from_url(redis_server.url)
    await redis.flushall()
    await sample.publish(redis)
    client = AsyncHTTPClient()
    async with serving(redis_server.url, sample.SITE_ID) as (portal, _):

        async def fetch(address: str) -> bytes:
            return (await client.fetch(portal + address)).body

        made = {edition: SiteGraph(edition, fetch, TYPED) for edition in EDITIONS}
        for graph in made.values():
            await graph.crawl()
        yield made
    await redis.aclose()


@pytest.mark.parametrize("edition", EDITIONS)
async def test_every_item_is_a_page_of_the_graph(graphs: dict[str, SiteGraph], edition: str) -> None:
    """The crawl has found what is published, and each item's code for the phone and unit: the journeys
    below are journeys to everything, and no button stands on no screen."""
    found = set(graphs[edition].shown)
    parts = [page.split("/") for page in found]
    for item in sample.items():
        own = [each for each in parts if item.id in each]
        assert any(each[-1] == "q" for each in own), f"{item.id} has no code for the phone"
        if isinstance(item, Matter):
            assert any(item.unit_id in each for each in own), f"{item.id} has no way to its unit"
    assert {f"/tv/{edition}/{path}" for path in ("", "help", "n", "n/59", "c/300", "c/310/2")} <= found


@pytest.mark.parametrize("edition", EDITIONS)
async def test_every_page_is_reached_and_left_with_every_remote(
    graphs: dict[str, SiteGraph], edition: str
) -> None:
    """From home to each page and home again, with the keys that the remote has and no other."""
    graph = graphs[edition]
    pages = graph.pages()
    site = site_of(list(pages.values()))
    assert len(STEERING) >= 80, "Debian's package ir-keytable is missing: scripts/setup test installs it"
    faults: list[str] = []
    for actions in sorted(set(STEERING.values()), key=sorted):
        route = costs(site, graph.home, actions)
        lost = sorted(set(pages) - set(route.costs))
        stuck = prisons(site, graph.home, actions)
        lacking = sorted(SIX_KEYS - actions)
        faults += [f"without {lacking}: no way to {page}" for page in lost]
        faults += [f"without {lacking}: no way out of {page}" for page in stuck]
    assert not faults, "\n".join(faults[:12])


async def test_what_the_pages_cost(graphs: dict[str, SiteGraph]) -> None:
    """Digits shorten; five keys, without Back, still lead everywhere."""
    graph = graphs["web-hd"]
    site = site_of(list(graph.pages().values()))
    digits = SIX_KEYS | {Action(str(digit)) for digit in range(10)}
    six = summary(costs(site, graph.home))
    assert summary(costs(site, graph.home, digits)).mean < six.mean
    assert summary(costs(site, graph.home, SIX_KEYS - {Action.BACK})).count == six.count
