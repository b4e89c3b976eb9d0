"""The citizens' clock over a real calendar: make-up days, New Year, pauses, a year that nobody knows yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.letters import clock, words
from portal.letters.calendar import Calendar, DayKind
from portal.letters.model import Event, Kind, Letter, Role, Verb
from portal.letters.rules import WORKING, KindRow, LocalDays, Promise, Rules
from portal.text import text
from tests.portal.letters.conftest import RULES, ZONE, at, did, letter

CALENDAR = Calendar()
LATER = at("2027-06-01 09:00")


def answer_day(now: Letter, rules: Rules = RULES, calendar: Calendar = CALENDAR) -> date:
    """The last day for the answer."""
    return clock.deadlines(now, rules, calendar, LATER).answer.day


def said(now: Letter, rules: Rules = RULES, calendar: Calendar = CALENDAR, tag: str = "zh-Hans") -> list[str]:
    """The reasoning as sentences."""
    trace = clock.deadlines(now, rules, calendar, LATER).answer.trace
    return [words.say(line, text(tag)) for line in trace]


def test_the_make_up_saturday_after_national_day() -> None:
    """28 September and five working days is Saturday 10 October, and the reasoning says why."""
    assert answer_day(letter()) == date(2026, 10, 10)
    assert said(letter()) == [
        "9月28日收到，当天不计",
        "10月1日至10月7日国庆节放假，不计",
        "10月10日周六补班，计入",
        "第5个工作日是10月10日",
    ]
    # The seventh day of that week may be announced otherwise: 2026 has its own mid-autumn days before.
    assert "10 Oct" in said(letter(), tag="en")[-1]


@pytest.mark.parametrize(
    ("filed", "days", "due"),
    [
        ("2026-11-23 00:00", 5, "2026-11-30"),  # Monday's first minute is Monday
        ("2026-11-22 23:59", 5, "2026-11-27"),  # filed on a Sunday: Monday is the first day
        ("2026-11-21 10:00", 1, "2026-11-23"),
        ("2026-12-31 10:00", 1, "2027-01-01"),  # nobody knows 2027 yet: Friday counts, provisionally
        ("2026-02-13 10:00", 2, "2026-02-24"),  # the Saturday before New Year is made up; then nine days rest
        ("2026-01-01 10:00", 1, "2026-01-04"),  # New Year's Sunday is made up
        ("2026-05-01 10:00", 3, "2026-05-08"),
    ],
)
def test_days_of_2026(filed: str, days: int, due: str) -> None:
    """The state's calendar of that year, as it was announced."""
    rules = replace(RULES, promise=Promise(answer_days=days))
    assert answer_day(letter(filed=filed), rules) == date.fromisoformat(due)


@given(st.dates(date(2026, 1, 1), date(2026, 11, 30)), st.integers(1, 20))
def test_every_day_of_2026(day: date, days: int) -> None:
    """Counted another way: the package's own working days after the first."""
    rules = replace(RULES, promise=Promise(answer_days=days, extended_days=90))
    due = answer_day(letter(filed=f"{day} 10:00"), rules)
    later = [day + timedelta(days=n) for n in range(1, 120) if (day + timedelta(days=n)).year == 2026]
    counted = [each for each in later if chinese_calendar.is_workday(each)]
    if len(counted) >= days:
        assert due == counted[days - 1]


def test_a_year_that_nobody_knows() -> None:
    """Fifteen days from 21 December are counted, marked, and right as soon as the calendar is there."""
    rules = replace(RULES, promise=Promise(answer_days=15))
    filed = letter(filed="2026-12-21 10:00")
    found = clock.deadlines(filed, rules, CALENDAR, LATER).answer
    assert found.day == date(2027, 1, 11) and found.provisional
    assert said(filed, rules)[-2] == "2027年的放假安排还没有公布，暂按周一至周五计算"
    assert words.due(found, text("zh-Hans"), at("2026-12-21 10:00")).endswith("(暂定)")
    announced = Calendar(
        LocalDays(rest={date(2027, 1, 1): "元旦"}, work={date(2027, 1, 3): ""}, complete=frozenset({2027}))
    )
    known = clock.deadlines(filed, rules, announced, LATER).answer
    # New Year's Friday rests and Sunday is made up: the same day, for another reason.
    assert known.day == date(2027, 1, 11) and not known.provisional
    resting = Calendar(LocalDays(rest={date(2027, 1, 1): "元旦"}, complete=frozenset({2027})))
    assert answer_day(filed, rules, resting) == date(2027, 1, 12)


def test_a_city_may_differ() -> None:
    """Its own days win over the state's, with their own reason."""
    local = Calendar(LocalDays(rest={date(2026, 9, 29): "台风停工"}, work={date(2026, 10, 3): "抢险"}))
    assert local.day(date(2026, 10, 3)).kind is DayKind.MADE_UP
    assert said(letter(), calendar=local)[1] == "9月29日台风停工放假，不计"


def test_asking_stops_the_clock() -> None:
    """The day at whose end the citizen was still awaited does not count; supplying on the same day costs none."""
    asked = (
        did(Verb.ACCEPT, "2026-11-23 11:00", Role.ADMIN, unit="water"),
        did(Verb.ASK, "2026-11-24 09:00", Role.CLERK, note="哪一栋?"),
    )
    same = did(Verb.SUPPLY, "2026-11-24 20:00", Role.CITIZEN, note="3栋")
    assert answer_day(letter(*asked, same, filed="2026-11-23 10:00")) == date(2026, 11, 30)
    later = did(Verb.SUPPLY, "2026-11-26 10:00", Role.CITIZEN, note="3栋")
    supplied = letter(*asked, later, filed="2026-11-23 10:00")
    assert answer_day(supplied) == date(2026, 12, 2)
    assert "11月24日至11月25日等待补充材料，不计" in said(supplied)
    waiting = letter(*asked, filed="2026-11-23 10:00")
    found = clock.deadlines(waiting, RULES, CALENDAR, at("2026-12-04 10:00"))
    assert found.answer.paused and not found.overdue(at("2026-12-04 10:00"))
    assert found.supply is not None and found.supply.day == date(2026, 12, 8)


def test_who_never_supplies_ends_it() -> None:
    """After ten working days the system closes it; not a minute before."""
    waiting = letter(
        did(Verb.ACCEPT, "2026-11-23 11:00", Role.ADMIN, unit="water"),
        did(Verb.ASK, "2026-11-24 09:00", Role.CLERK, note="哪一栋?"),
        filed="2026-11-23 10:00",
    )
    assert clock.chores(waiting, RULES, CALENDAR, at("2026-12-08 23:59")) == ()
    (lapse,) = clock.chores(waiting, RULES, CALENDAR, at("2026-12-09 00:00"))
    assert lapse.verb is Verb.LAPSE


HANDLED = (
    did(Verb.ACCEPT, "2026-11-23 11:00", Role.ADMIN, unit="water"),
    did(Verb.BEGIN, "2026-11-23 12:00", Role.CLERK),
)


def test_an_extension_counts_from_the_first_day() -> None:
    """Fifteen working days in all, however late it was approved; a transfer changes nothing."""
    plain = letter(*HANDLED, filed="2026-11-23 10:00")
    extended = letter(
        *HANDLED, did(Verb.EXTEND, "2026-11-27 10:00", Role.HEAD, note="要开挖"), filed="2026-11-23 10:00"
    )
    assert (answer_day(plain), answer_day(extended)) == (date(2026, 11, 30), date(2026, 12, 14))
    assert "经批准延期，从第一天起共15个工作日" in said(extended)
    moved = letter(
        *HANDLED,
        did(Verb.TRANSFER, "2026-11-26 10:00", Role.ADMIN, unit="roads", note="x"),
        filed="2026-11-23 10:00",
    )
    assert answer_day(moved) == answer_day(plain)


def test_a_doubt_has_a_clock_of_its_own() -> None:
    """The first answer stays in time; the new round counts from the doubt, without the extension before."""
    reopened = letter(
        *HANDLED,
        did(Verb.EXTEND, "2026-11-24 10:00", Role.HEAD, note="要开挖"),
        did(Verb.ANSWER, "2026-11-25 10:00", Role.CLERK, note="修好了"),
        did(Verb.DOUBT, "2026-12-01 10:00", Role.CITIZEN, reason="unsolved"),
        filed="2026-11-23 10:00",
    )
    first, second = clock.deadlines(reopened, RULES, CALENDAR, LATER).rounds
    assert first.met == at("2026-11-25 10:00") and not first.overdue(LATER)
    assert (second.day, second.met, second.days) == (date(2026, 12, 8), None, 5)
    assert words.say(second.trace[0], text("zh-Hans")) == "12月1日要求重新办理，当天不计"


def test_late_to_the_second() -> None:
    """In time until the last day is over."""
    found = clock.deadlines(letter(*HANDLED, filed="2026-11-23 10:00"), RULES, CALENDAR, LATER)
    assert not found.overdue(at("2026-11-30 23:59")) and found.overdue(at("2026-12-01 00:00"))
    in_time = letter(
        *HANDLED, did(Verb.ANSWER, "2026-11-30 23:59", Role.CLERK, note="好了"), filed="2026-11-23 10:00"
    )
    late = letter(
        *HANDLED, did(Verb.ANSWER, "2026-12-01 00:00", Role.CLERK, note="好了"), filed="2026-11-23 10:00"
    )
    assert [
        clock.deadlines(each, RULES, CALENDAR, LATER).answer.overdue(LATER) for each in (in_time, late)
    ] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        ("2026-11-23 10:00", "2026-11-23 13:00"),
        ("2026-11-23 15:30", "2026-11-24 10:30"),  # an hour and a half is left for Tuesday
        ("2026-11-23 07:00", "2026-11-23 12:00"),  # the office opens at nine
        ("2026-11-27 18:00", "2026-11-30 12:00"),  # Friday evening: Monday
        ("2026-10-09 16:00", "2026-10-10 11:00"),  # the Saturday is made up
    ],
)
def test_three_working_hours(filed: str, due: str) -> None:
    """Hours of work where the rules say so; else the clock on the wall."""
    working = replace(RULES, promise=Promise(accept_clock=WORKING))
    assert clock.deadlines(letter(filed=filed), working, CALENDAR, LATER).accept.due == at(due)
    wall = clock.deadlines(letter(filed=filed), RULES, CALENDAR, LATER).accept
    assert wall.due == at(filed) + timedelta(hours=3) and wall.exact


def test_kinds_have_days_of_their_own() -> None:
    """A report may be promised more than a question."""
    rules = replace(RULES, kinds=(KindRow(Kind.CONSULT, 2), KindRow(Kind.REPORT, 15)))
    assert answer_day(letter(kind=Kind.CONSULT, filed="2026-11-23 10:00"), rules) == date(2026, 11, 25)
    assert answer_day(letter(kind=Kind.REPORT, filed="2026-11-23 10:00"), rules) == date(2026, 12, 14)


def test_answered_letters_close_by_themselves() -> None:
    """Ten working days after the answer, where nobody doubts it."""
    answered = letter(
        *HANDLED, did(Verb.ANSWER, "2026-11-24 10:00", Role.CLERK, note="好了"), filed="2026-11-23 10:00"
    )
    assert clock.chores(answered, RULES, CALENDAR, at("2026-12-08 23:59")) == ()
    assert clock.chores(answered, RULES, CALENDAR, at("2026-12-09 00:00"))[0].verb is Verb.CLOSE


def test_a_moment_without_its_zone_is_refused() -> None:
    """Whose day it is would be a guess."""
    with pytest.raises(ValueError, match="time zone"):
        clock.deadlines(letter(), RULES, CALENDAR, at("2026-11-23 10:00").replace(tzinfo=None))


_moves = st.lists(st.sampled_from((Verb.ASK, Verb.SUPPLY, Verb.EXTEND, Verb.TRANSFER, Verb.CARD)), max_size=8)


@given(_moves, st.lists(st.integers(0, 60), min_size=8, max_size=8))
def test_no_history_makes_the_clock_run_backwards(moves: list[Verb], hours: list[int]) -> None:
    """Whatever happens, the deadline is never before that of the plain letter, and a pause is at most its days."""
    moment, events = at("2026-11-23 10:00"), []
    for verb, after in zip(moves, hours, strict=False):
        moment += timedelta(hours=after)
        events.append(
            Event(
                verb=verb,
                at=moment,
                role=Role.SYSTEM,
                unit="roads" if verb is Verb.TRANSFER else "",
                card="0-answer-yellow",
            )
        )
    now = moment + timedelta(days=1)
    plain = clock.deadlines(letter(filed="2026-11-23 10:00"), RULES, CALENDAR, now).answer.day
    found = clock.deadlines(letter(*events, filed="2026-11-23 10:00"), RULES, CALENDAR, now).answer
    assert found.day >= plain
    assert found.due.astimezone(ZONE).date() == found.day + timedelta(days=1)
