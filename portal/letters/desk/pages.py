"""Letters into what the desk's pages show: plain values, every sentence in the reader's language. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.letters import cards, words
from portal.letters.desk.accounts import Account
from portal.letters.desk.rights import ASKS, Ask
from portal.letters.model import Deadline, Event, Letter, Role, Verb
from portal.letters.rules import Rules, label
from portal.letters.standing import Row
from portal.text import N_, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A letter in a list."""

    number: str
    title: str
    kind: str
    state: str
    unit: str
    filed: str
    due: str
    late: bool
    card: str
    public_consent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One line of a history."""

    at: str
    who: str
    what: str
    note: str
    inner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clockwork:
    """One deadline with its reasoning."""

    name: str
    due: str
    late: bool
    met: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What can be done with a letter."""

    verb: str
    ask: Ask
    label: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A letter's page."""

    line: Line
    text: str
    facts: tuple[tuple[str, str], ...]
    clocks: tuple[Clockwork, ...]
    history: tuple[Happened, ...]
    forms: tuple[Form, ...]
    version: int


VIEWS = (
    ("todo", N_("待办")),
    ("late", N_("超期")),
    ("review", N_("待审核内容")),
    ("all", N_("全部")),
)
"""The lists of the desk."""


def line(row: Row, rules: Rules, t: Text, now: datetime) -> Line:
    """A letter in a list."""
    letter = row.letter
    standing = cards.standing(letter)
    today = now.date().isoformat()
    owed = row.clock.answer.met is None
    return Line(
        number=letter.number,
        title=letter.title or t.gettext("（内容已按规定删除）"),
        kind=words.kind(t, letter.kind),
        state=words.state(t, row.state),
        unit=words.unit(t, rules, row.unit) or t.gettext("未分派"),
        filed=t.moment(_moment(letter.filed, now), today),
        due=words.due(row.clock.answer, t, now) if owed else "",
        late=row.overdue,
        card=words.level(t, standing) if standing else "",
        public_consent=letter.consent,
    )


def sheet(row: Row, verbs: Sequence[Verb], rules: Rules, t: Text, now: datetime, reader: Account) -> Sheet:
    """A letter's page. `verbs`: what the reader may do with it."""
    letter = row.letter
    topic = rules.topic(letter.topic)
    facts = (
        (t.gettext("来信人"), letter.name),
        (t.gettext("电话"), letter.telephone),
        (t.gettext("通知方式"), words.reach(t, letter.reach)),
        (t.gettext("来信渠道"), words.channel(t, letter.channel)),
        (t.gettext("主题"), label(topic, t.tag) if topic else ""),
        (t.gettext("代办人"), letter.filed_by),
        (t.gettext("同意公开"), t.gettext("是") if letter.consent else t.gettext("否")),
        (t.gettext("需要审核的词"), "、".join(letter.flagged)),
    )
    staff = reader.role is not Role.WORKER
    return Sheet(
        line=line(row, rules, t, now),
        text=letter.text,
        facts=tuple((name, value) for name, value in facts if value),
        clocks=tuple(_clocks(row, t, now)),
        history=tuple(_happened(event, letter, rules, t, now, staff=staff) for event in letter.events),
        forms=tuple(
            Form(
                verb=verb,
                ask=ask,
                label=t.gettext(ask.label),
                words=t.gettext(ask.words) if ask.words else "",
            )
            for verb, ask in ASKS.items()
            if verb in verbs
        ),
        version=letter.version,
    )


def _clocks(row: Row, t: Text, now: datetime) -> list[Clockwork]:
    found = [(t.gettext("受理时限"), row.clock.accept)]
    many = len(row.clock.rounds) > 1
    for number, each in enumerate(row.clock.rounds):
        name = t.gettext("答复时限")
        found.append((f"{name} ({number + 1})" if many else name, each))
    if row.clock.supply:
        found.append((t.gettext("来信人补充时限"), row.clock.supply))
    return [_clockwork(name, each, t, now) for name, each in found]


def _clockwork(name: str, deadline: Deadline, t: Text, now: datetime) -> Clockwork:
    met = t.moment(_moment(deadline.met, now), now.date().isoformat()) if deadline.met else ""
    return Clockwork(
        name=name,
        due=words.due(deadline, t, now),
        late=deadline.overdue(now) and not (deadline.paused and deadline.met is None),
        met=met,
        why=tuple(words.say(each, t) for each in deadline.trace),
    )


def _happened(event: Event, letter: Letter, rules: Rules, t: Text, now: datetime, *, staff: bool) -> Happened:
    who = words.role(t, event.role)
    what = words.event(t, event.verb)
    if event.verb is Verb.CARD:
        _, _, level = cards.parse(event.card)
        what = f"{what}: {words.level(t, level)}"
    elif event.verb in (Verb.TRANSFER, Verb.ACCEPT) and event.unit:
        what = f"{what} → {words.unit(t, rules, event.unit)}"
    elif event.verb is Verb.DUPLICATE:
        what = f"{what} → {event.to}"
    elif event.verb is Verb.RATE:
        solved = words.solved(t, event.solved) if event.solved else ""
        what = " ".join(filter(None, (what, f"{event.rating}", words.grade(t, event.rating), solved)))
    elif event.verb is Verb.DOUBT and event.reason:
        reason = rules.reason(event.reason)
        what = f"{what}: {words.reason(t, reason) if reason else event.reason}"
    return Happened(
        at=t.moment(_moment(event.at, now), now.date().isoformat()),
        who=f"{who} {event.by}".strip() if staff else who,
        what=what,
        note=event.note,
        inner=event.inner if staff else "",
    )


def _moment(moment: datetime, now: datetime) -> str:
    return moment.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M")
