"""HTML -> pieces -> decks: what stays of a page, and that any page fits."""

from __future__ import annotations

import itertools
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from portal.text import text as words_of_language
from tests.wap.conftest import WAP_DTD
from wap.convert.deck import Target, TooLarge, cut
from wap.convert.document import Document, plain
from wap.convert.forms import recoded
from wap.convert.html import Screen, read_html
from wap.convert.links import Links
from wap.foreign import words_in
from wap.wbxml import compile_xml, decode

WORDS = words_in(words_of_language("zh-Hans"))
URL = "http://o.example/dir/page.html"
SCREEN = Screen(96, 64, True, True)
HOME = "http://portal/wap/"


def read(html: str, screen: Screen = SCREEN, codec: str = "utf-8") -> Document:
    return read_html(html, Links(URL, URL, lambda url: "//o.example/" in url), codec, screen, WORDS)


def body(html: str, screen: Screen = SCREEN, codec: str = "utf-8") -> str:
    """The markup of the pieces, a line each."""
    found = read(html, screen, codec)
    return "".join(f"\n{each.markup}" if each.breaks else each.markup for each in found.pieces).strip("\n")


def decks(
    document: Document, room: int = 1_300, version: str = "1.3", charset: str = "utf-8"
) -> tuple[str, ...]:
    return cut(document, Target(room, charset, version), lambda n: f"/dir/page.html;deck={n}", HOME, WORDS)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One  two\n three</p><p>Four", "One two three\nFour"),
        ("<h1>Title</h1>text<br>more", "<b>Title</b>\ntext\nmore"),
        ("<p>a <b>b <strong>c</strong> d</b> e", "a <b>b c d</b> e"),
        ("<p>It costs $5 &amp; more &lt;now&gt;</p>", "It costs $$5 &amp; more &lt;now&gt;"),
        ("<script>x()</script><style>y</style>z<template>t</template>", "z"),
        ("a<p hidden>b</p><p style='display: none'>c</p>d", "a\nd"),
        ("a<!-- no -->b", "ab"),
        ("<ul><li>x<li>y</ul><ol start=4><li>p<li>q</ol>", "x\ny\n4. p\n5. q"),
        ("<table><tr><td>周一<td>9:00<tr><td>周二<td>10:00</table>", "周一 9:00\n周二 10:00"),
        ("<pre>a  b\nc</pre>", "a b\nc"),
        ('<a href="x.html" accesskey="3">go</a>', '<a href="/dir/x.html" accesskey="3">go</a>'),
        ('<a href="x.html" accesskey="y">go</a>', '<a href="/dir/x.html">go</a>'),
        ('<a href="http://evil.example/">go</a>', "go"),
        ('<a href="#top">top</a>', "top"),
        ('<a href="tel:12345">热线</a>', '<a href="wtai://wp/mc;12345">热线</a>'),
        ('<a href="x"><img src="i.gif" alt="Pic"></a>', '<a href="/dir/x"><img src="/dir/i.gif" alt="Pic"/></a>'),
        ('<a href="x"></a>', '<a href="/dir/x">打开</a>'),
        ("<a href=/x><b>bold</b> rest</a>", '<a href="/x">bold rest</a>'),
        ('<img src="i.jpg" alt="A" width="192" height="64">', '<img src="/dir/i.jpg" alt="A" width="96" height="32"/>'),
        ('<img src="i.jpg">', '<img src="/dir/i.jpg" alt="图片"/>'),
        ('<img src="i.jpg" alt="">', ""),
        ('<img src="dot.gif" width="1" height="1">', "[图片]"),
        ('<img src="http://cdn.example/i.jpg" alt="Map">', "[Map]"),
        ('<base href="/b/"><a href="x">y</a>', '<a href="/b/x">y</a>'),
        ('<meta http-equiv=refresh content="0; url=n.html">', '<a href="/dir/n.html">打开</a>'),
        ('<frameset><frame src="menu.html" name="Menu"></frameset>', '<a href="/dir/menu.html">Menu</a>'),
        ("", ""),
        ("\x0b\x0c \x1f", ""),
    ],
)  # fmt: skip
def test_what_stays(html: str, expected: str) -> None:
    assert body(html) == expected


def test_a_phone_without_pictures_or_keys() -> None:
    bare = Screen(96, 64, False, False)
    assert (
        body('<img src="i.jpg" alt="Map"><a href="x" accesskey="1">go</a>', bare)
        == '[Map]<a href="/dir/x">go</a>'
    )


FORM = """<form action="find.cgi?old=1" method="{method}"><input type=hidden name=h value="a$b">
<label for=n>Name</label> <input id=n name=n value="x" maxlength=8 accesskey=2>
<input type=password name=p><input type=tel name=t>
<input type=radio name=r value=1 checked> Yes <input type=radio name=r value=2> No
<label><input type=checkbox name=c value=on> News</label>
<select name=s><option value=1>One<option value=2 selected>Two</select>
<textarea name=a>line</textarea><input type=file name=f><input type=reset>
<input type=submit name=go value="Find"></form>"""


@pytest.mark.parametrize(("method", "action"), [("get", "/dir/find.cgi"), ("POST", "/dir/find.cgi?old=1")])
def test_a_form_keeps_all_its_fields(method: str, action: str) -> None:
    found = etree.fromstring(f"<x>{body(FORM.format(method=method))}</x>")
    go = found.find(".//go")
    assert go is not None
    assert (go.get("href"), go.get("method", "get")) == (action, method.lower())
    sent = {field.get("name"): field.get("value") for field in go}
    assert list(sent) == ["h", "n", "p", "t", "r", "c", "s", "a", "go"]
    assert (sent["h"], sent["go"]) == ("a$$b", "Find")
    variables = {control.get("name"): control for control in found.xpath("input|select")}
    assert {f"$({name})" for name in variables} == set(sent.values()) - {"a$$b", "Find"}
    by_field = {name: variables[value[2:-1]] for name, value in sent.items() if value.startswith("$(")}
    name = by_field["n"]
    assert (name.get("title"), name.get("value"), name.get("maxlength"), name.get("accesskey")) == (
        "Name",
        "x",
        "8",
        "2",
    )
    assert by_field["p"].get("type") == "password"
    assert by_field["t"].get("format") == "*N"
    assert [option.text for option in by_field["r"]] == ["Yes", "No"]
    assert by_field["r"].get("value") == "1"
    assert by_field["c"].get("multiple") == "true"
    assert [option.text for option in by_field["c"]] == ["News"]
    assert by_field["s"].get("value") == "2"
    assert by_field["a"].get("value") == "line"
    words = "".join(found.xpath("text()"))
    assert "Yes" not in words
    assert "News" not in words


def test_forms_that_say_little() -> None:
    assert "提交" in body("<form><input name=q></form>")
    assert (
        body('<form action="http://evil.example/"><input name=q><input type=submit></form>').count("<go") == 0
    )
    assert body("<input name=alone><button>x</button>") == ""
    assert ";to=gb18030" in body("<form><input name=q></form>", codec="gb18030")
    assert ";to=" not in body("<form accept-charset=UTF-8><input name=q></form>", codec="gb18030")
    gbk = Screen(96, 64, True, True, "gbk")
    assert ";to=utf-8" in body("<form><input name=q></form>", gbk)
    assert ";to=" not in body("<form><input name=q></form>", gbk, codec="gb18030")


@pytest.mark.parametrize(
    ("query", "source", "target", "expected"),
    [
        ("q=%E5%B8%82&n=1", "utf-8", "gbk", "q=%CA%D0&n=1"),
        ("q=%CA%D0+x", "gb2312", "utf-8", "q=%E5%B8%82+x"),
        ("q=%F0%9F%98%80", "utf-8", "big5", "q=%26%23128512%3B"),
        ("a=1&b", "utf-8", "utf-8", "a=1&b"),
        ("q=%ff", "utf-8", "gbk", "q=%841%A47"),
        ("", "utf-8", "gbk", ""),
    ],
)
def test_recoding(query: str, source: str, target: str, expected: str) -> None:
    assert recoded(query, source, target) == expected


def long_page(paragraphs: int, seed: int = 1) -> str:
    dice = random.Random(seed)
    parts = []
    for number in range(paragraphs):
        parts.append("<p>" + "市民服务中心，周一至周五。" * dice.randint(1, 30) + f"{number}</p>")
        parts.append(f'<p><a href="/a/{number}.html">第{number}条</a> <b>加粗</b></p>')
        if number % 5 == 0:
            parts.append(FORM.format(method="post"))
    return "".join(parts)


@pytest.mark.parametrize("room", [1_300, 2_800, 10_000])
@pytest.mark.parametrize(
    ("version", "charset"), [("1.1", "utf-8"), ("1.3", "gbk"), ("1.2", "iso-10646-ucs-2")]
)
def test_decks_fit_and_hold_everything(room: int, version: str, charset: str) -> None:
    document = read(long_page(30))
    found = decks(document, room, version, charset)
    assert len(found) > 1
    for number, deck in enumerate(found, start=1):
        octets = compile_xml(deck, charset=charset)
        assert len(octets) <= room
        assert '<do type="prev"' in deck
        assert HOME in deck
        assert f"{number}/{len(found)}" in deck
        assert (f";deck={number + 1}" in deck) == (number < len(found))
        assert decode(octets)
    everything = "".join(found)
    assert all(f'/a/{number}.html"' in everything for number in range(30))
    assert everything.count("<go ") == 6


def test_decks_are_valid_wml() -> None:
    for version, dtd in (("1.1", "wml11.dtd"), ("1.3", "wml13.dtd")):
        checker = etree.DTD(str(WAP_DTD / dtd))
        keys = version == "1.3"
        for deck in decks(read(long_page(8), Screen(96, 64, True, keys)), 1_300, version):
            tree = etree.fromstring(deck.partition("?>")[2], etree.XMLParser(load_dtd=False))
            assert checker.validate(tree), checker.error_log


def test_the_page_keeps_its_own_key_9() -> None:
    plain_page = decks(read("<p>" + "长。" * 2_000))
    assert 'accesskey="9">下一页' in plain_page[0]
    own = decks(read("<a href=x accesskey=9>mine</a><p>" + "长。" * 2_000))
    assert 'accesskey="9">mine' in own[0]
    assert 'accesskey="9">下一页' not in own[0]


def test_what_cannot_be_divided_is_too_large() -> None:
    hidden = "".join(f"<input type=hidden name=f{number} value={'x' * 100}>" for number in range(40))
    with pytest.raises(TooLarge):
        decks(read(f"<form>{hidden}<input type=submit></form><p>{'长。' * 1_000}"))


def test_plain_text() -> None:
    found = decks(plain("notes.txt", "first line\n\n  second   line $1\n"))
    assert "first line<br/>second line $$1" in found[0]


def test_time_grows_with_the_page() -> None:
    took = []
    for count in (200, 800):
        started = time.process_time()
        decks(read("".join(f'<p>第{n}条 <a href="/a/{n}">看</a></p>' for n in range(count))))
        took.append(time.process_time() - started)
    assert took[1] < 12 * took[0] + 0.2


def test_a_hostile_page_is_bounded() -> None:
    deep = "<div>" * 5_000 + "x" + "<b><i><table><form>" * 2_000
    wide = "<a href=x>y</a>" * 20_000
    for html in (
        deep,
        wide,
        "<select>" + "<option>x" * 9_000,
        "<label>" * 3_000 + "<input type=radio>" * 3_000,
    ):
        started = time.process_time()
        document = read(html)
        assert len(document.pieces) <= 6_000 + 10
        assert time.process_time() - started < 5


TAGS = ("p", "b", "a href=x", "a href=http://evil.example/", "li", "ul", "ol", "table", "td", "form", "label", "i",
        "input name=q", "input type=radio name=r", "select name=s", "option", "textarea name=t", "img src=i alt=p",
        "pre", "h1", "br", "button", "div", "iframe src=f", "font", "wml", "card", "title")  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.one_of(st.sampled_from(TAGS).map(lambda tag: f"<{tag}>"), st.sampled_from(TAGS).map(lambda tag: f"</{tag.split()[0]}>"),
                       st.text(max_size=30)), max_size=40)
)  # fmt: skip
def test_any_soup_becomes_valid_decks(parts: list[str]) -> None:
    checker = etree.DTD(str(WAP_DTD / "wml13.dtd"))
    for deck in itertools.islice(decks(read("".join(parts)), 700), 3):
        assert len(compile_xml(deck)) <= 700
        tree = etree.fromstring(deck.partition("?>")[2])
        assert checker.validate(tree), checker.error_log
