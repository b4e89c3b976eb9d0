"""Status octets, both ways."""

import pytest

from wap.protocol.status import KNOWN, decode_status, encode_status


@pytest.mark.parametrize(
    ("status", "octet"),
    [
        (200, 0x20),
        (206, 0x26),
        (302, 0x32),
        (307, 0x37),
        (400, 0x40),
        (404, 0x44),
        (415, 0x4F),
        (416, 0x50),
        (417, 0x51),
        (500, 0x60),
        (501, 0x61),
        (502, 0x62),
        (505, 0x65),
    ],
)
def test_both_ways(status: int, octet: int) -> None:
    assert encode_status(status) == octet
    assert decode_status(octet) == status


@pytest.mark.parametrize(
    ("status", "octet"), [(308, 0x31), (451, 0x40), (299, 0x20), (599, 0x60), (0, 0x60), (999, 0x60)]
)
def test_codes_wsp_does_not_have(status: int, octet: int) -> None:
    assert encode_status(status) == octet


def test_unassigned_octets_are_errors() -> None:
    assert all(decode_status(octet) == 500 for octet in range(256) if octet not in KNOWN.values())
