"""Opening hours: as a person writes them, and what they mean at a moment."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from portal.travel.hours import Hours, State, Today, WrongHours, parse, today, week

OFFICE = parse({"mon-fri": "08:30-12:00 13:30-17:00", "sat": "09:00-12:00"},
               {"2026-10-01/2026-10-07": "closed", "2026-10-10": "09:00-16:00"})  # fmt: skip
NIGHT = parse({"mon-sun": "22:00-06:00"}, {})
ALWAYS = parse({"mon-sun": "00:00-24:00"}, {})


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        (OFFICE, "2026-11-23 08:29", Today(State.LATER, "08:30", "12:00")),
        (OFFICE, "2026-11-23 08:30", Today(State.OPEN, until="12:00")),
        (OFFICE, "2026-11-23 12:00", Today(State.LATER, "13:30", "17:00")),
        (OFFICE, "2026-11-23 17:00", Today(State.OVER, next="2026-11-24 08:30")),
        (OFFICE, "2026-11-21 15:00", Today(State.OVER, next="2026-11-23 08:30")),
        (OFFICE, "2026-11-22 10:00", Today(State.CLOSED, next="2026-11-23 08:30")),
        (OFFICE, "2026-10-05 10:00", Today(State.CLOSED, next="2026-10-08 08:30")),
        (OFFICE, "2026-10-10 12:30", Today(State.OPEN, until="16:00")),
        (NIGHT, "2026-11-23 02:00", Today(State.OPEN, until="06:00")),
        (NIGHT, "2026-11-23 12:00", Today(State.LATER, "22:00", "06:00")),
        (NIGHT, "2026-11-23 23:59", Today(State.OPEN, until="06:00")),
        (ALWAYS, "2026-11-23 00:00", Today(State.ALWAYS)),
        (parse({"mon": "00:00-24:00"}, {}), "2026-11-23 23:00", Today(State.OPEN, until="24:00")),
        (parse({"mon": "20:00-24:00", "tue": "00:00-02:00"}, {}), "2026-11-23 21:00", Today(State.OPEN, until="02:00")),
    ],
)  # fmt: skip
def test_at_a_moment(hours: Hours, moment: str, expected: Today) -> None:
    assert today(hours, datetime.fromisoformat(moment)) == expected


def test_every_minute_of_a_week_is_consistent() -> None:
    """A place that opens at X is open at X, and one that is open until Y is not at Y, unless it opens again."""
    at = datetime.fromisoformat("2026-11-16")
    for hours in (OFFICE, NIGHT):
        for minute in range(0, 7 * 1_440, 5):
            now = at + timedelta(minutes=minute)
            said = today(hours, now)
            if said.state is State.OPEN:
                end = now.replace(hour=0, minute=0) + _clock(said.until)
                end += timedelta(days=1) if end <= now else timedelta()
                assert today(hours, end).state is not State.OPEN
                assert today(hours, end - timedelta(minutes=1)).state is State.OPEN
            elif said.state is State.LATER:
                assert today(hours, now.replace(hour=0, minute=0) + _clock(said.opens)).state is State.OPEN


def _clock(written: str) -> timedelta:
    hour, _, minute = written.partition(":")
    return timedelta(hours=int(hour), minutes=int(minute))


@pytest.mark.parametrize(
    ("days", "dates"),
    [
        ({}, {}), ({"mon": "closed"}, {}), ({"day": "09:00-10:00"}, {}), ({"mon-xyz": "09:00-10:00"}, {}),
        ({"mon": "9-10"}, {}), ({"mon": "09:00-25:00"}, {}), ({"mon": "09:00-09:00"}, {}),
        ({"mon": "13:00-17:00 09:00-12:00"}, {}), ({"mon": "09:00-10:00"}, {"2026-13-01": "closed"}),
        ({"mon": "09:00-10:00"}, {"2026-02-02/2026-02-01": "closed"}), ({"mon": "09:00-10:00"}, {"tomorrow": "closed"}),
        ({"mon": "09:00-10:00"}, {f"2026-01-01/2027-{n % 12 + 1:02}-{n // 12 + 1:02}": "closed" for n in range(101)}),
    ],
)  # fmt: skip
def test_what_is_refused(days: dict[str, str], dates: dict[str, str]) -> None:
    with pytest.raises(WrongHours):
        parse(days, dates)


def test_as_a_week() -> None:
    """Neighbouring days together; Saturday to Monday may be written as one."""
    assert [(d.first, d.last, d.hours) for d in week(OFFICE)] == [
        (0, 4, "08:30-12:00 13:30-17:00"), (5, 5, "09:00-12:00"), (6, 6, ""),
    ]  # fmt: skip
    assert [(d.first, d.last) for d in week(parse({"sat-mon": "09:00-10:00"}, {}))] == [
        (0, 0),
        (1, 4),
        (5, 6),
    ]
