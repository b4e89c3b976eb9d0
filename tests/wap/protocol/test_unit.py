"""The connectionless gateway."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wap.protocol.world import HERE, TYPE, World, error_deck
from wap.protocol import wsp_pdu
from wap.protocol.effects import Datagram, Effect, Fetch
from wap.protocol.exchange import WspReply
from wap.protocol.headers import encode_headers
from wap.protocol.limits import Limits
from wap.protocol.wsp_pdu import Method, Reply, Suspend, Type, encode

ACCEPT = encode_headers([("Accept", "image/gif")])


def ask(world: World, tid: int, pdu: wsp_pdu.Pdu) -> list[Effect]:
    return world.unit.receive(bytes((tid,)) + encode(pdu), HERE, world.now)


def answered(effects: list[Effect]) -> tuple[int, Reply]:
    (effect,) = effects
    assert isinstance(effect, Datagram)
    assert effect.address == HERE
    reply = wsp_pdu.decode(effect.octets[1:])
    assert isinstance(reply, Reply)
    return effect.octets[0], reply


def fetched(effects: list[Effect]) -> Fetch:
    (effect,) = effects
    assert isinstance(effect, Fetch)
    return effect


def test_a_get() -> None:
    world = World()
    fetch = fetched(ask(world, 7, Method(Type.GET, b"http://x/", ACCEPT)))
    assert fetch.request.headers == (("Accept", "image/gif"),)
    assert (fetch.request.host, fetch.request.max_body) == (HERE[0], 2_900)
    tid, reply = answered(world.unit.answer(fetch.handle, WspReply(200, TYPE, (), b"deck"), 0.0))
    assert (tid, reply) == (7, Reply(0x20, b"\x94", b"deck"))
    assert world.unit.answer(fetch.handle, WspReply(200, TYPE), 0.0) == []


def test_a_post() -> None:
    world = World()
    fetch = fetched(ask(world, 1, Method(Type.POST, b"/", b"", b"\x92", b"a=1")))
    assert (fetch.request.method, fetch.request.body) == ("POST", b"a=1")
    assert fetch.request.header("content-type") == "application/x-www-form-urlencoded"


def test_a_repeated_question_is_asked_once_while_it_is_open() -> None:
    world = World()
    fetch = fetched(ask(world, 7, Method(Type.POST, b"/", b"", b"\x92", b"a=1")))
    assert ask(world, 7, Method(Type.POST, b"/", b"", b"\x92", b"a=1")) == []
    world.unit.answer(fetch.handle, WspReply(200, TYPE, (), b"d"), 0.0)
    fetched(ask(world, 7, Method(Type.POST, b"/", b"", b"\x92", b"a=1")))


def test_fresh_answers_are_remembered() -> None:
    world = World()
    get = Method(Type.GET, b"/", ACCEPT)
    fetch = fetched(ask(world, 1, get))
    world.unit.answer(fetch.handle, WspReply(200, TYPE, (), b"deck", fresh_s=5.0), world.now)
    assert answered(ask(world, 200, get)) == (200, Reply(0x20, b"\x94", b"deck"))
    fetched(ask(world, 1, Method(Type.GET, b"/", b"")))
    world.now += 6.0
    fetched(ask(world, 1, get))


@pytest.mark.parametrize(
    ("reply", "status", "body"),
    [
        (WspReply(404, TYPE), 0x44, b"error 404, back"),
        (WspReply(200, TYPE, (), bytes(4_000)), 0x4D, b"error 413, back"),
        (None, 0x62, b"error 502, back"),
        (WspReply(404, TYPE, (), b"ours"), 0x44, b"ours"),
    ],
)
def test_errors_are_decks(reply: WspReply | None, status: int, body: bytes) -> None:
    world = World()
    fetch = fetched(ask(world, 1, Method(Type.GET, b"/", b"")))
    _, found = answered(world.unit.answer(fetch.handle, reply, 0.0))
    assert (found.status, found.body) == (status, body)


def test_a_deck_that_is_too_large_itself_is_not_sent() -> None:
    world = World(Limits(unit_data_octets=10))
    fetch = fetched(ask(world, 1, Method(Type.GET, b"/", b"")))
    assert world.unit.answer(fetch.handle, error_deck(404, fetch.request), 0.0) == []


def test_head_and_unknown_methods() -> None:
    world = World()
    fetch = fetched(ask(world, 1, Method(Type.HEAD, b"/", b"")))
    _, reply = answered(world.unit.answer(fetch.handle, WspReply(200, TYPE, (), b"deck"), 0.0))
    assert reply.body == b""
    assert answered(ask(world, 1, Method(0x5A, b"/", b"")))[1].status == 0x61


def test_too_many_questions() -> None:
    world = World(Limits(asks=1))
    fetched(ask(world, 1, Method(Type.GET, b"/1", b"")))
    _, reply = answered(ask(world, 1, Method(Type.GET, b"/2", b"")))
    assert (reply.status, reply.body) == (0x63, b"error 503, back")
    assert world.unit.sizes == {"asks": 1}


def test_the_phones_encoding_version_is_spoken() -> None:
    world = World()
    headers = encode_headers([("Encoding-Version", "1.4")], (1, 4))
    fetch = fetched(ask(world, 1, Method(Type.GET, b"/", headers)))
    _, reply = answered(
        world.unit.answer(fetch.handle, WspReply(200, "application/xhtml+xml", (), b"d"), 0.0)
    )
    assert reply.headers == b"\xbb"


def test_one_host_asks_so_often_only() -> None:
    world = World(Limits(datagrams_per_host_s=10.0))
    get = Method(Type.GET, b"/", ACCEPT)
    fetch = fetched(ask(world, 1, get))
    world.unit.answer(fetch.handle, WspReply(200, TYPE, (), b"deck", fresh_s=500.0), world.now)
    assert sum(bool(ask(world, 1, get)) for _ in range(100)) == 9
    world.now += 1.0
    assert ask(world, 1, get)


@pytest.mark.parametrize("pdu", [Suspend(1), Reply(0x20, b"", b"")])
def test_other_pdus_are_met_with_silence(pdu: wsp_pdu.Pdu) -> None:
    assert ask(World(), 1, pdu) == []


@given(st.binary(max_size=60))
def test_any_octets(octets: bytes) -> None:
    world = World()
    for effect in world.unit.receive(octets, HERE, 0.0):
        if isinstance(effect, Fetch):
            assert world.unit.answer(effect.handle, None, 0.0)
    assert world.unit.sizes == {"asks": 0}
