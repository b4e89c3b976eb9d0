"""Label tables in the layouts that pages use."""

from __future__ import annotations

import pytest

from content_sync.extract.fields import find_labels, read_table
from tests.content_sync.extract.helpers import look

WANTED = {"索引号": "QL1/2025-00001", "发文字号": "青政发〔2025〕1号", "成文日期": "2025年3月1日"}


def fields(body: str) -> dict[str, str]:
    return {field.name: field.value for field in read_table(find_labels(look(body))).fields}


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td>索 引 号：</td><td>QL1/2025-00001</td><td>发文字号：</td><td>青政发〔2025〕1号</td></tr><tr><td>成文日期</td><td>2025年3月1日</td></tr></table>",
        "<table><tr><th>索引号</th><th>发文字号</th><th>成文日期</th></tr><tr><td>QL1/2025-00001</td><td>青政发〔2025〕1号</td><td>2025年3月1日</td></tr></table>",
        "<ul><li><b>索引号：</b>QL1/2025-00001</li><li><b>发文字号：</b>青政发〔2025〕1号</li><li><b>成文日期：</b>2025年3月1日</li></ul>",
        "<dl><dt>索引号</dt><dd>QL1/2025-00001</dd><dt>发文字号</dt><dd>青政发〔2025〕1号</dd><dt>成文日期</dt><dd>2025年3月1日</dd></dl>",
        "<p>索引号：QL1/2025-00001 发文字号：青政发〔2025〕1号 | 成文日期：2025年3月1日</p>",
        "<div><label>索引号</label> <span>QL1/2025-00001</span></div><div><label>发文字号</label> <span>青政发〔2025〕1号</span></div><div><label>成文日期</label> <span>2025年3月1日</span></div>",
        "<div><p>【索引号】</p><p>QL1/2025-00001</p><p>【发文字号】</p><p>青政发〔2025〕1号</p><p>【成文日期】</p><p>2025年3月1日</p></div>",
    ],
    ids=["cells", "head row", "list", "dl", "one line", "side by side", "lines"],
)  # fmt: skip
def test_layouts(body: str) -> None:
    assert fields(body) == WANTED


def test_an_empty_value_does_not_take_the_next_label() -> None:
    found = fields(
        "<table><tr><td>索引号</td><td>A1</td></tr><tr><td>发文字号</td><td></td><td>成文日期</td><td>2025-03-01</td></tr></table>"
    )
    assert found == {"索引号": "A1", "成文日期": "2025-03-01"}


def test_numbered_headings_with_their_paragraphs() -> None:
    found = fields(
        "<div><h3>一、申请条件</h3><p>本市户籍。</p><p>年满六十周岁。</p><h3>（二）办理流程</h3><p>窗口受理。</p><h3>3.收费标准：</h3><p>免费</p></div>"
    )
    assert found == {"申请条件": "本市户籍。\n年满六十周岁。", "办理流程": "窗口受理。", "收费标准": "免费"}


def test_a_telephone_in_an_article_or_a_form_to_write_is_no_table() -> None:
    assert fields("<p>活动今天举行。</p><p>联系电话：0999-5550001</p><p>标题：无</p>") == {}
    assert (
        fields("<form><div>留言内容：</div><div>验证码：</div><div>回复内容：</div><div>提交</div></form>")
        == {}
    )
