"""A citizen's letter and its reply as Blocks: the letter, then who replied when, then the reply."""

from __future__ import annotations

from content_sync.extract.names import words
from portal.model import Block, Paragraph, Run

_CONTENT = words("信件内容 来信内容 诉求内容 咨询内容 留言内容 问题内容 提问内容 投诉内容 建议内容 问题描述")
_BY = words(
    "回复部门 回复单位 回复机构 答复单位 答复部门 答复机构 办理单位 处理部门 受理部门 受理单位 回复人 答复人"
)
_WHEN = words("回复时间 答复时间 回复日期 答复日期 办结时间 处理时间 办理时间")
_REPLY = words("回复内容 答复内容 答复意见 办理回复 官方回复 办理反馈 办理结果 处理结果 处理情况")


def letter_blocks(fields: dict[str, str]) -> tuple[Block, ...]:
    """The body of a letter from its fields; () where they hold neither letter nor reply."""
    letter, reply = _first(fields, _CONTENT), _first(fields, _REPLY)
    if not letter[1] and not reply[1]:
        return ()
    lines = letter[1].split("\n") if letter[1] else []
    for name, value in (_first(fields, _BY), _first(fields, _WHEN)):
        if value and reply[1]:
            lines.append(f"{name}：{value}")
    if reply[1]:
        lines += [f"{reply[0]}：", *reply[1].split("\n")]
    return tuple(Paragraph((Run(line),)) for line in lines if line.strip())


def _first(fields: dict[str, str], names: tuple[str, ...]) -> tuple[str, str]:
    return next(((name, fields[name]) for name in names if fields.get(name)), ("", ""))
