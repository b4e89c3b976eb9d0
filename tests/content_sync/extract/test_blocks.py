"""A body's markup as Blocks."""

from __future__ import annotations

import pytest

from content_sync.extract import extract
from content_sync.extract.blocks import build
from content_sync.extract.dom import Survey
from portal.model import Attachment, Block, Heading, Image, List, Paragraph, Run, Table
from tests.content_sync.extract.helpers import look

BASE = "http://q.example/art/1.html"


def blocks(markup: str) -> list[Block]:
    seen = look(f"<div id=b>{markup}</div>")
    return build(seen, index_of(seen), BASE)[0]


def index_of(seen: Survey) -> int:
    return next(index for index, names in enumerate(seen.names) if names.split() == ["b"])


def text(*runs: Run | str) -> Paragraph:
    return Paragraph(tuple(Run(run) if isinstance(run, str) else run for run in runs))


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<p>　　一段&nbsp;话 </p><p> </p><p>&#8203;</p>", [text("一段 话")]),
        ("第一段<br>　　第二段<br><br>", [text("第一段"), text("第二段")]),
        ("<p>甲<b>乙</b><strong>丙</strong>丁</p>", [text("甲", Run("乙丙", True), "丁")]),
        ("<p><span style='font-weight: 700'>重</span>轻</p>", [text(Run("重", True), "轻")]),
        ("<p>见<a href='/b.html'>乙页</a>和<a href='javascript:x()'>丙</a></p>", [text("见", Run("乙页", href="http://q.example/b.html"), "和丙")]),
        ("<h1>大</h1><h3>中</h3><h6>小</h6>", [Heading("大", 2), Heading("中", 3), Heading("小", 4)]),
        ("<ul><li>甲</li><li> </li><li>乙</li></ul><ol><li>丙</li></ol>", [List(("甲", "乙")), List(("丙",), True)]),
        ("<ul><li><p>甲</p><p>乙</p></li></ul>", [text("甲"), text("乙")]),
        ("<p style='display:none'>藏</p><script>x</script><p>显</p>", [text("显")]),
        ("<o:p>甲</o:p><section><section><p>乙</p></section></section>", [text("甲"), text("乙")]),
        ("<div class='share'>分享</div><p>甲</p>", [text("甲")]),
        # a layout table is read through, a data table stays one
        ("<table><tr><td><p>甲</p><p>乙</p></td></tr></table>", [text("甲"), text("乙")]),
        ("<table><tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr></table>", [Table((("甲", "1"), ("乙", "2")))]),
        ("<table><caption>表</caption><tr><th>名</th><th>数</th></tr><tr><td>甲</td><td>1</td></tr></table>", [Table((("名", "数"), ("甲", "1")), 1, "表")]),
        # pictures
        ("<p><img src='../p/1.jpg' width='600px' alt='1.jpg'></p>", [Image("http://q.example/p/1.jpg", width=600)]),
        ("<img src='data:image/png;base64,AA'><img src='/icon/pdf.gif'><img src='/a.jpg' width=16><img>", []),
        ("<figure><img src='/a.jpg'><figcaption>桥上</figcaption></figure>", [Image("http://q.example/a.jpg", caption="桥上")]),
        # files
        ("<p>附件：1.<a href='/f/a.doc'>申请表.doc</a></p>", [text("附件：1"), Attachment("http://q.example/f/a.doc", "申请表.doc", "doc")]),
        ("<a href='/f/a.PDF' title='全文'></a>", [Attachment("http://q.example/f/a.PDF", "全文", "pdf")]),
        ("<a href='/down.jsp?id=3&filename=b.xlsx'>名单</a>（1.5MB）", [Attachment("http://q.example/down.jsp?id=3&filename=b.xlsx", "名单", "xlsx", 1572864)]),
        ("<a href='/f/a.html'>说明.doc</a>", [text(Run("说明.doc", href="http://q.example/f/a.html"))]),
    ],
)  # fmt: skip
def test_blocks(markup: str, wanted: list[Block]) -> None:
    assert blocks(markup) == wanted


def test_a_file_named_in_a_sentence_stays_in_it_and_is_taken_along() -> None:
    sentence, file = blocks(
        "<p>请申请人于三月底前填写<a href='/a.doc'>申请表</a>，交到街道便民服务中心三号窗口。</p>"
    )
    assert isinstance(sentence, Paragraph)
    assert sentence.text == "请申请人于三月底前填写申请表，交到街道便民服务中心三号窗口。"
    assert file == Attachment("http://q.example/a.doc", "申请表", "doc")


def test_what_is_hidden_is_counted() -> None:
    seen = look("<div id=b><p>显</p><p style='display: none'>藏起来的字</p></div>")
    assert build(seen, index_of(seen), BASE)[1] == 5


def test_spans_are_bounded() -> None:
    (table,) = blocks(
        "<table><tr><td colspan=9999>甲</td><td rowspan=x>乙</td></tr><tr><td>丙</td><td>丁</td></tr></table>"
    )
    assert isinstance(table, Table)
    assert len({len(row) for row in table.rows}) == 1
    assert len(table.rows[0]) <= 60


def test_a_short_centred_line_below_a_picture_is_its_caption() -> None:
    """As editors type it who have no figcaption; a sentence there stays text."""
    body = (
        '<div id="zoom"><p>'
        + "新馆今天开放，欢迎读者前来借阅。" * 6
        + '</p><p style="text-align:center"><img src="/a.jpg"></p>'
        '<p style="text-align: center">一楼老年阅览区</p><p align="center"><img src="/b.jpg"></p>'
        '<p align="center">公交五路可以到达。</p><p>'
        + "馆内有电梯和轮椅，老年人可以借用。" * 6
        + "</p></div>"
    )
    page = extract(
        f"<html><body>{body}</body></html>".encode(), "http://www.example.gov.cn/art/2026/1/1/art_1_1.html"
    )
    assert [block.caption for block in page.blocks if isinstance(block, Image)] == ["一楼老年阅览区", ""]
    assert "公交五路可以到达。" in page.text
