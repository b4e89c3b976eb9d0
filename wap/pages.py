"""Home, columns, help and errors of the phone edition. Pure: model values in, Page out.

Addresses are short, since each octet counts in a deck, and are the same for every phone:

    /wap/              home                      /wap/c/310      a column, /wap/c/310/2 its second page
    /wap/i/ID          an item                   /wap/n          the number box, /wap/n?q=59 its matches
    /wap/h             help                      /wap/en/...     all of it in another language
    /wap/w             ways that need no typing  /wap/s?q=WORDS  word search; all three in `wap.finding`

What does not fit into one deck goes on: /wap/i/ID/2, and /wap/c/310/2.2 for the second deck of a page.
"""

from __future__ import annotations

from collections.abc import Sequence

from portal.model import Column, Head, Site
from portal.text import N_
from wap.page import ROWS, Line, Link, Page, Part
from wap.view import View, call_of, page_of

HOME_NEWS = 4
"""Newest news on the home page, numbered on after the four sections."""

LANGUAGE_NAMES = {"zh-Hans": "简体", "zh-Hant": "繁體", "en": "English"}
"""How each language calls itself."""


def home(view: View, site: Site, news: Sequence[Head], stale: str = "", *, letters: bool = False) -> Page:
    """The four sections, the newest news, help and the languages. `stale`: since when nothing is new;
    `letters`: whether letters can be written here.
    """
    t = view.text
    body: list[Part] = [Line(stale)] if stale else []
    sections = site.sections()
    body += [
        Link(view.column(section), view.name(section), str(key), view.words(section))
        for key, section in enumerate(sections, start=1)
    ]
    body += [
        Link(view.item(head.id), head.title, str(key))
        for key, head in enumerate(news[: ROWS - len(sections)], start=len(sections) + 1)
    ]
    if letters:
        body.append(Link(f"{view.base}/l", t.gettext("写信、查回信")))
    body.append(Link(f"{view.base}/h", t.gettext("帮助")))
    body += [Link(f"{base}/", LANGUAGE_NAMES[tag]) for tag, base in view.bases if tag != t.tag]
    city = view.city(site)
    return page_of(view, city, city, f"{view.base}/", body, home=False)


def column(
    view: View,
    site: Site,
    column: Column,
    columns: Sequence[Column],
    heads: Sequence[Head],
    total: int,
    at: int,
) -> Page:
    """One page of a column: first the columns below it, then its items, eight rows in all.

    columns, heads  what this page shows           total  rows of all its pages
    """
    t = view.text
    rows = [Link(view.column(below), view.name(below), note=view.words(below)) for below in columns]
    rows += [Link(view.item(head.id), head.title, note=_note(view, head)) for head in heads]
    body: list[Part] = [Link(row.href, row.text, str(key), row.note) for key, row in enumerate(rows, start=1)]
    if not body:
        body.append(Line(t.gettext("这里还没有内容。")))
    address = view.column(column)
    above = site.column(column.parent) if column.parent else None
    up = None if above is None else Link(view.column(above), view.name(above))
    name = view.name(column)
    return page_of(
        view,
        f"{name} {column.number}".strip(),
        name,
        address if at == 1 else f"{address}/{at}",
        body,
        more=f"{address}/{at}.",
        up=up,
        at=at,
        of=max(1, -(-total // ROWS)),
        first=address,
        numbered=f"{address}/",
    )


def _note(view: View, head: Head) -> str:
    """The quieter second text of a row: everyday names, a telephone, or the day."""
    return head.note or view.text.day(head.published, view.today)


def help_page(view: View, site: Site) -> Page:
    """How the keys work, and whom to ring."""
    t = view.text
    sentences = (
        t.gettext("按1到8打开编了号的一行。"),
        t.gettext("按9看下一页。"),
        t.gettext("按0输入号码: 电视、手机和宣传页上的号码都一样。"),
        t.gettext("“返回”键回到上一页。"),
        t.gettext("手机不认这些键时，用方向键选中再按确定。"),
    )
    body: list[Part] = [Line(sentence) for sentence in sentences]
    if site.hotline:
        body.append(call_of(site.hotline, t.gettext("有事请打政府服务热线:")))
    title = t.gettext("帮助")
    return page_of(view, title, title, f"{view.base}/h", body)


_EXPLAINED = {
    400: N_("这个请求看不懂。"),
    403: N_("这里只能看本市的网页，不通向别的网站。"),
    404: N_("没有这一页。"),
    405: N_("这里只能看，不能写。"),
    410: N_("这一页已经撤下。"),
    413: N_("这一页太大，这部手机放不下。"),
    415: N_("这部手机打不开这种文件。"),
    501: N_("这里不办理这样的请求。"),
    502: N_("对方网站没有应答，请稍后再试。"),
    504: N_("对方网站没有应答，请稍后再试。"),
    503: N_("暂时取不到新的内容。已经取到的页面还可以看。"),
}
_FAULT = N_("这一页出了问题，请稍后再试。")


def error(view: View, status: int, site: Site | None, when: str = "") -> Page:
    """What went wrong, and the ways on. `when` an item was taken off; its title is gone with it.

    site   None where not even that can be read; its sections are the ways on
    """
    t = view.text
    body: list[Part] = [Line(t.gettext(_EXPLAINED.get(status, _FAULT)))]
    if when:
        body.append(Line(t.gettext("撤下时间: {}").format(t.moment(when, view.today))))
    sections = () if site is None else site.sections()
    body += [
        Link(view.column(section), view.name(section), str(key))
        for key, section in enumerate(sections, start=1)
    ]
    where = t.gettext("提示") if site is None else view.city(site)
    return page_of(view, f"{where} {status}", t.gettext("提示"), f"{view.base}/", body, menu=site is not None)
