"""What a page is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from content_sync.extract.fields import Table
from content_sync.extract.kinds import Evidence, kind_of

PLAIN = Evidence(
    title="公交三路延长到新校区", column="", column_type="", url="http://q.example/1.html", table=Table("", ()),
    talk=False, statute=False, words=500, facts=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("evidence", "kind"),
    [
        (PLAIN, "article"),
        (replace(PLAIN, column="首页 > 政务公开 > 工作动态"), "article"),
        (replace(PLAIN, column="首页 > 政务公开 > 规范性文件"), "disclosure"),
        (replace(PLAIN, column="首页 > 政务公开"), "article"),
        (replace(PLAIN, column="首页 > 政务公开", title="关于调整公交票价的通知"), "disclosure"),
        (replace(PLAIN, column="要闻", title="关于举办书法培训班的通知"), "article"),
        (replace(PLAIN, title="青澜市停车管理办法（试行）"), "disclosure"),
        (replace(PLAIN, statute=True), "disclosure"),
        (replace(PLAIN, table=Table("disclosure", (), 40), column="要闻"), "disclosure"),
        (replace(PLAIN, table=Table("service", (), 60)), "service"),
        (replace(PLAIN, title="居住证办理指南"), "service"),
        (replace(PLAIN, url="http://q.example/bszn/7.html"), "service"),
        (replace(PLAIN, column="首页 > 办事服务 > 便民查询", facts=True), "fact"),
        (replace(PLAIN, column="首页 > 互动 > 市长信箱", words=200), "letter"),
        (replace(PLAIN, table=Table("letter", (), 22)), "article"),
        (replace(PLAIN, table=Table("letter", (), 44)), "letter"),
        (replace(PLAIN, talk=True), "interview"),
        (replace(PLAIN, talk=True, column="要闻"), "article"),
        (replace(PLAIN, talk=True, column="要闻", title="市长做客访谈谈供水"), "interview"),
        (replace(PLAIN, column="首页 > 机构设置", words=300), "unit"),
        (replace(PLAIN, column_type="政策文件"), "disclosure"),
    ],
)
def test_kind(evidence: Evidence, kind: str) -> None:
    assert kind_of(evidence) == kind


def test_the_hint_of_the_site_file_decides_where_no_table_does() -> None:
    assert kind_of(PLAIN, "unit") == "unit"
    assert kind_of(replace(PLAIN, table=Table("disclosure", (), 40)), "article") == "disclosure"
