"""`Extracted` -> the typed item of the model: official names of fields become attributes.

The tables name every official name that the regulations and the systems use for one thing, the usual
one first. All fields stay in `fields` under their own names as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypedDict

from content_sync.extract.cases import as_case
from content_sync.extract.dates import first_moment, moments
from content_sync.extract.page import Extracted, text_of
from portal import codec
from portal.clean import cleaned, unfit_row
from portal.model import (
    AnyItem,
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
    Table,
    Unit,
)

INDEX_NO = ("索引号", "信息索引", "信息索引号", "索取号", "统一登记号")
DOC_NO = ("发文字号", "文号", "文件编号")
ISSUER = ("发文机关", "发文机构", "发布机构", "发布机关", "制发机关", "所属机构")
MADE_ON = ("成文日期", "成文时间", "生成日期", "生成时间", "印发日期")
TOPIC = ("主题分类", "信息分类", "公开分类", "信息类别", "组配分类", "体裁分类", "所属主题")
EFFECT = ("有效性", "时效性", "效力状态", "是否有效")
REPEALED = ("废止日期", "废止时间")
NAME = ("事项名称", "事务名称")
UNIT = (
    "办理机构",
    "办事机构",
    "实施主体",
    "受理单位",
    "受理机构",
    "实施机关",
    "办理单位",
    "承办机构",
    "承办单位",
    "主管部门",
    "办理部门",
)
AUDIENCE = ("服务对象", "面向对象", "办理对象", "服务人群", "服务对象分类")
CATEGORY = ("服务主题", "主题类别", "所属主题分类", "主题分类", "事项类型", "服务类型")
IDENTITY = ("人群分类",)
CONDITIONS = ("受理条件", "申报条件", "办理条件", "申请条件")
MATERIALS = ("所需材料", "申报材料", "申请材料", "办理材料", "提交材料", "需提交材料", "应交材料")
STEPS = ("办理程序", "办理流程", "办事程序", "办事流程", "流程")
LEGAL_LIMIT = ("法定时限", "法定办结时限", "法定期限")
PROMISED_LIMIT = ("承诺时限", "承诺办结时限", "承诺期限", "办理时限", "办结时限", "办理期限")
FEE = ("收费标准", "收费情况", "是否收费", "收费")
PLACE = ("办理地点", "受理地点", "办事地点", "办公地点")
HOURS = ("工作时间", "办公时间", "办理时间", "受理时间")
TELEPHONE = ("联系电话", "咨询电话", "办公电话", "联系方式", "咨询方式", "电话", "值班电话")
COMPLAINT = ("监督投诉电话", "监督电话", "投诉电话", "监督投诉方式", "监督投诉渠道")
BUS = ("乘车路线", "公交路线", "交通指引", "交通路线")
BASIS = ("设定依据", "办理依据", "实施依据", "法律依据", "政策依据", "收费依据")
EVERYDAY = ("俗称", "别名")
UNIT_NAME = ("单位名称", "机构名称", "机构全称", "单位全称", "部门名称")
LEVEL = ("机构级别", "单位级别", "单位类别", "机构类型")
DUTIES = ("主要职责", "主要职能", "机构职能", "工作职责", "部门职责", "单位职责", "职能")
ADDRESS = ("单位地址", "办公地址", "机构地址", "联系地址", "地址", "通讯地址")
POSITION = ("坐标", "地图坐标", "经纬度")
GUESTS = ("访谈嘉宾", "本期嘉宾", "嘉宾")
HELD = ("访谈时间", "直播时间")
HOST = ("访谈单位", "主办单位")

_BRACKET = re.compile(r"\s*[（(]([^（()）]{1,24})[)）]")
_STATUTE = re.compile(
    r"\d{4}\s?年|试行|暂行|修订|修正|草案|征求意见|意见稿|^不?含|除外|以上|以下|^仅|仅限|限于|适用|第[一二三四五六七八九十]+|版$"
)
"""What stands in brackets behind the name of a document or limits a matter: never what people call it."""

_KIND_OF_CASE = re.compile(
    r"(?:首次|初次|再次|新[办设证建]|补[办发领证]|换[发领证]|变更|注销|延[续期]|设立|开业|备案|年[检审]|初审|复审|续[期办]|撤销|恢复|核准|审批|"
    r"许可|登记|申[请领]|办理|个人|单位|企业|法人|公民|本人|自然人|[市县区省]级|国家级?|跨[省市]|异地|[本内]地|境外|国内|其他|一般|特殊|"
    r"[甲乙丙一二三四五六七八九十级类型和及或与/、])+"
)
"""A bracket of nothing but such words tells one case of a matter from another: part of the name."""

_SPLIT_NAMES = re.compile(r"[、，,/／;；]|\s+|又称|俗称|即")
_NUMERAL = (
    r"(?:[（(]?\d{1,2}[)）]|[（(][一二三四五六七八九十]{1,3}[)）]|"
    r"\d{1,2}[、.．](?!\d)|[一二三四五六七八九十]{1,3}、|[①-⑳])"
)
_NUMBERED = re.compile(rf"\s*(?:(?<=[。；;\s])|^)(?={_NUMERAL})")
_MARK = re.compile(rf"^{_NUMERAL}\s?[、.．]?\s*")
_SEVERITY = re.compile(r"([红橙黄蓝]色)(?:预警|预报|警报)?|(特别重大|重大|较大|一般)(?:预警|级)")
_AREA = re.compile(
    r"(?:影响|停水|停电|停气|停暖|封闭|管制|受影响)\s?(?:区域|范围|路段|地区|小区|用户)"
    r"\s?[:：]\s?([^\n]{2,200})"
)
_SPAN = re.compile(
    r"(?:停水|停电|停气|影响|管制|封闭|施工|有效)?\s?(?:时间|期限|时段)\s?[:：]\s?([^\n]{6,120})"
)
_UNTIL = re.compile(r"有效期至|有效期|截止日期|失效日期|失效时间")
_POSITION = re.compile(r"(-?\d{1,3}\.\d{2,10})\s*[,，、\s]\s*(-?\d{1,3}\.\d{2,10})")
_ANNOUNCED, _LIVE = (
    re.compile(r"预告|即将|将于|征集.{0,6}问题"),
    re.compile(r"正在直播|直播中|进行中|正在进行"),
)


def as_item(page: Extracted, *, item_id: str, columns: tuple[str, ...], url: str, kind: Kind) -> AnyItem:
    """The item of a kind that a page makes. What the page does not say stays at its default."""
    item = _MAKERS[kind](page, item_id, columns, url)
    # Hardly any item has unfit characters, and its row is looked through faster than all of its values.
    return cleaned(item) if unfit_row(codec.dump_item(item)) else item


def everyday_names(name: str) -> tuple[str, tuple[str, ...]]:
    """(the official name, the everyday names that stood in brackets).

    机动车驾驶证(驾照) -> 机动车驾驶证, (驾照,)

    Brackets that qualify (试行, 首次申领) belong to the name and stay.
    """
    found: list[str] = []

    def take(bracket: re.Match[str]) -> str:
        inner = bracket.group(1).strip()
        if _STATUTE.search(inner) or _KIND_OF_CASE.fullmatch(inner) or len(inner) < 2:
            return bracket.group().strip()
        found.extend(part for part in _SPLIT_NAMES.split(inner) if part)
        return ""

    official = _BRACKET.sub(take, name).strip()
    return (official, tuple(dict.fromkeys(found))) if official else (name, ())


def parts_of(value: str) -> tuple[str, ...]:
    """A value that enumerates, as its parts: by lines, by numbers, else whole."""
    lines = [line.strip() for line in value.split("\n") if line.strip()]
    found: list[str] = []
    for line in lines:
        found.extend(part.strip() for part in _NUMBERED.split(line) if part and part.strip())
    return tuple(text for part in found if (text := _MARK.sub("", part).strip(" ；;")))


class _Common(TypedDict):
    """What every item takes over from its page."""

    id: str
    url: str
    columns: tuple[str, ...]
    title: str
    published: str
    source: str
    summary: str
    fields: tuple[Field, ...]
    dates: tuple[Field, ...]
    blocks: tuple[Block, ...]


def _common(
    page: Extracted,
    item_id: str,
    columns: tuple[str, ...],
    url: str,
    *,
    title: str = "",
    summary: str = "",
    fields: tuple[Field, ...] | None = None,
) -> _Common:
    return _Common(
        id=item_id,
        url=url,
        columns=columns,
        title=title or page.title,
        published=page.published,
        source=page.source,
        summary=summary,
        fields=page.fields if fields is None else fields,
        dates=page.dates,
        blocks=page.blocks,
    )


def _article(page: Extracted, item_id: str, columns: tuple[str, ...], url: str) -> Article:
    return Article(
        **_common(page, item_id, columns, url),
    )


def _disclosure(page: Extracted, item_id: str, columns: tuple[str, ...], url: str) -> Disclosure:
    return Disclosure(
        **_common(page, item_id, columns, url, summary=page.field("内容概述", "内容概要")),
        index_no=page.field(*INDEX_NO),
        doc_no=page.field(*DOC_NO),
        issuer=page.field(*ISSUER),
        made_on=first_moment(page.field(*MADE_ON))[:10],
        effect=effect_of(page),
        topic=page.field(*TOPIC),
    )


def effect_of(page: Extracted) -> Effect:
    """Whether a document is in force, from its own statement; a date of repeal repeals it."""
    stated = page.field(*EFFECT)
    if "废止" in stated or (not stated and first_moment(page.field(*REPEALED))):
        return Effect.REPEALED
    if "失效" in stated or "无效" in stated or stated == "否":
        return Effect.INVALID
    return Effect.VALID if "有效" in stated or stated in ("是", "现行") else Effect.UNKNOWN


def _matter(page: Extracted, item_id: str, columns: tuple[str, ...], url: str) -> Matter:
    official, names = everyday_names(page.field(*NAME) or page.title)
    also = tuple(part for part in _SPLIT_NAMES.split(page.field(*EVERYDAY)) if part)
    return Matter(
        **_common(page, item_id, columns, url, title=official),
        everyday_names=tuple(dict.fromkeys(names + also)),
        audience=page.field(*AUDIENCE),
        categories=_names(page.field(*CATEGORY)),
        identities=_names(page.field(*IDENTITY)),
        unit=page.field(*UNIT),
        conditions=parts_of(page.field(*CONDITIONS)),
        materials=parts_of(page.field(*MATERIALS)),
        steps=parts_of(page.field(*STEPS)),
        legal_limit=page.field(*LEGAL_LIMIT),
        promised_limit=page.field(*PROMISED_LIMIT),
        fee=page.field(*FEE),
        place=page.field(*PLACE),
        hours=page.field(*HOURS),
        telephone=page.field(*TELEPHONE),
        complaint_telephone=page.field(*COMPLAINT),
        bus_route=page.field(*BUS),
        basis=page.field(*BASIS),
    )


def _names(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in re.split(r"[、，,;；|\n]", value) if part.strip()))


def _unit(page: Extracted, item_id: str, columns: tuple[str, ...], url: str) -> Unit:
    position = _POSITION.search(page.field(*POSITION))
    return Unit(
        **_common(page, item_id, columns, url, title=page.field(*UNIT_NAME) or page.title),
        level=page.field(*LEVEL),
        duties=parts_of(page.field(*DUTIES)),
        address=page.field(*ADDRESS),
        telephone=page.field(*TELEPHONE),
        hours=page.field(*HOURS),
        bus_route=page.field(*BUS),
        position=f"{position.group(1)},{position.group(2)}" if position else "",
    )


def _fact(page: Extracted, item_id: str, columns: tuple[str, ...], url: str) -> Fact:
    """The rows of the page's tables of two columns are the fields; what its label table says goes first."""
    rows = [
        Field(row[0], row[1])
        for block in page.blocks if isinstance(block, Table) and len(block.rows[0]) == 2
        for row in block.rows[block.head :] if row[0] and row[1]
    ]  # fmt: skip
    known = {field.name for field in page.fields}
    fields = page.fields + tuple(row for row in rows if row.name not in known)
    values = {field.name: field.value for field in fields}
    until = next((first_moment(value)[:10] for name, value in values.items() if _UNTIL.search(name)), "")
    checked = next((field.value[:10] for field in page.dates if field.name == "更新"), page.published[:10])
    return Fact(
        **_common(page, item_id, columns, url, fields=fields),
        checked_on=checked,
        valid_until=until,
    )


def _interview(page: Extracted, item_id: str, columns: tuple[str, ...], url: str) -> Interview:
    stated = _names(page.field(*GUESTS))
    spoke = dict.fromkeys(
        block.speaker for block in page.blocks if isinstance(block, Exchange) and block.speaker
    )
    return Interview(
        **_common(page, item_id, columns, url, summary=page.field("访谈简介")),
        guests=stated or tuple(spoke),
        unit=page.field(*HOST),
        held=first_moment(page.field(*HELD)) or page.published,
        state=state_of(page),
    )


def state_of(page: Extracted) -> InterviewState:
    """Where an interview stands: what it says, else announced while nobody has answered."""
    stated = page.field("访谈状态")
    answered = any(isinstance(block, Exchange) and block.answer for block in page.blocks)
    said = f"{stated} {page.title} " + " ".join(
        block.text for block in page.blocks[:4] if isinstance(block, Paragraph)
    )
    if _LIVE.search(stated or said):
        return InterviewState.LIVE
    if not answered and _ANNOUNCED.search(stated or said):
        return InterviewState.ANNOUNCED
    return InterviewState.ARCHIVED


def _notice(page: Extracted, item_id: str, columns: tuple[str, ...], url: str) -> Notice:
    text = "\n".join(text_of(block) for block in page.blocks)
    severity = _SEVERITY.search(page.title) or _SEVERITY.search(text[:400])
    area = _AREA.search(text)
    span = _SPAN.search(text)
    found = [moment for _, _, moment in moments(span.group(1))] if span else []
    return Notice(
        **_common(page, item_id, columns, url),
        severity=(severity.group(1) or severity.group(2)) if severity else "",
        area=area.group(1).rstrip("。；;") if area else "",
        valid_from=found[0] if found else page.published,
        valid_until=found[1] if len(found) > 1 else "",
    )


_MAKERS: dict[Kind, Callable[[Extracted, str, tuple[str, ...], str], AnyItem]] = {
    Kind.ARTICLE: _article,
    Kind.DISCLOSURE: _disclosure,
    Kind.MATTER: _matter,
    Kind.UNIT: _unit,
    Kind.FACT: _fact,
    Kind.INTERVIEW: _interview,
    Kind.NOTICE: _notice,
    Kind.CASE: as_case,
}
