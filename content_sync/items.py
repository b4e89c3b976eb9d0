"""The step that looks at the pages that are due: fetch, judge, type, and write ahead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from content_sync import check, gate
from content_sync.check import Judgement, Verdict
from content_sync.examine import Question, examine_aside
from content_sync.fetch import Got, Validators
from content_sync.joins import join
from content_sync.outbox import Outbox
from content_sync.pictures import with_pictures
from content_sync.records import CHANGED_NEXT, NEW_FIRST, Held, PageRecord, Staged, Standing
from content_sync.report import Outcome
from content_sync.rows import Ahead, row_of
from content_sync.run import Run, reader_name
from content_sync.site import Source
from content_sync.units import id_for
from portal.errors import PortalError
from portal.model import Head, Matter

AT_ONCE = 16
PORTION, LARGEST_PORTION = 500, 1_000
"""Pages between two publishes, doubled from one to the next: a first mirror shows its newest items early."""
RECHECKS = 1_000
"""Pages already published that one run asks again at most; new ones are never put off."""
DAY = 86_400.0
FIRST_AGAIN, LAST_AGAIN = DAY, 30 * DAY
"""Seconds until an item's page is asked again: doubled while it does not change."""
SOON = 300.0


@dataclass(frozen=True, slots=True)
class Look:
    """One page looked at. `canonical` names it, `staged` is what is now written ahead of it."""

    canonical: str
    record: PageRecord
    column: str
    verdict: Verdict
    outcome: Outcome
    staged: Staged | None = None


@dataclass(slots=True)
class Portion:
    """Pages looked at together. `stands`: item id -> (what is written ahead of it, what is published)."""

    run: Run
    out: Outbox
    stands: dict[str, tuple[Staged | None, Head | None]]


async def due(run: Run) -> AsyncIterator[list[str]]:
    """Canonical addresses of the pages that are due, a portion at a time: new, then changed, then old."""
    if run.full:
        for names in run.ledger.names(LARGEST_PORTION):
            await run.state.hurry(names, CHANGED_NEXT)
    rechecked, size = 0, PORTION
    while found := await run.state.due(run.report.started, size):
        # Units first and alone: matters name them, and a publish learns their names.
        if units := [name for name, due in found if due < NEW_FIRST]:
            yield units
            continue
        size = min(LARGEST_PORTION, size * 2)
        portion = [name for name, due in found if due <= CHANGED_NEXT]
        old = [name for name, due in found if due > CHANGED_NEXT][: RECHECKS - rechecked]
        rechecked += len(old)
        if not portion and not old:
            return
        yield portion + old


async def work(run: Run, canonicals: Sequence[str]) -> list[Look]:
    """Look at these pages, some at a time; every outcome is written before this returns."""
    slots, done = asyncio.Semaphore(AT_ONCE), 0
    found = await run.state.pages(canonicals)
    records = {name: record for name, record in zip(canonicals, found, strict=True) if record is not None}
    await run.state.never([name for name in canonicals if name not in records])
    stands = await run.state.stands([record.id for record in records.values()])
    run.ledger.mark_gone(
        (record.id for record in records.values() if record.standing is not Standing.GONE), gone=False
    )
    portion = Portion(run, Outbox(run.state), stands)

    async def one(canonical: str, record: PageRecord) -> Look:
        nonlocal done
        async with slots:
            look = await look_at(portion, canonical, record)
            await portion.out.send_some()
        done += 1
        run.say("pages", done, len(canonicals))
        return look

    looks = await asyncio.gather(*(one(name, record) for name, record in records.items()))
    await portion.out.flush()
    return list(looks)


async def look_at(portion: Portion, canonical: str, record: PageRecord) -> Look:
    """Look at one page. What is not good leaves the published item as it is."""
    run = portion.run
    columns = run.ledger.columns_of(canonical)
    source = run.site.source(columns[0]) if columns else None
    if source is None or record.id in run.barred:
        # Nobody lists it any more, or a person took it off: it is not asked for again.
        portion.out.keep(canonical, record, None)
        return Look(canonical, record, "", check.GOOD, Outcome.UNCHANGED)
    try:
        return await _looked(portion, canonical, record, source, columns)
    except PortalError as error:
        verdict = Verdict(Judgement.FAILED, str(error))
        return _not_good(portion, canonical, record, source, verdict)


async def _looked(
    portion: Portion, canonical: str, record: PageRecord, source: Source, columns: tuple[str, ...]
) -> Look:
    run = portion.run
    believed = record.standing in (Standing.GOOD, Standing.HELD, Standing.QUARANTINED, Standing.FAILED)
    believed = believed and record.reader == reader_name() and not run.full
    at_hand = Validators(record.etag, record.modified) if believed else Validators()
    got = await run.get(record.url, at_hand)
    if got.status == 304:
        # Unchanged behind a redirect: the very page that is known stands at another address now.
        kept = await join(run, canonical, record.title, got.url, record.title) if got.hops else ""
        if kept and kept != canonical:
            return Look(canonical, record, source.column.id, check.GOOD, Outcome.UNCHANGED)
        record = replace(record, url=got.url) if kept else record
        return _unchanged(portion, canonical, record, source, got)
    verdict = check.judge_status(got.status)
    if not verdict.good:
        return _not_good(portion, canonical, record, source, verdict)
    found = await examine_aside(Question(got, record, source.column.kind, columns), run.around)
    if found.item is None:
        return _not_good(portion, canonical, record, source, found.verdict)
    item, row = found.item, found.row
    if got.hops and (kept := await join(run, canonical, record.title, got.url, found.title or record.title)):
        if kept != canonical:
            return Look(canonical, record, source.column.id, check.GOOD, Outcome.UNCHANGED)
        record = replace(record, url=got.url)
        item = replace(item, url=got.url, columns=run.ledger.columns_of(canonical) or columns)
        row = None
    failed = False
    if row is None:
        if isinstance(item, Matter):
            item = replace(item, unit_id=id_for(item.unit, run.units))
        item, failed = await with_pictures(run, item, source.column.id)
        row = row_of(item, source.column.kind)
    record = replace(
        record, etag=got.validators.etag, modified=got.validators.modified, hash=found.digest,
        whole=found.whole, checked=run.clock(), fails=0, reason="", absent=0.0, reader=reader_name(),
    )  # fmt: skip
    if failed:
        # Asked again soon and whole, so that the picture gets another chance.
        record = replace(record, etag="", modified="")
    return await _staged(portion, canonical, record, source, row, found.seen, hurried=failed)


async def _staged(
    portion: Portion,
    canonical: str,
    record: PageRecord,
    source: Source,
    row: Ahead,
    seen: gate.Seen,
    hurried: bool,
) -> Look:
    """Write an item ahead where it differs from what is published or already written ahead."""
    run, out, column = portion.run, portion.out, source.column.id
    waiting, published = portion.stands.get(record.id, (None, None))
    before = waiting.head if waiting else published
    record = replace(record, standing=Standing.GOOD)
    if before is not None and before == row.head and not (run.full and await run.state.lost(row)):
        record, due = _later(run, record, grown=not run.full, hurried=hurried)
        out.keep(canonical, record, due)
        out.let_go(record.id)
        return Look(canonical, record, column, check.GOOD, Outcome.UNCHANGED)
    record, due = _later(run, replace(record, interval=0.0), grown=False, hurried=hurried)
    staged = Staged(head=row.head, head_hant=row.head_hant, column=column)
    reason = seen.reason or (
        "every item of this column waits for a person" if source.policy == "hold" else ""
    )
    if reason:
        return await _held(portion, canonical, record, staged, row, seen, reason, due)
    out.learn(*_news_to(run, seen))
    out.stage(staged, row, canonical, record, due)
    was_shown = published is not None and not published.withdrawn
    outcome = Outcome.CHANGED if was_shown else Outcome.NEW
    return Look(canonical, record, column, check.GOOD, outcome, staged)


def _news_to(run: Run, seen: gate.Seen) -> tuple[list[str], dict[str, str]]:
    """The hosts and names of a page that are not familiar and that this run has not learnt yet."""
    hosts = [host for host in seen.hosts if host not in run.familiar.hosts and host not in run.taught]
    names = {
        host: said
        for host, said in seen.identity.items()
        if host not in run.familiar.identity and f"{host} {said}" not in run.taught
    }
    run.taught.update(hosts, (f"{host} {said}" for host, said in names.items()))
    return hosts, names


async def _held(
    portion: Portion,
    canonical: str,
    record: PageRecord,
    staged: Staged,
    row: Ahead,
    seen: gate.Seen,
    reason: str,
    due: float,
) -> Look:
    """Write an item where it waits for a person; a version that was refused waits no more."""
    run = portion.run
    record = replace(record, standing=Standing.HELD, reason=reason)
    if await run.state.refused(record.id) == staged.head.version:
        record = replace(record, reason=f"refused by a person: {reason}")
        portion.out.keep(canonical, record, due)
        return Look(canonical, record, staged.column, check.GOOD, Outcome.UNCHANGED)
    waiting = await run.state.held_one(record.id)
    since = waiting.since if waiting and waiting.staged.head == staged.head else run.clock()
    held = Held(
        staged=staged, url=record.url, reason=reason, since=since, hosts=seen.hosts, identity=seen.identity
    )
    portion.out.hold(held, row, canonical, record, due)
    verdict = Verdict(Judgement.GOOD, reason)
    return Look(canonical, record, staged.column, verdict, Outcome.HELD)


def _unchanged(portion: Portion, canonical: str, record: PageRecord, source: Source, got: Got) -> Look:
    run = portion.run
    record = replace(
        record,
        etag=got.validators.etag or record.etag,
        modified=got.validators.modified or record.modified,
        checked=run.clock(),
        standing=Standing.HELD if record.standing is Standing.HELD else Standing.GOOD,
        fails=0,
        absent=0.0,
        reason=record.reason if record.standing is Standing.HELD else "",
    )
    record, due = _later(run, record, grown=True, hurried=False)
    portion.out.keep(canonical, record, due)
    return Look(canonical, record, source.column.id, check.GOOD, Outcome.UNCHANGED)


def _not_good(portion: Portion, canonical: str, record: PageRecord, source: Source, verdict: Verdict) -> Look:
    """What stood stands. Validators stay those of the good copy, so a mended page answers 304."""
    run = portion.run
    quarantined = verdict.judgement in (Judgement.QUARANTINED, Judgement.ABSENT)
    reason = verdict.reason
    if verdict.judgement is Judgement.GONE and not run.ledger.lacking(canonical, run.site.schedule.misses):
        # What is long unlisted and now without a page, the step that proves deletions looks at.
        reason += ", and the list still has it"
    record = replace(
        record,
        checked=run.clock(),
        fails=record.fails + 1,
        standing=Standing.QUARANTINED if quarantined else Standing.FAILED,
        reason=reason,
    )
    due = run.clock() + min(DAY, SOON * 2 ** min(record.fails - 1, 10))
    portion.out.keep(canonical, record, due)
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
