"""Figures out of histories: every promise counted once, in the week in which it was kept or fell due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.letters import cards
from portal.letters.board.figures import Share, Span, board, week_of
from portal.letters.calendar import Calendar
from portal.letters.model import Role, Solved, Verb
from portal.letters.states import state_of

from ..conftest import RULES, at, did, letter

CALENDAR = Calendar()
WEEK = Span(date(2026, 11, 23), date(2026, 11, 29))
BEFORE = Span(date(2026, 11, 16), date(2026, 11, 22))
AFTER = Span(date(2026, 11, 30), date(2026, 12, 6))
NOW = at("2026-12-20 12:00")


def made(*events, filed="2026-11-23 10:00", **more):
    return letter(*events, filed=filed, **more)


def figures(*letters, span=WEEK, now=NOW):
    return board(letters, span, RULES, CALENDAR, now)


ACCEPTED = did(Verb.ACCEPT, "2026-11-23 11:00", Role.ADMIN, unit="water")
LATE_ACCEPTED = did(Verb.ACCEPT, "2026-11-24 11:00", Role.ADMIN, unit="water")
ANSWERED = did(Verb.ANSWER, "2026-11-25 11:00", Role.CLERK, note="好了")


def test_kept_promises_count_when_they_were_kept() -> None:
    total = figures(made(ACCEPTED, ANSWERED)).total
    assert (total.received, total.accepted, total.answered) == (1, Share(1, 1), Share(1, 1))
    assert total.asked == 1


def test_broken_promises_count_when_they_fell_due_however_late_they_were_kept() -> None:
    late = did(Verb.ANSWER, "2026-12-08 11:00", Role.CLERK, note="好了")
    one = made(LATE_ACCEPTED, late)
    assert figures(one).total.accepted == Share(0, 1)
    # Filed on a Monday, five working days: due on the Monday after.
    assert figures(one).total.answered == Share(0, 0)
    assert figures(one, span=AFTER).total.answered == Share(0, 1)
    later = Span(date(2026, 12, 7), date(2026, 12, 13))
    assert figures(one, span=later).total.answered == Share(0, 0)
    assert figures(one, span=later).total.asked == 1


def test_what_is_not_due_is_in_no_denominator() -> None:
    total = figures(made(ACCEPTED), now=at("2026-11-26 12:00")).total
    assert total.answered == Share(0, 0)
    assert figures(made(), now=at("2026-11-23 12:00")).total.accepted == Share(0, 0)
    assert figures(made(), now=at("2026-11-23 14:00")).total.accepted == Share(0, 1)


def test_a_letter_that_waits_for_its_writer_is_in_no_denominator() -> None:
    asked = did(Verb.ASK, "2026-11-24 11:00", Role.CLERK, note="哪里?")
    board_now = figures(made(ACCEPTED, asked), span=AFTER, now=at("2026-12-03 12:00"))
    assert board_now.total.answered == Share(0, 0)
    assert (board_now.waiting, board_now.overdue) == (1, 0)


def test_each_round_counts_for_itself() -> None:
    doubt = did(Verb.DOUBT, "2026-11-26 11:00", Role.CITIZEN, note="没好")
    again = did(Verb.ANSWER, "2026-11-27 11:00", Role.CLERK, note="这次好了")
    assert figures(made(ACCEPTED, ANSWERED, doubt, again)).total.answered == Share(2, 2)


def test_ratings_with_their_denominators() -> None:
    rated = [
        made(
            ACCEPTED, ANSWERED, did(Verb.RATE, "2026-11-26 11:00", Role.CITIZEN, rating=grade, solved=solved)
        )
        for grade, solved in ((5, Solved.YES), (4, Solved.PARTLY), (3, Solved.NO), (1, Solved.UNSAID))
    ]
    total = figures(*rated).total
    assert total.satisfied == Share(2, 4)
    assert total.solved == Share(1, 3)


def test_a_unit_answers_for_what_it_had_at_that_moment() -> None:
    moved = did(Verb.TRANSFER, "2026-11-24 11:00", Role.ADMIN, unit="roads", note="归城管")
    begun = did(Verb.BEGIN, "2026-11-24 12:00", Role.CLERK)
    found = figures(made(ACCEPTED, moved, begun, ANSWERED))
    assert found.units["roads"].answered == Share(1, 1)
    assert found.units["water"].answered == Share(0, 0)
    assert found.units["water"].accepted == Share(1, 1)
    assert found.units["water"].received == 1


def test_cards_by_unit() -> None:
    one = made(ACCEPTED)
    for now in ("2026-11-29 09:01", "2026-12-01 09:01", "2026-12-04 09:01"):
        for card in cards.due(one, RULES, CALENDAR, at(now)):
            one = replace(one, events=(*one.events, card.event(at(now))))
    units = figures(one, span=Span(date(2026, 11, 23), date(2026, 12, 6))).units
    assert (units["water"].yellow, units["water"].red) == (1, 1)
    assert set(units) == {"water"}


def test_topics_of_the_week() -> None:
    letters = [made(number=str(at), topic=topic) for at, topic in enumerate(("water", "roads", "water", ""))]
    assert figures(*letters).topics == (("water", 2), ("roads", 1))
    assert figures(made(filed="2026-11-16 10:00")).topics == ()


@pytest.mark.parametrize(("day", "first"), [("2026-11-23", "2026-11-23"), ("2026-11-29", "2026-11-23")])
def test_weeks_begin_on_monday(day, first) -> None:
    assert week_of(date.fromisoformat(day)).first == date.fromisoformat(first)


VERBS = st.sampled_from(
    [
        (Verb.ACCEPT, {"role": Role.ADMIN, "unit": "water"}),
        (Verb.BEGIN, {"role": Role.CLERK}),
        (Verb.ASK, {"role": Role.CLERK, "note": "?"}),
        (Verb.SUPPLY, {"role": Role.CITIZEN, "note": "!"}),
        (Verb.TRANSFER, {"role": Role.ADMIN, "unit": "roads", "note": "x"}),
        (Verb.ANSWER, {"role": Role.ADMIN, "note": "x"}),
        (Verb.RATE, {"role": Role.CITIZEN, "rating": 4}),
        (Verb.DOUBT, {"role": Role.CITIZEN, "note": "x"}),
    ]
)


@given(st.lists(st.tuples(st.integers(1, 72), VERBS), max_size=8))
@settings(max_examples=40)
def test_weeks_add_up_to_the_whole(steps) -> None:
    """Whatever happened: what single weeks count is what all weeks together count, and units what the city does."""
    from portal.letters.errors import NotAllowed
    from portal.letters.model import Event
    from portal.letters.states import check

    one, moment = made(), at("2026-11-23 10:00")
    for hours, (verb, more) in steps:
        moment += timedelta(hours=hours)
        event = Event(verb=verb, at=moment, **more)
        try:
            check(one, event, RULES, unit="water")
        except NotAllowed:
            continue
        one = replace(one, events=(*one.events, event))
    now = at("2027-02-01 12:00")
    whole = figures(one, span=Span(date(2026, 11, 16), date(2027, 1, 31)), now=now)
    weeks = [
        figures(one, span=week_of(date(2026, 11, 16) + timedelta(days=7 * at)), now=now) for at in range(11)
    ]
    for name in ("accepted", "answered", "solved", "satisfied"):
        assert sum((getattr(week.total, name) for week in weeks), Share()) == getattr(whole.total, name)
        assert sum((getattr(unit, name) for unit in whole.units.values()), Share()) == getattr(
            whole.total, name
        )
    assert sum(week.total.received for week in weeks) == 1
    assert state_of(one)
