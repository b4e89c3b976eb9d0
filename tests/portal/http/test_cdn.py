"""What a CDN is told, and the log of what was answered."""

from __future__ import annotations

import re

from redis.asyncio import Redis

from portal.http.accesslog import AccessLog
from portal.local_redis import LocalRedis
from tests import sample
from tests.laned import both, undated

ITEM = "/tv/web-hd/c/310/1/news005"


async def test_a_cdn_is_told_what_a_page_shows(redis_server: LocalRedis, redis_client: Redis) -> None:
    """Names as a publish tells them, and for how long; the same with the lane as without."""
    await sample.publish(redis_client)
    async with both(redis_server.url, sample.SITE_ID, cdn_seconds=60) as (fast, plain):
        for target in (ITEM, "/tv/web-hd/", "/tv/web-hd/lang", "/wap/i/news005", "/healthz"):
            answers = [undated(await each.get(target)) for each in (fast, plain, fast, plain)]
            if target not in (
                "/healthz",
                "/tv/web-hd/",
            ):  # the home page also names what it first had to learn
                assert len(set(answers)) == 1, target
            told = re.search(rb"\r\nSurrogate-Key: ([^\r]+)", answers[0])
            if target in (ITEM, "/wap/i/news005"):
                assert told and b"i:news005" in told[1].split(b" ")
                assert b"\r\nCdn-Cache-Control: max-age=60\r\n" in answers[0]
            if target in ("/tv/web-hd/lang", "/healthz"):
                assert told is None
    async with both(redis_server.url, sample.SITE_ID) as (fast, _):
        assert b"Surrogate-Key" not in await fast.get(ITEM)


def test_the_log_has_no_query_and_outlives_a_full_disk() -> None:
    """One line an answer; a disk without room costs lines and nothing else."""
    written: list[str] = []
    log = AccessLog(written.append)
    log.add(1_795_320_000.25, 200, "GET", b"/tv/web-hd/?f=secret", 0.0012)
    log.flush()
    assert (
        "secret" not in written[0] and "200 GET /tv/web-hd/ 1.2ms\n" in written[0] and ",250 " in written[0]
    )

    def full(_: str) -> None:
        raise OSError(28, "No space left on device")

    log = AccessLog(full)
    log.add(0.0, 200, "GET", b"/", 0.0)
    log.flush()
    log.flush()
    assert not AccessLog(None).on
