"""What the mirror adds to the facts: the matters that advice names or tags, and what is closed today."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from portal.errors import PortalError
from portal.http.base import Context
from portal.model import Head, Kind, LifeScene, Notice, Site
from portal.search.ways import Sort, scene_ways
from portal.travel.model import Advice

MOST_MATTERS = 40
NOTICES_READ = 40
"""Notices of a column that are looked at, the newest first."""

_SAID = re.compile(
    r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日"
    r"(?:[^\d，。]{0,6}(?:至|到|—|-)(?:(?P<until_month>\d{1,2})月)?(?P<until_day>\d{1,2})日"
    r"|起[^\d，。]{0,8}(?P<days>\d{1,3})天)?"
)
_CLOSURES = re.compile(
    "停水|停电|停气|停暖|封闭|封路|管制|停运|停航|停课|闭馆|关闭|暂停|绕行|限行|施工|检修|预警"
)
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
        heads = {head.id: head for listed in lists.values() for head in listed if not head.withdrawn}
        items = await ctx.mirror.bodies(tuple(heads.values()), variant)
        for name in heads:
            item = items.get(name)
            if isinstance(item, Notice) and in_force(item, ctx.clock()):
                found[name] = item
    except PortalError:
        return tuple(found.values())
    return tuple(found.values())


def in_force(notice: Notice, now: datetime) -> bool:
    """Whether a notice of a closure holds on the day of `now`; one without an end holds on its day alone."""
    if _CLOSURES.search(notice.title) is None:
        return False
    day = now.strftime("%Y-%m-%d")
    begin, end = span(notice)
    return begin <= day <= end


def span(notice: Notice) -> tuple[str, str]:
    """First and last day of a notice, YYYY-MM-DD: as the origin states them, else as its title says them
    (11月20日起封闭27天, 11月20日至12月3日), else the day of its publication."""
    begin = (notice.valid_from or notice.published)[:10]
    if notice.valid_until:
        return begin, notice.valid_until[:10]
    found = _SAID.search(notice.title)
    if found is None:
        return begin, begin
    try:
        first = _of_year(begin, found["month"], found["day"])
        last = first
        if found["days"]:
            last = first + timedelta(days=min(int(found["days"]), 366) - 1)
        elif found["until_day"]:
            last = _of_year(first.isoformat(), found["until_month"] or found["month"], found["until_day"])
    except ValueError:
        return begin, begin
    return first.isoformat(), last.isoformat()


def _of_year(near: str, month: str, day: str) -> date:
    """The day of that month nearest after half a year before `near`; ValueError where there is none."""
    at = date.fromisoformat(near)
    found = [date(at.year + more, int(month), int(day)) for more in (-1, 0, 1)]
    return next(each for each in found if each >= at - timedelta(days=183))
