"""A WSP session of the server: its states and what each PDU does in them (WAP-230-WSP 7.1.5).

A session is a value; `step` gives the next value (None: it is over) and the effects.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache

from wap.protocol.assigned import DEFAULT_VERSION, Version
from wap.protocol.capabilities import (
    POLICIES,
    RESUME_FACILITY,
    Granted,
    Policy,
    decode_capabilities,
    encode_capabilities,
    negotiate,
    policy_for,
)
from wap.protocol.cookies import Jar
from wap.protocol.errors import Malformed
from wap.protocol.headers import decode_headers, encode_headers, encoding_version
from wap.protocol.limits import Limits
from wap.protocol.wsp_pdu import (
    Connect,
    ConnectReply,
    Disconnect,
    Method,
    Reason,
    Redirect,
    Reply,
    Resume,
    Suspend,
    encode,
)

Address = tuple[str, int]


class SessionState(Enum):
    """The server's session states (WAP-230 table 17); the short ones before the first answer are one step."""

    CONNECTING = auto()
    CONNECTED = auto()
    SUSPENDED = auto()
    RESUMING = auto()


@dataclass(frozen=True, slots=True)
class Session:
    """One session.

    id         unguessable, 1..2**32-1: whoever names it may resume the session from another address
    peer       the address its methods come from
    handshake  the TID of the Connect or Resume not yet confirmed, -1 without
    headers    the phone's static headers, encoded
    methods    TIDs of the requests not yet answered
    used_at    seconds
    """

    id: int
    peer: Address
    state: SessionState
    handshake: int
    granted: Granted
    version: Version = DEFAULT_VERSION
    headers: bytes = b""
    jar: Jar = ()
    methods: tuple[int, ...] = ()
    used_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Confirmed:
    """TR-Result.cnf of a transaction of the session."""

    tid: int


@dataclass(frozen=True, slots=True)
class Aborted:
    """TR-Abort.ind of a transaction of the session."""

    tid: int


@dataclass(frozen=True, slots=True)
class Answered:
    """Our answer to a method has been handed down; the jar as it is after it."""

    tid: int
    jar: Jar


@dataclass(frozen=True, slots=True)
class Invoked:
    """A PDU of the session, in transaction `tid` from address `peer`."""

    tid: int
    peer: Address
    pdu: Method | Resume | Suspend | Disconnect


@dataclass(frozen=True, slots=True)
class Expired:
    """Nothing has come for as long as the limits allow."""


Event = Confirmed | Aborted | Answered | Invoked | Expired


@dataclass(frozen=True, slots=True)
class Ask:
    """Take the method: TR-Invoke.res, and fetch."""

    tid: int
    method: Method


@dataclass(frozen=True, slots=True)
class Answer:
    """TR-Result.req with these octets."""

    tid: int
    octets: bytes


@dataclass(frozen=True, slots=True)
class Refuse:
    """TR-Abort.req of this transaction."""

    tid: int
    reason: int


@dataclass(frozen=True, slots=True)
class AbortAll:
    """TR-Abort.req of every transaction with `peer` but `spare`."""

    peer: Address
    reason: int
    spare: int = -1


@dataclass(frozen=True, slots=True)
class TellBye:
    """A Disconnect of ours, in a class 0 transaction."""

    octets: bytes


Effect = Ask | Answer | Refuse | AbortAll | TellBye


def connect(
    pdu: Connect,
    tid: int,
    peer: Address,
    fresh_id: int,
    limits: Limits,
    now: float,
    policies: tuple[Policy, ...] = POLICIES,
) -> tuple[Session, bytes]:
    """A new session and its ConnectReply.

    raises  Malformed or Truncated for capabilities or headers that cannot be read, for headers over the
            limit and for a WSP version that is not 1.x
    """
    if pdu.version >> 4 != 1:
        raise Malformed(f"WSP version {pdu.version >> 4}.{pdu.version & 15}")
    if len(pdu.headers) > limits.session_header_octets or len(pdu.capabilities) > limits.capability_octets:
        raise Malformed("session headers or capabilities too long")
    agent = next((value for name, value in decode_headers(pdu.headers) if name.lower() == "user-agent"), "")
    granted, answers = negotiate(decode_capabilities(pdu.capabilities), policy_for(agent, policies), limits)
    headers = decode_headers(pdu.headers, granted.pages)
    version = encoding_version(headers)
    own = b""
    if version > DEFAULT_VERSION:
        own = encode_headers([("Encoding-Version", f"{version[0]}.{version[1]}")], version)
    session = Session(
        fresh_id,
        peer,
        SessionState.CONNECTING,
        tid,
        _shared(granted),
        version,
        _shared_octets(pdu.headers),
        used_at=now,
    )
    return session, encode(ConnectReply(fresh_id, encode_capabilities(answers), own))


@lru_cache(maxsize=1_024)
def _shared(granted: Granted) -> Granted:
    """Phones of one model negotiate the same: one value for all of them."""
    return granted


@lru_cache(maxsize=1_024)
def _shared_octets(octets: bytes) -> bytes:
    return octets


def redirected(redirect: Redirect) -> bytes:
    """The answer to a Connect that shall go elsewhere."""
    return encode(redirect)


def step(session: Session, event: Event, now: float) -> tuple[Session | None, list[Effect]]:
    """One row of the server's session table (WAP-230 7.1.5, table 17); what has no row changes nothing."""
    if isinstance(event, Invoked):
        return _invoked(session, event, now)
    live = session.state is not SessionState.SUSPENDED
    match event:
        case Answered(tid, jar):
            return replace(session, methods=_without(session.methods, tid), jar=jar), []
        case Confirmed(tid) if tid == session.handshake and live:
            return replace(session, state=SessionState.CONNECTED, handshake=-1), []
        case Aborted(tid) if tid == session.handshake and session.state is SessionState.CONNECTING:
            return None, [AbortAll(session.peer, Reason.DISCONNECT, tid)]
        case Aborted(tid) if tid == session.handshake and session.state is SessionState.RESUMING:
            suspended = replace(session, state=SessionState.SUSPENDED, handshake=-1, methods=())
            return suspended, [AbortAll(session.peer, Reason.SUSPEND, tid)]
        case Aborted(tid):
            return replace(session, methods=_without(session.methods, tid)), []
        case Expired():
            return None, [TellBye(encode(Disconnect(session.id)))] if live else []
        case _:
            return session, []


def _invoked(session: Session, event: Invoked, now: float) -> tuple[Session | None, list[Effect]]:
    """The rows for what the phone sends: each PDU counts only from where the session lives, but Resume."""
    live = session.state is not SessionState.SUSPENDED
    resumable = session.granted.options & RESUME_FACILITY != 0
    tid, peer = event.tid, event.peer
    match event.pdu:
        case Method() if not live or peer != session.peer:
            return session, [Refuse(tid, Reason.DISCONNECT)]
        case Method() if len(session.methods) >= session.granted.method_mor:
            return session, [Refuse(tid, Reason.MOREXCEEDED)]
        case Method() as method:
            return replace(session, methods=(*session.methods, tid), used_at=now), [Ask(tid, method)]
        case Resume() as resume if resumable:
            return _resumed(session, tid, peer, resume, live, now)
        case Resume():
            return session, [Refuse(tid, Reason.DISCONNECT)]
        case Suspend() if live and peer == session.peer and resumable:
            suspended = replace(session, state=SessionState.SUSPENDED, handshake=-1, methods=(), used_at=now)
            return suspended, [AbortAll(peer, Reason.SUSPEND, tid)]
        case Suspend() | Disconnect() if peer == session.peer:
            return None, [AbortAll(peer, Reason.DISCONNECT, tid)] if live else []
        case _:
            return session, []


def _resumed(
    session: Session, tid: int, peer: Address, resume: Resume, live: bool, now: float
) -> tuple[Session, list[Effect]]:
    """Bind the session to where the Resume came from; headers in it replace those of the session."""
    effects: list[Effect] = []
    if live:
        spare = tid if peer == session.peer else -1
        effects.append(AbortAll(session.peer, Reason.RESUME, spare))
    effects.append(Answer(tid, encode(Reply(0x20, b"\x80", b""))))
    fresh = replace(
        session,
        peer=peer,
        state=SessionState.RESUMING,
        handshake=tid,
        headers=resume.headers or session.headers,
        methods=(),
        used_at=now,
    )
    return fresh, effects


def _without(tids: tuple[int, ...], tid: int) -> tuple[int, ...]:
    return tuple(other for other in tids if other != tid)
