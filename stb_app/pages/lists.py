"""Lists: a group of columns, and a page of one column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from portal import vocabulary
from portal.model import (
    Column,
    Head,
    Kind,
)
from portal.text import Text
from stb_app.address import Place, href_of_column
from stb_app.pages.page import Link, Rows, Scene

ITEM_MARK = "ITEM-0000000"
"""Stands in an address where the id of an item goes."""


def column_back(scene: Scene, column: Column) -> str:
    """Where Back leads from a column: to the group above it, or home, with the focus on the column."""
    parent = scene.site.column(column.parent) if column.parent else None
    if parent is None:
        return scene.link(Place(), column.id)
    return scene.link(Place("column", parent.number), column.id)


def group(
    scene: Scene, column: Column, per_page: int, newest: dict[str, Head], *, tiles: bool = False
) -> Rows:
    """The page of a group of columns: each with its everyday words or its newest title. `tiles` stand side
    by side, and not one below the other."""
    children = scene.site.children(column.id)
    links = [
        Link(
            child.id,
            scene.column_name(child),
            scene.link(Place("column", child.number)),
            note=vocabulary.everyday(child.words, scene.text)
            or (newest[child.id].title if child.id in newest else ""),
            strong=True,
            weight=1 + sum(each.count for each in scene.site.below(child.id)),
        )
        for child in children
    ]
    begin = per_page * (min(scene.place.page, max(1, -(-len(links) // per_page))) - 1)
    shown = [replace(link, digit=str(at)) for at, link in enumerate(links[begin : begin + per_page], 1)]
    page = _rows(scene, column, shown, len(links), per_page)
    return replace(page, legend=tile_legend(scene.text)) if tiles else page


def column_page(
    scene: Scene, column: Column, heads: Sequence[Head], total: int, per_page: int, *, tiles: bool = False
) -> Rows:
    """One page of a column: `heads` are the items of this page. `tiles` stand side by side, what people call
    them before what they are called."""
    # Every row opens an address that differs in nothing but its item.
    place = scene.place
    opening = (
        href_of_column(scene.edition, column.number, place.page, ITEM_MARK)
        if place.beside is None
        else scene.link(replace(place, item=ITEM_MARK, screen=1))
    )
    if tiles:
        named = [
            (head, *(everyday(head) if head.kind is Kind.MATTER else (local(scene, head.title), head.note)))
            for head in heads
        ]
        links = [
            Link(head.id, name, opening.replace(ITEM_MARK, head.id), str(digit), note=official)
            for digit, (head, name, official) in enumerate(named, 1)
        ]
        page = _rows(scene, column, links, total, per_page)
        return replace(page, legend=tile_legend(scene.text))
    links = [
        Link(
            head.id, head.title, opening.replace(ITEM_MARK, head.id), str(digit), note=_row_note(scene, head)
        )
        for digit, head in enumerate(heads, 1)
    ]  # fmt: skip
    return _rows(scene, column, links, total, per_page)


def _row_note(scene: Scene, head: Head) -> str:
    """What stands at the right end of a row."""
    if head.kind in (Kind.MATTER, Kind.UNIT, Kind.CASE):
        return head.note
    return scene.text.day(head.published, scene.today) if head.published else ""


def _rows(scene: Scene, column: Column, links: Sequence[Link], total: int, per_page: int) -> Rows:
    t = scene.text
    pages = max(1, -(-total // per_page))
    page = min(scene.place.page, pages)
    parent = scene.site.column(column.parent) if column.parent else None
    name = scene.column_name(column)
    title = f"{scene.column_name(parent)} · {name}" if parent and not parent.parent else name

    def turned(to: int) -> str:
        return href_of_column(scene.edition, column.number, to) if 1 <= to <= pages else ""

    return Rows(
        title=title,
        section=column.section,
        number=t.gettext("号码 {number}").format(number=column.number) if column.number else "",
        page=page,
        pages=pages,
        rows=tuple(links),
        back=column_back(scene, column),
        before=turned(page - 1) if page > 1 else "",
        after=turned(page + 1),
        legend=list_legend(t, pages > 1),
        empty="" if links else t.gettext("这里暂时没有内容。"),
        after_label=t.gettext("下一页"),
        before_label=t.gettext("上一页"),
        back_label=t.gettext("返回"),
        last=turned(pages) if pages > 1 else "",
    )


def list_legend(t: Text, turns: bool) -> tuple[str, ...]:
    """What the keys do on a list; `turns` where it has more than one page."""
    first = t.gettext("▲▼ 选择，到底再按翻页") if turns else t.gettext("▲▼ 选择")
    return (first, t.gettext("确定 打开"), t.gettext("返回 上一级"))


def tile_legend(t: Text) -> tuple[str, ...]:
    """What the keys do where tiles stand side by side."""
    return (t.gettext("▲▼◀▶ 选择"), t.gettext("确定 打开"), t.gettext("返回 上一级"))


GOVERNMENT = "人民政府"


def local(scene: Scene, name: str) -> str:
    """The name of a public body without the city's before it, as people say it at home."""
    city = scene.site.name.removesuffix(GOVERNMENT)
    said = name.removeprefix(city)
    return said if city != scene.site.name and len(said) > 2 else name


def everyday(head: Head) -> tuple[str, str]:
    """What people call a matter, and its official name; the official name and "" where it has no other."""
    names = [name for name in head.note.split("、") if name]
    return (names[0], head.title) if names else (head.title, "")
