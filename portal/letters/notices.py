"""What a citizen is told when something happens to a letter: a template's id and its variables. Pure.

A report (举报) and what it says never stand in a text message: whoever holds the phone may read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from portal.letters import words
from portal.letters.cards import RECIPIENTS, parse
from portal.letters.clock import Clock
from portal.letters.model import Channel, ClockKind, Event, Kind, Letter, Reach, Role, Verb
from portal.letters.rules import Rules
from portal.text import N_, Text


@dataclass(frozen=True, slots=True)
class Notice:
    """A template and its variables. `about`: what the phone shows as a WAP push, where those are on."""

    template: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Row:
    """`open` where the letter's words may be told, `closed` for a report and where the city tells no
    answers.
    """

    open: str
    closed: str = ""


_ROWS: Mapping[Verb, _Row] = MappingProxyType(
    {
        Verb.FILE: _Row("received"),
        Verb.ACCEPT: _Row("accepted"),
        Verb.ASK: _Row("asked", "asked-private"),
        Verb.LAPSE: _Row("lapsed"),
        Verb.EXTEND: _Row("extended"),
        Verb.TRANSFER: _Row("transferred", "transferred-private"),
        Verb.ANSWER: _Row("answered", "answered-private"),
        Verb.REJECT: _Row("rejected", "rejected-private"),
        Verb.DUPLICATE: _Row("duplicate"),
        Verb.CLOSE: _Row("closed"),
        Verb.DOUBT: _Row("reopened"),
        Verb.WITHDRAW: _Row("withdrawn"),
    }
)

BY_TEXT = "sms"
_QUIET = frozenset((Verb.DOUBT, Verb.WITHDRAW))
"""What a citizen did by text is answered there and then: no second message follows."""


def notice(
    letter: Letter, event: Event, rules: Rules, t: Text, clock: Clock, now: datetime, *, answers: bool
) -> Notice | None:
    """What the citizen is told of an event; None where nothing is.

    answers   whether a unit's words may stand in a text message
    """
    if letter.reach is not Reach.TEXT or not letter.telephone:
        return None
    row = _ROWS.get(event.verb)
    if row is None or (event.verb in _QUIET and event.by == BY_TEXT):
        return None
    if event.verb is Verb.FILE and letter.channel is Channel.SMS:
        return None
    if event.verb is Verb.CLOSE and _rated_or_told(letter, event):
        return None
    private = letter.kind is Kind.REPORT or not answers
    template = row.closed if private and row.closed else row.open
    return Notice(
        template,
        {
            "number": letter.number,
            "due": words.due(clock.answer, t, now),
            "unit": words.unit(t, rules, event.unit),
            "words": "" if private else event.note,
        },
    )


@dataclass(frozen=True, slots=True)
class Told:
    """Whom a card's event concerns."""

    roles: tuple[Role, ...]
    unit: str


def card_of(event: Event) -> Told:
    """Whom the card of an event goes to."""
    _, clock, level = parse(event.card)
    return Told(RECIPIENTS[clock, level], event.unit)


def card(letter: Letter, event: Event, rules: Rules, t: Text, clock: Clock, now: datetime) -> Notice:
    """What a unit's people are told of a card: the letter's number, never its words."""
    _, kind, level = parse(event.card)
    deadline = clock.accept if kind is ClockKind.ACCEPT else clock.answer
    return Notice(
        "card",
        {
            "unit": words.unit(t, rules, event.unit) or t.gettext(words.ROLE_NAMES[Role.ADMIN]),
            "number": letter.number,
            "level": words.level(t, level),
            "due": words.due(deadline, t, now),
            "task": t.gettext(TASKS[kind]),
        },
    )


TASKS = {ClockKind.ACCEPT: N_("受理"), ClockKind.ANSWER: N_("答复"), ClockKind.SUPPLY: N_("补充")}


def _rated_or_told(letter: Letter, event: Event) -> bool:
    """Whether the answer's own message has asked for a rating already: closing by itself is no news."""
    return event.role is Role.SYSTEM or any(each.verb is Verb.RATE for each in letter.events)
