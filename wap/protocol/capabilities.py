"""Capability negotiation: what the phone proposes and what it is granted (WAP-230-WSP 8.3)."""

import re
from dataclasses import dataclass
from enum import IntEnum

from wap.protocol.errors import Malformed, Truncated
from wap.protocol.limits import Limits
from wap.protocol.uintvar import decode_uintvar, encode_uintvar, take

RESUME_FACILITY = 0x20
KNOWN_PAGES = frozenset({"x-up-1"})


class Cap(IntEnum):
    """Capability identifiers (WAP-230 table 37)."""

    CLIENT_SDU = 0
    SERVER_SDU = 1
    PROTOCOL_OPTIONS = 2
    METHOD_MOR = 3
    PUSH_MOR = 4
    EXTENDED_METHODS = 5
    CODE_PAGES = 6
    ALIASES = 7


@dataclass(frozen=True, slots=True)
class Capability:
    """One proposal or grant: an assigned number or a name, and its parameters still encoded."""

    name: int | str
    data: bytes


@dataclass(frozen=True, slots=True)
class Granted:
    """What a session works with. SDU sizes in octets, 0 for no bound.

    pages     shift code to name of the header code pages agreed on
    methods   PDU type to method name of the extended methods agreed on
    """

    client_sdu: int = 1_400
    server_sdu: int = 1_400
    options: int = 0
    method_mor: int = 1
    pages: tuple[tuple[int, str], ...] = ()
    methods: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """How one family of phones wants its proposal answered.

    agent     regular expression for the start of its User-Agent
    echo      options, push MOR, code pages, methods, aliases and what we do not know go back as they
              came; otherwise what we do not do is cleared
    """

    agent: str
    echo: bool


# UP.Browser of Motorola repeats its Connect for ever unless it reads its own words again; other
# firmware stops when it is promised what it does not get.
POLICIES = (Policy(r"MOT-.*UP\.Browser/6", True), Policy("", False))


def policy_for(agent: str, policies: tuple[Policy, ...] = POLICIES) -> Policy:
    """The first policy whose expression fits; clearing where none does."""
    for policy in policies:
        if re.match(policy.agent, agent):
            return policy
    return Policy("", False)


def decode_capabilities(octets: bytes) -> list[Capability]:
    """A list of capabilities.

    raises   Truncated or Malformed; nothing else, whatever the bytes
    source   WAP-230-WSP 8.3.1
    """
    found = []
    at = 0
    while at < len(octets):
        length, at = decode_uintvar(octets, at)
        part, at = take(octets, at, length)
        if not part:
            raise Truncated("capability without a name")
        if part[0] >= 0x80:
            found.append(Capability(part[0] & 0x7F, part[1:]))
            continue
        end = part.find(b"\0")
        if end < 1:
            raise Malformed("capability name without its closing NUL")
        found.append(Capability(part[:end].decode("latin-1"), part[end + 1 :]))
    return found


def encode_capabilities(capabilities: list[Capability]) -> bytes:
    """The octets of a list of capabilities."""
    parts = []
    for cap in capabilities:
        name = bytes((cap.name | 0x80,)) if isinstance(cap.name, int) else cap.name.encode("latin-1") + b"\0"
        parts.append(encode_uintvar(len(name) + len(cap.data)) + name + cap.data)
    return b"".join(parts)


def named_codes(data: bytes) -> tuple[tuple[int, str], ...]:
    """Pairs of one octet and a text: the form of code pages and of extended methods (8.3.2.5, 8.3.2.6).

    raises   Truncated
    """
    found = []
    at = 0
    while at < len(data):
        end = data.find(b"\0", at + 1)
        if end < 0:
            raise Truncated("name without its closing NUL")
        found.append((data[at], data[at + 1 : end].decode("latin-1")))
        at = end + 1
    return tuple(found)


def encode_named_codes(pairs: tuple[tuple[int, str], ...]) -> bytes:
    """The form that `named_codes` reads."""
    return b"".join(bytes((code,)) + name.encode("latin-1") + b"\0" for code, name in pairs)


def negotiate(proposed: list[Capability], policy: Policy, limits: Limits) -> tuple[Granted, list[Capability]]:
    """What the session gets, and the answer to each capability the phone named.

    raises   Truncated or Malformed for parameters that cannot be read
    source   WAP-230-WSP 8.3.2; an answer names every capability asked for, so no default is meant
    """
    client_sdu = server_sdu = 1_400
    options = 0
    mor = 1
    pages: tuple[tuple[int, str], ...] = ()
    methods: tuple[tuple[int, str], ...] = ()
    answer = []
    for cap in proposed:
        data = cap.data if policy.echo else b""
        match cap.name:
            case Cap.CLIENT_SDU:
                client_sdu = decode_uintvar(cap.data)[0]
                data = encode_uintvar(client_sdu)
            case Cap.SERVER_SDU:
                wanted = decode_uintvar(cap.data)[0]
                server_sdu = min(wanted or limits.server_sdu_octets, limits.server_sdu_octets)
                data = encode_uintvar(server_sdu)
            case Cap.PROTOCOL_OPTIONS:
                wanted = take(cap.data, 0, 1)[0][0]
                options = wanted & RESUME_FACILITY
                data = cap.data if policy.echo else bytes((options,))
            case Cap.METHOD_MOR:
                mor = max(1, min(take(cap.data, 0, 1)[0][0], limits.outstanding_methods))
                data = bytes((mor,))
            case Cap.PUSH_MOR:
                data = cap.data if policy.echo else b"\0"
            case Cap.EXTENDED_METHODS:
                methods = named_codes(cap.data) if policy.echo else ()
            case Cap.CODE_PAGES:
                offered = named_codes(cap.data)
                pages = tuple(pair for pair in offered if pair[1].lower() in KNOWN_PAGES)
                data = cap.data if policy.echo else encode_named_codes(pages)
        answer.append(Capability(cap.name, data))
    return Granted(client_sdu, server_sdu, options, mor, pages, methods), answer
