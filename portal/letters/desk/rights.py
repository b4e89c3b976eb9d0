"""Which letters somebody of the desk sees, and what may be done with them. Pure.

A report (举报) may be about the very unit that it names: a unit sees one only once the office that takes
letters in has handed it over. What waits for review is seen by that office alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.letters.desk.accounts import OF_UNIT, Account
from portal.letters.model import Kind, Letter, Role, Verb
from portal.letters.states import count, unit_of
from portal.text import N_

_HANDED_OVER_BY = (Role.ADMIN, Role.REMOTE)


@dataclass(frozen=True, slots=True)
class Ask:
    """What the desk asks for with an event. Labels are gettext ids, "" where nothing is asked."""

    label: str
    words: str = ""
    inner: bool = False
    unit: bool = False
    number: bool = False
    rating: bool = False
    grave: bool = False


ASKS: Mapping[Verb, Ask] = MappingProxyType(
    {
        Verb.RELEASE: Ask(N_("审核通过，送交办理")),
        Verb.ACCEPT: Ask(N_("受理并交给"), unit=True),
        Verb.BEGIN: Ask(N_("开始办理")),
        Verb.ANSWER: Ask(N_("答复来信人"), words=N_("答复内容，来信人会看到")),
        Verb.ASK: Ask(N_("请来信人补充"), words=N_("要补充什么，来信人会看到")),
        Verb.SUPPLY: Ask(N_("记下来信人的补充"), words=N_("补充内容")),
        Verb.TRANSFER: Ask(N_("转给其他单位"), words=N_("转办原因"), unit=True),
        Verb.RETURN: Ask(N_("退回受理中心"), words=N_("退回原因")),
        Verb.REQUEST: Ask(N_("申请延期"), words=N_("延期原因"), inner=True),
        Verb.EXTEND: Ask(N_("批准延期"), words=N_("延期原因，来信人会看到")),
        Verb.DENY: Ask(N_("不同意延期"), words=N_("原因"), inner=True),
        Verb.REJECT: Ask(N_("不予受理"), words=N_("不予受理的原因，来信人会看到"), grave=True),
        Verb.DUPLICATE: Ask(N_("标为重复"), number=True, grave=True),
        Verb.CLOSE: Ask(N_("办结")),
        Verb.RATE: Ask(N_("代来信人评价"), rating=True),
        Verb.DOUBT: Ask(N_("代来信人要求重新办理"), words=N_("原因")),
        Verb.URGE: Ask(N_("催办")),
        Verb.WITHDRAW: Ask(N_("代来信人撤回"), grave=True),
        Verb.PUBLISH: Ask(N_("公开（已隐去姓名和号码）"), grave=True),
        Verb.HIDE: Ask(N_("取消公开")),
        Verb.NOTE: Ask(N_("内部备注"), words=N_("只有工作人员看得到"), inner=True),
    }
)
"""The forms of a letter's page, in the order in which they stand there."""


def sees(account: Account, letter: Letter) -> bool:
    """Whether somebody may read a letter."""
    if account.role is Role.ADMIN:
        return True
    if account.role is Role.WORKER:
        return letter.filed_by == account.name
    if letter.flagged and not count(letter, Verb.RELEASE):
        return False
    return account.role in OF_UNIT and unit_of(letter) == account.unit and _handed_over(letter)


def _handed_over(letter: Letter) -> bool:
    if letter.kind is not Kind.REPORT:
        return True
    return any(
        event.verb in (Verb.ACCEPT, Verb.TRANSFER) and event.role in _HANDED_OVER_BY
        for event in letter.events
    )
