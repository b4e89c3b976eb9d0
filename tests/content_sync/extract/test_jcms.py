"""The three generations of lists that JCMS writes into scripts."""

from __future__ import annotations

from content_sync.extract import extract
from content_sync.extract.jcms import arrays, dataproxies, datastores
from content_sync.extract.page import Link
from tests.content_sync.extract.helpers import read

BASE = "http://q.example/col/col7/index.html"
STORE = (
    "<datastore><nextgroup><![CDATA[<a href='/module/web/jpage/dataproxy.jsp?page=1&amp;webid=1&amp;columnid=7&amp;unitid=9'></a>]]></nextgroup>"
    "<recordset><record><![CDATA[<li><a href='/art/2025/3/2/art_7_2.html' title='公交三路延长到新校区'>公交三路延…</a><span>2025-03-02</span></li>]]></record>"
    "<record><![CDATA[<li><a href='/art/2025/3/1/art_7_1.html'>社区菜店今天开门</a></li>]]></record></recordset></datastore>"
)


def test_arrays() -> None:
    script = (
        'urls[0]="/art/2025/3/2/art_7_2.html";headers[0]="公交&quot;三路&quot;延长";year[0]="2025";month[0]="03";day[0]="02";'
        "urls[1]='/art/2025/3/1/art_7_1.html';headers[1]='社区菜店开门';year[1]='2025';month[1]='3';day[1]='1';"
    )
    assert arrays(script, BASE) == [
        Link(title='公交"三路"延长', url="http://q.example/art/2025/3/2/art_7_2.html", date="2025-03-02"),
        Link(title="社区菜店开门", url="http://q.example/art/2025/3/1/art_7_1.html", date="2025-03-01"),
    ]
    assert read(f"<script>{script}</script>", BASE).items == tuple(arrays(script, BASE))


def test_arrays_that_do_not_match_are_no_list() -> None:
    assert arrays('headers[0]="a";headers[1]="b";urls[0]="/a"', BASE) == []
    assert arrays('x["a"]=1', BASE) == []


def test_a_datastore_in_a_page_names_the_parts_that_follow() -> None:
    page = read(
        f"<script type='text/xml'>{STORE}</script><script>var totalRecord=6;var perPage=2;</script>", BASE
    )
    assert page.items == (
        Link(
            title="公交三路延长到新校区", url="http://q.example/art/2025/3/2/art_7_2.html", date="2025-03-02"
        ),
        Link(title="社区菜店今天开门", url="http://q.example/art/2025/3/1/art_7_1.html", date="2025-03-01"),
    )
    assert page.total == 6
    assert [url.partition("?")[2][:6] for url in page.pages] == ["page=1", "page=2", "page=3"]
    assert page.pages[0].startswith(
        "http://q.example/module/web/jpage/dataproxy.jsp?page=1&webid=1&columnid=7"
    )


def test_what_the_dataproxy_answers_and_its_json_wrapping() -> None:
    url = "http://q.example/module/web/jpage/dataproxy.jsp?page=1&columnid=7&unitid=9"
    plain = STORE.replace("<datastore>", "<datastore><totalrecord>5</totalrecord><totalpage>3</totalpage>")
    direct = extract(f"<?xml version='1.0' encoding='utf-8'?>{plain}".encode(), url, "text/xml")
    assert direct.kind == "list" and len(direct.items) == 2 and direct.total == 5
    wrapped = plain.replace("\\", "").replace('"', '\\"')
    assert extract(f'{{"code":0,"data":"{wrapped}"}}'.encode(), url, "application/json").items == direct.items


def test_an_ajax_list_is_a_script_list_that_says_where_its_entries_are() -> None:
    page = read(
        "<div id='9'></div><script src='/script/jpage.js'></script>"
        "<script>new jpage({webid:'1',columnid:'7',unitid:'9',path:'/',permissiontype:'0'})</script>",
        BASE,
        "list",
    )
    assert page.script_list
    assert page.pages == (
        "http://q.example/module/web/jpage/dataproxy.jsp?page=1&webid=1&path=%2F&columnid=7&unitid=9&permissiontype=0",
    )


def test_records_by_start_and_end() -> None:
    markup = "<a href='/module/jpage/dataproxy.jsp?startrecord=1&endrecord=45&perpage=15&unitid=9'></a><totalrecord>100</totalrecord>"
    pages, total = dataproxies(markup, BASE, 45)
    assert total == 100
    assert [url.partition("?")[2].partition("&perpage")[0] for url in pages] == [
        "startrecord=46&endrecord=90",
        "startrecord=91&endrecord=100",
    ]


def test_records_that_never_close_are_left_out() -> None:
    assert datastores("<datastore><record><li><a href='/a'>没有结束的记录</a></li>", BASE) == []
