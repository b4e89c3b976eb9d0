"""The step that proves deletions: the list lacked an item long enough, and its page is gone.

Gone is a page that answers 404 or 410, or one that has said for ABSENT_DAYS, whenever it was asked, that
there is no such page though its status is 200 (a soft 404). A page that lives on keeps its item: lists of
bounded length lose their oldest entries every day. One that leads to a new address is joined with it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from content_sync import check
from content_sync.check import Judgement, Verdict
from content_sync.examine import HINTS
from content_sync.fetch import Got, Validators
from content_sync.joins import join
from content_sync.records import Listed, PageRecord, Standing
from content_sync.report import Outcome
from content_sync.run import Run
from content_sync.site import Source
from portal.errors import PortalError

LIVES_ON = -1_000
"""The count of an entry whose page answered though no list has it: asked again after many looks."""

ABSENT_DAYS = 3.0
"""Days that a soft 404 must last. It is a page that a fault can print for every address at once, so it has
to outlast the faults that people mend within a weekend."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page of a missing entry says; `got` is None where it says nothing."""

    entry: Listed
    verdict: Verdict
    got: Got | None = None


async def prove(run: Run) -> None:
    """Ask for the pages of entries that their lists have lacked long enough."""
    for source in run.sources():
        if urls := run.ledger.suspects(source.column.id, run.site.schedule.misses):
            await _column(run, source, frozenset(urls))


async def _column(run: Run, source: Source, urls: frozenset[str]) -> None:
    """Ask for the pages of the column's entries at these addresses."""
    record = await run.state.column(source.column.id)
    suspects = [entry for entry in record.listed if entry.url in urls]
    elsewhere = [
        entry for entry in suspects if run.ledger.stands_elsewhere(run.same(entry.url), source.column.id)
    ]
    asked = [entry for entry in suspects if entry not in elsewhere]
    answers = list(await asyncio.gather(*(_answer(run, source, entry) for entry in asked)))
    gone = {answer.entry.url for answer in answers if answer.verdict.judgement is Judgement.GONE}
    gone |= await _long_absent(run, source, answers)
    lives = [answer for answer in answers if answer.verdict.good]
    moved = {answer.entry.url for answer in lives if await _moved(run, answer)}
    # A page that answered 404 has raised the count of its entry in the ledger.
    least = run.site.schedule.misses
    missing = record.missing | {url: max(least, record.missing.get(url, 0)) for url in urls}
    missing |= {answer.entry.url: LIVES_ON for answer in lives}
    verdict = check.judge_missing(len(gone), len(record.listed))
    if not (verdict.good or record.agreed):
        record = replace(record, reason=verdict.reason)
        run.report.column_stands(source.column.id, verdict.reason)
        for url in sorted(gone):
            run.report.add(Outcome.QUARANTINED, source.column.id, url, "its page is gone: " + verdict.reason)
        gone = set()
    taken = {entry.url for entry in elsewhere} | gone | moved
    record = replace(
        record,
        listed=tuple(entry for entry in record.listed if entry.url not in taken),
        missing={url: count for url, count in missing.items() if url not in taken},
        agreed=record.agreed and not gone,
    )
    await _mark_gone(run, [entry for entry in asked if entry.url in gone])
    await run.state.keep_column(source.column.id, record)
    run.know_list(source.column.id, record)
    if taken:
        await run.state.touch([source.column.id])


async def _answer(run: Run, source: Source, entry: Listed) -> Answer:
    """What the entry's own page says; FAILED where it cannot be asked or says nothing clear."""
    try:
        got = await run.get(entry.url, Validators())
        verdict = check.judge_status(got.status)
        if verdict.good:
            page = await run.read(got, HINTS[source.column.kind])
            verdict = check.judge_wall(got.body, page, entry.url, got.url, run.site.home)
    except PortalError as error:
        return Answer(entry, Verdict(Judgement.FAILED, str(error)))
    return Answer(entry, verdict, got)


async def _long_absent(run: Run, source: Source, answers: list[Answer]) -> set[str]:
    """Entries whose pages have been soft 404s for long enough; the others are remembered, and told."""
    by_name = {run.same(answer.entry.url): answer for answer in answers}
    found: set[str] = set()
    changed: dict[str, PageRecord] = {}
    for (name, answer), record in zip(by_name.items(), await run.state.pages(list(by_name)), strict=True):
        absent = answer.verdict.judgement is Judgement.ABSENT
        if record is None or not (absent or record.absent):
            continue
        since = (record.absent or run.clock()) if absent else 0.0
        if absent and run.clock() - since >= ABSENT_DAYS * 86_400:
            found.add(answer.entry.url)
        elif absent:
            reason = f"{answer.verdict.reason}; taken off when it has lasted {ABSENT_DAYS:g} days"
            run.report.add(Outcome.QUARANTINED, source.column.id, answer.entry.url, reason)
        changed[name] = replace(record, absent=since)
    await run.state.keep_records(changed)
    return found


async def _moved(run: Run, answer: Answer) -> bool:
    """Whether the page of a missing entry leads to another known page, and was joined with it."""
    if answer.got is None or not answer.got.hops:
        return False
    name, other = run.same(answer.entry.url), run.same(answer.got.url)
    record, target = await run.state.pages([name, other])
    if record is None or target is None or not await join(
        run, name, record.title, answer.got.url, target.title
    ):  # fmt: skip
        return False
    if run.same(answer.got.url) == name:
        # The page is the new one's from here on; its entry says how it is to be read.
        await run.state.keep_pages(
            {name: replace(target, id=record.id, etag="", modified="", hash="", standing=Standing.NEW)},
            {name: run.clock()},
        )
    return True


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
    run.ledger.mark_gone((record.id for record in records.values()), gone=True)
