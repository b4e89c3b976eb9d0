"""Pages of permit results -> cases in which nobody is named."""

from __future__ import annotations

from datetime import date

import pytest

from content_sync.extract import extract
from content_sync.extract.cases import with_pairs
from content_sync.extract.typed import as_item
from demo import cases
from demo.city import build
from demo.pages import Portal, View
from portal.model import Case, Kind

TODAY = date(2026, 11, 22)


def read(markup: bytes) -> Case:
    page = extract(markup, "http://o/xkgs/1.htm", "text/html; charset=utf-8", "fact")
    page = with_pairs(page, markup.decode())
    item = as_item(page, item_id="c", columns=("x",), url="http://o/xkgs/1.htm", kind=Kind.CASE)
    assert isinstance(item, Case)
    return item


def whole(case: Case) -> str:
    return repr(case)


def test_every_case_of_the_demo_city() -> None:
    """All that the page says, and of no person more than the family name."""
    portal = Portal(build(TODAY))
    listed = portal.city.lists["xuke"]
    known = {each.number: each for each in cases.received(TODAY)}
    seen = set()
    for entry in listed:
        drawn = portal.page(entry.path, View())
        assert drawn is not None
        case = read(drawn.body)
        origin = known[case.case_no]
        seen.add(origin.permit)
        assert (case.matter, case.content, case.unit, case.state) == (
            origin.permit, origin.content, origin.unit, "办结",
        )  # fmt: skip
        assert case.decided_on == origin.decided.isoformat()
        assert case.result.startswith("不予许可" if origin.refused else "准予许可")
        person = len(origin.applicant) <= 3
        assert (origin.applicant in whole(case)) is not person
        assert not case.blocks
    assert len(seen) == len(cases.PERMITS)


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><td>申请人：</td><td>王小明</td><td>许可内容：</td><td>开办诊所</td></tr>"
        "<tr><td>受理编号</td><td>青卫〔2026〕12号</td><td>审批结果</td><td>准予</td></tr></table>",
        "<p>申请人：王小明</p><p>许可内容：开办诊所</p><p>受理编号：青卫〔2026〕12号</p><p>审批结果：准予</p>",
        "<div>申请人</div><div>王小明</div><div>许可内容</div><div>开办诊所</div><div>受理编号</div>"
        "<div>青卫〔2026〕12号</div><div>审批结果</div><div>准予</div>",
    ],
    ids=["table of four", "lines", "layout"],
)
def test_other_layouts(markup: str) -> None:
    """Tables of four columns, lines with a colon, cells one below the other."""
    body = f"<html><head><meta charset='utf-8'><title>医疗机构设置审批（王小明）</title></head><body><h1>医疗机构设置审批（王小明）</h1><div class='content'>{markup}</div></body></html>"
    case = read(body.encode())
    assert (case.applicant, case.content, case.result, case.state) == ("王**", "开办诊所", "准予", "办结")
    assert case.title == "医疗机构设置审批（王**）" and case.case_no == "青卫〔2026〕12号"
    assert "王小明" not in whole(case)
