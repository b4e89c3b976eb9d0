"""The pages that are no list of the origin: on the go, and how a case stands. Asks, shapes, places."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.cases import OriginAway, digits_of, is_number
from portal.errors import NotFound, PortalError
from portal.fonts import has_font
from portal.http.base import Context
from portal.model import Block, Column, Image, Own, Paragraph, Run, Site, Unit
from portal.search.opened import State
from portal.text import LOCALES, Text
from portal.travel import around, now
from portal.travel.model import Travel
from portal.travel.now import Moment
from portal.tries import TooManyTries
from stb_app.address import Place
from stb_app.layout import document, grid, number, qr, rows, show
from stb_app.layout.look import Look
from stb_app.layout.view import View
from stb_app.pages import cases, guide
from stb_app.pages.letters import address
from stb_app.pages.page import Scene


@dataclass(frozen=True, slots=True)
class CaseAsked:
    """What an address asks of a case beside its number: `code` None where none was asked for yet."""

    code: str | None
    screen: int
    address: str


def place_of(site: Site, column: Column) -> Place:
    """The place of the page that a column stands for. From what one needs on the go Back leads to where the
    column is listed; who comes from the home page has another address."""
    if column.page != Own.GO:
        return Place("case")
    above = site.column(column.parent) if column.parent else None
    return Place("go", beside=Place("column", above.number), beside_focus=column.id) if above else Place("go")


async def around_unit(ctx: Context, t: Text, look: Look, unit: Unit) -> tuple[Block, ...]:
    """Where a unit is: a sentence, and a drawn plan where the origin has no picture of its own."""
    try:
        said = await ctx.places.beside(unit.id, t)
        drawn = has_font() and not unit.images and await ctx.places.has(unit.id)
    except PortalError:
        return ()
    found: list[Block] = [Paragraph((Run(said),))] if said else []
    if drawn:
        tag = f"{t.tag}." if t.tag != LOCALES[0] else ""
        room = look.area.height - look.title_line - look.button - 5 * look.gap
        found.append(
            Image(
                "",
                t.gettext("位置示意图"),
                "",
                f"/map/tv/{unit.id}.{tag}png",
                round(look.area.width),
                round(room),
            )
        )
    return tuple(found)


async def go(ctx: Context, scene: Scene, look: Look, focus: str, base: str) -> View:
    """On the go: the topics, one of them, or one fact. `base` is this server's address for phones."""
    at = Moment(scene.text, ctx.clock())
    if not scene.site.travel:
        raise NotFound("this city gives no facts for people on the go")
    travel = (await ctx.mirror.travel(scene.text.variant)).on(at.day)
    topic, _, fact = scene.place.number.partition(".")
    if not topic:
        return grid.view(guide.topics(scene, travel), look, focus)
    if topic == guide.TAKE:
        return qr.view(guide.take(scene, base), look)
    if topic not in guide.TOPICS:
        raise NotFound(f"no topic {topic}")
    if fact:
        return _fact(scene, look, focus, travel, topic, fact, at)
    if topic not in guide.LISTS:
        return document.view(guide.reading(scene, travel, topic, at), look, focus)
    return await _list(ctx, scene, look, focus, travel, topic, at)


def _fact(scene: Scene, look: Look, focus: str, travel: Travel, topic: str, fact: str, at: Moment) -> View:
    if topic in ("show", "today", "closed"):
        place = travel.place(fact)
        if place is not None:
            return show.view(guide.show(scene, place, at), look)
    given = next((each for each in now.advice(travel, topic) if each.id == fact), None)
    if given is None:
        raise NotFound(f"no fact {fact}")
    return document.view(guide.advice(scene, given, at), look, focus)


async def _list(
    ctx: Context, scene: Scene, look: Look, focus: str, travel: Travel, topic: str, at: Moment
) -> View:
    variant = scene.text.variant
    given = now.advice(travel, topic)
    matters = await around.matters(ctx, given, variant) if given else ()
    beside = guide.Beside(
        matters=[(head.id, head.title, head.note) for head in matters],
        notices=await around.closures(ctx, scene.site, variant) if topic == "closed" else (),
        cases=topic == "away",
        letters=address(scene.edition) if topic == "away" and ctx.letters is not None else "",
    )
    links = guide.choices(scene, travel, topic, at, beside)
    place = next((at for at, link in enumerate(links) if link.id == focus), None)
    if place is not None:
        # Back: what one comes from stands where it stands now.
        scene = replace(scene, place=replace(scene.place, page=place // look.rows + 1))
    return rows.view(guide.choosing(scene, topic, links, look.rows), look, focus)


async def case(ctx: Context, scene: Scene, look: Look, focus: str, asked: CaseAsked) -> View:
    """How a case stands: by its number among the published results, with its code from the origin."""
    digits, t = scene.place.number, scene.text
    length = ctx.cases.code if ctx.cases else 0
    if ctx.cases is not None and is_number(digits) and asked.code is not None:
        typed = digits_of(asked.code)[:length]
        if len(typed) < length:
            return number.view(cases.code(scene, typed, length), look, focus)
        try:
            found = await ctx.cases.find(digits, typed, asked.address)
        except TooManyTries:
            said = t.gettext("输错太多次了，请过十分钟再试。")
        except OriginAway:
            said = t.gettext("办件系统现在没有应答，请过一会儿再试。")
        else:
            if found is not None:
                return document.view(cases.shown(scene, found, typed, asked.screen), look, focus)
            said = t.gettext("单号和查询码对不上，请看收据再输一次。")
        return number.view(cases.code(scene, "", length, said), look, focus)
    answer = await ctx.finding.articles.cases(digits, t.variant) if is_number(digits) else None
    heads = [hit.head for hit in answer.hits] if answer else []
    preparing = answer is not None and answer.state is not State.READY
    said = t.gettext("正在准备查询，请过一会儿再试。") if preparing else ""
    page = cases.number(scene, heads, answer.total if answer else 0, length, said)
    return number.view(page, look, focus)
