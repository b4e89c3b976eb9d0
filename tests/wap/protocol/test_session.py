"""The session's table, row by row."""

import pytest

from wap.protocol.capabilities import Granted
from wap.protocol.errors import Malformed
from wap.protocol.headers import encode_headers
from wap.protocol.limits import Limits
from wap.protocol.session import (
    AbortAll,
    Aborted,
    Answer,
    Answered,
    Ask,
    Confirmed,
    Effect,
    Event,
    Expired,
    Invoked,
    Refuse,
    Session,
    SessionState,
    TellBye,
    connect,
    step,
)
from wap.protocol.wsp_pdu import Connect, ConnectReply, Disconnect, Method, Reason, Resume, Suspend, decode

A, B = ("a", 1), ("b", 2)
GET = Method(0x40, b"/", b"")


def at(state: SessionState, *, methods: tuple[int, ...] = (), options: int = 0x20, mor: int = 1) -> Session:
    handshake = 1 if state in (SessionState.CONNECTING, SessionState.RESUMING) else -1
    return Session(99, A, state, handshake, Granted(options=options, method_mor=mor), methods=methods)


S = SessionState
ROWS: list[tuple[Session, Event, SessionState | None, list[Effect]]] = [
    (at(S.CONNECTING), Confirmed(1), S.CONNECTED, []),
    (at(S.CONNECTING), Confirmed(7), S.CONNECTING, []),
    (at(S.CONNECTING), Aborted(1), None, [AbortAll(A, Reason.DISCONNECT, 1)]),
    (at(S.CONNECTING), Invoked(2, A, GET), S.CONNECTING, [Ask(2, GET)]),
    (at(S.CONNECTED), Invoked(2, A, GET), S.CONNECTED, [Ask(2, GET)]),
    (at(S.CONNECTED), Invoked(2, B, GET), S.CONNECTED, [Refuse(2, Reason.DISCONNECT)]),
    (at(S.CONNECTED, methods=(5,)), Invoked(2, A, GET), S.CONNECTED, [Refuse(2, Reason.MOREXCEEDED)]),
    (at(S.CONNECTED, methods=(5,), mor=2), Invoked(2, A, GET), S.CONNECTED, [Ask(2, GET)]),
    (at(S.CONNECTED), Aborted(9), S.CONNECTED, []),
    (at(S.CONNECTED), Invoked(3, A, Disconnect(99)), None, [AbortAll(A, Reason.DISCONNECT, 3)]),
    (at(S.CONNECTED), Invoked(3, B, Disconnect(99)), S.CONNECTED, []),
    (at(S.CONNECTED), Invoked(3, A, Suspend(99)), S.SUSPENDED, [AbortAll(A, Reason.SUSPEND, 3)]),
    (at(S.CONNECTED), Invoked(3, B, Suspend(99)), S.CONNECTED, []),
    (at(S.CONNECTED, options=0), Invoked(3, A, Suspend(99)), None, [AbortAll(A, Reason.DISCONNECT, 3)]),
    (
        at(S.CONNECTED, options=0),
        Invoked(3, A, Resume(99, b"", b"")),
        S.CONNECTED,
        [Refuse(3, Reason.DISCONNECT)],
    ),
    (
        at(S.CONNECTED),
        Invoked(3, B, Resume(99, b"", b"")),
        S.RESUMING,
        [AbortAll(A, Reason.RESUME, -1), Answer(3, b"\x04\x20\x01\x80")],
    ),
    (
        at(S.CONNECTED),
        Invoked(3, A, Resume(99, b"", b"")),
        S.RESUMING,
        [AbortAll(A, Reason.RESUME, 3), Answer(3, b"\x04\x20\x01\x80")],
    ),
    (at(S.SUSPENDED), Invoked(3, B, Resume(99, b"", b"")), S.RESUMING, [Answer(3, b"\x04\x20\x01\x80")]),
    (at(S.SUSPENDED), Invoked(2, A, GET), S.SUSPENDED, [Refuse(2, Reason.DISCONNECT)]),
    (at(S.SUSPENDED), Invoked(2, A, Suspend(99)), None, []),
    (at(S.SUSPENDED), Confirmed(1), S.SUSPENDED, []),
    (at(S.RESUMING), Confirmed(1), S.CONNECTED, []),
    (at(S.RESUMING), Invoked(2, A, GET), S.RESUMING, [Ask(2, GET)]),
    (at(S.RESUMING), Aborted(1), S.SUSPENDED, [AbortAll(A, Reason.SUSPEND, 1)]),
    (at(S.CONNECTED), Expired(), None, [TellBye(b"\x05\x63")]),
    (at(S.SUSPENDED), Expired(), None, []),
]


@pytest.mark.parametrize(("session", "event", "state", "effects"), ROWS)
def test_row(session: Session, event: Event, state: SessionState | None, effects: list[Effect]) -> None:
    after, found = step(session, event, 5.0)
    assert (after.state if after else None) is state
    assert found == effects


def test_methods_are_counted_until_they_are_answered() -> None:
    after, _ = step(at(S.CONNECTED), Invoked(2, A, GET), 5.0)
    assert after
    assert (after.methods, after.used_at) == ((2,), 5.0)
    done, _ = step(after, Answered(2, ()), 6.0)
    assert done
    assert done.methods == ()


def test_resume_moves_the_session_and_may_bring_headers() -> None:
    after, _ = step(at(S.SUSPENDED, methods=(4,)), Invoked(3, B, Resume(99, b"", b"\x80\x80")), 5.0)
    assert after
    assert (after.peer, after.headers, after.methods, after.handshake) == (B, b"\x80\x80", (), 3)


def test_connect() -> None:
    headers = encode_headers([("User-Agent", "P"), ("Encoding-Version", "1.3")], (1, 3))
    session, octets = connect(Connect(0x10, b"\x02\x83\x05", headers), 1, A, 77, Limits(), 5.0)
    assert (session.id, session.peer, session.version, session.granted.method_mor) == (77, A, (1, 3), 5)
    assert decode(octets) == ConnectReply(77, b"\x02\x83\x05", b"\xc3\x93")


@pytest.mark.parametrize(
    "pdu",
    [
        Connect(0x20, b"", b""),
        Connect(0x10, b"\x05", b""),
        Connect(0x10, b"", b"\x80"),
        Connect(0x10, b"", b"\x80\x80" * 2_000),
    ],
)
def test_connects_that_are_no_good(pdu: Connect) -> None:
    with pytest.raises(Malformed):
        connect(pdu, 1, A, 77, Limits(), 5.0)
