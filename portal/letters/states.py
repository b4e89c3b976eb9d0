"""The state machine of a letter: one table, state x event -> state, with who may do it.

What a letter's state, unit and round are is folded out of its history; nothing of it is stored.
The limits that a city sets (one transfer, one extension, one doubt ...) are counted in the history too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from portal.letters.errors import NotAllowed
from portal.letters.model import Event, Kind, Letter, Role, State, Verb
from portal.letters.rules import Rules


@dataclass(frozen=True, slots=True)
class Move:
    """Where an event leads from one state, and who may do it there; `to` None leaves the state."""

    to: State | None
    roles: frozenset[Role]


OPEN = frozenset(
    (
        State.QUEUED,
        State.SUBMITTED,
        State.ACCEPTED,
        State.HANDLING,
        State.AWAITING,
        State.EXTENDED,
        State.TRANSFERRED,
        State.REOPENED,
    )
)
"""The states in which somebody still owes something."""

_ANSWERED = (State.REPLIED, State.CLOSED, State.RATED)
_AT_UNIT = (State.ACCEPTED, State.HANDLING, State.EXTENDED, State.REOPENED)
_CITIZEN = (Role.CITIZEN, Role.WORKER)
_UNIT = (Role.CLERK, Role.HEAD)
_OFFICE = (Role.ADMIN, Role.REMOTE)

_ROWS: tuple[tuple[Verb, tuple[State, ...], State | None, tuple[Role, ...]], ...] = (
    (Verb.DELIVER, (State.QUEUED,), State.SUBMITTED, (Role.SYSTEM,)),
    (Verb.RELEASE, (State.QUEUED,), None, (Role.ADMIN,)),
    (Verb.ACCEPT, (State.SUBMITTED,), State.ACCEPTED, (*_OFFICE, *_UNIT)),
    (
        Verb.BEGIN,
        (State.ACCEPTED, State.TRANSFERRED, State.REOPENED),
        State.HANDLING,
        (*_UNIT, Role.REMOTE),
    ),
    (Verb.ASK, _AT_UNIT, State.AWAITING, (*_UNIT, *_OFFICE)),
    (Verb.SUPPLY, (State.AWAITING,), State.HANDLING, (*_CITIZEN, *_OFFICE)),
    (Verb.LAPSE, (State.AWAITING,), State.CLOSED, (Role.SYSTEM, Role.REMOTE)),
    (Verb.REQUEST, (State.HANDLING,), None, (Role.CLERK,)),
    (Verb.EXTEND, (State.HANDLING,), State.EXTENDED, (Role.HEAD, *_OFFICE)),
    (Verb.DENY, (State.HANDLING,), None, (Role.HEAD, Role.ADMIN)),
    (Verb.TRANSFER, _AT_UNIT, State.TRANSFERRED, (*_UNIT, *_OFFICE)),
    (Verb.RETURN, (State.ACCEPTED, State.TRANSFERRED), State.SUBMITTED, (*_UNIT, Role.REMOTE)),
    (Verb.ANSWER, (*_AT_UNIT, State.TRANSFERRED, State.AWAITING), State.REPLIED, (*_UNIT, *_OFFICE)),
    # A case system may know no more than open and closed: its answer may be the first that we hear.
    (Verb.ANSWER, (State.SUBMITTED,), State.REPLIED, _OFFICE),
    (Verb.ANSWER, (State.REPLIED,), None, (*_UNIT, *_OFFICE)),
    (Verb.CLOSE, (State.REPLIED,), State.CLOSED, (*_UNIT, *_OFFICE, Role.SYSTEM)),
    (Verb.RATE, (State.REPLIED, State.CLOSED), State.RATED, (*_CITIZEN, Role.ADMIN)),
    (Verb.DOUBT, _ANSWERED, State.REOPENED, (*_CITIZEN, Role.ADMIN)),
    (
        Verb.REJECT,
        (State.SUBMITTED, State.ACCEPTED, State.TRANSFERRED),
        State.REJECTED,
        (Role.HEAD, *_OFFICE),
    ),
    (Verb.DUPLICATE, (State.SUBMITTED, State.ACCEPTED, State.HANDLING), State.DUPLICATE, _OFFICE),
    (Verb.WITHDRAW, tuple(sorted(OPEN)), State.WITHDRAWN, (*_CITIZEN, Role.REMOTE)),
    (Verb.URGE, tuple(sorted(OPEN)), None, (*_CITIZEN, Role.ADMIN)),
    (Verb.NOTE, tuple(State), None, (*_UNIT, *_OFFICE, Role.SYSTEM)),
    (Verb.CARD, tuple(sorted(OPEN)), None, (Role.SYSTEM,)),
    (Verb.PUBLISH, _ANSWERED, None, (Role.ADMIN, Role.SYSTEM)),
    (Verb.HIDE, (*_ANSWERED, State.REOPENED), None, (Role.ADMIN, *_CITIZEN)),
)

TABLE: Mapping[tuple[State, Verb], Move] = MappingProxyType(
    {(state, verb): Move(to, frozenset(roles)) for verb, states, to, roles in _ROWS for state in states}
)
"""All that may happen; a pair that is not here never may."""

NEEDS_WORDS = frozenset(
    (
        Verb.ASK,
        Verb.SUPPLY,
        Verb.REQUEST,
        Verb.EXTEND,
        Verb.DENY,
        Verb.TRANSFER,
        Verb.RETURN,
        Verb.ANSWER,
        Verb.REJECT,
        Verb.NOTE,
    )
)
"""Events that say nothing without words."""


def state_of(letter: Letter) -> State:
    """Where a letter stands after its history."""
    state = State.QUEUED
    for event in letter.events[1:]:
        move = TABLE.get((state, event.verb))
        if move is not None and move.to is not None:
            state = move.to
    return state


def unit_of(letter: Letter) -> str:
    """Whose the letter is now, "" where nobody has taken it."""
    unit = letter.unit
    for event in letter.events:
        if event.verb in (Verb.ACCEPT, Verb.TRANSFER) and event.unit:
            unit = event.unit
    return unit


def round_of(letter: Letter) -> int:
    """How often the letter was reopened: 0 for the first handling."""
    return count(letter, Verb.DOUBT)


def count(letter: Letter, verb: Verb) -> int:
    """How often something has happened."""
    return sum(event.verb is verb for event in letter.events)


def last(letter: Letter, verb: Verb) -> Event | None:
    """The latest event of a kind."""
    return next((event for event in reversed(letter.events) if event.verb is verb), None)


def this_round(letter: Letter) -> tuple[Event, ...]:
    """The events since the letter was last reopened, that one included; all where it never was."""
    for at in range(len(letter.events) - 1, -1, -1):
        if letter.events[at].verb is Verb.DOUBT:
            return letter.events[at:]
    return letter.events


def is_public(letter: Letter) -> bool:
    """Whether everybody may read it, masked: by consent, released, and not taken off again."""
    if not letter.consent or letter.kind is Kind.REPORT or letter.erased is not None:
        return False
    shown = next((e for e in reversed(letter.events) if e.verb in (Verb.PUBLISH, Verb.HIDE)), None)
    return shown is not None and shown.verb is Verb.PUBLISH


def verbs(letter: Letter, role: Role, rules: Rules, now: datetime, unit: str = "") -> tuple[Verb, ...]:
    """What somebody may do with a letter now, in the order of `Verb`. `unit` is a clerk's or head's own."""
    state = state_of(letter)
    found = []
    for verb in Verb:
        move = TABLE.get((state, verb))
        if move is None or role not in move.roles:
            continue
        probe = Event(verb=verb, at=now, role=role, note="-", unit="-", to="-", rating=1, reason="-")
        if _limit(letter, probe, rules) is None and _unit_fits(letter, probe, unit):
            found.append(verb)
    return tuple(found)


def check(letter: Letter, event: Event, rules: Rules, unit: str = "") -> State:
    """The state after an event.

    unit    the unit of a clerk or head
    raises  NotAllowed; its `why` is state, role, unit, reason (words are missing), target, limit, late, value
    """
    state = state_of(letter)
    move = TABLE.get((state, event.verb))
    if move is None:
        raise NotAllowed("state", f"{event.verb} cannot happen to a letter that is {state}")
    if event.role not in move.roles:
        raise NotAllowed("role", f"{event.role} may not {event.verb} a letter that is {state}")
    if not _unit_fits(letter, event, unit):
        raise NotAllowed("unit", f"the letter belongs to unit '{unit_of(letter)}', not to '{unit}'")
    if event.verb in NEEDS_WORDS and not (event.note.strip() or event.inner.strip()):
        raise NotAllowed("reason", f"{event.verb} needs words")
    if wrong := _value(letter, event, rules):
        raise wrong
    if wrong := _limit(letter, event, rules):
        raise wrong
    return state if move.to is None else move.to


def _unit_fits(letter: Letter, event: Event, unit: str) -> bool:
    """A clerk and a head act for the unit that has the letter, or take one that nobody has."""
    if event.role not in _UNIT:
        return True
    owner = unit_of(letter)
    return bool(unit) and (unit == owner or (not owner and event.verb is Verb.ACCEPT))


def _value(letter: Letter, event: Event, rules: Rules) -> NotAllowed | None:
    """What an event says must mean something."""
    if event.verb is Verb.RATE and not 1 <= event.rating <= 5:
        return NotAllowed("value", f"a rating is 1 to 5, not {event.rating}")
    if event.verb is Verb.DUPLICATE and (not event.to or event.to == letter.number):
        return NotAllowed("target", "a duplicate names the other letter")
    if event.verb is Verb.TRANSFER and (not event.unit or event.unit == unit_of(letter)):
        return NotAllowed("target", "a transfer names another unit")
    if event.verb in (Verb.TRANSFER, Verb.ACCEPT) and event.unit and not rules.knows_unit(event.unit):
        return NotAllowed("target", f"no unit '{event.unit}' in the rules")
    if event.verb is Verb.DOUBT and not (event.reason or event.note.strip()):
        return NotAllowed("reason", "a doubt needs a reason")
    return None


def _limit(letter: Letter, event: Event, rules: Rules) -> NotAllowed | None:
    """What the rules count; None where there is room."""
    limit = _LIMITS.get(event.verb)
    return limit(letter, event, rules) if limit else None


def _at_most(verb: Verb, most: Callable[[Rules], int]) -> Callable[[Letter, Event, Rules], NotAllowed | None]:
    def limit(letter: Letter, event: Event, rules: Rules) -> NotAllowed | None:
        done = sum(each.verb is verb for each in this_round(letter))
        return NotAllowed("limit", f"{verb} has happened {done} times") if done >= most(rules) else None

    return limit


def _doubt(letter: Letter, event: Event, rules: Rules) -> NotAllowed | None:
    if count(letter, Verb.DOUBT) >= rules.promise.doubts:
        return NotAllowed("limit", "the letter was reopened before")
    answered = last(letter, Verb.ANSWER) or last(letter, Verb.LAPSE)
    if answered and event.at > answered.at + timedelta(days=rules.promise.doubt_days):
        return NotAllowed("late", f"a doubt may come {rules.promise.doubt_days} days after the answer")
    return None


def _urge(letter: Letter, event: Event, rules: Rules) -> NotAllowed | None:
    before = last(letter, Verb.URGE)
    if before and event.at < before.at + timedelta(days=1):
        return NotAllowed("limit", "it was urged within a day")
    return None


def _publish(letter: Letter, event: Event, rules: Rules) -> NotAllowed | None:
    if rules.privacy.publish == "never" or is_public(letter):
        return NotAllowed("limit", "it is public already, or nothing is published here")
    public = replace(letter, events=(*letter.events, event))
    return None if is_public(public) else NotAllowed("value", "without consent, or a report: never public")


def _release(letter: Letter, event: Event, rules: Rules) -> NotAllowed | None:
    if not letter.flagged or count(letter, Verb.RELEASE):
        return NotAllowed("limit", "it does not wait for review")
    return None


_LIMITS: Mapping[Verb, Callable[[Letter, Event, Rules], NotAllowed | None]] = MappingProxyType(
    {
        Verb.TRANSFER: _at_most(Verb.TRANSFER, lambda rules: rules.promise.transfers),
        Verb.RETURN: _at_most(Verb.RETURN, lambda rules: rules.promise.returns),
        Verb.EXTEND: _at_most(Verb.EXTEND, lambda rules: rules.promise.extensions),
        Verb.REQUEST: _at_most(Verb.EXTEND, lambda rules: rules.promise.extensions),
        Verb.DOUBT: _doubt,
        Verb.URGE: _urge,
        Verb.PUBLISH: _publish,
        Verb.RELEASE: _release,
    }
)
