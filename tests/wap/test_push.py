"""Pushes: octets read back by us, by wbxml2xml and by tshark, over UDP and as short messages."""

from __future__ import annotations

import struct
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wap.wire import LINKTYPE_RAW, Record, write_capture
from wap import push
from wap.protocol import wsp_pdu
from wap.push import Action, BadPush, Indication, Message
from wap.wbxml import BadDeck, decode

LETTER = Indication("http://wap.city.example/wap/l", "您的来信已有答复", "letter-17", Action.HIGH)
LONG = Indication(LETTER.href, "您的来信已有答复。" * 12, LETTER.identity)


def octets_of(indication: Indication, transaction: int = 0) -> bytes:
    return push.datagram(push.document(indication), transaction)


def test_one_push_octet_by_octet() -> None:
    found = push.datagram(
        push.document(Indication("http://www.xyz.com/email/123/abc.wml", "x", created=MOMENT))
    )
    assert found.hex(" ", -1).startswith("00 06 01 ae")  # transaction, Push, one octet of headers, SI
    wbxml = found[4:]
    # WBXML 1.1, SI 1.0, UTF-8, no table; si, indication with attributes, href="http://www." xyz ".com/"
    assert wbxml.startswith(
        bytes.fromhex("01056a00 45c6 0d 0378797a00 85 03656d61696c2f3132332f6162632e776d6c00")
    )
    assert bytes.fromhex("0ac30719990625152315") in wbxml  # created="1999-06-25T15:23:15Z" in WAP-167 8.2.2
    assert wbxml.endswith(bytes.fromhex("01 03 7800 01 01"))


MOMENT = datetime(1999, 6, 25, 15, 23, 15, tzinfo=UTC)


def test_the_octets_say_the_indication(tmp_path: Path) -> None:
    octets = octets_of(LETTER, 7)
    assert octets[0] == 7
    pdu = wsp_pdu.decode(octets[1:])
    assert isinstance(pdu, wsp_pdu.Push) and not pdu.confirmed
    for text in (decode(pdu.body), _libwbxml(pdu.body, tmp_path)):
        assert LETTER.href in text
        assert LETTER.words in text
        assert 'action="signal-high"' in text
        assert 'si-id="letter-17"' in text


def _libwbxml(body: bytes, tmp_path: Path) -> str:
    file = tmp_path / "push.sic"
    file.write_bytes(body)
    command = ["wbxml2xml", "-m", "0", "-o", "-", str(file)]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def test_tshark_reads_it_over_udp(tmp_path: Path) -> None:
    record = Record(push.FROM_PORT)
    record.passed.append((False, push.PUSH_PORT, octets_of(LETTER)))
    capture = tmp_path / "push.pcap"
    write_capture(capture, record)
    seen = _tshark(capture)
    assert "PDU Type: Push" in seen
    assert "application/vnd.wap.sic" in seen
    assert "WAP Binary XML" in seen
    assert LETTER.words in seen


@pytest.mark.parametrize(("indication", "count"), [(LETTER, 1), (LONG, 3)])
def test_tshark_puts_the_messages_together(indication: Indication, count: int, tmp_path: Path) -> None:
    parts = push.messages(octets_of(indication), 9)
    assert len(parts) == count
    capture = tmp_path / "sms.pcap"
    capture.write_bytes(_smpp(parts))
    seen = _tshark(capture, "-d", "tcp.port==2775,smpp", "-o", "gsm_sms_ud.port_number_udh_means_wsp:TRUE")
    assert seen.count("(2948)") == count
    assert count == 1 or f"[{count} Short Message fragments ({len(octets_of(indication))} bytes)" in seen
    assert "WAP Binary XML" in seen
    assert indication.words[:8] in seen  # tshark cuts what is longer
    assert "</indication>" in seen


def _tshark(capture: Path, *more: str) -> str:
    read = ["tshark", "-r", str(capture), "-V", *more]
    wrong = [*read[:3], *more, "-Y", '_ws.malformed || _ws.expert.severity=="Error"']
    assert subprocess.run(wrong, capture_output=True, text=True, check=True).stdout == ""
    return subprocess.run(read, capture_output=True, text=True, check=True).stdout


def _smpp(parts: tuple[Message, ...]) -> bytes:
    """A capture file with each message as a submit_sm to a message centre (SMPP 3.4 4.4.1)."""
    out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, LINKTYPE_RAW)]
    at = 1
    for number, part in enumerate(parts, start=1):
        user_data = part.header + part.body
        body = b"\0\1\1" + b"12345\0" + b"\1\1" + b"8613900000000\0"
        body += bytes((0x40, 0, 0, 0, 0, 0, 0, 0xF5, 0, len(user_data))) + user_data
        smpp = struct.pack(">IIII", 16 + len(body), 4, 0, number) + body
        tcp = struct.pack(">HHIIBBHHH", 40_000, 2775, at, 1, 0x50, 0x18, 8_192, 0, 0) + smpp
        at += len(smpp)
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), number, 0, 64, 6, 0)
        packet = ip + bytes((10, 0, 0, 1, 10, 0, 0, 2)) + tcp
        out += [struct.pack("<IIII", number, 0, len(packet), len(packet)), packet]
    return b"".join(out)


def test_one_message_has_the_short_header() -> None:
    (part,) = push.messages(b"x" * 133)
    assert part.header.hex() == "0605040b8423f0"
    assert len(part.header + part.body) == 140
    assert len(push.messages(b"x" * 134)) == 2


@given(st.binary(max_size=1_280), st.integers(0, 255))
def test_messages_carry_every_octet_in_order(octets: bytes, reference: int) -> None:
    parts = push.messages(octets, reference)
    assert b"".join(part.body for part in parts) == octets
    for number, part in enumerate(parts, start=1):
        assert len(part.header + part.body) <= 140
        assert part.header[0] == len(part.header) - 1
        if len(parts) > 1:
            assert part.header[-5:] == bytes((0, 3, reference, len(parts), number))


@given(st.text(max_size=200), st.text(max_size=80), st.text(max_size=20))
def test_any_words_are_pushed_as_they_are(href: str, words: str, identity: str) -> None:
    try:
        source = push.document(Indication(href, words, identity))
    except BadPush:
        assert not href
        return
    pdu = wsp_pdu.decode(push.datagram(source)[1:])
    assert isinstance(pdu, wsp_pdu.Push)
    assert decode(pdu.body).count("<indication") == 1


def test_what_cannot_be_pushed_is_named() -> None:
    with pytest.raises(BadPush, match="address"):
        push.document(Indication("", "x"))
    with pytest.raises(BadPush, match="zone"):
        push.document(Indication("http://x/", "x", created=datetime(2026, 1, 1)))  # noqa: DTZ001 - what is refused
    with pytest.raises(BadPush, match="messages"):
        push.messages(bytes(2_000))
    with pytest.raises(BadDeck):
        push.datagram("<letter/>")
