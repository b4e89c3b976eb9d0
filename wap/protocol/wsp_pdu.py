"""WSP protocol data units: octets to values and back (WAP-230-WSP 8.2)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from wap.protocol.errors import Malformed, Truncated
from wap.protocol.uintvar import decode_uintvar, encode_uintvar, take


class Type(IntEnum):
    """PDU types (WAP-230 table 34)."""

    CONNECT = 0x01
    CONNECT_REPLY = 0x02
    REDIRECT = 0x03
    REPLY = 0x04
    DISCONNECT = 0x05
    PUSH = 0x06
    CONFIRMED_PUSH = 0x07
    SUSPEND = 0x08
    RESUME = 0x09
    GET = 0x40
    OPTIONS = 0x41
    HEAD = 0x42
    DELETE = 0x43
    TRACE = 0x44
    POST = 0x60
    PUT = 0x61


class Reason(IntEnum):
    """WSP abort reasons (WAP-230 table 35)."""

    PROTOERR = 0xE0
    DISCONNECT = 0xE1
    SUSPEND = 0xE2
    RESUME = 0xE3
    CONGESTION = 0xE4
    CONNECTERR = 0xE5
    MRUEXCEEDED = 0xE6
    MOREXCEEDED = 0xE7
    PEERREQ = 0xE8
    NETERR = 0xE9
    USERREQ = 0xEA


METHODS: dict[int, str] = {
    Type.GET: "GET",
    Type.OPTIONS: "OPTIONS",
    Type.HEAD: "HEAD",
    Type.DELETE: "DELETE",
    Type.TRACE: "TRACE",
    Type.POST: "POST",
    Type.PUT: "PUT",
}


@dataclass(frozen=True, slots=True)
class Connect:
    """`version` as one octet, 0x10 for 1.0; capabilities and headers still encoded."""

    version: int
    capabilities: bytes
    headers: bytes


@dataclass(frozen=True, slots=True)
class ConnectReply:
    session: int
    capabilities: bytes
    headers: bytes


@dataclass(frozen=True, slots=True)
class Address:
    """Where a redirected session shall go; bearer and port are None where not said."""

    bearer: int | None
    port: int | None
    address: bytes


@dataclass(frozen=True, slots=True)
class Redirect:
    addresses: tuple[Address, ...]
    permanent: bool = False
    reuse_security: bool = False


@dataclass(frozen=True, slots=True)
class Disconnect:
    session: int


@dataclass(frozen=True, slots=True)
class Suspend:
    session: int


@dataclass(frozen=True, slots=True)
class Resume:
    session: int
    capabilities: bytes
    headers: bytes


@dataclass(frozen=True, slots=True)
class Method:
    """Get, Options, Head, Post, Put and their like: `code` is the PDU type, `url` as received.

    headers   without the Content-Type that opens those of a Post; that is `content_type`, encoded
    """

    code: int
    url: bytes
    headers: bytes
    content_type: bytes = b""
    body: bytes = b""

    @property
    def carries_body(self) -> bool:
        """Whether the PDU has the form of Post."""
        return self.code >= Type.POST


@dataclass(frozen=True, slots=True)
class Reply:
    """`status` is the WSP octet; `headers` open with the encoded Content-Type."""

    status: int
    headers: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Push:
    """`headers` open with the encoded Content-Type."""

    headers: bytes
    body: bytes
    confirmed: bool = False


Pdu = Connect | ConnectReply | Redirect | Disconnect | Suspend | Resume | Method | Reply | Push


def decode(octets: bytes) -> Pdu:
    """One WSP PDU, without the transaction octet of the connectionless service.

    raises   Truncated or Malformed; nothing else, whatever the bytes
    source   WAP-230-WSP 8.2
    """
    if not octets:
        raise Truncated("empty WSP PDU")
    kind = octets[0]
    if 0x40 <= kind <= 0x5F:
        return _get(kind, octets)
    if 0x60 <= kind <= 0x7F:
        return _post(kind, octets)
    read = READERS.get(kind)
    if read is None:
        raise Malformed(f"WSP PDU type {kind:#x}")
    return read(octets)


def _get(kind: int, octets: bytes) -> Method:
    length, at = decode_uintvar(octets, 1)
    url, at = take(octets, at, length)
    return Method(kind, url, octets[at:])


def _post(kind: int, octets: bytes) -> Method:
    url_length, at = decode_uintvar(octets, 1)
    header_length, at = decode_uintvar(octets, at)
    url, at = take(octets, at, url_length)
    headers, at = take(octets, at, header_length)
    split = value_end(headers, 0) if headers else 0
    return Method(kind, url, headers[split:], headers[:split], octets[at:])


def value_end(octets: bytes, at: int) -> int:
    """The offset just past the header value at `at`: its first octet tells how it ends.

    raises   Truncated or Malformed
    source   WAP-230-WSP 8.4.1.2
    """
    first = take(octets, at, 1)[0][0]
    if first < 31:
        return take(octets, at + 1, first)[1]
    if first == 31:
        length, at = decode_uintvar(octets, at + 1)
        return take(octets, at, length)[1]
    if first >= 0x80:
        return at + 1
    end = octets.find(b"\0", at)
    if end < 0:
        raise Truncated("text without its closing NUL")
    return end + 1


def _connect(octets: bytes) -> Connect:
    version, at = take(octets, 1, 1)
    capabilities_length, at = decode_uintvar(octets, at)
    headers_length, at = decode_uintvar(octets, at)
    capabilities, at = take(octets, at, capabilities_length)
    headers, at = take(octets, at, headers_length)
    return Connect(version[0], capabilities, headers)


def _connect_reply(octets: bytes) -> ConnectReply:
    session, at = decode_uintvar(octets, 1)
    capabilities_length, at = decode_uintvar(octets, at)
    headers_length, at = decode_uintvar(octets, at)
    capabilities, at = take(octets, at, capabilities_length)
    headers, at = take(octets, at, headers_length)
    return ConnectReply(session, capabilities, headers)


def _redirect(octets: bytes) -> Redirect:
    flags, at = take(octets, 1, 1)
    addresses = []
    while at < len(octets):
        head, at = take(octets, at, 1)
        bearer = port = None
        if head[0] & 0x80:
            raw, at = take(octets, at, 1)
            bearer = raw[0]
        if head[0] & 0x40:
            raw, at = take(octets, at, 2)
            port = int.from_bytes(raw, "big")
        address, at = take(octets, at, head[0] & 0x3F)
        addresses.append(Address(bearer, port, address))
    return Redirect(tuple(addresses), flags[0] & 0x80 != 0, flags[0] & 0x40 != 0)


def _disconnect(octets: bytes) -> Disconnect:
    return Disconnect(decode_uintvar(octets, 1)[0])


def _suspend(octets: bytes) -> Suspend:
    return Suspend(decode_uintvar(octets, 1)[0])


def _resume(octets: bytes) -> Resume:
    session, at = decode_uintvar(octets, 1)
    length, at = decode_uintvar(octets, at)
    capabilities, at = take(octets, at, length)
    return Resume(session, capabilities, octets[at:])


def _reply(octets: bytes) -> Reply:
    status, at = take(octets, 1, 1)
    length, at = decode_uintvar(octets, at)
    headers, at = take(octets, at, length)
    return Reply(status[0], headers, octets[at:])


def _push(octets: bytes) -> Push:
    length, at = decode_uintvar(octets, 1)
    headers, at = take(octets, at, length)
    return Push(headers, octets[at:], octets[0] == Type.CONFIRMED_PUSH)


READERS: dict[int, Callable[[bytes], Pdu]] = {
    Type.CONNECT: _connect,
    Type.CONNECT_REPLY: _connect_reply,
    Type.REDIRECT: _redirect,
    Type.REPLY: _reply,
    Type.DISCONNECT: _disconnect,
    Type.PUSH: _push,
    Type.CONFIRMED_PUSH: _push,
    Type.SUSPEND: _suspend,
    Type.RESUME: _resume,
}


def encode(pdu: Pdu) -> bytes:
    """The octets of one PDU; ValueError for a field out of its range."""
    number = encode_uintvar
    match pdu:
        case Reply(status, headers, body):
            return bytes((Type.REPLY, status)) + number(len(headers)) + headers + body
        case Method() if pdu.carries_body:
            headers = pdu.content_type + pdu.headers
            lengths = number(len(pdu.url)) + number(len(headers))
            return bytes((pdu.code,)) + lengths + pdu.url + headers + pdu.body
        case Method():
            return bytes((pdu.code,)) + number(len(pdu.url)) + pdu.url + pdu.headers
        case Connect(version, caps, headers):
            return bytes((Type.CONNECT, version)) + number(len(caps)) + number(len(headers)) + caps + headers
        case ConnectReply(session, caps, headers):
            lengths = number(len(caps)) + number(len(headers))
            return bytes((Type.CONNECT_REPLY,)) + number(session) + lengths + caps + headers
        case Redirect():
            flags = pdu.permanent << 7 | pdu.reuse_security << 6
            return bytes((Type.REDIRECT, flags)) + b"".join(map(_encode_address, pdu.addresses))
        case Disconnect(session):
            return bytes((Type.DISCONNECT,)) + number(session)
        case Suspend(session):
            return bytes((Type.SUSPEND,)) + number(session)
        case Resume(session, caps, headers):
            return bytes((Type.RESUME,)) + number(session) + number(len(caps)) + caps + headers
        case Push(headers, body, confirmed):
            kind = Type.CONFIRMED_PUSH if confirmed else Type.PUSH
            return bytes((kind,)) + number(len(headers)) + headers + body


def _encode_address(address: Address) -> bytes:
    if len(address.address) > 0x3F:
        raise ValueError("a redirect address has at most 63 octets")
    head = (address.bearer is not None) << 7 | (address.port is not None) << 6 | len(address.address)
    bearer = b"" if address.bearer is None else bytes((address.bearer,))
    port = b"" if address.port is None else address.port.to_bytes(2, "big")
    return bytes((head,)) + bearer + port + address.address
