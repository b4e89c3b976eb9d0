"""The same content in the markup of many systems: labels, pagers, lists and letters as portals vary them."""

from __future__ import annotations

import json

import pytest

from content_sync.extract import extract
from content_sync.extract.page import Extracted
from portal.model import Table

HOME = "http://www.yunhe.example"
TITLE = "云和市部署今冬明春供暖工作"
RULES = "云和市人民政府办公室关于印发供暖管理办法的通知"
PARAGRAPHS = (
    "为进一步做好冬季供暖工作，市住房城乡建设局近日组织召开专题会议，对设备检修、燃料储备和客服热线作出部署。",
    "会议要求各供热企业提前注水试压，公布服务电话，做到二十四小时有人值守，用户反映的问题两小时内上门。",
    "下一步，云和市将建立供暖质量日报制度，对群众反映集中的小区挂牌督办，确保温暖过冬。",
)
BODY = "".join(f"<p>　　{text}</p>" for text in PARAGRAPHS)


def read(
    main: str, *, title: str = "", crumb: str = "", path: str = "/x/a.html", hint: str = ""
) -> Extracted:
    """A whole page around `main`: head, menu, breadcrumb, a box of other news, foot."""
    menu = "".join(
        f'<a href="/{name}/">{text}</a>' for name, text in (("xw", "新闻"), ("zw", "公开"), ("bs", "服务"))
    )
    crumbs = "&gt;".join(f"<a>{name}</a>" for name in ("首页", *crumb.split()))
    box = "".join(f'<li><a href="/xw/{at}.html">云和市第{at}季度重点项目集中开工</a></li>' for at in range(6))
    markup = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>
    <div class="top">{menu} 今天是2026年11月27日</div><div class="dqwz">当前位置：{crumbs}</div>
    <div class="main">{main}</div><div class="side"><h3>热点推荐</h3><ul>{box}</ul></div>
    <div class="footer">主办：云和市人民政府办公室 网站标识码：3300000000</div></body></html>"""
    return extract(markup.encode(), HOME + path, "text/html", hint)


@pytest.mark.parametrize(
    ("head", "body", "source"),
    [
        (
            '<div class="tit">{title}</div><div><span>发布时间：2026-03-04 10:20</span><span>来源：市住建局</span>'
            "<span>字体：[<a>大</a> <a>中</a>]</span><span>浏览：12次</span></div>",
            '<div class="view TRS_UEDITOR">{body}</div>',
            "市住建局",
        ),
        (
            '<h3 class="ewb-article-tt">{title}</h3><div><p>【信息时间：2026/3/4　阅读次数：123】'
            "【信息来源：市住建局】【<a>我要打印</a>】</p></div>",
            '<div class="ewb-article-info">{body}</div>',
            "市住建局",
        ),
        (
            '<h1 class="arti_title">{title}</h1><p><span>发布者：张三</span><span>发布时间：2026-03-04</span>'
            "<span>浏览次数：10</span></p>",
            '<div class="wp_articlecontent">{body}</div>',
            "张三",
        ),
        (
            '<h1 align="center">{title}</h1><div>2026年03月04日 10:33 市住建局 &nbsp;点击：[]</div>',
            '<div id="vsb_content_2"><div class="v_news_content">{body}</div></div>',
            "市住建局",
        ),
        (
            "<ucaptitle>{title}</ucaptitle><div>2026-03-04 10:33 &nbsp; 来源: 云和日报 <span>分享到：</span></div>",
            "<ucapcontent>{body}</ucapcontent><p>责任编辑：王五</p>",
            "云和日报",
        ),
        (
            "<div><b>{title}</b></div><div>发布日期：2026-03-04 信息来源：云和日报 举报</div>",
            "<div>{body}</div>",
            "云和日报",
        ),
    ],
    ids=("TRS", "Epoint", "WebPlus", "VSB", "UCAP", "nothing named"),
)
def test_articles(head: str, body: str, source: str) -> None:
    page = read(
        head.format(title=TITLE) + body.format(body=BODY), title="云和市住建局", crumb="新闻中心 要闻"
    )
    assert (page.kind, page.title, page.published[:10], page.source) == (
        "article", TITLE, "2026-03-04", source,
    )  # fmt: skip
    assert page.text == "\n".join(PARAGRAPHS)


def test_the_line_above_the_imprint_is_the_title_whatever_box_the_template_repeats() -> None:
    """A template titled with column and office; the office's name heads a box of its own as well."""
    page = read(
        f"<h5>{TITLE}</h5><div>发布时间：2026-03-04</div>{BODY}<h5>云和供热协会</h5><p>电话：0571-1</p>",
        title="新闻动态--云和供热协会官网",
    )
    assert page.title == TITLE and page.text.startswith(PARAGRAPHS[0])


INDEX = (
    ("索引号", "SY-2026-1"),
    ("组配分类", "通知公告"),
    ("发布机构", "市住建局"),
    ("发布日期", "2026-03-04"),
    ("文号", "云住建〔2026〕3号"),
    ("有效性", "有效"),
)


def _pairs(form: str, rows: tuple[tuple[str, str], ...], joint: str = "") -> str:
    return joint.join(form.format(name, value) for name, value in rows)


@pytest.mark.parametrize(
    "table",
    [
        f"<ul>{_pairs('<li><b>{}：</b>{}</li>', INDEX)}</ul>",
        f"<dl>{_pairs('<dt>{}</dt><dd>{}</dd>', INDEX)}</dl>",
        f"<table>{_pairs('<tr><th>{}</th><td>{}</td></tr>', INDEX)}</table>",
        f"<table>{_pairs('<tr><td>[ {} ]</td><td>{}</td></tr>', INDEX)}</table>",
        f"<p>{_pairs('<span>{}：{}</span>', INDEX)}</p>",
        _pairs('<div class="row"><div>{}：</div><div>{}</div></div>', INDEX),
        f"<ul>{_pairs('<li>{}：{}</li>', tuple((' '.join(name), value) for name, value in INDEX))}</ul>",
    ],
    ids=("list", "dl", "table", "brackets", "spans without blanks", "rows", "spaced labels"),
)
def test_index_tables(table: str) -> None:
    page = read(f'{table}<div class="tt">{RULES}</div><div id="zoom">{BODY}</div>', title=RULES, crumb="政策")
    assert (page.kind, page.title, page.published) == ("disclosure", RULES, "2026-03-04")
    assert {field.name: field.value for field in page.fields} == dict(INDEX)
    assert page.text.endswith(PARAGRAPHS[-1])


def test_a_detail_of_gkmlpt() -> None:
    rows = (
        ("索引号:", "00712-2026-0041", "分类:", "城乡建设、通知"),
        ("发布机构:", "云和市人民政府办公室", "成文日期:", "2026-02-28"),
        ("文号:", "云府办〔2026〕12号", "发布日期:", "2026-03-04"),
    )
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    page = read(
        f'<div class="classify"><table>{cells}</table></div><h1 class="title">{RULES}</h1>'
        f'<div>发布日期：2026-03-04 16:12:33 浏览次数：-</div><div class="article-content">{BODY}</div>',
        path="/gkmlpt/content/10/1045/post_10451234.html",
    )
    assert (page.kind, page.title, page.published) == ("disclosure", RULES, "2026-03-04 16:12")
    assert {label.rstrip(":"): page.field(label.rstrip(":")) for row in rows for label in row[::2]} == {
        label.rstrip(":"): value for row in rows for label, value in zip(row[::2], row[1::2], strict=True)
    }


GUIDE = (
    ("事项名称", "机动车驾驶证补领"),
    ("基本编码", "000101"),
    ("实施主体", "云和市公安局"),
    ("受理条件", "年满十八周岁；持有身份证明"),
    ("申请材料", "身份证原件；申请表"),
    ("办理流程", "申请、受理、审核、发证"),
    ("法定办结时限", "20个工作日"),
    ("承诺办结时限", "3个工作日"),
    ("是否收费", "否"),
    ("办理地点", "云和市中山路1号"),
)


@pytest.mark.parametrize(
    "form",
    [
        "<table><tr><td>{}</td><td>{}</td></tr></table>",
        "<h4>一、{}</h4><p>{}</p>",
        "<p><strong>【{}】</strong></p><p>{}</p>",
        "<p>{}：{}</p>",
        '<div class="item"><div class="name">{}：</div><div>{}</div></div>',
        "<p>3.{}：{}</p>",
        "<p>（五）{}</p><p>{}</p>",
    ],
)
def test_service_guides(form: str) -> None:
    page = read(f"<h2>机动车驾驶证补领</h2><div>{_pairs(form, GUIDE)}</div>", crumb="办事服务 办事指南")
    assert page.kind == "service" and page.title == "机动车驾驶证补领"
    assert {field.name: field.value for field in page.fields} == dict(GUIDE)


LETTERS = (
    (
        ("信件编号", "YH20260001"),
        ("信件标题", "关于中山路路灯不亮的问题"),
        ("写信人", "李**"),
        ("写信时间", "2026-03-04 10:00"),
        ("信件内容", "中山路三段路灯一周不亮，夜间出行不便，请尽快维修，谢谢。"),
        ("答复单位", "市城管局"),
        ("答复时间", "2026-03-08 15:30"),
        ("答复内容", "李先生您好，路灯已于三月七日修复，感谢您的监督。"),
    ),
    (
        ("受理编号", "W2026-77"),
        ("咨询标题", "公积金怎么提取"),
        ("咨询人", "王女士"),
        ("咨询时间", "2026-03-04"),
        ("咨询内容", "请问租房可以提取公积金吗，需要什么材料，多久到账？"),
        ("答复机构", "市公积金中心"),
        ("答复日期", "2026-03-09"),
        ("答复内容", "您好，租房可以提取，凭身份证在柜台或网上办理，三天到账。"),
    ),
    (
        ("诉求编号", "S1"),
        ("诉求标题", "小区门口乱停车"),
        ("诉求时间", "2026-03-04"),
        ("诉求内容", "小区门口经常乱停车，消防通道堵塞，请处理一下，谢谢。"),
        ("办理单位", "市交警支队"),
        ("办理时间", "2026-03-09"),
        ("办理结果", "已安排民警巡查并施划禁停线，感谢您的反映和支持。"),
    ),
)


@pytest.mark.parametrize("rows", LETTERS, ids=("letter", "question", "complaint"))
@pytest.mark.parametrize(
    "form",
    ["<table><tr><td>{}：</td><td>{}</td></tr></table>", "<p>{}：{}</p>", "<dl><dt>{}</dt><dd>{}</dd></dl>"],
)
def test_letters(rows: tuple[tuple[str, str], ...], form: str) -> None:
    page = read(f"<div>{_pairs(form, rows)}</div>", title="市长信箱-云和市", crumb="互动交流 市长信箱")
    assert (page.kind, page.title, page.published[:10]) == ("letter", rows[1][1], "2026-03-04")
    assert {field.name: field.value for field in page.fields} == dict(rows)
    assert rows[4 if len(rows) > 7 else 3][1] in page.text and rows[-1][1] in page.text


def test_a_table_of_facts_stays_a_table() -> None:
    rows = "".join(f"<tr><td>{at}路</td><td>6:00</td><td>火车站—大学城{at}</td></tr>" for at in range(6))
    page = read(
        f"<h2>城区公交线路时刻表</h2><table><tr><th>线路</th><th>首班</th><th>起讫</th></tr>{rows}</table>",
        title="城区公交线路时刻表", crumb="便民查询 公交线路",
    )  # fmt: skip
    assert page.kind == "fact"
    (table,) = page.blocks
    assert isinstance(table, Table) and (len(table.rows), table.head) == (7, 1)


ENTRIES = [
    (f"/xw/2026/art_{at}.html", f"云和市第{at}次常务会议研究供暖保障工作", f"2026-11-{at:02}")
    for at in range(20, 5, -1)
]
LIST = "".join(f'<li><a href="{url}">{text}</a><span>{day}</span></li>' for url, text, day in ENTRIES)
CLICK = "queryArticleByCondition(this,'/xw/index_{}.jhtml')"


@pytest.mark.parametrize(
    ("path", "pager", "last"),
    [
        ("/xw/index.shtml", '<script>createPageHTML(9, 0, "index", "shtml");</script>', "/xw/index_8.shtml"),
        (
            "/xw/index.html",
            '<script>var countPage = 9;var now = 0;createPageHTML(countPage,now,"index","html");</script>',
            "/xw/index_8.html",
        ),
        ("/xw/", '<a href="index_2.html">下一页</a> <a href="index_9.html">末页</a>', "/xw/index_9.html"),
        ("/xw.htm", '<a href="xw/8.htm">下页</a> <a href="xw/1.htm">尾页</a>', "/xw/1.htm"),
        (
            "/channels/18105.html",
            '共 135 条 当前第 1 / 9 页 <a href="/channels/18105_2.html">下一页</a>',
            "/channels/18105_9.html",
        ),
        ("/l.aspx", '<a href="?P=2">2</a><a href="?P=3">3</a><a href="?P=9">最后一页</a>', "/l.aspx?P=9"),
        (
            "/xw/index.jhtml",
            "".join(
                f'<a href="javascript:;" onclick="{CLICK.format(at)}">{text}</a>'
                for at, text in ((2, "2"), (3, "3"), (9, "尾页"))
            ),
            "/xw/index_9.jhtml",
        ),
        (
            "/xw/index.html",
            '<select onchange="location.href=this.value"><option value="index.html">1</option>'
            + "".join(f'<option value="index_{at}.html">第{at}页</option>' for at in range(2, 10))
            + "</select>",
            "/xw/index_9.html",
        ),
    ],
    ids=("TRS", "TRS by variables", "next and last", "VSB", "next and count", "query", "clicks", "drop-down"),
)
def test_pagers(path: str, pager: str, last: str) -> None:
    page = read(f"<ul>{LIST}</ul><div>{pager}</div>", path=path, hint="list")
    assert [item.title for item in page.items] == [text for _, text, _ in ENTRIES]
    assert len(page.pages) == 8 and page.pages[-1] == HOME + last


RECORDS = "".join(f"<record><![CDATA[<li>{row}</li>]]></record>" for row in LIST.split("<li>")[1:])
STORE = (
    "<datastore><totalrecord>135</totalrecord><nextgroup><![CDATA[<a "
    'href="/module/web/jpage/dataproxy.jsp?page=2&appid=1&columnid=3&unitid=1"></a>]]></nextgroup>'
    f"<recordset>{RECORDS}</recordset></datastore>"
)


@pytest.mark.parametrize(
    ("answer", "pages"),
    [
        ({"code": 200, "data": STORE}, 8),
        ({"success": True, "data": {"html": f"<ul>{LIST}</ul>", "count": 135}}, 8),
        (
            {
                "rows": [{"TITLE": text, "URL": url, "PUBDATE": day} for url, text, day in ENTRIES],
                "total": 135,
            },
            8,
        ),
        (
            {
                "page": {
                    "content": [
                        {"docTitle": text, "docPubUrl": url, "docRelTime": day} for url, text, day in ENTRIES
                    ]
                }
            },
            0,
        ),
    ],
    ids=("dataproxy", "markup", "rows", "content"),
)
@pytest.mark.parametrize("wrapped", ["{}", "callback({});"])
def test_lists_in_json(answer: object, pages: int, wrapped: str) -> None:
    raw = wrapped.format(json.dumps(answer)) if wrapped != "{}" else json.dumps(answer)
    page = extract(raw.encode(), f"{HOME}/api/list?page=1", "application/json", "list")
    assert [(item.title, item.date) for item in page.items] == [(text, day) for _, text, day in ENTRIES]
    assert page.items[0].url == HOME + ENTRIES[0][0] and len(page.pages) == pages


def test_a_list_that_a_template_will_fill_is_not_empty() -> None:
    page = read(
        '<ul id="app"><li v-for="item in list">{{item.title}}</li></ul><script src="/vue.min.js"></script>',
        hint="list",
    )
    assert page.kind == "list" and not page.items and page.script_list


def test_a_sitemap_of_bare_addresses() -> None:
    lines = "\n".join(HOME + url for url, _, _ in ENTRIES)
    page = extract(lines.encode(), f"{HOME}/sitemap.txt", "text/plain")
    assert page.kind == "list" and [item.url for item in page.items] == lines.split()
    assert extract(f"{HOME}/ 是云和市门户网站的地址".encode(), "", "text/plain").kind != "list"
