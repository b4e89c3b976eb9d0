"""Reminder, yellow and red: when, to whom, once, and cleared by an answer."""

from __future__ import annotations

from portal.letters import cards
from portal.letters.calendar import Calendar
from portal.letters.model import ClockKind, Letter, Level, Role, Verb
from tests.portal.letters.conftest import RULES, at, did, letter

CALENDAR = Calendar()
ACCEPTED = did(Verb.ACCEPT, "2026-11-23 11:00", Role.ADMIN, unit="water")


def given(now: Letter, when: str) -> list[str]:
    """The names of the cards to give."""
    return [card.name for card in cards.due(now, RULES, CALENDAR, at(when))]


def test_the_plan_of_an_accepted_letter() -> None:
    """Filed on Monday: reminded after four of five days, yellow after the fifth, red three days on; at nine."""
    planned = cards.plan(letter(ACCEPTED, filed="2026-11-23 10:00"), RULES, CALENDAR, at("2026-11-23 12:00"))
    assert [(card.level, f"{card.at:%Y-%m-%d %H:%M}", card.unit) for card in planned] == [
        (Level.REMINDER, "2026-11-30 09:00", "water"),
        (Level.YELLOW, "2026-12-01 09:00", "water"),
        (Level.RED, "2026-12-04 09:00", "water"),
    ]


def test_nobody_is_carded_at_midnight_or_at_the_weekend() -> None:
    """A letter that nobody accepts by Friday evening is reminded of on Monday morning."""
    filed = letter(filed="2026-11-27 18:00")
    planned = [
        c for c in cards.plan(filed, RULES, CALENDAR, at("2026-11-27 18:00")) if c.clock is ClockKind.ACCEPT
    ]
    assert [f"{card.at:%Y-%m-%d %H:%M}" for card in planned] == ["2026-11-30 09:00", "2026-12-01 09:00"]


def test_each_card_once_and_the_gravest_of_several() -> None:
    """What came due while nothing ran is one card; a card that was given is not given again."""
    now = letter(ACCEPTED, filed="2026-11-23 10:00")
    assert given(now, "2026-11-30 08:59") == []
    assert given(now, "2026-11-30 09:00") == ["0-answer-reminder"]
    assert given(now, "2026-12-10 09:00") == ["0-answer-red"]
    red = letter(
        ACCEPTED,
        did(Verb.CARD, "2026-12-10 09:00", card="0-answer-red", unit="water"),
        filed="2026-11-23 10:00",
    )
    assert given(red, "2026-12-20 09:00") == []
    assert cards.standing(red) is Level.RED
    answered = letter(
        *red.events[2:], did(Verb.ANSWER, "2026-12-11 09:00", Role.CLERK, note="好"), filed="2026-11-23 10:00"
    )
    assert cards.standing(answered) is None and given(answered, "2026-12-20 09:00") == []


def test_nothing_is_owed_while_the_citizen_is_asked() -> None:
    """And the plan moves by the days of the pause."""
    asked = letter(
        ACCEPTED, did(Verb.ASK, "2026-11-24 09:00", Role.CLERK, note="?"), filed="2026-11-23 10:00"
    )
    assert given(asked, "2026-12-20 09:00") == []
    supplied = letter(
        *asked.events[2:],
        did(Verb.SUPPLY, "2026-11-26 09:00", Role.CITIZEN, note="!"),
        filed="2026-11-23 10:00",
    )
    assert [f"{c.at:%m-%d}" for c in cards.plan(supplied, RULES, CALENDAR, at("2026-11-26 10:00"))] == [
        "12-02",
        "12-03",
        "12-08",
    ]


def test_a_new_round_has_cards_of_its_own() -> None:
    """And those of the round before stand against it no longer."""
    reopened = letter(
        ACCEPTED,
        did(Verb.CARD, "2026-12-01 09:00", card="0-answer-yellow", unit="water"),
        did(Verb.ANSWER, "2026-12-01 10:00", Role.CLERK, note="好"),
        did(Verb.DOUBT, "2026-12-02 10:00", Role.CITIZEN, reason="unsolved"),
        filed="2026-11-23 10:00",
    )
    assert cards.standing(reopened) is None
    assert given(reopened, "2026-12-10 09:00") == ["1-answer-yellow"]


def test_who_is_told() -> None:
    """The clerk first, then the head, then those above; names of people never stand on a card."""
    assert cards.RECIPIENTS[ClockKind.ANSWER, Level.REMINDER] == (Role.CLERK,)
    assert cards.RECIPIENTS[ClockKind.ANSWER, Level.YELLOW] == (Role.CLERK, Role.HEAD)
    assert Role.ADMIN in cards.RECIPIENTS[ClockKind.ANSWER, Level.RED]
    for card in cards.plan(letter(filed="2026-11-23 10:00"), RULES, CALENDAR, at("2026-11-23 10:00")):
        assert card.roles and cards.parse(card.name) == (0, card.clock, card.level)
