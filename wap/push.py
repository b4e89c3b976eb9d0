"""A WAP push: a service indication as the octets that a phone's port 2948 takes, over UDP or in messages.

The indication is compiled to WBXML without a string table, which the phones of its time read most surely,
and stands in a Push PDU of the connectionless service. Over SMS the same octets are the user data of one
message, or of several that the phone puts together, behind a user data header with the ports. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from xml.sax.saxutils import escape as escape_text
from xml.sax.saxutils import quoteattr

from portal.clean import clean
from wap.protocol.headers import encode_content_type
from wap.protocol.wsp_pdu import Push, encode
from wap.wbxml import compile_xml
from wap.wbxml.tokens import SI

PUSH_PORT = 2948
FROM_PORT = 9200
"""The port that a push says it comes from: the connectionless service of WSP."""

TYPE = "application/vnd.wap.sic"
MESSAGE_OCTETS = 140
"""User data of one message, header included (3GPP TS 23.040 9.2.3.24)."""

MOST_MESSAGES = 10
"""Messages of one push; phones of the time put together far fewer than the 255 of the standard."""

_PORTS, _PARTS = 0x05, 0x00
"""Information elements: application ports of 16 bits, and a concatenated message."""


class BadPush(ValueError):
    """An indication that cannot be pushed; the text says why."""


class Action(StrEnum):
    """How urgently the phone shows it (WAP-167 5.2)."""

    NONE = "signal-none"
    LOW = "signal-low"
    MEDIUM = "signal-medium"
    HIGH = "signal-high"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Indication:
    """What the phone shows: words, and where they lead.

    identity  replaces an indication of the same identity that is older; "" for the address itself
    created   when it was made; expires  when the phone may drop it; None leaves it out
    """

    href: str
    words: str
    identity: str = ""
    action: Action = Action.MEDIUM
    created: datetime | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its user data header and the octets behind it, both binary (data coding 0xF5)."""

    header: bytes
    body: bytes


def document(indication: Indication) -> str:
    """The indication as the XML of WAP-167. Raises BadPush."""
    if not indication.href:
        raise BadPush("a push leads somewhere: it has an address")
    attributes = {
        "href": indication.href,
        "si-id": indication.identity,
        "action": indication.action.value,
        "created": _moment(indication.created),
        "si-expires": _moment(indication.expires),
    }
    written = "".join(f" {name}={quoteattr(clean(value))}" for name, value in attributes.items() if value)
    return (
        f'<?xml version="1.0"?><!DOCTYPE si PUBLIC "{SI.public}" "{SI.system}">'
        f"<si><indication{written}>{escape_text(clean(indication.words))}</indication></si>"
    )


def _moment(moment: datetime | None) -> str:
    """A moment as WAP-167 writes it, in UTC. Raises BadPush for one without a zone."""
    if moment is None:
        return ""
    if moment.tzinfo is None:
        raise BadPush("the moment of a push has a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def datagram(source: str | bytes, transaction: int = 0) -> bytes:
    """The Push of an SI document, as it goes to the phone's port 2948.

    transaction  0..255; a phone may take two pushes of the same number in a row for one
    raises       BadDeck for what is no SI
    source       WAP-230-WSP 8.2.4, 8.2.4.1; WAP-167 8; WAP-235 (application id left out: the browser's)
    """
    body = compile_xml(source, share=False)
    return bytes((transaction & 0xFF,)) + encode(Push(encode_content_type(TYPE), body))


def messages(octets: bytes, reference: int = 0) -> tuple[Message, ...]:
    """The same octets in messages of at most 140, in order.

    reference  0..255, another one for each push to a phone: by it the phone puts the parts together
    raises     BadPush where there are too many
    source     3GPP TS 23.040 9.2.3.24 (header), 9.2.3.24.1 (concatenation), 9.2.3.24.4 (ports)
    """
    ports = bytes((_PORTS, 4)) + PUSH_PORT.to_bytes(2, "big") + FROM_PORT.to_bytes(2, "big")
    room = MESSAGE_OCTETS - 1 - len(ports)
    if len(octets) <= room:
        return (Message(bytes((len(ports),)) + ports, octets),)
    room -= 5
    count = -(-len(octets) // room)
    if count > MOST_MESSAGES:
        raise BadPush(f"{len(octets)} octets are {count} messages; a phone is sent at most {MOST_MESSAGES}")
    return tuple(
        Message(
            bytes((len(ports) + 5,)) + ports + bytes((_PARTS, 3, reference & 0xFF, count, number)),
            octets[(number - 1) * room : number * room],
        )
        for number in range(1, count + 1)
    )
