"""The command `probe`: look at a portal, and write a first site file for it."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from pathlib import Path

from content_sync import probe
from content_sync import site as sites
from content_sync.charset import decode
from content_sync.commands_run import EXIT_NOT_WELL, EXIT_WELL, EXIT_WRONG_USE
from content_sync.extract import extract
from content_sync.extract.page import Extracted
from content_sync.fetch import Fetcher, Got
from content_sync.identity import BadAddress, clean, for_site
from content_sync.progress import Progress
from content_sync.robots import RobotsFile
from content_sync.service import program_version
from content_sync.site import Fetching
from portal.errors import PortalError

GUESSES = ("sitemap.xml", "sitemap_index.xml", "rss.xml")


class Shelf:
    """robots.txt files for as long as the command runs."""

    def __init__(self) -> None:
        self._files: dict[str, RobotsFile] = {}

    async def robots(self, origin: str) -> RobotsFile | None:
        """The file of an origin."""
        return self._files.get(origin)

    async def keep_robots(self, origin: str, file: RobotsFile) -> None:
        """Keep it."""
        self._files[origin] = file


def run_probe(argv: list[str]) -> int:
    """`probe URL [-o FILE] [--most N] [--delay S] [--allow-private]`."""
    parser = argparse.ArgumentParser(
        prog="python -m content_sync probe",
        description="Looks at a portal's home page and its columns, and proposes a site file for it.",
    )
    parser.add_argument("url", help="the portal's home page")
    parser.add_argument("-o", "--out", type=Path, help="file to write (default: print it)")
    parser.add_argument("--most", type=int, default=60, help="pages to look at, at most (60)")
    parser.add_argument("--delay", type=float, default=1.0, help="seconds between two requests (1.0)")
    parser.add_argument("--contact", default="", help="mail address for the User-Agent")
    parser.add_argument("--allow-private", action="store_true", help="the portal stands in a private network")
    options = parser.parse_args(argv)
    try:
        home = clean(options.url if "://" in options.url else f"http://{options.url}")
    except BadAddress as error:
        print(error, file=sys.stderr)
        return EXIT_WRONG_USE
    try:
        text = asyncio.run(_probe(home, options))
    except PortalError as error:
        print(error, file=sys.stderr)
        return EXIT_NOT_WELL
    if options.out:
        options.out.write_text(text, encoding="utf-8")
        print(f"{options.out} written: read it before you use it", file=sys.stderr)
    else:
        print(text, end="")
    return EXIT_WELL


async def _probe(home: str, options: argparse.Namespace) -> str:
    ids = for_site(home)
    limits = Fetching(
        contact=options.contact,
        allow_private=options.allow_private,
        delay=options.delay,
        concurrency=1,
        tries=2,
    )
    progress = Progress(sys.stderr)
    fetcher = Fetcher(
        limits, ids.is_home, Shelf(), version=program_version(), clock=time.time, random=random.random
    )
    try:
        first = await fetcher.get(home)
        if first.status != 200:
            raise PortalError(f"{home} answers {first.status}: there is nothing to look at")
        markup = decode(first.body, first.content_type).text
        hosts = frozenset(host.partition(":")[0] for host in ids.hosts)
        asked = probe.promising(probe.candidates(markup, first.url, hosts))[: options.most]
        proposals, markups = [], [markup]
        for done, candidate in enumerate(asked, 1):
            progress.say("columns", done, len(asked))
            got = await _get(fetcher, candidate.url)
            if got is None:
                continue
            text = decode(got.body, got.content_type).text
            markups.append(text)
            if (page := _read(got, "list")) is None:
                continue
            sample = "" if probe.section_of(candidate.name) else await _sample(fetcher, page)
            if proposal := probe.judge(candidate, page, text, sample):
                proposals.append(proposal)
        also = {"Sitemap": list(await fetcher.robots.sitemaps(home))}
        for guess in GUESSES:
            url = clean(guess, first.url)
            got = await _get(fetcher, url)
            listed = also.setdefault("Feed" if "rss" in guess else "Sitemap", [])
            if got is not None and url not in listed and b"<html" not in got.body[:2000].lower():
                listed.append(url)
    finally:
        progress.clear()
        fetcher.close()
    if not proposals:
        raise PortalError(
            f"no column was found among {len(asked)} links of {home}: write the site file by hand"
        )
    system = probe.system_of(markups, [candidate.url for candidate in asked])
    draft = probe.site_file(
        first.url, probe.name_of(markup), proposals,
        system=system, also=also, private=options.allow_private,
    )  # fmt: skip
    sites.parse(draft)
    return draft


async def _sample(fetcher: Fetcher, page: Extracted) -> str:
    """What the first entry of a list that can be read is."""
    for link in page.items[:2]:
        got = await _get(fetcher, link.url) if link.url else None
        if got is not None and (read := _read(got, "")) is not None:
            return read.kind
    return ""


def _read(got: Got, hint: str) -> Extracted | None:
    try:
        return extract(got.body, got.url, got.content_type, hint)
    except PortalError:
        return None


async def _get(fetcher: Fetcher, url: str) -> Got | None:
    try:
        got = await fetcher.get(url)
    except PortalError:
        return None
    return got if got.status == 200 else None
