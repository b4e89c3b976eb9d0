"""Pages that are about the box itself: learning its keys, standby, leaving, the operator's services."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.model import name_in
from portal.text import N_
from remote_nav.keymap import ARROWS, Action
from remote_nav.learn import ASKED
from stb_app.address import Place, href
from stb_app.operators import Operator, Service
from stb_app.pages import Link, Message, Rows, Scene
from stb_app.pages.lists import list_legend

LEARNED_MARK = "KEYS0"
"""Stands in `Learning.learned` where the word of the learned keys goes."""

KEY_NAMES = {
    Action.UP: (N_("▲ 上"), N_("请按 ▲ 上键")),
    Action.DOWN: (N_("▼ 下"), N_("请按 ▼ 下键")),
    Action.LEFT: (N_("◀ 左"), N_("请按 ◀ 左键")),
    Action.RIGHT: (N_("▶ 右"), N_("请按 ▶ 右键")),
    Action.OK: (N_("确定"), N_("请按 确定键")),
    Action.BACK: (N_("返回"), N_("请按 返回键")),
}
"""What each key is called on its square, and how one is asked to press it."""


@dataclass(frozen=True, slots=True)
class Learning:
    """The page that learns the keys.

    asks, hints  one sentence a step, of what to press and of what else one can do
    learned      the home page with LEARNED_MARK in its edition       skip  the home page as it is
    probe        where the script says what it knows of the box first, or ""
    """

    title: str
    text: str
    keys: tuple[Link, ...]
    asks: tuple[str, ...]
    hints: tuple[str, ...]
    learned: str
    mark: str
    skip: str
    skip_label: str
    probe: str


def learning(scene: Scene, *, probed: bool) -> Learning:
    """The page that learns the keys of the box of the address."""
    t = scene.text
    plain = replace(scene.edition, keys="")
    home = href(plain, Place())
    keys = tuple(
        Link(action.value, t.gettext(name), home, short=name[0] if action in ARROWS else "")
        for action, (name, _) in ((action, KEY_NAMES[action]) for action in ASKED)
    )
    again = t.gettext("按错了？再按一次 ▲ 重来")
    hints = ["", "", *[again] * (len(ASKED) - 3), t.gettext("没有返回键，就再按一次确定键")]
    # The mark stands where the word will: options that follow it in the segment stay behind it.
    learned = href(replace(plain, keys=LEARNED_MARK), Place())
    return Learning(
        title=t.gettext("认一认您的遥控器"),
        text=t.gettext("我们还不认识这个机顶盒。请看着屏幕，依次按六个键。"),
        keys=keys,
        asks=tuple(t.gettext(KEY_NAMES[action][1]) for action in ASKED),
        # A hint is never empty: the script changes its text, and there has to be one.
        hints=tuple(hint or t.gettext("按一下就好，不用一直按着") for hint in hints),
        learned=learned,
        mark=LEARNED_MARK,
        skip=home,
        skip_label=t.gettext("我是电脑，跳过这一步"),
        probe="" if probed else href(plain, Place("keys")),
    )


@dataclass(frozen=True, slots=True)
class Standby:
    """The page after idle; `minute` is a number that grows by one a minute."""

    name: str
    clock: str
    day: str
    minute: int
    wake: str


def standby(scene: Scene, wake: str) -> Standby:
    """The standby page; any key leads to `wake`."""
    t = scene.text
    hour, _, minute = scene.now.partition(":")
    return Standby(
        name=name_in(scene.site.names, t.tag, scene.site.name),
        clock=scene.now,
        day=f"{t.day_of_year(scene.today)} {t.weekday(scene.today)}",
        minute=int(hour) * 60 + int(minute),
        wake=wake,
    )


def leaving(scene: Scene) -> Message:
    """What stands on the screen while, and where, the box does not take the screen back."""
    t = scene.text
    home = scene.link(Place())
    return Message(
        t.gettext("正在退出"),
        (t.gettext("如果画面没有变化，请按遥控器上的“首页”或“退出”键。"),),
        (Link("home", t.gettext("回到阳光政务"), home, "1"),),
        home,
    )


def services(scene: Scene, operator: Operator, per_page: int) -> Rows:
    """The operator's own services: a list whose rows lead out of the portal."""
    t = scene.text
    pages = max(1, -(-len(operator.services) // per_page))
    page = min(scene.place.page, pages)
    shown = operator.services[(page - 1) * per_page : page * per_page]

    def turned(to: int) -> str:
        return scene.link(Place("services", page=to)) if 1 <= to <= pages else ""

    return Rows(
        title=t.gettext("运营商服务"),
        section=None,
        number=operator.names.get(t.tag, operator.title),
        page=page,
        pages=pages,
        rows=tuple(
            _service(service, t.tag, (page - 1) * per_page + digit, digit)
            for digit, service in enumerate(shown, 1)
        ),
        back=scene.link(Place(), "to_services"),
        before=turned(page - 1),
        after=turned(page + 1),
        legend=list_legend(t, pages > 1),
        empty="" if shown else t.gettext("这里暂时没有内容。"),
        after_label=t.gettext("下一页"),
        before_label=t.gettext("上一页"),
        back_label=t.gettext("返回"),
        last=turned(pages) if pages > 1 else "",
    )


def _service(service: Service, tag: str, number: int, digit: int) -> Link:
    name = service.names.get(tag, service.name)
    return Link(f"s{number}", name, service.address, str(digit), strong=True)
