"""What a person decides: release, refuse, withdraw, put back, agree. Each act is a line of the log."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from content_sync import check, gatelog
from content_sync.lock import only_sync
from content_sync.publish import publish
from content_sync.records import ColumnRecord, Held
from content_sync.run import Run
from content_sync.tidy import drop_pictures
from portal.errors import NotFound, Overtaken, PortalError
from portal.hant import in_hant
from portal.model import AnyItem, Column, Head
from portal.writer import Publication

ATTEMPTS = 20
LOCK_SECONDS = 600.0
"""How long a release waits for a running sync; a withdrawal waits for nobody."""


class NothingWaits(PortalError):
    """No such item waits for release."""


async def waiting(run: Run, ids: Collection[str] = (), column: str = "") -> dict[str, Held]:
    """What waits: all of it, these items, or one column. NothingWaits names an item that does not."""
    held = await run.state.held()
    if unknown := [item for item in ids if item not in held]:
        raise NothingWaits(f"{', '.join(unknown)}: no such item waits; `review` lists what does")
    return {
        item: one
        for item, one in sorted(held.items(), key=lambda pair: pair[1].since)
        if (not ids or item in ids) and (not column or one.staged.column == column)
    }


async def vanishing(run: Run, column: str = "") -> dict[str, str]:
    """Columns of which many entries vanished at once, with the reason: deletions that wait for `agree`."""
    records = await run.state.columns()
    return {
        name: record.reason
        for name, record in records.items()
        if record.reason.endswith(check.UNTIL_AGREED) and not record.agreed and column in ("", name)
    }


async def shown(run: Run, item: str) -> tuple[Held, AnyItem | None, AnyItem | None]:
    """A waiting item: why it waits, what it would be, and what stands now (None where nothing does)."""
    held = (await waiting(run, [item]))[item]
    head = await run.writer.head(item)
    new = await run.writer.rows([held.staged.head])
    old = await run.writer.rows([head]) if head is not None and not head.withdrawn else [None]
    return held, new[0], old[0]


async def release(run: Run, held: dict[str, Held], who: str) -> int:
    """Publish waiting items; returns the generation that shows them."""
    async with only_sync(run.writer, LOCK_SECONDS) as run.fence:
        await run.begin()
        await run.know_lists()
        await run.state.release(held)
        for item, one in held.items():
            act = gatelog.Act(run.moment(), "release", who, f"{item} {one.staged.head.version} {one.reason}")
            await run.writer.record(gatelog.line_after(act))
            await run.state.learn(one.hosts, one.identity)
        await publish(run)
    return run.report.generation


async def refuse(run: Run, held: dict[str, Held], who: str) -> None:
    """Drop waiting items; what stands of them stands."""
    await run.state.refuse(held)
    for item, one in held.items():
        act = gatelog.Act(run.moment(), "refuse", who, f"{item} {one.staged.head.version} {one.reason}")
        await run.writer.record(gatelog.line_after(act))


async def agree(run: Run, column: str, who: str) -> None:
    """Agree that many entries of a column vanish at once: the next runs prove each and let it go."""
    record = (await run.state.columns()).get(column)
    if record is None:
        raise NotFound(f"no column '{column}' has been mirrored")
    await run.state.keep_column(column, replace(record, agreed=True, due=0.0))
    act = gatelog.Act(run.moment(), "agree", who, f"{column} {record.reason}")
    await run.writer.record(gatelog.line_after(act))


async def withdraw(run: Run, item: str, who: str, why: str) -> int:
    """Take an item off every screen, now; returns the generation without it. NotFound.

    It waits for no sync: a sync that publishes meanwhile finds the item barred.
    """
    await run.state.bar(item)
    for _ in range(ATTEMPTS):
        head = await run.writer.head(item)
        if head is None:
            if not await run.state.canonical_of(item):
                await run.state.unbar(item)
                raise NotFound(f"no item {item} was ever mirrored")
            return run.report.generation
        (shown,) = await run.writer.rows([head]) if head.version else [None]
        publication = await _without(run, head)
        act = gatelog.Act(run.moment(), "withdraw", who, f"{item} {head.version} {head.title} {why}")
        try:
            await run.writer.publish(publication, await run.writer.fence(), gatelog.line_after(act))
        except Overtaken:
            continue
        await run.writer.forget_rows(head)
        if shown is not None:
            await drop_pictures(run, shown)
        return publication.site.generation
    raise Overtaken("other publishes came between again and again: try once more")


async def put_back(run: Run, item: str, who: str) -> None:
    """Let the next sync show an item that a person took off. NotFound."""
    if not await run.state.unbar(item):
        raise NotFound(f"{item} was not taken off by anybody")
    act = gatelog.Act(run.moment(), "put back", who, item)
    await run.writer.record(gatelog.line_after(act))


async def _without(run: Run, head: Head) -> Publication:
    """The publication that takes one item off and touches nothing else."""
    site = await run.writer.site()
    if site is None:
        raise NotFound("nothing has been published yet")
    lists = await run.writer.lists([column.id for column in site.columns])
    changed = {
        name: {item: rank for item, rank in ranked.items() if item != head.id}
        for name, ranked in lists.items()
        if head.id in ranked
    }
    after = lists | changed

    def counted(column: Column) -> Column:
        leaves = [leaf.id for leaf in site.below(column.id)]
        return replace(column, count=len({item for leaf in leaves for item in after.get(leaf, {})}))

    columns = tuple(counted(column) for column in site.columns)
    now = replace(site, columns=columns, generation=site.generation + 1, published=run.clock())
    stone = head if head.withdrawn else replace(head, withdrawn=run.moment(), version="", picture="", note="")
    return Publication(
        site=now,
        site_hant=in_hant(now),
        withdrawn=((stone, in_hant(stone)),),
        lists=tuple(changed.items()),
        changes=(("withdrawn", head.id),),
    )


__all__ = [
    "ColumnRecord",
    "NothingWaits",
    "agree",
    "put_back",
    "refuse",
    "release",
    "shown",
    "vanishing",
    "waiting",
    "withdraw",
]
