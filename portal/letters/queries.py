"""Which letters a desk asks for, and in which order it sees them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from portal.letters import states
from portal.letters.model import Kind, State, Verb
from portal.letters.standing import Row

LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which letters a desk wants to see; what is not given does not matter.

    unit       now with this unit; "" for any              states     in one of these; () for any
    open_only  somebody still owes something               overdue    late now
    flagged    waits for review                            filed_by   by this worker; "" for anybody
    first, last   days of filing, both included
    words      all of these in number, title, text, answer or telephone number
    by_due     nearest deadline first, else newest first
    start, count   which part of what was found; `count` at most 200
    """

    unit: str = ""
    states: tuple[State, ...] = ()
    kind: Kind | None = None
    open_only: bool = False
    overdue: bool = False
    flagged: bool = False
    filed_by: str = ""
    first: date | None = None
    last: date | None = None
    words: str = ""
    by_due: bool = True
    start: int = 0
    count: int = 20

    @property
    def owed_only(self) -> bool:
        """Whether letters that nobody owes anything any more need not be looked at."""
        return (
            self.open_only
            or self.overdue
            or self.flagged
            or (bool(self.states) and all(state in states.OPEN for state in self.states))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Part of what a query found, of `total`."""

    rows: tuple[Row, ...]
    total: int


def fits(row: Row, asked: Query, now: datetime) -> bool:
    """Whether a letter is one of those that are asked for; `now` gives the zone of the days."""
    letter = row.letter
    filed = letter.filed.astimezone(now.tzinfo).date()
    words = asked.words.casefold().split()[:10]
    said = "\n".join(
        (letter.number, letter.title, letter.text, letter.telephone, *(e.note for e in letter.events))
    )
    return (
        (not asked.unit or row.unit == asked.unit)
        and (not asked.states or row.state in asked.states)
        and (asked.kind is None or letter.kind is asked.kind)
        and (not asked.open_only or row.state in states.OPEN)
        and (not asked.overdue or row.overdue)
        and (not asked.flagged or (bool(letter.flagged) and not states.count(letter, Verb.RELEASE)))
        and (not asked.filed_by or letter.filed_by == asked.filed_by)
        and (asked.first is None or filed >= asked.first)
        and (asked.last is None or filed <= asked.last)
        and all(word in said.casefold() for word in words)
    )


def chosen(rows: Iterable[Row], asked: Query, now: datetime) -> list[Row]:
    """Those of these letters that are asked for, in the order that is asked for."""
    found = [row for row in rows if fits(row, asked, now)]
    if asked.by_due:
        return sorted(
            found, key=lambda row: (row.state not in states.OPEN, row.clock.answer.due, row.letter.number)
        )
    return sorted(found, key=lambda row: (row.letter.filed, row.letter.number), reverse=True)
