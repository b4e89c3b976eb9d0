"""Talks by turns."""

from __future__ import annotations

import pytest

from content_sync.extract.interview import exchanges, looks_like_talk, turn_of
from portal.model import Block, Exchange, Heading, Paragraph, Run


def said(*lines: str) -> list[Block]:
    return [Paragraph((Run(line),)) for line in lines]


@pytest.mark.parametrize(
    ("line", "turn"),
    [
        ("主持人：各位好", ("主持人", "各位好")),
        ("[网友 清风]：怎么办理？", ("网友清风", "怎么办理？")),
        ("【市医保局副局长】可以网上办", ("市医保局副局长", "可以网上办")),
        ("问：要多久？", ("问", "要多久？")),
        ("温如玉：当天办好", ("温如玉", "当天办好")),
        ("访谈时间：2025年", None),
        ("各位网友大家好，今天请来了嘉宾。", None),
        ("附件：名单", None),
    ],
)
def test_turn_of(line: str, turn: tuple[str, str] | None) -> None:
    assert turn_of(line) == turn


def test_questions_and_answers_are_paired() -> None:
    body = said("今天谈供水。", "问：几点停水？", "答：二十二点。", "六点恢复。", "问：送水吗？", "答：送。")
    assert looks_like_talk(body)
    assert exchanges(body) == (
        *said("今天谈供水。"),
        Exchange("几点停水？", "二十二点。\n六点恢复。"),
        Exchange("送水吗？", "送。"),
    )


def test_two_guests_answer_one_question() -> None:
    body = said("主持人：谁来答？", "温如玉：我先说。", "路明川：我补充。", "主持人：谢谢。")
    assert exchanges(body) == (
        Exchange("谁来答？", "我先说。", "主持人", "温如玉"),
        Exchange("", "我补充。", "", "路明川"),
        Exchange("谢谢。", "", "主持人"),
    )


def test_a_heading_parts_a_talk_and_nothing_is_lost() -> None:
    body = [*said("问：甲？", "答：乙。"), Heading("第二部分"), *said("结束语。")]
    assert exchanges(body) == (Exchange("甲？", "乙。"), Heading("第二部分"), *said("结束语。"))


def test_an_article_is_no_talk() -> None:
    assert not looks_like_talk(said("活动今天举行。", "联系人：王先生", "地点：书院街9号", "记者：何静"))
