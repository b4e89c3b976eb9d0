"""The service over a real Redis: what is filed, done, delivered, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from portal.errors import NotFound
from portal.letters.errors import NoDraft, NotAllowed, NotComplete, NotStored, TooMany, WeakStorage, WrongCode
from portal.letters.model import Channel, Kind, Letter, Reach, Role, Solved, State, Verb
from portal.letters.queries import Query
from portal.letters.rules import Limits, Privacy
from portal.letters.service import Letters
from portal.letters.states import state_of
from portal.letters.store import LetterBox
from portal.local_redis import LocalRedis
from tests.portal.letters.conftest import (
    ADDRESS,
    ANSWERED_BY,
    NOW,
    RULES,
    SECRET,
    TELEPHONE,
    at,
    filed,
    handled,
    new,
    step,
)

# -- writing ----------------------------------------------------------------------------------------------


async def test_a_receipt_says_all(letters: Letters) -> None:
    """Number, code, when, by when and why; the code stands nowhere in Redis."""
    receipt = await letters.file(new(), NOW, address=ADDRESS)
    assert receipt.state is State.QUEUED and not receipt.again
    assert (str(receipt.answer.day), receipt.accept.due) == ("2026-11-30", NOW + timedelta(hours=3))
    stored = b""
    for key in await letters.box.redis.keys("*"):
        stored += key
        kind = (await letters.box.redis.type(key)).decode()
        match kind:
            case "list":
                stored += b"".join(await letters.box.redis.lrange(key, 0, -1))  # type: ignore[misc]
            case "string":
                stored += await letters.box.redis.get(key)
            case _:
                pass
    assert receipt.number.encode() in stored and receipt.code.encode() not in stored


async def test_no_key_names_a_person(letters: Letters) -> None:
    """Telephone, address, box, token and codes are keyed hashes in the names of keys."""
    made = await letters.drafts.begin(Channel.TV, NOW, address=ADDRESS, box="box-7")
    pairing = await letters.drafts.pair(made.token, NOW)
    made = await letters.drafts.write(
        made.token, kind=Kind.COMPLAIN, topic="water", phrase="dry", telephone=TELEPHONE
    )
    await letters.file(made, NOW, address=ADDRESS)
    names = b"\n".join(await letters.box.redis.keys("*")).decode()
    for secret in (TELEPHONE, ADDRESS, "box-7", made.token, pairing.code):
        assert secret not in names


async def test_pressing_twice_files_once(letters: Letters) -> None:
    """At the same time, or minutes later; the code is shown again for minutes only."""
    same = new()
    receipts = await asyncio.gather(*(letters.file(same, NOW) for _ in range(8)))
    assert len({(each.number, each.code) for each in receipts}) == 1
    assert sorted(each.again for each in receipts) == [False] + [True] * 7
    assert len(await letters.box.numbers()) == 1
    late = await letters.file(same, NOW + timedelta(minutes=11))
    assert (late.number, late.code, late.again) == (receipts[0].number, "", True)


async def test_a_receipt_is_shown_for_minutes(letters: Letters) -> None:
    """Then its address, which stays in a box's history, shows nothing, not even the number of a report."""
    mine = new(kind=Kind.REPORT)
    filed_as = await letters.file(mine, NOW)
    assert await letters.receipt(mine.token, NOW + timedelta(minutes=9)) == replace(filed_as, again=True)
    for token, when in ((mine.token, 11), ("0" * 32, 0)):
        with pytest.raises(NoDraft):
            await letters.receipt(token, NOW + timedelta(minutes=when))


async def test_a_number_that_is_taken_is_drawn_again(client: Redis) -> None:
    """Until one is free."""
    drawn = iter(["36722981", "36722981", "36722981", "28500088"])
    letters = Letters(LetterBox(client, "t"), RULES, SECRET, draw=lambda: next(drawn))
    assert (await filed(letters)).number == "36722981"
    assert (await filed(letters)).number == "28500088"


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"kind": None}, ("kind",)),
        ({"topic": "moon"}, ("topic", "phrase")),
        ({"topic": ""}, ("topic", "phrase")),
        ({"unit": "moon"}, ("unit",)),
        ({"phrase": "hole"}, ("phrase",)),
        ({"phrase": "", "text": "  \n "}, ("text",)),
        ({"phrase": "", "text": "长" * 601}, ("text",)),
        ({"telephone": ""}, ("telephone",)),
        ({"telephone": "12345"}, ("telephone",)),
        ({"phrase": "", "telephone": "1"}, ("text", "telephone")),
    ],
)
async def test_what_is_missing_is_named(
    letters: Letters, more: dict[str, object], wrong: Sequence[str]
) -> None:
    """Every field at once; nothing is stored."""
    with pytest.raises(NotComplete) as refused:
        await letters.file(new(**more), NOW)
    assert refused.value.fields == tuple(wrong)
    assert await letters.box.numbers() == []


async def test_call_me_back_needs_no_words(letters: Letters) -> None:
    """A telephone number and a topic are a letter."""
    receipt = await filed(letters, phrase="", reach=Reach.CALL)
    assert (await letters.letter(receipt.number)).title == "供水"


async def test_text_is_kept_as_written_without_what_no_screen_shows(letters: Letters) -> None:
    """Markup is text; controls and turned directions go; nothing typed is cut before it can be shortened."""
    evil = "<script>alert(1)</script>$(x)\x00\u202e & \"'\r\n'); DROP"
    receipt = await filed(letters, phrase="", text=evil)
    assert (await letters.letter(receipt.number)).text == "<script>alert(1)</script>$(x) & \"'\n'); DROP"
    made = await letters.drafts.begin(Channel.WAP, NOW)
    assert len((await letters.drafts.write(made.token, text="长" * 900)).text) == 900


async def test_limits(letters: Letters) -> None:
    """One a minute, three in a quarter of an hour, six a day for a telephone; an address and a box alike."""
    moment = NOW
    took: list[float] = []
    for _ in range(60 * 24):
        try:
            await letters.file(new(telephone=TELEPHONE), moment)
            took.append((moment - NOW).total_seconds() / 60)
        except TooMany as refused:
            assert refused.subject == "telephone" and refused.again > moment
        moment += timedelta(minutes=1)
        if len(took) == 6:
            break
    assert took == [0, 1, 2, 15, 16, 17]
    with pytest.raises(TooMany) as refused:
        await letters.file(new(telephone=TELEPHONE), moment + timedelta(hours=5))
    assert refused.value.again == NOW + timedelta(days=1)
    await letters.file(new(telephone=TELEPHONE), NOW + timedelta(days=1, seconds=1))
    for subject, of in (("address", {"address": ADDRESS}), ("box", {})):
        boxed = {"box": "b"} if subject == "box" else {}
        await letters.file(new(**boxed), NOW, **of)
        with pytest.raises(TooMany) as refused:
            await letters.file(new(**boxed), NOW, **of)
        assert refused.value.subject == subject


async def test_a_refused_letter_counts_for_nobody(letters: Letters) -> None:
    """A telephone at its limit does not use up the limit of an address."""
    await letters.file(new(telephone=TELEPHONE), NOW)
    with pytest.raises(TooMany):
        await letters.file(new(telephone=TELEPHONE), NOW, address=ADDRESS)
    await letters.file(new(), NOW, address=ADDRESS)


async def test_many_people_behind_one_gateway(client: Redis) -> None:
    """A network that the rules call shared is not counted as an address."""
    shared = replace(RULES, limits=Limits(shared=("10.0.0.0/8",)))
    letters = Letters(LetterBox(client, "t"), shared, SECRET)
    for _ in range(3):
        await letters.file(new(), NOW, address="10.1.2.3")


async def test_a_grid_worker_files_for_others(letters: Letters) -> None:
    """Without the limit of a citizen, and where need be without a telephone."""
    for _ in range(5):
        receipt = await filed(letters, filed_by="grid-3", telephone="", channel=Channel.DESK)
    found = await letters.letter(receipt.number)
    assert (found.filed_by, found.events[0].role, found.events[0].by) == ("grid-3", Role.WORKER, "grid-3")


async def test_blocked_words_wait_for_review(letters: Letters, here: Letters) -> None:
    """However they are spaced; the citizen gets a receipt, the case system gets it after the release."""
    receipt = await filed(letters, phrase="", text="代 开-发*票")
    assert await letters.claim("case", NOW) == ()
    found = await letters.query(Query(flagged=True), NOW)
    assert [row.letter.number for row in found.rows] == [receipt.number]
    await letters.apply(receipt.number, step(Verb.RELEASE, Role.ADMIN))
    (parcel,) = await letters.claim("case", NOW + timedelta(hours=2))
    assert parcel.event.verb is Verb.RELEASE
    await letters.delivered(parcel, NOW)
    assert state_of(await letters.letter(receipt.number)) is State.SUBMITTED
    waits = await filed(here, phrase="", text="代开发票")
    assert waits.state is State.QUEUED
    released = await here.apply(waits.number, step(Verb.RELEASE, Role.ADMIN))
    assert state_of(released) is State.SUBMITTED


# -- acting -----------------------------------------------------------------------------------------------


async def test_a_letter_through_the_office(letters: Letters) -> None:
    """Accepted, answered, rated, doubted once, answered again: the history grows and the state follows."""
    receipt = await filed(letters)
    (parcel,) = await letters.claim("case", NOW)
    await letters.delivered(parcel, NOW, remote="R-1")
    assert (await letters.by_remote("R-1")).number == receipt.number
    await handled(letters, receipt.number, *ANSWERED_BY)
    rated = await letters.rate(receipt.number, 2, Solved.NO, NOW + timedelta(hours=2))
    assert state_of(rated) is State.RATED
    with pytest.raises(NotAllowed):
        await letters.rate(receipt.number, 5, Solved.YES, NOW + timedelta(hours=3))
    with pytest.raises(NotAllowed):
        await letters.doubt(receipt.number, NOW, reason="no-such-reason")
    again = await letters.doubt(receipt.number, NOW + timedelta(hours=3), reason="unsolved")
    assert state_of(again) is State.REOPENED
    verbs = [event.verb for event in again.events]
    assert verbs[:2] == [Verb.FILE, Verb.DELIVER] and verbs[-2:] == [Verb.RATE, Verb.DOUBT]
    assert (await letters.letter(receipt.number)) == again


async def test_two_clerks_at_once(letters: Letters, client: Redis) -> None:
    """Both are heard, one after the other; what does not fit any more is refused, and nothing is overwritten."""
    receipt = await filed(letters)
    other = Letters(LetterBox(client, "t"), RULES, SECRET, lanes=("case",))
    await letters.delivered((await letters.claim("case", NOW))[0], NOW)
    await handled(letters, receipt.number, *ANSWERED_BY[:2])
    done = await asyncio.gather(
        *(
            each.apply(receipt.number, step(Verb.ASK, Role.CLERK, note=f"{at_}?"), unit="water")
            for at_, each in enumerate((letters, other) * 3)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Letter) for each in done) == 1
    assert all(isinstance(each, Letter | NotAllowed) for each in done)
    assert len((await other.letter(receipt.number)).events) == 5


async def test_the_same_message_twice_changes_nothing_again(letters: Letters) -> None:
    """A case system that repeats itself, at once or later."""
    receipt = await filed(letters)
    note = step(Verb.NOTE, Role.REMOTE, inner="seen")
    first, second = await asyncio.gather(*(letters.apply(receipt.number, note, once="n-1") for _ in range(2)))
    third = await letters.apply(receipt.number, note, once="n-1")
    assert first.events == second.events == third.events and len(third.events) == 2
    assert len((await letters.apply(receipt.number, note, once="n-2")).events) == 3


async def test_latest_of_a_telephone(letters: Letters) -> None:
    """For "5" by text; another telephone has none."""
    await letters.file(new(telephone=TELEPHONE), NOW)
    second = await letters.file(new(telephone=TELEPHONE), NOW + timedelta(minutes=2))
    assert (await letters.latest_of("+86" + TELEPHONE)).number == second.number
    with pytest.raises(NotFound):
        await letters.latest_of("13900000000")


# -- delivering -------------------------------------------------------------------------------------------


async def test_a_parcel_is_given_to_one(letters: Letters, client: Redis) -> None:
    """For as long as the lease; who fails waits longer each time, and the error is kept."""
    receipt = await filed(letters)
    other = Letters(LetterBox(client, "t"), RULES, SECRET, lanes=("case", "notice", "card"))
    (parcel,) = await letters.claim("case", NOW)
    assert await other.claim("case", NOW) == ()
    (again,) = await other.claim("case", NOW + timedelta(seconds=121))
    assert again.key == parcel.key == f"{receipt.number}:0"
    waits = []
    for _ in range(9):
        opens = await other.failed(again, "HTTP 503", NOW)
        waits.append(int((opens - NOW).total_seconds()))
        assert await other.claim("case", opens - timedelta(seconds=1)) == ()
        (again,) = await other.claim("case", opens)
    assert waits == [5, 15, 60, 180, 600, 1800, 3600, 3600, 3600]
    assert [(e.name, t.attempts, t.error) for e, t in await letters.waiting("case")] == [
        (parcel.key, 9, "HTTP 503")
    ]
    await other.delivered(again, NOW)
    await letters.delivered(parcel, NOW)
    assert [e.verb for e in (await letters.letter(receipt.number)).events] == [Verb.FILE, Verb.DELIVER]
    assert await letters.waiting("case") == ()


async def test_one_letters_events_go_out_in_order(letters: Letters) -> None:
    """A withdrawal waits until the filing was delivered; other letters do not wait for it."""
    receipt = await filed(letters)
    await letters.withdraw(receipt.number, NOW)
    (first,) = await letters.claim("case", NOW)
    assert first.event.verb is Verb.FILE
    await letters.failed(first, "away", NOW)
    other = await filed(letters)
    assert [p.letter.number for p in await letters.claim("case", NOW)] == [other.number]
    (first,) = await letters.claim("case", NOW + timedelta(seconds=6))
    await letters.delivered(first, NOW)
    (second,) = await letters.claim("case", NOW + timedelta(seconds=20))
    assert second.event.verb is Verb.WITHDRAW
    assert state_of(await letters.letter(receipt.number)) is State.WITHDRAWN


async def test_only_lanes_in_use_are_filled(here: Letters) -> None:
    """Without a case system a letter arrives at once, and no outbox fills for nobody."""
    receipt = await filed(here)
    assert receipt.state is State.SUBMITTED
    for lane in ("case", "notice", "card"):
        assert await here.waiting(lane) == ()


async def test_a_case_system_that_is_given_up(letters: Letters, client: Redis) -> None:
    """What waited for it arrives at the desk with the next chores."""
    receipt = await filed(letters)
    desk = Letters(LetterBox(client, "t"), RULES, SECRET)
    assert (await desk.chores(NOW)).delivered == 1
    assert state_of(await desk.letter(receipt.number)) is State.SUBMITTED


# -- supervising ------------------------------------------------------------------------------------------


async def test_chores_give_each_card_once(letters: Letters, client: Redis) -> None:
    """Whoever does them, at the same time too; the card goes to the desk's outbox and into the history."""
    receipt = await filed(letters)
    other = Letters(LetterBox(client, "t"), RULES, SECRET, lanes=("case", "notice", "card"))
    late = at("2026-12-01 09:00")
    done = await asyncio.gather(*(each.chores(late) for each in (letters, other) * 2))
    assert sum(each.cards for each in done) == 2  # nobody has accepted it, and nobody has answered it
    cards = [e for e in (await letters.letter(receipt.number)).events if e.verb is Verb.CARD]
    assert sorted(e.card for e in cards) == ["0-accept-yellow", "0-answer-yellow"]
    assert len(await letters.waiting("card")) == 2


async def test_old_letters_lose_their_words(client: Redis) -> None:
    """Days after their end; the history and the figures stay, and other servers forget the words too."""
    rules = replace(RULES, privacy=Privacy(keep_days=30))
    letters, other = (Letters(LetterBox(client, "t"), rules, SECRET) for _ in range(2))
    receipt = await filed(letters, telephone=TELEPHONE, phrase="", text="水压低", name="张伟", box="b")
    await handled(letters, receipt.number, *ANSWERED_BY)
    await other.letter(receipt.number)
    await letters.chores(at("2026-12-15 09:00"))
    assert (await letters.chores(at("2027-01-10 09:00"))).erased == 0  # closed in December: not yet 30 days
    assert (await letters.chores(at("2027-01-20 09:00"))).erased == 1
    for each in (letters, other):
        bare = await each.letter(receipt.number)
        assert (bare.telephone, bare.text, bare.name, bare.title, bare.code) == ("", "", "", "", "")
        assert not any(event.note for event in bare.events) and state_of(bare) is State.CLOSED
    with pytest.raises(WrongCode):
        await letters.lookups.open(receipt.number, receipt.code, NOW, address="")
    with pytest.raises(NotFound):
        await letters.latest_of(TELEPHONE)
    assert await letters.household.on_box("b", NOW) == ()
    assert (await letters.chores(at("2027-01-20 09:01"))).erased == 0


# -- the store --------------------------------------------------------------------------------------------


async def test_a_weak_redis_is_refused(redis_server: LocalRedis, client: Redis) -> None:
    """Everything that would lose letters is named; nothing is filed there."""
    weak = Redis.from_url(redis_server.url)
    letters = Letters(LetterBox(weak, "t"), RULES, SECRET)
    with pytest.raises(WeakStorage, match="appendfsync is everysec: set it to always"):
        await letters.file(new(), NOW)
    assert await letters.box.numbers() == []
    await weak.aclose()
    await Letters(LetterBox(client, "t"), RULES, SECRET).start()
    with pytest.raises(WeakStorage, match="another secret"):
        await Letters(LetterBox(client, "t"), RULES, b"another secret than before").start()


async def test_replicas_that_are_missing_acknowledge_nothing(client: Redis) -> None:
    """Where the settings want a replica, a letter without one is not promised; pressing again is safe."""
    alone = LetterBox(client, "t", replicas=1, wait_ms=50)
    letters = Letters(alone, RULES, SECRET)
    same = new()
    for _ in range(2):
        with pytest.raises(NotStored, match="0 of 1 replicas"):
            await letters.file(same, NOW)
    assert len(await letters.box.numbers()) == 1
