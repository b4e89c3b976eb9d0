"""Until when something can be done, as items say it."""

from __future__ import annotations

import pytest

from portal.model import Article, Case, Fact, Field, Notice, Paragraph, Run
from portal.search.deadline import as_number, until_of


def article(text: str, *fields: tuple[str, str], published: str = "2026-11-20") -> Article:
    """An article that says this."""
    return Article(
        id="a", url="http://o/a", title="公告", published=published, blocks=(Paragraph((Run(text),)),),
        fields=tuple(Field(*pair) for pair in fields),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("报名时间：2026年11月25日至12月3日。", "2026-12-03"),
        ("报名时间为1月5日至1月9日，逾期不候。", "2027-01-09"),
        ("截止2026-12-01 17:30。", "2026-12-01 17:30"),
        ("申报时间：每天上午9时至11时。", ""),
        ("截至2026年10月31日，全市完成加装电梯 120 台。", ""),
        ("没有日期。", ""),
    ],
)
def test_what_a_text_says(text: str, until: str) -> None:
    """The last date of what is called a deadline; a day without a year is the next one."""
    assert until_of(article(text)) == until


def test_fields_before_sentences() -> None:
    """A field that names the deadline, and types that have one."""
    assert until_of(article("截止2026-12-01。", ("征集期限", "2026年11月1日—2026年11月30日"))) == "2026-11-30"
    assert (
        until_of(Notice(id="n", url="u", title="停水", valid_until="2026-11-23 06:00")) == "2026-11-23 06:00"
    )
    assert until_of(Fact(id="f", url="u", title="馆", valid_until="2027-01-01")) == "2027-01-01"
    assert until_of(Case(id="c", url="u", title="许可", valid_until="2029-01-01")) == ""


def test_as_a_number() -> None:
    """A day lasts until its end; nonsense is no moment."""
    assert as_number("2026-11-22") == 202611222359 and as_number("2026-11-22 08:05") == 202611220805
    assert as_number("") == as_number("soon") == 0
