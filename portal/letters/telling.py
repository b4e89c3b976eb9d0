"""What a letter says to its writer on a screen, as headed lines: the same in every edition. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from portal.letters import cards, states, words
from portal.letters.clock import Clock
from portal.letters.model import Deadline, Glance, Letter, PublicLetter, Receipt, Solved, State, Verb
from portal.letters.rules import Rules
from portal.text import Text


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is said: `head` "" goes on below the head before; `strong` is what matters most.

    block   its head stands above it, since it is long; else both stand on one line
    """

    head: str
    text: str
    strong: bool = False
    block: bool = False


_TOLD = frozenset(
    (
        Verb.ACCEPT,
        Verb.BEGIN,
        Verb.ASK,
        Verb.SUPPLY,
        Verb.LAPSE,
        Verb.EXTEND,
        Verb.TRANSFER,
        Verb.ANSWER,
        Verb.CLOSE,
        Verb.RATE,
        Verb.DOUBT,
        Verb.REJECT,
        Verb.DUPLICATE,
        Verb.WITHDRAW,
        Verb.URGE,
    )
)
"""What the writer is shown of the history; cards are said as one word, notes of the desk never."""


def spaced(digits: str) -> str:
    """A number as it is read out: 3672 2981, 575 649."""
    size = 4 if len(digits) == 8 else 3
    return " ".join(digits[at : at + size] for at in range(0, len(digits), size))


def receipt(found: Receipt, t: Text, now: datetime) -> tuple[Said, ...]:
    """What is shown once when a letter was filed."""
    code = (
        Said(t.gettext("查询密码"), spaced(found.code), strong=True),
        Said("", t.gettext("密码只显示这一次，请记下来或拍下来。")),
    )
    lost = (Said(t.gettext("查询密码"), t.gettext("已经显示过，不再显示。")),)
    # What has to be written down comes first; how a day was counted is for who wonders.
    reasons = "\n".join(words.say(line, t) for line in found.answer.trace)
    return (
        Said(t.gettext("信件编号"), spaced(found.number), strong=True),
        *(code if found.code else lost),
        *deadline(t.gettext("答复期限"), found.answer, t, now, reasons=False),
        *deadline(t.gettext("受理期限"), found.accept, t, now, reasons=False),
        Said(t.gettext("收到时间"), moment(found.filed, t, now)),
        Said(t.gettext("现在"), words.state(t, found.state)),
        *([Said(t.gettext("答复期限怎么算"), reasons, block=True)] if reasons else ()),
    )


def deadline(head: str, found: Deadline, t: Text, now: datetime, *, reasons: bool = True) -> Iterator[Said]:
    """By when, and why then."""
    said = words.due(found, t, now)
    yield Said(head, t.gettext("{}前").format(said) if found.exact else t.gettext("{}以前").format(said))
    if reasons:
        for line in found.trace:
            yield Said("", words.say(line, t))


def state_only(found: Glance, t: Text, now: datetime) -> tuple[Said, ...]:
    """What may be said of a letter where others can listen or look on."""
    lines = [
        Said(t.gettext("信件编号"), spaced(found.number)),
        Said(t.gettext("现在"), words.state(t, found.state), strong=True),
    ]
    if found.due is not None:
        lines.append(Said(t.gettext("答复期限"), due_of(found, t, now)))
    return tuple(lines)


def due_of(found: Glance, t: Text, now: datetime) -> str:
    """The last day for the answer of a letter that is owed one, "" else."""
    if found.due is None:
        return ""
    day = t.day(found.due.isoformat(), now.date().isoformat())
    day = t.gettext("%(day)s(暂定)") % {"day": day} if found.provisional else day
    said = t.gettext("{}以前").format(day)
    return t.gettext("{}，已超期").format(said) if found.overdue else said


def letter(found: Letter, ticking: Clock, rules: Rules, t: Text, now: datetime) -> tuple[Said, ...]:
    """A whole letter, for whoever has its code."""
    state = states.state_of(found)
    lines = [Said(t.gettext("现在"), words.state(t, state), strong=True)]
    standing = cards.standing(found)
    if standing is not None:
        lines.append(Said("", t.gettext("已催办承办单位。")))
    unit = words.unit(t, rules, states.unit_of(found))
    if unit:
        lines.append(Said(t.gettext("承办单位"), unit))
    lines += _answers(found, t, now)
    if state in states.OPEN:
        if ticking.supply is not None:
            lines += deadline(t.gettext("请补充，期限"), ticking.supply, t, now, reasons=False)
        if ticking.answer.paused:
            lines.append(Said(t.gettext("答复期限"), t.gettext("等您补充期间暂停计算。")))
        elif ticking.accept.met is None and not ticking.accept.overdue(now):
            lines += deadline(t.gettext("受理期限"), ticking.accept, t, now, reasons=False)
        if not ticking.answer.paused:
            lines += deadline(t.gettext("答复期限"), ticking.answer, t, now)
        if ticking.overdue(now):
            lines.append(Said("", t.gettext("已超期。")))
    lines.append(
        Said(t.gettext("您写的"), "\n".join(x for x in (_title(found), found.text) if x), block=True)
    )
    if found.erased is not None:
        lines.append(Said("", t.gettext("这封信的内容已按规定删除。")))
    lines.append(
        Said(t.gettext("经过"), t.gettext("{}收到信件").format(moment(found.filed, t, now)), block=True)
    )
    lines += _history(found, rules, t, now)
    return tuple(lines)


def _title(found: Letter) -> str:
    """The title, "" where it is only the beginning of the text."""
    return "" if found.text.startswith(found.title) else found.title


def public(found: PublicLetter, rules: Rules, t: Text, now: datetime) -> tuple[Said, ...]:
    """A letter that everybody may read."""
    today = now.date().isoformat()
    lines = [Said(t.gettext("来信"), found.text or found.title, block=True)]
    unit = words.unit(t, rules, found.unit)
    lines.append(Said(t.gettext("答复"), found.answer, block=True))
    lines.append(
        Said(
            t.gettext("时间"),
            t.gettext("{filed}来信，{answered}答复").format(
                filed=t.day(found.filed.isoformat(), today), answered=t.day(found.answered.isoformat(), today)
            ),
        )
    )
    if unit:
        lines.append(Said(t.gettext("承办单位"), unit))
    if found.solved is not Solved.UNSAID:
        lines.append(Said(t.gettext("来信人说"), words.solved(t, found.solved)))
    return tuple(lines)


def _answers(found: Letter, t: Text, now: datetime) -> Iterator[Said]:
    """What the office says to the writer now: its question, or its answers of this round."""
    state = states.state_of(found)
    for event in states.this_round(found):
        if event.verb in (Verb.ANSWER, Verb.REJECT) and event.note:
            yield Said(
                t.gettext("答复") if event.verb is Verb.ANSWER else t.gettext("不予受理的理由"),
                event.note,
                strong=True,
                block=True,
            )
            yield Said("", moment(event.at, t, now))
    if state is State.AWAITING:
        asked = states.last(found, Verb.ASK)
        if asked is not None and asked.note:
            yield Said(t.gettext("请您补充"), asked.note, strong=True, block=True)


def _history(found: Letter, rules: Rules, t: Text, now: datetime) -> Iterator[Said]:
    for event in found.events:
        if event.verb not in _TOLD:
            continue
        said = f"{moment(event.at, t, now)} {words.event(t, event.verb)}"
        if event.unit and event.verb in (Verb.ACCEPT, Verb.TRANSFER):
            said = f"{said}: {words.unit(t, rules, event.unit)}"
        if event.verb is Verb.RATE:
            said = f"{said}: {words.grade(t, event.rating)}"
        yield Said("", said)


def moment(when: datetime, t: Text, now: datetime) -> str:
    """A day and a time, in the time zone of `now`."""
    said = when.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M")
    return t.moment(said, now.date().isoformat())
