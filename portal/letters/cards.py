"""Reminder, yellow card, red card: when each is due, to whom it goes, and each given once.

    answer   reminder on the morning after `reminder_percent` of the working days are over; yellow on the
             first working morning after the deadline; red `red_days` working days after the yellow one
    accept   reminder when the hours are over, in working time; yellow on the next working morning

A card that came due while nothing ran is given late; of several, the gravest alone. Cards name units only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.letters.calendar import Calendar
from portal.letters.clock import Clock, counted, deadlines, rounds_of
from portal.letters.model import ClockKind, Event, Letter, Level, Role, State, Verb
from portal.letters.rules import Rules, clock_time
from portal.letters.states import OPEN, state_of, this_round, unit_of

RECIPIENTS: dict[tuple[ClockKind, Level], tuple[Role, ...]] = {
    (ClockKind.ACCEPT, Level.REMINDER): (Role.ADMIN,),
    (ClockKind.ACCEPT, Level.YELLOW): (Role.ADMIN,),
    (ClockKind.ANSWER, Level.REMINDER): (Role.CLERK,),
    (ClockKind.ANSWER, Level.YELLOW): (Role.CLERK, Role.HEAD),
    (ClockKind.ANSWER, Level.RED): (Role.CLERK, Role.HEAD, Role.ADMIN),
}
"""Who is told of a card; clerks and heads are those of the card's unit."""

_GRAVITY = tuple(Level)


@dataclass(frozen=True, slots=True)
class Card:
    """A card: `at` is when it came due; `unit` "" where nobody has taken the letter yet."""

    level: Level
    clock: ClockKind
    round: int
    at: datetime
    unit: str

    @property
    def name(self) -> str:
        """The card's name in the history: round, clock and level."""
        return f"{self.round}-{self.clock}-{self.level}"

    @property
    def roles(self) -> tuple[Role, ...]:
        """Who is told."""
        return RECIPIENTS[self.clock, self.level]

    def event(self, now: datetime) -> Event:
        """What is written to the history when the card is given."""
        return Event(verb=Verb.CARD, at=now, role=Role.SYSTEM, card=self.name, unit=self.unit)


def parse(name: str) -> tuple[int, ClockKind, Level]:
    """Round, clock and level of a card's name. ValueError for another text."""
    number, clock, level = name.split("-")
    return int(number), ClockKind(clock), Level(level)


def plan(letter: Letter, rules: Rules, calendar: Calendar, now: datetime) -> tuple[Card, ...]:
    """Every card that this letter can still come to in its current round, in order of time.

    Empty while nothing is owed: answered, ended, or waiting for the citizen.
    """
    state = state_of(letter)
    if state not in OPEN or state is State.AWAITING:
        return ()
    clock = deadlines(letter, rules, calendar, now)
    cards = _for_answer(letter, clock, rules, calendar, now)
    if clock.accept.met is None:
        cards += _for_accept(letter, clock, rules, calendar, now)
    return tuple(sorted(cards, key=lambda card: card.at))


def due(letter: Letter, rules: Rules, calendar: Calendar, now: datetime) -> tuple[Card, ...]:
    """The cards to give now: at most one a clock, the gravest, and none that was given before."""
    given = {event.card for event in letter.events if event.verb is Verb.CARD}
    gravest: dict[ClockKind, Card] = {}
    for card in plan(letter, rules, calendar, now):
        if card.at <= now:
            best = gravest.get(card.clock)
            if best is None or _GRAVITY.index(card.level) > _GRAVITY.index(best.level):
                gravest[card.clock] = card
    return tuple(card for card in gravest.values() if card.name not in given)


def standing(letter: Letter) -> Level | None:
    """The gravest card that stands against the letter's handling now; an answer clears it."""
    if state_of(letter) not in OPEN:
        return None
    levels = [parse(event.card)[2] for event in this_round(letter) if event.verb is Verb.CARD]
    return max(levels, key=_GRAVITY.index, default=None)


def _for_answer(letter: Letter, clock: Clock, rules: Rules, calendar: Calendar, now: datetime) -> list[Card]:
    handling = rounds_of(letter, now)[-1]
    before = clock.answer.days * rules.cards.reminder_percent // 100
    reminder, _ = counted(handling.start.date(), before + 1, calendar, handling)
    yellow = calendar.working_day(clock.answer.day, 1)
    red = calendar.working_day(yellow, rules.cards.red_days)
    at, zone, unit = clock_time(rules.cards.at), now.tzinfo, unit_of(letter)
    return [
        Card(level, ClockKind.ANSWER, handling.number, datetime.combine(day, at, zone), unit)
        for level, day in ((Level.REMINDER, reminder), (Level.YELLOW, yellow), (Level.RED, red))
    ]


def _for_accept(letter: Letter, clock: Clock, rules: Rules, calendar: Calendar, now: datetime) -> list[Card]:
    reminder = _in_working_time(clock.accept.due, rules, calendar)
    at = clock_time(rules.cards.at)
    yellow = datetime.combine(calendar.working_day(reminder.date(), 1), at, now.tzinfo)
    number = rounds_of(letter, now)[-1].number
    return [
        Card(level, ClockKind.ACCEPT, number, moment, unit_of(letter))
        for level, moment in ((Level.REMINDER, reminder), (Level.YELLOW, yellow))
    ]


def _in_working_time(moment: datetime, rules: Rules, calendar: Calendar) -> datetime:
    """The moment itself where people work then, else the next moment at which cards are given."""
    works = calendar.works(moment.date())
    opens, closes = clock_time(rules.promise.opens), clock_time(rules.promise.closes)
    if works and opens <= moment.timetz().replace(tzinfo=None) < closes:
        return moment
    at = datetime.combine(moment.date(), clock_time(rules.cards.at), moment.tzinfo)
    if works and moment <= at:
        return at
    return datetime.combine(calendar.working_day(moment.date(), 1), clock_time(rules.cards.at), moment.tzinfo)
