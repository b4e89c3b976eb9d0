"""Addresses on converted pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wap.convert.links import Asked, Links, call, marked, read_marks

PAGE = "http://o.example/dir/page.html?id=7"


def links(base: str = PAGE) -> Links:
    return Links(
        PAGE,
        base,
        lambda url: url.startswith(("http://o.example/", "https://o.example/", "http://p.example:81/")),
    )


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("next.html", "/dir/next.html"),
        ("../a b.html#part", "/a%20b.html"),
        ("?id=8", "/dir/page.html?id=8"),
        (" /x\n/y ", "/x/y"),
        ("//o.example/z", "/z"),
        ("https://o.example/z", "https://o.example/z"),
        ("http://P.example:81/z", "http://p.example:81/z"),
        ("http://p.example/z", ""),
        ("http://o.example@evil.example/", ""),
        ("http://evil.example/http://o.example/", ""),
        ("#part", ""),
        ("", ""),
        ("javascript:alert(1)", ""),
        ("mailto:a@o.example", ""),
        ("http://[::1", ""),
        ("http://o.example:port/", ""),
        ("/" + "x" * 3_000, ""),
        ("tel:+86-10-1234 5678", "wtai://wp/mc;+861012345678"),
        ("tel:12345", "wtai://wp/mc;12345"),
        ("tel:$(x)", ""),
        ("wtai://wp/mc;12345", "wtai://wp/mc;12345"),
        ("wtai://wp/sd;12345", ""),
        ("/办事?名=值", "/%E5%8A%9E%E4%BA%8B?%E5%90%8D=%E5%80%BC"),
        ("/already%20escaped", "/already%20escaped"),
    ],
)  # fmt: skip
def test_links(href: str, expected: str) -> None:
    assert links().link(href) == expected


def test_relative_to_where_it_came_from() -> None:
    moved = links("http://p.example:81/new/place.html")
    assert moved.link("a.html") == "http://p.example:81/new/a.html"
    assert moved.under("/base/").link("a.html") == "http://p.example:81/base/a.html"


@pytest.mark.parametrize(
    ("asked", "url"),
    [
        (Asked("http://o.example/a.html?x=1", 3), "http://o.example/a.html;deck=3?x=1"),
        (Asked("http://o.example/a.html", 2, "tok-en_1"), "http://o.example/a.html;deck=2.tok-en_1"),
        (Asked("http://o.example/a", 1, "", "gb18030"), "http://o.example/a;to=gb18030"),
        (Asked("http://o.example/a;v=1", 2), "http://o.example/a;v=1;deck=2"),
    ],
)
def test_marks(asked: Asked, url: str) -> None:
    assert read_marks(url) == asked
    deck = asked.deck if asked.deck > 1 else 0
    assert marked(asked.url, deck=deck, token=asked.token, to=asked.to) == url


@pytest.mark.parametrize("url", ["http://o.example/", "/a;deck=0", "/a;deck=x", "/;deckhand", "/a?q=;deck=2"])
def test_what_is_no_mark_stays(url: str) -> None:
    assert read_marks(url) == Asked(url)


@given(st.text(max_size=80))
def test_any_text_is_a_link_or_none(href: str) -> None:
    found = links().link(href)
    assert found == "" or found.isascii()
    assert call(href) == "" or call(href).startswith("wtai://wp/mc;")
