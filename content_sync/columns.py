"""The step that looks at the columns' lists and finds what is new, changed or missing."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from content_sync.lists import Walk, Walker
from content_sync.records import CHANGED_NEXT, NEW_FIRST, ColumnRecord, Listed, PageRecord, Standing
from content_sync.report import Outcome
from content_sync.run import Run, allowed_hosts, reader_name
from content_sync.site import Source
from portal.model import Kind

DAY = 86_400.0
SLOWER, FASTER = 1.5, 0.5
"""What a look that found nothing, or something, makes of a column's interval."""


async def look(run: Run) -> None:
    """Ask the lists that are due; remember every entry and make it due for its own look."""
    run.records = await run.state.columns()
    await _forget_removed(run)
    due = [source for source in run.sources() if run.all_due or _is_due(run, source)]
    run.report.columns_asked = len(due)
    done = 0

    async def one(source: Source) -> Walk:
        nonlocal done
        walk = await _walk(run, source)
        done += 1
        run.say("lists", done, len(due))
        return walk

    walks = await asyncio.gather(*(one(source) for source in due))
    now_listed = run.records | {
        source.column.id: walk.record for source, walk in zip(due, walks, strict=True)
    }
    standing = frozenset(entry.url for record in now_listed.values() for entry in record.listed)
    for source, walk in zip(due, walks, strict=True):
        await _keep(run, source, walk, standing)
    run.know_lists()


async def _forget_removed(run: Run) -> None:
    """Columns that the site file no longer has: their items leave the mirror at the publish."""
    removed = set(run.records) - {source.column.id for source in run.sources()}
    for column_id in removed:
        del run.records[column_id]
    await run.state.drop_columns(removed)
    await run.state.touch(removed)


def _is_due(run: Run, source: Source) -> bool:
    return run.records.get(source.column.id, ColumnRecord()).due <= run.clock()


async def _walk(run: Run, source: Source) -> Walk:
    record = run.records.get(source.column.id, ColumnRecord())
    if run.full:
        record = replace(record, pages=())
    deep = run.full or run.clock() - record.swept > run.site.schedule.sweep_days * DAY
    walker = Walker(
        source.list, record, run, run.same,
        limit=source.limit, deep=deep, now=run.clock(), reader=reader_name(),
    )  # fmt: skip
    return await walker.walk()


async def _keep(run: Run, source: Source, walk: Walk, standing: frozenset[str]) -> None:
    """Write what a walk found: the entries' pages first, so that no entry is ever forgotten."""
    column_id = source.column.id
    before = run.records.get(column_id, ColumnRecord())
    record = _scheduled(run, walk, before)
    await _remember(run, source, walk, standing)
    await run.state.keep_column(column_id, record)
    if walk.changed:
        await run.state.touch([column_id])
    run.records[column_id] = record
    run.reached = run.reached or walk.reached
    if walk.reason:
        run.report.column_stands(column_id, walk.reason)
    elif not walk.changed:
        run.report.columns_unchanged += 1
    if walk.reached and not (walk.reason or record.listed):
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


async def _remember(run: Run, source: Source, walk: Walk, standing: frozenset[str]) -> None:
    """Records for entries that are new or that the list words anew, and when they are due.

    standing  every address that some list has now: the one that a page is known by stays while it is there
    """
    places = {entry.url: place for place, entry in enumerate(walk.record.listed)}
    entries = {run.same(entry.url): entry for entry in walk.fresh}
    names = list(entries)
    known = await run.state.pages(names)
    new_ids = await run.state.new_ids([name for name, record in zip(names, known, strict=True) if not record])
    allowed = allowed_hosts(run.site)
    records: dict[str, PageRecord] = {}
    due: dict[str, float | None] = {}
    for name, record in zip(names, known, strict=True):
        entry = entries[name]
        if allowed(entry.url):
            first = places[entry.url] * 1e-6 - (1.0 if source.column.kind is Kind.UNIT else 0.0)
            records[name] = _entered(entry, record, new_ids.get(name, ""), standing)
            due[name] = CHANGED_NEXT if records[name].checked else NEW_FIRST + first
        else:
            reason = "another host: add it to hosts in [fetch] to mirror it"
            elsewhere = _entered(entry, record, new_ids.get(name, ""), standing)
            records[name], due[name] = replace(elsewhere, standing=Standing.ELSEWHERE, reason=reason), None
            run.report.add(Outcome.ELSEWHERE, source.column.id, entry.url, reason)
    await run.state.keep_pages(records, due)


def _entered(entry: Listed, record: PageRecord | None, new_id: str, standing: frozenset[str]) -> PageRecord:
    """The record of an entry as its list words it now; what was gone is looked at as if it were new."""
    if record is None:
        return PageRecord(url=entry.url, id=new_id, title=entry.title, date=entry.date)
    if record.standing is Standing.GONE:
        record = PageRecord(url=entry.url, id=record.id)
    url = record.url if record.url in standing else entry.url
    return replace(record, url=url, title=entry.title, date=entry.date)
