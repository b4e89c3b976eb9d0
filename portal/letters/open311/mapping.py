"""Letters into GeoReport requests, and a case system's updates into events of a letter. Pure.

A service is a kind of letter, or a kind and a topic: "complain", "complain.roads". A case system that
calls them otherwise has a table in the office file. Every letter that goes out ends with its mark,
〔12345678〕: by it a request is found again whose answer was lost on the way.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from portal.letters import words
from portal.letters.clock import Clock
from portal.letters.errors import NotAllowed
from portal.letters.model import Event, Kind, Letter, Role, State, Verb
from portal.letters.open311.wire import CLOSED, OPEN, Request, Service, Update
from portal.letters.rules import Rules, label
from portal.letters.states import OPEN as OPEN_STATES
from portal.letters.states import check, last, state_of, unit_of
from portal.text import Text

STATUS_VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "received": Verb.ACCEPT,
        "acknowledged": Verb.ACCEPT,
        "accepted": Verb.ACCEPT,
        "confirmed": Verb.ACCEPT,
        "investigating": Verb.BEGIN,
        "in_progress": Verb.BEGIN,
        "planned": Verb.BEGIN,
        "action_scheduled": Verb.BEGIN,
        "handling": Verb.BEGIN,
        "awaiting": Verb.ASK,
        "awaiting_information": Verb.ASK,
        "for_reporter": Verb.ASK,
        "extended": Verb.EXTEND,
        "transferred": Verb.TRANSFER,
        "internal_referral": Verb.TRANSFER,
        "closed": Verb.ANSWER,
        "fixed": Verb.ANSWER,
        "resolved": Verb.ANSWER,
        "answered": Verb.ANSWER,
        "replied": Verb.ANSWER,
        "no_further_action": Verb.ANSWER,
        "rejected": Verb.REJECT,
        "unable_to_fix": Verb.REJECT,
        "not_councils_responsibility": Verb.REJECT,
        "not_responsible": Verb.REJECT,
        "duplicate": Verb.DUPLICATE,
        "withdrawn": Verb.WITHDRAW,
    }
)
"""What systems in the field say of a request -> what happens to the letter. "open" alone says nothing."""

_BEFORE: Mapping[tuple[State, Verb], tuple[Verb, ...]] = MappingProxyType(
    {
        (State.SUBMITTED, Verb.BEGIN): (Verb.ACCEPT,),
        (State.SUBMITTED, Verb.ASK): (Verb.ACCEPT,),
        (State.SUBMITTED, Verb.TRANSFER): (Verb.ACCEPT,),
        (State.SUBMITTED, Verb.EXTEND): (Verb.ACCEPT, Verb.BEGIN),
        (State.ACCEPTED, Verb.EXTEND): (Verb.BEGIN,),
        (State.TRANSFERRED, Verb.EXTEND): (Verb.BEGIN,),
        (State.REOPENED, Verb.EXTEND): (Verb.BEGIN,),
        (State.TRANSFERRED, Verb.ASK): (Verb.BEGIN,),
        (State.AWAITING, Verb.EXTEND): (Verb.SUPPLY,),
        (State.AWAITING, Verb.TRANSFER): (Verb.SUPPLY,),
    }
)
"""What a case system has done without telling, where it tells the next thing."""

_INSTEAD: Mapping[tuple[State, Verb], Verb] = MappingProxyType(
    {
        (State.AWAITING, Verb.BEGIN): Verb.SUPPLY,
        (State.HANDLING, Verb.REJECT): Verb.ANSWER,
        (State.EXTENDED, Verb.REJECT): Verb.ANSWER,
        (State.AWAITING, Verb.REJECT): Verb.ANSWER,
        (State.REOPENED, Verb.REJECT): Verb.ANSWER,
    }
)

STATE_STATUS: Mapping[State, str] = MappingProxyType(
    {state: OPEN if state in OPEN_STATES else CLOSED for state in State}
)

_MARK = re.compile(r"〔[1-9][0-9]{7}(?:-[0-9]+)?〕")

LIKELY_DONE = {Verb.ACCEPT, Verb.BEGIN, Verb.CLOSE, Verb.ANSWER}
"""Told again although it has happened: that is no news."""


def mark(number: str, index: int = 0) -> str:
    """What a letter's words end with in another system; `index` of the event where they are about one."""
    return f"〔{number}-{index}〕" if index else f"〔{number}〕"


def marked(description: str) -> str:
    """The mark that a description ends with, "" where it has none. The last one counts: a citizen can type
    one.
    """
    found = _MARK.findall(description)
    return found[-1] if found else ""


def remotes(letter: Letter) -> tuple[str, ...]:
    """The names that a letter has in the case system, in order."""
    return tuple(event.to for event in letter.events if event.verb in (Verb.DELIVER, Verb.NOTE) and event.to)


def services(rules: Rules, t: Text) -> tuple[Service, ...]:
    """The services of our own server: every kind, and every kind with each of its topics."""
    found = []
    for row in rules.kinds:
        kind = Kind(row.id)
        name = words.kind(t, kind)
        found.append(Service(service_code=kind, service_name=name, group=name))
        found += [
            Service(
                service_code=f"{kind}.{topic.id}",
                service_name=f"{name}: {label(topic, t.tag)}",
                keywords=",".join(entry.value for entry in topic.names),
                group=name,
            )
            for topic in rules.topics_of(kind)
        ]
    return tuple(found)


def service_of(letter: Letter) -> str:
    """The service of a letter in our own naming."""
    return f"{letter.kind}.{letter.topic}" if letter.topic else str(letter.kind)


def parse_service(code: str, rules: Rules) -> tuple[Kind, str] | None:
    """Kind and topic of a service code; None where this city has no such service."""
    kind, _, topic = code.partition(".")
    if not any(row.id == kind for row in rules.kinds):
        return None
    if topic and not any(each.id == topic for each in rules.topics_of(Kind(kind))):
        return None
    return Kind(kind), topic


def parcel(
    letter: Letter, rules: Rules, t: Text, codes: Mapping[str, str], address: str
) -> tuple[tuple[str, str], ...]:
    """The form that files a letter in a case system.

    codes     our service code -> the case system's; the kind's own where the topic has none
    address   what stands for the place: GeoReport demands one, a letter has none
    """
    ours = service_of(letter)
    code = codes.get(ours) or codes.get(str(letter.kind)) or ours
    body = "\n".join(part for part in (letter.title, letter.text, mark(letter.number)) if part)
    rows = (
        ("service_code", code),
        ("description", body),
        ("address_string", address),
        ("first_name", letter.name),
        ("phone", letter.telephone),
        ("attribute[letter_number]", letter.number),
        ("attribute[kind]", words.kind(t, letter.kind)),
        ("attribute[unit]", words.unit(t, rules, unit_of(letter))),
        ("attribute[filed]", letter.filed.isoformat(timespec="seconds")),
        ("attribute[reach]", str(letter.reach)),
    )
    return tuple((name, value) for name, value in rows if value)


def idempotency_key(letter: Letter) -> str:
    """The name of a letter's delivery: equal for every try of it, and in every process."""
    return f"letter-{letter.number}-{int(letter.filed.timestamp())}"


def request_of(letter: Letter, rules: Rules, t: Text, clock: Clock, *, whole: bool) -> Request:
    """A letter as a request.

    whole   with its words, name and telephone, for the city's own case system; else state and deadline alone
    """
    state = state_of(letter)
    ours = service_of(letter)
    answer = last(letter, Verb.ANSWER) or last(letter, Verb.REJECT)
    extras = {
        "state": str(state),
        "state_name": words.state(t, state),
        "accept_by": clock.accept.due.isoformat(timespec="seconds"),
        "provisional": "true" if clock.answer.provisional else "false",
    }
    if whole:
        extras |= {
            "telephone": letter.telephone,
            "name": letter.name,
            "unit": unit_of(letter),
            "channel": str(letter.channel),
            "reach": str(letter.reach),
            "flagged": ",".join(letter.flagged),
        }
    open_now = state in OPEN_STATES
    return Request(
        service_request_id=letter.number,
        status=STATE_STATUS[state],
        status_notes=answer.note if answer and whole else "",
        service_code=ours if whole else "",
        service_name=words.kind(t, letter.kind) if whole else "",
        description="\n".join(part for part in (letter.title, letter.text) if part) if whole else "",
        agency_responsible=words.unit(t, rules, unit_of(letter)) if whole else "",
        requested_datetime=letter.filed,
        updated_datetime=letter.events[-1].at if letter.events else letter.filed,
        expected_datetime=clock.answer.due if open_now else None,
        extended_attributes={name: value for name, value in extras.items() if value},
    )


def update_of(request: Request) -> Update:
    """What a request says now, as news: the same words at the same time are the same news."""
    said = "\0".join(
        (
            request.service_request_id,
            request.status,
            request.status_notes,
            request.agency_responsible,
            request.extended_attributes.get("state", ""),
            request.updated_datetime.isoformat() if request.updated_datetime else "",
        )
    )
    return Update(
        update_id=hashlib.sha256(said.encode()).hexdigest()[:16],
        service_request_id=request.service_request_id,
        status=request.extended_attributes.get("state", "") or request.status,
        updated_datetime=request.updated_datetime,
        description=request.status_notes,
        agency_responsible=request.agency_responsible,
        extended_attributes=request.extended_attributes,
    )


def events_of(letter: Letter, update: Update, rules: Rules, now: datetime, by: str) -> tuple[Event, ...]:
    """What an update does to a letter; () for what is no news. Write them in one step, under `once_of`.

    What cannot happen to the letter becomes a note for the desk, so that nothing said is lost.
    """
    verb = STATUS_VERBS.get(update.status.strip().lower().replace(" ", "_"))
    made: list[Event] = []
    grown = letter
    if verb is not None:
        verb = _INSTEAD.get((state_of(letter), verb), verb)
        for each in (*_BEFORE.get((state_of(letter), verb), ()), verb):
            event = _event(each, grown, update, rules, now, by)
            try:
                check(grown, event, rules)
            except NotAllowed:
                made = []
                break
            made.append(event)
            grown = replace(grown, events=(*grown.events, event))
    if made and not (verb is Verb.ANSWER and _said_before(letter, made[-1])):
        return tuple(made)
    if not update.description or (verb in LIKELY_DONE and _said_before(letter, None, update.description)):
        return ()
    note = f"{update.status}: {update.description}"
    return (Event(verb=Verb.NOTE, at=now, role=Role.REMOTE, by=by, inner=note),)


def once_of(update: Update, by: str) -> str:
    """The name under which an update is written: the same one changes nothing again."""
    return f"update {by} {update.service_request_id} {update.update_id}"


def _said_before(letter: Letter, event: Event | None, words_said: str = "") -> bool:
    """Whether the letter stands answered with these very words: a system that repeats itself reopens
    nothing.
    """
    said = event.note if event else words_said
    return state_of(letter) not in OPEN_STATES and any(
        each.note == said for each in letter.events if each.verb in (Verb.ANSWER, Verb.REJECT)
    )


def _event(verb: Verb, letter: Letter, update: Update, rules: Rules, now: datetime, by: str) -> Event:
    unit = _unit(update, rules)
    note = update.description
    if not note and verb in (Verb.ANSWER, Verb.REJECT, Verb.ASK, Verb.EXTEND, Verb.TRANSFER, Verb.SUPPLY):
        # The event needs words, and the case system gave none: its status is all that is known.
        note = update.status
    quiet = verb in (Verb.ACCEPT, Verb.BEGIN)
    return Event(
        verb=verb,
        at=now,
        role=Role.REMOTE,
        by=by,
        note="" if quiet else note,
        inner=note if quiet else "",
        unit=unit if verb is Verb.TRANSFER or (verb is Verb.ACCEPT and unit) else "",
        to=update.extended_attributes.get("duplicate_of", "") if verb is Verb.DUPLICATE else "",
    )


def _unit(update: Update, rules: Rules) -> str:
    """The unit that an update names, by id or name; "" where the rules know it not."""
    named = update.extended_attributes.get("unit", "") or update.agency_responsible
    return next((unit.id for unit in rules.units if named and named in (unit.id, unit.name)), "")
