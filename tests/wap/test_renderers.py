"""The same parts in WML and XHTML: escapes, access keys, pictures, forms."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from wap import pictures, render_wml, render_xhtml
from wap.device import MINIMUM, Device, Markup
from wap.page import Ask, Call, Deck, Line, Link, Page, Part, Picture

WML13 = replace(MINIMUM, version="1.3", deck_bytes=3_000)
XHTML = Device(Markup.XHTML, "1.3", 10_000, False, 128, 160, ("gif",))
HTML = replace(XHTML, markup=Markup.HTML, script=True)
PAGE = Page("要闻", "要闻 <1>", "/wap/i/a", "/wap/i/a/", (), "zh-Hans", "返回",
            menu=Link("/wap/n", "号码", "0"), next_text="下一页", previous_text="上一页")  # fmt: skip


def deck(*parts: Part, number: int = 1, count: int = 1) -> Deck:
    return Deck(PAGE, parts, number, count)


def root_of(markup: str) -> etree._Element:
    return etree.fromstring(markup[markup.index("<wml" if "<wml" in markup else "<html") :])


@pytest.mark.parametrize(
    ("part", "device", "expected"),
    [
        (Line("a < b & $5"), WML13, "a &lt; b &amp; $$5"),
        (Line("x", strong=True), WML13, "<b>x</b>"),
        (Link("/wap/i/a$b?x=1&y", "$", "3"), WML13, '<a href="/wap/i/a%24b?x=1&amp;y" accesskey="3">3 $$</a>'),
        (Link("/x", "t", "3"), MINIMUM, '<a href="/x">3 t</a>'),
        (Link("/x", "t", "", "note"), WML13, '<a href="/x">t</a> note'),
        (Link("/x", "t", "", "note"), MINIMUM, '<a href="/x">t</a>'),
        (Call("123", "12-3", "电话:"), WML13, '电话: <a href="wtai://wp/mc;123">12-3</a>'),
        (Picture("m", 'a"$', 960, 640), WML13, '<img src="/media/m/63x42.wbmp" alt="a&quot;$$" width="63" height="42"/>'),
        (Picture("", "图"), WML13, "[图]"),
        (Ask("/wap/n", "q", "号码", "打开"), WML13, '号码<input name="q" format="*N"/><br/><a href="/wap/n?q=$(q:e)">打开</a>'),
    ],
)  # fmt: skip
def test_wml(part: Part, device: Device, expected: str) -> None:
    written = render_wml.render(deck(part), device)
    assert f"<br/>{expected}<br/>" in written
    root_of(written)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Line("a < b & $5"), "<p>a &lt; b &amp; $5</p>"),
        (Line("x", strong=True), "<h1>x</h1>"),
        (
            Link("/x?a=1&b", "t", "3", "n"),
            '<a href="/x?a=1&amp;b" accesskey="3"><b>3</b> t <small>· n</small></a>',
        ),
        (Call("123", "12-3", "电话:"), '<p>电话: <a href="tel:123">12-3</a></p>'),
        (
            Picture("m", 'a"', 960, 640),
            '<img src="/media/m/120x80.gif" alt="a&#34;" width="120" height="80"/>',
        ),
        (Picture("", "图"), "<p>[图]</p>"),
    ],
)
def test_xhtml(part: Part, expected: str) -> None:
    for device in (XHTML, HTML):
        written = render_xhtml.render(deck(part), device)
        assert expected in written
        root_of(written)


def test_sentences_of_a_paragraph_stand_in_it() -> None:
    parts = (Line("一。"), Line("二。", joins=True), Line("三。"))
    assert "<p>一。二。</p>\n<p>三。</p>" in render_xhtml.render(deck(*parts), XHTML)
    assert "<br/>一。二。<br/>三。<br/>" in render_wml.render(deck(*parts), WML13)


@pytest.mark.parametrize(("number", "place", "keys"), [(1, "1/3", "90"), (2, "2/3", "9*0"), (3, "3/3", "*0")])
def test_the_foot(number: int, place: str, keys: str) -> None:
    written = root_of(render_xhtml.render(deck(Line("x"), number=number, count=3), XHTML))
    found = written.xpath("//*[@accesskey]/@accesskey")
    assert "".join(map(str, found)) == keys
    assert f"要闻 {place}" in "".join(map(str, written.itertext()))
    wml = render_wml.render(deck(Line("x"), number=number, count=3), WML13)
    assert f"要闻 {place}" in wml
    assert wml.index('<do type="prev"') < wml.index('<do type="options"')


def test_only_phones_that_need_the_script_get_it() -> None:
    assert "<script>" in render_xhtml.render(deck(), HTML)
    assert "<script>" not in render_xhtml.render(deck(), replace(HTML, script=False))
    assert "<style" not in render_xhtml.render(deck(), replace(HTML, images=()))


@pytest.mark.parametrize(
    ("size", "device", "box"),
    [
        ((960, 640), MINIMUM, (63, 42)),
        ((0, 0), XHTML, (120, 90)),
        ((50, 20), XHTML, (50, 20)),
        ((100, 9_000), XHTML, (1, 106)),
        ((4_000, 10), replace(HTML, width=1_000, height=2_000), (320, 1)),
    ],
)
def test_pictures_fit_the_screen(size: tuple[int, int], device: Device, box: tuple[int, int]) -> None:
    assert pictures.size_on(Picture("m", "", *size), device) == box
    assert pictures.address_of(Picture("m", ""), replace(device, images=())) == ""
