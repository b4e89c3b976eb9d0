"""The state machine: every state x event pair, by every role, against a table written by hand."""

from __future__ import annotations

from itertools import product

import pytest

from portal.letters import states
from portal.letters.errors import NotAllowed
from portal.letters.model import Event, Kind, Letter, Role, State, Verb
from portal.letters.rules import Rules
from tests.portal.letters.conftest import RULES, at, did, letter

C, H, A = Role.CLERK, Role.HEAD, Role.ADMIN
WAYS: dict[State, tuple[Event, ...]] = {
    State.SUBMITTED: (),
    State.ACCEPTED: (did(Verb.ACCEPT, "2026-09-28 11:00", A, unit="water"),),
}
WAYS[State.HANDLING] = (*WAYS[State.ACCEPTED], did(Verb.BEGIN, "2026-09-28 12:00", C))
WAYS[State.AWAITING] = (*WAYS[State.HANDLING], did(Verb.ASK, "2026-09-28 13:00", C, note="哪一栋?"))
WAYS[State.EXTENDED] = (*WAYS[State.HANDLING], did(Verb.EXTEND, "2026-09-28 13:00", H, note="要开挖"))
WAYS[State.TRANSFERRED] = (
    *WAYS[State.ACCEPTED],
    did(Verb.TRANSFER, "2026-09-28 13:00", A, unit="roads", note="归城管"),
)
WAYS[State.REPLIED] = (*WAYS[State.HANDLING], did(Verb.ANSWER, "2026-09-29 09:00", C, note="修好了"))
WAYS[State.CLOSED] = (*WAYS[State.REPLIED], did(Verb.CLOSE, "2026-09-29 10:00", C))
WAYS[State.RATED] = (*WAYS[State.REPLIED], did(Verb.RATE, "2026-09-29 11:00", Role.CITIZEN, rating=2))
WAYS[State.REOPENED] = (
    *WAYS[State.REPLIED],
    did(Verb.DOUBT, "2026-09-29 11:00", Role.CITIZEN, reason="unsolved"),
)
WAYS[State.REJECTED] = (did(Verb.REJECT, "2026-09-28 11:00", A, note="不归本市"),)
WAYS[State.DUPLICATE] = (did(Verb.DUPLICATE, "2026-09-28 11:00", A, to="12345678"),)
WAYS[State.WITHDRAWN] = (did(Verb.WITHDRAW, "2026-09-28 11:00", Role.CITIZEN),)

# State: what may happen -> where it leads ("" stays). Written by hand, from the rules of the office.
EXPECTED = {
    State.QUEUED: "deliver:submitted release: withdraw:withdrawn urge: note: card:",
    State.SUBMITTED: "accept:accepted answer:replied reject:rejected duplicate:duplicate "
    "withdraw:withdrawn urge: note: card:",
    State.ACCEPTED: "begin:handling ask:awaiting transfer:transferred return:submitted answer:replied "
    "reject:rejected duplicate:duplicate withdraw:withdrawn urge: note: card:",
    State.HANDLING: "ask:awaiting request: extend:extended deny: transfer:transferred answer:replied "
    "duplicate:duplicate withdraw:withdrawn urge: note: card:",
    State.AWAITING: "supply:handling lapse:closed answer:replied withdraw:withdrawn urge: note: card:",
    State.EXTENDED: "ask:awaiting transfer:transferred answer:replied withdraw:withdrawn urge: note: card:",
    State.TRANSFERRED: "begin:handling return:submitted answer:replied reject:rejected "
    "withdraw:withdrawn urge: note: card:",
    State.REPLIED: "answer: close:closed rate:rated doubt:reopened note: publish: hide:",
    State.CLOSED: "rate:rated doubt:reopened note: publish: hide:",
    State.RATED: "doubt:reopened note: publish: hide:",
    State.REOPENED: "begin:handling ask:awaiting transfer:transferred answer:replied "
    "withdraw:withdrawn urge: note: card: hide:",
    State.REJECTED: "note:",
    State.DUPLICATE: "note:",
    State.WITHDRAWN: "note:",
}
MAY = {
    Verb.DELIVER: "system",
    Verb.RELEASE: "admin",
    Verb.ACCEPT: "admin remote clerk head",
    Verb.BEGIN: "clerk head remote",
    Verb.ASK: "clerk head admin remote",
    Verb.SUPPLY: "citizen worker admin remote",
    Verb.LAPSE: "system remote",
    Verb.REQUEST: "clerk",
    Verb.EXTEND: "head admin remote",
    Verb.DENY: "head admin",
    Verb.TRANSFER: "clerk head admin remote",
    Verb.RETURN: "clerk head remote",
    Verb.ANSWER: "clerk head admin remote",
    Verb.CLOSE: "clerk head admin remote system",
    Verb.RATE: "citizen worker admin",
    Verb.DOUBT: "citizen worker admin",
    Verb.REJECT: "head admin remote",
    Verb.DUPLICATE: "admin remote",
    Verb.WITHDRAW: "citizen worker remote",
    Verb.URGE: "citizen worker admin",
    Verb.NOTE: "clerk head admin remote system",
    Verb.CARD: "system",
    Verb.PUBLISH: "admin system",
    Verb.HIDE: "admin citizen worker",
}
LOOSE = {(State.SUBMITTED, Verb.ANSWER): "admin remote"}
"""Where a pair allows others than its verb does elsewhere."""


def standing(state: State) -> Letter:
    """A letter in a state, which everybody could publish."""
    if state is State.QUEUED:
        return letter(consent=True, flagged=("代开发票",), events=(did(Verb.FILE, "2026-09-28 10:00"),))
    return letter(*WAYS[state], consent=True)


def happening(verb: Verb, role: Role, when: str = "2026-09-30 09:00") -> Event:
    """An event that says what its verb needs."""
    more: dict[str, object] = {"note": "有话", "rating": 3, "reason": "unsolved"}
    if verb is Verb.TRANSFER:
        more["unit"] = "heat"
    if verb is Verb.DUPLICATE:
        more["to"] = "12345678"
    return did(verb, when, role, **more)


def test_the_letters_of_this_test_stand_where_it_says() -> None:
    """Each way leads to its state."""
    assert {state: states.state_of(standing(state)) for state in State} == {state: state for state in State}


@pytest.mark.parametrize("state", State)
def test_every_pair(state: State) -> None:
    """Each state with each verb and each role: it leads where it should, or is refused for the right reason."""
    allowed = dict(each.split(":") for each in EXPECTED[state].split())
    now = standing(state)
    # HIDE takes off what is public; PUBLISH wants what is not.
    public = letter(*now.events[2:], did(Verb.PUBLISH, "2026-09-29 12:00"), consent=True)
    for verb, role in product(Verb, Role):
        here = public if verb is Verb.HIDE and state is not State.REOPENED else now
        unit = states.unit_of(here)
        may = LOOSE.get((state, verb), MAY.get(verb, "")).split()
        if verb not in allowed:
            with pytest.raises(NotAllowed) as refused:
                states.check(here, happening(verb, role), RULES, unit)
            assert refused.value.why == "state", (state, verb, role)
        elif role not in may:
            with pytest.raises(NotAllowed) as refused:
                states.check(here, happening(verb, role), RULES, unit)
            assert refused.value.why == "role", (state, verb, role)
        else:
            after = states.check(here, happening(verb, role), RULES, unit)
            assert after == (State(allowed[verb]) if allowed[verb] else state), (state, verb, role)


@pytest.mark.parametrize(("state", "role"), list(product(State, Role)))
def test_what_is_offered_can_be_done(state: State, role: Role) -> None:
    """`verbs` offers exactly what `check` takes."""
    now = standing(state)
    unit = states.unit_of(now)
    offered = set(states.verbs(now, role, RULES, at("2026-09-30 09:00"), unit))
    for verb in Verb:
        try:
            states.check(now, happening(verb, role), RULES, unit)
            assert verb in offered, verb
        except NotAllowed:
            assert verb not in offered, verb


def why(now: Letter, event: Event, rules: Rules = RULES, unit: str = "water") -> str:
    """Why an event is refused, "" where it is not."""
    try:
        states.check(now, event, rules, unit)
    except NotAllowed as refused:
        return refused.why
    return ""


def test_a_clerk_acts_for_the_unit_that_has_it() -> None:
    """And takes what nobody has; an administrator acts for all."""
    handling = standing(State.HANDLING)
    assert why(handling, happening(Verb.ANSWER, C)) == ""
    assert why(handling, happening(Verb.ANSWER, C), unit="roads") == "unit"
    assert why(handling, happening(Verb.ANSWER, C), unit="") == "unit"
    nobody = letter(unit="", topic="other")
    assert why(nobody, happening(Verb.ACCEPT, C), unit="roads") == ""
    moved = standing(State.TRANSFERRED)
    assert why(moved, happening(Verb.BEGIN, C), unit="water") == "unit"
    assert why(moved, happening(Verb.BEGIN, C), unit="roads") == ""


def test_words_targets_and_values() -> None:
    """An event that says nothing is refused, and one that names what there is not."""
    handling = standing(State.HANDLING)
    assert why(handling, did(Verb.ANSWER, "2026-09-30 09:00", C, note="  ")) == "reason"
    assert why(handling, did(Verb.TRANSFER, "2026-09-30 09:00", A, note="x", unit="water")) == "target"
    assert why(handling, did(Verb.TRANSFER, "2026-09-30 09:00", A, note="x", unit="moon")) == "target"
    assert why(handling, did(Verb.DUPLICATE, "2026-09-30 09:00", A, to=handling.number)) == "target"
    for rating in (0, 6, -1):
        rated = did(Verb.RATE, "2026-09-30 09:00", Role.CITIZEN, rating=rating)
        assert why(standing(State.REPLIED), rated) == "value"
    assert why(standing(State.REPLIED), did(Verb.DOUBT, "2026-09-30 09:00", Role.CITIZEN)) == "reason"


def test_once_is_once() -> None:
    """One extension, one transfer, one doubt, one urging a day, as the rules say."""
    again = (
        *WAYS[State.EXTENDED],
        did(Verb.ASK, "2026-09-29 09:00", C, note="?"),
        did(Verb.SUPPLY, "2026-09-29 10:00", Role.CITIZEN, note="!"),
    )
    assert why(letter(*again), happening(Verb.EXTEND, H)) == "limit"
    moved = letter(*WAYS[State.TRANSFERRED], did(Verb.BEGIN, "2026-09-29 09:00", C))
    assert why(moved, happening(Verb.TRANSFER, A)) == "limit"
    twice = letter(*WAYS[State.REOPENED], did(Verb.ANSWER, "2026-09-30 09:00", C, note="真修好了"))
    assert why(twice, happening(Verb.DOUBT, Role.CITIZEN, "2026-09-30 10:00")) == "limit"
    late = happening(Verb.DOUBT, Role.CITIZEN, "2026-10-30 09:00")
    assert why(standing(State.REPLIED), late) == "late"
    urged = letter(*WAYS[State.HANDLING], did(Verb.URGE, "2026-09-29 09:00", Role.CITIZEN))
    assert why(urged, happening(Verb.URGE, Role.CITIZEN, "2026-09-30 08:59")) == "limit"
    assert why(urged, happening(Verb.URGE, Role.CITIZEN, "2026-09-30 09:00")) == ""


def test_what_may_be_public() -> None:
    """By consent and after an answer; a report never."""
    shown = did(Verb.PUBLISH, "2026-09-30 09:00", A)
    hidden = did(Verb.HIDE, "2026-09-30 10:00", A)
    answered = WAYS[State.REPLIED]
    assert states.is_public(letter(*answered, shown, consent=True))
    assert not states.is_public(letter(*answered, shown, hidden, consent=True))
    assert states.is_public(letter(*answered, shown, hidden, shown, consent=True))
    assert not states.is_public(letter(*answered, shown))
    assert not states.is_public(letter(*answered, shown, consent=True, kind=Kind.REPORT))
    assert why(letter(*answered), shown) == "value"
    assert why(letter(*answered, consent=True, kind=Kind.REPORT), shown) == "value"
