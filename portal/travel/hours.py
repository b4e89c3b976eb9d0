"""Opening hours: by weekday, with exceptions by date, across midnight. Pure.

Minutes count from the midnight at which a day begins; a span may end on the next day (22:00-06:00 is
1320-1800), and a place that never closes is open 0-1440 on each day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from portal.errors import PortalError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 1_440
CLOSED = "closed"
MOST_SPANS = 6
MOST_EXCEPTIONS = 100
LOOK_AHEAD_DAYS = 14
"""How far ahead the next opening is looked for."""

_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_DAYS = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?")
_DATES = re.compile(r"(\d{4}-\d\d-\d\d)(?:/(\d{4}-\d\d-\d\d))?")


class WrongHours(PortalError):
    """Opening hours that cannot be understood; the text says which part."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `opens` to `closes`, minutes of the day; `closes` may be past midnight, up to 2880."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Special:
    """Days (both included, YYYY-MM-DD) with hours of their own; no span: closed."""

    first: str
    last: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """A week of seven days from Monday, and the dates that differ; the first exception that fits counts."""

    week: tuple[tuple[Span, ...], ...]
    exceptions: tuple[Special, ...] = ()

    def on(self, day: date) -> tuple[Span, ...]:
        """The spans that begin on a day."""
        written = day.isoformat()
        for each in self.exceptions:
            if each.first <= written <= each.last:
                return each.spans
        return self.week[day.weekday()]


class State(StrEnum):
    """How a place is at a moment."""

    ALWAYS = "always"
    OPEN = "open"
    LATER = "later"
    OVER = "over"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Today:
    """How a place is today.

    until   HH:MM at which it closes (OPEN), or closes then (LATER)     opens  HH:MM at which it opens (LATER)
    next    YYYY-MM-DD HH:MM of the next opening after today, "" where none is near
    """

    state: State
    opens: str = ""
    until: str = ""
    next: str = ""


def today(hours: Hours, now: datetime) -> Today:
    """Whether a place is open now, opens later today, has closed for today, or is closed all day.

    now   in the city's own time; its zone is not looked at
    """
    day, minute = now.date(), now.hour * 60 + now.minute
    if all(_whole_day(hours.on(day + timedelta(days=ahead))) for ahead in range(-1, 7)):
        return Today(State.ALWAYS)
    spans = sorted(_merged(hours, day), key=lambda span: span.opens)
    for span in spans:
        if span.opens <= minute < span.closes:
            return Today(State.OPEN, until=_clock(span.closes))
    for span in spans:
        if span.opens > minute:
            return Today(State.LATER, _clock(span.opens), _clock(span.closes))
    following = _next(hours, day)
    return Today(State.OVER if hours.on(day) else State.CLOSED, next=following)


def _whole_day(spans: tuple[Span, ...]) -> bool:
    return any(span.opens == 0 and span.closes >= DAY for span in spans)


def _merged(hours: Hours, day: date) -> Iterator[Span]:
    """The spans that touch a day; those that follow one another without a gap are one."""
    written = [
        Span(span.opens + DAY * ahead, span.closes + DAY * ahead)
        for ahead in (-1, 0, 1)
        for span in hours.on(day + timedelta(days=ahead))
    ]
    merged: list[Span] = []
    for span in sorted(written, key=lambda span: (span.opens, span.closes)):
        if merged and span.opens <= merged[-1].closes:
            merged[-1] = Span(merged[-1].opens, max(merged[-1].closes, span.closes))
        else:
            merged.append(span)
    return (span for span in merged if span.closes > 0 and span.opens < DAY)


def _next(hours: Hours, day: date) -> str:
    for ahead in range(1, LOOK_AHEAD_DAYS + 1):
        then = day + timedelta(days=ahead)
        if spans := hours.on(then):
            return f"{then.isoformat()} {_clock(min(span.opens for span in spans))}"
    return ""


def _clock(minutes: int) -> str:
    """HH:MM; midnight at the end of a day is 24:00, what is later is said as of the next day."""
    minutes = minutes if minutes <= DAY else minutes - DAY
    return f"{minutes // 60:02}:{minutes % 60:02}"


# --- as a person writes them --------------------------------------------------------------------


def parse(week: Mapping[str, str], exceptions: Mapping[str, str]) -> Hours:
    """Hours from what a site file says.

    week         {"mon-fri": "08:30-12:00 13:30-17:00", "sat": "closed"}; days not named are closed
    exceptions   {"2026-10-01/2026-10-07": "10:00-16:00", "2027-02-16": "closed"}
    raises       WrongHours
    """
    days: list[tuple[Span, ...]] = [()] * 7
    for names, written in week.items():
        spans = _spans(written)
        for at in _named(names):
            days[at] = spans
    if not any(days):
        raise WrongHours("hours: expected at least one day with hours, such as mon-fri = '09:00-17:00'")
    if len(exceptions) > MOST_EXCEPTIONS:
        raise WrongHours(f"except has {len(exceptions)} dates: expected at most {MOST_EXCEPTIONS}")
    return Hours(tuple(days), tuple(_exception(dates, written) for dates, written in exceptions.items()))


def _named(names: str) -> list[int]:
    found = _DAYS.fullmatch(names)
    if found is None or not {found[1], found[2] or found[1]} <= set(WEEKDAYS):
        raise WrongHours(f"hours '{names}': expected days such as mon, sat-sun or mon-fri")
    first = WEEKDAYS.index(found[1])
    last = WEEKDAYS.index(found[2] or found[1])
    return [at % 7 for at in range(first, last + 1 if last >= first else last + 8)]


def _spans(written: str) -> tuple[Span, ...]:
    if written == CLOSED:
        return ()
    spans = tuple(_span(part) for part in re.split(r"[\s,]+", written.strip()))
    ordered = all(before.closes <= after.opens for before, after in pairwise(spans))
    if len(spans) > MOST_SPANS or not ordered:
        raise WrongHours(f"hours '{written[:60]}': expected hours one after the other")
    return spans


def _span(written: str) -> Span:
    first, _, last = written.partition("-")
    found = _CLOCK.fullmatch(first), _CLOCK.fullmatch(last)
    if found[0] is None or found[1] is None:
        raise WrongHours(f"hours '{written[:60]}': expected 08:30-17:00, or {CLOSED}")
    opens, closes = (int(each[1]) * 60 + int(each[2]) for each in found if each is not None)
    if opens >= DAY or closes > DAY or opens == closes:
        raise WrongHours(f"hours '{written[:60]}': expected times from 00:00 to 24:00")
    return Span(opens, closes if closes > opens else closes + DAY)


def _exception(dates: str, written: str) -> Special:
    found = _DATES.fullmatch(dates)
    first, last = (found[1], found[2] or found[1]) if found else ("", "")
    try:
        right = date.fromisoformat(first) <= date.fromisoformat(last)
    except ValueError:
        right = False
    if not right:
        raise WrongHours(f"except '{dates[:60]}': expected a date or two, such as 2026-10-01/2026-10-07")
    return Special(first, last, _spans(written))


# --- as a week, where no clock runs ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Days:
    """Days of the week, 0 is Monday, both included, with the same hours; no span: closed."""

    first: int
    last: int
    spans: tuple[Span, ...]

    @property
    def hours(self) -> str:
        """09:00-12:00 13:30-17:00; "" where it is closed."""
        return " ".join(f"{_clock(span.opens)}-{_clock(span.closes)}" for span in self.spans)


def week(hours: Hours) -> tuple[Days, ...]:
    """A usual week, neighbouring days with the same hours together."""
    found: list[Days] = []
    for day, spans in enumerate(hours.week):
        if found and found[-1].spans == spans:
            found[-1] = Days(found[-1].first, day, spans)
        else:
            found.append(Days(day, day, spans))
    return tuple(found)
