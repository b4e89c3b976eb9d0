"""Letters into requests, updates into events: one table of what systems say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.letters.calendar import Calendar
from portal.letters.clock import deadlines
from portal.letters.model import Kind, Role, State, Verb
from portal.letters.open311 import mapping
from portal.letters.open311.wire import Request, Update
from portal.letters.states import check, state_of
from portal.text import text

from ..conftest import RULES, at, did, letter

NOW = at("2026-09-29 10:00")
ACCEPTED = did(Verb.ACCEPT, "2026-09-28 11:00", Role.ADMIN, unit="water")
BEGUN = did(Verb.BEGIN, "2026-09-28 12:00", Role.CLERK)
ASKED = did(Verb.ASK, "2026-09-28 13:00", Role.CLERK, note="哪栋楼?")
ANSWERED = did(Verb.ANSWER, "2026-09-28 14:00", Role.CLERK, note="修好了")


def update(status: str, description: str = "", **more: object) -> Update:
    return Update(update_id="u1", service_request_id="r1", status=status, description=description, **more)  # type: ignore[arg-type]


def after(made, events):
    for event in events:
        check(made, event, RULES)
        made = replace(made, events=(*made.events, event))
    return made


@pytest.mark.parametrize(
    ("history", "said", "verbs", "state"),
    [
        ((), update("open"), (), State.SUBMITTED),
        ((), update("acknowledged"), (Verb.ACCEPT,), State.ACCEPTED),
        ((), update("in_progress"), (Verb.ACCEPT, Verb.BEGIN), State.HANDLING),
        ((ACCEPTED,), update("In Progress"), (Verb.BEGIN,), State.HANDLING),
        ((ACCEPTED, BEGUN), update("in_progress"), (), State.HANDLING),
        ((), update("closed", "已修好"), (Verb.ANSWER,), State.REPLIED),
        ((ACCEPTED, BEGUN), update("fixed", "已修好"), (Verb.ANSWER,), State.REPLIED),
        ((ACCEPTED, BEGUN), update("closed"), (Verb.ANSWER,), State.REPLIED),
        ((ACCEPTED, BEGUN, ANSWERED), update("closed", "修好了"), (), State.REPLIED),
        ((ACCEPTED, BEGUN, ANSWERED), update("closed", "又补了一句"), (Verb.ANSWER,), State.REPLIED),
        ((), update("for_reporter", "哪栋楼?"), (Verb.ACCEPT, Verb.ASK), State.AWAITING),
        ((ACCEPTED, BEGUN, ASKED), update("in_progress", "好"), (Verb.SUPPLY,), State.HANDLING),
        ((), update("extended", "要开挖"), (Verb.ACCEPT, Verb.BEGIN, Verb.EXTEND), State.EXTENDED),
        (
            (ACCEPTED, BEGUN),
            update("internal_referral", "归城管", agency_responsible="城管局"),
            (Verb.TRANSFER,),
            State.TRANSFERRED,
        ),
        ((ACCEPTED, BEGUN), update("internal_referral", "归别处"), (Verb.NOTE,), State.HANDLING),
        ((), update("rejected", "不归政府管"), (Verb.REJECT,), State.REJECTED),
        ((ACCEPTED, BEGUN), update("rejected", "不归政府管"), (Verb.ANSWER,), State.REPLIED),
        ((ACCEPTED, BEGUN), update("on fire", "什么意思"), (Verb.NOTE,), State.HANDLING),
        ((ACCEPTED, BEGUN), update("duplicate", "同一件事"), (Verb.NOTE,), State.HANDLING),
        (
            (ACCEPTED, BEGUN),
            update("duplicate", "", extended_attributes={"duplicate_of": "12345674"}),
            (Verb.DUPLICATE,),
            State.DUPLICATE,
        ),
    ],
)
def test_what_an_update_does(history, said, verbs, state) -> None:
    made = letter(*history)
    events = mapping.events_of(made, said, RULES, NOW, "cases")
    assert tuple(event.verb for event in events) == verbs
    assert state_of(after(made, events)) is state


@pytest.mark.parametrize("status", [*mapping.STATUS_VERBS, "open", "anything"])
@pytest.mark.parametrize("history", [(), (ACCEPTED,), (ACCEPTED, BEGUN), (ACCEPTED, ASKED), (ANSWERED,)])
def test_words_are_never_lost(history, status) -> None:
    """Whatever a system says with words: they stand in the history, told to the citizen or kept for the desk."""
    made = letter(*history)
    events = mapping.events_of(made, update(status, "新的话"), RULES, NOW, "cases")
    assert any("新的话" in event.note + event.inner for event in events)
    after(made, events)


def test_a_snapshot_is_the_same_news_until_it_says_something_else() -> None:
    one = Request(service_request_id="9", status="open", updated_datetime=NOW)
    assert mapping.update_of(one) == mapping.update_of(replace(one))
    for changed in (
        replace(one, status="closed"),
        replace(one, status_notes="好了"),
        replace(one, agency_responsible="水务局"),
        replace(one, updated_datetime=at("2026-09-29 11:00")),
    ):
        assert mapping.update_of(changed).update_id != mapping.update_of(one).update_id


def test_the_last_mark_counts() -> None:
    assert mapping.marked(f"我的〔12345674〕呢\n{mapping.mark('36722981')}") == "〔36722981〕"
    assert mapping.marked("没有") == ""
    assert mapping.mark("36722981", 3) != mapping.mark("36722981")


def test_a_parcel_carries_the_letter_and_its_mark() -> None:
    made = letter(text="三天没有水", name="张三")
    form = dict(mapping.parcel(made, RULES, text("zh-Hans"), {"complain.water": "101"}, "青澜"))
    assert form["service_code"] == "101"
    assert form["description"].endswith("〔36722981〕")
    assert form["phone"] == "13912345678"
    other = dict(mapping.parcel(made, RULES, text("zh-Hans"), {"complain": "7"}, "青澜"))
    assert other["service_code"] == "7"


def test_without_the_right_to_read_a_request_holds_no_words() -> None:
    made = letter(ANSWERED, text="三天没有水", name="张三", kind=Kind.REPORT)
    clock = deadlines(made, RULES, Calendar(), NOW)
    shown = mapping.request_of(made, RULES, text("zh-Hans"), clock, whole=False)
    said = repr(shown)
    for secret in ("三天", "张三", "13912345678", "没有水", "修好了", "举报", "report"):
        assert secret not in said


def test_services_are_kinds_and_topics() -> None:
    codes = [each.service_code for each in mapping.services(RULES, text("en"))]
    assert len(codes) == len(set(codes))
    for code in codes:
        assert mapping.parse_service(code, RULES) is not None
    assert mapping.parse_service("complain.nothing", RULES) is None
    assert mapping.parse_service("praise", RULES) is None
