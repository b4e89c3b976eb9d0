"""The step that looks at the pages that are due: fetch, judge, type, and write ahead."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from content_sync import check, gate
from content_sync.check import Judgement, Verdict
from content_sync.extract import body_hash
from content_sync.extract.page import Extracted
from content_sync.extract.typed import as_item
from content_sync.fetch import Got, Validators
from content_sync.pictures import with_pictures
from content_sync.records import CHANGED_NEXT, NEW_FIRST, Held, PageRecord, Staged, Standing
from content_sync.report import Outcome
from content_sync.rows import row_of
from content_sync.run import Run, Unreadable, reader_name
from content_sync.site import Source
from content_sync.units import id_for
from portal.errors import PortalError
from portal.model import AnyItem, Article, Disclosure, Interview, Kind, Matter, Notice
from portal.writer import Row

log = logging.getLogger(__name__)

AT_ONCE = 16
PORTION, LARGEST_PORTION = 500, 2_000
"""Pages between two publishes, doubled from one to the next: a first mirror shows its newest items early."""
RECHECKS = 1_000
"""Pages already published that one run asks again at most; new ones are never put off."""
DAY = 86_400.0
FIRST_AGAIN, LAST_AGAIN = DAY, 30 * DAY
"""Seconds until an item's page is asked again: doubled while it does not change."""
SOON = 300.0
DATED = (Article, Disclosure, Interview, Notice)


@dataclass(frozen=True, slots=True)
class Look:
    """One page looked at. `canonical` names it, `staged` is what is now written ahead of it."""

    canonical: str
    record: PageRecord
    column: str
    verdict: Verdict
    outcome: Outcome
    staged: Staged | None = None


async def due(run: Run) -> AsyncIterator[list[str]]:
    """Canonical addresses of the pages that are due, a portion at a time: new, then changed, then old."""
    if run.full:
        await run.state.hurry(run.listed_in, CHANGED_NEXT)
    rechecked, size = 0, PORTION
    while found := await run.state.due(run.report.started, size):
        size = min(LARGEST_PORTION, size * 2)
        # Units first and alone: matters name them, and a publish learns their names.
        if units := [name for name, due in found if due < NEW_FIRST]:
            yield units
            continue
        portion = [name for name, due in found if due <= CHANGED_NEXT]
        old = [name for name, due in found if due > CHANGED_NEXT][: RECHECKS - rechecked]
        rechecked += len(old)
        if not portion and not old:
            return
        yield portion + old


async def work(run: Run, canonicals: Sequence[str]) -> list[Look]:
    """Look at these pages, some at a time; every outcome is written before this returns."""
    slots, done = asyncio.Semaphore(AT_ONCE), 0
    records = await run.state.pages(canonicals)

    async def one(canonical: str, record: PageRecord) -> Look:
        nonlocal done
        async with slots:
            look = await look_at(run, canonical, record)
        done += 1
        run.say("pages", done, len(canonicals))
        return look

    pairs = dict(zip(canonicals, records, strict=True))
    await run.state.never([name for name, record in pairs.items() if record is None])
    return list(
        await asyncio.gather(*(one(name, record) for name, record in pairs.items() if record is not None))
    )


async def look_at(run: Run, canonical: str, record: PageRecord) -> Look:
    """Look at one page. What is not good leaves the published item as it is."""
    columns = run.listed_in.get(canonical, ())
    source = run.site.source(columns[0]) if columns else None
    if source is None or record.id in run.barred:
        # Nobody lists it any more, or a person took it off: it is not asked for again.
        await run.state.keep_pages({canonical: record}, {canonical: None})
        return Look(canonical, record, "", check.GOOD, Outcome.UNCHANGED)
    try:
        return await _looked(run, canonical, record, source, columns)
    except PortalError as error:
        verdict = Verdict(Judgement.FAILED, str(error))
        return await _not_good(run, canonical, record, source, verdict)


async def _looked(
    run: Run, canonical: str, record: PageRecord, source: Source, columns: tuple[str, ...]
) -> Look:
    believed = record.standing in (Standing.GOOD, Standing.HELD, Standing.QUARANTINED, Standing.FAILED)
    believed = believed and record.reader == reader_name() and not run.full
    at_hand = Validators(record.etag, record.modified) if believed else Validators()
    got = await run.get(record.url, at_hand)
    if got.status == 304:
        return await _unchanged(run, canonical, record, source, got)
    verdict, page = await judged(run, record, source, got)
    if page is None or not verdict.good:
        return await _not_good(run, canonical, record, source, verdict)
    digest = body_hash(page)
    item = _typed(run, page, record, source, columns)
    item, failed = await with_pictures(run, item, source.column.id)
    record = replace(
        record, etag=got.validators.etag, modified=got.validators.modified, hash=digest,
        whole=check.ends(got.body), checked=run.clock(), fails=0, reason="", reader=reader_name(),
    )  # fmt: skip
    if failed:
        # Asked again soon and whole, so that the picture gets another chance.
        record = replace(record, etag="", modified="")
    own = frozenset(host.partition(":")[0] for host in run.ids.hosts)
    seen = gate.look(run.text_of(got), item, got.url, own, run.familiar, run.learning)
    return await _staged(run, canonical, record, source, item, seen, hurried=failed)


async def judged(run: Run, record: PageRecord, source: Source, got: Got) -> tuple[Verdict, Extracted | None]:
    """Whether an answer is an item's page, and the page."""
    verdict = check.judge_status(got.status)
    if verdict.good:
        verdict = check.judge_markup(got.body, record.whole)
    if not verdict.good:
        return verdict, None
    try:
        page = await run.read(got, HINTS[source.column.kind])
    except PortalError as error:
        return Verdict(Judgement.QUARANTINED, str(error)), None
    verdict = check.judge_wall(got.body, page, record.url, got.url, run.site.home)
    if verdict.good:
        verdict = check.judge_item(page, source.column.kind, record.title, run.own_names())
    return verdict, page


HINTS = {
    Kind.ARTICLE: "article",
    Kind.DISCLOSURE: "disclosure",
    Kind.MATTER: "service",
    Kind.UNIT: "unit",
    Kind.FACT: "fact",
    Kind.INTERVIEW: "interview",
    Kind.NOTICE: "article",
}
"""What extraction calls the page of each kind of item."""


def _typed(
    run: Run, page: Extracted, record: PageRecord, source: Source, columns: tuple[str, ...]
) -> AnyItem:
    try:
        item = as_item(page, item_id=record.id, columns=columns, url=record.url, kind=source.column.kind)
    except Exception as error:
        log.exception("typing failed on %s", record.url)
        raise Unreadable(f"our typing failed on it: {type(error).__name__}: {error}") from error
    if not item.title:
        item = replace(item, title=record.title)
    if not item.published and isinstance(item, DATED):
        item = replace(item, published=record.date)
    if isinstance(item, Matter):
        item = replace(item, unit_id=id_for(item.unit, run.units))
    return item


async def _staged(
    run: Run,
    canonical: str,
    record: PageRecord,
    source: Source,
    item: AnyItem,
    seen: gate.Seen,
    hurried: bool,
) -> Look:
    """Write an item ahead where it differs from what is published or already written ahead."""
    column = source.column.id
    row = row_of(item, source.column.kind)
    waiting, published = await run.state.stands(item.id)
    before = waiting.head if waiting else published
    record = replace(record, standing=Standing.GOOD)
    if before is not None and before == row.head and not (run.full and await run.state.lost(row)):
        record, due = _later(run, record, grown=not run.full, hurried=hurried)
        await run.state.keep_pages({canonical: record}, {canonical: due})
        await run.state.let_go(item.id)
        return Look(canonical, record, column, check.GOOD, Outcome.UNCHANGED)
    record, due = _later(run, replace(record, interval=0.0), grown=False, hurried=hurried)
    staged = Staged(head=row.head, head_hant=row.head_hant, column=column)
    reason = seen.reason or (
        "every item of this column waits for a person" if source.policy == "hold" else ""
    )
    if reason:
        return await _held(run, canonical, record, staged, row, seen, reason, due)
    new_names = {host: said for host, said in seen.identity.items() if host not in run.familiar.identity}
    await run.state.learn(seen.hosts, new_names)
    await run.state.stage(staged, row, canonical, record, due)
    was_shown = published is not None and not published.withdrawn
    outcome = Outcome.CHANGED if was_shown else Outcome.NEW
    return Look(canonical, record, column, check.GOOD, outcome, staged)


async def _held(
    run: Run,
    canonical: str,
    record: PageRecord,
    staged: Staged,
    row: Row,
    seen: gate.Seen,
    reason: str,
    due: float,
) -> Look:
    """Write an item where it waits for a person; a version that was refused waits no more."""
    record = replace(record, standing=Standing.HELD, reason=reason)
    if await run.state.refused(record.id) == staged.head.version:
        record = replace(record, reason=f"refused by a person: {reason}")
        await run.state.keep_pages({canonical: record}, {canonical: due})
        return Look(canonical, record, staged.column, check.GOOD, Outcome.UNCHANGED)
    waiting = await run.state.held_one(record.id)
    since = waiting.since if waiting and waiting.staged.head == staged.head else run.clock()
    held = Held(
        staged=staged, url=record.url, reason=reason, since=since, hosts=seen.hosts, identity=seen.identity
    )
    await run.state.hold(held, row, canonical, record, due)
    verdict = Verdict(Judgement.GOOD, reason)
    return Look(canonical, record, staged.column, verdict, Outcome.HELD)


async def _unchanged(run: Run, canonical: str, record: PageRecord, source: Source, got: Got) -> Look:
    record = replace(
        record,
        etag=got.validators.etag or record.etag,
        modified=got.validators.modified or record.modified,
        checked=run.clock(),
        standing=Standing.HELD if record.standing is Standing.HELD else Standing.GOOD,
        fails=0,
        reason=record.reason if record.standing is Standing.HELD else "",
    )
    record, due = _later(run, record, grown=True, hurried=False)
    await run.state.keep_pages({canonical: record}, {canonical: due})
    return Look(canonical, record, source.column.id, check.GOOD, Outcome.UNCHANGED)


async def _not_good(run: Run, canonical: str, record: PageRecord, source: Source, verdict: Verdict) -> Look:
    """What stood stands. Validators stay those of the good copy, so a mended page answers 304."""
    quarantined = verdict.judgement is Judgement.QUARANTINED
    reason = verdict.reason
    if verdict.judgement is Judgement.GONE:
        lacking = [
            run.records[name] for name in run.listed_in[canonical] if record.url in run.records[name].missing
        ]
        for column in lacking:
            # Long unlisted and now without a page: the step that proves deletions looks at it.
            column.missing[record.url] = max(column.missing[record.url], run.site.schedule.misses)
        if not lacking:
            reason += ", and the list still has it"
    record = replace(
        record,
        checked=run.clock(),
        fails=record.fails + 1,
        standing=Standing.QUARANTINED if quarantined else Standing.FAILED,
        reason=reason,
    )
    due = run.clock() + min(DAY, SOON * 2 ** min(record.fails - 1, 10))
    await run.state.keep_pages({canonical: record}, {canonical: due})
    outcome = Outcome.QUARANTINED if quarantined else Outcome.FAILED
    return Look(canonical, record, source.column.id, Verdict(verdict.judgement, reason), outcome)


def _later(run: Run, record: PageRecord, grown: bool, hurried: bool) -> tuple[PageRecord, float]:
    """The record with its interval, and the epoch second of its next look, spread by chance."""
    longest = min(LAST_AGAIN, run.site.schedule.sweep_days * DAY)
    interval = min(longest, max(FIRST_AGAIN, record.interval) * (2 if grown and record.interval else 1))
    wait = SOON if hurried else interval * (0.75 + run.random() / 2)
    return replace(record, interval=interval), run.clock() + wait


async def judge_columns(run: Run, looks: Sequence[Look]) -> list[Look]:
    """Where most pages of a column could not be read, none of that column is believed."""
    kept: list[Look] = []
    by_column: dict[str, list[Look]] = {}
    for look in looks:
        by_column.setdefault(look.column, []).append(look)
    for column, own in by_column.items():
        shown = await run.writer.listed(column) if column else 0
        titles = [(look.staged.head.title, look.record.title) for look in own if look.staged]
        verdict = check.judge_column([look.verdict for look in own], titles, shown)
        if verdict.good:
            kept += own
            continue
        run.report.column_stands(column, verdict.reason)
        kept += [await _taken_back(run, look, verdict) if look.staged else look for look in own]
    for look in kept:
        run.report.add(look.outcome, look.column, look.record.url, look.verdict.reason)
    return kept


async def _taken_back(run: Run, look: Look, verdict: Verdict) -> Look:
    """Undo what was written ahead; the page is asked for anew, without validators."""
    record = replace(
        look.record, standing=Standing.QUARANTINED, reason=verdict.reason, etag="", modified="", hash=""
    )
    await run.state.unstage([record.id])
    await run.state.keep_pages({look.canonical: record}, {look.canonical: run.clock() + SOON})
    return replace(look, record=record, verdict=verdict, outcome=Outcome.QUARANTINED, staged=None)
