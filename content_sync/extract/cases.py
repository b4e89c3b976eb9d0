"""The page of a case (许可结果, 双公示) -> a Case in which no person is named. Pure.

The tables name every label that the regulation on publishing permits and the systems of service halls use
(国家发展改革委, data standard for 行政许可和行政处罚等信用信息公示, 2018). Only what they name is kept:
whatever else stands on such a page may tell more of a person than a mirror should.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import lxml.etree
import lxml.html

from content_sync.extract.dates import first_moment
from content_sync.extract.page import Extracted
from portal.masked import applicants, hide
from portal.model import Case, Field, Table

CASE_NO = (
    "办件编号", "受理编号", "申请编号", "业务编号", "办件号", "行政许可决定书文号",
    "行政许可决定文书号", "决定书文号",
    "许可编号", "许可证编号",
)  # fmt: skip
MATTER = ("行政许可事项", "许可事项", "事项名称", "项目名称", "行政许可决定文书名称", "行政许可决定书名称",
          "许可类别", "审批类别")  # fmt: skip
APPLICANT = (
    "行政相对人名称",
    "行政相对人",
    "申请人",
    "申请单位",
    "申请人名称",
    "申请人姓名",
    "被许可人",
    "许可相对人",
)
CONTENT = ("许可内容", "申请内容", "申请事项", "审批内容", "内容")
STATE = ("办件状态", "办理状态", "当前状态", "审批状态", "当前环节", "状态")
RESULT = ("许可结果", "审批结果", "办理结果", "许可决定", "结果")
BODY = (
    "许可机关",
    "审批机关",
    "行政许可机关",
    "数据来源单位",
    "实施机关",
    "办理部门",
    "受理部门",
    "办理单位",
)
RECEIVED = ("受理日期", "受理时间", "申请日期", "收件时间", "申请时间")
DECIDED = ("许可决定日期", "决定日期", "审批日期", "办结时间", "办结日期", "许可日期")
VALID = ("有效期", "有效期至", "有效期自", "许可截止期", "有效期截止")
EXTRA = ("受理日期", "有效期", "有效期至", "不予许可理由", "补正内容", "审批类别", "许可类别")
"""Labels whose values are shown beside the typed ones."""

KNOWN = frozenset(
    (*CASE_NO, *MATTER, *APPLICANT, *CONTENT, *STATE, *RESULT, *BODY, *RECEIVED, *DECIDED, *VALID, *EXTRA)
)
DONE = "办结"
LONGEST = 600
"""Characters of one value."""


def as_case(page: Extracted, item_id: str, columns: tuple[str, ...], url: str) -> Case:
    """The case of a page; what the page does not say stays at its default."""
    said = pairs_of(page)
    applicant, hidden = applicants(_first(said, APPLICANT)[:LONGEST])

    def value(names: tuple[str, ...]) -> str:
        return hide(_first(said, names), hidden)[:LONGEST]

    result = value(RESULT)
    decided = first_moment(_first(said, DECIDED))[:10]
    matter = value(MATTER)
    valid = _first(said, VALID)
    return Case(
        id=item_id,
        url=url,
        columns=columns,
        title=hide(page.title, hidden) or matter,
        published=page.published or decided,
        source=page.source,
        fields=tuple(
            Field(name, hide(said[name], hidden)[:LONGEST]) for name in dict.fromkeys(EXTRA) if said.get(name)
        ),
        dates=page.dates,
        case_no=_first(said, CASE_NO)[:80],
        matter=matter,
        applicant=applicant,
        content=value(CONTENT),
        state=value(STATE) or (DONE if result else ""),
        result=result,
        unit=value(BODY) or page.source,
        decided_on=decided,
        valid_until=first_moment(valid)[:10],
    )


def with_pairs(page: Extracted, markup: str) -> Extracted:
    """The page with what the whole markup says under labels of cases: such pages have little else, and no
    body that could be told from its surroundings."""
    known = {field.name for field in page.fields if field.value}
    more = tuple(Field(name, value) for name, value in pairs_in(markup).items() if name not in known)
    return replace(page, fields=page.fields + more)


def pairs_in(markup: str) -> dict[str, str]:
    """What markup says under labels of cases: in rows of cells, in lines with a colon, in lines that follow
    one another. The first value of a label counts."""
    found: dict[str, str] = {}
    try:
        document = lxml.html.document_fromstring(markup)
    except (lxml.etree.LxmlError, ValueError):
        return found
    for row in document.iter("tr"):
        cells = [_text(cell) for cell in row if cell.tag in ("td", "th")]
        for label, value in pairwise(cells):
            _learn(found, label, value)
    lines = [line for node in document.iter() if (line := _own_line(node))]
    for line in lines:
        label, mark, value = line.replace("：", ":", 1).partition(":")
        if mark:
            _learn(found, label, value)
    for label, value in pairwise(lines):
        _learn(found, label, value)
    return found


def _text(node: lxml.html.HtmlElement) -> str:
    return " ".join(str(node.text_content()).split())


def _own_line(node: lxml.html.HtmlElement) -> str:
    """The text of an element that holds no other block of text."""
    if node.tag not in _BLOCKS or any(True for _ in node.iterchildren(*_BLOCKS)):
        return ""
    return _text(node)


_BLOCKS = ("p", "div", "li", "dt", "dd", "td", "th", "h3", "h4", "label")


def pairs_of(page: Extracted) -> dict[str, str]:
    """What a page says under labels: in its fields, and in tables of pairs."""
    found = {field.name: field.value for field in page.fields if field.value}
    for block in page.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                for label, value in zip(row[::2], row[1::2], strict=False):
                    _learn(found, label, value)
    return found


def _name(label: str) -> str:
    return label.strip().rstrip(":：").replace(" ", "").replace("\u3000", "")


def _learn(found: dict[str, str], label: str, value: str) -> None:
    name, said = _name(label), value.strip()
    if name in KNOWN and said and _name(said) not in KNOWN:
        found.setdefault(name, said)


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if said.get(name)), "")
