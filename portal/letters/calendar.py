"""Working days, with the reason of each: local days first, then the state's calendar, then Monday to Friday.

The state announces a year's holidays and make-up days in the autumn before; the package `chinesecalendar`
follows with a release. A year that it does not know is counted Monday to Friday and said to be provisional:
deadlines are computed whenever they are asked for, so they are right as soon as the calendar has come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import chinese_calendar

from portal.letters.model import Line
from portal.letters.rules import LocalDays
from portal.text import N_, NN_

_SATURDAY = 5
MOST_KNOWN = 4_000
"""Days that are kept: some ten years."""

_DAY = timedelta(days=1)

HOLIDAY_NAMES = {
    "New Year's Day": N_("元旦"),
    "Spring Festival": N_("春节"),
    "Tomb-sweeping Day": N_("清明节"),
    "Labour Day": N_("劳动节"),
    "Dragon Boat Festival": N_("端午节"),
    "National Day": N_("国庆节"),
    "Mid-autumn Festival": N_("中秋节"),
}
"""The package's names, as gettext ids; another name stands for itself."""


class DayKind(StrEnum):
    """What a day is for the count."""

    WORK = "work"
    MADE_UP = "made-up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar. `why` names a holiday, as gettext id or in the city's words, or is ""."""

    date: date
    kind: DayKind
    why: str = ""
    provisional: bool = False

    @property
    def works(self) -> bool:
        """Whether the day counts."""
        return self.kind in (DayKind.WORK, DayKind.MADE_UP)


class Calendar:
    """The working days of one city."""

    def __init__(self, local: LocalDays | None = None) -> None:
        self._local = local or LocalDays()
        self._known: dict[date, Day] = {}

    def day(self, day: date) -> Day:
        """What a day is. Kept: the package goes through all its years for every question."""
        found = self._known.get(day)
        if found is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            found = self._known[day] = self._look_up(day)
        return found

    def _look_up(self, day: date) -> Day:
        weekend = day.weekday() >= _SATURDAY
        if day in self._local.rest:
            return Day(day, DayKind.HOLIDAY, self._local.rest[day])
        if day in self._local.work:
            return Day(day, DayKind.MADE_UP if weekend else DayKind.WORK, self._local.work[day])
        plain = Day(day, DayKind.WEEKEND if weekend else DayKind.WORK)
        if day.year in self._local.complete:
            return plain
        try:
            rests, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            return Day(plain.date, plain.kind, provisional=True)
        why = HOLIDAY_NAMES.get(name, name) if name else ""
        if rests:
            # A weekend that belongs to a holiday is told as part of it.
            return Day(day, DayKind.HOLIDAY, why) if why else plain
        return Day(day, DayKind.MADE_UP, why) if weekend else plain

    def works(self, day: date) -> bool:
        """Whether a day is a working day."""
        return self.day(day).works

    def after(self, start: date) -> Iterator[Day]:
        """The days after `start`, without end but that of the calendar itself."""
        day = start
        while day < date.max:
            day += _DAY
            yield self.day(day)

    def working_day(self, start: date, count: int) -> date:
        """The `count`-th working day after `start`; `start` itself for 0."""
        if count <= 0:
            return start
        left = count
        for day in self.after(start):
            left -= day.works
            if not left:
                return day.date
        return date.max

    def from_day(self, start: date) -> date:
        """`start` where it is a working day, else the next one."""
        return start if self.works(start) else self.working_day(start, 1)


def reasons(days: Sequence[Day]) -> tuple[Line, ...]:
    """Why days were counted or not: one line for each holiday and each made-up day, one for all weekends.

    days   the days looked at, in order
    """
    lines: list[Line] = []
    weekends = 0
    at = 0
    while at < len(days):
        day, end = days[at], at + 1
        if day.kind is DayKind.HOLIDAY:
            while end < len(days) and days[end].kind is DayKind.HOLIDAY and days[end].why == day.why:
                end += 1
            lines.append(_rest(day, days[end - 1]))
        elif day.kind is DayKind.MADE_UP:
            lines.append(Line(N_("%(day)s%(weekday)s补班，计入"), (("day", day.date), ("weekday", day.date))))
        weekends += day.kind is DayKind.WEEKEND
        at = end
    if weekends:
        lines.append(
            Line(NN_("其间周末%(count)d天，不计", "其间周末%(count)d天，不计"), (("count", weekends),))
        )
    unknown = sorted({day.date.year for day in days if day.provisional})
    lines += [
        Line(N_("%(year)d年的放假安排还没有公布，暂按周一至周五计算"), (("year", year),)) for year in unknown
    ]
    return tuple(lines)


def _rest(first: Day, last: Day) -> Line:
    if first.date == last.date:
        return Line(N_("%(day)s%(why)s放假，不计"), (("day", first.date), ("why", first.why)))
    return Line(
        N_("%(first)s至%(last)s%(why)s放假，不计"),
        (("first", first.date), ("last", last.date), ("why", first.why)),
    )
