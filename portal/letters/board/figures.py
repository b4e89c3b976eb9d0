"""Figures of a span of days out of the letters themselves, each with its denominator. Pure.

    received   letters filed in the span
    accepted   first acceptances that came, or were due, in the span: how many in time
    answered   the same for answers, one for each time that a letter was opened
    solved     of those who said whether their matter was solved: how many said yes
    satisfied  of those who rated: how many gave 4 or 5

A promise is counted in the span in which it was kept or, where it was not, in which it fell due: once, for
ever. What is not due yet is in no denominator. Units are counted, never people; a letter counts for the unit
that had it at that moment, "" being the office that takes letters in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

from portal.letters.calendar import Calendar
from portal.letters.cards import parse
from portal.letters.clock import deadlines
from portal.letters.model import Deadline, Letter, Level, Solved, Verb
from portal.letters.rules import Rules

MOST_TOPICS = 5

LOOK_BACK_DAYS = 400
"""A letter that is older than this at the beginning of a span counts there no more."""

GOOD = 4
"""The grade from which somebody is satisfied."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included."""

    first: date
    last: date

    def holds(self, moment: datetime, zone: tzinfo) -> bool:
        """Whether a moment falls on one of the days."""
        return self.first <= moment.astimezone(zone).date() <= self.last


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`."""

    part: int = 0
    whole: int = 0

    @property
    def percent(self) -> float | None:
        """0 to 100; None of nothing."""
        return 100 * self.part / self.whole if self.whole else None

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures of one unit, or of the city. `asked`: answers given, each of which asks for a rating."""

    received: int = 0
    accepted: Share = Share()
    answered: Share = Share()
    solved: Share = Share()
    satisfied: Share = Share()
    asked: int = 0
    reminders: int = 0
    yellow: int = 0
    red: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing happened."""
        return self == Figures()


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What a span's supervision page is made of.

    units    unit id -> figures, those with something to show, the one with most letters first
    topics   (topic id, or the letter's own title's kind, count), most first
    waiting  letters that are owed an answer at the end of the span; `overdue` of them are late
    """

    span: Span
    total: Figures
    units: Mapping[str, Figures] = field(default_factory=dict)
    topics: tuple[tuple[str, int], ...] = ()
    waiting: int = 0
    overdue: int = 0


def week_of(day: date) -> Span:
    """Monday to Sunday."""
    first = day - timedelta(days=day.weekday())
    return Span(first, first + timedelta(days=6))


def board(letters: Iterable[Letter], span: Span, rules: Rules, calendar: Calendar, now: datetime) -> Board:
    """The figures of a span as they are known at `now`, an aware moment in the city's own time."""
    zone = now.tzinfo
    if zone is None:
        raise ValueError("a moment without its time zone: give the city's own time")
    tally = _Tally(span, zone, now)
    waiting = overdue = 0
    for letter in letters:
        clock = deadlines(letter, rules, calendar, now)
        if span.holds(letter.filed, zone):
            tally.add(unit_at(letter, letter.filed), "received")
            if letter.topic:
                tally.topics[letter.topic] += 1
        tally.promise(letter, clock.accept, "accepted")
        for each in clock.rounds:
            tally.promise(letter, each, "answered")
        for event in letter.events:
            if span.holds(event.at, zone):
                tally.event(letter, event.verb, event.at, event.rating, event.solved, event.card, event.unit)
        if clock.answer.met is None and letter.filed <= now:
            waiting += 1
            overdue += clock.overdue(now)
    return tally.board(waiting, overdue)


def unit_at(letter: Letter, moment: datetime) -> str:
    """Whose a letter was at a moment."""
    unit = letter.unit
    for event in letter.events:
        if event.at > moment:
            break
        if event.verb in (Verb.ACCEPT, Verb.TRANSFER) and event.unit:
            unit = event.unit
    return unit


class _Tally:
    """Counts of one span while letters go by."""

    def __init__(self, span: Span, zone: tzinfo, now: datetime) -> None:
        self._span, self._zone, self._now = span, zone, now
        self._counts: dict[str, Counter[str]] = {}
        self.topics: Counter[str] = Counter()

    def add(self, unit: str, name: str, count: int = 1) -> None:
        self._counts.setdefault(unit, Counter())[name] += count

    def promise(self, letter: Letter, deadline: Deadline, name: str) -> None:
        """Count a promise where it was kept, or fell due."""
        kept = deadline.met is not None and deadline.met < deadline.due
        # Late ones count on their last day, so that they stand in the span in which they were promised.
        end = datetime.combine(deadline.day, time.max, self._zone) if not deadline.exact else deadline.due
        at = deadline.met if kept and deadline.met else end
        if not kept and (deadline.paused or self._now < deadline.due):
            return
        if self._span.holds(at, self._zone):
            unit = unit_at(letter, at)
            self.add(unit, f"{name}-whole")
            self.add(unit, f"{name}-part", int(kept))

    def event(
        self, letter: Letter, verb: Verb, at: datetime, rating: int, solved: Solved, card: str, unit: str
    ) -> None:
        """Count what happened in the span."""
        whose = unit_at(letter, at)
        if verb is Verb.ANSWER:
            self.add(whose, "asked")
        elif verb is Verb.RATE:
            self.add(whose, "satisfied-whole")
            self.add(whose, "satisfied-part", int(rating >= GOOD))
            if solved is not Solved.UNSAID:
                self.add(whose, "solved-whole")
                self.add(whose, "solved-part", int(solved is Solved.YES))
        elif verb is Verb.CARD:
            self.add(unit, f"card-{parse(card)[2]}")

    def board(self, waiting: int, overdue: int) -> Board:
        """All counts as figures."""
        units = {unit: _figures(counts) for unit, counts in self._counts.items()}
        ordered = sorted(units.items(), key=lambda row: (not row[0], -row[1].received, row[0]))
        total: Counter[str] = Counter()
        for counts in self._counts.values():
            total.update(counts)
        return Board(
            span=self._span,
            total=_figures(total),
            units={unit: figures for unit, figures in ordered if not figures.empty},
            topics=tuple(sorted(self.topics.items(), key=lambda row: (-row[1], row[0])))[:MOST_TOPICS],
            waiting=waiting,
            overdue=overdue,
        )


def _figures(counts: Counter[str]) -> Figures:
    def share(name: str) -> Share:
        return Share(counts[f"{name}-part"], counts[f"{name}-whole"])

    return Figures(
        received=counts["received"],
        accepted=share("accepted"),
        answered=share("answered"),
        solved=share("solved"),
        satisfied=share("satisfied"),
        asked=counts["asked"],
        reminders=counts[f"card-{Level.REMINDER}"],
        yellow=counts[f"card-{Level.YELLOW}"],
        red=counts[f"card-{Level.RED}"],
    )
