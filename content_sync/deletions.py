"""The step that proves deletions: the list lacked an item long enough, and its page is gone.

A page that lives on keeps its item: lists of bounded length lose their oldest entries every day.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from content_sync import check
from content_sync.check import Judgement
from content_sync.fetch import Validators
from content_sync.records import ColumnRecord, Listed, PageRecord, Standing
from content_sync.report import Outcome
from content_sync.run import Run
from content_sync.site import Source
from portal.errors import PortalError

LIVES_ON = -1_000
"""The count of an entry whose page answered though no list has it: asked again after many looks."""


async def prove(run: Run) -> None:
    """Ask for the pages of entries that their lists have lacked long enough."""
    for source in run.sources():
        record = run.records.get(source.column.id)
        if record is not None and record.missing:
            await _column(run, source, record)
    run.know_lists()


async def _column(run: Run, source: Source, record: ColumnRecord) -> None:
    suspects = [
        entry for entry in record.listed if record.missing.get(entry.url, 0) >= run.site.schedule.misses
    ]
    elsewhere = [entry for entry in suspects if _listed_elsewhere(run, source, entry)]
    asked = [entry for entry in suspects if entry not in elsewhere]
    answers = await asyncio.gather(*(_answer(run, entry) for entry in asked))
    gone = [entry for entry, answer in zip(asked, answers, strict=True) if answer is Judgement.GONE]
    lives = [entry for entry, answer in zip(asked, answers, strict=True) if answer is Judgement.GOOD]
    missing = record.missing | {entry.url: LIVES_ON for entry in lives}
    verdict = check.judge_missing(len(gone), len(record.listed))
    if not (verdict.good or record.agreed):
        run.report.column_stands(source.column.id, verdict.reason)
        for entry in gone:
            run.report.add(
                Outcome.QUARANTINED, source.column.id, entry.url, "its page is gone: " + verdict.reason
            )
        gone = []
    taken = {entry.url for entry in (*elsewhere, *gone)}
    record = replace(
        record,
        listed=tuple(entry for entry in record.listed if entry.url not in taken),
        missing={url: count for url, count in missing.items() if url not in taken},
        agreed=record.agreed and not gone,
    )
    await _mark_gone(run, gone)
    await run.state.keep_column(source.column.id, record)
    run.records[source.column.id] = record
    if taken:
        await run.state.touch([source.column.id])


def _listed_elsewhere(run: Run, source: Source, entry: Listed) -> bool:
    """Whether another column's list has the item, and has it still."""
    others = [name for name in run.listed_in.get(run.same(entry.url), ()) if name != source.column.id]
    return any(
        run.same(entry.url) not in {run.same(url) for url in run.records[name].missing} for name in others
    )


async def _answer(run: Run, entry: Listed) -> Judgement:
    """What the entry's own page says; FAILED where it cannot be asked or says nothing clear."""
    try:
        got = await run.get(entry.url, Validators())
    except PortalError:
        return Judgement.FAILED
    verdict = check.judge_status(got.status)
    return verdict.judgement


async def _mark_gone(run: Run, gone: list[Listed]) -> None:
    names = [run.same(entry.url) for entry in gone]
    records: dict[str, PageRecord] = {}
    for name, record in zip(names, await run.state.pages(names), strict=True):
        if record is not None:
            records[name] = replace(
                record, standing=Standing.GONE, etag="", modified="", hash="", checked=run.clock(),
                reason="its list has it no more and its page is gone",
            )  # fmt: skip
    await run.state.keep_pages(records, dict.fromkeys(records))
