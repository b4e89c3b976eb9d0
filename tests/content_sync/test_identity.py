"""One identity for one article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_sync.identity import BadAddress, clean, for_site, item_id, netloc

IDS = for_site("http://www.town.gov.cn/", ["https://old.town.example:8443/", "http://10.1.2.3/"])

SAME = [
    ("http://www.town.gov.cn/a/1.html", "https://town.gov.cn/a/1.html"),
    ("http://www.town.gov.cn/a/1.html", "https://old.town.example:8443/a/1.html#top"),
    ("http://www.town.gov.cn/a/1.html", "http://WWW.TOWN.GOV.CN:80/a//1.html?utm_source=x&spm=1.2"),
    ("http://www.town.gov.cn/a?b=2&a=1", "http://www.town.gov.cn/a?a=1&b=2&from=timeline&isappinstalled=0"),
    ("http://www.town.gov.cn/a.jsp;jsessionid=0A9?id=3", "http://10.1.2.3/a.jsp?id=3&_t=17"),
    ("http://www.town.gov.cn/a/", "http://www.town.gov.cn/a/index.html"),
    ("http://www.town.gov.cn/%E8%A6%81%E9%97%BB/1.htm", "http://www.town.gov.cn/要闻/1.htm"),
    ("http://www.town.gov.cn/a/../b/./1.html", "http://www.town.gov.cn/b/1.html"),
    # VSB: info and content.jsp
    ("http://www.town.gov.cn/info/1114/2652.htm",
     "http://www.town.gov.cn/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1114&wbnewsid=2652"),
    ("http://www.town.gov.cn/jy/info/1114/2652.htm", "http://www.town.gov.cn/jy/content.jsp?wbnewsid=2652&wbtreeid=9"),
    # JCMS: one article under two columns
    ("http://www.town.gov.cn/art/2024/10/14/art_60085_11394426.html",
     "http://www.town.gov.cn/art/2024/10/14/art_77_11394426.html"),
    # TRS: two channels
    ("http://www.town.gov.cn/zwgk/gzdt/202107/t20210713_9468077.html",
     "http://www.town.gov.cn/sy/202107/t20210713_9468077.shtml"),
    # UCAP
    ("http://www.town.gov.cn/10462/2025/6/3/0123456789abcdef0123456789abcdef.shtml",
     "http://www.town.gov.cn/9/2025/6/3/0123456789abcdef0123456789abcdef.shtml"),
    # Guangdong, desk and phone
    ("http://www.town.gov.cn/zw/content/post_9360641.html", "http://www.town.gov.cn/content/mpost_9360641.html"),
]  # fmt: skip
DIFFERENT = [
    ("http://www.town.gov.cn/a/1.html", "http://www.town.gov.cn/a/2.html"),
    ("http://www.town.gov.cn/a/1.html", "http://www.other.gov.cn/a/1.html"),
    ("http://www.town.gov.cn/a?id=1", "http://www.town.gov.cn/a?id=2"),
    ("http://www.town.gov.cn/a?from=1", "http://www.town.gov.cn/a"),
    ("http://www.town.gov.cn/info/1114/2652.htm", "http://www.town.gov.cn/info/1114/2653.htm"),
    ("http://www.town.gov.cn/a/info/1/2.htm", "http://www.town.gov.cn/b/info/1/2.htm"),
    (
        "http://www.town.gov.cn/art/2024/10/14/art_1_2.html",
        "http://www.town.gov.cn/art/2024/10/15/art_1_2.html",
    ),
    ("http://www.town.gov.cn:8080/a", "http://www.town.gov.cn/a"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_article(one: str, other: str) -> None:
    assert IDS.canonical(one) == IDS.canonical(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_articles(one: str, other: str) -> None:
    assert IDS.canonical(one) != IDS.canonical(other)


def test_the_port_of_the_origin_does_not_count() -> None:
    ids = [
        item_id(for_site(f"http://127.0.0.1:{port}/").canonical(f"http://127.0.0.1:{port}/a.html"))
        for port in (1, 2)
    ]
    assert ids[0] == ids[1] == item_id("site/a.html")


@given(st.text(max_size=40))
def test_ids_are_short_and_plain(text: str) -> None:
    found = item_id(text)
    assert len(found) == 8 and set(found) <= set("abcdefghijklmnopqrstuvwxyz234567")


@pytest.mark.parametrize(
    ("address", "cleaned"),
    [
        ("http://A.Example:80/x y/要?q=要 闻&z=%e8%a6#f", "http://a.example/x%20y/%E8%A6%81?q=%E8%A6%81%20%E9%97%BB&z=%E8%A6"),
        ("http://例子.example/", "http://xn--fsqu00a.example/"),
        ("http://user:pw@a.example/", "http://a.example/"),
        ("https://a.example", "https://a.example/"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("http://a.example/%zz%41", "http://a.example/%25zz%41"),
    ],
)  # fmt: skip
def test_addresses_go_out_clean(address: str, cleaned: str) -> None:
    assert clean(address) == cleaned
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    "address",
    ["", "a.html", "javascript:void(0)", "mailto:a@b", "ftp://a/b", "http://", "http://a:99999/", "http://[::1/",
     "http://a b.example/", "http://" + "a" * 300 + "/", "http://a.example/" + "x" * 3000, "http://..example/"],
)  # fmt: skip
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(BadAddress):
        clean(address)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_one_error(text: str) -> None:
    for address in (text, f"http://a.example/{text}", f"http://{text}/"):
        try:
            cleaned = clean(address)
        except BadAddress:
            continue
        assert cleaned.isascii() and clean(cleaned) == cleaned
        assert netloc(cleaned)
        IDS.canonical(cleaned)
