"""The home page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from portal import vocabulary
from portal.model import (
    Head,
    Notice,
    Own,
    Section,
    name_in,
)
from portal.text import N_, Text
from stb_app.address import Place, href
from stb_app.pages.languages import language_link
from stb_app.pages.lists import everyday
from stb_app.pages.page import Home, Link, Scene

ALERTS = {
    **dict.fromkeys(("红色", "紅色"), N_("红色预警")),
    "橙色": N_("橙色预警"),
    **dict.fromkeys(("黄色", "黃色"), N_("黄色预警")),
    **dict.fromkeys(("蓝色", "藍色"), N_("蓝色预警")),
}
"""The four levels of public warnings, in both scripts of the mirror."""


def home(
    scene: Scene,
    newest: dict[str, Head],
    recent: Sequence[Head],
    notice: Notice | None = None,
    *,
    live: bool = False,
    wanted: Sequence[Head] = (),
    letters: str = "",
) -> Home:
    """The home page.

    newest   column id of a section -> its newest head         recent  heads for the rows beside
    notice   the urgent notice of now                          live    whether the box shows its programme
    wanted   the first of the matters that are wanted most     letters the address of the letters page, or ""
    """
    t = scene.text
    tiles = tuple(
        Link(
            column.id,
            scene.column_name(column),
            scene.link(Place("column", column.number)),
            str(digit),
            newest[column.id].title
            if column.id in newest and column.section in _TELLING
            else vocabulary.everyday(column.words, t),
            column.section,
        )
        for digit, column in enumerate(scene.site.sections(), 1)
    )
    rows = tuple(_home_link(scene, head) for head in recent)
    pictured = next((head for head in recent if head.picture), None)
    size = t.gettext("标准字") if scene.edition.large else t.gettext("大字")
    buttons = (
        Link("large", size, href(replace(scene.edition, large=not scene.edition.large), Place(), "large")),
        language_link(t, scene.link(Place("lang"))),
        Link("help", t.gettext("怎么用"), scene.link(Place("help")), short=t.gettext("帮助")),
        *_ways_out(scene),
    )
    return Home(
        name=name_in(scene.site.names, t.tag, scene.site.name),
        clock=f"{t.day_of_year(scene.today)} {t.weekday(scene.today)}  {scene.now}",
        fresh=t.gettext("内容更新于 {when}").format(when=t.moment(_checked(scene), scene.today)),
        hotline=t.gettext("政府热线 {number}").format(number=scene.site.hotline),
        tiles=tiles,
        number=Link(
            "number",
            t.gettext("找办事：输号码或拼音首字母"),
            scene.link(Place("number")),
            "0",
            short=t.pgettext("button", "找办事"),
        ),
        rows=rows,
        buttons=buttons,
        pictured=_home_link(scene, pictured) if pictured else None,
        picture=pictured.picture if pictured else "",
        legend=(t.gettext("▲▼◀▶ 选择"), t.gettext("确定 打开")),
        notice=_notice_link(scene, notice) if notice else None,
        wanted=_wanted_link(scene, wanted) if wanted else None,
        letters=Link("letters", t.gettext("写信、查回信"), letters, short=t.gettext("写信"))
        if letters
        else None,
        travel=_travel_link(scene),
        live=live,
        back=scene.link(Place("leave")) if scene.leave else "",
    )


def _ways_out(scene: Scene) -> Iterator[Link]:
    """The buttons that lead out of the portal, where there is an operator to lead to."""
    t = scene.text
    if scene.operator is not None and scene.operator.services:
        yield Link(
            "to_services", t.gettext("运营商服务"), scene.link(Place("services")), short=t.gettext("运营商")
        )
    if scene.leave:
        yield Link("to_leave", t.gettext("退出"), scene.link(Place("leave")))


def _wanted_link(scene: Scene, wanted: Sequence[Head]) -> Link:
    """The way to what is wanted most, with a few names of it."""
    names = " ".join(everyday(head)[0] for head in wanted)
    return Link(
        "wanted",
        scene.text.gettext("大家常办"),
        scene.link(Place("wanted")),
        note=names,
        section=Section.SERVICES,
    )


def _travel_link(scene: Scene) -> Link | None:
    """The way to what one needs on the go, where the city gives facts for that and a place to them."""
    column = scene.site.own(Own.GO)
    if column is None or not scene.site.travel:
        return None
    return Link(
        "travel",
        scene.column_name(column),
        scene.link(Place("go")),
        section=Section.SERVICES,
    )


def _notice_link(scene: Scene, notice: Notice) -> Link:
    """An urgent notice as the first row: its word says what it is, before any colour does."""
    t = scene.text
    return Link(
        notice.id,
        notice.title,
        scene.link(replace(Place(), item=notice.id)),
        note=_severity(t, notice.severity),
    )


def _severity(t: Text, severity: str) -> str:
    """The word of a notice: 黄色预警 for a colour, else what the origin calls it, else 通知."""
    return t.gettext(ALERTS[severity]) if severity in ALERTS else severity or t.gettext("通知")


def _home_link(scene: Scene, head: Head) -> Link:
    return Link(head.id, head.title, scene.link(replace(Place(), item=head.id)))


_TELLING = (Section.INTERVIEWS, Section.DISCLOSURE)
"""Sections whose tile tells what is newest. That of the services says what one can do there, and that of
the news what there is: the newest stands beside it, to be opened at once."""


def _checked(scene: Scene) -> str:
    return scene.text.from_epoch(scene.site.checked or scene.site.published, scene.site.time_zone)
