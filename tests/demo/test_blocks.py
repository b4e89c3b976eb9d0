"""The small markup of the texts."""

from __future__ import annotations

from demo.blocks import File, Part, files, parts, scene, summary

TEXT = """第一段
## 小标题
- 甲
- 乙
1) 一
2) 二
| 名称 | 电话 |
| 馆 | 12345 |
! river 河边
+ form.doc 申请表
? 网友：问
: 局长：答
"""


def test_each_line_is_a_block() -> None:
    assert parts(TEXT) == (
        Part("paragraph", "第一段"),
        Part("heading", "小标题"),
        Part("list", items=("甲", "乙")),
        Part("numbers", items=("一", "二")),
        Part("table", rows=(("名称", "电话"), ("馆", "12345"))),
        Part("picture", "河边", ("river",)),
        Part("file", "申请表", ("form.doc",)),
        Part("question", "问", ("网友",)),
        Part("answer", "答", ("局长",)),
    )


def test_what_is_read_off_a_text() -> None:
    assert files(TEXT) == (File("申请表", "doc"),)
    assert scene(TEXT) == "river" and scene("没有") == ""
    assert summary(TEXT) == "第一段"
    assert summary("长" * 200) == "长" * 79 + "…"
    assert parts("") == ()
