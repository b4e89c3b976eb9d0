"""WML of other sites, mended and compiled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wap.convert.links import Links
from wap.convert.wml import read_wml
from wap.wbxml import BadDeck, compile_xml, decode

URL = "http://o.example/dir/page.wml"
DECK = (
    '<?xml version="1.0" encoding="gbk"?><!DOCTYPE wml PUBLIC "-//WAPFORUM//DTD WML 1.1//EN" '
    '"http://www.wapforum.org/DTD/wml_1.1.xml"><wml>{}</wml>'
)


def compile_wml(source: str, links: Links, charset: str, back: str) -> bytes:
    return compile_xml(read_wml(source, links, back).text(), charset=charset)


def compiled(inside: str, base: str = URL, charset: str = "utf-8", deck: str = DECK) -> str:
    links = Links(URL, base, lambda url: "//o.example/" in url)
    return decode(compile_wml(deck.format(inside), links, charset, "返回")).partition("<wml>")[2]


def test_a_card_without_a_way_back_gets_one() -> None:
    assert compiled("<card><p>市民</p></card>").startswith(
        '<template><do type="prev" label="返回"><prev/></do></template>'
    )
    own = '<card><do type="prev"><prev/></do><p>x</p></card>'
    assert compiled(own).startswith('<card><do type="prev">')
    assert compiled('<head><access domain="x"/></head><card><p>x</p></card>').startswith("<head>")


@pytest.mark.parametrize(
    ("inside", "part"),
    [
        ("<card><p>a<br>b</p></card>", "<br"),
        ("<card><p>a & b</p></card>", "a"),
        ("<card><p>x&nbsp;y &copy; &mdash;</p></card>", "x\u00a0y © —"),
        ("<card><p>open", "open"),
        ("<card><p>$(name) costs $$5</p></card>", "$(name:noesc) costs $$5"),
        ('<card><p><a href="next.wml?a=$(x)">n</a></p></card>', 'href="next.wml?a=$(x:escape)"'),
    ],
)
def test_field_decks_are_mended(inside: str, part: str) -> None:
    assert part in compiled(inside)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("a.wml", "/new/a.wml"),
        ("a.wml?x=$(y)", "/new/a.wml?x=$(y:escape)"),
        ("#card2", "#card2"),
        ("$(target)", "$(target:escape)"),
        ("http://p.example/x", "http://p.example/x"),
        ("wtai://wp/mc;12345", "wtai://wp/mc;12345"),
    ],
)
def test_after_a_redirect_links_lead_where_they_led(href: str, expected: str) -> None:
    card = f'<card><p><a href="{href}">x</a></p></card>'
    assert f'href="{expected}"' in compiled(card, "http://o.example/new/place.wml")
    if not href.startswith("a.wml"):
        assert f'href="{expected}"' in compiled(card)


def test_character_sets() -> None:
    assert "市民中心" in compiled("<card><p>市民中心</p></card>", charset="gbk")


@pytest.mark.parametrize(
    "deck",
    [
        "",
        "words",
        "<html><body>x</body></html>",
        '<!DOCTYPE wml [<!ENTITY a "b">]><wml><card><p>&a;</p></card></wml>',
        '<!DOCTYPE wml [<!ENTITY a SYSTEM "file:///etc/passwd">]><wml><card><p>&a;</p></card></wml>',
    ],
)
def test_what_is_no_deck(deck: str) -> None:
    with pytest.raises(BadDeck):
        compile_wml(deck, Links(URL, URL, lambda _: True), "utf-8", "返回")


@given(st.text(alphabet='<>/="& $()acdprwml\n;#', max_size=120))
def test_any_deck_is_compiled_or_refused(inside: str) -> None:
    source = f"<wml><card><p>{inside}</p></card></wml>"
    try:
        octets = compile_wml(source, Links(URL, "http://o.example/b/", lambda _: True), "utf-8", "返回")
    except BadDeck:
        return
    assert "<wml>" in decode(octets)
