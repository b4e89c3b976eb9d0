"""Who asks: what a proxy writes counts only where the settings name that proxy."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.http.caller import judge

OURS = (ip_network("10.0.0.0/24"), ip_network("::1/128"))


@pytest.mark.parametrize(
    ("peer", "tls", "forwarded", "proto", "address", "secure"),
    [
        ("198.51.100.7", False, "", "", "198.51.100.7", False),
        ("198.51.100.7", True, "", "", "198.51.100.7", True),
        ("198.51.100.7", False, "203.0.113.1", "https", "198.51.100.7", False),  # it is no proxy of ours
        ("10.0.0.5", False, "203.0.113.1", "https", "203.0.113.1", True),
        ("10.0.0.5", False, "203.0.113.1", "http", "203.0.113.1", False),
        ("10.0.0.5", True, "203.0.113.1", "http", "203.0.113.1", False),  # the first leg was plain
        ("10.0.0.5", True, "203.0.113.1", "", "203.0.113.1", True),
        ("10.0.0.5", False, "6.6.6.6, 203.0.113.1", "https, http", "203.0.113.1", False),
        ("10.0.0.5", False, "203.0.113.1, 10.0.0.6", "http,https", "203.0.113.1", True),
        ("10.0.0.5", False, "10.0.0.6", "https", "10.0.0.6", True),
        ("10.0.0.5", False, "rubbish", "HTTPS ", "10.0.0.5", True),
        ("", False, "203.0.113.1", "https", "", False),
    ],
)
def test_examples(peer: str, tls: bool, forwarded: str, proto: str, address: str, secure: bool) -> None:
    """Address and privacy of each."""
    found = judge(peer, tls, forwarded, proto, OURS)
    assert (found.address, found.secure) == (address, secure)


@given(st.text(max_size=60), st.text(max_size=20))
def test_a_stranger_cannot_claim_anything(forwarded: str, proto: str) -> None:
    """Whatever it writes."""
    found = judge("198.51.100.7", False, forwarded, proto, OURS)
    assert (found.address, found.secure) == ("198.51.100.7", False)
