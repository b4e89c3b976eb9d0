"""What a page is: article, disclosure, service, interview, letter, unit, fact, list or other.

In this order: what its label table says, the column that it stands in (breadcrumb, ColumnType, ColumnName,
address), the form of its title, what its body looks like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from content_sync.extract.fields import Table

_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("letter", re.compile(r"信箱|来信|信件|留言|投诉咨询|咨询投诉|网上咨询|"
        r"政民互动.*(?:回复|选登)|我要写信|问政")),
    ("interview", re.compile(r"访谈|在线交流|新闻发布会|直播间|发布会实录|嘉宾访谈")),
    ("service", re.compile(r"办事指南|办事服务|服务指南|办理指南|办事流程|办事须知|政务服务|行政审批|"
        r"网上办事|"
        r"便民服务.*指南")),
    ("news", re.compile(r"新闻|要闻|动态|快讯|热点|资讯|媒体|聚焦|报道|街镇|镇街|时政|头条|视频|图片")),
    ("disclosure", re.compile(
        r"规范性文件|政策法规|政策文件|法律法规|法规|规章|政府文件|行政规范|建议.{0,8}(?:答复|提案)|"
            r"提案|公文|预算|决算|人事任免|公开制度|公开指南|公开年报|文件(?=\s|$)|政策(?=\s|$)|政策库|"
            r"行政处罚|财政信息"
    )),
    ("unit", re.compile(r"机构设置|组织机构|部门介绍|机构职能|单位介绍|机构概况|直属单位")),
    ("fact", re.compile(r"便民查询|生活服务|便民信息|公交线路|常用电话")),
)  # fmt: skip
_ADDRESSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("service", re.compile(r"/(?:bszn|bsfw|fwzn|banshi|wsbs)/", re.IGNORECASE)),
    ("interview", re.compile(r"/(?:zxft|ftzb|fangtan|interview|zxfw/ft)/", re.IGNORECASE)),
    ("letter", re.compile(r"/(?:mayorbox|szxx|xinxiang|jzxx|hdjl/xj|letter)/", re.IGNORECASE)),
    ("disclosure", re.compile(r"/(?:zcfg|zfwj|gfxwj|zhengce/content|xxgk\w*|zwgk/(?:zcfg|wj|zfwj)\w*|"
        r"flfg|zcwj|gkmlpt|"
        r"zcfgk?|gongbao)/", re.IGNORECASE)),
)  # fmt: skip
_DOCUMENT = re.compile(
    r"(?:关于.{4,}的|^(?:国务院|.{2,20}(?:政府|委员会|厅|局|办公室|委|部)).{0,60}的?)(?:通知|意见|"
        r"批复|决定|命令|复函|函|通告|公告|办法|报告|请示|通报|纪要|答复|议案|公示|实施细则)"
        r"(?:[(（].{1,20}[)）])?$|"
    r"(?:条例|管理办法|暂行办法|实施办法|监管办法|实施细则|暂行规定|管理规定|规定|工作规则|法|令|"
        r"章程|行政处罚决定书|裁量.{0,8}标准)(?:[(（].{1,24}[)）])?$|的(?:复函|批复)$|建议的?(?:答复|"
        r"复函)$|印发.{4,}的通知$|^中华人民共和国.{2,20}(?:法|条例|规定)$"
)  # fmt: skip
_RULES = re.compile(
    r"(?:条例|办法|细则|规定|规程|准则|复函|批复)(?:[(（].{1,20}[)）])?$|印发.{4,}的通知$|"
    r"^中华人民共和国.{2,24}法$|建议的?(?:答复|复函)$"
)
"""Titles that only documents of an authority have, wherever they stand."""
_GUIDE = re.compile(
    r"办(?:事|理|证)(?:指南|须知|流程|程序)|服务指南|申请(?:指南|须知)|申办(?:指南|须知)|办理$|"
    r"认定$|核发$|登记$|审批$|许可$"
)
SHORT = 3000
"""Characters of a body that may still be a letter or describe a unit."""
LETTER = 30
"""Strength of a letter's table that needs no column to speak for it: three of its own names."""
HINTS = frozenset(("service", "interview", "letter", "unit", "fact", "disclosure", "article"))
_OPEN = re.compile(r"信息公开|政务公开|公示|公告")
_TALK = re.compile(r"访谈|对话|做客|新闻发布会|答记者问|在线交流|在线问答|文字实录")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a kind.

    column   breadcrumb and ColumnName as one text      column_type  ColumnType
    talk     the body is a talk by turns               statute      the body is made of articles (第一条 …)
    words    how long the body is, in characters       facts        the body has a data table
    """

    title: str
    column: str
    column_type: str
    url: str
    table: Table
    talk: bool
    statute: bool
    words: int
    facts: bool


def _column(names: str) -> str:
    """What a column holds, by its names: the last that says something wins, it is the narrowest."""
    ends = [(found.end(), kind) for kind, pattern in _COLUMNS for found in pattern.finditer(names)]
    return max(ends)[1] if ends else ""


def kind_of(seen: Evidence, hint: str = "") -> str:
    """The kind of a page that is not a list. `hint` is what the site file says its column holds."""
    table = seen.table.group
    column = _column(seen.column) or _column(seen.column_type)
    address = next((kind for kind, pattern in _ADDRESSES if pattern.search(seen.url)), "")
    document = _DOCUMENT.search(seen.title) is not None
    short = seen.words < SHORT
    talks = column == "interview" or _TALK.search(seen.title) is not None or hint == "interview"
    rules = (
        ("letter", table == "letter" and (column == "letter" or seen.table.strength >= LETTER)),
        (table, table in ("service", "disclosure")),
        ("interview", (seen.talk and talks) or table == "interview"),
        ("unit", table == "unit" and (short or column == "unit")),
        (hint, hint in HINTS),
        ("letter", column == "letter" and short and address != "disclosure"),
        ("interview", column == "interview"),
        ("service", column != "news" and (column == "service" or address == "service")),
        ("service", column != "news" and _GUIDE.search(seen.title) is not None),
        (address, address in ("interview", "letter")),
        ("article", column == "news"),
        ("fact", seen.facts and column == "fact"),
        ("unit", column == "unit" and short),
        ("disclosure", column == "disclosure" or address == "disclosure" or seen.statute),
        ("disclosure", document and _OPEN.search(seen.column + seen.column_type) is not None),
        ("disclosure", _RULES.search(seen.title) is not None),
        ("interview", seen.talk),
    )
    return next((kind for kind, holds in rules if holds), "article")
