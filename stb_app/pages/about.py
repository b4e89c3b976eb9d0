"""The code that opens an item on a phone, and how to use the remote."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from portal.model import (
    AnyItem,
    Block,
    Heading,
    List,
    Table,
)
from stb_app.pages.page import SCREEN_MARK, Document, Link, Phone, Scene


def phone(scene: Scene, item: AnyItem, address: str) -> Phone:
    """The code that opens an item on a phone at `address`."""
    t = scene.text
    place, focus = scene.place.parent
    return Phone(
        title=t.gettext("用手机扫一扫"),
        text=(item.title, t.gettext("扫码后可在手机上看全文、存图、打电话。"), address),
        picture="/tv/qr.png?" + urlencode({"u": address}),
        back=Link("back", t.gettext("返回"), scene.link(place, focus), "8"),
    )


def help_document(scene: Scene) -> Document:
    """How to use it, in the viewer's words."""
    t = scene.text
    site = scene.site
    lines = (
        t.gettext("方向键移动亮块，确定键打开，返回键回到上一级，焦点还在原来的地方。"),
        t.gettext("每一条前面有数字：直接按数字就打开。9 翻到下一页，7 翻回上一页，8 返回。"),
        t.gettext("0 是号码框：输栏目号码，或名称的拼音首字母。比如驾照按 5 9。"),
        t.gettext("看到底再按 ▼，就翻到下一屏。"),
        t.gettext("字不够大，在首页选“大字”。"),
        t.gettext("彩色键是捷径：红键回首页，黄键换大字，绿键和蓝键打开这一页。"),
    )
    ways = (
        (t.gettext("电话"), site.hotline),
        (t.gettext("网站"), site.home),
        (t.gettext("手机"), t.gettext("在文章下面选“转到手机”，用手机扫码。")),
        (t.gettext("报警、火警、急救、交通事故"), "110、119、120、122"),
    )
    blocks: tuple[Block, ...] = (
        List(lines),
        Heading(t.gettext("还可以这样找政府")),
        Table(tuple((label, value) for label, value in ways if value)),
    )
    back_place, focus = scene.place.parent
    back = scene.link(back_place, focus)
    marked = replace(scene.place, screen=int("9" + SCREEN_MARK))
    return Document(
        title=t.gettext("怎么用遥控器"),
        meta="",
        section=None,
        blocks=blocks,
        buttons=(Link("back", t.gettext("返回首页"), back, "8"),),
        screen=scene.place.screen,
        screen_href=scene.link(marked).replace("9" + SCREEN_MARK, SCREEN_MARK),
        back=back,
        next_label=t.gettext("▼ 下一屏"),
        previous_label=t.gettext("▲ 上一屏"),
    )
