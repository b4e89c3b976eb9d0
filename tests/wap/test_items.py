"""Items to pages: order, labels, telephones, tables, and what is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.model import (
    AnyItem,
    Attachment,
    Block,
    Exchange,
    Fact,
    Field,
    Heading,
    Image,
    Interview,
    InterviewState,
    List,
    Matter,
    Notice,
    Paragraph,
    Run,
    Site,
    Table,
    Unit,
)
from portal.text import text
from tests import sample
from wap import items
from wap.page import Call, Line, Link, Part, Picture
from wap.view import View

VIEW = View(text("zh-Hans"), "/wap", "2026-11-22", (("zh-Hans", "/wap"), ("en", "/wap/en")))
SITE = Site(id="s", name="青澜市阳光政务", columns=sample.COLUMNS)


def parts(item: AnyItem) -> list[Part]:
    return list(items.item(VIEW, SITE, item, "2001").body)


def lines(item: AnyItem) -> list[str]:
    return [part.text for part in parts(item) if isinstance(part, Line)]


def by_id(item_id: str) -> AnyItem:
    return next(item for item in sample.items() if item.id == item_id)


def test_a_matter_in_the_order_in_which_one_does_it() -> None:
    said = lines(by_id("matter01"))
    order = ["机动车驾驶证期满换证", "俗称: 驾照换证、驾照", "带什么", "1. 居民身份证原件", "去哪里: 滨河路", "什么时间: 周一",
             "乘车: 公交 8 路", "条件", "怎么办", "1. 到窗口取号", "承诺时限: 当场办结", "收费: 10 元/本", "依据: 《"]  # fmt: skip
    places = [next(at for at, line in enumerate(said) if line.startswith(begin)) for begin in order]
    assert places == sorted(places)
    assert [part.number for part in parts(by_id("matter01")) if isinstance(part, Call)] == [
        "09995550166",
        "09995550100",
    ]
    assert Link("/wap/i/unit01", "市公安局车辆管理所", "1") in parts(by_id("matter01"))


def test_a_matter_without_its_unit_in_the_mirror_names_it() -> None:
    matter = by_id("matter01")
    assert isinstance(matter, Matter)
    assert "办理单位: 市公安局车辆管理所" in lines(replace(matter, unit_id=""))


@pytest.mark.parametrize(
    ("written", "calls", "beside"),
    [
        ("0999-5550166", ["09995550166"], ["电话:"]),
        ("0535-6225533、6225534", ["05356225533", "6225534"], ["电话:", ""]),
        ("(0535)6225533转8012", ["05356225533"], ["电话:"]),
        ("12345", ["12345"], ["电话:"]),
        ("110或0999-5550110（值班）", ["110", "09995550110"], ["电话:", "或"]),
        ("值班室 0999-5550110", ["09995550110"], ["电话: 值班室"]),
        ("13812345678", ["13812345678"], ["电话:"]),
        ("010 8888 9999", ["01088889999"], ["电话:"]),
        ("400-820-8820", ["4008208820"], ["电话:"]),
        ("+86 535 6225533", ["6225533"], ["电话: +86 535"]),
        ("见公告栏", [], None),
        ("", [], None),
    ],
)
def test_telephones(written: str, calls: list[str] | None, beside: list[str] | None) -> None:
    unit = Unit(id="u", url="x", title="局", telephone=written)
    found = [part for part in parts(unit) if isinstance(part, Call)]
    if calls is not None:
        assert [call.number for call in found] == calls
    if beside is not None:
        assert [call.label for call in found] == beside
    # Whatever is made a link, nothing that was written is lost.
    shown = "".join(call.label + call.text for call in found) + "".join(lines(unit))
    assert all(character in shown for character in written if character.isalnum())


def test_a_disclosure_begins_with_its_index() -> None:
    said = lines(by_id("file0001"))
    assert said[1:7] == [
        "索引号: QL-2026-00118",
        "文号: 青政办发〔2026〕18 号",
        "发布机构: 市人民政府办公室",
        "成文日期: 2026-11-16",
        "效力: 有效",
        "主题: 城乡建设",
    ]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Heading("标题"), [Line("标题", strong=True)]),
        (Paragraph((Run("一"), Run("二", strong=True))), [Line("一二")]),
        (Paragraph((Run(" "),)), []),
        (List(("甲", "乙"), True), [Line("1. 甲"), Line("2. 乙")]),
        (List(("甲",)), [Line("- 甲")]),
        (Table((("a", "b"), ("c", ""))), [Line("a: b"), Line("c")]),
        (Table((("h", "i", "j"), ("1", "2", "3"), ("4", "", "")), head=1, caption="表"),
         [Line("表", strong=True), Line("1; i 2; j 3"), Line("4")]),
        (Image("x", "景", "", "m1", 60, 40), [Picture("m1", "景", 60, 40)]),
        (Image("x", "景", "说明", "m1"), [Picture("m1", "景"), Line("说明")]),
        (Image("x"), [Line("[图片]")]),
        (Attachment("x", "表.pdf", "pdf", 81_234), [Line("附件: 表.pdf 79 KB")]),
        (Attachment("x", "表", "doc"), [Line("附件: 表 (doc)")]),
        (Exchange("问题", "回答", "网友", "局长"), [Line("问(网友): 问题", strong=True), Line("局长: 回答")]),
        (Exchange("", "回答"), [Line("答: 回答")]),
    ],
)  # fmt: skip
def test_blocks(block: Block, expected: list[Part]) -> None:
    assert items._block(VIEW, block) == expected


def test_an_interview_says_where_it_stands() -> None:
    talk = Interview(
        id="t",
        url="x",
        title="谈",
        guests=("甲", "乙"),
        unit="局",
        held="2026-11-22 15:00",
        state=InterviewState.LIVE,
    )
    assert lines(talk)[1:] == ["嘉宾: 甲、乙", "单位: 局", "今天 15:00 正在进行"]


def test_a_fact_and_a_notice() -> None:
    fact = Fact(
        id="f",
        url="x",
        title="水价",
        fields=(Field("一档", "2.1 元"),),
        checked_on="2026-11-21",
        valid_until="",
    )
    assert lines(fact) == ["水价", "一档: 2.1 元", "核对日期: 昨天"]
    notice = Notice(
        id="n", url="x", title="停水", severity="紧急", area="东区", valid_from="2026-11-22 20:00"
    )
    assert lines(notice) == ["停水", "级别: 紧急", "地区: 东区", "今天 20:00"]


def test_what_the_typed_fields_say_is_not_said_again() -> None:
    matter = by_id("matter01")
    assert isinstance(matter, Matter)
    table = (Field("办理地点", "滨河路 26 号车管所一楼 3 号窗口"), Field("到现场次数", "1次"))
    body = (Heading("办理地点"), Paragraph((Run("滨河路26号车管所一楼3号窗口"),)), Paragraph((Run("1. 到窗口取号；\n2. 缴费"),)),
            Paragraph((Run("到现场次数："),)), Paragraph((Run("春节期间照常办理。"),)))  # fmt: skip
    more = lines(replace(matter, fields=table, blocks=body))[len(lines(matter)) :]
    assert more == ["到现场次数: 1次", "春节期间照常办理。"]
