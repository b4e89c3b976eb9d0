"""How the mirror stands, column by column, for the operator."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from redis.asyncio import Redis

from content_sync.records import ColumnRecord, PageRecord, Standing
from content_sync.site import SiteFile
from content_sync.state import State
from portal.model import Site
from portal.writer import MirrorWriter

BAD = (Standing.QUARANTINED, Standing.FAILED)
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Trouble:
    """One address that is not as it should be."""

    url: str
    standing: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnStatus:
    """One column. `good`, `due`: epoch seconds of the last list believed, and of the next look."""

    id: str
    name: str
    items: int
    newest: str
    good: float
    due: float
    interval: float
    missing: int
    reason: str
    held: int
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The whole mirror. `published`, `checked`: epoch seconds, 0 before the first."""

    site: str
    name: str
    generation: int
    published: float
    checked: float
    columns: tuple[ColumnStatus, ...]

    @property
    def well(self) -> bool:
        """Nothing stands in quarantine, failed or waits."""
        return self.generation > 0 and not any(
            column.reason or column.troubles or column.held for column in self.columns
        )

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "well": self.well}


async def status_of(site: SiteFile, redis: Redis) -> Status:
    """Read how the mirror of a site stands."""
    state, writer = State(redis, site.id), MirrorWriter(redis, site.id)
    published = await writer.site()
    records = await state.columns()
    aliases = await state.aliases()
    held = Counter(each.staged.column for each in (await state.held()).values())
    columns = []
    for source in site.sources:
        if source.list:
            record = records.get(source.column.id, ColumnRecord())
            names = [_canonical(site, entry.url) for entry in record.listed]
            pages = await state.pages([aliases.get(name, name) for name in names])
            columns.append(_column(source.column.id, source.column.name, record, pages, published, held))
    return Status(
        site=site.id,
        name=site.name,
        generation=published.generation if published else 0,
        published=published.published if published else 0.0,
        checked=published.checked if published else 0.0,
        columns=tuple(columns),
    )


def _canonical(site: SiteFile, url: str) -> str:
    return site.identities.canonical(url)


def _column(
    column_id: str,
    name: str,
    record: ColumnRecord,
    pages: Sequence[PageRecord | None],
    published: Site | None,
    held: Counter[str],
) -> ColumnStatus:
    shown = published.column(column_id) if published else None
    return ColumnStatus(
        id=column_id,
        name=name,
        items=shown.count if shown else 0,
        newest=shown.newest if shown else "",
        good=record.good,
        due=record.due,
        interval=record.interval,
        missing=sum(count > 0 for count in record.missing.values()),
        reason=record.reason,
        held=held[column_id],
        troubles=tuple(
            Trouble(page.url, page.standing, page.reason) for page in pages if page and page.standing in BAD
        ),
    )


def lines_of(status: Status, now: datetime) -> list[str]:
    """The status for a terminal."""
    if not status.generation:
        return _nothing_yet(status)
    lines = [
        f"{status.name}: generation {status.generation}, published {_ago(status.published, now)}, "
        f"origin last reached {_ago(status.checked, now)}",
        f"{_wide('column', 32)}{'items':>6}  {'newest':16}  {'last good':>10}  {'every':>7}  notes",
    ]
    for column in status.columns:
        notes = [
            *([f"{column.held} held"] if column.held else []),
            *([f"{len(column.troubles)} in quarantine or failed"] if column.troubles else []),
            *([f"{column.missing} missing from the list"] if column.missing else []),
            *([column.reason] if column.reason else []),
        ]
        lines.append(
            f"{_wide(column.id, 14)}{_wide(column.name, 18)}{column.items:>6}  {column.newest:16}  "
            f"{_ago(column.good, now):>10}  {_span(column.interval):>7}  {'; '.join(notes)}".rstrip()
        )
        for trouble in column.troubles[:SHOWN]:
            lines.append(f"    {trouble.standing} {trouble.url}: {trouble.reason}")
        if len(column.troubles) > SHOWN:
            lines.append(f"    ... and {len(column.troubles) - SHOWN} more")
    return lines


def _nothing_yet(status: Status) -> list[str]:
    """The status before the first publish."""
    asked = [column for column in status.columns if column.reason or column.troubles or column.held]
    if not asked:
        return [f"{status.name}: nothing has been published yet: run `python -m content_sync run --once`"]
    reasons = Counter(column.reason for column in asked if column.reason)
    reasons += Counter(trouble.reason for column in asked for trouble in column.troubles)
    held = sum(column.held for column in asked)
    waiting = [f"  {held} items wait for a person: see `python -m content_sync review`"] if held else []
    return [
        f"{status.name}: nothing has been published yet: no column has anything to show",
        *waiting,
        *(f"  {count} x {reason}" for reason, count in reasons.most_common(SHOWN)),
    ]


def _wide(text: str, width: int) -> str:
    """Padded to that many columns of a terminal, in which a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
    return text + " " * max(1, width - taken)


def _ago(moment: float, now: datetime) -> str:
    return f"{_span(max(0.0, now.timestamp() - moment))} ago" if moment else "never"


def _span(seconds: float) -> str:
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
