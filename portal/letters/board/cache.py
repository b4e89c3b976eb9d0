"""The board of a week, kept for a minute: it is read far more often than it changes."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import date, datetime, timedelta
from weakref import WeakKeyDictionary

from portal.errors import NotFound
from portal.letters.board.figures import Board, Span, week_of
from portal.letters.service import Letters

SECONDS = 60.0
MOST = 60
"""Weeks that are kept."""

OLDEST = date(2000, 1, 3)


class Weeks:
    """Boards of weeks over one letter box."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._kept: OrderedDict[date, tuple[datetime, Board]] = OrderedDict()
        self._making = asyncio.Lock()

    async def board(self, monday: date, now: datetime) -> Board:
        """The board of the week that begins on a Monday. NotFound for no Monday, and for weeks to come."""
        span = week(monday, now)
        found = self._fresh(monday, now)
        if found is None:
            async with self._making:
                # Who waited here finds what the one before has made.
                found = self._fresh(monday, now)
                if found is None:
                    found = await self._letters.figures(span, now)
                    self._kept[monday] = (now, found)
                    if len(self._kept) > MOST:
                        self._kept.popitem(last=False)
        return found

    def _fresh(self, monday: date, now: datetime) -> Board | None:
        made, board = self._kept.get(monday, (None, None))
        return board if made is not None and now - made < timedelta(seconds=SECONDS) else None


_weeks: WeakKeyDictionary[Letters, Weeks] = WeakKeyDictionary()


def weeks_of(letters: Letters) -> Weeks:
    """The weeks of a letter box: the same for every edition of a process."""
    found = _weeks.get(letters)
    if found is None:
        found = _weeks[letters] = Weeks(letters)
    return found


def week(monday: date, now: datetime) -> Span:
    """A week that can be shown. NotFound."""
    if monday.weekday() or monday < OLDEST or monday > now.date():
        raise NotFound(f"no week begins on {monday}")
    return week_of(monday)


def this_week(now: datetime) -> date:
    """The Monday of the week of a moment."""
    return week_of(now.date()).first
