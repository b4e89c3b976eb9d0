"""Runs of the sync with their real surroundings: Redis, clock, network, report files."""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import PackageNotFoundError, version
from zoneinfo import ZoneInfo

from redis.asyncio import Redis
from redis.exceptions import RedisError

from content_sync import report as reports
from content_sync.fetch import Fetcher, Sleep
from content_sync.job import sync
from content_sync.lock import HOLD_SECONDS, SyncRunning
from content_sync.report import Report
from content_sync.run import Run, Say, allowed_hosts
from content_sync.site import SiteFile
from content_sync.state import State
from portal.errors import PortalError
from portal.installed import site_id
from portal.local_redis import LocalRedis, running_url
from portal.redis_client import connect
from portal.settings import Settings
from portal.writer import MirrorWriter

log = logging.getLogger(__name__)

COLLECTED = (20_000, 20, 50)
"""Thresholds of the garbage collector during a run, in place of 700, 10, 10."""


def program_version() -> str:
    """Our version, as the User-Agent gives it."""
    try:
        return version("sunshine")
    except PackageNotFoundError:
        return "0.1"


def quiet(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@asynccontextmanager
async def redis_of(settings: Settings) -> AsyncIterator[Redis]:
    """The Redis of the settings; where they name none, the private one, started if need be."""
    url, private = settings.redis_url, None
    if not url:
        folder = settings.data_dir / "redis"
        url = running_url(folder) or ""
        if not url:
            private = LocalRedis(folder)
            await asyncio.to_thread(private.start)
            url = private.url
    client = connect(url, site_id(settings.site))
    try:
        yield client
    finally:
        await client.aclose()
        if private is not None:
            await asyncio.to_thread(private.stop)


def make_run(
    site: SiteFile,
    redis: Redis,
    *,
    full: bool = False,
    all_due: bool = True,
    say: Say = quiet,
    clock: Callable[[], float] = time.time,
    chance: Callable[[], float] = random.random,
    sleep: Sleep = asyncio.sleep,
) -> Run:
    """One run over a site; `close` it when it is over."""
    state = State(redis, site.id)
    fetcher = Fetcher(
        site.fetch, allowed_hosts(site), state,
        version=program_version(), clock=clock, random=chance, sleep=sleep,
    )  # fmt: skip
    return Run(
        site=site,
        ids=site.identities,
        state=state,
        writer=MirrorWriter(redis, site.id),
        fetcher=fetcher,
        report=Report(site=site.id, started=clock()),
        clock=clock,
        random=chance,
        say=say,
        zone=ZoneInfo(site.time_zone),
        full=full,
        all_due=all_due,
    )


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let the garbage collector pass seldom: a run's many records live to its end, and looking at them
    again and again would take a tenth of its time."""
    before = gc.get_threshold()
    gc.set_threshold(*COLLECTED)
    try:
        yield
    finally:
        gc.set_threshold(*before)


async def one_pass(run: Run, wait: float = HOLD_SECONDS + 5) -> Report:
    """One sync with its report, whatever happens; what was published before an error stands."""
    try:
        with seldom_collected():
            await sync(run, wait)
    except SyncRunning as error:
        return run.end(str(error))
    except (PortalError, RedisError) as error:
        finished = run.end(str(error))
    except Exception as error:
        # A job that runs for years outlives a fault of its own: the next run starts afresh.
        log.exception("the sync of %s failed", run.site.id)
        finished = run.end(f"a fault of ours: {type(error).__name__}: {error}")
    else:
        finished = run.end()
    finally:
        run.close()
    try:
        await run.state.keep_report(reports.as_json(finished))
    except RedisError as error:
        log.warning("the report could not be kept in Redis: %s", error)
    return finished


async def repeat(
    site: SiteFile, redis: Redis, every: float, stop: asyncio.Event, told: Callable[[Report], None], say: Say
) -> None:
    """Sync on schedule until `stop`; a pass that fails is told like the others."""
    first = True
    while not stop.is_set():
        # The first pass looks at every column: the file may have changed while nobody ran.
        run = make_run(site, redis, all_due=first, say=say)
        working = asyncio.create_task(one_pass(run))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            # What is written ahead is published by the next run.
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            stopping.cancel()
            return
        told(working.result())
        first = False
        try:
            await asyncio.wait_for(stopping, every)
        except TimeoutError:
            continue
