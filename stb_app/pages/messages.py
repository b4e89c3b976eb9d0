"""Pages that say one thing: an error, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from portal.model import (
    Head,
)
from stb_app.address import Place
from stb_app.pages.page import Link, Message, Scene


def message(scene: Scene, status: int, when: str = "", held: Sequence[Link] = ()) -> Message:
    """The page for an error of the mirror. `when` an item was taken off; its title is gone with it."""
    t = scene.text
    back_place, focus = scene.place.parent
    back = scene.link(back_place, focus)
    home_link = Link("home", t.gettext("返回首页"), scene.link(Place()), "1")
    said: tuple[str, tuple[str, ...]]
    match status:
        case 404:
            said = (
                t.gettext("没有这一页"),
                (
                    t.gettext("号码或地址可能输错了，也可能内容已经换了地方。"),
                    t.gettext("要问政府的事，请打 {number}。").format(number=scene.site.hotline),
                ),
            )
        case 410:
            said = (
                t.gettext("这条信息已撤下"),
                (
                    t.gettext("内容已由原发布单位撤下。"),
                    t.gettext("撤下时间：{when}").format(when=t.moment(when, scene.today)) if when else "",
                ),
            )
        case 503:
            said = (
                t.gettext("内容暂时取不到"),
                (
                    t.gettext("我们正在恢复，请过几分钟再试。"),
                    t.gettext("下面是刚才还能看的内容。") if held else "",
                    t.gettext("要问政府的事，请打 {number}。").format(number=scene.site.hotline),
                ),
            )
        case _:
            said = (t.gettext("这一页出了问题"), (t.gettext("不是您的操作有误。请返回后再试。"),))
    searching = Link("number", t.gettext("找办事：输号码或拼音首字母"), scene.link(Place("number")), "0")
    buttons = (home_link, *held, searching) if status in (404, 410) else (home_link, *held)
    if back != home_link.href and scene.place.path:
        buttons = (Link("back", t.gettext("返回上一级"), back, BACK_DIGIT), *buttons)
    return Message(said[0], tuple(filter(None, said[1])), buttons, back)


def held_links(scene: Scene, heads: Sequence[Head]) -> tuple[Link, ...]:
    """Links to items that can still be shown while the mirror is away."""
    shown = [head for head in heads if not head.withdrawn][:HELD_SHOWN]
    return tuple(
        Link(head.id, head.title, scene.link(replace(Place(), item=head.id)), str(digit))
        for digit, head in enumerate(shown, 2)
    )


BACK_DIGIT = "8"
HELD_SHOWN = 3
