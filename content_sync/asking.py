"""Asking the origin how one case stands, at the address that the site file names.

With the manners of the sync: the same hosts, robots.txt, size and pace; tried once, because somebody waits.
What comes back is read like the pages of results, and masked like them.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from dataclasses import replace

from content_sync import check
from content_sync.charset import decode
from content_sync.check import Judgement
from content_sync.extract import extract
from content_sync.extract.cases import as_case, with_pairs
from content_sync.extract.page import Extracted
from content_sync.fetch import Fetcher, Got
from content_sync.robots import Shelf
from content_sync.run import allowed_hosts
from content_sync.service import program_version
from content_sync.site import SiteFile
from portal.cases import Ask, OriginAway, digits_of
from portal.errors import PortalError
from portal.model import Case

log = logging.getLogger("sunshine.cases")

LONGEST_WAIT = 8.0
"""Seconds for one answer: who waits longer believes that nothing happens."""

LARGEST = 500_000
"""Octets of an answer about one case."""


def asking(site: SiteFile, shelf: Shelf) -> Ask:
    """What asks this site's origin. `shelf` is where robots.txt files are kept."""
    limits = replace(
        site.fetch,
        tries=1,
        timeout=min(site.fetch.timeout, LONGEST_WAIT),
        max_bytes=min(site.fetch.max_bytes, LARGEST),
    )
    slots = asyncio.Semaphore(site.fetch.concurrency)
    next_start = 0.0

    async def paced(fetcher: Fetcher, address: str) -> Got:
        nonlocal next_start
        async with slots:
            now = time.monotonic()
            start = max(now, next_start)
            next_start = start + limits.delay
            await asyncio.sleep(start - now)
            return await fetcher.get(address)

    async def ask(number: str, code: str) -> Case | None:
        # A Fetcher of its own: that one answer failed says nothing of the next.
        fetcher = Fetcher(
            limits, allowed_hosts(site), shelf, version=program_version(), clock=time.time,
            random=random.random,
        )  # fmt: skip
        address = site.asking.query.replace("{number}", number).replace("{code}", code)
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                got = await paced(fetcher, address)
            return await asyncio.to_thread(read, got, number, site.home)
        except (PortalError, TimeoutError) as error:
            # Neither number nor code goes into a log: errors of the fetcher name hosts alone.
            log.warning("a case could not be asked for: %s", type(error).__name__)
            raise OriginAway("the origin does not answer questions about cases now") from error
        finally:
            fetcher.close()

    return ask


def read(got: Got, number: str, home: str) -> Case | None:
    """The case of an answer, None where it tells of no such case.

    number  its digits: an answer about another case is none
    raises  OriginAway where the answer is no page
    """
    if got.status in (404, 410):
        return None
    if not check.judge_status(got.status).good or not check.judge_markup(got.body, False).good:
        raise OriginAway(f"the origin answers {got.status}")
    try:
        page: Extracted = extract(got.body, got.url, got.content_type, "fact")
        page = with_pairs(page, decode(got.body, got.content_type).text)
    except PortalError as error:
        raise OriginAway(str(error)) from error
    wall = check.judge_wall(got.body, page, got.url, got.url, home)
    if wall.judgement is Judgement.ABSENT:
        return None
    if not wall.good:
        raise OriginAway("the origin answers with a wall")
    case = as_case(page, f"case-{number}", (), got.url)
    if digits_of(case.case_no) != number or not (case.state or case.result):
        return None
    # The address holds the code; the page's own title says nothing of the case.
    return replace(case, url=home, title=case.matter or case.case_no)
