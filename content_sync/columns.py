"""The step that looks at the columns' lists and finds what is new, changed or missing.

Some lists are in memory at a time; what was found in them waits in the run's ledger until all have been
looked at, since what one list lacks another may have.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from content_sync.ledger import Fresh
from content_sync.lists import Walk, Walker
from content_sync.records import CHANGED_NEXT, NEW_FIRST, ColumnRecord, PageRecord, Standing
from content_sync.report import Outcome
from content_sync.run import Run, allowed_hosts, reader_name
from content_sync.site import Source
from portal import codec
from portal.model import Kind

DAY = 86_400.0
SLOWER, FASTER = 1.5, 0.5
"""What a look that found nothing, or something, makes of a column's interval."""

LISTS_AT_ONCE = 2
"""Each is whole in memory while it is walked."""
BATCH = 500


@dataclass(frozen=True, slots=True)
class Looked:
    """What remains of a look at a list when its entries are in the ledger."""

    source: Source
    reason: str
    reached: bool
    changed: bool
    empty: bool


async def look(run: Run) -> None:
    """Ask the lists that are due; remember every entry and make it due for its own look."""
    await _forget_removed(run)
    sources, slots, done = run.sources(), asyncio.Semaphore(LISTS_AT_ONCE), 0

    async def one(source: Source) -> Looked | None:
        nonlocal done
        async with slots:
            looked = await _look_at(run, source)
        done += 1
        run.say("lists", done, len(sources))
        return looked

    found = await asyncio.gather(*(one(source) for source in sources))
    for looked in found:
        if looked is not None:
            run.report.columns_asked += 1
            await _keep(run, looked)


async def _forget_removed(run: Run) -> None:
    """Columns that the site file no longer has: their items leave the mirror at the publish."""
    removed = await run.state.column_ids() - {source.column.id for source in run.sources()}
    await run.state.drop_columns(removed)
    await run.state.touch(removed)


async def _look_at(run: Run, source: Source) -> Looked | None:
    """Read one list into the ledger; None where it is not due."""
    column_id = source.column.id
    before = await run.state.column(column_id)
    if not run.all_due and before.due > run.clock():
        run.know_list(column_id, before)
        return None
    walk = await _walk(run, source, before)
    record = _scheduled(run, walk, before)
    places = {entry.url: place for place, entry in enumerate(record.listed)}
    fresh = (
        Fresh(places[entry.url], run.same(entry.url), entry.url, entry.title, entry.date)
        for entry in walk.fresh
    )
    run.know_list(column_id, record)
    run.ledger.put_look(column_id, codec.dump(record), fresh)
    return Looked(source, walk.reason, walk.reached, walk.changed, not record.listed)


async def _walk(run: Run, source: Source, record: ColumnRecord) -> Walk:
    if run.full:
        record = replace(record, pages=())
    deep = run.full or run.clock() - record.swept > run.site.schedule.sweep_days * DAY
    walker = Walker(
        source.list, record, run, run.same,
        limit=source.limit, deep=deep, now=run.clock(), reader=reader_name(),
    )  # fmt: skip
    return await walker.walk()


async def _keep(run: Run, looked: Looked) -> None:
    """Write what a walk found: the entries' pages first, so that no entry is ever forgotten."""
    source, column_id = looked.source, looked.source.column.id
    for entries in run.ledger.fresh(column_id, BATCH):
        await _remember(run, source, entries)
    await run.state.keep_column_raw(column_id, run.ledger.take_pending(column_id))
    if looked.changed:
        await run.state.touch([column_id])
    run.reached = run.reached or looked.reached
    if looked.reason:
        run.report.column_stands(column_id, looked.reason)
    elif not looked.changed:
        run.report.columns_unchanged += 1
    if looked.reached and looked.empty and not looked.reason:
        run.report.add(Outcome.EMPTY, column_id, source.list, "the list has no entries")


def _scheduled(run: Run, walk: Walk, before: ColumnRecord) -> ColumnRecord:
    """The record with its learnt interval and its next look."""
    bounds = run.site.schedule
    interval = before.interval or bounds.shortest
    if walk.changed:
        interval *= FASTER
    elif walk.reached and not walk.reason:
        interval *= SLOWER
    interval = min(bounds.longest, max(bounds.shortest, interval))
    wait = min(DAY, max(interval, walk.fresh_for)) if walk.reached else bounds.shortest
    return replace(walk.record, interval=interval, due=run.clock() + wait)


async def _remember(run: Run, source: Source, fresh: Sequence[Fresh]) -> None:
    """Records for entries that are new or that the list words anew, and when they are due."""
    entries = {entry.name: entry for entry in fresh}
    names = list(entries)
    known = await run.state.pages(names)
    new_ids = await run.state.new_ids([name for name, record in zip(names, known, strict=True) if not record])
    allowed = allowed_hosts(run.site)
    records: dict[str, PageRecord] = {}
    due: dict[str, float | None] = {}
    for name, record in zip(names, known, strict=True):
        entry = entries[name]
        records[name] = _entered(run, entry, record, new_ids.get(name, ""))
        if allowed(entry.url):
            first = entry.place * 1e-6 - (1.0 if source.column.kind is Kind.UNIT else 0.0)
            due[name] = CHANGED_NEXT if records[name].checked else NEW_FIRST + first
        else:
            reason = "another host: add it to hosts in [fetch] to mirror it"
            records[name] = replace(records[name], standing=Standing.ELSEWHERE, reason=reason)
            due[name] = None
            run.report.add(Outcome.ELSEWHERE, source.column.id, entry.url, reason)
    await run.state.keep_pages(records, due)
    run.ledger.put_pages((name, record.id, False) for name, record in records.items())


def _entered(run: Run, entry: Fresh, record: PageRecord | None, new_id: str) -> PageRecord:
    """The record of an entry as its list words it now; what was gone is looked at as if it were new.

    The address that a page is known by stays while some list has it.
    """
    if record is None:
        return PageRecord(url=entry.url, id=new_id, title=entry.title, date=entry.date)
    if record.standing is Standing.GONE:
        record = PageRecord(url=entry.url, id=record.id)
    url = record.url if run.ledger.is_listed(record.url) else entry.url
    return replace(record, url=url, title=entry.title, date=entry.date)
