"""How many presses from home to anything on the television, in the demo city, read from the pages themselves.

A remote with six keys (arrows, OK, Back), and one with digits too. A page turned costs its press like any
other; the goal for deep items allows one press more for each. The number box is followed for every run of
one or two digits, and for the number of every column.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from itertools import product

from tornado.httpclient import AsyncHTTPClient

from bench import Row
from bench._city import city
from remote_nav.keymap import DIGITS, SIX_KEYS
from remote_nav.presses import Route, Summary, costs, site_of, summary
from tests.site_graph import SiteGraph

EDITIONS = ("web-hd", "ipanel-sd")
_MOST_WANTED = re.compile(r"/m/\d+$")
"""The pages of what people have opened most: on a fresh city what its editors say that people want."""

WANTED = 50
TODAY = "今天"
WITH_DIGITS = SIX_KEYS | frozenset(DIGITS)
NEAR_SIX, NEAR_DIGITS, DEEP_SIX = 8, 3, 12
_ITEM = re.compile(r"(?:h|n/\d+|c/\d+/\d+|m/\d+|w/[^/]+/\d+|s/[^/]+/\d+|case/\d+)/([^/]+)")
LETTERS_PATH = "l"
_COLUMN = re.compile(r"c/(\d+)$")
TYPED = frozenset("".join(run) for length in (1, 2) for run in product("0123456789", repeat=length))


def main(quick: bool) -> Iterator[Row]:
    """Crawl and count; `quick` takes one edition."""
    today: set[str] = set()
    with city() as address:
        for edition in EDITIONS[:1] if quick else EDITIONS:
            graph, wanted, dated = asyncio.run(crawled(address, edition))
            if not today:
                # The first edition has room for dates beside its titles; the items are those of all.
                today = dated
                yield Row("articles of today in the demo city", len(today), "", least=1)
                yield Row("most wanted matters in the demo city", len(wanted), "", least=1)
            yield from rows(edition, graph, wanted, today)


def item_of(path: str) -> str:
    """The item of an address below the edition, whatever list or screen it is in; LETTERS for the citizens'
    letters, "" where there is none."""
    if path == LETTERS_PATH:
        return LETTERS
    found = _ITEM.match(path)
    return found[1] if found else ""


FOLLOWED = frozenset(("", "c", "h", "m", "n", "w", "help", "lang"))
"""First parts of the addresses that are followed. Words lead everywhere in as many presses as they have
syllables, and letters and cases are typed: the lists have to do without them."""

LETTERS = "letters"


def _aside(path: str) -> bool:
    return path.partition("/")[0] not in FOLLOWED and path != LETTERS_PATH


async def crawled(address: str, edition: str) -> tuple[SiteGraph, list[str], set[str]]:
    """The graph, the most wanted matters in their order, and the items of today."""
    client = AsyncHTTPClient()

    async def fetch(path: str) -> bytes:
        return (await client.fetch(address + path, request_timeout=60)).body

    columns = await _numbers(edition, fetch)
    prefixes = {number[:length] for number in columns for length in range(1, len(number) + 1)}
    graph = SiteGraph(edition, fetch, TYPED | prefixes, item_of, skip=_aside)
    await graph.crawl()
    wanted: list[str] = []
    today: set[str] = set()
    for name in sorted(graph.shown, key=_in_order):
        shown = graph.shown[name]
        for box in graph.leaves.intersection(shown.links):
            if TODAY in shown.says[box].replace(" ", ""):
                today.add(box)
        if _MOST_WANTED.search(name):
            wanted += [box for box in shown.links if box in graph.leaves and box not in wanted]
    return graph, wanted[:WANTED], today


async def _numbers(edition: str, fetch: object) -> set[str]:
    """The numbers of all columns, by walking the groups alone."""
    assert callable(fetch)
    found: set[str] = set()
    lists = SiteGraph(
        edition, fetch, (), lambda path: item_of(path) or ("n" if path.startswith("n") else ""),
        skip=lambda path: not path.startswith(("c/", "n")) and path != "",
    )  # fmt: skip
    await lists.crawl()
    for shown in lists.shown.values():
        for to in shown.links.values():
            found |= set(_COLUMN.findall(to))
    return found


def _in_order(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("/") if part.isdigit())


def rows(edition: str, graph: SiteGraph, wanted: list[str], today: set[str]) -> Iterator[Row]:
    """The figures of one edition."""
    site = site_of(list(graph.pages().values()))
    six, digits = costs(site, graph.home), costs(site, graph.home, WITH_DIGITS)
    lost = graph.leaves - set(six.costs)
    yield Row(f"{edition}: items that cannot be reached with six keys", len(lost), "", most=0)
    for label, route, near in (("six keys", six, NEAR_SIX), ("digits", digits, NEAR_DIGITS)):
        for what, items in (
            ("articles of today", today),
            (f"the {len(wanted)} most wanted matters", set(wanted)),
            ("the letters page", {LETTERS}),
        ):
            figures = summary(route, items)
            within = sum(route.costs[item].presses <= near for item in items)
            yield Row(
                f"{edition}, {label}: {what}, worst", figures.most, "presses", most=near,
                note=f"{within} of {len(items)} within {near}; mean {figures.mean:.1f}",
            )  # fmt: skip
        yield from _all(f"{edition}, {label}: every item", route, graph.leaves - lost)
    near = costs(site, graph.home, turns_free=True)
    over = {item: cost.presses - cost.turns for item, cost in near.costs.items() if item in graph.leaves}
    dear = sorted(over, key=lambda item: -over[item])
    within = sum(value <= DEEP_SIX for value in over.values())
    keys = " ".join(_short(near, dear[0]))
    yield Row(
        f"{edition}, six keys: every item, worst less its page turns",
        over[dear[0]],
        "presses",
        most=DEEP_SIX,
        note=f"{within} of {len(over)} within {DEEP_SIX}; keys: {keys}",
    )


def _all(label: str, route: Route, items: set[str]) -> Iterator[Row]:
    figures: Summary = summary(route, items, worst=3)
    worst = ", ".join(f"{page} {cost.presses}" for page, cost in figures.worst)
    yield Row(f"{label}, mean", figures.mean, "presses", note=f"{figures.count} items")
    yield Row(f"{label}, 95th percentile", figures.p95, "presses")
    yield Row(f"{label}, worst", figures.most, "presses", note=worst)


def _short(route: Route, item: str) -> list[str]:
    """The keys to an item, runs of one key as a count."""
    runs: list[list[str]] = []
    for key in route.keys(item):
        if runs and runs[-1][0] == key.value:
            runs[-1].append(key.value)
        else:
            runs.append([key.value])
    return [run[0] + (f"x{len(run)}" if len(run) > 1 else "") for run in runs]
