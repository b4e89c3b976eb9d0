"""Addresses of the edition -> pages: what an address names is read from the mirror and shaped."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import parse_qs, unquote

from portal.errors import NotFound
from portal.http.base import Context
from portal.letters.board.cache import this_week, weeks_of
from portal.letters.board.digest import digest
from portal.model import Column, Head, Section, Site, Unit
from portal.search import asked as searches
from portal.search.asked import Asked
from portal.text import LOCALES, text
from wap import items, lookups, own, pages
from wap.board import board_page
from wap.page import ROWS, Page
from wap.view import View

ROOT = "/wap"
MOST_FIELDS = 20
"""Parameters of an address that count; no page has so many."""

STALE_SECONDS = 36 * 3600
"""After so long without a sync that reached the origin the home page says how old its content is."""


@dataclass(frozen=True, slots=True)
class Request:
    """An address of the edition, taken apart.

    view     language, base and day            query         its parameters, the first value of each
    names    what the route's pattern found    number, deck  the places at its end, "2.3"; 1 where none
    address  of the phone, for counting wrong codes
    """

    ctx: Context
    view: View
    site: Site
    names: tuple[str, ...]
    query: Mapping[str, str]
    number: int
    deck: int
    address: str = ""


_LANGUAGE = re.compile(rf"^{ROOT}(?:/({'|'.join(LOCALES)})(?=/|$))?(/.*)?$")


def view_of(ctx: Context, path: str) -> tuple[View, str]:
    """The language of an address, and the rest of it from "/"."""
    found = _LANGUAGE.match(path)
    tag, rest = (found.group(1) or "", found.group(2) or "/") if found else ("", "")
    default = ctx.settings.locale if ctx.settings.locale in LOCALES else LOCALES[0]
    tag = tag or default
    bases = tuple((each, ROOT if each == default else f"{ROOT}/{each}") for each in LOCALES)
    today = ctx.clock().strftime("%Y-%m-%d")
    return View(text(tag), dict(bases)[tag], today, bases), rest


async def page_at(
    ctx: Context, view: View, site: Site, path: str, query: str, address: str = ""
) -> tuple[Page, int]:
    """The page of an address and which of its decks is asked for. `address` is the phone's own."""
    routed = ((make, found) for pattern, make in _ROUTES if (found := pattern.fullmatch(path)))
    make, found = next(routed, (None, None))
    if make is None or found is None:
        raise NotFound(path)
    values = {name: value[0] for name, value in parse_qs(query).items()}
    places = found.groupdict().get("place") or values.get("p", "")
    first, _, second = places.partition(".")
    request = Request(
        ctx,
        view,
        site,
        tuple(unquote(part) for part in found.groups()[:1] if part is not None),
        values,
        _count(first),
        _count(second),
        address,
    )
    page = await make(request)
    return page, request.deck if "." in places or make in _PAGED else request.number


def _count(digits: str) -> int:
    """A place in an address; 1 where it says nothing sensible."""
    return int(digits) if re.fullmatch(r"[1-9]\d{0,4}", digits) else 1


async def _home(request: Request) -> Page:
    ctx, view, site = request.ctx, request.view, request.site
    news = next((column for column in site.sections() if column.section is Section.NEWS), None)
    heads = [] if news is None else await _newest(ctx, site, news, view.text.variant)
    return pages.home(view, site, heads, _stale(ctx, view, site), letters=ctx.letters is not None)


async def _newest(ctx: Context, site: Site, column: Column, variant: str) -> list[Head]:
    """The newest items of a section: its own list, and those of the columns right below it."""
    found: dict[str, Head] = {}
    for each in (column, *site.children(column.id)):
        listing = await ctx.mirror.listing(each.id, 0, pages.HOME_NEWS, variant)
        found |= {head.id: head for head in listing.heads}
    return sorted(found.values(), key=lambda head: head.published, reverse=True)[: pages.HOME_NEWS]


def _stale(ctx: Context, view: View, site: Site) -> str:
    """A sentence that says how old the content is, "" where it is fresh."""
    now = ctx.clock()
    if not site.checked or (not ctx.mirror.away and now.timestamp() - site.checked < STALE_SECONDS):
        return ""
    moment = datetime.fromtimestamp(site.checked, now.tzinfo).strftime("%Y-%m-%d %H:%M")
    return view.text.gettext("内容更新到{}。").format(view.text.moment(moment, view.today))


async def _column(request: Request) -> Page:
    ctx, view, site, at = request.ctx, request.view, request.site, request.number
    name = request.names[0]
    column = site.by_number(name) or site.column(name)
    if column is None:
        raise NotFound(f"no column {name}")
    if column.page:
        return await own.own(request, column.page)
    return await _column_page(ctx, view, site, column, at)


async def _column_page(ctx: Context, view: View, site: Site, column: Column, at: int) -> Page:
    below = site.children(column.id)
    start = (at - 1) * ROWS
    columns = below[start : start + ROWS]
    listing = await ctx.mirror.listing(
        column.id, max(0, start - len(below)), ROWS - len(columns), view.text.variant
    )
    total = len(below) + listing.total
    if at > 1 and start >= total:
        raise NotFound(f"column {column.id} has no page {at}")
    heads = listing.heads if len(columns) < ROWS else ()
    return pages.column(view, site, column, columns, heads, total, at)


async def _item(request: Request) -> Page:
    return await _item_page(request.ctx, request.view, request.site, request.names[0])


async def _item_page(ctx: Context, view: View, site: Site, item_id: str) -> Page:
    item = await ctx.mirror.item(item_id, view.text.variant)
    ctx.finding.wanted.count(item.id)
    around = await own.where(ctx, view, item) if isinstance(item, Unit) else ()
    return items.item(view, site, item, await ctx.mirror.number_of(f"i:{item_id}"), around)


async def _number_box(request: Request) -> Page:
    """A number that is in use opens at once; else everything that what was typed could mean."""
    ctx, view, site = request.ctx, request.view, request.site
    query = lookups.tidied(request.query.get("q", ""))
    hits = await lookups.hits_of(ctx, query)
    if hits and hits[0].entry.number == query:
        kind, _, name = hits[0].entry.target.partition(":")
        if kind == "i":
            return await _item_page(ctx, view, site, name)
        if (column := site.column(name)) is not None:
            if column.page:
                return await own.own(replace(request, query={}), column.page)
            return await _column_page(ctx, view, site, column, 1)
    return await lookups.number_box(_lookup(request), query, hits)


async def _way(request: Request) -> Page:
    return await lookups.way(_lookup(request), "".join(request.names))


async def _search(request: Request) -> Page:
    """What a form sends has the words in `q`; what is chosen on a page, all of it in the address."""
    if "q" in request.query:
        return await lookups.search(_lookup(request), Asked(searches.typed(request.query["q"])))
    token = "".join(request.names)
    return await lookups.search(_lookup(request), searches.parse(token) if token else None)


def _lookup(request: Request) -> lookups.Lookup:
    return lookups.Lookup(request.ctx, request.view, request.site, request.number)


async def _board(request: Request) -> Page:
    """A week of the supervision board; this one where none is named."""
    letters = request.ctx.letters
    if letters is None:
        raise NotFound("this server has no letter box")
    now = request.ctx.clock()
    try:
        monday = date.fromisoformat(request.names[0]) if request.names else this_week(now)
    except ValueError:
        raise NotFound(f"no week {request.names[0]}") from None
    week = await weeks_of(letters).board(monday, now)
    return board_page(request.view, digest(week, letters.rules, request.view.text, now))


async def _go(request: Request) -> Page:
    return await own.go(request, request.names[0] if request.names else "")


async def _case(request: Request) -> Page:
    return await own.case(request, request.names[0] if request.names else "")


async def _paper(request: Request) -> Page:
    return await own.paper(request, request.names[0] if request.names else "")


async def _help(request: Request) -> Page:
    return pages.help_page(request.view, request.site)


_PLACE = r"(?:/(?P<place>[0-9.]{1,11}))?"
_ROUTES: tuple[tuple[re.Pattern[str], Callable[[Request], Awaitable[Page]]], ...] = (
    (re.compile(r"/(?P<place>[0-9]{1,3})?"), _home),
    (re.compile(rf"/c/([^/]+){_PLACE}/?"), _column),
    (re.compile(rf"/i/([^/]+){_PLACE}/?"), _item),
    (re.compile(rf"/n{_PLACE}/?"), _number_box),
    (re.compile(rf"/w(?:/([a-z][0-9a-z.-]{{0,80}}|-){_PLACE})?/?"), _way),
    (re.compile(rf"/s(?:/([A-Za-z0-9_.-]{{1,700}}){_PLACE})?/?"), _search),
    (re.compile(rf"/b(?:/([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}))?{_PLACE}/?"), _board),
    (re.compile(rf"/h{_PLACE}/?"), _help),
    (re.compile(rf"/g(?:/([a-z][a-z0-9-]{{0,30}}))?{_PLACE}/?"), _go),
    (re.compile(rf"/k(?:/([0-9]{{4,24}}))?{_PLACE}/?"), _case),
    (re.compile(rf"/p(?:/([A-Za-z0-9_-]{{5,40}}))?{_PLACE}/?"), _paper),
)
_PAGED = (_column, _number_box, _way, _search)
"""Pages of lists: the place in their address is that of the list, then that of the deck."""

_KEPT = re.compile(r"/(?:[0-9]{1,3})?|/[cih](?:/.*)?")
_OPENED = re.compile(r"/i/([^/]+)/?")


def keeps(path: str) -> bool:
    """Whether a page is the same for a whole generation; what is searched follows a moment later."""
    return _KEPT.fullmatch(path) is not None


def opened(path: str) -> str:
    """The item whose first deck an address opens, or ""."""
    found = _OPENED.fullmatch(path)
    return unquote(found[1]) if found else ""
