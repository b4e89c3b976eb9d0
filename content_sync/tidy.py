"""Pictures that nobody uses any more leave the store.

What is used stands in the rows: of what is published, written ahead, or waiting for a person. Once in
`sweep_days` all of them are read, some at a time, and every other picture goes after the grace that rows
of the last generation have. A withdrawn item's own pictures go at once.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable

from content_sync.records import Held, PictureRecord, Staged
from content_sync.run import Run
from portal import codec
from portal.model import AnyItem, Head
from portal.store import as_text, wait
from portal.writer import GRACE_SECONDS

BATCH = 200
DAY = 86_400.0
_MEDIA = re.compile(rb'"media":"([0-9a-f]{8,64})"')
_HEADS: tuple[tuple[tuple[str, ...], Callable[[bytes], Head]], ...] = (
    (("heads",), lambda raw: codec.load(raw, Head)),
    (("sync", "staged"), lambda raw: codec.load(raw, Staged).head),
    (("sync", "held"), lambda raw: codec.load(raw, Held).staged.head),
)
"""Where the heads of rows that count stand, and how they are read."""


async def tidy(run: Run) -> int:
    """Take unused pictures out, if the last time is long enough ago; returns how many went."""
    done = run.state.keys("sync", "tidied")
    last = float(await wait(run.state.redis.get(done)) or 0.0)
    if run.clock() - last < run.site.schedule.sweep_days * DAY:
        return 0
    used = {name async for name in _used(run)}
    unused = [name async for name in _stored(run) if name not in used]
    await _drop(run, unused, grace=True)
    await wait(run.state.redis.set(done, run.clock()))
    return len(unused)


async def drop_pictures(run: Run, item: AnyItem) -> int:
    """Take out the pictures of an item that is shown no more; one that another item has stays.

    returns  how many went
    """
    wanted = {image.media for image in item.images}
    if wanted:
        async for name in _used(run):
            wanted.discard(name)
    await _drop(run, wanted, grace=False)
    return len(wanted)


async def _used(run: Run) -> AsyncIterator[str]:
    """The pictures that rows name."""
    keys, redis = run.state.keys, run.state.redis
    for name, as_head in _HEADS:
        wanted: list[str] = []
        async for _, raw in redis.hscan_iter(keys(*name), count=BATCH):
            head = as_head(raw)
            if head.version:
                wanted.append(keys.row(head.id, head.version))
            if len(wanted) >= BATCH:
                for media in _named(await wait(redis.mget(wanted))):
                    yield media
                wanted = []
        if wanted:
            for media in _named(await wait(redis.mget(wanted))):
                yield media


def _named(rows: Iterable[bytes | None]) -> list[str]:
    return [name.decode() for row in rows if row is not None for name in _MEDIA.findall(row)]


async def _stored(run: Run) -> AsyncIterator[str]:
    """All pictures in the store."""
    start = run.state.keys("media", "")
    # The braces of a key are no pattern to Redis; brackets, stars and the like do not stand in it.
    async for key in run.state.redis.scan_iter(match=start + "*", count=1_000):
        yield as_text(key).removeprefix(start)


async def _drop(run: Run, names: Iterable[str], *, grace: bool) -> None:
    """Take pictures out, at once or after the grace, and forget what they were made from."""
    gone = set(names)
    if not gone:
        return
    keys, redis = run.state.keys, run.state.redis
    pipe = redis.pipeline(transaction=True)
    for name in gone:
        if grace:
            pipe.expire(keys("media", name), GRACE_SECONDS)
        else:
            pipe.delete(keys("media", name))
    known = keys("sync", "pictures")
    async for url, raw in redis.hscan_iter(known, count=500):
        if codec.load(raw, PictureRecord).media in gone:
            pipe.hdel(known, as_text(url))
    await pipe.execute()
