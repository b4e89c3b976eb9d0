"""Whole pages in the manner of the systems that portals run, and pages that nobody should send."""

from __future__ import annotations

import gzip
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content_sync.extract import Extracted, NotAPage, body_hash, extract
from content_sync.extract.page import KINDS
from portal.model import Attachment, Exchange, Heading, Image, Paragraph, Run, Table
from tests.content_sync.extract.helpers import PAGES, read, saved


@pytest.mark.parametrize(
    ("name", "kind", "title", "published", "source"),
    [
        ("jcms_article.html", "article", "云桥区新增三处社区菜店", "2025-04-02 09:15", "云桥区商务局"),
        ("trs_twice.html", "article", "全市防汛演练在鹭洲县举行", "2025-05-20 10:08", "鹭洲县应急管理局"),
        ("vsb_disclosure.html", "disclosure", "青澜市电动自行车停放管理办法", "2025-03-18", ""),
        ("old_table.html", "article", "滨江步道夜间照明完成改造", "2024-11-05", "市城市管理局"),
        ("epoint_article.html", "article", "远程异地评标系统正式启用", "2025-02-14", ""),
        ("service_guide.html", "service", "机动车驾驶证（驾照）期满换证", "", ""),
        ("interview.html", "interview", "医保报销怎么办更方便", "", ""),
        ("letter.html", "letter", "路口信号灯时间太短", "2025-03-17", ""),
        ("unit.html", "unit", "青澜市民政局", "", ""),
        ("wechat_like.html", "article", "暴雨蓝色预警：今晚出行请注意", "2025-07-03 17:20", "市气象台"),
        ("data_table.html", "article", "2025年一季度公交线路调整表", "2025-01-06", ""),
    ],
)
def test_head_of_a_page(name: str, kind: str, title: str, published: str, source: str) -> None:
    page = saved(name)
    assert (page.kind, page.title, page.published, page.source) == (kind, title, published, source)


def test_a_body_keeps_text_links_pictures_and_files_and_nothing_else() -> None:
    first, picture, second, label, file = saved(
        "jcms_article.html", "http://q.example/art/2025/4/2/a.html"
    ).blocks
    assert first == Paragraph((Run("4月1日，云桥区三处社区菜店同时开门，居民走出小区就能买到当天的蔬菜。"),))
    assert picture == Image("http://q.example/picture/0/s250402.jpg", "菜店开门第一天", width=600)
    assert isinstance(second, Paragraph)
    assert Run("租金前三年减半", strong=True) in second.runs
    assert Run("惠民专栏", href="http://q.example/col/col9/index.html") in second.runs
    assert label == Paragraph((Run("附件："),))
    assert isinstance(file, Attachment)
    assert (file.name, file.format, file.size) == ("社区菜店名单.xlsx", "xlsx", 36 * 1024)


def test_a_body_given_twice_comes_out_once() -> None:
    assert saved("trs_twice.html").text.count("清泉水库") == 1
    once = "<p>今天起，三条公交线路延长到新校区，早晚高峰加密班次。</p><p>学生凭证件乘车半价。</p>"
    twice = read(f'<h1>公交线路延长到新校区</h1><p>发布时间：2025-01-01</p><div id="zoom">{once}{once}</div>')
    assert len(twice.blocks) == 2


def test_an_index_table_gives_fields_and_is_no_body() -> None:
    page = saved("vsb_disclosure.html")
    assert page.field("索引号") == "QL0012-2025-00031"
    assert page.field("发文字号") == "青政发〔2025〕8号"
    assert page.field("主题词") == ""
    assert {field.name: field.value for field in page.dates} == {"发布": "2025-03-18", "成文": "2025-03-11"}
    assert page.text.startswith("青澜市电动自行车停放管理办法\n第一条")
    assert "QL0012" not in page.text


def test_the_elements_of_a_service_stand_under_their_names() -> None:
    page = saved("service_guide.html")
    assert page.field("受理条件") == "1. 驾驶证有效期满前九十日内；\n2. 没有未处理的交通违法。"
    assert page.field("申请材料") == "身份证；\n体检证明。"
    assert page.field("承诺时限") == "当场办结"
    assert page.field("乘车路线") == "3路、18路公交车管所站"


def test_an_interview_is_questions_and_answers() -> None:
    page = saved("interview.html")
    assert page.blocks[1:] == (
        Exchange(
            "我在外地住院，回来怎么报销？",
            "先在手机上备案，出院时直接结算，不用再跑。\n如果没有备案，也可以回来补办。",
            "网友阿澜",
            "温如玉",
        ),
        Exchange("备案要多久？", "即时生效。", "网友小洲", "温如玉"),
    )
    assert page.field("访谈嘉宾") == "市医保局副局长 温如玉"


def test_a_letter_comes_with_its_reply() -> None:
    page = saved("letter.html")
    assert page.field("回复单位") == "市公安局交警支队"
    assert page.text.splitlines() == [
        "学府路口的绿灯只有十五秒，老人走不过去，能不能延长？",
        "回复单位：市公安局交警支队",
        "回复时间：2025-03-20",
        "回复内容：",
        "您好，该路口绿灯已经延长到三十秒，感谢您的来信。",
    ]


def test_a_unit_with_parts_side_by_side_is_read_whole() -> None:
    page = saved("unit.html")
    assert page.field("办公地址") == "青澜市书院街9号"
    assert Heading("主要职责", 3) in page.blocks
    assert "（二）负责养老服务和残疾人福利。" in page.text


def test_a_table_stays_a_table_and_spans_become_a_rectangle() -> None:
    table = next(block for block in saved("data_table.html").blocks if isinstance(block, Table))
    assert table == Table(
        (("线路", "首末班", ""), ("3路", "火车站", "6:00—22:00"), ("", "车管所", "6:20—22:20")), 1
    )


def test_hidden_text_is_no_body_and_is_mentioned() -> None:
    page = saved("wechat_like.html")
    assert "投注" not in page.text
    assert "hidden-text" in page.flags
    assert len(page.blocks) == 2


def test_gbk_reads_like_utf8() -> None:
    text = (PAGES / "old_table.html").read_text(encoding="utf-8")
    assert extract(text.encode("gb18030")) == replace(extract(text.encode()), charset="gb18030", flags=())


def test_inserted_pinyin_is_taken_out_and_mentioned() -> None:
    page = read(
        "<h1>便民菜(cài)店开门</h1><p>发布时间：2025-01-01</p>"
        "<div id=zoom><p>居民走出小(xiǎo)区就能买(mǎi)到当天的蔬菜，价格贴在门口。</p></div>"
    )
    assert page.title == "便民菜店开门"
    assert page.text == "居民走出小区就能买到当天的蔬菜，价格贴在门口。"
    assert "pinyin-inserted" in page.flags


def test_the_visible_date_wins_over_a_republication_time() -> None:
    page = extract(
        '<html><head><meta name="ArticleTitle" content="照明改造完成"><meta name="PubDate" content="2025-06-01 08:00">'
        "</head><body><h1>照明改造完成</h1><p>时间：2023年11月14日 来源：城管局</p>"
        "<div class=content><p>四公里的照明全部换成节能灯具，亮度均匀。</p></div></body></html>".encode()
    )
    assert page.published == "2023-11-14"
    assert ("PubDate", "2025-06-01 08:00") in [(field.name, field.value) for field in page.dates]


def test_a_meta_of_the_same_day_adds_its_clock() -> None:
    page = extract(
        '<html><head><meta name="PubDate" content="2023-11-14 16:20"></head><body><h1>照明改造完成</h1>'
        "<p>发布日期：2023-11-14</p><div class=content><p>四公里的照明全部换成节能灯具。</p></div></body>".encode()
    )
    assert page.published == "2023-11-14 16:20"


def test_a_day_of_signature_is_not_the_day_of_publication() -> None:
    page = read(
        "<h1>关于做好防汛工作的通知</h1><p>各区县人民政府，市直各部门：汛期将至，请做好各项准备工作，确保安全度汛。</p>"
        "<p>2025年4月30日</p>",
        "http://q.example/art/2025/5/8/art_1_2.html",
    )
    assert page.published == "2025-05-08"


def test_placeholders_of_a_template_are_no_title() -> None:
    assert saved("epoint_article.html").title == "远程异地评标系统正式启用"


def test_text_after_an_early_closer_is_read() -> None:
    page = extract(
        "<html><body><h1>积水路段今晚抢修</h1></body></html><html><body><p>发布时间：2025-07-01</p>"
        "<div><p>今晚十点起，滨江路积水路段封闭抢修，请绕行书院街。</p></div></body></html>".encode()
    )
    assert "请绕行书院街" in page.text


def test_no_rule_finds_it_but_readability_does() -> None:
    prose = "这一段文字没有任何容器，也没有标题和日期，只有很长的内容，说的是水厂搬迁以后管网怎样改造。" * 3
    page = read(f'<div class="weather"><div><p>{prose}</p><p>{prose}完。</p><p>{prose}以上。</p></div></div>')
    assert "管网怎样改造" in page.text
    assert "last-resort" in page.flags


# --- body_hash ---------------------------------------------------------------------------------


def test_a_counter_or_markup_does_not_change_the_hash_and_a_word_does() -> None:
    def page(body: str, hits: int = 1) -> str:
        found = read(
            f'<h1>菜店开门</h1><p>发布时间：2025-04-02 浏览次数：{hits}</p><div id="zoom">{body}<p>浏览次数：{hits}次</p></div>'
        )
        return body_hash(found)

    text = "<p>居民走出小区就能买到当天的蔬菜，价格每天贴在门口。</p>"
    assert page(text) == page(text, 99) == page(text.replace("<p>", "<p style='color:red'><span>"))
    assert page(text) != page(text.replace("当天", "隔天"))
    assert len(page(text)) == 32


# --- what nobody should send -------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"\x00",
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n",
        b"PK\x03\x04....",
        b"<!-- -->",
        b"\x1f\x8bbroken",
    ],
)
def test_what_is_no_page_says_so(body: bytes) -> None:
    with pytest.raises(NotAPage):
        extract(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<p>abc</p>" * 5_000_000,
        b"<div>" * 100_000 + b"end",
        b"<table><tr><td>" * 5_000,
        b"<p>" + "标题：".encode() * 100_000,
        b"<datastore><record>" + b"<record>" * 100_000,
        b"createPageHTML(" * 50_000,
        b"[" * 200_000,
        b'{"a":' * 50_000,
        gzip.compress(b"\x00" * 100_000_000),
        b"<script>" * 50_000,
        b"<font " * 100_000,
    ],
    ids=[
        "50MB",
        "deep",
        "deep tables",
        "labels",
        "open records",
        "pagers",
        "json",
        "json objects",
        "bomb",
        "scripts",
        "tags",
    ],
)
def test_hostile_pages_end_soon(body: bytes) -> None:
    begin = time.process_time()
    try:
        extract(body, "http://q.example/a.html")
    except NotAPage as error:
        assert str(error)
    assert time.process_time() - begin < 10


def test_depth_beyond_the_parser_is_flattened_or_flagged() -> None:
    fonts = "<font>" * 1000 + "今晚十点起，滨江路积水路段封闭抢修，请绕行书院街。" + "</font>" * 1000
    assert "请绕行书院街" in read(f"<div><p>{fonts}</p></div>").text
    assert "too-deep" in extract(b"<p>a</p>" + b"<div>" * 5000).flags


_PIECES = st.sampled_from(
    ["<table>", "<tr>", "<td>", "</td>", "<p>", "</p>", "<div id=zoom>", "</div>", "<a href='a.pdf'>", "<a href='//['>",
     "</a>", "<img src=x.jpg>", "<ul><li>", "</li></ul>", "<h1>", "</h1>", "<br>", "索引号：", "发布时间：2025-01-01",
     "主持人：", "网友：", "网(wǎng)", "<!--", "-->", "</html>", "<td colspan=999>", "共 45 条 1/5 页", "&#x110000;", "\x00",
     "<record>", "<li><a href=b.html>公告公示内容标题</a>2025-01-02</li>", "信件内容：", "\ud800", "附件："]
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(_PIECES | st.text(max_size=12), max_size=40),
    st.sampled_from(("", "list", "service", "interview")),
)
def test_any_markup_gives_a_page_or_one_named_error(pieces: list[str], hint: str) -> None:
    try:
        page = extract("".join(pieces).encode("utf-8", "surrogatepass"), "http://q.example/", "", hint)
    except NotAPage:
        return
    assert isinstance(page, Extracted)
    assert page.kind in KINDS
    assert all(len(set(map(len, block.rows))) == 1 for block in page.blocks if isinstance(block, Table))
    assert all(item.url == "" or item.url.startswith("http") for item in page.items)
    assert body_hash(page) == body_hash(page)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=500), st.text(max_size=40), st.text(max_size=20))
def test_any_bytes_give_a_page_or_one_named_error(body: bytes, url: str, content_type: str) -> None:
    try:
        assert extract(body, url, content_type).kind in KINDS
    except NotAPage as error:
        assert str(error)


@pytest.mark.parametrize(
    "attributes",
    [
        " ".join(f'a{at}="1"' for at in range(30_000)),
        " ".join(f"a{at}" for at in range(30_000)),
        " ".join(f'a{at}=">"' for at in range(30_000)),
        "' " + "".join(f'a{at}="1"' for at in range(30_000)) + " '",
    ],
    ids=("quoted", "bare", "with brackets", "between apostrophes"),
)
def test_an_element_with_more_attributes_than_any_page_needs(attributes: str) -> None:
    """A parser compares each with all before it: unbounded, this many would take seconds, ten times as many
    an hour. The element stays, and what it holds."""
    begun = time.process_time()
    page = extract(
        f"<html><body><div {attributes}><p>{'这是一段正文，说明事情的经过。' * 5}</p></div>".encode()
    )
    assert "说明事情的经过" in page.text
    assert time.process_time() - begun < 3


def test_long_values_are_no_attributes() -> None:
    picture = "A" * 50_000
    page = extract(
        f'<html><body><p>{"这是一段正文，说明事情的经过。" * 5}</p><img alt="a b c" src="/x.png" data-x="{picture}">'
        "</body></html>".encode(), "http://a.example/",
    )  # fmt: skip
    assert any(isinstance(block, Image) for block in page.blocks)
