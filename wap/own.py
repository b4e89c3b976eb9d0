"""The pages that are no list of the origin: the guide, cases, sheets. Addresses in, pages out."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from portal.cases import OriginAway, digits_of, is_number
from portal.errors import NotFound, PortalError
from portal.fonts import has_font
from portal.http.base import Context
from portal.model import Own, Site, Unit
from portal.search.opened import State
from portal.sheet.codes import Codes
from portal.sheet.desk import sheet_of
from portal.text import text
from portal.travel import around, now
from portal.travel.model import Travel
from portal.travel.now import Moment
from portal.tries import TooManyTries
from wap import cases, guide, sheet
from wap.page import Line, Page, Part, Picture
from wap.view import View

if TYPE_CHECKING:
    from wap.routes import Request

ROWS = 8
_TOPICS = frozenset(key for key, _, _ in now.TOPICS)


async def own(request: Request, page: str) -> Page:
    """The page that a column stands for."""
    if page == Own.GO:
        return await go(request, "")
    if page == Own.CASES:
        return await case(request, "")
    raise NotFound(f"no page {page}")


async def go(request: Request, name: str) -> Page:
    """The guide, one topic of it, or one address to show."""
    ctx, view, site = request.ctx, request.view, request.site
    at = Moment(view.text, ctx.clock())
    travel = await held(ctx, site, view, at)
    column = site.own(Own.GO)
    if not name:
        return guide.stranger(view, column, travel, at)
    if name == "more":
        return guide.topics(view, column, travel)
    if name.startswith("at-"):
        place = travel.place(name.removeprefix("at-"))
        if place is None:
            raise NotFound(f"no place {name}")
        return guide.show(view, column, place, at)
    if name not in _TOPICS:
        raise NotFound(f"no topic {name}")
    advice = now.advice(travel, name)
    beside = guide.Beside(
        matters=await around.matters(ctx, advice, view.text.variant) if advice else (),
        notices=await around.closures(ctx, site, view.text.variant) if name == "closed" else (),
        ways=_ways(ctx, view, site) if name == "away" else (),
    )
    return guide.topic(view, column, travel, name, at, beside)


async def held(ctx: Context, site: Site, view: View, at: Moment) -> Travel:
    """The facts that have not ended. NotFound where the city gives none."""
    if not site.travel:
        raise NotFound("this city gives no facts for people on the go")
    return (await ctx.mirror.travel(view.text.variant)).on(at.day)


def _ways(ctx: Context, view: View, site: Site) -> list[tuple[str, str]]:
    """Where somebody away from home asks how things stand."""
    found = []
    if ctx.letters is not None:
        found.append((f"{view.base}/l", view.text.gettext("写信、查回信")))
    if (column := site.own(Own.CASES)) is not None:
        found.append((f"{view.base}/k", view.name(column)))
    return found


async def where(ctx: Context, view: View, unit: Unit) -> tuple[Part, ...]:
    """Where a unit is: a sentence, and a drawn plan where the origin has no picture of its own."""
    try:
        said = await ctx.places.beside(unit.id, view.text)
        drawn = has_font() and not unit.images and await ctx.places.has(unit.id)
    except PortalError:
        return ()
    plan = Picture(f"/map/wap/{unit.id}", view.text.gettext("位置示意图"), 320, 240)
    return (*((Line(said),) if said else ()), *((plan,) if drawn else ()))


async def case(request: Request, digits: str) -> Page:
    """How a case stands: by its number among the published results, with its code from the origin."""
    ctx, view, site = request.ctx, request.view, request.site
    digits = digits or digits_of(request.query.get("n", ""))
    code = digits_of(request.query.get("k", ""))
    column, t = site.own(Own.CASES), view.text
    length = ctx.cases.code if ctx.cases else 0
    said = ""
    if ctx.cases is not None and digits and code:
        try:
            found = await ctx.cases.find(digits, code, request.address)
        except TooManyTries:
            said = t.gettext("输错太多次了，请过十分钟再试。")
        except OriginAway:
            said = t.gettext("办件系统现在没有应答，请过一会儿再试。")
        else:
            if found is not None:
                return cases.shown(view, column, found)
            said = t.gettext("单号和查询码对不上，请看收据再输一次。")
    answer = await ctx.finding.articles.cases(digits, t.variant) if is_number(digits) else None
    heads = [hit.head for hit in answer.hits] if answer else []
    if answer and answer.state is not State.READY:
        said = said or t.gettext("正在准备查询，请过一会儿再试。")
    elif digits and not is_number(digits):
        said = said or t.gettext("单号至少要有 4 位数字。")
    return cases.asking(view, site, column, digits, heads, answer.total if answer else 0, length, said)


async def paper(request: Request, item_id: str) -> Page:
    """The sheet of a matter, or the form for its code."""
    ctx, view, t = request.ctx, request.view, request.view.text
    if item_id:
        return await _sheet(ctx, view, item_id)
    typed = request.query.get("c", "")
    if not typed:
        return sheet.form(view)
    codes = Codes(ctx.mirror.redis, ctx.mirror.keys.site_id, secrets.randbelow)
    try:
        carried = await codes.open(digits_of(typed), request.address)
        if t.tag == ctx.settings.locale:
            # Who has not chosen a language here has chosen one on the television.
            view = replace(view, text=text(carried.locale), base=dict(view.bases)[carried.locale])
        return await _sheet(ctx, view, carried.item)
    except TooManyTries:
        return sheet.form(view, t.gettext("输错太多次了，请过十分钟再试。"))
    except NotFound:
        return sheet.form(view, t.gettext("没有这个数字，或者已经过期。请看电视上的数字再输一次。"))


async def _sheet(ctx: Context, view: View, item_id: str) -> Page:
    today = ctx.clock().strftime("%Y-%m-%d")
    return sheet.sheet(view, await sheet_of(ctx.mirror, item_id, view.text, today), item_id)
