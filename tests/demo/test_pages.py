"""Every page stands, every link leads to one, and each CMS writes as it does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin
from xml.etree import ElementTree

import lxml.html
import pytest

from demo.columns import by_id
from demo.pages import Page, Portal, View
from demo.pictures import SCENES

PICTURE = re.compile(r"/picture/0/([a-z]+)-[1-9]\.jpg")


def drawn(portal: Portal, path: str) -> Page:
    page = portal.page(path, View(), "http://city")
    assert page is not None, path
    return page


def links(base: str, page: Page) -> Iterator[str]:
    encoding = "gbk" if b"gb2312" in page.body[:600] else "utf-8"
    tree = lxml.html.document_fromstring(page.body.decode(encoding))
    for element, _, link, _ in tree.iterlinks():
        if element.tag in {"a", "img", "link", "script"} and not link.startswith("javascript:"):
            yield urljoin(base, link)


def test_every_link_of_every_page_leads_somewhere(portal: Portal) -> None:
    waiting, seen = ["/"], {"/"}
    while waiting:
        path = waiting.pop()
        page = drawn(portal, path)
        if not page.content_type.startswith("text/html"):
            continue
        for link in links(path, page):
            if link in seen:
                continue
            seen.add(link)
            if found := PICTURE.fullmatch(link):
                assert found.group(1) in SCENES, link
            else:
                waiting.append(link)
    listed = {path for path in portal.list_paths if not path.startswith("/col/col103")}
    # Lists that a script turns have no plain links to their further pages, TRS lists neither.
    missing = {path for path in listed if path not in seen}
    assert all(re.search(r"/index_\d+\.html$", path) for path in missing)
    firsts = {column.list_path for column, _ in portal.city.column_lists()}
    assert firsts <= seen


def test_every_item_can_be_opened(portal: Portal) -> None:
    for entry in portal.city.listed:
        assert drawn(portal, entry.path).status == 200


def test_old_pages_are_gbk_and_say_gb2312(portal: Portal) -> None:
    unit = portal.city.lists["danwei"][0]
    for path in ("/jgml/list.asp?lb=1", "/gkml/list.asp?lb=3", unit.path):
        body = drawn(portal, path).body
        assert b"charset=gb2312" in body
        with pytest.raises(UnicodeDecodeError):
            body.decode("utf-8")
        assert "青澜市" in body.decode("gbk")
    assert "共 60 条 当前第 1 / 5 页" in drawn(portal, "/jgml/list.asp?lb=1").body.decode("gbk")
    assert "机构名称" in drawn(portal, unit.path).body.decode("gbk")


def test_jcms_writes_the_government_meta_tags(portal: Portal) -> None:
    entry = portal.city.lists["yaowen"][0]
    tree = lxml.html.document_fromstring(drawn(portal, entry.path).body)
    meta = {one.get("name"): one.get("content") for one in tree.iter("meta") if one.get("name")}
    assert meta["SiteName"] == "青澜市人民政府" and meta["SiteIDCode"] == "9990000001"
    assert meta["ArticleTitle"] == entry.title and meta["PubDate"] == entry.published
    assert meta["ContentSource"] == entry.source and meta["ColumnName"] == "要闻"
    assert len(tree.get_element_by_id("zoom").text_content()) > 50


def test_jcms_proxy_lists_by_datastore_and_gateway(portal: Portal) -> None:
    column, listed = by_id()["gonggao"], portal.city.lists["gonggao"]
    body = drawn(portal, column.list_path).body.decode()
    assert "<datastore>" in body and body.count("<record>") == 15
    gateway = "/module/web/jpage/dataproxy.jsp"
    second = ElementTree.fromstring(drawn(portal, f"{gateway}?page=2&columnid=103&perpage=15").body)
    assert second.findtext("totalrecord") == str(len(listed))
    assert listed[15].title in (second.findtext("recordset/record") or "")
    stretch = f"{gateway}?startrecord=31&endrecord=33&perpage=15&columnid=103"
    records = ElementTree.fromstring(drawn(portal, stretch).body).findall("recordset/record")
    assert [listed[at].path in (record.text or "") for at, record in enumerate(records, 30)] == [True] * 3


@pytest.mark.parametrize("query", ["", "?columnid=x", "?columnid=102x&page=1", "?columnid=%E4%B8%80"])
def test_the_gateway_knows_its_columns_only(portal: Portal, query: str) -> None:
    assert portal.page(f"/module/web/jpage/dataproxy.jsp{query}", View()) is None


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=999999999", "startrecord=-1", "startrecord=9&endrecord=1"]
)
def test_the_gateway_bears_odd_numbers(portal: Portal, query: str) -> None:
    page = drawn(portal, f"/module/web/jpage/dataproxy.jsp?columnid=103&{query}")
    assert ElementTree.fromstring(page.body).findtext("totalpage") == "5"


def test_trs_and_vsb_page_their_own_ways(portal: Portal) -> None:
    trs = drawn(portal, "/xwzx/bmdt/index_2.html").body.decode()
    assert 'createPageHTML(4,2,"index","html")' in trs
    article = portal.city.lists["bumen"][0].path
    assert re.fullmatch(r"/xwzx/bmdt/\d{6}/t\d{8}_\d{7}\.html", article)
    assert "TRS_Editor" in drawn(portal, article).body.decode()
    listed = portal.city.lists["xianqu"]
    assert listed[0].title in drawn(portal, "/xqdt.htm").body.decode()
    assert listed[15].title in drawn(portal, "/xqdt/3.htm").body.decode()
    assert listed[-1].title in drawn(portal, "/xqdt/1.htm").body.decode()
    assert re.fullmatch(r"/info/1114/\d+\.htm", listed[0].path)
    assert "vsb_content" in drawn(portal, listed[0].path).body.decode()


def test_index_table_and_effect(portal: Portal) -> None:
    effects = [dict(entry.fields)["有效性"] for entry in portal.city.listed if entry.kind == "disclosure"]
    assert {"有效", "失效", "废止"} == set(effects)
    body = drawn(portal, portal.city.lists["wenjian"][0].path).body.decode()
    for name in ("索引号", "发文机关", "成文日期", "发布日期", "发文字号", "主题分类"):
        assert f"{name}：" in body


def test_what_is_not_there(portal: Portal) -> None:
    for path in (
        "/nothing", "/art/2026/1/1/art_101_1.html", "/picture/0/nothing-1.jpg", "/picture/0/../x", "/static/",
        "/static/../pages.py", "/attach/0/1-1.pdf", "/attach/0/x", "/attach/0/50001-9.pdf", "/attach/0/50001-1.exe",
        "/col/col101/index.html?uid=5101&pageNum=99", "/gkml/list.asp?lb=9",
    ):  # fmt: skip
        assert portal.page(path, View()) is None, path


def test_sitemap_and_robots(portal: Portal) -> None:
    robots = drawn(portal, "/robots.txt").body.decode()
    assert "Sitemap: http://city/sitemap.xml" in robots
    root = ElementTree.fromstring(drawn(portal, "/sitemap.xml").body)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    paths = [loc.text for loc in root.iter(f"{space}loc")]
    assert len(paths) == len(set(paths)) > 900
    assert f"http://city{portal.city.lists['yaowen'][0].path}" in paths
