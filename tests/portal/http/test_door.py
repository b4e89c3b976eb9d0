"""How many connections there may be: counted by address, refused with one line in the log."""

from __future__ import annotations

import logging
import resource
from ipaddress import ip_network

import pytest

from portal.http.door import SPARE_FILES, Door, places


def test_nobody_takes_more_than_a_share() -> None:
    """Of one address two, of all four; who leaves makes room; leaving is counted by address too."""
    door = Door(4, 2)
    one, two, three = ("192.0.2.1", 4000), ("192.0.2.2", 4000), ("192.0.2.3", 4000)
    assert [door.admit(each) for each in (one, one, one, two, two, three)] == [
        True, True, False, True, True, False,
    ]  # fmt: skip
    assert door.full and door.refused == 2
    door.leave(one)
    assert not door.full and door.admit(three) and door.inside == 4


def test_a_network_of_ipv6_is_one_address() -> None:
    """Who has one address of IPv6 has 2**64 of them."""
    door = Door(0, 1)
    assert door.admit(("2001:db8::1", 1, 0, 0)) and not door.admit(("2001:db8::2", 1, 0, 0))
    assert door.admit(("2001:db8:0:1::1", 1, 0, 0)) and door.admit(("::ffff:192.0.2.1", 1, 0, 0))
    assert not door.admit(("192.0.2.1", 1))


@pytest.mark.parametrize("address", ["", None, ("10.1.2.3", 1)])
def test_proxies_and_sockets_without_address_are_not_counted_by_address(address: object) -> None:
    """They stand for many people; only the whole is bounded."""
    door = Door(3, 1, (ip_network("10.0.0.0/8"),))
    assert [door.admit(address) for _ in range(4)] == [True, True, True, False]
    for _ in range(3):
        door.leave(address)
    assert door.inside == 0


def test_one_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    """With what to do, how many there were meanwhile, and nobody's address."""
    now = [0.0]
    door = Door(0, 1, now=lambda: now[0])
    with caplog.at_level(logging.WARNING):
        for _ in range(10):
            door.admit(("192.0.2.1", 1))
        now[0] = 61.0
        door.admit(("192.0.2.1", 1))
    assert [record.args[0] for record in caplog.records if isinstance(record.args, tuple)] == [1, 9]
    assert "CONNECTIONS_EACH" in caplog.text and "TRUSTED_PROXIES" in caplog.text
    assert "192.0.2.1" not in caplog.text


def test_files_that_the_system_does_not_give_are_not_counted_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Fewer places, and a line that says how to get them."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1_024, 1_024))
    assert places(10_000) == places(0) == 1_024 - SPARE_FILES and places(100) == 100
    assert "LimitNOFILE" in caplog.text
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1_024, 50_000))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: given.append(limits))
    assert places(10_000) == 10_000 and given == [(50_000, 50_000)]
