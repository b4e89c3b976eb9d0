"""The page that carries a matter's sheet (明白纸) from the television to a phone or a counter."""

from __future__ import annotations

from urllib.parse import urlencode

from portal.model import AnyItem
from stb_app.pages.page import Link, Phone, Scene

SPACED = 3
"""Digits of a code that are read as one group."""


def sheet(scene: Scene, item: AnyItem, base: str, code: str) -> Phone:
    """The code of a sheet: for a phone's camera, and as digits for whoever types.

    base   address of this server as phones reach it, without a slash at its end
    """
    t = scene.text
    place, _ = scene.place.parent
    address = f"{base}/p/{code}"
    short = base.partition("://")[2]
    return Phone(
        title=t.gettext("打印/带走（明白纸）"),
        name=item.title,
        text=t.gettext("扫码看，存下来或打印。"),
        by_hand=t.gettext("不会扫码？请窗口的人打开网址，输 6 位数字："),
        typed=(f"{short}/p", f"{code[:SPACED]} {code[SPACED:]}"),
        hint=t.gettext("7 天内有效。数字只说明是哪一件事，不记是谁看的。"),
        picture="/tv/qr.png?" + urlencode({"u": address}),
        back=Link("back", t.gettext("返回"), scene.link(place, "sheet"), "8"),
    )
