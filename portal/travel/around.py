"""What the mirror adds to the facts: the matters that advice names or tags, and what is closed today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from portal.errors import PortalError
from portal.http.base import Context
from portal.model import Head, Kind, LifeScene, Notice, Site
from portal.search.ways import Sort, scene_ways
from portal.travel.model import Advice

MOST_MATTERS = 40
NOTICES_READ = 40
"""Notices of a column that are looked at, the newest first."""

_CLOSURES = ("停水", "停电", "停气", "停暖", "封闭", "封路", "管制", "停运", "停航", "停课", "闭馆", "关闭", "暂停",
             "绕行", "限行", "施工", "检修", "预警")  # fmt: skip
"""Words of notices that tell of something that one cannot use today."""


async def matters(ctx: Context, given: Iterable[Advice], variant: str) -> tuple[Head, ...]:
    """Heads of the matters that advice names, in its order, then of those that bear its tags."""
    try:
        known = await ctx.finding.catalogue.matters()
        ids = ids_of(given, known)[:MOST_MATTERS]
        heads = await ctx.mirror.heads(ids, variant)
    except PortalError:
        # The advice is worth more than its links.
        return ()
    return tuple(heads[each] for each in ids if each in heads and not heads[each].withdrawn)


def ids_of(given: Iterable[Advice], known: tuple[Sort, ...]) -> list[str]:
    """Ids of matters for advice, each once: its steps first, then its tag."""
    found: dict[str, None] = {}
    for each in given:
        (way,) = scene_ways((LifeScene(id=each.id, name=each.name.zh, steps=each.steps),), known)
        found |= dict.fromkeys(way.ids)
    for each in given:
        if each.tag:
            found |= dict.fromkeys(matter.id for matter in known if _bears(matter, each.tag))
    return list(found)


def _bears(matter: Sort, tag: str) -> bool:
    return any(tag in words for words in (matter.title, *matter.everyday_names, *matter.categories))


async def closures(ctx: Context, site: Site, variant: str) -> tuple[Notice, ...]:
    """Notices of what one cannot use now, the newest first."""
    columns = tuple(column.id for column in site.columns if column.kind is Kind.NOTICE and column.count)
    found: dict[str, Notice] = {}
    try:
        lists = await ctx.mirror.newest(columns, NOTICES_READ, variant)
        for head in (head for heads in lists.values() for head in heads if not head.withdrawn):
            item = await ctx.mirror.item(head.id, variant)
            if isinstance(item, Notice) and in_force(item, ctx.clock()):
                found[item.id] = item
    except PortalError:
        return tuple(found.values())
    return tuple(found.values())


def in_force(notice: Notice, now: datetime) -> bool:
    """Whether a notice of a closure holds on the day of `now`; one without an end holds on its day alone."""
    if not any(word in notice.title for word in _CLOSURES):
        return False
    day = now.strftime("%Y-%m-%d")
    begin = (notice.valid_from or notice.published)[:10]
    end = (notice.valid_until or begin)[:10]
    return begin <= day <= end
