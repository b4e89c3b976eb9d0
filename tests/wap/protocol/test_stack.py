"""The session mode gateway with phones of the tests: sessions, requests, limits."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wap.phone import Phone
from tests.wap.protocol.world import HERE, THERE, TYPE, World, page
from wap.protocol import wsp_pdu
from wap.protocol.capabilities import Cap, Capability
from wap.protocol.exchange import WspReply, WspRequest
from wap.protocol.limits import Limits
from wap.protocol.pdu import Abort, AbortReason, Ack, Invoke, Nack, concatenate, decode_datagram, encode_pdu
from wap.protocol.wsp_pdu import Reason, Redirect


def get(world: World, phone: Phone, url: str = "http://city.example/wap", **headers: str) -> wsp_pdu.Reply:
    world.send(HERE, phone.get(url, headers=list(headers.items())))
    return phone.reply()


def test_connect_get_disconnect() -> None:
    world = World()
    phone = world.phone()
    assert phone.session
    reply = get(world, phone)
    assert (reply.status, reply.headers, reply.body) == (0x20, b"\x94", b"GET http://city.example/wap")
    assert world.asked[0].header("User-Agent") == "Phone/1.0"
    assert world.asked[0].host == HERE[0]
    world.send(HERE, phone.disconnect())
    assert world.stack.sizes["sessions"] == 0
    world.send(HERE, phone.get("/"))
    assert phone.aborts[phone.tid].reason == Reason.DISCONNECT


@pytest.mark.parametrize(
    ("code", "name"), [(0x40, "GET"), (0x41, "OPTIONS"), (0x42, "HEAD"), (0x60, "POST"), (0x61, "PUT")]
)
def test_methods(code: int, name: str) -> None:
    world = World()
    phone = world.phone()
    method = wsp_pdu.Method(
        code, b"/x", b"", b"\x92" if code >= 0x60 else b"", b"a=1" if code >= 0x60 else b""
    )
    world.send(HERE, phone.invoke(wsp_pdu.encode(method)))
    assert world.asked[0].method == name
    assert phone.reply().body == (b"" if name == "HEAD" else f"{name} /x".encode())
    if code >= 0x60:
        assert world.asked[0].body == b"a=1"
        assert world.asked[0].header("Content-Type") == "application/x-www-form-urlencoded"


def test_an_unknown_method_is_told_so() -> None:
    world = World()
    phone = world.phone()
    world.send(HERE, phone.invoke(wsp_pdu.encode(wsp_pdu.Method(0x5F, b"/x", b""))))
    assert (phone.reply().status, phone.reply().body) == (0x61, b"error 501, back")


def test_a_long_url_is_told_so() -> None:
    world = World()
    assert get(world, world.phone(), "http://x/" + "a" * 3_000).status == 0x4E


def test_request_headers_replace_those_of_the_session_and_private_ones_go() -> None:
    world = World()
    phone = world.phones[HERE] = Phone()
    connect = [("Accept", "image/gif"), ("User-Agent", "P"), ("X-Up-Calling-Line-Id", "13800000000")]
    world.send(HERE, phone.connect(connect))
    world.send(HERE, phone.get("/", headers=[("Accept", "text/css"), ("X-MSISDN", "1"), ("Via", "me")]))
    assert world.asked[0].headers == (("User-Agent", "P"), ("Accept", "text/css"))


@pytest.mark.parametrize("size", [1, 1_360, 1_361, 5_000, 100_000, 340_000])
def test_long_answers_in_segments(size: int) -> None:
    body = random.Random(size).randbytes(size)
    world = World(answer=lambda _: WspReply(200, TYPE, (), body))
    phone = world.phone()
    assert get(world, phone).body == body


@pytest.mark.parametrize("seed", range(4))
def test_long_answers_under_loss(seed: int) -> None:
    dice = random.Random(seed)
    body = dice.randbytes(60_000)
    world = World(answer=lambda _: WspReply(200, TYPE, (), body))
    phone = world.phone()
    hear = phone.receive

    def deaf(octets: bytes) -> list[bytes]:
        return [] if dice.random() < 0.2 else [answer for answer in hear(octets) if dice.random() >= 0.2]

    phone.receive = deaf  # type: ignore[method-assign]  # a phone with bad ears
    world.send(HERE, phone.get("/"))
    for _ in range(600):
        if phone.tid in phone.done:
            break
        world.wait(0.05)
    assert phone.reply().body == body


@pytest.mark.parametrize("size", [10, 999, 5_000, 100_000])
def test_long_posts_in_segments(size: int) -> None:
    body = random.Random(size).randbytes(size)
    world = World()
    phone = world.phone()
    world.send(HERE, phone.post("/x", b"\x83", body))
    assert world.asked[0].body == body
    assert phone.reply().status == 0x20


@pytest.mark.parametrize("seed", range(4))
def test_long_posts_under_loss(seed: int) -> None:
    dice = random.Random(seed)
    body = dice.randbytes(20_000)
    world = World()
    phone = world.phone()
    phone.post("/x", b"\x83", body)
    call = phone.calls[phone.tid]
    for round_ in range(20):
        if world.asked:
            break
        packets = call.packets if round_ == 0 else [call.packets[0], call.packets[-1]]
        world.send(HERE, [packet for packet in packets if dice.random() >= 0.2])
        world.wait(0.1)
    assert world.asked[0].body == body


def test_a_message_that_is_too_large_is_refused() -> None:
    world = World(Limits(reassembly_octets=5_000))
    phone = world.phone()
    world.send(HERE, phone.post("/x", b"\x83", bytes(50_000)))
    assert phone.aborts[phone.tid].reason == AbortReason.MESSAGETOOLARGE
    assert world.stack.sizes["held_octets"] == 0


def test_a_page_over_the_sdu_becomes_a_deck_with_a_way_back() -> None:
    world = World(answer=lambda _: WspReply(200, TYPE, (), bytes(2_000)))
    phone = world.phone(client_sdu=1_400)
    reply = get(world, phone)
    assert world.asked[0].max_body == 1_300
    assert (reply.status, reply.body) == (0x4D, b"error 413, back")


def test_a_phone_without_segments_gets_long_pages_in_one_datagram() -> None:
    world = World(answer=lambda _: WspReply(200, TYPE, (), bytes(3_000)))
    phone = world.phone(segmented=False)
    assert get(world, phone).body == bytes(3_000)


@pytest.mark.parametrize("status", [404, 500, 503])
def test_errors_never_come_empty(status: int) -> None:
    world = World(answer=lambda _: WspReply(status, TYPE))
    assert get(world, world.phone()).body == b"error %d, back" % status


def test_no_answer_is_a_deck_too() -> None:
    world = World(answer=lambda _: None)
    phone = world.phone()
    world.send(HERE, phone.get("/"))
    (handle,) = world.open
    world.carry_out(world.stack.answer(handle, None, world.now, 504))
    assert (phone.reply().status, phone.reply().body) == (0x64, b"error 504, back")
    assert world.stack.answer(handle, None, world.now) == []


def test_the_result_is_sent_again_until_it_is_acknowledged() -> None:
    world = World()
    phone = world.phone()
    with world.away() as sent:
        world.send(HERE, phone.get("/"))
        world.wait(2.0)
    assert [octets[0] & 1 for octets in sent] == [0, 1, 1, 1]
    assert len({octets[1:] for octets in sent}) == 1
    world.wait(3.0)
    assert phone.reply().body == b"GET /"
    world.wait(1.0)
    assert world.stack.sizes["transactions"] == 0


def test_a_phone_that_is_gone_costs_nothing_for_long() -> None:
    world = World()
    phone = world.phone()
    with world.away() as sent:
        world.send(HERE, phone.get("/"))
        world.wait(60.0, 0.5)
    assert len(sent) == 9
    assert world.stack.sizes["transactions"] == 0
    assert world.stack.sizes["timers"] == 0
    assert world.stack.sizes["held_octets"] == 0


def test_a_slow_page_is_held_on_and_a_repeated_question_asked_once() -> None:
    world = World(answer=lambda _: None)
    phone = world.phone()
    packets = phone.get("/")
    world.send(HERE, packets)
    world.wait(2.0)
    assert Ack(phone.tid | 0x8000) in phone.heard
    world.send(HERE, [bytes((packets[0][0] | 1, *packets[0][1:]))] * 3)
    assert len(world.asked) == 1


def test_a_page_that_never_comes_is_given_up() -> None:
    world = World(answer=lambda _: None)
    phone = world.phone()
    world.send(HERE, phone.get("/"))
    world.wait(40.0, 0.5)
    assert phone.aborts[phone.tid] == Abort(phone.tid | 0x8000, False, AbortReason.NORESPONSE)
    assert not world.open
    assert world.stack.sizes["asks"] == 0


def test_the_phone_may_change_its_mind() -> None:
    world = World(answer=lambda _: None)
    phone = world.phone()
    world.send(HERE, phone.get("/"))
    world.send(HERE, [encode_pdu(Abort(phone.tid, True, Reason.USERREQ))])
    assert world.cancelled
    assert world.stack.sizes["asks"] == 0
    world.answer = page
    assert get(world, phone).status == 0x20


def test_tid_verification() -> None:
    world = World()
    phone = world.phone()
    phone.tid -= 1  # the TID of the Connect once more
    world.send(HERE, phone.get("/"))
    assert Ack(phone.tid | 0x8000, verify=True) in phone.heard
    assert phone.reply().body == b"GET /"


def test_a_new_tid_is_verified_and_a_stranger_is_not_served() -> None:
    world = World()
    phone = world.phone()
    world.send(HERE, phone.invoke(wsp_pdu.encode(wsp_pdu.Method(0x40, b"/", b"")), tid_new=True))
    assert Ack(phone.tid | 0x8000, verify=True) in phone.heard
    asked = len(world.asked)
    old = Invoke(phone.tid, 2, wsp_pdu.encode(wsp_pdu.Method(0x40, b"/old", b"")))
    world.send(HERE, [encode_pdu(old)])
    assert len(world.asked) == asked + 1  # the phone of the test confirms any TID it knows
    phone.calls.clear()
    world.send(HERE, [encode_pdu(replace(old, body=wsp_pdu.encode(wsp_pdu.Method(0x40, b"/older", b""))))])
    assert [request.url for request in world.asked][-1] == "/old"


def test_concatenation_in_and_out() -> None:
    world = World()
    phone = world.phone()
    first, second = phone.get("/1"), phone.get("/2")
    heard = len(phone.heard)
    datagrams: list[bytes] = []
    hear = phone.receive
    phone.receive = lambda octets: datagrams.append(octets) or hear(octets)  # type: ignore[func-returns-value, method-assign]
    world.send(HERE, [concatenate([*first, *second])])
    assert [request.url for request in world.asked] == ["/1"]  # one request at a time was agreed on
    assert len(phone.heard) > heard
    assert phone.reply(phone.tid - 1).body == b"GET /1"


def test_answers_to_concatenated_requests_come_together() -> None:
    world = World(answer=lambda request: replace(page(request) or WspReply(500, TYPE), fresh_s=60.0))
    phone = world.phones[HERE] = Phone()
    world.send(HERE, phone.connect(more=[Capability(Cap.METHOD_MOR, b"\x04")]))
    for url in ("/1", "/2"):
        world.send(HERE, phone.get(url))
    packets = phone.get("/1") + phone.get("/2")
    effects = world.stack.receive(concatenate(packets), HERE, world.now)
    assert len(effects) == 1
    assert len(world.asked) == 2
    world.carry_out(effects)
    assert [phone.reply(tid).body for tid in (phone.tid - 1, phone.tid)] == [b"GET /1", b"GET /2"]


def test_more_requests_than_agreed() -> None:
    world = World(answer=lambda _: None)
    phone = world.phone()
    world.send(HERE, phone.get("/1"))
    world.send(HERE, phone.get("/2"))
    assert phone.aborts[phone.tid].reason == Reason.MOREXCEEDED


def test_suspend_and_resume() -> None:
    world = World()
    phone = world.phone()
    world.send(HERE, phone.suspend())
    world.send(HERE, phone.get("/"))
    assert phone.aborts[phone.tid].reason == Reason.DISCONNECT
    world.send(HERE, phone.resume())
    assert phone.reply().status == 0x20
    assert get(world, phone).body == b"GET http://city.example/wap"


def test_resume_from_another_address() -> None:
    world = World(answer=lambda _: None)
    phone = world.phone()
    world.send(HERE, phone.get("/slow"))
    del world.phones[HERE]
    world.answer = page
    world.phones[THERE] = phone
    world.send(THERE, phone.resume(bytes.fromhex("8388")))
    assert phone.reply().status == 0x20
    assert world.cancelled
    world.send(THERE, phone.get("/there"))
    assert phone.reply().body == b"GET /there"
    assert world.asked[-1].host == THERE[0]
    assert world.asked[-1].header("Accept-Language") == "az"
    stranger = Phone()
    world.phones[HERE] = stranger
    stranger.tid = 900
    world.send(HERE, stranger.get("/mine"))
    assert stranger.aborts[stranger.tid].reason == Reason.DISCONNECT
    assert world.stack.sizes["sessions"] == 1


def test_a_resumed_session_takes_the_place_of_another() -> None:
    world = World(answer=lambda _: None)
    first, second = world.phone(), world.phone(THERE)
    world.send(THERE, second.get("/second"))
    second.session = first.session
    world.send(THERE, second.resume())
    assert second.aborts[second.tid - 1].reason == Reason.DISCONNECT
    assert second.reply().status == 0x20
    assert world.stack.sizes["sessions"] == 1
    assert world.stack.sizes["asks"] == 0


def test_only_who_knows_the_session_resumes_it_and_guessing_ends() -> None:
    world = World()
    phone = world.phone()
    thief = world.phones[THERE] = Phone()
    refused = 0
    for guess in range(100):
        thief.session = guess + 1
        world.send(THERE, thief.resume())
        refused += thief.tid in thief.aborts
    assert not thief.done
    assert refused == world.limits.resume_guesses
    assert world.stack.sizes["transactions"] <= 1
    assert get(world, phone).status == 0x20


def test_a_session_without_the_facility_is_not_resumed() -> None:
    world = World()
    phone = world.phones[HERE] = Phone()
    world.send(HERE, phone.connect(options=0))
    other = world.phones[THERE] = Phone(session=phone.session)
    world.send(THERE, other.resume())
    assert other.aborts[other.tid].reason == Reason.DISCONNECT
    world.send(HERE, phone.suspend())
    assert world.stack.sizes["sessions"] == 0


def test_nobody_else_ends_a_session() -> None:
    world = World()
    phone = world.phone()
    enemy = world.phones[THERE] = Phone(session=phone.session)
    world.send(THERE, enemy.disconnect())
    world.send(THERE, enemy.suspend())
    assert get(world, phone).status == 0x20


def test_a_second_connect_replaces_the_session() -> None:
    world = World(answer=lambda _: None)
    phone = world.phone()
    world.send(HERE, phone.get("/"))
    before = phone.session
    phone.session = 0
    world.send(HERE, phone.connect())
    assert phone.session not in (0, before)
    assert world.stack.sizes["sessions"] == 1
    assert world.cancelled


def test_a_second_connect_while_the_first_is_not_confirmed() -> None:
    world = World(answer=lambda _: None)
    phone = Phone()
    for packet in (*phone.connect(), *phone.get("/1"), *phone.connect()):
        world.carry_out(world.stack.receive(packet, HERE, world.now))
    assert world.stack.sizes["sessions"] == 1
    assert world.stack.sizes["asks"] == 0
    assert world.stack.sizes["transactions"] == 1


def test_redirect() -> None:
    elsewhere = Redirect((wsp_pdu.Address(None, 9201, b"\x0a\x00\x00\x01"),), permanent=True)
    world = World(redirect=elsewhere)
    phone = world.phones[HERE] = Phone()
    world.send(HERE, phone.connect())
    assert wsp_pdu.decode(phone.done[phone.tid]) == elsewhere
    assert world.stack.sizes["sessions"] == 0


def test_motorola_hears_its_own_words() -> None:
    for agent, options in (("MOT-V.50/00 UP.Browser/6.3", b"\xf0"), ("Nokia7110/1.0", b"\x20")):
        world = World()
        phone = world.phones[HERE] = Phone()
        world.send(HERE, phone.connect([("User-Agent", agent)], options=0xF0))
        reply = wsp_pdu.decode(phone.done[phone.tid])
        assert isinstance(reply, wsp_pdu.ConnectReply)
        assert b"\x02\x82" + options in reply.capabilities


def test_cookies_are_kept_for_the_phone() -> None:
    cookie = (("Set-Cookie", "s=1; Path=/"), ("Set-Cookie", "t=2; Path=/"), ("Cache-Control", "no-store"))
    world = World(answer=lambda _: WspReply(200, TYPE, cookie, b"deck"))
    phone = world.phone()
    assert get(world, phone).headers == b"\x94\x88\x81"
    get(world, phone)
    assert world.asked[1].header("Cookie") == "s=1; t=2"
    get(world, phone, url="http://other.example/")
    assert world.asked[2].header("Cookie") == ""


def test_a_phone_that_keeps_cookies_gets_them() -> None:
    world = World(answer=lambda _: WspReply(200, TYPE, (("Set-Cookie", "s=1; Path=/"),), b"deck"))
    phone = world.phone()
    assert b"s=1" in get(world, phone, Cookie="mine=1").headers
    assert world.asked[0].header("Cookie") == "mine=1"


def test_answers_are_remembered_as_long_as_they_say() -> None:
    fresh = WspReply(200, TYPE, (), b"deck", fresh_s=10.0)
    world = World(answer=lambda _: fresh)
    phone = world.phone()
    for _ in range(3):
        assert get(world, phone).body == b"deck"
    assert len(world.asked) == 1
    get(world, phone, Accept="image/gif")
    assert len(world.asked) == 2
    world.wait(11.0)
    get(world, phone)
    assert len(world.asked) == 3


def test_answers_with_cookies_are_nobody_elses() -> None:
    private = WspReply(200, TYPE, (("Set-Cookie", "s=1; Path=/"),), b"deck", fresh_s=10.0)
    world = World(answer=lambda _: private)
    phone = world.phone()
    get(world, phone)
    other = world.phone(THERE)
    world.send(THERE, other.get("http://city.example/wap"))
    assert len(world.asked) == 2


def test_slow_bearers_are_learnt() -> None:
    world = World()
    phone = world.phone()
    for _ in range(12):
        packets = phone.get("/")
        with world.away() as sent:
            world.send(HERE, packets)
            world.wait(0.8)
        world.send(HERE, phone.receive(sent[0]))
    with world.away() as sent:
        world.send(HERE, phone.get("/"))
        world.wait(0.8)
    assert len(sent) == 1  # at first it was sent three times in 0.8 s


# -- limits ---------------------------------------------------------------------------------------


def test_idle_sessions_are_told_and_forgotten() -> None:
    world = World(Limits(session_idle_s=100.0, peer_idle_s=50.0))
    phone = world.phone()
    world.wait(90.0, 1.0)
    get(world, phone)
    world.wait(90.0, 1.0)
    assert not phone.told
    world.wait(30.0, 1.0)
    assert phone.told == [wsp_pdu.Disconnect(phone.session)]
    assert world.stack.sizes == {
        "peers": 0,
        "sessions": 0,
        "transactions": 0,
        "asks": 0,
        "held_octets": 0,
        "timers": 0,
    }
    assert world.stack.deadline() is None


def test_the_tables_have_an_end() -> None:
    limits = Limits(sessions=10, peers=20, sessions_per_host=1_000)
    world = World(limits)
    for port in range(100):
        world.phone(("203.0.113.5", port))
    assert world.stack.sizes["sessions"] == 10
    assert world.stack.sizes["peers"] == 20


def test_one_host_does_not_take_all_sessions() -> None:
    world = World(Limits(sessions_per_host=3))
    phones = [world.phone(("203.0.113.5", port)) for port in range(5)]
    assert [bool(phone.session) for phone in phones] == [True] * 3 + [False] * 2
    assert phones[4].aborts[1].reason == Reason.CONGESTION
    assert world.phone(THERE).session


def test_too_many_transactions() -> None:
    world = World(Limits(transactions_per_peer=4), answer=lambda _: None)
    phone = world.phones[HERE] = Phone()
    world.send(HERE, phone.connect(more=[Capability(Cap.METHOD_MOR, b"\x08")]))
    for number in range(6):
        world.send(HERE, phone.get(f"/{number}"))
    assert [abort.reason for abort in phone.aborts.values()] == [AbortReason.CAPTEMPEXCEEDED] * 2
    assert world.stack.sizes["asks"] == 4


def test_too_many_questions() -> None:
    world = World(Limits(asks=1), answer=lambda _: None)
    first = world.phone()
    second = world.phone(THERE)
    world.send(HERE, first.get("/"))
    world.send(THERE, second.get("/"))
    assert (second.reply().status, second.reply().body) == (0x63, b"error 503, back")


def test_one_host_asks_so_often_only() -> None:
    world = World(Limits(datagrams_per_host_s=50.0))
    phone = world.phone()
    for _ in range(100):
        world.send(HERE, phone.get("/"))
    assert len(world.asked) < 50
    world.wait(2.0)
    assert get(world, phone).status == 0x20


def test_an_address_that_never_answers_gets_little() -> None:
    """What one forged GET can bring on its victim: a small first group, repeated by its last packet."""
    world = World(answer=lambda _: WspReply(200, TYPE, (), bytes(100_000)))
    forger = Phone()
    for packet in forger.connect():
        world.carry_out(world.stack.receive(packet, HERE, world.now))
    for packet in forger.get("/"):
        world.carry_out(world.stack.receive(packet, HERE, world.now))
    world.wait(60.0, 0.5)
    assert world.octets_out < 20_000
    assert all(len(octets) <= 1_400 for _, octets in world.lost)


def test_our_own_tids_are_not_those_of_the_phone() -> None:
    world = World()
    phone = world.phone()
    assert world.stack.receive(encode_pdu(Ack(phone.tid | 0x8000)), HERE, world.now) == []


@pytest.mark.parametrize(
    ("octets", "answer"),
    [
        ("", None),
        ("00", None),
        ("180001", None),
        ("ffffffff", None),
        ("0e0005", None),
        ("0e000503", Abort(0x8005, False, AbortReason.PROTOERR)),
        ("0e0005420102", Abort(0x8005, False, AbortReason.WTPVERSIONONE)),
        ("0e000502", Abort(0x8005, True, Reason.PROTOERR)),
        ("0e00050201", Abort(0x8005, True, Reason.PROTOERR)),
        ("0e0005020120000000", Abort(0x8005, True, Reason.PROTOERR)),
        ("0e000502040020", Abort(0x8005, True, Reason.PROTOERR)),
        ("0e0005024001", Abort(0x8005, True, Reason.PROTOERR)),
        ("0e000502400178", Abort(0x8005, True, Reason.DISCONNECT)),
        ("0e0005020905", Abort(0x8005, True, Reason.PROTOERR)),
        ("0e000502090500", Abort(0x8005, True, Reason.DISCONNECT)),
        ("0e000501ff", Ack(0x8005)),
        ("0e000500ff", None),
        ("2800050161", None),
        ("2e00050261", "nack"),
    ],
)
def test_octets_that_are_no_good(octets: str, answer: Abort | Ack | str | None) -> None:
    world = World()
    effects = world.stack.receive(bytes.fromhex(octets), HERE, world.now)
    found = [pdu for effect in effects for pdu in decode_datagram(effect.octets)]  # type: ignore[union-attr]  # only datagrams here
    if answer == "nack":
        assert found[0].missing == (0, 1)  # type: ignore[union-attr]
    else:
        assert found == ([] if answer is None else [answer])


@settings(max_examples=300)
@given(st.lists(st.tuples(st.binary(max_size=40), st.floats(0, 50)), max_size=12))
def test_any_datagrams(datagrams: list[tuple[bytes, float]]) -> None:
    world = World()
    world.phone()
    for octets, seconds in datagrams:
        world.carry_out(world.stack.receive(octets, HERE, world.now))
        world.now += seconds
        world.carry_out(world.stack.tick(world.now))
    world.wait(300.0, 20.0)
    assert world.stack.sizes["transactions"] == 0
    assert world.stack.sizes["held_octets"] == 0


@settings(max_examples=200)
@given(st.data())
def test_mutated_conversations(data: st.DataObject) -> None:
    world = World()
    phone = world.phone()
    packets = [
        *phone.get("/1"),
        *phone.post("/2", b"\x83", bytes(3_000)),
        *phone.suspend(),
        *phone.resume(),
        *phone.connect(),
        *phone.disconnect(),
    ]
    for packet in packets:
        octets = bytearray(packet)
        for _ in range(data.draw(st.integers(0, 3))):
            octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
        world.carry_out(world.stack.receive(bytes(octets), HERE, world.now))
    world.wait(300.0, 20.0)
    assert world.stack.sizes["transactions"] == 0
    assert world.stack.sizes["asks"] == 0


def test_requests_are_what_the_phone_wrote() -> None:
    world = World()
    phone = world.phone()
    world.send(
        HERE, phone.invoke(wsp_pdu.encode(wsp_pdu.Method(0x40, "http://x/阳光 a\r\n%41".encode(), b"")))
    )
    assert world.asked[0].url == "http://x/%E9%98%B3%E5%85%89%20a%0D%0A%41"
    assert isinstance(world.asked[0], WspRequest)


@pytest.mark.parametrize("segmented", [True, False])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ("get", "get", "get", "large", "repeat", "stale", "new", "ack", "nack", "mangled")
            ),
            st.integers(0, 2),
            st.booleans(),
            st.sampled_from((0.0, 0.01, 0.4, 1.5)),
        ),
        max_size=25,
    )
)
def test_the_short_way_says_what_the_long_one_says(
    segmented: bool, steps: list[tuple[str, int, bool, float]]
) -> None:
    said = []
    for short in (True, False):
        world = World(
            answer=lambda asked: WspReply(
                200, TYPE, (), asked.url.encode() * (800 if asked.url == "/large" else 1), 5.0
            ),
        )
        if not short:
            world.stack._wtp._plain = lambda *_: None  # type: ignore[method-assign]  # the long way for all
        phone = world.phone(segmented=segmented)
        world.phones.clear()  # what the phone does is in the steps
        heard: list[bytes] = []
        last: list[bytes] = []
        for what, page_number, concatenated, pause in steps:
            match what:
                case "get":
                    last = phone.get(f"/{page_number}")
                case "large":
                    last = phone.get("/large")
                case "repeat":
                    last = [bytes((octets[0] | 1, *octets[1:])) for octets in last]
                case "stale":
                    phone.tid = (phone.tid - 2) % 0x8000
                    last = phone.get(f"/{page_number}")
                case "new":
                    last = phone.invoke(b"\x40\x02/0", tid_new=True)
                case "ack":
                    last = [encode_pdu(Ack(phone.tid))]
                case "nack":
                    last = [encode_pdu(Nack(phone.tid, (0,)))]
                case "mangled":
                    last = [octets[:3] for octets in last]
            both = [encode_pdu(Ack(phone.tid - 1 & 0x7FFF)), *last]
            for octets in [concatenate(both)] if concatenated else last:
                world.send(HERE, [octets])
            world.wait(pause, 0.1)
            heard += [octets for _, octets in world.lost]
            world.lost.clear()
        world.wait(60.0, 0.5)
        heard += [octets for _, octets in world.lost]
        said.append((heard, world.stack.sizes))
    assert said[0] == said[1]
