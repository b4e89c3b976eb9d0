"""One sync, as the list of its steps."""

from __future__ import annotations

from content_sync import columns, deletions, guide, items
from content_sync.lock import only_sync
from content_sync.publish import publish
from content_sync.run import Run
from content_sync.tidy import tidy


async def sync(run: Run, wait: float) -> None:
    """Bring the mirror up to the origin, as far as the origin can be believed.

    wait    seconds to wait for another sync to end
    raises  SyncRunning, ForeignMirror, StaleWriter; an origin that misbehaves raises nothing
    """
    async with only_sync(run.writer, wait) as run.fence:
        await run.begin()
        await guide.put(run)
        await columns.look(run)
        async for portion in items.due(run):
            await items.judge_columns(run, await items.work(run, portion))
            await publish(run)
        await deletions.prove(run)
        await publish(run)
        await guide.settle(run)
        await tidy(run)
