"""List pages in any markup."""

from __future__ import annotations

from content_sync.extract.page import Link
from tests.content_sync.extract.helpers import read

BASE = "http://q.example/col/index.html"
NAV = '<div class="nav"><ul><li><a href="/x/">新闻中心频道</a></li><li><a href="/y/">政务公开频道</a></li></ul></div>'
FOOT = '<div class="footer"><a href="/about.html">关于我们的网站</a> <a href="/map.html">网站地图与帮助</a> 版权所有</div>'


def test_entries_with_dates_beside_them() -> None:
    page = read(
        f"{NAV}<ul class=list><li><span>2025-03-02</span><a href='t20250302_2.html'>公交三路延长到新校区</a></li>"
        f"<li><span>[2025-03-01 08:30]</span><a href='/a/1.html'>社区菜店今天开门</a></li></ul>{FOOT}",
        BASE,
    )
    assert page.kind == "list"
    assert page.items == (
        Link(title="公交三路延长到新校区", url="http://q.example/col/t20250302_2.html", date="2025-03-02"),
        Link(title="社区菜店今天开门", url="http://q.example/a/1.html", date="2025-03-01 08:30"),
    )
    assert not page.script_list


def test_rows_of_an_old_table_and_a_pinned_one_of_another_look() -> None:
    rows = "".join(
        f"<tr><td><img src=dot.gif></td><td><a class=t href=show.asp?id={n}>关于第{n}号道路施工的通告</a></td><td>2025-03-{n:02}</td></tr>"
        for n in range(9, 0, -1)
    )
    page = read(
        f"<table><tr><td><b><a class=t href=show.asp?id=99>置顶：供水应急预案</a></b></td><td>2024-01-01</td></tr>{rows}</table>",
        BASE,
        "list",
    )
    assert len(page.items) == 10
    assert page.items[0] == Link(
        title="置顶：供水应急预案", url="http://q.example/col/show.asp?id=99", date="2024-01-01"
    )


def test_a_card_that_is_one_link_gives_its_heading() -> None:
    cards = "".join(
        f"<li><a href='{n}.html'><h2>第{n}批便民服务点名单公布</h2><div>今天公布第{n}批便民服务点的名单，居民可以就近办理业务。</div><i>2025-02-0{n}</i></a></li>"
        for n in (3, 2, 1)
    )
    page = read(f"{NAV}<div class=txt><ul>{cards}</ul></div>{FOOT}", BASE)
    assert [(item.title, item.date) for item in page.items] == [
        ("第3批便民服务点名单公布", "2025-02-03"),
        ("第2批便民服务点名单公布", "2025-02-02"),
        ("第1批便民服务点名单公布", "2025-02-01"),
    ]


def test_a_cut_title_is_completed_from_its_attribute_and_details_links_are_no_entries() -> None:
    rows = "".join(
        f"<div class=row><a href='{n}.html' title='关于进一步加强冬季供暖工作的通知第{n}号'>关于进一步加强冬季供…</a>"
        f"<p>供暖工作安排。<a href='{n}.html'>[详情]</a></p><em>2025-11-0{n}</em></div>"
        for n in (3, 2, 1)
    )
    page = read(rows, BASE, "list")
    assert [item.title for item in page.items] == [
        f"关于进一步加强冬季供暖工作的通知第{n}号" for n in (3, 2, 1)
    ]


def test_a_date_in_two_pieces_and_a_placeholder() -> None:
    page = read(
        "<ul><li><b>15</b><i>2024-10</i><a href=1.html>秋季助学金开始申请</a></li>"
        "<li><b>30</b><i>2000-11-30</i><a href=2.html>档案查询服务点名单</a></li></ul>",
        BASE,
        "list",
    )
    assert [item.date for item in page.items] == ["2024-10-15", ""]


def test_an_address_behind_a_click() -> None:
    rows = "".join(
        f"<li><a href='javascript:;' onclick=\"window.open('/info/{n}.htm')\">第{n}号公告全文</a><span>2025-01-0{n}</span></li>"
        for n in (2, 1)
    )
    assert [item.url for item in read(f"<ul>{rows}</ul>", BASE, "list").items] == [
        "http://q.example/info/2.htm",
        "http://q.example/info/1.htm",
    ]


def test_a_list_that_a_script_fills_is_not_an_empty_list() -> None:
    filled = read(
        f"{NAV}<ul id='newslist'></ul><script>$.getJSON('/api/list', show)</script>{FOOT}", BASE, "list"
    )
    assert filled.items == () and filled.script_list
    empty = read(f"{NAV}<ul class='newslist'></ul><p>暂无内容</p>{FOOT}", BASE, "list")
    assert empty.items == () and not empty.script_list


def test_an_article_with_related_reading_is_no_list() -> None:
    related = "".join(
        f"<li><a href='{n}.html'>相关的第{n}条新闻标题</a><span>2025-01-0{n}</span></li>" for n in range(1, 9)
    )
    page = read(
        "<h1>公交三路延长到新校区</h1><p>发布时间：2025-03-02 来源：交通局</p><div id=zoom><p>三路公交车今天起延长到新校区，全程票价不变。</p>"
        f"<p>早晚高峰每六分钟一班。</p></div><div class=xg><h3>相关新闻</h3><ul>{related}</ul></div>",
        BASE,
    )
    assert page.kind == "article"
    assert "相关的第" not in page.text
