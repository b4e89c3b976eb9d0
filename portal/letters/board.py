"""Figures for the supervision board and the weekly digest: computed out of the histories, each with its
denominator.

A letter belongs to the week in which it was filed. A promise counts once its time has come: a letter whose
deadline lies ahead and that is not answered is in no denominator of `answered`, so that no figure looks
better or worse for being young.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime

from portal.letters import cards
from portal.letters.calendar import Calendar
from portal.letters.clock import deadlines
from portal.letters.model import Letter, Level, Solved, State, Verb
from portal.letters.rules import Rules
from portal.letters.states import OPEN, last, state_of, unit_of

SATISFIED = 4
"""The lowest grade that counts as satisfied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many."""

    part: int = 0
    whole: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(part=self.part + other.part, whole=self.whole + other.whole)

    @property
    def percent(self) -> float | None:
        """Per cent, None where there is nothing to be a part of."""
        return 100.0 * self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one unit, or of all.

    received    letters filed                     open       how many of them are still owed something
    accepted    in time, of those accepted or past their time
    answered    in time, of those answered or past their time (first answer)
    replied     answered at all, of those received, withdrawn and duplicate ones left out
    solved      "yes", of those whose writer said whether it was
    satisfied   grades 4 and 5, of those rated
    doubted     reopened, of those answered
    overdue     owed and late now
    reminders, yellow, red      cards given
    """

    received: int = 0
    open: int = 0
    accepted: Share = field(default_factory=Share)
    answered: Share = field(default_factory=Share)
    replied: Share = field(default_factory=Share)
    solved: Share = field(default_factory=Share)
    satisfied: Share = field(default_factory=Share)
    doubted: Share = field(default_factory=Share)
    overdue: int = 0
    reminders: int = 0
    yellow: int = 0
    red: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            **{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(Figures)}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The figures of all, of each unit ("" for letters that nobody has taken), and what was written about.

    topics   (topic id, letters), the most frequent first; "" for none
    """

    total: Figures
    units: tuple[tuple[str, Figures], ...]
    topics: tuple[tuple[str, int], ...]


def board(letters: Iterable[Letter], rules: Rules, calendar: Calendar, now: datetime) -> Board:
    """The board of these letters at `now`, in the city's own time; units in the order of the rules."""
    units: dict[str, Figures] = {}
    topics: Counter[str] = Counter()
    for letter in letters:
        unit = unit_of(letter)
        units[unit] = units.get(unit, Figures()) + figures(letter, rules, calendar, now)
        topics[letter.topic] += 1
    order = {unit.id: at for at, unit in enumerate(rules.units)}
    return Board(
        total=sum(units.values(), Figures()),
        units=tuple(sorted(units.items(), key=lambda row: (order.get(row[0], len(order)), row[0]))),
        topics=tuple(sorted(topics.items(), key=lambda row: (-row[1], row[0]))),
    )


def figures(letter: Letter, rules: Rules, calendar: Calendar, now: datetime) -> Figures:
    """What one letter adds to the figures."""
    clock, state = deadlines(letter, rules, calendar, now), state_of(letter)
    first = clock.rounds[0]
    counts = state not in (State.WITHDRAWN, State.DUPLICATE)
    answered = any(event.verb is Verb.ANSWER for event in letter.events)
    rated = last(letter, Verb.RATE)
    said = rated is not None and rated.solved is not Solved.UNSAID
    given = Counter(
        cards.parse(event.card)[2] for event in letter.events if event.verb is Verb.CARD and event.card
    )
    return Figures(
        received=1,
        open=state in OPEN,
        accepted=_in_time(clock.accept.met, clock.accept.due, now) if counts else Share(),
        answered=_in_time(first.met, first.due, now) if counts and not first.paused else Share(),
        replied=Share(part=answered, whole=1) if counts else Share(),
        solved=Share(part=rated.solved is Solved.YES, whole=1) if rated and said else Share(),
        satisfied=Share(part=rated.rating >= SATISFIED, whole=1) if rated else Share(),
        doubted=Share(part=len(clock.rounds) > 1, whole=1) if answered else Share(),
        overdue=state in OPEN and clock.overdue(now),
        reminders=given[Level.REMINDER],
        yellow=given[Level.YELLOW],
        red=given[Level.RED],
    )


def _in_time(met: datetime | None, due: datetime, now: datetime) -> Share:
    if met is None and now < due:
        return Share()
    return Share(part=met is not None and met < due, whole=1)
