"""What a phone proposes and what it is granted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wap.protocol.capabilities import (
    Cap,
    Capability,
    Granted,
    Policy,
    decode_capabilities,
    encode_capabilities,
    encode_named_codes,
    named_codes,
    negotiate,
    policy_for,
)
from wap.protocol.errors import Malformed, Truncated
from wap.protocol.limits import Limits

CLEAR = Policy("", False)
ECHO = Policy("", True)
LIMITS = Limits()

EXAMPLES: list[tuple[Capability, str]] = [
    (Capability(Cap.CLIENT_SDU, bytes.fromhex("c08000")), "0480c08000"),
    (Capability(Cap.PROTOCOL_OPTIONS, b"\xf0"), "0282f0"),
    (Capability(Cap.ALIASES, b""), "0187"),
    (Capability("x-odd", b"\x01"), "07782d6f64640001"),
]


@pytest.mark.parametrize(("capability", "octets"), EXAMPLES)
def test_both_ways(capability: Capability, octets: str) -> None:
    assert encode_capabilities([capability]).hex() == octets
    assert decode_capabilities(bytes.fromhex(octets) * 2) == [capability, capability]


@pytest.mark.parametrize("octets", ["00", "0580", "80"])
def test_truncated(octets: str) -> None:
    with pytest.raises(Truncated):
        decode_capabilities(bytes.fromhex(octets))


def test_a_name_without_end() -> None:
    with pytest.raises(Malformed):
        decode_capabilities(b"\x02ab")


def test_named_codes_both_ways() -> None:
    pairs = ((5, "x-up-1"), (6, "x-odd"))
    assert named_codes(encode_named_codes(pairs)) == pairs
    with pytest.raises(Truncated):
        named_codes(b"\x05x-up")


def test_without_proposals_the_defaults_hold() -> None:
    assert negotiate([], CLEAR, LIMITS) == (Granted(1_400, 1_400, 0, 1), [])


def proposals() -> list[Capability]:
    return [
        Capability(Cap.CLIENT_SDU, b"\x95\x78"),  # 2,808
        Capability(Cap.SERVER_SDU, b"\x00"),
        Capability(Cap.PROTOCOL_OPTIONS, b"\xf0"),
        Capability(Cap.METHOD_MOR, b"\x7f"),
        Capability(Cap.PUSH_MOR, b"\x02"),
        Capability(Cap.EXTENDED_METHODS, b"\x50X-M\0"),
        Capability(Cap.CODE_PAGES, b"\x05x-up-1\0\x06x-odd\0"),
        Capability(Cap.ALIASES, b"\x04\x7f\0\0\1"),
        Capability("x-new", b"\x01"),
    ]


def test_what_we_do_not_do_is_cleared() -> None:
    granted, answer = negotiate(proposals(), CLEAR, LIMITS)
    assert granted == Granted(2_808, LIMITS.server_sdu_octets, 0x20, 8, ((5, "x-up-1"),), ())
    assert [cap.name for cap in answer] == [cap.name for cap in proposals()]
    assert {cap.name: cap.data for cap in answer} == {
        Cap.CLIENT_SDU: b"\x95\x78",
        Cap.SERVER_SDU: b"\x90\x80\x00",
        Cap.PROTOCOL_OPTIONS: b"\x20",
        Cap.METHOD_MOR: b"\x08",
        Cap.PUSH_MOR: b"\x00",
        Cap.EXTENDED_METHODS: b"",
        Cap.CODE_PAGES: b"\x05x-up-1\0",
        Cap.ALIASES: b"",
        "x-new": b"",
    }


def test_some_phones_want_their_own_words_back() -> None:
    granted, answer = negotiate(proposals(), ECHO, LIMITS)
    asked = {cap.name: cap.data for cap in proposals()}
    told = {cap.name: cap.data for cap in answer}
    for name in (
        Cap.PROTOCOL_OPTIONS,
        Cap.PUSH_MOR,
        Cap.EXTENDED_METHODS,
        Cap.CODE_PAGES,
        Cap.ALIASES,
        "x-new",
    ):
        assert told[name] == asked[name]
    assert granted.methods == ((0x50, "X-M"),)
    assert granted.options == 0x20


@pytest.mark.parametrize(
    ("agent", "echo"),
    [
        ("MOT-V.50/00.62 UP.Browser/6.3.0.1", True),
        ("Nokia7110/1.0 (04.84)", False),
        ("SIE-S45/00 UP.Browser/5.0.1.1.102", False),
        ("", False),
    ],
)
def test_policies(agent: str, echo: bool) -> None:
    assert policy_for(agent).echo is echo
    assert policy_for(agent, ()).echo is False


@pytest.mark.parametrize("cap", [Capability(Cap.METHOD_MOR, b""), Capability(Cap.CLIENT_SDU, b"\x80")])
def test_parameters_that_end_early(cap: Capability) -> None:
    with pytest.raises(Truncated):
        negotiate([cap], CLEAR, LIMITS)


@given(st.binary(max_size=50), st.booleans())
def test_any_octets(octets: bytes, echo: bool) -> None:
    try:
        granted, answer = negotiate(decode_capabilities(octets), Policy("", echo), LIMITS)
    except Malformed:
        return
    assert 1 <= granted.method_mor <= LIMITS.outstanding_methods
    assert len(encode_capabilities(answer)) <= len(octets) + 8 * len(answer)
