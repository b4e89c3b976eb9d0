"""What is said in a text message: by the id of a template, and its variables.

Carriers register texts word for word, so a city may give each template its own words and the id under
which they are registered. No message depends on a link: many phones and filters block them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from portal.clean import clean
from portal.letters.sms.segments import room, shortened, units
from portal.text import N_, Text


@dataclass(frozen=True, slots=True)
class Own:
    """A city's own words for a template. `registered` is the carrier's id of them, or ""."""

    id: str
    text: str = ""
    registered: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A text that can be sent."""

    template: str
    text: str
    registered: str = ""


TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "received": N_("已收到您的来信，编号%(number)s，%(due)s前答复。发送“查 %(number)s 查询码”可查进展。"),
        "received-code": N_(
            "已收到您的来信，编号%(number)s，查询码%(code)s，请勿告诉他人。"
            "%(due)s前答复。发送“查 %(number)s %(code)s”可查进展。"
        ),
        "accepted": N_("您的来信%(number)s已受理，%(due)s前答复。"),
        "asked": N_("您的来信%(number)s需要补充：%(words)s 请回复“补 ”加内容。"),
        "asked-private": N_(
            "您的来信%(number)s需要补充。发送“查 %(number)s 查询码”看要补充什么，再回复“补 ”加内容。"
        ),
        "lapsed": N_("您的来信%(number)s没有等到补充，已结束办理。需要时请再写一封。"),
        "extended": N_("您的来信%(number)s经批准延期，%(due)s前答复。"),
        "transferred": N_("您的来信%(number)s已转给%(unit)s办理，答复日期不变，仍在%(due)s前。"),
        "transferred-private": N_("您的来信%(number)s已转办，答复日期不变，仍在%(due)s前。"),
        "answered": N_(
            "您的来信%(number)s已答复：%(words)s 请回复1至5评价，5为非常满意；没有解决请回复“重 ”加原因。"
        ),
        "answered-private": N_(
            "您的来信%(number)s有了答复。发送“查 %(number)s 查询码”可看。请回复1至5评价，5为非常满意。"
        ),
        "rejected": N_("您的来信%(number)s不予受理：%(words)s"),
        "rejected-private": N_("您的来信%(number)s不予受理。发送“查 %(number)s 查询码”看原因。"),
        "duplicate": N_("您的来信%(number)s与已收到的一封相同，合并办理。"),
        "closed": N_("您的来信%(number)s已办结。请回复1至5评价，5为非常满意。"),
        "reopened": N_("您的来信%(number)s已重新办理，%(due)s前答复。"),
        "withdrawn": N_("您的来信%(number)s已按您的要求撤回。"),
        "state": N_("来信%(number)s：%(state)s。"),
        "state-due": N_("来信%(number)s：%(state)s，%(due)s前答复。"),
        "state-words": N_("来信%(number)s：%(state)s。%(words)s"),
        "state-asked": N_("来信%(number)s：%(state)s。%(words)s 请回复“补 ”加内容。"),
        "wrong-code": N_("编号和查询码不符，还可以再试%(count)s次。格式：查 编号 查询码"),
        "locked": N_("试错太多次，这封信暂时不能查询。"),
        "rated": N_("谢谢您评价来信%(number)s：%(grade)s分。"),
        "nothing-to-rate": N_("没有等待您评价的来信。"),
        "supplied": N_("来信%(number)s的补充已收到，继续办理。"),
        "nothing-to-supply": N_("没有等待您补充的来信。"),
        "nothing-to-doubt": N_("没有可以要求重新办理的来信。"),
        "cannot": N_("现在不能这样做。"),
        "too-many": N_("您发得太多了，请在%(due)s以后再发。"),
        "not-stored": N_("暂时收不下您的短信，请过几分钟再发一次。"),
        "incomplete": N_("请写明什么事、在哪里，最多%(count)s个字。"),
        "stopped": N_("已为您停止短信通知。发送“查 编号 查询码”仍可查询。"),
        "help": N_(
            "写信：直接发送内容，开头可写咨询、投诉、举报、建议或求助。"
            "查询：查 编号 查询码。评价：发送1至5。补充：补 内容。"
        ),
        "card": N_("%(unit)s：来信%(number)s%(level)s，应在%(due)s前%(task)s。"),
    }
)
"""Template id -> the words where a city has none of its own."""

_VARIABLE = re.compile(r"%\((\w+)\)s")
_CUT = "words"
"""The variable that is shortened where a message would be too long."""


def variables(template: str) -> frozenset[str]:
    """The variables that a template has."""
    return frozenset(_VARIABLE.findall(TEMPLATES[template]))


def problem(own: Own) -> str:
    """What is wrong with a city's own words, "" for nothing."""
    if own.id not in TEMPLATES:
        return f"there is no template '{own.id}'; there are {', '.join(TEMPLATES)}"
    unknown = set(_VARIABLE.findall(own.text)) - variables(own.id)
    if unknown:
        known = ", ".join(f"%({name})s" for name in sorted(variables(own.id)))
        return f"it names {', '.join(sorted(unknown))}; this template has {known or 'no variables'}"
    if "%" in _VARIABLE.sub("", own.text):
        return "a per cent sign stands alone: variables are written %(name)s"
    return ""


def say(
    template: str, values: Mapping[str, str], t: Text, owns: Sequence[Own], signature: str, most: int
) -> Message:
    """A template with its variables, signed.

    values     every variable that the template has
    signature  the city's, without brackets, as the carrier has registered it
    most       messages that it may be sent in: `words` is shortened until it fits
    """
    own = next((each for each in owns if each.id == template), Own(template))
    pattern = own.text or t.gettext(TEMPLATES[template])
    safe = {name: plain(value) for name, value in values.items()}
    head = f"【{signature}】"
    if _CUT in safe:
        bare = units(head + _filled(pattern, {**safe, _CUT: ""}))
        safe[_CUT] = shortened(safe[_CUT], max(0, room(most) - bare))
    return Message(template, shortened(head + _filled(pattern, safe), room(most)), own.registered)


def plain(value: str) -> str:
    """A variable on one line, that cannot pass for a signature or another message."""
    text = re.sub(r"\s+", " ", clean(value)).strip()
    return text.translate({0x3010: "[", 0x3011: "]"})


def _filled(pattern: str, values: Mapping[str, str]) -> str:
    # Not the % operator: what a citizen wrote may hold a per cent sign, and is put in once, as it is.
    return _VARIABLE.sub(lambda found: values.get(found[1], ""), pattern)
