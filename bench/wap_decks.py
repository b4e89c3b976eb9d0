"""How small compiled decks get and how long that takes, against Kannel's compiler on the same decks.

The decks are those that the phone edition serves of the sample portal of the tests, and lists of 40, 400 and
4,000 links. Both results of a deck are read by wbxml2xml, and have to say the same. Kannel's compiler is
wml_tester (Debian package kannel-extras), the reader is in libwbxml2-utils.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from redis.asyncio import Redis

from bench import Row
from portal.local_redis import LocalRedis
from tests import sample
from tests.wap.conftest import context_over, crawl
from wap.wbxml import compile_xml

KANNEL = "/usr/lib/kannel/test/wml_tester"
READER = "wbxml2xml"
PHONES = {
    "WML 1.1 phone": {"User-Agent": "Nokia7110/1.0 (04.84)", "Accept": "text/vnd.wap.wml"},
    "WML 1.3 phone": {"User-Agent": "Nokia3510i/1.0 (04.01)", "Accept": "text/vnd.wap.wml"},
}
LISTS = (40, 400, 4_000)
MOST_DECKS = 40
"""Decks of each phone."""


@dataclass(frozen=True)
class Measured:
    """One deck: octets and seconds of either compiler, and whether a third program reads the same in both."""

    ours: int
    ours_s: float
    kannel: int
    kannel_s: float
    same: bool


def link_list(count: int) -> str:
    """A menu of so many links, as portals of the time had them."""
    links = "".join(
        f'<a href="http://wap.city.example/news/list.wml?id={number}">News item number {number}</a><br/>'
        for number in range(count)
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE wml PUBLIC "-//WAPFORUM//DTD WML 1.1//EN" '
        '"http://www.wapforum.org/DTD/wml_1.1.xml">'
        f'<wml><card id="m" title="Menu"><p>{links}</p></card></wml>'
    )


async def own_decks(most: int) -> dict[str, list[str]]:
    """Decks of the sample portal as WML text, by phone."""
    with tempfile.TemporaryDirectory() as folder:
        server = LocalRedis(Path(folder))
        server.start()
        redis = Redis.from_url(server.url)
        try:
            await sample.publish(redis)
            context = context_over(redis)
            found = {}
            for name, phone in PHONES.items():
                pages = await crawl(context, phone, most=most)
                found[name] = [page.body.decode() for page in pages]
            return found
        finally:
            await redis.aclose()
            server.stop()


def measure(deck: str, folder: Path) -> Measured:
    """Compile one deck with both, and let wbxml2xml read the results."""
    source = folder / "deck.wml"
    source.write_text(deck, encoding="utf-8")
    started = time.process_time()
    ours = compile_xml(deck)
    ours_s = time.process_time() - started
    started = time.perf_counter()
    command = [KANNEL, "-b", str(source)]
    kannel = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603 - named in this file
    kannel_s = time.perf_counter() - started
    same = read(ours, folder) == read(kannel, folder)
    return Measured(len(ours), ours_s, len(kannel), kannel_s, same)


def read(octets: bytes, folder: Path) -> bytes:
    """What libwbxml reads in a compiled deck, in canonical form; spaces count as none."""
    file = folder / "deck.wmlc"
    file.write_bytes(octets)
    command = [READER, "-m", "0", "-o", "-", str(file)]
    xml = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603 - named in this file
    root = etree.fromstring(xml, etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False))
    return b"".join(etree.tostring(root, method="c14n").split())


def main(quick: bool) -> Iterator[Row]:
    """Sizes, times and differences."""
    count = 8 if quick else MOST_DECKS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for phone, decks in asyncio.run(own_decks(count)).items():
            yield from _rows(f"{len(decks)} decks of a {phone}", [measure(deck, folder) for deck in decks])
        for links in LISTS[:-1] if quick else LISTS:
            yield from _rows(f"{links} links", [measure(link_list(links), folder)])


def _rows(name: str, found: list[Measured]) -> Iterator[Row]:
    ours, kannel = sum(each.ours for each in found), sum(each.kannel for each in found)
    most = 0.6 if name == "40 links" else 1.0
    yield Row(f"{name}: octets, ours to Kannel's", ours / kannel, "", most, note=f"{ours:,} to {kannel:,}")
    differ = sum(not each.same or each.ours > each.kannel for each in found)
    yield Row(f"{name}: larger, or read otherwise by libwbxml", differ, "decks", 0)
    ours_ms = statistics.median(each.ours_s for each in found) * 1e3
    kannel_ms = statistics.median(each.kannel_s for each in found) * 1e3
    limit = 200.0 if name == "4000 links" else None
    note = f"Kannel {kannel_ms:,.0f} ms with the start of its process"
    yield Row(f"{name}: median time of a deck", ours_ms, "ms", limit, note=note)
