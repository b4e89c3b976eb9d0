"""`Extracted` as items of the model."""

from __future__ import annotations

import pytest

from content_sync.extract.page import Extracted
from content_sync.extract.typed import as_item, everyday_names, parts_of
from portal.codec import dump_item, load_item
from portal.model import (
    Article,
    Block,
    Disclosure,
    Effect,
    Exchange,
    Fact,
    Field,
    Interview,
    InterviewState,
    Kind,
    Matter,
    Notice,
    Paragraph,
    Run,
    Table,
    Unit,
    kind_of,
)
from tests.content_sync.extract.helpers import saved

URL = "http://q.example/a.html"


def page(title: str = "标题", *blocks: Block, published: str = "2025-03-01", **fields: str) -> Extracted:
    return Extracted(
        kind="other",
        title=title,
        published=published,
        fields=tuple(Field(name, value) for name, value in fields.items()),
        blocks=blocks,
    )


def typed(found: Extracted, kind: Kind) -> object:
    item = as_item(found, item_id="x1", columns=("c",), url=URL, kind=kind)
    assert kind_of(item) is kind
    assert (item.id, item.url, item.columns) == ("x1", URL, ("c",))
    assert load_item(dump_item(item)) == item
    return item


@pytest.mark.parametrize(
    ("name", "official", "names"),
    [
        ("机动车驾驶证(驾照)", "机动车驾驶证", ("驾照",)),
        ("计划生育服务手册（准生证）办理", "计划生育服务手册办理", ("准生证",)),
        ("不动产权证书（房产证、房本）", "不动产权证书", ("房产证", "房本")),
        ("护照（首次申领）", "护照（首次申领）", ()),
        ("停车管理办法（试行）", "停车管理办法（试行）", ()),
        ("社会保障卡", "社会保障卡", ()),
        ("（驾照）", "（驾照）", ()),
    ],
)
def test_everyday_names(name: str, official: str, names: tuple[str, ...]) -> None:
    assert everyday_names(name) == (official, names)


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("身份证\n户口簿", ("身份证", "户口簿")),
        ("1.身份证；2.户口簿；3、照片2张", ("身份证", "户口簿", "照片2张")),
        ("（1）申请表；（2）3.5寸照片", ("申请表", "3.5寸照片")),
        ("一、申请\n二、审核", ("申请", "审核")),
        ("免费", ("免费",)),
        ("", ()),
    ],
)
def test_parts_of(value: str, parts: tuple[str, ...]) -> None:
    assert parts_of(value) == parts


def test_a_matter_of_a_whole_page() -> None:
    item = typed(saved("service_guide.html"), Kind.MATTER)
    assert isinstance(item, Matter)
    assert (item.title, item.everyday_names) == ("机动车驾驶证期满换证", ("驾照",))
    assert item.conditions == ("驾驶证有效期满前九十日内", "没有未处理的交通违法。")
    assert item.materials == ("身份证", "体检证明。")
    assert (item.legal_limit, item.promised_limit, item.fee) == ("3个工作日", "当场办结", "工本费10元")
    assert (item.unit, item.audience) == ("青澜市公安局交通警察支队", "自然人")
    assert (item.hours, item.telephone) == ("周一至周五 9:00—17:00", "0999-5550122")
    assert (item.place, item.bus_route) == ("滨江大道88号车管所一楼", "3路、18路公交车管所站")


def test_a_disclosure_and_its_effect() -> None:
    item = typed(saved("vsb_disclosure.html"), Kind.DISCLOSURE)
    assert isinstance(item, Disclosure)
    assert (item.index_no, item.doc_no, item.issuer) == (
        "QL0012-2025-00031",
        "青政发〔2025〕8号",
        "青澜市人民政府",
    )
    assert (item.made_on, item.effect, item.topic) == ("2025-03-11", Effect.VALID, "城乡建设\\城市管理")


@pytest.mark.parametrize(
    ("fields", "effect"),
    [
        ({"有效性": "有效"}, Effect.VALID),
        ({"有效性": "已废止"}, Effect.REPEALED),
        ({"效力状态": "失效"}, Effect.INVALID),
        ({"是否有效": "是"}, Effect.VALID),
        ({"废止日期": "2024-01-01"}, Effect.REPEALED),
        ({"有效性": "有效", "废止日期": "2030-01-01"}, Effect.VALID),
        ({}, Effect.UNKNOWN),
    ],
)
def test_effect(fields: dict[str, str], effect: Effect) -> None:
    item = typed(page(**fields), Kind.DISCLOSURE)
    assert isinstance(item, Disclosure) and item.effect is effect


def test_a_unit() -> None:
    item = typed(saved("unit.html"), Kind.UNIT)
    assert isinstance(item, Unit)
    assert (item.title, item.level, item.address) == ("青澜市民政局", "正县级", "青澜市书院街9号")
    assert item.duties == ("负责婚姻登记管理。", "负责养老服务和残疾人福利。")
    placed = typed(page(坐标="117.6390，33.4033"), Kind.UNIT)
    assert isinstance(placed, Unit) and placed.position == "117.6390,33.4033"


def test_a_fact_takes_the_rows_of_its_tables() -> None:
    table = Table((("名称", "电话"), ("供水抢修", "0999-5550100"), ("有效期至", "2026-12-31")), 1)
    item = typed(page("常用电话", table), Kind.FACT)
    assert isinstance(item, Fact)
    assert item.fields == (Field("供水抢修", "0999-5550100"), Field("有效期至", "2026-12-31"))
    assert (item.checked_on, item.valid_until) == ("2025-03-01", "2026-12-31")


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (page("公交线网怎么调（预告）"), InterviewState.ANNOUNCED),
        (page("公交线网怎么调", 访谈状态="正在直播"), InterviewState.LIVE),
        (page("公交线网怎么调", 访谈状态="访谈预告"), InterviewState.ANNOUNCED),
        (
            page("公交线网怎么调", Exchange("怎么调？", "征求意见后调。", "网友", "路明川")),
            InterviewState.ARCHIVED,
        ),
    ],
)
def test_the_state_of_an_interview(found: Extracted, state: InterviewState) -> None:
    item = typed(found, Kind.INTERVIEW)
    assert isinstance(item, Interview) and item.state is state


def test_guests_are_named_or_those_who_answered() -> None:
    named = typed(page(访谈嘉宾="温如玉、路明川", 访谈时间="2025年4月8日 14:30"), Kind.INTERVIEW)
    assert isinstance(named, Interview)
    assert (named.guests, named.held) == (("温如玉", "路明川"), "2025-04-08 14:30")
    spoke = typed(page("访谈", Exchange("问？", "答。", "网友", "温如玉")), Kind.INTERVIEW)
    assert isinstance(spoke, Interview) and spoke.guests == ("温如玉",)


def test_a_notice_says_how_grave_where_and_until_when() -> None:
    body = Paragraph((Run("停水时间：2025年7月3日 22:00至2025年7月4日 06:00"),))
    area = Paragraph((Run("停水区域：滨江路以东、书院街以南。"),))
    item = typed(page("暴雨橙色预警期间停水通知", body, area), Kind.NOTICE)
    assert isinstance(item, Notice)
    assert (item.severity, item.area) == ("橙色", "滨江路以东、书院街以南")
    assert (item.valid_from, item.valid_until) == ("2025-07-03 22:00", "2025-07-04 06:00")


def test_an_article_keeps_what_the_page_says() -> None:
    found = saved("jcms_article.html")
    item = typed(found, Kind.ARTICLE)
    assert isinstance(item, Article)
    assert (item.title, item.published, item.source, item.blocks) == (
        found.title,
        found.published,
        found.source,
        found.blocks,
    )
