"""Lists that finding makes: the ways in, what words find, and what a search can be narrowed by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from portal.model import Kind, Section
from portal.search.articles import Answer
from portal.search.asked import Asked
from portal.search.lists import Listed, Row
from portal.search.opened import State
from stb_app.address import Place
from stb_app.pages.lists import list_legend, tile_legend
from stb_app.pages.page import Link, Rows, Scene

MOST_HITS = 8
"""Hits of a number box, the best first; who sees more types another digit."""

DEEPEST = 10_000
"""Hits that can be turned to."""

NARROW_DIGIT = "6"

_ABOUT_NOTES = ("soon",)
"""Ways whose lists are about what stands beside the titles."""


def way_back(scene: Scene, above: str | None) -> tuple[Place, str]:
    """Where Back leads from a way: to the way above it, from the ways themselves to the number box.

    above  the key of the way above, "" for the ways; None for those themselves
    """
    if above is None:
        return Place("number"), "way"
    return Place("way", above), scene.place.number


def way(scene: Scene, found: Listed, per_page: int, *, tiles: bool = False) -> Rows:
    """One page of a way; `tiles` stand side by side, and not one below the other."""
    key = scene.place.number
    back_place, focus = way_back(scene, found.above if key else None)
    return _page(scene, found, per_page, scene.link(back_place, focus), tiles=tiles)


def menu(scene: Scene, asked: Asked, found: Listed, per_page: int, *, tiles: bool = False) -> Rows:
    """What a search can be narrowed by, or the values of one filter."""
    if asked.menu == "all" and not asked.text:
        # The index tree of the documents is one of the ways.
        back = scene.link(*way_back(replace(scene, place=Place("way", "documents")), ""))
    else:
        back = scene.link(Place("search", found.above), asked.menu)
    return _page(scene, found, per_page, back, tiles=tiles)


def _page(scene: Scene, found: Listed, per_page: int, back: str, *, tiles: bool) -> Rows:
    t = scene.text
    pages = 1 if tiles else max(1, -(-found.total // per_page))
    page = min(scene.place.page, pages)
    links = [_link(scene, row, str(digit)) for digit, row in enumerate(found.rows, 1)]
    total = t.ngettext("共 {count} 条", "共 {count} 条", found.total).format(count=found.total)
    empty = t.gettext("这里暂时没有内容。")
    if found.state is not State.READY:
        empty = t.gettext("搜索正在准备，请过一会儿再来。")
    return Rows(
        title=found.title,
        section=Section.SERVICES,
        number=total if pages > 1 else "",
        page=page,
        pages=pages,
        rows=tuple(links),
        back=back,
        before=_turned(scene, page - 1, pages),
        after=_turned(scene, page + 1, pages),
        legend=tile_legend(t) if tiles else list_legend(t, pages > 1),
        empty="" if links else empty,
        after_label=t.gettext("下一页"),
        before_label=t.gettext("上一页"),
        back_label=t.gettext("返回"),
        last=_turned(scene, pages, pages) if pages > 1 else "",
    )


def _link(scene: Scene, row: Row, digit: str) -> Link:
    t = scene.text
    match row.kind:
        case "way":
            place = Place("way", row.target)
        case "asked":
            place = Place("search", row.target)
        case _:
            place = replace(scene.place, item=row.target, screen=1)
    number = row.number or 0
    count = t.ngettext("{count} 项", "{count} 项", number).format(count=number)
    notes = (row.note, "" if row.number is None else count)
    about = scene.place.kind == "way" and scene.place.number in _ABOUT_NOTES
    return Link(row.id, row.title, scene.link(place), digit, "　".join(filter(None, notes)), noted=about)


def results(scene: Scene, asked: Asked, title: str, found: Answer, per_page: int) -> Rows:
    """One page of what words find: how many, how to make them fewer, and the words marked."""
    t = scene.text
    total = min(found.total, DEEPEST)
    pages = max(1, -(-total // per_page))
    page = min(scene.place.page, pages)
    narrow = None
    if total > 1 or asked.narrowed:
        fewer = scene.link(Place("search", replace(asked, menu="all").token))
        narrow = Link("narrow", t.gettext("筛选"), fewer, NARROW_DIGIT)
    count = t.ngettext("共 {count} 条", "共 {count} 条", found.total).format(count=found.total)
    ready = found.state is State.READY
    rows = [
        Link(
            hit.head.id, hit.title.text, scene.link(replace(scene.place, item=hit.head.id, screen=1)), "",
            t.day(hit.head.published, scene.today) if hit.head.published else "",
            text=hit.snippet.text or hit.head.note, marks=hit.title.marks, text_marks=hit.snippet.marks,
        )
        for hit in found.hits
    ]  # fmt: skip
    if not rows or found.suggestion:
        rows = [*_instead(scene, asked, title, found, ready=ready), *rows][:per_page]
    hints = list_legend(t, pages > 1)
    if narrow is not None:
        hints = (t.gettext("按 6 筛选，会少一些"), hints[0])
    return Rows(
        title=title,
        section=None,
        number=count if ready else t.gettext("搜索正在准备"),
        page=page,
        pages=pages,
        rows=tuple(replace(link, digit=str(digit)) for digit, link in enumerate(rows, 1)),
        back=scene.link(*_back(asked)),
        before=_turned(scene, page - 1, pages),
        after=_turned(scene, page + 1, pages),
        legend=hints,
        after_label="▼",
        before_label="▲",
        back_label=t.gettext("返回"),
        last=_turned(scene, pages, pages) if pages > 1 else "",
        narrow=narrow,
    )


def _instead(scene: Scene, asked: Asked, title: str, found: Answer, *, ready: bool) -> Sequence[Link]:
    """What to do where nothing was found: what it sounds like, other words, the ways."""
    t = scene.text
    links: list[Link] = []
    if found.suggestion:
        said = t.gettext("您是不是要找：{name}").format(name=found.suggestion)
        links.append(Link("meant", said, scene.link(Place("search", Asked(found.suggestion).token))))
    if found.hits:
        return links
    if not ready:
        note = t.gettext("内容刚刚更新，请过一两分钟再找")
        links.append(Link("again", t.gettext("再找一次"), scene.link(scene.place), text=note))
    else:
        nothing = t.gettext("没有找到“{words}”").format(words=asked.text or title)
        links.append(Link("type", t.gettext("换个词再找"), scene.link(Place("search")), text=nothing))
    if asked.narrowed and asked.text:
        links.append(Link("wide", t.gettext("不筛选"), scene.link(Place("search", Asked(asked.text).token))))
    links.append(Link("way", t.gettext("不用输字，按类别找"), scene.link(Place("way"))))
    return links


def _back(asked: Asked) -> tuple[Place, str]:
    """Where Back leads from what was found: to the words, or up the tree that one came down."""
    if asked.text:
        return Place("search"), ""
    if asked.narrowed == (("kind", Kind.CASE.value),):
        return Place("way"), "cases"
    return Place("search", replace(asked, menu="all").token), "whole"


def _turned(scene: Scene, to: int, pages: int) -> str:
    return scene.link(replace(scene.place, page=to)) if 1 <= to <= pages and pages > 1 else ""
