"""By when: deadlines out of a letter's history, a city's rules, its calendar and the time.

    day of receipt = day 0; due at the end of working day N
    only a question to the citizen stops the clock: a day at whose end it was still awaited is not counted
    an approved extension counts from day 0 too; a transfer changes nothing for the citizen
    a doubt opens a round with a clock of its own

`now` must be in the city's own time: its zone says where days begin. Nothing of this is stored, so a holiday
that is announced late moves open deadlines by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from portal.letters.calendar import Calendar, Day, reasons
from portal.letters.model import ClockKind, Deadline, Event, Letter, Line, Role, State, Verb
from portal.letters.rules import WORKING, Rules, clock_time
from portal.letters.states import state_of
from portal.text import N_

_DAY = timedelta(days=1)

_ENDS_ACCEPT = frozenset((Verb.ACCEPT, Verb.ANSWER, Verb.REJECT, Verb.DUPLICATE, Verb.WITHDRAW))
_ENDS_ANSWER = frozenset((Verb.ANSWER, Verb.REJECT, Verb.DUPLICATE, Verb.WITHDRAW, Verb.LAPSE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """All deadlines of a letter at one moment.

    rounds   the deadlines for an answer, one for each round; the last is the one that runs, or ran last
    supply   the citizen's own deadline while more is awaited, else None
    """

    accept: Deadline
    rounds: tuple[Deadline, ...]
    supply: Deadline | None = None

    @property
    def answer(self) -> Deadline:
        """The deadline for an answer in the current round."""
        return self.rounds[-1]

    def overdue(self, now: datetime) -> bool:
        """Whether something that is owed now is late; what was done late is no longer overdue."""
        running = (self.accept, self.answer)
        return any(each.met is None and not each.paused and each.overdue(now) for each in running)


@dataclass(frozen=True, slots=True)
class Round:
    """One handling: its beginning, its events, and the spans in which the citizen was asked.

    pauses   (first day not counted, first day counted again)
    """

    start: datetime
    number: int
    events: tuple[Event, ...]
    pauses: tuple[tuple[date, date], ...]
    paused: bool

    def stands(self, day: date) -> bool:
        """Whether the clock stood at the end of that day."""
        return any(first <= day < again for first, again in self.pauses)


def deadlines(letter: Letter, rules: Rules, calendar: Calendar, now: datetime) -> Clock:
    """The clock of a letter at `now`, an aware moment in the city's own time."""
    return Clock(
        accept=_accept(letter, rules, calendar, _zone(now)),
        rounds=tuple(_answer(letter, each, rules, calendar) for each in rounds_of(letter, now)),
        supply=_supply(letter, rules, calendar, _zone(now)),
    )


def chores(letter: Letter, rules: Rules, calendar: Calendar, now: datetime) -> tuple[Event, ...]:
    """What the system itself has to write now: that the citizen's time ran out, that the letter is closed."""
    state, zone = state_of(letter), _zone(now)
    if state is State.AWAITING:
        supply = _supply(letter, rules, calendar, zone)
        if supply is not None and supply.overdue(now):
            return (Event(verb=Verb.LAPSE, at=now, role=Role.SYSTEM),)
    if state is State.REPLIED:
        answered = next(event for event in reversed(letter.events) if event.verb is Verb.ANSWER)
        last, _ = counted(answered.at.astimezone(zone).date(), rules.promise.close_days, calendar)
        if now >= _midnight_after(last, zone):
            return (Event(verb=Verb.CLOSE, at=now, role=Role.SYSTEM),)
    return ()


def rounds_of(letter: Letter, now: datetime) -> tuple[Round, ...]:
    """The rounds of a letter, first to last."""
    zone = _zone(now)
    starts = [0, *(at for at, event in enumerate(letter.events) if event.verb is Verb.DOUBT)]
    ends = [*starts[1:], len(letter.events)]
    return tuple(
        _round(letter, number, letter.events[first:end], now.astimezone(zone))
        for number, (first, end) in enumerate(zip(starts, ends, strict=True))
    )


def counted(
    start: date, days: int, calendar: Calendar, handling: Round | None = None
) -> tuple[date, tuple[Day, ...]]:
    """The last of `days` counted days after `start`, and every day looked at, those of a pause left out."""
    seen: list[Day] = []
    left = days
    for day in calendar.after(start):
        if handling is not None and handling.stands(day.date):
            continue
        seen.append(day)
        left -= day.works
        if left <= 0:
            return day.date, tuple(seen)
    return date.max - _DAY, tuple(seen)


def _round(letter: Letter, number: int, events: tuple[Event, ...], now: datetime) -> Round:
    zone = _zone(now)
    start = (events[0].at if events else letter.filed).astimezone(zone)
    pauses: list[tuple[date, date]] = []
    asked: date | None = None
    for event in events:
        day = event.at.astimezone(zone).date()
        if event.verb is Verb.ASK:
            asked = day
        elif asked is not None and event.verb in (Verb.SUPPLY, *_ENDS_ANSWER):
            pauses.append((asked, day))
            asked = None
    if asked is not None:
        pauses.append((asked, now.date()))
    return Round(start, number, events, tuple(pauses), asked is not None)


def _accept(letter: Letter, rules: Rules, calendar: Calendar, zone: tzinfo) -> Deadline:
    promise, filed = rules.promise, letter.filed.astimezone(zone)
    met = next((event.at for event in letter.events if event.verb in _ENDS_ACCEPT), None)
    hours = f"{promise.accept_hours:g}"
    if promise.accept_clock == WORKING:
        due, seen = _working_hours(filed, promise.accept_hours, rules, calendar)
        line = Line(
            N_("自%(moment)s起%(hours)s个工作小时(工作日%(opens)s至%(closes)s)"),
            (("moment", filed), ("hours", hours), ("opens", promise.opens), ("closes", promise.closes)),
        )
        return Deadline(
            kind=ClockKind.ACCEPT,
            due=due,
            day=due.date(),
            exact=True,
            provisional=any(day.provisional for day in seen),
            met=met,
            trace=(line, *reasons(seen)),
        )
    due = (filed.astimezone(UTC) + timedelta(hours=promise.accept_hours)).astimezone(zone)
    line = Line(N_("自%(moment)s起%(hours)s小时"), (("moment", filed), ("hours", hours)))
    return Deadline(kind=ClockKind.ACCEPT, due=due, day=due.date(), exact=True, met=met, trace=(line,))


def _working_hours(
    start: datetime, hours: float, rules: Rules, calendar: Calendar
) -> tuple[datetime, tuple[Day, ...]]:
    """The moment when so many hours of working time are over, and the days other than the first looked at."""
    opens, closes = clock_time(rules.promise.opens), clock_time(rules.promise.closes)
    left = timedelta(hours=hours)
    seen: list[Day] = []
    day, zone = start.date(), _zone(start)
    while day < date.max - _DAY:
        if calendar.works(day):
            begin = max(start, datetime.combine(day, opens, zone))
            room = datetime.combine(day, closes, zone) - begin
            if room >= left:
                return begin + left, tuple(seen)
            left -= max(room, timedelta())
        day += _DAY
        seen.append(calendar.day(day))
    return start, tuple(seen)


def _answer(letter: Letter, handling: Round, rules: Rules, calendar: Calendar) -> Deadline:
    days = rules.promise.reopened_days if handling.number else rules.answer_days(letter.kind)
    extended = any(event.verb is Verb.EXTEND for event in handling.events)
    if extended:
        days = max(days, rules.promise.extended_days)
    start = handling.start.date()
    last, seen = counted(start, days, calendar, handling)
    met = next((event.at for event in handling.events if event.verb in _ENDS_ANSWER), None)
    received = N_("%(day)s要求重新办理，当天不计") if handling.number else N_("%(day)s收到，当天不计")
    lines = [Line(received, (("day", start),))]
    lines += [_pause(first, again) for first, again in handling.pauses if first < again]
    lines += reasons(seen)
    if extended:
        lines.append(Line(N_("经批准延期，从第一天起共%(days)d个工作日"), (("days", days),)))
    lines.append(Line(N_("第%(days)d个工作日是%(day)s"), (("days", days), ("day", last))))
    return Deadline(
        kind=ClockKind.ANSWER,
        due=_midnight_after(last, _zone(handling.start)),
        day=last,
        provisional=any(day.provisional for day in seen),
        paused=handling.paused,
        met=met,
        days=days,
        trace=tuple(lines),
    )


def _pause(first: date, again: date) -> Line:
    last = again - _DAY
    if first == last:
        return Line(N_("%(day)s等待补充材料，不计"), (("day", first),))
    return Line(N_("%(first)s至%(last)s等待补充材料，不计"), (("first", first), ("last", last)))


def _supply(letter: Letter, rules: Rules, calendar: Calendar, zone: tzinfo) -> Deadline | None:
    if state_of(letter) is not State.AWAITING:
        return None
    asked = next(event for event in reversed(letter.events) if event.verb is Verb.ASK)
    start, days = asked.at.astimezone(zone).date(), rules.promise.supply_days
    last, seen = counted(start, days, calendar)
    lines: Sequence[Line] = (
        Line(N_("%(day)s请您补充，当天不计"), (("day", start),)),
        *reasons(seen),
        Line(N_("第%(days)d个工作日是%(day)s"), (("days", days), ("day", last))),
    )
    return Deadline(
        kind=ClockKind.SUPPLY,
        due=_midnight_after(last, zone),
        day=last,
        provisional=any(day.provisional for day in seen),
        days=days,
        trace=tuple(lines),
    )


def _midnight_after(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day + _DAY, time.min, zone)


def _zone(moment: datetime) -> tzinfo:
    if moment.tzinfo is None:
        raise ValueError("a moment without its time zone: give the city's own time")
    return moment.tzinfo
