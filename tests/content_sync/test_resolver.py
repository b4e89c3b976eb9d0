"""Names that lead into private networks are refused at the moment of the connection."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from content_sync.resolver import GuardedResolver, PrivateAddress, is_public


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("202.96.0.1", True), ("2400:3200::1", True), ("::ffff:8.8.8.8", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.1.1", False), ("172.16.0.1", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False), ("192.0.2.1", False),
        ("::1", False), ("::", False), ("fe80::1%eth0", False), ("fc00::1", False), ("ff02::1", False),
        ("::ffff:127.0.0.1", False), ("64:ff9b::10.0.0.1", False), ("2002:7f00:1::", False), ("nonsense", False),
    ],
)  # fmt: skip
def test_what_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


async def test_only_public_addresses_of_a_name_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [[("10.0.0.1", 80)], [("10.0.0.1", 80), ("8.8.8.8", 80)]]

    async def getaddrinfo(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in answers.pop(0)]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    guarded = GuardedResolver(allow_private=False)
    with pytest.raises(PrivateAddress, match=r"10\.0\.0\.1, a private network"):
        await guarded.resolve("rebound.example", 80)
    assert await guarded.resolve("rebound.example", 80) == [(socket.AF_INET, ("8.8.8.8", 80))]


async def test_allowed_by_the_site_file() -> None:
    found = await GuardedResolver(allow_private=True).resolve("127.0.0.1", 80)
    assert found[0][1][0] == "127.0.0.1"
