"""What the home page needs of the mirror, asked for in as few round trips as there can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.errors import PortalError
from portal.hant import to_hant
from portal.http.base import Context
from portal.model import Head, Kind, Notice, Section, Site
from stb_app import notices

ROWS = 3
"""How many of the newest items the home page may show."""

TOLD = 4
"""How many of the most wanted matters the home page tells of."""

NOTICES_READ = 8
"""How many of the newest notices of a column are looked at for one that is urgent now."""


@dataclass(frozen=True, slots=True)
class Front:
    """What is new: by section (id of its column -> newest head), of the news, and what is urgent; and the
    matters that are wanted most."""

    newest: Mapping[str, Head]
    recent: Sequence[Head]
    notice: Notice | None
    wanted: Sequence[Head] = ()


async def front(ctx: Context, site: Site, variant: str, area: str = "") -> Front:
    """What is new in a portal; notices for `area` (a name, or "") come before others."""
    notice = await _notice(ctx, site, variant, area)
    telling = {
        column.id: section
        for section in site.sections()
        if section.section is not Section.SERVICES
        for column in site.below(section.id)
        if column.count
    }
    found = await ctx.mirror.newest(tuple(telling), ROWS + 1, variant)
    newest: dict[str, Head] = {}
    recent: dict[str, Head] = {}
    for column, heads in found.items():
        section = telling[column]
        for head in heads:
            if notice is not None and head.id == notice.id:
                continue
            if section.id not in newest or head.published > newest[section.id].published:
                newest[section.id] = head
            if section.section is Section.NEWS:
                recent[head.id] = head
    order = sorted(recent.values(), key=lambda head: (head.published, head.id), reverse=True)
    return Front(newest, _rows(order), notice, await wanted(ctx, variant, TOLD))


async def wanted(ctx: Context, variant: str, most: int) -> list[Head]:
    """The matters that people open most, the most wanted first; none where nothing is known of them."""
    try:
        ids = await ctx.finding.most_wanted(most)
        heads = await ctx.mirror.heads(ids, variant)
    except PortalError:
        # The other pages are worth more than this one.
        return []
    return [heads[item_id] for item_id in ids if item_id in heads and not heads[item_id].withdrawn]


def _rows(order: Sequence[Head]) -> list[Head]:
    """The newest, and the newest that has a picture where none of them has."""
    shown = list(order[:ROWS])
    if shown and not any(head.picture for head in shown):
        shown += [head for head in order if head.picture][:1]
    return shown


async def _notice(ctx: Context, site: Site, variant: str, area: str) -> Notice | None:
    """The urgent notice of now, if there is one."""
    columns = tuple(column.id for column in site.columns if column.kind is Kind.NOTICE and column.count)
    if not columns:
        return None
    read: list[Notice] = []
    for heads in (await ctx.mirror.newest(columns, NOTICES_READ, variant)).values():
        for head in heads:
            if head.kind is Kind.NOTICE and not head.withdrawn:
                item = await ctx.mirror.item(head.id, variant)
                read += [item] if isinstance(item, Notice) else []
    return notices.current(read, ctx.clock(), to_hant(area) if variant else area)
