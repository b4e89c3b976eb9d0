"""Pages that find things: the number box, the ways in, what words find, and how to narrow it. Pure.

/wap/n, /wap/n?q=59          the number box and its matches
/wap/w[/KEY[/PAGE]]          the ways in          /wap/s[?q=WORDS], /wap/s/ASKED[/PAGE]   word search
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from portal.dial import is_telephone
from portal.search.articles import Found
from portal.search.asked import Asked
from portal.search.digits import LETTERS
from portal.search.lists import Listed, Row
from portal.search.opened import State
from portal.text import Text
from wap.page import NARROW_KEY, ROWS, Ask, Line, Link, Page, Part
from wap.view import View, call_of, page_of

SNIPPET = 30
"""Characters of a snippet: more would cost a small phone a deck of its own."""


@dataclass(frozen=True, slots=True)
class Match:
    """One answer of the number box: a column or an item, by its number or its words."""

    number: str
    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the number box and what it could mean.

    total     how many things it could mean, however many can be turned to
    everywhere  how many things have the words anywhere, and where they are listed; 0 and "" for digits
    """

    query: str = ""
    matches: Sequence[Match] = ()
    total: int = 0
    everywhere: int = 0
    listed: str = ""


def number_box(view: View, typed: Typed, ways: Listed | None, at: int, of: int) -> Page:
    """The number box. `ways` are the ways that need no typing, shown while nothing is typed or found."""
    t, query = view.text, typed.query
    body: list[Part] = []
    if is_telephone(query):
        body.append(call_of(query, t.gettext("这是电话号码:")))
    elif query and not typed.matches and not typed.everywhere:
        body.append(Line(t.gettext("没有找到“{}”。").format(query)))
    if typed.total > ROWS:
        body.append(Line(count_said(t, typed.total, t.gettext("再按一位会少一些"))))
    body += [
        Link(match.href, f"{match.number} {match.text}".strip(), str(key))
        for key, match in enumerate(typed.matches, start=1)
    ]
    if typed.everywhere:
        label = t.ngettext("文章里找到 {count} 条", "文章里找到 {count} 条", typed.everywhere)
        body.append(Link(typed.listed, label.format(count=typed.everywhere), NARROW_KEY))
    body.append(Ask(f"{view.base}/n", "q", t.gettext("号码或名称:"), t.gettext("打开"), "", digits=False))
    if ways is not None:
        keys = " ".join(f"{digit}{letters}" for digit, letters in enumerate(LETTERS) if letters)
        body.append(Line(t.gettext("拼音首字母也行，驾照是59: {keys}").format(keys=keys)))
        body.append(Line(t.gettext("不用输字，按类别找:")))
        body += [_row(view, row, str(key)) for key, row in enumerate(ways.rows[:ROWS], start=1)]
    address = f"{view.base}/n"
    if query:
        address += f"?q={quote(query, safe='')}"
    page = f"{address}&p=" if query else f"{address}?p="
    return page_of(
        view, t.gettext("号码"), t.gettext("号码"), address if at == 1 else f"{page}{at}", body,
        more=f"{page}{at}.", menu=False, at=at, of=of, first=address, numbered=page,
    )  # fmt: skip


def way(view: View, key: str, found: Listed, at: int) -> Page:
    """One page of a way: its rows, numbered. `key` is that of `portal.search.lists`."""
    t = view.text
    body: list[Part] = []
    if found.state is not State.READY:
        body.append(Line(preparing(t)))
    body += [_row(view, row, str(digit)) for digit, row in enumerate(found.rows, start=1)]
    if not found.rows and found.state is State.READY:
        body.append(Line(t.gettext("这里还没有内容。")))
    address = f"{view.base}/w{f'/{key}' if key else ''}"
    up = (
        Link(f"{view.base}/w{f'/{found.above}' if found.above else ''}", t.gettext("上一级")) if key else None
    )
    numbered = f"{address}/" if key else f"{address}/-/"
    return page_of(
        view, found.title, found.title, address if at == 1 else f"{numbered}{at}", body,
        more=f"{numbered}{at}.", up=up, at=at, of=_pages(found.total), first=address, numbered=numbered,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what words find.

    title  the words and what they are narrowed by      count  how many there are and how to narrow them
    """

    asked: Asked
    title: str
    count: str
    hits: Sequence[Found]
    total: int
    suggestion: str = ""
    ready: bool = True


def results(view: View, found: Results, at: int) -> Page:
    """What words find: how many, how to narrow them, and eight hits a page with the words marked."""
    t, asked = view.text, found.asked
    body: list[Part] = []
    if not found.ready:
        body.append(Line(preparing(t)))
    elif not found.total:
        body.append(Line(t.gettext("没有找到“{}”。").format(asked.text or found.title)))
    if found.suggestion:
        meant = t.gettext("您是不是要找: {name}").format(name=found.suggestion)
        body.append(Link(address_of(view, Asked(found.suggestion)), meant))
    if found.total:
        body.append(Line(found.count))
    for key, hit in enumerate(found.hits, start=1):
        body.append(
            Link(view.item(hit.head.id), hit.title.text, str(key), t.day(hit.head.published, view.today))
        )
        if hit.snippet.text:
            body.append(Line(hit.snippet.text, marks=hit.snippet.marks))
    if found.total > 1 or asked.narrowed:
        body.append(Link(address_of(view, replace(asked, menu="all")), t.gettext("筛选"), NARROW_KEY))
    body.append(Ask(f"{view.base}/s", "q", t.gettext("找什么:"), t.gettext("查找"), asked.text, digits=False))
    body.append(Link(f"{view.base}/w", t.gettext("按类别找")))
    address = address_of(view, asked)
    return page_of(
        view, f"{t.gettext('查找')} {found.title}".strip(), t.gettext("查找"),
        address if at == 1 else f"{address}/{at}", body,
        more=f"{address}/{at}.", at=at, of=_pages(found.total), first=address, numbered=f"{address}/",
    )  # fmt: skip


def menu(view: View, asked: Asked, found: Listed, at: int) -> Page:
    """What a search can be narrowed by, or the values of one filter, numbered."""
    t = view.text
    body: list[Part] = [_row(view, row, str(digit)) for digit, row in enumerate(found.rows, start=1)]
    address = address_of(view, asked)
    up = Link(f"{view.base}/s/{found.above}", t.gettext("上一级")) if found.above else None
    return page_of(
        view, found.title, t.gettext("筛选"), address if at == 1 else f"{address}/{at}", body,
        more=f"{address}/{at}.", up=up, at=at, of=_pages(found.total), first=address, numbered=f"{address}/",
    )  # fmt: skip


def address_of(view: View, asked: Asked) -> str:
    """The address of a search."""
    return f"{view.base}/s/{asked.token}"


def preparing(t: Text) -> str:
    """What is said while the index of the articles is being made."""
    return t.gettext("搜索正在准备，请过一会儿再试。按号码、按类别找不受影响。")


def count_said(t: Text, total: int, hint: str) -> str:
    """How many hits there are, and how to make them fewer."""
    count = t.ngettext("共 {count} 条", "共 {count} 条", total).format(count=total)
    return t.gettext("{count}，{hint}").format(count=count, hint=hint)


def _pages(total: int) -> int:
    return max(1, -(-total // ROWS))


def _row(view: View, row: Row, key: str) -> Link:
    leads = {
        "way": f"{view.base}/w/{row.target}",
        "asked": f"{view.base}/s/{row.target}",
        "item": view.item(row.target),
    }
    text = row.title if row.number is None else f"{row.title} ({row.number})"
    return Link(leads[row.kind], text, key, row.note)
