"""Feeds, sitemaps and JSON as lists."""

from __future__ import annotations

import gzip
import json

import pytest

from content_sync.extract import NotAPage, extract
from content_sync.extract.page import Link
from content_sync.extract.sources import MAX_ENTRIES, moment_of

BASE = "http://q.example/feed.xml"

RSS = """<?xml version="1.0" encoding="{charset}"?><rss version="2.0"><channel><title>青澜要闻</title>
<item><title><![CDATA[公交三路<b>延长</b>到新校区]]></title><link>/a/2.html</link><pubDate>Sun, 02 Mar 2025 09:30:00 +0800</pubDate></item>
<item><title>社区菜店 &amp; 早餐车</title><guid>http://q.example/a/1.html</guid></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>公告</title><entry><title>停水通知</title>
<link rel="self" href="/self"/><link rel="alternate" href="/a/3.html"/><updated>2025-03-03T10:00:00+08:00</updated></entry></feed>"""
ITEMS = (
    Link(title="公交三路延长到新校区", url="http://q.example/a/2.html", date="2025-03-02 09:30"),
    Link(title="社区菜店 & 早餐车", url="http://q.example/a/1.html"),
)


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_rss(charset: str) -> None:
    page = extract(RSS.format(charset=charset).encode(charset), BASE)
    assert (page.kind, page.title, page.items) == ("list", "青澜要闻", ITEMS)


def test_atom() -> None:
    assert extract(ATOM.encode(), BASE).items == (
        Link(title="停水通知", url="http://q.example/a/3.html", date="2025-03-03 10:00"),
    )


def test_a_broken_feed_gives_what_it_has() -> None:
    assert (
        extract(
            RSS.format(charset="utf-8").replace("</channel></rss>", "<item><title>a & b").encode(), BASE
        ).items[:2]
        == ITEMS
    )


def test_sitemaps() -> None:
    rows = "<url><loc>http://q.example/a/1.html</loc><lastmod>2025-03-01</lastmod></url><url><loc>ftp://q/x</loc></url>"
    plain = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()
    page = extract(plain, BASE)
    assert page.items == (Link(title="", url="http://q.example/a/1.html", date="2025-03-01"),)
    assert extract(gzip.compress(plain), BASE) == page
    index = extract(
        b"<sitemapindex><sitemap><loc>http://q.example/s1.xml.gz</loc></sitemap></sitemapindex>", BASE
    )
    assert (index.items, index.pages) == ((), ("http://q.example/s1.xml.gz",))


def test_json_of_gkmlpt() -> None:
    articles = [
        {
            "title": "关于<em>预算</em>公开的说明",
            "url": "/content/post_1.html",
            "display_publish_time": 1740792600,
        },
        {
            "title": "政府工作报告",
            "url": "http://q.example/content/post_2.html",
            "created_at": "2025-02-01 10:00:00",
        },
        {"id": 3},
    ]
    url = "http://q.example/gkmlpt/api/all/5?page=1&sid=2"
    page = extract(json.dumps({"total": 5, "articles": articles}).encode(), url, "application/json")
    assert page.items == (
        Link(title="关于预算公开的说明", url="http://q.example/content/post_1.html", date="2025-03-01 09:30"),
        Link(title="政府工作报告", url="http://q.example/content/post_2.html", date="2025-02-01 10:00"),
    )
    assert page.total == 5
    assert page.pages == tuple(url.replace("page=1", f"page={number}") for number in (2, 3))


def test_json_in_a_callback_and_json_without_a_list() -> None:
    body = 'callback({"data":{"rows":[{"TITLE":"停水通知","LINKURL":"/a/3.html","pubDate":"2025-03-03"}]}});'.encode()
    assert extract(body, BASE).items == (
        Link(title="停水通知", url="http://q.example/a/3.html", date="2025-03-03"),
    )
    assert extract(b'{"code":403}', BASE).items == ()


def test_entities_are_not_expanded_and_nothing_outside_is_read() -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    page = extract(
        f"<?xml version='1.0'?>{bomb}<rss><channel><item><title>t&b;&x;</title><link>/a</link></item></channel></rss>".encode(),
        BASE,
    )
    assert len(page.items) == 1
    assert "aaaa" not in page.items[0].title
    assert "root:" not in page.items[0].title


def test_bounds() -> None:
    many = b"<rss><channel>" + b"<item><title>t</title><link>/a</link></item>" * (MAX_ENTRIES + 10)
    assert len(extract(many, BASE).items) == MAX_ENTRIES
    with pytest.raises(NotAPage, match="unpacks to more"):
        extract(gzip.compress(b" " * 70_000_000), BASE)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sun, 02 Mar 2025 09:30:00 GMT", "2025-03-02 09:30"),
        ("2025-03-02T09:30:00Z", "2025-03-02 09:30"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", ""),
        ("gestern", ""),
        ("", ""),
    ],
)
def test_moment_of(text: str, moment: str) -> None:
    assert moment_of(text) == moment
