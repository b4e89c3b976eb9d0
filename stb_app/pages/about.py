"""The code that opens an item on a phone, and how to use the remote."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from portal.hotlines import HOTLINES
from portal.model import (
    AnyItem,
    Block,
    Heading,
    List,
    Table,
)
from stb_app.pages.languages import language_link
from stb_app.pages.page import SCREEN_MARK, Document, Link, Phone, Scene

EMERGENCY = ("110", "119", "120", "122")
"""The numbers that everybody should find in a hurry."""


def phone(scene: Scene, item: AnyItem, address: str, entry: str, number: str) -> Phone:
    """The code that opens an item on a phone.

    address  of the item, for the code           entry  of the phone pages, to be typed by hand
    number   the item's dial number, or ""
    """
    t = scene.text
    place, focus = scene.place.parent
    typed: tuple[str, ...]
    if number:
        by_hand = t.gettext("不会扫码？在手机浏览器里输入网址，打开后输入号码：")
        typed, said = (_short(entry), number), t.gettext("在电视上按 0，再按这个号码，也能打开。")
    else:
        by_hand = t.gettext("不会扫码？在手机浏览器里输入网址：")
        typed, said = (_short(address),), ""
    return Phone(
        title=t.gettext("用手机扫一扫"),
        name=item.title,
        text=t.gettext("扫码后可在手机上看全文、存图、打电话。"),
        by_hand=by_hand,
        typed=typed,
        hint=said,
        picture="/tv/qr.png?" + urlencode({"u": address}),
        back=Link("back", t.gettext("返回"), scene.link(place, focus), "8"),
    )


def _short(address: str) -> str:
    """An address as one types it: browsers put its scheme before it."""
    return address.removeprefix("http://").removeprefix("https://")


def help_document(scene: Scene) -> Document:
    """How to use it, in the viewer's words."""
    t = scene.text
    site = scene.site
    keys = (
        ("▲▼◀▶", t.gettext("亮框跟着走；到底再按 ▼，翻到下一屏")),
        (t.gettext("确定"), t.gettext("打开亮框里的一项")),
        (t.gettext("返回"), t.gettext("回到刚才的地方")),
        ("1—8", t.gettext("打开前面有这个数字的一项")),
        ("9　7", t.gettext("下一页，上一页")),
        ("0", t.gettext("找办事：输号码，或名称的拼音首字母，如“驾照”按 5 9")),
        (t.gettext("黄键"), t.gettext("放大字，再按还原；首页也有“大字”")),
        (t.gettext("红键"), t.gettext("回首页")),
        (t.gettext("蓝键"), t.gettext("打开这一页")),
    )
    telephones = [(t.gettext("政府热线，什么事都可以问"), site.hotline)] if site.hotline else []
    telephones += [(t.gettext(HOTLINES[number]), number) for number in EMERGENCY]
    blocks: tuple[Block, ...] = (
        Table(keys),
        Heading(t.gettext("常用电话")),
        Table(tuple(telephones)),
        Heading(t.gettext("用手机和电脑看")),
        List(
            tuple(
                filter(
                    None,
                    (
                        t.gettext("看文章时选“转到手机”，再用手机扫码。"),
                        t.gettext("电脑上打开 {address}").format(address=_short(site.home).rstrip("/"))
                        if site.home
                        else "",
                    ),
                )
            )
        ),
    )
    back_place, focus = scene.place.parent
    back = scene.link(back_place, focus)
    marked = replace(scene.place, screen=int("9" + SCREEN_MARK))
    return Document(
        title=t.gettext("怎么用遥控器"),
        meta="",
        section=None,
        blocks=blocks,
        buttons=(
            replace(language_link(t, scene.link(scene.place.aside("lang", "lang"))), digit="3"),
            Link("back", t.gettext("返回"), back, "8"),
        ),
        screen=scene.place.screen,
        screen_href=scene.link(marked).replace("9" + SCREEN_MARK, SCREEN_MARK),
        back=back,
        next_label=t.gettext("▼ 下一屏"),
        previous_label=t.gettext("▲ 上一屏"),
    )
