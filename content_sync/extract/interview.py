"""Interviews: who asks, who answers -> Exchange blocks.

A live interview is printed as turns: "主持人：…", "[网友 清风] …", "问：… 答：…". The host and the citizens
ask, everybody else answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from portal.model import Block, Exchange, Heading, Paragraph

_TURN = re.compile(
    r"^[\s\[【［]*(?P<who>(?:网\s?友|主\s?持\s?人|记\s?者|嘉\s?宾|市\s?民|问|答|提问|回答|听众|"
    r"观众|学生|企业代表)[^：:\]】］]{0,16}|[\u4e00-\u9fff·]{2,4}|[\u4e00-\u9fff]{2,14}(?:局|委|"
    r"办|厅|部|处|科|院|中心|发言人|负责人|主任|局长|书记|市长|县长|区长|处长|科长|院长)"
    r"[^：:\]】］\s，。]{0,8})"
    r"[\s\]】］]*(?:[:：]|(?<=[\]】］]))\s*(?P<said>.*)$",
    re.DOTALL,
)
_ASKS = re.compile(r"网\s?友|主\s?持\s?人|记\s?者|市\s?民|听众|观众|学生|提问|企业代表|^问$")
_NAMELESS = frozenset(("问", "答", "提问", "回答"))
_OTHER = re.compile(
    r"时间|地点|主题|单位|电话|来源|编辑|日期|方式|地址|内容|要求|材料|条件|附件|摘要|导语|背景|"
    r"简介"
)


def turn_of(text: str) -> tuple[str, str] | None:
    """(who, what was said) where a paragraph begins a turn of a talk."""
    if (found := _TURN.match(text[:4000])) is None:
        return None
    who = "".join(found["who"].split())
    if _OTHER.search(who):
        return None
    return who, found["said"] + text[4000:]


def looks_like_talk(blocks: Iterable[Block]) -> bool:
    """Whether the body is a talk: at least two who ask and two who answer, by turns."""
    asked = answered = 0
    names: dict[str, int] = {}
    paragraphs = [block.text for block in blocks if isinstance(block, Paragraph)]
    for text in paragraphs:
        if (turn := turn_of(text)) is None:
            continue
        who = turn[0]
        names[who] = names.get(who, 0) + 1
        if _ASKS.search(who):
            asked += 1
        else:
            answered += 1
    regulars = sum(count for who, count in names.items() if count >= 2 or _ASKS.search(who) or who == "答")
    return asked >= 2 and answered >= 2 and regulars * 3 >= len(paragraphs) // 2


def exchanges(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The body with each question and its answer as one Exchange; what comes before stays as it is."""
    done: list[Block] = []
    question: list[str] = []
    answer: list[str] = []
    asker = speaker = ""
    side = ""

    def close() -> None:
        nonlocal asker, speaker, side
        if question or answer:
            done.append(Exchange("\n".join(question), "\n".join(answer), asker, speaker))
        question.clear()
        answer.clear()
        asker = speaker = side = ""

    for block in blocks:
        turn = turn_of(block.text) if isinstance(block, Paragraph) else None
        if turn is not None:
            who, said = turn
            name = "" if who in _NAMELESS else who
            if _ASKS.search(who):
                if side != "ask" or (asker and name and name != asker):
                    close()
                asker, side = asker or name, "ask"
                question.append(said)
            elif side:
                if answer and speaker and name and name != speaker:
                    # Another one takes the floor: his words are an answer to the same question.
                    done.append(Exchange("\n".join(question), "\n".join(answer), asker, speaker))
                    question.clear()
                    answer.clear()
                    asker = ""
                speaker, side = name or speaker, "answer"
                answer.append(said)
            else:
                speaker, side = name, "answer"
                answer.append(said)
        elif isinstance(block, Paragraph) and side:
            (question if side == "ask" else answer).append(block.text)
        elif isinstance(block, Heading) or not side:
            close()
            done.append(block)
        else:
            kept = (asker, speaker, side)
            close()
            done.append(block)
            asker, speaker, side = "", kept[1], "answer" if kept[2] == "answer" else ""
    close()
    return tuple(done)
