"""How a letter stands at a moment: its state, its clock, and whether somebody is late. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.letters import clock, states
from portal.letters.calendar import Calendar
from portal.letters.model import Glance, Letter, State
from portal.letters.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A letter, with what is computed of it."""

    letter: Letter
    state: State
    unit: str
    clock: clock.Clock
    overdue: bool


def row(letter: Letter, rules: Rules, calendar: Calendar, now: datetime) -> Row:
    """A letter with what is computed of it at a moment."""
    ticking = clock.deadlines(letter, rules, calendar, now)
    state = states.state_of(letter)
    return Row(
        letter=letter,
        state=state,
        unit=states.unit_of(letter),
        clock=ticking,
        overdue=state in states.OPEN and ticking.overdue(now),
    )


def glance(letter: Letter, rules: Rules, calendar: Calendar, now: datetime) -> Glance:
    """State and due day of a letter, and nothing that says whose it is or what it is about."""
    stands = row(letter, rules, calendar, now)
    owed = stands.state in states.OPEN
    return Glance(
        number=letter.number,
        state=stands.state,
        due=stands.clock.answer.day if owed else None,
        provisional=owed and stands.clock.answer.provisional,
        overdue=stands.overdue,
    )
